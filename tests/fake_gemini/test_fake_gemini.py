"""Tests of the fake itself: python3 -m unittest discover -s tests/fake_gemini. Nothing here sleeps; it waits on /__wait."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import unittest
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True

from pictures import annotated_jpeg, annotated_png, plain_png, sniff  # noqa: E402

HERE = Path(__file__).resolve().parent
FLASH, IMAGE_MODEL = "gemini-3.8-flash", "nano-banana-pro-preview"
KEYS = "project1=key-a,project1=key-b,project2=key-c"


def start(*arguments: str) -> tuple[subprocess.Popen[str], int]:
    """The fake as a child, and its port once it listens."""
    command = [sys.executable, str(HERE / "fake_gemini.py"), "--port", "0", "--exit-with-parent", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    prefix = "fake_gemini listening on http://127.0.0.1:"
    assert line.startswith(prefix), line
    return process, int(line[len(prefix) :])


def body_of(image: bytes | None = None, mime: str = "image/png", **config: Any) -> dict[str, Any]:
    """A good generateContent body: one picture, one question."""
    data = base64.b64encode(plain_png(960, 540) if image is None else image).decode()
    parts = [{"inlineData": {"mimeType": mime, "data": data}}, {"text": "What does this chart show?"}]
    return {"contents": [{"role": "user", "parts": parts}], "generationConfig": config}


class Answer:
    """Status, headers and raw body of an answer."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.raw = response.status, response.headers, response.read()

    def json(self) -> Any:
        return json.loads(gzip.decompress(self.raw) if self.headers["Content-Encoding"] == "gzip" else self.raw)

    def candidate(self) -> dict[str, Any]:
        return self.json()["candidates"][0]

    def parts(self) -> list[dict[str, Any]]:
        return self.candidate()["content"]["parts"]

    def text(self) -> str:
        return "".join(part.get("text", "") for part in self.parts() if not part.get("thought"))

    def error(self) -> dict[str, Any]:
        return self.json()["error"]


class FakeTest(unittest.TestCase):
    """One fake for all tests, reset before each."""

    process: subprocess.Popen[str]
    port: int

    @classmethod
    def setUpClass(cls) -> None:
        cls.process, cls.port = start("--keys", KEYS)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.process.terminate()
        assert cls.process.wait(timeout=5) == 0
        cls.process.stdout.close()

    def setUp(self) -> None:
        self.control("POST", "/__reset")

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            payload = body if isinstance(body, (bytes, str, type(None))) else json.dumps(body)
            connection.request(method, path, payload, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, path, body)
        self.assertEqual(answer.status, 200, answer.raw)
        return answer.json()

    def script(self, *behaviours: dict[str, Any]) -> None:
        self.control("POST", "/__script", list(behaviours))

    def ask(self, body: Any = None, model: str = FLASH, version: str = "v1beta", key: str = "key-a", **headers: str) -> Answer:
        sent = {"Content-Type": "application/json", "x-goog-api-key": key}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", f"/{version}/models/{model}:generateContent", body_of() if body is None else body, sent)

    def refused(self, body: Any, fragment: str, model: str = FLASH, status: int = 400) -> dict[str, Any]:
        answer = self.ask(body, model)
        self.assertEqual(answer.status, status, answer.raw[:300])
        self.assertIn(fragment, answer.error()["message"])
        return answer.error()

    def raw_request(self, body: bytes, extra: str = "") -> bytes:
        head = f"POST /v1beta/models/{FLASH}:generateContent HTTP/1.1\r\nHost: x\r\nx-goog-api-key: key-a\r\n"
        return f"{head}Content-Type: application/json\r\n{extra}".encode() + body

    def open(self, **config: Any) -> socket.socket:
        """A socket on which a good request has been sent and nothing read."""
        body = json.dumps(body_of(**config)).encode()
        client = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        client.sendall(self.raw_request(b"\r\n" + body, f"Content-Length: {len(body)}\r\n"))
        return client


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


