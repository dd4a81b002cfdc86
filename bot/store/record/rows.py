"""Frozen values → rows: writes a coalition's facts, whether new or changed. Reading them back is in `view`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any, Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.domain.checkins import PRIVATE_NOTE, StandingRoles
from bot.domain.vocabularies import Voices
from bot.store.checkins import MemberAnswerRow, ResponseRow
from bot.store.coalition import CoalitionRow
from bot.store.record.keeping import Pointer
from bot.store.record.nouns import MAPPED, OF_RECORD, SECTIONS
from bot.store.record.private_note_rows import author_of_note, keep_note
from bot.store.record.writer import Writer

T = TypeVar("T")

# In an order in which everything is there that must be: what may come later is filled in then.
_WRITTEN: Final = (
    "organizations",
    "members",
    "groups",
    "priorities",
    "question_sets",
    "cadences",
    "actions",
    "issues",
    "decisions",
    "funding_sources",
)
_KEYED: Final = (*(SECTIONS[name] for name in _WRITTEN), "outcomes", "metrics")


async def write_record(
    session: AsyncSession, coalition: CoalitionRow, record: values.Record, *, known: values.Record | None = None
) -> None:
    """Writes a whole record. With what is `known` to stand in the rows only what differs from it is looked at."""
    writer = Writer(session, coalition.id)
    await writer.load_rows(_KEYED)
    write_coalition(coalition, record)
    for name in _WRITTEN:
        for item in _news(getattr(record, name), getattr(known, name) if known else ()):
            await writer.place(item)
    star = record.coalition.north_star
    if star is not None and star.metric is not None:
        await writer.place(star.metric)
    await writer.finish()
    await _write_responses(writer, _news(record.responses, known.responses if known else ()), StandingRoles(record))
    for answer in _news(record.member_answers, known.member_answers if known else ()):
        await _write_answer(writer, answer)
    for result in _news(record.pulses, known.pulses if known else ()):
        await writer.place(result, row=await writer.find(result))
    await writer.finish()
    await _write_voices(writer, record, known)


async def _write_voices(writer: Writer, record: values.Record, known: values.Record | None) -> None:
    """What voices have said about decisions that are new. Of one that is there they are its own."""
    there = {one.id for one in known.decisions} if known is not None else set()
    of_persons = {one.id for one in record.groups if one.voices == Voices.PERSON}
    homes = {one.id: one.organization for one in record.members}
    organizations = {one.id for one in record.organizations}
    for decision in record.decisions:
        if not decision.answers or decision.id in there:
            continue
        row = await writer.find(decision)
        for said in decision.answers:
            is_person = said.voice in homes and (decision.decider in of_persons or said.voice not in organizations)
            await writer.put_new(
                said,
                decision_id=row.id,
                voice=said.voice,
                organization_id=Pointer("organizations", homes[said.voice] if is_person else said.voice),
                person_id=Pointer("members", said.voice) if is_person else None,
            )


def _news(items: Sequence[T], known: Sequence[T]) -> Sequence[T]:
    """The items that are not known as they are."""
    there = {_id(one): one for one in known}
    return [one for one in items if there.get(_id(one)) != one]


def _id(item: Any) -> object:
    if isinstance(item, values.MemberAnswer):
        return (item.cadence, item.round, item.member)
    if isinstance(item, values.PulseResult):
        return (item.cadence, item.round)
    return (item.cadence, item.round, item.priority) if isinstance(item, values.Response) else item.id


def write_coalition(row: CoalitionRow, record: values.Record) -> None:
    """Everything that the coalition row itself holds."""
    columns = MAPPED["coalitions"].write(record.coalition)
    for field, keep in OF_RECORD.items():
        columns.update(keep.write(getattr(record, field)))
    for name, value in columns.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


async def _write_responses(writer: Writer, items: Iterable[values.Response], roles: StandingRoles) -> None:
    """Answers to rounds, with words to the coordinators. One that is there keeps the role that it has."""
    for item in items:
        row = await writer.find(item)
        before = row.extra.get(PRIVATE_NOTE) if row is not None else None
        role = roles.of(item) if row is None else row.sets_standing
        row = await writer.place(replace(item, sets_standing=role), row=row)
        await writer.session.flush()
        await _keep_note(writer.session, row, item, before)
    await writer.finish()


async def _write_answer(writer: Writer, item: values.MemberAnswer) -> None:
    """What somebody was answered for, with words to the coordinators."""
    row = await writer.find(item)
    before = row.answers.get(PRIVATE_NOTE) if row is not None else None
    row = await writer.place(item, row=row)
    await writer.session.flush()
    await _keep_note(writer.session, row, item, before)


async def _keep_note(
    session: AsyncSession,
    row: ResponseRow | MemberAnswerRow,
    item: values.Response | values.MemberAnswer,
    before: object,
) -> None:
    """What a file brings along, or words anew, of words to the coordinators; `before` is what stood there."""
    words = (item.answers if isinstance(item, values.MemberAnswer) else item.extra).get(PRIVATE_NOTE)
    if words == before:
        return
    author_id = await author_of_note(session, row, before)
    at = item.answered_at or datetime.combine(item.round, time.min, UTC)
    await keep_note(session, row, author_id, words if isinstance(words, str) else None, at)


async def add_all_readings(session: AsyncSession, coalition: CoalitionRow, record: values.Record) -> None:
    """Adds every reading of a new coalition."""
    writer = Writer(session, coalition.id)
    await writer.load_rows(["metrics"])
    star = record.coalition.north_star
    metrics = [] if star is None or star.metric is None else [star.metric]
    metrics += [metric for priority in record.priorities for metric in priority.metrics]
    for metric in metrics:
        await writer.add(metric.readings, metric.id)
