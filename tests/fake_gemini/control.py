"""The control interface of tests: /__script, /__requests, /__stats, /__wait, /__release, /__reset."""

from __future__ import annotations

import json
from typing import Any, Callable

from behaviours import BadScript, Behaviour, Script, parse_behaviour
from delivery import KNOWN_ODDITIES, KNOWN_VARIANTS
from http_message import Request, Response
from payload import Data
from record import COUNTERS, Record

DEFAULT_WAIT_MS = 5000


class Control:
    """Answers what begins with `/__`. Needs no key, is not recorded and never scripted."""

    def __init__(self, record: Record, script: Script, drop_requests: Callable[[], None]) -> None:
        self._record = record
        self._script = script
        self._drop_requests = drop_requests

    async def handle(self, request: Request) -> Response:
        try:
            return await self._route(request)
        except (BadScript, ValueError) as problem:
            return _reply(400, {"error": str(problem)})

    async def _route(self, request: Request) -> Response:
        match request.method, request.path:
            case "GET", "/__requests":
                last = request.query_value("last")
                shown = self._record.shown(None if last is None else int(last))
                return _reply(200, {"requests": shown})
            case "GET", "/__stats":
                return _reply(200, self._stats())
            case "GET", "/__wait":
                return await self._wait(request)
            case "POST", "/__script":
                return self._load(json.loads(request.body or b"null"))
            case "POST", "/__release":
                count = request.query_value("count")
                return _reply(200, {"released": self._record.release(None if count is None else int(count))})
            case "POST", "/__reset":
                self._script.clear()
                self._record.reset()
                self._drop_requests()
                return _reply(200, self._stats())
        return _reply(404, {"error": f"no control route {request.method} {request.path}"})

    def _stats(self) -> dict[str, Any]:
        return {**self._record.stats(), "script_queued": len(self._script.queue)}

    def _load(self, value: Any) -> Response:
        """A list is queued. An object may carry `queue` (added) and `default` (replaced; null removes it)."""
        given = {"queue": value} if isinstance(value, list) else value
        if not isinstance(given, dict) or not given or set(given) - {"queue", "default"}:
            raise BadScript("a script is a list of behaviours, or an object with queue and default")
        queue = self._parse(given.get("queue", []))
        default = given.get("default")
        defaults = self._parse(default if isinstance(default, list) else [default] if default is not None else [])
        self._script.queue += queue
        if "default" in given:
            self._script.defaults = defaults
        return _reply(200, {"queued": len(self._script.queue), "defaults": len(self._script.defaults)})

    def _parse(self, values: Any) -> list[Behaviour]:
        if not isinstance(values, list):
            raise BadScript("a queue is a list of behaviours")
        return [parse_behaviour(value, KNOWN_ODDITIES, KNOWN_VARIANTS) for value in values]

    async def _wait(self, request: Request) -> Response:
        at_least: dict[str, int] = {}
        idle, timeout_ms = False, DEFAULT_WAIT_MS
        for name, value in request.query:
            if name == "timeout_ms":
                timeout_ms = int(value)
            elif name == "idle":
                idle = int(value) == 1
            elif name in COUNTERS:
                at_least[name] = int(value)
            else:
                raise ValueError(f"cannot wait for {name!r}; known: idle, timeout_ms, {', '.join(COUNTERS)}")
        reached = await self._record.wait(at_least, idle, timeout_ms / 1000)
        return _reply(200 if reached else 408, {"reached": reached, "stats": self._stats()})


def _reply(status: int, value: Any) -> Response:
    body = json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
    return Response(status, {"Content-Type": "application/json"}, body)


def _plain(value: Any) -> Any:
    if isinstance(value, Data):
        return value.summary()
    raise TypeError(type(value).__name__)
