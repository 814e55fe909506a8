"""The record: what arrived, what became of it, the counters, and those who wait for a counter to be reached."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field
from time import monotonic, time
from typing import Any, Callable

KEPT = 5000
COUNTERS = ("requests", "ok", "in_flight", "max_in_flight", "held", "client_gone", "cut", "uploads_aborted", "bad_http")


@dataclass(slots=True)
class Entry:
    """One request of the API."""

    number: int
    generation: int
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    wall: float = field(default_factory=time)
    at: float = field(default_factory=monotonic)
    chunked: bool = False
    body_bytes: int = 0
    body: Any = None
    key: int | None = None
    project: str | None = None
    model: str | None = None
    status: int | None = None
    client_gone: bool = False
    cut: str | None = None
    took: float | None = None


class Record:
    """Requests, counters and waiters. One event loop thread only."""

    def __init__(self) -> None:
        self._generation = 0
        self._waiters: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        self._held: list[asyncio.Future[None]] = []
        self._start()

    def _start(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self._counts = dict.fromkeys(COUNTERS, 0)
        self._by_status: Counter[int] = Counter()
        self._connections: set[int] = set()
        self._zero = monotonic()

    def reset(self) -> None:
        """Forgets everything. Requests still being served no longer count."""
        self._generation += 1
        self._held.clear()  # their connections are about to be dropped
        self._start()
        self._changed()

    # ---- the life of a request -----------------------------------------------------------------------------------

    def arrived(self, entry: Entry, connection_number: int) -> Entry:
        """A request has been read completely."""
        entry.generation = self._generation
        self._counts["requests"] += 1
        entry.number = self._counts["requests"]
        self._counts["in_flight"] += 1
        self._counts["max_in_flight"] = max(self._counts["max_in_flight"], self._counts["in_flight"])
        self._connections.add(connection_number)
        self.entries.append(entry)
        self._changed()
        return entry

    def answered(self, entry: Entry, status: int | None, cut: str | None) -> None:
        """The last byte was written, or the answer was broken off (`cut`)."""
        if not self._end(entry):
            return
        entry.status, entry.cut = status, cut
        if cut is not None:
            self._counts["cut"] += 1
        elif status is not None:
            self._by_status[status] += 1
            self._counts["ok"] += status == 200
        self._changed()

    def gone(self, entry: Entry) -> None:
        """The client hung up before it had its answer: what the service would log as 499."""
        if not self._end(entry):
            return
        entry.client_gone = True
        self._counts["client_gone"] += 1
        self._changed()

    def _end(self, entry: Entry) -> bool:
        if entry.generation != self._generation:
            return False
        entry.took = monotonic() - entry.at
        self._counts["in_flight"] -= 1
        return True

    def note(self, event: str) -> None:
        self._counts[event] += 1
        self._changed()

    async def hold(self) -> None:
        """Waits for `release`."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held.append(future)
        self._count_held()
        try:
            await future
        finally:
            if future in self._held:
                self._held.remove(future)
            self._count_held()

    def release(self, count: int | None) -> int:
        """Lets the oldest `count` held requests go (all if None). How many there were."""
        leaving = self._held[:count]
        self._held = self._held[len(leaving) :]
        for future in leaving:
            if not future.done():
                future.set_result(None)
        self._count_held()
        return len(leaving)

    def _count_held(self) -> None:
        self._counts["held"] = len(self._held)
        self._changed()

    # ---- reading -------------------------------------------------------------------------------------------------

    def stats(self) -> dict[str, Any]:
        by_status = {str(status): count for status, count in sorted(self._by_status.items())}
        return {**self._counts, "connections_total": len(self._connections), "by_status": by_status}

    def shown(self, last: int | None) -> list[dict[str, Any]]:
        """The kept requests, oldest first; times in milliseconds since the start or the last reset."""
        chosen = list(self.entries)
        if last is not None:
            chosen = chosen[max(0, len(chosen) - last) :]
        return [self._shown(entry) for entry in chosen]

    def _shown(self, entry: Entry) -> dict[str, Any]:
        return {
            "n": entry.number,
            "time": round(entry.wall, 3),
            "at_ms": round((entry.at - self._zero) * 1000, 1),
            "took_ms": None if entry.took is None else round(entry.took * 1000, 1),
            "method": entry.method,
            "path": entry.path,
            "query": entry.query,
            "headers": entry.headers,
            "expect_continue": entry.headers.get("expect", "").lower() == "100-continue",
            "chunked": entry.chunked,
            "body_bytes": entry.body_bytes,
            "body": entry.body,
            "key": entry.key,
            "project": entry.project,
            "model": entry.model,
            "status": entry.status,
            "client_gone": entry.client_gone,
            "cut": entry.cut,
        }

    async def wait(self, at_least: dict[str, int], idle: bool, timeout: float) -> bool:
        """Waits until every named counter has reached its value, and nothing is in flight if `idle`."""

        def reached() -> bool:
            enough = all(self._counts[name] >= value for name, value in at_least.items())
            return enough and not (idle and self._counts["in_flight"])

        if reached():
            return True
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiter = (reached, future)
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(timeout):
                await future
            return True
        except TimeoutError:
            return False
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def _changed(self) -> None:
        for waiter in list(self._waiters):
            reached, future = waiter
            if reached():
                self._waiters.remove(waiter)
                if not future.done():
                    future.set_result(None)
