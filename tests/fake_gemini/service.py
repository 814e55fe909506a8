"""The service: from a request to its answer, in the order auth, body, model, validation, behaviour."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from answers import count_answer, make_draft, render
from behaviours import Behaviour, Script
from contract import Ask, check_count, check_generate
from control import Control
from delivery import JSON_TYPE, deliver, deliver_answer, deliver_error, scripted_error
from google_error import GoogleError, deadline_exceeded, invalid, model_missing
from http_message import Request, Response
from http_server import Connection
from keys import KeyTable
from model_table import MODELS, Model
from oddities import apply_oddities
from payload import parse
from record import Entry, Record

MODEL_METHOD = re.compile(r"/(v1beta|v1alpha|v1)/models/([^/:]+):(generateContent|countTokens)")
MODEL_GET = re.compile(r"/(v1beta|v1alpha|v1)/models(?:/([^/:]+))?")
PLAIN = Behaviour()


class FakeGemini:
    """The program behind the HTTP server."""

    def __init__(self, keys: KeyTable, latency_ms: float) -> None:
        self.connections: set[Connection] = set()
        self._keys = keys
        self._latency_ms = latency_ms
        self._record = Record()
        self._script = Script()
        self._control = Control(self._record, self._script, self._drop_requests)

    def note(self, event: str) -> None:
        self._record.note(event)

    def _drop_requests(self) -> None:
        """Resets the connections whose requests are still being served; control requests are let alone."""
        for connection in list(self.connections):
            if connection.serving_path is not None and not connection.serving_path.startswith("/__"):
                connection.abort()

    async def respond(self, request: Request, connection: Connection) -> None:
        if request.path.startswith("/__"):
            await connection.send(await self._control.handle(request))
            return
        entry = self._enter(request)
        try:
            response = await self._answer(request, entry)
            await connection.send(response)
        except asyncio.CancelledError:
            self._record.gone(entry)
            raise
        except Exception:
            self._record.answered(entry, 500, None)
            raise
        cut = f"{response.stop_how}:{response.stop_at}" if response.stop_at else None
        self._record.answered(entry, None if response.stop_at == "before_headers" else response.status, cut)

    def _enter(self, request: Request) -> Entry:
        headers, query = self._keys.redacted_headers(request), self._keys.redacted_query(request)
        entry = Entry(0, 0, request.method, request.path, query, headers)
        entry.chunked = request.chunked
        entry.body_bytes = len(request.body)
        return self._record.arrived(entry, request.connection_number)

    async def _answer(self, request: Request, entry: Entry) -> Response:
        try:
            if request.method == "POST" and (route := MODEL_METHOD.fullmatch(request.path)):
                version, name, method = route.groups()
                if method == "generateContent":
                    return await self._generate(request, entry, version, name)
                raw = self._open(request, entry, "CountTokens", name)
                answer = count_answer(check_count(raw, _model(name, version, method)))
                return deliver(200, answer, JSON_TYPE, PLAIN, request)
            if request.method == "GET" and (route := MODEL_GET.fullmatch(request.path)):
                version, name = route.groups()
                self._authenticate(request, entry, "GetModel" if name else "ListModels")
                answer = _model(name, version, "generateContent").listing() if name else _list_models(request)
                return deliver(200, answer, JSON_TYPE, PLAIN, request)
            raise GoogleError(404, f"Requested entity was not found: {request.method} {request.path}")
        except GoogleError as error:
            return deliver_error(error, PLAIN, request)

    def _authenticate(self, request: Request, entry: Entry, rpc: str) -> None:
        credential = self._keys.check(request, rpc)
        entry.key, entry.project = credential.key, credential.project
        if credential.error is not None:
            raise credential.error

    def _open(self, request: Request, entry: Entry, rpc: str, model_name: str) -> Any:
        """Key and body of a POST. The body is parsed before a bad key is refused, so that the record has it."""
        entry.model = model_name
        body, request.body = request.body, bytearray()  # not kept while the request waits
        problem: GoogleError | None = None
        try:
            entry.body = parse(body, request.header("content-type"))
        except GoogleError as error:
            entry.body = {"unparsed_bytes": len(body)}
            problem = error
        self._authenticate(request, entry, rpc)
        if problem is not None:
            raise problem
        return entry.body

    async def _generate(self, request: Request, entry: Entry, version: str, name: str) -> Response:
        """Every generateContent request takes one behaviour from the script; an invalid request does not get to use it."""
        ask, problem = None, None
        try:
            raw = self._open(request, entry, "GenerateContent", name)
            ask = check_generate(raw, _model(name, version, "generateContent"))
            deadline = _deadline(request, entry)
        except GoogleError as error:
            problem, deadline = error, None
        behaviour = self._script.take({"model": name, "project": entry.project, "key": entry.key})
        if problem is not None and behaviour.validate:
            raise problem
        ask = ask or _any_ask(name)
        try:
            async with asyncio.timeout_at(deadline):
                await self._pass_time(behaviour, entry)
        except TimeoutError:
            return deliver_error(deadline_exceeded(), PLAIN, request)
        if behaviour.status >= 300 and "error_in_200" not in behaviour.oddity:
            return deliver_error(scripted_error(behaviour.status, behaviour, name), behaviour, request)
        draft = make_draft(ask, behaviour.text, behaviour.model_version)
        apply_oddities(draft, behaviour)
        return deliver_answer(render(draft), behaviour, request, name)

    async def _pass_time(self, behaviour: Behaviour, entry: Entry) -> None:
        """Held until released, and never answered before the latency has passed since the arrival."""
        if behaviour.hold:
            await self._record.hold()
        latency_ms = self._latency_ms if behaviour.latency_ms is None else behaviour.latency_ms
        remaining = entry.at + latency_ms / 1000 - asyncio.get_running_loop().time()
        if remaining > 0:
            await asyncio.sleep(remaining)


def _model(name: str, version: str, method: str) -> Model:
    model = MODELS.get(name)
    if model is None:
        raise model_missing(name, version, method)
    return model


def _any_ask(name: str) -> Ask:
    """For a behaviour with `validate` false: the plainest request of a model, known or not."""
    model = MODELS.get(name, MODELS["gemini-3.8-flash"])
    return Ask(model, text_tokens=8, wants_image=model.makes_images)


def _deadline(request: Request, entry: Entry) -> float | None:
    """The event loop time at which X-Server-Timeout (whole seconds since arrival) is over."""
    value = request.header("x-server-timeout")
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        raise invalid(f"Invalid X-Server-Timeout: {value}. Whole seconds are expected.")
    return entry.at + int(value)


def _list_models(request: Request) -> dict[str, Any]:
    """One page of models.list."""
    size, token = request.query_value("pageSize") or "50", request.query_value("pageToken") or "0"
    if not (size.isdigit() and token.isdigit()):
        raise invalid("Invalid pageSize or pageToken.")
    first = int(token)
    after = first + (min(int(size), 1000) or 50)
    page: dict[str, Any] = {"models": [model.listing() for model in list(MODELS.values())[first:after]]}
    if after < len(MODELS):
        page["nextPageToken"] = str(after)
    return page
