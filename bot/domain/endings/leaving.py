"""A member leaves: the last day, and who has from now on what was theirs. Pure.

What they said and did stays as it is, under their name. Ownership, stewardship and open work go to somebody else at
once, also where the last day is still to come, so that nothing is ever left pointing at nobody; so do chairs for which
somebody is chosen. Seats in groups, steering's roles among them, last as long as they take part
(`bot/domain/record/presence.py`), and their voice counts until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.actions import hand_on
from bot.domain.endings.outliving import require_none_outlives
from bot.domain.people import admins, put_member
from bot.domain.priorities import hand_over
from bot.domain.record import (
    Coalition,
    FundingSource,
    Group,
    Holdings,
    Member,
    Metric,
    Priority,
    Record,
    holdings_of,
    open_actions,
    present_on,
    with_reachable_quorum,
)
from bot.domain.rights import STEERS
from bot.domain.typed import Known
from bot.domain.vocabularies import DecisionRule
from bot.errors import UserError

# How far ahead a last day may be.
MOST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What the form of somebody who leaves holds: the last day, and who has what was theirs from now on (member ids).

    None where nothing of that kind is theirs, or for chairs and stand-ins where nobody has been found yet.
    """

    last_day: date
    priorities: str | None = None
    chairs: str | None = None
    figures: str | None = None
    work: str | None = None
    stand_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingForm:
    """What that form is opened with. `suggested`: the stand-in, else the organization's next contact. `last_day` is
    what was entered before."""

    id: str
    name: str
    organization: str
    today: date
    last_day: date | None
    holdings: Holdings
    suggested: Known | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What somebody is told who has something from now on that was another's. Names and titles of what is theirs now.

    `last_day` is empty where that person takes part again by now.
    """

    name: str
    organization: str
    last_day: date | None
    priorities: tuple[str, ...] = ()
    chairs: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        return False

    @property
    def minutes(self) -> int:
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """That somebody leaves, as it is told to whoever entered it. `taken`: what was handed over, by who has it now."""

    id: str
    name: str
    last_day: date
    today: date
    taken: tuple[tuple[str, tuple[str, ...]], ...]
    quorums: tuple[tuple[str, int | None], ...] = ()  # that had to be lowered: the group and what it is now
    may_undo: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerMember:
    """Somebody who left, or is about to."""

    id: str
    name: str
    organization: str
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerMembers:
    """Those who left or are about to, the latest first."""

    lines: tuple[FormerMember, ...]
    today: date


def suggest_successor(record: Record, member: Member) -> Member | None:
    """Who comes first for what a member leaves behind: the stand-in, else the organization's next contact."""
    present = {one.id: one for one in record.present if one.id != member.id}
    organization = next((one for one in record.everything.organizations if one.id == member.organization), None)
    for key in (member.delegate, *(organization.contacts if organization is not None else ())):
        if key in present:
            return present[key]
    return None


def leave(record: Record, key: str, plan: Leaving, today: date) -> Record:
    """The record once this member leaves: with the last day, and everything that hung on them with others.

    Raises UserError by the field to mend: a day that is too far away, something that needs a person and has none,
    somebody who takes no part, or the last one who may configure the coalition.
    """
    member = next(one for one in record.members if one.id == key)
    if plan.last_day > today + MOST_AHEAD:
        raise UserError("That is more than a year away. Choose an earlier day.", field="last_day")
    before = record
    # Also what ends later than they leave.
    held = holdings_of(record, key, plan.last_day)
    takers = _takers(record, member, held, plan)
    record = _without_owner(record, member, takers)
    seats = tuple(one for one in member.roles if one.role.startswith(STEERS))
    gone = replace(member, ended=plan.last_day, roles=seats, delegate=None)
    record = replace(
        record,
        members=tuple(_without_stand_in(one, key, takers.get("stand_in")) for one in put_member(record, gone).members),
        groups=tuple(_with_other_chair(one, key, takers.get("chairs")) for one in record.groups),
        organizations=tuple(
            replace(one, contacts=_without(one.contacts, key)) if key in one.contacts else one
            for one in record.organizations
        ),
        cadences=tuple(
            replace(one, attendees=_without(one.attendees, key), email=_without(one.email, key))
            if key in (*one.attendees, *one.email)
            else one
            for one in record.cadences
        ),
    )
    if not admins(record):
        raise UserError(
            f"{member.name} is the only one who may configure the coalition. Make somebody else an admin first.",
            field="last_day",
        )
    record = _with_work(record, member, takers.get("work"))
    require_none_outlives(before, record, key)
    return with_reachable_quorums(record)


def lowered(before: Record, after: Record, last_day: date | None = None) -> tuple[tuple[str, int | None], ...]:
    """Groups whose quorum is lower after the last day (None: at once), by name, with what it is then."""
    was = {one.id: one.quorum for one in before.groups}
    then = after if last_day is None else present_on(after, last_day + timedelta(days=1))
    return tuple((one.name, one.quorum) for one in then.groups if one.quorum != was.get(one.id))


def take_part_again(member: Member) -> Member:
    """As before, without the roles and things that others have by now."""
    return replace(member, ended=None)


