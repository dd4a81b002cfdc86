"""The digest, the plan and the calendar as they are printed."""

from __future__ import annotations

import json

import pytest

from tests.cli.results import Backbeat, done, refused
from tests.processes import ROOT

GOLDEN = ROOT / "tests" / "golden" / "digest-limestone-bend.json"


@pytest.mark.parametrize("moment", ["2026-11-23T12:00:00-06:00", "2026-11-23T18:00:00Z", "2026-11-23T12:00"])
def test_the_digest_as_data_is_the_golden_one(imported: Backbeat, moment: str) -> None:
    assert done(imported("digest", "--as-of", moment, "--format", "json")) == GOLDEN.read_text(encoding="utf-8")


def test_the_digest_in_words(imported: Backbeat) -> None:
    text = done(imported("digest", "--as-of", "2026-11-23T12:00"))
    markdown = done(imported("digest", "--as-of", "2026-11-23T12:00", "--format", "markdown"))
    one = done(imported("digest", "--as-of", "2026-11-23T12:00", "--priority", "family-access"))
    for words in (text, markdown, one):
        assert "Child care and commute access" in words
        assert words.endswith("\n")
    assert "Talent pathways" in text
    assert "Talent pathways" not in one
    assert text != markdown
    page = done(imported("digest", "--as-of", "2026-11-23T12:00", "--format", "html", "--priority", "family-access"))
    assert page.startswith("<!DOCTYPE html>")
    assert page.count('<img src="data:image/png;base64,') == 1
    data = json.loads(done(imported("digest", "--format", "json", "--priority", "family-access")))
    assert [part["id"] for part in data["priorities"]] == ["family-access"]


def test_the_digest_of_now_is_that_of_the_calendar(imported: Backbeat) -> None:
    now = done(imported("digest", "--format", "json"))
    assert json.loads(now)["as_of"] == "2026-11-23T07:00:00-06:00"
    assert now == done(imported("digest", "--format", "json", "--as-of", "2026-11-23T07:00"))


def test_what_the_digest_cannot_be_asked_for(imported: Backbeat) -> None:
    assert refused(imported("digest", "--as-of", "yesterday")) == (
        "“yesterday” is not a moment. Write it as 2026-11-25T07:30 or 2026-11-25."
    )
    for text in ("0001-01-01", "9999-12-31"):
        assert refused(imported("digest", "--as-of", text)) == (
            f"“{text}” is too far away. Use a year from 1900 to 2199."
        )
    assert refused(imported("digest", "--priority", "housing")).startswith("There is no priority “housing”. Known: ")


def test_the_plan_in_markdown_and_as_a_page(imported: Backbeat) -> None:
    text = done(imported("plan", "--as-of", "2026-11-23T12:00"))
    assert text.startswith("# The plan: Limestone Bend Good Jobs Compact\n\n*As of November 23, 2026*\n")
    assert "- Federal regional workforce award: $4,800,000, active, public, restricted" in text
    page = done(imported("plan", "--format", "html"))
    assert page.startswith("<!DOCTYPE html>")
    assert '<img src="data:image/png;base64,' in page
    assert "$4,800,000" in page
    assert refused(imported("plan", "--as-of", "yesterday")).startswith("“yesterday” is not a moment.")


def test_the_public_page_holds_nothing_until_something_is_marked(imported: Backbeat) -> None:
    page = done(imported("plan", "--public"))
    assert "Nothing is marked public yet, so there is nothing to show here." in page
    assert "good job" not in page
    assert "$" not in page


def test_the_pack_in_markdown_and_as_a_page(imported: Backbeat) -> None:
    text = done(imported("pack", "steering"))
    assert text.startswith("# Pack: Steering Committee\n\n*Wed Feb 3, 2027, 9:00 AM Central, 2 hours · Limestone Bend")
    assert text.endswith("*Agenda: “/meeting agenda steering-quarterly” in Slack*\n")
    page = done(imported("pack", "steering-quarterly", "--format", "html"))
    assert page.startswith("<!DOCTYPE html>")
    assert page.count('<img src="data:image/png;base64,') == 6
    funders = done(imported("pack", "funders-quarterly"))
    assert funders.startswith("# Funders’ agenda: Funders Table\n")
    assert "$" not in funders
    assert refused(imported("pack", "steerng committee")) == (
        "There is no meeting “steerng committee”. Did you mean “steering-quarterly”?"
    )
    assert refused(imported("pack", "wg-talent-monthly")).startswith("Talent working group has no pack.")


def test_the_calendar_of_everybody_and_of_one_group(imported: Backbeat) -> None:
    every = done(imported("calendar"))
    assert every.startswith("BEGIN:VCALENDAR")
    assert every.count("RRULE:") == 10
    assert "RECURRENCE-ID;TZID=America/Chicago:20261126T130000" in every
    talent = done(imported("calendar", "--group", "talent", "--months", "3"))
    assert talent.count("BEGIN:VEVENT") == 1
    assert "UNTIL=20270210T200000Z" in talent
    assert refused(imported("calendar", "--group", "wg-x")).startswith("There is no group “wg-x”. These are there: ")
    assert refused(imported("calendar", "--months", "0")) == "Choose between 1 and 60 months."
