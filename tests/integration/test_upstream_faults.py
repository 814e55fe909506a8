"""Every way in which Gemini, or what stands in its place, can fail: what our client is told, and what it never learns."""

from __future__ import annotations

import socket
import unittest
from typing import Any, ClassVar, Iterable

from error_table import LIMITS, ErrorTableTest
from harness import KEY, SLOW, RawConnection, Server, png, post_image, upload, wait_empty
from raw_upstream import RawUpstream
from upstream_fault_cases import BROKEN_TRANSFERS, NOT_GEMINI, POINTS, QUOTAS, REFUSALS, USELESS, Fault


class UpstreamTest(ErrorTableTest):
    def run_faults(self, faults: Iterable[Fault]) -> None:
        """Each fault costs one call, and one answer with the code of the cause."""
        calls = 0
        for fault in faults:
            with self.subTest(fault.name):
                self.fake.script(default=fault.behaviour)
                response = upload(self.port)
                self.assertEqual(response.status, fault.status, response.raw)
                self.check_problem(response, fault.code, fault.says)
                self.assertEqual(response.header("Retry-After"), fault.retry_after)
                # libcurl itself repeats a request if a kept connection ended without a byte of an answer.
                before, calls = calls, self.fake.stats()["requests"]
                self.assertIn(calls - before, (1, 2) if fault.behaviour.get("reset") == "before_headers" else (1,))
        self.fake.clear_default()
        self.check_alive()

    def tearDown(self) -> None:
        super().tearDown()
        self.assertFalse(self.log(KEY), "the key is in the log")


class UpstreamFaults(UpstreamTest):
    def test_refusals(self) -> None:
        self.run_faults(REFUSALS)

    def test_quotas(self) -> None:
        self.run_faults(QUOTAS)

    def test_useless_answers(self) -> None:
        self.run_faults(USELESS)

    def test_broken_transfers(self) -> None:
        self.run_faults(BROKEN_TRANSFERS)

    def test_faults_on_one_kept_connection(self) -> None:
        """A failed call does not end the client's connection."""
        sample = [*REFUSALS[::7], *QUOTAS[::5], *USELESS[::9], *BROKEN_TRANSFERS[::3]]
        with RawConnection(self.port) as connection:
            for fault in sample:
                self.fake.script(default=fault.behaviour)
                self.assertEqual(connection.send(post_image()).read_response().status, fault.status, fault.name)
            self.fake.clear_default()
            self.assertEqual(connection.send(post_image()).read_response().status, 200)

    def test_the_connection_to_gemini_may_be_closed_at_any_time(self) -> None:
        """Closed by Gemini after an answer, announced or not: the next call opens another."""
        for how in ("announced", "silent"):
            self.fake.script([{"close": how}] * 3)
            for _ in range(4):
                self.assertEqual(upload(self.port).status, 200)

    def test_no_key_reaches_the_client(self) -> None:
        """Whatever Gemini, or a gateway before it, writes into its error."""
        google = "AIzaSyA-1234567890abcdefghijklmnopqrstu"
        for text in (f"bad key {KEY}", f"x-goog-api-key: {KEY}", f"/v1beta?key={google}", f"Bearer {google}", google,
                     "AQ.Ab8RN6K1234567890abcdefgh"):  # fmt: skip
            for behaviour in (
                {"status": 400, "message": text},
                {"status": 500, "raw_body": f"<html>{text}</html>"},
                {"status": 429, "message": text, "oddity": "error_in_200"},
            ):
                with self.subTest(text, behaviour=behaviour):
                    self.fake.script([behaviour])
                    response = upload(self.port)
                    self.assertIn(response.status, (502, 503, 429))
                    for secret in (KEY, google, "AQ.Ab8RN6K"):
                        self.assertNotIn(secret.encode(), response.raw)
                        self.assertFalse(self.log(secret))

    def test_no_header_is_injected(self) -> None:
        """The type of Gemini's picture becomes a header of ours only if it is a type."""
        self.fake.script([{"raw_body": {"candidates": [{"content": {"parts": [
            {"inlineData": {"mimeType": "image/x\r\nX-Injected: yes", "data": "AAAA"}}, {"text": "hello"}]}}]}}])  # fmt: skip
        response = upload(self.port, headers={"Accept": "image/png"})
        self.assertEqual((response.status, response.header("X-Injected")), (200, None))
        self.assertIsNone(response.json()["annotated_image"])


