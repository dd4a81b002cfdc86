"""Asks: who is asked, who looks first, who may answer, and what a screen about one says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.domain.outbox import Whereabouts
from bot.domain.people import is_away
from bot.domain.record import (
    Ask,
    Group,
    Member,
    Organization,
    Part,
    Record,
    Response,
    Round,
    once,
    parts_of,
    priority_in_round,
    priority_of,
)
from bot.domain.rhythm import Seen, to_local
from bot.domain.vocabularies import AskState, GroupKind

MOST_TEXT = 300
ANSWERS = ("can_help", "not_us", "talk")
# States in which a coordinator has still to say whether it goes out.
UNDECIDED = frozenset({AskState.WAITING, AskState.HELD})
SENT = frozenset({AskState.SENT, AskState.ANSWERED, AskState.CAME_THROUGH, AskState.FELL_THROUGH})
# What whoever asked says came of it, once it had been sent.
OUTCOMES = (AskState.CAME_THROUGH, AskState.FELL_THROUGH)
FUNDER_ROLES = frozenset({"funder"})

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCard(Seen):
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
    state: AskState
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
        return self.state in {*OUTCOMES, AskState.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """An ask in the message of whom it names."""

    card: AskCard
    minutes: int = 1

    @property
    def is_settled(self) -> bool:
        return self.card.state != AskState.SENT

    @property
    def has_lapsed(self) -> bool:
        """It was taken back before anybody answered."""
        return self.is_settled and self.card.state != AskState.ANSWERED


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
    asks, rounds = parts_of(record.asks, priority_of), parts_of(record.rounds, priority_in_round)

    def sent(response: Response) -> Ask | None:
        key = (response.cadence, response.round)
        known = asks.get(response.priority, Part())
        ask = once(_by_round, known).get(key)
        if ask is not None:
            return ask if ask.state in SENT else None
        if not response.ask:
            return None
        if key in once(_live, rounds.get(response.priority, Part())):
            # The same words asked once more are the ask that is there.
            return once(_by_words, known).get((response.ask, response.ask_from))
        return Ask(
            cadence=response.cadence,
            round=response.round,
            priority=response.priority,
            text=response.ask,
            asked=response.ask_from,
            state=AskState.SENT,
        )

    return sent


def _by_round(asks: Part[Ask]) -> dict[tuple[str, date], Ask]:
    return {(ask.cadence, ask.round): ask for ask in asks}


def _by_words(asks: Part[Ask]) -> dict[tuple[str, str | None], Ask]:
    return {(ask.text, ask.asked): ask for ask in asks if ask.state in SENT}


def _live(rounds: Part[Round]) -> frozenset[tuple[str, date]]:
    return frozenset((one.cadence, one.day) for one in rounds)


def asked_on(ask: Ask, timezone: str) -> date:
    """The day on which an ask went out; of an imported one that of its round."""
    return to_local(ask.sent_at, timezone).date() if ask.sent_at is not None else ask.round


def open_asks(record: Record, latest: Mapping[str, Response | None]) -> list[Ask]:
    """Every ask that was sent and that nobody has answered or taken back, priorities in file order, oldest first.

    Imported asks carry no state, so only that of a priority's latest response, in `latest` by priority, counts. Nobody
    waits for an organization or a group that has ended.
    """
    sent, asks = sent_asks(record), parts_of(record.asks, priority_of)
    found = {one.id: list(once(_unanswered, asks.get(one.id, Part()))) for one in record.priorities}
    for priority, response in latest.items():
        imported = sent(response) if response is not None else None
        if imported is not None and imported not in asks.get(priority, ()):
            found[priority].append(imported)
    in_order = (ask for of in found.values() for ask in sorted(of, key=lambda one: (one.round, one.row_id or 0)))
    return [ask for ask in in_order if ask.asked is None or name_of(record, ask.asked) is not None]


def _unanswered(asks: Part[Ask]) -> list[Ask]:
    return [ask for ask in asks if ask.state == "sent"]


def told_asks(record: Record, after: datetime) -> list[Ask]:
    """The asks that were answered, or of which somebody said what came of them, after a moment; in the same order."""

    asks = parts_of(record.asks, priority_of)
    found = []
    for part in (asks.get(priority.id, Part()) for priority in record.priorities):
        if once(_newest_news, part) > after:
            news = (ask for ask in part if _news_at(ask) > after)
            found += sorted(news, key=lambda one: (one.round, one.row_id or 0))
    return found


def _newest_news(asks: Part[Ask]) -> datetime:
    return max(map(_news_at, asks), default=_NEVER)


def _news_at(ask: Ask) -> datetime:
    """When something was last said about an ask that was sent."""
    moments = [ask.answered_at, ask.ended_at if ask.state in OUTCOMES else None] if ask.state in SENT else []
    return max((one for one in moments if one is not None), default=_NEVER)


def looks_first(record: Record, asked: str | None) -> bool:
    """Whether a coordinator looks at an ask before it goes out: to a funder, to steering, to an organization that
    wants it so, and one that names nobody."""
    if asked is None:
        return True
    group = group_of(record, asked)
    if group is not None:
        return group.steers or group.kind == GroupKind.FUNDERS
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
            member.id for member in record.present if member.organization == organization.id
        )
    people = [members[key] for key in keys if key in members]
    there = [person for person in people if record.reaches(person) and not is_away(person, day)]
    return next(iter((*there, *people)), None)


def may_answer(record: Record, asked: str | None, member: str | None) -> bool:
    """Whether this member may answer for whom an ask names: somebody of the organization, or of the group, or who
    stands in for one of the group's members."""
    if asked is None or member is None:
        return False
    group = group_of(record, asked)
    if group is not None:
        seated = {key for key in (*group.members, group.chair, group.cochair) if key is not None}
        stand_ins = {person.delegate for person in record.present if person.id in seated}
        return member in seated | stand_ins
    return any(person.id == member and person.organization == asked for person in record.present)


def find_ask(record: Record, row_id: int) -> Ask:
    """The ask that buttons name so."""
    return next(one for one in record.asks if one.row_id == row_id)


def group_of(record: Record, key: str | None) -> Group | None:
    return next((group for group in record.groups if group.id == key), None)


def organization_of(record: Record, key: str | None) -> Organization | None:
    return next((organization for organization in record.organizations if organization.id == key), None)


def name_of(record: Record, key: str | None) -> str | None:
    """The name of the organization or group; None for one that is not known."""
    found = group_of(record, key) or organization_of(record, key)
    return found.name if found is not None else None
