"""Every field of every value of the record, by reflection: the sample with one of them changed, or with all of them.

A change is looked for until the checks of a coalition file take it, so that a new field needs no line here unless
its value follows a rule that no type tells.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.domain import vocabularies as words
from bot.domain.coalition_file import check, to_file
from bot.domain.coalition_file.along import ALONG as ALONG_SHAPE
from bot.domain.record import Record
from bot.domain.record import record as values
from tests import examples
from tests.sample import sample_record

Path = tuple[str | int, ...]

# What a field holds where its type is only "text": a word of a vocabulary, or the id of something.
VOCABULARIES: dict[tuple[str, str], type[StrEnum]] = {
    ("Reading", "quality"): words.Quality,
    ("Metric", "direction"): words.Direction,
    ("Metric", "aggregation"): words.Aggregation,
    ("Metric", "level"): words.Level,
    ("Metric", "horizon"): words.Horizon,
    ("Metric", "frequency"): words.Frequency,
    ("Series", "provider"): words.Provider,
    ("Series", "looks"): words.SeriesLooks,
    ("Organization", "sector"): words.Sector,
    ("Organization", "ask_via"): words.AskVia,
    ("Role", "role"): words.Role,
    ("Member", "access"): words.Access,
    ("Member", "no_messages_about"): words.MessageKind,
    ("Group", "kind"): words.GroupKind,
    ("Group", "decision_rule"): words.DecisionRule,
    ("Group", "voices"): words.Voices,
    ("Priority", "assessment"): words.Assessment,
    ("Priority", "lens"): words.Lens,
    ("Priority", "canvas"): words.CanvasUse,
    ("Cadence", "kind"): words.CadenceKind,
    ("Cadence", "time_basis"): words.TimeBasis,
    ("Cadence", "audience"): words.Audience,
    ("Cadence", "summary"): words.SummaryPlace,
    ("Question", "type"): words.QuestionType,
    ("Question", "source"): words.PickerSource,
    ("QuestionSet", "per_item"): words.PerItem,
    ("QuestionSet", "readers"): words.AnswerReaders,
    ("EarlierQuestions", "readers"): words.AnswerReaders,
    ("Response", "assessment"): words.Assessment,
    ("Response", "came_true"): words.CameTrue,
    ("ActionMove", "answer"): words.MoveAnswer,
    ("ActionItem", "status"): words.ActionStatus,
    ("Issue", "status"): words.IssueStatus,
    ("Decision", "status"): words.DecisionStatus,
    ("DecisionAnswer", "choice"): words.VoiceSaid,
    ("Decision", "recommendation_for"): words.RecommendationFor,
    ("FundingSource", "capital_type"): words.CapitalType,
    ("FundingSource", "status"): words.FundingStatus,
    ("FundingSource", "arrangement"): words.Arrangement,
    ("FundingReport", "frequency"): words.Frequency,
}
POINTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("Metric", "steward"): ("members",),
    ("Organization", "contacts"): ("members",),
    ("Role", "scope"): ("priorities", "groups"),
    ("Member", "organization"): ("organizations",),
    ("Member", "delegate"): ("members",),
    ("Group", "members"): ("members",),
    ("Group", "chair"): ("members",),
    ("Group", "cochair"): ("members",),
    ("Group", "priority"): ("priorities",),
    ("Priority", "owner"): ("members",),
    ("Priority", "working_group"): ("groups",),
    ("Priority", "headline_metric"): ("metrics",),
    ("Cadence", "group"): ("groups",),
    ("Cadence", "attendees"): ("members",),
    ("Cadence", "email"): ("members",),
    ("Cadence", "feeds"): ("cadences",),
    ("Cadence", "question_set"): ("question_sets",),
    ("Response", "cadence"): ("cadences",),
    ("Response", "priority"): ("priorities",),
    ("Response", "by"): ("members",),
    ("Response", "on_behalf_of"): ("members",),
    ("Response", "ask_from"): ("organizations", "groups"),
    ("MemberAnswer", "cadence"): ("cadences",),
    ("MemberAnswer", "member"): ("members",),
    ("MemberAnswer", "by"): ("members",),
    ("PulseResult", "cadence"): ("cadences",),
    ("ActionItem", "owner"): ("members",),
    ("ActionItem", "priority"): ("priorities",),
    ("ActionItem", "organization"): ("organizations",),
    ("ActionItem", "metric"): ("metrics",),
    ("ActionItem", "waiting_on"): ("organizations",),
    ("Issue", "raised_by"): ("members",),
    ("Issue", "owner"): ("members",),
    ("Issue", "priority"): ("priorities",),
    ("Issue", "escalated_to"): ("groups",),
    ("Decision", "decider"): ("groups",),
    ("Decision", "accountable"): ("members",),
    ("Decision", "priority"): ("priorities",),
    ("DecisionAnswer", "voice"): ("organizations",),
    ("DecisionAnswer", "by"): ("members",),
    ("DecisionAnswer", "on_behalf_of"): ("members",),
    ("FundingSource", "organization"): ("organizations",),
    ("FundingReport", "owner"): ("members",),
    ("Allocation", "to"): ("priorities", "groups"),
    ("Round", "cadence"): ("cadences",),
    ("Round", "priority"): ("priorities",),
    ("Round", "member"): ("members",),
    ("Round", "question_set"): ("question_sets",),
}
ZONES = ("America/New_York", "America/Denver")
OTHERS: dict[tuple[str, str], tuple[Any, ...]] = {
    ("Cadence", "timezone"): ZONES,
    # There is one digest.
    ("Cadence", "feeds"): ("weekly-digest",),
    ("Cadence", "rrule"): ("FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;BYDAY=TH", "FREQ=MONTHLY;BYDAY=2WE"),
    ("Coalition", "timezone"): ZONES,
    ("Metric", "confidential_below_n"): (6,),
    # Another one, not none: a value that was never read is none too.
    ("Metric", "series"): (values.Series(provider="fred", address="UNRATE"),),
    ("Series", "address"): ("https://data.example.org/other.csv",),
    ("Organization", "closed_yearly"): (("07-04",),),
    ("Response", "ask_from"): ("lbp",),
    ("Coalition", "currency"): ("EUR",),
    ("Coalition", "locale"): ("de-DE",),
    ("Member", "timezone"): ZONES,
    ("Member", "email"): ("elsewhere@partner.example",),
    ("Group", "channel"): ("elsewhere",),
    ("Priority", "channel"): ("elsewhere",),
    ("Cadence", "channels"): (("elsewhere",),),
    # Others want options or a source, which only some have.
    ("Question", "type"): ("choices",),
    ("Question", "source"): ("organizations",),
    ("Question", "required_if"): ("assessment != at_risk", "assessment == at_risk"),
    ("Cadence", "moves"): (
        # Wall times, as cadences have them.
        (values.Move(original=datetime(2026, 12, 1, 9), to=datetime(2026, 12, 1, 10)),),  # noqa: DTZ001
    ),
    ("Cadence", "exdates"): ((datetime(2026, 12, 29, 9),), (datetime(2026, 12, 14, 10),)),  # noqa: DTZ001
    ("Move", "original"): (datetime(2026, 12, 1, 9), datetime(2026, 12, 24, 13)),  # noqa: DTZ001
    ("Move", "follows"): (datetime(2026, 12, 24, 13),),  # noqa: DTZ001
    ("ActionItem", "source"): ("https://workspace.example/archives/C1/p1",),
    ("Decision", "recommended"): ("Wait",),
    ("DecisionAnswer", "option"): ("Wait",),
    **{(noun, "visibility"): ("coordinators",) for noun in ("ActionItem", "Issue", "Decision")},
    ("QuestionSet", "earlier"): (
        (
            values.EarlierQuestions(
                version=1,
                until=datetime(2026, 10, 8, 15, tzinfo=UTC),
                title="Before",
                questions=(values.Question(id="moved", type="text", label="What moved?", max_length=200),),
            ),
        ),
    ),
    ("PulseResult", "asked"): (14,),
    ("PulseResult", "answered"): (8,),
    ("PulseTold", "choices"): (("Hardly", "Very"),),
    ("PulseTold", "counts"): ((2, 5),),
    ("PulseTold", "answered"): (8,),
    ("Reading", "breakdown"): (({"by": "place", "value": Decimal(3)},),),
    # A day to come: what has ended is on no card.
    **{(noun, "ended"): (date(2026, 12, 31),) for noun in ("Organization", "Group", "Priority", "Outcome", "Metric")},
    **{(noun, "ended"): (date(2026, 12, 31),) for noun in ("Cadence", "FundingSource")},
}
# What must be so beside a value, since the checks want both or neither.
BESIDE: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("Metric", "direction"): lambda one: replace(one, tolerance=Decimal(1)),
    ("Series", "provider"): lambda one: replace(one, address="UNRATE", period_column=None, value_column=None),
    ("Issue", "resolved"): lambda one: replace(one, status="resolved", resolved=None),
    ("Issue", "escalated_to"): lambda one: replace(one, status="escalated"),
    ("ActionItem", "blocked_reason"): lambda one: replace(one, status="blocked"),
    ("DecisionAnswer", "choice"): lambda one: replace(one, option=None),
    ("DecisionAnswer", "option"): lambda one: replace(one, choice="option"),
    # A version without its set is the one that the check-in has now, and comes back with it.
    ("Round", "questions_version"): lambda one: replace(one, question_set=one.question_set or "metric-refresh"),
    ("Decision", "outcome"): lambda one: replace(one, status="decided", decided_on=date(2026, 11, 20)),
    ("Decision", "decided_on"): lambda one: replace(one, status="decided", outcome="Agreed."),
}
# Where a figure is published; a file of which the columns are named.
SERIES = values.Series(
    provider="csv",
    address="https://data.example.org/jobs.csv",
    period_column="month",
    value_column="jobs",
)
# Fields by which a value is found again: another one is another value.
IDENTITY = frozenset(
    {
        *(("Response", field) for field in ("cadence", "round", "priority")),
        *(("MemberAnswer", field) for field in ("cadence", "round", "member")),
        *(("PulseResult", field) for field in ("cadence", "round")),
        ("Reading", "period_end"),
    }
)
# Not in a file: written by what people do, read with the record.
LIVE = frozenset({"Ask"})
LIVE_FIELDS = frozenset({("Response", "edited_at"), ("MemberAnswer", "edited_at")})
# What goes along in a file is no part of the record: `tests/services/coalition/test_taken_along.py` holds its ways.
ALONG = frozenset(shape.of.__name__ for shape in ALONG_SHAPE.all())
NOT_VALUES = frozenset({"PublishedDigest", "Kept", *ALONG})


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one value of the record, and the record with something else in it."""

    path: Path  # of the value in the record
    value: str  # the value's class
    field: str
    base: Record  # what it is compared with: the sample, or the sample with what the field needs beside it
    record: Record
    read: Record  # the record as it comes back from its file

    @property
    def name(self) -> str:
        return f"{self.value}.{self.field}"

    @property
    def before(self) -> Any:
        return found(self.base, self.path)

    @property
    def after(self) -> Any:
        return found(self.record, self.path)


