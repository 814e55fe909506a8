"""Every error code there is, produced over HTTP with its status; and the errors that need only a look at the head."""

from __future__ import annotations

import re
import unittest
from typing import Any, ClassVar, Iterator

from error_table import LIMITS, MAX_UPLOAD, Case, ErrorTableTest
from harness import (
    HOLD, KEY, ROOT, SLOW, RawConnection, Response, eventually, occupancy, png, post_image, post_raw, request, upload,
)  # fmt: skip

UPLOAD_PATHS = ("/v1/analyses", "/analyze", "/upload")
PROBE_PATHS = ("/healthz", "/readyz", "/version")
TEXT = {"Content-Type": "text/plain"}

# Codes that no client ever sees: work we stopped ourselves, faults of ours, and 503 of a server that takes no
# connections any more.
NEVER_SENT = {"cancelled", "internal"}


def wrong_methods() -> Iterator[Case]:
    for path in UPLOAD_PATHS:
        for method in ("GET", "PUT", "DELETE", "PATCH", "TRACE", "BREW", "post"):
            yield _wrong(method, path, "POST, OPTIONS")
    for path in PROBE_PATHS:
        for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "M-SEARCH", "get", "!#$%&'*+.^_`|~"):
            yield _wrong(method, path, "GET, HEAD, OPTIONS")
    yield Case("POST with a body at /healthz", post_image(target="/healthz"), 405, "method_not_allowed", "allowed: GET",
               closes=True, headers=(("Allow", "GET, HEAD, OPTIONS"),))  # fmt: skip


def _wrong(method: str, path: str, allow: str) -> Case:
    return Case(f"{method} {path}", request(method, path), 405, "method_not_allowed", f"allowed: {allow}",
                method=method, headers=(("Allow", allow),))  # fmt: skip


def unknown_paths() -> Iterator[Case]:
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "BREW"):
        yield Case(f"{method} at an unknown path", request(method, "/nothing"), 404, "not_found", "no such", method=method)
    yield Case("upload to an unknown path", post_image(target="/v1/analysis"), 404, "not_found",
               "POST an image to /v1/analyses", closes=True)  # fmt: skip
    yield Case("CONNECT", b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "bad_request", "must begin with '/'",
               method="CONNECT")  # fmt: skip


def heads_of_uploads() -> Iterator[Case]:
    """Refused by the head alone, at each path, before a place is taken."""
    for path in UPLOAD_PATHS:
        yield Case(f"no length at {path}", request("POST", path), 411, "length_required", "Content-Length or chunked")
        yield Case(f"too long at {path}", request("POST", path, headers={"Content-Length": str(MAX_UPLOAD + 1)}), 413,
                   "payload_too_large", "MAX_UPLOAD_BYTES", closes=True)  # fmt: skip
        yield Case(f"text at {path}", post_raw(target=path, headers=TEXT), 415, "unsupported_image",
                   "'text/plain' holds no image", closes=True)  # fmt: skip
        yield Case(f"empty at {path}", request("POST", path, b""), 400, "missing_image", "the body is empty")
    for value in ("200-ok", "100-continue, 200-ok", "100-continue=1", "x"):
        yield Case(f"Expect: {value}", post_image(headers={"Expect": value}), 417, "expectation_failed",
                   "allowed: 100-continue", closes=True)  # fmt: skip


class Heads(ErrorTableTest):
    def test_wrong_methods(self) -> None:
        self.run_table(wrong_methods())

    def test_unknown_paths(self) -> None:
        self.run_table(unknown_paths())

    def test_heads_of_uploads(self) -> None:
        self.run_table(heads_of_uploads())

    def test_head_gets_the_problems_header_alone(self) -> None:
        for path, status in (("/nothing", 404), ("/v1/analyses", 405)):
            with RawConnection(self.port) as connection:
                response = connection.send(request("HEAD", path)).read_response("HEAD")
                self.assertEqual(response.status, status)
                self.assertGreater(int(response.header("Content-Length") or 0), 100)
                self.assertEqual(connection.send(request("GET", "/healthz")).read_response("GET").status, 200)

    def test_the_clients_own_id_stands_beside_ours(self) -> None:
        """A valid one is echoed with a refusal as well, an invalid one never."""
        for given, echoed in (("abc-1.2_3", "abc-1.2_3"), ("a b", None), ("a" * 65, None), ("a\xff", None)):
            response = self.exchange(request("GET", "/nothing", headers={"X-Request-ID": given}), "GET")
            self.check_problem(response, "not_found")
            self.assertEqual(response.header("X-Correlation-ID"), echoed)

    def test_a_detail_quotes_nothing_unprintable(self) -> None:
        """What the client sent comes back as plain text, whatever it is."""
        for target in (b"/v1/analyses?model=%3Cscript%3E", b"/v1/analyses?model=%C2%85%E2%80%AE"):
            response = self.exchange(post_image().replace(b"/v1/analyses", target))
            self.check_problem(response, "invalid_option", "is not allowed")
            self.assertEqual(response.header("X-Content-Type-Options"), "nosniff")
            self.assertTrue(response.json()["detail"].isprintable(), response.json())


