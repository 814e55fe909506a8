"""Workers that die, hang or lose their supervisor: what is lost, and that nothing else is."""

from __future__ import annotations

import os
import random
import signal
import threading

from harness import (
    HANG, HOLD, Closed, FakeTest, RawConnection, Server, burst, close_all, eventually, get, post_image, statuses,
    upload, wait_empty, wait_occupancy,
)  # fmt: skip

GONE = (Closed, ConnectionError)


class Crashes(FakeTest):
    def crashing(self, **options: object) -> Server:
        options = {"WORKERS": 3, "LIMIT_CONCURRENCY": 2, "QUEUE_LIMIT": 1, **options}
        return self.serve(allowed_errors=["Worker ended"], **options)

    def kill(self, server: Server, index: int = 0) -> None:
        """Kills a worker and waits for its successor."""
        before = len(server.lines)
        os.kill(server.worker_pids()[index], signal.SIGKILL)
        server.wait_log(r"Worker ended .*reason=.?signal 9", since=before)
        server.wait_log("Worker started", since=before)

    def full_capacity(self, server: Server, running: int = 6, queued: int = 3) -> None:
        """Exactly so many run, so many wait, and one more is refused."""
        self.fake.script(default=HOLD)
        wait_empty(server)
        asked = self.fake.stats()["requests"]
        connections = burst(server.port, running)
        self.fake.wait(requests=asked + running, held=running)
        connections += burst(server.port, queued)
        wait_occupancy(server, running, queued)
        self.assertEqual(upload(server.port).status, 503)
        self.assertEqual(self.fake.stats()["held"], running)
        self.fake.release_all()
        self.assertEqual(statuses(connections), [200] * (running + queued))

    def test_a_killed_worker_loses_its_requests_and_no_others(self) -> None:
        self.fake.script(default=HOLD)
        with self.crashing() as server:
            connections = burst(server.port, 6)
            self.fake.wait(held=6)
            self.kill(server)
            self.fake.wait(client_gone=2)
            wait_occupancy(server, 4, 0)
            connections += burst(server.port, 2)
            self.fake.wait(requests=8, held=6)
            wait_occupancy(server, 6, 0)
            self.assertEqual(self.fake.stats()["in_flight"], 6)
            connections += burst(server.port, 3)
            wait_occupancy(server, 6, 3)
            self.assertEqual(upload(server.port).status, 503)
            self.fake.release_all()
            lost = 0
            for connection in connections:
                try:
                    self.assertEqual(connection.read_response().status, 200)
                except GONE:
                    lost += 1
            self.assertEqual(lost, 2)
            self.full_capacity(server)

    def test_those_who_wait_in_it_are_lost_with_it_and_their_queue_places_are_free(self) -> None:
        self.fake.script(default=HOLD)
        with self.crashing(WORKERS=2, LIMIT_CONCURRENCY=1, QUEUE_LIMIT=2) as server:
            connections = burst(server.port, 2)
            self.fake.wait(held=2)
            connections += burst(server.port, 4)
            wait_occupancy(server, 2, 4)
            self.kill(server)
            self.fake.wait(client_gone=1)
            # The other worker's waiters take the free place over: two of them are left, one has moved up.
            self.fake.wait(requests=3, held=2)
            wait_occupancy(server, 2, 1)
            self.fake.release_all()
            lost = 0
            for connection in connections:
                try:
                    self.assertEqual(connection.read_response().status, 200)
                except GONE:
                    lost += 1
            self.assertEqual(lost, 3)
            self.full_capacity(server, 2, 4)

    def test_all_killed_at_once_are_all_replaced(self) -> None:
        self.fake.script(default=HOLD)
        with self.crashing() as server:
            lost = burst(server.port, 6)
            self.fake.wait(held=6)
            old, before = server.worker_pids(), len(server.lines)
            for pid in old:
                os.kill(pid, signal.SIGKILL)
            for connection in lost:
                with self.assertRaises(GONE):
                    connection.read_response()
            server.wait_log("Worker started", 3, before)
            self.assertFalse(set(old) & set(server.worker_pids()))
            self.full_capacity(server)

    def test_connections_made_while_no_worker_lives_are_served_by_the_next_ones(self) -> None:
        with self.crashing(WORKERS=1) as server:
            self.kill(server)
            os.kill(server.worker_pids()[0], signal.SIGKILL)  # now the restart is put off a little
            self.assertEqual(upload(server.port).status, 200)

    def test_restarts_are_put_off_more_and_more(self) -> None:
        with self.crashing(WORKERS=1) as server:
            for _ in range(4):
                self.kill(server)
            delays = [line.rsplit("restart_in_ms=", 1)[1].split()[0] for line in server.grep("Worker ended")]
            self.assertEqual(delays, ["0", "100", "200", "400"])
            self.assertEqual(upload(server.port).status, 200)

    def test_killing_under_load_leaves_no_place_lost_or_doubled(self) -> None:
        self.fake.script(default={"latency_ms": 20})
        with self.crashing(LOG_LEVEL="info") as server:
            stop = threading.Event()
            odd: list[object] = []
            threads = [threading.Thread(target=visit_until, args=(server.port, stop, odd)) for _ in range(16)]
            for thread in threads:
                thread.start()
            chance = random.Random(7)
            for kills in range(1, 9):
                pids = eventually(lambda: server.worker_pids() if len(server.worker_pids()) == 3 else [])
                os.kill(chance.choice(pids), signal.SIGKILL)
                server.wait_log("Worker ended", kills)
                self.fake.wait(requests=self.fake.stats()["requests"] + 20)
            stop.set()
            for thread in threads:
                thread.join()
            self.assertEqual(odd, [])
            eventually(lambda: get(server.port, "/readyz").json()["workers"] == 3)
            wait_empty(server)
            self.fake.wait(idle=True)
            self.full_capacity(server)


