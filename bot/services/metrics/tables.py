"""Figures that come as a table: looked at, then recorded together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.metrics import FigureTable, TableLine, read_table
from bot.domain.record import Metric, Record
from bot.errors import Refused
from bot.services.access import Actor, Service, one_at_a_time
from bot.services.metrics.asks import refresh_figure
from bot.services.metrics.views import may_record, may_record_any, places_of, refusal_words, today_in
from bot.store.record import Pointer


class FigureTables(Service):
    """Use cases around tables of figures."""

    async def check(self, actor: Actor, lines: Sequence[TableLine]) -> FigureTable:
        """What the lines would be, with every problem. Nothing is recorded. Raises Refused for who records nothing."""
        async with self.reading(actor, to_change=True) as tx:
            _require(actor, tx.record)
            return _read(actor, tx.record, lines, today_in(tx.record, tx.now))

    async def record(self, actor: Actor, lines: Sequence[TableLine]) -> FigureTable:
        """Records them all, or none where one has a problem. The same again says that everything is known already."""
        async with self.writing(actor) as tx:
            await one_at_a_time(tx)
            tx = await tx.read()
            _require(actor, tx.record)
            table = _read(actor, tx.record, lines, today_in(tx.record, tx.now))
            if table.problems:
                return table
            writer = tx.writer()
            for one in table.figures:
                metric = one.proposal.metric
                await writer.put_new(one.proposal.reading, metric_id=Pointer("metrics", metric.id))
            await tx.session.flush()
            for key in dict.fromkeys(one.proposal.metric.id for one in table.figures):
                await refresh_figure(tx, key)
            return table


def _require(actor: Actor, record: Record) -> None:
    if not may_record_any(actor):
        raise Refused(refusal_words(record, None))


def _read(actor: Actor, record: Record, lines: Sequence[TableLine], today: date) -> FigureTable:
    places = {place.metric.id: place for place in places_of(record)}

    def refuse(metric: Metric) -> str | None:
        place = places[metric.id]
        return None if may_record(actor, place, "figuretables.record") else refusal_words(record, place)

    return read_table(lines, [place.metric for place in places.values()], refuse, today)
