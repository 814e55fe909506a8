"""Tests of connections: held, hung up, reset, cut short, many at once."""

from __future__ import annotations

import json
import socket
import threading
from typing import Any

from harness import FakeTest, body_of


class Transport(FakeTest):
    def test_hold_and_release(self) -> None:
        self.control("POST", "/__script", {"default": {"hold": True}})
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(self.ask().status)) for _ in range(5)]
        for thread in threads:
            thread.start()
        self.control("GET", "/__wait?in_flight=5&held=5")
        self.assertEqual(statuses, [])
        self.assertEqual(self.control("POST", "/__release?count=2"), {"released": 2})
        self.control("GET", "/__wait?ok=2")
        self.assertEqual(self.control("POST", "/__release"), {"released": 3})
        for thread in threads:
            thread.join()
        stats = self.control("GET", "/__wait?idle=1")["stats"]
        self.assertEqual((statuses, stats["max_in_flight"], stats["by_status"]), ([200] * 5, 5, {"200": 5}))

    def test_a_client_that_hangs_up_is_counted(self) -> None:
        for behaviour in ({"hold": True}, {"latency_ms": 60_000}, {"hang": True}, {"hang": "after_headers"}):
            with self.subTest(**behaviour):
                self.control("POST", "/__reset")
                self.script(behaviour)
                with self.open():
                    self.control("GET", "/__wait?in_flight=1")
                stats = self.control("GET", "/__wait?client_gone=1&idle=1")["stats"]
                self.assertEqual((stats["in_flight"], stats["held"], stats["ok"]), (0, 0, 0))
                shown = self.control("GET", "/__requests")["requests"][0]
                self.assertEqual((shown["client_gone"], shown["status"]), (True, None))

    def test_an_aborted_upload_is_no_request(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(self.raw_request(b"\r\n{", "Content-Length: 1000\r\n"))
        stats = self.control("GET", "/__wait?uploads_aborted=1")["stats"]
        self.assertEqual((stats["requests"], stats["client_gone"]), (0, 0))

    def read_all(self, behaviour: dict[str, Any]) -> tuple[bytes, bool]:
        """All bytes of one answer, and whether a reset ended it."""
        self.script(behaviour)
        received = b""
        with self.open() as client:
            try:
                while data := client.recv(65536):
                    received += data
            except ConnectionResetError:
                return received, True
        return received, False

    def test_resets(self) -> None:
        self.assertEqual(self.read_all({"reset": "before_headers"}), (b"", True))
        received, reset = self.read_all({"reset": "after_headers"})
        self.assertTrue(reset and received.endswith(b"\r\n\r\n"))
        received, reset = self.read_all({"reset": "mid_body"})
        self.assertTrue(reset and b'"candidates"' in received and b"responseId" not in received)
        received, reset = self.read_all({"reset": "mid_body", "reset_with": "fin"})
        self.assertTrue(not reset and b'"candidates"' in received and b"responseId" not in received)
        self.assertEqual(self.control("GET", "/__stats")["cut"], 4)

    def test_bodies_that_are_not_what_they_should_be(self) -> None:
        self.script({"truncate_json": True}, {"truncate_json": 5}, {"raw_body": "hello", "content_type": "text/plain"},
                    {"chunked_bytes": True}, {"gzip": True}, {"status": 418}, {"headers": {"X-Extra": "1"}})  # fmt: skip
        with self.assertRaises(ValueError):
            self.ask().json()
        self.assertEqual(self.ask().raw, b'{\n  "')
        plain = self.ask()
        self.assertEqual((plain.raw, plain.headers["Content-Type"]), (b"hello", "text/plain"))
        chunked = self.ask()
        self.assertEqual((chunked.headers["Transfer-Encoding"], "chart_type" in chunked.text()), ("chunked", True))
        self.assertIn("chart_type", self.ask().text())
        self.assertEqual(self.ask().status, 418)
        self.assertEqual(self.ask().headers["X-Extra"], "1")

    def test_server_timeout(self) -> None:
        self.script({"hold": True})
        answer = self.ask(x_server_timeout="1")
        self.assertEqual((answer.status, answer.error()["status"]), (504, "DEADLINE_EXCEEDED"))
        self.assertEqual(self.control("GET", "/__stats")["held"], 0)

    def test_chunked_upload_keep_alive_and_expect(self) -> None:
        body = json.dumps(body_of()).encode()
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:7], body[7:9], body[9:])) + b"0\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
            client.sendall(self.raw_request(b"\r\n" + chunks, "Transfer-Encoding: chunked\r\n"))
            with client.makefile("rb") as stream:
                first = self.read_one(stream)
                client.sendall(self.raw_request(b"\r\n", f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n"))
                self.assertEqual((stream.readline(), stream.readline()), (b"HTTP/1.1 100 Continue\r\n", b"\r\n"))
                client.sendall(body)
                second = self.read_one(stream)
        self.assertNotEqual(first["responseId"], second["responseId"])
        shown = self.control("GET", "/__requests")["requests"]
        self.assertEqual([(one["chunked"], one["expect_continue"]) for one in shown], [(True, False), (False, True)])
        self.assertEqual(self.control("GET", "/__stats")["connections_total"], 1)

    def read_one(self, stream: Any) -> Any:
        length = 0
        while (line := stream.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return json.loads(stream.read(length))

    def test_close_after_an_answer(self) -> None:
        for close, said in (("announced", True), ("silent", False)):
            received, reset = self.read_all({"close": close})
            self.assertEqual((reset, b"Connection: close" in received, b"responseId" in received), (False, said, True))

    def test_broken_http(self) -> None:
        for head in (b"nonsense\r\n\r\n", self.raw_request(b"\r\n", "Content-Length: 99999999\r\n")):
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
                client.sendall(head)
                self.assertIn(client.recv(4096)[9:12], (b"400", b"413"))
        self.assertEqual(self.control("GET", "/__stats")["bad_http"], 2)

    def test_two_hundred_at_once(self) -> None:
        self.control("POST", "/__script", {"default": {"hold": True}})
        body = json.dumps(body_of()).encode()
        request = self.raw_request(b"\r\n" + body, f"Content-Length: {len(body)}\r\nConnection: close\r\n")
        clients = [socket.create_connection(("127.0.0.1", self.port), timeout=10) for _ in range(200)]
        try:
            for client in clients:
                client.sendall(request)
            self.control("GET", "/__wait?in_flight=200")
            self.control("POST", "/__release")
            for client in clients:
                self.assertEqual(client.recv(12), b"HTTP/1.1 200")
        finally:
            for client in clients:
                client.close()
        stats = self.control("GET", "/__stats")
        self.assertEqual((stats["ok"], stats["max_in_flight"], stats["connections_total"]), (200, 200, 200))
