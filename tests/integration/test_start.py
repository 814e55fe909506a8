"""Starting: the configuration and its faults, the socket, the key and where it never shows, the form of the log."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from harness import (
    BINARY, HANG, KEY, FakeTest, RawConnection, Server, environment, eventually, get, post_image, request, run_to_end,
    statuses, upload,
)  # fmt: skip

# What systemd does: the socket is descriptor 3, and LISTEN_PID names the process itself.
ACTIVATE = """
import os, sys
os.dup2(int(sys.argv[1]), 3, inheritable=True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
"""


class Faults(unittest.TestCase):
    def refused(self, *arguments: str, **env: object) -> str:
        """What is said when the server does not start."""
        ended = run_to_end("serve", "--port", "0", *arguments, **env)
        self.assertEqual(ended.returncode, 2, ended.stderr)
        return ended.stderr

    def test_all_faults_are_told_at_once_with_name_value_and_what_is_allowed(self) -> None:
        given = {
            "WORKERS": "0", "LIMIT_CONCURRENCY": "many", "QUEUE_LIMIT": "-1", "QUEUE_TIMEOUT": "soon",
            "GEMINI_BASE_URL": "ftp://example.org", "LOG_LEVEL": "loud", "LOG_FORMAT": "xml", "CPU_JOBS": "1.5",
            "MAX_UPLOAD_BYTES": "10MB", "DRAIN_TIMEOUT": "2h", "PROMPT_FILE": "/no/such/prompt",
        }  # fmt: skip
        said = self.refused(**given)
        for name, value in given.items():
            (line,) = [line for line in said.splitlines() if f"{name}={value}" in line]
            if name != "PROMPT_FILE":
                self.assertIn("allowed", line)
        self.assertEqual(len(said.splitlines()), len(given), said)

    def test_a_flag_is_checked_like_its_variable_and_wins_over_it(self) -> None:
        said = self.refused("--workers", "65", "--limit-concurrency=2", WORKERS=3, LIMIT_CONCURRENCY="nonsense")
        self.assertIn("WORKERS=65", said)
        self.assertNotIn("nonsense", said)

    def test_an_unknown_flag_is_refused(self) -> None:
        self.assertIn("--worker-count", self.refused("--worker-count", "3"))

    def test_fewer_threads_than_places_are_refused(self) -> None:
        said = self.refused(THREADS=1, LIMIT_CONCURRENCY=2)
        self.assertIn("THREADS=1", said)
        self.assertIn("LIMIT_CONCURRENCY", said)

    def test_without_a_key_it_says_what_to_set(self) -> None:
        for key in (None, ""):
            said = self.refused(GEMINI_API_KEY=key)
            for name in ("GEMINI_API_KEY", "GEMINI_API_KEY_FILE", "--fake-gemini"):
                self.assertIn(name, said)

    def test_a_key_never_shows_in_a_fault(self) -> None:
        said = self.refused(GEMINI_API_KEY="secret-1 secret-2", WORKERS=0)
        self.assertIn("GEMINI_API_KEY", said)
        self.assertIn("WORKERS", said)
        self.assertNotIn("secret", said)
        said = self.refused("--gemini-api-key", "secret-3")
        self.assertNotIn("secret", said)
        said = self.refused("--gemini-api-key=secret-4")
        self.assertNotIn("secret", said)

    def test_a_configuration_file_with_faults_is_told_line_by_line(self) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".env") as file:
            file.write("# comment\nWORKERS=0\nNO_SUCH_OPTION=1\n")
            file.flush()
            said = self.refused("--config", file.name, WORKERS=None)
            self.assertIn("WORKERS=0", said)
            self.assertIn("NO_SUCH_OPTION", said)
            file.write("what is this\n")
            file.flush()
            self.assertIn("line 4", self.refused("--config", file.name))
        self.assertIn("/no/such/file", self.refused("--config", "/no/such/file"))

    def test_an_address_that_cannot_be_had_is_a_fault(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            ended = run_to_end("serve", "--port", str(taken.getsockname()[1]))
        self.assertEqual(ended.returncode, 2)
        self.assertRegex(ended.stderr, "PORT=.*in use")
        self.assertIn("HOST=", self.refused(HOST="203.0.113.7"))
        self.assertIn("HOST=", self.refused(HOST="no such host"))

    def test_check_config_tells_the_same_without_starting(self) -> None:
        good = run_to_end("check-config")
        self.assertEqual((good.returncode, good.stderr), (0, ""))
        bad = run_to_end("check-config", WORKERS=0)
        self.assertEqual(bad.returncode, 2)
        self.assertIn("WORKERS=0", bad.stderr)

    def test_help_and_version_need_no_configuration(self) -> None:
        for arguments in ((), ("--help",), ("serve", "--help")):
            shown = run_to_end(*arguments, GEMINI_API_KEY=None)
            self.assertEqual(shown.returncode, 0, arguments)
            self.assertIn("serve" if not arguments else "--", shown.stdout)
        self.assertIn("LIMIT_CONCURRENCY", run_to_end("serve", "--help", GEMINI_API_KEY=None).stdout)
        self.assertRegex(run_to_end("version", GEMINI_API_KEY=None).stdout, r"^chartsight \d+\.\d+\.\d+")


class Settings(FakeTest):
    def test_flags_win_over_the_environment_and_that_over_the_file(self) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".env") as file:
            file.write('WORKERS=3\nQUEUE_LIMIT="7"\nLIMIT_CONCURRENCY=9\nGEMINI_API_KEY=other\n')
            file.flush()
            env = {"QUEUE_LIMIT": None, "LIMIT_CONCURRENCY": 8, "WORKERS": 2}
            arguments = ["--config", file.name, "--workers", "1", "--log-level", "info"]
            with self.serve(arguments=arguments, **env) as server:
                (line,) = server.grep("Listening on")
                for setting in ("workers=1", "limit_concurrency=8", "queue_limit=7"):
                    self.assertIn(f" {setting} ", line)

    def test_the_key_may_come_from_a_file_or_a_systemd_credential(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "gemini_api_key").write_text(f"{KEY}-file\n")
            sources = ({"GEMINI_API_KEY_FILE": f"{folder}/gemini_api_key"}, {"CREDENTIALS_DIRECTORY": folder})
            for source in sources:
                with self.serve(WORKERS=1, GEMINI_API_KEY=None, **source) as server:
                    self.assertEqual(upload(server.port).status, 200)
                    self.assertFalse(server.grep(KEY))

    def test_the_key_is_never_logged_nor_answered_whatever_happens(self) -> None:
        variants = ["invalid_argument", "key_invalid", "key_expired"]
        behaviours = [{"status": 400, "variant": variant} for variant in variants]
        behaviours += [{"status": 403, "variant": "leaked"}, {"status": 429}, {"status": 503}, {"reset": "mid_body"}]
        behaviours += [{"status": 400, "message": f"API key {KEY} is bad"}, {"raw_body": f"nonsense {KEY}"}]
        self.fake.script(behaviours)
        with self.serve(WORKERS=1) as server:
            for behaviour in behaviours:
                response = upload(server.port)
                self.assertGreaterEqual(response.status, 400, behaviour)
                self.assertNotIn(KEY.encode(), response.raw, behaviour)
            self.assertEqual(upload(server.port).status, 200)
            server.wait_log("Request finished", len(behaviours) + 1)
            self.assertEqual(server.grep(KEY), [])
        self.assertEqual(server.grep(KEY), [])
        self.assertEqual(len({entry["headers"]["x-goog-api-key"] for entry in self.fake.requests()}), 1)

    def test_the_key_is_not_in_the_command_line_of_any_process(self) -> None:
        with self.serve() as server:
            for pid in [server.pid, *server.worker_pids()]:
                self.assertNotIn(KEY.encode(), Path(f"/proc/{pid}/cmdline").read_bytes())

    def test_log_lines_may_be_json(self) -> None:
        with self.serve(LOG_FORMAT="json", WORKERS=1) as server:
            response = upload(server.port, file_name='odd \\"name\\" \\\\ €.png')
            server.wait_log("Request finished")
            lines = [json.loads(line) for line in server.lines]
            self.assertTrue(all({"time", "level", "message", "worker"} <= set(line) for line in lines), lines)
            messages = [line["message"] for line in lines if line.get("request_id") == response.json()["request_id"]]
            self.assertIn("Analysis complete, returning results", messages)
            finished = next(line for line in lines if line["message"] == "Request finished")
            self.assertEqual((finished["status"], finished["code"]), ("200", "ok"))

    def test_at_level_error_a_good_day_is_silent(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        command = [BINARY, "serve", "--port", str(port)]
        env = environment(self.fake, WORKERS=1, LOG_LEVEL="error")
        with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
            try:
                eventually(lambda: answers(port))
                process.terminate()
                self.assertEqual(process.communicate(timeout=HANG)[1], "")
                self.assertEqual(process.returncode, 0)
            finally:
                process.kill()


def answers(port: int) -> bool:
    try:
        return upload(port).status == 200
    except ConnectionRefusedError:
        return False


class Sockets(FakeTest):
    def test_a_socket_passed_by_systemd_is_used_and_outlives_the_server(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as passed:
            port = passed.getsockname()[1]
            descriptor = passed.fileno()
            command = [sys.executable, "-c", ACTIVATE, str(descriptor), BINARY]
            with Server(self.fake, command=command, pass_fds=[descriptor]) as server:
                self.assertEqual(server.port, port)
                self.assertEqual(upload(port).status, 200)
                server.terminate()
                self.assertEqual(server.wait_exit(), 0)
            between = RawConnection(port).send(post_image())  # the kernel keeps it for the next one
            with Server(self.fake, command=command, pass_fds=[descriptor]):
                self.assertEqual(between.read_response().status, 200)

    def test_sockets_meant_for_another_process_are_left_alone(self) -> None:
        with self.serve(WORKERS=1, LISTEN_PID=1, LISTEN_FDS=1) as server:
            self.assertEqual(get(server.port, "/healthz").status, 200)

    def test_it_listens_on_ipv6(self) -> None:
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            self.skipTest("no IPv6 here")
        with self.serve(HOST="::1") as server:
            self.assertTrue(server.url.startswith("http://[::1]:"), server.url)
            with socket.create_connection(("::1", server.port), timeout=HANG) as client:
                client.sendall(request("GET", "/healthz", headers={"Connection": "close"}))
                self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 200 "))

    def test_the_port_can_be_taken_again_at_once(self) -> None:
        port = 0
        for _ in range(3):
            with self.serve(port=port, WORKERS=1) as server:
                kept = RawConnection(server.port).send(post_image())
                self.assertEqual(kept.read_response().status, 200)
                port = server.port

    def test_no_descriptor_leaks_into_workers_or_out_of_requests(self) -> None:
        with self.serve(WORKERS=1, LIMIT_CONCURRENCY=4, THREADS=4) as server:
            (worker,) = server.worker_pids()

            def round_trip() -> int:
                connections = [RawConnection(server.port).send(post_image()) for _ in range(4)]
                self.assertEqual(statuses(connections), [200] * 4)
                for connection in connections:
                    connection.close()
                return len(os.listdir(f"/proc/{worker}/fd"))

            first = max(round_trip() for _ in range(15))
            for _ in range(15):
                last = round_trip()
            self.assertLessEqual(last, first + 4, "the connection of a thread that had nothing to do before")
