"""Pictures, requests that carry them, and many of these at once."""

from __future__ import annotations

import random
import struct
import threading
import zlib
from typing import Iterable, Mapping

from bounds import HANG
from client import RawConnection, Response

BOUNDARY = "----chartsight-test-7MA4YWxk"
PATH = "/v1/analyses"


def png(width: int = 16, height: int = 9, seed: int = 0, noise: bool = False) -> bytes:
    """A valid RGB picture; another `seed` makes other bytes. With `noise` it takes 3 bytes a pixel."""
    source = random.Random(f"{seed} {width} {height}")
    if noise:
        rows = b"".join(b"\0" + source.randbytes(3 * width) for _ in range(height))
    else:
        rows = (b"\0" + source.randbytes(3) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 0 if noise else 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def request(method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """An HTTP/1.1 request; with a body comes its Content-Length, unless `headers` has a framing of its own."""
    given = dict(headers or {})
    names = {name.lower() for name in given}
    lines = [f"{method} {target} HTTP/1.1"]
    if "host" not in names:
        lines.append("Host: localhost")
    if body is not None and not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


def multipart(image: bytes, file_name: str | None = "chart.png", field: str = "file", **fields: str) -> bytes:
    """The body of a form with a picture, its options before it, as curl writes it."""
    out = b""
    for name, value in fields.items():
        out += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    named = "" if file_name is None else f'; filename="{file_name}"'
    out += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{named}\r\n'.encode()
    return out + b"Content-Type: image/png\r\n\r\n" + image + f"\r\n--{BOUNDARY}--\r\n".encode()


def post_image(
    image: bytes | None = None,
    target: str = PATH,
    headers: Mapping[str, str] | None = None,
    file_name: str | None = "chart.png",
    field: str = "file",
    **fields: str,
) -> bytes:
    """A whole multipart request."""
    form = multipart(png() if image is None else image, file_name, field, **fields)
    given = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **(headers or {})}
    return request("POST", target, form, given)


def post_raw(image: bytes | None = None, target: str = PATH, headers: Mapping[str, str] | None = None) -> bytes:
    """A whole request with the picture as its body."""
    return request("POST", target, png() if image is None else image, {"Content-Type": "image/png", **(headers or {})})


def upload(port: int, image: bytes | None = None, **options: object) -> Response:
    """One upload on a connection of its own; `options` as for post_image."""
    with RawConnection(port) as connection:
        return connection.send(post_image(image, **options)).read_response()  # type: ignore[arg-type]


def get(port: int, target: str) -> Response:
    with RawConnection(port) as connection:
        return connection.send(request("GET", target)).read_response("GET")


def burst(port: int, count: int, data: bytes | None = None) -> list[RawConnection]:
    """Sends an upload on each of `count` new connections and reads nothing."""
    return [RawConnection(port).send(post_image() if data is None else data) for _ in range(count)]


def close_all(connections: Iterable[RawConnection]) -> None:
    for connection in connections:
        connection.close()


def statuses(connections: Iterable[RawConnection]) -> list[int]:
    """The statuses of the next answers, sorted."""
    return sorted(connection.read_response().status for connection in connections)


class Uploads:
    """`count` uploads at once, each on a thread and a connection of its own."""

    def __init__(self, port: int, count: int, image: bytes | None = None, **options: object) -> None:
        self._changed = threading.Condition()
        self._answers: list[Response | Exception] = []
        self._threads = [
            threading.Thread(target=self._run, args=(port, image, options), daemon=True) for _ in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def _run(self, port: int, image: bytes | None, options: dict[str, object]) -> None:
        answer: Response | Exception
        try:
            answer = upload(port, image, **options)
        except Exception as problem:
            answer = problem
        with self._changed:
            self._answers.append(answer)
            self._changed.notify_all()

    def wait(self, count: int) -> list[Response | Exception]:
        """The answers, or failures, as soon as there are `count`."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._answers) >= count, HANG):
                raise AssertionError(f"{len(self._answers)} answers instead of {count}")
            return list(self._answers)

    def results(self) -> list[Response | Exception]:
        """All answers, or what went wrong instead; in the order in which they came."""
        return self.wait(len(self._threads))

    def statuses(self) -> list[int]:
        """All statuses, sorted; the first failure is raised."""
        answers = self.results()
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return sorted(answer.status for answer in answers if isinstance(answer, Response))
