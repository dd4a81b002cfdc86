"""Actions, issues and decisions of a coalition file, and that their status agrees with their dates."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.coalition_file.known import Known
from bot.domain.coalition_file.plain import entry
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.record import ActionItem, ActionMove, Decision, Issue
from bot.domain.vocabularies import ActionStatus, DecisionStatus, IssueStatus, MoveAnswer, RecommendationFor

_TITLE = 500


def check_order(section: Section, earlier: str, first: date | None, later: str, second: date | None) -> None:
    """Note a problem where the later one of two days comes before the earlier one."""
    if section.good(earlier, later) and first is not None and second is not None and second < first:
        section.problem(later, f"is {second}, before `{earlier}`, which is {first}. Correct one of the two.")


def read_actions(top: Section, known: Known) -> tuple[ActionItem, ...]:
    found = []
    for section in top.entries("actions"):
        action = ActionItem(
            id=section.id(),
            title=section.need_text("title", _TITLE),
            deliverable=section.text("deliverable"),
            priority=section.ref("priority", known, "priority"),
            metric=section.ref("metric", known, "metric"),
            owner=section.need_ref("owner", known, "member"),
            organization=section.ref("organization", known, "organization"),
            created=section.need_day("created"),
            due=section.need_day("due"),
            status=section.choice("status", ActionStatus) or ActionStatus.NOT_STARTED.value,
            completed=section.day("completed"),
            blocked_reason=section.text("blocked_reason"),
            waiting_on=section.ref("waiting_on", known, "organization"),
            accepted=section.flag("accepted", default=True),
            source=section.text("source", 300),
            note=section.text("note"),
            moves=_read_moves(section),
            extra=section.extra(),
        )
        check_order(section, "created", action.created, "completed", action.completed)
        if not known.is_export:
            check_order(section, "created", action.created, "due", action.due)
        if section.fine("status"):
            _check_action(section, action, known)
        found.append(action)
    return tuple(found)


def _check_action(section: Section, action: ActionItem, known: Known) -> None:
    done = action.status == ActionStatus.DONE
    if done and not section.given("completed"):
        section.problem("completed", "is missing, and the action is done. Write the day it was done.")
    if section.given("completed") and not done:
        section.problem("completed", f"is given, and the status is {action.status}. Leave it out, or write done.")
    # What people leave open in daily use does not keep an export from being read.
    if action.status == ActionStatus.BLOCKED and not section.given("blocked_reason") and not known.is_export:
        section.problem("blocked_reason", "is missing, and the action is blocked. Write what is in the way.")


def _read_moves(action: Section) -> tuple[ActionMove, ...]:
    return tuple(
        ActionMove(
            before=section.day("from"),
            to=section.day("to"),
            on=section.day("on"),
            reason=section.text("reason"),
            answer=section.choice("answer", MoveAnswer),
            extra=section.extra(),
        )
        for section in action.entries("moves")
    )


def _write_move(move: ActionMove) -> dict[str, Any]:
    fields = {"from": move.before, "to": move.to, "on": move.on, "reason": move.reason, "answer": move.answer}
    return entry(fields, move.extra)


def write_action(action: ActionItem) -> dict[str, Any]:
    fields = {
        "id": action.id,
        "title": action.title,
        "deliverable": action.deliverable,
        "priority": action.priority,
        "metric": action.metric,
        "owner": action.owner,
        "organization": action.organization,
        "created": action.created,
        "due": action.due,
        "status": action.status,
        "completed": action.completed,
        "blocked_reason": action.blocked_reason,
        "waiting_on": action.waiting_on,
        "accepted": None if action.accepted else False,
        "source": action.source,
        "note": action.note,
        "moves": [_write_move(move) for move in action.moves],
    }
    return entry(fields, action.extra, always=("priority",))


def read_issues(top: Section, known: Known) -> tuple[Issue, ...]:
    found = []
    for section in top.entries("issues"):
        issue = Issue(
            id=section.id(),
            title=section.need_text("title", _TITLE),
            priority=section.ref("priority", known, "priority"),
            raised_by=section.need_ref("raised_by", known, "member"),
            owner=section.need_ref("owner", known, "member"),
            raised=section.need_day("raised"),
            status=section.choice("status", IssueStatus) or IssueStatus.OPEN.value,
            escalated_to=section.ref("escalated_to", known, "group"),
            escalated=section.day("escalated"),
            resolved=section.day("resolved"),
            impact=section.text("impact"),
            note=section.text("note"),
            extra=section.extra(),
        )
        check_order(section, "raised", issue.raised, "escalated", issue.escalated)
        check_order(section, "raised", issue.raised, "resolved", issue.resolved)
        if section.fine("status"):
            _check_issue(section, issue, known)
        found.append(issue)
    return tuple(found)


def _check_issue(section: Section, issue: Issue, known: Known) -> None:
    resolved = issue.status == IssueStatus.RESOLVED
    if resolved and not section.given("resolved"):
        section.problem("resolved", "is missing, and the issue is resolved. Write the day it was.")
    if section.given("resolved") and not resolved:
        section.problem("resolved", f"is given, and the status is {issue.status}. Leave it out, or write resolved.")
    if issue.status == IssueStatus.ESCALATED and not section.given("escalated_to"):
        section.problem("escalated_to", "is missing, and the issue is escalated. Write the id of a group.")
    if issue.status == IssueStatus.OPEN and section.given("escalated_to") and not known.is_export:
        section.problem("escalated_to", "is given, and the status is open. Leave it out, or write escalated.")


def write_issue(issue: Issue) -> dict[str, Any]:
    fields = {
        "id": issue.id,
        "title": issue.title,
        "priority": issue.priority,
        "raised_by": issue.raised_by,
        "owner": issue.owner,
        "raised": issue.raised,
        "status": issue.status,
        "escalated_to": issue.escalated_to,
        "escalated": issue.escalated,
        "resolved": issue.resolved,
        "impact": issue.impact,
        "note": issue.note,
    }
    return entry(fields, issue.extra, always=("priority",))


def read_decisions(top: Section, known: Known) -> tuple[Decision, ...]:
    found = []
    for section in top.entries("decisions"):
        decision = Decision(
            id=section.id(),
            title=section.need_text("title", _TITLE),
            priority=section.ref("priority", known, "priority"),
            decider=section.need_ref("decider", known, "group"),
            accountable=section.ref("accountable", known, "member"),
            needed_by=section.day("needed_by"),
            status=section.choice("status", DecisionStatus) or DecisionStatus.NEEDED.value,
            options=section.texts("options", 150),
            recommended=section.text("recommended", 150),
            recommendation_for=section.choice("recommendation_for", RecommendationFor),
            decided_on=section.day("decided_on"),
            outcome=section.text("outcome"),
            delegated=section.flag("delegated"),
            why=section.text("why"),
            note=section.text("note"),
            extra=section.extra(),
        )
        if section.fine("status"):
            decided = decision.status == DecisionStatus.DECIDED
            if decided and not section.given("decided_on"):
                section.problem("decided_on", "is missing, and the decision is decided. Write the day it was.")
            if section.given("decided_on") and not decided:
                section.problem(
                    "decided_on", f"is given, and the status is {decision.status}. Leave it out, or write decided."
                )
        if section.good("recommended") and decision.recommended not in decision.options:
            raw = section.data.get("options")
            if not section.given("options") or (isinstance(raw, list) and decision.recommended not in raw):
                mend = suggest(decision.recommended or "", decision.options)
                section.problem(
                    "recommended", f"is {shown(decision.recommended)}, which is none of the options. {mend}"
                )
        found.append(decision)
    return tuple(found)


def write_decision(decision: Decision) -> dict[str, Any]:
    fields = {
        "id": decision.id,
        "title": decision.title,
        "priority": decision.priority,
        "decider": decision.decider,
        "accountable": decision.accountable,
        "needed_by": decision.needed_by,
        "status": decision.status,
        "options": decision.options,
        "recommended": decision.recommended,
        "recommendation_for": decision.recommendation_for,
        "decided_on": decision.decided_on,
        "outcome": decision.outcome,
        "delegated": decision.delegated or None,
        "why": decision.why,
        "note": decision.note,
    }
    return entry(fields, decision.extra, always=("priority",))
