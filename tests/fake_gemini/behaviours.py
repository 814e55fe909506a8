"""Behaviours: what a script tells the fake to do with one generateContent request, and the queue they wait in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import Any


class BadScript(Exception):
    """The script is not one; the message says why."""


POINTS = ("before_headers", "after_headers", "mid_body")


@dataclass(slots=True)
class Behaviour:
    """One behaviour; README.md explains each field. All of them may be combined."""

    latency_ms: float | None = None  # since the request arrived; None: the server's own
    hold: bool = False
    status: int = 200
    variant: str | None = None
    message: str | None = None
    retry_delay: float | str | None = 34
    quota_value: str | None = None
    retry_after: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    array_root: bool = False
    reset: str | None = None
    reset_with: str = "reset"
    hang: str | None = None
    close: str | None = None
    truncate_json: int | bool = False
    content_type: str | None = None
    gzip: bool | None = None
    chunked_bytes: bool = False
    raw_body: str | None = None
    oddity: list[str] = field(default_factory=list)
    reason: str | None = None
    finish_reason: str | None = None
    has_finish_reason: bool = False
    bytes: int = 1_000_000
    text: Any = None
    model_version: str | None = None
    validate: bool = True
    when: dict[str, Any] = field(default_factory=dict)

    def fits(self, facts: dict[str, Any]) -> bool:
        """Whether `when` (model, project, key number) agrees with the request."""
        return all(facts.get(name) == value for name, value in self.when.items())


# field -> types allowed in JSON
_TYPES: dict[str, tuple[type, ...]] = {
    "latency_ms": (int, float), "hold": (bool,), "status": (int,), "variant": (str,), "message": (str,),
    "retry_delay": (int, float, str, type(None)), "quota_value": (str, int), "retry_after": (str, int),
    "headers": (dict,), "array_root": (bool,), "reset": (str,), "reset_with": (str,), "hang": (bool, str), "close": (str,),
    "truncate_json": (bool, int), "content_type": (str,), "gzip": (bool,), "chunked_bytes": (bool,),
    "raw_body": (str, dict, list), "oddity": (str, list), "reason": (str,), "finish_reason": (str, type(None)),
    "bytes": (int,), "text": (str, dict, list), "model_version": (str,), "validate": (bool,), "when": (dict,),
}  # fmt: skip
_CHOICES: dict[str, tuple[str, ...]] = {
    "reset": POINTS,
    "reset_with": ("reset", "fin"),
    "hang": POINTS,
    "close": ("announced", "silent"),
}
assert set(_TYPES) == {one.name for one in fields(Behaviour)} - {"has_finish_reason"}


def parse_behaviour(value: Any, oddities: set[str], variants: dict[int, set[str]]) -> Behaviour:
    """A behaviour from script JSON. A name or value we do not know raises BadScript: a typo must not pass as success."""
    if not isinstance(value, dict):
        raise BadScript(f"a behaviour is an object, not {value!r}")
    for name, item in value.items():
        if name not in _TYPES:
            raise BadScript(f"unknown behaviour {name!r}; known: {', '.join(sorted(_TYPES))}")
        if not isinstance(item, _TYPES[name]) or (isinstance(item, bool) and bool not in _TYPES[name]):
            raise BadScript(f"{name} has a wrong type: {item!r}")
    given = dict(value)
    if given.get("hang") is True:
        given["hang"] = "before_headers"
    elif given.get("hang") is False:
        del given["hang"]
    for name, allowed in _CHOICES.items():
        if name in given and given[name] not in allowed:
            raise BadScript(f"{name} is one of {', '.join(allowed)}, not {given[name]!r}")
    if isinstance(given.get("oddity"), str):
        given["oddity"] = [given["oddity"]]
    for name in ("quota_value", "retry_after"):
        if name in given:
            given[name] = str(given[name])
    if isinstance(given.get("raw_body"), (dict, list)):
        given["raw_body"] = json.dumps(given["raw_body"])
    if "finish_reason" in given:
        given["has_finish_reason"] = True
    behaviour = Behaviour(**given)
    unknown = [name for name in behaviour.oddity if name not in oddities]
    if unknown:
        raise BadScript(f"unknown oddity {unknown[0]!r}; known: {', '.join(sorted(oddities))}")
    if not 200 <= behaviour.status <= 599:
        raise BadScript(f"status {behaviour.status} is not between 200 and 599")
    status = 503 if behaviour.status == 200 and "error_in_200" in behaviour.oddity else behaviour.status
    known = variants.get(status, set())
    if behaviour.variant is not None and behaviour.variant not in known:
        raise BadScript(f"unknown variant {behaviour.variant!r} of {status}; known: {', '.join(sorted(known))}")
    if set(behaviour.when) - {"model", "project", "key"}:
        raise BadScript("when may name model, project and key")
    return behaviour


class Script:
    """The behaviours waiting for requests: a queue used once each, then defaults used again and again."""

    def __init__(self) -> None:
        self.queue: list[Behaviour] = []
        self.defaults: list[Behaviour] = []

    def take(self, facts: dict[str, Any]) -> Behaviour:
        """The first queued behaviour that fits, else the first default that fits, else the plain one."""
        for index, behaviour in enumerate(self.queue):
            if behaviour.fits(facts):
                return self.queue.pop(index)
        return next((behaviour for behaviour in self.defaults if behaviour.fits(facts)), Behaviour())

    def clear(self) -> None:
        self.queue.clear()
        self.defaults.clear()
