"""HTTP as a conversation: framing, keep-alive, pipelining, Expect, old versions."""

from __future__ import annotations

import hashlib

from harness import (
    HANG, HOLD, Closed, ServerTest, burst, close_all, png, post_image, post_raw, request, wait_empty, wait_occupancy,
)  # fmt: skip

CHUNKED = {"Transfer-Encoding": "chunked"}
EXPECT = {"Expect": "100-continue"}


def chunked(data: bytes, size: int, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    """`data` in chunks of `size`."""
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    framed = b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces)
    return framed + b"0\r\n" + trailer + b"\r\n"


def head_and_body(data: bytes) -> tuple[bytes, bytes]:
    head, _, body = data.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", body


class Bodies(ServerTest):
    def test_chunked_bodies_arrive_whole(self) -> None:
        image = png(200, 100, noise=True)
        for size in (1, 7, 1000, 100_000):
            body = chunked(image if size > 1 else png(), size)
            response = self.exchange(post_raw(b"", headers=CHUNKED) + body)
            self.assertEqual(response.status, 200, response.raw)
        self.assertEqual(response.json()["image"]["sha256"], hashlib.sha256(image).hexdigest())

    def test_chunk_extensions_and_trailers_are_dropped(self) -> None:
        body = chunked(png(), 50, b';name="a;b"', b"X-Checksum: 1\r\nX-Other: 2\r\n")
        with self.connect() as connection:
            for _ in range(2):
                connection.send(post_raw(b"", headers=CHUNKED) + body)
                self.assertEqual(connection.read_response().status, 200)

    def test_a_body_may_come_in_single_bytes(self) -> None:
        data = post_image(png(4, 4))
        with self.connect() as connection:
            for at in range(len(data)):
                connection.send(data[at : at + 1])
            self.assertEqual(connection.read_response().status, 200)

    def test_a_large_body_arrives_whole(self) -> None:
        image = png(1500, 1000, noise=True)
        response = self.exchange(post_image(image))
        self.assertEqual(response.status, 200)
        self.assertEqual(response.json()["image"]["sha256"], hashlib.sha256(image).hexdigest())
        sent = self.fake.requests()[0]["body"]["contents"][0]["parts"][0]["inlineData"]["data"]
        self.assertEqual(sent["sha256"], hashlib.sha256(image).hexdigest())

    def test_a_client_that_only_closed_its_sending_half_is_taken_for_gone(self) -> None:
        self.fake.script([HOLD])
        with self.connect() as connection:
            connection.send(post_image())
            self.fake.wait(held=1)
            connection.half_close()
            self.fake.wait(client_gone=1)
            self.assertEqual(connection.read_eof(), b"")
        wait_empty(self.server)


