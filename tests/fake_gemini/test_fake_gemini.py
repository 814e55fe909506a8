"""Tests of the control interface and of the process."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import unittest

from harness import HERE, IMAGE_MODEL, FakeTest, body_of, start
from pictures import annotated_png


class Control(FakeTest):
    def test_the_record(self) -> None:
        body = body_of(annotated_png())
        self.ask(body, IMAGE_MODEL)
        shown = self.control("GET", "/__requests?last=1")["requests"][0]
        self.assertEqual(shown["path"], f"/v1beta/models/{IMAGE_MODEL}:generateContent")
        blob = shown["body"]["contents"][0]["parts"][0]["inlineData"]
        self.assertEqual((blob["data"]["bytes"], blob["data"]["is"]), (len(annotated_png()), "image/png"))
        self.assertEqual((shown["status"], shown["model"], shown["client_gone"]), (200, IMAGE_MODEL, False))

    def test_wait_gives_up(self) -> None:
        answer = self.call("GET", "/__wait?requests=1&timeout_ms=1")
        self.assertEqual((answer.status, answer.json()["reached"]), (408, False))
        self.assertEqual(self.call("GET", "/__wait?nonsense=1").status, 400)

    def test_reset_drops_what_is_in_flight(self) -> None:
        self.script({"hold": True})
        with self.open() as client:
            self.control("GET", "/__wait?held=1")
            self.control("POST", "/__reset")
            with self.assertRaises(ConnectionResetError):
                client.recv(1)
        stats = self.control("GET", "/__stats")
        self.assertEqual((stats["in_flight"], stats["client_gone"], stats["requests"]), (0, 0, 0))


class Process(unittest.TestCase):
    def test_it_ends_cleanly(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            process, port = start()
            with process, socket.create_connection(("127.0.0.1", port)):
                process.send_signal(number)
                self.assertEqual(process.wait(timeout=5), 0)

    def test_it_ends_with_its_parent(self) -> None:
        script = "import sys; sys.path.insert(0, sys.argv[1]); import harness; print(harness.start()[0].pid)"
        command = [sys.executable, "-B", "-W", "ignore", "-c", script, str(HERE)]
        pid = int(subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=5).stdout)
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        with open(descriptor, "rb") as handle:  # readable once the process has ended
            ended = bool(select.select([handle], [], [], 5)[0])
        if not ended:
            os.kill(pid, signal.SIGKILL)
        self.assertTrue(ended)
