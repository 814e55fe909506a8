"""Answers of Gemini that look odd and are good: each becomes a 200 that says what it meant."""

from __future__ import annotations

import base64
import json
import sys
import unittest
from pathlib import Path
from typing import Any

from error_table import OTHER_MODEL, ErrorTableTest
from harness import upload

sys.path.append(str(Path(__file__).resolve().parent.parent / "fake_gemini"))

from answers import ANALYSIS  # noqa: E402
from pictures import annotated_jpeg, annotated_png  # noqa: E402

TEXT = json.dumps(ANALYSIS)
PNG, JPEG = ("image/png", annotated_png()), ("image/jpeg", annotated_jpeg())
EMOJI = "Der Kurs steigt 📈 um 12 % – \u2028 \x00 ende"


class UpstreamOddities(ErrorTableTest):
    def ask(self, behaviour: dict[str, Any], **options: Any) -> dict[str, Any]:
        """The answer's JSON for an upload while Gemini behaves so."""
        self.fake.script([behaviour])
        response = upload(self.port, **options)
        self.assertEqual(response.status, 200, response.raw[:2000])
        return response.json()

    def check(
        self, behaviour: dict[str, Any], text: str, structured: Any, picture: tuple[str, bytes] | None, **options: Any
    ) -> None:
        with self.subTest(behaviour=str(behaviour)[:100]):
            answer = self.ask(behaviour, **options)
            self.assertEqual(answer["analysis"]["text"], text)
            self.assertEqual(answer["analysis"]["structured"], structured)
            self.assertEqual(picture_of(answer), picture)

    def test_json_however_it_is_wrapped(self) -> None:
        fenced = f"```json\n{TEXT}\n```\n"
        prose = f"Sure! Here is the analysis {{as JSON}}:\n\n{TEXT}\n\nLet me know if you need more detail."
        self.check({}, TEXT, ANALYSIS, JPEG)
        self.check({"oddity": "fenced_json"}, fenced, ANALYSIS, JPEG)
        self.check({"oddity": "prose_json"}, prose, ANALYSIS, JPEG)
        self.check({"oddity": "several_texts"}, TEXT, ANALYSIS, JPEG)
        self.check({"text": f"\ufeff{TEXT}"}, f"\ufeff{TEXT}", ANALYSIS, JPEG)
        self.check({"text": [{"a": 1}]}, '[{"a": 1}]', [{"a": 1}], JPEG)
        self.check({"text": "The trend is [up]."}, "The trend is [up].", None, JPEG)
        self.check({"text": EMOJI}, EMOJI, None, JPEG)
        self.check({"text": '{"a": 1'}, '{"a": 1', None, JPEG)

    def test_thoughts_are_left_out(self) -> None:
        self.check({"oddity": "thought_parts"}, TEXT, ANALYSIS, JPEG)
        self.check({"oddity": "thought_images"}, TEXT, ANALYSIS, JPEG)
        self.check({"oddity": ["thought_parts", "fenced_json"]}, f"```json\n{TEXT}\n```\n", ANALYSIS, JPEG)

    def test_pictures_have_their_true_type(self) -> None:
        self.check({"oddity": "jpeg_image"}, TEXT, ANALYSIS, JPEG)
        self.check({"oddity": "png_image"}, TEXT, ANALYSIS, PNG)
        self.check({"oddity": "png_as_jpeg"}, TEXT, ANALYSIS, PNG)
        self.check({"oddity": "two_images"}, TEXT, ANALYSIS, JPEG)
        self.check({"oddity": "image_only"}, "", None, JPEG)
        self.check({"oddity": "text_only"}, TEXT, ANALYSIS, None)
        self.check({"oddity": "bad_image_base64"}, TEXT, ANALYSIS, None)

    def test_a_picture_in_a_text(self) -> None:
        """A reseller's way: the picture is taken out of the text, and one in a part of its own goes before."""
        self.check({"oddity": "data_url_in_text"}, f"{TEXT}\n", ANALYSIS, PNG, model=OTHER_MODEL)
        bad = "![a](data:image/png;base64,***) and data:image/png;base64,AAAA"
        self.check({"text": bad}, bad, None, None, model=OTHER_MODEL)

    def test_the_picture_alone(self) -> None:
        """For `Accept: image/png` whatever its type; JSON where there is none."""
        for oddity, (mime_type, data) in (("jpeg_image", JPEG), ("png_as_jpeg", PNG)):
            self.fake.script([{"oddity": oddity}])
            response = upload(self.port, headers={"Accept": "image/png"})
            self.assertEqual((response.status, response.header("Content-Type")), (200, mime_type))
            self.assertEqual(response.body, data)
        self.fake.script([{"oddity": "text_only"}])
        response = upload(self.port, headers={"Accept": "image/png"})
        self.assertEqual((response.status, response.header("Content-Type")), (200, "application/json"))

    def test_what_is_missing_or_new(self) -> None:
        for behaviour, reason in (
            ({"oddity": "unknown_finish_reason"}, "BRAND_NEW_REASON"),
            ({"finish_reason": None}, ""),
            ({"finish_reason": "SAFETY"}, "SAFETY"),
            ({"oddity": "missing_index"}, "STOP"),
            ({"oddity": "model_status"}, "STOP"),
        ):
            with self.subTest(behaviour=behaviour):
                analysis = self.ask(behaviour)["analysis"]
                self.assertEqual((analysis["structured"], analysis["finish_reason"]), (ANALYSIS, reason))

    def test_an_answer_cut_off(self) -> None:
        """The text there is, no structure guessed from it, and the reason."""
        analysis = self.ask({"oddity": "max_tokens_partial"})["analysis"]
        self.assertEqual(analysis["text"], TEXT[: len(TEXT) // 2])
        self.assertEqual((analysis["structured"], analysis["finish_reason"]), (None, "MAX_TOKENS"))

    def test_usage(self) -> None:
        wanted = {"prompt_tokens": 32, "output_tokens": 1772, "thoughts_tokens": 748, "total_tokens": 2552}
        self.assertEqual(self.ask({"oddity": "usage_mismatch"})["usage"], wanted)
        self.assertEqual(self.ask({"oddity": "no_usage"})["usage"], dict.fromkeys(wanted, 0))
        strange = {"promptTokenCount": "32", "candidatesTokenCount": -1, "thoughtsTokenCount": None, "totalTokenCount": [1]}
        answer = {"candidates": [{"content": {"parts": [{"text": "a"}]}}], "usageMetadata": strange}
        self.assertEqual(self.ask({"raw_body": answer})["usage"], {**dict.fromkeys(wanted, 0), "prompt_tokens": 32})

    def test_another_model_answers(self) -> None:
        answer = self.ask({"model_version": "gemini-9"}, model=OTHER_MODEL)
        self.assertEqual((answer["model"], answer["analysis"]["model_version"]), (OTHER_MODEL, "gemini-9"))

    def test_odd_framing(self) -> None:
        for behaviour in (
            {"array_root": True}, {"gzip": True}, {"gzip": False}, {"chunked_bytes": True},
            {"gzip": True, "chunked_bytes": True}, {"content_type": "text/html"}, {"status": 201},
            {"close": "announced"}, {"latency_ms": 20},
        ):  # fmt: skip
            self.check(behaviour, TEXT, ANALYSIS, JPEG)

    def test_a_long_text(self) -> None:
        answer = self.ask({"oddity": "huge_text", "bytes": 3_000_000})
        self.assertEqual(len(answer["analysis"]["text"]), 3_000_000)


def picture_of(answer: dict[str, Any]) -> tuple[str, bytes] | None:
    """Type and bytes of the answer's picture; checks that its size is right."""
    picture = answer["annotated_image"]
    if picture is None:
        return None
    data = base64.b64decode(picture["data"], validate=True)
    assert picture["bytes"] == len(data)
    return picture["mime_type"], data


if __name__ == "__main__":
    unittest.main()
