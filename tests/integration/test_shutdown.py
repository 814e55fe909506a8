"""How the server ends: it finishes what it has, takes nothing new, and is never kept from ending."""

from __future__ import annotations

import signal
import threading
import unittest

from harness import (
    HANG, HOLD, SLOW, Closed, FakeTest, RawConnection, Server, burst, close_all, eventually, get, post_image,
    wait_occupancy,
)  # fmt: skip

GONE = (Closed, ConnectionError)


def refuses(server: Server) -> bool:
    try:
        RawConnection(server.port).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        pass
    return False


class Drain(FakeTest):
    def setUp(self) -> None:
        super().setUp()
        self.fake.script(default=HOLD)

    def test_what_runs_and_what_waits_is_finished_and_nothing_new_begun(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), self.serve(DRAIN_TIMEOUT=HANG) as server:
                self.fake.reset()
                kept = RawConnection(server.port)
                self.assertEqual(kept.send(post_image()).read_response().status, 200)
                fresh = RawConnection(server.port)
                self.fake.script(default=HOLD)
                connections = burst(server.port, 4)
                self.fake.wait(held=4)
                connections += burst(server.port, 3)
                wait_occupancy(server, 4, 3)
                server.signal(number)
                server.wait_log("Worker drains", 2)
                self.assertEqual(kept.read_eof(), b"")
                self.assertEqual(fresh.read_eof(), b"")
                eventually(lambda: refuses(server), "new connections are refused")
                self.assertEqual(self.fake.stats()["held"], 4)
                self.fake.release_all()
                for connection in connections:
                    response = connection.read_response()
                    self.assertEqual((response.status, response.header("Connection")), (200, "close"))
                    self.assertEqual(connection.read_eof(), b"")
                    connection.close()  # else the server waits a while for what may still come
                self.assertEqual(server.wait_exit(), 0)
                self.assertTrue(server.grep("Stopped"))

    def test_an_upload_that_is_on_its_way_arrives(self) -> None:
        self.fake.reset()
        data = post_image()
        with self.serve(DRAIN_TIMEOUT=HANG) as server:
            body = RawConnection(server.port).send(data[:-20])
            wait_occupancy(server, 1, 0)
            header = RawConnection(server.port).send(data[:40])
            self.assertEqual(get(server.port, "/healthz").status, 200)
            server.terminate()
            server.wait_log("Worker drains", 2)
            self.assertEqual(body.send(data[-20:]).read_response().status, 200)
            self.assertEqual(header.send(data[40:]).read_response().status, 200)
            close_all([body, header])
            self.assertEqual(server.wait_exit(), 0)

    @unittest.skipIf(SLOW > 1, "has one second of time")
    def test_a_connection_just_made_has_a_moment_for_its_request(self) -> None:
        self.fake.reset()
        with self.serve(DRAIN_TIMEOUT=HANG) as server:
            fresh = RawConnection(server.port)
            self.assertEqual(get(server.port, "/healthz").status, 200)
            server.terminate()
            server.wait_log("Worker drains", 2)
            response = fresh.send(post_image()).read_response()
            self.assertEqual((response.status, response.header("Connection")), (200, "close"))
            fresh.close()
            self.assertEqual(server.wait_exit(), 0)

    def test_pipelined_requests_after_the_last_answer_are_not_begun(self) -> None:
        with self.serve(DRAIN_TIMEOUT=HANG) as server:
            connection = RawConnection(server.port).send(post_image() * 2)
            self.fake.wait(held=1)
            server.terminate()
            server.wait_log("Worker drains", 2)
            self.fake.release_all()
            self.assertEqual(connection.read_response().header("Connection"), "close")
            self.assertEqual(connection.read_eof(), b"")
            connection.close()
            self.assertEqual(server.wait_exit(), 0)
            self.assertEqual(self.fake.stats()["requests"], 1)

    def test_a_client_that_leaves_does_not_hold_up_the_end(self) -> None:
        with self.serve(DRAIN_TIMEOUT=HANG) as server:
            connections = burst(server.port, 4)
            self.fake.wait(held=4)
            server.terminate()
            server.wait_log("Worker drains", 2)
            for connection in connections:
                connection.close()
            self.assertEqual(server.wait_exit(), 0)
            self.fake.wait(client_gone=4)

    def test_after_drain_timeout_the_rest_is_cut_off(self) -> None:
        with self.serve(DRAIN_TIMEOUT="300ms") as server:
            connections = burst(server.port, 4)
            self.fake.wait(held=4)
            connections += burst(server.port, 2)
            wait_occupancy(server, 4, 2)
            server.terminate()
            self.assertEqual(server.wait_exit(), 0)
            self.assertTrue(server.grep("DRAIN_TIMEOUT is over"))
            for connection in connections:
                with self.assertRaises(GONE):
                    connection.read_response()
            self.fake.wait(client_gone=4)

    def test_a_second_signal_ends_it_at_once(self) -> None:
        for first, second in ((signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGTERM)):
            with self.subTest(first=first), self.serve(DRAIN_TIMEOUT=600) as server:
                self.fake.reset()
                self.fake.script(default=HOLD)
                (held,) = burst(server.port, 1)
                self.fake.wait(held=1)
                server.signal(first)
                server.wait_log("Worker drains", 2)
                server.signal(second)
                self.assertEqual(server.wait_exit(), 128 + second)
                with self.assertRaises(GONE):
                    held.read_response()

    def test_without_work_it_ends_at_once(self) -> None:
        with self.serve(WORKERS=8, DRAIN_TIMEOUT=600) as server:
            server.terminate()
            self.assertEqual(server.wait_exit(), 0)

    def test_a_signal_right_after_the_start_is_obeyed(self) -> None:
        for _ in range(5):
            with self.serve(WORKERS=8, DRAIN_TIMEOUT=600, LOG_LEVEL="info") as server:
                server.terminate()  # Listening is logged before the first worker exists
                self.assertEqual(server.wait_exit(), 0)

    def test_a_slow_reader_and_a_refused_sender_do_not_hold_it_up_for_long(self) -> None:
        self.fake.script([{"oddity": "huge_text", "bytes": 8_000_000}])
        with self.serve(DRAIN_TIMEOUT=2, WRITE_TIMEOUT=600) as server:
            reader = RawConnection(server.port, receive_buffer=4096).send(post_image())
            reader.socket.recv(1)
            server.terminate()
            self.assertEqual(server.wait_exit(), 0)

    def test_under_load_every_request_taken_is_answered(self) -> None:
        self.fake.script(default={"latency_ms": 30})
        with self.serve(WORKERS=4, LIMIT_CONCURRENCY=4, DRAIN_TIMEOUT=HANG) as server:
            answers: list[int] = []
            cut: list[BaseException] = []
            arguments = (server.port, answers, cut)
            threads = [threading.Thread(target=upload_until_refused, args=arguments) for _ in range(24)]
            for thread in threads:
                thread.start()
            self.fake.wait(requests=100)
            server.terminate()
            for thread in threads:
                thread.join()
            self.assertEqual(server.wait_exit(), 0)
            self.assertEqual(cut, [])
            self.assertEqual(set(answers) - {503}, {200})
            self.assertEqual(answers.count(200), self.fake.stats()["ok"])


def upload_until_refused(port: int, answers: list[int], cut: list[BaseException]) -> None:
    """A new connection for each upload, until none is taken any more."""
    while True:
        try:
            connection = RawConnection(port)
        except (ConnectionRefusedError, ConnectionResetError):
            return
        try:
            answers.append(connection.send(post_image()).read_response().status)
        except Exception as problem:
            # Between the kernel's handshake and the close of the socket a connection may be reset unseen.
            if not isinstance(problem, ConnectionError):
                cut.append(problem)
            return
        finally:
            connection.close()
