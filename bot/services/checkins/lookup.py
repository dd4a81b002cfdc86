"""Check-ins as people name them, and their newest round. Steps for services."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from bot.domain.people import Subject, is_about_priorities, subject_of
from bot.domain.record import Cadence, Record, in_common
from bot.domain.typed import Known, likeliest, match_known
from bot.errors import Mistyped, UserError
from bot.services.access import ByActor, UseCase
from bot.services.checkins.subjects import Given
from bot.services.people import find_member
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

_SHOWN = 60


def checkins_of(record: Record) -> tuple[Cadence, ...]:
    """The check-ins that a person can name, in file order: on priorities, for figures, and lists of actions."""
    return tuple(cadence for cadence in record.cadences if subject_of(record, cadence) is not None)


def find_checkin(record: Record, typed: str) -> Cadence:
    """The check-in of this name, id or beginning; with nothing typed the only one on priorities.

    Raises Mistyped for anything else.
    """
    known = checkins_of(record)
    if not known:
        raise UserError("There is no check-in yet. A coordinator can add one with “checkin add”.")
    if not typed.strip():
        usual = tuple(cadence for cadence in known if is_about_priorities(record, cadence))
        if len(usual) == 1:
            return usual[0]
        raise UserError(f"Which one? {_there(usual or known)}.")
    found = match_known(typed, [Known(cadence.id, cadence.name) for cadence in known])
    if len(found) == 1:
        return next(cadence for cadence in known if cadence.id == found[0].id)
    if found:
        near_ones = [cadence for cadence in known if cadence.id in {one.id for one in found}]
        raise UserError(f"“{typed.strip()[:_SHOWN]}” could be {_listed(near_ones)}.")
    names = {name.casefold(): cadence for cadence in known for name in (cadence.id, cadence.name)}
    names |= {word: cadence for cadence in known for word in cadence.name.casefold().split()}
    message = f"I don't know the check-in “{typed.strip()[:_SHOWN]}”."
    raise Mistyped(message, typed.strip(), likeliest(typed.strip(), names), f"{_there(known)}.")


def find_with_rounds(record: Record, typed: str) -> Cadence:
    """The same where its rounds are meant. Raises UserError for one whose rounds are not kept, with where to look."""
    cadence = find_checkin(record, typed)
    elsewhere = {
        Subject.METRIC: "asks for figures. “metric list” shows which are due.",
        Subject.ACTION: "lists people's own actions. “action list overdue” shows what is overdue.",
    }
    words = elsewhere.get(subject_of(record, cadence) or Subject.PRIORITY)
    if words is not None:
        raise UserError(f"{cadence.name} {words}")
    return cadence


async def find_round_and_person(tx: UseCase, typed: str) -> tuple[Cadence, str | None]:
    """The check-in that was named, and who of it: "weekly @grant", "Grant", or nobody for all of them."""
    words = typed.split()
    at = next((place for place, word in enumerate(words) if word.startswith(("@", "<@"))), None)
    if at is not None:
        rest = " ".join(words[:at] + words[at + 1 :])
        return find_with_rounds(tx.record, rest), await find_member(tx, words[at])
    try:
        return find_with_rounds(tx.record, typed), None
    except Mistyped:
        try:
            who = await find_member(tx, typed)
        except UserError:
            who = None
        if who is None:
            raise
        return find_with_rounds(tx.record, ""), who


def _there(cadences: tuple[Cadence, ...]) -> str:
    return f"There {'is' if len(cadences) == 1 else 'are'} {_listed(cadences)}"


def _listed(cadences: tuple[Cadence, ...] | list[Cadence]) -> str:
    return ", ".join(f"“{cadence.name}”" for cadence in cadences)


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One priority of a round with its owner and its answer, if there is one; or one member, by the same names."""

    subject: RoundSubjectRow
    round: RoundRow
    topic: str
    topic_name: str
    owner_id: int
    owner: str
    given: Given | None
    answered_by: str | None

    @property
    def is_own(self) -> bool:
        """Whether a member is asked for themselves."""
        return self.subject.member_id is not None

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody's name is kept with an answer."""
        return self.subject.took_part is not None


async def newest_round(tx: ByActor, cadence: Cadence, *, lock: bool = False) -> tuple[RoundLine, ...]:
    """The priorities or members of the newest round that has opened; empty where there was none."""
    newest = (
        select(RoundRow.id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .where(
            tx.owns(RoundRow),
            CadenceRow.key == cadence.id,
            # One after the other from the newest, instead of everything that was ever asked.
            exists().where(RoundSubjectRow.round_id == RoundRow.id, RoundSubjectRow.opens_at <= tx.now),
        )
        .order_by(RoundRow.day.desc(), RoundRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    owner, answerer = aliased(MemberRow), aliased(MemberRow)
    query = (
        select(
            RoundSubjectRow,
            RoundRow,
            ResponseRow,
            MemberAnswerRow,
            func.coalesce(PriorityRow.key, owner.key).label("topic"),
            func.coalesce(PriorityRow.name, owner.name).label("topic_name"),
            owner.id.label("owner_id"),
            owner.key.label("owner"),
            answerer.name.label("answered_by"),
        )
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .join(owner, owner.id == func.coalesce(RoundSubjectRow.member_id, PriorityRow.owner_id))
        .outerjoin(ResponseRow, ANSWERS_SUBJECT)
        .outerjoin(MemberAnswerRow, ANSWERS_MEMBER)
        .outerjoin(answerer, answerer.id == func.coalesce(ResponseRow.by_id, MemberAnswerRow.by_id))
        .where(RoundSubjectRow.round_id == newest)
        .order_by(PriorityRow.id, owner.id)
    )
    rows = await tx.session.execute(query.with_for_update(of=RoundSubjectRow) if lock else query)
    return tuple(
        RoundLine(
            subject=row.RoundSubjectRow,
            round=row.RoundRow,
            given=row.ResponseRow or row.MemberAnswerRow,
            **in_common(RoundLine, row),
        )
        for row in rows
    )
