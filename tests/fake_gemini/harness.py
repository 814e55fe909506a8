"""What the tests of the fake share: starting it, asking it, reading its answers. Nothing sleeps; tests wait on /__wait."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import socket
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True

from pictures import plain_png  # noqa: E402

HERE = Path(__file__).resolve().parent
FLASH, IMAGE_MODEL = "gemini-3.8-flash", "nano-banana-pro-preview"
KEYS = "project1=key-a,project1=key-b,project2=key-c"


def start(*arguments: str) -> tuple[subprocess.Popen[str], int]:
    """The fake as a child, and its port once it listens."""
    command = [sys.executable, str(HERE / "fake_gemini.py"), "--port", "0", "--exit-with-parent", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    prefix = "fake_gemini listening on http://127.0.0.1:"
    assert line.startswith(prefix), line
    return process, int(line[len(prefix) :])


def body_of(image: bytes | None = None, mime: str = "image/png", **config: Any) -> dict[str, Any]:
    """A good generateContent body: one picture, one question."""
    data = base64.b64encode(plain_png(960, 540) if image is None else image).decode()
    parts = [{"inlineData": {"mimeType": mime, "data": data}}, {"text": "What does this chart show?"}]
    return {"contents": [{"role": "user", "parts": parts}], "generationConfig": config}


class Answer:
    """Status, headers and raw body of an answer."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.raw = response.status, response.headers, response.read()

    def json(self) -> Any:
        return json.loads(gzip.decompress(self.raw) if self.headers["Content-Encoding"] == "gzip" else self.raw)

    def candidate(self) -> dict[str, Any]:
        return self.json()["candidates"][0]

    def parts(self) -> list[dict[str, Any]]:
        return self.candidate()["content"]["parts"]

    def text(self) -> str:
        return "".join(part.get("text", "") for part in self.parts() if not part.get("thought"))

    def error(self) -> dict[str, Any]:
        return self.json()["error"]


class FakeTest(unittest.TestCase):
    """One fake for all tests, reset before each."""

    process: subprocess.Popen[str]
    port: int

    @classmethod
    def setUpClass(cls) -> None:
        cls.process, cls.port = start("--keys", KEYS)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.process.terminate()
        assert cls.process.wait(timeout=5) == 0
        cls.process.stdout.close()

    def setUp(self) -> None:
        self.control("POST", "/__reset")

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            payload = body if isinstance(body, (bytes, str, type(None))) else json.dumps(body)
            connection.request(method, path, payload, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, path, body)
        self.assertEqual(answer.status, 200, answer.raw)
        return answer.json()

    def script(self, *behaviours: dict[str, Any]) -> None:
        self.control("POST", "/__script", list(behaviours))

    def ask(self, body: Any = None, model: str = FLASH, version: str = "v1beta", key: str = "key-a", **headers: str) -> Answer:
        sent = {"Content-Type": "application/json", "x-goog-api-key": key}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", f"/{version}/models/{model}:generateContent", body_of() if body is None else body, sent)

    def refused(self, body: Any, fragment: str, model: str = FLASH, status: int = 400) -> dict[str, Any]:
        answer = self.ask(body, model)
        self.assertEqual(answer.status, status, answer.raw[:300])
        self.assertIn(fragment, answer.error()["message"])
        return answer.error()

    def raw_request(self, body: bytes, extra: str = "") -> bytes:
        head = f"POST /v1beta/models/{FLASH}:generateContent HTTP/1.1\r\nHost: x\r\nx-goog-api-key: key-a\r\n"
        return f"{head}Content-Type: application/json\r\n{extra}".encode() + body

    def open(self, **config: Any) -> socket.socket:
        """A socket on which a good request has been sent and nothing read."""
        body = json.dumps(body_of(**config)).encode()
        client = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        client.sendall(self.raw_request(b"\r\n" + body, f"Content-Length: {len(body)}\r\n"))
        return client
