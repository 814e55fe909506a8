"""Waiting for a place, and bursts that fill all places of many workers."""

from __future__ import annotations

from harness import (
    HOLD, FakeTest, RawConnection, Server, Uploads, burst, close_all, eventually, occupancy, post_image, statuses,
    upload, wait_occupancy,
)  # fmt: skip


class Queue(FakeTest):
    def test_who_waits_too_long_is_told_so_and_frees_the_queue(self) -> None:
        self.fake.script([HOLD])
        with self.serve(WORKERS=1, LIMIT_CONCURRENCY=1, QUEUE_LIMIT=1, QUEUE_TIMEOUT="200ms") as server:
            (held,) = burst(server.port, 1)
            self.fake.wait(held=1)
            for _ in range(3):
                late = upload(server.port)
                self.assertEqual((late.status, late.code()), (503, "queue_timeout"))
                self.assertGreaterEqual(int(late.header("Retry-After") or ""), 1)
            self.assertEqual(occupancy(server), (1, 0))
            self.assertEqual(self.fake.stats()["requests"], 1)
            self.fake.release()
            self.assertEqual(held.read_response().status, 200)
            self.assertEqual(upload(server.port).status, 200)

    def test_without_a_queue_the_refusal_comes_at_once(self) -> None:
        self.fake.script([HOLD])
        with self.serve(WORKERS=1, LIMIT_CONCURRENCY=1, QUEUE_LIMIT=0) as server:
            (held,) = burst(server.port, 1)
            self.fake.wait(held=1)
            self.assertEqual(upload(server.port).code(), "overloaded")
            self.fake.release()
            self.assertEqual(held.read_response().status, 200)

    def test_first_come_is_first_served(self) -> None:
        self.fake.script(default=HOLD)
        with self.serve(WORKERS=1, LIMIT_CONCURRENCY=1, QUEUE_LIMIT=8) as server:
            connections = burst(server.port, 1, post_image(prompt="0"))
            self.fake.wait(held=1)
            for number in range(1, 9):
                connections += burst(server.port, 1, post_image(prompt=str(number)))
                wait_occupancy(server, 1, number)
            for number in range(9):
                self.fake.wait(held=1, requests=number + 1)
                self.fake.release(1)
                self.assertEqual(connections[number].read_response().status, 200)
            prompts = [entry["body"]["contents"][0]["parts"][1]["text"] for entry in self.fake.requests()]
            self.assertEqual(prompts, [str(number) for number in range(9)])

    def test_a_place_free_in_one_worker_serves_those_who_wait_in_another(self) -> None:
        self.fake.script(default=HOLD)
        with self.serve(WORKERS=3, LIMIT_CONCURRENCY=1, QUEUE_LIMIT=4) as server:
            connections = burst(server.port, 3)
            self.fake.wait(held=3)
            connections += burst(server.port, 12)
            wait_occupancy(server, 3, 12)
            self.assertEqual(upload(server.port).status, 503)
            for answered in range(1, 13):
                self.fake.release(1)
                self.fake.wait(held=3, requests=3 + answered)
            self.fake.release_all()
            self.assertEqual(statuses(connections), [200] * 15)
            self.assertEqual(self.fake.stats()["max_in_flight"], 3)


class Bursts(FakeTest):
    def burst_runs(self, server: Server, count: int, rounds: int) -> None:
        for _ in range(rounds):
            uploads = Uploads(server.port, count)
            self.fake.wait(held=count)
            self.fake.release(count)
            self.assertEqual(uploads.statuses(), [200] * count)

    def test_forty_at_once_over_four_workers(self) -> None:
        self.fake.script(default=HOLD)
        with self.serve(WORKERS=4, LIMIT_CONCURRENCY=10, QUEUE_LIMIT=0) as server:
            self.burst_runs(server, 40, 5)
            self.assertEqual(self.fake.stats()["max_in_flight"], 40)

    def test_a_burst_right_after_the_start_is_taken(self) -> None:
        self.fake.script(default=HOLD)
        with self.serve(WORKERS=4, LIMIT_CONCURRENCY=5, QUEUE_LIMIT=0, LOG_LEVEL="info") as server:
            connections = burst(server.port, 20)  # Listening is logged before the first worker runs
            self.fake.wait(held=20)
            self.fake.release_all()
            self.assertEqual(statuses(connections), [200] * 20)

    def test_twenty_more_than_there_are_places_and_queue_places(self) -> None:
        self.fake.script(default=HOLD)
        with self.serve(WORKERS=4, LIMIT_CONCURRENCY=10, QUEUE_LIMIT=5) as server:
            uploads = Uploads(server.port, 80)
            refused = uploads.wait(20)
            self.fake.wait(held=40)
            self.assertEqual({(answer.status, answer.code()) for answer in refused}, {(503, "overloaded")})
            wait_occupancy(server, 40, 20)
            self.fake.release_all()
            self.assertEqual(uploads.statuses(), [200] * 60 + [503] * 20)
            self.assertEqual(self.fake.stats()["max_in_flight"], 40)

    def test_as_many_workers_as_one_likes(self) -> None:
        self.fake.script(default=HOLD)
        with self.serve(WORKERS=12, LIMIT_CONCURRENCY=3, QUEUE_LIMIT=0) as server:
            self.burst_runs(server, 36, 3)

    def test_kept_connections_of_all_at_once(self) -> None:
        with self.serve(WORKERS=4, LIMIT_CONCURRENCY=10, QUEUE_LIMIT=0) as server:
            connections = [RawConnection(server.port) for _ in range(80)]
            for connection in connections:
                self.assertEqual(connection.send(post_image()).read_response().status, 200)
            self.fake.script(default=HOLD)
            for half in (connections[:40], connections[40:], connections[20:60]):
                for connection in half:
                    connection.send(post_image())
                self.fake.wait(held=40)
                self.fake.release(40)
                self.assertEqual(statuses(half), [200] * 40)
            eventually(lambda: occupancy(server) == (0, 0))
            close_all(connections)
