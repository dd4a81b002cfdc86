"""What check-ins were answered: read page by page and as a table by whoever may; what people answered for themselves is
told once a round closes.

Use cases, and steps for other services.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from bot.domain.checkins import (
    PAGE,
    AnswerLine,
    AnswersPage,
    AnswersTable,
    RoundPictures,
    RoundSummary,
    StandingRoles,
    answer_lines,
    count_asked,
    count_asked_about,
    is_counted,
    lines_on_priorities,
    newest_own_round,
    newest_round_on_priorities,
    pictures_of,
    questions_asked,
    read_summary_about,
    results_of,
    set_of_cadence,
    summarize,
    summary_about,
    summary_of_result,
    table_of,
    table_of_results,
    table_on_priorities,
)
from bot.domain.outbox import Item, Kind
from bot.domain.people import (
    OF_PEOPLE,
    Subject,
    is_asked,
    is_pulse,
    sends_checkins,
    subject_of,
    whose_word,
    zone_of_member,
)
from bot.domain.record import Cadence, Priority, QuestionSet, Record, answers_about, member_answers_to
from bot.domain.rights import (
    COORDINATORS,
    Right,
    can_help,
    may_read_answers,
    may_read_own_answers,
    may_read_priority,
    readers_of_own_answers,
    readers_of_priorities_answers,
    standing_of,
    summary_channel,
)
from bot.domain.vocabularies import AnswerReaders, SummaryPlace
from bot.errors import Refused, UserError
from bot.services.access import Actor, Addressee, OnRecord, Service, Transaction, UseCase
from bot.services.checkins.lookup import find_checkin
from bot.services.outbox import offer, post, refresh_items, refresh_posts
from bot.store.base import ids_of
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.rhythm import CadenceRow

_ON_THEIRS = "on the priorities that you read"


class CheckinAnswers(Service):
    """Use cases around what people answered for themselves."""

    async def page(self, actor: Actor, typed: str, page: int = 0) -> AnswersPage:
        """The answers in the newest round of a check-in, on priorities too. Raises Refused for whoever doesn't read
        them."""
        async with self.reading(actor, "checkinanswers.page") as tx:
            cadence = _find(tx, typed, or_about=Subject.PRIORITY)
            found = answers_page(tx, cadence, page)
            if found is None:
                raise Refused(_not_yours(tx.record, cadence))
            return found

    async def table(self, actor: Actor, typed: str) -> AnswersTable:
        """All rounds' answers as a table, on priorities those on the ones that somebody reads, of an anonymous check-in
        the counts alone. Raises Refused for whoever doesn't read them."""
        async with self.reading(actor, "checkinanswers.table") as tx:
            cadence = _find(tx, typed, or_about=Subject.PRIORITY)
            if subject_of(tx.record, cadence) is Subject.PRIORITY:
                return _table_on_priorities(tx, cadence)
            if is_pulse(tx.record, cadence):
                rows = table_of_results(results_of(tx.record, cadence.id))
                return AnswersTable(cadence.id, cadence.name, rows, is_counted=True)
            if not _reads(tx, cadence):
                raise Refused(_not_yours(tx.record, cadence))
            rows = table_of(tx.record, cadence, lambda day: _reads(tx, cadence, day))
            return AnswersTable(cadence.id, cadence.name, rows)

    async def pictures(self, actor: Actor, typed: str) -> RoundPictures:
        """How its scales and choices were answered over the rounds. Raises Refused for whoever doesn't read the
        answers; of rounds whose answers they don't read nothing is counted."""
        async with self.reading(actor, "checkinanswers.pictures") as tx:
            cadence = _find(tx, typed)
            found = pictures_of(tx.record, cadence, tx.now, tx.today, lambda day: _reads(tx, cadence, day))
            if not found.rounds and not _reads(tx, cadence):
                raise Refused(_not_yours(tx.record, cadence))
            return found


def _pictured(record: Record, cadence: Cadence, day: date | None) -> bool:
    """Whether a check-in asks what is counted, so that there may be pictures."""
    questions = questions_asked(record, cadence.id, day, None) if day is not None else None
    return questions is not None and any(map(is_counted, questions.questions))


def answers_page(tx: UseCase, cadence: Cadence, page: int = 0) -> AnswersPage | None:
    """A page of the newest round's answers, as whoever looks reads them; None for whoever doesn't, and for a check-in
    whose answers are figures or actions."""
    subject = subject_of(tx.record, cadence)
    if subject is Subject.PRIORITY:
        return _page_on_priorities(tx, cadence, page)
    day = newest_own_round(tx.record, cadence.id, tx.now)
    if subject is not Subject.MEMBER or not _reads(tx, cadence, day):
        return None
    lines = answer_lines(tx.record, cadence, day, tx.today) if day is not None else ()
    asked = count_asked(tx.record, cadence.id, day) if day is not None else 0
    readers = readers_of_own_answers(tx.record, cadence, _readers(tx.record, cadence, day))
    found = _page(tx, cadence, day, lines, page, asked=asked, readers=readers)
    return replace(
        found,
        is_counted=_pictured(tx.record, cadence, day),
        has_table=day is not None and any(member_answers_to(tx.record, cadence.id)),
        whose_word=whose_word(tx.record, cadence),
    )