def default_of(value: type[Any], field: str) -> Any:
    """What a field is where nobody says anything; None where something must be said."""
    declared = next(one for one in dataclasses.fields(value) if one.name == field)
    if declared.default is not dataclasses.MISSING:
        return declared.default
    return declared.default_factory() if declared.default_factory is not dataclasses.MISSING else None


def required_fields(value: type[Any]) -> list[str]:
    """The fields of which something must be said."""
    return [
        field.name
        for field in dataclasses.fields(value)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]


def found(record: Any, path: Path) -> Any:
    """The value at a path."""
    for step in path:
        record = record[step] if isinstance(step, int) else getattr(record, step)
    return record


def put(record: Any, path: Path, value: Any) -> Any:
    """The record with another value at a path."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*record[:step], put(record[step], rest, value), *record[step + 1 :])
    return replace(record, **{step: put(getattr(record, step), rest, value)})


def classes() -> dict[str, type[Any]]:
    """The values of the record by their names."""
    there = vars(values).values()
    return {
        one.__name__: one
        for one in there
        if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__name__ not in {"Record", *NOT_VALUES}
    }


def fields_of_file() -> list[tuple[str, str]]:
    """Every field that a file can change of something, by its value."""
    return [
        (name, field.name)
        for name, one in classes().items()
        if name not in LIVE
        for field in dataclasses.fields(one)
        if field.name != "id" and (name, field.name) not in IDENTITY | LIVE_FIELDS
    ]


def tried_fields() -> list[tuple[str, str]]:
    """Those of which a change is looked for: in the suite one in nine of each value, what came last first. Tests
    of them are marked `in_part`."""
    there = fields_of_file()
    values_of = dict.fromkeys(value for value, _field in there)
    chosen = {one for value in values_of for one in examples.one_in(9, [of for of in there if of[0] == value][::-1])}
    return [one for one in there if one in chosen]


# Meetings of groups, of which one is as good as each.
_LIKE_OTHERS = frozenset({"wg-supplier-monthly", "wg-access-monthly", "wg-quality-monthly", "funders-quarterly"})


@cache
def sample() -> Record:
    """The sample, with one value at least of each kind."""
    record = sample_record()
    # A few of what there are many of are as good, and sooner checked.
    asking = next(one for one in record.responses if one.ask_from is not None)
    record = replace(
        record,
        responses=(record.responses[0], asking),
        issues=record.issues[:2],
        decisions=record.decisions[:2],
        funding_sources=record.funding_sources[:2],
        cadences=tuple(one for one in record.cadences if one.id not in _LIKE_OTHERS),
        priorities=tuple(replace(one, metrics=one.metrics[:2]) for one in record.priorities),
    )
    for path, metric in list(walk(record)):
        if isinstance(metric, values.Metric):
            record = put(record, path, replace(metric, readings=metric.readings[:2], series=SERIES))
    one = record.responses[0]
    opened = datetime.combine(one.round, time(15), UTC)
    run = values.Round(
        cadence=one.cadence,
        day=one.round,
        priority=one.priority,
        opens_at=opened,
        closes_at=opened + timedelta(hours=51),
    )
    # One that asks people for themselves would be another check-in; where answers stand is the same.
    later = opened + timedelta(days=14)
    own = replace(
        run,
        day=later.date(),
        priority=None,
        member=record.members[1].id,
        opens_at=later,
        closes_at=later + timedelta(hours=51),
    )
    answer = values.MemberAnswer(
        cadence=one.cadence,
        round=one.round,
        member=record.members[1].id,
        by=record.members[0].id,
        answers={"room": "Is the room large enough? Not quite."},
        answered_at=opened + timedelta(hours=2),
    )
    pulse = values.PulseResult(
        cadence=one.cadence,
        round=one.round,
        title="Partner pulse",
        asked=12,
        answered=7,
        told=(
            values.PulseTold(
                question="worth", label="Is it worth it?", answered=7, choices=("No", "Yes"), counts=(3, 4)
            ),
            values.PulseTold(question="better", label="What would help?", answered=5, words=("More time.",)),
        ),
        did="Meetings are shorter now.",
        did_at=opened + timedelta(days=9),
    )
    moved = replace(
        record.actions[0],
        moves=(values.ActionMove(before=date(2026, 11, 13), to=record.actions[0].due, on=date(2026, 11, 9)),),
    )
    done = next(one for one in record.actions if one.completed is not None)
    second = replace(
        next(one for one in record.groups if one.priority is not None),
        id="wg-second",
        name="Second group",
        channel=None,
    )
    first, *rest = record.decisions
    said = values.DecisionAnswer(voice="bend-river-cc", by="helen", choice="object", reason="Rent.", answered_at=opened)
    first = replace(first, answers=(said,))
    # Somebody on whom nothing hangs can leave, and such an organization can end.
    idle = values.Member(id="idle", name="Ira Idle", organization=record.organizations[0].id)
    empty = values.Organization(id="empty", name="Empty Works", sector="private")
    weekly, *others = record.question_sets
    before = values.EarlierQuestions(
        version=1, until=datetime(2026, 10, 1, 15, tzinfo=UTC), title="Weekly update", questions=weekly.questions[:3]
    )
    # Only what owners say feeds a digest, and what they are asked each week does already.
    feeding = next(each for each in record.cadences if each.feeds is not None)
    stock = replace(feeding, id="stock", name="Taking stock", question_set="monthly-stocktake", feeds=None)
    return replace(
        record,
        cadences=(*record.cadences, stock),
        rounds=(run, own),
        member_answers=(answer,),
        pulses=(pulse,),
        decisions=(first, *rest),
        actions=(moved, done),
        groups=(*record.groups, second),
        members=(*record.members, idle),
        organizations=(*record.organizations, empty),
        question_sets=(replace(weekly, version=3, earlier=(before,)), *others),
    )


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value in a record with its path."""
    if path:
        yield path, value
    for field in dataclasses.fields(value):
        held = getattr(value, field.name)
        if dataclasses.is_dataclass(held):
            yield from walk(held, (*path, field.name))
        elif isinstance(held, tuple):
            for number, one in enumerate(held):
                if dataclasses.is_dataclass(one):
                    yield from walk(one, (*path, field.name, number))


