"""Digests that one person looks at: every screen at nothing, one, usual and too many, and inside Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.checkins import Upcoming, UpcomingRounds
from bot.domain.digests import (
    EVERYTHING,
    FUNDER,
    NOTHING,
    PRIORITY,
    ROLL_UP,
    Copy,
    DigestLeftOut,
    DigestMoved,
    DigestPost,
    Edition,
    FeedingRound,
    Overview,
    PastDigests,
    Published,
    Query,
    Reading,
    SendOutcome,
    SendQuestion,
    Sight,
    TwoDigests,
    as_seen,
)
from bot.slack.blocks.digests import (
    copies_message,
    copy_post,
    left_out_message,
    move_digest_view,
    moved_view,
    outcome_message,
    overview_message,
    past_message,
    question_message,
    reading_message,
    reading_view,
)
from bot.slack.message import Message, View
from tests.slack import digest_cases as cases
from tests.slack.readable import check_golden, dump
from tests.slack.refusals import problems
from tests.tables import on_each

WEEK = cases.the_week()
HUGE = cases.huge()
NOW = datetime(2026, 11, 24, 22, tzinfo=UTC)
NEXT = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)
ZONE = "America/Chicago"
LATER = NEXT + timedelta(days=9)
TWO = TwoDigests(
    cadence="weekly-digest",
    slot=datetime.fromisoformat("2026-11-27T07:30"),
    due_at=NEXT - timedelta(days=5),
    published_at=NOW - timedelta(hours=3),
    next_at=NEXT,
)
LEADERS = Edition(ROLL_UP)
TALENT = Edition(PRIORITY, "talent-pathways", "Talent pathways")
NEXT_RUNG = Edition(FUNDER, "next-rung", "Next Rung Fund")


def reading(**fields: Any) -> Reading:
    usual: dict[str, Any] = {
        "query": Query(),
        "edition": LEADERS,
        "editions": (LEADERS, TALENT, NEXT_RUNG),
        "digest": WEEK,
        "sight": EVERYTHING,
        "zone": ZONE,
        "now": NOW,
        "next_at": NEXT,
        "published_at": None,
        "late_since": None,
        "moved_from": None,
        "channels": ("lb-steering",),
    }
    return Reading(**(usual | fields))


def overview(**fields: Any) -> Overview:
    usual: dict[str, Any] = {
        "state": "live",
        "zone": ZONE,
        "now": NOW,
        "channels": ((LEADERS, "lb-steering"), (TALENT, "lb-talent")),
        "copies": (Copy(edition=LEADERS, is_subscribed=False), Copy(edition=TALENT, is_subscribed=True)),
        "previews": ("Talent pathways",),
        "next_at": NEXT,
        "latest": Published(id=3, published_at=NEXT - timedelta(days=5)),
        "may_send": False,
    }
    return Overview(**(usual | fields))


def past(count: int, page: int = 0) -> PastDigests:
    every = [Published(id=n, published_at=NEXT - timedelta(weeks=n)) for n in range(1, count + 1)]
    if every:
        every[0] = replace(every[0], sent_by_name="Omar <Castellanos>")
    shown = tuple(every[page * 10 : page * 10 + 10])
    return PastDigests(digests=shown, page=page, start=page * 10, total=count, zone=ZONE, now=NOW)


def asked(what: str, **fields: Any) -> SendQuestion:
    usual: dict[str, Any] = {
        "what": what,
        "zone": ZONE,
        "now": NOW,
        "name": "Friday leadership digest",
        "token": "weekly-digest:2026-W48:0",
        "regular_at": NEXT,
        "channels": ("lb-steering",),
        "copies": 2,
        "state": "live",
    }
    return SendQuestion(**(usual | fields))


def done(**fields: Any) -> SendOutcome:
    usual: dict[str, Any] = {"already": False, "zone": ZONE, "now": NOW, "sent_at": NOW}
    return SendOutcome(**(usual | {"channels": ("lb-steering",), "copies": 0} | fields))


def copy(edition: Edition, sight: Sight) -> Message:
    post = DigestPost(
        digest=as_seen(WEEK, sight),
        priority=None,
        channel="",
        sight=sight,
        posted_at=NEXT,
        late_since=None,
        moved_from=None,
        copy=edition,
    )
    return copy_post(post)


def ahead(*slots: str) -> UpcomingRounds:
    dates = tuple(
        Upcoming(slot=datetime.fromisoformat(one), local=datetime.fromisoformat(one), is_moved=False) for one in slots
    )
    return UpcomingRounds(id="weekly-digest", name="Friday <digest>", dates=dates, today=NOW.date())


def moved(count: int, **fields: Any) -> DigestMoved:
    """The digest of Dec 4 on Dec 1, with rounds that open two days after `NEXT` for three days."""
    opens = NEXT + timedelta(days=2)
    rounds = tuple(
        FeedingRound(f"c{number}", f"Check-in <{number}>", opens.replace(tzinfo=None), opens, opens + timedelta(days=3))
        for number in range(count)
    )
    usual: dict[str, Any] = {"name": "Friday <digest>", "at": NEXT + timedelta(days=4), "zone": "America/Chicago"}
    return DigestMoved(**(usual | {"rounds": rounds, "now": NOW} | fields))


many = tuple(Copy(edition=Edition(PRIORITY, f"p{n}", f"Priority <{n}>"), is_subscribed=False) for n in range(120))
SCREENS: dict[str, Message | View] = {
    "mine": overview_message(overview(), "https://example.slack.com/archives/C1/p1"),
    "mine, nothing": overview_message(overview(state="draft", channels=(), copies=(), previews=(), latest=None)),
    "mine, a coordinator": overview_message(overview(may_send=True, state="paused")),
    "mine, two come closely": overview_message(overview(may_send=True, close=TWO)),
    "left out": left_out_message(DigestLeftOut(zone=ZONE, now=NOW, name="Friday <digest>", at=NEXT, next_at=LATER)),
    "left out already, none follows": left_out_message(
        DigestLeftOut(zone=ZONE, now=NOW, name="Friday digest", at=NEXT, next_at=None, already=True)
    ),
    "copies": copies_message(overview(), "Talent pathways comes to you from the next digest on."),
    "copies, none": copies_message(overview(copies=())),
    "copies, too many": copies_message(overview(copies=many)),
    "past, none": past_message(past(0)),
    "past, one": past_message(past(1)),
    "past, many": past_message(past(23)).view("Past digests"),
    "past, the last page": past_message(past(23, 2)),
    "send early": question_message(asked("early", open_updates=("Talent pathways", "Job quality"))),
    "send again": question_message(asked("again", published_at=NOW, sent_by_name="Omar Castellanos")),
    "send, none planned": question_message(asked("extra", copies=0)),
    "send, planned": question_message(asked("planned")),
    "send, waiting": question_message(asked("planned", regular_at=NOW, waiting="not in #lb-steering")),
    "send, draft": question_message(asked("off", state="draft")),
    "send, nothing set up": question_message(asked("none")),
    "sent early": outcome_message(done(regular_at=NEXT, copies=1)),
    "sent by somebody": outcome_message(done(already=True, sent_by_name="Dana Whitlock")),
    "move one": move_digest_view(ahead("2026-12-04T07:30", "2026-12-11T07:30")),
    "move one, nothing ahead": move_digest_view(ahead()),
    "moved, its round is ahead": moved_view(moved(1)),
    "moved, its round is open and fits": moved_view(
        moved(1, at=NEXT + timedelta(days=6), now=NEXT + timedelta(days=3))
    ),
    "moved, two rounds": moved_view(moved(2)),
    "moved already, nothing feeds it": moved_view(moved(0, already=True)),
    "a preview": reading_view(reading(sight=NOTHING)),
    "a published one": reading_view(reading(query=Query(3), published_at=NEXT, edition=NEXT_RUNG)),
    "a preview as a message": reading_message(reading(edition=TALENT, editions=(TALENT,))),
    "copy for an owner": copy(LEADERS, Sight(priorities=frozenset({"talent-pathways"}))),
    "copy for a funder": copy(NEXT_RUNG, Sight(pipeline_of="next-rung")),
}


def test_every_screen_is_that_of_the_golden_file() -> None:
    check_golden("digest-reading.txt", "\n".join(f"## {name}\n{dump(screen)}" for name, screen in SCREENS.items()))


@on_each("name", SCREENS)
def test_every_screen_fits_slack(name: str) -> None:
    assert problems(SCREENS[name]) == []


def test_too_much_is_paged_and_nothing_of_it_is_lost() -> None:
    editions = (LEADERS, *(Edition(PRIORITY, part.id, part.name) for part in HUGE.priorities))
    whole, number = "", 0
    while True:
        one = reading(digest=HUGE, editions=editions, query=Query(3, LEADERS.key, number), published_at=NEXT)
        for screen in (reading_view(one), reading_message(one)):
            assert problems(screen) == []
        shown = dump(reading_view(one))
        whole += shown
        number += 1
        if "[First page]" in shown:
            break
        assert "[Next page]" in shown
    assert f"Page {number} of {number}" in shown
    assert number > 1
    for count in range(1, len(HUGE.priorities) + 2):
        assert f"Reply {count} of {len(HUGE.priorities) + 1}" in whole
    for decision in HUGE.decisions_needed:
        assert f"{decision.id}, by" in whole
    # A page that is not there any more is the last one.
    late = reading(digest=HUGE, editions=editions, query=Query(3, LEADERS.key, 99), published_at=NEXT)
    assert f"Page {number} of {number}" in dump(reading_view(late))


def test_a_funder_who_sits_in_steering_sees_no_other_funders_applications() -> None:
    seen = as_seen(WEEK, Sight(everything=True, pipeline_of="halvorsen"))
    text = reading_message(reading(digest=seen)).blocks
    assert "applied for" not in str(text)
    assert "in talks" not in str(text)
    assert "$600,000 secured of $1,100,000" in str(text)
    assert "applied for" in str(reading_message(reading()).blocks)
