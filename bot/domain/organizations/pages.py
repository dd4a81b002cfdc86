"""Organizations and groups as people read and change them: lists, cards, forms and what they may hold. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Generic, Self, TypedDict, TypeVar

from bot.domain.priorities import CHANNEL_NAME
from bot.domain.record import EndOf, Group, Organization, Priority, Record, lasting
from bot.domain.typed import Answers, Known, fields_of, new_key, read_day
from bot.domain.vocabularies import COALITION_SCOPE, DecisionRule, GroupKind, Sector, Voices
from bot.domain.wording import day, plural, typed_day
from bot.errors import UserError

T = TypeVar("T")
LineT = TypeVar("LineT")

PAGE = 8
MOST_NAME = 80
MOST_DAYS = 60
MOST_CONTACTS = 20
MOST_DAYS_TEXT = 1500
COORDINATOR = "coordinator"
CONTACT = "contact"
SECTORS: dict[str, str] = {
    Sector.PUBLIC: "Public",
    Sector.PRIVATE: "Private",
    Sector.NONPROFIT: "Nonprofit",
    Sector.PHILANTHROPIC: "Philanthropic",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationLine:
    """One organization in a list; contacts by name, the first one first."""

    id: str
    name: str
    sector: str
    contacts: tuple[str, ...]
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster(Generic[LineT]):
    """A page of organizations or groups, in file order; a page that is not there is the last."""

    lines: tuple[LineT, ...]
    start: int
    total: int
    may_edit: bool

    @property
    def page(self) -> int:
        return self.start // PAGE

    @classmethod
    def of(cls, things: Sequence[T], page: int, line: Callable[[T], LineT], *, may_edit: bool) -> Self:
        start = min(max(page, 0), max(0, (len(things) - 1) // PAGE)) * PAGE
        lines = tuple(map(line, things[start : start + PAGE]))
        return cls(lines=lines, start=start, total=len(things), may_edit=may_edit)


class OrganizationList(Roster[OrganizationLine]): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCard:
    """One organization. How asks reach it and its closed days are for those who may change them."""

    line: OrganizationLine
    ask_via: str | None
    closed_days: tuple[date, ...]  # that are not over
    closed_yearly: tuple[str, ...] = ()  # of every year, as "12-25"
    may_edit: bool
    today: date
    end: EndOf | None = None


class OrganizationPlan(TypedDict, total=False):
    """The values that a form shows and changes; only what changes."""

    name: str
    sector: str
    contacts: tuple[str, ...]
    ask_via: str | None
    closed_days: tuple[date, ...]
    closed_yearly: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationForm:
    """The form of an organization; `id` is None for a new one. `plan` holds the values of its fields."""

    id: str | None
    plan: OrganizationPlan
    contacts: tuple[Known, ...]


def plan_of(organization: Organization) -> OrganizationPlan:
    """The values that a form shows and changes."""
    return fields_of(OrganizationPlan, organization)


def read_plan(
    answers: Mapping[str, str | None], contacts: Sequence[str], own: str | None, record: Record, today: date
) -> OrganizationPlan:
    """What the form says. `own` is the organization that it was opened for. Raises Mistakes."""
    reader = Answers(answers)
    name = reader.needed("name", MOST_NAME, "Write the organization's name.")
    same = next((one for one in named(record) if one.name.casefold() == name.casefold()), None)
    if same is not None and same.id != own:
        reader.errors["name"] = f"{same.name} is already there. Write another name."
    sector = reader.choice("sector", SECTORS, "Choose the organization's sector.")
    people = tuple(dict.fromkeys(contacts))
    if set(people) - {one.id for one in record.members}:
        reader.errors["contacts"] = "One of these people is not a member anymore. Choose again."
    elif len(people) > MOST_CONTACTS:
        reader.errors["contacts"] = f"{MOST_CONTACTS} contacts fit."
    days: dict[str, tuple[date, ...]] = {"closed_days": (), "closed_yearly": ()}
    for field in days:
        try:
            days[field] = read_days(answers.get(field) or "", today)
        except UserError as error:
            reader.errors[field] = error.message
    reader.require_none()
    return {
        "name": name,
        "sector": sector,
        "contacts": people,
        "ask_via": COORDINATOR if answers.get("ask_via") == COORDINATOR else None,
        "closed_days": days["closed_days"],
        "closed_yearly": tuple(dict.fromkeys(f"{one:%m-%d}" for one in days["closed_yearly"])),
    }


def named(record: Record) -> tuple[Known, ...]:
    """Organizations and groups, which share one list of names: an ask names either."""
    organizations = [Known(one.id, one.name) for one in record.organizations]
    return (*organizations, *(Known(one.id, one.name) for one in record.groups))


def keys_taken(record: Record) -> Collection[str]:
    """Ids that a new organization or group can't have."""
    known = record.everything
    return {*(one.id for one in named(known)), *(one.id for one in known.priorities), COALITION_SCOPE}


