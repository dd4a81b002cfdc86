"""Something ends: its last day, and where what hangs on it is from then on; and how it is there again. Pure.

What may end and what hangs on it stands in one table (`bot/domain/record/hanging.py`); here is what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.actions import cancel
from bot.domain.decisions import take_back
from bot.domain.endings.leaving import Leaving, leave, with_reachable_quorums
from bot.domain.endings.outliving import require_none_outlives
from bot.domain.issues import park
from bot.domain.meetings import may_manage
from bot.domain.record import (
    ENDS,
    Allocation,
    Cadence,
    EndOf,
    FundingSource,
    Hanging,
    Hung,
    Metric,
    Named,
    Noun,
    Priority,
    Record,
    find_ending,
    hanging_on,
    holdings_of,
    noun_words,
    outlasts,
)
from bot.domain.rights import Right, Standing
from bot.domain.typed import Known
from bot.domain.vocabularies import HELD_TOGETHER, IssueStatus
from bot.domain.wording import day
from bot.errors import UserError

# How far ahead a last day may be.
FURTHEST = timedelta(days=366)
# What is chosen instead of another thing. Ids hold no ":".
NOWHERE = ":nowhere"
WITH_IT = ":with it"
_RIGHTS: Mapping[Noun, Right] = {
    Noun.PRIORITY: Right.EDIT_PRIORITY,
    Noun.ORGANIZATION: Right.MANAGE_MEMBERS,
    Noun.GROUP: Right.CONFIGURE,
    Noun.CADENCE: Right.CONFIGURE,
    Noun.METRIC: Right.EDIT_PRIORITY,
    Noun.OUTCOME: Right.EDIT_PRIORITY,
    Noun.SOURCE: Right.CHANGE_FUNDING,
}


@dataclass(frozen=True, slots=True)
class EndRef:
    """What is meant: its noun and its id."""

    noun: Noun
    key: str

    @property
    def text(self) -> str:
        """The same as text, for buttons."""
        return f"{self.noun}:{self.key}"

    @classmethod
    def read(cls, text: str) -> EndRef:
        """The inverse. Raises UserError for anything else."""
        noun, _, key = text.partition(":")
        if noun not in tuple(Noun) or not key:
            raise UserError("I can't find this anymore.")
        return cls(Noun(noun), key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What the form of an end holds: the last day, and for each kind of what hangs on it the id of what has it from
    then on, NOWHERE or WITH_IT. `taker`: the member who has what is theirs who leave with an organization."""

    last_day: date
    work: str | None = None
    members: str | None = None
    taker: str | None = None
    decisions: str | None = None
    issues: str | None = None
    rounds: str | None = None
    money: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What hangs on it of one kind, and where it may go. `others`: things of its own kind; the ways without one come
    with them, by their words."""

    things: tuple[Hung, ...]
    others: tuple[Known, ...]
    ways: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndForm:
    """What the form of an end is opened with. `last_day` is what was entered before; `asks` counts those that are open
    and are taken back with it; `notes` say what goes with it."""

    ref: str
    called: str
    name: str
    today: date
    last_day: date | None
    questions: Mapping[Hanging, Question]
    asks: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of it, to whoever entered it."""

    ref: str
    called: str
    name: str
    last_day: date | None  # None: it is there again
    today: date
    moved: tuple[str, ...] = ()  # what is elsewhere from now on, in words
    lowered: tuple[tuple[str, int | None], ...] = ()  # quorums, by group


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedLine:
    ref: str
    called: str
    name: str
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedList:
    """What has ended or is about to, the latest first; only what the reader may bring back."""

    lines: tuple[EndedLine, ...]
    today: date
    coalition: str = ""  # its name
    coalition_ends: date | None = None  # its own last day
    may_end_coalition: bool = False


def called(noun: Noun, thing: Named) -> str:
    """What people call one of these."""
    if isinstance(thing, Cadence):
        return noun_words(thing)
    return {Noun.METRIC: "figure", Noun.SOURCE: "funding source"}.get(noun, str(noun))


def may_end(standing: Standing, record: Record, noun: Noun, thing: Named) -> bool:
    """Whether somebody may say when this ends, and that it doesn't."""
    if isinstance(thing, Cadence) and thing.kind in HELD_TOGETHER:
        return may_manage(standing, record, thing)
    return standing.may(_RIGHTS[noun])


def end_of(standing: Standing, record: Record, noun: Noun, thing: Named) -> EndOf:
    """What its card says of its end."""
    return EndOf(EndRef(noun, thing.id).text, thing.ended, may_end(standing, record, noun, thing))


