"""What Gemini may answer, and what our client must then be told. Behaviours as in tests/fake_gemini/README.md."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One behaviour of the fake, and our answer. `retry_after` is the exact header, None for none."""

    name: str
    behaviour: dict[str, Any]
    status: int
    code: str
    says: str
    retry_after: str | None = None


def _named(behaviour: dict[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in behaviour.items())[:120]


def _faults(status: int, code: str, *rows: tuple[dict[str, Any], str], retry_after: str | None = None) -> list[Fault]:
    return [Fault(_named(behaviour), behaviour, status, code, says, retry_after) for behaviour, says in rows]


def _status(status: int, *variants: str, **more: Any) -> list[dict[str, Any]]:
    return [{"status": status, "variant": variant, **more} for variant in variants]


REFUSALS: list[Fault] = [
    *_faults(
        502, "upstream_rejected",
        *((behaviour, "Gemini answered 400 INVALID_ARGUMENT") for behaviour in _status(
            400, "invalid_argument", "image", "mime", "unknown_field", "json_mode", "modalities", "system_instruction",
            "thinking", "credentials")),
        ({"status": 400, "variant": "failed_precondition"}, "FAILED_PRECONDITION: User location is not supported"),
        ({"status": 400, "variant": "key_invalid"}, r"refused the API key \(API_KEY_INVALID\)"),
        ({"status": 400, "variant": "key_expired"}, "refused the API key.*expired"),
        ({"status": 400, "variant": "too_many_tokens"}, "too large for Gemini.*input token count"),
        ({"status": 400, "variant": "payload"}, "too large for Gemini.*payload size"),
        ({"status": 401, "variant": "token_type"}, r"refused the API key \(ACCESS_TOKEN_TYPE_UNSUPPORTED\)"),
        ({"status": 401, "variant": "credentials_missing"}, r"refused the API key \(CREDENTIALS_MISSING\)"),
        ({"status": 402}, "prepaid credit is used up"),
        ({"status": 403, "variant": "unregistered"}, "refused the API key"),
        ({"status": 403, "variant": "leaked"}, "refused the API key.*leaked"),
        ({"status": 403, "variant": "service_blocked"}, r"refused the API key \(API_KEY_SERVICE_BLOCKED\)"),
        ({"status": 403, "variant": "referrer_blocked"}, "API_KEY_HTTP_REFERRER_BLOCKED"),
        ({"status": 403, "variant": "ip_blocked"}, "API_KEY_IP_ADDRESS_BLOCKED"),
        ({"status": 403, "variant": "service_disabled"}, "SERVICE_DISABLED"),
        ({"status": 403, "variant": "suspended"}, "CONSUMER_SUSPENDED"),
        ({"status": 403, "variant": "file"}, "Gemini answered 403 PERMISSION_DENIED"),
        *((behaviour, "does not offer this model.*404 NOT_FOUND")
          for behaviour in _status(404, "model", "new_users", "entity")),
        ({"status": 409}, "Gemini answered 409"),
        ({"status": 413}, "too large for Gemini"),
        ({"status": 418}, "Gemini answered 418"),
        ({"status": 400, "raw_body": ""}, "Gemini answered 400$"),
        ({"status": 400, "raw_body": "no", "content_type": "text/plain"}, "Gemini answered 400: no"),
        ({"status": 400, "raw_body": "\x1b[31m\r\nX-Injected: yes"}, r"400: \[31m X-Injected: yes"),
        ({"status": 400, "raw_body": {"error": "a string"}}, "400: a string"),
        ({"status": 400, "raw_body": {"error": {"code": "x", "message": 7, "details": {}}}}, "Gemini answered 400$"),
        ({"status": 400, "array_root": True}, "400 INVALID_ARGUMENT"),
        ({"status": 400, "truncate_json": True}, "Gemini answered 400: "),
        ({"status": 400, "message": "x" * 100_000}, "x{200,300}$"),
        ({"status": 400, "gzip": True, "chunked_bytes": True}, "400 INVALID_ARGUMENT"),
    ),
    *_faults(
        503, "upstream_unavailable",
        *((behaviour, "Gemini answered 500") for behaviour in _status(500, "internal", "html")),
        ({"status": 501}, "Gemini answered 501"),
        ({"status": 502}, "Gemini answered 502"),
        *((behaviour, "Gemini answered 503") for behaviour in _status(503, "overloaded", "high_demand", "unavailable", "html")),
        ({"status": 408}, "Gemini answered 408"),
        ({"status": 499}, "Gemini answered 499"),
        ({"status": 529}, "Gemini answered 529"),
        ({"status": 599}, "Gemini answered 599"),
        ({"oddity": "error_in_200"}, "Gemini answered 503"),
        ({"status": 500, "oddity": "error_in_200"}, "Gemini answered 500"),
        retry_after="1",
    ),
    *_faults(503, "upstream_unavailable", ({"status": 503, "retry_after": 7}, "503"), retry_after="7"),
    *_faults(504, "deadline_exceeded", *((behaviour, "Gemini answered 504") for behaviour in _status(504, "deadline", "html"))),
    *_faults(
        502, "upstream_invalid",
        ({"status": 302, "headers": {"Location": "/v1beta/models/elsewhere"}}, "Gemini answered 302"),
        ({"status": 304}, "."),
    ),
]  # fmt: skip


def _quota(retry_after: str | None, says: str, *behaviours: dict[str, Any]) -> list[Fault]:
    rows = [({"status": 429, **behaviour}, says) for behaviour in behaviours]
    return _faults(429, "upstream_quota", *rows, retry_after=retry_after)


QUOTAS: list[Fault] = [
    *_quota("34", "429 RESOURCE_EXHAUSTED", {}, {"variant": "tokens"}, {"variant": "several"}, {"array_root": True}),
    *_quota("1", "429", {"retry_delay": 0.25}, {"retry_delay": "0.000000001s"}, {"retry_delay": 1}),
    *_quota("36", "429", {"retry_delay": "35.174346048s"}),
    *_quota("60", "429", {"retry_delay": None}, {"retry_delay": "soon"}),
    *_quota("604800", "429", {"retry_delay": "999999999s"}),
    *_quota(None, "429", {"variant": "bare"}, {"variant": "help"}, {"raw_body": "slow down"}, {"raw_body": ""}),
    *_quota("9", "429", {"variant": "bare", "retry_after": 9}, {"raw_body": "slow down", "retry_after": 9}),
    *_quota("34", "429", {"retry_after": 9}),
    *_quota(None, "quota for today is used up", {"variant": "daily"}),
    *_quota("3600", "quota for today is used up", {"variant": "daily", "retry_delay": 3600}),
    *_quota(None, "model is not enabled", {"variant": "limit0"}, {"variant": "limit0", "retry_after": 9}),
    *_quota(None, "prepaid credit is used up", {"variant": "prepaid"}),
    *_quota("34", "429", {"oddity": "error_in_200"}),
]


def _wrong(*roots: Any) -> list[tuple[dict[str, Any], str]]:
    return [({"raw_body": json.dumps(root)}, "Gemini") for root in roots]


def _parts(*parts: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts)}, "finishReason": "STOP"}]}


