"""Looks at series: which are due, one claimed at a time, and what is made of what was found.

Nothing is fetched here: a look is claimed in one transaction, somebody reads the series, and what came of it is settled
in another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Calendar
from bot.domain.metrics import Found, due_on, found_in, looked_at_since, standing
from bot.domain.outbox import Item
from bot.domain.record import Metric
from bot.domain.rhythm import to_utc
from bot.domain.rights import CLOCK
from bot.domain.series import (
    HOUR,
    MOST_QUIET_FAILURES,
    AboutProposal,
    Look,
    Observation,
    Outcome,
    ProposalState,
    SeriesTrouble,
    next_look,
    proposal_about,
    series_key,
    series_name,
    trouble_about,
)
from bot.services.access import Actor, OnRecord, Service, Transaction
from bot.services.metrics import places_of, refresh_figure, store
from bot.services.outbox import offer
from bot.services.series.proposals import newest_of_period, token_of
from bot.store.audit import Author
from bot.store.base import id_of
from bot.store.coalition import CoalitionRow
from bot.store.database import Database, elapsed_now
from bot.store.metrics import MetricRow
from bot.store.people import MemberRow
from bot.store.series import SeriesProposalRow, SeriesStateRow

# Elapsed seconds for which a look is somebody's: longer than reading any series takes.
LEASE = 180.0
# For so long a value that was found is worth a message; it stays in Home.
_OF_USE = timedelta(days=14)
Due = tuple[int, int]  # coalition and metric


class SeriesLooks(Service):
    """Use cases around looking. `owner` names this process in leases."""

    def __init__(self, database: Database, calendar: Calendar, owner: str) -> None:
        super().__init__(database, calendar)
        self._owner = owner

    async def due(self) -> Sequence[Due]:
        """The looks that are to be taken now, of every live coalition."""
        now = self.calendar.now()
        rows = await self.database.ask(_FOLLOWED, {})
        return [
            (row.coalition_id, row.id)
            for row in rows
            # Another series begins anew.
            if row.next_at is None or row.next_at <= now or row.series != _key_in(row)
        ]

    async def claim(self, coalition_id: int, metric_id: int) -> Look | None:
        """Takes one of them; None where another process has it, or there is nothing to look at any more."""
        now = self.calendar.now()
        author = Author(at=now, path="series", coalition_id=coalition_id)
        async with self.database.write(author) as session:
            # Of two processes the second one waits here, and finds what the first one wrote.
            row = await session.scalar(
                select(MetricRow).filter_by(coalition_id=coalition_id, id=metric_id).with_for_update()
            )
            if row is None:
                return None
            tx = await Transaction(session, coalition_id, now).read()
            metric = await _followed(tx, metric_id)
            state = await _state_of(session, coalition_id, metric_id)
            if state is None:
                state = SeriesStateRow(coalition_id=coalition_id, metric_id=metric_id, series="", failures=0)
                session.add(state)
            if state.series != _key_in(row):
                state.series, state.next_at = _key_in(row), None
                state.outcome = state.trouble = state.told = state.looked_at = None
                state.failures = 0
            if metric is None or metric.series is None:
                state.next_at = _at(tx, tx.today + timedelta(days=1))
                return None
            if state.next_at is not None and state.next_at > now:
                return None
            await session.flush()
            taken = await session.scalar(
                update(SeriesStateRow)
                .where(SeriesStateRow.id == state.id, _is_free())
                .values(lease_owner=self._owner, lease_until=elapsed_now() + LEASE)
                .returning(SeriesStateRow.id)
            )
            if taken is None:
                return None
            return Look(
                coalition_id=coalition_id,
                metric_id=metric_id,
                metric=metric.id,
                series=metric.series,
                unit=metric.unit,
                frequency=metric.frequency or "quarterly",
                since=looked_at_since(metric, tx.today),
                today=tx.today,
                locale=tx.record.coalition.locale,
            )

    async def settle(self, look: Look, found: Sequence[Observation] | SeriesTrouble) -> Outcome | None:
        """Keeps what came of a look: what is new is proposed to the steward, or recorded where they said so, and what
        went wrong is told once. None where the look is nobody's business any more."""
        now = self.calendar.now()
        author = Author(at=now, path="series", coalition_id=look.coalition_id)
        async with self.database.write(author) as session:
            # Whoever records a figure of this metric waits, or is waited for.
            await session.execute(select(MetricRow.id).where(MetricRow.id == look.metric_id).with_for_update())
            tx = await Transaction(session, look.coalition_id, now).read()
            state = await _state_of(session, look.coalition_id, look.metric_id)
            if state is None or state.lease_owner != self._owner:
                return None
            state.lease_owner = state.lease_until = None
            metric = await _followed(tx, look.metric_id)
            if metric is None or metric.series is None or series_key(metric.series) != series_key(look.series):
                state.next_at = None
                return None
            try:
                if isinstance(found, SeriesTrouble):
                    raise found
                outcome = await _take_in(tx, look, metric, found_in(metric, found, tx.today, tx.today))
            except SeriesTrouble as trouble:
                await _note_trouble(tx, state, metric, trouble)
                outcome = Outcome.TROUBLE
            else:
                state.trouble = state.told = None
                state.failures = 0
            state.looked_at, state.outcome = now, outcome
            # With what was recorded by itself another figure is the next one.
            metric = await _followed(await tx.read(), look.metric_id) or metric
            went_well = outcome is not Outcome.TROUBLE
            on = next_look(
                metric.series or look.series, due_on(standing(metric, tx.today)), tx.today, went_well=went_well
            )
            state.next_at = _at(tx, on)
            return outcome


