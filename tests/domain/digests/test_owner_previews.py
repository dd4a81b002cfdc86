"""On which day an owner sees their part of the digest, and which actions a digest names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.digests import named_actions, parts_of_previews, preview_at, receivers_of_previews
from bot.domain.digests.owner_previews import working_day_before
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


@pytest.mark.parametrize("assessment", ["complete", "paused"])
def test_nothing_is_shown_ahead_of_what_has_rested_since_the_last_digest(assessment: str) -> None:
    digest = cases.the_week()
    first, *others = digest.priorities

    def since(days: int, stands: str = assessment) -> list[str]:
        on = digest.today - timedelta(days=days)
        resting = replace(first, standing=replace(first.standing, assessment=stands, since=on))
        return [part.id for part in parts_of_previews(replace(digest, priorities=(resting, *others)))]

    kept = [part.id for part in others]
    assert since(7) == kept
    assert since(6) == [first.id, *kept], "its end is told in this digest"
    assert since(70, "off_track") == [first.id, *kept]


def test_the_stand_in_of_somebody_who_is_away_sees_their_part() -> None:
    here = [make.member("ana", delegate="bo"), make.member("bo", delegate="cy"), make.member("cy")]
    told = {"ana", "bo"}
    digest_on = date(2026, 11, 25)

    def seen(*members: Any) -> dict[str, tuple[str, ...]]:
        return receivers_of_previews(make.record(members=members, priorities=[]), digest_on, told)

    gone = (make.away("2026-11-23", "2026-11-24"),)
    assert seen(*here) == {"ana": ("ana",), "bo": ("bo",)}
    ana = replace(here[0], away=gone)
    assert seen(ana, *here[1:]) == {"bo": ("ana", "bo")}
    # Stand-ins don't chain: who has none that is there stays the receiver.
    bo = replace(here[1], away=gone)
    assert seen(ana, bo, here[2]) == {"ana": ("ana",), "cy": ("bo",)}
    assert seen(replace(ana, delegate=None), *here[1:]) == {"ana": ("ana",), "bo": ("bo",)}
    # Back on the day of the preview.
    assert seen(replace(ana, away=(make.away("2026-11-20", "2026-11-23"),)), *here[1:]) == {
        "ana": ("ana",),
        "bo": ("bo",),
    }
    assert seen(ana, replace(here[1], access="email_only"), here[2]) == {"ana": ("ana",)}