class Validation(FakeTest):
    def test_contents_and_parts(self) -> None:
        self.refused({}, "contents is not specified")
        self.refused({"contents": []}, "contents is not specified")
        self.refused({"contents": [{"role": "user", "parts": []}]}, "must not be empty")
        self.refused({"contents": [{"parts": [{}]}]}, "must have one initialized field")
        both = {"text": "a", "inlineData": {"mimeType": "image/png", "data": ""}}
        self.refused({"contents": [{"parts": [both]}]}, "already set")
        self.refused({"contents": [{"role": "system", "parts": [{"text": "a"}]}]}, "valid role")
        self.refused(b"{not json", "Invalid JSON payload")
        self.refused(b'{"contents": NaN}', "Invalid JSON payload")
        self.refused(b"\xff\xfe", "Invalid JSON payload")

    def test_unknown_fields_are_all_named(self) -> None:
        body = body_of(imageConfig={"resolution": "2K"})
        body["foo"] = 1
        error = self.refused(body, "Unknown name \"resolution\" at 'generation_config.image_config': Cannot find field.")
        violations = error["details"][0]["fieldViolations"]
        self.assertEqual([one.get("field") for one in violations], ["generation_config.image_config", None])
        self.refused(body_of(temperature="hot"), "Invalid value at 'generation_config.temperature' (TYPE_FLOAT)")
        self.refused(body_of(responseModalities=["SMELL"]), "generation_config.response_modalities[0]")

    def test_images(self) -> None:
        self.refused(body_of(b"GIF89a......", "image/gif"), "Unsupported MIME type: image/gif")
        self.refused(body_of(b"no picture at all"), "Unable to process input image")
        self.refused(body_of(annotated_png(), "image/jpeg"), "Unable to process input image")
        self.refused(body_of(b""), "empty")
        for bad in ("data:image/png;base64,iVBO", "iVBO\nRw0K", "i!"):
            body = body_of()
            body["contents"][0]["parts"][0]["inlineData"]["data"] = bad
            self.refused(body, "Base64 decoding failed")
        many = body_of()
        many["contents"][0]["parts"] *= 15
        self.refused(many, "at most 14", IMAGE_MODEL)

    def test_generation_config(self) -> None:
        self.refused(body_of(responseModalities=["IMAGE"]), "response modalities (IMAGE) is not supported")
        self.refused(body_of(responseMimeType="application/json"), "JSON mode is not enabled", IMAGE_MODEL)
        self.refused(body_of(responseFormat={"text": {}}), "JSON mode is not enabled", IMAGE_MODEL)
        self.refused(body_of(responseSchema={"type": "OBJECT"}), "text/plain")
        self.refused(body_of(thinkingConfig={"thinkingBudget": 8, "thinkingLevel": "LOW"}), "only one of thinking")
        self.refused(body_of(thinkingConfig={"thinkingLevel": "LOW"}), "not supported", "gemini-2.5-flash")
        self.refused(body_of(thinkingConfig={"thinkingBudget": 0}), "only works in thinking mode", IMAGE_MODEL)
        self.refused(body_of(imageConfig={"imageSize": "2k"}), "Invalid image size: 2k", IMAGE_MODEL)
        self.refused(body_of(imageConfig={"aspectRatio": "7:5"}), "Invalid aspect ratio", IMAGE_MODEL)
        self.refused(body_of(imageConfig={}), "Image generation is not enabled")
        self.refused(body_of(mediaResolution="MEDIA_RESOLUTION_ULTRA_HIGH"), "per part")
        good = body_of(responseMimeType="application/json", responseJsonSchema={"type": "object"}, temperature=0,
                       thinkingConfig={"thinkingLevel": "low"}, mediaResolution="MEDIA_RESOLUTION_LOW")  # fmt: skip
        good["safetySettings"] = [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}]
        usage = self.ask(good).json()["usageMetadata"]
        self.assertEqual((usage["thoughtsTokenCount"], usage["promptTokensDetails"][1]["tokenCount"]), (64, 280))

    def test_limits_and_model(self) -> None:
        self.refused(body_of(b"\x89PNG" + bytes(15_100_000)), "Request payload size exceeds the limit: 20000000 bytes.")
        self.refused(body_of(), "models/foo is not found for API version v1beta", "foo", 404)
        self.assertEqual(self.ask(content_type="text/plain").status, 400)
        self.assertEqual(self.ask(x_server_timeout="1.5").status, 400)

    def test_an_invalid_request_takes_its_behaviour_but_gets_its_own_error(self) -> None:
        self.script({"status": 503}, {"status": 503, "validate": False}, {"text": "third"})
        self.refused({}, "contents is not specified")
        self.assertEqual(self.ask({}).status, 503)
        self.assertEqual(self.ask().text(), "third")