def taken(record: Record) -> Record | None:
    """What the checks read from the record's file; None where they find a problem."""
    read, problems = check(to_file(record))
    return None if problems else read


def find_change(value: str, field: str, base: Record) -> Change | None:
    """The first change of this field that the checks take; None where there is none."""
    return next(find_changes(value, field, base), None)


def find_changes(value: str, field: str, base: Record) -> Iterator[Change]:
    """Changes of this field that the checks take, one at most of each value that has it."""
    hint, nothing = get_type_hints(classes()[value])[field], default_of(classes()[value], field)
    # Something before nothing: what is not read at all looks like nothing.
    for is_nothing in (False, True):
        there_are = [(path, one) for path, one in walk(base) if type(one).__name__ == value]
        # On what stands last nothing hangs, so that it can end.
        for path, there in reversed(there_are) if field == "ended" else there_are:
            beside = BESIDE.get((value, field))
            around = put(base, path, beside(there)) if beside is not None else base
            here = found(around, path)
            for candidate in _candidates(value, field, hint, getattr(here, field), around):
                if candidate == getattr(here, field) or (candidate == nothing) is not is_nothing:
                    continue
                record = put(around, path, replace(here, **{field: candidate}))
                if (read := taken(record)) is not None:
                    yield Change(path, value, field, around, record, read)
                    break


