"""What the steps of a setup have entered, as the coalition's record: put together at the end, so that a step that is
gone back to changes nothing that is there already. A step of the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.coalition import PriorityChoice, with_account, with_groups, with_priorities, with_rhythm, with_stand_ins
from bot.domain.people import SeenAccount
from bot.domain.record import Record
from bot.domain.rhythm import Rhythm
from bot.services.coalition.setup_pages import found_of, organization_choices, wanted_accounts
from bot.store.coalition import SetupRow


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
