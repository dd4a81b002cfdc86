"""Figures between being typed and being recorded: drafts, what a form holds, storing one and finding it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.metrics import (
    MOST_NOTE,
    FigureEntry,
    FigureSaved,
    FigureUndone,
    Proposal,
    current_readings,
    is_withheld,
)
from bot.domain.record import Metric, Reading, Record
from bot.domain.typed import read_value
from bot.errors import Refused, UserError
from bot.services.access import Actor
from bot.services.digests import next_digest_at
from bot.services.drafts import Drafts
from bot.services.metrics.asks import refresh_figure
from bot.services.metrics.views import place_of, places_of
from bot.store.checkins import DraftRow, SubmissionRow
from bot.store.coalition import CoalitionRow
from bot.store.digests import DigestRow
from bot.store.metrics import MetricRow, ReadingRow

DRAFTS = Drafts("figure", "I don't have this figure anymore. Type it again, or open the form with “update”.")
RESTORED = "Restored: the figure in between was recorded by mistake."


def entry_from(metric: Metric, answers: Mapping[str, str | None]) -> FigureEntry:
    """What a form holds, by field. Raises UserError with the field for what can't be read."""
    value, period_end, reporters = answers.get("value"), answers.get("period_end"), answers.get("reporters")
    note = (answers.get("note") or "").strip() or None
    if value is None:
        raise UserError("Enter the value, such as 48.5.", field="value")
    exactly = read_value(value, metric.unit)
    if period_end is None:
        raise UserError("Choose the last day that the value covers.", field="period_end")
    if reporters is not None and not (reporters.strip().isascii() and reporters.strip().isdigit()):
        raise UserError("Enter how many reported as a whole number, such as 12.", field="reporters")
    if reporters is not None and len(reporters.strip()) > 6:
        raise UserError("That is more than can report. Check it.", field="reporters")
    if note is not None and len(note) > MOST_NOTE:
        raise UserError(f"The note has {len(note)} characters. Keep it to {MOST_NOTE}.", field="note")
    return FigureEntry(
        metric=metric.id,
        value=exactly,
        period_end=_day_of(period_end),
        quality="provisional" if answers.get("quality") == "provisional" else "final",
        reporters=int(reporters) if reporters is not None else None,
        note=note,
    )


