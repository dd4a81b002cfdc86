"""Check-ins as somebody is asked about them: what is open, what was answered, who reads it. Steps for services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from bot.domain.checkins import (
    PRIVATE_NOTE,
    Answer,
    Names,
    PromptItem,
    StandingRoles,
    earlier_answers,
    questions_asked,
    said,
    said_in,
)
from bot.domain.known import in_coalition_time
from bot.domain.outbox import Item
from bot.domain.people import is_about_priorities, whose_word, zone_of_member
from bot.domain.record import (
    Cadence,
    Member,
    MemberAnswer,
    Priority,
    QuestionSet,
    Record,
    Response,
    find_answer,
    find_member_answer,
    in_common,
)
from bot.domain.rhythm import next_free_occurrence, next_occurrence
from bot.domain.rights import readers_of_own_answers, readers_of_update, readers_on_card
from bot.domain.vocabularies import AnswerReaders
from bot.services.access import OnRecord, names_of_members
from bot.services.checkins.asking import stand_ins_asked
from bot.services.checkins.earlier_rules import busy_until
from bot.services.checkins.subjects import has_taken_part
from bot.services.checkins.words import KeptWords, words_of
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.record import read_rows
from bot.store.rhythm import CadenceRow


class Asked(NamedTuple):
    """One priority or member in one round, as somebody is asked about it."""

    kind: str  # an Item
    subject: RoundSubjectRow
    round: RoundRow
    topic: str  # the priority's or the member's id


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the record knows of something that is asked, at a moment."""

    asked: Asked
    cadence: Cadence
    priority: Priority | None  # None where somebody is asked for themselves
    owner: Member
    delegate: Member | None
    given: Response | MemberAnswer | None
    is_over: bool
    has_taken_part: bool  # in an anonymous round, of which no answer is anybody's

    @property
    def state(self) -> str:
        if self.is_over:
            return "closed"
        return "answered" if self.given is not None or self.has_taken_part else "open"

    @property
    def asked_one(self) -> Member | None:
        """Whom the message asks."""
        return self.delegate if self.asked.kind == Item.DELEGATE else self.owner

    @property
    def may_have_words(self) -> bool:
        """Whether anything may be kept from before the round opened. What was said in it by whoever is asked takes its
        place; an answer that was given ahead, and one that says that nothing changed, do not."""
        one = self.given
        if one is None or one.no_change or self.asked_one is None or one.by != self.asked_one.id:
            return True
        at, subject = one.edited_at or one.answered_at, self.asked.subject
        # What was given ahead counts from the opening, and whoever gave it was not asked any more.
        return at is None or at < subject.opens_at or (at == subject.opens_at and subject.asked_at is None)


@dataclass(frozen=True, slots=True)
class _Around:
    """What the database, beyond the record, knows about some rounds' subjects."""

    names: Mapping[int, str]  # of those who had somebody asked again
    kept: Mapping[tuple[str, str, str], KeptWords]  # unsent words by cadence, topic and member
    stand_ins_asked: Mapping[int, datetime]  # since when a message asks the stand-in, by subject that is open


async def read_checkin(tx: OnRecord, kind: Item, about: str) -> PromptItem | None:
    """What a bundle says of a round's subject."""
    subject = await tx.session.get(RoundSubjectRow, int(about))
    if subject is None:
        return None
    table, row_id = PriorityRow.__tablename__, subject.priority_id
    if row_id is None:
        table, row_id = MemberRow.__tablename__, subject.member_id
    rows = await read_rows(tx.session, subject.coalition_id, table)
    round_row = await tx.session.get_one(RoundRow, subject.round_id)
    return await prompt_item(tx, kind, subject, round_row, rows[row_id or 0]["key"])


async def prompt_item(tx: OnRecord, kind: str, subject: RoundSubjectRow, round_row: RoundRow, topic: str) -> PromptItem:
    """One topic's check-in as somebody is asked about it. A step in the caller's transaction."""
    (item,) = await prompt_items(tx, [Asked(kind, subject, round_row, topic)])
    return item


