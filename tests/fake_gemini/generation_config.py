"""Validation of `generationConfig`: modalities, image size, JSON mode, thinking, ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google_error import invalid, json_mode_off, modalities_refused

if TYPE_CHECKING:
    from contract import Ask

ASPECT_RATIOS = frozenset("1:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 21:9".split())
OUTPUT_IMAGE_TOKENS = {"1K": 1120, "2K": 1120, "4K": 2000}
MIME_TYPES = ("text/plain", "application/json", "text/x.enum")
THOUGHTS = {"MINIMAL": 0, "LOW": 64, "MEDIUM": 128, "HIGH": 248}  # invented: tokens thought at each level
MAX_THINKING_BUDGET = 32_768

# field -> least and most value
RANGES = {
    "temperature": (0, 2), "topP": (0, 1), "topK": (1, 1000), "candidateCount": (1, 8),
    "presencePenalty": (-2, 2), "frequencyPenalty": (-2, 2),
}  # fmt: skip


def check_config(config: dict[str, Any], ask: Ask) -> None:
    """Fills in `ask`, or raises the GoogleError the service would answer."""
    _check_modalities(config.get("responseModalities", []), ask)
    _check_image(config.get("imageConfig"), ask)
    _check_format(config, ask)
    _check_thinking(config.get("thinkingConfig", {}), ask)
    for name, (least, most) in RANGES.items():
        if name in config and not least <= config[name] <= most:
            raise invalid(f"* GenerateContentRequest.generation_config.{name}: must be in the range [{least}, {most}].\n")
    if config.get("candidateCount", 1) > 1 and ask.model.one_candidate:
        raise invalid("Multiple candidates is not enabled for this model")
    if len(config.get("stopSequences", [])) > 5:
        raise invalid("The number of stop_sequences must not exceed 5.")
    if config.get("responseLogprobs") or "logprobs" in config:
        raise invalid(f"Logprobs is not enabled for models/{ask.model.name}")
    limit = config.get("maxOutputTokens")
    if limit is not None and not 1 <= limit <= ask.model.output_limit:
        raise invalid(
            f"The maxOutputTokens value is {limit} but the supported range is from 1 (inclusive) "
            f"to {ask.model.output_limit + 1} (exclusive)."
        )
    ask.max_output_tokens = limit


def _check_modalities(asked: list[str], ask: Ask) -> None:
    accepted = ask.model.modalities
    if asked and (len(set(asked)) != len(asked) or set(asked) not in [set(one) for one in accepted]):
        raise modalities_refused(asked, ask.model.name, [list(one) for one in accepted])
    chosen = asked or accepted[0]
    ask.wants_text = "TEXT" in chosen
    ask.wants_image = "IMAGE" in chosen


def _check_image(config: dict[str, Any] | None, ask: Ask) -> None:
    if config is None:
        return
    if not ask.model.makes_images:
        raise invalid(f"Image generation is not enabled for models/{ask.model.name}")
    ratio = config.get("aspectRatio")
    if ratio is not None and ratio not in ASPECT_RATIOS:
        raise invalid(f"Invalid aspect ratio: {ratio}. Supported: {', '.join(sorted(ASPECT_RATIOS))}.")
    size = config.get("imageSize", "1K")
    if size not in OUTPUT_IMAGE_TOKENS:
        raise invalid(f"Invalid image size: {size}. Supported: 1K, 2K, 4K.")
    ask.output_image_tokens = OUTPUT_IMAGE_TOKENS[size]


def _check_format(config: dict[str, Any], ask: Ask) -> None:
    mime = config.get("responseMimeType", "text/plain")
    if mime not in MIME_TYPES:
        raise invalid(f"Unsupported response MIME type: {mime}. Allowed: {', '.join(MIME_TYPES)}.")
    schemas = [name for name in ("responseSchema", "responseJsonSchema") if name in config]
    if len(schemas) == 2:
        raise invalid("Only one of response_schema and response_json_schema may be set.")
    newest = "responseFormat" in config
    if newest and (schemas or "responseMimeType" in config):
        raise invalid("response_format cannot be combined with response_mime_type or a response schema.")
    if not ask.model.json_mode and (mime != "text/plain" or schemas or newest):
        raise json_mode_off(ask.model.name)
    if schemas and mime == "text/plain":
        raise invalid("Response schema with response mime type: 'text/plain' is unsupported")
    if any(not isinstance(config[name], dict) for name in schemas):
        raise invalid(f"Invalid value at 'generation_config.{schemas[0]}': an object is expected.")


def _check_thinking(config: dict[str, Any], ask: Ask) -> None:
    level, budget = config.get("thinkingLevel"), config.get("thinkingBudget")
    if level is not None and budget is not None:
        raise invalid("You can only set only one of thinking budget and thinking level.")
    if level is not None and not ask.model.thinking_level:
        raise invalid("Thinking level is not supported for this model.")
    if budget is not None and not -1 <= budget <= MAX_THINKING_BUDGET:
        raise invalid(f"The thinking budget {budget} is invalid. Please choose a value between 0 and {MAX_THINKING_BUDGET}.")
    if budget == 0 and ask.model.must_think:
        raise invalid("Budget 0 is invalid. This model only works in thinking mode.")
    ask.thoughts = THOUGHTS[level or "HIGH"]
    if budget is not None and budget >= 0:
        ask.thoughts = min(ask.thoughts, budget)
    ask.include_thoughts = bool(config.get("includeThoughts")) and ask.thoughts > 0
