"""What the integration tests share. Import from here; the parts stand in the modules named below.

    CHARTSIGHT_BINARY      the server under test (default build/release/chartsight)
    CHARTSIGHT_SLOW        factor for every bound of time: 5 to 20 with sanitizers
    CHARTSIGHT_SANITIZED   1: leave out what sanitizers make meaningless, such as memory bounds
"""

from __future__ import annotations

import sys
import unittest
from typing import Any, ClassVar

sys.dont_write_bytecode = True

from bounds import HANG, SANITIZED, SLOW, eventually  # noqa: E402
from client import Closed, RawConnection, Response  # noqa: E402
from fake import HOLD, FakeGemini  # noqa: E402
from server import BINARY, KEY, ROOT, Server, children_of, environment, run_to_end  # noqa: E402
from uploads import (  # noqa: E402
    BOUNDARY, PATH, Uploads, burst, close_all, get, multipart, png, post_image, post_raw, request, statuses, upload,
)  # fmt: skip

__all__ = [
    "BINARY", "BOUNDARY", "Closed", "FakeGemini", "FakeTest", "HANG", "HOLD", "KEY", "PATH", "ROOT", "RawConnection",
    "Response", "SANITIZED", "SLOW", "Server", "ServerTest", "Uploads", "burst", "children_of", "close_all",
    "environment", "eventually", "get", "multipart", "occupancy", "png", "post_image", "post_raw", "request",
    "run_to_end", "statuses", "upload", "wait_empty", "wait_occupancy",
]  # fmt: skip


def occupancy(server: Server) -> tuple[int, int]:
    """Requests running and queued, over all workers."""
    board = get(server.port, "/readyz").json()
    return board["running"], board["queued"]


def wait_occupancy(server: Server, running: int, queued: int) -> None:
    """Waits until exactly so many places and queue places are taken."""
    seen: list[tuple[int, int]] = []

    def reached() -> bool:
        seen.append(occupancy(server))
        return seen[-1] == (running, queued)

    try:
        eventually(reached)
    except AssertionError:
        raise AssertionError(f"{seen[-1]} requests run and wait, not {(running, queued)}") from None


def wait_empty(server: Server) -> None:
    """Waits until no place and no queue place is taken."""
    wait_occupancy(server, 0, 0)


class FakeTest(unittest.TestCase):
    """One fake for all tests of the class, reset before each. Tests start servers as they need them."""

    fake: ClassVar[FakeGemini]

    @classmethod
    def setUpClass(cls) -> None:
        cls.fake = FakeGemini()
        cls.addClassCleanup(cls.fake.close)

    def setUp(self) -> None:
        self.fake.reset()

    def serve(self, **options: Any) -> Server:
        """A server with this fake; use it as a context manager."""
        return Server(self.fake, **options)


class ServerTest(FakeTest):
    """One server, with the class's `options`, for all tests of the class. A test that fails prints its part of
    the log; one after which the log has an unexpected error line fails."""

    options: ClassVar[dict[str, Any]] = {}
    server: ClassVar[Server]
    _log_start = 0

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.server = Server(cls.fake, **cls.options)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self) -> None:
        super().setUp()
        self._log_start = len(self.server.lines)

    def tearDown(self) -> None:
        self.server.check_log(self._log_start)

    def run(self, result: unittest.TestResult | None = None) -> unittest.TestResult | None:
        before = _failures(result)
        returned = super().run(result)
        if _failures(result) > before:
            self.server.print_log(self._log_start)
        return returned

    @property
    def port(self) -> int:
        return self.server.port

    def log(self, pattern: str) -> list[str]:
        """This test's log lines so far in which `pattern` is found."""
        return self.server.grep(pattern, self._log_start)

    def wait_log(self, pattern: str, count: int = 1) -> Any:
        return self.server.wait_log(pattern, count, self._log_start)

    def connect(self, **options: Any) -> RawConnection:
        """A connection that is closed when the test ends."""
        connection = RawConnection(self.port, **options)
        self.addCleanup(connection.close)
        return connection

    def exchange(self, data: bytes, method: str = "POST") -> Response:
        """Sends bytes on a new connection and reads one answer."""
        with RawConnection(self.port) as connection:
            return connection.send(data).read_response(method)


def _failures(result: unittest.TestResult | None) -> int:
    return 0 if result is None else len(result.failures) + len(result.errors)
