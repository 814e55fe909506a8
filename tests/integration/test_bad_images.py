"""Uploads that are no good picture: refused before Gemini is asked, or, where only decoding shows it, the call is cancelled."""

from __future__ import annotations

import random
import unittest
import zlib
from typing import Any, ClassVar

from bad_image_cases import BROKEN_PIXELS, JPEGS, NOT_IMAGES, PNGS, WEBPS
from error_table import ErrorTableTest
from harness import HOLD, SLOW, FakeTest, eventually, post_image, post_raw, upload, wait_empty
from image_writers import (
    GOOD_JPEG, GOOD_PNG, IEND, PALETTE_PNG, VP8, VP8L, chunk, idat, ihdr, png_of, rows, vp8x, webp, webp_chunk,
)  # fmt: skip

# (name, image, format)
UNUSUAL: list[tuple[str, bytes, str]] = [
    ("plain PNG", GOOD_PNG, "png"),
    ("palette", PALETTE_PNG, "png"),
    ("grey of one bit", png_of(ihdr(depth=1, colour=0), idat(rows(width=2, bytes_a_pixel=1)), IEND), "png"),
    ("RGBA of 16 bits", png_of(ihdr(depth=16, colour=6), idat(rows(bytes_a_pixel=8)), IEND), "png"),
    ("many IDATs", png_of(ihdr(), *(chunk(b"IDAT", bytes([b])) for b in zlib.compress(rows())), IEND), "png"),
    ("unknown optional chunks", png_of(ihdr(), chunk(b"teST", b"\0\xff"), idat(), chunk(b"abCd"), IEND), "png"),
    ("data behind IEND", GOOD_PNG + b"appended", "png"),
    ("one pixel", png_of(ihdr(1, 1), idat(rows(1, 1)), IEND), "png"),
    ("the longest side", png_of(ihdr(2000, 1), idat(rows(2000, 1)), IEND), "png"),
    ("the most pixels", png_of(ihdr(1000, 1000), idat(rows(1000, 1000)), IEND), "png"),
    ("plain JPEG", GOOD_JPEG, "jpeg"),
    ("data behind the JPEG's end", GOOD_JPEG + b"appended", "jpeg"),
    ("lossy WebP", webp(webp_chunk(b"VP8 ", VP8)), "webp"),
    ("lossless WebP", webp(webp_chunk(b"VP8L", VP8L)), "webp"),
    ("extended WebP", webp(vp8x(), webp_chunk(b"EXIF", b"abc"), webp_chunk(b"VP8 ", VP8)), "webp"),
]  # fmt: skip


class BadImages(ErrorTableTest):
    def test_what_is_no_image(self) -> None:
        self.run_table(NOT_IMAGES)

    def test_png(self) -> None:
        self.run_table(PNGS)

    def test_jpeg(self) -> None:
        self.run_table(JPEGS)

    def test_webp(self) -> None:
        self.run_table(WEBPS)

    def test_the_bytes_decide_whatever_the_type_says(self) -> None:
        """GIF sent as image/png is refused, PNG sent as image/gif is read."""
        refused = self.exchange(post_raw(b"GIF89a" + bytes(20), headers={"Content-Type": "image/png"}))
        self.check_problem(refused, "unsupported_image", "image/gif")
        self.check_not_asked()
        taken = self.exchange(post_raw(GOOD_PNG, headers={"Content-Type": "image/gif"}))
        self.assertEqual((taken.status, taken.json()["image"]["format"]), (200, "png"))
        self.assertEqual(self.fake.requests(1)[0]["status"], 200)

    def test_in_a_form_as_well(self) -> None:
        """A sample of the tables as a form's file: the same answers, and the name in the request's id."""
        for case in [*NOT_IMAGES[:5], *PNGS[::6], *JPEGS[::6], *WEBPS[::6]]:
            with self.subTest(case.name):
                image = case.data[case.data.index(b"\r\n\r\n") + 4 :]
                response = self.exchange(post_image(image, file_name="my chart.v2.png"))
                self.assertEqual(response.status, case.status)
                self.check_problem(response, case.code, case.says)
                self.assertRegex(response.json()["request_id"], r"^my-?chart-?v2_\d+$")
        self.check_not_asked()

    def test_what_is_unusual_but_right(self) -> None:
        for name, image, format_ in UNUSUAL:
            with self.subTest(name):
                response = upload(self.port, image)
                self.assertEqual(response.status, 200, response.raw)
                self.assertEqual(response.json()["image"]["format"], format_)
        self.check_alive()

    def test_flipped_bytes(self) -> None:
        """Pictures with a changed byte are read, or refused as broken or of another kind; nothing else."""
        source = random.Random(41)
        for good in (GOOD_PNG, GOOD_JPEG, UNUSUAL[-1][1]):
            for number in range(60):
                at = source.randrange(len(good))
                with self.subTest(number, size=len(good), at=at):
                    response = upload(self.port, good[:at] + source.randbytes(1) + good[at + 1 :])
                    self.assertIn(response.status, (200, 415, 422), response.raw)
        self.check_alive()


class BrokenPixels(ErrorTableTest):
    """Only decoding shows these: it runs beside the call to Gemini, which is cancelled."""

    def test_refused_whatever_gemini_does(self) -> None:
        """With a Gemini that never answers: the answer comes at once, and no call is left."""
        self.fake.script(default=HOLD)
        for name, image, says in BROKEN_PIXELS:
            with self.subTest(name):
                response = upload(self.port, image)
                self.assertEqual(response.status, 422, response.raw)
                self.check_problem(response, "broken_image", says)
        stats = self.fake.wait(idle=True)
        self.assertEqual(stats["ok"], 0)
        self.assertEqual(stats["client_gone"], stats["requests"])
        self.assertEqual(stats["held"], 0)
        self.fake.clear_default()
        self.check_alive()

    def test_refused_after_gemini_has_answered(self) -> None:
        """An answer about a picture that is none is worth nothing, and is not delivered."""
        for name, image, says in BROKEN_PIXELS:
            with self.subTest(name):
                self.check_problem(upload(self.port, image), "broken_image", says)
        self.check_alive()


class CancelledCall(FakeTest):
    """A picture that takes long to decode and is broken at its end: Gemini has been asked by then."""

    options: ClassVar[dict[str, Any]] = {"MAX_IMAGE_PIXELS": 24_000_000, "MAX_IMAGE_SIDE": 8192, "REQUEST_TIMEOUT": 60 * SLOW}

    def test_the_call_begun_is_cancelled(self) -> None:
        broken_at_the_end = png_of(ihdr(4800, 4800), idat(rows(4800, 4799)), IEND)
        self.fake.script(default=HOLD)
        with self.serve(**self.options) as server:

            def cancelled_one() -> int:
                self.assertEqual(upload(server.port, broken_at_the_end).status, 422)
                return self.fake.wait(idle=True)["client_gone"]

            eventually(cancelled_one, "a call begun before the picture turned out to be broken")
            stats = self.fake.stats()
            self.assertEqual((stats["ok"], stats["held"]), (0, 0))
            wait_empty(server)
            self.assertTrue(server.grep(r"Request finished.* status=422 .*code=broken_image"))


if __name__ == "__main__":
    unittest.main()
