"""The form of each step of a setup, filled with what is there and with what stands in the way of going on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.accounts import SeenAccount
from bot.domain.record import Record
from bot.domain.setup import DONE, MOST_PEOPLE, STEPS, Found, PriorityChoice, SetupPage
from bot.domain.starting_rhythm import Rhythm, missing_in_rhythm, rhythm_around, rhythm_of
from bot.services.setup_accounts import known_accounts
from bot.store.setups import SetupRow
from bot.store.slack_accounts import SlackChannelRow


async def read_page(
    session: AsyncSession, coalition_id: int, record: Record, row: SetupRow | None, step: int
) -> SetupPage:
    """A step's form with what is there."""
    page = SetupPage(
        step=step,
        name=record.coalition.name,
        timezone=record.coalition.timezone,
        organization=record.organizations[0].name if record.organizations else "",
    )
    if row is None or step == DONE:
        return page
    known = await known_accounts(session, coalition_id)
    users = {key: user for user, key in known.items()}
    rows = await session.execute(
        select(SlackChannelRow.name, SlackChannelRow.channel_id).where(SlackChannelRow.coalition_id == coalition_id)
    )
    channels = {row.name: row.channel_id for row in rows}
    choices = tuple(
        PriorityChoice(name=one.name, owner=users.get(one.owner), channel=channels.get(one.channel or ""))
        for one in record.priorities
    )
    if "choices" in row.values:
        choices = tuple(PriorityChoice(**one) for one in row.values["choices"])
    names = {member.id: member for member in record.members}
    owners = {users[one.owner]: names[one.owner].name for one in record.priorities if one.owner in users}
    found = found_of(row)
    rhythm = rhythm_of(record) or Rhythm()
    return replace(
        page,
        choices=choices,
        found=found[:MOST_PEOPLE],
        channel_count=row.values.get("channel_count", 0),
        ticked=frozenset(one.account.user_id for one in found)
        if row.step == 3
        else frozenset(one.account.user_id for one in found if one.account.user_id in known),
        owners=tuple(owners.items()),
        stand_ins=tuple(
            (user, users[names[known[user]].delegate or ""])
            for user in owners
            if (names[known[user]].delegate or "") in users
        ),
        rhythm=rhythm,
        rhythm_channel=channels.get(rhythm.channel or ""),
    )


def rhythm_page(record: Record) -> SetupPage:
    """The rhythm's form for a coalition that came from a file, with what it lacks."""
    return SetupPage(
        step=STEPS,
        timezone=record.coalition.timezone,
        rhythm=rhythm_around(record, Rhythm()),
        lacks=missing_in_rhythm(record),
    )


def problems_of(
    chosen: Sequence[PriorityChoice], accounts: Mapping[str, SeenAccount], channels: Mapping[str, str]
) -> list[str]:
    """What stands in the way of the priorities that were entered."""
    problems = []
    for one in chosen:
        owner = accounts.get(one.owner or "")
        if owner is None or owner.deactivated:
            problems.append(f"The owner of “{one.name}” is an app or a deactivated account. Choose a person.")
        if one.channel not in channels:
            problems.append(
                f"I'm not in the channel of “{one.name}” yet. Write /invite @Backbeat there, then press Next again."
            )
    return problems


def found_in(
    chosen: Sequence[PriorityChoice],
    accounts: Mapping[str, SeenAccount],
    names: Mapping[str, str],
    seated: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    """Everybody in the priorities' channels, owners first, as the setup keeps them."""
    places: dict[str, list[str]] = {one.owner or "": [] for one in chosen}
    for one in chosen:
        for user in seated.get(one.channel or "", ()):
            places.setdefault(user, []).append(names[one.channel or ""])
    return [
        {"account": asdict(accounts[user]), "channels": channels}
        for user, channels in places.items()
        if user in accounts and not accounts[user].deactivated
    ]


def found_of(row: SetupRow) -> tuple[Found, ...]:
    """Everybody who was found, as the setup kept them."""
    return tuple(
        Found(account=SeenAccount(**one["account"]), channels=tuple(one["channels"]))
        for one in row.values.get("found", [])
    )
