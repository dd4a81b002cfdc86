"""A record with items that only some may see, made by chance, and who may: told once more, apart from the program.

Every text of such an item holds its id, so that whatever is said of it is found by that.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from bot.domain.record import ActionItem, Decision, Group, Issue, Record
from bot.domain.vocabularies import ActionStatus, DecisionStatus, IssueStatus, Visibility

Item = ActionItem | Issue | Decision
T = TypeVar("T")
RUN_BY = {"backbone_lead", "admin", "backbone_staff", "data_lead"}
FIRST = 7001  # no other id of the sample begins with a seven and has four digits
MARK = re.compile(r"[ADI]-7\d{3}")
SENT_ON = date(2026, 11, 23)


def with_restricted(record: Record, seed: int, *, each: int = 14) -> Record:
    """The record with so many actions, issues and decisions more, each kept to a group or to the coordinators."""
    chance = random.Random(seed)
    kept_to = [Visibility.COORDINATORS, *(group.id for group in record.groups)]
    ids = [f"{letter}-{FIRST + number}" for letter in "AID" for number in range(each)]
    made = [_item(record, chance, key, kept_to[number % len(kept_to)]) for number, key in enumerate(ids)]
    return replace(
        record,
        actions=(*record.actions, *(one for one in made if isinstance(one, ActionItem))),
        issues=(*record.issues, *(one for one in made if isinstance(one, Issue))),
        decisions=(*record.decisions, *(one for one in made if isinstance(one, Decision))),
    )


def restricted(record: Record) -> dict[str, Item]:
    """The items that only some may see, by id."""
    items: tuple[Item, ...] = (*record.actions, *record.issues, *record.decisions)
    return {one.id: one for one in items if MARK.fullmatch(one.id)}


def hidden_from(record: Record, who: str) -> frozenset[str]:
    """The ids of those that this member may not even hear of."""
    return frozenset(key for key, item in restricted(record).items() if not _may_see(record, item, who))


def hidden_in(record: Record, channel: str) -> frozenset[str]:
    """The ids of those that no message in this channel may tell of."""
    at_home = {group.id for group in record.groups if group.channel == channel}
    is_open = channel in record.public_channels
    return frozenset(
        key
        for key, item in restricted(record).items()
        if is_open or not at_home or not at_home <= {group.id for group in _groups(record, item)}
    )


def told_of(text: str, hidden: Collection[str]) -> list[str]:
    """The hidden ones that a text tells of."""
    return sorted(set(MARK.findall(text)) & set(hidden))


def _may_see(record: Record, item: Item, who: str) -> bool:
    person = next(one for one in record.members if one.id == who)
    if any(role.role in RUN_BY for role in person.roles):
        return True
    own = {"owner", "raised_by", "accountable"}
    themselves = {getattr(item, name) for name in own if getattr(item, name, None) is not None}
    seated = {one for group in _groups(record, item) for one in (*group.members, group.chair, group.cochair)}
    principals = {one.id for one in record.members if one.delegate == who}
    answers = themselves | (seated if isinstance(item, Decision) else set())
    return who in themselves | seated or bool(principals & answers)


def _groups(record: Record, item: Item) -> list[Group]:
    named = {item.visibility, getattr(item, "escalated_to", None), getattr(item, "decider", None)}
    return [group for group in record.groups if group.id in named]


def _item(record: Record, chance: random.Random, key: str, kept_to: str) -> Item:
    owner = chance.choice(record.members)
    priority = chance.choice([*(one.id for one in record.priorities), None])
    day = SENT_ON + timedelta(days=chance.randint(-12, 12))
    words = f"About {key}"
    if key.startswith("A"):
        status = chance.choice([ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS, ActionStatus.BLOCKED])
        return ActionItem(
            id=key, title=words, owner=owner.id, organization=owner.organization, due=day, status=status,
            created=SENT_ON - timedelta(days=20), priority=priority, deliverable=words, note=words,
            blocked_reason=words if status == ActionStatus.BLOCKED else None,
            waiting_on=chance.choice([None, *(one.id for one in record.organizations)]),
            visibility=kept_to,
        )  # fmt: skip
    if key.startswith("I"):
        group = chance.choice([None, *record.groups])
        return Issue(
            id=key, title=words, raised_by=chance.choice(record.members).id, owner=owner.id,
            raised=SENT_ON - timedelta(days=9), priority=priority, impact=words, note=words,
            status=IssueStatus.OPEN if group is None else IssueStatus.ESCALATED,
            escalated_to=group.id if group is not None else None,
            escalated=SENT_ON - timedelta(days=2) if group is not None else None,
            visibility=kept_to,
        )  # fmt: skip
    decided = chance.random() < 0.3
    return Decision(
        id=key, title=words, decider=chance.choice(record.groups).id, accountable=owner.id, priority=priority,
        status=DecisionStatus.DECIDED if decided else DecisionStatus.NEEDED, needed_by=day,
        options=(f"Do {key}", f"Leave {key}"), why=words, note=words,
        decided_on=SENT_ON - timedelta(days=1) if decided else None, outcome=words if decided else None,
        visibility=kept_to,
    )  # fmt: skip
