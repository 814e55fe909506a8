"""Exactly WORKERS × LIMIT_CONCURRENCY requests run at once, over whichever connections they come."""

from __future__ import annotations

import re

from harness import (
    HOLD, RawConnection, ServerTest, Uploads, burst, close_all, get, occupancy, post_image, statuses, wait_empty,
    wait_occupancy,
)  # fmt: skip


class Capacity(ServerTest):
    """Two workers of two places, and one place to wait in each."""

    options = {"WORKERS": 2, "LIMIT_CONCURRENCY": 2, "QUEUE_LIMIT": 1}

    def setUp(self) -> None:
        super().setUp()
        self.fake.script(default=HOLD)

    def tearDown(self) -> None:
        wait_empty(self.server)
        super().tearDown()

    def fill(self, running: int = 4, queued: int = 0) -> list[RawConnection]:
        """Uploads that hold all places, and `queued` that wait; closed at the end of the test."""
        connections = burst(self.port, running)
        self.fake.wait(held=running)
        for _ in range(queued):
            connections += burst(self.port, 1)
        wait_occupancy(self.server, running, queued)
        self.addCleanup(close_all, connections)
        return connections

    def release(self, connections: list[RawConnection]) -> None:
        """Lets everything run, and sees that all are answered."""
        self.fake.release_all()
        self.assertEqual(statuses(connections), [200] * len(connections))

    def test_four_run_two_wait_and_the_seventh_is_refused_without_a_call(self) -> None:
        connections = self.fill(4, 2)
        with self.connect() as connection:
            refused = connection.send(post_image()).read_response()
            self.assertEqual((refused.status, refused.code()), (503, "overloaded"))
            self.assertGreaterEqual(int(refused.header("Retry-After") or ""), 1)
        seen = self.fake.stats()
        self.assertEqual((seen["in_flight"], seen["requests"]), (4, 4))
        self.release(connections)
        seen = self.fake.wait(requests=6, idle=True)
        self.assertEqual((seen["max_in_flight"], seen["ok"], seen["requests"]), (4, 6, 6))

    def test_each_place_that_comes_free_is_given_to_one_that_waits(self) -> None:
        connections = self.fill(4, 2)
        for released in (1, 2):
            self.fake.release(1)
            self.fake.wait(held=4, requests=4 + released)
            wait_occupancy(self.server, 4, 2 - released)
        self.release(connections)
        self.assertEqual(self.fake.stats()["max_in_flight"], 4)

    def test_a_burst_on_threads_fills_all_places(self) -> None:
        for round_number in range(1, 11):
            uploads = Uploads(self.port, 4)
            self.fake.wait(held=4)
            self.fake.release(4)
            self.assertEqual(uploads.statuses(), [200] * 4)
            self.assertEqual(self.fake.stats()["requests"], 4 * round_number)
        self.assertEqual(self.fake.stats()["max_in_flight"], 4)

    def test_connections_opened_first_all_run_at_once(self) -> None:
        connections = [self.connect() for _ in range(4)]
        self.assertEqual(get(self.port, "/healthz").status, 200)
        for connection in connections:
            connection.send(post_image())
        self.fake.wait(held=4)
        self.release(connections)

    def test_idle_connections_take_no_ones_place(self) -> None:
        idle = [self.connect() for _ in range(20)]
        self.release(self.fill(4))
        self.fake.script(default=HOLD)
        for connection in idle[8:12]:
            connection.send(post_image())
        self.fake.wait(held=4)
        self.release(idle[8:12])

    def test_a_half_sent_header_takes_no_ones_place(self) -> None:
        begun = [self.connect().send(b"POST /analyze HT") for _ in range(6)]
        self.release(self.fill(4))
        close_all(begun)

    def test_probes_are_answered_while_everything_is_full(self) -> None:
        connections = self.fill(4, 2)
        for _ in range(20):
            self.assertEqual(get(self.port, "/healthz").status, 200)
            ready = get(self.port, "/readyz").json()
            self.assertEqual((ready["running"], ready["queued"]), (4, 2))
        self.release(connections)

    def test_requests_on_kept_connections_of_one_worker_are_handed_over(self) -> None:
        self.fake.clear_default()
        by_worker = self.kept_connections(8)
        crowded = max(by_worker.values(), key=len)[:4]
        self.assertEqual(len(crowded), 4, by_worker)
        self.fake.script(default=HOLD)
        before = len(self.server.lines)
        for connection in crowded:
            connection.send(post_image(file_name="crowd.png"))
        self.fake.wait(held=4)
        self.assertEqual(occupancy(self.server), (4, 0))
        self.server.wait_log("Handed over", 2, before)
        self.release(crowded)
        self.assertEqual(len(self.server.grep("Handed over", before)), 2, "only those without a place")
        # The request's number stays the same where it goes on.
        for line in self.server.grep("Handed over", before):
            number = re.search(r"_(\d+)\]", line)
            assert number is not None
            self.server.wait_log(rf"\[crowd_{number.group(1)}\] Request finished .* status=200", 1, before)
        # A connection that moved serves further requests where it is.
        for connection in crowded:
            self.assertEqual(connection.send(post_image()).read_response().status, 200)

    def kept_connections(self, count: int) -> dict[str, list[RawConnection]]:
        """Connections that have served a request, by the worker that has them."""
        by_worker: dict[str, list[RawConnection]] = {}
        for _ in range(count):
            connection = self.connect()
            request_id = connection.send(post_image()).read_response().header("X-Request-ID")
            match = self.wait_log(rf"(w\d+) \[{request_id}\] Request finished")
            by_worker.setdefault(match.group(1), []).append(connection)
        return by_worker

    def test_a_large_pipelined_request_survives_the_handover(self) -> None:
        self.fake.clear_default()
        crowded = max(self.kept_connections(8).values(), key=len)[:4]
        self.fake.script(default=HOLD)
        for connection in crowded:
            connection.send(post_image(file_name="one.png") + post_image(file_name="two.png"))
        self.fake.wait(held=4)
        self.fake.release_all()
        for connection in crowded:
            for name in ("one", "two"):
                response = connection.read_response()
                self.assertEqual(response.status, 200)
                self.assertRegex(response.header("X-Request-ID") or "", f"^{name}_")

    def test_kept_connections_queue_and_are_refused_like_others(self) -> None:
        self.fake.clear_default()
        kept = [connection for some in self.kept_connections(8).values() for connection in some]
        self.fake.script(default=HOLD)
        self.assertEqual(len(kept), 8)
        for connection in kept[:4]:
            connection.send(post_image())
        self.fake.wait(held=4)
        for queued, connection in enumerate(kept[4:6], 1):
            connection.send(post_image())
            wait_occupancy(self.server, 4, queued)
        self.assertEqual(kept[6].send(post_image()).read_response().status, 503)
        self.release(kept[:6])