async def prompt_items(tx: OnRecord, asked: Sequence[Asked]) -> tuple[PromptItem, ...]:
    """The same for many, in order, with as few statements as for one."""
    if not asked:
        return ()
    coalition_id = asked[0].subject.coalition_id
    cadences = await read_rows(tx.session, coalition_id, CadenceRow.__tablename__)
    standing = [
        _standing(tx.record, one, cadences[one.round.cadence_id]["key"], tx.now, has_taken_part(tx, one.subject))
        for one in asked
    ]
    around = await _read_around(tx, standing)
    return tuple(_prompt_item(tx.record, around, one, tx.now) for one in standing)


def _standing(record: Record, asked: Asked, cadence_key: str, now: datetime, took_part: bool) -> _Standing:
    priority: Priority | None = None
    given: Response | MemberAnswer | None
    if asked.subject.member_id is None:
        priority = next(item for item in record.everything.priorities if item.id == asked.topic)
        given = find_answer(record, cadence_key, asked.round.day, priority.id)
    else:
        given = find_member_answer(record, cadence_key, asked.round.day, asked.topic)
    owner = member_in(record, priority.owner if priority is not None else asked.topic)
    cadence = next(item for item in record.everything.cadences if item.id == cadence_key)
    has_ended = (priority is not None and all(one.id != priority.id for one in record.priorities)) or (
        cadence.ended is not None and asked.round.day > cadence.ended
    )
    return _Standing(
        asked=asked,
        cadence=cadence,
        priority=priority,
        owner=owner,
        delegate=member_in(record, owner.delegate) if owner.delegate else None,
        given=given,
        # Of what has ended nobody is asked any more, though its round is open.
        is_over=asked.subject.is_over_at(now) or has_ended,
        has_taken_part=took_part,
    )


async def _read_around(tx: OnRecord, standing: Sequence[_Standing]) -> _Around:
    """Reads for each only what its message may show."""
    again = {one.asked.subject.asked_again_by_id for one in standing if one.asked.kind == Item.AGAIN}
    waiting = {
        one.asked.subject.id
        for one in standing
        if one.state == "open" and one.delegate is not None and one.asked.subject.took_part is None
    }
    return _Around(
        names=await names_of_members(tx.session, {one for one in again if one is not None}),
        kept=await words_of(
            tx.session, {tx.coalition_id}, {(one.cadence.id, one.asked.topic) for one in standing if one.may_have_words}
        ),
        stand_ins_asked=await stand_ins_asked(tx, waiting),
    )


def _prompt_item(record: Record, around: _Around, standing: _Standing, now: datetime) -> PromptItem:
    kind, subject, round_row, topic = standing.asked
    cadence, priority, owner, delegate = standing.cadence, standing.priority, standing.owner, standing.delegate
    roles = StandingRoles(record)
    said_before = roles.earlier(record.responses, cadence.id, topic, round_row.day) if priority is not None else []
    earlier: Sequence[Response | MemberAnswer] = (
        said_before if priority is not None else earlier_answers(record, cadence.id, topic, round_row.day)
    )
    sets_standing = roles.of_cadence(cadence.id) if round_row.sets_standing is None else round_row.sets_standing
    last = said_before[-1] if said_before else None
    zone = zone_of_member(record, owner.id)
    # Of a round that is long over: the next one that is still to come.
    until = None if standing.is_over else busy_until(cadence, round_row.slot, subject.closes_at)
    following = next_free_occurrence(cadence, max(subject.opens_at, now), zone, until=until)
    questions = questions_asked(record, cadence.id, round_row.day, priority.id if priority is not None else None)
    today = in_coalition_time(record, now).date()
    asked_one = standing.asked_one
    kept = around.kept.get((cadence.id, topic, asked_one.id)) if asked_one is not None else None
    if kept is not None and kept.saved_at >= subject.opens_at:
        # What is typed in this round's own form is shown there.
        kept = None
    again_by = subject.asked_again_by_id if kind == Item.AGAIN else None
    return PromptItem(
        kind=kind,
        subject_id=subject.id,
        priority=topic,
        priority_name=priority.name
        if priority is not None
        else questions.title
        if questions is not None
        else cadence.name,
        is_own=priority is None,
        whose_word=whose_word(record, cadence) if priority is None else None,
        is_anonymous=subject.took_part is not None,
        opens_at=subject.opens_at,
        closes_at=subject.closes_at,
        owner=owner.id,
        owner_name=owner.name,
        delegate_name=delegate.name if delegate is not None and subject.took_part is None else None,
        readers=readers_of(record, cadence, questions, topic, sets_standing=sets_standing),
        digest_at=_fed_digest_at(record, cadence, subject.closes_at) if priority is not None else None,
        state=standing.state,
        answer=_answer(record, standing.given, last, questions, today) if standing.given is not None else None,
        last_on=earlier[-1].round if earlier else None,
        last_assessment=last.assessment if last is not None else None,
        last_confidence=last.confidence if last is not None else None,
        may_repeat=may_repeat(questions, earlier),
        sets_standing=sets_standing,
        next_opens_at=following[1] if following is not None else None,
        minutes=questions.minutes if questions is not None else 0,
        kept=said(questions, kept.values, Names.of(record), today) if kept else (),
        kept_at=kept.saved_at if kept is not None else None,
        title=questions.title if questions is not None else "",
        stand_in_asked_at=around.stand_ins_asked.get(subject.id),
        stand_in_declined=subject.stand_in_declined_at is not None,
        asked_again_by=around.names[again_by] if again_by is not None else None,
    )


