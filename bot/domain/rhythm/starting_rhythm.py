"""The rhythm that a new coalition starts with: a weekly check-in, the Monday action list and the digest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.record import Cadence, Question, QuestionSet, Record
from bot.domain.rhythm.cadence import to_local
from bot.domain.vocabularies import CadenceKind
from bot.domain.wording import clock

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CHECKIN, DIGEST, ACTION_LIST = "weekly-checkin", "weekly-digest", "action-nudge"
# A round is never open shorter than this: a reminder and a stand-in have to fit in.
SHORTEST_HOURS = 6
USUAL_HOURS = 51
USUAL_REMINDER, USUAL_DELEGATE = 24, 29
PREVIEW_AT = time(15)
CLOSE_AT = time(12)
NUDGE_AT = time(8, 30)
_FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When people are asked and when the digest goes out. Days count from Monday, 0."""

    ask_day: int = 1
    ask_at: time = time(9)
    digest_day: int = 4
    digest_at: time = time(7, 30)
    channel: str | None = None  # the roll-up's, without "#"

    @property
    def closes_after_hours(self) -> int:
        """From the ask to noon of the working day before the digest, where the owners' preview still follows."""
        ahead = (self.digest_day - self.ask_day) % 7 or (0 if self.digest_at > self.ask_at else 7)
        close_day = self.ask_day + ahead - 1
        while close_day % 7 > _FRIDAY:
            close_day -= 1
        minutes = (close_day - self.ask_day) * 1440 + CLOSE_AT.hour * 60
        return (minutes - self.ask_at.hour * 60 - self.ask_at.minute) // 60

    @property
    def problem(self) -> str | None:
        """What to do where no round fits between the ask and the digest."""
        if self.closes_after_hours >= SHORTEST_HOURS:
            return None
        return (
            f"Answers are closed at noon on the working day before the digest, and asking on {DAYS[self.ask_day]} at "
            f"{clock(datetime.combine(date.min, self.ask_at))} leaves no time for them. Choose a later day."
        )


QUESTION_SETS = (
    QuestionSet(
        id="weekly-priority",
        title="Weekly priority update",
        minutes=3,
        allow_no_change=True,
        questions=(
            Question(
                id="assessment",
                type="choice",
                label="How does this priority stand today?",
                options=("on_track", "at_risk", "off_track"),
                required=True,
            ),
            Question(
                id="confidence",
                type="scale",
                label="How likely is this by {due}: {next_outcome}? (0 to 10)",
                label_without_outcome="How likely are we to reach our goal? (0 to 10)",
                min=0,
                max=10,
                required=True,
            ),
            Question(id="moved", type="text", label="What changed since last week?", max_length=400, required=True),
            Question(
                id="blocker",
                type="text",
                label="What is in the way?",
                max_length=300,
                required_if="assessment != on_track",
            ),
            Question(
                id="ask",
                type="text",
                label="What do you need from another partner or from leadership?",
                max_length=300,
            ),
            Question(
                id="ask_from", type="item_picker", source="organizations_and_groups", label="Who could provide it?"
            ),
            Question(id="next", type="text", label="What will be true by next week?", max_length=300, required=True),
            Question(
                id="for_coordinator",
                type="text",
                label="Anything for the coordinator only? (not published)",
                max_length=300,
            ),
        ),
    ),
    QuestionSet(
        id="weekly-action",
        title="Your open actions",
        minutes=2,
        per_item="action",
        questions=(
            Question(
                id="status",
                type="choice",
                label="Where is it?",
                options=("not_started", "in_progress", "blocked", "done"),
                required=True,
            ),
            Question(id="new_due", type="date", label="New date if it moves"),
            Question(
                id="reason",
                type="text",
                label="Why blocked or moved?",
                max_length=200,
                required_if="status == blocked or new_due",
            ),
        ),
    ),
)


# What stewards are asked, for a coalition that takes up a refresh round later.
REFRESH = QuestionSet(
    id="metric-refresh",
    title="Metric refresh",
    minutes=4,
    per_item="metric",
    questions=(
        Question(id="value", type="number", label="Latest value", required=True),
        Question(id="period_end", type="date", label="Last day the value covers", required=True),
        Question(id="quality", type="choice", label="Is it final?", options=("provisional", "final"), required=True),
        Question(id="note", type="text", label="Anything the reader must know about this figure?", max_length=300),
    ),
)


