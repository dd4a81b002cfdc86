"""Home, the menu, the week ahead and linking people: words in golden files, limits at the extremes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.coalition import checklist
from bot.domain.digests import ByHand, Edition, PassedOn, ToForward, compose
from bot.domain.home import Coordination, LatestDigest, Overview, RoundState, WeekCounts
from bot.domain.meetings import MeetingLine, MeetingRef
from bot.domain.outbox import DEACTIVATED, NO_DIRECT_MESSAGES, RESTRICTED
from bot.domain.people import AccountId, LinkRequest, Unlinked
from bot.domain.sending import Receiver
from bot.domain.typed import Known
from bot.domain.week import Along
from bot.errors import Mistyped
from bot.slack.blocks.coalition import coalition_message, live_words
from bot.slack.blocks.home import former_view, home_view, stranger_view
from bot.slack.blocks.menu import (
    choices_message,
    enough_message,
    form_message,
    help_message,
    menu_message,
    mistyped,
    nearest,
    nearest_message,
    small_talk_message,
    unknown_message,
)
from bot.slack.blocks.people import (
    link_view,
    me_message,
    not_set_up_message,
    notice_message,
    notice_view,
    stranger_message,
)
from bot.slack.blocks.week import started_view, week_view
from bot.slack.message import Message, View
from bot.slack.metadata import ListPages, decode, encode
from bot.slack.moments import Clock
from tests.sample import sample_record
from tests.slack.blocks import test_asks as test_blocks_asks
from tests.slack.blocks import test_issues as test_blocks_issues
from tests.slack.blocks.actions import test_items as test_blocks_action_items
from tests.slack.blocks.decisions import test_decisions as test_blocks_decisions
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import (
    CLOSE,
    MONDAY,
    OWNERS,
    coordination,
    cut_off_channel,
    entry,
    held,
    item,
    mail_only,
    many,
    me,
    not_reached,
    page,
    script,
    undelivered,
    unlinked,
    week,
)

SAMPLE = sample_record()
DIGEST = compose(SAMPLE, MONDAY)
PUBLISHED = LatestDigest(
    id=3,
    published_at=MONDAY - timedelta(days=3),
    sentence="1 of 4 priorities is off track. 2 decisions wait for the Steering Committee, the first by Fri Dec 4.",
)
EVERY_PRIORITY = frozenset(part.id for part in DIGEST.priorities)
TASKS = checklist(replace(SAMPLE, funding_sources=()))


STOCKTAKE = MeetingLine(
    ref=MeetingRef("stocktake", datetime.fromisoformat("2026-11-26T13:00:00")),
    name="Monthly priority stocktake",
    starts_at=datetime(2026, 12, 1, 19, tzinfo=UTC),
    minutes=90,
    zone="America/Chicago",
)


def overview(count: int = 1, **fields: Any) -> Overview:
    """What a person has beyond their own duties, each `count` times."""
    usual: dict[str, Any] = {
        "priorities": (DIGEST.priorities * count)[:count],
        "opens": EVERY_PRIORITY,
        "issues": (test_blocks_issues.card(),) * count,
        "meetings": (STOCKTAKE,) * count,
        "digest": PUBLISHED,
        "may_propose": True,
        "may_raise": True,
    }
    return Overview(**(usual | fields))


def channel(name: str = "lb-suppliers") -> Receiver:
    """A channel that takes no posts, where nothing was due yet."""
    return Receiver(name=f"#{name}", member=None, organization=None, lines=(), cut_off=cut_off_channel(name))


UNLINKED = tuple(
    Unlinked(member=f"m{number}", name=f"Person {number}", organization="Kessler") for number in range(150)
)
GRANT = Mistyped("I don't know anybody called “<grnat>”.", "<grnat>", Known("grant", "Grant Okafor"))
WORDS = ["answer", "me", "help"]


def by_hand() -> dict[str, Coordination]:
    """Two who read e-mail only, and what became of the digest for them."""
    done = PassedOn(to="P", by="Omar", at=MONDAY)
    first, second = (
        ByHand(member=f"m{number}", name=f"Person {number}", address=None, edition=Edition("roll_up"))
        for number in (1, 2)
    )
    it_has, other_has = replace(first, passed_on=done), replace(second, passed_on=done)
    readers = {"nobody yet": (first, second), "one waits": (it_has, second), "everybody": (it_has, other_has)}
    of: dict[str, Any] = {"published_at": PUBLISHED.published_at, "zone": "America/Chicago", "now": MONDAY}
    return {
        name: coordination(outside_slack=mail_only(2), to_forward=ToForward(readers=each, digest=1, **of))
        for name, each in readers.items()
    }


def homes() -> dict[str, Message | View]:
    busy = coordination(
        held=(held(),),
        undelivered=undelivered(channel(), not_reached(lines=2), not_reached(2)),
        outside_slack=(*unlinked(7), *mail_only(2)),
        link_requests=(LinkRequest(account=AccountId("U1"), unlinked=UNLINKED[:2]),),
    )
    return {
        **{f"passed on by hand: {name}": home_view(page(coordination=one)) for name, one in by_hand().items()},
        "an owner": home_view(page(open_checkins=(item(), item(kind="delegate", priority_name="Job quality")))),
        "an owner with everything": home_view(page(open_checkins=(item(),), may_record=True, overview=overview())),
        "an owner who waits for others": home_view(
            page(
                own_asks=(test_blocks_asks.card(), test_blocks_asks.answered("can_help"), test_blocks_asks.WAITING),
                overview=overview(),
            )
        ),
        "an owner of two actions": home_view(
            page(
                actions=(test_blocks_action_items.card(), test_blocks_action_items.card(id="A-205")),
                may_add_actions=True,
            )
        ),
        "leadership": home_view(
            page(
                decisions=(test_blocks_decisions.MARCUS,),
                to_end=(test_blocks_decisions.PASSED, test_blocks_decisions.READY),
                asks=(test_blocks_asks.card(),),
                overview=overview(priorities=(), issues=(), standings=DIGEST.priorities),
            )
        ),
        "an owner who reads the roll-up": home_view(
            page(overview=overview(standings=DIGEST.priorities, opens=frozenset({DIGEST.priorities[0].id})))
        ),
        "a coordinator with asks, figures and things to add": home_view(
            page(
                coordination=coordination(
                    asks=(test_blocks_asks.WAITING,),
                    counts=WeekCounts(
                        decisions=2,
                        first_by=date(2026, 12, 4),
                        overdue=6,
                        organizations=5,
                        not_reported=2,
                        figures=13,
                    ),
                    tasks=TASKS,
                ),
                overview=overview(0, digest=None, standings=DIGEST.priorities, opens=EVERY_PRIORITY),
            )
        ),
        "the round is closed": home_view(
            page(
                coordination=coordination(
                    round=RoundState(
                        asked=4, answered=4, without=(), closes_at=CLOSE, is_closed=True, cadence="weekly-checkin"
                    )
                )
            )
        ),
        "nothing waits": home_view(page()),
        "a funder": home_view(page(next_opens_at=None, reads_priorities=False, overview=overview(0))),
        "somebody who reads nothing yet": home_view(
            page(next_opens_at=None, reads_priorities=False, reads_funding=False, reads_digests=False)
        ),
        "nothing waits, not live": home_view(page(next_opens_at=None)),
        "a coordinator with much to do": home_view(page(coordination=busy)),
        "the second page of people": home_view(page(coordination=busy), {"people": 1}),
        "a page that is gone": home_view(page(coordination=coordination()), {"people": 9}),
        "a coordinator, draft": home_view(page(coordination=coordination(state="draft", live_at=None, round=None))),
        "a coordinator, in the middle of setting up": home_view(
            page(coordination=coordination(state="draft", live_at=None, round=None, in_setup=True, tasks=TASKS))
        ),
        "a coordinator, paused": home_view(
            page(
                coordination=coordination(state="paused", paused_at=datetime(2026, 11, 23, 14, 5, tzinfo=UTC)),
                next_opens_at=None,
            )
        ),
        "a coordinator who may not configure": home_view(page(coordination=coordination(may_configure=False))),
        "right after linking": home_view(page(coordination=coordination()), note="Linked: Yolanda Briggs"),
        "somebody unknown": stranger_view("Dana Whitlock"),
        "somebody who has left": former_view("You took part in River Forks until Mon Nov 30. Dana Whitlock can help."),
        "somebody unknown who has asked": stranger_view("Dana Whitlock", note="Dana Whitlock has your request."),
        "somebody unknown, no coordinator": stranger_view(None),
        "somebody unknown, in a message": stranger_message("Dana Whitlock"),
        "before the setup": not_set_up_message(),
        "the coalition's card": coalition_message(page(coordination=busy)),
        "the coalition's card for a member": coalition_message(page(open_checkins=(item(),))),
        "me": me_message(me()),
        "me, with little": me_message(
            me(priorities=(), stand_in=None, stands_in_for=("Imani Rhodes",), zone_known=False)
        ),
    }


def menus() -> dict[str, Message | View]:
    return {
        "one is open": menu_message(page(open_checkins=(item(),)), WORDS),
        "nothing is open": menu_message(page(), WORDS),
        "an answer waits": menu_message(
            page(decisions=(test_blocks_decisions.MARCUS,) * 2, asks=(test_blocks_asks.card(),)), WORDS
        ),
        "a coordinator": menu_message(page(coordination=coordination(outside_slack=unlinked(3))), [*WORDS, "link"]),
        "help": help_message("You can type these:", [("/checkin", "your open check-ins")], has_more=True),
        "help of a noun": help_message("This works:", [("/checkin", "your open check-ins")]),
        "thanks": small_talk_message(page(open_checkins=(item(),)), is_thanks=True),
        "ok": small_talk_message(page(), is_thanks=False),
        "stop": enough_message(page()),
        "stop, by a coordinator": enough_message(page(coordination=coordination())),
        "which of several": choices_message("Several figures fit “seats”. Which one?", [("Seats <open>", "seats 1")]),
        "did you mean": unknown_message("anwser", "checkin", shown="answer"),
        "a name was meant": nearest_message(GRANT, "coalition members <grnat>") or unknown_message("", None),
        "not understood": unknown_message("<qqq>", None),
        "not understood, with what can be typed": unknown_message("<qqq>", None, hint="Type “/coalition help”."),
        "a verb was meant": mistyped("metric", ("update", "list"), "updat seats 150") or unknown_message("", None),
        "a form for words": form_message("metric edit placed"),
        "refused": notice_message("Only the owner & a coordinator may do this."),
        "refused in a modal": notice_view("Backbeat", "Only the owner may do this."),
    }


def weeks() -> dict[str, Message | View]:
    reader = Clock("America/Chicago", MONDAY)
    live = page(coordination=coordination())
    return {
        "a draft": week_view(week(), may_start=True),
        "a draft, in the middle of setting up": week_view(week(entries=(), minutes=()), may_start=True, in_setup=True),
        "a draft, for somebody who may not start it": week_view(week(), may_start=False),
        "live, everybody reachable": week_view(
            week(state="live", outside_slack=(), missing_channels=(), not_sent_yet=(), minutes=(("Tom", 3),)),
            may_start=True,
        ),
        "what travels with something else, and what depends on what": week_view(
            week(
                state="live",
                entries=(
                    entry(
                        "ask",
                        "23 09:00",
                        people=OWNERS,
                        along=(
                            Along(what="due", cadence="", people=OWNERS),
                            Along(what="decision", cadence="Move the fair?", people=OWNERS[:1]),
                        ),
                    ),
                    entry(
                        "reminder",
                        "24 07:00",
                        people=OWNERS[:2],
                        along=(Along(what="delegate", cadence="", people=OWNERS[:2]),),
                    ),
                    entry("named", "24 15:00", people=("Helen Sato",)),
                ),
            ),
            may_start=True,
        ),
        "paused, nothing due": week_view(week(state="paused", entries=(), minutes=()), may_start=True),
        "started": started_view(reader, live_words(live)),
        "people to link": link_view(
            (
                *unlinked(2, reads_mail=True)[1:],
                *unlinked(1, open_checkins=2, trouble=NO_DIRECT_MESSAGES[RESTRICTED]),
                *mail_only(3)[2:],
            )
        ),
        "an account that is gone": link_view(unlinked(1, trouble=DEACTIVATED), linked="Tom Delacroix"),
        "nobody to link": link_view(()),
    }


@pytest.mark.parametrize(("name", "scenes"), [("home.txt", homes()), ("menu.txt", menus()), ("week.txt", weeks())])
def test_words(name: str, scenes: dict[str, Message | View]) -> None:
    check_golden(name, script(scenes))


def test_much_fits() -> None:
    """A hundred of everything stays within Slack's limits, and says of how many it shows some."""
    crowd = coordination(
        held=tuple(held(delivery_id=number) for number in range(100)),
        undelivered=undelivered(*(channel(f"c{n}") for n in range(100)), *(not_reached(n) for n in range(100))),
        outside_slack=(*unlinked(100), *mail_only(100)),
        asks=(test_blocks_asks.HUGE,) * 100,
        link_requests=(LinkRequest(account=AccountId("U1"), unlinked=UNLINKED),) * 100,
        counts=WeekCounts(
            decisions=40, first_by=date(2026, 12, 4), overdue=400, organizations=40, not_reported=40, figures=40
        ),
        tasks=TASKS * 10,
    )
    full = page(
        open_checkins=many(100),
        coordination=crowd,
        decisions=(test_blocks_decisions.HUGE,) * 100,
        asks=(test_blocks_asks.HUGE,) * 100,
        own_asks=(test_blocks_asks.HUGE,) * 100,
        to_end=(test_blocks_decisions.HUGE,) * 100,
        overview=overview(100, standings=DIGEST.priorities * 25),
    )
    surfaces: list[Message | View] = [
        home_view(full),
        menu_message(full, WORDS),
        coalition_message(full),
        link_view(crowd.outside_slack),
        link_view(crowd.outside_slack, page=4),
        link_view(crowd.outside_slack, page=99),
        week_view(
            week(
                outside_slack=crowd.outside_slack,
                missing_channels=tuple(f"channel-{number}" for number in range(100)),
                not_sent_yet=tuple(f"Cadence {number}" for number in range(100)),
                entries=tuple(
                    entry("ask", f"{day} {hour:02}:00", people=OWNERS * 20, cadence="C" * 200)
                    for day in range(23, 30)
                    for hour in range(24)
                ),
                minutes=tuple((f"Person {number}", number) for number in range(100)),
            ),
            may_start=True,
        ),
    ]
    for surface in surfaces:
        assert not problems(surface)
    assert "1–3 of 100" in str(home_view(full).blocks), "shorter pages, where all lists together are too many"
    assert "1–5 of 100" in str(home_view(page(open_checkins=many(100))).blocks)
    assert "181–200 of 200" in str(link_view(crowd.outside_slack, page=99).blocks)


def test_pages_turn_and_come_back() -> None:
    people = coordination(outside_slack=unlinked(7))
    first = home_view(page(coordination=people))
    turn = next(
        element
        for block in first.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == "turn_page"
    )
    assert decode(ListPages, turn["value"]) == ListPages({"people": 1})
    last = home_view(page(coordination=people), {"people": 1})
    back = next(
        element
        for block in last.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == "turn_page"
    )
    assert (back["text"]["text"], back["value"]) == ("First", encode(ListPages()))


@pytest.mark.parametrize(("typed", "meant"), [("anwser", "answer"), ("hepl", "help"), ("zzzz", None), ("", None)])
def test_nearest_word(typed: str, meant: str | None) -> None:
    assert nearest(typed, WORDS) == meant


def test_a_moment_is_read_on_the_readers_clock() -> None:
    noon = replace(Clock("America/Chicago", MONDAY))
    assert noon.words(MONDAY) == "8:00 AM today"
    assert noon.greeting == "Good morning"
    assert Clock("Europe/Berlin", MONDAY).words(MONDAY) == "3:00 PM today"
    assert "until {date_short_pretty}" in noon.token(MONDAY, "until ")