def questions_of(record: Record, noun: Noun, key: str, last_day: date) -> Mapping[Hanging, Question]:
    """What hangs on it and goes on after a day, by kind, and where each kind may go."""
    return {
        kind: Question(
            things=things,
            others=tuple(Known(one.id, one.name) for one in _others(record, noun, kind) if one.id != key),
            ways=_WAYS[noun, kind],
        )
        for kind, things in hanging_on(record, noun, key, last_day).items()
    }


def end(record: Record, noun: Noun, key: str, plan: Ending, today: date) -> Record:
    """The record once this ends on its last day, with everything that hung on it elsewhere or ended with it.

    Raises UserError by the field to mend.
    """
    thing = find_ending(record, noun, key)
    if thing is None:
        raise UserError("I can't find this anymore.")
    if plan.last_day > today + FURTHEST:
        raise UserError("That is more than a year away. Choose an earlier day.", field="last_day")
    _require_within(record, noun, key, plan.last_day)
    before = record
    for kind, question in questions_of(record, noun, key, plan.last_day).items():
        chosen = getattr(plan, kind)
        if chosen is None:
            raise UserError("Choose what becomes of this.", field=kind)
        if chosen not in question.ways and chosen not in {one.id for one in question.others}:
            raise UserError("Choose one that goes on.", field=kind)
        record = _SETTLES[noun, kind](record, thing, chosen, plan, today)
    record = with_thing(record, noun, _until(record, noun, key, plan.last_day))
    require_none_outlives(before, record, key)
    return with_reachable_quorums(record)


def reopen(record: Record, noun: Noun, key: str, by: str | None) -> Record:
    """The record with this there again, as it was; `by`: who looks after it where whoever did has left (a member's id).

    Raises UserError where what it belongs to has ended, or nobody is there to look after it.
    """
    everything = record.everything
    thing: Any = find_ending(everything, noun, key)
    if thing is None:
        raise UserError("I can't find this anymore.")
    if thing.ended is None:
        return record
    thing = replace(thing, ended=None)
    match noun:
        case Noun.PRIORITY:
            metrics = tuple(replace(one, steward=_somebody(record, one.steward, by)) for one in thing.metrics)
            thing = replace(thing, owner=_somebody(record, thing.owner, by), metrics=metrics)
        case Noun.METRIC:
            _require_there(_priority_with(everything, key))
            thing = replace(thing, steward=_somebody(record, thing.steward, by))
        case Noun.OUTCOME:
            _require_there(_priority_with(everything, key))
        case Noun.ORGANIZATION:
            thing = replace(thing, contacts=_present(record, thing.contacts))
        case Noun.GROUP:
            members = _present(record, thing.members)
            chair, cochair = (one if one in members else None for one in (thing.chair, thing.cochair))
            thing = replace(thing, members=members, chair=chair, cochair=cochair)
        case Noun.CADENCE:
            _require_groups(record, thing)
            thing = replace(thing, attendees=_present(record, thing.attendees), email=_present(record, thing.email))
        case Noun.SOURCE:
            there = {one.id for one in _others(record, noun, Hanging.MONEY)}
            report = thing.report
            if report is not None and report.owner is not None and report.next_due is not None:
                report = replace(report, owner=_somebody(record, report.owner, by))
            allocations = tuple(one for one in thing.allocations if one.to in there)
            thing = replace(thing, report=report, allocations=allocations)
    return with_reachable_quorums(with_thing(everything, noun, thing))


def with_thing(record: Record, noun: Noun, thing: Any) -> Record:
    """The record with this in the place of the one of its id."""
    match noun:
        case Noun.METRIC:
            return _with_metric(record, thing)
        case Noun.OUTCOME:
            return replace(
                record,
                priorities=tuple(
                    replace(one, outcomes=_put(one.outcomes, thing))
                    if any(each.id == thing.id for each in one.outcomes)
                    else one
                    for one in record.priorities
                ),
            )
    section = _SECTIONS[noun]
    changed: dict[str, Any] = {section: _put(getattr(record, section), thing)}
    return replace(record, **changed)


_SECTIONS = {
    Noun.PRIORITY: "priorities",
    Noun.ORGANIZATION: "organizations",
    Noun.GROUP: "groups",
    Noun.CADENCE: "cadences",
    Noun.SOURCE: "funding_sources",
}


def _put(things: tuple[Any, ...], thing: Any) -> tuple[Any, ...]:
    return tuple(thing if one.id == thing.id else one for one in things)


def _with_metric(record: Record, metric: Metric) -> Record:
    star = record.coalition.north_star
    if star is not None and star.metric is not None and star.metric.id == metric.id:
        return replace(record, coalition=replace(record.coalition, north_star=replace(star, metric=metric)))
    return replace(
        record,
        priorities=tuple(
            replace(one, metrics=_put(one.metrics, metric))
            if any(each.id == metric.id for each in one.metrics)
            else one
            for one in record.priorities
        ),
    )


