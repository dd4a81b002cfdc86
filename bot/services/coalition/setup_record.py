"""What a setup makes of all that was entered: the coalition's record, put together at the end, so that a step that is
gone back to changes nothing that is there already; and Slack's accounts and channels, before a look at Slack knows
them.

Steps of the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.coalition import PriorityChoice, with_account, with_groups, with_priorities, with_rhythm, with_stand_ins
from bot.domain.people import SeenAccount, SeenChannel
from bot.domain.record import Record
from bot.domain.rhythm import Rhythm
from bot.services.access import Transaction
from bot.services.coalition.setup_pages import found_of, organization_choices, wanted_accounts
from bot.services.people import account_row
from bot.store.base import ids_of
from bot.store.coalition import SetupRow
from bot.store.people import MemberRow, SlackAccountRow, SlackChannelRow, keys_by_account


def whole_record(
    record: Record, row: SetupRow, known: Mapping[str, str], rhythm: Rhythm, now: datetime
) -> tuple[Record, dict[str, SeenAccount]]:
    """The record with all that was entered, and which account is whose, by member id."""
    if "by" not in row.values:
        # Everything is there already: the last form was sent once more.
        return with_rhythm(record, rhythm, now), {}
    home = SeenAccount(**row.values["by"])
    chosen = {one.key: one for one in organization_choices(row)}
    members, linked = dict(known), {}
    places = {one.account.user_id: one.channels for one in found_of(row)}
    seated: dict[str, list[str]] = {}
    for account in wanted_accounts(row):
        record, key = with_account(record, account, members, home, chosen)
        linked[key], members[account.user_id] = account, key
        for channel in places.get(account.user_id, ()):
            seated.setdefault(channel, []).append(key)
    channels: Mapping[str, str] = row.values.get("channels", {})
    choices = [PriorityChoice(**one) for one in row.values.get("choices", ())]
    record = with_priorities(
        record, [(one.name, members[one.owner or ""], channels[one.channel or ""]) for one in choices]
    )
    owners = {one.owner for one in choices}
    stand_ins = {
        members[owner]: members.get(user or "")
        for owner, user in row.values.get("stand_ins", {}).items()
        if owner in owners
    }
    return with_rhythm(with_stand_ins(with_groups(record, seated), stand_ins), rhythm, now), linked


async def link_accounts(tx: Transaction, accounts: Mapping[str, SeenAccount]) -> None:
    """Accounts that were chosen by hand belong to their members at once."""
    linked = await keys_by_account(tx.session, tx.coalition_id)
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    for key, account in accounts.items():
        if account.user_id in linked or key in linked.values():
            continue
        row = await account_row(tx, account.team_id, account.user_id)
        if row is None:
            row = SlackAccountRow(coalition_id=tx.coalition_id, team_id=account.team_id, user_id=account.user_id)
            tx.session.add(row)
        row.member_id, row.timezone, row.deactivated = ids[key], account.timezone, False
        row.linked_by, row.linked_at = "coordinator", tx.now
    await tx.session.flush()


async def keep_channels(tx: Transaction, seen: Sequence[SeenChannel]) -> None:
    """The channels that the bot is in, so that a form can offer and check them."""
    rows = {row.name: row for row in await tx.session.scalars(select(SlackChannelRow).where(tx.owns(SlackChannelRow)))}
    for channel in seen:
        row = rows.get(channel.name) or SlackChannelRow(coalition_id=tx.coalition_id, name=channel.name)
        row.channel_id, row.is_member, row.checked_at = channel.channel_id, True, tx.now
        row.is_private, row.is_external = channel.is_private, channel.is_external
        tx.session.add(row)
    await tx.session.flush()