def _takers(record: Record, member: Member, held: Holdings, plan: Leaving) -> Mapping[str, Member]:
    present = {one.id: one for one in record.present if one.id != member.id}
    found: dict[str, Member] = {}
    for field, theirs, needed in (
        ("priorities", held.priorities, True),
        ("chairs", held.chairs, False),
        ("figures", held.figures, True),
        ("work", held.work, True),
        ("stand_in", held.principals, False),
    ):
        chosen: str | None = getattr(plan, field)
        if not theirs:
            continue
        if chosen is None and needed:
            raise UserError("Choose who has this from now on.", field=field)
        if chosen is None:
            continue
        if chosen not in present:
            raise UserError(f"Choose somebody who takes part, other than {member.name}.", field=field)
        found[field] = present[chosen]
    rules = [one for one in record.groups if one.chair == member.id and one.decision_rule == DecisionRule.CHAIR]
    if rules and "chairs" not in found:
        raise UserError(f"In {rules[0].name} the chair decides. Choose who chairs it now.", field="chairs")
    return found


def _without_owner(record: Record, member: Member, takers: Mapping[str, Member]) -> Record:
    owner, steward = takers.get("priorities"), takers.get("figures")
    for priority in record.priorities if owner is not None else ():
        if owner is not None and priority.owner == member.id:
            for _, then in hand_over(record.members, priority, owner.id):
                record = put_member(record, then)
    return replace(
        record,
        priorities=tuple(_with_people(one, member.id, owner, steward) for one in record.priorities),
        coalition=_with_steward(record.coalition, member.id, steward),
    )


def _with_people(priority: Priority, key: str, owner: Member | None, steward: Member | None) -> Priority:
    if owner is not None and priority.owner == key:
        priority = replace(priority, owner=owner.id)
    metrics = tuple(_looked_after(one, key, steward) for one in priority.metrics)
    return priority if metrics == tuple(priority.metrics) else replace(priority, metrics=metrics)


def _with_steward(coalition: Coalition, key: str, steward: Member | None) -> Coalition:
    star = coalition.north_star
    if star is None or star.metric is None or steward is None or star.metric.steward != key:
        return coalition
    return replace(coalition, north_star=replace(star, metric=_looked_after(star.metric, key, steward)))


def _looked_after(metric: Metric, key: str, steward: Member | None) -> Metric:
    return replace(metric, steward=steward.id) if steward is not None and metric.steward == key else metric


def _without_stand_in(member: Member, key: str, other: Member | None) -> Member:
    """Nobody stands in for themselves: whoever would, has nobody until they choose."""
    if member.delegate != key:
        return member
    return replace(member, delegate=other.id if other is not None and other.id != member.id else None)


def _with_other_chair(group: Group, key: str, other: Member | None) -> Group:
    """Somebody else chairs it, with a seat in it. Their own seat lasts as long as they take part, and so does their
    chair where nobody else has it."""
    if other is None or key not in (group.chair, group.cochair):
        return group
    chair, cochair = (other.id if one == key else one for one in (group.chair, group.cochair))
    members = group.members if other.id in group.members else (*group.members, other.id)
    return replace(group, members=members, chair=chair, cochair=cochair if cochair != chair else None)


def with_reachable_quorums(record: Record) -> Record:
    """No group asks for more organizations than its members come from."""
    return replace(record, groups=tuple(with_reachable_quorum(record, one) for one in record.groups))


def _with_work(record: Record, member: Member, other: Member | None) -> Record:
    if other is None:
        return record
    mine = {one.id for one in open_actions(record) if one.owner == member.id}
    return replace(
        record,
        actions=tuple(hand_on(one, member, other) if one.id in mine else one for one in record.actions),
        issues=tuple(
            replace(one, owner=other.id) if one.owner == member.id and one.is_open else one for one in record.issues
        ),
        decisions=tuple(
            replace(one, accountable=other.id) if one.accountable == member.id and one.is_undecided else one
            for one in record.decisions
        ),
        funding_sources=tuple(_reported_by(one, member.id, other.id) for one in record.funding_sources),
    )


def _reported_by(source: FundingSource, key: str, other: str) -> FundingSource:
    if source.report is None or source.report.owner != key or source.report.next_due is None:
        return source
    return replace(source, report=replace(source.report, owner=other))


def _without(keys: tuple[str, ...], key: str) -> tuple[str, ...]:
    return tuple(one for one in keys if one != key)


_PARTS = ("priorities", "chairs", "figures", "work", "principals")


def encode_handed_over(member: str, holdings: Mapping[str, tuple[str, ...]]) -> str:
    """What an item about this is about: whose it was, and ids by kind. Ids hold neither spaces, ":" nor ","."""
    parts = [f"{kind}:{','.join(holdings[kind])}" for kind in _PARTS if holdings.get(kind)]
    return " ".join([member, *parts])


def decode_handed_over(about: str) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    """The inverse of `encode_handed_over`."""
    member, *parts = about.split(" ")
    kinds = (part.partition(":") for part in parts)
    return member, {kind: tuple(ids.split(",")) for kind, _, ids in kinds}
