"""Check-ins as screens show them: mine, one of them with its buttons, its round's status, and what a command did.

Frozen values only; so is what taking up sending again would do, by the late rules. Adding and changing a check-in is in
`drafts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.domain.checkins.answers_in_words import Said
from bot.domain.checkins.own_answers import AnswersPage, RoundSummary
from bot.domain.checkins.prompts import PromptItem
from bot.domain.outbox import Trouble, Whereabouts
from bot.domain.people import OwnPlan, PrivateNote, sends_checkins, topics_of, zone_of_member
from bot.domain.record import EndOf, Record
from bot.domain.rhythm import Seen, latest_occurrence, occurrences_between, window, zone_of
from bot.domain.typed import Known
from bot.domain.vocabularies import CadenceKind, CoalitionState, SummaryPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRound:
    """A round that has not opened, for one priority or one member (`is_own`, as in a prompt): which one, and whether
    its answer is written already."""

    cadence: str
    slot: datetime  # naive wall time, the round's identity
    priority: str
    priority_name: str
    opens_at: datetime
    closes_at: datetime
    is_written: bool
    title: str | None = None  # of its questions, where it says nothing about how the priority stands
    is_own: bool = False

    @property
    def heading(self) -> str:
        """What it is called where a priority may have several."""
        if self.is_own:
            return self.priority_name
        return f"{self.title or 'update'}: {self.priority_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCheckins(Seen):
    """What one person may answer: open rounds, answered or not, and the next rounds of their own priorities.

    `for_name` is set where a coordinator looks on somebody's behalf.
    """

    open: tuple[PromptItem, ...]
    ahead: tuple[NextRound, ...]
    for_name: str | None = None
    state: str = CoalitionState.LIVE
    runs: tuple[RunLine, ...] = ()  # every check-in, for whoever runs them
    may_add: bool = False
    offers_stocktake: bool = False  # nobody is asked for one yet


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinCard(Seen):
    """One recurring check-in. `mine` are the open items of whoever looks."""

    id: str
    name: str
    rhythm: str
    title: str  # of its questions
    minutes: int
    next_at: datetime | None
    open_until: datetime | None
    answered: int
    asked: int
    mine: tuple[PromptItem, ...]
    paused_at: datetime | None
    may_run: bool
    may_configure: bool
    readers: str = ""  # who reads what is answered, in words; "" where each thing's own readers do
    summary: SummaryPlace | None = None  # where what was answered in a round is told
    answers: AnswersPage | None = None  # of its newest round, where people are asked for themselves, to its readers
    is_anonymous: bool = False
    result: RoundSummary | None = None  # what came of the newest anonymous round that was answered
    has_rounds: bool = True  # whether who has answered is kept, as it is for updates on priorities
    end: EndOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A check-in in the list of those who run them."""

    id: str
    name: str
    rhythm: str
    next_at: datetime | None
    paused_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """One priority in a round, or one member (`is_own`), who is then the owner. `trouble` says why the owner was not
    reached."""

    priority_name: str
    owner_name: str
    subject_id: int
    answered_by: str | None = None
    by_another: bool = False  # than the owner
    answered_at: datetime | None = None
    is_no_change: bool = False
    said: tuple[Said, ...] = ()  # what its set asks beyond how the priority stands
    asked_at: datetime | None = None
    is_away: bool = False
    stand_in_name: str | None = None
    stand_in_asked_at: datetime | None = None
    stand_in_declined: bool = False  # not this time
    trouble: str | None = None
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseDone:
    """What was done about what an anonymous round was answered, as somebody is about to write it. `on` is the day on
    which the round opened."""

    about: str  # the round, as a summary's message carries it
    name: str  # of the check-in
    on: date
    today: date
    did: str | None