# What owners are asked about the curve of their headline metric, for a coalition that takes stock by the month later.
STOCKTAKE = QuestionSet(
    id="monthly-stocktake",
    title="Monthly stocktake",
    minutes=10,
    questions=(
        Question(
            id="curve",
            type="choice",
            label="Is the headline figure bending the right way?",
            options=("yes", "flat", "no", "cannot_tell"),
            required=True,
        ),
        Question(id="story", type="text", label="What explains the curve?", max_length=600, required=True),
        Question(id="partners", type="text", label="Which partners can help to turn it?", max_length=300),
        Question(id="works", type="text", label="What works?", max_length=300),
        Question(
            id="change",
            type="text",
            label="What do we propose to do before the next stocktake?",
            max_length=400,
            required=True,
        ),
        Question(
            id="decision", type="text", label="Which decision is needed? It is proposed to steering.", max_length=200
        ),
        Question(id="forecast", type="number", label="Where will the figure be if nothing changes?", required=True),
        Question(id="forecast_on", type="date", label="On which day? Empty: its target's"),
    ),
)


def starting_cadences(record: Record, rhythm: Rhythm, now: datetime) -> tuple[Cadence, ...]:
    """The three cadences of a new coalition, each beginning with its first occurrence after now."""
    zone = record.coalition.timezone
    hours = rhythm.closes_after_hours
    long_enough = hours >= USUAL_HOURS

    def weekly(key: str, kind: str, name: str, day: int, at: time, **fields: object) -> Cadence:
        return Cadence(
            id=key,
            kind=kind,
            name=name,
            timezone=zone,
            dtstart=_first(day, at, now, zone),
            rrule=f"FREQ=WEEKLY;BYDAY={RULE_DAYS[day]}",
            **fields,  # type: ignore[arg-type]
        )

    return (
        weekly(
            ACTION_LIST,
            "reminder",
            "Monday action list",
            0,
            NUDGE_AT,
            audience="action_owners",
            time_basis="member_local",
            question_set="weekly-action",
        ),
        weekly(
            CHECKIN,
            "checkin",
            "Weekly priority check-in",
            rhythm.ask_day,
            rhythm.ask_at,
            audience="priority_owners",
            time_basis="member_local",
            question_set="weekly-priority",
            closes_after_hours=hours,
            reminder_after_hours=USUAL_REMINDER if long_enough else max(1, hours * USUAL_REMINDER // USUAL_HOURS),
            delegate_after_hours=USUAL_DELEGATE if long_enough else max(2, hours * USUAL_DELEGATE // USUAL_HOURS),
            feeds=DIGEST,
        ),
        weekly(
            DIGEST,
            "digest",
            "Weekly digest",
            rhythm.digest_day,
            rhythm.digest_at,
            channels=(rhythm.channel,) if rhythm.channel else (),
            owner_preview_at=PREVIEW_AT,
        ),
    )


def rhythm_of(record: Record) -> Rhythm | None:
    """The rhythm that was set up, as far as it is there."""
    found = {cadence.id: cadence for cadence in record.cadences}
    asks, digest = found.get(CHECKIN), found.get(DIGEST)
    if asks is None or digest is None:
        return None
    return Rhythm(
        ask_day=asks.dtstart.weekday(),
        ask_at=asks.dtstart.time(),
        digest_day=digest.dtstart.weekday(),
        digest_at=digest.dtstart.time(),
        channel=next(iter(digest.channels), None),
    )


def missing_in_rhythm(record: Record) -> frozenset[str]:
    """Which of check-in and digest there is none of yet, by cadence kind."""
    return frozenset({"checkin", "digest"} - {cadence.kind for cadence in record.cadences})


def rhythm_around(record: Record, chosen: Rhythm) -> Rhythm:
    """The chosen rhythm, but for what is there already: that goes on as it is."""
    for cadence in reversed(record.cadences):
        day, at = cadence.dtstart.weekday(), cadence.dtstart.time()
        if cadence.kind == CadenceKind.CHECKIN:
            chosen = replace(chosen, ask_day=day, ask_at=at)
        elif cadence.kind == CadenceKind.DIGEST:
            chosen = replace(chosen, digest_day=day, digest_at=at)
    return chosen


def missing_cadences(record: Record, rhythm: Rhythm, now: datetime) -> tuple[Cadence, ...]:
    """What of check-in and digest is missing, under ids that are free; the check-in feeds the digest that is there."""
    missing, taken = missing_in_rhythm(record), {cadence.id for cadence in record.cadences}
    added = {
        one.kind: replace(one, id=one.id if one.id not in taken else f"{one.id}-{len(taken)}")
        for one in starting_cadences(record, rhythm, now)
        if one.kind in missing
    }
    digests = [cadence.id for cadence in (*record.cadences, *added.values()) if cadence.kind == CadenceKind.DIGEST]
    return tuple(replace(one, feeds=digests[0]) if one.kind == CadenceKind.CHECKIN else one for one in added.values())


def _first(day: int, at: time, now: datetime, zone: str) -> datetime:
    """The first such wall time that is still ahead, so that nothing counts as asked before anybody was."""
    local = to_local(now, zone).replace(tzinfo=None)
    slot = datetime.combine(local.date() + timedelta(days=(day - local.weekday()) % 7), at)
    return slot if slot > local else slot + timedelta(days=7)