def questions_of(record: Record, cadence: Cadence) -> QuestionSet | None:
    return next((item for item in record.question_sets if item.id == cadence.question_set), None)


def member_in(record: Record, key: str) -> Member:
    return next(item for item in record.members if item.id == key)


def readers_of(
    record: Record, cadence: Cadence, questions: QuestionSet | None, topic: str, *, sets_standing: bool
) -> tuple[str, ...]:
    """Who reads what is answered in a round about a topic (an id), in words; nobody where only the coordinators do."""
    readers = questions.readers if questions is not None else AnswerReaders.STEERING
    priority = next((one for one in record.priorities if one.id == topic), None)
    if priority is None or not is_about_priorities(record, cadence):
        return readers_of_own_answers(record, cadence, readers)
    if sets_standing and readers != AnswerReaders.EVERYBODY:
        return readers_of_update(record, priority)
    return readers_on_card(record, priority, readers)


def may_repeat(questions: QuestionSet | None, earlier: Sequence[Response | MemberAnswer]) -> bool:
    """Whether "no change" is offered: the set allows it, there is something to repeat, and not twice running."""
    if questions is None or not questions.allow_no_change or not earlier:
        return False
    return not (len(earlier) >= 2 and earlier[-1].no_change and earlier[-2].no_change)


def _fed_digest_at(record: Record, cadence: Cadence, closes_at: datetime) -> datetime | None:
    """When the digest that a round feeds goes out."""
    fed = next((item for item in record.cadences if item.id == cadence.feeds), None)
    following = next_occurrence(fed, closes_at) if fed is not None else None
    return following[1] if following is not None else None


def name_of_asked(record: Record, key: str) -> str | None:
    """The name of the organization or group that an ask goes to."""
    names = {item.id: item.name for item in record.everything.organizations} | {
        item.id: item.name for item in record.everything.groups
    }
    return names.get(key)


# What an answer says of a priority only.
_ON_PRIORITIES = ("assessment", "confidence", "confidence_before", "moved", "blocker", "ask", "ask_from_name", "next")


def _answer(
    record: Record,
    given: Response | MemberAnswer,
    last: Response | None,
    questions: QuestionSet | None,
    today: date,
) -> Answer:
    if isinstance(given, MemberAnswer):
        nothing: dict[str, Any] = dict.fromkeys(_ON_PRIORITIES)
        return Answer(
            by_name=member_in(record, given.by).name,
            on_behalf_of_name=member_in(record, given.member).name if given.by != given.member else None,
            has_private_note=bool(given.answers.get(PRIVATE_NOTE)),
            more=said(questions, given.answers, Names.of(record), today),
            **nothing,
            **in_common(Answer, given),
        )
    asked = None
    if given.ask_from is not None:
        asked = name_of_asked(record, given.ask_from)
    return Answer(
        confidence_before=last.confidence if last is not None else None,
        ask_from_name=asked,
        by_name=member_in(record, given.by).name,
        on_behalf_of_name=member_in(record, given.on_behalf_of).name if given.on_behalf_of else None,
        has_private_note=bool(given.extra.get(PRIVATE_NOTE)),
        more=said_in(questions, StandingRoles(record).resolved(given), Names.of(record), today),
        **in_common(Answer, given),
    )
