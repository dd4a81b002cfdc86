"""Who may do what: one table, asked by every service. Roles of the file become parts; parts add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.record import Group, Member, Record


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
    MANAGE_MEMBERS = "manage members"
    EXPORT = "export"
    READ_ROLL_UP = "read the roll-up"
    READ_PRIORITY = "read a priority"
    EDIT_PRIORITY = "edit a priority"
    PROPOSE_EDIT = "propose a change"
    ANSWER_CHECK_IN = "answer a check-in"
    RUN_CHECK_INS = "run check-ins"
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
    Right.RUN_CHECK_INS: "Check-ins are run by the coordinators.",
    Right.SEND_DIGEST: "Digests are sent by the coordinators.",
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
    Right.MANAGE_MEMBERS: COORDINATORS,
    Right.EXPORT: COORDINATORS,
    Right.READ_ROLL_UP: COORDINATORS | {Part.STEERING, Part.CHAIR, Part.OWNER},
    Right.READ_PRIORITY: COORDINATORS
    | {Part.STEERING, Part.CHAIR, Part.OWNER, Part.STEWARD, Part.CONTRIBUTOR, Part.MEMBER},
    Right.EDIT_PRIORITY: COORDINATORS,
    # A change that is proposed becomes a decision for steering.
    Right.PROPOSE_EDIT: COORDINATORS | {Part.OWNER, Part.STEWARD, Part.CONTRIBUTOR},
    Right.ANSWER_CHECK_IN: COORDINATORS | {Part.OWNER},
    Right.RUN_CHECK_INS: COORDINATORS,
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
    Right.RESOLVE_HELD: COORDINATORS,
    Right.MANAGE_MEETING: COORDINATORS | {Part.CHAIR, Part.OWNER},
    Right.WRITE_NOTES: COORDINATORS | {Part.CHAIR, Part.OWNER, Part.MEMBER},
    Right.SEE_OWN: EVERYBODY,
    Right.DELIVER: frozenset({Part.CLOCK, Part.OPERATOR}),
}

OWN: dict[Right, frozenset[Part]] = {
    Right.READ_PRIORITY: frozenset({Part.OWNER, Part.STEWARD, Part.CONTRIBUTOR, Part.MEMBER}),
    Right.PROPOSE_EDIT: frozenset({Part.OWNER, Part.STEWARD, Part.CONTRIBUTOR}),
    Right.ANSWER_CHECK_IN: frozenset({Part.OWNER}),
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
        if role.role.startswith("steering_"):
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
        if group.kind == "steering_committee":
            everywhere.add(Part.CHAIR)
        elif group.priority is not None:
            scoped.setdefault(group.priority, set()).add(Part.OWNER)
    # A seat at the funders' table is no part in the work.
    if member.id in group.members and group.kind != "funders":
        scoped.setdefault(group.id, set()).add(Part.MEMBER)
        if group.priority is not None:
            scoped.setdefault(group.priority, set()).add(Part.MEMBER)


def coordinators(record: Record) -> tuple[Member, ...]:
    """The members who run the coalition from day to day, in file order."""
    return tuple(
        member for member in record.members if {Part.LEAD, Part.STAFF} & standing_of(record, member).everywhere
    )


def narrowing(record: Record, channel: str) -> tuple[str, ...]:
    """Names of those in a channel's groups who may not see amounts, in file order."""
    seated = {key for group in record.groups if group.channel == channel for key in group.members}
    return tuple(
        member.name
        for member in record.members
        if member.id in seated and not standing_of(record, member).may(Right.SEE_AMOUNTS)
    )


