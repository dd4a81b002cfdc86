"""Asks: who is asked, who looks first, who may answer, and what a screen about one says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.outbox import Whereabouts
from bot.domain.people import is_away
from bot.domain.record import Ask, Group, Member, Organization, Record, Response
from bot.domain.rhythm import to_local

MOST_TEXT = 300
ANSWERS = ("can_help", "not_us", "talk")
# States in which a coordinator has still to say whether it goes out.
UNDECIDED = frozenset({"waiting", "held"})
SENT = frozenset({"sent", "answered", "came_through", "fell_through"})
# What whoever asked says came of it, once it had been sent.
OUTCOMES = ("came_through", "fell_through")
FUNDER_ROLES = frozenset({"funder"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCard:
    """An ask as one person sees it. Moments are UTC; `zone` is the reader's."""

    ask_id: int
    text: str
    said: str  # as its asker wrote it
    edited: bool  # by a coordinator
    asked: str | None  # organization or group id
    asked_name: str | None
    priority: str
    priority_name: str
    owner_name: str
    by_name: str  # who wrote it, for the owner or as the owner
    by_another: bool  # than the owner
    said_on: date
    state: str
    decided_by_name: str | None
    decided_at: datetime | None
    receiver_name: str | None
    sent_at: datetime | None
    answer: str | None
    suggested_name: str | None
    answered_by_name: str | None
    answered_at: datetime | None
    is_own_answer: bool  # the reader gave it
    may_answer: bool
    may_decide: bool
    zone: str
    now: datetime
    ended_by_name: str | None = None
    ended_at: datetime | None = None
    is_asker: bool = False  # the reader wrote it, or owns the priority that asks
    asked_is_group: bool = False  # a group has an article where an organization has none
    suggested_is_group: bool = False
    delivery: Whereabouts | None = None  # where the message is that asks; None before it was sent, and of a file's

    @property
    def askers(self) -> tuple[str, ...]:
        """Names of those who hear of the answer beside the coordinators: the owner and whoever wrote it."""
        return (self.owner_name, self.by_name) if self.by_another else (self.owner_name,)

    @property
    def may_end(self) -> bool:
        """Whether the reader may say what came of it, or take it back."""
        return self.is_asker or self.may_decide

    @property
    def is_over(self) -> bool:
        """Nobody waits for anything of it any more."""
        return self.state in {*OUTCOMES, "withdrawn"}


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """An ask in the message of whom it names."""

    card: AskCard
    minutes: int = 1

    @property
    def is_settled(self) -> bool:
        return self.card.state != "sent"

    @property
    def has_lapsed(self) -> bool:
        """It was taken back before anybody answered."""
        return self.is_settled and self.card.state != "answered"