class Authentication(FakeTest):
    def test_each_row(self) -> None:
        path, body = f"/v1beta/models/{FLASH}:generateContent", body_of()

        def call(query: str = "", **headers: str) -> Answer:
            sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
            return self.call("POST", path + query, body, sent)

        missing = call()
        self.assertEqual((missing.status, "details" in missing.error()), (403, False))
        self.assertEqual(call(x_goog_api_key="").status, 403)
        wrong = call(x_goog_api_key="nope")
        self.assertEqual((wrong.status, wrong.error()["details"][0]["reason"]), (400, "API_KEY_INVALID"))
        bearer = call(authorization="Bearer key-a")
        self.assertEqual((bearer.status, bearer.error()["details"][0]["reason"]), (401, "ACCESS_TOKEN_TYPE_UNSUPPORTED"))
        self.assertEqual(call("?key=key-a", x_goog_api_key="key-a").status, 400)
        self.assertEqual(call(x_goog_api_key="key-a", authorization="Bearer x").status, 400)
        self.assertEqual(call("?key=key-c").status, 200)

    def test_keys_never_show_in_the_record(self) -> None:
        self.ask(key="key-b")
        self.ask(key="secret-unknown")
        self.call("GET", "/v1beta/models?key=key-c", None, {"Authorization": "Bearer key-a"})
        answer = self.call("GET", "/__requests")
        shown = answer.json()["requests"]
        self.assertEqual(shown[0]["headers"]["x-goog-api-key"], "<key 2>")
        self.assertEqual((shown[0]["key"], shown[0]["project"]), (2, "project1"))
        self.assertEqual(shown[1]["headers"]["x-goog-api-key"], "<unknown key>")
        self.assertEqual((shown[2]["query"], shown[2]["headers"]["authorization"]), ({"key": "<key 3>"}, "Bearer <key 1>"))
        for secret in (b"key-a", b"key-b", b"key-c", b"secret"):
            self.assertNotIn(secret, answer.raw)


class ScriptedErrors(FakeTest):
    def scripted(self, **behaviour: Any) -> Answer:
        self.script(behaviour)
        return self.ask()

    def test_every_status_and_variant(self) -> None:
        from delivery import KNOWN_VARIANTS

        html = {408, 413, 502}
        for status, variants in KNOWN_VARIANTS.items():
            for variant in sorted(variants) + [None]:
                behaviour = {"status": status} | ({"variant": variant} if variant else {})
                with self.subTest(**behaviour):
                    answer = self.scripted(**behaviour)
                    self.assertEqual(answer.status, status)
                    if status in html or variant == "html":
                        self.assertTrue(answer.headers["Content-Type"].startswith("text/html"))
                    else:
                        self.assertEqual(answer.error()["code"], status)
                    self.assertIsNone(answer.headers["Retry-After"])

    def test_the_rows_of_400(self) -> None:
        self.assertEqual(self.scripted(status=400, variant="failed_precondition").error()["status"], "FAILED_PRECONDITION")
        key = self.scripted(status=400, variant="key_expired").error()
        self.assertEqual((key["status"], key["details"][0]["reason"]), ("INVALID_ARGUMENT", "API_KEY_INVALID"))
        self.assertEqual(self.scripted(status=402).error()["status"], "RESOURCE_EXHAUSTED")

    def details(self, **behaviour: Any) -> dict[str, Any]:
        error = self.scripted(status=429, **behaviour).error()
        return {one["@type"].rpartition(".")[2]: one for one in error.get("details", [])}

    def test_the_rows_of_429(self) -> None:
        full = self.details()
        self.assertEqual(set(full), {"Help", "QuotaFailure", "RetryInfo"})
        self.assertEqual(full["RetryInfo"]["retryDelay"], "34s")
        self.assertEqual(full["QuotaFailure"]["violations"][0]["quotaValue"], "5")
        self.assertEqual(self.details(variant="bare"), {})
        self.assertEqual(set(self.details(variant="help")), {"Help"})
        self.assertIn("PerDay", self.details(variant="daily")["QuotaFailure"]["violations"][0]["quotaId"])
        self.assertNotIn("quotaValue", self.details(variant="limit0")["QuotaFailure"]["violations"][0])
        self.assertIn("limit: 0", self.scripted(status=429, variant="limit0").error()["message"])
        tokens = self.details(variant="tokens", quota_value=7)["QuotaFailure"]["violations"][0]
        self.assertEqual((tokens["quotaValue"], "InputTokens" in tokens["quotaId"]), ("7", True))
        self.assertEqual(len(self.details(variant="several")["QuotaFailure"]["violations"]), 2)

    def test_retry_delays(self) -> None:
        for given, shown in ((6776, "6776s"), (0.25, "0.25s"), ("35.174346048s", "35.174346048s")):
            self.assertEqual(self.details(retry_delay=given)["RetryInfo"]["retryDelay"], shown)
        self.assertNotIn("RetryInfo", self.details(retry_delay=None))
        self.assertEqual(self.scripted(status=429, retry_after=7).headers["Retry-After"], "7")

    def test_array_root_wraps_error_and_success(self) -> None:
        self.assertEqual(self.scripted(status=503, array_root=True).json()[0]["error"]["code"], 503)
        self.assertIn("candidates", self.scripted(array_root=True).json()[0])

    def test_the_script_is_a_queue_before_a_default(self) -> None:
        self.control("POST", "/__script", {"queue": [{"status": 500}], "default": {"status": 503}})
        self.assertEqual([self.ask().status for _ in range(3)], [500, 503, 503])
        self.control("POST", "/__script", {"default": None})
        self.assertEqual(self.ask().status, 200)

    def test_a_behaviour_may_be_meant_for_one_project_or_model(self) -> None:
        self.control("POST", "/__script", {"default": [{"status": 429, "when": {"project": "project1"}}]})
        self.assertEqual([self.ask(key=key).status for key in ("key-a", "key-b", "key-c")], [429, 429, 200])

    def test_a_typo_in_a_script_is_refused(self) -> None:
        for bad in ([{"statsu": 1}], [{"status": 429, "variant": "fool"}], [{"oddity": "x"}], {"latency_ms": 1}, 7):
            answer = self.call("POST", "/__script", bad)
            self.assertEqual(answer.status, 400, bad)
        self.assertEqual(self.control("GET", "/__stats")["script_queued"], 0)


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


