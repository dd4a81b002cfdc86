"""A canvas's text: a week of the sample, what a channel may not read, and people's words that do nothing there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain import wording
from bot.domain.canvases import CanvasPage, LastWords, NextMeeting, Post, Told
from bot.domain.digests import Digest
from bot.sandbox.canvases import trouble_of
from bot.slack.canvases import canvas_text
from bot.slack.canvases.markdown import MOST, escaped
from tests.slack.digest_cases import empty_start, huge, one_priority, the_week
from tests.slack.readable import check_golden

LINK = "https://limestone-bend.slack.com/archives/C1/p1"
CHANGED = "Last changed Wed Nov 25, 2026, 7:40 AM Central."


def page_of(digest: Digest, priority: str, *, told: bool = True) -> CanvasPage:
    """A priority's page as of a digest that was told a moment ago."""
    part = next(one for one in digest.priorities if one.id == priority)
    zone = ZoneInfo(digest.timezone)
    return CanvasPage(
        digest=digest,
        part=part,
        told=Told(digest=digest, part=part) if told else None,
        next_digest_at=None if told else datetime(2026, 12, 4, 7, 30, tzinfo=zone),
        latest=Post("C1", "1.0", digest.moment) if told else None,
        meetings=(NextMeeting("1. Working | group", datetime(2026, 12, 1, 10, 0, tzinfo=zone)),),
    )


def text_of(page: CanvasPage | LastWords) -> str:
    return canvas_text(page, lambda _page: "Wed Nov 25").markdown(CHANGED, LINK)


@pytest.mark.parametrize("priority", ["supplier-growth", "talent-pathways"])
def test_what_stands_there_in_a_week_of_the_sample(priority: str) -> None:
    check_golden(f"canvas-{priority}.md", text_of(page_of(the_week(), priority)))


def test_before_the_first_digest_it_says_when_that_comes() -> None:
    text = text_of(page_of(empty_start(), "p1", told=False))
    assert "told in the first digest, Fri Dec 4" in text
    assert "Owner says" not in text
    assert "No figure is set up yet." in text


def test_what_an_owner_said_since_the_digest_is_not_told_yet() -> None:
    digest = the_week()
    page = page_of(digest, "supplier-growth")
    newer = replace(
        page.part, blocker="A secret until Friday", standing=replace(page.part.standing, assessment="paused")
    )
    text = text_of(replace(page, part=newer))
    assert text == text_of(page)


def test_no_amount_no_pipeline_and_no_recommendation_is_ever_there() -> None:
    digest = the_week()
    amounts = {one.amount for one in digest.sources} | {
        share.amount for one in digest.sources for share in one.allocations
    }
    assert len(amounts) > 5
    for part in digest.priorities:
        secret = replace(part.decisions_needed[0], title="Spend $412,000 more") if part.decisions_needed else None
        part = replace(part, decisions_needed=(secret,)) if secret is not None else part
        text = text_of(replace(page_of(digest, part.id), part=part))
        told = [wording.amount(one, digest.currency) for one in amounts] + [one.name for one in digest.sources]
        told += [one.recommended for one in part.decisions_needed if one.recommended] + ["412,000"]
        assert [one for one in told if escaped(one) in text] == []


def test_a_small_figure_stays_withheld() -> None:
    page = page_of(one_priority(), one_priority().priorities[0].id)
    [metric] = page.part.metrics
    assert metric.latest is not None
    hidden = replace(metric, withheld=True, latest=replace(metric.latest, value=None), figures=())
    text = text_of(replace(page, part=replace(page.part, metrics=(hidden,))))
    assert "withheld, too few reported" in text
    assert "| 40 " not in text


@pytest.mark.parametrize(
    "words", ["considerable improvements", "*_`[x](https://example.org)<!channel> # ~~ | & \\", "ü" * 40]
)
def test_it_stays_short_enough_for_one_edit_however_much_there_is(words: str) -> None:
    digest = huge(words)
    for part in digest.priorities:
        text = text_of(page_of(digest, part.id))
        assert len(text) <= MOST
        assert trouble_of(text) is None
    assert " of " in text


def test_peoples_words_open_nothing() -> None:
    digest = the_week()
    page = page_of(digest, "supplier-growth")
    wild = "# ![x](https://example.org/a.png) [y](https://example.org) <!channel> ![](@U1) | `a` *b*\n- [ ] c"
    actions = replace(page.part.actions, open=tuple(replace(one, title=wild) for one in page.part.actions.open))
    outcome = page.part.next_outcome
    assert outcome is not None
    part = replace(page.part, actions=actions, next_outcome=replace(outcome, name=wild))
    text = text_of(replace(page, part=part))
    assert trouble_of(text) is None
    assert "](https://example.org" not in text.replace("\\]", "").replace(f"]({LINK})", "")
    assert "\n# " not in text
    assert "\n- \\[" not in text
    rows = [line for line in text.split("\n") if line.startswith("| ")]
    assert {line.count("|") for line in rows} == {4, 7}


def test_only_the_moment_of_the_change_leaves_it_the_same() -> None:
    page = page_of(the_week(), "supplier-growth")
    text = canvas_text(page, lambda _page: "Wed Nov 25")
    assert text.markdown("One", LINK) != text.markdown("Another", None)
    later = replace(page, digest=replace(page.digest, moment=datetime(2026, 11, 25, 18, tzinfo=UTC)))
    assert canvas_text(later, lambda _page: "Wed Nov 25").hash == text.hash
    other = replace(page, meetings=())
    assert canvas_text(other, lambda _page: "Wed Nov 25").hash != text.hash


def test_last_words_say_why() -> None:
    text = text_of(LastWords(name="Talent", why="Work on this priority ended Fri Nov 27."))
    assert text.startswith("Work on this priority ended Fri Nov 27.")
    assert "Figures" not in text
