"""How decisions are read for one person: who may see what, whose voice somebody has, cards and lists. Steps for
services."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter

from sqlalchemy import select

from bot.domain.decisions import (
    TALK,
    Count,
    DecisionCard,
    DecisionList,
    DecisionQuery,
    OwnVoice,
    Seat,
    VoiceLine,
    count,
    is_delegated,
    its_own,
    may_record,
    read_id,
    seats_of,
    voices_for,
)
from bot.domain.known import in_coalition_time
from bot.domain.meetings import next_of_group
from bot.domain.record import Decision, DecisionAnswer, FromIssue, Group, Record, in_common
from bot.domain.rhythm import next_occurrence
from bot.domain.rights import Right, Standing, can_help, is_restricted, may_read_priority, may_take_part
from bot.domain.typed import Known
from bot.domain.vocabularies import CadenceKind, DecisionStatus, GroupKind
from bot.errors import Refused
from bot.services.access import Actor, ByActor, OnRecord
from bot.services.numbered import Lists, Noun, NumberedView
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.database import parameter, prepared
from bot.store.decisions import DecisionRow
from bot.store.people import MemberRow
from bot.store.record import read_beside


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of decisions beside the record: who recorded them, what led to them, which change something."""

    recorders: Mapping[str, str] = field(default_factory=dict)  # decision's id → member's id
    issues: Mapping[str, Known] = field(default_factory=dict)
    changing: Collection[str] = ()


DECISION: Noun[Decision] = Noun(
    name="decision",
    read_id=read_id,
    things=lambda record: record.decisions,
    is_open=attrgetter("is_undecided"),
    see_all="Type “decision log” to see them all.",
    read_by="Decisions on {about} are read by its working group, steering and the coordinators.",
    own="your groups' decisions",
)
known_decision = DECISION.known


