"""Answers with status 200 that are not what the client hoped for. Each oddity bends the draft of a good answer."""

from __future__ import annotations

from typing import Any, Callable

from answers import SIGNATURE, Draft, analysis_text, image_part, jpeg_part, png_part
from behaviours import Behaviour
from pictures import annotated_png

Bend = Callable[[Draft, Behaviour], None]
ODDITIES: dict[str, Bend] = {}

# Oddities of the whole response: delivery.py makes them.
WHOLE = ("html_200", "empty_body", "error_in_200")


def oddity(bend: Bend) -> Bend:
    """Enters a function under its own name."""
    ODDITIES[bend.__name__] = bend
    return bend


def apply_oddities(draft: Draft, behaviour: Behaviour) -> None:
    """Bends the draft by each oddity in turn; an explicit `finish_reason` has the last word."""
    for name in behaviour.oddity:
        if name in ODDITIES:
            ODDITIES[name](draft, behaviour)
    if behaviour.has_finish_reason:
        draft.finish_reason = behaviour.finish_reason


@oddity
def empty_no_parts(draft: Draft, behaviour: Behaviour) -> None:
    draft.parts = None


@oddity
def max_tokens_no_text(draft: Draft, behaviour: Behaviour) -> None:
    draft.parts = None
    draft.finish_reason = "MAX_TOKENS"
    draft.thoughts = draft.ask.max_output_tokens or 1024


@oddity
def max_tokens_partial(draft: Draft, behaviour: Behaviour) -> None:
    text = analysis_text(behaviour.text)
    draft.parts = [{"text": text[: len(text) // 2]}]
    draft.finish_reason = "MAX_TOKENS"


@oddity
def blocked(draft: Draft, behaviour: Behaviour) -> None:
    draft.has_candidate = False
    draft.thoughts = 0
    draft.block_reason = behaviour.reason or "PROHIBITED_CONTENT"


@oddity
def no_candidates(draft: Draft, behaviour: Behaviour) -> None:
    draft.has_candidate = False
    draft.thoughts = 0


@oddity
def candidate_no_content(draft: Draft, behaviour: Behaviour) -> None:
    draft.has_content = False
    draft.finish_reason = "NO_IMAGE" if draft.ask.model.makes_images else "OTHER"


@oddity
def fenced_json(draft: Draft, behaviour: Behaviour) -> None:
    _replace_text(draft, f"```json\n{analysis_text(behaviour.text)}\n```\n")


@oddity
def prose_json(draft: Draft, behaviour: Behaviour) -> None:
    text = analysis_text(behaviour.text)
    _replace_text(draft, f"Sure! Here is the analysis {{as JSON}}:\n\n{text}\n\nLet me know if you need more detail.")


@oddity
def several_texts(draft: Draft, behaviour: Behaviour) -> None:
    text = analysis_text(behaviour.text)
    third = max(1, len(text) // 3)
    pieces = [text[:third], text[third : 2 * third], text[2 * third :]]
    draft.parts = [{"text": piece} for piece in pieces if piece] + draft.images()


@oddity
def image_only(draft: Draft, behaviour: Behaviour) -> None:
    draft.parts = draft.images() or [jpeg_part()]


@oddity
def text_only(draft: Draft, behaviour: Behaviour) -> None:
    draft.parts = draft.texts() or [{"text": analysis_text(behaviour.text)}]


@oddity
def thought_parts(draft: Draft, behaviour: Behaviour) -> None:
    first = {"text": '**Looking**\nIs it {"chart_type": "pie"}? No.', "thought": True}
    second = {"text": "**Deciding**\nIt is a line.", "thought": True, "thoughtSignature": SIGNATURE}
    parts = draft.parts or []
    draft.parts = [first, *parts[:1], second, *parts[1:]]


@oddity
def thought_images(draft: Draft, behaviour: Behaviour) -> None:
    final = draft.images() or [jpeg_part()]
    interim = [{**png_part(1), "thought": True}, {**final[-1], "thought": True}]
    draft.parts = [*interim, *draft.texts(), *final]


@oddity
def two_images(draft: Draft, behaviour: Behaviour) -> None:
    draft.parts = [png_part(1), *draft.texts(), *(draft.images() or [jpeg_part()])]


@oddity
def jpeg_image(draft: Draft, behaviour: Behaviour) -> None:
    _replace_image(draft, jpeg_part())


@oddity
def png_image(draft: Draft, behaviour: Behaviour) -> None:
    _replace_image(draft, png_part())


@oddity
def png_as_jpeg(draft: Draft, behaviour: Behaviour) -> None:
    _replace_image(draft, image_part("image/jpeg", annotated_png()))


@oddity
def bad_image_base64(draft: Draft, behaviour: Behaviour) -> None:
    _replace_image(draft, {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo*** not base64 ***"}})


@oddity
def data_url_in_text(draft: Draft, behaviour: Behaviour) -> None:
    url = "data:image/png;base64," + png_part()["inlineData"]["data"]
    draft.parts = [{"text": f"{analysis_text(behaviour.text)}\n![chart]({url})"}]


@oddity
def unknown_finish_reason(draft: Draft, behaviour: Behaviour) -> None:
    draft.finish_reason = "BRAND_NEW_REASON"


@oddity
def missing_index(draft: Draft, behaviour: Behaviour) -> None:
    draft.has_index = False


@oddity
def model_status(draft: Draft, behaviour: Behaviour) -> None:
    draft.extras["modelStatus"] = {
        "modelStage": "LEGACY",
        "message": "This model will be shut down soon.",
        "retirementTime": "2026-12-01T00:00:00Z",
    }


@oddity
def huge_text(draft: Draft, behaviour: Behaviour) -> None:
    _replace_text(draft, "x" * behaviour.bytes)


@oddity
def no_usage(draft: Draft, behaviour: Behaviour) -> None:
    draft.usage = {}


@oddity
def usage_mismatch(draft: Draft, behaviour: Behaviour) -> None:
    """The captured case: the details say 1120, the count 1772; only the total adds up."""
    prompt: dict[str, Any] = {"promptTokenCount": 32, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 32}]}
    draft.usage = {
        **prompt,
        "candidatesTokenCount": 1772,
        "totalTokenCount": 2552,
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120}],
        "thoughtsTokenCount": 748,
    }


def _replace_text(draft: Draft, text: str) -> None:
    draft.parts = [{"text": text}, *draft.images()]


def _replace_image(draft: Draft, part: dict[str, Any]) -> None:
    draft.parts = [*draft.texts(), part]