@dataclass(frozen=True, slots=True)
class TookPart:
    """How many have taken part in an anonymous round, of those who were asked, and never who. `not_reached` counts
    those who have no message about it and are not away."""

    answered: int
    asked: int
    not_reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStatus(Seen):
    """How far the newest round is. `state` is open, closed or none; of an anonymous one there are no `lines`."""

    id: str
    name: str
    state: str
    closes_at: datetime | None
    next_at: datetime | None
    lines: tuple[StatusLine, ...]
    asked_again_at: datetime | None
    asked_again_by: str | None
    notes: tuple[PrivateNote, ...] = ()  # to the coordinators, in this round
    took_part: TookPart | None = None  # instead of the lines

    @property
    def answered(self) -> tuple[StatusLine, ...]:
        return tuple(line for line in self.lines if line.answered_by is not None)

    @property
    def waiting(self) -> tuple[StatusLine, ...]:
        return tuple(line for line in self.lines if line.answered_by is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain(Seen):
    """Who was asked once more. Nobody was where `repeated` says that it waits for a yes."""

    id: str
    name: str
    asked: tuple[str, ...]  # names of those who have it in a moment
    elsewhere: tuple[Whereabouts, ...] = ()  # where the message is of those who don't
    answered: int
    not_reached: tuple[str, ...] = ()
    repeated: bool = False
    waiting: tuple[Known, ...] = ()  # who would be asked, where that waits for a yes
    said: str = ""  # what the yes is about, as it would be typed
    before_at: datetime | None = None
    before_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinChange(Seen):
    """What became of a check-in: paused, resumed, closed, reopened, skipped, moved or saved.

    `already` where it was so before. Moments are UTC, `at` and `until` by what happened.
    """

    what: str
    id: str
    name: str
    already: bool = False
    at: datetime | None = None
    until: datetime | None = None
    next_at: datetime | None = None
    answered: int = 0
    asked: int = 0
    is_anonymous: bool = False
    digest_at: datetime | None = None
    slot: datetime | None = None  # naive wall time of the date that was moved or skipped
    owed: tuple[Owed, ...] = ()  # what its open round sends once it is resumed


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseQuestion(Seen):
    """What pausing a check-in would keep back: what its open round owes until `open_until`, and the next date."""

    id: str
    name: str
    owed: tuple[Owed, ...]
    open_until: datetime | None
    next_at: datetime | None
    paused_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInAsked(Seen):
    """Somebody handed an update to their stand-in. `already` where the stand-in was asked before; `trouble` says why
    nothing reaches them."""

    stand_in_name: str
    priority_name: str  # of the questions, where somebody is asked for themselves (`is_own`)
    closes_at: datetime
    already: bool
    is_own: bool = False
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """An occurrence that can be moved or skipped: its slot, and when it opens."""

    slot: datetime  # naive wall time
    local: datetime  # naive wall time
    is_moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UpcomingRounds:
    """The next occurrences of one check-in, to choose one from."""

    id: str
    name: str
    dates: tuple[Upcoming, ...]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenForm(Seen):
    """Until when a closed round may be open again: not later than `latest`, on the coalition's clock."""

    id: str
    name: str
    closed_at: datetime
    until: datetime
    latest: datetime | None
    coalition_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaySpan:
    """Some days away, both included."""

    id: int
    start: date
    end: date
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayPage(Seen):
    """A person's days away. `what` is what was just done: "", added, same, back or cancelled.

    `handed_over` are the open updates that the stand-in is asked for now.
    """

    spans: tuple[AwaySpan, ...]
    stand_in: str | None
    owns_priorities: bool
    today: date
    what: str = ""
    changed: AwaySpan | None = None
    handed_over: tuple[str, ...] = ()
    open_again: tuple[str, ...] = ()
    of: str | None = None  # whose they are, where a coordinator noted them
    is_told: bool = False  # whether that person hears of it


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalSettings(Seen):
    """What a person sets for themselves. `opens` are names and rhythms of the check-ins that they are asked for."""

    name: str
    zone_known: bool
    ask_at: time | None
    no_messages_about: tuple[str, ...]
    stand_in: str | None
    stand_in_name: str | None
    away: tuple[AwaySpan, ...]
    opens: tuple[tuple[str, str], ...]
    quiet_from: time
    quiet_to: time
    by_mail: bool = False  # what comes to them comes by e-mail


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenSettings:
    """What somebody chose in the form of their settings."""

    zone: str | None
    ask_at: time | None
    stand_in: str | None
    no_messages_about: tuple[str, ...]


def plan_of(settings: PersonalSettings) -> OwnPlan:
    """What the form of one's settings shows and may change, by field. A clock that nobody chose is none yet."""
    return {
        "zone": settings.zone if settings.zone_known else None,
        "ask_at": settings.ask_at,
        "no_messages_about": settings.no_messages_about,
        "stand_in": settings.stand_in,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A message that an open round owes somebody about a priority, or about a check-in that asks people for themselves
    (by its name): `what` is an Item, `at` when it goes (UTC)."""

    what: str
    member: str
    name: str
    priority_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingState(Seen):
    """Whether messages go out, and for a pause what its end would send. `state` is draft, live or paused.

    `asks` are priorities whose round is still open, and check-ins that ask people for themselves; `owed` is what open
    rounds planned before the pause and owe by now; `others` counts further messages that wait; `lapsed` counts rounds
    of a priority or a person that are over; `digests` are names of digests that came due and go out once, marked late.
    """

    state: str
    since: datetime | None
    asks: tuple[str, ...] = ()
    lapsed: int = 0
    digests: tuple[str, ...] = ()
    owed: tuple[Owed, ...] = ()
    others: int = 0


def sending_state(record: Record, state: str, since: datetime | None, zone: str, now: datetime) -> SendingState:
    """The state with what came due between `since` and now."""
    if state != CoalitionState.PAUSED or since is None:
        return SendingState(state=state, since=since, zone=zone, now=now)
    asks: list[str] = []
    lapsed = 0
    digests: list[str] = []
    for cadence in record.cadences:
        if cadence.kind == CadenceKind.DIGEST:
            digests += [cadence.name] if occurrences_between(cadence, since, now) else []
        if not sends_checkins(record, cadence):
            continue
        for topic in topics_of(record, cadence):
            clock = zone_of(cadence, zone_of_member(record, topic.owner))
            missed = len(occurrences_between(cadence, since, now, clock))
            newest = latest_occurrence(cadence, now, clock)
            # The newest only, and only while an answer would still count.
            is_open = missed and newest is not None and window(cadence, newest[0], clock).closes_at > now
            if is_open:
                asks.append(cadence.name if topic.is_member else topic.name)
            lapsed += missed - bool(is_open)
    return SendingState(
        state=state,
        since=since,
        asks=tuple(dict.fromkeys(asks)),
        lapsed=lapsed,
        digests=tuple(digests),
        zone=zone,
        now=now,
    )
