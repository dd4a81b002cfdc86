"""A round's subject as a press needs it: who may answer, whether it is over, what is there. Steps for services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from sqlalchemy import Executable, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.checkins import StandingRoles
from bot.domain.record import QuestionSet, Response, in_common
from bot.domain.rights import METHODS, coordinators
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor
from bot.store.checkins import ResponseRow, RoundRow, RoundSubjectRow
from bot.store.database import parameter, prepared
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.record import value_of
from bot.store.rhythm import CadenceRow, QuestionSetRow


@dataclass(frozen=True, slots=True)
class Subject:
    """A round's subject with what a press needs of its surroundings: the whole coalition is read only where words
    about it are wanted."""

    row: RoundSubjectRow
    round: RoundRow
    priority: str
    priority_name: str
    owner: str
    owner_name: str
    delegate: str | None
    cadence: str
    questions: QuestionSet


class Answerable(Protocol):
    """A priority's check-in with those who may answer it."""

    @property
    def priority(self) -> str: ...

    @property
    def priority_name(self) -> str: ...

    @property
    def owner(self) -> str: ...

    @property
    def owner_name(self) -> str: ...

    @property
    def delegate(self) -> str | None: ...


async def find_subject(tx: ByActor, subject_id: int, *, lock: bool = False) -> Subject:
    about = {"subject": subject_id, "coalition": tx.coalition_id}
    found = (await tx.session.execute(_subject_query(lock), about)).one_or_none()
    if found is None:
        raise UserError("I can't find this check-in anymore. Type anything to me and I'll show what is open.")
    return Subject(
        row=found.RoundSubjectRow,
        round=found.RoundRow,
        questions=value_of(found.QuestionSetRow),
        **in_common(Subject, found),
    )


@cache
def _subject_query(lock: bool) -> Executable:
    owner, delegate = aliased(MemberRow), aliased(MemberRow)
    query = (
        select(
            RoundSubjectRow,
            RoundRow,
            QuestionSetRow,
            PriorityRow.key.label("priority"),
            PriorityRow.name.label("priority_name"),
            owner.key.label("owner"),
            owner.name.label("owner_name"),
            delegate.key.label("delegate"),
            CadenceRow.key.label("cadence"),
        )
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .join(QuestionSetRow, QuestionSetRow.id == CadenceRow.question_set_id)
        .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .join(owner, owner.id == PriorityRow.owner_id)
        .outerjoin(delegate, delegate.id == owner.delegate_id)
        .where(RoundSubjectRow.id == parameter("subject"), RoundSubjectRow.coalition_id == parameter("coalition"))
    )
    return prepared(query.with_for_update(of=RoundSubjectRow) if lock else query)


async def require_answerer(tx: ByActor, subject: Answerable, method: str) -> None:
    """The owner, the owner's stand-in, or a coordinator on the owner's behalf."""
    if tx.actor.key is not None and tx.actor.key in {subject.owner, subject.delegate}:
        return
    if tx.actor.standing.may(METHODS[method], subject.priority):
        return
    tx = await tx.read()
    helper = next(iter(coordinators(tx.record)), None)
    names = " or ".join(name for name in (subject.owner_name, helper.name if helper else None) if name)
    raise Refused(
        f"The update on {subject.priority_name} is given by its owner, the owner's stand-in or a coordinator. "
        f"{names} can help."
    )


async def last_to_repeat(tx: ByActor, subject: Subject) -> Response:
    """The answer that "no change" repeats. Raises UserError where there is none, or after two repeats in a row."""
    tx = await tx.read()
    earlier = StandingRoles(tx.record).earlier(
        tx.record.responses, subject.cadence, subject.priority, subject.round.day
    )
    if not subject.questions.allow_no_change or not earlier:
        raise UserError("There is no earlier answer to repeat. Please answer in your own words this time.")
    if len(earlier) > 1 and all(one.no_change for one in earlier[-2:]):
        raise UserError("“No change” works at most twice in a row. Please answer in your own words this time.")
    return earlier[-1]


def is_closed(row: RoundSubjectRow, now: datetime) -> bool:
    return row.closed_at is not None or row.closes_at <= now


_GIVEN = prepared(
    select(ResponseRow).filter_by(
        cadence_id=parameter("cadence"), round=parameter("round"), priority_id=parameter("priority")
    )
)


async def given_answer(session: AsyncSession, subject: Subject) -> ResponseRow | None:
    about = {
        "cadence": subject.round.cadence_id,
        "round": subject.round.day,
        "priority": subject.row.priority_id,
    }
    row: ResponseRow | None = await session.scalar(_GIVEN, about)
    return row


def refuse_stand_in_over_owner(actor: Actor, subject: Subject, given: ResponseRow | None) -> None:
    if given is None or given.on_behalf_of_id is not None or actor.member_id == given.by_id:
        return
    if actor.key == subject.delegate:
        raise Refused(f"{subject.owner_name} has answered. Nothing to do.")
