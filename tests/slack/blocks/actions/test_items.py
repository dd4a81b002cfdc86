"""Action items on screen: every state as written down, at no, one, some and too many items, and within limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.actions import (
    ActionCard,
    ActionChange,
    ActionForm,
    ActionList,
    ListQuery,
    ReadBack,
    UnknownList,
)
from bot.domain.typed import Known
from bot.slack.blocks.actions import (
    CHANGE_ACTION_FORM,
    NEW_ACTION_FORM,
    ChangeForm,
    add_hint_message,
    card_message,
    card_view,
    change_message,
    list_message,
    read_back_message,
    unknown_list_message,
)
from bot.slack.blocks.home import home_view
from bot.slack.blocks.menu import menu_message
from bot.slack.message import Message, View
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, page, script
from tests.tables import on_each

TODAY = date(2026, 11, 23)
SINCE = datetime(2026, 11, 23, 20, 10, tzinfo=UTC)
OMAR = "Omar Castellanos"


def card(**fields: Any) -> ActionCard:
    """Grant's term sheet, as Grant sees it."""
    usual: dict[str, Any] = {
        "id": "A-202",
        "title": "Draft the loan pool term sheet",
        "owner": "grant",
        "owner_name": "Grant Okafor",
        "organization": "bend-chamber",
        "organization_name": "Bend Area Chamber",
        "due": date(2026, 11, 12),
        "status": "in_progress",
        "days_overdue": 11,
        "priority": None,
        "priority_name": "Supplier and small-firm growth",
        "deliverable": "Two-page draft",
        "completed": None,
        "reason": None,
        "note": None,
        "waiting_on": None,
        "waiting_on_name": None,
        "accepted": True,
        "asked_by_name": None,
        "asked_by_organization": None,
        "readers": ("#lb-suppliers", "the coordinators", "the Steering Committee"),
        "may_change": True,
        "may_answer": False,
        "today": TODAY,
    }
    return ActionCard(**(usual | fields))


ASKED = card(
    id="A-206",
    title="Send four buyers the forecast form",
    due=date(2026, 12, 4),
    status="not_started",
    days_overdue=0,
    deliverable=None,
    accepted=False,
    asked_by_name=OMAR,
    asked_by_organization="Limestone Bend Partnership",
)
ACCEPTED = card(id="A-206", due=date(2026, 12, 4), status="not_started", days_overdue=0)
INSPECTION = card(
    id="A-301",
    title="Get a fire inspection date for the east side provider",
    organization="harrow-county",
    organization_name="Harrow County Executive Office",
    due=date(2026, 10, 9),
    days_overdue=45,
    status="blocked",
    reason="The inspector post is vacant",
    waiting_on="harrow-county",
    waiting_on_name="Harrow County Executive Office",
)
WAITING = card(
    id="A-102",
    title="Send the shared intake form to legal at all three partners",
    organization_name="Three Creeks Workforce Board",
    status="blocked",
    reason="The college has not returned its privacy wording",
    waiting_on="bend-river-cc",
    waiting_on_name="Bend River Community College",
    due=date(2026, 10, 30),
    days_overdue=24,
)
HUGE = card(title=LONG[:150], deliverable=LONG[:150], reason=LONG[:200], note=LONG, status="blocked", owner_name=LONG)


def back(**fields: Any) -> ReadBack:
    usual: dict[str, Any] = {
        "token": "t0",
        "title": "Send four buyers the forecast form",
        "owner_name": "Grant Okafor",
        "organization_name": "Bend Area Chamber",
        "due": date(2026, 12, 4),
        "priority_name": "Supplier and small-firm growth",
        "is_asked": True,
        "assumed": (),
        "problems": (),
        "is_complete": True,
        "today": TODAY,
    }
    return ReadBack(**(usual | fields))


def listed(*cards: ActionCard, total: int | None = None, kind: str = "overdue", **fields: Any) -> ActionList:
    usual: dict[str, Any] = {
        "query": ListQuery(kind=kind, id=fields.pop("id", "")),
        "name": None,
        "cards": cards,
        "start": 0,
        "total": len(cards) if total is None else total,
        "organizations": len({one.organization_name for one in cards}),
        "today": TODAY,
    }
    return ActionList(**(usual | fields))


KEEPERS = (
    Known("everybody", "As usual: whoever reads the priority"),
    Known("wg-talent", "Only the Talent Working Group"),
    Known("coordinators", "Only the coordinators"),
)


def form(**fields: Any) -> ActionForm:
    usual: dict[str, Any] = {
        "token": "t0",
        "title": "Send four buyers the forecast form",
        "owner": Known("grant", "Grant Okafor"),
        "due": date(2026, 12, 10),
        "next_meeting": date(2026, 12, 10),
        "priority": "supplier-growth",
        "priorities": (
            Known("supplier-growth", "Supplier and small-firm growth"),
            Known("job-quality", "Job quality"),
        ),
        "readers": ("#lb-suppliers", "the coordinators", "the Steering Committee"),
        "problems": (),
        "today": TODAY,
        "keepers": KEEPERS,
        "visibility": "everybody",
    }
    return ActionForm(**(usual | fields))


def change(what: str, shown: ActionCard, **fields: Any) -> ActionChange:
    usual: dict[str, Any] = {"undo": 7}
    return ActionChange(what=what, card=shown, **(usual | fields))


