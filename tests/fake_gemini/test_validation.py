"""Tests of what is refused: bad requests and bad credentials."""

from __future__ import annotations

from harness import FLASH, IMAGE_MODEL, Answer, FakeTest, body_of
from pictures import annotated_png


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
