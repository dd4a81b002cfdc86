"""What a steward says to a value that a series has: it is recorded, changed in the form, or left out."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from bot.domain.metrics import FigureDraft, FigureSaved, KeptFigure, ShownBeside
from bot.domain.record import Reading
from bot.domain.series import ProposalState, SeriesNews, note_words, read_proposal_about
from bot.errors import UserError
from bot.services.access import Actor, ByActor, Service, UseCase
from bot.services.metrics import (
    DRAFTS,
    Place,
    keep_draft,
    place_of,
    places_of,
    refresh_figure,
    require_recorder,
    saved_again,
    store,
    submission_query,
)
from bot.services.series.proposals import find_proposal, news_of, proposed, token_of
from bot.store.metrics import MetricRow
from bot.store.series import SeriesProposalRow

GONE = "I don't have this value any more. “metric update” records a figure."
CHANGED = "The series has another value for this period by now. It is in your messages and in Home."


class SeriesAnswers(Service):
    """Use cases around values that were found. `about` names one as its buttons do."""

    async def record(self, actor: Actor, about: str) -> FigureSaved | FigureDraft:
        """Records it as its person's own figure. What is unusual comes back as a draft to confirm, and the same press
        again gets the same answer."""
        async with self.writing(actor) as tx:
            asked = read_proposal_about(about)
            await _lock(tx, asked.metric)
            tx = await tx.read()
            place, row, is_newest = await _found(tx, about, "seriesanswers.record")
            token = token_of(row)
            done = await tx.session.scalar(submission_query(actor, token))
            if done is not None:
                return saved_again(tx.record, done, token, tx.now)
            if not is_newest:
                raise UserError(CHANGED)
            proposal = proposed(place.metric, row, tx.today)
            if proposal.is_unusual:
                await keep_draft(tx, token, proposal)
                return FigureDraft(token=token, proposal=proposal, today=tx.today)
            return await store(tx, token, proposal)

    async def change(self, actor: Actor, about: str) -> str:
        """Keeps it as a draft for the form, under the token that is returned."""
        async with self.changing(actor) as tx:
            place, row, _is_newest = await _found(tx, about, "seriesanswers.change")
            token = uuid4().hex
            reading = Reading(
                period_end=row.period_end,
                value=row.value,
                quality=row.quality,
                note=note_words(row.series, row.vintage, row.seen_on),
            )
            # The form reads it back by itself, beside what there is by then.
            await DRAFTS.keep(tx, token, KeptFigure(place.metric.id, reading, ShownBeside(None, False)))
            return token

    async def decline(self, actor: Actor, about: str) -> SeriesNews:
        """Leaves it out: the same value isn't proposed again for its period."""
        async with self.writing(actor) as tx:
            asked = read_proposal_about(about)
            await _lock(tx, asked.metric)
            tx = await tx.read()
            place, row, is_newest = await _found(tx, about, "seriesanswers.decline")
            news = news_of(place.metric, row, tx.today, is_newest=is_newest)
            if not news.is_settled:
                row.state = ProposalState.DECLINED
                row.answered_by_id, row.answered_at = actor.member_id, tx.now
                await tx.session.flush()
                await refresh_figure(tx, place.metric.id)
            return news_of(place.metric, row, tx.today, is_newest=is_newest)


async def _lock(tx: ByActor, metric: str) -> None:
    """Two people may say something to the same value: the second one sees what the first one did."""
    await tx.session.execute(select(MetricRow.id).where(tx.owns(MetricRow), MetricRow.key == metric).with_for_update())


async def _found(tx: UseCase, about: str, method: str) -> tuple[Place, SeriesProposalRow, bool]:
    """The value that is meant. Raises UserError where it is gone, Refused for who records none of this figure."""
    asked = read_proposal_about(about)
    place = place_of(places_of(tx.record), asked.metric)
    require_recorder(tx.actor, tx.record, place, method)
    found = await find_proposal(tx, asked)
    if found is None:
        raise UserError(GONE)
    return place, *found