@cache
def all_changes() -> tuple[Change, ...]:
    """One change of each field that is tried. Raises AssertionError for a field without one."""
    changes = {(value, field): find_change(value, field, sample()) for value, field in tried_fields()}
    without = [f"{value}.{field}" for (value, field), change in changes.items() if change is None]
    assert not without, f"no change of these that the checks take: {without}"
    return tuple(change for change in changes.values() if change is not None)


def _candidates(value: str, field: str, hint: Any, now: Any, record: Record) -> Iterator[Any]:
    where = (value, field)
    kind = _kind(hint)
    is_list = get_origin(kind) is tuple
    if where in OTHERS:
        yield from OTHERS[where]
    elif where in VOCABULARIES:
        for word in VOCABULARIES[where]:
            yield (*(now or ()), word.value) if is_list else word.value
    elif where in POINTS:
        for one in _ids(record, POINTS[where]):
            if not is_list:
                yield one
            elif one not in now:
                yield (*now, one)
    elif is_list:
        yield from _lists(get_args(kind)[0], now, record)
    elif dataclasses.is_dataclass(kind):
        yield from _built(kind, record)
    else:
        yield from _plain(kind, field, now)
    if now is not None and kind is not hint:
        yield None


def _plain(kind: Any, field: str, now: Any) -> Iterator[Any]:
    if kind is str:
        yield f"Other words for {field.replace('_', ' ')}"
    elif kind is bool:
        # A file says the one only where it differs from what is so anyway.
        yield from (False, True) if now is None else (not now,)
    elif kind is int:
        for step in (1, -1, 2, 24):
            yield (now or 3) + step
    elif kind is Decimal:
        yield (now or Decimal(4)) + Decimal("1.25")
        yield (now or Decimal(4)) / 2
    elif kind is datetime:
        base = now or datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
        for hours in (1, -1, 24, 24 * 7):
            yield base + timedelta(hours=hours)
    elif kind is date:
        base = now or date(2026, 11, 20)
        for days in (1, -1, 7, -7, 30, -30, 90, 365):
            yield base + timedelta(days=days)
    elif kind is time:
        yield time(7, 30) if now != time(7, 30) else time(8, 15)
    elif get_origin(kind) is Mapping:
        yield {**(now or {}), "a_field_of_its_own": f"Other words for {field}"}
    else:
        raise AssertionError(f"say what a {kind} may hold")


