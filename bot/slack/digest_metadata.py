"""What the buttons and menus of digests carry through Slack, both ways side by side. Ids only, never words."""

from __future__ import annotations

from datetime import date

from bot.domain.digests import Query
from bot.errors import UserError
from bot.slack.metadata import OUT_OF_DATE

_NOW = "now"


def encode_query(query: Query) -> str:
    """A button's or an option's value: which page of which edition of which digest."""
    return f"{_NOW if query.digest is None else query.digest}|{query.page}|{query.edition}"


def decode_query(value: str | None) -> Query:
    """The inverse of `encode_query`. Raises UserError for a value that this version never made."""
    digest, _, rest = (value or "").partition("|")
    page, mark, edition = rest.partition("|")
    is_known = digest == _NOW or (digest.isascii() and digest.isdigit())
    if not mark or not is_known or not (page.isascii() and page.isdigit()):
        raise UserError(OUT_OF_DATE)
    return Query(None if digest == _NOW else int(digest), edition, int(page))


def encode_copies(edition: str, *, wanted: bool) -> str:
    """A button's value: an edition, and whether copies of it are wanted."""
    return f"{'yes' if wanted else 'no'}|{edition}"


def decode_copies(value: str | None) -> tuple[str, bool]:
    """The inverse of `encode_copies`. Raises UserError for a value that this version never made."""
    wanted, mark, edition = (value or "").partition("|")
    if not mark or wanted not in {"yes", "no"}:
        raise UserError(OUT_OF_DATE)
    return edition, wanted == "yes"


def encode_context(priority: str, week: str) -> str:
    """A button's value and the form's private_metadata: which priority's part of which week (its Monday)."""
    return f"{week}|{priority}"


def decode_context(value: str | None) -> tuple[str, date]:
    """The inverse of `encode_context`. Raises UserError for a value that this version never made."""
    week, mark, priority = (value or "").partition("|")
    try:
        monday = date.fromisoformat(week)
    except ValueError:
        raise UserError(OUT_OF_DATE) from None
    if not mark or not priority:
        raise UserError(OUT_OF_DATE)
    return priority, monday