SCENES: dict[str, Message | View] = {
    "read back": read_back_message(back()),
    "read back, filled in": read_back_message(
        back(is_asked=False, assumed=("owner", "due"), priority_name=None, is_complete=False)
    ),
    "read back, unclear": read_back_message(
        back(problems=("November has 30 days. Try “Nov 30” or “Mon”.",), is_asked=False, is_complete=False)
    ),
    "added": change_message(change("added", ACCEPTED)),
    "added, asked": change_message(change("added", ASKED)),
    "added already": change_message(change("added", ACCEPTED, already=True, undo=None)),
    "undone, an added one": change_message(change("undone", card(id="A-206", status="cancelled"), undo=None)),
    "undone, a change": change_message(change("undone", card(), undo=None)),
    "undone, too late": change_message(change("kept", ACCEPTED, undo=None, since=SINCE, zone="America/Chicago")),
    "done": change_message(change("done", card(status="done", completed=TODAY, days_overdue=0))),
    "done already": change_message(
        change("done", card(status="done", completed=date(2026, 11, 9), days_overdue=0), already=True, undo=None)
    ),
    "in progress": change_message(change("started", card())),
    "moved": change_message(change("moved", ACCEPTED)),
    "moved for the third time": change_message(change("moved", replace(ACCEPTED, moves=3, is_asked=True))),
    "renewed": change_message(change("renewed", replace(ACCEPTED, moves=3))),
    "help asked for": change_message(change("help_asked", replace(ACCEPTED, moves=3))),
    "blocked": change_message(change("blocked", INSPECTION)),
    "cancelled": change_message(change("cancelled", card(status="cancelled"))),
    "accepted": change_message(change("accepted", ACCEPTED, asker_name=OMAR)),
    "other date": change_message(change("offered", ACCEPTED, asker_name=OMAR)),
    "handed back": change_message(change("declined", ACCEPTED, asker_name=None, undo=None)),
    "card": card_message(card()),
    "card, blocked": card_message(INSPECTION),
    "card, to read only": card_message(card(may_change=False, priority_name=None)),
    "card, done": card_message(card(status="done", completed=TODAY, days_overdue=0)),
    "card, waiting for a yes": card_message(ASKED),
    "card, asked of me": card_message(replace(ASKED, may_answer=True)),
    "card after a change": card_view(INSPECTION, change("blocked", INSPECTION)),
    "list, none": list_message(listed()),
    "list, none of mine": list_message(listed(kind="mine")),
    "list, none of a priority": list_message(listed(kind="priority", id="job-quality", name="Job quality")),
    "list, one": list_message(listed(card(), kind="mine")),
    "list, overdue": list_message(listed(INSPECTION, WAITING, card(), total=6, organizations=5)),
    "list, last page": list_message(
        listed(card(), kind="priority", id="supplier-growth", name="Supplier and small-firm growth", start=5, total=6)
    ),
    "list in a modal": list_message(listed(ASKED, kind="mine")).view("Actions"),
    "card, from a message": card_message(card(link="https://limestone-bend.slack.com/archives/C1/p17?a=1&b=2")),
    "form, from a message": NEW_ACTION_FORM.view(form(link="https://limestone-bend.slack.com/archives/C1/p17")),
    "list, not known": unknown_list_message(
        UnknownList(said="suplier", nearest="Supplier and small-firm growth", line="action list supplier-growth")
    ),
    "list, not known at all": unknown_list_message(UnknownList(said="qqqq")),
    "where no form can be opened": add_hint_message(),
    "form": NEW_ACTION_FORM.view(form()),
    "form, unclear": NEW_ACTION_FORM.view(
        form(problems=("November has 30 days. Try “Nov 30” or “Mon”.",), priority=None, next_meeting=None, owner=None)
    ),
    "new date": CHANGE_ACTION_FORM.view(ChangeForm(card(), "move")),
    "blocked form": CHANGE_ACTION_FORM.view(ChangeForm(card(), "block")),
    "other date form": CHANGE_ACTION_FORM.view(ChangeForm(ASKED, "offer")),
    "home": home_view(page(actions=(ASKED, card()), may_add_actions=True)),
    "menu": menu_message(page(actions=(ASKED, card()), may_add_actions=True), ["my actions", "add Call the bank"]),
}


def test_screens_are_as_written_down() -> None:
    check_golden("action-items.txt", script(SCENES))


@on_each(
    "surface",
    [
        card_message(HUGE),
        card_view(HUGE, change("moved", HUGE)),
        list_message(listed(*[HUGE] * 5, total=500, organizations=90)),
        read_back_message(back(title=LONG * 3, owner_name=LONG[:100], problems=(LONG[:200],))),
        NEW_ACTION_FORM.view(
            form(
                title=LONG[:150],
                priorities=tuple(Known(f"p-{number}", LONG[:90]) for number in range(300)),
                priority="p-1",
                problems=(LONG,),
            )
        ),
        CHANGE_ACTION_FORM.view(ChangeForm(HUGE, "block")),
        home_view(page(actions=(HUGE,) * 40, may_add_actions=True)),
        menu_message(page(actions=(HUGE,) * 40, may_add_actions=True), ["my actions"]),
    ],
)
def test_the_longest_words_fit(surface: Message | View) -> None:
    assert not problems(surface)
