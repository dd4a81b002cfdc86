"""What a check-in is about, by its questions and by whom it asks; and whom that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.people import Subject, is_asked, receivers_of, subject_between, subject_of, topics_of
from bot.domain.record import record as values
from bot.domain.vocabularies import Assessment
from tests.builders import cadence, group, member, priority
from tests.services.group_checkin import WORK, group_checkin, with_group_checkin
from tests.services.small import questions
from tests.tables import on_each

LIST = values.Question(id="done", type="action_list", label="Who delivers what?")
SETS: dict[str, values.QuestionSet] = {
    "general": WORK,
    "standing": questions(),
    "figures": replace(WORK, per_item="metric"),
    "actions": replace(WORK, per_item="action"),
    "anonymous": replace(WORK, anonymous=True),
    "anonymous figures": replace(WORK, per_item="metric", anonymous=True),
    "anonymous standing": replace(questions(), anonymous=True),
    "of a meeting": replace(WORK, questions=(*WORK.questions, LIST)),
}
PEOPLE = ("metric_stewards", "action_owners", "all_members", "steering", "wg", None)


@on_each(
    ("asked", "audience", "subject"),
    [
        ("general", "priority_owners", Subject.PRIORITY),
        ("standing", "priority_owners", Subject.PRIORITY),
        ("figures", "metric_stewards", Subject.METRIC),
        *(("general", audience, Subject.MEMBER) for audience in PEOPLE),
        *(("of a meeting", audience, None) for audience in PEOPLE),
        *(("standing", audience, Subject.MEMBER if audience == "wg" else None) for audience in PEOPLE),
        *(("anonymous", audience, Subject.PULSE) for audience in (*PEOPLE, "priority_owners")),
        *((asked, "metric_stewards", None) for asked in ("anonymous figures", "anonymous standing")),
        *(("figures", audience, None) for audience in PEOPLE[1:]),
        ("actions", "action_owners", None),
    ],
)
def test_what_questions_are_about_follows_from_whom_they_ask(
    asked: str, audience: str | None, subject: Subject | None
) -> None:
    assert subject_between(SETS[asked], audience) is subject


def whom(**fields: Any) -> tuple[str, ...]:
    """Whom the check-in asks for themselves."""
    record = with_group_checkin(group_checkin(**fields))
    [one] = [each for each in record.cadences if each.id == "group-checkin"]
    topics = topics_of(record, one)
    assert all(topic.is_member and topic.id == topic.owner for topic in topics)
    assert receivers_of(record, one) == tuple(topic.owner for topic in topics)
    return tuple(topic.id for topic in topics)


def test_each_audience_is_whom_it_says() -> None:
    assert whom() == ("ana", "ben", "cal")
    assert whom(audience=None, group="wg") == ("ana", "ben", "cal")
    assert whom(audience="steering") == ("ana", "ben")
    assert whom(audience="all_members") == ("ana", "ben", "cal", "lou", "out")
    assert whom(audience=None, attendees=("out", "ben")) == ("ben", "out")
    assert whom(audience="wg", attendees=("out",)) == ("ana", "ben", "cal"), "those who were picked count alone"
    assert whom(audience="metric_stewards") == ()


def test_nobody_is_asked_who_has_left_and_no_priority_that_rests() -> None:
    record = with_group_checkin()
    gone = tuple(replace(one, ended=date(2026, 11, 20)) if one.id == "ben" else one for one in record.members)
    record = replace(record, members=gone)
    [own] = [one for one in record.cadences if one.id == "group-checkin"]
    assert [topic.id for topic in topics_of(record, own)] == ["ana", "cal"]
    assert not is_asked(record, own.id, "ben")
    [weekly] = [one for one in record.cadences if one.id == "weekly"]
    assert [topic.id for topic in topics_of(record, weekly)] == ["p1"]
    resting = replace(record, priorities=(priority(assessment=Assessment.PAUSED),))
    assert topics_of(resting, weekly) == ()


def test_a_check_in_that_names_nobody_asks_nobody() -> None:
    record = with_group_checkin(group_checkin(audience=None))
    [one] = [each for each in record.cadences if each.id == "group-checkin"]
    assert subject_of(record, one) is None
    assert topics_of(record, one) == ()


def test_a_group_without_members_asks_nobody() -> None:
    record = with_group_checkin(groups=(group("wg", members=()),), members=(member("ana"), member("ben")))
    own = next(one for one in record.cadences if one.id == "group-checkin")
    assert receivers_of(record, own) == ()
    assert subject_of(record, cadence("other", question_set="none")) is None