async def _take_in(tx: OnRecord, look: Look, metric: Metric, found: Sequence[Found]) -> Outcome:
    """Proposes what is new, or records it. The same value is never proposed twice in a row for a period."""
    assert metric.series is not None
    steward_id = await id_of(tx.session, MemberRow, tx.coalition_id, metric.steward)
    outcome = Outcome.NOTHING_NEW
    for one in found:
        seen = one.observation
        before = await newest_of_period(tx, look.metric_id, seen.period_end)
        if before is not None and (before.value, before.quality) == (seen.value, seen.quality):
            continue
        row = SeriesProposalRow(
            coalition_id=tx.coalition_id,
            metric_id=look.metric_id,
            period_end=seen.period_end,
            value=seen.value,
            before=one.proposal.replaces.value if one.proposal is not None and one.proposal.replaces else None,
            quality=seen.quality,
            series=series_name(metric.series),
            vintage=seen.vintage,
            seen_on=tx.today,
            state=ProposalState.OPEN,
        )
        tx.session.add(row)
        await tx.session.flush()
        by_itself = metric.series.record_by_itself and one.may_go_by_itself and steward_id is not None
        if by_itself and one.proposal is not None:
            row.state = ProposalState.RECORDED
            actor = Actor(coalition_id=tx.coalition_id, standing=CLOCK, path="series")
            await store(tx.by(actor), token_of(row), one.proposal, steward_id=steward_id)
            outcome = Outcome.RECORDED
        elif outcome is Outcome.NOTHING_NEW:
            outcome = Outcome.PROPOSED
        if steward_id is not None:
            await offer(
                tx,
                steward_id,
                Item.SERIES_RECORDED if by_itself else Item.SERIES_PROPOSED,
                proposal_about(AboutProposal(metric.id, seen.period_end, seen.value)),
                until=tx.now + _OF_USE,
            )
        if before is not None:
            await refresh_figure(tx, metric.id)
    return outcome


async def _note_trouble(tx: OnRecord, state: SeriesStateRow, metric: Metric, trouble: SeriesTrouble) -> None:
    """Keeps it, and tells the steward once; of what passes by itself only when it doesn't."""
    state.trouble = trouble.message
    state.failures += 1
    if state.told == trouble.message or (trouble.passes and state.failures <= MOST_QUIET_FAILURES):
        return
    state.told = trouble.message
    steward_id = await id_of(tx.session, MemberRow, tx.coalition_id, metric.steward)
    if steward_id is not None:
        await offer(tx, steward_id, Item.SERIES_TROUBLE, trouble_about(metric.id, tx.today), until=tx.now + _OF_USE)


async def _state_of(session: AsyncSession, coalition_id: int, metric_id: int) -> SeriesStateRow | None:
    found: SeriesStateRow | None = await session.scalar(
        select(SeriesStateRow).filter_by(coalition_id=coalition_id, metric_id=metric_id).with_for_update()
    )
    return found


async def _followed(tx: OnRecord, metric_id: int) -> Metric | None:
    """The metric of a row, where it is asked for at all and its priority doesn't rest."""
    key = await tx.session.scalar(select(MetricRow.key).where(tx.owns(MetricRow), MetricRow.id == metric_id))
    return next(
        (
            one.metric
            for one in places_of(tx.record)
            if one.metric.id == key and (one.priority is None or not one.priority.rests)
        ),
        None,
    )


def _at(tx: OnRecord, on: date) -> datetime:
    """The moment of a day at which series are looked at."""
    return to_utc(datetime.combine(on, HOUR), tx.record.coalition.timezone)


_NAMES = ("provider", "address", "period_column", "value_column")


def _key_in(row: object) -> str:
    return "\n".join(getattr(row, f"series_{name}") or "" for name in _NAMES)


def _is_free() -> ColumnElement[bool]:
    return or_(SeriesStateRow.lease_until.is_(None), SeriesStateRow.lease_until <= elapsed_now())


# A few rows, however many coalitions there are: those that follow a series.
_FOLLOWED = (
    select(
        MetricRow.coalition_id,
        MetricRow.id,
        *(getattr(MetricRow, f"series_{name}") for name in _NAMES),
        SeriesStateRow.series,
        SeriesStateRow.next_at,
    )
    .join(CoalitionRow, CoalitionRow.id == MetricRow.coalition_id)
    .outerjoin(SeriesStateRow, SeriesStateRow.metric_id == MetricRow.id)
    .where(CoalitionRow.is_live, MetricRow.series_provider.is_not(None), _is_free())
    .order_by(MetricRow.coalition_id, MetricRow.id)
)
