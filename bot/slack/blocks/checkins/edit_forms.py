"""The forms that change a check-in: adding and editing it, moving or skipping one date, opening a round once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.checkins import (
    DAYS,
    KEEP,
    MOST_NAME,
    PLACES,
    CheckinDraft,
    CheckinDraftForm,
    ReopenForm,
    Upcoming,
    UpcomingRounds,
)
from bot.domain.people import OF_PEOPLE, Subject
from bot.domain.vocabularies import SummaryPlace
from bot.domain.wording import WEEKDAYS, clock, near_day, plural, weekday_and_clock, zone_name
from bot.slack.blocks import kit
from bot.slack.forms import (
    Choice,
    Day,
    DayAndTime,
    Field,
    FindSeveral,
    Form,
    Keeps,
    NewMoment,
    Number,
    Pick,
    Text,
    about,
    by,
    note,
)
from bot.slack.identifiers import Search, Submission
from bot.slack.message import View
from bot.slack.metadata import CheckinOpened, seen_dates
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold

_WHO = {
    None: "Owners answer for their priorities; anybody else who is asked answers for themselves.",
    Subject.PRIORITY: "Asks each priority's owner.",
    Subject.MEMBER: "Asks each person for themselves.",
    Subject.PULSE: "Asks each person, and keeps nobody's name with an answer.",
    Subject.METRIC: "Asks each steward for the figures that are due then.",
    Subject.ACTION: "Lists everybody's own open actions.",
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HALF_HOURS = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
_A_MONDAY = date(2024, 1, 1)
# After how many hours something may follow: each of two days, then every three hours of a week.
_HOURS = (*range(1, 49), *range(51, 169, 3))
_UPDATES = frozenset({None, Subject.PRIORITY})
_WITH_STAND_INS = frozenset({None, Subject.PRIORITY, Subject.MEMBER})
_IN_ROUNDS = _WITH_STAND_INS | {Subject.PULSE}
_CHOOSING = frozenset({None, *OF_PEOPLE})
_BY_DAY = tuple(one for one in _HALF_HOURS if time(6) <= one <= time(20))


_DATED = {"monthly": "Monthly", "quarterly": "Every three months"}
_OFTEN = {"weekly": "Every week", "biweekly": "Every two weeks"} | {
    f"{name}{place}": f"{label}, the {word} one of the month"
    for name, label in _DATED.items()
    for place, word in PLACES.items()
}
_WHOLE_HOURS = "Give whole hours, such as 51."


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRound(NewMoment):
    """Which round moves, to when, and for how many hours it is open then."""

    hours: int | None


@dataclass(frozen=True, slots=True)
class DateAhead:
    """Which of the dates that are ahead is meant."""

    slot: datetime


def _times(choices: tuple[time, ...], own_one: time) -> list[kit.Element]:
    """Half hours, and the time that it is now where that is none."""
    return [kit.option(clock(datetime.combine(date.min, one)), _value(one)) for one in sorted({*choices, own_one})]


def _value(at: time) -> str:
    return at.isoformat(timespec="minutes")


def _window(name: str, label: str, of: str, when: Callable[[CheckinDraftForm], bool]) -> Field[CheckinDraftForm]:
    """A day and a time, so many hours after a round opens, by the form's day and time as it was opened."""

    def options(form: CheckinDraftForm) -> list[kit.Element]:
        draft, hours = form.draft, sorted({*_HOURS, getattr(form.draft, of)})
        return [kit.option(f"{_moment(draft, one)} ({plural(one, 'hour')})", str(one)) for one in hours if one > 0]

    hint = _unanswered if name != "closes" else "Counted from the day and time above; the preview shows the dates."
    placeholder = "Choose a day and a time"
    return Pick(name, label, options, of=of, placeholder=placeholder, missing=_WHOLE_HOURS, when=when, hint=hint)


def _unanswered(form: CheckinDraftForm) -> str:
    not_by_item = "Not for figures and lists of actions, and only without an answer."
    return not_by_item if form.subject is None else "Only without an answer."


