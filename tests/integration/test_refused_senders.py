"""Refusals in the middle of an upload: the answer must reach a client that is still sending."""

from __future__ import annotations

import threading

from harness import BOUNDARY, HOLD, ServerTest, burst, post_image, post_raw, request


class RefusedWhileSending(ServerTest):
    """The client sends everything before it reads: the answer must have survived that."""

    options = {"WORKERS": 1, "LIMIT_CONCURRENCY": 1, "QUEUE_LIMIT": 0}
    BODY = bytes(10_000_000)

    def test_a_busy_servers_503_is_seen_after_ten_megabytes(self) -> None:
        self.fake.script([HOLD])
        (held,) = burst(self.port, 1)
        self.fake.wait(held=1)
        for data in (post_raw(self.BODY), post_image(self.BODY)):
            with self.connect() as connection:
                response = connection.send(data).read_response()
                self.assertEqual((response.status, response.code()), (503, "overloaded"))
                self.assertEqual(response.header("Connection"), "close")
                self.assertEqual(connection.read_eof(), b"")
        self.fake.release()
        self.assertEqual(held.read_response().status, 200)

    def test_a_413_is_seen_after_a_megabyte_too_much(self) -> None:
        data = post_raw(bytes(16_000_000))
        with self.connect() as connection:
            response = connection.send(data).read_response()
            self.assertEqual((response.status, response.code()), (413, "payload_too_large"))
            self.assertEqual(connection.read_eof(), b"")

    def test_a_413_is_seen_at_once_by_a_client_that_announces_any_size(self) -> None:
        headers = {"Content-Type": "image/png", "Content-Length": str(10**15)}
        with self.connect() as connection:
            connection.send(request("POST", "/analyze", headers=headers))
            self.assertEqual(connection.read_response().status, 413)

    def test_a_chunked_body_that_grows_too_large_is_answered(self) -> None:
        head = post_raw(b"", headers={"Transfer-Encoding": "chunked"})
        with self.connect() as connection:
            connection.send(head)
            for _ in range(16):
                connection.send(b"%x\r\n" % 1_000_000 + bytes(1_000_000) + b"\r\n")
            response = connection.send(b"0\r\n\r\n").read_response()
            self.assertEqual((response.status, response.code()), (413, "payload_too_large"))

    def test_other_refusals_are_seen_after_ten_megabytes(self) -> None:
        form = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        cases = {
            ("/nothing", "image/png"): 404, ("/healthz", "image/png"): 405, ("/analyze", "text/html"): 415,
            ("/analyze?engine=none", form["Content-Type"]): 400,
        }  # fmt: skip
        for (target, content_type), status in cases.items():
            with self.connect() as connection:
                connection.send(post_raw(self.BODY, target, {"Content-Type": content_type}))
                self.assertEqual(connection.read_response().status, status)
        self.assertEqual(self.fake.stats()["requests"], 0)

    def test_a_refused_client_that_goes_on_sending_slowly_is_cut_off(self) -> None:
        with self.connect() as connection:
            connection.send(post_raw(self.BODY, "/nothing")[:1000])
            self.assertEqual(connection.read_response().status, 404)
            with self.assertRaises(ConnectionError):
                while True:
                    connection.send(b"x")
                    threading.Event().wait(0.05)