# Every public method of every service, by "service.method". Reflection in the tests holds the two together.
METHODS: dict[str, Right] = {
    # coalitions
    "coalitions.export": Right.EXPORT,
    # Whole, with every amount.
    "coalitions.record": Right.EXPORT,
    "coalitions.go_live": Right.CONFIGURE,
    "coalitions.pause": Right.CONFIGURE,
    "coalitions.resume": Right.CONFIGURE,
    "coalitions.sending": Right.CONFIGURE,
    "coalitions.add_admin": Right.CONFIGURE,
    "coalitions.import_record": Right.CONFIGURE,
    "coalitions.import_file": Right.CONFIGURE,
    "coalitions.whole": Right.EXPORT,
    "coalitions.today": Right.SEE_OWN,
    "coalitions.all": Right.SEE_OWN,
    "coalitions.find": Right.SEE_OWN,
    "coalitions.last_moment": Right.SEE_OWN,
    # audit
    "audit.page": Right.EXPORT,
    # members
    "members.page": Right.MANAGE_MEMBERS,
    "members.card": Right.SEE_OWN,
    "members.find": Right.SEE_OWN,
    "members.search": Right.SEE_OWN,
    "members.add": Right.MANAGE_MEMBERS,
    "members.edit": Right.MANAGE_MEMBERS,
    "members.set_stand_in": Right.SEE_OWN,
    "members.set_roles": Right.CONFIGURE,
    # setup
    "setup.name_admin": Right.DELIVER,
    "setup.begin": Right.SEE_OWN,
    "setup.name_coalition": Right.SEE_OWN,
    "setup.page": Right.CONFIGURE,
    "setup.choose_priorities": Right.CONFIGURE,
    "setup.add_priorities": Right.CONFIGURE,
    "setup.add_people": Right.CONFIGURE,
    "setup.set_rhythm": Right.CONFIGURE,
    "setup.checklist": Right.MANAGE_MEMBERS,
    # check-ins
    "checkins.open_for": Right.SEE_OWN,
    "checkins.form": Right.ANSWER_CHECK_IN,
    "checkins.submit": Right.ANSWER_CHECK_IN,
    "checkins.repeat_last": Right.ANSWER_CHECK_IN,
    # asks
    "asks.show": Right.SEE_OWN,
    "asks.first_look": Right.SEE_OWN,
    "asks.send": Right.SCREEN_ASKS,
    "asks.edit": Right.SCREEN_ASKS,
    "asks.talk_first": Right.SCREEN_ASKS,
    "asks.answer": Right.SEE_OWN,
    # letters
    "letters.form": Right.SEE_OWN,
    "letters.send": Right.SEE_OWN,
    # the coordinators' brief
    "briefs.ask_for_figures": Right.SCREEN_ASKS,
    "briefs.open_again": Right.SCREEN_ASKS,
    "checkins.mine": Right.SEE_OWN,
    "checkins.of_member": Right.RUN_CHECK_INS,
    "checkins.form_ahead": Right.ANSWER_CHECK_IN,
    "checkins.submit_ahead": Right.ANSWER_CHECK_IN,
    "checkins.keep_words": Right.ANSWER_CHECK_IN,
    "checkinrounds.status": Right.RUN_CHECK_INS,
    "checkinrounds.ask_again": Right.RUN_CHECK_INS,
    "checkinrounds.close": Right.RUN_CHECK_INS,
    "checkinrounds.reopen_form": Right.RUN_CHECK_INS,
    "checkinrounds.reopen": Right.RUN_CHECK_INS,
    "checkinrounds.hand_over": Right.ANSWER_CHECK_IN,
    "checkinrounds.decline": Right.ANSWER_CHECK_IN,
    "checkincadences.show": Right.SEE_OWN,
    "checkincadences.preview": Right.RUN_CHECK_INS,
    "checkincadences.upcoming": Right.RUN_CHECK_INS,
    "checkincadences.skip": Right.RUN_CHECK_INS,
    "checkincadences.move": Right.RUN_CHECK_INS,
    "checkincadences.restore": Right.RUN_CHECK_INS,
    "checkincadences.pause": Right.CONFIGURE,
    "checkincadences.resume": Right.CONFIGURE,
    "checkindrafts.form": Right.CONFIGURE,
    "checkindrafts.check": Right.CONFIGURE,
    "checkindrafts.save": Right.CONFIGURE,
    # one's own days away and settings
    "absences.page": Right.SEE_OWN,
    "absences.read": Right.SEE_OWN,
    "absences.add": Right.SEE_OWN,
    "absences.come_back": Right.SEE_OWN,
    "absences.cancel": Right.SEE_OWN,
    "ownsettings.page": Right.SEE_OWN,
    "ownsettings.search_zones": Right.SEE_OWN,
    "ownsettings.save": Right.SEE_OWN,
    # action items
    "actionitems.mine": Right.SEE_OWN,
    "actionitems.show": Right.READ_PRIORITY,
    "actionitems.find": Right.READ_PRIORITY,
    "actionitems.read_back": Right.CREATE_ACTION,
    "actionitems.form": Right.CREATE_ACTION,
    "actionitems.add": Right.CREATE_ACTION,
    "actionitems.search_members": Right.SEE_OWN,
    "actionitems.search_organizations": Right.SEE_OWN,
    "actionitems.complete": Right.CHANGE_ACTION,
    "actionitems.start": Right.CHANGE_ACTION,
    "actionitems.block": Right.CHANGE_ACTION,
    "actionitems.move": Right.CHANGE_ACTION,
    "actionitems.cancel": Right.CHANGE_ACTION,
    "actionitems.accept": Right.SEE_OWN,
    "actionitems.offer": Right.SEE_OWN,
    "actionitems.decline": Right.SEE_OWN,
    "actionitems.undo": Right.SEE_OWN,
    "actionforms.open": Right.SEE_OWN,
    "actionforms.turn": Right.SEE_OWN,
    "actionforms.save": Right.CHANGE_ACTION,
    # metrics
    "metrics.card": Right.READ_PRIORITY,
    "metrics.mine": Right.SEE_OWN,
    "metrics.form": Right.RECORD_READING,
    "metrics.draft": Right.RECORD_READING,
    "metrics.submit": Right.RECORD_READING,
    "metrics.record": Right.RECORD_READING,
    "metrics.undo": Right.RECORD_READING,
    "metricplans.form": Right.PROPOSE_EDIT,
    "metricplans.add": Right.EDIT_PRIORITY,
    "metricplans.edit": Right.PROPOSE_EDIT,
    "metricplans.target_form": Right.PROPOSE_EDIT,
    "metricplans.retarget": Right.PROPOSE_EDIT,
    "metricplans.history": Right.READ_PRIORITY,
    # priorities
    "priorities.mine": Right.SEE_OWN,
    "priorities.card": Right.READ_PRIORITY,
    "priorities.history": Right.READ_PRIORITY,
    "priorityplans.form": Right.PROPOSE_EDIT,
    "priorityplans.add": Right.EDIT_PRIORITY,
    "priorityplans.edit": Right.PROPOSE_EDIT,
    "priorityplans.outcomes": Right.READ_PRIORITY,
    "priorityplans.outcome_form": Right.PROPOSE_EDIT,
    "priorityplans.save_outcome": Right.PROPOSE_EDIT,
    # funding
    "funding.overview": Right.SEE_OWN,
    "funding.sources": Right.READ_FUNDING,
    "funding.find": Right.SEE_OWN,
    "funding.card": Right.SEE_OWN,
    "funding.history": Right.READ_FUNDING,
    "fundingchanges.form": Right.CHANGE_FUNDING,
    "fundingchanges.add": Right.CHANGE_FUNDING,
    "fundingchanges.update_form": Right.SET_REPORT_DATE,
    "fundingchanges.update": Right.CHANGE_FUNDING,
    "fundingchanges.allocation_form": Right.CHANGE_FUNDING,
    "fundingchanges.allocate": Right.CHANGE_FUNDING,
    "fundingchanges.report_form": Right.SET_REPORT_DATE,
    "fundingchanges.report": Right.SET_REPORT_DATE,
    # decisions
    "decisions.show": Right.READ_PRIORITY,
    "decisions.history": Right.READ_PRIORITY,
    "decisions.ballot": Right.RESPOND,
    "decisions.find": Right.SEE_OWN,
    "decisions.read_back": Right.PROPOSE_DECISION,
    "decisions.form": Right.PROPOSE_DECISION,
    "decisions.propose": Right.PROPOSE_DECISION,
    "decisions.respond": Right.RESPOND,
    "decisions.record": Right.RECORD_DECISION,
    "decisions.set_aside": Right.RECORD_DECISION,
    "decisions.reopen": Right.RECORD_DECISION,
    # issues
    "issues.show": Right.READ_PRIORITY,
    "issues.find": Right.SEE_OWN,
    "issues.read_back": Right.RAISE_ISSUE,
    "issues.form": Right.RAISE_ISSUE,
    "issues.add": Right.RAISE_ISSUE,
    "issues.escalation": Right.ESCALATE_ISSUE,
    "issues.escalate": Right.ESCALATE_ISSUE,
    "issues.put_on_agenda": Right.RAISE_ISSUE,
    "issues.resolve": Right.CHANGE_ISSUE,
    "issues.park": Right.CHANGE_ISSUE,
    "issues.reopen": Right.CHANGE_ISSUE,
    # pictures
    "pictures.find": Right.DELIVER,
    "pictures.keep": Right.DELIVER,
    "pictures.forget": Right.DELIVER,
    # meetings
    "meetings.mine": Right.SEE_OWN,
    "meetings.every": Right.SEE_OWN,
    "meetings.find": Right.SEE_OWN,
    "meetings.show": Right.SEE_OWN,
    "meetings.answer": Right.SEE_OWN,
    "meetings.send_substitute": Right.SEE_OWN,
    "meetings.change_form": Right.MANAGE_MEETING,
    "meetings.skip": Right.MANAGE_MEETING,
    "meetings.move": Right.MANAGE_MEETING,
    "meetingplans.form": Right.MANAGE_MEETING,
    "meetingplans.preview": Right.MANAGE_MEETING,
    "meetingplans.save": Right.MANAGE_MEETING,
    "agendas.find": Right.SEE_OWN,
    "agendas.show": Right.SEE_OWN,
    "agendas.point_form": Right.SEE_OWN,
    "agendas.add_point": Right.SEE_OWN,
    "meetingnotes.find": Right.WRITE_NOTES,
    "meetingnotes.form": Right.WRITE_NOTES,
    "meetingnotes.again": Right.WRITE_NOTES,
    "meetingnotes.check": Right.WRITE_NOTES,
    "meetingnotes.post": Right.WRITE_NOTES,
    "calendars.mine": Right.SEE_OWN,
    "calendars.every": Right.EXPORT,
    # digests
    "digests.compose": Right.EXPORT,
    "digests.overview": Right.SEE_OWN,
    "digests.find_edition": Right.SEE_OWN,
    "digests.read": Right.SEE_OWN,
    "digests.past": Right.SEE_OWN,
    "digests.subscribe": Right.SEE_OWN,
    "digests.context_form": Right.ANSWER_CHECK_IN,
    "digests.add_context": Right.ANSWER_CHECK_IN,
    "digests.ask_to_send": Right.SEND_DIGEST,
    "digests.send": Right.SEND_DIGEST,
    "digestmoves.upcoming": Right.SEND_DIGEST,
    "digestmoves.move": Right.SEND_DIGEST,
    # people
    "people.bind_workspace": Right.DELIVER,
    "people.sync_accounts": Right.DELIVER,
    "people.sync_channels": Right.DELIVER,
    "people.link": Right.MANAGE_MEMBERS,
    "people.unreachable": Right.MANAGE_MEMBERS,
    "people.missing_channels": Right.MANAGE_MEMBERS,
    "people.linked_count": Right.MANAGE_MEMBERS,
    "people.has_workspace": Right.MANAGE_MEMBERS,
    "people.narrowing": Right.MANAGE_MEMBERS,
    "people.actor_of": Right.SEE_OWN,
    "people.coalition_of": Right.SEE_OWN,
    # the clock
    "rhythm.plan": Right.DELIVER,
    "rhythm.close": Right.DELIVER,
    "rhythm.next_due": Right.DELIVER,
    "rhythm.is_settled": Right.DELIVER,
    "week.preview": Right.MANAGE_MEMBERS,
    # home
    "home.page": Right.SEE_OWN,
    "home.me": Right.SEE_OWN,
    "home.coordinator_of": Right.SEE_OWN,
    # first contact
    "firstcontacts.confirm": Right.SEE_OWN,
    "organizations.search": Right.SEE_OWN,
    "organizations.page": Right.SEE_OWN,
    "organizations.card": Right.SEE_OWN,
    "organizations.form": Right.MANAGE_MEMBERS,
    "organizations.add": Right.MANAGE_MEMBERS,
    "organizations.edit": Right.MANAGE_MEMBERS,
    # groups
    "groups.page": Right.SEE_OWN,
    "groups.card": Right.SEE_OWN,
    "groups.form": Right.CONFIGURE,
    "groups.add": Right.CONFIGURE,
    "groups.edit": Right.CONFIGURE,
    # the north star
    "northstars.card": Right.SEE_OWN,
    "northstars.form": Right.CONFIGURE,
    "northstars.edit": Right.CONFIGURE,
    # the inbox
    "inbox.first_time": Right.DELIVER,
    "inbox.forget_old": Right.DELIVER,
    # deliveries
    "deliveries.resolve_held": Right.RESOLVE_HELD,
    "deliveries.claim": Right.DELIVER,
    "deliveries.may_post": Right.DELIVER,
    "deliveries.keep_dm": Right.DELIVER,
    "deliveries.sent": Right.DELIVER,
    "deliveries.unclear": Right.DELIVER,
    "deliveries.later": Right.DELIVER,
    "deliveries.wait": Right.DELIVER,
    "deliveries.give_back": Right.DELIVER,
    "deliveries.failed": Right.DELIVER,
    "deliveries.dropped": Right.DELIVER,
    "deliveries.stumbled": Right.DELIVER,
    "deliveries.expire_leases": Right.DELIVER,
    "deliveries.unclear_ones": Right.DELIVER,
    "deliveries.found": Right.DELIVER,
    "deliveries.not_found": Right.DELIVER,
    "deliveries.not_sent": Right.DELIVER,
    "deliveries.look_later": Right.DELIVER,
    "deliveries.hold": Right.DELIVER,
    "deliveries.wake_waiting": Right.DELIVER,
    "deliveries.is_settled": Right.DELIVER,
    "contents.content": Right.DELIVER,
}
