"""Starting tests/fake_gemini and telling it what to do."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bounds import HANG, SLOW

PROGRAM = Path(__file__).resolve().parent.parent / "fake_gemini" / "fake_gemini.py"
PREFIX = "fake_gemini listening on "
HOLD: dict[str, Any] = {"hold": True}


class FakeGemini:
    """The fake as a child process. Start it on the main thread: it ends with the thread that started it."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-B", str(PROGRAM), "--port", "0", "--exit-with-parent", *arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line.startswith(PREFIX):
            self.close()
            raise AssertionError(f"the fake did not start: {line!r}")
        self.url = line[len(PREFIX) :]
        self.port = int(self.url.rsplit(":", 1)[1])

    def __enter__(self) -> FakeGemini:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(HANG)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def script(self, queue: list[dict[str, Any]] | None = None, default: dict[str, Any] | None = None) -> None:
        """Queues behaviours, and sets the one of requests the queue has nothing for if `default` is given."""
        given: dict[str, Any] = {"queue": queue or []}
        if default is not None:
            given["default"] = default
        self._control("POST", "/__script", given)

    def clear_default(self) -> None:
        """From now on requests are answered at once; those held stay held."""
        self._control("POST", "/__script", {"queue": [], "default": None})

    def wait(self, *, idle: bool = False, **counters: int) -> dict[str, Any]:
        """Waits until every counter named (`in_flight`, `requests`, `client_gone`, `held`, …) has reached its
        value and, with `idle`, nothing is in flight. Returns the counters; fails the test after a while."""
        wanted = [f"{name}={value}" for name, value in counters.items()] + (["idle=1"] if idle else [])
        query = "&".join([*wanted, f"timeout_ms={int(10_000 * SLOW)}"])
        status, answer = self._call("GET", f"/__wait?{query}")
        if status != 200:
            raise AssertionError(f"the fake did not see {' '.join(wanted)} but {answer}")
        return answer["stats"]

    def release(self, count: int | None = None) -> int:
        """Answers the oldest `count` held requests (all without); how many there were."""
        return self._control("POST", "/__release" + ("" if count is None else f"?count={count}"))["released"]

    def release_all(self) -> None:
        """Answers what is held, and holds nothing more."""
        self.clear_default()
        self.release()

    def stats(self) -> dict[str, Any]:
        return self._control("GET", "/__stats")

    def requests(self, last: int | None = None) -> list[dict[str, Any]]:
        """What arrived, oldest first."""
        return self._control("GET", "/__requests" + ("" if last is None else f"?last={last}"))["requests"]

    def reset(self) -> None:
        """Forgets everything and resets connections whose request is in flight."""
        self._control("POST", "/__reset")

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = self._call(method, path, body)
        if status != 200:
            raise AssertionError(f"{method} {path}: {status} {answer}")
        return answer

    def _call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()
