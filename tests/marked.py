"""A record with a mark behind each of people's words in it, to see where they go. What is marked is the same record."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

T = TypeVar("T")
# Fields that hold what people wrote, in whatever they stand; ids, rules and vocabularies have other names.
WORDS = frozenset(
    [
        "name",
        "short_name",
        "title",
        "goal",
        "statement",
        "text",
        "description",
        "definition",
        "source",
        "unit",
        "note",
        "notes",
        "moved",
        "blocker",
        "ask",
        "next",
        "why",
        "impact",
        "reason",
        "context",
        "recommendation",
        "recommended",
        "outcome",
        "label",
        "blocked_reason",
        "moved_reason",
        "decision",
        "purpose",
        "topic",
    ]
)


def marked(value: T, mark: str) -> T:
    """The frozen value with ` mark` behind every text in it that somebody wrote."""
    changed: T = _marked(value, "", mark)
    return changed


def _marked(value: Any, name: str, mark: str) -> Any:
    if isinstance(value, str):
        return f"{value} {mark}" if name in WORDS and value else value
    if isinstance(value, tuple):
        return tuple(_marked(one, name, mark) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            field.name: _marked(getattr(value, field.name), field.name, mark) for field in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **fields)
    return value
