"""What a coalition file is refused for: one mistake at a time, many at once, and junk of every kind."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from time import process_time
from typing import Any

from bot.domain.coalition_file import Problem, check, to_file
from bot.domain.record import NOTHING_EXTRA, Record
from tests.files.mistakes import MUTATIONS
from tests.files.paths import REMOVE, change, paths_in, value_at
from tests.sample import sample_data
from tests.tables import on_each

SAMPLE = sample_data()
KEPT = pickle.dumps(SAMPLE)  # several times faster than a deep copy


def checked(data: object, *, today: date | None = None) -> Record:
    record, problems = check(data, today=today)
    assert problems == []
    assert record is not None
    return record


def problems_after(*changes: tuple[str, Any]) -> list[Problem]:
    data = pickle.loads(KEPT)
    for path, value in changes:
        change(data, path, value)
    record, problems = check(data)
    assert (record is None) == bool(problems)
    return problems


@on_each(
    ("path", "value", "reported", "fragment"),
    MUTATIONS,
    ids=[f"{path}={str(value)[:20]}" for path, value, *_ in MUTATIONS],
)
def test_a_single_mistake_is_reported_where_it_is(path: str, value: Any, reported: str, fragment: str) -> None:
    problems = problems_after((path, value))
    at = [problem for problem in problems if problem.path == (reported or path)]
    assert at, problems
    assert any(fragment in problem.message for problem in at), at
    assert all(problem.message.startswith(f"`{problem.path}`") for problem in problems)
    # One mistake is one problem, save where it takes away what other places refer to.
    assert len(problems) == 1 or path in REFERRED_TO, problems


# A wrong id is one mistake at its place and one at every place that names the thing.
REFERRED_TO = {
    "as_of",
    "organizations[1].id",
    "members[3].email",
    "groups[0].id",
    "groups[1].id",
    "priorities[0].metrics[0].milestones[2].date",
    "question_sets[0].questions[0].options",
    "rounds",
}


def test_the_sample_holds_everything_and_has_no_problems() -> None:
    record = checked(SAMPLE)
    counts = {
        "organizations": 9,
        "members": 14,
        "groups": 7,
        "priorities": 4,
        "cadences": 15,
        "question_sets": 6,
        "responses": 10,
        "actions": 20,
        "issues": 3,
        "decisions": 5,
        "funding_sources": 9,
        "rounds": 0,
        "published": 0,
    }
    assert {name: len(getattr(record, name)) for name in counts} == counts
    metrics = [metric for priority in record.priorities for metric in priority.metrics]
    assert len(metrics) == 13
    assert sum(len(metric.readings) for metric in metrics) == 28
    assert [len(priority.outcomes) for priority in record.priorities] == [3, 3, 2, 2]
    assert sum(len(each.questions) for each in record.question_sets) == 28
    assert sum(len(each.allocations) for each in record.funding_sources) == 16
    assert record.as_of == date(2026, 11, 23)
    assert record.first_imported_at is None
    assert record.extra == NOTHING_EXTRA


def test_values_are_exact_and_typed() -> None:
    record = checked(SAMPLE)
    star = record.coalition.north_star
    assert star is not None
    assert star.metric is not None
    assert star.metric.baseline is not None
    assert star.metric.baseline.value == Decimal(58000)
    assert star.metric.extra == {
        "good_job_definition": SAMPLE["coalition"]["north_star"]["metric"]["good_job_definition"]
    }
    seats = record.priorities[2].metrics[0]
    assert [(int(each.value), each.quality) for each in seats.readings[2:4]] == [(104, "provisional"), (110, "final")]
    placed = record.priorities[0].metrics[1]
    assert placed.target is not None
    assert str(placed.target.value) == "65.0"
    checkin = record.cadences[1]
    assert checkin.dtstart == datetime(2026, 1, 6, 9)  # noqa: DTZ001 (a wall time)
    assert (checkin.closes_after_hours, checkin.moves[0].closes_after_hours) == (51, 30)
    refresh = record.cadences[11]
    assert (refresh.closes_after_hours, refresh.reminder_after_hours, refresh.delegate_after_hours) == (168, 24, 29)


def test_fields_that_no_rule_reads_are_kept_and_written_again() -> None:
    record = checked(SAMPLE)
    assert record.coalition.extra["fiscal_year_start_month"] == 7
    assert record.organizations[1].extra["public_records"] is True
    assert record.organizations[8].extra["mou_signed"] is None
    assert record.funding_sources[0].extra["received_to_date"] == 1650000
    assert record.funding_sources[4].extra["counts_as_match_for"] == "F-1"
    again = to_file(record)
    assert again["organizations"][1]["mou_signed"] == date(2025, 6, 10)
    assert again["funding_sources"][4]["counts_as_match_for"] == "F-1"


@on_each(
    "path",
    [
        "members[0].roles[0].since",
        "members[6].away[0].reason",
        "priorities[0].need.note",
        "priorities[0].metrics[0].baseline.note",
        "priorities[0].metrics[0].milestones[0].note",
        "priorities[0].metrics[0].observations[0].collected_by",
        "cadences[1].moves[0].reason",
        "coalition.north_star.adopted",
        "funding_sources[0].period.note",
        "funding_sources[0].report.format",
        "funding_sources[0].allocations[0].purpose",
        "question_sets[0].questions[0].hint_text",
        "vocabularies.color",
        "history_of_the_place",
    ],
)
def test_further_fields_may_stand_anywhere(path: str) -> None:
    data = pickle.loads(KEPT)
    value = {"by": ["somebody", 1, None, Decimal("0.10")], "on": date(2026, 1, 1)}
    change(data, path, value)
    record = checked(data)
    assert value_at(to_file(record), path) == value
    assert checked(to_file(record)) == record


@on_each(
    "path",
    [
        "decisions[2].decided_by",
        "issues[0].escalated_by",
        "priorities[0].metrics[0].observations[0].recorded_by",
        "priorities[0].metrics[0].observations[0].reported_on",
        "priorities[0].assessment_by",
        "actions[0].updated",
        "actions[0].text",
        "checkins[0].text",
        "checkins[0].answered_by",
        "members[0].phone",
    ],
)
def test_a_field_that_is_near_a_known_one_may_be_another(path: str) -> None:
    assert problems_after((path, "Something")) == []


@on_each(
    ("path", "meant"),
    [
        ("actions[0].blocked-reason", "blocked_reason"),
        ("actions[0].BlockedReason", "blocked_reason"),
        ("actions[0].bloked_reason", "blocked_reason"),
        ("actions[0].Note", "note"),
        ("actions[0].notes", "note"),
        ("actions[0].noet", "note"),
        ("members[0].deleagte", "delegate"),
        ("groups[0].co_chair", "cochair"),
        ("priorities[0].assesment_on", "assessment_on"),
        ("coalition.short name", "short_name"),
    ],
)
def test_a_slip_is_told_from_another_field(path: str, meant: str) -> None:
    (problem,) = problems_after((path, "Something"))
    assert problem.message == f"`{path}` is no field that Backbeat knows. Did you mean “{meant}”?"


def test_all_problems_come_at_once() -> None:
    # One mistake an entry, and of members one at all, so that none takes away what another one is held against.
    changes: dict[str, tuple[str, Any, str]] = {}
    for path, value, reported, _ in MUTATIONS:
        if path.startswith(("actions", "members[3]", "cadences", "decisions", "issues", "organizations", "funding")):
            changes.setdefault(path.partition("]")[0], (path, value, reported or path))
    assert len(changes) >= 14
    found = {each.path for each in problems_after(*((path, value) for path, value, _ in changes.values()))}
    assert {reported for _, _, reported in changes.values()} <= found


def test_to_file_is_written_in_the_order_of_the_sample() -> None:
    written = to_file(checked(SAMPLE))
    assert list(written) == [key for key in SAMPLE if key != "demo_notes"]
    assert written["vocabularies"].keys() == SAMPLE["vocabularies"].keys()
    for section in ("actions", "checkins", "issues", "members", "groups"):
        for before, after in zip(SAMPLE[section], written[section], strict=True):
            known = [key for key in before if key in after]
            assert {key: after[key] for key in known} == {key: before[key] for key in known}
            assert set(before) - set(after) <= {"note"}


def test_nothing_of_the_sample_is_lost() -> None:
    written = to_file(checked(SAMPLE))
    lost = [path for path, value in paths_in(SAMPLE) if not is_kept(written, path, value)]
    assert lost == []


def is_kept(written: Any, path: str, value: Any) -> bool:
    # What is left out says what its absence says: the usual value of the field.
    usual = {"time_basis": "coalition", "decision_rule": "consensus", "required": False}
    if path.startswith(("demo_notes", "vocabularies")) or value == usual.get(path.rpartition(".")[2], REMOVE):
        return True
    try:
        return bool(value_at(written, path) == value)
    except (KeyError, IndexError, TypeError):
        return False


# An export


def export_of_the_sample() -> dict[str, Any]:
    record = checked(SAMPLE)
    written = to_file(record)
    written["imported_at"] = "2026-11-23T12:00:00-06:00"
    written["rounds"] = [
        {
            "cadence": "weekly-checkin",
            "round": date(2026, 11, 23),
            "priority": "job-quality",
            "opens_at": "2026-11-23T15:00:00+00:00",
            "closes_at": "2026-11-24T21:00:00Z",
            "asked": True,
        }
    ]
    return written


def test_an_export_carries_rounds_and_the_moment_of_the_first_import() -> None:
    record = checked(export_of_the_sample())
    assert record.first_imported_at == datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert record.rounds[0].closes_at == datetime(2026, 11, 24, 21, tzinfo=UTC)
    assert record.rounds[0].day == date(2026, 11, 23)
    assert to_file(record)["imported_at"] == "2026-11-23T18:00:00+00:00"
    assert checked(to_file(record)) == record


def test_a_moment_without_an_offset_is_coalition_time() -> None:
    data = export_of_the_sample()
    data["imported_at"] = "2026-03-08T02:30"
    # That wall time does not exist in Chicago; it is read with the offset before the gap.
    assert checked(data).first_imported_at == datetime(2026, 3, 8, 8, 30, tzinfo=UTC)


def test_in_an_export_history_is_not_checked_again() -> None:
    data = export_of_the_sample()
    for path, value in [
        ("cadences[1].rrule", "FREQ=WEEKLY;BYDAY=WE"),
        ("cadences[1].dtstart", "2026-01-07T09:00:00"),
        ("cadences[1].moves", []),
        ("question_sets[0].questions[2].max_length", 10),
        ("priorities[0].metrics[0].observations[3].period_end", date(2026, 12, 31)),
        ("priorities[3].metrics[1].observations[0].reporters", REMOVE),
        ("actions[1].blocked_reason", REMOVE),
        ("actions[0].due", date(2026, 10, 1)),
    ]:
        change(data, path, value)
    checked(data)


def test_a_round_stands_once() -> None:
    data = export_of_the_sample()
    data["rounds"] = data["rounds"] * 2
    data["rounds"][1] = {**data["rounds"][1], "closes_at": "2026-11-22T21:00:00Z"}
    record, problems = check(data)
    assert record is None
    assert [(each.path, each.message) for each in problems] == [
        ("rounds[1].closes_at", "`rounds[1].closes_at` is not after `opens_at`. Correct one of the two."),
        ("rounds[1]", "`rounds[1]` is the same round and priority as `rounds[0]`. Keep one of the two."),
    ]


def test_today_bounds_readings_only_where_the_file_has_no_day_of_its_own() -> None:
    data = pickle.loads(KEPT)
    checked(data, today=date(2026, 1, 1))
    del data["as_of"]
    checked(data)
    _, problems = check(data, today=date(2026, 9, 1))
    assert {each.path.rpartition(".")[2] for each in problems} == {"period_end"}
    assert "after today. Enter the figure then." in problems[0].message


# Answers


def test_a_no_change_answer_needs_no_other() -> None:
    answer = {
        "cadence": "weekly-checkin",
        "round": date(2026, 10, 27),
        "priority": "job-quality",
        "by": "tom",
        "no_change": True,
    }
    assert problems_after((f"checkins[{len(SAMPLE['checkins'])}]", answer)) == []
    problems = problems_after(
        (f"checkins[{len(SAMPLE['checkins'])}]", answer), ("question_sets[0].allow_no_change", False)
    )
    assert [each.path for each in problems] == ["checkins[10].no_change"]


def test_no_answer_is_kept_by_person_for_an_anonymous_set() -> None:
    problems = problems_after(("question_sets[0].anonymous", True))
    assert {each.path for each in problems} == {f"checkins[{index}].cadence" for index in range(10)}


def test_an_answer_to_a_question_of_the_set_is_no_slip() -> None:
    question = {"id": "moves", "type": "text", "label": "Who moves?", "max_length": 20}
    asked = (f"question_sets[0].questions[{len(SAMPLE['question_sets'][0]['questions'])}]", question)
    assert problems_after(asked, ("checkins[0].moves", "Everybody")) == []
    assert [each.path for each in problems_after(asked, ("checkins[0].moves", "x" * 21))] == ["checkins[0].moves"]
    assert "Did you mean “moved”?" in problems_after(("checkins[0].moves", "Everybody"))[0].message


def test_a_question_takes_no_id_that_says_something_else_of_an_answer() -> None:
    last = len(SAMPLE["question_sets"][0]["questions"])
    question = {"id": "by", "type": "date", "label": "By when?"}
    path = f"question_sets[0].questions[{last}]"
    assert [each.path for each in problems_after((path, question))] == [f"{path}.id"]
    assert problems_after((path, question | {"id": "by_when"})) == []
    assert [each.path for each in problems_after(("question_sets[0].questions[1].type", "text"))][:1] == [
        "question_sets[0].questions[1].type"
    ]


def test_an_assessment_outside_the_questions_options_may_be_a_coordinators() -> None:
    assert problems_after(("checkins[0].assessment", "on_track"), ("priorities[0].assessment", "paused")) == []
    blocked = ("checkins[0].blocker", "Paused by the committee.")
    assert problems_after(("checkins[0].assessment", "paused"), blocked) == []


# Moves and skips


def test_an_occurrence_may_move_to_where_a_moved_one_was() -> None:
    moves = [
        {"from": "2026-11-24T09:00:00", "to": "2026-11-23T09:00:00"},
        {"from": "2026-12-01T09:00:00", "to": "2026-11-24T09:00:00"},
    ]
    assert problems_after(("cadences[1].moves", moves)) == []
    twice = [moves[0], {**moves[0], "to": "2026-11-22T09:00:00"}]
    assert [each.path for each in problems_after(("cadences[1].moves", twice))] == ["cadences[1].moves[1].from"]


def test_a_check_is_fast() -> None:
    started = process_time()
    check(SAMPLE)
    assert process_time() - started < 0.25
