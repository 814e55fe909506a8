"""Malformed forms over the loopback, by hand and by mutation, and unusual forms that are read."""

from __future__ import annotations

import hashlib
import random
import unittest
from typing import Callable

from error_table import OTHER_MODEL, Case, ErrorTableTest
from harness import BOUNDARY, PATH, RawConnection, png, post_image
from malformed_multipart_cases import (
    CONTENT_TYPES, END, FILE_HEAD, IMAGE, OPTIONS, PART_HEADERS, PICTURES, QUERIES, STRUCTURE, B, field, part, post,
)  # fmt: skip

NUMBER_OF_MUTATIONS = 300
ALLOWED_AFTER_MUTATION = {200, 400, 415, 422}

# (name, body)
UNUSUAL: list[tuple[str, bytes]] = [
    ("preamble and epilogue", b"preamble\r\n" + IMAGE + END + b"epilogue\r\n--" + B + b"\r\n"),
    ("bare line feeds", b"--" + B + b"\n" + FILE_HEAD.replace(b"\r", b"") + b"\n" + png() + b"\n--" + B + b"--\n"),
    ("no last boundary", b"--" + B + b"\r\n" + FILE_HEAD + b"\r\n" + png()),
    ("last boundary without its dashes", IMAGE + b"--" + B),
    ("spaces behind the boundary", IMAGE.replace(B + b"\r", B + b" \t \r") + END),
    ("name without quotes", IMAGE.replace(b'"file"', b"file") + END),
    ("names in capitals", IMAGE.replace(b"Content-Disposition: form-data; name", b"CONTENT-DISPOSITION:FORM-DATA;NAME") + END),
    ("extended file name", IMAGE.replace(b'filename="chart.png"', b"filename*=UTF-8''%E2%82%AC.png") + END),
    ("extended file name that is none", IMAGE.replace(b'filename="chart.png"', b"filename*=%%%") + END),
    ("file name of a path", IMAGE.replace(b"chart.png", b"C:\\charts\\\\a.png") + END),
    ("file name in Latin 1", IMAGE.replace(b"chart.png", b"caf\xe9.png") + END),
    ("file name of 4,000 bytes", IMAGE.replace(b"chart.png", b"a" * 4000) + END),
    ("wrong type of the part", IMAGE.replace(b"image/png", b"text/plain") + END),
    ("field image", IMAGE.replace(b'name="file"', b'name="image"') + END),
    ("binary coding", part(FILE_HEAD + b"Content-Transfer-Encoding: Binary\r\n", png()) + END),
    ("unknown fields, also twice", field(b"user", b"\xff\0") * 2 + IMAGE + field(b"") + END),
    ("1,000 parts", field(b"a") * 999 + IMAGE + END),
    ("1,024 parts", field(b"a") * 1023 + IMAGE + END),
    ("all options", field(b"prompt", "Où?".encode()) + field(b"model", b"models/" + OTHER_MODEL.encode())
     + field(b"engine", b"gemini") + field(b"annotate", b"No") + IMAGE + END),
    ("empty options", b"".join(field(name, b"") for name in (b"prompt", b"model", b"engine", b"annotate")) + IMAGE + END),
    ("prompt of the greatest length", IMAGE + field(b"prompt", b"a" * 32_768) + END),
]  # fmt: skip


