"""A priority and its intermediate outcomes as they are set up: what forms say, and what a change is in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict

from bot.domain.record import Outcome, Priority, Record
from bot.domain.typed import Answers, Known, fields_of
from bot.domain.vocabularies import CanvasUse, GroupKind, Lens, words
from bot.domain.wording import amount, cut, day, one_line

MOST_NAME = 150
MOST_GOAL = 1000
MOST_CHANNEL = 81
MOST_REASON = 300
AS_OWNER_SAYS = "owner_says"
STATES = (AS_OWNER_SAYS, "paused", "complete")
NOBODY = "*"
LABELS = {
    "name": "Name",
    "goal": "Goal",
    "lens": "Lens",
    "owner": "Owner",
    "channel": "Channel",
    "working_group": "Working group",
    "headline_metric": "Main figure",
    "need": "Need",
    "state": "State",
    "public": "On the public page",
    "canvas": "Canvas in its channel",
}
OUTCOME_LABELS = {
    "name": "Outcome",
    "due": "Due",
    "completed": "Reached",
    "evidence": "What shows it",
    "public": "On the public page",
}
# How each use of a canvas reads in a form, on a card and in a history.
CANVAS_WORDS: Mapping[str, str] = {
    CanvasUse.USUAL: "Unless people of other workspaces are in the channel",
    CanvasUse.ALWAYS: "Whoever is in the channel",
    CanvasUse.NEVER: "No canvas",
}
CHANNEL_NAME = re.compile(r"[^\s#@,.;:!?\"'&<>()\[\]{}]{1,80}")


class Named(TypedDict, total=False):
    """What a form says of a priority, and stands in it under the same name; only what it asked for."""

    name: str
    goal: str | None
    lens: Lens | None
    owner: str
    channel: str | None
    working_group: str | None
    headline_metric: str | None
    public: bool
    canvas: CanvasUse


class Plan(Named, total=False):
    """The same with what is kept in another way, by the names of LABELS."""

    need: tuple[Decimal, date | None] | None
    state: str


class OutcomePlan(TypedDict, total=False):
    """What a form says of an outcome, by the names of OUTCOME_LABELS."""

    name: str
    due: date
    completed: date | None
    evidence: str | None
    public: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form of a priority offers."""

    members: Mapping[str, str]
    groups: tuple[Known, ...]
    metrics: tuple[Known, ...]  # of the priority
    currency: str

    def name(self, key: object) -> str:
        """What a member, group or figure is called."""
        for one in (*self.groups, *self.metrics):
            if one.id == key:
                return one.name
        return self.members.get(str(key), str(key))


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityForm:
    """The form of a new priority, or of one that is there."""

    priority: Known | None
    plan: Plan
    choices: Choices
    owner: Known | None
    amounts: bool  # whether this person may see and set the need
    proposes: bool
    today: date
    may_publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeForm:
    """The form of a new outcome, or of one that is there."""

    priority: Known
    outcome: Outcome | None
    plan: OutcomePlan
    proposes: bool
    today: date
    may_publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeList:
    """A priority's outcomes, for whoever may change them."""

    priority: Known
    outcomes: tuple[Outcome, ...]
    may_edit: bool
    proposes: bool
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PrioritySaved:
    """What became of a form of a priority or of one of its outcomes."""

    priority: Known
    name: str  # of what was changed
    what: str  # added | changed | reached | proposed | nothing
    lines: tuple[str, ...]
    decision: str | None = None
    decider_name: str | None = None


def choices_of(record: Record, priority: Priority | None) -> Choices:
    """What may be chosen for a priority."""
    metrics = priority.metrics if priority is not None else ()
    return Choices(
        members={one.id: one.name for one in record.members},
        groups=tuple(Known(one.id, one.name) for one in record.groups if one.kind == GroupKind.WORKING_GROUP),
        metrics=tuple(Known(one.id, one.name) for one in metrics),
        currency=record.coalition.currency,
    )


def plan_of(priority: Priority) -> Plan:
    """A priority's plan by the names of LABELS."""
    need = priority.need
    return {
        **fields_of(Named, priority),
        "need": None if need is None else (need.amount, need.through),
        "state": priority.assessment if priority.assessment in STATES else AS_OWNER_SAYS,
    }