class Transport(FakeTest):
    def test_hold_and_release(self) -> None:
        self.control("POST", "/__script", {"default": {"hold": True}})
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(self.ask().status)) for _ in range(5)]
        for thread in threads:
            thread.start()
        self.control("GET", "/__wait?in_flight=5&held=5")
        self.assertEqual(statuses, [])
        self.assertEqual(self.control("POST", "/__release?count=2"), {"released": 2})
        self.control("GET", "/__wait?ok=2")
        self.assertEqual(self.control("POST", "/__release"), {"released": 3})
        for thread in threads:
            thread.join()
        stats = self.control("GET", "/__wait?idle=1")["stats"]
        self.assertEqual((statuses, stats["max_in_flight"], stats["by_status"]), ([200] * 5, 5, {"200": 5}))

    def test_a_client_that_hangs_up_is_counted(self) -> None:
        for behaviour in ({"hold": True}, {"latency_ms": 60_000}, {"hang": True}, {"hang": "after_headers"}):
            with self.subTest(**behaviour):
                self.control("POST", "/__reset")
                self.script(behaviour)
                with self.open():
                    self.control("GET", "/__wait?in_flight=1")
                stats = self.control("GET", "/__wait?client_gone=1&idle=1")["stats"]
                self.assertEqual((stats["in_flight"], stats["held"], stats["ok"]), (0, 0, 0))
                shown = self.control("GET", "/__requests")["requests"][0]
                self.assertEqual((shown["client_gone"], shown["status"]), (True, None))

    def test_an_aborted_upload_is_no_request(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(self.raw_request(b"\r\n{", "Content-Length: 1000\r\n"))
        stats = self.control("GET", "/__wait?uploads_aborted=1")["stats"]
        self.assertEqual((stats["requests"], stats["client_gone"]), (0, 0))

    def read_all(self, behaviour: dict[str, Any]) -> tuple[bytes, bool]:
        """All bytes of one answer, and whether a reset ended it."""
        self.script(behaviour)
        received = b""
        with self.open() as client:
            try:
                while data := client.recv(65536):
                    received += data
            except ConnectionResetError:
                return received, True
        return received, False

    def test_resets(self) -> None:
        self.assertEqual(self.read_all({"reset": "before_headers"}), (b"", True))
        received, reset = self.read_all({"reset": "after_headers"})
        self.assertTrue(reset and received.endswith(b"\r\n\r\n"))
        received, reset = self.read_all({"reset": "mid_body"})
        self.assertTrue(reset and b'"candidates"' in received and b"responseId" not in received)
        received, reset = self.read_all({"reset": "mid_body", "reset_with": "fin"})
        self.assertTrue(not reset and b'"candidates"' in received and b"responseId" not in received)
        self.assertEqual(self.control("GET", "/__stats")["cut"], 4)

    def test_bodies_that_are_not_what_they_should_be(self) -> None:
        self.script({"truncate_json": True}, {"truncate_json": 5}, {"raw_body": "hello", "content_type": "text/plain"},
                    {"chunked_bytes": True}, {"gzip": True}, {"status": 418}, {"headers": {"X-Extra": "1"}})  # fmt: skip
        with self.assertRaises(ValueError):
            self.ask().json()
        self.assertEqual(self.ask().raw, b'{\n  "')
        plain = self.ask()
        self.assertEqual((plain.raw, plain.headers["Content-Type"]), (b"hello", "text/plain"))
        chunked = self.ask()
        self.assertEqual((chunked.headers["Transfer-Encoding"], "chart_type" in chunked.text()), ("chunked", True))
        self.assertIn("chart_type", self.ask().text())
        self.assertEqual(self.ask().status, 418)
        self.assertEqual(self.ask().headers["X-Extra"], "1")

    def test_server_timeout(self) -> None:
        self.script({"hold": True})
        answer = self.ask(x_server_timeout="1")
        self.assertEqual((answer.status, answer.error()["status"]), (504, "DEADLINE_EXCEEDED"))
        self.assertEqual(self.control("GET", "/__stats")["held"], 0)

    def test_chunked_upload_keep_alive_and_expect(self) -> None:
        body = json.dumps(body_of()).encode()
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:7], body[7:9], body[9:])) + b"0\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
            client.sendall(self.raw_request(b"\r\n" + chunks, "Transfer-Encoding: chunked\r\n"))
            with client.makefile("rb") as stream:
                first = self.read_one(stream)
                client.sendall(self.raw_request(b"\r\n", f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n"))
                self.assertEqual((stream.readline(), stream.readline()), (b"HTTP/1.1 100 Continue\r\n", b"\r\n"))
                client.sendall(body)
                second = self.read_one(stream)
        self.assertNotEqual(first["responseId"], second["responseId"])
        shown = self.control("GET", "/__requests")["requests"]
        self.assertEqual([(one["chunked"], one["expect_continue"]) for one in shown], [(True, False), (False, True)])
        self.assertEqual(self.control("GET", "/__stats")["connections_total"], 1)

    def read_one(self, stream: Any) -> Any:
        length = 0
        while (line := stream.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return json.loads(stream.read(length))

    def test_close_after_an_answer(self) -> None:
        for close, said in (("announced", True), ("silent", False)):
            received, reset = self.read_all({"close": close})
            self.assertEqual((reset, b"Connection: close" in received, b"responseId" in received), (False, said, True))

    def test_broken_http(self) -> None:
        for head in (b"nonsense\r\n\r\n", self.raw_request(b"\r\n", "Content-Length: 99999999\r\n")):
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
                client.sendall(head)
                self.assertIn(client.recv(4096)[9:12], (b"400", b"413"))
        self.assertEqual(self.control("GET", "/__stats")["bad_http"], 2)

    def test_two_hundred_at_once(self) -> None:
        self.control("POST", "/__script", {"default": {"hold": True}})
        body = json.dumps(body_of()).encode()
        request = self.raw_request(b"\r\n" + body, f"Content-Length: {len(body)}\r\nConnection: close\r\n")
        clients = [socket.create_connection(("127.0.0.1", self.port), timeout=10) for _ in range(200)]
        try:
            for client in clients:
                client.sendall(request)
            self.control("GET", "/__wait?in_flight=200")
            self.control("POST", "/__release")
            for client in clients:
                self.assertEqual(client.recv(12), b"HTTP/1.1 200")
        finally:
            for client in clients:
                client.close()
        stats = self.control("GET", "/__stats")
        self.assertEqual((stats["ok"], stats["max_in_flight"], stats["connections_total"]), (200, 200, 200))


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
        script = "import sys; sys.path.insert(0, sys.argv[1]); import test_fake_gemini as t; print(t.start()[0].pid)"
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
