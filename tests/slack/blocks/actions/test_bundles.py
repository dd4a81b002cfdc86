"""Action items inside a message of many things: every state as written down, at one and too many, within limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.actions import HELP_ASKED, RENEWED, ActionAnswer, ActionRequest, ListedAction, OwnActions, ThirdMove
from bot.domain.checkins import BundleItem, Prompts
from bot.domain.outbox import Item
from bot.domain.vocabularies import ActionStatus
from bot.slack.identifiers import IN_BUNDLE
from bot.slack.message import Message, View
from bot.slack.rendering import prompts_message
from tests.slack.blocks.actions.test_items import ACCEPTED, ASKED, card
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, MONDAY, contact, item, prompts, script

FORECASTS = card(
    id="A-203",
    title="Collect sourcing forecasts from four anchor buyers",
    due=date(2027, 2, 12),
    status="not_started",
    days_overdue=0,
)
DONE = card(status="done", completed=date(2026, 11, 23), days_overdue=0)
DUE = replace(FORECASTS, due=date(2026, 11, 23), status=ActionStatus.BLOCKED, reason="The buyers wait for the form")


def bundle(*items: tuple[Item, Any], **fields: Any) -> Prompts:
    """Grant's message with these items."""
    usual: dict[str, Any] = {"receiver": "grant", "receiver_name": "Grant Okafor", "zone": "America/Chicago"}
    shown = tuple(BundleItem(kind, str(number), value) for number, (kind, value) in enumerate(items))
    return prompts(**(usual | {"now": MONDAY.replace(hour=15), "items": shown} | fields))


def own(*actions: ListedAction, **fields: Any) -> tuple[Item, OwnActions]:
    usual: dict[str, Any] = {"actions": actions, "total": len(actions), "minutes": 2}
    return Item.ACTION_LIST, OwnActions(**(usual | fields))


MOVED = card(due=date(2027, 1, 15), days_overdue=0, moves=3, is_asked=True)


def third(**fields: Any) -> tuple[Item, ThirdMove]:
    usual: dict[str, Any] = {"card": MOVED, "answer": None}
    return Item.ACTION_MOVED, ThirdMove(**(usual | fields))


def request(state: str = "asked", **fields: Any) -> tuple[Item, ActionRequest]:
    shown = ASKED if state == "asked" else replace(ACCEPTED, title=ASKED.title)
    usual: dict[str, Any] = {"card": shown, "state": state, "asker_name": "Omar Castellanos"}
    return Item.ACTION_REQUEST, ActionRequest(**(usual | fields))


def answer(what: str, **fields: Any) -> tuple[Item, ActionAnswer]:
    usual: dict[str, Any] = {
        "id": "A-206",
        "title": ASKED.title,
        "what": what,
        "who_name": "Grant Okafor",
        "due": date(2026, 12, 4),
        "today": date(2026, 11, 23),
        "holds": True,
    }
    return Item.ACTION_ANSWER, ActionAnswer(**(usual | fields))


def update(**fields: Any) -> tuple[Item, Any]:
    """Grant's own check-in."""
    usual: dict[str, Any] = {
        "priority_name": "Supplier and small-firm growth",
        "last_assessment": "at_risk",
        "last_confidence": 6,
        "last_on": date(2026, 11, 3),
        "readers": ("#lb-suppliers", "the Steering Committee"),
    }
    return Item.ASK, item(**(usual | fields))


TERM_SHEET, FORECAST = ListedAction(card=card()), ListedAction(card=FORECASTS)


def scenes() -> dict[str, Message | View]:
    done = ListedAction(card=DONE, undo=12)
    found = {
        "an update and two actions": bundle(update(), own(TERM_SHEET, FORECAST)),
        "one of three done": bundle(update(), own(done, FORECAST)),
        "only a list": bundle(own(TERM_SHEET)),
        "all done": bundle(
            own(done, ListedAction(card=replace(DONE, id="A-203", status=ActionStatus.CANCELLED)), minutes=0)
        ),
        "five of twelve": bundle(own(*(replace_id(f"A-{n}") for n in range(1, 6)), total=12)),
        "replaced by a newer list": bundle(own(done, FORECAST, is_over=True, minutes=0)),
        "due today": bundle((Item.ACTION_DUE, OwnActions(actions=(ListedAction(card=DUE),), total=1))),
        "moved for the third time": bundle(third()),
        "moved for the third time, renewed": bundle(third(card=replace(MOVED, is_asked=False), answer=RENEWED)),
        "moved for the third time, help": bundle(third(card=replace(MOVED, is_asked=False), answer=HELP_ASKED)),
        "moved for the third time, done": bundle(third(card=DONE)),
        "asked by another organization": bundle(request()),
        "asked, below an update": bundle(update(), request()),
        "said yes": bundle(request("accepted")),
        "offered another date": bundle(
            request("offered", card=replace(ACCEPTED, title=ASKED.title, due=date(2026, 12, 11)))
        ),
        "handed back": bundle(request("declined")),
        "taken back": bundle(request("withdrawn")),
        "kept from whoever handed it back": bundle(request("withdrawn", card=None)),
        "first contact with a list only": bundle(own(TERM_SHEET), first_contact=contact(stand_in=None)),
        "first contact with an update and actions": bundle(
            update(), own(TERM_SHEET, FORECAST), first_contact=contact(stand_in="Marcus Teal")
        ),
        "first contact with a request only": bundle(request(), first_contact=contact(stand_in=None)),
        "first contact of an owner, with a request only": bundle(
            request(),
            first_contact=contact(
                stand_in="Marcus Teal",
                owned=("Supplier and small-firm growth",),
                readers=("#lb-suppliers", "the Steering Committee"),
            ),
        ),
        "told: yes": bundle(answer("accepted")),
        "told: another date": bundle(answer("offered", due=date(2026, 12, 11))),
        "told: no": bundle(answer("declined")),
        "told, and changed since": bundle(answer("accepted", holds=False)),
    }
    return {name: prompts_message(value) for name, value in found.items()}


def replace_id(key: str) -> ListedAction:
    return ListedAction(card=replace(FORECASTS, id=key))


def test_words() -> None:
    check_golden("action-bundles.txt", script(scenes()))


def test_the_longest_words_fit() -> None:
    long = card(title=LONG, reason=LONG, status="blocked", waiting_on_name=None)
    asked = replace(ASKED, title=LONG, deliverable=LONG)
    many = [request(card=asked) for _one in range(30)]
    listed = own(*(ListedAction(card=replace(long, id=f"A-{n}")) for n in range(5)), total=40)
    message = prompts_message(bundle(update(), listed, *many, answer("declined", title=LONG), first_contact=contact()))
    assert not problems(message)
    assert "the rest is in Home" in str(message.blocks[-1])


def test_what_is_pressed_in_a_bundle_can_be_told_by_its_block() -> None:
    """And each block with buttons keeps its name while the message is shown anew."""
    message = prompts_message(bundle(update(), own(TERM_SHEET, FORECAST)))
    rows = [block for block in message.blocks if block["type"] == "actions"]
    assert len(rows) == 4
    assert all(block["block_id"].startswith(IN_BUNDLE) for block in rows)
    again = prompts_message(bundle(update(), own(ListedAction(card=DONE, undo=1), FORECAST)))
    assert rows[2] in list(again.blocks)