DRAFT_FORM: Form[CheckinDraftForm, CheckinDraft] = Form(
    CheckinDraft,
    Submission.CHECKIN_DRAFT,
    "Check-in",
    "Preview",
    note(lambda form: f"{_WHO[form.subject]} You see its dates and who is asked before anything is saved."),
    Text("name", "Name", MOST_NAME, placeholder="Weekly priority check-in"),
    Choice("question_set", "What is asked", lambda form: _question_sets(form)),
    Choice(
        "audience",
        "Who is asked",
        lambda form: [kit.option(words, value) for value, words in form.audiences],
        when=lambda form: form.subject in _CHOOSING,
        hint=lambda form: (
            "Questions for each figure or action go to whoever has it."
            if form.subject is None
            else "Counts from the next round on."
        ),
    ),
    FindSeveral(
        "people",
        "Whom you pick",
        Search.MEMBER,
        optional=True,
        when=lambda form: form.subject in _CHOOSING,
        shows=lambda form: form.people,
        hint="Only where people whom you pick are asked.",
    ),
    Choice(
        "often",
        "How often",
        lambda form: [*_as_it_is(form), *(kit.option(words, value) for value, words in _OFTEN.items())],
    ),
    Choice("weekday", "On", dict(zip(_DAYS, WEEKDAYS, strict=True))),
    Choice("at", "At", lambda form: _times(_BY_DAY, form.draft.at)),
    Day(
        "starts_on",
        "From",
        hint=lambda form: (
            "The first round opens on the first such day from here on."
            if form.draft.id is None
            else "Counts only where the rhythm changes: the first day of the new one."
        ),
    ),
    Choice(
        "basis",
        "Whose time",
        lambda form: [
            kit.option("Each person's own time", "member_local"),
            kit.option(f"{form.zone_name} time for everybody", "coalition"),
        ],
        radio=True,
    ),
    # How long it is open, and what follows: only what this kind of check-in has; all of it while that is open.
    _window("closes", "Closes", "closes_after_hours", lambda form: form.subject is not Subject.ACTION),
    _window("reminder", "Reminder", "reminder_after_hours", lambda form: form.subject in _IN_ROUNDS),
    _window("stand_in", "Stand-in is asked", "delegate_after_hours", lambda form: form.subject in _WITH_STAND_INS),
    Choice(
        "feeds",
        "Feeds which digest",
        lambda form: [kit.option(name, key) for key, name in form.digests],
        nothing="none",
        nothing_words="No digest",
        when=lambda form: form.subject in _UPDATES,
    ),
    Choice(
        "summary",
        "Where the answers are told",
        {
            SummaryPlace.CHANNEL: "In the group's channel, once a round has closed",
            SummaryPlace.READERS: "To each of their readers, once a round has closed",
        },
        nothing="none",
        nothing_words="Nowhere: whoever reads them looks",
        when=lambda form: form.subject in _CHOOSING,
        hint=lambda form: "Not of answers on priorities, figures and actions." if form.subject is None else None,
    ),
    values=lambda form: form.draft,
    carries=lambda form: CheckinOpened(form.draft.id, form.draft.seen),
    keeps=Keeps(by(CheckinOpened, "cadence"), is_saved_by_button=True),
)
MOVE_ROUND_FORM: Form[tuple[UpcomingRounds, Upcoming], MovedRound] = Form(
    MovedRound, Submission.MOVE_ROUND, "Move one", "Move",
    about(lambda form: f"{bold(form[0].name)}: only the round that you choose moves."),
    Choice("slot", "Which one", lambda form: _dates(form[0]), shows=lambda form: form[1].slot),
    Day("date", "New day", of="day"),
    Choice("time", "At", lambda form: _times(_BY_DAY, form[1].local.time()), of="at",
        shows=lambda form: form[1].local.time()),
    Number("closes", "Open for (hours)", of="hours", decimals=False, missing=_WHOLE_HOURS,
        hint="Empty: as long as usual. A shorter round reminds 8 and asks stand-ins 5 hours before it closes.",
        optional=True),
    carries=lambda form: seen_dates(form[0]),
)  # fmt: skip
SKIP_ROUND_FORM: Form[UpcomingRounds, DateAhead] = Form(
    DateAhead, Submission.SKIP_ROUND, "Skip one", "Skip",
    about(lambda rounds: f"{bold(rounds.name)}: nobody is asked then, and nothing counts as missing."),
    Choice("slot", "Which one", lambda rounds: _dates(rounds), otherwise=0),
    carries=seen_dates,
)  # fmt: skip
REOPEN_ROUND_FORM: Form[ReopenForm, DayAndTime] = Form(
    DayAndTime, Submission.REOPEN_ROUND, "Open again", "Open",
    about(lambda form: _closed(form)),
    Day("date", "Open until", of="day", shows=lambda form: _until(form)),
    Choice("time", lambda form: f"At ({zone_name(form.now.astimezone(ZoneInfo(form.coalition_zone)))} time)",
        lambda form: _times(_HALF_HOURS, _until(form).time()), of="at", shows=lambda form: _until(form).time()),
    carries=lambda form: CheckinOpened(form.id),
)  # fmt: skip


