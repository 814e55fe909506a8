"""`serve --dev`: one worker, a debug log, and a new start when the binary or the configuration changes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from harness import BINARY, HANG, HOLD, FakeTest, Server, burst, eventually, upload


class Dev(FakeTest):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.prompt = self.folder / "prompt.txt"
        self.prompt.write_text("first prompt")

    def start(self, **options: object) -> Server:
        return self.serve(arguments=["--dev"], PROMPT_FILE=self.prompt, DRAIN_TIMEOUT=HANG, LOG_LEVEL=None, **options)

    def replace(self, path: Path, content: bytes) -> None:
        """As editors and linkers do: a new file takes the place of the old one."""
        new = path.with_suffix(".new")
        new.write_bytes(content)
        new.chmod(path.stat().st_mode)
        os.replace(new, path)

    def asked(self, server: Server) -> str:
        self.assertEqual(upload(server.port).status, 200)
        return self.fake.requests(1)[0]["body"]["contents"][0]["parts"][1]["text"]

    def restarted(self, server: Server, before: int) -> None:
        server.wait_log("Changed; restarting", since=before)
        server.wait_log(f"Listening on .*:{server.port} ", since=before)
        server.wait_log("Worker started", since=before)

    def test_there_is_one_worker_and_a_debug_log(self) -> None:
        with self.start(WORKERS=5) as server:
            server.wait_log("debug .*Worker started")
            self.assertEqual(len(server.worker_pids()), 1)

    def test_a_changed_prompt_is_used_on_the_same_port_by_the_same_process(self) -> None:
        with self.start() as server:
            self.assertEqual(self.asked(server), "first prompt")
            pid = server.pid
            for number, write in enumerate((self.prompt.write_bytes, lambda text: self.replace(self.prompt, text))):
                before = len(server.lines)
                write(f"prompt {number}".encode())
                self.restarted(server, before)
                self.assertEqual(self.asked(server), f"prompt {number}")
            self.assertEqual(server.pid, pid)

    def test_a_configuration_that_would_not_start_is_not_taken_over(self) -> None:
        with self.start() as server:
            for fault in (b"", b"\n  \n"):
                before = len(server.lines)
                self.prompt.write_bytes(fault)
                server.wait_log("would not start", since=before)
                self.assertEqual(self.asked(server), "first prompt")
            before = len(server.lines)
            self.prompt.write_bytes(b"good again")
            self.restarted(server, before)
            self.assertEqual(self.asked(server), "good again")

    def test_a_changed_env_file_is_read_again(self) -> None:
        config = self.folder / "chartsight.env"
        config.write_text("LIMIT_CONCURRENCY=3\n")
        with self.start(CONFIG=config, LIMIT_CONCURRENCY=None) as server:
            self.assertTrue(server.grep("limit_concurrency=3 "))
            before = len(server.lines)
            config.write_text("LIMIT_CONCURRENCY=nonsense\n")
            server.wait_log("would not start", since=before)
            before = len(server.lines)
            config.write_text("LIMIT_CONCURRENCY=4\n")
            self.restarted(server, before)
            self.assertTrue(server.grep("limit_concurrency=4 ", before))

    def test_a_new_binary_is_started(self) -> None:
        program = self.folder / "chartsight"
        shutil.copy2(BINARY, program)
        with self.start(command=[str(program)]) as server:
            before = len(server.lines)
            self.replace(program, Path(BINARY).read_bytes())
            self.restarted(server, before)
            self.assertEqual(upload(server.port).status, 200)

    def test_requests_in_flight_are_finished_and_new_ones_wait_for_the_new_start(self) -> None:
        with self.start() as server:
            self.fake.script([HOLD])
            (old,) = burst(server.port, 1)
            self.fake.wait(held=1)
            before = len(server.lines)
            self.prompt.write_bytes(b"second prompt")
            server.wait_log("Worker drains", since=before)
            (new,) = burst(server.port, 1)
            self.fake.release()
            self.assertEqual(old.read_response().status, 200)
            old.close()
            self.assertEqual(new.read_response().status, 200)
            self.assertEqual(self.asked(server), "second prompt")

    def test_it_ends_like_any_other_also_in_the_middle_of_a_restart(self) -> None:
        with self.start() as server:
            self.fake.script([HOLD])
            (held,) = burst(server.port, 1)
            self.fake.wait(held=1)
            self.prompt.write_bytes(b"second prompt")
            server.wait_log("Worker drains")
            server.terminate()
            server.wait_log("Draining")
            self.fake.release()
            self.assertEqual(held.read_response().status, 200)
            held.close()
            self.assertEqual(server.wait_exit(), 0)

    def test_a_restart_leaves_no_process_and_no_descriptor_behind(self) -> None:
        with self.start() as server:
            counts = []
            for number in range(4):
                before = len(server.lines)
                self.prompt.write_bytes(f"prompt {number}".encode())
                self.restarted(server, before)
                eventually(lambda: len(server.worker_pids()) == 1)
                counts.append(len(os.listdir(f"/proc/{server.pid}/fd")))
            self.assertEqual(counts, counts[:1] * 4)
