"""The real server as a child process: its log, its workers, its end."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Sequence

from bounds import HANG, SLOW
from fake import FakeGemini

ROOT = Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("CHARTSIGHT_BINARY") or str(ROOT / "build" / "release" / "chartsight")
KEY = "test-key-never-to-be-logged"
PASSED_ON = ("PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS")
SANITIZER = re.compile(r"(Address|Thread|Leak|Memory)Sanitizer|runtime error:")
ERROR = re.compile(r'^\S+Z error |"level":"error"')

_libc = ctypes.CDLL(None)


def _die_with_parent() -> None:
    _libc.prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG


def environment(fake: FakeGemini | None, **env: object) -> dict[str, str]:
    """Nothing of ours but what a sanitizer needs, so that a test means the same everywhere. None removes."""
    values: dict[str, object] = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    values |= {"HOST": "127.0.0.1", "WORKERS": 2, "LIMIT_CONCURRENCY": 2, "QUEUE_LIMIT": 4, "LOG_LEVEL": "debug"}
    values |= {"DRAIN_TIMEOUT": 5 * SLOW, "GEMINI_API_KEY": KEY}
    if fake is not None:
        values["GEMINI_BASE_URL"] = fake.url
    return {name: str(value) for name, value in {**values, **env}.items() if value is not None}


def run_to_end(*arguments: str, **env: object) -> subprocess.CompletedProcess[str]:
    """`chartsight ARGUMENTS…` where it is expected to end by itself."""
    return subprocess.run(
        [BINARY, *arguments], env=environment(None, **env), capture_output=True, text=True, timeout=HANG,
        preexec_fn=_die_with_parent,
    )  # fmt: skip


class Server:
    """`chartsight serve --port 0`, listening. Start it on the main thread: it ends with the thread that started it.

    Leaving the block stops it with SIGTERM and fails if it hangs, or if the log has a sanitizer's report or an
    error line none of `allowed_errors` (regular expressions) explains. If the block failed, the log is printed.
    """

    def __init__(
        self,
        fake: FakeGemini | None,
        *,
        arguments: Sequence[str] = (),
        port: int = 0,
        allowed_errors: Sequence[str] = (),
        command: Sequence[str] | None = None,
        pass_fds: Sequence[int] = (),
        **env: object,
    ) -> None:
        self.environment = environment(fake, **env)
        self.lines: list[str] = []
        self._allowed_errors = list(allowed_errors)
        self._new_line = threading.Condition()
        self._log_ended = False
        self._process = subprocess.Popen(
            [*(command or [BINARY]), "serve", "--port", str(port), *arguments], env=self.environment, text=True,
            errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            start_new_session=True, preexec_fn=_die_with_parent, pass_fds=pass_fds,
        )  # fmt: skip
        assert self._process.stderr is not None
        self._reader = threading.Thread(target=self._read_log, args=(self._process.stderr,), daemon=True)
        self._reader.start()
        try:
            listening = self.wait_log(r"Listening on (http://\S+:(\d+)).*\bworkers\W+(\d+)")
            self.url, self.port, self.workers = listening[1], int(listening[2]), int(listening[3])
            if self.environment.get("LOG_LEVEL", "") == "debug" and "--log-level" not in arguments:
                self.wait_log("Worker started", count=self.workers)
        except AssertionError:
            self.close()
            self.print_log()
            raise

    @property
    def pid(self) -> int:
        """Of the supervisor."""
        return self._process.pid

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if kind is not None:
            self.close()
            self.print_log()
            return
        self.stop()

    def _read_log(self, stream: IO[str]) -> None:
        for line in stream:
            with self._new_line:
                self.lines.append(line.rstrip("\n"))
                self._new_line.notify_all()
        with self._new_line:
            self._log_ended = True
            self._new_line.notify_all()

    def wait_log(self, pattern: str, count: int = 1, since: int = 0) -> re.Match[str]:
        """Waits for the `count`th line, from index `since` on, in which `pattern` is found."""
        compiled = re.compile(pattern)

        def found() -> list[re.Match[str]]:
            return [match for line in self.lines[since:] if (match := compiled.search(line))]

        with self._new_line:
            self._new_line.wait_for(lambda: len(found()) >= count or self._log_ended, HANG)
            matches = found()
        if len(matches) < count:
            raise AssertionError(f"{len(matches)} log lines match {pattern!r}, not {count}")
        return matches[count - 1]

    def grep(self, pattern: str, since: int = 0) -> list[str]:
        """The lines so far in which `pattern` is found."""
        compiled = re.compile(pattern)
        with self._new_line:
            return [line for line in self.lines[since:] if compiled.search(line)]

    def worker_pids(self) -> list[int]:
        """The living children of the supervisor, ascending."""
        return children_of(self.pid)

    def signal(self, number: int = signal.SIGTERM) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.signal(signal.SIGTERM)

    def wait_exit(self) -> int:
        """The exit code, once the supervisor has ended and nobody holds the log any more."""
        code = self._process.wait(HANG)
        self._reader.join(HANG)
        if self._reader.is_alive():
            raise AssertionError("a worker outlives the supervisor")
        return code

    def stop(self) -> None:
        """SIGTERM, the end, and the checks described above."""
        try:
            if self._process.poll() is None:
                self.terminate()
            self.wait_exit()
            self.check_log()
        except BaseException:
            self.print_log()
            raise
        finally:
            self.close()

    def check_log(self, since: int = 0) -> None:
        for line in self.lines[since:]:
            explained = any(re.search(pattern, line) for pattern in self._allowed_errors)
            if SANITIZER.search(line) or (ERROR.search(line) and not explained):
                raise AssertionError(f"in the log: {line}")

    def close(self) -> None:
        """Ends whatever is left of it."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        self._reader.join(HANG)
        if self._process.stderr is not None:
            self._process.stderr.close()

    def print_log(self, since: int = 0) -> None:
        print(f"--- log of the server, {len(self.lines)} lines", *self.lines[since:], sep="\n  ", file=sys.stderr)


def children_of(parent: int) -> list[int]:
    """Processes whose parent is `parent`, zombies left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, parent_text = (entry / "stat").read_text().rsplit(")", 1)[1].split()[:2]
        except OSError:  # it ended meanwhile
            continue
        if int(parent_text) == parent and state != "Z":
            found.append(int(entry.name))
    return sorted(found)