def _lists(of: Any, now: tuple[Any, ...], record: Record) -> Iterator[Any]:
    if dataclasses.is_dataclass(of):
        for one in _built(of, record):
            yield (*now, one)
    elif of is str:
        yield (*now, "Another option")
    elif of is date:
        yield (*now, date(2026, 12, 24))
    elif of is datetime:
        yield (*now, *[])
        for day in (24, 25, 26, 27, 28, 29, 30, 31):
            for hour in (7, 9, 12):
                yield (*now, datetime(2026, 12, day, hour))  # noqa: DTZ001 (a wall time)
    if now:
        yield now[:-1]


def _built(kind: Any, record: Record) -> Iterator[Any]:
    """Values of a kind: another one's copy under another id, else the least that there can be."""
    for _, one in walk(record):
        if type(one) is kind:
            if not hasattr(one, "id"):
                yield one
                yield from _shifted(one)
            else:
                # Readings are added one by one, to a metric that is there.
                alone = {"readings": ()} if isinstance(one, values.Metric) else {}
                yield replace(one, id=f"{one.id}-2", **alone)
    yield from _least(kind, record)


def _shifted(one: Any) -> Iterator[Any]:
    for field in dataclasses.fields(one):
        held = getattr(one, field.name)
        if isinstance(held, date) and not isinstance(held, datetime):
            yield replace(one, **{field.name: held + timedelta(days=9)})


