"""A raw HTTP client: bytes out, answers in, and every way to leave a connection."""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import dataclass
from typing import Any

from bounds import HANG


@dataclass
class Response:
    """One answer. `raw` is all of it as it came."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    raw: bytes
    version: str = "HTTP/1.1"

    def header(self, name: str) -> str | None:
        """The value of a header that may occur once."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} occurs {len(values)} times"
        return values[0] if values else None

    def json(self) -> Any:
        return json.loads(self.body)

    def code(self) -> str:
        """The `code` of a problem; checks what holds for every problem."""
        problem = self.json()
        assert self.header("Content-Type") == "application/problem+json", self.raw
        assert problem["status"] == self.status, problem
        assert problem["request_id"] == self.header("X-Request-ID"), problem
        assert problem["type"] and problem["title"] and "detail" in problem, problem
        return problem["code"]


class Closed(Exception):
    """The server closed the connection before an answer was complete."""


class RawConnection:
    """One connection to a server on the loopback interface. Nothing waits longer than `timeout` seconds."""

    def __init__(self, port: int, timeout: float = HANG, receive_buffer: int | None = None) -> None:
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = b""

    def __enter__(self) -> RawConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.socket.close()

    def send(self, data: bytes) -> RawConnection:
        self.socket.sendall(data)
        return self

    def read_response(self, method: str = "POST", interim: bool = False) -> Response:
        """The next answer. `method` is that of its request; `interim` answers (1xx) are skipped unless wanted."""
        head = self._read_head()
        lines = head.decode("latin-1").split("\r\n")[:-2]
        version, status_text = lines[0].split(" ", 2)[:2]
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        response = Response(int(status_text), headers, b"", head, version)
        if response.status < 200:
            return response if interim else self.read_response(method)
        if method != "HEAD" and response.status not in (204, 304):
            response.body, framed = self._read_body(response)
            response.raw += framed
        return response

    def read_eof(self) -> bytes:
        """Everything up to the server's close. ConnectionResetError if it reset the connection instead."""
        rest, self._unread = self._unread, b""
        while piece := self.socket.recv(65536):
            rest += piece
        return rest

    def half_close(self) -> None:
        """Says that nothing more will be sent."""
        self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        """Closes with a TCP reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _more(self) -> None:
        piece = self.socket.recv(65536)
        if not piece:
            raise Closed(f"the server closed the connection after {self._unread[:500]!r}")
        self._unread += piece

    def _take(self, size: int) -> bytes:
        pieces, missing = [self._unread[:size]], size - len(self._unread)
        self._unread = self._unread[size:]
        while missing > 0:
            piece = self.socket.recv(min(missing, 1 << 20))
            if not piece:
                raise Closed(f"the server closed the connection {missing} bytes too early")
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def _take_line(self) -> bytes:
        while b"\r\n" not in self._unread:
            self._more()
        return self._take(self._unread.index(b"\r\n") + 2)

    def _read_head(self) -> bytes:
        while b"\r\n\r\n" not in self._unread:
            self._more()
        return self._take(self._unread.index(b"\r\n\r\n") + 4)

    def _read_body(self, response: Response) -> tuple[bytes, bytes]:
        """The body and its bytes on the wire."""
        if (response.header("Transfer-Encoding") or "").lower() == "chunked":
            body, framed = b"", b""
            while True:
                line = self._take_line()
                size = int(line.split(b";")[0], 16)
                piece = self._take(size + 2)
                framed += line + piece
                body += piece[:size]
                if size == 0:
                    return body, framed
        length = response.header("Content-Length")
        body = self.read_eof() if length is None else self._take(int(length))
        return body, body
