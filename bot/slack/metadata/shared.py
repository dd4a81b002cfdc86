"""What buttons and forms of several nouns carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.histories import AuditQuery
from bot.domain.typed import Marks
from bot.slack.metadata.codec import OUT_OF_DATE_FORM, alone, carried


def _read_marked(found: Any) -> Any:
    """Version 0 called the id by its noun; a priority's form had an outcome beside it, which was none."""
    found.pop("outcome", None)
    (name,) = found.keys() - {"marks"}
    return {"id": found[name], "marks": found["marks"]}


@carried(_read_marked, says=OUT_OF_DATE_FORM)
@dataclass(frozen=True, slots=True)
class Marked:
    """A form: what it is about, if that is there already, and marks of the values that it was opened with."""

    id: str | None = None
    marks: Marks = field(default_factory=dict)


@carried(alone("id"))
@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of what belongs to one item."""

    id: str
    page: int = 0


def _read_pages(found: Any) -> Any:
    return {"at": {name: page for name, page in found.items() if page > 0}}


@carried(_read_pages, says=None)
@dataclass(frozen=True, slots=True)
class ListPages:
    """Which page of which list is shown, for the lists that are not at their first one. Nothing is the first of all."""

    at: Mapping[str, int] = field(default_factory=dict)


def shown_pages(at: Mapping[str, int]) -> ListPages:
    """What a button carries where these pages are shown."""
    return ListPages({name: page for name, page in sorted(at.items()) if page})


def _read_audit(found: Any) -> Any:
    """Version 0 was a list without names."""
    return dict(zip(("table", "row", "member", "since", "page"), found, strict=True))


carried(_read_audit)(AuditQuery)
