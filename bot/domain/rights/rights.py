"""Who may do what: one table, asked by every service. Roles of the file become parts; parts add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.record import Group, Member, Record
from bot.domain.vocabularies import GroupKind
from bot.domain.wording import either


class Part(StrEnum):
    """What a person is to the coalition, to one priority or to one metric."""

    LEAD = "lead"
    STAFF = "staff"
    STEERING = "steering"
    CHAIR = "chair"  # of steering
    OWNER = "owner"  # owner or co-chair of a priority
    STEWARD = "steward"  # of a metric
    CONTRIBUTOR = "contributor"  # to a priority, one of whose metrics they are steward of
    MEMBER = "member"
    FUNDER = "funder"
    OPERATOR = "operator"  # runs the program itself: the command line
    CLOCK = "clock"  # the schedules


class Right(StrEnum):
    CONFIGURE = "configure"
    PUBLISH = "mark what is public"
    MANAGE_MEMBERS = "manage members"
    EXPORT = "export"
    READ_ROLL_UP = "read the roll-up"
    READ_PRIORITY = "read a priority"
    EDIT_PRIORITY = "edit a priority"
    PROPOSE_EDIT = "propose a change"
    ANSWER_CHECKIN = "answer a check-in"
    RUN_CHECKINS = "run check-ins"
    RECORD_READING = "record a figure"
    CREATE_ACTION = "create an action"
    CHANGE_ACTION = "close or move an action"
    RAISE_ISSUE = "raise an issue"
    ESCALATE_ISSUE = "escalate an issue"
    CHANGE_ISSUE = "resolve or park an issue"
    PROPOSE_DECISION = "propose a decision"
    RESPOND = "respond to a decision"
    RESPOND_FOR = "respond for somebody"
    RECORD_DECISION = "record a decision"
    SEE_AMOUNTS = "see funding amounts"
    READ_FUNDING = "read funding"
    CHANGE_FUNDING = "change funding"
    SET_REPORT_DATE = "set a funding report's date"
    SEND_DIGEST = "send a digest"
    SCREEN_ASKS = "decide about an ask"
    WRITE_TO = "write to a member"
    READ_NOTES = "read notes to the coordinators"
    RESOLVE_HELD = "decide about a held message"
    MANAGE_MEETING = "schedule or move a meeting"
    WRITE_NOTES = "write a meeting's notes"
    SEE_OWN = "see what is one's own"
    DELIVER = "deliver"


# Who does what, as a refusal says it; any other right has a sentence of its own where it is asked for.
_DONE_BY = {
    Right.CONFIGURE: "Setting up, pausing and roles are for the leads and admins.",
    Right.MANAGE_MEMBERS: "People and their accounts are looked after by the coordinators.",
    Right.EXPORT: "The whole file and its history are for the coordinators.",
    Right.RUN_CHECKINS: "Check-ins are run by the coordinators.",
    Right.SEND_DIGEST: "Digests are sent by the coordinators.",
    Right.READ_NOTES: "Notes to the coordinators are read by them only.",
    Right.RESOLVE_HELD: "Held messages are looked after by the coordinators.",
    Right.EDIT_PRIORITY: "Priorities and figures are set up by the coordinators.",
    Right.RECORD_READING: "Figures are recorded by their stewards, the priority's owner and the coordinators.",
    Right.MANAGE_MEETING: "Meetings are scheduled by the coordinators, chairs and owners of priorities.",
    Right.CHANGE_FUNDING: "Funding is entered by the coordinators.",
}


def done_by(right: Right) -> str:
    """Who has this right, as one sentence for somebody who hasn't."""
    return _DONE_BY.get(right, f"To {right} you need a role that you don't have here.")


EVERYBODY = frozenset(Part)
COORDINATORS = frozenset({Part.LEAD, Part.STAFF, Part.OPERATOR})