def _question_sets(form: CheckinDraftForm) -> list[kit.Element]:
    return [
        kit.option(title, key, description=_WHO[subject] if form.subject is None and subject is not None else None)
        for key, title, subject in form.question_sets
    ]


def _as_it_is(form: CheckinDraftForm) -> list[kit.Element]:
    return [kit.option(f"As it is: {form.kept_rhythm}", KEEP)] if form.kept_rhythm is not None else []


def move_view(rounds: UpcomingRounds, slot: datetime | None = None) -> View:
    """Which date moves, and to when; `slot` is the one that is chosen beforehand."""
    chosen = next((one for one in rounds.dates if one.slot == slot), rounds.dates[0])
    return MOVE_ROUND_FORM.view((rounds, chosen))


def nothing_ahead_view(rounds: UpcomingRounds, title: str) -> View:
    return View(
        title=title,
        close="Close",
        blocks=(kit.section(f"{bold(rounds.name)} has no date ahead that could be moved or skipped."),),
    )


def _closed(form: ReopenForm) -> str:
    """When the round was over, and what opening it again means."""
    reader = Clock(form.zone, form.now)
    latest = f" {reader.token(form.latest, 'The next one opens ')}." if form.latest is not None else ""
    return (
        f"{bold(form.name)}: the round {reader.token(form.closed_at, 'closed ')}.{latest}\n"
        "Answers that come in count at once. Nobody is written to by this."
    )


def _until(form: ReopenForm) -> datetime:
    """On the coalition's clock, a half hour or a whole one."""
    local = form.until.astimezone(ZoneInfo(form.coalition_zone))
    return local.replace(minute=0 if local.minute < 30 else 30, second=0, microsecond=0)


def _dates(rounds: UpcomingRounds) -> list[kit.Element]:
    return [kit.option(_date(one, rounds.today), one.slot.isoformat()) for one in rounds.dates]


def _date(one: Upcoming, today: date) -> str:
    moved = f" (moved from {near_day(one.slot.date(), today)})" if one.is_moved else ""
    return f"{near_day(one.local.date(), today)}, {clock(one.local)}{moved}"


def _moment(draft: CheckinDraft, hours: int) -> str:
    """ "Thu 12:00 PM"; of a daily round "2 days later, 12:00 PM"."""
    day = DAYS.index(draft.weekday) if draft.weekday in DAYS else None
    opens = datetime.combine(_A_MONDAY + timedelta(days=day or 0), draft.at)
    then = opens + timedelta(hours=hours)
    later = (then.date() - opens.date()).days
    if day is None or later > 6:
        return f"{plural(later, 'day')} later, {clock(then)}" if later else f"the same day, {clock(then)}"
    return weekday_and_clock(then)
