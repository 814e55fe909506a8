"""HTTP/1.1 server: connections, request parsing, and sending answers well or badly on purpose.

It knows nothing of Gemini. Everything runs on one event loop thread. A connection serves one request at a time and keeps
reading meanwhile, so that a client hanging up is noticed at once and the waiting task is cancelled.
A client that half-closes its side counts as gone.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
import sys
import traceback
from typing import Protocol

from http_message import BadRequest, Request, Response, decode_chunks, parse_head

MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_BYTES = 32 * 1024 * 1024
READ_AHEAD_BYTES = 1024 * 1024


class App(Protocol):
    """What a connection needs from the program behind it."""

    async def respond(self, request: Request, connection: Connection) -> None:
        """Answers by `connection.send`. Cancelled when the client goes away."""

    def note(self, event: str) -> None:
        """Counts something that never became a request: `bad_http` or `uploads_aborted`."""


class Connection(asyncio.Protocol):
    """One client connection."""

    _numbers = itertools.count(1)

    def __init__(self, app: App, open_connections: set[Connection]) -> None:
        self.number = next(self._numbers)
        self.serving_path: str | None = None  # path of the request now being answered
        self._app = app
        self._open = open_connections
        self._transport: asyncio.Transport
        self._buffer = bytearray()
        self._request: Request | None = None  # head read, body still coming
        self._task: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._closing = False
        self._lost = False

    # ---- reading -------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=0)  # `_drain` means: everything is in the kernel
        self._writable.set()
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._open.discard(self)
        self._writable.set()
        if self._task is not None:
            self._task.cancel()
        elif (self._request is not None or self._buffer) and not self._closing:
            self._app.note("uploads_aborted")

    def data_received(self, data: bytes) -> None:
        if self._closing:
            return
        self._buffer += data
        if self._task is None:
            self._advance()
        elif len(self._buffer) > READ_AHEAD_BYTES:
            self._transport.pause_reading()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def _advance(self) -> None:
        """Starts a task for the next request if the buffer holds all of it."""
        try:
            if self._request is None and not self._read_head():
                return
            if not self._read_body():
                return
        except BadRequest as problem:
            self._refuse(problem)
            return
        request, self._request = self._request, None
        assert request is not None
        self.serving_path = request.path
        self._task = asyncio.get_running_loop().create_task(self._serve(request))

    def _read_head(self) -> bool:
        while self._buffer[:2] == b"\r\n":
            del self._buffer[:2]
        end = self._buffer.find(b"\r\n\r\n", 0, MAX_HEAD_BYTES + 4)
        if end < 0:
            if len(self._buffer) > MAX_HEAD_BYTES:
                raise BadRequest(431, "request header too large")
            return False
        head = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        self._request = parse_head(head, self.number)
        if self._request.body_length > MAX_BODY_BYTES:
            raise BadRequest(413, "request body too large")
        if self._request.expects_continue and not self._buffer:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    def _read_body(self) -> bool:
        request = self._request
        assert request is not None
        if request.chunked:
            done = decode_chunks(self._buffer, request)
            if len(request.body) > MAX_BODY_BYTES:
                raise BadRequest(413, "request body too large")
            return done
        if len(self._buffer) < request.body_length:
            return False
        if len(self._buffer) == request.body_length:
            request.body, self._buffer = self._buffer, bytearray()
        else:
            request.body = self._buffer[: request.body_length]
            del self._buffer[: request.body_length]
        return True

    def _refuse(self, problem: BadRequest) -> None:
        """Answers a fault of the protocol with HTML, and stops listening to this client."""
        self._closing = True
        self._app.note("bad_http")
        page = f"<html><title>Error {problem.status}</title><body>{problem}</body></html>\n".encode()
        answer = Response(problem.status, {"Content-Type": "text/html; charset=UTF-8", "Connection": "close"}, page)
        self._transport.write(answer.head() + page)
        if self._transport.can_write_eof():
            self._transport.write_eof()  # swallow the rest so that the client reads the answer, then go
            asyncio.get_running_loop().call_later(2, self._transport.close)
        else:
            self._transport.close()

    # ---- answering -----------------------------------------------------------------------------------------------

    async def _serve(self, request: Request) -> None:
        keep_alive = request.keep_alive
        try:
            await self._app.respond(request, self)
        except asyncio.CancelledError:
            if not self._lost:
                raise
            return
        except Exception:  # a bug of the fake must be loud, not a hung test
            traceback.print_exc(file=sys.stderr)
            await self.send(Response(500, {"Content-Type": "text/plain"}, b"fake_gemini itself failed\n"))
            keep_alive = False
        finally:
            self._task = None
            self.serving_path = None
        if self._lost:
            return
        if not keep_alive or self._closing:
            self._closing = True
            self._transport.close()
            return
        self._transport.resume_reading()
        if self._buffer:
            self._advance()

    async def send(self, response: Response) -> None:
        """Sends one answer, with the transport faults it asks for.

        Does not yield after the last byte was written: what the caller does next happens before the client can react.
        """
        head, body = response.head(), b"" if response.head_only else response.body
        if response.stop_at is not None:
            cut = {"before_headers": 0, "after_headers": len(head), "mid_body": len(head) + len(body) // 2}
            sent = (head + body)[: cut[response.stop_at]]
            if sent:
                self._transport.write(sent)
            await self._drain()
            await self._stop(response.stop_how)
            return
        if response.byte_by_byte:
            await self._trickle(head, body)
        else:
            self._transport.write(head + body)
        if response.close:
            self._closing = True

    async def _trickle(self, head: bytes, body: bytes) -> None:
        """A chunked body of one byte per chunk, each in a write of its own."""
        self._transport.write(head)
        for value in body:
            await self._drain()
            self._transport.write(b"1\r\n%c\r\n" % value)
            await asyncio.sleep(0)
        await self._drain()
        self._transport.write(b"0\r\n\r\n")

    async def _stop(self, how: str) -> None:
        if how == "hang":
            await asyncio.Event().wait()
        self._closing = True
        if how == "reset":
            self.abort()
        else:
            self._transport.close()

    async def _drain(self) -> None:
        await self._writable.wait()

    def abort(self) -> None:
        """Ends the connection with a TCP reset. A request being answered is dropped."""
        self._closing = True
        raw: socket.socket = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()
