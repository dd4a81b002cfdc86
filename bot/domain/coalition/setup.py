"""A new coalition, step by step: who may begin, what a form shows, and what each step makes of the record. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.coalition.organizations import OrganizationChoice, organization_key
from bot.domain.people import SeenAccount
from bot.domain.record import Coalition, Group, Member, Organization, Priority, Record, Role
from bot.domain.rhythm import QUESTION_SETS, Rhythm, missing_cadences, missing_in_rhythm, starting_cadences
from bot.domain.typed import key_for
from bot.domain.vocabularies import HELD_TOGETHER, Audience, CadenceKind
from bot.domain.wording import USUAL_LOCALE, one_line

STEPS = 5
DONE = STEPS + 1
MOST_PRIORITIES = 20
MOST_NAME = 80
MOST_PEOPLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChoice:
    """One priority as it is entered: its owner's Slack user id and its channel's id."""

    name: str = ""
    owner: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Somebody found in the priorities' channels, by channel name."""

    account: SeenAccount
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupPage:
    """A step's form, filled as far as it is known. `step` is 1 to 5, or DONE where everything was entered."""

    step: int
    name: str = ""
    timezone: str = ""
    locale: str = USUAL_LOCALE
    organization: str = ""
    sector: str | None = None
    choices: tuple[PriorityChoice, ...] = ()
    first_row: int = 0  # the number in the first choice's fields' names
    found: tuple[Found, ...] = ()
    channel_count: int = 0
    ticked: frozenset[str] = frozenset()  # Slack user ids
    owners: tuple[tuple[str, str], ...] = ()  # (Slack user id, name) of priorities' owners
    stand_ins: tuple[tuple[str, str], ...] = ()  # owner's user id → stand-in's
    organizations: tuple[OrganizationChoice, ...] = ()  # of those who take part
    rhythm: Rhythm = field(default_factory=Rhythm)
    rhythm_channel: str | None = None  # the roll-up channel's id
    # Of check-in and digest what a coalition from a file lacks: then the rhythm's form stands alone, without steps.
    lacks: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


def may_set_up(account: SeenAccount, named: Collection[str]) -> bool:
    """Whether this person may begin a workspace's setup. `named` are addresses given to `backbeat admin add`."""
    if account.is_external or account.is_guest or account.deactivated:
        return False
    return account.is_admin or (account.email or "").casefold() in named


def first_record(
    name: str,
    timezone: str,
    organization: str,
    sector: str,
    applicant: SeenAccount,
    taken: Collection[str],
    now: datetime,
    locale: str = USUAL_LOCALE,
) -> Record:
    """A coalition with the person who sets it up as its lead. `taken` are the ids of other coalitions."""
    own = Organization(id=key_for(organization, (), "organization"), name=organization, sector=sector)
    lead = _member(applicant, own.id, (), applicant.name)
    lead = replace(lead, roles=(Role(role="backbone_lead", scope="coalition"), Role(role="admin", scope="coalition")))
    return Record(
        schema_version=1,
        coalition=Coalition(id=key_for(name, taken, "coalition-1"), name=name, timezone=timezone, locale=locale),
        first_imported_at=now,
        organizations=(replace(own, contacts=(lead.id,)),),
        members=(lead,),
    )


def with_account(
    record: Record,
    account: SeenAccount,
    known: Mapping[str, str],
    home: SeenAccount,
    chosen: Mapping[str, OrganizationChoice],
) -> tuple[Record, str]:
    """The record with the member of this account, and the member's id; one who is there already stays as they are.

    `known` maps Slack user ids to members; `chosen` are the organizations, by how they are told apart. Whoever has an
    address at `home`'s domain, or none to tell by, belongs to the one that set it up.
    """
    if account.user_id in known:
        return record, known[account.user_id]
    by_address = {(member.email or "").casefold(): member.id for member in record.members if member.email}
    if account.email and account.email.casefold() in by_address:
        return record, by_address[account.email.casefold()]
    record, organization = _with_organization(record, account, home, chosen)
    member = _member(account, organization, [one.id for one in record.members], account.name)
    organizations = tuple(
        replace(one, contacts=(member.id,)) if one.id == organization and not one.contacts else one
        for one in record.organizations
    )
    return replace(record, members=(*record.members, member), organizations=organizations), member.id


def _member(account: SeenAccount, organization: str, taken: Collection[str], name: str) -> Member:
    first = name.split()[0] if name.split() else name
    return Member(
        id=key_for(first, taken, "member"),
        name=name,
        organization=organization,
        access=account.access,
        email=account.email,
        title=account.title,
        timezone=account.timezone,
    )


