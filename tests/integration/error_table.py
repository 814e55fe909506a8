"""Tables of bad inputs: what is sent, which problem must come back, and what must not have happened meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Iterable

from harness import KEY, RawConnection, Response, ServerTest, get, upload

MODEL = "nano-banana-pro-preview"
OTHER_MODEL = "gemini-3.8-flash"
MAX_UPLOAD = 200_000
MAX_SIDE = 2000
MAX_PIXELS = 1_000_000

# Small limits, so that a table which goes over each of them is quick.
LIMITS: dict[str, Any] = {
    "MAX_UPLOAD_BYTES": MAX_UPLOAD,
    "MAX_IMAGE_SIDE": MAX_SIDE,
    "MAX_IMAGE_PIXELS": MAX_PIXELS,
    "GEMINI_MODELS_ALLOWED": OTHER_MODEL,
}
MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,32}_[0-9]+")


@dataclass(frozen=True)
class Case:
    """One bad input. `says` is a regular expression found in the problem's `detail`."""

    name: str
    data: bytes
    status: int
    code: str
    says: str = "."
    closes: bool = False  # the connection cannot be used any more
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = ()  # of the answer, besides those every problem has


class ErrorTableTest(ServerTest):
    """A server with small limits. Each table leaves it as it was: alive, and Gemini not asked."""

    options: ClassVar[dict[str, Any]] = LIMITS
    pids: ClassVar[list[int]]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.pids = cls.server.worker_pids()

    def run_table(self, cases: Iterable[Case]) -> None:
        """Sends each case on a connection of its own."""
        names: set[str] = set()
        for case in cases:
            self.assertNotIn(case.name, names)
            names.add(case.name)
            with self.subTest(case.name), RawConnection(self.port) as connection:
                self.check_case(connection, case)
        self.check_not_asked()
        self.check_alive()

    def check_case(self, connection: RawConnection, case: Case) -> None:
        connection.send(case.data)
        response = connection.read_response(case.method)
        self.assertEqual(response.status, case.status, response.raw)
        self.check_problem(response, case.code, case.says)
        for name, value in case.headers:
            self.assertEqual(response.header(name), value)
        if case.closes:
            self.check_closed(connection, response)

    def check_closed(self, connection: RawConnection, response: Response) -> None:
        """The answer says so, no reset could take it away again, and what followed the faulty request was not
        taken for another one."""
        try:
            connection.half_close()
            self.assertEqual(connection.read_eof(), b"")
        except OSError as problem:
            self.fail(f"the server reset the connection: {problem}")
        wanted = None if response.version == "HTTP/1.0" else "close"
        self.assertEqual(response.header("Connection"), wanted, response.raw)

    def check_problem(self, response: Response, code: str, says: str = ".") -> None:
        """Everything that holds for every problem, this code, and a detail that names the cause."""
        problem = response.json()
        self.assertEqual(response.code(), code, problem)
        self.assertEqual(set(problem), MEMBERS)
        self.assertRegex(problem["detail"], says)
        self.assertRegex(problem["request_id"], REQUEST_ID)
        self.assertNotIn(KEY.encode(), response.raw)

    def check_not_asked(self) -> None:
        stats = self.fake.stats()
        self.assertEqual((stats["requests"], stats["uploads_aborted"], stats["bad_http"]), (0, 0, 0))

    def check_alive(self) -> None:
        """Probes and uploads are answered as ever, by the workers that were there at the beginning."""
        self.assertEqual(get(self.port, "/healthz").status, 200)
        self.assertEqual(upload(self.port).status, 200)
        self.assertEqual(self.server.worker_pids(), self.pids)