USELESS: list[Fault] = [
    *_faults(
        502, "upstream_invalid",
        ({"oddity": "empty_no_parts"}, r"empty answer \(STOP\)"),
        ({"oddity": "empty_no_parts", "finish_reason": None}, r"empty answer \(no finish reason\)"),
        ({"oddity": "empty_no_parts", "finish_reason": "OTHER"}, r"empty answer \(OTHER\)"),
        ({"oddity": "empty_no_parts", "finish_reason": "MALFORMED_RESPONSE"}, r"empty answer \(MALFORMED_RESPONSE\)"),
        ({"oddity": "empty_no_parts", "finish_reason": "a\r\nb" + "c" * 100}, r"empty answer \(a bc{50,64}\)$"),
        ({"oddity": "max_tokens_no_text"}, "MAX_TOKENS"),
        ({"oddity": "no_candidates"}, "no candidates"),
        ({"oddity": "candidate_no_content"}, r"empty answer \(NO_IMAGE\)"),
        ({"oddity": ["image_only", "bad_image_base64"], "text": " "}, "picture that cannot be decoded"),
        ({"text": " \n"  , "oddity": "text_only"}, "empty answer"),
        ({"oddity": "html_200"}, "not JSON"),
        ({"oddity": "empty_body"}, "not JSON"),
        ({"truncate_json": True}, "not JSON, or is cut off"),
        ({"truncate_json": 1}, "not JSON, or is cut off"),
        ({"raw_body": "{}{}"}, "not JSON"),
        ({"raw_body": "[" * 100_000}, "not JSON"),
        ({"raw_body": "[" * 5000 + "]" * 5000}, "not JSON"),
        ({"raw_body": '{"a":' * 5000 + "1" + "}" * 5000}, "not JSON"),
        ({"raw_body": '"text"'}, "not a JSON object"),
        *_wrong(None, 1, True, [], [1], {}, {"candidates": None}, {"candidates": {}}, {"candidates": []}, {"candidates": 5},
                {"candidates": [5]}, {"candidates": [None]}, {"candidates": [{"content": []}]},
                {"candidates": [{"content": {"parts": {}}}]}, _parts(), _parts(None, 1, "a", []), _parts({"text": 5}),
                _parts({"text": ["a"]}), _parts({"inlineData": "a"}), _parts({"inlineData": {"data": 5}}),
                _parts({"inlineData": {"mimeType": "image/png"}}), _parts({"text": "hidden", "thought": True}),
                _parts({"inlineData": {"mimeType": "image/png\r\nX-A: b", "data": "AAAA"}}),
                _parts({"inlineData": {"mimeType": "text/html", "data": "PGh0bWw+"}})),
    ),
    *_faults(
        502, "upstream_blocked",
        ({"oddity": "blocked"}, "blocked the request: PROHIBITED_CONTENT"),
        *(({"oddity": "blocked", "reason": reason}, f"blocked the request: {reason}")
          for reason in ("SAFETY", "OTHER", "BLOCKLIST", "IMAGE_SAFETY", "SOMETHING_NEW")),
        *(({"oddity": "empty_no_parts", "finish_reason": reason}, f"refused to answer: {reason}")
          for reason in ("SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "RECITATION", "LANGUAGE", "IMAGE_SAFETY",
                         "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "ESCALATION", "PUP_LIMITED_DISABLED")),
    ),
]  # fmt: skip

POINTS = ("before_headers", "after_headers", "mid_body")
CUT, NO_ANSWER = "cut off or garbled", "no connection to Gemini"

BROKEN_TRANSFERS: list[Fault] = [
    *_faults(
        502, "upstream_unreachable",
        *(({"reset": "before_headers", "reset_with": how}, NO_ANSWER) for how in ("reset", "fin")),
    ),
    *_faults(
        502, "upstream_invalid",
        *(({"reset": point, "reset_with": how}, CUT) for point in POINTS[1:] for how in ("reset", "fin")),
        *(({"reset": point, "reset_with": "fin", "status": 503}, CUT) for point in POINTS[1:]),
        ({"headers": {"Content-Encoding": "gzip"}, "gzip": False, "raw_body": "this is not gzip"}, CUT),
        ({"headers": {"Content-Encoding": "br"}, "gzip": False}, "."),
    ),
]  # fmt: skip

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

# Bytes of an upstream that is not even HTTP: (name, bytes, code)
NOT_GEMINI: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "upstream_unreachable"),
    ("not HTTP", b"this is not HTTP\r\n\r\n", "upstream_invalid"),
    ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n", "upstream_invalid"),
    ("a TLS alert", b"\x15\x03\x01\x00\x02\x02\x46", "upstream_invalid"),
    ("half a status line", b"HTTP/1.1 2", "upstream_unreachable"),
    ("half a head", OK, "upstream_invalid"),
    ("less body than said", OK + b"Content-Length: 100\r\n\r\n{}", "upstream_invalid"),
    ("a negative length", OK + b"Content-Length: -5\r\n\r\n{}", "upstream_invalid"),
    ("a length that is none", OK + b"Content-Length: abc\r\n\r\n{}", "upstream_invalid"),
    ("bad chunks", OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n", "upstream_invalid"),
    ("chunks without an end", OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", "upstream_invalid"),
    ("interim answers alone", b"HTTP/1.1 100 Continue\r\n\r\n" * 3, "upstream_invalid"),
    ("one header of 200,000 bytes", OK + b"X: " + b"a" * 200_000 + b"\r\n\r\n", "upstream_invalid"),
    ("headers of 600,000 bytes", OK + b"X-Header: abcdefghijklmno\r\n" * 22_000 + b"\r\n", "upstream_invalid"),
    ("no content", b"HTTP/1.1 204 No Content\r\n\r\n", "upstream_invalid"),
    ("a status of 999", b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n", "upstream_invalid"),
    ("a redirect elsewhere", b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
     "upstream_invalid"),
    ("text that is no UTF-8", OK + b'\r\n{"candidates":[{"content":{"parts":[{"text":"\xff"}]}}]}', "upstream_invalid"),
    ("zeros", bytes(1000), "upstream_invalid"),
]  # fmt: skip
