"""Clients that send or read too slowly, or not at all: cut off in time, and told why."""

from __future__ import annotations

import re
import select
import threading

from harness import (
    HOLD, SLOW, FakeTest, RawConnection, ServerTest, get, png, post_image, post_raw, request, upload, wait_empty,
    wait_occupancy,
)  # fmt: skip

SHORT = 0.8 * SLOW  # seconds: the timeouts under test
LONG = 600


def drip(connection: RawConnection, data: bytes, pause: float) -> int:
    """Sends byte by byte until the server says something; how many bytes that took."""
    for at in range(len(data)):
        connection.send(data[at : at + 1])
        if select.select([connection.socket], [], [], pause)[0]:
            return at + 1
    raise AssertionError("the server let it happen")


def pass_time(seconds: float) -> None:
    threading.Event().wait(seconds)


class SlowHeaders(ServerTest):
    options = {"HEADER_TIMEOUT": SHORT, "IDLE_TIMEOUT": LONG, "BODY_TIMEOUT": LONG}

    def test_a_dripping_header_is_answered_408(self) -> None:
        data = b"POST /analyze HTTP/1.1\r\n" + b"X-Slow: " + b"y" * 10_000
        with self.connect() as connection:
            drip(connection, data, SHORT / 10)
            response = connection.read_response()
            self.assertEqual((response.status, response.code()), (408, "request_timeout"))
            self.assertEqual(response.header("Connection"), "close")
            self.assertEqual(connection.read_eof(), b"")

    def test_a_header_that_stops_is_answered_408_also_on_a_kept_connection(self) -> None:
        with self.connect() as connection:
            for _ in range(2):
                self.assertEqual(connection.send(post_image()).read_response().status, 200)
            connection.send(b"GET /healthz HTTP/1.1\r\n")
            self.assertEqual(connection.read_response().code(), "request_timeout")

    def test_the_time_is_anew_for_each_request_and_idle_time_does_not_count(self) -> None:
        with self.connect() as connection:
            for _ in range(3):
                pass_time(SHORT * 0.55)
                self.assertEqual(connection.send(request("GET", "/healthz")).read_response("GET").status, 200)

    def test_a_timeout_of_the_header_does_not_touch_the_body(self) -> None:
        data = post_image()
        with self.connect() as connection:
            connection.send(data[:-10])
            pass_time(SHORT * 2)
            self.assertEqual(connection.send(data[-10:]).read_response().status, 200)