class SlowUpstream(UpstreamTest):
    options: ClassVar[dict[str, Any]] = {**LIMITS, "GEMINI_TIMEOUT": 0.3 * SLOW}

    def test_timeouts(self) -> None:
        """Silent before, within or after the header: 504, and Gemini's connection is given up."""
        for number, point in enumerate((*POINTS, "hold"), 1):
            with self.subTest(point):
                self.fake.script([{"hold": True} if point == "hold" else {"hang": point}])
                response = upload(self.port)
                self.assertEqual(response.status, 504)
                self.check_problem(response, "deadline_exceeded", "did not answer within .* ms")
                self.fake.wait(client_gone=number, idle=True)
        wait_empty(self.server)

    def test_the_deadline_of_the_whole_request(self) -> None:
        self.fake.script([{"hold": True}])
        with Server(self.fake, **{**LIMITS, "REQUEST_TIMEOUT": 0.3 * SLOW}) as server:
            response = upload(server.port)
            self.assertEqual((response.status, response.code()), (504, "deadline_exceeded"))
            self.fake.wait(client_gone=1, idle=True)
            self.assertEqual(upload(server.port).status, 200)


class LargeAnswers(UpstreamTest):
    options: ClassVar[dict[str, Any]] = {**LIMITS, "GEMINI_MAX_ANSWER_BYTES": 50_000}

    def test_answers_over_the_limit(self) -> None:
        """Counted after decompression, so that no small answer becomes a large one."""
        says = "answer is larger than 50000 bytes"
        huge = {"oddity": "huge_text", "bytes": 1_000_000}
        self.run_faults([
            Fault("plain", {**huge, "gzip": False}, 502, "upstream_invalid", says),
            Fault("gzip", {**huge, "gzip": True}, 502, "upstream_invalid", says),
            Fault("an error", {"status": 400, "message": "x" * 100_000}, 502, "upstream_invalid", says),
        ])  # fmt: skip

    def test_answers_below_it(self) -> None:
        self.fake.script([{"oddity": "huge_text", "bytes": 40_000}])
        self.assertEqual(len(upload(self.port).json()["analysis"]["text"]), 40_000)


class NotGemini(ErrorTableTest):
    """The server asks something that is not even HTTP."""

    upstream: ClassVar[RawUpstream]

    @classmethod
    def setUpClass(cls) -> None:
        cls.upstream = RawUpstream()
        cls.addClassCleanup(cls.upstream.close)
        cls.options = {**LIMITS, "GEMINI_BASE_URL": cls.upstream.url, "GEMINI_TIMEOUT": 20}
        super().setUpClass()

    def test_bytes_that_are_no_answer(self) -> None:
        for name, answer, code in NOT_GEMINI:
            with self.subTest(name):
                self.upstream.answer = answer
                response = upload(self.port)
                self.assertEqual(response.status, 502, response.raw)
                self.check_problem(response, code)
        self.assertEqual(self.server.worker_pids(), self.pids)

    def test_a_redirect_takes_the_key_nowhere(self) -> None:
        other = RawUpstream(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        try:
            self.upstream.answer = b"HTTP/1.1 308 Go\r\nLocation: %s/\r\nContent-Length: 0\r\n\r\n" % other.url.encode()
            self.check_problem(upload(self.port), "upstream_invalid", "Gemini answered 308")
            self.assertEqual(other.heads, [])
        finally:
            other.close()


class Unreachable(ErrorTableTest):
    def test_nobody_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        self.check_unreachable(f"http://127.0.0.1:{port}")

    def test_no_such_host(self) -> None:
        self.check_unreachable("http://no-such-host.invalid")

    def test_tls_with_one_who_does_not_speak_it(self) -> None:
        self.check_unreachable(self.fake.url.replace("http:", "https:"))
        self.assertEqual(self.fake.stats()["requests"], 0)

    def check_unreachable(self, url: str) -> None:
        with Server(None, **LIMITS, GEMINI_BASE_URL=url, GEMINI_CONNECT_TIMEOUT=SLOW, GEMINI_TIMEOUT=20) as server:
            response = upload(server.port, png())
            self.assertEqual(response.status, 502, response.raw)
            self.check_problem(response, "upstream_unreachable", "no connection to Gemini")
            self.assertNotIn(url.encode(), response.raw)


if __name__ == "__main__":
    unittest.main()
