"""Metrics as people meet them, on screen "figures": a card, mine, and recording one, once however often it arrives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import uuid4

from sqlalchemy import select

from bot.domain.checkins import forecasts_of
from bot.domain.endings import end_of
from bot.domain.metrics import (
    FigureCard,
    FigureDraft,
    FigureEntry,
    FigureForm,
    FigureList,
    FigureSaved,
    FigureUndone,
    KeptFigure,
    current_readings,
    find_metric,
    is_withheld,
    kept_figure,
    known_words,
    propose,
    read_entry,
    read_figure,
    restatements,
    restored,
    suggest_period_end,
)
from bot.domain.packing import pack, unpack
from bot.domain.record import Noun, Reading, Record, in_common
from bot.domain.rights import Right
from bot.errors import Refused, UserError
from bot.services.access import Actor, Service
from bot.services.metrics.asks import refresh_figure
from bot.services.metrics.drafts import (
    DRAFTS,
    figure_of_form,
    hash_of,
    is_composed_since,
    keep_draft,
    rows_of_period,
    saved_again,
    store,
    submission_query,
    take_out,
    take_out_former,
    undone,
    without_figure,
)
from bot.services.metrics.series import read_series_line
from bot.services.metrics.views import (
    due_first,
    may_read,
    may_record,
    mine_and_due_first,
    place_of,
    places_of,
    refusal_words,
    require_reader,
    require_recorder,
    row_of,
    today_in,
)
from bot.store.metrics import MetricRow
from bot.store.record import value_of

MOST_EARLIER = 6


class Metrics(Service):
    """Use cases around metrics and their readings.

    A figure is kept as a draft from the moment it is read back until it is recorded, so that a button carries nothing
    but the draft's token. The token is the reading's submission key: the same press again finds what it did.
    """

    async def card(self, actor: Actor, typed: str, *, whole: bool = False) -> FigureCard:
        """A metric by its id, name or an unambiguous beginning; `whole`: only by all of its id or name.

        Raises UnknownFigure where none or several are meant, Refused for somebody who may not read it.
        """
        async with self.reading(actor) as tx:
            record = tx.record
            places = places_of(record)
            metric = find_metric(typed, [one.metric for one in places], whole=whole)
            place = place_of(places, metric.id)
            require_reader(actor, record, place, "metrics.card")
            series = await read_series_line(tx, place.metric)
        today = self._today(record)
        row = row_of(actor, record, place, today)
        latest = row.standing.latest
        earlier = [one for one in reversed(current_readings(metric, today)) if one != latest]
        return FigureCard(
            row=row,
            restatements=tuple(reversed(restatements(metric, today))),
            earlier=tuple(
                (one.period_end, None if is_withheld(metric, one) else one.value) for one in earlier[:MOST_EARLIER]
            ),
            today=today,
            # Whoever forecasts may know the figure that is withheld.
            forecasts=forecasts_of(record, place.priority, metric.id, today)
            if place.priority is not None and not row.standing.withheld
            else (),
            end=end_of(actor.standing, record, Noun.METRIC, metric),
            series=series,
            fetches=self.database.fetches,
        )

    async def mine(self, actor: Actor, *, everything: bool = False, priority: str | None = None) -> FigureList:
        """The figures that this person is steward of, due ones first; `everything`: all that they may read, of one
        `priority` where it is given."""
        record = await self.read_record(actor, "metrics.mine")
        today = self._today(record)
        readable = [one for one in places_of(record) if may_read(actor, one, "metrics.card")]
        rows = [row_of(actor, record, one, today) for one in readable]
        about = next((one for one in record.priorities if one.id == priority), None)
        shown = [
            row
            for row, place in zip(rows, readable, strict=True)
            if (everything or row.is_mine) and (priority is None or place.priority is about)
        ]
        # Nothing of one's own is no reason to show nothing.
        has_none_of_own = not everything and not shown and priority is None
        if has_none_of_own:
            shown, everything = rows, True
        return FigureList(
            rows=tuple(sorted(shown, key=due_first)),
            readable=len(rows),
            is_everything=everything,
            today=today,
            may_record=any(row.may_record for row in rows),
            may_add=actor.standing.may(Right.EDIT_PRIORITY),
            has_none_of_own=has_none_of_own,
            of=about.name if about is not None else None,
        )

    async def form(self, actor: Actor, *, metric: str | None = None, token: str | None = None) -> FigureForm:
        """What "Update a figure" offers: yours first, due ones first among them; filled with a draft's values."""
        async with self.reading(actor, to_change=True) as tx:
            draft = await DRAFTS.find(tx, token) if token is not None else None
        today = self._today(tx.record)
        places = [one for one in places_of(tx.record) if may_record(actor, one, "metrics.form")]
        if not places:
            raise Refused(refusal_words(tx.record, None))
        entry = unpack(KeptFigure, draft.values).entry if draft is not None else None
        wanted = entry.metric if entry is not None else metric
        if wanted is not None:
            chosen_place = place_of(places_of(tx.record), wanted)
            require_recorder(actor, tx.record, chosen_place, "metrics.form")
        rows = sorted((row_of(actor, tx.record, one, today) for one in places), key=mine_and_due_first)
        chosen = next((row for row in rows if row.metric.id == wanted), None)
        return FigureForm(
            rows=tuple(rows),
            chosen=chosen,
            entry=entry,
            suggested_end=suggest_period_end(chosen.metric, today) if chosen is not None else None,
            today=today,
        )

    async def draft(self, actor: Actor, line: str) -> FigureDraft:
        """What a typed line would be; nothing is recorded. Raises UserError with what to mend."""
        async with self.changing(actor) as tx:
            today = self._today(tx.record)
            places = places_of(tx.record)
            read = read_figure(line, [one.metric for one in places], today)
            place = place_of(places, read.metric.id)
            require_recorder(actor, tx.record, place, "metrics.draft")
            entry = FigureEntry(
                metric=read.metric.id,
                **in_common(FigureEntry, read, "metric"),
            )
            proposal = propose(place.metric, entry, today)
            token = uuid4().hex
            await keep_draft(tx, token, proposal)
            return FigureDraft(token=token, proposal=proposal, today=today)

    async def submit(self, actor: Actor, key: str, answers: Mapping[str, str | None]) -> FigureDraft | FigureSaved:
        """Records what the form says; what is unusual or replaces a figure comes back as a draft to confirm.

        `key` identifies the form as it was opened. Raises UserError with its field for what has to be mended.
        """
        token = f"{key}:{hash_of(answers)}"
        async with self.writing(actor) as tx:
            done = await tx.session.scalar(submission_query(actor, token))
            tx = await tx.read()
            if done is not None:
                return saved_again(tx.record, done, token, tx.now)
            today = self._today(tx.record)
            metric = answers.get("metric")
            if metric is None:
                raise UserError("Choose the figure.", field="metric")
            place = place_of(places_of(tx.record), metric)
            require_recorder(actor, tx.record, place, "metrics.submit")
            entry = read_entry(place.metric, answers)
            # The same form with corrections: its first figure gives way.
            former = await figure_of_form(tx, token)
            proposal = propose(without_figure(place, former), entry, today)
            if proposal.needs_note:
                known = known_words(proposal)
                raise UserError(f"There is a figure for this day{known}. Say why it changes.", field="note")
            if proposal.needs_confirming:
                await keep_draft(tx, token, proposal)
                return FigureDraft(token=token, proposal=proposal, today=today)
            await take_out_former(tx, former)
            return await store(tx, token, proposal)

    async def record(self, actor: Actor, token: str) -> FigureDraft | FigureSaved:
        """Records a draft. The same press again gets the same answer.

        A draft comes back, to be confirmed anew, where the figures have changed since it was read back.
        """
        async with self.writing(actor) as tx:
            draft = await DRAFTS.find(tx, token, lock=True)
            done = await tx.session.scalar(submission_query(actor, token))
            if done is not None:
                return saved_again(await tx.read_present(), done, token, tx.now)
            if draft is None:
                raise UserError(DRAFTS.gone)
            kept = unpack(KeptFigure, draft.values)
            entry = kept.entry
            # Two people may be recording the same period: the second one sees what the first one did.
            await tx.session.execute(
                select(MetricRow.id).filter_by(coalition_id=actor.coalition_id, key=entry.metric).with_for_update()
            )
            tx = await tx.read()
            place = place_of(places_of(tx.record), entry.metric)
            require_recorder(actor, tx.record, place, "metrics.record")
            former = await figure_of_form(tx, token)
            proposal = propose(without_figure(place, former), entry, self._today(tx.record))
            if proposal.needs_note:
                raise UserError("There is a figure for this day. Say why it changes, with “note …”.", field="note")
            if kept.read_back != kept_figure(proposal).read_back:
                draft.values = pack(kept_figure(proposal))
                return FigureDraft(token=token, proposal=proposal, today=self._today(tx.record))
            await take_out_former(tx, former)
            saved = await store(tx, token, proposal)
            await tx.session.delete(draft)
            return saved

    async def undo(self, actor: Actor, token: str) -> FigureUndone:
        """Takes back a figure that its recorder entered by mistake, on the day it was recorded.

        Until a digest has shown it, the reading leaves the list under the audit trail: the trail keeps its insert, the
        reason and its removal, a look at an earlier moment shows it, and from now on the former figure stands, so that
        no digest tells of a restatement that nobody meant. Once a digest has shown it, it is not taken out of the
        readers' sight: a reading of its own restores the former figure, which the next digest tells as a restatement;
        where there was none, the person is asked for the right figure instead.
        """
        async with self.writing(actor) as tx:
            done = await tx.session.scalar(submission_query(actor, token).with_for_update())
            if done is None:
                raise UserError(DRAFTS.gone)
            tx = await tx.read()
            today = self._today(tx.record)
            place = place_of(places_of(tx.record), done.reply["metric"])
            reading = unpack(Reading, done.reply["reading"])
            require_recorder(actor, tx.record, place, "metrics.undo")
            if done.reply["by"] != actor.member_id:
                raise Refused(
                    "Only the person who recorded a figure can undo it. Enter the right figure instead: both are kept."
                )
            if done.reply["undone"]:
                return undone(tx.record, done, today)
            # Of one that was recorded by itself they may read on a later day.
            if reading.recorded_on != today and not done.reply.get("by_itself"):
                raise UserError("A figure can be undone on its own day. Enter the right figure instead: both are kept.")
            rows = await rows_of_period(tx, place.metric.id, reading.period_end)
            if not rows or rows[-1].submission_key != token:
                raise UserError("There is a newer figure for this day. Enter the right figure instead: both are kept.")
            row, former = rows[-1], rows[-2] if len(rows) > 1 else None
            is_public = await is_composed_since(tx, done.created_at)
            if is_public and former is None:
                raise UserError("A digest has shown this figure. Enter the right one instead: both are kept.")
            if is_public and former is not None:
                again = restored(value_of(former), today)
                await tx.writer().put_new(again, metric_id=former.metric_id, submission_key=f"undo:{token}")
            else:
                await take_out(tx.session, row)
            await tx.session.flush()
            await refresh_figure(tx, place.metric.id)
            done.reply = {**done.reply, "undone": True, "restored": is_public}
            return undone(await tx.read_present(), done, today)

    def _today(self, record: Record) -> date:
        return today_in(record, self.calendar.now())