class DecisionsView(NumberedView[Decision]):
    """One record's decisions as one person may see them; without an actor, as the deciders' channel does."""

    NOUN = DECISION

    def __init__(self, actor: Actor | None, record: Record, now: datetime, beside: Beside) -> None:
        super().__init__(actor, record, now)
        self.now = now
        self._beside = beside
        self._seats: dict[str, tuple[Seat, ...]] = {}

    def group(self, decision: Decision) -> Group:
        return self.directory.groups[decision.decider]

    def seats(self, group: Group) -> tuple[Seat, ...]:
        if group.id not in self._seats:
            self._seats[group.id] = seats_of(self.record, group)
        return self._seats[group.id]

    def own_voices(self, decision: Decision) -> tuple[OwnVoice, ...]:
        """The voices that this person may use in a decision, their own organization's first."""
        person = self.directory.members.get(self._key or "")
        if person is None:
            return ()
        return voices_for(self.seats(self.group(decision)), person, self.record.members)

    def other_voices(self, decision: Decision) -> tuple[OwnVoice, ...]:
        """The voices that a coordinator may answer for with what somebody told them, besides their own."""
        if self._actor is None or self._key is None or not self._actor.standing.may(Right.RESPOND_FOR):
            return ()
        own = {one.seat.voice for one in self.own_voices(decision)}
        seats = self.seats(self.group(decision))
        return tuple(OwnVoice(seat=one, on_behalf_of=one.members[0]) for one in seats if one.voice not in own)

    def count(self, decision: Decision) -> Count:
        return count(
            self.group(decision),
            self.seats(self.group(decision)),
            decision.options,
            decision.answers,
            is_due=decision.needed_by is not None and decision.needed_by <= self.today,
        )

    def reads_otherwise(self, decision: Decision) -> bool:
        """Who decides it, who brought it up, and who may read the priority's items."""
        if self._actor is None or self._is_inside(decision):
            return True
        return may_read_priority(self._actor.standing, decision.priority)

    def may_see_title(self, decision: Decision) -> bool:
        """Titles may hold amounts, so another group's are for those only who may see the priority's amounts."""
        if self._actor is None or is_restricted(decision) or self._is_inside(decision):
            return True
        return self._actor.standing.may(Right.SEE_AMOUNTS, decision.priority)

    def may_record(self, decision: Decision) -> bool:
        """Whether the person who looks may record what was decided."""
        if self._actor is None:
            return False
        return may_record(
            self._actor.standing, self.group(decision), decision, self.record.members, self._key, self.today
        )

    def may_set_aside(self, decision: Decision) -> bool:
        """Those who record it, the owner of the priority, and whoever brought it up."""
        if self._actor is None:
            return False
        is_owner = self._actor.standing.may(Right.RECORD_DECISION, decision.priority)
        return self.may_record(decision) or is_owner or (self._key is not None and self._key == decision.accountable)

    def may_chase(self, decision: Decision) -> bool:
        """Who may go on with a decision that waits: those who may set it aside, the group's chair, and whoever hears
        of it in the chair's place."""
        return self.may_set_aside(decision) or any(one.id == self._key for one in its_own(self.record, decision))

    def waits_for_me(self, decision: Decision) -> bool:
        """Whether a voice of this person's own has not answered yet."""
        given = {one.voice for one in decision.answers if one.choice != TALK}
        return decision.is_needed and any(one.seat.voice not in given for one in self.own_voices(decision))

    def card(self, decision: Decision) -> DecisionCard:
        names, group = self.directory, self.group(decision)
        own = self.own_voices(decision)
        is_for_deciders = decision.recommendation_for == "deciders"
        recorder = self._beside.recorders.get(decision.id)
        counted = self.count(decision)
        is_whole = self.may_see_title(decision)
        return DecisionCard(
            id=decision.id,
            title=decision.title if is_whole else None,
            priority_name=names.priority_name(decision.priority),
            decider=group.id,
            decider_name=group.name,
            proposed_by=self._proposer(decision),
            needed_by=decision.needed_by,
            status=decision.status,
            options=decision.options if is_whole else (),
            why=decision.why if is_whole else None,
            recommended=decision.recommended if is_whole and not is_for_deciders else None,
            recommended_to_deciders=decision.recommended if is_for_deciders and own else None,
            count=counted if is_whole else replace(counted, tally=(), result=None),
            per_person=group.voices == "person",
            chair_name=names.name(group.chair) if group.chair else None,
            next_meeting=next_meeting_of(self.record, group.id, self.now),
            voices=self._voices(decision) if self._may_see_voices(decision) else (),
            own=tuple(self.voice_line(decision, one.seat, one.on_behalf_of) for one in own),
            others=tuple(self.voice_line(decision, one.seat, one.on_behalf_of) for one in self.other_voices(decision)),
            issue=self._beside.issues.get(decision.id),
            changes_something=decision.id in self._beside.changing,
            decided_on=decision.decided_on,
            outcome=decision.outcome if is_whole else None,
            delegated=decision.delegated,
            note=decision.note if is_whole else None,
            recorded_by_name=names.name(recorder) if recorder else None,
            is_working_group=group.kind == GroupKind.WORKING_GROUP,
            may_record=self.may_record(decision),
            may_set_aside=self.may_set_aside(decision),
            may_chase=self._actor is not None and self.may_chase(decision),
            has_meeting=next_of_group(self.record, group.id, self.now) is not None,
            today=self.today,
            kept_to=self.kept_to(decision),
        )

    def voice_line(self, decision: Decision, seat: Seat, on_behalf_of: str | None = None) -> VoiceLine:
        """What a voice says; before it has answered, for whom it would be."""
        given = next((one for one in decision.answers if one.voice == seat.voice), None)
        if given is not None:
            return replace(self.line_of(given), written_down=not self._is_of(seat, given.by))
        behalf = self.directory.name(on_behalf_of) if on_behalf_of else None
        return VoiceLine(voice=seat.voice, voice_name=self.directory.name(seat.voice), on_behalf_of_name=behalf)

    def line_of(self, answer: DecisionAnswer) -> VoiceLine:
        names = self.directory
        return VoiceLine(
            voice_name=names.name(answer.voice),
            by_name=names.name(answer.by),
            is_own=answer.by == answer.voice,
            on_behalf_of_name=names.name(answer.on_behalf_of) if answer.on_behalf_of else None,
            **in_common(VoiceLine, answer),
        )

    def require_voice(self, decision: Decision) -> None:
        """Raises Refused, with who is asked, for somebody who has no voice in this decision, and gives none."""
        if self.own_voices(decision) or self.other_voices(decision):
            return
        raise self.no_voice(decision)

    def no_voice(self, decision: Decision) -> Refused:
        """Who answers this decision, for somebody who does not."""
        group = self.group(decision)
        voices = "its members" if group.voices == "person" else "its organizations, one voice each"
        name = group.name if group.name.lower().startswith("the ") else f"the {group.name}"
        if self.other_voices(decision):
            how = "To write down what somebody told you, open it and press Answer for somebody."
            return Refused(f"{decision.id} is answered by {name}: {voices}. {how}")
        return Refused(f"{decision.id} is answered by {name}: {voices}. {self._can_help()}")

    def require_record(self, decision: Decision) -> None:
        """Raises Refused, with who can help, for somebody who may not record what was decided."""
        if self.may_record(decision):
            return
        is_the_owners = is_delegated(self.group(decision), decision)
        owner = self.directory.priorities.get(decision.priority or "") if is_the_owners else None
        whose = f"the owner of {owner.name}" if owner is not None else "steering's chair"
        helpers = [self.directory.name(owner.owner)] if owner is not None else []
        raise Refused(f"{decision.id} is recorded by {whose} or a coordinator. {self._can_help(*helpers)}")

    def require_set_aside(self, decision: Decision) -> None:
        """Raises Refused for somebody who may neither put it off nor take it back."""
        if not self.may_set_aside(decision):
            proposer = [self.directory.name(decision.accountable)] if decision.accountable else []
            raise Refused(
                f"{decision.id} is put off or taken back by whoever proposed it, the priority's owner or a "
                f"coordinator. {self._can_help(*proposer)}"
            )

    def require_chase(self, decision: Decision) -> None:
        """Raises Refused for somebody who may not go on with a decision that waits."""
        if not self.may_chase(decision):
            proposer = [self.directory.name(decision.accountable)] if decision.accountable else []
            raise Refused(
                f"Whoever proposed {decision.id}, the group's chair or a coordinator asks again or moves its day. "
                f"{self._can_help(*proposer)}"
            )

    @property
    def _key(self) -> str | None:
        return self._actor.key if self._actor is not None else None

    def _is_of(self, seat: Seat, key: str) -> bool:
        """Whether somebody shares a voice, or stands in for one who does."""
        members = self.directory.members
        return key in seat.members or any(members[one].delegate == key for one in seat.members)

    def _is_inside(self, decision: Decision) -> bool:
        is_own = self._key is not None and self._key == decision.accountable
        is_member = self._key in self.group(decision).members
        return is_own or is_member or bool(self.own_voices(decision))

    def _may_see_voices(self, decision: Decision) -> bool:
        if self._actor is None:
            return False
        is_member = self._key in self.group(decision).members
        return self.may_record(decision) or is_member or bool(self.own_voices(decision))

    def _voices(self, decision: Decision) -> tuple[VoiceLine, ...]:
        return tuple(self.voice_line(decision, seat) for seat in self.seats(self.group(decision)))

    def _proposer(self, decision: Decision) -> str | None:
        if decision.accountable is None:
            return None
        return self.directory.name(self.directory.organization_of(decision.accountable))


