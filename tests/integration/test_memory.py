"""Memory: what requests have used is given back."""

from __future__ import annotations

import unittest
from pathlib import Path

from harness import HOLD, SANITIZED, FakeTest, RawConnection, Server, burst, eventually, png, post_image, statuses

MEGABYTE = 1_000_000


def proportional_size(server: Server) -> int:
    """Bytes of memory of all processes together; what they share counts once."""
    total = 0
    for pid in [server.pid, *server.worker_pids()]:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


@unittest.skipIf(SANITIZED, "sanitizers have memory of their own")
class Memory(FakeTest):
    def rounds(self, connections: list[RawConnection], count: int) -> None:
        for _ in range(count):
            for connection in connections:
                connection.send(post_image())
            self.assertEqual(statuses(connections), [200] * len(connections))

    def test_two_thousand_requests_leave_nothing(self) -> None:
        with self.serve(WORKERS=2, LIMIT_CONCURRENCY=4, LOG_LEVEL="info") as server:
            connections = [RawConnection(server.port) for _ in range(8)]
            self.rounds(connections, 50)
            before = proportional_size(server)
            self.rounds(connections, 250)
            self.assertLess(proportional_size(server) - before, 6 * MEGABYTE)

    def test_large_uploads_are_given_back(self) -> None:
        data = post_image(png(1500, 1000, noise=True))  # 4.5 MB
        with self.serve(WORKERS=2, LIMIT_CONCURRENCY=4) as server:
            self.assertEqual(statuses(burst(server.port, 8)), [200] * 8)
            before = proportional_size(server)
            self.fake.script(default=HOLD)
            connections = burst(server.port, 8, data)
            self.fake.wait(held=8)
            full = proportional_size(server) - before
            self.assertLess(full, 8 * 2 * len(data), "an upload is held once, and nothing like its pixels")
            self.fake.release_all()
            self.assertEqual(statuses(connections), [200] * 8)
            eventually(lambda: proportional_size(server) - before < 12 * MEGABYTE)
