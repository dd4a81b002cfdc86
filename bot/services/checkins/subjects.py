"""A round's subject as a press needs it: who may answer, whether it is over, what is there. Steps for services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from sqlalchemy import Executable, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.checkins import StandingRoles, as_it_was, earlier_answers, update_on
from bot.domain.record import MemberAnswer, QuestionSet, Response, in_common
from bot.domain.rights import METHODS, can_help, coordinators
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, Transaction
from bot.store.checkins import MemberAnswerRow, ResponseRow, RoundRow, RoundSubjectRow
from bot.store.database import is_taking_part, parameter, prepared
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.record import value_of
from bot.store.rhythm import CadenceRow, EarlierQuestionsRow, QuestionSetRow


@dataclass(frozen=True, slots=True)
class Subject:
    """A round's subject with what a press needs of its surroundings: the whole coalition is read only where words
    about it are wanted.

    `topic` is the id of its priority, or of the member who is asked for themselves; then the name is the questions'.
    """

    row: RoundSubjectRow
    round: RoundRow
    topic: str
    topic_name: str
    owner: str
    owner_name: str
    delegate: str | None
    cadence: str
    questions: QuestionSet

    @property
    def is_own(self) -> bool:
        """Whether somebody is asked for themselves."""
        return self.row.member_id is not None

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody's name is kept with an answer, by the questions with which its round opened."""
        return self.row.took_part is not None or self.questions.anonymous

    @property
    def update(self) -> str:
        """What is asked for, in words: "update on Job quality"."""
        return update_on(self.topic_name, is_own=self.is_own)


class Answerable(Protocol):
    """What a round asks about, with those who may answer it."""

    @property
    def topic(self) -> str: ...

    @property
    def is_own(self) -> bool: ...

    @property
    def is_anonymous(self) -> bool: ...

    @property
    def update(self) -> str: ...

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
        questions=await _questions_of(tx.session, found.RoundRow, found.QuestionSetRow),
        **in_common(Subject, found),
    )


async def _questions_of(session: AsyncSession, round_row: RoundRow, row: QuestionSetRow) -> QuestionSet:
    """What a round asks: what it opened with, whatever was edited since."""
    questions: QuestionSet = value_of(row)
    if round_row.questions_version in {None, row.version}:
        return questions
    earlier = await session.scalar(
        select(EarlierQuestionsRow).filter_by(question_set_id=row.id, version=round_row.questions_version)
    )
    return as_it_was(questions, value_of(earlier)) if earlier is not None else questions


@cache
def _subject_query(lock: bool) -> Executable:
    owner, delegate = aliased(MemberRow), aliased(MemberRow)
    query = (
        select(
            RoundSubjectRow,
            RoundRow,
            QuestionSetRow,
            func.coalesce(PriorityRow.key, owner.key).label("topic"),
            func.coalesce(PriorityRow.name, QuestionSetRow.title).label("topic_name"),
            owner.key.label("owner"),
            owner.name.label("owner_name"),
            delegate.key.label("delegate"),
            CadenceRow.key.label("cadence"),
        )
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .join(QuestionSetRow, QuestionSetRow.id == func.coalesce(RoundRow.question_set_id, CadenceRow.question_set_id))
        .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .join(owner, owner.id == func.coalesce(RoundSubjectRow.member_id, PriorityRow.owner_id))
        .outerjoin(delegate, delegate.id == owner.delegate_id)
        .where(RoundSubjectRow.id == parameter("subject"), RoundSubjectRow.coalition_id == parameter("coalition"))
    )
    return prepared(query.with_for_update(of=RoundSubjectRow) if lock else query)


async def refused_for_others(tx: ByActor) -> Refused:
    """What somebody reads who would answer an anonymous check-in for another one."""
    record = (await tx.read()).record
    words = "An anonymous check-in is answered by each person for themselves, and by nobody on their behalf."
    return Refused(f"{words} {can_help(record)}")


async def require_answerer(tx: ByActor, subject: Answerable, method: str) -> None:
    """The owner, or who is asked for themselves, their stand-in, or a coordinator on their behalf. Of an anonymous
    check-in nothing is answered this way."""
    if subject.is_anonymous:
        raise await refused_for_others(tx)
    if tx.actor.key is not None and tx.actor.key in {subject.owner, subject.delegate}:
        return
    if tx.actor.standing.may(METHODS[method], None if subject.is_own else subject.topic):
        return
    tx = await tx.read()
    helper = next(iter(coordinators(tx.record)), None)
    names = " or ".join(name for name in (subject.owner_name, helper.name if helper else None) if name)
    whose = "whoever is asked, their" if subject.is_own else "its owner, the owner's"
    raise Refused(f"The {subject.update} is given by {whose} stand-in or a coordinator. {names} can help.")


async def last_to_repeat(tx: ByActor, subject: Subject) -> Response | MemberAnswer:
    """The answer that "no change" repeats. Raises UserError where there is none, or after two repeats in a row."""
    tx = await tx.read()
    of = (subject.cadence, subject.topic, subject.round.day)
    earlier: Sequence[Response | MemberAnswer] = (
        earlier_answers(tx.record, *of)
        if subject.is_own
        else StandingRoles(tx.record).earlier(tx.record.responses, *of)
    )
    if not subject.questions.allow_no_change or not earlier:
        raise UserError("There is no earlier answer to repeat. Please answer in your own words this time.")
    if len(earlier) > 1 and all(one.no_change for one in earlier[-2:]):
        raise UserError("“No change” works at most twice in a row. Please answer in your own words this time.")
    return earlier[-1]


def has_taken_part(tx: Transaction, row: RoundSubjectRow) -> bool:
    """Whether somebody has answered an anonymous round, as far as this process and the database know."""
    return row.took_part is True or is_taking_part(tx.session, row.id)


_GIVEN = prepared(
    select(ResponseRow).filter_by(
        cadence_id=parameter("cadence"), round=parameter("round"), priority_id=parameter("priority")
    )
)


_GIVEN_OWN = prepared(
    select(MemberAnswerRow).filter_by(
        cadence_id=parameter("cadence"), round=parameter("round"), member_id=parameter("member")
    )
)
# What was said in a round: about a priority, or for somebody.
Given = ResponseRow | MemberAnswerRow


async def given_answer(session: AsyncSession, subject: Subject) -> Given | None:
    about = {"cadence": subject.round.cadence_id, "round": subject.round.day}
    row: Given | None
    if subject.is_own:
        row = await session.scalar(_GIVEN_OWN, about | {"member": subject.row.member_id})
    else:
        row = await session.scalar(_GIVEN, about | {"priority": subject.row.priority_id})
    return row


def is_on_behalf(given: Given) -> bool:
    """Whether an answer was given for its owner by somebody else."""
    if isinstance(given, MemberAnswerRow):
        return given.by_id != given.member_id
    return given.on_behalf_of_id is not None


def refuse_stand_in_over_owner(actor: Actor, subject: Subject, given: Given | None) -> None:
    if given is None or is_on_behalf(given) or actor.member_id == given.by_id:
        return
    if actor.key == subject.delegate:
        raise Refused(f"{subject.owner_name} has answered. Nothing to do.")
