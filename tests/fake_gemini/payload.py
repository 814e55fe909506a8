"""The body of a request: strict JSON parsed once, each image decoded once and then only described."""

from __future__ import annotations

import binascii
import hashlib
import json
from typing import Any

from google_error import invalid
from pictures import sniff

MAX_BODY_BYTES = 20_000_000


class Data:
    """What is kept of an `inlineData.data` string: never the bytes themselves."""

    __slots__ = ("chars", "size", "sha256", "picture")

    def __init__(self, text: str) -> None:
        self.chars = len(text)
        self.size: int | None = None  # None: not base64
        self.sha256 = ""
        self.picture: tuple[str, int, int] | None = None  # MIME type, width, height
        decoded = decode_base64(text)
        if decoded is not None:
            self.size = len(decoded)
            self.sha256 = hashlib.sha256(decoded).hexdigest()
            self.picture = sniff(decoded)

    def summary(self) -> dict[str, Any]:
        """What the record shows in place of the base64."""
        if self.size is None:
            return {"chars": self.chars, "invalid_base64": True}
        shown: dict[str, Any] = {"bytes": self.size, "sha256": self.sha256}
        if self.picture is not None:
            shown["is"], shown["width"], shown["height"] = self.picture
        return shown


def decode_base64(text: str) -> bytes | None:
    """Standard or URL-safe alphabet, padded or not, no line breaks and no `data:` prefix; None if it is not that."""
    if "-" in text or "_" in text:
        text = text.replace("-", "+").replace("_", "/")
    try:
        return binascii.a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
    except ValueError:
        return None


def parse(body: bytes | bytearray, content_type: str | None) -> Any:
    """The JSON of a request with `Data` in place of inline data, or a GoogleError."""
    if len(body) > MAX_BODY_BYTES:
        raise invalid(f"Request payload size exceeds the limit: {MAX_BODY_BYTES} bytes.")
    if (content_type or "").partition(";")[0].strip().lower() != "application/json":
        raise invalid(f"Invalid JSON payload received. Content-Type must be application/json, not {content_type}.")
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise invalid(f"Invalid JSON payload received. {str(problem)[:200]}") from None
    _describe_data(value)
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"Unexpected token: {name}")


def _describe_data(value: Any) -> None:
    """Replaces, in place, each inline data string by its `Data`."""
    if isinstance(value, list):
        for item in value:
            _describe_data(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in ("inlineData", "inline_data") and isinstance(item, dict) and isinstance(item.get("data"), str):
                item["data"] = Data(item["data"])
            else:
                _describe_data(item)
