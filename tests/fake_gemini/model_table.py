"""The models the fake knows: what each accepts, what each costs in tokens."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

TEXT, IMAGE = "TEXT", "IMAGE"


@dataclass(frozen=True, slots=True)
class Model:
    """One model. `image_tokens` by media resolution; empty means the tile rule of Gemini 2."""

    name: str
    display_name: str
    served_as: str
    version: str = "3.0"
    makes_images: bool = False
    json_mode: bool = True
    thinking_level: bool = True
    must_think: bool = False
    one_candidate: bool = True
    ends_with_user: bool = False
    max_images: int = 3600
    input_limit: int = 1_048_576
    output_limit: int = 65_536
    modalities: tuple[tuple[str, ...], ...] = ((TEXT,),)
    image_tokens: dict[str, int] = field(default_factory=dict)

    def tokens_of_image(self, width: int, height: int, resolution: str) -> int:
        """Input tokens of one picture. `resolution` is LOW, MEDIUM, HIGH, ULTRA_HIGH or empty for the default."""
        if self.image_tokens:
            return self.image_tokens[resolution]
        if width <= 384 and height <= 384:
            return 258
        unit = max(1, math.floor(min(width, height) / 1.5))
        return 258 * math.ceil(width / unit) * math.ceil(height / unit)

    def listing(self) -> dict[str, Any]:
        """The entry of models.list."""
        return {
            "name": f"models/{self.name}",
            "version": self.version,
            "displayName": self.display_name,
            "description": f"{self.display_name}, as imitated for tests.",
            "inputTokenLimit": self.input_limit,
            "outputTokenLimit": self.output_limit,
            "supportedGenerationMethods": ["generateContent", "countTokens", "batchGenerateContent"],
            "temperature": 1,
            "topP": 0.95,
            "topK": 64,
            "maxTemperature": 2 if not self.makes_images else 1,
            "thinking": True,
        }


_GEMINI_3 = {"": 1120, "LOW": 280, "MEDIUM": 560, "HIGH": 1120, "ULTRA_HIGH": 2240}
_PRO_IMAGE = {"": 560, "LOW": 280, "MEDIUM": 560, "HIGH": 1120, "ULTRA_HIGH": 2240}


def _pro_image(name: str) -> Model:
    return Model(
        name=name,
        display_name="Nano Banana Pro",
        served_as="gemini-3-pro-image",
        makes_images=True,
        json_mode=False,
        must_think=True,
        max_images=14,
        input_limit=131_072,
        output_limit=32_768,
        modalities=((TEXT, IMAGE), (TEXT,), (IMAGE,)),
        image_tokens=_PRO_IMAGE,
    )


MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        _pro_image("nano-banana-pro-preview"),
        _pro_image("gemini-3-pro-image"),
        Model("gemini-3.8-flash", "Gemini 3.8 Flash", "gemini-3.8-flash", "3.8",
              ends_with_user=True, image_tokens=_GEMINI_3),
        Model("gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite", "gemini-3.5-flash-lite", "3.5", image_tokens=_GEMINI_3),
        Model("gemini-2.5-flash", "Gemini 2.5 Flash", "gemini-2.5-flash", "001",
              thinking_level=False, one_candidate=False),
    )
}  # fmt: skip


def text_tokens(text: str) -> int:
    """Tokens of a text: a quarter of its characters, rounded up."""
    return math.ceil(len(text) / 4)
