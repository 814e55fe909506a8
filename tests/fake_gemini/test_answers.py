"""Tests of the answers with status 200: the good ones and the odd ones."""

from __future__ import annotations

import base64
import json
from typing import Any

from harness import FLASH, IMAGE_MODEL, Answer, FakeTest, body_of
from pictures import annotated_jpeg, plain_png, sniff


class GoodAnswers(FakeTest):
    def test_text_model_answers_a_chart_analysis(self) -> None:
        answer = self.ask()
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["Content-Type"], "application/json; charset=UTF-8")
        self.assertTrue(answer.raw.startswith(b'{\n  "candidates": ['))
        self.assertEqual(json.loads(answer.text())["chart_type"], "line")
        usage = answer.json()["usageMetadata"]
        self.assertEqual(
            usage["totalTokenCount"],
            usage["promptTokenCount"] + usage["candidatesTokenCount"] + usage["thoughtsTokenCount"],
        )
        self.assertIn({"modality": "IMAGE", "tokenCount": 1120}, usage["promptTokensDetails"])

    def test_image_model_answers_text_and_a_real_picture(self) -> None:
        answer = self.ask(model=IMAGE_MODEL)
        self.assertEqual(answer.json()["modelVersion"], "gemini-3-pro-image")
        self.assertIn("chart_type", answer.text())
        blob = answer.parts()[1]["inlineData"]
        self.assertEqual(sniff(base64.b64decode(blob["data"])), (blob["mimeType"], 96, 64))
        self.assertEqual(len(self.ask(body_of(responseModalities=["TEXT"]), IMAGE_MODEL).parts()), 1)

    def test_every_version_prefix_and_both_casings(self) -> None:
        snake = {"contents": {"parts": [{"inline_data": {"mime_type": "image/jpeg", "data": ""}}, {"text": "x"}]},
                 "system_instruction": {"parts": {"text": "s"}}, "generation_config": {"max_output_tokens": 4096}}  # fmt: skip
        snake["contents"]["parts"][0]["inline_data"]["data"] = base64.urlsafe_b64encode(annotated_jpeg()).decode().rstrip("=")
        for version in ("v1beta", "v1", "v1alpha"):
            self.assertEqual(self.ask(snake, version=version).status, 200)

    def test_tokens_of_the_tile_rule(self) -> None:
        for size, tokens in (((960, 540), 1548), ((384, 384), 258)):
            usage = self.ask(body_of(plain_png(*size)), "gemini-2.5-flash").json()["usageMetadata"]
            self.assertIn({"modality": "IMAGE", "tokenCount": tokens}, usage["promptTokensDetails"])

    def test_a_small_output_limit_cuts_the_answer(self) -> None:
        answer = self.ask(body_of(maxOutputTokens=40))
        self.assertEqual(answer.candidate(), {"content": {"role": "model"}, "finishReason": "MAX_TOKENS", "index": 0})
        self.assertEqual(answer.json()["usageMetadata"]["thoughtsTokenCount"], 40)

    def test_count_tokens_and_models(self) -> None:
        headers = {"Content-Type": "application/json", "x-goog-api-key": "key-c"}
        path = f"/v1beta/models/{FLASH}:countTokens"
        counted = self.call("POST", path, {"contents": body_of()["contents"]}, headers).json()
        self.assertEqual(counted["totalTokens"], 1127)
        self.assertEqual(self.call("POST", path, {}, headers).status, 400)
        self.assertEqual(self.call("GET", f"/v1/models/{IMAGE_MODEL}", None, headers).json()["name"], f"models/{IMAGE_MODEL}")
        page = self.call("GET", "/v1beta/models?pageSize=3", None, headers).json()
        rest = self.call("GET", f"/v1beta/models?pageSize=3&pageToken={page['nextPageToken']}", None, headers).json()
        self.assertEqual((len(page["models"]), len(rest["models"]), "nextPageToken" in rest), (3, 2, False))
        self.assertEqual(self.call("GET", "/v1beta/models/foo", None, headers).status, 404)
        self.assertEqual(self.call("GET", "/elsewhere", None, headers).error()["status"], "NOT_FOUND")

    def test_gzip_only_when_accepted(self) -> None:
        self.assertIsNone(self.ask().headers["Content-Encoding"])
        answer = self.ask(Accept_Encoding="gzip, deflate")
        self.assertEqual(answer.headers["Content-Encoding"], "gzip")
        self.assertIn("chart_type", answer.text())