def read_plan(
    answers: Mapping[str, str | None], choices: Choices, *, with_reason: bool = False
) -> tuple[Plan, str | None]:
    """What the form says, only what it asked for, and why. Raises Mistakes with a sentence for every field to mend."""
    reader = Answers(answers)
    name, goal = reader.needed("name", MOST_NAME, "Give it a name."), reader.text("goal", MOST_GOAL)
    owner = reader.choice("owner", choices.members, "Choose who owns it.")
    channel = (reader.text("channel", MOST_CHANNEL) or "").lstrip("#").casefold()
    if channel and CHANNEL_NAME.fullmatch(channel) is None:
        reader.errors["channel"] = "Write the channel's name as Slack shows it, such as “#lb-talent”."
    plan: Plan = {"name": name, "goal": goal, "owner": owner, "channel": channel or None}
    if "lens" in answers:
        plan["lens"] = _lens(answers["lens"])
    if "public" in answers:
        plan["public"] = answers["public"] == "yes"
    if answers.get("canvas") in words(CanvasUse):
        plan["canvas"] = CanvasUse(str(answers["canvas"]))
    if "working_group" in answers:
        plan["working_group"] = _one_of(choices.groups, answers["working_group"])
    if "headline_metric" in answers:
        plan["headline_metric"] = _one_of(choices.metrics, answers["headline_metric"])
    if "need_amount" in answers:
        plan["need"] = _need(reader)
    if "state" in answers:
        state = answers["state"]
        plan["state"] = state if state in STATES else AS_OWNER_SAYS
    why = "Say in a sentence why it changes: steering reads it."
    reason = reader.needed("reason", MOST_REASON, why) if with_reason else None
    reader.require_none()
    return plan, reason


def _lens(chosen: str | None) -> Lens | None:
    return Lens(chosen) if chosen in words(Lens) else None


def _one_of(known: tuple[Known, ...], chosen: str | None) -> str | None:
    return chosen if chosen in {one.id for one in known} else None


def outcome_plan(outcome: Outcome) -> OutcomePlan:
    """An outcome's plan by the names of OUTCOME_LABELS."""
    evidence = outcome.extra.get("evidence")
    return {
        "name": outcome.name,
        "due": outcome.due,
        "completed": outcome.completed,
        "evidence": str(evidence) if evidence else None,
        "public": outcome.public,
    }


def read_outcome(
    answers: Mapping[str, str | None], before: Outcome | None, today: date, *, with_reason: bool
) -> tuple[OutcomePlan, str | None]:
    """What the form of an outcome says, and why. A due date moves with a reason, and what is reached says what shows
    it."""
    reader = Answers(answers)
    name = reader.needed("name", MOST_NAME, "Say what will be true then.")
    due, completed = reader.day("due"), reader.day("completed")
    evidence, reason = reader.text("evidence", MOST_REASON), None
    if due is None:
        reader.errors.setdefault("due", "Choose the day by which it will be true.")
    if completed is not None and completed > today:
        reader.errors["completed"] = "That day is still ahead. Enter it when it is reached."
    is_newly = before is None or before.completed is None
    if is_newly and completed is not None and evidence is None:
        reader.errors.setdefault("evidence", "Say what shows that it is reached.")
    has_moved = before is not None and due != before.due
    if with_reason or has_moved:
        said = "Say in a sentence why the date moves." if has_moved else "Say in a sentence why: steering reads it."
        reason = reader.needed("reason", MOST_REASON, said)
    is_public = answers["public"] == "yes" if "public" in answers else None
    reader.require_none()
    assert due is not None
    plan: OutcomePlan = {"name": name, "due": due, "completed": completed, "evidence": evidence}
    return plan if is_public is None else {**plan, "public": is_public}, reason


def change_lines(before: Plan, changes: Plan, choices: Choices, today: date) -> tuple[str, ...]:
    """A sentence for each thing that a change of a priority would make different."""
    return _lines(LABELS, before, changes, choices, today)


def outcome_lines(before: OutcomePlan, changes: OutcomePlan, choices: Choices, today: date) -> tuple[str, ...]:
    """The same of an outcome."""
    return _lines(OUTCOME_LABELS, before, changes, choices, today)


def _lines(
    labels: Mapping[str, str],
    before: Mapping[str, object],
    changes: Mapping[str, object],
    choices: Choices,
    today: date,
) -> tuple[str, ...]:
    return tuple(
        f"{label}: {value_words(name, before.get(name), choices, today)} → "
        f"{value_words(name, changes[name], choices, today)}"
        for name, label in labels.items()
        if name in changes and changes[name] != before.get(name)
    )


def value_words(name: str, value: object, choices: Choices, today: date) -> str:
    if value is None:
        return "none"
    if name in {"owner", "working_group", "headline_metric"}:
        return choices.name(value)
    if name == "channel":
        return f"#{value}"
    if isinstance(value, tuple):
        through = f" through {day(value[1], today)}" if value[1] is not None else ""
        return f"{amount(value[0], choices.currency)}{through}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "canvas":
        return CANVAS_WORDS[str(value)]
    if name == "state":
        return "as its owner says" if value == AS_OWNER_SAYS else str(value)
    if isinstance(value, date):
        return day(value, today)
    return cut(one_line(str(value)), 200)


def _need(reader: Answers) -> tuple[Decimal, date | None] | None:
    value, through = reader.value("need_amount", "usd"), reader.day("need_through")
    if value is not None and value <= 0:
        reader.errors["need_amount"] = "Enter an amount above zero, or leave it empty."
    if value is None and through is not None and "need_amount" not in reader.errors:
        reader.errors["need_amount"] = "Enter the amount, or clear its day."
    return None if value is None else (value, through)
