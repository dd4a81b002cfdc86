"""What a check-in will do: its next dates, who is asked and who stands in, and minutes a week. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bot.domain.people import Subject, has_rounds, is_away, receivers_of, subject_of, topics_of, zone_of_member
from bot.domain.record import Cadence, Record
from bot.domain.rhythm import (
    Seen,
    describe,
    next_occurrence,
    occurrences,
    occurrences_between,
    to_local,
    to_utc,
    window,
    zone_of,
)

DATES = 5
MOST_MINUTES = 10
_SPAN = timedelta(weeks=4)
_REACH = timedelta(days=366 * 12)  # five of whatever comes every year


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewDate:
    """One coming round on a receiver's own clock: naive wall times."""

    slot: datetime
    opens: datetime
    closes: datetime
    stand_ins: datetime | None
    is_moved: bool
    is_short: bool  # it closes sooner than the check-in's other rounds
    hours_before_close: int | None  # from when stand-ins are asked


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewReceiver:
    """Who is asked, on which clock, and who stands in; `is_away` on the day of the next round."""

    name: str
    zone: str
    priorities: tuple[str, ...]
    stand_in: str | None
    stand_in_zone: str | None
    is_away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinPreview(Seen):
    """Everything that is shown before a check-in is saved, and by `preview`. `token` is set before saving."""

    id: str | None
    name: str
    rhythm: str
    subject: Subject
    dates: tuple[PreviewDate, ...]
    receivers: tuple[PreviewReceiver, ...]
    minutes: int  # of one answer
    minutes_a_week: tuple[tuple[str, int, int], ...]  # name, for this check-in, for everything
    digest: tuple[str, datetime] | None  # the digest it feeds: its name, and when the next one goes out
    paused_at: datetime | None
    ends: bool
    may_run: bool = False
    may_configure: bool = False
    token: str = ""

    @property
    def above(self) -> tuple[tuple[str, int], ...]:
        """Who would give more than ten minutes a week."""
        return tuple((name, total) for name, _own, total in self.minutes_a_week if total > MOST_MINUTES)


def preview_of(record: Record, cadence: Cadence, now: datetime, zone: str) -> CheckinPreview:
    """What `cadence` will do. It need not be in the record; `zone` is the reader's."""
    subject = subject_of(record, cadence) or Subject.PRIORITY
    owners = list(receivers_of(record, cadence))
    dates = _dates(record, cadence, now, owners)
    digest = next((one for one in record.cadences if one.id == cadence.feeds), None)
    following = next_occurrence(digest, now) if digest is not None else None
    questions = next((one for one in record.question_sets if one.id == cadence.question_set), None)
    return CheckinPreview(
        id=cadence.id,
        name=cadence.name,
        rhythm=describe(cadence),
        dates=dates,
        subject=subject,
        receivers=_receivers(
            record, dates, owners, has_stand_ins=has_rounds(record, cadence) and subject is not Subject.PULSE
        ),
        minutes=questions.minutes if questions is not None else 0,
        minutes_a_week=_minutes(record, cadence, now, owners),
        digest=(digest.name, following[1]) if digest is not None and following is not None else None,
        paused_at=cadence.paused_at,
        ends=len(dates) < DATES,
        zone=zone,
        now=now,
    )


def _dates(record: Record, cadence: Cadence, now: datetime, owners: list[str]) -> tuple[PreviewDate, ...]:
    """The next rounds as somebody on the check-in's own clock meets them; wall times are the same for everybody."""
    where = zone_of(cadence, zone_of_member(record, owners[0]) if owners else None)
    found = []
    start = to_local(now, where)
    coming = (one for one in occurrences(cadence, start, start + _REACH) if to_utc(one.local, where) > now)
    for occurrence in islice(coming, DATES):
        times = window(cadence, occurrence, where)
        length = times.closes_at - times.opens_at
        found.append(
            PreviewDate(
                slot=occurrence.slot,
                opens=occurrence.local,
                closes=to_local(times.closes_at, where),
                stand_ins=to_local(times.delegate_at, where) if times.delegate_at is not None else None,
                is_moved=occurrence.moved,
                is_short=length < timedelta(hours=cadence.closes_after_hours),
                hours_before_close=round((times.closes_at - times.delegate_at) / timedelta(hours=1))
                if times.delegate_at is not None
                else None,
            )
        )
    return tuple(found)


def _receivers(
    record: Record, dates: tuple[PreviewDate, ...], owners: list[str], *, has_stand_ins: bool
) -> tuple[PreviewReceiver, ...]:
    members = {member.id: member for member in record.members}
    found = []
    for key in owners:
        owner = members[key]
        stand_in = members.get(owner.delegate or "") if has_stand_ins else None
        found.append(
            PreviewReceiver(
                name=owner.name,
                zone=zone_of_member(record, key),
                priorities=tuple(one.name for one in record.priorities if one.owner == key),
                stand_in=stand_in.name if stand_in is not None else None,
                stand_in_zone=zone_of_member(record, stand_in.id) if stand_in is not None else None,
                is_away=bool(dates) and is_away(owner, dates[0].opens.date()),
            )
        )
    return tuple(found)


def _minutes(record: Record, cadence: Cadence, now: datetime, owners: list[str]) -> tuple[tuple[str, int, int], ...]:
    """Minutes a week of each receiver, over the next four weeks: for this check-in, and with everything else asked."""
    members = {member.id: member for member in record.members}
    own: dict[str, float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    others = [one for one in record.cadences if one.id != cadence.id and one.paused_at is None]
    for one in [cadence, *others]:
        questions = next((item for item in record.question_sets if item.id == one.question_set), None)
        if questions is None:
            continue
        weekly = questions.minutes * len(occurrences_between(one, now, now + _SPAN)) / 4
        for key, times in _asked(record, one).items():
            total[key] += weekly * times
            if one is cadence:
                own[key] += weekly * times
    return tuple((members[key].name, math.ceil(own[key]), math.ceil(total[key])) for key in owners)


def _asked(record: Record, cadence: Cadence) -> dict[str, int]:
    """Who is asked by a cadence, and about how many things at once; a list or round of several counts once."""
    subject = subject_of(record, cadence)
    if subject is None:
        return {}
    found = dict.fromkeys(receivers_of(record, cadence), 1)
    if subject is Subject.PRIORITY:
        running = [topic.owner for topic in topics_of(record, cadence)]
        found = {key: running.count(key) for key in found}
    return found
