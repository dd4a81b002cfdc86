"""What goes on, on a day: the record without what has ended by then. Pure.

One place for every noun: whatever lists, offers, asks, plans or counts reads a record that went through here, so that
nothing has to remember to leave out what ended. What is left out stands in `Record.everything`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

from bot.domain.record.record import Cadence, Coalition, Group, Member, Priority, Record
from bot.domain.vocabularies import COALITION_SCOPE, CadenceKind


class Ending(Protocol):
    """Something that may end."""

    @property
    def ended(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class EndOf:
    """What the card of a thing says of its end. `ref` is what its buttons carry."""

    ref: str
    ended: date | None
    may_end: bool


E = TypeVar("E", bound=Ending)


def goes_on(thing: Ending, day: date) -> bool:
    """Whether it is there on a day: its last day is still one of them."""
    return thing.ended is None or thing.ended >= day


def present_on(record: Record, day: date) -> Record:
    """The record without what ended before a day; itself where nothing did.

    What only says where something belongs (a priority's group, a group's priority, a role's scope, whose money it is)
    is left out with it, and so are seats of who has left, with a quorum that nobody could reach then. What needs
    somebody or something was handed over when the end was entered.
    """
    if not _holds_any(record, day):
        return _with_last_days(record)
    organizations = _only(record.organizations, day)
    groups = _only(record.groups, day)
    priorities = _only(record.priorities, day)
    left = _left(record, day)
    gone = {one.id for one in record.priorities if not goes_on(one, day)}
    gone |= {one.id for one in record.groups if not goes_on(one, day)}
    gone |= {one.id for one in record.organizations if not goes_on(one, day)}
    present = replace(
        record,
        coalition=_star_on(record.coalition, day),
        organizations=organizations,
        members=_same(record.members, (_with_roles(one, gone, left) for one in record.members)),
        groups=_same(groups, (_without_seats(_without_priority(one, gone), left, record) for one in groups)),
        priorities=_same(priorities, (_priority_on(one, gone, day) for one in priorities)),
        cadences=tuple(one for one in record.cadences if is_heard_of(one, day)),
        funding_sources=tuple(
            replace(one, organization=None) if one.organization in gone else one
            for one in _only(record.funding_sources, day)
        ),
        whole=record.everything,
    )
    return _with_last_days(present)


def _with_last_days(record: Record) -> Record:
    """No cadence comes round after the coalition's last day. They stay where they are listed: one looks things up in a
    coalition that has ended."""
    last = record.coalition.ended
    if last is None or all(one.ended is not None and one.ended <= last for one in record.cadences):
        return record
    cadences = tuple(
        one if one.ended is not None and one.ended <= last else replace(one, ended=last) for one in record.cadences
    )
    return replace(record, cadences=cadences, whole=record.everything)


def lasting(things: Iterable[E]) -> tuple[E, ...]:
    """Those of which no end is known: what may be chosen, so that nothing new hangs on what is about to end."""
    return tuple(one for one in things if one.ended is None)


def is_heard_of(cadence: Cadence, day: date) -> bool:
    """Whether a cadence comes round on a day or later, or its last round may still be open then: that one closes as it
    began."""
    if cadence.ended is None:
        return True
    hours = cadence.closes_after_hours if cadence.kind == CadenceKind.CHECKIN else 0
    # A day more, since clocks of members may be a day behind.
    return day <= cadence.ended + (timedelta(hours=hours + 24) if hours else timedelta())


def _holds_any(record: Record, day: date) -> bool:
    star, left = record.coalition.north_star, _left(record, day)
    return (
        any(not left.isdisjoint(_seated(one)) for one in record.groups if left)
        or any(one.roles for one in record.members if one.id in left)
        or any(not goes_on(one, day) for things in (record.organizations, record.groups) for one in things)
        or any(not goes_on(one, day) for one in record.funding_sources)
        or any(not is_heard_of(one, day) for one in record.cadences)
        or (star is not None and star.metric is not None and not goes_on(star.metric, day))
        or any(not goes_on(priority, day) or _holds_less(priority, day) for priority in record.priorities)
    )


def _holds_less(priority: Priority, day: date) -> bool:
    return any(not goes_on(one, day) for one in priority.outcomes) or any(
        not goes_on(one, day) for one in priority.metrics
    )


def _only(things: tuple[E, ...], day: date) -> tuple[E, ...]:
    return tuple(one for one in things if goes_on(one, day))


T = TypeVar("T")


def _same(before: tuple[T, ...], after: Iterable[T]) -> tuple[T, ...]:
    """The tuple itself where nothing in it is another."""
    made = tuple(after)
    return before if all(one is then for one, then in zip(before, made, strict=True)) else made


def _star_on(coalition: Coalition, day: date) -> Coalition:
    star = coalition.north_star
    if star is None or star.metric is None or goes_on(star.metric, day):
        return coalition
    return replace(coalition, north_star=replace(star, metric=None))


def _with_roles(member: Member, gone: set[str], left: frozenset[str]) -> Member:
    """Without roles in what has ended; whoever has left has none."""
    if member.id in left:
        return replace(member, roles=()) if member.roles else member
    if not any(one.scope in gone and one.scope != COALITION_SCOPE for one in member.roles):
        return member
    return replace(member, roles=tuple(one for one in member.roles if one.scope not in gone))


def _without_priority(group: Group, gone: set[str]) -> Group:
    return replace(group, priority=None) if group.priority in gone else group


def _left(record: Record, day: date) -> frozenset[str]:
    return frozenset(one.id for one in record.members if not goes_on(one, day))


def _seated(group: Group) -> tuple[str | None, ...]:
    return (*group.members, group.chair, group.cochair)


def _without_seats(group: Group, left: frozenset[str], record: Record) -> Group:
    if left.isdisjoint(_seated(group)):
        return group
    chair, cochair = (None if one in left else one for one in (group.chair, group.cochair))
    members = tuple(one for one in group.members if one not in left)
    return with_reachable_quorum(record, replace(group, members=members, chair=chair, cochair=cochair))


def with_reachable_quorum(record: Record, group: Group) -> Group:
    """A group asks for no more organizations than its members come from: it could decide nothing any more."""
    if group.quorum is None:
        return group
    home = {one.id: one.organization for one in record.members}
    organizations = len({home[one] for one in group.members if one in home})
    return group if group.quorum <= organizations else replace(group, quorum=organizations or None)


def _priority_on(priority: Priority, gone: set[str], day: date) -> Priority:
    if not _holds_less(priority, day) and priority.working_group not in gone:
        return priority
    metrics = _only(priority.metrics, day)
    keys = {one.id for one in metrics}
    return replace(
        priority,
        outcomes=_only(priority.outcomes, day),
        metrics=metrics,
        working_group=None if priority.working_group in gone else priority.working_group,
        headline_metric=priority.headline_metric if priority.headline_metric in keys else None,
    )
