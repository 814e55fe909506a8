"""HTTP messages: a request as read, a response to be sent, and the parsing of heads and chunks. No sockets."""

from __future__ import annotations

import http
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import parse_qsl


class BadRequest(Exception):
    """The bytes are not HTTP as we accept it. `status` is the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Request:
    """One request. `headers` keeps order and repetition, names in lower case."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]
    version: str
    connection_number: int
    body_length: int = 0
    chunked: bool = False
    body: bytearray = field(default_factory=bytearray)
    chunk_left: int | None = None  # bytes missing of the chunk being read

    def header(self, name: str) -> str | None:
        """The value of a header given once or more (joined by commas), None if absent."""
        values = self.all_headers(name)
        return ", ".join(values) if values else None

    def all_headers(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def query_value(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    @property
    def expects_continue(self) -> bool:
        return (self.header("expect") or "").lower() == "100-continue"

    @property
    def accepts_gzip(self) -> bool:
        for item in (self.header("accept-encoding") or "").lower().split(","):
            coding, _, quality = item.partition(";")
            if coding.strip() in ("gzip", "*") and quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
                return True
        return False

    @property
    def keep_alive(self) -> bool:
        tokens = {token.strip() for token in (self.header("connection") or "").lower().split(",")}
        return "keep-alive" in tokens if self.version == "HTTP/1.0" else "close" not in tokens


@dataclass(slots=True)
class Response:
    """One answer. `stop_at` and `stop_how` break it off: reset, fin (a plain close) or hang."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    stop_at: str | None = None  # before_headers | after_headers | mid_body
    stop_how: str = "reset"
    byte_by_byte: bool = False
    close: bool = False  # close the connection afterwards; say so only if the headers do
    head_only: bool = False

    def head(self) -> bytes:
        """Status line and headers, with the length of the body."""
        try:
            phrase = http.HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Client Closed Request" if self.status == 499 else "Unknown"
        length = {"Transfer-Encoding": "chunked"} if self.byte_by_byte else {"Content-Length": str(len(self.body))}
        fields = {"Date": formatdate(usegmt=True), "Server": "fake_gemini", **self.headers, **length}
        lines = [f"HTTP/1.1 {self.status} {phrase}", *(f"{name}: {value}" for name, value in fields.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def parse_head(head: bytes, connection_number: int) -> Request:
    """The request whose status line and headers these are, the blank line left out."""
    line, *rest = head.decode("latin-1").split("\r\n")
    words = line.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0") or not words[1].startswith("/"):
        raise BadRequest(400, "malformed request line")
    headers: list[tuple[str, str]] = []
    for text in rest:
        name, colon, value = text.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest(400, "malformed header")
        headers.append((name.lower(), value.strip()))
    path, _, query = words[1].partition("?")
    request = Request(words[0], path, parse_qsl(query, keep_blank_values=True), headers, words[2], connection_number)
    coding, lengths = request.header("transfer-encoding"), set(request.all_headers("content-length"))
    if coding is not None:
        if coding.lower() != "chunked" or lengths:
            raise BadRequest(400, "unsupported transfer encoding")
        request.chunked = True
    elif lengths:
        value = lengths.pop()
        if lengths or not (value.isascii() and value.isdigit()):
            raise BadRequest(400, "malformed content length")
        request.body_length = int(value)
    return request


def decode_chunks(buffer: bytearray, request: Request) -> bool:
    """Moves what is complete of a chunked body from `buffer` into `request.body`. True when the body has ended."""
    while True:
        if request.chunk_left is None:
            end = buffer.find(b"\r\n")
            if end < 0:
                return False
            size = bytes(buffer[:end]).split(b";")[0].strip()
            try:
                request.chunk_left = int(size, 16)
            except ValueError:
                raise BadRequest(400, "malformed chunk size") from None
            if request.chunk_left == 0:
                request.chunk_left = -1  # only trailers are left
            del buffer[: end + 2]
        if request.chunk_left == -1:
            end = buffer.find(b"\r\n")
            if end < 0:
                return False
            del buffer[: end + 2]
            if end == 0:
                return True
            continue
        if len(buffer) < request.chunk_left + 2:
            return False
        if buffer[request.chunk_left : request.chunk_left + 2] != b"\r\n":
            raise BadRequest(400, "malformed chunk")
        request.body += buffer[: request.chunk_left]
        del buffer[: request.chunk_left + 2]
        request.chunk_left = None