def _until(record: Record, noun: Noun, key: str, last_day: date) -> Any:
    thing: Any = find_ending(record, noun, key)
    return replace(thing, ended=last_day)


def _others(record: Record, noun: Noun, kind: Hanging) -> Sequence[Named]:
    if kind is Hanging.MONEY:
        targets: tuple[Named, ...] = (*record.priorities, *record.groups)
        return [one for one in targets if one.ended is None]
    return [one for one in ENDS[noun].things(record) if one.ended is None]


# The ways for what hangs on something that need no other one, by their words.
_WAYS: Mapping[tuple[Noun, Hanging], Mapping[str, str]] = {
    (Noun.PRIORITY, Hanging.WORK): {
        NOWHERE: "Goes on without a priority",
        WITH_IT: "Is closed: cancelled, parked or taken back",
    },
    (Noun.PRIORITY, Hanging.MONEY): {NOWHERE: "Is free again"},
    (Noun.ORGANIZATION, Hanging.MEMBERS): {WITH_IT: "They leave with it"},
    (Noun.ORGANIZATION, Hanging.WORK): {NOWHERE: "Goes on without one"},
    (Noun.GROUP, Hanging.DECISIONS): {WITH_IT: "Taken back"},
    (Noun.GROUP, Hanging.ISSUES): {NOWHERE: "Back to their owners"},
    (Noun.GROUP, Hanging.ROUNDS): {WITH_IT: "End on the same day"},
    (Noun.GROUP, Hanging.MONEY): {NOWHERE: "Is free again"},
}


def _work_elsewhere(record: Record, thing: Named, chosen: str, _plan: Ending, today: date) -> Record:
    """Open work of a priority."""
    if chosen == WITH_IT:
        why = f"{thing.name} ended"
        return replace(
            record,
            actions=tuple(cancel(one) if one.priority == thing.id and one.is_open else one for one in record.actions),
            issues=tuple(
                park(one, why, today) if one.priority == thing.id and one.is_open else one for one in record.issues
            ),
            decisions=tuple(
                take_back(one, why, today) if one.priority == thing.id and one.is_undecided else one
                for one in record.decisions
            ),
        )
    to = None if chosen == NOWHERE else chosen
    return replace(
        record,
        actions=tuple(
            replace(one, priority=to, metric=None) if one.priority == thing.id and one.is_open else one
            for one in record.actions
        ),
        issues=tuple(
            replace(one, priority=to) if one.priority == thing.id and one.is_open else one for one in record.issues
        ),
        decisions=tuple(
            replace(one, priority=to) if one.priority == thing.id and one.is_undecided else one
            for one in record.decisions
        ),
    )


def _actions_elsewhere(record: Record, thing: Named, chosen: str, _plan: Ending, _today: date) -> Record:
    """Open actions of an organization, or that wait for it."""
    to = None if chosen == NOWHERE else chosen
    return replace(
        record,
        actions=tuple(
            replace(
                one,
                organization=to if one.organization == thing.id else one.organization,
                waiting_on=to if one.waiting_on == thing.id else one.waiting_on,
            )
            if one.is_open and thing.id in (one.organization, one.waiting_on)
            else one
            for one in record.actions
        ),
    )


def _members_elsewhere(record: Record, thing: Named, chosen: str, plan: Ending, today: date) -> Record:
    theirs = [one.id for one in record.members if one.organization == thing.id and outlasts(one, plan.last_day)]
    if chosen != WITH_IT:
        return replace(
            record,
            members=tuple(replace(one, organization=chosen) if one.id in theirs else one for one in record.members),
        )
    if plan.taker in theirs:
        raise UserError(f"Choose somebody who stays, from outside {thing.name}.", field="taker")
    for key in theirs:
        if plan.taker is None and holdings_of(record, key, plan.last_day).needs_somebody:
            name = next(one.name for one in record.members if one.id == key)
            raise UserError(f"{name} has open work. Choose who has it from now on.", field="taker")
        taker = plan.taker
        leaving = Leaving(
            last_day=plan.last_day, priorities=taker, chairs=taker, figures=taker, work=taker, stand_in=taker
        )
        try:
            record = leave(record, key, leaving, today)
        except UserError as error:
            raise UserError(str(error), field="last_day" if error.field == "last_day" else "taker") from None
    return record


def _decisions_elsewhere(record: Record, thing: Named, chosen: str, _plan: Ending, today: date) -> Record:
    def then(one: Any) -> Any:
        return take_back(one, f"{thing.name} ended", today) if chosen == WITH_IT else replace(one, decider=chosen)

    return replace(
        record,
        decisions=tuple(then(one) if one.decider == thing.id and one.is_undecided else one for one in record.decisions),
    )