class EveryCode(ErrorTableTest):
    """One example of each code. The server has one place and one queue place, and little patience."""

    options: ClassVar[dict[str, Any]] = {
        **LIMITS, "WORKERS": 1, "LIMIT_CONCURRENCY": 1, "QUEUE_LIMIT": 1,
        "QUEUE_TIMEOUT": 0.5 * SLOW, "HEADER_TIMEOUT": 0.3 * SLOW, "GEMINI_TIMEOUT": 1.5 * SLOW,
    }  # fmt: skip

    BY_THE_REQUEST: ClassVar[list[tuple[str, int, bytes]]] = [
        ("bad_request", 400, b"GET  / HTTP/1.1\r\n\r\n"),
        ("invalid_multipart", 400, post_image().replace(b"form-data; name", b"form+data; name")),
        ("missing_image", 400, post_image(field="picture")),
        ("invalid_option", 400, post_image(engine="local")),
        ("not_found", 404, request("POST", "/nothing")),
        ("method_not_allowed", 405, request("PUT", "/upload")),
        ("length_required", 411, request("POST", "/upload")),
        ("payload_too_large", 413, post_image(bytes(MAX_UPLOAD))),
        ("target_too_long", 414, request("POST", "/" + "a" * 9000)),
        ("unsupported_image", 415, post_image(b"GIF89a")),
        ("expectation_failed", 417, post_image(headers={"Expect": "a miracle"})),
        ("broken_image", 422, post_image(png()[:-1])),
        ("headers_too_large", 431, request("POST", "/upload", headers={"X": "a" * 20_000})),
        ("version_unsupported", 505, b"POST /upload HTTP/3.0\r\n\r\n"),
    ]
    BY_GEMINI: ClassVar[list[tuple[str, int, dict[str, Any]]]] = [
        ("upstream_quota", 429, {"status": 429}),
        ("upstream_rejected", 502, {"status": 400}),
        ("upstream_blocked", 502, {"oddity": "blocked"}),
        ("upstream_invalid", 502, {"oddity": "html_200"}),
        ("upstream_unreachable", 502, {"reset": "before_headers"}),
        ("upstream_unavailable", 503, {"status": 503}),
        ("deadline_exceeded", 504, HOLD),
    ]

    def test_by_the_request(self) -> None:
        for code, status, data in self.BY_THE_REQUEST:
            with self.subTest(code):
                self.check_answer(self.exchange(data), code, status)
        self.check_not_asked()
        self.check_alive()

    def test_by_gemini(self) -> None:
        for code, status, behaviour in self.BY_GEMINI:
            with self.subTest(code):
                self.fake.script(default=behaviour)
                self.check_answer(upload(self.port), code, status)
        self.fake.clear_default()
        self.check_alive()

    def test_request_timeout(self) -> None:
        self.check_answer(self.exchange(b"POST /upload HTTP/1.1\r\n"), "request_timeout", 408)
        self.check_not_asked()
        self.check_alive()

    def test_overloaded_and_queue_timeout(self) -> None:
        self.fake.script([{"latency_ms": 10_000 * SLOW}])
        running, waiting = self.connect().send(post_image()), self.connect()
        self.fake.wait(in_flight=1)
        waiting.send(post_image())
        eventually(lambda: occupancy(self.server) == (1, 1), "one runs, one waits")
        for code, response in (("overloaded", self.exchange(post_image())), ("queue_timeout", waiting.read_response())):
            self.check_answer(response, code, 503)
            self.assertGreaterEqual(int(response.header("Retry-After") or 0), 1)
        self.check_answer(running.read_response(), "deadline_exceeded", 504)
        self.assertEqual(self.fake.stats()["requests"], 1)
        self.check_alive()

    def test_client_gone(self) -> None:
        """Nobody reads the answer; the log does."""
        self.fake.script([HOLD])
        connection = self.connect().send(post_image())
        self.fake.wait(in_flight=1)
        connection.close()
        self.wait_log(r"Request finished.* status=499 code=client_gone")
        self.fake.wait(client_gone=1, idle=True)

    def test_there_are_no_others(self) -> None:
        header = (ROOT / "include" / "chartsight" / "base" / "error.hpp").read_text()
        body = header[header.index("enum class Errc {") : header.index("};")]
        every = set(re.findall(r"^ +(\w+),", body, re.MULTILINE))
        here = {"request_timeout", "overloaded", "queue_timeout", "client_gone"}
        here |= {code for code, *_ in self.BY_THE_REQUEST} | {code for code, *_ in self.BY_GEMINI}
        self.assertEqual(here | NEVER_SENT, every)

    def check_answer(self, response: Response, code: str, status: int) -> None:
        self.assertEqual(response.status, status, response.raw)
        self.check_problem(response, code)
        self.assertEqual(response.header("Cache-Control"), "no-store")
        self.assertFalse(self.log(KEY))


if __name__ == "__main__":
    unittest.main()
