"""The forms that change a check-in: adding and editing it, moving or skipping one date, opening a round once more."""

from __future__ import annotations

from collections.abc import Iterator
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
from bot.domain.people import Subject
from bot.domain.wording import WEEKDAYS, clock, near_day, plural, zone_name
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.forms import keeping
from bot.slack.identifiers import Entry, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import CheckinOpened, encode, encode_question, seen_dates
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold

TITLE = "Check-in"
NO_DIGEST = "none"
_WHO = {
    None: "Who is asked follows from what is asked.",
    Subject.PRIORITY: "Asks each priority's owner.",
    Subject.METRIC: "Asks each steward for the figures that are due then.",
    Subject.ACTION: "Lists everybody's own open actions.",
}
_UNANSWERED = "Only without an answer."
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HALF_HOURS = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
_A_MONDAY = date(2024, 1, 1)
# After how many hours something may follow: each of two days, then every three hours of a week.
_HOURS = (*range(1, 49), *range(51, 169, 3))
_FROM_ABOVE = "Counted from the day and time above; the preview shows the dates."
_BY_DAY = tuple(one for one in _HALF_HOURS if time(6) <= one <= time(20))


@keeping
def draft_view(form: CheckinDraftForm) -> View:
    """A new check-in, or one that is changed; what it would do is shown before it is saved."""
    draft = form.draft
    often = [kit.option("Every week", "weekly"), kit.option("Every two weeks", "biweekly")]
    for name, label in (("monthly", "Monthly"), ("quarterly", "Every three months")):
        often += [
            kit.option(f"{label}, the {word} one of the month", f"{name}{place}") for place, word in PLACES.items()
        ]
    if form.kept_rhythm is not None:
        often.insert(0, kit.option(f"As it is: {form.kept_rhythm}", KEEP))
    days = [kit.option(day, code) for day, code in zip(WEEKDAYS, _DAYS, strict=True)]
    sets = [
        kit.option(title, key, description=_WHO[subject] if form.subject is None else None)
        for key, title, subject in form.question_sets[: limits.OPTIONS]
    ]
    digests = [kit.option(name, key) for key, name in form.digests[: limits.OPTIONS - 1]]
    digests.append(kit.option("No digest", NO_DIGEST))
    bases = [
        kit.option("Each person's own time", "member_local"),
        kit.option(f"{form.zone_name} time for everybody", "coalition"),
    ]
    return View(
        title=TITLE,
        callback_id=Submission.CHECKIN_DRAFT,
        submit="Preview",
        close="Close",
        metadata=encode(CheckinOpened(draft.id, draft.seen)),
        blocks=(
            kit.context(f"{_WHO[form.subject]} You see its dates and who is asked before anything is saved."),
            _text("Name", "name", draft.name, "Weekly priority check-in"),
            _choice("What is asked", "question_set", sets, draft.question_set),
            _choice("How often", "often", often, draft.often),
            _choice("On", "weekday", days, draft.weekday),
            _choice("At", "at", _times(_BY_DAY, draft.at), draft.at.isoformat(timespec="minutes")),
            kit.input_block(
                "From",
                kit.datepicker(Entry.VALUE, initial=draft.starts_on),
                encode_question("starts_on"),
                hint="The first round opens on the first such day from here on."
                if draft.id is None
                else "Counts only where the rhythm changes: the first day of the new one.",
            ),
            kit.input_block(
                "Whose time",
                kit.radio_buttons(Entry.VALUE, bases, initial=_of(bases, draft.basis)),
                encode_question("basis"),
            ),
            *_windows(form, digests),
        ),
    )


def _windows(form: CheckinDraftForm, digests: list[kit.Element]) -> Iterator[Block]:
    """How long it is open, and what follows: only what this kind of check-in has; all of it while that is open."""
    draft, subject = form.draft, form.subject
    updates_only = "Updates on priorities only, and only without an answer." if subject is None else _UNANSWERED
    if subject is not Subject.ACTION:
        yield _after("Closes", "closes", draft, draft.closes_after_hours, _FROM_ABOVE)
    if subject in {None, Subject.PRIORITY}:
        yield _after("Reminder", "reminder", draft, draft.reminder_after_hours, updates_only)
        yield _after("Stand-in is asked", "stand_in", draft, draft.delegate_after_hours, updates_only)
        yield _choice("Feeds which digest", "feeds", digests, draft.feeds or NO_DIGEST)


def move_view(rounds: UpcomingRounds, slot: datetime | None = None) -> View:
    """Which date moves, and to when; `slot` is the one that is chosen beforehand."""
    chosen = next((one for one in rounds.dates if one.slot == slot), rounds.dates[0])
    dates = _dates(rounds)
    return View(
        title="Move one",
        callback_id=Submission.MOVE_ROUND,
        submit="Move",
        close="Close",
        metadata=encode(seen_dates(rounds)),
        blocks=(
            kit.section(f"{bold(rounds.name)}: only the round that you choose moves."),
            _choice("Which one", "slot", dates, dates[rounds.dates.index(chosen)]["value"]),
            kit.input_block("New day", kit.datepicker(Entry.VALUE), encode_question("date")),
            _choice("At", "time", _times(_BY_DAY, chosen.local.time()), _value(chosen.local.time())),
            kit.input_block(
                "Open for (hours)",
                kit.number_input(Entry.VALUE, decimals=False),
                encode_question("closes"),
                hint="Empty: as long as usual. A shorter round reminds 8 and asks stand-ins 5 hours before it closes.",
                optional=True,
            ),
        ),
    )


