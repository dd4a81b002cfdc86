"""What the buttons and forms of decisions and issues carry through Slack, both ways side by side. Ids, never words."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from bot.domain.decisions import DecisionQuery
from bot.domain.issues import IssueQuery
from bot.errors import UserError
from bot.slack.metadata import OUT_OF_DATE


def encode_option(decision: str, number: int) -> str:
    """An option button's value: which option of which decision, counted from 0."""
    return json.dumps({"decision": decision, "option": number}, separators=(",", ":"))


def decode_option(value: str | None) -> tuple[str, int]:
    """The inverse of `encode_option`. Raises UserError for a value that this version never made."""
    found = _object(value)
    decision, number = found.get("decision"), found.get("option")
    if not (isinstance(decision, str) and isinstance(number, int)) or number < 0:
        raise UserError(OUT_OF_DATE)
    return decision, number


def encode_ballot(decision: str, voice: str) -> str:
    """The value of a button that opens the form in which one voice of several answers."""
    return json.dumps({"decision": decision, "voice": voice}, separators=(",", ":"))


def decode_ballot(value: str | None) -> tuple[str, str | None]:
    """The inverse of `encode_ballot`; a decision's id alone names no voice."""
    if value and not value.startswith("{"):
        return value, None
    found = _object(value)
    decision, voice = found.get("decision"), found.get("voice")
    if not (isinstance(decision, str) and isinstance(voice, str)):
        raise UserError(OUT_OF_DATE)
    return decision, voice


def encode_day(decision: str, seen: date | None) -> str:
    """The private_metadata of the form with another day: which decision, and the day that the form was opened with."""
    return json.dumps({"decision": decision, "seen": seen.isoformat() if seen else None}, separators=(",", ":"))


def decode_day(text: str) -> tuple[str, date | None]:
    """The inverse of `encode_day`."""
    found = _object(text)
    decision, seen = found.get("decision"), found.get("seen")
    try:
        day = date.fromisoformat(seen) if seen is not None else None
    except (TypeError, ValueError):
        raise UserError(OUT_OF_DATE) from None
    if not isinstance(decision, str):
        raise UserError(OUT_OF_DATE)
    return decision, day


def encode_query(query: DecisionQuery | IssueQuery) -> str:
    """A page button's value: which page of which list."""
    return json.dumps({"list": query.kind, "id": query.id, "page": query.page}, separators=(",", ":"))


def decode_query(value: str | None) -> tuple[str, str, int]:
    """Kind, id and page. Raises UserError for a value that this version never made."""
    found = _object(value)
    kind, about, page = found.get("list"), found.get("id"), found.get("page")
    if not (isinstance(kind, str) and isinstance(about, str) and isinstance(page, int)) or page < 0:
        raise UserError(OUT_OF_DATE)
    return kind, about, page


def encode_new_decision(token: str, issue: str | None) -> str:
    """The private_metadata of the form of a new decision: under which token, and which issue led to it."""
    return json.dumps({"token": token, **({"issue": issue} if issue else {})}, separators=(",", ":"))


def decode_new_decision(text: str) -> tuple[str, str | None]:
    """The inverse of `encode_new_decision`."""
    found = _object(text)
    token, issue = found.get("token"), found.get("issue")
    if not isinstance(token, str) or not (issue is None or isinstance(issue, str)):
        raise UserError(OUT_OF_DATE)
    return token, issue


def encode_escalation(issue: str, group: str) -> str:
    """A button's value: which issue goes to which group."""
    return json.dumps({"issue": issue, "group": group}, separators=(",", ":"))


def decode_escalation(value: str | None) -> tuple[str, str]:
    """The inverse of `encode_escalation`. Raises UserError for a value that this version never made."""
    found = _object(value)
    issue, group = found.get("issue"), found.get("group")
    if not (isinstance(issue, str) and isinstance(group, str)):
        raise UserError(OUT_OF_DATE)
    return issue, group


def encode_close(issue: str, what: str) -> str:
    """The private_metadata of the form that ends an issue: which one, and whether it is resolved or parked."""
    return json.dumps({"issue": issue, "what": what}, separators=(",", ":"))


def decode_close(text: str) -> tuple[str, str]:
    """The inverse of `encode_close`."""
    found = _object(text)
    issue, what = found.get("issue"), found.get("what")
    if not (isinstance(issue, str) and what in {"resolve", "park"}):
        raise UserError(OUT_OF_DATE)
    return issue, what


def _object(value: str | None) -> dict[str, Any]:
    try:
        found = json.loads(value or "{}")
    except ValueError:
        raise UserError(OUT_OF_DATE) from None
    if not isinstance(found, dict):
        raise UserError(OUT_OF_DATE)
    return found
