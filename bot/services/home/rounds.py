"""The check-ins that Home shows: those open for one person, and how the newest round stands. Steps of a transaction."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.domain.checkins import PromptItem, StandingRoles
from bot.domain.home import RoundState
from bot.domain.people import sends_checkins, topics_of, zone_of_member
from bot.domain.rhythm import next_free_occurrence, zone_of
from bot.services.access import OnRecord, UseCase
from bot.services.checkins import count_took_part, open_by_earlier_rules, open_rounds
from bot.store.checkins import (
    ANSWERS_MEMBER,
    ANSWERS_SUBJECT,
    MemberAnswerRow,
    ResponseRow,
    RoundRow,
    RoundSubjectRow,
)
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow

# A round that closed longer ago says nothing about this week.
_RECENT = timedelta(days=7)


async def open_checkins(tx: UseCase) -> tuple[PromptItem, ...]:
    """What this person may answer now, as owner or as a stand-in who was asked; the earliest close first."""
    rounds = await open_rounds(tx, tx.actor.key)
    waiting = (item for item, is_asked in rounds if is_asked and item.state == "open")
    return tuple(sorted(waiting, key=lambda item: (item.closes_at, item.subject_id)))


async def newest_round(tx: OnRecord) -> RoundState | None:
    """How the newest round stands, also once it is closed; None where none opened within a week.

    A round whose answers say how priorities stand goes before any other one: the week is about that.
    """
    rows = await tx.session.execute(
        select(
            RoundSubjectRow,
            RoundRow,
            func.coalesce(PriorityRow.name, MemberRow.name),
            func.coalesce(ResponseRow.id, MemberAnswerRow.id),
            CadenceRow.key,
        )
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .outerjoin(MemberRow, MemberRow.id == RoundSubjectRow.member_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .outerjoin(ResponseRow, ANSWERS_SUBJECT)
        .outerjoin(MemberAnswerRow, ANSWERS_MEMBER)
        .where(
            tx.owns(RoundSubjectRow), RoundSubjectRow.opens_at <= tx.now, RoundSubjectRow.closes_at > tx.now - _RECENT
        )
    )
    rounds: dict[int, list[tuple[RoundSubjectRow, str, bool]]] = defaultdict(list)
    about, of_id = {}, {}
    roles = StandingRoles(tx.record)
    # Put in order here: for the sake of an order SQLite would go through all of years by it.
    for subject, round_row, name, answer, cadence in sorted(rows.all(), key=lambda row: row[0].id):
        rounds[round_row.id].append((subject, name, answer is not None))
        counts = roles.of_cadence(cadence) if round_row.sets_standing is None else round_row.sets_standing
        of_id[round_row.id] = round_row
        about[round_row.id] = (counts, round_row.day, round_row.id, cadence)
    if not rounds:
        return None
    _counts, _day, newest_id, cadence = max(about.values())
    newest = rounds[newest_id]
    is_closed = all(subject.is_over_at(tx.now) for subject, _name, _answered in newest)
    if newest[0][0].took_part is not None:
        # How many, and nobody by name.
        took_part = await count_took_part(tx, cadence, of_id[newest_id])
        asked = sum(subject.asked_at is not None for subject, _name, _answered in newest)
        return RoundState(
            asked=max(asked, took_part),
            answered=took_part,
            without=(),
            closes_at=max(subject.closes_at for subject, _name, _answered in newest),
            is_closed=is_closed,
            cadence=cadence,
        )
    return RoundState(
        asked=len(newest),
        answered=sum(answered for _subject, _name, answered in newest),
        without=tuple(name for _subject, name, answered in newest if not answered),
        closes_at=max(subject.closes_at for subject, _name, _answered in newest),
        is_closed=is_closed,
        cadence=cadence,
    )


async def next_checkin(tx: UseCase) -> datetime | None:
    """When this person is asked next about a priority of their own, or for themselves."""
    busy = await open_by_earlier_rules(tx)
    moments = []
    for cadence in tx.record.cadences:
        if not sends_checkins(tx.record, cadence):
            continue
        for topic in topics_of(tx.record, cadence):
            if topic.owner != tx.actor.key:
                continue
            zone = zone_of(cadence, zone_of_member(tx.record, topic.owner))
            until = busy.get((cadence.id, topic.id))
            if (following := next_free_occurrence(cadence, tx.now, zone, until=until)) is not None:
                moments.append(following[1])
    return min(moments, default=None)
