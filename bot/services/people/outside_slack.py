"""Whom Slack doesn't reach, and what waits for their answer. A step for other services."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from bot.domain.outbox import HeldAccount
from bot.domain.people import OutsideSlack, find_outside_slack
from bot.services.access import OnRecord
from bot.services.outbox import held_of
from bot.store.base import ids_of
from bot.store.checkins import (
    ANSWERS_MEMBER,
    ANSWERS_SUBJECT,
    IS_UNANSWERED,
    MemberAnswerRow,
    ResponseRow,
    RoundRow,
    RoundSubjectRow,
)
from bot.store.people import MemberRow, accounts_by_member


async def members_outside_slack(tx: OnRecord) -> tuple[OutsideSlack, ...]:
    """They, in file order, with how many open check-ins wait for each."""
    accounts = await held_accounts(tx)
    if not find_outside_slack(tx.record, accounts, {}):
        return ()
    return find_outside_slack(tx.record, accounts, await _open_checkins(tx))


async def held_accounts(tx: OnRecord) -> Mapping[str, HeldAccount]:
    """What is known of the account of each member who has one."""
    accounts = await accounts_by_member(tx.session, tx.coalition_id)
    return {member: held_of(row) for member, row in accounts.items()}


async def _open_checkins(tx: OnRecord) -> Mapping[str, int]:
    """How many check-ins that others may answer too are open and unanswered, by whom they ask."""
    rows = await tx.rows(
        select(RoundSubjectRow.owner_id, func.count())
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .outerjoin(ResponseRow, ANSWERS_SUBJECT)
        .outerjoin(MemberAnswerRow, ANSWERS_MEMBER)
        .where(
            tx.owns(RoundSubjectRow),
            RoundSubjectRow.opens_at <= tx.now,
            RoundSubjectRow.closes_at > tx.now,
            RoundSubjectRow.closed_at.is_(None),
            RoundSubjectRow.took_part.is_(None),
            IS_UNANSWERED,
        )
        .group_by(RoundSubjectRow.owner_id)
    )
    keys = {row_id: key for key, row_id in (await ids_of(tx.session, MemberRow, tx.coalition_id)).items()}
    return {keys[owner_id]: count for owner_id, count in rows}
