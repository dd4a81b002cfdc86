"""How a group decides: whose voices count, and what the group's rule makes of their answers. Pure, nothing is stored.

A voice is an organization's, or a person's where the group is set so. Everyone who chose an option, abstained or
objected has answered; a wish to talk first is no answer, and holds a consensus up until the day it is needed by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.people import is_away
from bot.domain.record import Decision, DecisionAnswer, Group, Member, Record
from bot.domain.rights import Right, Standing, standing_of
from bot.domain.vocabularies import GroupKind, VoiceSaid

OPTION, ABSTAIN, OBJECT, TALK = CHOICES = tuple(one.value for one in VoiceSaid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One voice in a group: whose it is, and the members of the group who share it, in the group's order."""

    voice: str  # organization id, or member id where each person has a voice
    organization: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVoice:
    """A voice that somebody may use: for themselves, or for whom they stand in."""

    seat: Seat
    on_behalf_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What the answers come to. `result` is the option that carries; None while none does, `why` says why.

    `why` is carried, chair, quorum, nobody, objection, split, talk or short.
    """

    rule: str
    voices: int
    needed: int
    answered: int
    tally: tuple[tuple[str, int], ...]  # by option, in the decision's order
    abstained: int
    objections: int
    talks: int
    result: str | None = None
    why: str = ""

    def votes(self, option: str | None) -> int:
        """How many chose an option."""
        return dict(self.tally).get(option or "", 0)


def seats_of(record: Record, group: Group) -> tuple[Seat, ...]:
    """The voices of a group, in the order of its members. Funders and observers have none."""
    members = {member.id: member for member in record.members}
    seated = [members[key] for key in group.members if key in members]
    seated = [member for member in seated if standing_of(record, member).may(Right.RESPOND, group.id)]
    if group.voices == "person":
        return tuple(Seat(voice=one.id, organization=one.organization, members=(one.id,)) for one in seated)
    shared: dict[str, list[str]] = {}
    for one in seated:
        shared.setdefault(one.organization, []).append(one.id)
    return tuple(Seat(voice=key, organization=key, members=tuple(sharing)) for key, sharing in shared.items())


def voices_for(seats: Iterable[Seat], person: Member, members: Iterable[Member]) -> tuple[OwnVoice, ...]:
    """The voices that a person may use: their own first, then those of whom they stand in for.

    Where somebody of their own organization named them, they answer for that person.
    """
    principals = {member.id for member in members if member.delegate == person.id}
    found = []
    for seat in seats:
        named = [key for key in seat.members if key in principals]
        if person.id in seat.members or named:
            found.append(OwnVoice(seat=seat, on_behalf_of=named[0] if named else None))
    return tuple(sorted(found, key=lambda one: one.seat.organization != person.organization))


def answered(seats: Iterable[Seat], answers: Iterable[DecisionAnswer]) -> int:
    """How many of these voices have answered: a wish to talk first is no answer."""
    known = {seat.voice for seat in seats}
    return sum(one.voice in known and one.choice in {OPTION, ABSTAIN, OBJECT} for one in answers)


def default_quorum(voices: int) -> int:
    """How many have to answer where a group says nothing: more than half. Backbeat's default."""
    return voices // 2 + 1


def count(
    group: Group, seats: Sequence[Seat], options: Sequence[str], answers: Iterable[DecisionAnswer], *, is_due: bool
) -> Count:
    """What the group's rule makes of the answers. `is_due`: the day by which it is needed has come.

    consensus: everyone who chose has chosen the same option and nobody objects, among at least a quorum.
    consensus_then_two_thirds: the same; when it is due and consensus is not there, two thirds of those answering.
    majority: more than half of those answering. chair: what the chair chose.
    Those who abstain are among those answering. Answers of voices that sit in the group no more are left out.
    """
    known = {seat.voice for seat in seats}
    given = [one for one in answers if one.voice in known]
    tally = tuple((option, sum(one.choice == OPTION and one.option == option for one in given)) for option in options)
    chosen = sum(number for _option, number in tally)
    abstained = sum(one.choice == ABSTAIN for one in given)
    objections = sum(one.choice == OBJECT for one in given)
    quorum = group.quorum if group.quorum is not None else default_quorum(len(known))
    counted = Count(
        rule=group.decision_rule,
        voices=len(known),
        needed=max(1, min(quorum, len(known))),
        answered=chosen + abstained + objections,
        tally=tally,
        abstained=abstained,
        objections=objections,
        talks=sum(one.choice == TALK for one in given),
    )
    result, why = _result(group, counted, given, is_due=is_due)
    return replace(counted, result=result, why=why)


def _result(group: Group, counted: Count, given: Sequence[DecisionAnswer], *, is_due: bool) -> tuple[str | None, str]:
    tally, answered = counted.tally, counted.answered
    if group.decision_rule == "chair":
        chairs = next((one for one in given if (one.on_behalf_of or one.by) == group.chair), None)
        is_choice = chairs is not None and chairs.choice == OPTION
        return (chairs.option, "carried") if chairs is not None and is_choice else (None, "chair")
    if answered < counted.needed:
        return None, "quorum"
    most = max((number for _option, number in tally), default=0)
    if not most:
        return None, "objection" if counted.objections else "nobody"
    leading = [option for option, number in tally if number == most]
    others = sum(number for _option, number in tally) - most
    if group.decision_rule == "majority":
        return (leading[0], "carried") if most * 2 > answered else (None, "short")
    waits = bool(counted.talks) and not is_due
    stands = "objection" if counted.objections else "split" if others else "talk" if waits else None
    if stands is None:
        return leading[0], "carried"
    if group.decision_rule == "consensus" or not is_due:
        return None, stands
    return (leading[0], "carried") if most * 3 >= answered * 2 else (None, "short")


def may_record(
    standing: Standing, group: Group, decision: Decision, members: Iterable[Member], key: str | None, today: date
) -> bool:
    """Whether somebody may record what was decided: coordinators, steering's chair (while away, the chair's stand-in),
    and the owner of the priority where steering has left it to a working group."""
    scope = decision.priority if is_delegated(group, decision) else None
    return standing.may(Right.RECORD_DECISION, scope) or stands_in_for_chair(group, members, key, today)


def is_delegated(group: Group, decision: Decision) -> bool:
    """Whether steering has left a decision to others: a working group decides it, or it was marked so."""
    return decision.delegated or group.kind == GroupKind.WORKING_GROUP


def stands_in_for_chair(group: Group, members: Iterable[Member], key: str | None, today: date) -> bool:
    """Whether somebody may do what steering's chair does: the chair is away today and named them as stand-in."""
    if not group.steers or key is None:
        return False
    chair = next((one for one in members if one.id == group.chair), None)
    return chair is not None and chair.delegate == key and is_away(chair, today)