class Oddities(FakeTest):
    def odd(self, name: str, model: str = FLASH, **more: Any) -> Answer:
        self.script({"oddity": name, **more})
        answer = self.ask(model=model)
        self.assertEqual(answer.status, 200)
        return answer

    def test_answers_without_text(self) -> None:
        self.assertEqual(self.odd("empty_no_parts").candidate()["content"], {"role": "model"})
        self.assertNotIn("candidatesTokenCount", self.odd("empty_no_parts").json()["usageMetadata"])
        self.assertEqual(self.odd("max_tokens_no_text").candidate()["finishReason"], "MAX_TOKENS")
        blocked = self.odd("blocked", reason="SAFETY").json()
        self.assertEqual((blocked["promptFeedback"], "candidates" in blocked), ({"blockReason": "SAFETY"}, False))
        self.assertEqual(set(self.odd("no_candidates").json()), {"usageMetadata", "modelVersion", "responseId"})
        odd = self.odd("candidate_no_content", finish_reason="IMAGE_SAFETY").candidate()
        self.assertEqual(odd, {"finishReason": "IMAGE_SAFETY", "index": 0})
        self.assertEqual(self.odd("empty_body").raw, b"")
        self.assertIn(b"<html>", self.odd("html_200").raw)
        self.assertEqual(self.odd("error_in_200", status=429).error()["code"], 429)

    def test_odd_texts(self) -> None:
        self.assertTrue(self.odd("fenced_json").text().startswith("```json\n{"))
        self.assertFalse(self.odd("prose_json").text().startswith("{"))
        several = self.odd("several_texts")
        self.assertEqual((len(several.parts()), json.loads(several.text())["chart_type"]), (3, "line"))
        with self.assertRaises(ValueError):
            json.loads(self.odd("max_tokens_partial").text())
        thoughts = self.odd("thought_parts")
        self.assertEqual((len(thoughts.parts()), json.loads(thoughts.text())["chart_type"]), (3, "line"))
        self.assertEqual(len(self.odd("huge_text", bytes=3_000_000).text()), 3_000_000)
        self.assertIn("data:image/png;base64,", self.odd("data_url_in_text").text())
        self.script({"text": {"chart_type": "bar"}})
        self.assertEqual(json.loads(self.ask().text()), {"chart_type": "bar"})

    def test_odd_pictures(self) -> None:
        def kinds(name: str) -> list[str]:
            parts = self.odd(name, IMAGE_MODEL).parts()
            return ["thought" if p.get("thought") else "text" if "text" in p else p["inlineData"]["mimeType"] for p in parts]

        self.assertEqual(kinds("image_only"), ["image/jpeg"])
        self.assertEqual(kinds("text_only"), ["text"])
        self.assertEqual(kinds("two_images"), ["image/png", "text", "image/jpeg"])
        self.assertEqual(kinds("thought_images"), ["thought", "thought", "text", "image/jpeg"])
        self.assertEqual(kinds("png_image"), ["text", "image/png"])
        lying = self.odd("png_as_jpeg", IMAGE_MODEL).parts()[1]["inlineData"]
        self.assertEqual((lying["mimeType"], base64.b64decode(lying["data"])[:4]), ("image/jpeg", b"\x89PNG"))
        with self.assertRaises(ValueError):
            base64.b64decode(self.odd("bad_image_base64", IMAGE_MODEL).parts()[1]["inlineData"]["data"], validate=True)

    def test_odd_metadata(self) -> None:
        self.assertEqual(self.odd("unknown_finish_reason").candidate()["finishReason"], "BRAND_NEW_REASON")
        self.assertNotIn("index", self.odd("missing_index").candidate())
        self.assertIn("modelStage", self.odd("model_status").json()["modelStatus"])
        self.assertEqual(self.odd("usage_mismatch").json()["usageMetadata"]["candidatesTokenCount"], 1772)
        self.script({"finish_reason": None, "model_version": "other"})
        answer = self.ask()
        self.assertNotIn("finishReason", answer.candidate())
        self.assertEqual(answer.json()["modelVersion"], "other")
