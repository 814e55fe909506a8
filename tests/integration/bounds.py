"""How long anything may take before a test calls it hanging, and waiting for what has no event."""

from __future__ import annotations

import os
import threading
from time import monotonic
from typing import Callable, TypeVar

SLOW = float(os.environ.get("CHARTSIGHT_SLOW") or 1)  # sanitizers: 5 to 20
SANITIZED = os.environ.get("CHARTSIGHT_SANITIZED") == "1"
HANG = 30 * SLOW

T = TypeVar("T")


def eventually(probe: Callable[[], T], what: str = "") -> T:
    """The first true answer of `probe`, asked again and again; for states of which no event tells."""
    pause = threading.Event()
    deadline = monotonic() + HANG
    while not (answer := probe()):
        if monotonic() > deadline:
            raise AssertionError(f"never happened: {what or probe}; at the end: {answer!r}")
        pause.wait(0.01)
    return answer
