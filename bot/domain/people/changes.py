"""What a change makes of a member: their own settings. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import time
from typing import TypedDict

from bot.domain.record import Member
from bot.domain.wording import is_zone
from bot.errors import UserError


class OwnPlan(TypedDict, total=False):
    """What a person sets for themselves, by field; only what changes."""

    zone: str | None
    ask_at: time | None
    stand_in: str | None
    no_messages_about: tuple[str, ...]


def with_settings(member: Member, plan: OwnPlan, members: Collection[Member]) -> Member:
    """The member with what they set. Raises UserError with the field that needs another look."""
    zone = plan.get("zone")
    if zone is not None and not is_zone(zone):
        raise UserError("I don't know this time zone. Type a city, such as Chicago.", field="zone")
    stand_in = plan.get("stand_in")
    if stand_in is not None:
        _require_stand_in(member, stand_in, members)
    return replace(
        member,
        timezone=plan.get("zone", member.timezone),
        ask_at=plan.get("ask_at", member.ask_at),
        delegate=plan.get("stand_in", member.delegate),
        no_messages_about=plan.get("no_messages_about", member.no_messages_about),
    )


def _require_stand_in(member: Member, key: str, members: Collection[Member]) -> None:
    found = next((one for one in members if one.id == key), None)
    if found is None:
        raise UserError("I don't know this person. Choose somebody from the list.", field="stand_in")
    if found.id == member.id:
        raise UserError("Choose somebody other than yourself, or leave it empty.", field="stand_in")
    if found.access == "email_only":
        raise UserError(
            f"{found.name} takes part by e-mail only, so I couldn't ask in time. Choose somebody in Slack.",
            field="stand_in",
        )