async def view_now(tx: ByActor) -> DecisionsView:
    """Decisions as this person may see them at this moment."""
    tx = await tx.read()
    return await read_decisions(tx, tx.actor)


async def locked_decision(tx: ByActor, key: str) -> tuple[DecisionRow, DecisionsView, Decision]:
    """A decision to change: its row, locked, with what this person sees of it then. Raises UserError for none."""
    row = await DECISION.locked(tx, DecisionRow, key)
    view = await view_now(tx)
    return row, view, known_decision(view.record, row.key)


async def read_decisions(tx: OnRecord, actor: Actor | None) -> DecisionsView:
    """The decisions of a record that was read in this session, in a constant number of statements."""
    return DecisionsView(actor, tx.unrestricted, tx.now, await _beside(tx))


def next_meeting_of(record: Record, group: str, now: datetime) -> date | None:
    """The day of a group's next meeting, in the coalition's time."""
    moments = [
        following[1]
        for cadence in record.cadences
        if cadence.kind == CadenceKind.MEETING and cadence.group == group
        if (following := next_occurrence(cadence, now)) is not None
    ]
    return in_coalition_time(record, min(moments)).date() if moments else None


def may_propose(standing: Standing) -> bool:
    return may_take_part(standing, Right.PROPOSE_DECISION)