def _page_on_priorities(tx: UseCase, cadence: Cadence, page: int) -> AnswersPage | None:
    """The same of a check-in about priorities: the answers on those that somebody reads, if any.

    Who has not answered yet is for coordinators to know: others read rounds that have closed, without a count.
    """
    sees_all = _sees_all(tx)
    day = newest_round_on_priorities(tx.record, cadence.id, tx.now, closed=not sees_all)
    read = [one for one in tx.record.priorities if _reads_on(tx, cadence, one, day)]
    if not read:
        return None
    lines = lines_on_priorities(tx.record, cadence, day, read, tx.today) if day is not None else ()
    questions = _questions_on(tx.record, cadence, day, read[0].id)
    readers = readers_of_priorities_answers(tx.record, questions.readers) if questions is not None else ()
    asked = count_asked_about(tx.record, cadence.id, day, read) if sees_all and day is not None else None
    given = any(one.cadence == cadence.id for about in read for one in answers_about(tx.record, about.id))
    found = _page(tx, cadence, day, lines, page, asked=asked, readers=readers)
    return replace(found, about="" if sees_all else _ON_THEIRS, has_table=day is not None and given)


def _table_on_priorities(tx: UseCase, cadence: Cadence) -> AnswersTable:
    """All rounds' answers on the priorities that somebody reads; open rounds are for coordinators."""
    sees_all = _sees_all(tx)

    def reads(priority: Priority, day: date | None) -> bool:
        return _reads_on(tx, cadence, priority, day)

    rows = table_on_priorities(tx.record, cadence, reads, tx.now, tx.today, closed=not sees_all)
    if len(rows) == 1 and not any(reads(one, None) for one in tx.record.priorities):
        raise Refused(_not_yours(tx.record, cadence))
    return AnswersTable(cadence.id, cadence.name, rows, about="" if sees_all else _ON_THEIRS)


def _sees_all(tx: UseCase) -> bool:
    return bool(tx.actor.standing.everywhere & COORDINATORS)


def _reads_on(tx: UseCase, cadence: Cadence, priority: Priority, day: date | None) -> bool:
    """Whether somebody reads what a check-in's round was answered about a priority, as on its card."""
    questions = _questions_on(tx.record, cadence, day, priority.id)
    if questions is None or not may_read_answers(tx.actor.standing, questions.readers, priority.id):
        return False
    # How it stands, and why, is read by those who read the priority, whoever reads other answers.
    return may_read_priority(tx.actor.standing, priority.id) or not StandingRoles(tx.record).of_cadence(cadence.id)


def _questions_on(record: Record, cadence: Cadence, day: date | None, priority: str) -> QuestionSet | None:
    """Those that a round of a day opened with about a priority, or that are asked now."""
    if day is None:
        return set_of_cadence(record, cadence.id)
    return questions_asked(record, cadence.id, day, priority)


def _page(
    tx: UseCase,
    cadence: Cadence,
    day: date | None,
    lines: tuple[AnswerLine, ...],
    page: int,
    *,
    asked: int | None,
    readers: tuple[str, ...],
) -> AnswersPage:
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 0), pages - 1)
    return AnswersPage(
        id=cadence.id,
        name=cadence.name,
        on=day,
        answered=len(lines),
        asked=asked,
        readers=readers,
        lines=lines[page * PAGE : (page + 1) * PAGE],
        page=page,
        pages=pages,
        zone=zone_of_member(tx.record, tx.actor.key),
        now=tx.now,
    )


async def plan_summaries(tx: Transaction, round_ids: Collection[int]) -> None:
    """What was answered in rounds that have closed for everybody is told where their check-ins say, once; a round that
    was opened again and closes once more changes what it told. Nothing is told of a round without an answer."""
    rows = await tx.rows(
        select(RoundRow.day, CadenceRow.key)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .join(RoundSubjectRow, RoundSubjectRow.round_id == RoundRow.id)
        .where(
            RoundRow.id.in_(round_ids),
            CadenceRow.summary.is_not(None),
            RoundSubjectRow.member_id.is_not(None),
            # Anonymous rounds tell what they have to as they are counted up.
            RoundSubjectRow.took_part.is_(None),
        )
        .group_by(RoundRow.id, RoundRow.day, CadenceRow.key)
        # Closed for everybody: other people's clocks close the same round at other moments.
        .having(func.count(RoundSubjectRow.id) == func.count(RoundSubjectRow.closed_at))
        .order_by(RoundRow.id)
    )
    for day, key in rows:
        tx = await tx.read()
        cadence = next(one for one in tx.record.everything.cadences if one.id == key)
        if summarize(tx.record, cadence, day, tx.now) is None:
            continue
        about = summary_about(key, day)
        channel = summary_channel(tx.record, cadence, _readers(tx.record, cadence, day))
        if channel is not None:
            await post(tx, Kind.ROUND_SUMMARY, about, channel=channel)
        elif cadence.summary == SummaryPlace.READERS:
            ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
            for reader in readers_by_name(tx.record, cadence, day):
                await offer(tx, ids[reader], Item.ROUND_SUMMARY, about)
        await refresh_posts(tx, Kind.ROUND_SUMMARY, about)
        await refresh_items(tx, [Item.ROUND_SUMMARY], [about])


