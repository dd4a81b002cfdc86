"""Organizations as people read and change them: a list, a card, the form and what it may hold. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Generic, TypedDict, TypeVar

from bot.domain.record import Organization, Record
from bot.domain.typed import Answers, Known, fields_of, new_key, read_day
from bot.domain.vocabularies import COALITION_SCOPE, Sector
from bot.domain.wording import MONTHS
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
    def of(cls, things: Sequence[T], page: int, line: Callable[[T], LineT], *, may_edit: bool) -> Roster[LineT]:
        start = min(max(page, 0), max(0, (len(things) - 1) // PAGE)) * PAGE
        lines = tuple(map(line, things[start : start + PAGE]))
        return cls(lines=lines, start=start, total=len(things), may_edit=may_edit)


OrganizationList = Roster[OrganizationLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCard:
    """One organization. How asks reach it and its closed days are for those who may change them."""

    line: OrganizationLine
    ask_via: str | None
    closed_days: tuple[date, ...]  # that are not over
    may_edit: bool
    today: date


class OrganizationPlan(TypedDict, total=False):
    """The values that a form shows and changes; only what changes."""

    name: str
    sector: str
    contacts: tuple[str, ...]
    ask_via: str | None
    closed_days: tuple[date, ...]


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
    days: tuple[date, ...] = ()
    try:
        days = read_days(answers.get("closed_days") or "", today)
    except UserError as error:
        reader.errors["closed_days"] = error.message
    reader.require_none()
    return {
        "name": name,
        "sector": sector,
        "contacts": people,
        "ask_via": COORDINATOR if answers.get("ask_via") == COORDINATOR else None,
        "closed_days": days,
    }


def named(record: Record) -> tuple[Known, ...]:
    """Organizations and groups, which share one list of names: an ask names either."""
    organizations = [Known(one.id, one.name) for one in record.organizations]
    return (*organizations, *(Known(one.id, one.name) for one in record.groups))


def keys_taken(record: Record) -> Collection[str]:
    """Ids that a new organization or group can't have."""
    return {*(one.id for one in named(record)), *(one.id for one in record.priorities), COALITION_SCOPE}


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
            lines.append(f"{_typed(days[index])} to {_typed(days[last])}")
        else:
            lines += [_typed(one) for one in days[index : last + 1]]
        index = last + 1
    return "\n".join(lines)


def _typed(one: date) -> str:
    return f"{MONTHS[one.month - 1]} {one.day}, {one.year}"
