"""Compares JSON with a sample by its field names. Values do not count: the samples are masked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).with_name("samples")
OPEN = frozenset({"values", "blocks", "icon", "icons", "event_payload", "args", "shares", "attachments"})
"""Fields whose inside follows from what the bot sent, or that the samples leave empty."""


def sample(name: str) -> Any:
    """A sample by its file's name without .json."""
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def unknown_fields(value: Any, shape: Any, path: str = "") -> list[str]:
    """The fields of a value that the sample does not have."""
    found: list[str] = []
    if isinstance(value, dict) and isinstance(shape, dict):
        for key, inner in value.items():
            if key in OPEN:
                continue
            if key not in shape:
                # `state` is empty in the samples, whatever is in it.
                if not path.endswith("state"):
                    found.append(f"{path}.{key}")
            elif inner is not None:
                found += unknown_fields(inner, shape[key], f"{path}.{key}")
    elif isinstance(value, list) and isinstance(shape, list):
        for inner in value:
            found += unknown_fields(inner, shape[0] if shape else inner, f"{path}[]")
    return found