class ExpectContinue(ServerTest):
    options = {"QUEUE_LIMIT": 1}

    def test_the_body_is_asked_for_once_the_request_is_admitted(self) -> None:
        head, body = head_and_body(post_image(headers=EXPECT))
        with self.connect() as connection:
            connection.send(head)
            interim = connection.read_response(interim=True)
            self.assertEqual((interim.status, interim.headers), (100, []))
            connection.send(body)
            response = connection.read_response(interim=True)
            self.assertEqual(response.status, 200)
            connection.send(post_image())
            self.assertEqual(connection.read_response(interim=True).status, 200, "and not asked for without Expect")

    def test_a_body_that_comes_anyway_is_not_asked_for(self) -> None:
        with self.connect() as connection:
            connection.send(post_image(headers=EXPECT))
            self.assertEqual(connection.read_response(interim=True).status, 200)

    def test_a_queued_request_is_asked_for_its_body_only_when_it_gets_a_place(self) -> None:
        self.fake.script(default=HOLD)
        running = burst(self.port, 4)
        self.fake.wait(held=4)
        head, body = head_and_body(post_image(headers=EXPECT))
        with self.connect() as connection:
            connection.send(head)
            wait_occupancy(self.server, 4, 1)
            connection.socket.setblocking(False)
            with self.assertRaises(BlockingIOError):
                connection.socket.recv(1)
            connection.socket.settimeout(HANG)
            self.fake.release_all()
            self.assertEqual(connection.read_response(interim=True).status, 100)
            connection.send(body)
            self.assertEqual(connection.read_response(interim=True).status, 200)
        close_all(running)

    def test_a_refused_request_is_not_asked_for_its_body(self) -> None:
        big = {**EXPECT, "Content-Type": "image/png", "Content-Length": "999999999"}
        wrong = {**EXPECT, "Content-Type": "text/html", "Content-Length": "5"}
        for headers, status in ((big, 413), (wrong, 415)):
            with self.connect() as connection:
                connection.send(request("POST", "/analyze", headers=headers))
                self.assertEqual(connection.read_response(interim=True).status, status)
        self.fake.script(default=HOLD)
        held = burst(self.port, 6)
        self.fake.wait(held=4)
        wait_occupancy(self.server, 4, 2)
        with self.connect() as connection:
            connection.send(head_and_body(post_image(headers=EXPECT))[0])
            refused = connection.read_response(interim=True)
            self.assertEqual((refused.status, refused.code()), (503, "overloaded"))
        close_all(held)
        self.fake.wait(client_gone=4)
        wait_empty(self.server)

    def test_other_expectations_are_refused(self) -> None:
        response = self.exchange(post_image(headers={"Expect": "200-ok"}))
        self.assertEqual((response.status, response.code()), (417, "expectation_failed"))
        self.assertEqual(self.fake.stats()["requests"], 0)


class Connections(ServerTest):
    def test_a_connection_is_kept_for_many_requests(self) -> None:
        with self.connect() as connection:
            ids = set()
            for _ in range(20):
                response = connection.send(post_image()).read_response()
                self.assertEqual(response.status, 200)
                ids.add(response.header("X-Request-ID"))
            self.assertEqual(connection.send(request("GET", "/healthz")).read_response("GET").status, 200)
            self.assertEqual(len(ids), 20)

    def test_answers_that_have_read_their_body_keep_the_connection(self) -> None:
        with self.connect() as connection:
            self.assertEqual(connection.send(request("GET", "/nothing")).read_response("GET").status, 404)
            refused = connection.send(post_raw(b"not an image")).read_response()
            self.assertEqual(refused.status, 415)
            self.assertEqual(connection.send(post_image()).read_response().status, 200)

    def test_connection_close_is_obeyed(self) -> None:
        with self.connect() as connection:
            response = connection.send(post_image(headers={"Connection": "close"})).read_response()
            self.assertEqual((response.status, response.header("Connection")), (200, "close"))
            self.assertEqual(connection.read_eof(), b"")

    def test_http_1_0_gets_an_answer_and_a_close_unless_it_asks_to_be_kept(self) -> None:
        body = png()
        head = f"POST /analyze HTTP/1.0\r\nContent-Type: image/png\r\nContent-Length: {len(body)}\r\n"
        with self.connect() as connection:
            response = connection.send(head.encode() + b"\r\n" + body).read_response()
            self.assertEqual((response.status, response.version), (200, "HTTP/1.0"))
            self.assertEqual(connection.read_eof(), b"")
        with self.connect() as connection:
            for _ in range(2):
                connection.send(head.encode() + b"Connection: keep-alive\r\n\r\n" + body)
                response = connection.read_response()
                self.assertEqual(response.status, 200)
                self.assertEqual((response.header("Connection") or "").lower(), "keep-alive")

    def test_a_blank_line_before_a_request_is_skipped_but_not_two(self) -> None:
        with self.connect() as connection:
            self.assertEqual(connection.send(b"\r\n" + post_image()).read_response().status, 200)
            self.assertEqual(connection.send(b"\r\n" + post_image()).read_response().status, 200)
            self.assertEqual(connection.send(b"\r\n\r\n" + post_image()).read_response().status, 400)

    def test_head_gets_the_header_alone(self) -> None:
        for path in ("/healthz", "/readyz", "/version"):
            with self.connect() as connection:
                got = connection.send(request("GET", path)).read_response("GET")
                head = connection.send(request("HEAD", path)).read_response("HEAD")
                self.assertEqual((head.status, head.body), (200, b""))
                self.assertEqual(head.header("Content-Type"), got.header("Content-Type"))
                self.assertEqual(head.header("Content-Length"), got.header("Content-Length"))
                self.assertEqual(connection.send(request("GET", path)).read_response("GET").body, got.body)

    def test_options_tells_what_is_allowed(self) -> None:
        allowed = {"/analyze": "POST, OPTIONS", "/healthz": "GET, HEAD, OPTIONS", "*": "GET, HEAD, POST, OPTIONS"}
        with self.connect() as connection:
            for target, methods in allowed.items():
                response = connection.send(request("OPTIONS", target)).read_response("OPTIONS")
                self.assertEqual((response.status, response.header("Allow")), (204, methods))
                self.assertIsNone(response.header("Content-Length"), "RFC 9110, 8.6")


