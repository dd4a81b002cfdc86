"""Which series a metric follows: its form, and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.metrics import find_metric
from bot.domain.record import Record
from bot.domain.series import (
    SeriesForm,
    SeriesSaved,
    read_series,
    series_lines,
    series_of,
    series_plan,
    series_value_words,
)
from bot.domain.typed import Marks, edit_of, refuse_clashes
from bot.services.access import Actor, ByActor, Service, locked_row
from bot.services.drafts import keep_sent, sent_before
from bot.services.metrics import GONE, place_of, places_of, require_recorder
from bot.store.metrics import MetricRow


class SeriesPlans(Service):
    """Use cases around which series a metric follows. Whoever records its figures says so."""

    async def form(self, actor: Actor, typed: str) -> SeriesForm:
        """The form of a metric's series, by its name or id. Raises UnknownFigure where none or several are meant."""
        record = await self.read_record(actor, to_change=True)
        places = places_of(record)
        place = place_of(places, find_metric(typed, [one.metric for one in places]).id)
        require_recorder(actor, record, place, "seriesplans.form")
        return SeriesForm(
            metric=place.metric,
            plan=series_plan(place.metric),
            steward_name=_name_of(record, place.metric.steward),
            fetches=self.database.fetches,
        )

    async def edit(
        self, actor: Actor, key: str, metric: str, opened: Marks, answers: Mapping[str, str | None]
    ) -> SeriesSaved:
        """Changes it, or takes it away; `opened` are the marks that the form was opened with. Raises Mistakes."""
        async with self.writing(actor) as tx:
            row = await locked_row(tx, MetricRow, metric, GONE)
            tx = await tx.read()
            place = place_of(places_of(tx.record), row.key)
            require_recorder(actor, tx.record, place, "seriesplans.edit")
            typed = read_series(answers)
            sent = await sent_before(tx, f"series:{key}")
            before = series_plan(place.metric)
            if sent is not None and sent.is_same(typed):
                return SeriesSaved(metric=place.metric, lines=tuple(sent.reply["lines"]), fetches=self.database.fetches)
            edit = edit_of(sent.marks if sent is not None else opened, before, typed)
            refuse_clashes(edit.clashes, lambda name: series_value_words(name, before))
            # What two people changed may fit together no more: the whole has to be sound.
            changed = read_series(_as_answers({**before, **edit.changes}))
            after = replace(place.metric, series=series_of(changed, place.metric.series))
            lines = series_lines(before, series_plan(after))
            if lines:
                await tx.writer().put(after, place.metric, row=row)
            await _remember(tx, key, lines, typed)
            return SeriesSaved(metric=after, lines=lines, fetches=self.database.fetches)


def _as_answers(plan: Mapping[str, object]) -> dict[str, str | None]:
    """A plan as the form would say it."""
    said: dict[str, str | None] = {}
    for name, value in plan.items():
        if isinstance(value, bool):
            said[name] = "yes" if value else "no"
        else:
            said[name] = None if value is None else str(value)
    return {**said, "provider": said["provider"] or "none"}


async def _remember(tx: ByActor, key: str, lines: tuple[str, ...], typed: Mapping[str, object]) -> None:
    await keep_sent(tx, f"series:{key}", {"lines": list(lines)}, typed)


def _name_of(record: Record, member: str) -> str:
    return next((one.name for one in record.members if one.id == member), "the steward")
