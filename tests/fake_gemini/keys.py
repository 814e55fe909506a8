"""API keys: which request carries which key, whose project it is, and how a key is shown without being told."""

from __future__ import annotations

from dataclasses import dataclass

from google_error import GoogleError, key_invalid, key_missing, many_credentials, token_type_unsupported
from http_message import Request

HEADER = "x-goog-api-key"


@dataclass(slots=True)
class Credential:
    """Who is asking. `error` is what the service would answer, None if the credential is good."""

    key: int | None = None  # number of the key, from 1
    project: str | None = None
    error: GoogleError | None = None


class KeyTable:
    """The known keys. Without a table every non-empty key is good and gets the next number when first seen."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._open = not pairs
        self._numbers = {key: number for number, (_, key) in enumerate(pairs, 1)}
        self._projects = {key: project for project, key in pairs}

    @staticmethod
    def parse(spec: str) -> KeyTable:
        """`project1=key1,project1=key2`. ValueError if it is not that."""
        pairs = []
        for item in filter(None, spec.split(",")):
            project, equals, key = item.partition("=")
            if not (project and equals and key):
                raise ValueError("--keys is project=key,project=key,…")
            pairs.append((project, key))
        return KeyTable(pairs)

    def check(self, request: Request, rpc: str) -> Credential:
        """The credential of a request. `rpc` is the method named in a 401."""
        native = [value for value in request.all_headers(HEADER) if value]
        native += [value for name, value in request.query if name == "key" and value]
        bearer = request.header("authorization") is not None
        if len(native) + bearer > 1:
            return Credential(error=many_credentials())
        if bearer:
            return Credential(error=token_type_unsupported(rpc))
        if not native:
            return Credential(error=key_missing())
        number = self._number(native[0])
        if number is None:
            return Credential(error=key_invalid())
        return Credential(number, self._projects.get(native[0], "default"))

    def redacted_headers(self, request: Request) -> dict[str, str]:
        """The headers for the record, keys replaced by their numbers."""
        shown: dict[str, str] = {}
        for name, value in request.headers:
            if name == HEADER:
                value = self._name(value)
            elif name == "authorization":
                scheme, _, secret = value.partition(" ")
                value = f"{scheme} {self._name(secret)}"
            shown[name] = f"{shown[name]}, {value}" if name in shown else value
        return shown

    def redacted_query(self, request: Request) -> dict[str, str]:
        return {name: self._name(value) if name == "key" else value for name, value in request.query}

    def _number(self, key: str) -> int | None:
        if self._open and key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
        return self._numbers.get(key)

    def _name(self, key: str) -> str:
        number = self._number(key) if key else None
        return f"<key {number}>" if number else "<unknown key>" if key else ""
