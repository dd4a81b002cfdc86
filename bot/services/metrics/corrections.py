"""A figure that its recorder did not mean: taken back on its day, or by the same form sent again with corrections.

Steps for the figures' service, in its transaction. Recording one stands in `drafts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.metrics import without_reading
from bot.domain.packing import unpack
from bot.domain.record import Metric, Reading
from bot.services.access import Actor
from bot.services.metrics.asks import refresh_figure
from bot.services.metrics.drafts import DRAFTS, is_composed_since, rows_of_period
from bot.services.metrics.views import Place
from bot.store.checkins import SubmissionRow
from bot.store.metrics import ReadingRow

BY_MISTAKE = "recorded by mistake"


async def figure_of_form(session: AsyncSession, actor: Actor, token: str) -> SubmissionRow | None:
    """The figure of the day that the same form has recorded with other values, where it stands and nobody has read it.

    A form's tokens are its own key with a mark of what was entered; a typed line has one token of its own.
    """
    form, mark, _ = token.rpartition(":")
    if not mark:
        return None
    found: Sequence[SubmissionRow] = (
        await session.scalars(
            select(SubmissionRow)
            .where(
                SubmissionRow.coalition_id == actor.coalition_id,
                SubmissionRow.key.startswith(DRAFTS.subject(f"{form}:"), autoescape=True),
                SubmissionRow.key != DRAFTS.subject(token),
            )
            .order_by(SubmissionRow.id.desc())
        )
    ).all()
    done = next((one for one in found if not one.reply["undone"] and one.reply["by"] == actor.member_id), None)
    if done is None or await is_composed_since(session, actor, done.created_at):
        return None
    rows = await rows_of_period(session, actor, done.reply["metric"], unpack(Reading, done.reply["reading"]).period_end)
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


async def take_out_former(session: AsyncSession, actor: Actor, done: SubmissionRow | None, now: datetime) -> None:
    """The figure that a form recorded first, out of the way of its correction."""
    if done is None:
        return
    rows = await rows_of_period(session, actor, done.reply["metric"], unpack(Reading, done.reply["reading"]).period_end)
    await take_out(session, rows[-1])
    await refresh_figure(session, actor.coalition_id, done.reply["metric"], now)
    done.reply = {**done.reply, "undone": True}
