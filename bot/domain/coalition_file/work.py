"""Actions, issues and decisions of a coalition file, and that their status agrees with their dates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.coalition_file.kinds import DAY, FLAG, ID, choice, many, moment, ref, text, texts
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import Field, Kind, Merging, Shape, always
from bot.domain.record import ActionItem, ActionMove, Decision, DecisionAnswer, Issue
from bot.domain.vocabularies import (
    ActionStatus,
    DecisionStatus,
    IssueStatus,
    MoveAnswer,
    RecommendationFor,
    Visibility,
    VoiceSaid,
    words,
)

_TITLE = text(500)


def _read_visibility(section: Section, key: str) -> str | None:
    typed, groups = section.text(key), section.known["group"]
    if typed is None or typed in groups or typed in words(Visibility):
        return typed
    mend = suggest(typed, [*words(Visibility), *groups])
    section.problem(
        key, f"is {shown(typed)}. Write one of {', '.join(words(Visibility))}, or a group's id. {mend}".rstrip()
    )
    return None


_VISIBILITY = Kind(_read_visibility, usual_unsaid=True)


def _in_order(earlier: str, later: str, *, in_exports: bool = True) -> Callable[[Section, Any], None]:
    """A check that the later one of two days doesn't come before the earlier one."""

    def check(section: Section, value: Any) -> None:
        if not section.good(earlier, later) or (section.known.is_export and not in_exports):
            return
        first, second = getattr(value, earlier), getattr(value, later)
        if second < first:
            section.problem(later, f"is {second}, before `{earlier}`, which is {first}. Correct one of the two.")

    return check


def _check_action(section: Section, action: ActionItem) -> None:
    if not section.fine("status"):
        return
    done = action.is_done
    if done and not section.given("completed"):
        section.problem("completed", "is missing, and the action is done. Write the day it was done.")
    if section.given("completed") and not done:
        section.problem("completed", f"is given, and the status is {action.status}. Leave it out, or write done.")
    # What people leave open in daily use does not keep an export from being read.
    if action.is_blocked and not section.given("blocked_reason") and not section.known.is_export:
        section.problem("blocked_reason", "is missing, and the action is blocked. Write what is in the way.")


def _check_issue(section: Section, issue: Issue) -> None:
    if not section.fine("status"):
        return
    resolved = issue.status == IssueStatus.RESOLVED
    if resolved and not section.given("resolved"):
        section.problem("resolved", "is missing, and the issue is resolved. Write the day it was.")
    if section.given("resolved") and not resolved:
        section.problem("resolved", f"is given, and the status is {issue.status}. Leave it out, or write resolved.")
    if issue.status == IssueStatus.ESCALATED and not section.given("escalated_to"):
        section.problem("escalated_to", "is missing, and the issue is escalated. Write the id of a group.")
    if issue.status == IssueStatus.OPEN and section.given("escalated_to") and not section.known.is_export:
        section.problem("escalated_to", "is given, and the status is open. Leave it out, or write escalated.")


def _check_decision(section: Section, decision: Decision) -> None:
    if section.fine("status"):
        decided = decision.is_decided
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
            section.problem("recommended", f"is {shown(decision.recommended)}, which is none of the options. {mend}")


def _check_answer(section: Section, one: DecisionAnswer) -> None:
    if not section.fine("choice"):
        return
    chose = one.choice == VoiceSaid.OPTION
    if chose and not section.given("option"):
        section.problem("option", "is missing, and the choice is option. Write the one that was chosen.")
    if section.given("option") and not chose:
        section.problem("option", f"is given, and the choice is {one.choice}. Leave it out, or write option.")
    if section.good("by", "on_behalf_of") and one.by == one.on_behalf_of:
        section.problem("on_behalf_of", "is the person who answered. Leave it out.")


def _check_answers(section: Section, decision: Decision) -> None:
    """Each voice answers once, and chooses among what there is."""
    firsts: dict[str, int] = {}
    for index, (entry, one) in enumerate(zip(section.entries("answers"), decision.answers, strict=False)):
        if entry.good("voice") and firsts.setdefault(one.voice, index) != index:
            first = section.at(f"answers[{firsts[one.voice]}]")
            entry.problem("voice", f"is {shown(one.voice)}, which answers in `{first}` already. Keep one of the two.")
        if entry.good("option") and section.fine("options") and one.option not in decision.options:
            mend = suggest(one.option or "", decision.options)
            entry.problem("option", f"is {shown(one.option)}, which is none of the options. {mend}")


_MOVE = Shape(
    ActionMove,
    "move",
    Field("before", DAY, "from"),
    Field("to", DAY),
    Field("on", DAY),
    Field("reason", text()),
    Field("answer", choice(MoveAnswer)),
)

ACTION = Shape(
    ActionItem,
    "action",
    Field("id", ID),
    Field("title", _TITLE),
    Field("deliverable", text()),
    Field("priority", ref("priority"), always=always),
    Field("metric", ref("metric")),
    Field("owner", ref("member")),
    Field("organization", ref("organization")),
    Field("created", DAY),
    Field("due", DAY),
    Field("status", choice(ActionStatus)),
    Field("completed", DAY),
    Field("blocked_reason", text()),
    Field("waiting_on", ref("organization")),
    Field("accepted", FLAG),
    Field("source", text(300)),
    Field("note", text()),
    Field("visibility", _VISIBILITY),
    Field("moves", many(_MOVE), merging=Merging.ADDED_TO),
    checks=(_in_order("created", "completed"), _in_order("created", "due", in_exports=False), _check_action),
)

ISSUE = Shape(
    Issue,
    "issue",
    Field("id", ID),
    Field("title", _TITLE),
    Field("priority", ref("priority"), always=always),
    Field("raised_by", ref("member")),
    Field("owner", ref("member")),
    Field("raised", DAY),
    Field("status", choice(IssueStatus)),
    Field("escalated_to", ref("group")),
    Field("escalated", DAY),
    Field("resolved", DAY),
    Field("impact", text()),
    Field("note", text()),
    Field("visibility", _VISIBILITY),
    checks=(_in_order("raised", "escalated"), _in_order("raised", "resolved"), _check_issue),
)

_ANSWER = Shape(
    DecisionAnswer,
    "answer to a decision",
    Field("voice", ref("organization", "member")),
    Field("choice", choice(VoiceSaid)),
    Field("option", text(150)),
    Field("reason", text()),
    Field("by", ref("member")),
    Field("on_behalf_of", ref("member")),
    Field("answered_at", moment()),
    checks=(_check_answer,),
    identify=lambda one: one.voice,
)

DECISION = Shape(
    Decision,
    "decision",
    Field("id", ID),
    Field("title", _TITLE),
    Field("priority", ref("priority"), always=always),
    Field("decider", ref("group")),
    Field("accountable", ref("member")),
    Field("needed_by", DAY),
    Field("status", choice(DecisionStatus)),
    Field("options", texts(150)),
    Field("recommended", text(150)),
    Field("recommendation_for", choice(RecommendationFor)),
    Field("decided_on", DAY),
    Field("outcome", text()),
    Field("delegated", FLAG),
    Field("why", text()),
    Field("note", text()),
    Field("visibility", _VISIBILITY),
    # What people said here is theirs: a file brings answers to decisions that are new, and changes none.
    Field("answers", many(_ANSWER), merging=Merging.AS_LIVE),
    checks=(_check_decision, _check_answers),
)