def _issues_elsewhere(record: Record, thing: Named, chosen: str, _plan: Ending, _today: date) -> Record:
    def then(one: Any) -> Any:
        if chosen == NOWHERE:
            return replace(one, escalated_to=None, escalated=None, status=IssueStatus.OPEN)
        return replace(one, escalated_to=chosen)

    return replace(
        record,
        issues=tuple(then(one) if one.escalated_to == thing.id and one.is_escalated else one for one in record.issues),
    )


def _rounds_elsewhere(record: Record, thing: Named, chosen: str, plan: Ending, _today: date) -> Record:
    def then(one: Cadence) -> Cadence:
        if chosen == WITH_IT:
            return replace(one, ended=plan.last_day)
        return replace(
            one,
            group=chosen if one.group == thing.id else one.group,
            audience=chosen if one.audience == thing.id else one.audience,
        )

    return replace(
        record,
        cadences=tuple(
            then(one) if thing.id in (one.group, one.audience) and outlasts(one, plan.last_day) else one
            for one in record.cadences
        ),
    )


def _money_elsewhere(record: Record, thing: Named, chosen: str, plan: Ending, _today: date) -> Record:
    hung = {one.id for one in hanging_on(record, _noun_of(record, thing), thing.id, plan.last_day)[Hanging.MONEY]}

    def then(source: FundingSource) -> FundingSource:
        if source.id not in hung:
            return source
        amounts = {one.to: one for one in source.allocations}
        gone = amounts.pop(thing.id)
        if chosen != NOWHERE:
            there = amounts.get(chosen, Allocation(to=chosen, amount=Decimal(0)))
            amounts[chosen] = replace(there, amount=there.amount + gone.amount)
        return replace(source, allocations=tuple(amounts.values()))

    return replace(record, funding_sources=tuple(then(one) for one in record.funding_sources))


def _noun_of(record: Record, thing: Named) -> Noun:
    return Noun.PRIORITY if any(one is thing or one.id == thing.id for one in record.priorities) else Noun.GROUP


_Settle = Callable[[Record, Named, str, Ending, date], Record]
_SETTLES: Mapping[tuple[Noun, Hanging], _Settle] = {
    (Noun.PRIORITY, Hanging.WORK): _work_elsewhere,
    (Noun.PRIORITY, Hanging.MONEY): _money_elsewhere,
    (Noun.ORGANIZATION, Hanging.MEMBERS): _members_elsewhere,
    (Noun.ORGANIZATION, Hanging.WORK): _actions_elsewhere,
    (Noun.GROUP, Hanging.DECISIONS): _decisions_elsewhere,
    (Noun.GROUP, Hanging.ISSUES): _issues_elsewhere,
    (Noun.GROUP, Hanging.ROUNDS): _rounds_elsewhere,
    (Noun.GROUP, Hanging.MONEY): _money_elsewhere,
}


def _somebody(record: Record, key: str, by: str | None) -> str:
    """Whoever looked after it, or who brings it back where they have left."""
    if any(one.id == key for one in record.present):
        return key
    if by is None:
        name = next((one.name for one in record.members if one.id == key), key)
        raise UserError(f"{name} looked after it and has left. A coordinator can reopen it and look after it first.")
    return by


def _present(record: Record, keys: tuple[str, ...]) -> tuple[str, ...]:
    there = {one.id for one in record.present}
    return tuple(one for one in keys if one in there)


def _require_within(record: Record, noun: Noun, key: str, last_day: date) -> None:
    """A figure or an outcome ends with its priority at the latest."""
    priority = _priority_with(record, key) if noun in (Noun.METRIC, Noun.OUTCOME) else None
    if priority is not None and priority.ended is not None and priority.ended < last_day:
        last = day(priority.ended, priority.ended)
        raise UserError(
            f"Its priority, {priority.name}, has its last day on {last}. Choose a day up to then, or reopen the "
            "priority first.",
            field="last_day",
        )


def _priority_with(record: Record, key: str) -> Priority | None:
    for priority in record.priorities:
        if key in {*(one.id for one in priority.metrics), *(one.id for one in priority.outcomes)}:
            return priority
    return None


def _require_groups(record: Record, cadence: Cadence) -> None:
    for group in record.everything.groups:
        if group.id in (cadence.group, cadence.audience) and group.ended is not None:
            raise UserError(f"Its group, {group.name}, has an end too. Reopen the group first.")


def _require_there(priority: Priority | None) -> None:
    if priority is not None and priority.ended is not None:
        raise UserError(f"Its priority, {priority.name}, has an end too. Reopen the priority first.")


def ended_things(record: Record) -> Iterator[tuple[Noun, Named]]:
    """What has ended or is about to, by noun in the order of the table."""
    for noun, ends in ENDS.items():
        yield from ((noun, one) for one in ends.things(record.everything) if one.ended is not None)
