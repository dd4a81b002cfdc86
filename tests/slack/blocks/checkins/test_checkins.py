"""Check-ins in every state, first contact and held messages: words in golden files, limits at the extremes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from bot.domain.checkins import CheckinForm, NextKey, Said
from bot.slack.blocks.checkins import checkin_view, closed_view, decision_asked_view, kept_view, opening_view
from bot.slack.blocks.people import who_sees_what_view
from bot.slack.blocks.sending import held_message
from bot.slack.message import Message, View
from bot.slack.moments import Clock
from bot.slack.rendering import prompts_message
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import (
    BY_LUIS,
    CLOSE,
    COORDINATORS,
    LONG,
    MONDAY,
    NEXT,
    READERS,
    answer,
    contact,
    earlier,
    form,
    held,
    item,
    many,
    prompts,
    question,
    questions,
    script,
)

EVENING = MONDAY.replace(hour=23)


def messages() -> dict[str, Message | View]:
    to_luis: dict[str, Any] = {"receiver": "luis", "receiver_name": "Luis Ferrer"}
    grant = item(
        subject_id=8, priority_name="Supplier and small-firm growth", last_assessment="at_risk", last_confidence=6
    )
    done = replace(item(), state="answered", answer=answer(has_private_note=True))
    by_luis = replace(item(), state="answered", answer=BY_LUIS)
    told = (
        Said("Is the headline measure bending the right way?", "cannot tell", is_text=False),
        Said("What explains the trend?", "Two cohorts <started>.", is_text=True),
    )
    stocktake = item(title="Monthly stocktake", sets_standing=False, readers=("the Steering Committee",))
    late: dict[str, Any] = {"kept": told, "kept_at": MONDAY.replace(day=20)}
    own_one = item(
        priority="imani",
        priority_name="How the room works",
        title="How the room works",
        is_own=True,
        sets_standing=False,
        readers=("the Family Access Working Group",),
        digest_at=None,
        last_assessment=None,
        last_confidence=None,
        minutes=2,
    )
    own_answer = answer(
        **dict.fromkeys(("assessment", "confidence", "confidence_before", "moved", "blocker", "ask", "ask_from_name")),
        next=None,
        has_private_note=True,
        more=(
            Said("Is the pace right?", "too slow", False),
            Said("What would make it better?", "Shorter agendas.", True),
        ),
    )
    scenes = {
        "first contact with an open check-in": prompts(item(), first_contact=contact()),
        "first contact of a stand-in whose zone is not known": prompts(
            item(kind="delegate"), first_contact=contact(stand_in=None, zone_known=False), **to_luis
        ),
        "first contact, confirmed, nothing open": prompts(done, first_contact=contact(confirmed=True)),
        "first contact, nothing open": prompts(done, first_contact=contact()),
        "first contact of whoever set it up": prompts(item(), first_contact=contact(set_up_by=None)),
        "asked": prompts(item()),
        "asked, with late words": prompts(item(**late)),
        "no change, with late words": prompts(replace(done, answer=answer(no_change=True, moved=None), **late)),
        "asked for a set of its own": prompts(stocktake),
        "a set of its own, answered": prompts(replace(stocktake, state="answered", answer=answer(more=told))),
        "a set of its own, closed": prompts(replace(stocktake, state="closed", answer=answer(more=told))),
        "answered, with a question beside the usual ones": prompts(
            replace(done, answer=answer(more=told, came_true="in_part"))
        ),
        "asked for the first time, in the evening": prompts(
            item(last_on=None, last_assessment=None, last_confidence=None, may_repeat=False), now=EVENING
        ),
        "two things": prompts(item(), grant, now=MONDAY.replace(hour=19)),
        "one of two done": prompts(done, grant),
        "both done": prompts(done, replace(grant, state="answered", answer=answer(assessment="at_risk"))),
        "asked again": prompts(item(kind="again", asked_again_by="Omar Castellanos"), now=CLOSE.replace(hour=12)),
        "reminded, the stand-in is asked too": prompts(
            item(kind="reminder", stand_in_asked_at=CLOSE.replace(hour=12)), now=CLOSE.replace(hour=13)
        ),
        "reminded": prompts(item(kind="reminder"), now=CLOSE.replace(hour=12)),
        "answered": prompts(done),
        "edited": prompts(replace(done, answer=answer(edited_at=MONDAY.replace(hour=21)))),
        "no change": prompts(replace(done, answer=answer(no_change=True, moved=None, ask=None, confidence=3))),
        "answered by the stand-in": prompts(by_luis),
        "closed with an answer": prompts(replace(done, state="closed")),
        "closed without an answer": prompts(replace(item(), state="closed")),
        "asked to stand in": prompts(item(kind="delegate"), **to_luis),
        "asked to stand in, not this time": prompts(item(kind="delegate", stand_in_declined=True), **to_luis),
        "reminded, the stand-in can't": prompts(
            item(kind="reminder", stand_in_asked_at=CLOSE.replace(hour=12), stand_in_declined=True),
            now=CLOSE.replace(hour=13),
        ),
        "stand-in answered": prompts(replace(by_luis, kind="delegate"), **to_luis),
        "stand-in, owner has answered": prompts(replace(done, kind="delegate"), **to_luis),
        "stand-in, a coordinator has answered": prompts(
            item(kind="delegate", state="answered", answer=answer(by="omar", by_name="Omar Castellanos")), **to_luis
        ),
        "stand-in, closed": prompts(item(kind="delegate", state="closed"), **to_luis),
        "asked for themselves": prompts(own_one),
        "asked for themselves, the first time": prompts(replace(own_one, last_on=None, may_repeat=False)),
        "reminded for themselves": prompts(replace(own_one, kind="reminder"), now=CLOSE.replace(hour=12)),
        "asked again for themselves": prompts(
            replace(own_one, kind="again", asked_again_by="Omar Castellanos"), now=CLOSE.replace(hour=12)
        ),
        "answered for themselves": prompts(replace(own_one, state="answered", answer=own_answer)),
        "their own answer, closed": prompts(replace(own_one, state="closed", answer=own_answer)),
        "closed without their own answer": prompts(replace(own_one, state="closed")),
        "asked to stand in for somebody themselves": prompts(replace(own_one, kind="delegate"), **to_luis),
        "first contact, asked for themselves": prompts(
            own_one,
            first_contact=contact(
                minutes=0,
                own_checkins=(
                    ("How the room works", "the first Wednesday of each month, 9:00 AM on each member's clock"),
                ),
            ),
        ),
        "more things than one message holds": prompts(*many(14)),
    }
    return {name: prompts_message(value) for name, value in scenes.items()}


EACH_TYPE = (
    question("pace", "choice", "How fast?", options=("slow", "fast"), required=True),
    question("helped", "choices", "What helped?", options=("time", "more_money"), initial="time\nmore_money"),
    question("sites", "choices", "Which sites?", options=tuple(f"site {n}" for n in range(12)), initial="site 11"),
    question("ready", "yes_no", "Is it ready?", initial="no"),
    question("sure", "scale", "How sure? (1 to 5)", min=1, max=5, initial="4"),
    question("seats", "number", "How many seats?", initial="48.5"),
    question("day", "date", "By when?", initial="2026-12-11"),
    question("who", "item_picker", "Who leads?", source="members", initial="lou", initial_name="Lou"),
    *(
        question(source, "item_picker", f"Which of {source}?", source=source)
        for source in ("organizations", "groups", "actions", "metrics", "priorities")
    ),
)


def own_form(**fields: Any) -> CheckinForm:
    """What asks somebody for themselves."""
    usual: dict[str, Any] = {
        "title": "How the room works",
        "priority_name": "How the room works",
        "is_own": True,
        "readers": ("the Family Access Working Group",),
        "headline": None,
        "earlier": None,
        "digest_at": None,
        "sets_standing": False,
        "questions": (
            question("pace", "choice", "Is the pace right?", required=True, options=("too_slow", "right")),
            question("better", "text", "What would make it better?"),
        ),
    }
    return form(**(usual | fields))


def forms() -> dict[str, Message | View]:
    reader = Clock("America/New_York", MONDAY)
    filled = questions(
        assessment="off_track", confidence="2", moved="One provider waits.", ask_from="harrow-county", next="A date."
    )
    return {
        "open": checkin_view(form()),
        "with an answer to edit": checkin_view(form(state="answered", questions=filled, came_true="in_part")),
        "for somebody else": checkin_view(
            form(for_name="Imani Rhodes", earlier=earlier("The steering decision is on the table.", by="Imani Rhodes"))
        ),
        "after a stand-in's answer, weeks ago": checkin_view(
            form(
                earlier=earlier(
                    "The records are clean.",
                    on=date(2026, 11, 3),
                    is_last_week=False,
                    by="Luis Ferrer",
                    for_name="Imani Rhodes",
                    is_for_reader=True,
                )
            )
        ),
        "without promise, figure and outcome": checkin_view(
            form(
                earlier=earlier(None),
                headline=None,
                digest_at=None,
                questions=tuple(replace(one, outcome_name=None, outcome_due=None) for one in questions()),
            )
        ),
        "other kinds of questions": checkin_view(
            form(
                questions=(
                    question("forecast", "number", "Where will it be?", required=True, initial="12.5"),
                    question("when", "date", "Until when?", initial="2026-12-01"),
                    question("many", "choice", "Which one?", options=tuple(f"choice_{n}" for n in range(12))),
                )
            )
        ),
        "every kind of question": checkin_view(form(questions=EACH_TYPE)),
        "closed": checkin_view(form(state="closed")),
        "sent after the close": closed_view(
            "Weekly priority update",
            reader,
            closed_at=CLOSE,
            next_opens_at=NEXT,
            coordinator="Dana Whitlock",
            words_kept=True,
        ),
        "opening": opening_view("Your update"),
        "of the next round": checkin_view(
            form(
                state="ahead",
                subject_id=0,
                ahead=NextKey("weekly-checkin", "family-access", datetime.fromisoformat("2026-12-01T09:00")),
            )
        ),
        "kept for the next round": kept_view(
            "Weekly priority update", reader, priority_name="Child care", opens_at=NEXT, for_name=None
        ),
        "kept for the next round, on behalf": kept_view(
            "Weekly priority update", reader, priority_name="Child care", opens_at=NEXT, for_name="Imani Rhodes"
        ),
        "a stocktake that asks for a decision": decision_asked_view("Monthly stocktake", "D-6"),
        "a stocktake of somebody who may not propose": decision_asked_view("Monthly stocktake", ""),
        "for themselves": checkin_view(own_form()),
        "for themselves, by somebody else": checkin_view(own_form(for_name="Imani Rhodes")),
        "kept for the next round, for themselves": kept_view(
            "How the room works",
            reader,
            priority_name="How the room works",
            opens_at=NEXT,
            for_name=None,
            is_own=True,
        ),
        "who sees what": who_sees_what_view((("Child care", READERS),), COORDINATORS),
        "who sees what, of two": who_sees_what_view((("One", READERS), ("Two", READERS)), COORDINATORS),
        "who sees what, of none": who_sees_what_view((), COORDINATORS),
        "who sees what, of somebody asked for themselves": who_sees_what_view(
            (), COORDINATORS, (), (("How the room works", ("#lb-access", "the Family Access Working Group")),)
        ),
        "who sees what, of actions": who_sees_what_view(
            (), COORDINATORS, ("#lb-access (public)", "the coordinators", "the Steering Committee")
        ),
    }


def held_ones() -> dict[str, Message | View]:
    return {
        "held": held_message(held()),
        "held, too late to send again": held_message(held(may_send_again=False)),
        "arrived": held_message(
            held(state="sent", reason="marked as arrived", resolved_by="Omar Castellanos", may_send_again=False)
        ),
        "being sent again": held_message(held(state="planned", reason="", resolved_by="Omar Castellanos")),
        "sent again": held_message(held(state="sent", reason="", resolved_by="Omar Castellanos")),
        "came too late": held_message(held(state="missed", reason="the round closed", resolved_by="Omar Castellanos")),
        "failed": held_message(held(state="failed", reason="the channel is archived", may_send_again=False)),
    }


@pytest.mark.parametrize(
    ("name", "scenes"),
    [
        ("checkin-messages.txt", messages()),
        ("checkin-forms.txt", forms()),
        ("held.txt", held_ones()),
    ],
)
def test_words(name: str, scenes: dict[str, Message | View]) -> None:
    check_golden(name, script(scenes))


def test_one_button_is_the_main_one() -> None:
    for name, surface in messages().items():
        primary = [
            element
            for block in surface.blocks
            for element in block.get("elements", [])
            if element.get("style") == "primary"
        ]
        assert len(primary) <= 1, name


def test_the_longest_words_fit() -> None:
    """Every entry at its limit, with characters that grow when they are escaped."""
    said = answer(moved="&" * 400, blocker="<" * 300, ask=">" * 300, next="&" * 300, ask_from_name="O" * 200)
    wide = [replace(one, answer=said, state="answered", priority_name="P" * 200) for one in many(10)]
    for items in (wide, many(10), [replace(one, kind="reminder") for one in many(10)]):
        message = prompts_message(prompts(*items, first_contact=contact()))
        assert not problems(message)
        assert len(message.blocks) <= 50
    long = form(
        title="T" * 40,
        priority_name="P" * 200,
        earlier=earlier(LONG),
        questions=tuple(replace(one, initial=LONG if one.type == "text" else None) for one in questions()),
    )
    assert not problems(checkin_view(long))
    assert not problems(held_message(held(reason=LONG, to="T" * 120)))


def test_first_contact_has_five_buttons_at_most_until_somebody_begins() -> None:
    """Whatever travels in it: what else can be done stands in menus, and nothing is lost."""
    for items in ((item(),), many(10), (item(kind="delegate"),), (item(kind="reminder"), *many(3))):
        for known in (True, False):
            message = prompts_message(prompts(*items, first_contact=contact(zone_known=known)))
            assert not problems(message)
            assert len(_of_type(message, "button")) <= 5
    asked = prompts_message(prompts(item(), first_contact=contact()))
    assert [one["text"]["text"] for one in _of_type(asked, "button")] == [
        "Sounds right",
        "Different time",
        "I'm away",
        "Who sees what?",
        "Answer",
    ]
    [menu] = _of_type(asked, "overflow")
    assert [one["text"]["text"] for one in menu["options"]] == ["No change since Nov 17"]
    full = prompts_message(prompts(item(), first_contact=contact(confirmed=True)))
    assert "No change since Nov 17" in [one["text"]["text"] for one in _of_type(full, "button")]


def _of_type(message: Message, kind: str) -> list[dict[str, Any]]:
    return [
        element
        for block in message.blocks
        for element in (*block.get("elements", ()), block.get("accessory") or {})
        if element.get("type") == kind
    ]


def test_peoples_words_cannot_act_as_markup() -> None:
    said = answer(moved="<!channel> *bold* ```code", next="<https://x.example|click>")
    text = str(prompts_message(prompts(item(state="answered", answer=said))).blocks)
    assert "<!channel>" not in text
    assert "<https" not in text
    assert "```" not in text
