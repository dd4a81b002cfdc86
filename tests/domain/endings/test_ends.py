"""Anything ends and is there again, in any order: nothing open ever points at what has ended, and no list holds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.coalition_file import check, to_file
from bot.domain.digests import compose
from bot.domain.endings import NOWHERE, WITH_IT, Ending, EndRef, end, ended_things, questions_of, reopen
from bot.domain.record import ENDS, Hanging, Noun, Record, find_ending, hanging_on, holdings_of, present_on
from bot.domain.rhythm import occurrences
from bot.errors import UserError
from tests.builders import day
from tests.examples import examples
from tests.sample import sample_record
from tests.tables import on_each

TODAY = day("2026-11-23")
LAST = day("2026-11-30")
ZONE = ZoneInfo("America/Chicago")


def every_thing(record: Record) -> list[EndRef]:
    return [EndRef(noun, one.id) for noun, ends in ENDS.items() for one in ends.things(record)]


REFS = every_thing(sample_record())
STEERING, DIGEST = EndRef(Noun.GROUP, "steering"), EndRef(Noun.CADENCE, "weekly-digest")


def ways(record: Record, ref: EndRef, pick: int, last: Any = LAST) -> Ending:
    """Everything that hangs on it goes one of the ways that are offered."""
    chosen: dict[str, Any] = {}
    for kind, question in questions_of(record, ref.noun, ref.key, last).items():
        offered = [*question.ways, *(one.id for one in question.others)]
        chosen[kind] = offered[pick % len(offered)]
    stays = [one.id for one in record.present if one.organization != ref.key]
    return Ending(last_day=last, taker=stays[pick % len(stays)] if stays else None, **chosen)


def require_whole(record: Record, today: Any) -> None:
    """What has to be so after any ending and reopening."""
    for noun, thing in ended_things(record):
        assert not hanging_on(record, noun, thing.id, thing.ended), (noun, thing.id)
    for member in record.members:
        if member.ended is not None:
            assert not holdings_of(record, member.id, member.ended), member.id
    read, problems = check(to_file(record))
    assert not problems, problems[0]
    assert read is not None
    left = present_on(record, today)
    gone = {(noun, one.id) for noun, one in ended_things(record) if one.ended is not None and one.ended < today}
    for noun, ends in ENDS.items():
        if noun is not Noun.CADENCE:
            assert not {one.id for one in ends.things(left)} & {key for of, key in gone if of is noun}
    digest = compose(record, datetime.combine(today, time(12), ZONE))
    assert {part.id for part in digest.priorities} == {one.id for one in left.priorities}
    for part in digest.priorities:
        assert not {one.id for one in part.metrics} & {key for of, key in gone if of is Noun.METRIC}
        assert not {one.id for one in part.outcomes} & {key for of, key in gone if of is Noun.OUTCOME}
    for cadence in record.cadences:
        start = datetime.combine(TODAY, time())
        for one in occurrences(cadence, start, start + timedelta(days=90)) if cadence.ended is not None else ():
            assert one.local.date() <= cadence.ended  # type: ignore[operator]


Steps = st.lists(
    st.tuples(st.sampled_from(REFS), st.integers(0, 50), st.integers(-3, 40), st.booleans()), min_size=1, max_size=8
)


@settings(max_examples=examples(6), deadline=None)
@given(Steps)
# A round that ended with its group ends later, and the other way round: its group ends before it.
@example([(STEERING, 0, 0, False), (DIGEST, 0, 1, False)])
@example([(DIGEST, 0, 1, False), (STEERING, 0, 0, False)])
@example([(STEERING, 0, 9, False), (STEERING, 0, 3, False)])
def test_nothing_open_points_at_what_has_ended(steps: list[tuple[EndRef, int, int, bool]]) -> None:
    record, today = sample_record(), TODAY
    for ref, pick, ahead, comes_back in steps:
        left = present_on(record, today)
        if comes_back and (over := list(ended_things(record))):
            noun, thing = over[pick % len(over)]
            try:
                record = reopen(left, noun, thing.id, "dana")
            except UserError:
                # What it belongs to has to be there first.
                continue
        elif find_ending(left, ref.noun, ref.key) is not None:
            try:
                after = end(left, ref.noun, ref.key, ways(left, ref, pick, today + timedelta(days=ahead)), today)
            except UserError:
                # The last who may configure stays, a group that decides by its chair needs one.
                continue
            record = merged(record, after)
        require_whole(record, today)
        today += timedelta(days=pick % 4)
        require_whole(record, today)


def merged(whole: Record, after: Record) -> Record:
    """What is written of a record in which what has ended is left out: the rest stays as it was."""

    def over(section: str) -> tuple[Any, ...]:
        changed = {one.id: one for one in getattr(after, section)}
        return tuple(_written(one, changed.get(one.id, one)) for one in getattr(whole, section))

    names = ("members", "organizations", "groups", "priorities", "cadences", "actions", "issues", "decisions")
    sections: dict[str, Any] = {name: over(name) for name in (*names, "funding_sources")}
    star, new = whole.coalition.north_star, after.coalition.north_star
    coalition = whole.coalition if new is None or new.metric is None else after.coalition
    assert star is None or new is not None
    return replace(whole, coalition=coalition, whole=None, **sections)


def _written(before: Any, after: Any) -> Any:
    """Parts that have ended stay below what is written, and so does what only belongs to something that ended."""
    if hasattr(before, "metrics"):
        below = {
            name: tuple({one.id: one for one in getattr(after, name)}.get(one.id, one) for one in getattr(before, name))
            for name in ("metrics", "outcomes")
        }
        return replace(after, **below, headline_metric=before.headline_metric, working_group=before.working_group)
    if hasattr(before, "kind") and hasattr(before, "chair"):
        return replace(after, priority=before.priority)
    if hasattr(before, "roles"):
        return replace(after, roles=before.roles if after.ended is None else ())
    if hasattr(before, "funder"):
        return replace(after, organization=before.organization)
    return after


@on_each("ref", REFS, ids=lambda ref: ref.text)
def test_what_is_known_until_its_last_day_is_the_same_without_an_end(ref: EndRef) -> None:
    record = sample_record()
    try:
        after = end(record, ref.noun, ref.key, ways(record, ref, 0), TODAY)
    except UserError:
        # Somebody has to stay who may configure.
        assert ref.noun is Noun.ORGANIZATION
        return
    thing: Any = find_ending(after, ref.noun, ref.key)
    assert thing.ended == LAST
    if hanging_on(record, ref.noun, ref.key):
        return
    moment = datetime.combine(LAST, time(23), ZONE)
    # What comes after the last day is announced by then.
    now, then = (replace(compose(one, moment), upcoming_meetings=()) for one in (after, record))
    assert now == then
    assert present_on(after, LAST) is after


def test_every_kind_is_asked_about_and_one_that_goes_on_is_taken() -> None:
    record = sample_record()
    with pytest.raises(UserError, match="Choose what becomes of this") as missing:
        end(record, Noun.PRIORITY, "supplier-growth", Ending(last_day=LAST), TODAY)
    assert missing.value.field == Hanging.WORK
    with pytest.raises(UserError, match="Choose one that goes on") as wrong:
        end(record, Noun.PRIORITY, "supplier-growth", Ending(last_day=LAST, work="supplier-growth"), TODAY)
    assert wrong.value.field == Hanging.WORK
    with pytest.raises(UserError, match="more than a year away"):
        end(record, Noun.OUTCOME, "sg-io2", Ending(last_day=TODAY + timedelta(days=400)), TODAY)


def test_money_goes_along_and_adds_up() -> None:
    record = sample_record()
    plan = Ending(last_day=LAST, work=NOWHERE, money="talent-pathways")
    after = end(record, Noun.PRIORITY, "supplier-growth", plan, TODAY)
    for before, now in zip(record.funding_sources, after.funding_sources, strict=True):
        assert sum(one.amount for one in before.allocations) == sum(one.amount for one in now.allocations)
    assert after.funding_sources != record.funding_sources


def test_a_groups_rounds_end_with_it_or_go_elsewhere() -> None:
    record = sample_record()
    key = "steering"
    theirs = {one.id for one in record.cadences if key in (one.group, one.audience)}
    assert theirs
    plan = Ending(last_day=LAST, decisions=WITH_IT, issues=NOWHERE, rounds=WITH_IT, money=NOWHERE)
    after = end(record, Noun.GROUP, key, plan, TODAY)
    assert {one.id for one in after.cadences if one.ended == LAST} == theirs
    assert not [one for one in after.issues if one.is_escalated and one.escalated_to == key]


def test_what_belongs_to_something_that_ended_comes_back_after_it() -> None:
    record = sample_record()
    plan = Ending(last_day=TODAY - timedelta(days=1), decisions=WITH_IT, issues=NOWHERE, rounds=WITH_IT, money=NOWHERE)
    left = present_on(end(record, Noun.GROUP, "steering", plan, TODAY), TODAY)
    theirs = next(one for one in record.cadences if one.group == "steering")
    with pytest.raises(UserError, match=r"Its group, Steering Committee, has an end too\. Reopen the group first\."):
        reopen(left, Noun.CADENCE, theirs.id, "dana")
    back = present_on(reopen(left, Noun.GROUP, "steering", "dana"), TODAY)
    again = reopen(back, Noun.CADENCE, theirs.id, "dana")
    assert next(one for one in again.cadences if one.id == theirs.id).ended is None
