"""Malformed HTTP over the loopback: each input gets the one right answer, and nothing else happens."""

from __future__ import annotations

import random
import unittest

from error_table import MAX_UPLOAD, Case, ErrorTableTest
from harness import Closed, RawConnection, png, post_image, post_raw, request
from malformed_framing_cases import CHUNKED, CHUNKS, CODINGS, HEAD, LENGTHS, PROTOCOLS, TOO_LARGE, garbage
from malformed_http_cases import HEADERS, REQUEST_LINES, TARGETS

HEALTHZ = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"

# Unusual, and right: (name, bytes, status)
UNUSUAL: list[tuple[str, bytes, int]] = [
    ("URL as target", b"GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
    ("https URL with a query", b"GET HTTPS://other:1/healthz?a=%20 HTTP/1.1\r\nHost: other:1\r\n\r\n", 200),
    ("HTTP/1.0 without a Host", b"GET /healthz HTTP/1.0\r\n\r\n", 200),
    ("empty Host", b"GET /healthz HTTP/1.1\r\nHost:\r\n\r\n", 200),
    ("IPv6 Host", b"GET /healthz HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n", 200),
    ("escaped path", b"GET /%68ealth%7A HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
    ("8,192 bytes of target", b"GET /healthz?" + b"a" * 8183 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
    ("100 parameters", b"GET /healthz?" + b"a&" * 100 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
    ("folded header", HEALTHZ + b"X: a\r\n b\r\n\r\n", 200),
    ("header without a value", HEALTHZ + b"X:\r\n\r\n", 200),
    ("header in Latin 1", HEALTHZ + b"X: caf\xe9\r\n\r\n", 200),
    ("upgrade nobody offers", HEALTHZ + b"Connection: upgrade\r\nUpgrade: h2c\r\n\r\n", 200),
    ("length twice, the same", HEALTHZ + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n", 200),
    ("asterisk", b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 204),
    ("chunked in capitals", HEAD + b"TRANSFER-ENCODING: Chunked\r\n\r\n%x\r\n" % len(png()) + png() + b"\r\n0\r\n\r\n", 200),
    (
        "chunks with extensions and a trailer",
        HEAD + CHUNKED + b'\r\n00008;a;b=c;d="e;f"\r\n' + png()[:8] + b"\r\n%X\r\n" % (len(png()) - 8) + png()[8:]
        + b"\r\n000\r\nX: y\r\n\r\n",
        200,
    ),
    ("body of the greatest length", post_image(png() + bytes(MAX_UPLOAD - len(png()) - 400)), 200),
]  # fmt: skip


class MalformedHttp(ErrorTableTest):
    def test_request_lines(self) -> None:
        self.run_table(REQUEST_LINES)

    def test_targets(self) -> None:
        self.run_table(TARGETS)

    def test_headers(self) -> None:
        self.run_table(HEADERS)

    def test_lengths(self) -> None:
        self.run_table(LENGTHS)

    def test_transfer_codings(self) -> None:
        self.run_table(CODINGS)

    def test_chunks(self) -> None:
        self.run_table(CHUNKS)

    def test_bodies_too_large(self) -> None:
        self.run_table(TOO_LARGE)

    def test_other_protocols(self) -> None:
        self.run_table(PROTOCOLS)

    def test_what_is_unusual_but_right(self) -> None:
        for name, data, status in UNUSUAL:
            with self.subTest(name):
                self.assertEqual(self.exchange(data, data.split(b" ")[0].decode()).status, status)
        self.check_alive()

    def test_a_faulty_head_byte_by_byte(self) -> None:
        """As above, in other pieces: the parser sees each fault only when it has arrived."""
        for case in (REQUEST_LINES[0], REQUEST_LINES[-1], HEADERS[0], CODINGS[0], LENGTHS[1], PROTOCOLS[0]):
            with self.subTest(case.name), RawConnection(self.port) as connection:
                for at in range(len(case.data)):
                    try:
                        connection.send(case.data[at : at + 1])
                    except ConnectionError:  # it has answered and closed
                        break
                self.assertEqual(connection.read_response().status, case.status)
        self.check_not_asked()

    def test_many_small_headers_one_by_one(self) -> None:
        """MAX_HEADER_BYTES holds for the sum, however the header arrives."""
        with RawConnection(self.port) as connection:
            connection.send(HEALTHZ)
            try:
                for number in range(3000):
                    connection.send(b"X-%04d: %s\r\n" % (number, b"a" * 90))
                connection.send(b"\r\n")
            except ConnectionError:
                pass
            response = connection.read_response()
        self.assertEqual((response.status, response.code()), (431, "headers_too_large"))
        self.check_alive()


class Garbage(ErrorTableTest):
    def test_random_bytes(self) -> None:
        """Bytes that are no request get a 4xx or 505, or, where they never end, the end of the connection."""
        counts: dict[int, int] = {}
        for number, data in enumerate(garbage(120)):
            with self.subTest(number), RawConnection(self.port) as connection:
                connection.send(data).half_close()
                try:
                    response = connection.read_response()
                except Closed:
                    counts[0] = counts.get(0, 0) + 1
                    continue
                self.assertIn(response.status, (400, 404, 405, 413, 415, 422, 431, 505), response.raw)
                self.check_problem(response, response.json()["code"])
                counts[response.status] = counts.get(response.status, 0) + 1
        self.assertGreater(counts.get(400, 0), 60, counts)
        self.check_not_asked()
        self.check_alive()

    def test_mutations_of_a_good_request_line_and_header(self) -> None:
        """One byte of the head changed: an upload, or a refusal, or a request that never ends; never a 500."""
        good, source = post_raw(), random.Random(21)
        head_size = good.index(b"\r\n\r\n") + 4
        for number in range(150):
            at, byte = source.randrange(head_size), source.randrange(256)
            with self.subTest(number, at=at, byte=byte), RawConnection(self.port) as connection:
                connection.send(good[:at] + bytes([byte]) + good[at + 1 :]).half_close()
                try:
                    status = connection.read_response().status
                except Closed:
                    continue
                self.assertIn(status, (200, 400, 404, 405, 411, 413, 415, 417, 422, 431, 505))
        self.check_alive()


class Truncated(ErrorTableTest):
    """Requests that end too early get no answer, since nobody waits for one; the server lives on."""

    REQUESTS = {
        "probe": request("GET", "/healthz?a=b", headers={"Accept": "*/*"}),
        "raw": post_raw(),
        "form": post_image(prompt="What is this?"),
        "chunked": HEAD + CHUNKED + b"\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
    }

    def test_by_the_end_of_the_stream(self) -> None:
        for name, data in self.REQUESTS.items():
            for size in range(1, len(data), 7):
                with self.subTest(name, size=size), RawConnection(self.port) as connection:
                    connection.send(data[:size]).half_close()
                    self.assertEqual(connection.read_eof(), b"")
        self.check_not_asked()
        self.check_alive()

    def test_by_a_reset(self) -> None:
        for name, data in self.REQUESTS.items():
            for size in range(1, len(data), 29):
                RawConnection(self.port).send(data[:size]).reset()
        self.check_not_asked()
        self.check_alive()

    def test_connections_without_a_byte(self) -> None:
        for _ in range(50):
            RawConnection(self.port).close()
        for _ in range(50):
            RawConnection(self.port).reset()
        self.check_not_asked()
        self.check_alive()


class KeptAlive(ErrorTableTest):
    """A refusal whose request was read to its end leaves the connection usable."""

    def test_refusals_on_one_connection(self) -> None:
        rows = [
            Case("unknown path", request("GET", "/nothing"), 404, "not_found", method="GET"),
            Case("bad percent", request("GET", "/%"), 400, "bad_request", method="GET"),
            Case("wrong method", request("POST", "/healthz", b""), 405, "method_not_allowed"),
            Case("no body", request("POST", "/v1/analyses"), 411, "length_required"),
            Case("not a picture", request("POST", "/analyze", b"hello"), 415, "unsupported_image"),
            Case("broken picture", post_raw(png()[:-5]), 422, "broken_image"),
            Case("no file", post_image(field="other"), 400, "missing_image"),
        ]
        with RawConnection(self.port) as connection:
            for case in rows * 3:
                with self.subTest(case.name):
                    self.check_case(connection, case)
            self.check_not_asked()
            connection.send(post_image())
            self.assertEqual(connection.read_response().status, 200)

    def test_a_fault_ends_a_pipeline(self) -> None:
        """What follows a malformed request is not looked at: nobody knows where it begins."""
        with RawConnection(self.port) as connection:
            connection.send(request("GET", "/healthz") + b"BROKEN\r\n\r\n" + request("GET", "/healthz"))
            self.assertEqual(connection.read_response("GET").status, 200)
            self.assertEqual(connection.read_response("GET").status, 400)
            self.assertEqual(connection.read_eof(), b"")


if __name__ == "__main__":
    unittest.main()