def own_readers(record: Record, member: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What a member is asked for themselves, by the name of its questions, each with who beside the coordinators reads
    the answers."""
    return tuple(
        (questions.title, readers_of_own_answers(record, cadence, questions.readers))
        for cadence in record.cadences
        if sends_checkins(record, cadence)
        and subject_of(record, cadence) in OF_PEOPLE
        and is_asked(record, cadence.id, member)
        and (questions := set_of_cadence(record, cadence.id)) is not None
    )


def readers_by_name(record: Record, cadence: Cadence, day: date) -> tuple[str, ...]:
    """Ids of the members who read what people answered for themselves in a check-in's round, in file order."""
    readers = _readers(record, cadence, day)
    return tuple(
        member.id
        for member in record.present
        if may_read_own_answers(record, cadence, readers, standing_of(record, member), member.id)
    )


async def read_summary_post(tx: Transaction, row: DeliveryRow) -> RoundSummary | None:
    """What a channel is told of a round."""
    return _summary(await tx.read(), row.about)


async def read_summary(tx: OnRecord, to: Addressee, about: str) -> RoundSummary | None:
    """The same for one of its readers; nothing for whoever reads it no more."""
    key, day = read_summary_about(about)
    cadence = next((one for one in tx.record.cadences if one.id == key), None)
    if cadence is None or to.key not in readers_by_name(tx.record, cadence, day):
        return None
    found = _summary(tx, about)
    if found is None or not found.is_anonymous:
        return found
    return replace(found, may_say=to.actor.standing.may(Right.RUN_CHECKINS))


def newest_result(tx: UseCase, cadence: Cadence) -> RoundSummary | None:
    """What came of the newest anonymous round of a check-in that was answered."""
    for result in results_of(tx.record, cadence.id):
        found = summary_of_result(result, cadence.name, tx.today)
        if found is not None:
            return replace(found, may_say=tx.actor.standing.may(Right.RUN_CHECKINS))
    return None


def _summary(tx: OnRecord, about: str) -> RoundSummary | None:
    key, day = read_summary_about(about)
    cadence = next((one for one in tx.record.cadences if one.id == key), None)
    return summarize(tx.record, cadence, day, tx.now) if cadence is not None else None


def _find(tx: UseCase, typed: str, *, or_about: Subject | None = None) -> Cadence:
    """The check-in that was named, or with nothing typed the only one that asks people for themselves. Raises UserError
    for one of which no such answers are kept; what it is `or_about` will do too."""
    own = [one for one in tx.record.cadences if subject_of(tx.record, one) in OF_PEOPLE]
    cadence = own[0] if len(own) == 1 and not typed.strip() else find_checkin(tx.record, typed)
    where = {
        Subject.PRIORITY: "stand on the priorities' cards. “priority” shows which there are.",
        Subject.METRIC: "are figures. “metric list” shows them.",
        Subject.ACTION: "are what became of actions. “action list” shows them.",
    }.get(subject_of(tx.record, cadence) or Subject.PRIORITY)
    if cadence not in own and subject_of(tx.record, cadence) is not or_about:
        raise UserError(f"{cadence.name}: its answers {where}")
    return cadence


def _reads(tx: UseCase, cadence: Cadence, day: date | None = None) -> bool:
    readers = _readers(tx.record, cadence, day)
    return may_read_own_answers(tx.record, cadence, readers, tx.actor.standing, tx.actor.key)


def _readers(record: Record, cadence: Cadence, day: date | None = None) -> AnswerReaders:
    """Those of the questions that a round of that day opened with, or that are asked now."""
    if day is None:
        questions = set_of_cadence(record, cadence.id)
    else:
        questions = questions_asked(record, cadence.id, day, None)
    return questions.readers if questions is not None else AnswerReaders.COORDINATORS


def _not_yours(record: Record, cadence: Cadence) -> str:
    readers = _readers(record, cadence)
    if subject_of(record, cadence) is Subject.PRIORITY:
        named = readers_of_priorities_answers(record, readers)
    else:
        named = readers_of_own_answers(record, cadence, readers)
    who = f"{', '.join(named)} and the coordinators" if named else "the coordinators only"
    return f"What {cadence.name} was answered is read by {who}. {can_help(record)}"
