"""Decisions on screen: every state as written down, at no, one, some and too many items, and within limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.decisions import (
    Count,
    DecisionCard,
    DecisionChange,
    DecisionForm,
    DecisionList,
    DecisionOutcome,
    DecisionQuery,
    DecisionReadBack,
    VoiceLine,
    WaitingDecision,
)
from bot.domain.typed import Known
from bot.domain.vocabularies import DecisionStatus
from bot.slack.blocks.decisions import (
    ASIDE_FORM,
    DATE_FORM,
    NEW_DECISION_FORM,
    RECORD_FORM,
    REOPEN_FORM,
    add_hint_message,
    ballot_view,
    card_message,
    card_view,
    change_message,
    decision_item,
    decision_post,
    list_message,
    outcome_post,
    read_back_message,
    unknown_list_message,
    waiting_item,
)
from bot.slack.message import Message, View
from bot.slack.moments import Clock
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, script
from tests.tables import on_each

TODAY = date(2026, 11, 24)
READER = Clock("America/Chicago", datetime(2026, 12, 9, 15, tzinfo=UTC))
MOVE = "Move $150,000 from spring marketing to instructor pay"
LORNAS = VoiceLine(
    voice="harrow-county",
    voice_name="Harrow County Executive Office",
    choice="option",
    option="Move it",
    by_name="Marcus Teal",
    on_behalf_of_name="Lorna Pruitt",
)
CHAMBER = VoiceLine(voice="bend-chamber", voice_name="Bend Area Chamber")
OBJECTION = VoiceLine(
    voice="kessler",
    voice_name="Kessler Drive Systems",
    choice="object",
    reason="Marketing fills the spring cohort.",
    by_name="Tom Delacroix",
)


def counted(answered: int = 3, **fields: Any) -> Count:
    usual: dict[str, Any] = {
        "rule": "consensus_then_two_thirds",
        "voices": 7,
        "needed": 5,
        "answered": answered,
        "tally": (("Move it", answered), ("Keep the plan", 0)),
        "abstained": 0,
        "objections": 0,
        "talks": 0,
        "result": None,
        "why": "quorum",
    }
    return Count(**(usual | fields))


def card(**fields: Any) -> DecisionCard:
    """D-2 as the channel sees it."""
    usual: dict[str, Any] = {
        "id": "D-2",
        "title": MOVE,
        "priority_name": "Talent pathways",
        "decider": "steering",
        "decider_name": "Steering Committee",
        "proposed_by": "Three Creeks Workforce Board",
        "needed_by": date(2026, 12, 11),
        "status": "needed",
        "options": ("Move it", "Keep the plan"),
        "why": None,
        "recommended": None,
        "recommended_to_deciders": None,
        "count": counted(),
        "per_person": False,
        "chair_name": "Lorna Pruitt",
        "next_meeting": date(2027, 2, 3),
        "voices": (),
        "own": (),
        "issue": None,
        "changes_something": False,
        "decided_on": None,
        "outcome": None,
        "delegated": False,
        "note": None,
        "recorded_by_name": None,
        "is_working_group": False,
        "may_record": False,
        "may_set_aside": False,
        "today": TODAY,
    }
    return DecisionCard(**(usual | fields))


MARCUS = card(own=(LORNAS, CHAMBER), voices=(LORNAS, CHAMBER, OBJECTION), count=counted(2, objections=1))
DECIDED = card(
    status="decided",
    decided_on=date(2026, 12, 10),
    outcome="Move it",
    recorded_by_name="Dana Whitlock",
    count=counted(6, tally=(("Move it", 5), ("Keep the plan", 0)), abstained=1, result="Move it", why="carried"),
    today=date(2026, 12, 10),
)
HUGE = card(
    title=LONG[:150],
    why=LONG[:300],
    options=tuple(LONG[:74] + str(number) for number in range(5)),
    recommended=LONG[:75],
    priority_name=LONG[:100],
    decider_name=LONG[:80],
    proposed_by=LONG[:80],
    issue=Known("I-2", LONG[:150]),
    own=tuple(replace(LORNAS, voice=str(n), voice_name=LONG[:80], reason=LONG[:300]) for n in range(120)),
    voices=tuple(
        replace(OBJECTION, voice=str(n), voice_name=LONG[:80], reason=LONG[:300], by_name=LONG[:60]) for n in range(120)
    ),
    may_record=True,
    may_set_aside=True,
    count=counted(tally=()),
)


def listed(*cards: DecisionCard, total: int | None = None, kind: str = "mine", **fields: Any) -> DecisionList:
    usual: dict[str, Any] = {
        "query": DecisionQuery(kind=kind, id=fields.pop("id", "")),
        "name": None,
        "cards": cards,
        "start": 0,
        "total": len(cards) if total is None else total,
        "waiting": 0,
        "today": TODAY,
        "may_add": True,
    }
    return DecisionList(**(usual | fields))


KEEPERS = (
    Known("everybody", "As usual: whoever reads the priority"),
    Known("wg-talent", "Only the Talent Working Group"),
    Known("coordinators", "Only the coordinators"),
)


def form(**fields: Any) -> DecisionForm:
    usual: dict[str, Any] = {
        "token": "t0",
        "title": "Hire a second inspector",
        "decider": "steering",
        "deciders": (Known("steering", "Steering Committee"), Known("wg-talent", "Talent Working Group")),
        "next_meeting": date(2027, 2, 3),
        "needed_by": date(2026, 12, 9),
        "priority": "family-access",
        "priorities": (Known("family-access", "Child care and commute access"),),
        "options": ("County reserve", "Wait"),
        "why": "",
        "problems": (),
        "today": TODAY,
        "keepers": KEEPERS,
        "visibility": "everybody",
    }
    return DecisionForm(**(usual | fields))


def back(**fields: Any) -> DecisionReadBack:
    usual: dict[str, Any] = {
        "token": "t0",
        "title": "Hire a second inspector",
        "decider_name": "Steering Committee",
        "channel": "lb-steering",
        "priority_name": "Child care and commute access",
        "needed_by": date(2026, 12, 9),
        "options": ("County reserve", "Wait"),
        "problems": (),
        "is_complete": True,
        "today": TODAY,
    }
    return DecisionReadBack(**(usual | fields))


def item(value: DecisionCard) -> Message:
    blocks, text = decision_item(value, READER)
    return Message(text=text, blocks=tuple(blocks))


def waiting(value: DecisionCard) -> Message:
    blocks, text = waiting_item(WaitingDecision(value), READER)
    return Message(text=text, blocks=tuple(blocks))


def outcome(value: DecisionCard, **fields: Any) -> Message:
    usual: dict[str, Any] = {"to_deciders": False, "in_roll_up": False, "amounts": False}
    return outcome_post(DecisionOutcome(card=value, **(usual | fields)))


PASSED = card(
    may_record=True, may_set_aside=True, may_chase=True, has_meeting=True, today=date(2026, 12, 14), count=counted(1)
)
READY = card(may_record=True, may_set_aside=True, may_chase=True, count=counted(5, result="Move it", why="carried"))
CHASES: dict[str, Message | View] = {
    "its day has passed": waiting(PASSED),
    "its day has passed, no meeting ahead": waiting(replace(PASSED, has_meeting=False)),
    "its day has passed, to a chair who may not record": waiting(
        replace(PASSED, may_record=False, may_set_aside=False)
    ),
    "its day has passed, title withheld": waiting(replace(PASSED, title=None)),
    "its day has passed, and the answers decide it": waiting(
        replace(PASSED, count=counted(5, result="Move it", why="carried"))
    ),
    "the rule is met": waiting(READY),
    "another day was found": waiting(replace(PASSED, needed_by=date(2026, 12, 18))),
    "recorded since": waiting(DECIDED),
    "the card, for whoever goes on with it": card_message(PASSED),
    "the card, before its day": card_message(replace(PASSED, today=TODAY)),
    "another day": DATE_FORM.view(PASSED),
    "decided, in the deciders' channel": outcome(DECIDED, to_deciders=True),
    "decided, in a priority's channel": outcome(DECIDED),
    "decided, where leadership's digest goes": outcome(
        replace(DECIDED, title="Hire two evening instructors"), in_roll_up=True
    ),
    "decided for an amount": outcome(replace(DECIDED, outcome="Move $90,000"), in_roll_up=True),
    "decided for an amount that all may see": outcome(
        replace(DECIDED, outcome="Move $90,000"), in_roll_up=True, amounts=True
    ),
    "taken back": outcome(card(status="withdrawn", note="The budget was cut by $20,000.")),
    "put off": outcome(card(status="deferred", note="Until spring.")),
    "put off, in the deciders' channel": outcome(card(status="deferred", note="Until spring."), to_deciders=True),
    "asked again": card_view(PASSED, DecisionChange(what="asked", card=PASSED, asked=("Kessler", "Bend Area Chamber"))),
    "asked today already": change_message(DecisionChange(what="asked", card=PASSED, already=True)),
    "too much, past its day": waiting(replace(HUGE, may_chase=True, has_meeting=True, today=date(2026, 12, 14))),
    "too much, ended": outcome(
        replace(HUGE, status=DecisionStatus.DECIDED, outcome=LONG[:150]), in_roll_up=True, amounts=True
    ),
    "nobody left to ask": change_message(DecisionChange(what="asked", card=PASSED)),
    "moved": change_message(DecisionChange(what="moved", card=replace(PASSED, needed_by=date(2026, 12, 18)))),
    "on an agenda": change_message(DecisionChange(what="agenda", card=replace(PASSED, needed_by=date(2027, 2, 3)))),
}


POSTS: dict[str, Message | View] = {
    "posted": decision_post(card()),
    "an objection stands": decision_post(card(count=counted(4, objections=1, talks=1))),
    "long options": decision_post(
        card(id="D-1", options=("Use county reserve", "Ask Halvorsen for a bridge", "Wait"), needed_by=None)
    ),
    "because of an issue": decision_post(
        card(why="Two instructors left.", issue=Known("I-2", "Evening teaching pay is below the private market"))
    ),
    "because of an issue, in its words": decision_post(
        card(
            why="Evening teaching pay is below the private market",
            issue=Known("I-2", "Evening teaching pay is below the private market"),
        )
    ),
    "one has answered": decision_post(card(count=counted(1))),
    "a change of a target": decision_post(
        card(title="Set the target to 260 people", options=("Approve", "Keep as it is"), changes_something=True)
    ),
    "by consensus, each person": decision_post(
        card(per_person=True, count=counted(0, rule="consensus", voices=1, needed=1), next_meeting=date(2026, 12, 9))
    ),
    "by majority": decision_post(card(count=counted(rule="majority"), next_meeting=None)),
    "by the chair": decision_post(card(count=counted(rule="chair"))),
    "decided": decision_post(DECIDED),
    "decided from outside": decision_post(
        replace(DECIDED, note="from Lorna Pruitt's e-mail of Dec 9", count=counted(0, tally=()))
    ),
    "decided from outside, a sentence": decision_post(
        replace(DECIDED, note="By telephone on Dec 9, five of seven agreed.", count=counted(0, tally=()))
    ),
    "decided at a meeting": decision_post(
        replace(
            DECIDED,
            title="The hall is booked.",
            outcome="The hall is booked.",
            note="at the Talent working group",
            recorded_by_name=None,
            count=counted(0, tally=()),
        )
    ),
    "decided in a file": decision_post(replace(DECIDED, note=None, recorded_by_name=None, count=counted(0, tally=()))),
    "decided by a working group": decision_post(
        replace(DECIDED, delegated=True, note="Agreed by the chairs", outcome="Agreed")
    ),
    "put off": decision_post(card(status="deferred", note="Until the budget is through.")),
    "taken back": decision_post(card(status="withdrawn", note="The college found the money.")),
    "too much": decision_post(HUGE),
}
CARDS: dict[str, Message | View] = {
    "Marcus": card_message(MARCUS),
    "a coordinator": card_view(
        card(voices=(LORNAS, CHAMBER), others=(LORNAS, CHAMBER), may_record=True, may_set_aside=True)
    ),
    "another group's": card_message(card(title=None)),
    "decided": card_message(replace(DECIDED, voices=(LORNAS, OBJECTION))),
    "put off": card_view(card(status="deferred", note="Later.", may_record=True, may_set_aside=True)),
    "more options than buttons": card_message(
        card(own=(CHAMBER,), options=tuple(f"Option {number}" for number in range(1, 8)))
    ),
    "item": item(card(own=(CHAMBER,))),
    "item, answered": item(card(own=(LORNAS,))),
    "item, written down": item(card(own=(replace(LORNAS, by_name="Dana Whitlock", written_down=True),))),
    "item, decided": item(replace(DECIDED, own=(LORNAS,))),
    "too much": card_message(HUGE),
    "item, too much": item(replace(HUGE, own=(CHAMBER,))),
}
CHANGES: dict[str, Message | View] = {
    "answered": change_message(DecisionChange(what="answered", card=card(own=(LORNAS,)), voice=LORNAS)),
    "answered, another voice is left": change_message(DecisionChange(what="answered", card=MARCUS, voice=LORNAS)),
    "answered in place of a stand-in": change_message(
        DecisionChange(what="answered", card=card(own=(OBJECTION,)), voice=OBJECTION, before=LORNAS)
    ),
    "proposed": change_message(DecisionChange(what="proposed", card=card(id="D-6"))),
    "proposed already": change_message(DecisionChange(what="proposed", card=card(id="D-6"), already=True)),
    "proposed to nobody": change_message(
        DecisionChange(what="proposed", card=card(needed_by=None, count=counted(0, voices=0)))
    ),
    "recorded": change_message(DecisionChange(what="recorded", card=DECIDED)),
    "recorded already": change_message(DecisionChange(what="recorded", card=DECIDED, already=True)),
    "put off": card_view(card(), DecisionChange(what="deferred", card=card(status="deferred", note="Later."))),
    "asked again": change_message(DecisionChange(what="needed", card=card())),
    "read back": read_back_message(back()),
    "read back without a date": read_back_message(back(needed_by=None, priority_name=None, channel=None)),
    "read back with a problem": read_back_message(
        back(title="", decider_name="", problems=("Write what is to be decided.",))
    ),
    "how to add": add_hint_message(),
    "unknown list": unknown_list_message("decied", "decided"),
    "unknown list, nothing near": unknown_list_message("qqqq", ""),
}
LISTS: dict[str, Message | View] = {
    "none of mine": list_message(listed()),
    "none of mine, for a member": list_message(listed(may_add=False)),
    "none of a priority": list_message(listed(kind="priority", name="Job quality")),
    "none that one may see": list_message(listed(kind="log", may_add=False, sight="You see your own.")),
    "one": list_message(listed(card(own=(CHAMBER,)), waiting=1)),
    "some": list_message(listed(card(own=(LORNAS,)), DECIDED, card(title=None), kind="log")),
    "page one": list_message(listed(*[card(id=f"D-{n}", own=(CHAMBER,)) for n in range(5)], total=12, waiting=7)).view(
        "Decisions"
    ),
    "last page": list_message(
        listed(card(status="deferred"), card(status="withdrawn"), total=12, start=10, kind="group", name="Steering")
    ),
    "by status": list_message(listed(DECIDED, kind="status", id="decided")),
    "too much": list_message(listed(*[HUGE] * 5, total=500, kind="log")),
}
FORMS: dict[str, Message | View] = {
    "new": NEW_DECISION_FORM.view(form()),
    "new, about an issue": NEW_DECISION_FORM.view(form(why="Evening teaching pay", next_meeting=None, issue="I-2")),
    "new, too much": NEW_DECISION_FORM.view(
        form(
            title=LONG[:150],
            deciders=tuple(Known(f"g{n}", LONG[:100]) for n in range(150)),
            priorities=tuple(Known(f"p{n}", LONG[:100]) for n in range(150)),
            options=tuple(LONG[:75] for _ in range(5)),
            why=LONG[:300],
            problems=(LONG[:200],),
        )
    ),
    "ballot": ballot_view(card(own=(LORNAS,), recommended_to_deciders="Move it")),
    "ballot, two voices": ballot_view(MARCUS, "object"),
    "ballot, not answered": ballot_view(card(own=(replace(CHAMBER, on_behalf_of_name="Grant Okafor"),))),
    "ballot, for somebody": ballot_view(card(others=(LORNAS, CHAMBER))),
    "ballot, and for somebody": ballot_view(card(own=(LORNAS,), others=(CHAMBER,))),
    "ballot, too much": ballot_view(replace(HUGE, options=tuple(f"Option {n} {LONG[:60]}" for n in range(120)))),
    "record": RECORD_FORM.view(card(voices=(LORNAS, CHAMBER, OBJECTION), count=counted(2, objections=1))),
    "record what only some see": RECORD_FORM.view(card(kept_to=("the coordinators", "those who have to do with it"))),
    "record what carries": RECORD_FORM.view(
        card(count=counted(5, result="Move it", why="carried"), is_working_group=True, changes_something=True)
    ),
    "record, too much": RECORD_FORM.view(HUGE),
    "put off or take back": ASIDE_FORM.view(card()),
    "take back": ASIDE_FORM.view(card(status="deferred")),
    "ask again": REOPEN_FORM.view(card(status="deferred")),
}


@on_each(
    ("name", "scenes"),
    [
        ("decision-posts.txt", POSTS),
        ("decision-cards.txt", CARDS),
        ("decision-changes.txt", CHANGES),
        ("decision-lists.txt", LISTS),
        ("decision-forms.txt", FORMS),
        ("decision-chases.txt", CHASES),
    ],
)
def test_screens(name: str, scenes: dict[str, Message | View]) -> None:
    check_golden(name, script(scenes))


def test_no_choice_of_a_vote_is_the_main_one() -> None:
    for surface in (decision_post(card()), card_message(MARCUS), item(card(own=(CHAMBER,)))):
        assert "primary" not in str(surface.blocks)


def test_a_recommendation_for_deciders_stands_only_where_they_answer() -> None:
    secret = card(own=(CHAMBER,), recommended_to_deciders="Keep the plan for now", may_record=True, may_set_aside=True)
    for surface in (
        decision_post(secret),
        card_message(secret),
        item(secret),
        RECORD_FORM.view(secret),
        ASIDE_FORM.view(secret),
    ):
        assert "for now" not in str(surface)
    assert "for now" in str(ballot_view(secret).blocks)


def test_asking_again_keeps_a_day_that_is_ahead() -> None:
    days = [
        REOPEN_FORM.view(card(status="deferred", needed_by=day)).blocks[-1]["element"]
        for day in (TODAY, date(2026, 11, 23))
    ]
    assert [one.get("initial_date") for one in days] == ["2026-11-24", None]


def test_what_people_wrote_is_no_markup() -> None:
    sly = card(title="<!channel> & *all*", why="<@U1>", options=("<!here>", "b"), decider_name="<a|b>")
    for surface in (decision_post(sly), card_message(replace(sly, own=(CHAMBER,))), RECORD_FORM.view(sly)):
        assert not problems(surface)
        for block in surface.blocks:
            for part in (block.get("text", {}), *block.get("elements", ())):
                if part.get("type") == "mrkdwn":
                    assert "<!" not in part["text"]
                    assert "<@" not in part["text"]
