"""How a priority stands: assessment, confidence, silence and disagreement, computed from responses and rounds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.checkins.standing_roles import StandingRoles
from bot.domain.record import (
    Cadence,
    Directory,
    Part,
    Priority,
    Record,
    Response,
    Round,
    once,
    parts_of,
    priority_in_round,
    priority_of,
)
from bot.domain.rhythm import occurrences_between, to_utc, window, zone_of
from bot.domain.vocabularies import AT_REST, Assessment, MetricStatus

SILENT_FROM = 2  # this many silent rounds make a silent owner

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a priority stands in its owner's eyes. `since` to `on_behalf_of` are None where nobody has said."""

    assessment: str
    since: date | None
    weeks: int | None  # whole weeks from `since` to today
    age_days: int | None  # days since it was last assessed
    by: str | None  # member id
    on_behalf_of: str | None  # member id
    silent_rounds: int
    assessed_on: date | None  # the day of the latest response, or of the priority's own assessment
    no_change: bool  # the latest response re-affirmed the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """0 to 10; `change` is against the response before, `falling` means two falls in a row."""

    value: int | None
    change: int | None
    falling: bool

    @property
    def before(self) -> int | None:
        """The confidence of the response before, where both are known."""
        if self.value is None or self.change is None:
            return None
        return self.value - self.change


def histories(responses: Iterable[Response], roles: StandingRoles | None = None) -> dict[str, Part[Response]]:
    """Return each priority's responses, oldest first, one a round; with `roles` those that say how it stands.

    Where a round has several, the owner's own goes before a delegate's, else the later one counts. A response
    that says "no change" repeats the assessment and the confidence of the one before where it leaves them out.
    """
    return {key: once(_history, part, roles) for key, part in parts_of(responses, priority_of).items()}


def _history(responses: Part[Response], roles: StandingRoles | None) -> Part[Response]:
    """Those of one priority."""
    rounds: dict[tuple[str, date], Response] = {}
    for response in responses if roles is None else roles.counting(responses):
        key = (response.cadence, response.round)
        earlier = rounds.get(key)
        if earlier is None or not _goes_before(earlier, response):
            rounds[key] = response
    history: list[Response] = []
    for response in sorted(rounds.values(), key=lambda one: (one.round, one.answered_at or _LONG_AGO)):
        if history and response.no_change:
            response = _filled(response, history[-1])
        history.append(response)
    return Part(history)


def standing(priority: Priority, history: Sequence[Response], today: date, silent_rounds: int) -> Standing:
    """Return the standing of a priority from its responses (`histories`) and its silent rounds.

    The priority's own assessment stands without any response, where it is paused or complete, and where it was
    set on a later day than the latest response's round.
    """
    latest = history[-1] if history else None
    own_on = priority.assessment_on
    if latest is None or latest.assessment is None or priority.rests or (own_on is not None and own_on > latest.round):
        age = _days(own_on, today) if own_on else None
        return Standing(
            assessment=priority.assessment,
            since=own_on,
            weeks=None if age is None else age // 7,
            age_days=age,
            by=None,
            on_behalf_of=None,
            silent_rounds=0 if priority.rests else silent_rounds,
            assessed_on=own_on,
            no_change=False,
        )
    since = once(_first_of_run, history).round
    return Standing(
        assessment=latest.assessment,
        since=since,
        weeks=_days(since, today) // 7,
        age_days=_days(latest.round, today),
        by=latest.by,
        on_behalf_of=latest.on_behalf_of,
        silent_rounds=0 if latest.assessment in AT_REST else silent_rounds,
        assessed_on=latest.round,
        no_change=latest.no_change,
    )


def confidence(history: Sequence[Response]) -> Confidence:
    """Return the latest response's confidence, its change, and whether it fell twice in a row."""
    values = [response.confidence for response in history[-3:]]
    value = values[-1] if values else None
    change = _change(values[-2], value) if len(values) > 1 else None
    before = _change(values[-3], values[-2]) if len(values) > 2 else None
    falling = change is not None and before is not None and change < 0 and before < 0
    return Confidence(value=value, change=change, falling=falling)


def disagrees(assessment: str, headline_status: str | None) -> bool:
    """Whether what the owner says and what the headline metric says exclude each other."""
    if assessment in {Assessment.ON_TRACK, Assessment.COMPLETE}:
        return headline_status == "off_track"
    return assessment == Assessment.OFF_TRACK and headline_status in {MetricStatus.ON_TRACK, MetricStatus.MET}