def _day_of(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found.year < 1900:
        raise UserError("Choose the last day that the value covers.", field="period_end")
    return found


def known_words(metric: Metric, reading: Reading) -> str:
    return "" if is_withheld(metric, reading) else f", {reading.value:f}"


def draft_query(actor: Actor, token: str) -> Any:
    return select(DraftRow).where(
        DraftRow.coalition_id == actor.coalition_id,
        DraftRow.member_id == actor.member_id,
        DraftRow.subject == DRAFTS.subject(token),
    )


def submission_query(actor: Actor, token: str) -> Any:
    return select(SubmissionRow).where(
        SubmissionRow.coalition_id == actor.coalition_id, SubmissionRow.key == DRAFTS.subject(token)
    )


async def keep_draft(session: AsyncSession, actor: Actor, token: str, proposal: Proposal, now: datetime) -> None:
    if actor.member_id is None:
        raise Refused("A figure is recorded by a person. Open the form in Slack.")
    await DRAFTS.keep(session, actor, token, draft_values(proposal), now)


def draft_values(proposal: Proposal) -> dict[str, Any]:
    return {
        "metric": proposal.metric.id,
        "reading": reading_data(proposal.reading),
        "read_back": read_back(proposal),
    }


def read_back(proposal: Proposal) -> dict[str, Any]:
    """What the person was shown beside their figure: it must still be so when they press."""
    known = proposal.replaces
    return {
        "replaces": None if known is None else [str(known.value), known.quality],
        "unusual": proposal.is_unusual,
    }


def reading_data(reading: Reading) -> dict[str, Any]:
    return {
        "period_start": reading.period_start,
        "period_end": reading.period_end,
        "value": reading.value,
        "quality": reading.quality,
        "recorded_on": reading.recorded_on,
        "reporters": reading.reporters,
        "note": reading.note,
    }


def reading_of(data: Mapping[str, Any]) -> Reading:
    return Reading(**data)


def entry_of(values: Mapping[str, Any]) -> FigureEntry:
    reading = reading_of(values["reading"])
    return FigureEntry(
        metric=values["metric"],
        value=reading.value,
        period_end=reading.period_end,
        quality=reading.quality,
        reporters=reading.reporters,
        note=reading.note,
    )


async def store(
    session: AsyncSession, actor: Actor, record: Record, token: str, proposal: Proposal, now: datetime
) -> FigureSaved:
    """Adds the reading; one that is there is never replaced. Remembers what was answered, for the same press again."""
    metric_id = await session.scalar(
        select(MetricRow.id).where(MetricRow.coalition_id == actor.coalition_id, MetricRow.key == proposal.metric.id)
    )
    session.add(
        ReadingRow(
            coalition_id=actor.coalition_id,
            metric_id=metric_id,
            breakdown=[],
            extra={},
            submission_key=token,
            **reading_data(proposal.reading),
        )
    )
    session.add(
        SubmissionRow(
            coalition_id=actor.coalition_id,
            key=DRAFTS.subject(token),
            values_hash="",
            reply={
                "metric": proposal.metric.id,
                "reading": reading_data(proposal.reading),
                "restated": proposal.is_restatement,
                "by": actor.member_id,
                "undone": False,
                "restored": False,
            },
            created_at=now,
        )
    )
    await session.flush()
    await refresh_figure(session, actor.coalition_id, proposal.metric.id, now)
    state = (await session.get_one(CoalitionRow, actor.coalition_id)).state
    return FigureSaved(
        token=token,
        metric=proposal.metric,
        reading=proposal.reading,
        restated=proposal.is_restatement,
        digest_at=await next_digest_at(session, actor.coalition_id, record, now) if state == "live" else None,
        zone=record.coalition.timezone,
        now=now,
    )


def saved_again(record: Record, done: SubmissionRow, token: str, now: datetime) -> FigureSaved:
    return FigureSaved(
        token=token,
        metric=place_of(places_of(record), done.reply["metric"]).metric,
        reading=reading_of(done.reply["reading"]),
        restated=done.reply["restated"],
        digest_at=None,
        zone=record.coalition.timezone,
        now=now,
        undone=done.reply["undone"],
    )


async def rows_of_period(session: AsyncSession, actor: Actor, metric: str, period_end: date) -> list[ReadingRow]:
    """A period's readings, the one that stands last."""
    rows = await session.scalars(
        select(ReadingRow)
        .join(MetricRow, MetricRow.id == ReadingRow.metric_id)
        .where(
            ReadingRow.coalition_id == actor.coalition_id,
            MetricRow.key == metric,
            ReadingRow.period_end == period_end,
        )
        .order_by(ReadingRow.id)
    )
    return list(rows.all())


async def is_composed_since(session: AsyncSession, actor: Actor, moment: datetime) -> bool:
    """Whether a digest was composed since: what is composed is what is posted, even where the post comes later."""
    found = await session.scalar(
        select(DigestRow.id)
        .where(DigestRow.coalition_id == actor.coalition_id, DigestRow.composed_at >= moment)
        .limit(1)
    )
    return found is not None


def restoring(former: ReadingRow, today: date, key: str) -> ReadingRow:
    return ReadingRow(
        coalition_id=former.coalition_id,
        metric_id=former.metric_id,
        period_start=former.period_start,
        period_end=former.period_end,
        value=former.value,
        quality=former.quality,
        recorded_on=today,
        reporters=former.reporters,
        note=RESTORED,
        breakdown=former.breakdown,
        extra={},
        submission_key=key,
    )


def undone(record: Record, done: SubmissionRow, today: date) -> FigureUndone:
    metric = place_of(places_of(record), done.reply["metric"]).metric
    reading = reading_of(done.reply["reading"])
    current = current_readings(metric, today)
    return FigureUndone(
        metric=metric,
        reading=reading,
        current=next((one for one in current if one.period_end == reading.period_end), None),
        restored=done.reply["restored"],
        today=today,
    )


def hash_of(answers: Mapping[str, str | None]) -> str:
    return hashlib.sha256(json.dumps(dict(sorted(answers.items())), ensure_ascii=False).encode()).hexdigest()[:16]
