"""The three-way comparison of a file with what lives, given the file as last imported: pure, field by field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.files import Difference, Merge
from bot.domain.files import merge as merge_on
from bot.domain.record import ActionMove, Coalition, NorthStar, Record
from bot.errors import UserError
from tests.builders import (
    TODAY,
    action,
    dated,
    day,
    member,
    metric,
    outcome,
    priority,
    reading,
    record,
    response,
    source,
)
from tests.tables import on_each


def merge(base: Record, live: Record, file: Record, *, prefer_file: bool = False) -> Merge:
    return merge_on(base, live, file, today=TODAY, prefer_file=prefer_file)


def with_title(title: str | None) -> Record:
    """A record with one action of this title, or with none."""
    return record(actions=() if title is None else (action(title=title),))


def lines(differences: tuple[Difference, ...]) -> list[tuple[str, str, str, str]]:
    return [(item.outcome, item.kind, item.id, item.field) for item in differences]


# base, live, file → the outcome that is listed, the title that is kept, and the one where the file is preferred
TABLE: list[tuple[str | None, str | None, str | None, str | None, str | None, str | None]] = [
    ("a", "a", "a", None, "a", "a"),
    ("a", "a", "b", "applied", "b", "b"),
    ("a", "b", "a", "kept", "b", "b"),
    ("a", "b", "b", None, "b", "b"),
    ("a", "b", "c", "conflict", "b", "c"),
    ("a", "a", None, "missing", "a", "a"),
    ("a", "b", None, "missing", "b", "b"),
    (None, None, "a", "added", "a", "a"),
    (None, "a", None, "missing", "a", "a"),
    (None, "a", "a", None, "a", "a"),
    (None, "a", "b", "conflict", "a", "b"),
    ("a", None, "a", "added", "a", "a"),
    ("a", None, None, None, None, None),
]


@on_each(("base", "live", "file", "listed", "kept", "preferred"), TABLE)
def test_every_case_of_three(
    base: str | None, live: str | None, file: str | None, listed: str | None, kept: str | None, preferred: str | None
) -> None:
    for prefer_file, expected in ((False, kept), (True, preferred)):
        merged = merge(with_title(base), with_title(live), with_title(file), prefer_file=prefer_file)
        assert [item.title for item in merged.record.actions] == ([] if expected is None else [expected])
        assert [item.outcome for item in merged.differences] == ([] if listed is None else [listed])


def test_fields_are_compared_one_by_one() -> None:
    base = record(actions=(action(note="n", due="2026-12-01", status="not_started"),))
    live = record(actions=(action(note="live", due="2026-12-02", status="not_started"),))
    file = record(actions=(action(note="n", due="2026-12-03", status="done"),))
    merged = merge(base, live, file)
    assert sorted(lines(merged.differences)) == [
        ("applied", "action", "A-1", "status"),
        ("conflict", "action", "A-1", "due"),
        ("kept", "action", "A-1", "note"),
    ]
    [item] = merged.record.actions
    assert (item.note, item.due.day, item.status) == ("live", 2, "done")
    [item] = merge(base, live, file, prefer_file=True).record.actions
    assert item.due.day == 3
    assert item.moves == (ActionMove(before=day("2026-12-02"), to=day("2026-12-03"), on=TODAY),) * (
        item.status != "done"
    )


def test_moves_are_added_to_and_never_taken_away() -> None:
    """A hand-written file knows none; its date counts as one more, once however often it comes."""
    first = ActionMove(before=day("2026-12-01"), to=day("2026-12-02"), on=day("20"), reason="Snow")
    base = record(actions=(action(due="2026-12-01"),))
    live = record(actions=(action(due="2026-12-02", moves=(first,), note="Mine"),))
    file = record(actions=(action(due="2026-12-03"),))
    assert lines(merge(base, live, base).differences) == [
        ("kept", "action", "A-1", "due"),
        ("kept", "action", "A-1", "note"),
    ]
    merged = merge(base, live, file, prefer_file=True)
    [item] = merged.record.actions
    assert item.moves == (first, ActionMove(before=day("2026-12-02"), to=day("2026-12-03"), on=TODAY))
    told = next(one for one in merged.differences if one.field == "moves")
    assert (told.outcome, told.live, told.file) == ("applied", 1, 2)
    again = merge(file, merged.record, file, prefer_file=True)
    assert again.record == merged.record


def test_a_conflict_shows_both_values() -> None:
    [difference] = merge(with_title("a"), with_title("b"), with_title("c")).differences
    assert (difference.live, difference.file) == ("b", "c")


def test_live_items_keep_their_order_and_new_ones_follow() -> None:
    base = record(actions=(action("A-1"), action("A-2")))
    live = record(actions=(action("A-1"), action("A-2"), action("A-9")))
    file = record(actions=(action("A-5"), action("A-2"), action("A-1"), action("A-6")))
    merged = merge(base, live, file)
    assert [item.id for item in merged.record.actions] == ["A-1", "A-2", "A-9", "A-5", "A-6"]
    assert lines(merged.differences) == [
        ("missing", "action", "A-9", ""),
        ("added", "action", "A-5", ""),
        ("added", "action", "A-6", ""),
    ]


def test_readings_are_added_and_never_taken_away() -> None:
    def having(*values: int) -> Record:
        return record(priorities=(priority(metrics=(metric("m1", *(reading(value=one) for one in values)),)),))

    merged = merge(having(1), having(1, 2), having(1, 3, 4))
    assert [one.value for one in merged.record.priorities[0].metrics[0].readings] == [1, 2, 3, 4]
    assert [int(one.value) for one in merged.new_readings["m1"]] == [3, 4]
    assert lines(merged.differences) == [("added", "reading", "m1/2026-09-30", "")] * 2
    assert merge(having(1, 2), having(1), having(1, 2)).new_readings == {}, "one that was taken out here stays out"


def test_a_new_metric_brings_its_readings() -> None:
    file = record(
        priorities=(
            priority(metrics=(metric("m1", reading(value=7)),)),
            priority("p2", metrics=(metric("m2", reading()),)),
        )
    )
    merged = merge(record(), record(), file)
    assert set(merged.new_readings) == {"m1", "m2"}
    assert lines(merged.differences) == [("added", "metric", "m1", ""), ("added", "priority", "p2", "")]


def test_a_metrics_fields_and_outcomes_are_compared_below_their_priority() -> None:
    base = record(priorities=(priority(outcomes=(outcome("o1"),), metrics=(metric("m1"),)),))
    file = record(
        priorities=(
            priority(
                outcomes=(outcome("o1", completed="2026-11-20"), outcome("o2")),
                metrics=(metric("m1", target=dated(90, "2027-12-31")),),
            ),
        )
    )
    merged = merge(base, base, file)
    assert lines(merged.differences) == [
        ("applied", "outcome", "o1", "completed"),
        ("added", "outcome", "o2", ""),
        ("applied", "metric", "m1", "target"),
    ]
    assert merged.record == file


def placed(place: str | None, *values: int, priorities: str = "p1 p2 p3") -> Record:
    """Priorities with a metric each; a metric and an outcome that may move stand below the one at `place`, if any."""

    def one(key: str) -> Any:
        own, here = metric(f"{key}-own"), key == place
        moving = metric("m1", *(reading(value=value) for value in values))
        return priority(
            key,
            headline_metric="m1" if here else None,
            outcomes=(outcome("o1"),) if here else (),
            metrics=(own, moving) if here else (own,),
        )

    return record(priorities=tuple(one(key) for key in priorities.split()))


# base's, live's and the file's place, and the file's priorities → what is listed, where it stands then, and where the
# file is preferred
PLACES: list[tuple[str | None, str, str, str, str | None, str, str]] = [
    ("p1", "p1", "p1", "p1 p2 p3", None, "p1", "p1"),
    ("p1", "p1", "p2", "p1 p2 p3", "moved", "p2", "p2"),
    ("p2", "p2", "p1", "p1 p2 p3", "moved", "p1", "p1"),
    ("p1", "p2", "p1", "p1 p2 p3", "kept", "p2", "p2"),
    ("p1", "p2", "p2", "p1 p2 p3", None, "p2", "p2"),
    ("p1", "p2", "p3", "p1 p2 p3", "conflict", "p2", "p3"),
    (None, "p1", "p2", "p1 p2 p3", "conflict", "p1", "p2"),
    ("p1", "p1", "p4", "p4 p1 p2 p3", "moved", "p4", "p4"),
    ("p2", "p1", "p4", "p4 p1 p2 p3", "conflict", "p1", "p4"),
    ("p1", "p1", "p2", "p2 p3", "moved", "p2", "p2"),
    ("p2", "p1", "p3", "p2 p3", "conflict", "p1", "p3"),
]


@on_each("prefer_file", [False, True])
@on_each(("base", "live", "file", "priorities", "listed", "kept", "preferred"), PLACES)
def test_what_stands_below_another_priority_is_the_same_thing_moved(
    base: str | None,
    live: str,
    file: str,
    priorities: str,
    listed: str | None,
    kept: str,
    preferred: str,
    prefer_file: bool,
) -> None:
    new = placed(file, 1, 3, priorities=priorities)
    once = merge(placed(base, 1), placed(live, 1, 2), new, prefer_file=prefer_file)
    place = preferred if prefer_file else kept
    for kind, key in (("outcome", "o1"), ("metric", "m1")):
        about = [
            (one.outcome, one.field, one.live, one.file)
            for one in once.differences
            if (one.kind, one.id) == (kind, key)
        ]
        assert about == ([] if listed is None else [(listed, "priority", live, file)])
    found = {one.id: one for one in once.record.priorities}
    assert [key for key, one in found.items() for item in one.outcomes if item.id == "o1"] == [place]
    assert [
        (key, [int(point.value) for point in item.readings])
        for key, one in found.items()
        for item in one.metrics
        if item.id == "m1"
    ] == [(place, [1, 2, 3])]
    assert {key: len(readings) for key, readings in once.new_readings.items()} == {"m1": 1}
    # No priority is headed by what stands below another one.
    assert {key for key, one in found.items() if one.headline_metric} == {place}
    again = merge(new, once.record, new, prefer_file=prefer_file)
    assert (again.record, again.new_readings) == (once.record, {})
    assert {one.outcome for one in again.differences} <= {"kept", "missing"}


def starred(metric_id: str | None, statement: str = "More good jobs") -> Record:
    star = None if metric_id is None else NorthStar(statement=statement, metric=metric(metric_id, reading()))
    coalition = Coalition(id="test", name="Test coalition", timezone="America/Chicago", north_star=star)
    return record(coalition=coalition)


def below(metric_id: str) -> Record:
    return record(priorities=(priority(metrics=(metric(metric_id, reading()),)),))


def test_the_north_star() -> None:
    added = merge(starred(None), starred(None), starred("ns"))
    assert added.record == starred("ns")
    assert set(added.new_readings) == {"ns"}
    kept = merge(starred("ns"), starred("ns"), starred(None))
    assert kept.record == starred("ns")
    assert lines(kept.differences) == [("missing", "north star", "test", "")]
    renamed = merge(starred("ns"), starred("ns"), starred("ns", "Better jobs"))
    assert lines(renamed.differences) == [("applied", "north star", "test", "statement")]
    assert renamed.new_readings == {}


@pytest.mark.parametrize(
    ("live", "file", "said"),
    [
        (starred("ns"), starred("other"), "“ns” here and “other” in the file"),
        (starred("ns"), below("ns"), "“ns” can't move"),
        (below("ns"), starred("ns"), "“ns” can't move"),
    ],
)
def test_nothing_takes_the_north_stars_place(live: Record, file: Record, said: str) -> None:
    for prefer_file in (False, True):
        with pytest.raises(UserError, match=said):
            merge(live, live, file, prefer_file=prefer_file)


def test_answers_are_told_apart_by_round_and_priority() -> None:
    base = record(responses=(response("10"), response("17")))
    file = record(responses=(response("10", confidence=3), response("17"), response("17", cadence="other")))
    merged = merge(base, base, file)
    assert lines(merged.differences) == [
        ("applied", "check-in", "weekly/2026-11-10/p1", "confidence"),
        ("added", "check-in", "other/2026-11-17/p1", ""),
    ]


def test_what_only_lives_is_never_touched() -> None:
    live = replace(record(), first_imported_at=None, rounds=(), published=())
    merged = merge(record(), live, replace(record(), extra={"note": "new"}))
    assert merged.record.extra == {"note": "new"}
    assert replace(merged.record, extra=live.extra) == live


titles = st.sampled_from(["a", "b", "c", None])


@given(base=titles, live=titles, file=titles, prefer_file=st.booleans())
def test_merging_the_same_file_once_more_changes_nothing(
    base: str | None, live: str | None, file: str | None, prefer_file: bool
) -> None:
    once = merge(with_title(base), with_title(live), with_title(file), prefer_file=prefer_file).record
    twice = merge(with_title(file), once, with_title(file), prefer_file=prefer_file)
    assert twice.record == once
    assert {item.outcome for item in twice.differences} <= {"kept", "missing"}
    assert twice.new_readings == {}


LISTS: dict[str, Any] = {
    "members": (member("ana"), member("zoe")),
    "funding_sources": (source("F-1"), source("F-2")),
}


@pytest.mark.parametrize("section", LISTS)
def test_every_list_keeps_what_the_file_leaves_out(section: str) -> None:
    full = record(**{section: LISTS[section]})
    less = record(**{section: LISTS[section][:1]})
    merged = merge(full, full, less, prefer_file=True)
    assert merged.record == full
    assert [item.outcome for item in merged.differences] == ["missing"]
