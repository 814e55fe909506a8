"""The proto fields of a request: which exist, of which type, in which casing. Meaning is checked in contract.py."""

from __future__ import annotations

import re
from typing import Any

from google_error import bad_fields, unknown_name
from payload import Data

PACKAGE = "type.googleapis.com/google.ai.generativelanguage.v1beta."

# message -> field -> type. "[]" repeated, "enum:" an enum, "any" unchecked, a capital letter another message.
MESSAGES: dict[str, dict[str, str]] = {
    "GenerateContentRequest": {
        "model": "string", "contents": "[]Content", "systemInstruction": "Content", "generationConfig": "GenerationConfig",
        "safetySettings": "[]SafetySetting", "tools": "any", "toolConfig": "any", "cachedContent": "string",
        "serviceTier": "enum:ServiceTier", "store": "bool", "labels": "any", "continuationToken": "string",
    },
    "CountTokensRequest": {
        "model": "string", "contents": "[]Content", "generateContentRequest": "GenerateContentRequest",
    },
    "Content": {"role": "string", "parts": "[]Part"},
    "Part": {
        "text": "string", "inlineData": "Blob", "fileData": "FileData", "functionCall": "any", "functionResponse": "any",
        "executableCode": "any", "codeExecutionResult": "any", "thought": "bool", "thoughtSignature": "string",
        "mediaResolution": "MediaResolution", "videoMetadata": "any", "partMetadata": "any",
    },
    "Blob": {"mimeType": "string", "data": "data"},
    "FileData": {"fileUri": "string", "mimeType": "string"},
    "MediaResolution": {"level": "enum:MediaResolution"},
    "SafetySetting": {"category": "enum:HarmCategory", "threshold": "enum:HarmBlockThreshold"},
    "GenerationConfig": {
        "responseModalities": "[]enum:Modality", "imageConfig": "ImageConfig", "responseMimeType": "string",
        "responseSchema": "any", "responseJsonSchema": "any", "responseFormat": "any", "temperature": "number",
        "topP": "number", "topK": "int", "seed": "int", "maxOutputTokens": "int", "candidateCount": "int",
        "stopSequences": "[]string", "presencePenalty": "number", "frequencyPenalty": "number",
        "responseLogprobs": "bool", "logprobs": "int", "thinkingConfig": "ThinkingConfig",
        "mediaResolution": "enum:MediaResolution", "speechConfig": "any", "enableEnhancedCivicAnswers": "bool",
    },
    "ImageConfig": {"aspectRatio": "string", "imageSize": "string"},
    "ThinkingConfig": {"includeThoughts": "bool", "thinkingBudget": "int", "thinkingLevel": "enum:ThinkingLevel"},
}  # fmt: skip

ENUMS: dict[str, tuple[str, frozenset[str]]] = {
    "ServiceTier": ("ServiceTier", frozenset(("standard", "flex", "priority"))),
    "MediaResolution": ("GenerationConfig.MediaResolution", frozenset(
        "MEDIA_RESOLUTION_" + level for level in ("UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "ULTRA_HIGH"))),
    "HarmCategory": ("HarmCategory", frozenset(
        "HARM_CATEGORY_" + name for name in
        ("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT", "CIVIC_INTEGRITY"))),
    "HarmBlockThreshold": ("SafetySetting.HarmBlockThreshold", frozenset(
        ("BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH", "BLOCK_NONE", "OFF"))),
    "Modality": ("GenerationConfig.Modality", frozenset(("TEXT", "IMAGE", "AUDIO"))),
    "ThinkingLevel": ("ThinkingConfig.ThinkingLevel", frozenset(("MINIMAL", "LOW", "MEDIUM", "HIGH"))),
}  # fmt: skip


def snake(name: str) -> str:
    """lowerCamelCase to snake_case."""
    return re.sub(r"[A-Z]", lambda match: "_" + match.group().lower(), name).lstrip("_")


# message -> any accepted spelling -> lowerCamelCase name
_SPELLINGS = {
    message: {spelling: name for name in fields for spelling in (name, snake(name))} for message, fields in MESSAGES.items()
}
_SPELLINGS["GenerationConfig"]["_responseJsonSchema"] = "responseJsonSchema"


def canonical(message: str, value: Any) -> dict[str, Any]:
    """The request in lowerCamelCase without nulls, or a GoogleError that lists every unknown name and wrong type."""
    violations: list[tuple[str, str]] = []
    result = _message(message, value, "", violations)
    if violations:
        raise bad_fields(violations)
    return result


def _message(kind: str, value: Any, at: str, violations: list[tuple[str, str]]) -> dict[str, Any]:
    if not isinstance(value, dict):
        _wrong(f"({PACKAGE}{kind})", value, at, violations)
        return {}
    result: dict[str, Any] = {}
    for spelling, item in value.items():
        name = _SPELLINGS[kind].get(spelling)
        if name is None:
            violations.append((at, unknown_name(spelling, at)))
            continue
        where = f"{at}.{snake(name)}" if at else snake(name)
        if name in result:
            violations.append((where, f"Invalid value at '{where}', the field is given twice."))
        elif item is not None:
            result[name] = _value(MESSAGES[kind][name], item, where, violations)
    return result


def _value(kind: str, value: Any, at: str, violations: list[tuple[str, str]]) -> Any:
    if kind == "any":
        return value
    if kind == "data":
        if not isinstance(value, Data):
            _wrong("(TYPE_BYTES)", value, at, violations)
        return value
    if kind.startswith("[]"):  # one element alone is taken for a list of one, as the real parser does
        items = value if isinstance(value, list) else [value]
        return [_value(kind[2:], item, f"{at}[{index}]", violations) for index, item in enumerate(items)]
    if kind.startswith("enum:"):
        type_name, allowed = ENUMS[kind[5:]]
        if isinstance(value, str) and kind == "enum:ThinkingLevel":
            value = value.upper()
        if not isinstance(value, str) or value not in allowed:
            _wrong(f"({PACKAGE}{type_name})", value, at, violations)
        return value
    if kind in MESSAGES:
        return _message(kind, value, at, violations)
    return _scalar(kind, value, at, violations)


def _scalar(kind: str, value: Any, at: str, violations: list[tuple[str, str]]) -> Any:
    if kind == "string" and isinstance(value, str):
        return value
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind in ("int", "number") and not isinstance(value, bool) and isinstance(value, (int, float, str)):
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if number == number and (kind == "number" or number.is_integer()):
            return int(number) if kind == "int" else number
    _wrong({"string": "(TYPE_STRING)", "bool": "(TYPE_BOOL)", "int": "(TYPE_INT32)", "number": "(TYPE_FLOAT)"}[kind],
           value, at, violations)  # fmt: skip
    return None


def _wrong(type_name: str, value: Any, at: str, violations: list[tuple[str, str]]) -> None:
    shown = f'"{value}"' if isinstance(value, str) else "an object" if isinstance(value, (dict, list)) else str(value)
    violations.append((at, f"Invalid value at '{at}' {type_name}, {shown[:100]}"))
