"""Figures between being typed and being recorded: drafts, what a form holds, storing one and finding it again, and
taking back one that its recorder did not mean, on its day or by the same form sent again with corrections."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.metrics import (
    FigureSaved,
    FigureUndone,
    Proposal,
    current_readings,
    kept_figure,
    without_reading,
)
from bot.domain.packing import pack, unpack
from bot.domain.record import Metric, Reading, Record
from bot.domain.vocabularies import CoalitionState
from bot.errors import Refused
from bot.services.access import Actor, ByActor, UseCase
from bot.services.digests import next_digest_at
from bot.services.drafts import Drafts
from bot.services.metrics.asks import refresh_figure
from bot.services.metrics.views import Place, place_of, places_of
from bot.store.checkins import SubmissionRow
from bot.store.coalition import CoalitionRow
from bot.store.digests import DigestRow
from bot.store.metrics import MetricRow, ReadingRow
from bot.store.record import Pointer

DRAFTS = Drafts("figure", "I don't have this figure anymore. Type it again, or open the form with “update”.")


def submission_query(actor: Actor, token: str) -> Select[SubmissionRow]:
    return select(SubmissionRow).filter_by(coalition_id=actor.coalition_id, key=DRAFTS.subject(token))


async def keep_draft(tx: ByActor, token: str, proposal: Proposal) -> None:
    if tx.actor.member_id is None:
        raise Refused("A figure is recorded by a person. Open the form in Slack.")
    await DRAFTS.keep(tx, token, kept_figure(proposal))


async def store(tx: UseCase, token: str, proposal: Proposal, *, steward_id: int | None = None) -> FigureSaved:
    """Adds the reading; one that is there is never replaced. Remembers what was answered, for the same press again.

    `steward_id`: nobody pressed, a series brought it, and this person may take it back as if they had.
    """
    await tx.writer().put_new(proposal.reading, metric_id=Pointer("metrics", proposal.metric.id), submission_key=token)
    tx.session.add(
        SubmissionRow(
            coalition_id=tx.coalition_id,
            key=DRAFTS.subject(token),
            values_hash="",
            reply={
                "metric": proposal.metric.id,
                "reading": pack(proposal.reading),
                "restated": proposal.is_restatement,
                "by": steward_id if steward_id is not None else tx.actor.member_id,
                "by_itself": steward_id is not None,
                "undone": False,
                "restored": False,
            },
            created_at=tx.now,
        )
    )
    await tx.session.flush()
    await refresh_figure(tx, proposal.metric.id)
    state = (await tx.session.get_one(CoalitionRow, tx.coalition_id)).state
    return FigureSaved(
        token=token,
        metric=proposal.metric,
        reading=proposal.reading,
        restated=proposal.is_restatement,
        digest_at=await next_digest_at(tx) if state == CoalitionState.LIVE else None,
        zone=tx.record.coalition.timezone,
        now=tx.now,
    )


def saved_again(record: Record, done: SubmissionRow, token: str, now: datetime) -> FigureSaved:
    return FigureSaved(
        token=token,
        metric=place_of(places_of(record), done.reply["metric"]).metric,
        reading=unpack(Reading, done.reply["reading"]),
        restated=done.reply["restated"],
        digest_at=None,
        zone=record.coalition.timezone,
        now=now,
        undone=done.reply["undone"],
    )


async def rows_of_period(tx: ByActor, metric: str, period_end: date) -> list[ReadingRow]:
    """A period's readings, the one that stands last."""
    rows = await tx.session.scalars(
        select(ReadingRow)
        .join(MetricRow, MetricRow.id == ReadingRow.metric_id)
        .where(tx.owns(ReadingRow), MetricRow.key == metric, ReadingRow.period_end == period_end)
        .order_by(ReadingRow.id)
    )
    return list(rows.all())


async def is_composed_since(tx: ByActor, moment: datetime) -> bool:
    """Whether a digest was composed since: what is composed is what is posted, even where the post comes later."""
    found = await tx.session.scalar(
        select(DigestRow.id).where(tx.owns(DigestRow), DigestRow.composed_at >= moment).limit(1)
    )
    return found is not None


def undone(record: Record, done: SubmissionRow, today: date) -> FigureUndone:
    metric = place_of(places_of(record), done.reply["metric"]).metric
    reading = unpack(Reading, done.reply["reading"])
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


BY_MISTAKE = "recorded by mistake"


async def figure_of_form(tx: ByActor, token: str) -> SubmissionRow | None:
    """The figure of the day that the same form has recorded with other values, where it stands and nobody has read it.

    A form's tokens are its own key with a mark of what was entered; a typed line has one token of its own.
    """
    form, mark, _ = token.rpartition(":")
    if not mark:
        return None
    found: Sequence[SubmissionRow] = await tx.values(
        select(SubmissionRow)
        .where(
            tx.owns(SubmissionRow),
            SubmissionRow.key.startswith(DRAFTS.subject(f"{form}:"), autoescape=True),
            SubmissionRow.key != DRAFTS.subject(token),
        )
        .order_by(SubmissionRow.id.desc())
    )
    done = next((one for one in found if not one.reply["undone"] and one.reply["by"] == tx.actor.member_id), None)
    if done is None or await is_composed_since(tx, done.created_at):
        return None
    rows = await rows_of_period(tx, done.reply["metric"], unpack(Reading, done.reply["reading"]).period_end)
    return done if rows and DRAFTS.subject(str(rows[-1].submission_key)) == done.key else None


def without_figure(place: Place, done: SubmissionRow | None) -> Metric:
    """A metric as it was before the same form recorded its first figure."""
    if done is None or done.reply["metric"] != place.metric.id:
        return place.metric
    return without_reading(place.metric, unpack(Reading, done.reply["reading"]))


async def take_out(session: AsyncSession, row: ReadingRow) -> None:
    """A reading that nobody meant leaves the list, under the audit trail."""
    # The trail keeps no words but the row's own: the reason goes into the row before the row goes.
    row.extra = {**row.extra, "removed": BY_MISTAKE}
    await session.flush()
    await session.delete(row)
    await session.flush()


async def take_out_former(tx: ByActor, done: SubmissionRow | None) -> None:
    """The figure that a form recorded first, out of the way of its correction."""
    if done is None:
        return
    rows = await rows_of_period(tx, done.reply["metric"], unpack(Reading, done.reply["reading"]).period_end)
    await take_out(tx.session, rows[-1])
    await refresh_figure(tx, done.reply["metric"])
    done.reply = {**done.reply, "undone": True}