def skip_view(rounds: UpcomingRounds) -> View:
    """Which date is left out."""
    return View(
        title="Skip one",
        callback_id=Submission.SKIP_ROUND,
        submit="Skip",
        close="Close",
        metadata=encode(seen_dates(rounds)),
        blocks=(
            kit.section(f"{bold(rounds.name)}: nobody is asked then, and nothing counts as missing."),
            _choice("Which one", "slot", _dates(rounds), _dates(rounds)[0]["value"]),
        ),
    )


def nothing_ahead_view(rounds: UpcomingRounds, title: str) -> View:
    """There is no date to move or skip."""
    return View(
        title=title,
        close="Close",
        blocks=(kit.section(f"{bold(rounds.name)} has no date ahead that could be moved or skipped."),),
    )


def reopen_view(form: ReopenForm) -> View:
    """Until when a round is open again."""
    reader = Clock(form.zone, form.now)
    local = form.until.astimezone(ZoneInfo(form.coalition_zone))
    zone = zone_name(form.now.astimezone(ZoneInfo(form.coalition_zone)))
    latest = f" {reader.token(form.latest, 'The next one opens ')}." if form.latest is not None else ""
    rounded = local.time().replace(minute=0 if local.minute < 30 else 30, second=0, microsecond=0)
    return View(
        title="Open again",
        callback_id=Submission.REOPEN_ROUND,
        submit="Open",
        close="Close",
        metadata=encode(CheckinOpened(form.id)),
        blocks=(
            kit.section(
                f"{bold(form.name)}: the round {reader.token(form.closed_at, 'closed ')}.{latest}\n"
                "Answers that come in count at once. Nobody is written to by this."
            ),
            kit.input_block("Open until", kit.datepicker(Entry.VALUE, initial=local.date()), encode_question("date")),
            _choice(f"At ({zone} time)", "time", _times(_HALF_HOURS, rounded), _value(rounded)),
        ),
    )


def _dates(rounds: UpcomingRounds) -> list[kit.Element]:
    return [kit.option(_date(one, rounds.today), one.slot.isoformat()) for one in rounds.dates]


def _date(one: Upcoming, today: date) -> str:
    moved = f" (moved from {near_day(one.slot.date(), today)})" if one.is_moved else ""
    return f"{near_day(one.local.date(), today)}, {clock(one.local)}{moved}"


def _times(choices: tuple[time, ...], own_one: time) -> list[kit.Element]:
    """Half hours, and the time that it is now where that is none."""
    return [kit.option(clock(datetime.combine(date.min, one)), _value(one)) for one in sorted({*choices, own_one})]


def _value(at: time) -> str:
    return at.isoformat(timespec="minutes")


def _of(options: list[kit.Element], value: str) -> kit.Element | None:
    return next((one for one in options if one["value"] == value), None)


def _choice(label: str, question: str, options: list[kit.Element], value: str) -> Block:
    return kit.input_block(
        label, kit.static_select(Entry.VALUE, options, initial=_of(options, value)), encode_question(question)
    )


def _text(label: str, question: str, initial: str, placeholder: str) -> Block:
    element = kit.plain_text_input(Entry.VALUE, max_length=MOST_NAME, initial=initial, placeholder=placeholder)
    return kit.input_block(label, element, encode_question(question))


def _after(label: str, question: str, draft: CheckinDraft, hours: int, hint: str) -> Block:
    """A day and a time, so many hours after a round opens, by the form's day and time as it was opened."""
    choices = sorted({*_HOURS, hours})
    options = [kit.option(f"{_moment(draft, one)} ({plural(one, 'hour')})", str(one)) for one in choices if one > 0]
    initial = next((one for one in options if one["value"] == str(hours)), None)
    element = kit.static_select(Entry.VALUE, options, initial=initial, placeholder="Choose a day and a time")
    return kit.input_block(label, element, encode_question(question), hint=hint)


def _moment(draft: CheckinDraft, hours: int) -> str:
    """ "Thu 12:00 PM"; of a daily round "2 days later, 12:00 PM"."""
    day = DAYS.index(draft.weekday) if draft.weekday in DAYS else None
    opens = datetime.combine(_A_MONDAY + timedelta(days=day or 0), draft.at)
    then = opens + timedelta(hours=hours)
    later = (then.date() - opens.date()).days
    if day is None or later > 6:
        return f"{plural(later, 'day')} later, {clock(then)}" if later else f"the same day, {clock(then)}"
    return f"{WEEKDAYS[then.weekday()][:3]} {clock(then)}"
