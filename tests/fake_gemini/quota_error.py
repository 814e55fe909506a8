"""The 429 answers: full, bare, Help only, daily, limit 0, tokens, several violations, prepaid credit."""

from __future__ import annotations

from typing import Any

from google_error import SERVICE, TYPE, GoogleError

VARIANTS = ("full", "bare", "help", "daily", "limit0", "tokens", "several", "prepaid")
DEFAULT_DELAY = 34


def quota_error(variant: str, model: str, retry_delay: float | str | None, quota_value: str | None) -> GoogleError:
    """A 429. `retry_delay`: seconds, a literal Duration such as "35.174346048s", or None for no RetryInfo."""
    if variant == "bare":
        return GoogleError(429, "Resource has been exhausted (e.g. check quota).")
    if variant == "prepaid":
        return GoogleError(429, "Your prepayment credits are depleted. Please add credits.")
    rows = _rows(variant, model, quota_value)
    delay = None if retry_delay is None else _duration(retry_delay)
    message = "You exceeded your current quota, please check your plan and billing details."
    for metric, _, limit in rows:
        message += f"\n* Quota exceeded for metric: {SERVICE}/{metric}, limit: {limit}, model: {model}"
    if delay is not None:
        message += f"\nPlease retry in {delay}."
    link = {"description": "Learn more about Gemini API quotas", "url": "https://ai.google.dev/gemini-api/docs/rate-limits"}
    details: list[dict[str, Any]] = [{"@type": TYPE + "Help", "links": [link]}]
    if variant != "help":
        details.append({"@type": TYPE + "QuotaFailure", "violations": [_violation(row, model) for row in rows]})
        if delay is not None:
            details.append({"@type": TYPE + "RetryInfo", "retryDelay": delay})
    return GoogleError(429, message, details=details)


def _rows(variant: str, model: str, value: str | None) -> list[tuple[str, str, str]]:
    """(metric, quota id, limit) of each violation."""
    minute = ("generate_content_free_tier_requests", "GenerateRequestsPerMinutePerProjectPerModel-FreeTier")
    day = ("generate_requests_per_model_per_day", "GenerateRequestsPerDayPerProjectPerModel-PaidTier1")
    tokens = ("generate_content_paid_tier_input_token_count", "GenerateContentPaidTierInputTokensPerModelPerMinute")
    if variant == "daily":
        return [(*day, value or "1000")]
    if variant == "limit0":
        return [(*minute, "0"), (day[0], "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "0")]
    if variant == "tokens":
        return [(*tokens, value or "1000000")]
    if variant == "several":
        return [(*minute, value or "5"), (*tokens, "1000000")]
    return [(*minute, value or "5")]


def _violation(row: tuple[str, str, str], model: str) -> dict[str, Any]:
    metric, quota_id, limit = row
    violation: dict[str, Any] = {
        "quotaMetric": f"{SERVICE}/{metric}",
        "quotaId": quota_id,
        "quotaDimensions": {"location": "global", "model": model},
    }
    if limit != "0":  # proto3 JSON leaves a zero out
        violation["quotaValue"] = limit
    return violation


def _duration(delay: float | str) -> str:
    if isinstance(delay, str):
        return delay
    if delay == int(delay):
        return f"{int(delay)}s"
    return f"{delay:.9f}".rstrip("0") + "s"
