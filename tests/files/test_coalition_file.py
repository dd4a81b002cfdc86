"""Loading and writing whole coalition files: problems with their lines, and round trips."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.coalition_file import to_file
from bot.domain.record import Record, Response, Round
from bot.files import (
    LocatedProblem,
    dump_coalition_file,
    load_coalition_file,
    sample_path,
    sample_text,
)
from bot.files.coalition_yaml import dump, parse
from tests.examples import examples, part
from tests.sample import sample_record

MISTAKES = [
    # Each: the line that is changed (a part of it that stands nowhere else), what to, and what is said about it.
    ("timezone: America/Chicago          # coa", "timezone: America/Chicgo # coa", "Did you mean “America/Chicago”?"),
    ("email: marcus.teal@harrow-county.example", "email: marcus.teal", "is not an e-mail address"),
    ("    delegate: luis", "    delegate: luiz", "Did you mean “luis”?"),
    ("decision_rule: consensus_then_two_thirds", "decision_rule: two_thirds", "Write one of: consensus"),
    ("headline_metric: sg-firms", "headline_metric: fa-seats", "is another priority's metric"),
    ("target: {value: 75, date: 2027-12-31}", "target: {value: 150, date: 2027-12-31}", "below the baseline"),
    ("{id: note, type: text", "{id: value, type: text", "a second time in this set"),
    ("{id: A-402,", "{id: A-401,", "as is `actions[14].id`"),
    ("next_due: 2027-07-31, owner: dana", "next_due: 2027-07-32, owner: dana", "no such day"),
    ("{to: backbone, amount: 80000}", "{to: backbone, amount: 80001}", "add up to 80001"),
]  # fmt: skip


def loaded(text: str | bytes) -> Record:
    found = load_coalition_file(text)
    assert found.problems == ()
    assert found.record is not None
    return found.record


def test_the_sample_ships_as_it_is_and_loads() -> None:
    assert sample_path().read_text(encoding="utf-8") == sample_text()
    assert sample_text().startswith("# Demo import file: a fictional coalition.")
    assert loaded(sample_text()).coalition.id == "limestone-bend"


def test_loading_the_sample_is_fast() -> None:
    # The time of this process, so that whatever else the machine does is left out.
    started = process_time()
    load_coalition_file(sample_text())
    assert process_time() - started < 0.5


def test_ten_mistakes_get_ten_messages_with_their_lines() -> None:
    assert len(MISTAKES) == 10
    lines = sample_text().split("\n")
    expected: dict[int, str] = {}
    for old, new, fragment in MISTAKES:
        (at,) = [index for index, line in enumerate(lines) if old in line]
        lines[at] = lines[at].replace(old, new)
        expected[at + 1] = fragment
    found = load_coalition_file("\n".join(lines))
    assert found.record is None
    assert [problem.line for problem in found.problems] == sorted(expected)
    for problem in found.problems:
        assert expected[problem.line] in problem.message


def test_a_missing_field_is_reported_at_its_entry() -> None:
    text = (
        sample_text().replace("    email: charlotte@halvorsen.example\n", "").replace(", email: [lorna, charlotte]", "")
    )
    (problem,) = load_coalition_file(text).problems
    assert problem.path == "members[12].email"
    assert sample_text().split("\n")[problem.line - 1] == "  - id: charlotte"
    assert str(problem) == f"Line {problem.line}: {problem.message}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", LocatedProblem(1, "", "This file is empty. Begin it with schema_version and coalition.")),
        ("a: 1\na: 2\n", LocatedProblem(2, "", "“a” stands here a second time; the first is on line 1. Keep one.")),
        (b"a: \xff\n", LocatedProblem(1, "", "This is not UTF-8 text. Save the file as UTF-8 and try again.")),
    ],
)
def test_what_cannot_be_parsed_is_one_problem(text: str | bytes, problem: LocatedProblem) -> None:
    found = load_coalition_file(text)
    assert found.record is None
    assert found.problems == (problem,)


def test_a_file_of_a_newer_version_gets_one_sentence() -> None:
    (problem,) = load_coalition_file(
        sample_text().replace("schema_version: 1", "schema_version: 3\nfuture: 1")
    ).problems
    assert problem.line == 4
    assert "Update Backbeat" in problem.message


def test_bytes_and_json_are_the_same_file() -> None:
    record = loaded(sample_text())
    assert loaded(sample_text().encode()) == record
    assert loaded(b"\xef\xbb\xbf" + sample_text().replace("\n", "\r\n").encode()) == record
    as_json = json.dumps(
        to_file(record), default=lambda value: float(value) if isinstance(value, Decimal) else str(value)
    )
    assert without_extra(loaded(as_json)) == without_extra(record)


def without_extra(record: Record) -> dict[str, Any]:
    # JSON has no dates: where no rule reads a field, a date in it stays text.
    written = to_file(record)
    for organization in written["organizations"]:
        organization.pop("mou_signed")
    for source in written["funding_sources"]:
        source.pop("decision_expected", None)
    return written


def test_the_sample_comes_back_as_it_was() -> None:
    record = loaded(sample_text())
    text = dump_coalition_file(record)
    assert loaded(text) == record
    assert dump_coalition_file(loaded(text)) == text
    assert dump(parse(text).data) == text
    assert "*" not in text.replace("**", "")
    assert max(map(len, text.split("\n"))) < 600


def test_writing_is_the_same_every_time() -> None:
    assert len({dump_coalition_file(loaded(sample_text())) for _ in range(3)}) == 1


# Variations of the sample

LETTERS = st.characters(exclude_categories=("Cs", "Cc"))
TEXTS = st.text(LETTERS | st.sampled_from("\n\t"), min_size=1, max_size=60).filter(lambda text: bool(text.strip()))
AMOUNTS = st.decimals(0, 10**14, places=4)
VALUES = st.decimals(-(10**14), 10**14, places=6)
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
EXTRA_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | VALUES | st.dates() | TEXTS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS, below, max_size=3),
    max_leaves=6,
)
# A prefix keeps made-up keys from being near-misses of known ones.
EXTRA = st.dictionaries(
    st.text("abcdefg -.[]é", max_size=8).map(lambda key: f"zz_unknown_zz {key}"), EXTRA_VALUES, max_size=3
)
SAMPLE = sample_record()


@st.composite
def variations(draw: st.DrawFn) -> Record:
    record = SAMPLE
    action = replace(
        draw(st.sampled_from(record.actions)),
        title=draw(TEXTS),
        note=draw(st.none() | TEXTS),
        accepted=draw(st.booleans()),
        extra=draw(EXTRA),
    )
    source = draw(st.sampled_from(record.funding_sources))
    factor = draw(st.decimals("0.0001", 1, places=4))
    source = replace(
        source,
        allocations=tuple(replace(each, amount=each.amount * factor, extra=draw(EXTRA)) for each in source.allocations),
        match_secured=draw(st.none() | AMOUNTS),
        extra={**source.extra, **draw(EXTRA)},
    )
    response = Response(
        cadence="weekly-checkin",
        round=draw(st.dates(date(1990, 1, 1), date(2025, 1, 1))),
        priority="job-quality",
        by="tom",
        assessment="paused",
        moved=draw(st.none() | TEXTS),
        confidence=draw(st.none() | st.integers(0, 10)),
        no_change=draw(st.booleans()),
        came_true=draw(st.sampled_from([None, "yes", "in_part", "not_yet"])),
        answered_at=draw(MOMENTS),
        extra=draw(EXTRA),
    )
    opens_at, closes_at = sorted(draw(st.lists(MOMENTS, min_size=2, max_size=2, unique=True)))
    one_round = Round(
        cadence="weekly-checkin",
        day=response.round,
        priority="job-quality",
        opens_at=opens_at,
        closes_at=closes_at,
        asked=draw(st.booleans()),
    )
    priority = record.priorities[2]
    metric = priority.metrics[0]
    readings = tuple(
        replace(
            reading,
            value=draw(VALUES),
            note=draw(st.none() | TEXTS),
            breakdown=({"county": draw(TEXTS), "value": draw(VALUES)},),
        )
        for reading in metric.readings
    )
    priority = replace(priority, metrics=(replace(metric, readings=readings, extra=draw(EXTRA)), *priority.metrics[1:]))
    return replace(
        record,
        as_of=draw(st.none() | st.just(record.as_of)),
        first_imported_at=draw(MOMENTS),
        coalition=replace(record.coalition, name=draw(TEXTS), extra=draw(EXTRA)),
        priorities=(*record.priorities[:2], priority, *record.priorities[3:]),
        actions=tuple(action if each.id == action.id else each for each in record.actions),
        funding_sources=tuple(source if each.id == source.id else each for each in record.funding_sources),
        responses=(*record.responses, response),
        rounds=(one_round,),
        extra=draw(EXTRA),
    )


@pytest.mark.in_part
@settings(
    max_examples=examples(part(3, 8)),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_what_is_written_is_the_same_coalition_when_read(data: st.DataObject) -> None:
    record = data.draw(variations(), label="a variation of the sample")
    text = dump_coalition_file(record)
    assert loaded(text) == record
    assert dump_coalition_file(record) == text
