"""Issues on screen: every state as written down, at no, one, some and too many items, and within limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.issues import (
    Escalation,
    IssueCard,
    IssueChange,
    IssueDecision,
    IssueForm,
    IssueList,
    IssueQuery,
    IssueReadBack,
    NewIssue,
)
from bot.domain.typed import Known
from bot.domain.vocabularies import DecisionStatus
from bot.slack.blocks.issues import (
    CLOSE_ISSUE_FORM,
    ESCALATION_FORM,
    NEW_ISSUE_FORM,
    Closing,
    add_hint_message,
    card_message,
    card_view,
    change_message,
    escalation_message,
    issue_post,
    list_message,
    read_back_message,
    unknown_list_message,
)
from bot.slack.message import Message, View
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, script

TODAY = date(2026, 11, 24)


def card(**fields: Any) -> IssueCard:
    """I-2 as Yolanda sees it, open."""
    usual: dict[str, Any] = {
        "id": "I-2",
        "title": "Evening teaching pay is below the private market",
        "priority_name": "Talent pathways",
        "status": "open",
        "raised": date(2026, 11, 11),
        "raised_by": "helen",
        "owner": "yolanda",
        "raised_by_name": "Helen Sato",
        "owner_name": "Yolanda Briggs",
        "impact": "Two cohorts at risk for spring",
        "escalated_to": None,
        "escalated_to_name": None,
        "escalated": None,
        "resolved": None,
        "note": None,
        "decisions": (),
        "agenda_on": None,
        "may_escalate": True,
        "may_change": True,
        "may_propose": True,
        "may_add_point": True,
        "today": TODAY,
    }
    return IssueCard(**(usual | fields))


def escalated(**fields: Any) -> IssueCard:
    usual: dict[str, Any] = {
        "status": "escalated",
        "escalated_to": "steering",
        "escalated_to_name": "Steering Committee",
        "escalated": TODAY,
    }
    return card(**(usual | fields))


PROPOSED = IssueDecision(id="D-6", status=DecisionStatus.NEEDED, needed_by=date(2026, 12, 11), decided_on=None)
HUGE = escalated(
    title=LONG[:150],
    impact=LONG[:200],
    note=LONG[:200],
    priority_name=LONG[:100],
    escalated_to_name=LONG[:80],
    raised_by_name=LONG[:80],
    owner_name=LONG[:80],
    decisions=tuple(replace(PROPOSED, id=f"D-{n}") for n in range(9)),
)


def listed(*cards: IssueCard, total: int | None = None, kind: str = "mine", **fields: Any) -> IssueList:
    usual: dict[str, Any] = {
        "query": IssueQuery(kind=kind, id=fields.pop("id", "")),
        "name": None,
        "cards": cards,
        "start": 0,
        "total": len(cards) if total is None else total,
        "today": TODAY,
        "may_add": True,
    }
    return IssueList(**(usual | fields))


def back(**fields: Any) -> IssueReadBack:
    usual: dict[str, Any] = {
        "token": "t0",
        "title": "No room for the evening cohort",
        "priority_name": "Talent pathways",
        "owner_name": "Yolanda Briggs",
        "new": NewIssue(title="", impact=fields.pop("impact", "One cohort")),
        "problems": (),
        "today": TODAY,
    }
    return IssueReadBack(**(usual | fields))


KEEPERS = (
    Known("everybody", "As usual: whoever reads the priority"),
    Known("wg-talent", "Only the Talent Working Group"),
    Known("coordinators", "Only the coordinators"),
)


def form(**fields: Any) -> IssueForm:
    usual: dict[str, Any] = {
        "token": "t0",
        "title": "",
        "priority": "talent-pathways",
        "priorities": (Known("talent-pathways", "Talent pathways"), Known("job-quality", "Job quality")),
        "impact": "",
        "owner": None,
        "readers": ("#lb-talent", "the coordinators", "the Steering Committee"),
        "problems": (),
        "keepers": KEEPERS,
        "visibility": "everybody",
    }
    return IssueForm(**(usual | fields))


SCENES: dict[str, Message | View] = {
    "posted": issue_post(escalated(may_change=False, may_propose=False)),
    "a decision is proposed": issue_post(escalated(decisions=(PROPOSED,))),
    "decisions came of it": issue_post(
        escalated(
            decisions=(
                replace(PROPOSED, status=DecisionStatus.DECIDED, decided_on=date(2026, 12, 10)),
                replace(PROPOSED, id="D-7", status=DecisionStatus.WITHDRAWN),
                replace(PROPOSED, id="D-8", status=DecisionStatus.DEFERRED),
            )
        )
    ),
    "on the agenda": issue_post(escalated(agenda_on=date(2027, 2, 3))),
    "resolved": issue_post(
        escalated(
            status="resolved", resolved=date(2026, 12, 10), note="Pay rises in January.", today=date(2026, 12, 10)
        )
    ),
    "parked": issue_post(escalated(status="parked", note="Until the budget is through.")),
    "posted, too much": issue_post(HUGE),
    "card": card_message(card()),
    "card, for a reader": card_view(
        escalated(may_change=False, may_escalate=False, may_propose=False, may_add_point=False)
    ),
    "card, resolved": card_message(card(status="resolved", resolved=date(2026, 11, 23), note="Pay rises.")),
    "card, of the coalition": card_message(card(priority_name=None, impact=None)),
    "card, too much": card_view(HUGE),
    "raised": change_message(IssueChange(what="raised", card=card())),
    "raised already": change_message(IssueChange(what="raised", card=card(), already=True)),
    "escalated": change_message(IssueChange(what="escalated", card=escalated())),
    "put on the agenda": change_message(IssueChange(what="agenda", card=escalated(agenda_on=date(2026, 12, 9)))),
    "resolved now": card_view(
        card(status="resolved"), IssueChange(what="resolved", card=card(status="resolved", note="Pay rises."))
    ),
    "parked now": change_message(IssueChange(what="parked", card=card(status="parked", note="Later."))),
    "open again": change_message(IssueChange(what="open", card=card())),
    "read back": read_back_message(back()),
    "read back with a problem": read_back_message(back(title="", impact=None, problems=("Write what is in the way.",))),
    "how to add": add_hint_message(),
    "unknown list": unknown_list_message("esclated", "escalated"),
}
LISTS: dict[str, Message | View] = {
    "none of mine": list_message(listed()),
    "none, for a funder": list_message(listed(kind="all", may_add=False)),
    "none of a priority": list_message(listed(kind="priority", name="Job quality")),
    "none of a status": list_message(listed(kind="status", id="parked")),
    "one": list_message(listed(card())),
    "some": list_message(listed(escalated(), card(), kind="group", name="Steering Committee")),
    "by status": list_message(listed(card(status="resolved"), kind="status", id="resolved")),
    "page one": list_message(listed(*[card(id=f"I-{n}") for n in range(5)], total=12)).view("Issues"),
    "last page": list_message(listed(card(), total=11, start=10, kind="all")),
    "too much": list_message(listed(*[HUGE] * 5, total=500, kind="all")),
}
FORMS: dict[str, Message | View] = {
    "new": NEW_ISSUE_FORM.view(form()),
    "new, too much": NEW_ISSUE_FORM.view(
        form(
            title=LONG[:150],
            impact=LONG[:200],
            priorities=tuple(Known(f"p{n}", LONG[:100]) for n in range(150)),
            problems=(LONG[:200],),
        )
    ),
    "escalate, as typed": escalation_message(
        Escalation(
            card=card(),
            groups=(Known("steering", "Steering Committee"),),
            chosen="steering",
            escalated_to=None,
            channel="lb-steering",
        )
    ),
    "escalate what only some see, as typed": escalation_message(
        Escalation(
            card=card(kept_to=("the coordinators", "those who have to do with it")),
            groups=(Known("steering", "Steering Committee"),),
            chosen="steering",
            escalated_to=None,
            channel="lb-steering",
        )
    ),
    "escalate": ESCALATION_FORM.view(
        Escalation(card=card(), groups=(Known("steering", "Steering Committee"),), chosen="steering", escalated_to=None)
    ),
    "escalate, too much": ESCALATION_FORM.view(
        Escalation(
            card=HUGE, groups=tuple(Known(f"g{n}", LONG[:100]) for n in range(150)), chosen=None, escalated_to="g1"
        )
    ),
    "resolve": CLOSE_ISSUE_FORM.view(Closing(card(), "resolve")),
    "park": CLOSE_ISSUE_FORM.view(Closing(HUGE, "park")),
}


@pytest.mark.parametrize(
    ("name", "scenes"), [("issues.txt", SCENES), ("issue-lists.txt", LISTS), ("issue-forms.txt", FORMS)]
)
def test_screens(name: str, scenes: dict[str, Message | View]) -> None:
    check_golden(name, script(scenes))


def test_what_people_wrote_is_no_markup() -> None:
    sly = escalated(title="<!channel> & *all*", impact="<@U1>", note="<!here>", escalated_to_name="*the* <b>")
    for surface in (issue_post(sly), card_message(sly), list_message(listed(sly))):
        assert not problems(surface)
        for block in surface.blocks:
            for part in (block.get("text", {}), *block.get("elements", ())):
                assert part.get("type") != "mrkdwn" or not {"<!", "<@"} & {part["text"][n : n + 2] for n in range(300)}