def count_silent_rounds(
    record: Record, moment: datetime, directory: Directory, told: Mapping[str, Sequence[Response]]
) -> dict[str, int]:
    """Return for each priority how many rounds closed unanswered since its latest response in `told`.

    Only rounds count whose answer says how the priority stands. `record` is what was known at `moment` (aware).
    Rounds that were never asked and those that opened on a day on which the owner was away or the owner's organization
    closed are left out. Live rounds are in the record; those of an imported file follow from the rhythm, from the
    file's first one to the moment of the import.
    """
    imported_at = min(record.first_imported_at or moment, moment)
    roles = StandingRoles(record)
    first_days: dict[str, date] = {}
    for said in parts_of(record.responses, priority_of).values():
        for key, day in once(_first_imported_days, said, roles).items():
            first_days[key] = min(day, first_days.get(key, day))
    cadences = [one for one in record.cadences if one.audience == "priority_owners" and one.id in first_days]
    live = parts_of(record.rounds, priority_in_round)
    imported: dict[tuple[str, str, date], list[date]] = {}
    silent: dict[str, int] = {}
    for priority in record.priorities:
        history = told.get(priority.id)
        answered_on = history[-1].round if history else date.min
        rounds = {
            (one.cadence, one.day): one.asked and one.closes_at <= moment
            for one in _after(live.get(priority.id, Part()), roles, answered_on)
        }
        zone = directory.zone_of(priority.owner)
        for cadence in cadences:
            since = max(first_days[cadence.id], answered_on)
            about = (cadence.id, zone_of(cadence, zone), since)
            if about not in imported:
                imported[about] = _closed_days(cadence, zone, since, imported_at, moment)
            for day in imported[about]:
                rounds.setdefault((cadence.id, day), True)
        silent[priority.id] = sum(
            missable and day > answered_on and _could_answer(priority.owner, day, directory)
            for (_, day), missable in rounds.items()
        )
    return silent


def _goes_before(one: Response, other: Response) -> bool:
    """Whether `one` counts although `other` of the same round comes later."""
    return one.on_behalf_of is None and other.on_behalf_of is not None


def _filled(response: Response, before: Response) -> Response:
    return replace(
        response,
        assessment=response.assessment or before.assessment,
        confidence=before.confidence if response.confidence is None else response.confidence,
    )


def _days(since: date, today: date) -> int:
    """Days from a day to today; 0 where the owner's clock is a day ahead of the coalition's."""
    return max((today - since).days, 0)


def _change(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


def _first_of_run(history: Sequence[Response]) -> Response:
    """The first response of the unbroken run of the latest one's assessment."""
    first = history[-1]
    for response in reversed(history):
        if response.assessment != first.assessment:
            break
        first = response
    return first


def _after(rounds: Part[Round], roles: StandingRoles, day: date) -> list[Round]:
    """The rounds of a priority on later days that ask how it stands; of several of a check-in on a day the last."""
    found = once(_setting_rounds, rounds, roles)
    return found[bisect_right(found, day, key=lambda one: one.day) :]


def _setting_rounds(rounds: Part[Round], roles: StandingRoles) -> list[Round]:
    return sorted(filter(roles.of, rounds), key=lambda one: one.day)


def _first_imported_days(responses: Iterable[Response], roles: StandingRoles) -> dict[str, date]:
    """The day of each cadence's first round in the imported file."""
    first: dict[str, date] = {}
    for response in roles.counting(responses):
        if response.answered_at is None:
            first[response.cadence] = min(response.round, first.get(response.cadence, response.round))
    return first


def _closed_days(cadence: Cadence, zone: str, since: date, imported_at: datetime, moment: datetime) -> list[date]:
    """The days of the rounds that opened from `since` to the import and have closed, on the owner's clock."""
    midnight = to_utc(datetime.combine(since, time.min), zone_of(cadence, zone))
    return [
        occurrence.local.date()
        for occurrence, _ in occurrences_between(cadence, midnight - timedelta(seconds=1), imported_at, zone)
        if window(cadence, occurrence, zone).closes_at <= moment
    ]


def _could_answer(owner: str, day: date, directory: Directory) -> bool:
    """Whether the owner was there and the owner's organization open on a day."""
    member = directory.members.get(owner)
    if member is None:
        return True
    organization = directory.organizations.get(member.organization)
    closed = organization is not None and organization.is_closed(day)
    return not closed and not any(away.start <= day <= away.end for away in member.away)
