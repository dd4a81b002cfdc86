"""What the buttons and forms of action items carry through Slack, both ways side by side. Ids only, never words."""

from __future__ import annotations

import json
from typing import Any

from bot.domain.actions import ActionCard, ListQuery, shown_of
from bot.domain.typed import Marks, marks_of
from bot.errors import UserError
from bot.slack.metadata import OUT_OF_DATE


def encode_new(token: str, link: str | None) -> str:
    """The private_metadata of the form of a new action: its token, and the message that it is made from."""
    return token if link is None else json.dumps({"token": token, "link": link}, separators=(",", ":"))


def decode_new(text: str) -> tuple[str, str | None]:
    """The inverse of `encode_new`. Raises UserError for a value that this version never made."""
    if not text.startswith("{"):
        return decode_key(text), None
    found = _object(text)
    token, link = found.get("token"), found.get("link")
    if not (isinstance(token, str) and isinstance(link, str)):
        raise UserError(OUT_OF_DATE)
    return token, link


def encode_list(query: ListQuery) -> str:
    """A page button's value: which page of which list."""
    return json.dumps({"list": query.kind, "id": query.id, "page": query.page}, separators=(",", ":"))


def decode_list(value: str | None) -> ListQuery:
    """The inverse of `encode_list`. Raises UserError for a value that this version never made."""
    found = _object(value)
    kind, about, page = found.get("list"), found.get("id"), found.get("page")
    if not (isinstance(kind, str) and isinstance(about, str) and isinstance(page, int)) or page < 0:
        raise UserError(OUT_OF_DATE)
    return ListQuery(kind=kind, id=about, page=page)


def encode_undo(action: str, change: int) -> str:
    """An Undo button's value: which change of which action."""
    return json.dumps({"action": action, "change": change}, separators=(",", ":"))


def decode_undo(value: str | None) -> tuple[str, int]:
    """The inverse of `encode_undo`. Raises UserError for a value that this version never made."""
    found = _object(value)
    action, change = found.get("action"), found.get("change")
    if not (isinstance(action, str) and isinstance(change, int)):
        raise UserError(OUT_OF_DATE)
    return action, change


def decode_key(value: str | None) -> str:
    """An action's id as a button's value. Raises UserError where there is none."""
    if not value:
        raise UserError(OUT_OF_DATE)
    return value


def encode_change_form(card: ActionCard, what: str) -> str:
    """The private_metadata of the form with a date and a reason: for which action, what it does, and marks of what the
    action was when it was opened."""
    return json.dumps({"action": card.id, "what": what, "marks": marks_of(shown_of(card))}, separators=(",", ":"))


def decode_change_form(text: str) -> tuple[str, str, Marks]:
    """The inverse of `encode_change_form`. A form without marks is of an earlier version: nothing is compared."""
    found = _object(text)
    action, what, marks = found.get("action"), found.get("what"), found.get("marks", {})
    if not (isinstance(action, str) and isinstance(what, str) and isinstance(marks, dict)):
        raise UserError(OUT_OF_DATE)
    return action, what, {str(name): str(mark) for name, mark in marks.items()}


def _object(value: str | None) -> dict[str, Any]:
    try:
        found = json.loads(value or "{}")
    except ValueError:
        raise UserError(OUT_OF_DATE) from None
    if not isinstance(found, dict):
        raise UserError(OUT_OF_DATE)
    return found
