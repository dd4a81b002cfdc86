"""Items that only some may see, and the record without those that somebody may not.

An action, an issue or a decision is seen by whoever may read its priority, unless its `visibility` names a group or the
coordinators. Then its readers are those and the people who have to do with it, whatever else somebody may read.
Whoever shows something takes the record from here, so that no list, search, count or message has to think of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol, TypeVar

from bot.domain.record import ActionItem, Decision, Group, Issue, Record, restricted_actions, without_actions
from bot.domain.rights.rights import COORDINATORS, Part, Standing
from bot.domain.vocabularies import Visibility


class Kept(Protocol):
    """What carries who sees it."""

    @property
    def visibility(self) -> str: ...


Item = ActionItem | Issue | Decision
ItemT = TypeVar("ItemT", ActionItem, Issue, Decision)
# The clock reads for whoever is written to, and narrows again for them.
_ALL = COORDINATORS | {Part.CLOCK}


def seen_by(record: Record, standing: Standing, member: str | None) -> Record:
    """The record without the items that somebody (with this member's id, if they are one) may not see."""
    if standing.everywhere & _ALL:
        return record
    return _narrowed(record, lambda one: sees(record, one, standing, member))


def sees(record: Record, item: Item, standing: Standing, member: str | None) -> bool:
    """Whether somebody may see an item; one that is for everybody they may, as far as this module says."""
    if not is_restricted(item) or standing.everywhere & _ALL:
        return True
    return member is not None and member in people_of(record, item)


def seen_in(record: Record, channel: str | None) -> Record:
    """The record without the items that may not be told in a channel. In that of one group alone its own are, unless
    everybody in the workspace may read it; None is any place that everybody may come to read."""
    return _narrowed(record, lambda one: channel is not None and _is_own_channel(record, one, channel))


def seen_by_everybody(record: Record) -> Record:
    """The record without any item that only some may see."""
    return seen_in(record, None)


def people_of(record: Record, item: Item) -> frozenset[str]:
    """The ids of those who see an item that only some may see, beside those who run the coalition from day to day."""
    stand_ins = {one.id: one.delegate for one in record.members if one.delegate is not None}
    own = set(_own(item))
    for group in _groups(record, item):
        own |= _seated(group)
    answer = own if isinstance(item, Decision) else set(_own(item))
    # Who stands in for somebody sees what that person has to do or to answer.
    return frozenset(own | {stand_ins[one] for one in answer if one in stand_ins})


def choices_of(record: Record, standing: Standing, member: str | None) -> tuple[Group, ...]:
    """The groups that somebody may keep an item to: those who run the coalition any, others their own."""
    if standing.everywhere & COORDINATORS:
        return record.groups
    return tuple(group for group in record.groups if member is not None and member in _seated(group))


def _own(item: Item) -> Iterator[str]:
    """Who has to do with it themselves."""
    if isinstance(item, Decision):
        if item.accountable is not None:
            yield item.accountable
        return
    yield item.owner
    if isinstance(item, Issue):
        yield item.raised_by


def _is_own_channel(record: Record, item: Item, channel: str) -> bool:
    owners = {group.id for group in record.groups if group.channel == channel}
    is_theirs = bool(owners) and owners <= {group.id for group in _groups(record, item)}
    return is_theirs and channel not in record.public_channels


def _seated(group: Group) -> set[str]:
    return {*group.members, *(one for one in (group.chair, group.cochair) if one is not None)}


def _groups(record: Record, item: Item) -> list[Group]:
    """The groups whose item it is: the one that it is kept to, the one that it went to, and the one that decides it."""
    wanted = {item.visibility}
    if isinstance(item, Issue):
        wanted.add(item.escalated_to or "")
    if isinstance(item, Decision):
        wanted.add(item.decider)
    return [group for group in record.groups if group.id in wanted]


def is_restricted(item: Kept) -> bool:
    """Whether only some may see it."""
    return item.visibility != Visibility.EVERYBODY


def may_be_told_in(record: Record, item: Item, channel: str) -> bool:
    """Whether an item may be told in a channel."""
    return not is_restricted(item) or _is_own_channel(record, item, channel)


def _narrowed(record: Record, shows: Callable[[Item], bool]) -> Record:
    hidden = frozenset(one.id for one in restricted_actions(record) if not shows(one))
    issues = _kept(record.issues, shows)
    decisions = _kept(record.decisions, shows)
    if not hidden and issues is record.issues and decisions is record.decisions:
        return record
    return replace(record, actions=without_actions(record, hidden), issues=issues, decisions=decisions)


def _kept(items: tuple[ItemT, ...], shows: Callable[[Item], bool]) -> tuple[ItemT, ...]:
    """Those that are shown; the same ones where all are."""
    found = tuple(one for one in items if not is_restricted(one) or shows(one))
    return items if len(found) == len(items) else found
