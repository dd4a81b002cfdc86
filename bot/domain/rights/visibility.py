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
    principals = _principals(record, member)
    return _narrowed(record, lambda one: _has_to_do_with(record, one, member, principals))


def sees(record: Record, item: Item, standing: Standing, member: str | None) -> bool:
    """Whether somebody may see an item; one that is for everybody they may, as far as this module says."""
    if not is_restricted(item) or standing.everywhere & _ALL:
        return True
    return _has_to_do_with(record, item, member, _principals(record, member))


def seen_in(record: Record, channel: str | None) -> Record:
    """The record without the items that may not be told in a channel. In that of one group alone its own are, unless
    everybody in the workspace may read it; None is any place that everybody may come to read."""
    return _narrowed(record, lambda one: channel is not None and _is_own_channel(record, one, channel))


def seen_by_everybody(record: Record) -> Record:
    """The record without any item that only some may see."""
    return seen_in(record, None)


def _principals(record: Record, member: str | None) -> frozenset[str]:
    """Whom somebody stands in for."""
    return frozenset(one.id for one in record.members if member is not None and one.delegate == member)


def _has_to_do_with(record: Record, item: Item, member: str | None, principals: frozenset[str]) -> bool:
    """Whether somebody sees an item that only some may see, without running the coalition from day to day.

    `principals`: whom they stand in for, which is the same for every item."""
    if member is None:
        return False
    own = set(_own(item))
    if member in own or not principals.isdisjoint(own):
        return True
    # Who stands in for somebody sees what that person has to do or to answer.
    voices = {member, *principals} if isinstance(item, Decision) else {member}
    return any(not voices.isdisjoint(_seated(group)) for group in _groups(record, item))


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
