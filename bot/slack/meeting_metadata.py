"""What the buttons and forms of meetings carry through Slack, both ways side by side. Ids and times, never words."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.domain.meetings import MeetingRef
from bot.errors import UserError
from bot.slack.metadata import OUT_OF_DATE


def encode_ref(ref: MeetingRef) -> str:
    """A button's value: one occurrence."""
    return ref.key


def decode_ref(value: str | None) -> MeetingRef:
    """The inverse of `encode_ref`. Raises UserError for a value that this version never made."""
    found = MeetingRef.read(value or "")
    if found is None:
        raise UserError(OUT_OF_DATE)
    return found


def decode_meeting(value: str | None) -> str:
    """A meeting's id as a button's value, or that of the occurrence's meeting."""
    if not value:
        raise UserError(OUT_OF_DATE)
    return value.partition("|")[0]


def encode_list_page(scope: str, page: int) -> str:
    """A page button's value: which page of which list."""
    return json.dumps({"list": scope, "page": page}, separators=(",", ":"))


def decode_list_page(value: str | None) -> tuple[str, int]:
    """The inverse of `encode_page`."""
    found = _object(value)
    scope, page = found.get("list"), found.get("page")
    if scope not in {"mine", "all"} or not isinstance(page, int) or page < 0:
        raise UserError(OUT_OF_DATE)
    return str(scope), page


def encode_form(token: str, ref: MeetingRef, version: int = 0) -> str:
    """The private_metadata of a form about one occurrence: its token, and the notes' version that it shows."""
    return json.dumps({"token": token, "ref": ref.key, "version": version}, separators=(",", ":"))


def decode_form(text: str) -> tuple[str, MeetingRef, int]:
    """The inverse of `encode_form`."""
    found = _object(text)
    token, version = found.get("token"), found.get("version")
    if not isinstance(token, str) or not isinstance(version, int):
        raise UserError(OUT_OF_DATE)
    return token, decode_ref(str(found.get("ref"))), version


def encode_plan(token: str, meeting: str | None, seen: str = "") -> str:
    """The private_metadata of a meeting's form: its token, which meeting it edits, and a mark of how that was."""
    return json.dumps({"token": token, "meeting": meeting, "seen": seen}, separators=(",", ":"))


def decode_plan(text: str) -> tuple[str, str | None, str]:
    """The inverse of `encode_plan`."""
    found = _object(text)
    token, meeting, seen = found.get("token"), found.get("meeting"), str(found.get("seen") or "")
    if not isinstance(token, str) or not (meeting is None or isinstance(meeting, str)):
        raise UserError(OUT_OF_DATE)
    return token, meeting, seen


def encode_change(ref: MeetingRef | None, local: datetime | None, told: datetime | None = None) -> str:
    """The private_metadata of the form that moves or skips: which occurrence it was opened for, and when that was.

    `told`: the time of which it says what it overlaps with, so that sending it again means it.
    """
    found = {"ref": ref.key if ref is not None else None, "seen": _minutes(local)}
    if told is not None:
        found["told"] = _minutes(told)
    return json.dumps(found, separators=(",", ":"))


def _minutes(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment is not None else None


def decode_told(text: str) -> datetime | None:
    """The time of which a form says what it overlaps with; None where it says nothing."""
    told = _object(text).get("told")
    try:
        return datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None


def decode_change(text: str) -> tuple[MeetingRef, datetime]:
    """The inverse of `encode_change`."""
    found = _object(text)
    try:
        seen = datetime.fromisoformat(str(found.get("seen")))
    except ValueError:
        raise UserError(OUT_OF_DATE) from None
    return decode_ref(str(found.get("ref"))), seen


def _object(value: str | None) -> dict[str, Any]:
    try:
        found = json.loads(value or "{}")
    except ValueError:
        raise UserError(OUT_OF_DATE) from None
    if not isinstance(found, dict):
        raise UserError(OUT_OF_DATE)
    return found
