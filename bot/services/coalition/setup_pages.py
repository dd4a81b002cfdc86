"""The form of each step of a setup, filled with what is there and with what stands in the way of going on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import time
from typing import Any

from sqlalchemy import select

from bot.domain.coalition import (
    DONE,
    MOST_PEOPLE,
    STEPS,
    Found,
    OrganizationChoice,
    PriorityChoice,
    SetupPage,
    organizations_of,
)
from bot.domain.people import SeenAccount
from bot.domain.record import Record
from bot.domain.rhythm import Rhythm, missing_in_rhythm, rhythm_around, rhythm_of
from bot.services.access import OnRecord, Transaction
from bot.store.coalition import SetupRow
from bot.store.people import SlackChannelRow, keys_by_account

ORGANIZATIONS = 4  # the step that names them


async def open_step(tx: Transaction) -> int | None:
    """The step at which a setup was left; None where none was begun, and once all is entered."""
    step: int | None = await tx.session.scalar(select(SetupRow.step).where(tx.owns(SetupRow)))
    return step if step is not None and step < DONE else None


async def read_page(tx: OnRecord, row: SetupRow | None, step: int) -> SetupPage:
    """A step's form with what is there."""
    page = SetupPage(
        step=step,
        name=tx.record.coalition.name,
        timezone=tx.record.coalition.timezone,
        locale=tx.record.coalition.locale,
        organization=tx.record.organizations[0].name if tx.record.organizations else "",
        sector=tx.record.organizations[0].sector if tx.record.organizations else None,
    )
    if row is None or step == DONE:
        return page
    known = await keys_by_account(tx.session, tx.coalition_id)
    users = {key: user for user, key in known.items()}
    rows = await tx.session.execute(
        select(SlackChannelRow.name, SlackChannelRow.channel_id).where(tx.owns(SlackChannelRow))
    )
    channels = {row.name: row.channel_id for row in rows}
    choices = tuple(
        PriorityChoice(name=one.name, owner=users.get(one.owner), channel=channels.get(one.channel or ""))
        for one in tx.record.priorities
    )
    if "choices" in row.values:
        choices = tuple(PriorityChoice(**one) for one in row.values["choices"])
    found = found_of(row)
    names = {one.account.user_id: one.account.name for one in found}
    owners = {one.owner: names[one.owner] for one in choices if one.owner in names}
    typed = row.values.get("rhythm", {})
    return replace(
        page,
        choices=choices,
        found=found[:MOST_PEOPLE],
        channel_count=row.values.get("channel_count", 0),
        ticked=frozenset(row.values.get("ticked", names)),
        owners=tuple((owner, name) for owner, name in owners.items() if owner is not None),
        stand_ins=tuple((owner, user) for owner, user in row.values.get("stand_ins", {}).items() if user),
        organizations=organization_choices(row) if step >= ORGANIZATIONS else (),
        rhythm=rhythm_from(typed) if typed else rhythm_of(tx.record) or Rhythm(),
        rhythm_channel=typed.get("channel"),
    )


def rhythm_from(typed: Mapping[str, str | None]) -> Rhythm:
    """What was entered of the rhythm; what is missing is as usual."""
    usual = Rhythm()

    def day(name: str, otherwise: int) -> int:
        return int(typed.get(name) or otherwise)

    def clock(name: str, otherwise: time) -> time:
        return time.fromisoformat(typed.get(name) or otherwise.isoformat())

    return replace(
        usual,
        ask_day=day("ask_day", usual.ask_day),
        ask_at=clock("ask_at", usual.ask_at),
        digest_day=day("digest_day", usual.digest_day),
        digest_at=clock("digest_at", usual.digest_at),
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


def wanted_accounts(row: SetupRow) -> tuple[SeenAccount, ...]:
    """Everybody who takes part by what was entered: owners, those who were ticked, and stand-ins."""
    found = found_of(row)
    owners = {one["owner"] for one in row.values.get("choices", ())}
    ticked = set(row.values.get("ticked", [one.account.user_id for one in found]))
    stand_ins = {user for owner, user in row.values.get("stand_ins", {}).items() if owner in owners and user}
    return tuple(one.account for one in found if one.account.user_id in owners | ticked | stand_ins)


def organization_choices(row: SetupRow) -> tuple[OrganizationChoice, ...]:
    """The organizations of those who take part, with what was entered of them."""
    home = SeenAccount(**row.values["by"])
    return organizations_of(wanted_accounts(row), home, row.values.get("organizations", {}))
