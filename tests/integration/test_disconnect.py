"""Clients that leave: their work stops, their place is free at once, and nothing of them stays."""

from __future__ import annotations

import random
import threading
from typing import Callable

from harness import (
    HOLD, SLOW, FakeTest, RawConnection, ServerTest, burst, get, png, post_image, request, statuses, wait_empty,
    wait_occupancy,
)  # fmt: skip

LEAVINGS: dict[str, Callable[[RawConnection], None]] = {"close": RawConnection.close, "reset": RawConnection.reset}


class Disconnects(ServerTest):
    options = {"WORKERS": 2, "LIMIT_CONCURRENCY": 1, "QUEUE_LIMIT": 2}

    def test_while_queued_the_queue_place_is_free_and_gemini_is_not_asked(self) -> None:
        for how, leave in LEAVINGS.items():
            with self.subTest(how):
                self.fake.reset()
                wait_empty(self.server)
                self.fake.script(default=HOLD)
                held = burst(self.port, 2)
                self.fake.wait(held=2)
                waiting = burst(self.port, 4)
                wait_occupancy(self.server, 2, 4)
                for left, connection in enumerate(waiting, 1):
                    leave(connection)
                    wait_occupancy(self.server, 2, 4 - left)
                waiting = burst(self.port, 4)
                wait_occupancy(self.server, 2, 4)
                self.assertEqual(self.fake.stats()["requests"], 2)
                self.fake.release_all()
                self.assertEqual(statuses(held + waiting), [200] * 6)
                self.assertEqual(self.fake.stats()["requests"], 6)
        self.wait_log("Request finished .*status=499 code=client_gone")

    def test_while_uploading_the_place_is_free_at_once(self) -> None:
        data = post_image(png(300, 200, noise=True))
        for how, leave in LEAVINGS.items():
            for sent in (len(data) // 2, data.index(b"\r\n\r\n") + 4, len(data) - 1):
                with self.subTest(how=how, sent=sent):
                    connections = [RawConnection(self.port).send(data[:sent]) for _ in range(2)]
                    wait_occupancy(self.server, 2, 0)
                    for connection in connections:
                        leave(connection)
                    wait_empty(self.server)
        self.assertEqual(self.fake.stats()["requests"], 0)

    def test_while_gemini_works_the_call_is_cancelled(self) -> None:
        for how, leave in LEAVINGS.items():
            with self.subTest(how):
                self.fake.reset()
                wait_empty(self.server)
                self.fake.script(default=HOLD)
                held = burst(self.port, 2)
                self.fake.wait(held=2)
                for gone, connection in enumerate(held, 1):
                    leave(connection)
                    self.fake.wait(client_gone=gone)
                wait_empty(self.server)
                self.fake.release_all()
                self.assertEqual(statuses(burst(self.port, 2)), [200, 200])

    def test_a_place_left_goes_to_one_that_waits(self) -> None:
        self.fake.script(default=HOLD)
        first = burst(self.port, 2)
        self.fake.wait(held=2)
        second = burst(self.port, 2)
        wait_occupancy(self.server, 2, 2)
        for connection in first:
            connection.close()
        self.fake.wait(client_gone=2, requests=4, held=2)
        wait_occupancy(self.server, 2, 0)
        self.fake.release_all()
        self.assertEqual(statuses(second), [200, 200])

    def test_before_a_request_is_complete_nothing_is_taken(self) -> None:
        for part in (b"", b"P", b"POST /analyze HTTP/1.1\r\nHost: x\r\n"):
            for leave in LEAVINGS.values():
                leave(RawConnection(self.port).send(part))
        self.assertEqual(get(self.port, "/healthz").status, 200)
        wait_empty(self.server)
        self.fake.script(default=HOLD)
        held = burst(self.port, 2)
        self.fake.wait(held=2)
        self.fake.release_all()
        self.assertEqual(statuses(held), [200, 200])

    def test_while_the_answer_is_sent(self) -> None:
        self.fake.script([{"oddity": "huge_text", "bytes": 8_000_000}] * 2)
        for leave in LEAVINGS.values():
            connection = RawConnection(self.port, receive_buffer=4096).send(post_image())
            connection.socket.recv(1)
            leave(connection)
        self.wait_log("Request finished .*code=client_gone", 2)
        wait_empty(self.server)


class Churn(FakeTest):
    THREADS = 24
    VISITS = int(25 / min(SLOW, 5)) or 1

    def test_after_any_amount_of_coming_and_going_every_place_is_there(self) -> None:
        self.fake.script(default={"latency_ms": 15})
        with self.serve(WORKERS=2, LIMIT_CONCURRENCY=2, QUEUE_LIMIT=3, LOG_LEVEL="info") as server:
            failures: list[BaseException] = []

            def run(seed: int) -> None:
                try:
                    for number in range(self.VISITS):
                        visit(server.port, random.Random(f"{seed} {number}"))
                except BaseException as failure:
                    failures.append(failure)

            threads = [threading.Thread(target=run, args=(seed,)) for seed in range(self.THREADS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(failures, [])
            wait_empty(server)
            self.fake.wait(idle=True)
            asked = self.fake.stats()["requests"]
            self.fake.script(default=HOLD)
            connections = burst(server.port, 4)
            self.fake.wait(held=4)
            connections += burst(server.port, 6)
            wait_occupancy(server, 4, 6)
            self.assertEqual(statuses(burst(server.port, 1)), [503])
            self.fake.release_all()
            self.assertEqual(statuses(connections), [200] * 10)
            self.assertEqual(self.fake.stats()["requests"], asked + 10)


def visit(port: int, chance: random.Random) -> None:
    """One client that may leave at any point. A complete stay must end in an answer."""
    data = post_image(png(60, 40, seed=chance.randrange(5), noise=True))
    connection = RawConnection(port)
    leave = chance.choice([connection.close, connection.reset])
    try:
        match chance.randrange(8):
            case 0 | 1:
                for _ in range(chance.randint(1, 3)):
                    answer = connection.send(data).read_response()
                    assert answer.status in (200, 503), answer.raw
                    if answer.header("Connection") == "close":
                        break
            case 2 | 3:
                connection.send(data[: chance.randrange(len(data))])
            case 4:
                connection.send(data)
            case 5:
                connection.send(data)
                threading.Event().wait(chance.uniform(0, 0.06))  # leaves after a time, whatever happens meanwhile
            case 6:
                connection.send(data + data[: chance.randrange(len(data))])
                connection.read_response()
            case 7:
                answer = connection.send(request("GET", "/readyz")).read_response("GET")
                assert answer.json()["running"] <= 4, answer.raw
    except ConnectionError:
        pass  # refused in the middle of sending: the answer may come too late for a sender that does not read
    finally:
        leave()