def new_organization(plan: OrganizationPlan, record: Record) -> Organization:
    """The organization that a plan describes, with an id that nothing else has."""
    return replace(Organization(id=new_key(plan["name"], keys_taken(record)), name="", sector=""), **plan)


def read_days(text: str, today: date) -> tuple[date, ...]:
    """Days as typed, one a line, or a line with "Dec 24 to Dec 31". Raises UserError for what is no day."""
    found: dict[date, None] = {}
    for line in text.replace(";", "\n").splitlines():
        words = " ".join(line.split()).strip(" ,")
        if not words:
            continue
        first, _, last = words.partition(" to ")
        start = _day(first, today)
        end = _day(last, max(start, today)) if last else start
        if end < start:
            raise UserError(f"“{words}” ends before it begins. Write the earlier day first.")
        if (end - start).days >= MOST_DAYS:
            raise UserError(f"“{words}” is longer than {MOST_DAYS} days. Write the days that fall into a round.")
        for ahead in range((end - start).days + 1):
            found[start + timedelta(days=ahead)] = None
    if len(found) > MOST_DAYS:
        raise UserError(f"These are {len(found)} days. {MOST_DAYS} fit; leave out those that are over.")
    return tuple(found)


def _day(text: str, today: date) -> date:
    found = read_day(text, today)
    if found is None:
        raise UserError(f"“{text}” is not a day. Write one a line, such as “Nov 26” or “Dec 24 to Dec 31”.")
    return found


def typed_days(days: Sequence[date]) -> str:
    """Days as a form shows them, runs of three or more as one line; `read_days` reads the same days back."""
    lines: list[str] = []
    index = 0
    while index < len(days):
        last = index
        while last + 1 < len(days) and days[last + 1] - days[last] == timedelta(days=1):
            last += 1
        if last - index >= 2:
            lines.append(f"{typed_day(days[index])} to {typed_day(days[last])}")
        else:
            lines += [typed_day(one) for one in days[index : last + 1]]
        index = last + 1
    return "\n".join(lines)


def typed_yearly(days: Sequence[str]) -> str:
    """Days of every year as a form shows them; `read_days` reads the same days back."""
    return "\n".join(typed_day(one).rpartition(",")[0] for one in _in_some_year(days))


def yearly_words(days: Sequence[str]) -> list[str]:
    """Days of every year in words: "Dec 25"."""
    return [day(one, one) for one in _in_some_year(days)]


def _in_some_year(days: Sequence[str]) -> list[date]:
    return [date.fromisoformat(f"2000-{one}") for one in days]


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


class GroupList(Roster[GroupLine]): ...


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
    today: date | None = None
    end: EndOf | None = None


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
    choices = {one.id for one in lasting(record.priorities)} | {own.priority if own is not None else None}
    if priority is not None and priority not in choices:
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