# Parts that have a right. What each of them has only for its own priority, metric or group stands in OWN below.
ALLOWED: dict[Right, frozenset[Part]] = {
    Right.CONFIGURE: frozenset({Part.LEAD, Part.OPERATOR}),
    # What everybody in the world may read is decided by those who answer for the coalition.
    Right.PUBLISH: frozenset({Part.LEAD, Part.OPERATOR}),
    Right.MANAGE_MEMBERS: COORDINATORS,
    Right.EXPORT: COORDINATORS,
    Right.READ_ROLL_UP: COORDINATORS | {Part.STEERING, Part.CHAIR, Part.OWNER},
    Right.READ_PRIORITY: COORDINATORS
    | {Part.STEERING, Part.CHAIR, Part.OWNER, Part.STEWARD, Part.CONTRIBUTOR, Part.MEMBER},
    Right.EDIT_PRIORITY: COORDINATORS,
    # A change that is proposed becomes a decision for steering.
    Right.PROPOSE_EDIT: COORDINATORS | {Part.OWNER, Part.STEWARD, Part.CONTRIBUTOR},
    Right.ANSWER_CHECKIN: COORDINATORS | {Part.OWNER},
    Right.RUN_CHECKINS: COORDINATORS,
    Right.RECORD_READING: COORDINATORS | {Part.OWNER, Part.STEWARD},
    Right.CREATE_ACTION: COORDINATORS | {Part.STEERING, Part.CHAIR, Part.OWNER, Part.STEWARD, Part.MEMBER},
    # An action's own owner may close and move it without any part.
    Right.CHANGE_ACTION: COORDINATORS | {Part.OWNER},
    Right.RAISE_ISSUE: COORDINATORS | {Part.STEERING, Part.CHAIR, Part.OWNER, Part.STEWARD, Part.MEMBER},
    Right.ESCALATE_ISSUE: COORDINATORS | {Part.STEERING, Part.CHAIR, Part.OWNER},
    # An issue's own owner, whoever raised it, and the group that it went to may resolve and park it without any part.
    Right.CHANGE_ISSUE: COORDINATORS | {Part.OWNER},
    Right.PROPOSE_DECISION: COORDINATORS | {Part.STEERING, Part.CHAIR, Part.OWNER},
    # Only those who sit in the deciding group, and their stand-ins, have a voice of their own.
    Right.RESPOND: COORDINATORS | {Part.STEERING, Part.CHAIR, Part.OWNER, Part.MEMBER},
    Right.RESPOND_FOR: COORDINATORS,
    Right.RECORD_DECISION: COORDINATORS | {Part.CHAIR, Part.OWNER},
    Right.SEE_AMOUNTS: COORDINATORS | {Part.STEERING, Part.CHAIR, Part.OWNER},
    # A funder reads its own organization's grants, and sets only their reports' dates.
    Right.READ_FUNDING: COORDINATORS | {Part.STEERING, Part.CHAIR, Part.OWNER, Part.FUNDER},
    Right.CHANGE_FUNDING: COORDINATORS,
    Right.SET_REPORT_DATE: COORDINATORS | {Part.FUNDER},
    Right.SEND_DIGEST: COORDINATORS,
    Right.SCREEN_ASKS: COORDINATORS,
    # Everybody may write to a coordinator without it.
    Right.WRITE_TO: COORDINATORS,
    # For those who are named where it is written, and nobody else.
    Right.READ_NOTES: frozenset({Part.LEAD, Part.STAFF}),
    Right.RESOLVE_HELD: COORDINATORS,
    Right.MANAGE_MEETING: COORDINATORS | {Part.CHAIR, Part.OWNER},
    Right.WRITE_NOTES: COORDINATORS | {Part.CHAIR, Part.OWNER, Part.MEMBER},
    Right.SEE_OWN: EVERYBODY,
    Right.DELIVER: frozenset({Part.CLOCK, Part.OPERATOR}),
}

OWN: dict[Right, frozenset[Part]] = {
    Right.READ_PRIORITY: frozenset({Part.OWNER, Part.STEWARD, Part.CONTRIBUTOR, Part.MEMBER}),
    Right.PROPOSE_EDIT: frozenset({Part.OWNER, Part.STEWARD, Part.CONTRIBUTOR}),
    Right.ANSWER_CHECKIN: frozenset({Part.OWNER}),
    Right.RECORD_READING: frozenset({Part.OWNER, Part.STEWARD}),
    Right.CHANGE_ACTION: frozenset({Part.OWNER}),
    Right.CHANGE_ISSUE: frozenset({Part.OWNER}),
    Right.RESPOND: frozenset({Part.MEMBER}),
    Right.RECORD_DECISION: frozenset({Part.OWNER}),
    Right.SEE_AMOUNTS: frozenset({Part.OWNER}),
    Right.READ_FUNDING: frozenset({Part.OWNER}),
    Right.MANAGE_MEETING: frozenset({Part.CHAIR, Part.OWNER}),
    Right.WRITE_NOTES: frozenset({Part.CHAIR, Part.OWNER, Part.MEMBER}),
}