class MalformedMultipart(ErrorTableTest):
    def test_content_types(self) -> None:
        self.run_table(CONTENT_TYPES)

    def test_structure(self) -> None:
        self.run_table(STRUCTURE)

    def test_part_headers(self) -> None:
        self.run_table(PART_HEADERS)

    def test_pictures(self) -> None:
        self.run_table(PICTURES)

    def test_options(self) -> None:
        self.run_table(OPTIONS)

    def test_options_in_the_query(self) -> None:
        """These are refused before a place is taken or a byte of the body is read."""
        self.run_table(QUERIES)

    def test_a_field_does_not_excuse_the_query(self) -> None:
        body = IMAGE + field(b"engine", b"auto") + END
        case = Case("", post(body, target=f"{PATH}?engine=local"), 400, "invalid_option", "'local'", closes=True)
        with RawConnection(self.port) as connection:
            self.check_case(connection, case)
        self.check_not_asked()

    def test_what_is_unusual_but_right(self) -> None:
        """Read, and the picture that reaches Gemini is byte for byte the one in the form."""
        wanted = hashlib.sha256(png()).hexdigest()
        for name, body in UNUSUAL:
            with self.subTest(name):
                response = self.exchange(post(body))
                self.assertEqual(response.status, 200, response.raw[:2000])
                self.assertEqual(response.json()["image"]["sha256"], wanted)
        self.assertEqual(self.fake.stats()["ok"], len(UNUSUAL))
        self.check_alive()

    def test_a_boundary_within_the_picture(self) -> None:
        """Data that only begins like the boundary stays data, byte for byte."""
        tail = b"\r\n--" + B[:-1] + b"\r\n--" + B + b"x\r\n" + B + b"--\r\n\r\n-\r\n--"
        response = self.exchange(post_image(png() + tail))
        self.assertEqual(response.status, 200, response.raw)
        self.assertEqual(response.json()["image"]["sha256"], hashlib.sha256(png() + tail).hexdigest())


class Mutations(ErrorTableTest):
    """Changed at random (always the same random), a good form is read or refused; nothing else."""

    GOOD = field(b"prompt", b"What is this?") + field(b"model", OTHER_MODEL.encode()) + IMAGE + field(b"annotate", b"no") + END

    def check_mutant(self, body: bytes) -> int:
        with RawConnection(self.port) as connection:
            response = connection.send(post(body)).read_response()
        self.assertIn(response.status, ALLOWED_AFTER_MUTATION, response.raw[:2000])
        if response.status != 200:
            self.check_problem(response, response.json()["code"])
        return response.status

    def test_truncations(self) -> None:
        """Cut anywhere: complete from the end of the picture on, never accepted without all of it."""
        end_of_picture = self.GOOD.index(png()) + len(png())
        for size in range(0, len(self.GOOD), 2):
            with self.subTest(size=size):
                status = self.check_mutant(self.GOOD[:size])
                self.assertFalse(status == 200 and size < end_of_picture)
        self.check_alive()

    def test_flipped_bytes(self) -> None:
        self.run_mutations(31, lambda source, at: self.GOOD[:at] + source.randbytes(1) + self.GOOD[at + 1 :])

    def test_flipped_bits(self) -> None:
        def flipped(source: random.Random, at: int) -> bytes:
            return self.GOOD[:at] + bytes([self.GOOD[at] ^ (1 << source.randrange(8))]) + self.GOOD[at + 1 :]

        self.run_mutations(32, flipped)

    def test_lost_inserted_and_repeated_bytes(self) -> None:
        def rearranged(source: random.Random, at: int) -> bytes:
            size = source.randrange(1, 40)
            begin, end, piece = self.GOOD[:at], self.GOOD[at:], self.GOOD[at : at + size]
            return source.choice([begin + end[size:], begin + source.randbytes(size) + end, begin + piece * 2 + end[size:]])

        self.run_mutations(33, rearranged)

    def test_inserted_syntax(self) -> None:
        """The bytes a parser looks at, where it does not expect them."""
        tokens = (b"\r\n", b"\n", b"\r", b"--", b"\0", b'"', b";", b":", b"=", b"\\", b" ", b"--" + BOUNDARY.encode(), END)

        def inserted(source: random.Random, at: int) -> bytes:
            return self.GOOD[:at] + source.choice(tokens) + self.GOOD[at:]

        self.run_mutations(34, inserted)

    def run_mutations(self, seed: int, mutate: Callable[[random.Random, int], bytes]) -> None:
        source = random.Random(seed)
        counts: dict[int, int] = {}
        for number in range(NUMBER_OF_MUTATIONS):
            at = source.randrange(len(self.GOOD))
            with self.subTest(number, at=at):
                status = self.check_mutant(mutate(source, at))
                counts[status] = counts.get(status, 0) + 1
        self.assertGreater(counts.get(200, 0), 0, counts)
        self.assertGreater(sum(counts.values()) - counts[200], 0, counts)
        self.check_alive()


if __name__ == "__main__":
    unittest.main()
