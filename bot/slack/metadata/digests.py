"""What buttons and forms of digests carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.digests import ForwardKey, Query
from bot.domain.typed import Marks
from bot.slack.metadata.codec import OUT_OF_DATE_FORM, carried, parted

_NOW = "now"


def _read_query(found: Any) -> Any:
    digest, page, edition = found.split("|", 2)
    return {"digest": None if digest == _NOW else int(digest), "page": int(page), "edition": edition}


def _read_copies(found: Any) -> Any:
    wanted, edition = found.split("|", 1)
    return {"edition": edition, "wanted": {"yes": True, "no": False}[wanted]}


def _read_part(found: Any) -> Any:
    """Version 0 had week and priority as one id."""
    return {**parted("|", "week", "priority")(found["id"]), "marks": found["marks"]}


def _read_forward(found: Any) -> Any:
    """Version 0 had the reader alone: of the newest digest, in their first edition."""
    if not found or not isinstance(found, str):
        raise ValueError("nobody")
    return {"digest": 0, "member": found, "edition": ""}


carried(_read_query)(Query)
carried(_read_forward)(ForwardKey)


@carried(_read_copies)
@dataclass(frozen=True, slots=True)
class CopiesWanted:
    """Whether somebody wants copies of an edition."""

    edition: str
    wanted: bool


@carried(parted("|", "week", "priority"))
@dataclass(frozen=True, slots=True)
class OwnPartKey:
    """A priority's part of the digest of a week, by its Monday."""

    week: date
    priority: str


@carried(_read_part, says=OUT_OF_DATE_FORM)
@dataclass(frozen=True, slots=True)
class OwnPartOpened:
    """The form in which the owner adds words to it, with marks of those that were there then."""

    week: date
    priority: str
    marks: Marks = field(default_factory=dict)
