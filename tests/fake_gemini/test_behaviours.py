"""Tests of the script and of every scripted error."""

from __future__ import annotations

from typing import Any

from delivery import KNOWN_VARIANTS
from harness import Answer, FakeTest


class ScriptedErrors(FakeTest):
    def scripted(self, **behaviour: Any) -> Answer:
        self.script(behaviour)
        return self.ask()

    def test_every_status_and_variant(self) -> None:
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
