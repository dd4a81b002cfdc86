"""The rows of cadences, of the questions that they ask and of the answers to them, written from their values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select

from bot.domain import record as values
from bot.domain.checkins import PRIVATE_NOTE, StandingRoles
from bot.store.checkins import ResponseRow
from bot.store.organizations import GroupRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.record.private_note_rows import author_of_note, keep_note
from bot.store.record.writer import Writer
from bot.store.rhythm import CadenceAttendeeRow, CadenceRow, MoveRow, QuestionSetRow

NAMED_AUDIENCES = frozenset({"priority_owners", "metric_stewards", "action_owners", "all_members", "steering"})


async def write_question_sets(writer: Writer, items: Iterable[values.QuestionSet]) -> None:
    """What check-ins ask."""
    for item in items:
        await writer.put(
            QuestionSetRow,
            item.id,
            {
                "title": item.title,
                "minutes": item.minutes,
                "allow_no_change": item.allow_no_change,
                "anonymous": item.anonymous,
                "per_item": item.per_item,
                "questions": [question_to_json(question) for question in item.questions],
                "extra": dict(item.extra),
            },
        )
    await writer.session.flush()


async def write_cadences(writer: Writer, items: Sequence[values.Cadence]) -> None:
    """Cadences with their moves and invited people; members, groups and question sets must be there."""
    for item in items:
        named = item.audience if item.audience in NAMED_AUDIENCES else None
        row = await writer.put(
            CadenceRow,
            item.id,
            {
                "kind": item.kind,
                "name": item.name,
                "timezone": item.timezone,
                "dtstart": item.dtstart,
                "rrule": item.rrule,
                "time_basis": item.time_basis,
                "audience": named,
                "audience_group_id": None if named else writer.id_of(GroupRow, item.audience),
                "group_id": writer.id_of(GroupRow, item.group),
                "duration_minutes": item.duration_minutes,
                "closes_after_hours": item.closes_after_hours,
                "reminder_after_hours": item.reminder_after_hours,
                "delegate_after_hours": item.delegate_after_hours,
                "question_set_id": writer.id_of(QuestionSetRow, item.question_set),
                "channels": list(item.channels),
                "owner_preview_at": item.owner_preview_at,
                "prework_days_before": item.prework_days_before,
                "exdates": list(item.exdates),
                "paused_at": item.paused_at,
                "extra": dict(item.extra),
            },
        )
        await writer.session.flush()
        await writer.put_children(
            MoveRow,
            "cadence_id",
            row.id,
            [
                {
                    field.name: dict(move.extra) if field.name == "extra" else getattr(move, field.name)
                    for field in dataclasses.fields(move)
                }
                for move in item.moves
            ],
        )
        await writer.put_children(
            CadenceAttendeeRow,
            "cadence_id",
            row.id,
            [
                {"member_id": writer.id_of(MemberRow, key), "purpose": purpose, "position": n}
                for purpose, keys in (("attendees", item.attendees), ("email", item.email))
                for n, key in enumerate(keys)
            ],
        )
    await writer.session.flush()
    for item in items:
        row = writer.row_of(CadenceRow, item.id)
        feeds_id = writer.id_of(CadenceRow, item.feeds)
        if row.feeds_id != feeds_id:
            row.feeds_id = feeds_id
    await writer.session.flush()


async def write_responses(writer: Writer, items: Iterable[values.Response], roles: StandingRoles) -> None:
    """Answers to rounds; cadences and priorities must be there. One that is there keeps the role that it has."""
    for item in items:
        columns = {
            "by_id": writer.id_of(MemberRow, item.by),
            "on_behalf_of_id": writer.id_of(MemberRow, item.on_behalf_of),
            "assessment": item.assessment,
            "confidence": item.confidence,
            "moved": item.moved,
            "blocker": item.blocker,
            "ask": item.ask,
            "ask_from": item.ask_from,
            "next": item.next,
            "came_true": item.came_true,
            "no_change": item.no_change,
            "answered_at": item.answered_at,
            "extra": dict(item.extra),
        }
        key = {
            "cadence_id": writer.id_of(CadenceRow, item.cadence),
            "round": item.round,
            "priority_id": writer.id_of(PriorityRow, item.priority),
        }
        row = await writer.session.scalar(
            select(ResponseRow).where(*(getattr(ResponseRow, name) == value for name, value in key.items()))
        )
        if row is None:
            row = ResponseRow(coalition_id=writer.coalition.id, sets_standing=roles.of(item), **key, **columns)
            writer.session.add(row)
            await writer.session.flush()
            await _keep_note(writer, row, item, None)
        else:
            before = row.extra.get(PRIVATE_NOTE)
            for name, value in columns.items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
            await _keep_note(writer, row, item, before)
    await writer.session.flush()


async def _keep_note(writer: Writer, row: ResponseRow, item: values.Response, before: object) -> None:
    """What a file brings along, or words anew, of words to the coordinators; `before` is what stood there."""
    words = item.extra.get(PRIVATE_NOTE)
    if words == before:
        return
    author_id = await author_of_note(writer.session, row, before)
    at = item.answered_at or datetime.combine(item.round, time.min, UTC)
    await keep_note(writer.session, row, author_id, words if isinstance(words, str) else None, at)


def question_to_json(question: values.Question) -> dict[str, Any]:
    """One question as the store keeps it: every field by its name."""
    data = {field.name: getattr(question, field.name) for field in dataclasses.fields(question)}
    # A list, as it is read back, so that an unchanged question is seen to be unchanged.
    return {**data, "extra": dict(question.extra), "options": list(question.options)}


def question_from_json(data: Mapping[str, Any]) -> values.Question:
    """The inverse of `question_to_json`."""
    return values.Question(**{**data, "options": tuple(data.get("options", ()))})


def question_set_of(row: QuestionSetRow) -> values.QuestionSet:
    """A question set as a frozen value."""
    return values.QuestionSet(
        id=row.key,
        title=row.title,
        minutes=row.minutes,
        allow_no_change=row.allow_no_change,
        anonymous=row.anonymous,
        per_item=row.per_item,
        questions=tuple(question_from_json(question) for question in row.questions),
        extra=row.extra,
    )