@dataclass(frozen=True, slots=True)
class AskNews:
    """An ask in the message of somebody who hears what became of it. There is nothing to do about it."""

    card: AskCard
    is_settled: bool = False
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Who looks at an ask before it goes out, and whom it names, both in words."""

    asked_name: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriorityAsks:
    """The asks of one priority: those that somebody waits for, oldest first, and the newest that are over."""

    priority_name: str
    waiting: tuple[AskCard, ...]
    over: tuple[AskCard, ...]


def sent_asks(record: Record) -> Callable[[Response], Ask | None]:
    """What a response asked for, as it was sent; None where nothing was. An imported one counts as sent.

    The ask of a live round is sent at its close or by a coordinator, and is nothing to publish before.
    """
    known = {(ask.cadence, ask.round, ask.priority): ask for ask in record.asks}
    by_words = {(ask.priority, ask.text, ask.asked): ask for ask in record.asks if ask.state in SENT}
    live = {(one.cadence, one.day, one.priority) for one in record.rounds}

    def sent(response: Response) -> Ask | None:
        key = (response.cadence, response.round, response.priority)
        ask = known.get(key)
        if ask is not None:
            return ask if ask.state in SENT else None
        if not response.ask:
            return None
        if key in live:
            # The same words asked once more are the ask that is there.
            return by_words.get((response.priority, response.ask, response.ask_from))
        return Ask(
            cadence=response.cadence,
            round=response.round,
            priority=response.priority,
            text=response.ask,
            asked=response.ask_from,
            state="sent",
        )

    return sent


def asked_on(ask: Ask, timezone: str) -> date:
    """The day on which an ask went out; of an imported one that of its round."""
    return to_local(ask.sent_at, timezone).date() if ask.sent_at is not None else ask.round


def open_asks(record: Record, latest: Mapping[str, Response | None]) -> list[Ask]:
    """Every ask that was sent and that nobody has answered or taken back, priorities in file order, oldest first.

    Imported asks carry no state, so only that of a priority's latest response, in `latest` by priority, counts.
    """
    sent = sent_asks(record)
    found: dict[str, list[Ask]] = {priority.id: [] for priority in record.priorities}
    for ask in record.asks:
        if ask.state == "sent" and ask.priority in found:
            found[ask.priority].append(ask)
    for priority, response in latest.items():
        imported = sent(response) if response is not None else None
        if imported is not None and imported not in record.asks:
            found[priority].append(imported)
    return [ask for asks in found.values() for ask in sorted(asks, key=lambda one: (one.round, one.row_id or 0))]


def told_asks(record: Record, after: datetime) -> list[Ask]:
    """The asks that were answered, or of which somebody said what came of them, after a moment; in the same order."""

    def is_news(ask: Ask) -> bool:
        moments = [ask.answered_at, ask.ended_at if ask.state in OUTCOMES else None]
        return ask.state in SENT and any(one is not None and one > after for one in moments)

    order = {priority.id: number for number, priority in enumerate(record.priorities)}
    found = [ask for ask in record.asks if is_news(ask) and ask.priority in order]
    return sorted(found, key=lambda one: (order[one.priority], one.round, one.row_id or 0))


def looks_first(record: Record, asked: str | None) -> bool:
    """Whether a coordinator looks at an ask before it goes out: to a funder, to steering, to an organization that
    wants it so, and one that names nobody."""
    if asked is None:
        return True
    group = group_of(record, asked)
    if group is not None:
        return group.steers or group.kind == "funders"
    organization = organization_of(record, asked)
    if organization is None:
        return True
    return organization.ask_via == "coordinator" or _is_funder(record, organization)


def _is_funder(record: Record, organization: Organization) -> bool:
    return organization.sector == "philanthropic" or any(
        member.organization == organization.id and any(role.role in FUNDER_ROLES for role in member.roles)
        for member in record.members
    )


def receiver_of(record: Record, asked: str | None, day: date) -> Member | None:
    """Who gets an ask: the organization's first contact, or the group's chair.

    Where that person is away on `day` or reads e-mail only, the next one who is there; None where nobody is named.
    """
    members = {member.id: member for member in record.members}
    keys: tuple[str, ...] = ()
    group = group_of(record, asked)
    organization = organization_of(record, asked)
    if group is not None:
        keys = tuple(key for key in (group.chair, group.cochair) if key is not None) or group.members[:1]
        # A chair who reads e-mail only is stood in for by their delegate.
        keys += tuple(delegate for key in keys if key in members and (delegate := members[key].delegate) is not None)
    elif organization is not None:
        keys = organization.contacts or tuple(
            member.id for member in record.members if member.organization == organization.id
        )
    people = [members[key] for key in keys if key in members]
    there = [person for person in people if person.access != "email_only" and not is_away(person, day)]
    return next(iter((*there, *people)), None)


def may_answer(record: Record, asked: str | None, member: str | None) -> bool:
    """Whether this member may answer for whom an ask names: somebody of the organization, or of the group, or who
    stands in for one of the group's members."""
    if asked is None or member is None:
        return False
    group = group_of(record, asked)
    if group is not None:
        seated = {key for key in (*group.members, group.chair, group.cochair) if key is not None}
        stand_ins = {person.delegate for person in record.members if person.id in seated}
        return member in seated | stand_ins
    return any(person.id == member and person.organization == asked for person in record.members)


def group_of(record: Record, key: str | None) -> Group | None:
    return next((group for group in record.groups if group.id == key), None)


def organization_of(record: Record, key: str | None) -> Organization | None:
    return next((organization for organization in record.organizations if organization.id == key), None)


def name_of(record: Record, key: str | None) -> str | None:
    """The name of the organization or group; None for one that is not known."""
    found = group_of(record, key) or organization_of(record, key)
    return found.name if found is not None else None
