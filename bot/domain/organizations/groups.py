"""Groups as people read and change them: a list, a card, the form and what it may hold. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from bot.domain.organizations.pages import Roster, keys_taken, named
from bot.domain.priorities import CHANNEL_NAME
from bot.domain.record import Group, Priority, Record
from bot.domain.typed import Answers, Known, fields_of, new_key
from bot.domain.vocabularies import DecisionRule, GroupKind, Voices
from bot.domain.wording import plural

MOST_GROUP_NAME = 80
MOST_MEMBERS = 60
MOST_CHANNEL = 81
KINDS: dict[str, str] = {
    GroupKind.STEERING_COMMITTEE: "Steering Committee",
    GroupKind.BACKBONE: "Backbone team",
    GroupKind.WORKING_GROUP: "Working group",
    GroupKind.FUNDERS: "Funders",
}
RULES: dict[str, str] = {
    DecisionRule.CONSENSUS: "Consensus",
    DecisionRule.MAJORITY: "Majority",
    DecisionRule.CONSENSUS_THEN_TWO_THIRDS: "Consensus, then two thirds",
    DecisionRule.CHAIR: "The chair decides",
}
VOICES: dict[str, str] = {
    Voices.ORGANIZATION: "One for each organization",
    Voices.PERSON: "One for each person",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    id: str
    name: str
    kind: str
    members: int
    organizations: int
    chair: str | None  # by name
    priority: str | None  # by name


GroupList = Roster[GroupLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCard:
    """One group: who sits in it, with their organizations, and how it decides."""

    line: GroupLine
    seats: tuple[tuple[str, str], ...]  # (name, organization)
    cochair: str | None
    decision_rule: str
    quorum: int | None
    voices: str
    channel: str | None
    may_edit: bool


class GroupPlan(TypedDict, total=False):
    """The values that a form shows and changes; only what changes."""

    name: str
    kind: str
    members: tuple[str, ...]
    chair: str | None
    decision_rule: str
    voices: str
    quorum: int | None
    channel: str | None
    priority: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupForm:
    """The form of a group; `id` is None for a new one. `plan` holds the values of its fields."""

    id: str | None
    plan: GroupPlan
    members: tuple[Known, ...]
    chair: Known | None
    priorities: tuple[Known, ...]


def group_plan_of(group: Group) -> GroupPlan:
    """The values that a form shows and changes."""
    return fields_of(GroupPlan, group)


def read_group_plan(
    answers: Mapping[str, str | None], members: Sequence[str], own: Group | None, record: Record
) -> GroupPlan:
    """What the form says. `own` is the group that it was opened for. Raises Mistakes."""
    reader = Answers(answers)
    errors = reader.errors
    name = reader.needed("name", MOST_GROUP_NAME, "Write the group's name.")
    same = next((one for one in named(record) if one.name.casefold() == name.casefold()), None)
    if same is not None and (own is None or same.id != own.id):
        errors["name"] = f"{same.name} is already there. Write another name."
    kind = reader.choice("kind", KINDS, "Choose what the group is for.")
    rule = reader.choice("decision_rule", RULES, "Choose how the group decides.")
    voices = reader.choice("voices", VOICES, "Choose who has a voice.")
    seats = tuple(dict.fromkeys(members))
    by_id = {one.id: one for one in record.members}
    if set(seats) - set(by_id):
        errors["members"] = "One of these people is not a member anymore. Choose again."
    elif len(seats) > MOST_MEMBERS:
        errors["members"] = f"{MOST_MEMBERS} people fit."
    chair = answers.get("chair")
    if chair is not None and chair not in seats:
        errors["chair"] = "Choose one of the people above, or add this person there."
    elif chair is None and rule == DecisionRule.CHAIR:
        errors["chair"] = "Choose the chair, who decides here, or choose another way to decide."
    elif own is not None and own.cochair is not None and own.cochair == chair:
        errors["chair"] = f"{by_id[own.cochair].name} is the co-chair. Choose somebody else."
    if own is not None and own.cochair is not None and own.cochair not in seats and "members" not in errors:
        errors["members"] = f"{by_id[own.cochair].name} is the co-chair and stays among the members."
    quorum = reader.whole("quorum", 1, 99)
    organizations = len({by_id[key].organization for key in seats if key in by_id})
    if quorum is not None and "members" not in errors and quorum > organizations:
        errors["quorum"] = f"The members come from {plural(organizations, 'organization')}. Enter at most that."
    priority = answers.get("priority")
    if priority is not None and all(one.id != priority for one in record.priorities):
        errors["priority"] = "I can't find this priority anymore. Choose again."
    channel = (reader.text("channel", MOST_CHANNEL) or "").lstrip("#").casefold() or None
    if channel is not None and CHANNEL_NAME.fullmatch(channel) is None:
        errors["channel"] = "Write the channel's name as Slack shows it, such as “#lb-talent”."
    reader.require_none()
    return {
        "name": name,
        "kind": kind,
        "members": seats,
        "chair": chair,
        "decision_rule": rule,
        "voices": voices,
        "quorum": quorum,
        "channel": channel,
        "priority": priority,
    }


def new_group(plan: GroupPlan, record: Record) -> Group:
    """The group that a plan describes, with an id that nothing else has."""
    return replace(Group(id=new_key(plan["name"], keys_taken(record)), name="", kind=""), **plan)


def adopting(record: Record, group: Group) -> tuple[Priority, Priority] | None:
    """A priority that has no working group yet takes a new one for its own: as it was, and as it is then."""
    priority = next((one for one in record.priorities if one.id == group.priority), None)
    if priority is None or group.kind != GroupKind.WORKING_GROUP or priority.working_group is not None:
        return None
    return priority, replace(priority, working_group=group.id)