def visit_until(port: int, stop: threading.Event, odd: list[object]) -> None:
    """Uploads again and again over kept connections; anything but an answer or a lost connection is odd."""
    while not stop.is_set():
        connection = RawConnection(port)
        try:
            for _ in range(5):
                answer = connection.send(post_image()).read_response()
                if answer.status not in (200, 503):
                    odd.append(answer.raw)
                if answer.status != 200:
                    break
        except GONE:
            pass
        except Exception as problem:
            odd.append(problem)
        finally:
            connection.close()


class HungWorker(FakeTest):
    def test_it_is_passed_over_and_taken_back(self) -> None:
        with self.serve(WORKERS=2, LIMIT_CONCURRENCY=1, QUEUE_LIMIT=0) as server:
            stopped = server.worker_pids()[1]
            os.kill(stopped, signal.SIGSTOP)
            self.addCleanup(continue_if_alive, stopped)
            eventually(lambda: get(server.port, "/readyz").json()["workers"] == 1)
            self.fake.script(default=HOLD)
            connections = burst(server.port, 1)
            self.fake.wait(held=1)
            self.assertEqual(upload(server.port).status, 503)
            os.kill(stopped, signal.SIGCONT)
            eventually(lambda: get(server.port, "/readyz").json()["workers"] == 2)
            connections += burst(server.port, 1)
            self.fake.wait(held=2)
            self.fake.release_all()
            self.assertEqual(statuses(connections), [200, 200])


def continue_if_alive(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass


class Orphans(FakeTest):
    def test_workers_leave_when_the_supervisor_dies_and_finish_what_they_have(self) -> None:
        self.fake.script(default=HOLD)
        with self.serve(DRAIN_TIMEOUT=HANG) as server:
            connections = burst(server.port, 3)
            self.fake.wait(held=3)
            idle = RawConnection(server.port)
            server.signal(signal.SIGKILL)
            server.wait_log("Worker drains .*reason=.?the supervisor is gone", 2)
            self.assertEqual(idle.read_eof(), b"")
            self.fake.release_all()
            self.assertEqual(statuses(connections), [200] * 3)
            close_all(connections)
            self.assertEqual(server.wait_exit(), -signal.SIGKILL)
            with self.assertRaises(ConnectionRefusedError):
                RawConnection(server.port)

    def test_idle_workers_leave_at_once(self) -> None:
        with self.serve(WORKERS=4) as server:
            server.signal(signal.SIGKILL)
            self.assertEqual(server.wait_exit(), -signal.SIGKILL)


class Ids(FakeTest):
    def test_two_hundred_requests_over_workers_and_a_restart_have_ids_of_their_own(self) -> None:
        ids: list[str | None] = []
        for _ in range(2):
            with self.serve(WORKERS=4, LIMIT_CONCURRENCY=5) as server:
                kept = [RawConnection(server.port) for _ in range(10)]
                for _ in range(10):
                    for connection in kept:
                        connection.send(post_image())
                    ids += [connection.read_response().header("X-Request-ID") for connection in kept]
        numbers = {str(one).rsplit("_", 1)[1] for one in ids}
        self.assertEqual(len(numbers), 200)
        self.assertTrue(all(number.isdigit() for number in numbers))