class Pipelining(ServerTest):
    def test_requests_sent_at_once_are_answered_in_order(self) -> None:
        data = post_image(file_name="one.png") + request("GET", "/version") + post_image(file_name="two.png")
        data += request("GET", "/nothing") + post_image(file_name="three.png")
        with self.connect() as connection:
            connection.send(data)
            found = []
            for method in ("POST", "GET", "POST", "GET", "POST"):
                response = connection.read_response(method)
                found.append((response.status, (response.header("X-Request-ID") or "").split("_")[0]))
            expected = [(200, "one"), (200, "image"), (200, "two"), (404, "image"), (200, "three")]
            self.assertEqual(found, expected)

    def test_many_small_requests_sent_at_once(self) -> None:
        with self.connect() as connection:
            connection.send(request("GET", "/healthz") * 300)
            self.assertEqual({connection.read_response("GET").status for _ in range(300)}, {200})

    def test_a_second_request_waits_for_the_first_ones_answer(self) -> None:
        self.fake.script([HOLD, HOLD])
        with self.connect() as connection:
            connection.send(post_image(file_name="first.png") + post_image(file_name="second.png"))
            self.fake.wait(held=1)
            self.assertEqual(self.fake.stats()["requests"], 1)
            self.fake.release()
            self.assertTrue((connection.read_response().header("X-Request-ID") or "").startswith("first_"))
            self.fake.wait(held=1, requests=2)
            self.fake.release()
            self.assertTrue((connection.read_response().header("X-Request-ID") or "").startswith("second_"))

    def test_a_client_is_seen_to_leave_behind_bytes_that_nobody_reads(self) -> None:
        leavings = {"close": lambda connection: connection.close(), "reset": lambda connection: connection.reset()}
        for count, (how, leave) in enumerate(leavings.items(), 1):
            with self.subTest(how):
                self.fake.script([HOLD])
                with self.connect() as connection:
                    connection.send(post_image() + post_image())
                    self.fake.wait(held=1)
                    leave(connection)
                    self.fake.wait(client_gone=count)
        wait_empty(self.server)
        self.assertEqual(self.fake.stats()["requests"], 2, "the second ones were never begun")

    def test_what_follows_a_refused_body_is_not_taken_for_a_request(self) -> None:
        smuggled = request("GET", "/version")
        headers = {"Content-Type": "text/html", "Content-Length": str(len(smuggled))}
        with self.connect() as connection:
            connection.send(request("POST", "/analyze", headers=headers) + smuggled)
            response = connection.read_response()
            self.assertEqual((response.status, response.header("Connection")), (415, "close"))
            with self.assertRaises(Closed):
                connection.read_response()
