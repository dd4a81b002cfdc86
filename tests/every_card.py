"""What the card of each noun shows of each field, by reflection: the real service reads a record in which the field is
another, the real blocks are built, and who reads them sees it.

A field is on a card of its noun, or it stands in `HIDDEN` with the reason, or its value in `NO_CARD`; a new field that
is in neither is a failing test. Which fields there are and how each can change is in `every_field`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain, islice
from typing import Any, Final

from bot.domain.record import Record
from bot.domain.rights import standing_of
from bot.errors import UserError
from bot.services import Services
from bot.services.access import Actor, operator, person
from bot.slack.blocks import (
    actions,
    checkins,
    coalition,
    decisions,
    funding,
    issues,
    meetings,
    metrics,
    organizations,
    people,
    priorities,
)
from bot.slack.message import Message, View
from bot.store.record import view
from bot.store.standings import part_of_member
from tests.every_field import (
    Change,
    all_changes,
    classes,
    default_of,
    find_changes,
    found,
    put,
    required_fields,
    sample,
    tried_fields,
)
from tests.slack.readable import dump

Named = tuple[str, str]  # a value's name and its field's

COORDINATOR: Final = "omar"


@contextlib.contextmanager
def reading(record: Record) -> Iterator[None]:
    """Whatever is read of the coalition is this record."""
    before = view.read_present

    async def read(session: Any, coalition_id: int) -> Any:
        return replace(await before(session, coalition_id), record=record)

    view.read_present = read
    try:
        yield
    finally:
        view.read_present = before


async def _action(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    return [actions.card_message(await services.action_items.show(actor, one.id))]


async def _issue(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    return [issues.card_message(await services.issues.show(actor, one.id))]


async def _decision(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    return [decisions.card_message(await services.decisions.show(actor, one.id))]


async def _cadence(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    if one.kind in ("checkin", "reminder"):
        return [checkins.checkin_card(await services.checkin_cadences.show(actor, one.id))]
    return [meetings.card_message(await services.meetings.show(actor, one.id))]


async def _question_set(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    """Its own card, and that of a check-in that asks it."""
    record = await services.coalitions.record(operator(actor.coalition_id))
    asking = (two for two in record.cadences if two.question_set == one.id and two.kind in ("checkin", "reminder"))
    own = checkins.set_message(await services.question_sets.show(actor, one.id))
    return [own, *[surface for two in asking for surface in await _cadence(services, actor, two)]]


async def _metric(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    services.database.fetches = True  # else a card says of a series only that nobody looks at it
    card = await services.metrics.card(actor, one.id, whole=True)
    return [metrics.card_message(card), metrics.meaning_view(card)]


async def _priority(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    return [priorities.card_message(await services.priorities.card(actor, one.id, whole=True))]


async def _response(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    return [priorities.card_message(await services.priorities.card(actor, one.priority, whole=True))]


async def _organization(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    return [organizations.organization_message(await services.organizations.card(actor, one.id))]


async def _group(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    return [organizations.group_message(await services.groups.card(actor, one.id))]


async def _member(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    own = await _acting(services, actor.coalition_id, one.id)
    return [
        people.member_message(await services.members.card(actor, one.id)),
        people.settings_message(await services.own_settings.page(own)),
    ]


async def _source(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    return [funding.card_message(await services.funding.card(actor, "source", one.id))]


async def _coalition(services: Services, actor: Actor, one: Any) -> list[Message | View]:
    return [
        coalition.north_star_message(await services.north_stars.card(actor)),
        coalition.coalition_message(await services.home.page(actor)),
        funding.overview_message(await services.funding.overview(actor)),
    ]


async def _acting(services: Services, coalition_id: int, key: str) -> Actor:
    async with services.database.read() as session:
        own = await part_of_member(session, coalition_id, key)
    assert own is not None, key
    return person(coalition_id, standing_of(own.record, own.member), key, own.member_id)


# A noun's cards, by its value.
CARDS: Final[Mapping[str, Callable[[Services, Actor, Any], Awaitable[list[Message | View]]]]] = {
    "ActionItem": _action,
    "Cadence": _cadence,
    "Coalition": _coalition,
    "Decision": _decision,
    "FundingSource": _source,
    "Group": _group,
    "Issue": _issue,
    "Member": _member,
    "Metric": _metric,
    "Organization": _organization,
    "Priority": _priority,
    "QuestionSet": _question_set,
    "Response": _response,
}


# What no card of its noun shows, and why.
_OF_FILE: Final = "the file's own: no rule and no screen reads it"
_RULE: Final = "a setting, read where it is edited: the card shows when it is asked or met next"
_IN_FORM: Final = "asked in the check-in's form; the card of its set shows what it asks for"
_EARLIER: Final = "what earlier rounds asked: shown with their answers"
HIDDEN: Final[Mapping[str, str]] = {
    "Reading.period_start": "the card says what a figure covers by its last day",
    "Reading.recorded_on": "history: when it was entered, and by whom",
    "Reading.reporters": "decides whether the figure may be shown at all",
    "Metric.level": "where the digest lists it",
    "Metric.horizon": "where the digest lists it",
    "Coalition.timezone": "clocks are the reader's own",
    "Coalition.short_name": "heads of digests and calendar files",
    "Away.start": "one's own days are listed by their rows, each with its button",
    "Away.end": "as its start",
    "Member.away": "as the days' start",
    "Member.title": "only the file has it",
    "Member.invitations": "their own choice, shown where they subscribe to their calendar",
    "Need.basis": "only the file has it",
    "Cadence.kind": "what kind of card there is",
    "Cadence.audience": _RULE,
    "Cadence.closes_after_hours": _RULE,
    "Cadence.reminder_after_hours": _RULE,
    "Cadence.delegate_after_hours": _RULE,
    "Cadence.feeds": _RULE,
    "Cadence.channels": "a digest's, which has no card",
    "Cadence.email": "a digest's, which has no card",
    "Cadence.owner_preview_at": "a digest's, which has no card",
    "Move.closes_after_hours": _RULE,
    "Move.reminder_after_hours": _RULE,
    "Move.delegate_after_hours": _RULE,
    "Move.follows": _RULE,
    "QuestionSet.earlier": _EARLIER,
    "Response.on_behalf_of": "said below the answer itself, not where the priority stands",
    "Response.next": "said below the answer itself, not where the priority stands",
    "Response.came_true": "said below the answer itself, not where the priority stands",
    "Response.answered_at": "said below the answer itself, not where the priority stands",
    "ActionMove.to": "where it was moved to last is its due date",
    "ActionMove.on": "history",
    "ActionItem.created": "history",
    "ActionItem.metric": "the digest's: it is listed with its priority",
}
NO_CARD: Final[Mapping[str, str]] = {
    "EarlierQuestions": _EARLIER,
    "Question": _IN_FORM,
    "MemberAnswer": "shown where the check-in's answers are read, by whoever may",
    "PulseResult": "shown where what came of the check-in's rounds is read",
    "PulseTold": "shown where what came of the check-in's rounds is read",
    "DecisionAnswer": "counted on the decision's card, where each voice's own words are its group's",
    "Round": "who was asked and when; its answers are on the priority's card",
}


def _with(**fields: Any) -> Callable[[Any], Any]:
    return lambda one: replace(one, **fields)


# What is so of the value where a field is to be seen, since not every state shows every field.
BESIDE: Final[Mapping[tuple[str, str], Callable[[Any], Any]]] = {
    ("Issue", "note"): _with(status="resolved", resolved=date(2026, 11, 20)),
    ("Decision", "recommended"): _with(recommendation_for="everyone"),
    ("Decision", "delegated"): _with(status="decided", decided_on=date(2026, 11, 20), outcome="Agreed."),
    ("Decision", "note"): _with(status="deferred"),
    ("FundingSource", "decision_expected"): _with(status="applied"),
}
# A field may be seen of one value and not of another: of so many it is looked for, and of so few where it is hidden.
_MOST_LOOKED_AT, _LOOKED_AT_IF_HIDDEN = 16, 2


def fields_on_cards() -> list[Named]:
    """Every field that is tried and that a card of its noun has to show."""
    return [
        (value, field)
        for value, field in tried_fields()
        if value not in NO_CARD and reason_hidden(value, field) is None
    ]


def reason_hidden(value: str, field: str) -> str | None:
    """Why no card shows a field; None where one has to."""
    return _OF_FILE if field == "extra" else HIDDEN.get(f"{value}.{field}")


def changes_on_cards(value: str, field: str) -> Iterator[Change]:
    """Changes of a field, with what it takes beside it to be seen on a card."""
    beside = BESIDE.get((value, field), lambda one: one)
    # The change that all other ways look at is known, and mostly seen.
    known = (one for one in all_changes() if (one.value, one.field) == (value, field))
    for change in chain(known, find_changes(value, field, _base())):
        base, record = (put(one, change.path, beside(found(one, change.path))) for one in (change.base, change.record))
        yield replace(change, base=base, record=record)


@cache
def _base() -> Record:
    """The sample with answers of the last round: no card shows the ones before."""
    record = sample()
    return replace(record, responses=tuple(replace(one, round=date(2026, 11, 17)) for one in record.responses))


class Cards:
    """The cards of a coalition in a database as a coordinator reads them. It remembers on which change a field is
    seen, so that the same one is looked at again."""

    def __init__(self, services: Services, coalition_id: int, *, is_same: bool = False) -> None:
        """`is_same`: the program stays the same, so what others are compared with is read once."""
        self._services = services
        self._coalition_id = coalition_id
        self._seen: dict[Named, Change] = {}
        self._is_same = is_same
        # By the record, which is kept with it so that no other one takes its number, and the value's place in it.
        self._before: dict[tuple[int, str], tuple[Record, str | None]] = {}

    async def require_shown(self, value: str, field: str) -> None:
        """Raises AssertionError where no card shows another value of a field."""
        if (value, field) in self._seen:
            assert await self._shows(self._seen[value, field]), f"{value}.{field} is on no card"
            return
        for change in islice(changes_on_cards(value, field), _MOST_LOOKED_AT):
            if await self._shows(change):
                self._seen[value, field] = change
                return
        raise AssertionError(f"{value}.{field} is on no card: show it there, or say in HIDDEN why not")

    async def require_hidden(self, value: str, field: str) -> None:
        """Raises AssertionError where a card shows a field."""
        for change in islice(changes_on_cards(value, field), _LOOKED_AT_IF_HIDDEN):
            assert not await self._shows(change), f"{value}.{field} is on a card: take it out of HIDDEN"

    async def _shows(self, change: Change) -> bool:
        before, after = await self._base(change), await self._read(change, change.record)
        said = getattr(change.after, change.field)
        is_free = isinstance(said, str) and said.startswith("Other words")
        return None not in (before, after) and before != after and (not is_free or said in (after or ""))

    async def _base(self, change: Change) -> str | None:
        key = id(change.base), repr(change.path)
        if not self._is_same or key not in self._before:
            self._before[key] = change.base, await self._read(change, change.base)
        return self._before[key][1]

    async def _read(self, change: Change, record: Record) -> str | None:
        """What stands on the cards of the innermost value around a change that has one; None where it has none then."""
        # A metric keeps what was worked out of it: another look is at another one.
        record = put(record, change.path, replace(found(record, change.path)))
        there = [found(record, change.path[:length]) for length in range(len(change.path), 0, -1)]
        one = next(two for two in there if type(two).__name__ in CARDS)
        actor = await _acting(self._services, self._coalition_id, COORDINATOR)
        with reading(record):
            try:
                shown = await CARDS[type(one).__name__](self._services, actor, one)
            except UserError:
                return None
        return "\n".join(dump(surface) for surface in shown)


@contextlib.contextmanager
def unseen(value: str, field: str) -> Iterator[None]:
    """The program reads of each such value what its field is where nobody says anything."""
    one = classes()[value]
    slot = vars(one)[field]
    nothing = default_of(one, field)
    if nothing is None and field in required_fields(one):
        nothing = getattr(next(changes_on_cards(value, field)).before, field)
    setattr(one, field, property(lambda _self: nothing, slot.__set__))
    try:
        yield
    finally:
        setattr(one, field, slot)