def _with_organization(
    record: Record, account: SeenAccount, home: SeenAccount, chosen: Mapping[str, OrganizationChoice]
) -> tuple[Record, str]:
    key = organization_key(account, home)
    if key is None:
        return record, record.organizations[0].id
    choice = chosen[key]
    name = one_line(choice.name)
    for one in record.organizations:
        if one.name.casefold() == name.casefold():
            return record, one.id
    taken = [*(one.id for one in record.organizations), *(one.id for one in record.groups)]
    added = Organization(id=key_for(name, taken, "organization"), name=name, sector=choice.sector or "")
    return replace(record, organizations=(*record.organizations, added)), added.id


def with_priorities(record: Record, chosen: Sequence[tuple[str, str, str]]) -> Record:
    """The record with these priorities, each (name, owner's member id, channel name), in this order.

    One that is there already in its place is changed: the form was gone back to.
    """
    changed = list(record.priorities)
    for index, (name, owner, channel) in enumerate(chosen):
        if index < len(changed):
            changed[index] = replace(changed[index], name=name, owner=owner, channel=channel)
            continue
        taken = [*(one.id for one in changed), *(one.id for one in record.groups)]
        changed.append(Priority(id=key_for(name, taken, "priority"), name=name, owner=owner, channel=channel))
    return replace(record, priorities=tuple(changed))


def with_groups(record: Record, seated: Mapping[str, Iterable[str]]) -> Record:
    """The record with a working group for each priority: its owner as chair, and the members found in its channel.

    `seated` maps a channel's name to member ids. Nobody who sits in a group already is taken out of it.
    """
    groups = {group.id: group for group in record.groups}
    others = [*(one.id for one in record.priorities), *(one.id for one in record.organizations)]
    priorities = []
    for priority in record.priorities:
        key = priority.working_group or key_for(f"wg {priority.id}", [*groups, *others], "group")
        before = groups.get(key)
        members = dict.fromkeys(
            [priority.owner, *(before.members if before else ()), *seated.get(priority.channel or "", ())]
        )
        groups[key] = Group(
            id=key,
            name=f"{priority.name} working group",
            kind="working_group",
            members=tuple(members),
            chair=priority.owner,
            priority=priority.id,
            channel=priority.channel,
        )
        priorities.append(replace(priority, working_group=key))
    return replace(record, groups=tuple(groups.values()), priorities=tuple(priorities))


def with_stand_ins(record: Record, stand_ins: Mapping[str, str | None]) -> Record:
    """The record with who stands in for whom; member ids."""
    return replace(
        record,
        members=tuple(
            replace(member, delegate=stand_ins[member.id]) if member.id in stand_ins else member
            for member in record.members
        ),
    )


def with_rhythm(record: Record, rhythm: Rhythm, now: datetime) -> Record:
    """The record with the weekly rhythm that everybody starts with."""
    cadences = {cadence.id: cadence for cadence in record.cadences}
    cadences |= {cadence.id: cadence for cadence in starting_cadences(record, rhythm, now)}
    sets = {one.id: one for one in QUESTION_SETS} | {one.id: one for one in record.question_sets}
    return replace(record, cadences=tuple(cadences.values()), question_sets=tuple(sets.values()))


def with_missing_rhythm(record: Record, rhythm: Rhythm, now: datetime) -> Record:
    """A record that came from a file, with what it lacks of check-in and digest; what is there stays as it is."""
    added = missing_cadences(record, rhythm, now)
    digest = next((one.id for one in added if one.kind == CadenceKind.DIGEST), None)
    there = tuple(
        replace(one, feeds=digest) if digest and one.audience == Audience.PRIORITY_OWNERS and one.feeds is None else one
        for one in record.cadences
    )
    asked = {one.question_set for one in added}
    known = {one.id for one in record.question_sets}
    sets = tuple(one for one in QUESTION_SETS if one.id in asked - known)
    return replace(record, cadences=(*there, *added), question_sets=(*record.question_sets, *sets))


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that a coalition has or has not yet. `how` is what can be typed to add it."""

    what: str
    how: str
    done: bool


def checklist(record: Record) -> tuple[Task, ...]:
    """What a coalition consists of, in the order in which it is usually added."""
    metrics = [metric for priority in record.priorities for metric in priority.metrics]
    return (
        Task("Priorities with their owners", "/priority add", bool(record.priorities)),
        Task("People and their organizations", "/coalition members", len(record.members) > 1),
        Task("The weekly rhythm", "/coalition setup", rhythm_is_there(record)),
        Task("North star", "/coalition northstar", record.coalition.north_star is not None),
        Task("Figures and baselines", "/metric add", bool(metrics) and all(one.baseline for one in metrics)),
        Task("Funding", "/funding add", bool(record.funding_sources)),
        Task("Groups, the Steering Committee among them", "/coalition groups", record.steering is not None),
        Task("Meetings", "/meeting add", any(one.kind in HELD_TOGETHER for one in record.cadences)),
    )


def rhythm_is_there(record: Record) -> bool:
    """Whether there is a check-in and a digest."""
    return not missing_in_rhythm(record)
