"""The week to come as text: what a coordinator reads before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.outbox import BY_EMAIL_ONLY, DEACTIVATED, NOT_LINKED, Trouble
from bot.domain.people import OutsideSlack
from bot.domain.week import (
    BESIDE,
    OF_ITEMS,
    OF_KINDS,
    Along,
    NotSent,
    WeekEntry,
    WeekPreview,
    What,
    phrase,
)
from bot.domain.week.week_wording import CONDITIONS, PHRASES
from bot.files.week_text import week_as_text
from tests.tables import on_each


def entry(what: str = "ask", at: str = "2026-11-23T09:00", **fields: Any) -> WeekEntry:
    local = datetime.fromisoformat(at)
    return WeekEntry(what=what, cadence="weekly", at=local.replace(tzinfo=UTC), local=local, **fields)


def person(trouble: Trouble, name: str = "Ana Ruiz", **fields: Any) -> OutsideSlack:
    return OutsideSlack(member="ana", name=name, organization="Acme", access="member", trouble=trouble, **fields)


NOTHING = WeekPreview(
    coalition_name="Test coalition",
    zone="America/Chicago",
    state="draft",
    start=datetime(2026, 11, 23, 13, tzinfo=UTC),
    entries=(),
    minutes=(),
    outside_slack=(),
    missing_channels=(),
    not_sent_yet=(),
)


def test_a_week_without_anything_says_so() -> None:
    assert week_as_text(NOTHING) == (
        "Test coalition: the week from Mon Nov 23, before anything is sent.\n\nNothing is due in these seven days.\n"
    )


def test_a_whole_week() -> None:
    preview = replace(
        NOTHING,
        entries=(
            entry(
                people=("Ana Ruiz", "Ben Cho"),
                moved=True,
                along=(Along(what="actions", cadence="", people=("Ana Ruiz",)),),
            ),
            entry(
                at="2026-11-23T10:00",
                people=("Cal Ode",),
                along=(Along(what="due", cadence="", people=("Cal Ode",)),),
            ),
            entry("reminder", "2026-11-24T07:00", people=("Ana Ruiz",)),
            entry("delegate", "2026-11-24T10:00", people=("Cal Ode",)),
            entry("close", "2026-11-24T15:00", people=("Ana Ruiz",)),
            entry("digest", "2026-11-25T07:30", channels=("lb-steering", "lb-talent")),
            entry("agenda", "2026-11-25T08:00", channels=("lb-talent",)),
            entry("meeting", "2026-11-26T14:00", people=("Ana Ruiz",)),
            entry("agenda", "2026-11-27T08:00"),
            entry("meeting", "2026-11-27T14:00"),
            entry("digest", "2026-12-01T00:05", channels=("late",)),
        ),
        minutes=(("Ana Ruiz", 3), ("Ben Cho", 12)),
        outside_slack=(
            person(NOT_LINKED),
            person(BY_EMAIL_ONLY, "Ben Cho"),
            person(DEACTIVATED, "Cal Ode", reads_mail=True),
        ),
        missing_channels=("lb-talent",),
        not_sent=(NotSent(what="due", cadence="", name="Cal Ode", reason="waits in Home"),),
        not_sent_yet=("Backbone sync", "Convening"),
    )
    assert week_as_text(preview) == (
        "Test coalition: the week from Mon Nov 23, before anything is sent.\n"
        "\n"
        "Mon Nov 23\n"
        "   9:00 AM  weekly to Ana Ruiz, Ben Cho (moved); with it action list to Ana Ruiz\n"
        "  10:00 AM  weekly to Cal Ode; with it an action that is due (unless it is done) to Cal Ode\n"
        "\n"
        "Tue Nov 24\n"
        "   7:00 AM  reminder, only if no answer, to Ana Ruiz\n"
        "  10:00 AM  stand-ins, only if no answer, to Cal Ode\n"
        "   3:00 PM  close\n"
        "\n"
        "Wed Nov 25\n"
        "   7:30 AM  digest to #lb-steering, #lb-talent\n"
        "   8:00 AM  agenda of weekly to #lb-talent\n"
        "\n"
        "Thu Nov 26\n"
        "   2:00 PM  weekly itself with Ana Ruiz\n"
        "\n"
        "Fri Nov 27\n"
        "   8:00 AM  agenda of weekly to nobody yet\n"
        "   2:00 PM  weekly itself with nobody yet\n"
        "\n"
        "Tue Dec 1\n"
        "  12:05 AM  digest to #late\n"
        "\n"
        "Minutes this week: Ana Ruiz 3, Ben Cho 12.\n"
        "Above 10: Ben Cho.\n"
        "\n"
        "Not reachable yet:\n"
        "  Ana Ruiz (Acme): not linked to a Slack account\n"
        "  Ben Cho (Acme): reads e-mail only, and e-mail isn't set up\n"
        "\n"
        "By e-mail until Slack reaches them: Cal Ode.\n"
        "\n"
        "Channels the bot is not in: #lb-talent.\n"
        "\n"
        "Not sent:\n"
        "  Cal Ode: an action that is due (waits in Home)\n"
        "\n"
        f"{BESIDE}\n"
        "\n"
        "Kept and listed, not sent by this version: Backbone sync, Convening.\n"
    )


@pytest.mark.parametrize(("minutes", "line"), [(10, "Nobody above 10."), (11, "Above 10: Ana Ruiz.")])
def test_ten_minutes_a_week_are_enough(minutes: int, line: str) -> None:
    assert week_as_text(replace(NOTHING, minutes=(("Ana Ruiz", minutes),))).splitlines()[-1] == line


@on_each("what", What)
def test_every_kind_of_entry_has_words(what: What) -> None:
    assert phrase(what, "weekly") in week_as_text(replace(NOTHING, entries=(entry(what, people=("Ana Ruiz",)),)))


def test_what_depends_on_answers_says_so() -> None:
    assert set(PHRASES) == set(What)
    assert {What.REMINDER, What.DELEGATE, What.DECISION, What.DUE, What.REPORT, What.NAMED} <= set(CONDITIONS)
    assert {*OF_ITEMS.values(), *OF_KINDS.values()} <= set(What)
