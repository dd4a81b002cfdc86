"""What the buttons and forms of check-ins carry through Slack, both ways side by side. Ids only, never words."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.domain.checkins import NextKey, UpcomingRounds
from bot.errors import UserError
from bot.slack.metadata import OUT_OF_DATE


def encode_next(key: NextKey) -> str:
    """Which coming round of which priority."""
    data = {"cadence": key.cadence, "priority": key.priority, "slot": key.slot.isoformat()}
    return json.dumps(data, separators=(",", ":"))


def decode_next(value: str | None) -> NextKey:
    """The inverse of `encode_next`. Raises UserError for a value that this version never made."""
    found = _object(value)
    return NextKey(_text(found, "cadence"), _text(found, "priority"), _moment(found, "slot"))


def encode_round(cadence: str, slot: datetime) -> str:
    """Which date of which check-in: the slot is a naive wall time."""
    return json.dumps({"cadence": cadence, "slot": slot.isoformat()}, separators=(",", ":"))


def decode_round(value: str | None) -> tuple[str, datetime]:
    """The inverse of `encode_round`. Raises UserError for a value that this version never made."""
    found = _object(value)
    return _text(found, "cadence"), _moment(found, "slot")


def encode_dates(rounds: UpcomingRounds) -> str:
    """The private_metadata of a form that moves or skips: which check-in, and when each of its dates was to open."""
    seen = {one.slot.isoformat(timespec="minutes"): one.local.isoformat(timespec="minutes") for one in rounds.dates}
    return json.dumps({"cadence": rounds.id, "seen": seen}, separators=(",", ":"))


def decode_dates(value: str | None) -> tuple[str, dict[datetime, datetime]]:
    """The inverse of `encode_dates`: naive wall times. A form of an earlier version has seen none."""
    found = _object(value)
    seen = found.get("seen", {})
    try:
        dates = {datetime.fromisoformat(slot): datetime.fromisoformat(local) for slot, local in seen.items()}
    except (ValueError, TypeError, AttributeError):
        raise UserError(OUT_OF_DATE) from None
    return _text(found, "cadence"), dates


def encode_edit(cadence: str | None, seen: str = "") -> str:
    """Which check-in a form changes, none for a new one, and a mark of how that was when the form was opened."""
    return json.dumps({"cadence": cadence} | ({"seen": seen} if seen else {}), separators=(",", ":"))


def decode_edit(value: str | None) -> str | None:
    """The inverse of `encode_edit`."""
    found = _object(value).get("cadence")
    return found if isinstance(found, str) else None


def decode_seen(value: str | None) -> str:
    """The mark in what `encode_edit` made; "" where there is none."""
    return str(_object(value).get("seen") or "")


def decode_checkin(value: str | None) -> str:
    """A check-in's id as a button's value. Raises UserError where there is none."""
    if not value:
        raise UserError(OUT_OF_DATE)
    return value


def _object(value: str | None) -> dict[str, Any]:
    try:
        found = json.loads(value or "{}")
    except ValueError:
        raise UserError(OUT_OF_DATE) from None
    if not isinstance(found, dict):
        raise UserError(OUT_OF_DATE)
    return found


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise UserError(OUT_OF_DATE)
    return value


def _moment(found: dict[str, Any], name: str) -> datetime:
    try:
        return datetime.fromisoformat(_text(found, name))
    except ValueError:
        raise UserError(OUT_OF_DATE) from None