COALITION_ROLES: dict[str, Part] = {
    "backbone_lead": Part.LEAD,
    "admin": Part.LEAD,
    "backbone_staff": Part.STAFF,
    "data_lead": Part.STAFF,
    "funder": Part.FUNDER,
    "observer": Part.FUNDER,
}
STEERS = "steering_"  # how the roles of a seat in steering begin
_RUNNING = frozenset(role for role, part in COALITION_ROLES.items() if part in {Part.LEAD, Part.STAFF})


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's parts: in the whole coalition, and by priority, metric or group id."""

    everywhere: frozenset[Part] = frozenset()
    scoped: dict[str, frozenset[Part]] = field(default_factory=dict)

    def may(self, right: Right, scope: str | None = None) -> bool:
        """Whether this person has `right` over `scope` (a priority, metric or group id; None: the coalition).

        A part that has the right for its own only counts in that scope; any other counts wherever it is held.
        """
        if ALLOWED[right] == EVERYBODY:
            # Also for somebody whose only parts are in a priority, a metric or a group.
            return True
        own = OWN.get(right, frozenset()) & ALLOWED[right]
        held = self.everywhere.union(*self.scoped.values())
        return bool(held & (ALLOWED[right] - own) or (scope is not None and self.scoped.get(scope, frozenset()) & own))

    def may_anywhere(self, right: Right) -> bool:
        """Whether this person has `right` over the coalition or over any one thing in it."""
        return self.may(right) or any(parts & ALLOWED[right] for parts in self.scoped.values())


OPERATOR = Standing(frozenset({Part.OPERATOR}))
CLOCK = Standing(frozenset({Part.CLOCK}))


def standing_of(record: Record, member: Member) -> Standing:
    """The parts of one member by roles, ownership, chairs and stewardship; a delegate gets the principal's
    right to answer, but no part."""
    everywhere: set[Part] = set()
    scoped: dict[str, set[Part]] = {}
    for role in member.roles:
        if role.role.startswith(STEERS):
            everywhere.add(Part.STEERING)
        elif role.role in {"priority_owner", "working_group_cochair"}:
            scoped.setdefault(role.scope, set()).add(Part.OWNER)
        elif role.role in COALITION_ROLES:
            everywhere.add(COALITION_ROLES[role.role])
    star = record.coalition.north_star
    if star is not None and star.metric is not None and star.metric.steward == member.id:
        scoped.setdefault(star.metric.id, set()).add(Part.STEWARD)
    for priority in record.priorities:
        if priority.owner == member.id:
            scoped.setdefault(priority.id, set()).add(Part.OWNER)
        for metric in priority.metrics:
            if metric.steward == member.id:
                scoped.setdefault(metric.id, set()).add(Part.STEWARD)
                scoped.setdefault(priority.id, set()).add(Part.CONTRIBUTOR)
    for group in record.groups:
        _add_group_parts(group, member, everywhere, scoped)
    if not everywhere and not scoped:
        everywhere.add(Part.MEMBER)
    return Standing(frozenset(everywhere), {key: frozenset(parts) for key, parts in scoped.items()})


def _add_group_parts(group: Group, member: Member, everywhere: set[Part], scoped: dict[str, set[Part]]) -> None:
    if group.chair == member.id:
        if group.steers:
            everywhere.add(Part.CHAIR)
        elif group.priority is not None:
            scoped.setdefault(group.priority, set()).add(Part.OWNER)
    # A seat at the funders' table is no part in the work.
    if member.id in group.members and group.kind != GroupKind.FUNDERS:
        scoped.setdefault(group.id, set()).add(Part.MEMBER)
        if group.priority is not None:
            scoped.setdefault(group.priority, set()).add(Part.MEMBER)


def coordinators(record: Record) -> tuple[Member, ...]:
    """The members who run the coalition from day to day, in file order."""
    return tuple(member for member in record.members if any(one.role in _RUNNING for one in member.roles))


def can_help(record: Record, *first: str) -> str:
    """Who can help somebody who may not do something, as a sentence: these people, else a coordinator."""
    names = list(dict.fromkeys([*first, *(one.name for one in coordinators(record)[:1])]))
    return f"{either(names)} can help." if names else "A coordinator can help."


def may_take_part(standing: Standing, right: Right) -> bool:
    """Whether somebody has a right of those who do the work; a funder's seat among funders is no part of it."""
    parts = standing.everywhere.union(*standing.scoped.values())
    if Part.FUNDER in parts:
        parts -= {Part.MEMBER}
    return bool(parts & ALLOWED[right])


def narrowing(record: Record, channel: str) -> tuple[str, ...]:
    """Names of those in a channel's groups who may not see amounts, in file order."""
    seated = {key for group in record.groups if group.channel == channel for key in group.members}
    return tuple(
        member.name
        for member in record.members
        if member.id in seated and not standing_of(record, member).may(Right.SEE_AMOUNTS)
    )