def _least(kind: Any, record: Record) -> Iterator[Any]:
    hints = get_type_hints(kind)
    yield kind(
        **{
            name: next(_candidates(kind.__name__, name, hints[name], None, record), None)
            for name in required_fields(kind)
        }
    )


def _ids(record: Record, sections: tuple[str, ...]) -> Iterator[str]:
    for section in sections:
        if section == "metrics":
            yield from (one.id for priority in record.priorities for one in priority.metrics)
        else:
            yield from (one.id for one in getattr(record, section))


def _kind(hint: Any) -> Any:
    if isinstance(hint, types.UnionType) or get_origin(hint) is Union:
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


def told(value: Any) -> Any:
    """Everything that a value says, also what doesn't count where values are compared."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: told(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: told(one) for key, one in value.items()}
    return [told(one) for one in value] if isinstance(value, tuple | list) else value


def differences(expected: Any, got: Any, where: str = "") -> list[str]:
    """Where two values say something else, by path."""
    if isinstance(expected, Record) and isinstance(got, Record) and expected == got and _roles(expected) == _roles(got):
        return []  # as nearly always, and much sooner found
    one, other = (told(value) if not isinstance(value, dict) else value for value in (expected, got))
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            line
            for key in [*one, *(key for key in other if key not in one)]
            for line in differences(one.get(key), other.get(key), f"{where}.{key}")
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            line
            for number, pair in enumerate(zip(one, other, strict=True))
            for line in differences(*pair, f"{where}[{number}]")
        ]
    return [] if one == other and type(one) is type(other) else [f"{where}: {one!r} became {other!r}"]


def _roles(record: Record) -> list[object]:
    """What no comparison of values looks at."""
    asked = [(one.sets_standing, one.question_set, one.questions_version) for one in record.rounds]
    return [*(one.sets_standing for one in record.responses), *asked]


def _is_in(record: Record, change: Change) -> bool:
    try:
        here = found(record, change.path)
    except (IndexError, AttributeError, TypeError):
        return False
    return type(here).__name__ == change.value and getattr(here, change.field) == getattr(change.after, change.field)


# Nearly all go together: so many are tried at once, and by halves only where the checks refuse them.
_TOGETHER = 16


def _with_all(record: Record, changes: list[Change]) -> tuple[Record, list[Change]]:
    """The record with as many of the changes as the checks take, one after the other, and those that it is without."""
    wanted, without = record, []
    for change in changes:
        try:
            here = found(wanted, change.path)
        except (IndexError, AttributeError, TypeError):
            without.append(change)
            continue
        if type(here).__name__ != change.value:
            without.append(change)
            continue
        beside = BESIDE.get((change.value, change.field), lambda one: one)
        wanted = put(wanted, change.path, replace(beside(here), **{change.field: getattr(change.after, change.field)}))
    if len(without) == len(changes) or taken(wanted) is not None:
        return wanted, without
    if len(changes) == 1:
        return record, changes
    half = len(changes) // 2
    record, first = _with_all(record, changes[:half])
    record, second = _with_all(record, changes[half:])
    return record, first + second


@cache
def filled() -> tuple[Record, ...]:
    """Records that together have every field filled or changed, each as full as the checks allow."""
    records: list[Record] = []
    left = list(all_changes())
    while left:
        record, later = sample(), []
        for begin in range(0, len(left), _TOGETHER):
            record, refused = _with_all(record, left[begin : begin + _TOGETHER])
            later += refused
        # What was changed above it took some of them away again.
        later += [one for one in left if one not in later and not _is_in(record, one)]
        assert len(later) < len(left), [change.name for change in later]
        # Each is a coalition of its own, so that one database holds them all.
        own = replace(record.coalition, id=f"{record.coalition.id}-{len(records)}")
        records.append(replace(record, coalition=own))
        left = later
    return tuple(records)
