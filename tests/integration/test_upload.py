"""One upload, from the request to the answer, the log, and what Gemini was asked."""

from __future__ import annotations

import hashlib
import json
import re

from harness import ROOT, ServerTest, get, png, post_image, post_raw

MODEL = "nano-banana-pro-preview"


class Uploads(ServerTest):
    options = {"GEMINI_MODELS_ALLOWED": "gemini-3.8-flash, gemini-2.5-flash"}

    def asked(self) -> dict:
        """The body of the one request the fake got."""
        (entry,) = self.fake.requests()
        return entry["body"]

    def prompt(self) -> str:
        return self.asked()["contents"][0]["parts"][1]["text"]

    def test_multipart_and_raw_bodies_are_analysed_at_all_three_paths(self) -> None:
        for path in ("/v1/analyses", "/analyze", "/upload"):
            for data in (post_image(target=path), post_raw(target=path), post_image(target=path, field="image")):
                with self.subTest(path=path, start=data[:300]):
                    response = self.exchange(data)
                    self.assertEqual(response.status, 200, response.raw)
                    self.assertEqual(response.json()["analysis"]["structured"]["trend"], "up")
        self.assertEqual(self.fake.stats()["ok"], 9)

    def test_raw_bodies_come_with_any_content_type_that_may_hold_an_image(self) -> None:
        types = ("image/png", "image/jpeg", "application/octet-stream", "application/x-www-form-urlencoded")
        for content_type in types:
            response = self.exchange(post_raw(headers={"Content-Type": content_type}))
            self.assertEqual(response.status, 200, content_type)
            self.assertEqual(response.json()["image"]["format"], "png", "the bytes decide")

    def test_the_answer_has_all_its_members(self) -> None:
        image = png(31, 17, seed=5)
        response = self.exchange(post_image(image))
        self.assertEqual(response.status, 200)
        self.assertEqual(response.header("Content-Type"), "application/json")
        answer = response.json()
        self.assertRegex(answer["request_id"], r"^chart_\d+$")
        self.assertEqual(answer["engine"], "gemini")
        self.assertEqual(answer["model"], MODEL)
        self.assertEqual(json.loads(answer["analysis"]["text"]), answer["analysis"]["structured"])
        self.assertEqual(answer["analysis"]["structured"]["chart_type"], "line")
        self.assertEqual(answer["analysis"]["finish_reason"], "STOP")
        self.assertTrue(answer["analysis"]["model_version"])
        self.assertTrue(answer["analysis"]["response_id"])
        self.assertIn("measurement", answer)
        self.assertEqual(answer["checks"], [])
        facts = {"format": "png", "width": 31, "height": 17, "bytes": len(image)}
        self.assertEqual(answer["image"], {**facts, "sha256": hashlib.sha256(image).hexdigest()})
        usage = answer["usage"]
        self.assertGreater(usage["prompt_tokens"], 0)
        self.assertGreater(usage["output_tokens"], 0)
        spent = usage["prompt_tokens"] + usage["output_tokens"] + usage["thoughts_tokens"]
        self.assertEqual(usage["total_tokens"], spent)
        (attempt,) = answer["attempts"]
        self.assertEqual((attempt["key"], attempt["status"], attempt["waited_ms"]), (0, 200, 0))
        self.assertGreaterEqual(attempt["took_ms"], 0)
        times = answer["timings_ms"]
        self.assertEqual(set(times), {"queue", "receive", "check", "decode", "upstream", "total"})
        self.assertTrue(all(time >= 0 for time in times.values()), times)
        self.assertLessEqual(times["upstream"], times["total"])

    def test_the_headers_name_the_request_and_its_times(self) -> None:
        response = self.exchange(post_image(file_name="my chart (1).png"))
        self.assertRegex(response.header("X-Request-ID") or "", r"^mychart1_\d+$")
        self.assertEqual(response.header("X-Request-ID"), response.json()["request_id"])
        timing = response.header("Server-Timing") or ""
        for phase in ("queue", "receive", "check", "decode", "upstream", "total"):
            self.assertRegex(timing, rf"\b{phase};dur=\d+(\.\d+)?")
        self.assertIsNone(response.header("X-Correlation-ID"))
        self.assertRegex(response.header("Date") or "", r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")
        self.assertEqual(response.header("Cache-Control"), "no-store")

    def test_a_valid_request_id_of_the_client_is_echoed_and_logged_beside_ours(self) -> None:
        response = self.exchange(post_image(headers={"X-Request-ID": "abc-DEF_1.2"}))
        self.assertEqual(response.header("X-Correlation-ID"), "abc-DEF_1.2")
        self.assertEqual(response.json()["correlation_id"], "abc-DEF_1.2")
        self.assertNotEqual(response.header("X-Request-ID"), "abc-DEF_1.2")
        self.wait_log(r"Request finished .*correlation_id=abc-DEF_1\.2")
        for invalid in ("two words", "x" * 65, "quote\"", "sl/ash"):
            response = self.exchange(post_image(headers={"X-Request-ID": invalid}))
            self.assertEqual(response.status, 200)
            self.assertIsNone(response.header("X-Correlation-ID"), invalid)

    def test_the_three_lines_of_the_old_backend_are_logged_word_for_word(self) -> None:
        request_id = self.exchange(post_image()).json()["request_id"]
        self.wait_log(r"Request finished")
        wanted = [
            "Received upload request: chart.png",
            f"Calling Gemini API with model: {MODEL}",
            "Analysis complete, returning results",
        ]
        lines = [re.fullmatch(rf"\S+Z (\w+) +(w\d) \[{request_id}\] (.*)", line) for line in self.log(request_id)]
        found = [(line[3], line[1], line[2]) for line in lines if line and line[3] in wanted]
        self.assertEqual([text for text, _, _ in found], wanted)
        self.assertEqual({level for _, level, _ in found}, {"info"})
        self.assertEqual(len({worker for _, _, worker in found}), 1, "one worker wrote them")

    def test_one_line_at_the_end_tells_what_became_of_the_request(self) -> None:
        request_id = self.exchange(post_image()).json()["request_id"]
        self.wait_log(rf"\[{request_id}\] Request finished")
        (line,) = self.log(rf"\[{request_id}\] Request finished")
        for field in ("method=POST", "path=/v1/analyses", "status=200", "code=ok", "tries=1"):
            self.assertIn(f" {field}", line)
        for phase in ("queue", "receive", "check", "decode", "upstream", "total"):
            self.assertRegex(line, rf" {phase}_ms=\d+\.\d\b")

    def test_requests_are_named_after_their_files(self) -> None:
        names = {"a.b.c.png": "abc", "../../etc/passwd": "passwd", "C:\\x\\Graph-7.PNG": "Graph-7", "€.png": "image"}
        names |= {"x" * 50 + ".png": "x" * 32, "no-dot": "no-dot"}
        for file_name, stem in names.items():
            with self.subTest(file_name):
                response = self.exchange(post_image(file_name=file_name))
                self.assertRegex(response.json()["request_id"], rf"^{stem}_\d+$")
        self.assertRegex(self.exchange(post_raw()).json()["request_id"], r"^image_\d+$")
        named = self.exchange(post_raw(target="/analyze?filename=spx.png"))
        self.assertRegex(named.json()["request_id"], r"^spx_\d+$")

    def test_file_names_cannot_forge_log_lines(self) -> None:
        response = self.exchange(post_image(file_name="a\x1b[2J [x_1] Analysis complete\x7f.png"))
        self.wait_log("Request finished")
        self.assertIn(response.status, (200, 400))
        for line in self.server.lines:
            self.assertTrue(line.isprintable(), line)

    def test_gemini_gets_the_picture_the_default_prompt_and_the_key(self) -> None:
        image = png(40, 30)
        self.exchange(post_image(image))
        (entry,) = self.fake.requests()
        self.assertEqual(entry["path"], f"/v1beta/models/{MODEL}:generateContent")
        self.assertEqual(entry["query"], {})
        self.assertEqual(entry["headers"]["content-type"].split(";")[0], "application/json")
        self.assertNotIn("expect", entry["headers"])
        self.assertIn("gzip", entry["headers"]["accept-encoding"])
        self.assertFalse(entry["chunked"], "the size is known")
        data = self.asked()["contents"][0]["parts"][0]["inlineData"]
        self.assertEqual(data["mimeType"], "image/png")
        self.assertEqual(data["data"]["sha256"], hashlib.sha256(image).hexdigest())
        default = (ROOT / "config" / "prompts" / "chart_analysis.txt").read_text()
        self.assertEqual(self.prompt().strip(), default.strip())
        self.assertNotIn("generationConfig", self.asked())

    def test_the_prompt_reaches_gemini_as_it_is(self) -> None:
        prompt = 'Zeile 1\r\nLine "2" \\ \t €😀 </script> {"a": 1}'
        self.assertEqual(self.exchange(post_image(prompt=prompt)).status, 200)
        self.assertEqual(self.prompt(), prompt)
        self.fake.reset()
        self.exchange(post_raw(target="/analyze?prompt=what+is+100%25%3F"))
        self.assertEqual(self.prompt(), "what is 100%?")

    def test_a_field_of_the_form_wins_over_the_query(self) -> None:
        self.exchange(post_image(target="/analyze?prompt=query&model=gemini-2.5-flash", prompt="field"))
        self.assertEqual(self.prompt(), "field")
        self.assertEqual(self.fake.requests()[0]["model"], "gemini-2.5-flash")

    def test_an_allowed_model_is_asked_and_no_other(self) -> None:
        answer = self.exchange(post_image(model="gemini-3.8-flash")).json()
        self.assertEqual(answer["model"], "gemini-3.8-flash")
        self.assertEqual(self.fake.requests()[0]["model"], "gemini-3.8-flash")
        refused = self.exchange(post_image(model="gemini-3.5-flash-lite"))
        self.assertEqual((refused.status, refused.code()), (400, "invalid_option"))
        self.assertIn("gemini-3.8-flash", refused.json()["detail"])
        self.assertEqual(self.fake.stats()["requests"], 1)

    def test_annotate_says_whether_the_model_draws(self) -> None:
        modalities = {"1": ["TEXT", "IMAGE"], "yes": ["TEXT", "IMAGE"], "0": ["TEXT"], "off": ["TEXT"]}
        for value, expected in modalities.items():
            self.fake.reset()
            response = self.exchange(post_image(annotate=value))
            self.assertEqual(self.asked()["generationConfig"]["responseModalities"], expected)
            self.assertEqual(response.status, 200)
            self.assertEqual(response.json()["annotated_image"] is None, value in ("0", "off"))

    def test_engines_this_version_does_not_have_are_refused(self) -> None:
        for engine in ("auto", "gemini"):
            self.assertEqual(self.exchange(post_image(engine=engine)).status, 200)
        for engine in ("local", "both", "gpt"):
            response = self.exchange(post_image(engine=engine))
            self.assertEqual((response.status, response.code()), (400, "invalid_option"))
        self.assertEqual(self.fake.stats()["requests"], 2)


class OtherRoutes(ServerTest):
    def test_the_probes_and_the_version_answer(self) -> None:
        self.assertEqual(get(self.port, "/healthz").json(), {"status": "ok"})
        ready = get(self.port, "/readyz")
        self.assertEqual(ready.status, 200)
        expected = {"status": "ready", "running": 0, "queued": 0, "workers": 2, "capacity": 4, "queue_capacity": 8}
        self.assertEqual(ready.json(), expected)
        version = get(self.port, "/version").json()
        self.assertEqual(version["name"], "chartsight")
        self.assertRegex(version["version"], r"^\d+\.\d+\.\d+")

    def test_probes_are_not_worth_a_line_of_the_log_at_info(self) -> None:
        get(self.port, "/healthz")
        self.wait_log(r"^\S+ debug .*Request finished .*path=/healthz")
