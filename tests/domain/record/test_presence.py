"""What goes on, on a day: what has ended is left out, and what only belongs to it is left without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.digests import compose
from bot.domain.record import Record, present_on
from bot.domain.rhythm import occurrences
from tests.builders import day
from tests.sample import sample_record

LAST = day("2026-11-30")
AFTER = LAST + timedelta(days=1)


def ended(record: Record, section: str, key: str, last: date = LAST) -> Record:
    things = getattr(record, section)
    changed: dict[str, Any] = {section: tuple(replace(one, ended=last) if one.id == key else one for one in things)}
    return replace(record, **changed)


def test_a_record_in_which_nothing_has_ended_is_itself() -> None:
    record = sample_record()
    assert present_on(record, LAST) is record
    coming = ended(record, "priorities", "supplier-growth")
    assert present_on(coming, LAST) is coming


def test_what_ended_is_left_out_of_every_section() -> None:
    record = sample_record()
    for section in ("organizations", "groups", "priorities", "funding_sources"):
        for thing in getattr(record, section):
            left = present_on(ended(record, section, thing.id), AFTER)
            assert thing.id not in {one.id for one in getattr(left, section)}
            assert len(getattr(left, section)) == len(getattr(record, section)) - 1
            assert thing.id in {one.id for one in getattr(left.everything, section)}


def test_what_belonged_to_it_is_left_without_it() -> None:
    record = sample_record()
    left = present_on(ended(record, "priorities", "supplier-growth"), AFTER)
    assert not [one for one in left.groups if one.priority == "supplier-growth"]
    assert not [role for one in left.members for role in one.roles if role.scope == "supplier-growth"]
    group = next(one.working_group for one in record.priorities if one.working_group is not None)
    left = present_on(ended(record, "groups", group), AFTER)
    assert not [one for one in left.priorities if one.working_group == group]
    home = next(one.organization for one in record.funding_sources if one.organization is not None)
    left = present_on(ended(record, "organizations", home), AFTER)
    assert not [one for one in left.funding_sources if one.organization == home]


def test_the_main_figure_that_ended_is_none_any_more() -> None:
    record = sample_record()
    priority = next(one for one in record.priorities if one.headline_metric is not None)
    metrics = tuple(replace(one, ended=LAST) if one.id == priority.headline_metric else one for one in priority.metrics)
    changed = replace(
        record,
        priorities=tuple(replace(one, metrics=metrics) if one is priority else one for one in record.priorities),
    )
    left = next(one for one in present_on(changed, AFTER).priorities if one.id == priority.id)
    assert left.headline_metric is None
    assert len(left.metrics) == len(priority.metrics) - 1


def test_the_north_star_is_left_without_its_figure() -> None:
    record = sample_record()
    star = record.coalition.north_star
    assert star is not None
    assert star.metric is not None
    over = replace(star, metric=replace(star.metric, ended=LAST))
    changed = replace(record, coalition=replace(record.coalition, north_star=over))
    left = present_on(changed, AFTER).coalition.north_star
    assert left is not None
    assert left.metric is None


def test_a_cadence_comes_round_through_its_last_day_and_no_later() -> None:
    record = sample_record()
    weekly = next(one for one in record.cadences if one.id == "weekly-checkin")
    start = weekly.dtstart.replace(year=2026, month=11, day=1)
    until = start + timedelta(days=60)
    last = replace(weekly, ended=day("2026-11-17"))
    assert max(one.local.date() for one in occurrences(last, start, until)) == day("2026-11-17")
    assert (
        len(list(occurrences(replace(weekly, ended=day("2026-11-16")), start, until)))
        == len(list(occurrences(last, start, until))) - 1
    )


def test_a_checkin_is_heard_of_until_its_last_round_has_closed() -> None:
    record = ended(sample_record(), "cadences", "weekly-checkin", day("2026-11-24"))
    for on, is_there in (("2026-11-26", True), ("2026-11-28", False)):
        assert ("weekly-checkin" in {one.id for one in present_on(record, day(on)).cadences}) is is_there


def test_a_digest_as_of_before_the_day_stays_as_it_was() -> None:
    record = sample_record()
    moment = datetime.combine(LAST, time(12), ZoneInfo("America/Chicago"))
    before = compose(record, moment)
    for section in ("organizations", "groups", "priorities", "funding_sources"):
        for thing in getattr(record, section):
            assert compose(ended(record, section, thing.id), moment) == before
