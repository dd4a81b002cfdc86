"""Every IANA zone from 2024 on: each slot opens exactly once, later by the gap where clocks skip it.

What is expected comes from a table of each zone's clock changes, found by asking only what clocks show at a moment;
how Python reads a wall time that is skipped or shown twice is what is under test, so it is not used here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.domain.record import Cadence
from bot.domain.rhythm import (
    latest_occurrence,
    next_occurrence,
    occurrences,
    occurrences_between,
    to_local,
    to_utc,
    window,
)
from tests.examples import part

pytestmark = pytest.mark.in_part

# The last year.
LAST = part(2027, 2040)
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(LAST + 1, 1, 1, tzinfo=UTC)
# Ramadan suspends summer time in some zones for about thirty days, so changes are never a week apart.
STEP = timedelta(days=5)
# No clock is further from UTC, so a change that is further away cannot matter to a wall time.
NEAR = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# Some machines list these beside the zones; they name no place and are refused.
NO_PLACE = {"Factory", "localtime", "posixrules"}


@dataclass(frozen=True)
class Change:
    """A zone's clocks going from one offset to another at a moment (aware UTC)."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def size(self) -> timedelta:
        """How far the clocks go forward; negative where they go back."""
        return self.after - self.before

    def walls(self) -> list[datetime]:
        """Wall times that are skipped or shown twice: the first, one in the middle and the last whole minute."""
        first = naive(self.at) + min(self.before, self.after)
        length = abs(self.size)
        middle = first + timedelta(minutes=length // MINUTE // 2)
        return [first, middle, first + length - MINUTE]


@dataclass(frozen=True)
class Table:
    """What the clocks of a zone show in these years. Zones with equal tables keep the same time."""

    offset: timedelta
    changes: tuple[Change, ...]

    def moment(self, wall: datetime) -> datetime:
        """The moment of a wall time: the first that shows it, else as if the clocks had not yet gone forward."""
        first = bisect_left(self.changes, wall - NEAR, key=lambda change: naive(change.at))
        offset = self.changes[first - 1].after if first else self.offset
        for change in self.changes[first : first + 2]:
            if wall - max(change.before, change.after) < naive(change.at):
                return aware(wall - change.before)
            offset = change.after
        return aware(wall - offset)


def naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def shown(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def changes(zone: ZoneInfo) -> Iterator[Change]:
    low, before = BEGIN, shown(zone, BEGIN)
    while low < END:
        high = low + STEP
        after = shown(zone, high)
        if after != before:
            late = high
            while late - low > timedelta(seconds=1):
                middle = low + (late - low) // 2
                low, late = (middle, late) if shown(zone, middle) == before else (low, middle)
            at = late.replace(microsecond=0)
            assert shown(zone, at - timedelta(seconds=1)) == before
            assert shown(zone, at) == after
            yield Change(at, before, after)
        low, before = high, after


@cache
def tables() -> dict[str, Table]:
    """Every zone's table."""
    return {
        name: Table(shown(ZoneInfo(name), BEGIN), tuple(changes(ZoneInfo(name))))
        for name in sorted(available_timezones() - NO_PLACE)
    }


@cache
def different() -> dict[str, Table]:
    """One zone of each kind, named by the first."""
    kinds: dict[Table, str] = {}
    for name, table in tables().items():
        kinds.setdefault(table, name)
    return {name: table for table, name in kinds.items()}


def cadence(zone: str, rule: str, dtstart: datetime) -> Cadence:
    return Cadence(id="it", kind="checkin", name="It", timezone=zone, dtstart=dtstart, rrule=rule)


def weekly(first: datetime) -> list[datetime]:
    """This wall time each week until the end of the last year."""
    weeks = (datetime(LAST + 1, 1, 1) - first) // timedelta(weeks=1)  # noqa: DTZ001
    return [first + timedelta(weeks=week) for week in range(weeks + 1)]


def test_there_is_something_to_test() -> None:
    """The tables hold the changes that everybody knows, and the odd ones."""
    assert len(tables()) > 400
    chicago = tables()["America/Chicago"].changes
    assert [(change.at, change.size) for change in chicago if change.at.year == 2026] == [
        (datetime(2026, 3, 8, 8, tzinfo=UTC), timedelta(hours=1)),
        (datetime(2026, 11, 1, 7, tzinfo=UTC), timedelta(hours=-1)),
    ]
    assert len(chicago) == 2 * (LAST - 2023)
    assert tables()["America/Phoenix"].changes == ()
    assert {abs(change.size) for change in tables()["Australia/Lord_Howe"].changes} == {timedelta(minutes=30)}
    assert {abs(change.size) for change in tables()["Antarctica/Troll"].changes} == {timedelta(hours=2)}
    assert len(different()) > 60


def test_an_ordinary_weekly_slot_opens_once_a_week_in_every_zone() -> None:
    first = datetime(2024, 1, 2, 9)  # noqa: DTZ001 (a wall time)
    slots = weekly(first)
    assert slots[-1].year == LAST
    expected = {table: [table.moment(slot) for slot in slots] for table in different().values()}
    for name, table in tables().items():
        moments = expected[table]
        assert [to_utc(slot, name) for slot in slots] == moments, name
        # Which slots there are is not the zone's: all of them for one of each kind, the last four for every one.
        begin, left = (BEGIN, slots) if name in different() else (moments[-5], slots[-4:])
        found = occurrences_between(cadence(name, "FREQ=WEEKLY;BYDAY=TU", first), begin, moments[-1])
        assert [occurrence.slot for occurrence, _ in found] == left, name
        assert [moment for _, moment in found] == moments[-len(left) :], name


def test_a_chain_of_next_ones_meets_every_slot_once_in_every_kind_of_zone() -> None:
    first = datetime(2024, 1, 2, 2, 30)  # noqa: DTZ001 (a wall time)
    slots = weekly(first)
    for name in different():
        it = cadence(name, "FREQ=WEEKLY;BYDAY=TU", first)
        met, moment = [], BEGIN
        while (following := next_occurrence(it, moment)) is not None and following[0].slot <= slots[-1]:
            assert following[1] > moment, name
            moment = following[1]
            met.append(following[0].slot)
        assert met == slots, name


@pytest.mark.parametrize(("rule", "days"), [("FREQ=DAILY", 1), ("FREQ=WEEKLY", 7)])
def test_slots_on_every_change_of_every_zone_open_once(rule: str, days: int) -> None:
    step = timedelta(days=days)
    gaps = folds = 0
    for name, table in different().items():
        for change in table.changes:
            for wall in change.walls():
                it = cadence(name, rule, wall - 2 * step)
                around = [wall + step * count for count in (-2, -1, 0, 1, 2)]
                found = occurrences_between(it, table.moment(around[0]) - step, table.moment(around[-1]))
                assert [occurrence.slot for occurrence, _ in found] == around, (name, wall)
                moments = [moment for _, moment in found]
                assert moments == [table.moment(slot) for slot in around], (name, wall)
                on_the_change = moments[2]
                assert on_the_change == aware(wall - change.before), (name, wall)
                if change.size > timedelta(0):
                    gaps += 1
                    assert to_local(on_the_change, name) == wall + change.size, (name, wall)
                    assert on_the_change >= change.at, (name, wall)
                else:
                    folds += 1
                    assert to_local(on_the_change, name) == wall, (name, wall)
                    assert on_the_change < change.at, (name, wall)
                    assert to_local(on_the_change - change.size, name) == wall, (name, wall)
    assert gaps > part(350, 500)
    assert folds > part(350, 500)


def test_wall_times_beside_every_change_are_ordinary() -> None:
    for name, table in different().items():
        for change in table.changes:
            first, _, last = change.walls()
            for wall in (first - MINUTE, last + MINUTE):
                moment = to_utc(wall, name)
                assert moment == table.moment(wall), (name, wall)
                assert to_local(moment, name) == wall, (name, wall)


def test_next_and_latest_agree_on_every_change_of_every_zone() -> None:
    instant = timedelta(microseconds=1)
    for name, table in different().items():
        for change in table.changes:
            wall = change.walls()[1]
            it = cadence(name, "FREQ=DAILY", wall - timedelta(days=2))
            moment = to_utc(wall, name)
            before, after = next_occurrence(it, moment - instant), latest_occurrence(it, moment)
            assert before is not None, (name, wall)
            assert before == after, (name, wall)
            assert before[0].slot == wall, (name, wall)
            tomorrow, yesterday = next_occurrence(it, moment), latest_occurrence(it, moment - instant)
            assert tomorrow is not None, (name, wall)
            assert yesterday is not None, (name, wall)
            assert tomorrow[0].slot == wall + timedelta(days=1), (name, wall)
            assert yesterday[0].slot == wall - timedelta(days=1), (name, wall)


def test_windows_over_every_change_of_every_zone_are_elapsed_hours() -> None:
    for name, table in different().items():
        for change in table.changes:
            wall = change.walls()[0]
            it = cadence(name, "FREQ=WEEKLY", wall)
            [occurrence] = occurrences(it, wall, wall + timedelta(days=1))
            found = window(it, occurrence)
            assert found.closes_at - found.opens_at == timedelta(hours=51), (name, wall)
            assert found.reminder_at == found.opens_at + timedelta(hours=24), (name, wall)
            assert found.delegate_at == found.opens_at + timedelta(hours=29), (name, wall)
