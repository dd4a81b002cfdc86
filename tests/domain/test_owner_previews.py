"""On which day an owner sees their part of the digest, and which actions a digest names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.domain.owner_previews import named_actions, preview_at, working_day_before
from bot.domain.record import Organization
from tests import builders as make
from tests.slack import digest_cases as cases

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("day", "closed", "expected"),
    [
        (WEDNESDAY, (), date(2026, 11, 24)),
        (date(2026, 11, 23), (), date(2026, 11, 20)),  # Monday's on Friday
        (date(2026, 11, 29), (), date(2026, 11, 27)),  # Sunday's too
        (date(2026, 11, 30), (date(2026, 11, 27), date(2026, 11, 26)), WEDNESDAY),
        (date(2026, 11, 30), tuple(date(2026, 11, n) for n in range(1, 30)), date(2026, 11, 29)),
    ],
)
def test_the_working_day_before_is_open(day: date, closed: tuple[date, ...], expected: date) -> None:
    assert working_day_before(day, closed) == expected


def test_it_is_seen_on_the_owners_clock() -> None:
    member = make.member("ana", timezone="Europe/Berlin")
    found = make.record(members=[member], organizations=[Organization(id="org", name="Org", sector="public")])
    cadence = make.cadence(kind="digest", owner_preview_at=time(15))
    organization = found.organizations[0].id
    moment = preview_at(found, cadence, WEDNESDAY, replace(member, organization=organization))
    assert moment == datetime.fromisoformat("2026-11-24T15:00:00+01:00")
    assert preview_at(found, replace(cadence, owner_preview_at=None), WEDNESDAY, member) is None


def test_a_digest_names_the_oldest_overdue_action_of_each_priority_and_those_that_wait() -> None:
    digest = cases.the_week()
    named = named_actions(digest)
    assert set(named) == {"A-301", "A-102", "A-202"}
    assert len(named) == len(set(named))
    for part in digest.priorities:
        for action in part.actions.overdue:
            if action != part.actions.oldest_overdue and action.id not in {wait.action for wait in digest.waits}:
                assert action.id not in named
