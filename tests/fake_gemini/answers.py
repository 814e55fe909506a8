"""Good answers: a generateContent answer as a draft that oddities may bend, then rendered with its usage."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from contract import Ask
from model_table import text_tokens
from pictures import annotated_jpeg, annotated_png

ANALYSIS: dict[str, Any] = {
    "chart_type": "line",
    "title": "Price",
    "x_axis": {"label": "Month", "min": "Jan", "max": "Dec"},
    "y_axis": {"label": "USD", "min": 0, "max": 100},
    "series": [{"name": "Price", "trend": "up", "first": 12, "last": 88}],
    "trend": "up",
    "summary": "The price rises steadily from 12 to 88 USD.",
    "confidence": 0.93,
}
SIGNATURE = base64.b64encode(b"fake thought signature").decode()


@dataclass(slots=True)
class Draft:
    """An answer before it is JSON."""

    ask: Ask
    parts: list[dict[str, Any]] | None  # None: `content` without `parts`
    finish_reason: str | None = "STOP"
    thoughts: int = 0
    model_version: str = ""
    has_candidate: bool = True
    has_content: bool = True
    has_index: bool = True
    block_reason: str | None = None
    usage: dict[str, Any] | None = None  # None: computed
    extras: dict[str, Any] = field(default_factory=dict)

    def texts(self) -> list[dict[str, Any]]:
        """The text parts of the answer itself, thoughts left out."""
        return [part for part in self.parts or [] if "text" in part and not part.get("thought")]

    def images(self) -> list[dict[str, Any]]:
        return [part for part in self.parts or [] if "inlineData" in part and not part.get("thought")]


def analysis_text(text: Any = None) -> str:
    """The answer text: the standard analysis, or what a script asked for (a string, or JSON to be written)."""
    if text is None:
        text = ANALYSIS
    return text if isinstance(text, str) else json.dumps(text)


def png_part(shift: int = 0) -> dict[str, Any]:
    return image_part("image/png", annotated_png(shift))


def jpeg_part() -> dict[str, Any]:
    return image_part("image/jpeg", annotated_jpeg())


def image_part(mime: str, data: bytes) -> dict[str, Any]:
    return {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}}


def make_draft(ask: Ask, text: Any = None, model_version: str | None = None) -> Draft:
    """The normal answer to a valid request; cut short where `maxOutputTokens` leaves no room."""
    parts: list[dict[str, Any]] = []
    if ask.include_thoughts:
        parts.append({"text": "**Reading the axes**\nThe line rises from left to right.", "thought": True})
    if ask.wants_text:
        parts.append({"text": analysis_text(text)})
    if ask.wants_image:
        parts.append(jpeg_part())
    parts[-1]["thoughtSignature"] = SIGNATURE
    draft = Draft(ask, parts, thoughts=ask.thoughts, model_version=model_version or ask.model.served_as)
    if ask.max_output_tokens is not None:
        _fit(draft, ask.max_output_tokens)
    return draft


def _fit(draft: Draft, limit: int) -> None:
    """Thinking counts against the limit: it may leave a part of the text, or nothing."""
    room = limit - draft.thoughts
    if sum(text_tokens(part["text"]) for part in draft.texts()) <= room:
        return
    draft.finish_reason = "MAX_TOKENS"
    if room <= 0:
        draft.thoughts = limit
        draft.parts = None
        return
    text = "".join(part["text"] for part in draft.texts())
    draft.parts = [{"text": text[: room * 4]}]


def render(draft: Draft) -> dict[str, Any]:
    """The JSON body. As proto3 JSON does, it leaves out what is empty or zero, `index` 0 being the known exception."""
    body: dict[str, Any] = {}
    if draft.has_candidate:
        candidate: dict[str, Any] = {}
        if draft.has_content:
            content: dict[str, Any] = {"parts": draft.parts} if draft.parts else {}
            candidate["content"] = {**content, "role": "model"}
        if draft.finish_reason is not None:
            candidate["finishReason"] = draft.finish_reason
        if draft.has_index:
            candidate["index"] = 0
        body["candidates"] = [candidate]
    if draft.block_reason is not None:
        body["promptFeedback"] = {"blockReason": draft.block_reason}
    usage = usage_of(draft) if draft.usage is None else draft.usage
    if usage:
        body["usageMetadata"] = usage
    body["modelVersion"] = draft.model_version
    body["responseId"] = secrets.token_urlsafe(12)
    body.update(draft.extras)
    return body


def usage_of(draft: Draft) -> dict[str, Any]:
    """usageMetadata whose details add up and whose total is prompt + candidates + thoughts."""
    text = image = 0
    if draft.has_candidate and draft.has_content:
        text = sum(text_tokens(part["text"]) for part in draft.texts())
        image = len(draft.images()) * draft.ask.output_image_tokens
    prompt = draft.ask.text_tokens + draft.ask.image_tokens
    usage: dict[str, Any] = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": text + image,
        "totalTokenCount": prompt + text + image + draft.thoughts,
        "promptTokensDetails": modality_counts(draft.ask.text_tokens, draft.ask.image_tokens),
        "candidatesTokensDetails": modality_counts(text, image),
        "thoughtsTokenCount": draft.thoughts,
        "serviceTier": "standard",
    }
    return {name: value for name, value in usage.items() if value}


def modality_counts(text: int, image: int) -> list[dict[str, Any]]:
    pairs = (("TEXT", text), ("IMAGE", image))
    return [{"modality": modality, "tokenCount": count} for modality, count in pairs if count]


def count_answer(ask: Ask) -> dict[str, Any]:
    """The countTokens answer."""
    total = ask.text_tokens + ask.image_tokens
    return {"totalTokens": total, "promptTokensDetails": modality_counts(ask.text_tokens, ask.image_tokens)}
