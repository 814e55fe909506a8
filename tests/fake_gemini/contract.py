"""Validation: what a generateContent or countTokens request may ask of a model, and what it will cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fields import canonical
from generation_config import check_config
from google_error import CANNOT_READ_IMAGE, GoogleError, invalid
from model_table import Model, text_tokens
from payload import Data

IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif")
DATA_FIELDS = (
    "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult",
)  # fmt: skip


@dataclass(slots=True)
class Ask:
    """A valid request, reduced to what the answer depends on."""

    model: Model
    text_tokens: int = 0
    image_tokens: int = 0
    wants_text: bool = True
    wants_image: bool = False
    output_image_tokens: int = 1120
    thoughts: int = 0
    include_thoughts: bool = False
    max_output_tokens: int | None = None


def check_generate(raw: Any, model: Model) -> Ask:
    """The ask in a generateContent body, or the GoogleError the service would answer."""
    request = canonical("GenerateContentRequest", raw)
    given = request.get("model")
    if given is not None and given.removeprefix("models/") != model.name:
        raise invalid(f"Model in the body ({given}) does not match the URL (models/{model.name}).")
    ask = Ask(model)
    config = request.get("generationConfig", {})
    resolution = config.get("mediaResolution", "").removeprefix("MEDIA_RESOLUTION_").replace("UNSPECIFIED", "")
    if resolution == "ULTRA_HIGH":
        raise invalid("Media resolution ULTRA_HIGH is only supported per part.")
    _check_contents(request.get("contents", []), "GenerateContentRequest", ask, resolution)
    if model.ends_with_user and request["contents"][-1].get("role", "user") == "model":
        raise invalid("Please ensure that the last turn of the conversation is a user turn.")
    _check_system(request.get("systemInstruction"), ask)
    _check_safety(request.get("safetySettings", []))
    check_config(config, ask)
    prompt = ask.text_tokens + ask.image_tokens
    if prompt > model.input_limit:
        raise invalid(
            f"The input token count ({prompt}) exceeds the maximum number of tokens allowed ({model.input_limit})."
        )
    return ask


def check_count(raw: Any, model: Model) -> Ask:
    """The ask in a countTokens body: exactly one of `contents` and `generateContentRequest`."""
    request = canonical("CountTokensRequest", raw)
    if ("contents" in request) == ("generateContentRequest" in request):
        raise invalid("* CountTokensRequest: exactly one of contents and generate_content_request must be set.\n")
    inner = request.get("generateContentRequest")
    if inner is not None:
        return check_generate(inner, model)
    ask = Ask(model)
    _check_contents(request["contents"], "CountTokensRequest", ask, "")
    return ask


def _check_contents(contents: list[dict[str, Any]], message: str, ask: Ask, resolution: str) -> None:
    if not contents:
        raise invalid(f"* {message}.contents: contents is not specified\n")
    images = 0
    for turn, content in enumerate(contents):
        at = f"{message}.contents[{turn}]"
        if content.get("role", "user") not in ("user", "model"):
            raise invalid("Please use a valid role: user, model.")
        if not content.get("parts"):
            raise invalid(f"* {at}.parts: contents.parts must not be empty.\n")
        for index, part in enumerate(content["parts"]):
            _check_part(part, f"{at}.parts[{index}]", ask, resolution)
            images += "inlineData" in part
    if images > ask.model.max_images:
        raise invalid(f"Too many images: {images}. models/{ask.model.name} accepts at most {ask.model.max_images}.")


def _check_part(part: dict[str, Any], at: str, ask: Ask, resolution: str) -> None:
    present = [name for name in DATA_FIELDS if name in part]
    if not present:
        raise invalid(f"* {at}.data: required oneof field 'data' must have one initialized field\n")
    if len(present) > 1:
        raise invalid(
            f"Invalid value at '{at.partition('.')[2]}' (oneof), oneof field 'data' is already set. "
            f"Cannot set '{present[1]}'"
        )
    if "mediaResolution" in part:
        if not ask.model.image_tokens:
            raise invalid(f"Media resolution per part is not supported for models/{ask.model.name}.")
        level = part["mediaResolution"].get("level", "")
        resolution = level.removeprefix("MEDIA_RESOLUTION_").replace("UNSPECIFIED", "") or resolution
    if "text" in part:
        ask.text_tokens += text_tokens(part["text"])
    elif "inlineData" in part:
        ask.image_tokens += _image_tokens(part["inlineData"], at, ask.model, resolution)
    elif "fileData" in part:
        name = part["fileData"].get("fileUri", "").rpartition("/")[2]
        raise GoogleError(403, f"You do not have permission to access the File {name} or it may not exist.")


def _image_tokens(blob: dict[str, Any], at: str, model: Model, resolution: str) -> int:
    """Tokens of one inline picture. Strict where the service may be lenient: the declared type must be the true one."""
    mime = blob.get("mimeType", "")
    if mime not in IMAGE_TYPES:
        raise invalid(f"Unsupported MIME type: {mime}")
    data: Data | None = blob.get("data")
    if data is None or data.size == 0:
        raise invalid(f"* {at}.inline_data.data: inline data is empty.\n")
    if data.size is None:
        field = at.partition(".")[2] + ".inline_data.data"
        raise invalid(f"Invalid value at '{field}' (TYPE_BYTES), Base64 decoding failed.")
    same = {mime} | ({"image/heic", "image/heif"} if mime in ("image/heic", "image/heif") else set())
    if data.picture is None or data.picture[0] not in same:
        raise invalid(CANNOT_READ_IMAGE)
    return model.tokens_of_image(data.picture[1], data.picture[2], resolution)


def _check_system(instruction: dict[str, Any] | None, ask: Ask) -> None:
    if instruction is None:
        return
    parts = instruction.get("parts", [])
    if not parts or any("text" not in part for part in parts):
        raise invalid("* GenerateContentRequest.system_instruction.parts: text parts are required.\n")
    for part in parts:
        ask.text_tokens += text_tokens(part["text"])


def _check_safety(settings: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for index, setting in enumerate(settings):
        category = setting.get("category")
        if category is None or category in seen:
            raise invalid(
                f"* GenerateContentRequest.safety_settings[{index}]: element must have a category, each only once.\n"
            )
        seen.add(category)
