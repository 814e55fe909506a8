"""From an answer or an error, and a behaviour, to the HTTP response that goes out."""

from __future__ import annotations

import gzip
import json
from typing import Any

from behaviours import Behaviour
from google_error import VARIANTS, GoogleError
from http_message import Request, Response
from oddities import ODDITIES, WHOLE
from quota_error import VARIANTS as QUOTA_VARIANTS
from quota_error import quota_error

JSON_TYPE = "application/json; charset=UTF-8"
HTML_TYPE = "text/html; charset=UTF-8"

KNOWN_ODDITIES = set(ODDITIES) | set(WHOLE)
KNOWN_VARIANTS: dict[int, set[str]] = {status: set(rows) for status, rows in VARIANTS.items()} | {429: set(QUOTA_VARIANTS)}


def scripted_error(status: int, behaviour: Behaviour, model: str) -> GoogleError:
    """The error of a status and variant; the first variant of the status where none is named."""
    if status == 429:
        error = quota_error(behaviour.variant or "full", model, behaviour.retry_delay, behaviour.quota_value)
    elif status in VARIANTS:
        rows = VARIANTS[status]
        build = rows.get(behaviour.variant or "") or next(iter(rows.values()))
        error = build(model)
    else:
        error = GoogleError(status, f"Scripted status {status}.")
    if behaviour.message is not None:
        error.message = behaviour.message
    return error


def deliver_error(error: GoogleError, behaviour: Behaviour, request: Request) -> Response:
    if error.html is not None:
        return deliver(error.code, error.html, HTML_TYPE, behaviour, request)
    return deliver(error.code, error.envelope(), JSON_TYPE, behaviour, request)


def deliver_answer(body: dict[str, Any], behaviour: Behaviour, request: Request, model: str) -> Response:
    """A 200, or what the oddities of the whole response make of it."""
    if "empty_body" in behaviour.oddity:
        return deliver(200, "", JSON_TYPE, behaviour, request)
    if "html_200" in behaviour.oddity:
        page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Network login</body></html>\n"
        return deliver(200, page, HTML_TYPE, behaviour, request)
    if "error_in_200" in behaviour.oddity:
        status = behaviour.status if behaviour.status != 200 else 503
        return deliver(200, scripted_error(status, behaviour, model).envelope(), JSON_TYPE, behaviour, request)
    return deliver(behaviour.status, body, JSON_TYPE, behaviour, request)


def deliver(
    status: int, content: str | dict[str, Any], content_type: str, behaviour: Behaviour, request: Request
) -> Response:
    """The response with every fault of transport the behaviour asks for."""
    if behaviour.raw_body is not None:
        content = behaviour.raw_body
    if behaviour.array_root and not isinstance(content, str):
        content = [content]
    text = content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    body = text.encode("utf-8", "surrogatepass")
    if behaviour.truncate_json is True:
        body = body[: len(body) // 2]
    elif behaviour.truncate_json is not False:
        body = body[: behaviour.truncate_json]
    headers = {
        "Content-Type": behaviour.content_type or content_type,
        "Vary": "Origin, X-Origin, Referer",
        "X-Gemini-Service-Tier": "standard",
    }
    if behaviour.gzip or (behaviour.gzip is None and request.accepts_gzip and body):
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers["Content-Encoding"] = "gzip"
    if behaviour.retry_after is not None:
        headers["Retry-After"] = behaviour.retry_after
    if behaviour.close == "announced":
        headers["Connection"] = "close"
    headers.update({name: str(value) for name, value in behaviour.headers.items()})
    return Response(
        status,
        headers,
        body,
        stop_at=behaviour.reset or behaviour.hang,
        stop_how=behaviour.reset_with if behaviour.reset else "hang",
        byte_by_byte=behaviour.chunked_bytes,
        close=behaviour.close is not None,
        head_only=request.method == "HEAD",
    )