class SlowBodies(ServerTest):
    options = {"HEADER_TIMEOUT": LONG, "IDLE_TIMEOUT": LONG, "BODY_TIMEOUT": SHORT, "REQUEST_TIMEOUT": SHORT * 4}

    def test_a_body_that_stops_is_answered_408_and_its_place_is_free(self) -> None:
        chunked = post_raw(b"", headers={"Transfer-Encoding": "chunked"}) + b"1000\r\nabc" + b" " * 20
        for data in (post_image(), chunked):
            with self.connect() as connection:
                connection.send(data[:-10])
                response = connection.read_response()
                self.assertEqual((response.status, response.code()), (408, "request_timeout"))
                self.assertEqual(connection.read_eof(), b"")
        wait_empty(self.server)
        self.assertEqual(self.fake.stats()["requests"], 0)

    def test_a_body_asked_for_with_continue_that_never_comes(self) -> None:
        head = post_image(headers={"Expect": "100-continue"}).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        with self.connect() as connection:
            connection.send(head)
            self.assertEqual(connection.read_response(interim=True).status, 100)
            self.assertEqual(connection.read_response().status, 408)

    def test_a_body_that_drips_is_cut_by_the_time_of_the_whole_request(self) -> None:
        data = post_image(png(100, 100, noise=True))
        head = data.index(b"\r\n\r\n") + 4
        with self.connect() as connection:
            connection.send(data[:head])
            drip(connection, data[head:], SHORT / 4)
            self.assertEqual(connection.read_response().status, 408)
        wait_empty(self.server)

    def test_a_slow_body_is_no_fault_as_long_as_it_moves(self) -> None:
        data = post_image()
        with self.connect() as connection:
            for piece in range(3):
                connection.send(data[piece * len(data) // 4 : (piece + 1) * len(data) // 4])
                pass_time(SHORT / 2.2)
            self.assertEqual(connection.send(data[3 * len(data) // 4 :]).read_response().status, 200)

    def test_gemini_may_take_longer_than_the_body(self) -> None:
        self.fake.script([{"latency_ms": SHORT * 2000}])
        self.assertEqual(self.exchange(post_image()).status, 200)

    def test_the_deadline_of_the_request_ends_the_call_to_gemini(self) -> None:
        self.fake.script([HOLD])
        response = self.exchange(post_image())
        self.assertEqual((response.status, response.code()), (504, "deadline_exceeded"))
        self.fake.wait(client_gone=1)
        wait_empty(self.server)


class IdleConnections(ServerTest):
    options = {"HEADER_TIMEOUT": LONG, "IDLE_TIMEOUT": SHORT, "BODY_TIMEOUT": LONG}

    def test_connections_that_say_nothing_are_closed_without_a_word(self) -> None:
        with self.connect() as silent, self.connect() as kept:
            self.assertEqual(silent.read_eof(), b"")
            self.assertEqual(kept.read_eof(), b"")
        with self.connect() as kept:
            self.assertEqual(kept.send(post_image()).read_response().status, 200)
            self.assertEqual(kept.read_eof(), b"")
        self.assertEqual(self.log("Request finished .*status=4"), [])

    def test_a_request_that_takes_longer_is_not_idle(self) -> None:
        self.fake.script([{"latency_ms": SHORT * 2000}])
        with self.connect() as connection:
            self.assertEqual(connection.send(post_image()).read_response().status, 200)
            self.assertEqual(connection.send(post_image()).read_response().status, 200)


class SlowReaders(ServerTest):
    options = {"WRITE_TIMEOUT": SHORT, "IDLE_TIMEOUT": LONG, "WORKERS": 1, "LIMIT_CONCURRENCY": 1}
    SIZE = 8_000_000

    def setUp(self) -> None:
        super().setUp()
        self.fake.script([{"oddity": "huge_text", "bytes": self.SIZE}])

    def test_a_client_that_does_not_read_is_cut_off(self) -> None:
        with self.connect(receive_buffer=4096) as connection:
            connection.send(post_image())
            self.wait_log("Request finished .*code=client_gone")
            try:
                received = len(connection.read_eof())
            except ConnectionResetError:
                received = 0
            self.assertLess(received, self.SIZE)

    def test_it_holds_no_place_meanwhile(self) -> None:
        with self.connect(receive_buffer=4096) as connection:
            connection.send(post_image())
            connection.socket.recv(1)
            self.assertEqual(upload(self.port).status, 200)

    def test_a_client_that_reads_slowly_but_steadily_gets_everything(self) -> None:
        with self.connect(receive_buffer=65536) as connection:
            connection.send(post_image())
            start = b""
            for _ in range(12):
                pass_time(SHORT / 4)
                start += connection.socket.recv(1 << 20)
            self.assertLess(len(start), self.SIZE, "it was slow")
            head, _, body = start.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            assert length is not None
            received = len(body)
            while piece := connection.socket.recv(1 << 20):
                received += len(piece)
                if received >= int(length[1]):
                    break
            self.assertEqual(received, int(length[1]))


class ConnectionLimit(FakeTest):
    def test_no_more_connections_are_taken_than_allowed_and_the_next_one_waits(self) -> None:
        with self.serve(WORKERS=1, MAX_CONNECTIONS=3) as server:
            idle = [RawConnection(server.port) for _ in range(3)]
            for connection in idle:
                self.assertEqual(connection.send(request("GET", "/healthz")).read_response("GET").status, 200)
            fourth = RawConnection(server.port, timeout=0.5).send(request("GET", "/healthz"))
            with self.assertRaises(TimeoutError):
                fourth.read_response("GET")
            idle[0].close()
            fourth.socket.settimeout(30 * SLOW)
            self.assertEqual(fourth.read_response("GET").status, 200)

    def test_uploads_that_wait_for_their_body_are_shown_as_running(self) -> None:
        with self.serve(WORKERS=1, LIMIT_CONCURRENCY=1) as server:
            with RawConnection(server.port) as connection:
                data = post_image()
                connection.send(data[:-5])
                wait_occupancy(server, 1, 0)
                self.assertEqual(get(server.port, "/healthz").status, 200)
                self.assertEqual(connection.send(data[-5:]).read_response().status, 200)
