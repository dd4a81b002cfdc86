"""What is sent because a decision waits: to whom and when, by a table and by what holds for every decision."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decisions import decisions_of_the_week, reminders
from bot.domain.outbox import Item
from bot.domain.record import Decision, DecisionAnswer, Member, Record, Role
from tests.builders import away, decision, group, member, organization, priority, record

CHICAGO, BERLIN = "America/Chicago", "Europe/Berlin"
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
LEAD = (Role(role="backbone_lead", scope="coalition"),)


def coalition(decided: Decision, **people: Any) -> Record:
    """`chair` sits for acme, `bea` for other and `cal` for third; `lou` coordinates, `ana` proposed it."""
    usual: dict[str, Member] = {
        "ana": member("ana"),
        "chair": member("chair", timezone=CHICAGO),
        "bea": member("bea", organization="other", timezone=BERLIN),
        "cal": member("cal", organization="third", timezone=CHICAGO),
        "lou": member("lou", roles=LEAD),
        "sub": member("sub", organization="third"),
    }
    steering = group(members=("chair", "bea", "cal"), chair="chair", decision_rule="consensus_then_two_thirds")
    return record(
        organizations=[organization(), organization("other"), organization("third")],
        members=tuple((usual | people).values()),
        groups=(steering,),
        priorities=(priority(owner="ana"),),
        decisions=(decided,),
    )


def said(voice: str, by: str, choice: str = "option", option: str | None = "Move it") -> DecisionAnswer:
    return DecisionAnswer(
        voice=voice, by=by, choice=choice, option=option if choice == "option" else None, answered_at=NOW
    )


def waiting(needed_by: str | None = "2026-12-04", *answers: DecisionAnswer, **fields: Any) -> Decision:
    return decision(
        accountable="ana",
        needed_by=needed_by,
        status=fields.pop("status", "needed"),
        options=("Move it", "Keep"),
        answers=answers,
        **fields,
    )


def told(found: Record, item: Item) -> dict[str, str]:
    """Who hears of it and when, on the coalition's clock."""
    return {
        one.member: one.due_at.astimezone(ZoneInfo(CHICAGO)).strftime("%a %b %d %H:%M")
        for one in reminders(found, found.decisions[0])
        if one.item is item
    }


def test_voters_without_an_answer_hear_of_it_in_their_own_mornings() -> None:
    found = coalition(waiting("2026-12-04", said("acme", "chair"), said("third", "cal", "talk")))
    assert told(found, Item.DECISION) == {"bea": "Wed Dec 02 02:00", "cal": "Wed Dec 02 09:00"}, "talking is no answer"
    assert told(found, Item.DECISION_DUE) == {"bea": "Fri Dec 04 02:00", "cal": "Fri Dec 04 09:00"}
    urgent = {one.item for one in reminders(found, found.decisions[0]) if one.urgent}
    assert urgent == {Item.DECISION_DUE}, "two days before it keeps to the daily limit"


@pytest.mark.parametrize(
    ("needed_by", "before", "due"),
    [
        ("2026-12-04", "Wed Dec 02 09:00", "Fri Dec 04 09:00"),
        ("2026-12-05", "Thu Dec 03 09:00", "Fri Dec 04 09:00"),
        ("2026-12-06", None, "Fri Dec 04 09:00"),
        ("2026-12-07", "Fri Dec 04 09:00", "Mon Dec 07 09:00"),
        ("2026-12-08", "Fri Dec 04 09:00", "Tue Dec 08 09:00"),
    ],
)
def test_reminders_of_a_weekend_come_on_its_friday(needed_by: str, before: str | None, due: str) -> None:
    found = coalition(waiting(needed_by))
    assert (told(found, Item.DECISION).get("cal"), told(found, Item.DECISION_DUE).get("cal")) == (before, due)


def test_proposer_chair_and_coordinators_hear_that_it_has_passed_on_the_next_working_day() -> None:
    found = coalition(waiting("2026-12-04"))
    assert told(found, Item.DECISION_PASSED) == dict.fromkeys(("ana", "chair", "lou"), "Mon Dec 07 09:00")
    assert told(coalition(waiting("2026-12-01")), Item.DECISION_PASSED)["lou"] == "Wed Dec 02 09:00"


@pytest.mark.parametrize(
    "cal",
    [
        member("cal", organization="third", access="email_only", delegate="sub"),
        member("cal", organization="third", away=(away("2026-12-01", "2026-12-09"),), delegate="sub"),
    ],
)
def test_a_stand_in_hears_of_it_for_whoever_cannot(cal: Member) -> None:
    assert set(told(coalition(waiting(), cal=cal), Item.DECISION)) == {"chair", "bea", "sub"}


def test_two_thirds_that_are_enough_on_the_day_are_told_to_whoever_may_record() -> None:
    answers = (said("acme", "chair"), said("other", "bea"), said("third", "cal", "object"))
    found = coalition(waiting("2026-12-04", *answers))
    assert set(told(found, Item.DECISION_READY)) >= {"chair", "lou"}
    # Consensus was there before, and told then.
    assert told(coalition(waiting("2026-12-04", *answers[:2])), Item.DECISION_READY) == {}


def test_nothing_is_sent_of_what_has_no_date_or_has_ended() -> None:
    assert reminders(coalition(waiting(None)), waiting(None)) == ()
    for status in ("decided", "deferred", "withdrawn"):
        ended = waiting(status=status)
        assert reminders(coalition(ended), ended) == ()


def test_the_week_lists_what_is_near_past_or_decided_by_the_answers() -> None:
    today = date(2026, 11, 30)
    for needed_by, listed in (("2026-12-07", True), ("2026-12-08", False), ("2026-10-01", True), (None, False)):
        found = coalition(waiting(needed_by))
        assert bool(decisions_of_the_week(found, today)) is listed
    ready = coalition(waiting(None, said("acme", "chair"), said("other", "bea"), said("third", "cal")))
    assert decisions_of_the_week(ready, today) == ready.decisions


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.sets(st.sampled_from([("acme", "chair"), ("other", "bea"), ("third", "cal")])),
)
def test_nobody_is_reminded_late_twice_of_one_thing_or_of_what_they_have_answered(
    day: date, answered: set[tuple[str, str]]
) -> None:
    waits = waiting(day.isoformat(), *(said(voice, by) for voice, by in answered))
    found = reminders(coalition(waits), waits)
    assert len({(one.item, one.member) for one in found}) == len(found)
    assert list(found) == sorted(found, key=lambda one: one.due_at)
    asked = [(one.member, one.due_at.date()) for one in found if one.item in {Item.DECISION, Item.DECISION_DUE}]
    assert len(set(asked)) == len(asked), "one reminder a day"
    assert all(on.weekday() < 5 for _member, on in asked)
    for one in found:
        assert one.until is None or one.due_at < one.until
        if one.item in {Item.DECISION, Item.DECISION_DUE}:
            assert one.member not in {by for _voice, by in answered}
        if one.item is Item.DECISION_PASSED:
            local = one.due_at.astimezone(ZoneInfo(CHICAGO)).date()
            assert day < local <= day + timedelta(days=3)
            assert local.weekday() < 5