def refusal_to_propose(record: Record) -> str:
    """Who proposes decisions, and who can help."""
    return f"Decisions are proposed by priority owners, steering and the coordinators. {can_help(record)}"


async def _beside(tx: OnRecord) -> Beside:
    of = {"coalition": tx.coalition_id}
    recorded = await tx.session.execute(_RECORDED, of)
    titles = {one.id: one.title for one in tx.record.issues}
    links = await read_beside(tx.session, tx.coalition_id, FromIssue)
    changing = await tx.session.scalars(_CHANGING, of)
    return Beside(
        recorders={row[0]: row[1] for row in recorded if "status" in row[2]},
        issues={one.decision: Known(one.issue, titles[one.issue]) for one in links if one.issue in titles},
        changing=frozenset(changing),
    )


# Built once: each message that names a decision asks both.
_OF = parameter("coalition")
# Asked for by their rows, so that the history of everything else isn't searched.
_ENDED = select(DecisionRow.id).where(DecisionRow.coalition_id == _OF, DecisionRow.status != DecisionStatus.NEEDED)
_RECORDED = prepared(
    select(DecisionRow.key, MemberRow.key, AuditEntryRow.new)
    .join(AuditEntryRow, AuditEntryRow.row_id == DecisionRow.id)
    .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
    .join(MemberRow, MemberRow.id == ChangeRow.actor_id)
    .where(
        DecisionRow.coalition_id == _OF,
        DecisionRow.status != DecisionStatus.NEEDED,
        AuditEntryRow.coalition_id == _OF,
        AuditEntryRow.table_name == DecisionRow.__tablename__,
        AuditEntryRow.row_id.in_(_ENDED),
        AuditEntryRow.operation == "update",
    )
    .order_by(AuditEntryRow.id)
)
_CHANGING = prepared(select(DecisionRow.key).where(DecisionRow.coalition_id == _OF, DecisionRow.applies.is_not(None)))

DECISIONS = Lists(
    noun="decision", query=DecisionQuery, every="log", statuses=("needed", "decided", "deferred", "withdrawn")
)


def list_page(view: DecisionsView, actor: Actor, query: DecisionQuery) -> DecisionList:
    """One page of what this person may see. Raises Refused for a priority out of sight."""
    found = [one for one in view.record.decisions if view.may_read(one) and _belongs(view, actor, query, one)]
    if not found and query.kind == "priority":
        # An empty list would say that nothing was ever decided there.
        view.require_list(query.id)
    waiting = {one.id for one in found if view.waits_for_me(one)}
    if query.kind == "mine":
        found.sort(key=lambda one: (one.id not in waiting, one.needed_by or date.max))
    else:
        found.sort(key=_newest_first)
    return view.page(DecisionList, query, found, waiting=len(waiting), may_add=may_propose(actor.standing))


def _belongs(view: DecisionsView, actor: Actor, query: DecisionQuery, decision: Decision) -> bool:
    if query.kind == "mine":
        is_mine = bool(view.own_voices(decision)) or actor.key in {decision.accountable, *view.group(decision).members}
        return decision.is_needed and is_mine
    if query.kind == "status":
        return decision.status == query.id
    if query.kind == "priority":
        return decision.priority == query.id
    return query.kind == "log" or decision.decider == query.id


def _newest_first(decision: Decision) -> tuple[int, date, str]:
    """What is needed by its date, then what is settled, the newest first."""
    if decision.is_needed:
        return (0, decision.needed_by or date.max, decision.id)
    settled = decision.decided_on or decision.needed_by or date.min
    return (1, date.fromordinal(date.max.toordinal() - settled.toordinal() + 1), decision.id)
