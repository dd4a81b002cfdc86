"""The forms of meetings: a plan with its preview, moving or skipping one, and sending somebody in one's place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.meetings import (
    KEEP,
    MOST_NAME,
    ChangeForm,
    MeetingClash,
    MeetingLine,
    MeetingPlan,
    PlanForm,
    PlanPreview,
)
from bot.domain.wording import clock, duration, full_day, near_day, plural, sentence, zone_name
from bot.slack.blocks import kit
from bot.slack.blocks.meetings.meetings import names_or_nobody
from bot.slack.forms import (
    Choice,
    Day,
    DayAndTime,
    Find,
    Form,
    Hour,
    Keeps,
    Part,
    Text,
    about,
    by,
    each,
    named_options,
    note,
)
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import MeetingChangeOpened, MeetingOpened, OccurrenceOpened, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed, listed_some

PLAN_TITLE = "Schedule a meeting"
EDIT_TITLE = "Edit a meeting"
CHECK_TITLE = "Before it's saved"
CHANGE_TITLES = {"move": "Move a meeting", "skip": "Skip a meeting"}
MOST_DROPPED = 5
MOST_NAMED = 5
REPEAT_WORDS = {
    "weekly": "Every week",
    "biweekly": "Every two weeks",
    "monthly": "Every month, same weekday",
    "quarterly": "Every three months",
    "yearly": "Every year",
    "once": "Once",
}
MINUTES = (15, 30, 45, 60, 75, 90, 120, 150, 180, 240, 300, 360, 480)


PLAN_FORM: Form[PlanForm, MeetingPlan] = Form(
    MeetingPlan, Submission.MEETING_PLAN,
    lambda form: EDIT_TITLE if form.plan.cadence is not None else PLAN_TITLE, "See dates",
    note(lambda form: f"Read by {own(listed(form.readers))}. Nothing is saved before you have seen the dates."),
    each(lambda form: form.notes),
    Text("name", "Name", MOST_NAME),
    Choice("audience", "Who meets", lambda form: named_options(form.audiences), otherwise=0),
    Day("first", "First day"),
    Hour("at", "Begins at"),
    Choice("zone", "Time zone", lambda form: [kit.option(zone.replace("_", " "), zone) for zone in form.zones],
        otherwise=0),
    Choice("minutes", "How long",
        lambda form: [kit.option(duration(one), str(one)) for one in sorted({*MINUTES, form.plan.minutes})],
        otherwise=0),
    Choice("repeats", "Repeats", lambda form: _repeats(form), otherwise=0,
        hint="Months keep the weekday and its place, such as the second Wednesday."),
    values=lambda form: form.plan,
    carries=lambda form: MeetingOpened(form.token, form.plan.cadence, form.plan.seen),
    keeps=Keeps(by(MeetingOpened, "meeting"), then=Submission.MEETING_SAVE),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedMeeting(DayAndTime):
    which: str


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose place at which meeting somebody else takes: that of the one on whose clock its time is shown."""

    line: MeetingLine
    reader: Clock


_OPENING: tuple[Part[ChangeForm], ...] = (note(lambda form: _hear(form)), about(lambda form: bold(form.name)))
_WHICH: Choice[ChangeForm] = Choice(
    "which", "Which one", lambda form: _choices(form), shows=lambda form: form.chosen and form.chosen.key, otherwise=0
)
MOVE_MEETING_FORM: Form[ChangeForm, MovedMeeting] = Form(
    MovedMeeting, Submission.MEETING_MOVE, CHANGE_TITLES["move"], "Move",
    *_OPENING,
    _WHICH,
    lambda form: _clashing(form),
    Day("day", "New day", shows=lambda form: _moved_to(form), when=lambda form: _moved_to(form) is not None),
    Hour("time", "New time", of="at", shows=lambda form: _moved_to(form),
        when=lambda form: _moved_to(form) is not None,
        hint=lambda form: f"On the meeting's own clock, {form.zone.replace('_', ' ')}."),
    carries=lambda form: _opened(form),
)  # fmt: skip
SKIP_MEETING_FORM: Form[ChangeForm, str] = Form(
    str, Submission.MEETING_SKIP, CHANGE_TITLES["skip"], "Skip",
    *_OPENING,
    _WHICH,
    lambda form: _clashing(form),
    carries=lambda form: _opened(form),
)  # fmt: skip
SUBSTITUTE_FORM: Form[Seat, str] = Form(
    str, Submission.MEETING_SUBSTITUTE, "Send a substitute", "Send",
    note("They are asked in their next message. You hear of it if they can't."),
    about(lambda seat: f"{bold(seat.line.name)}, {own(seat.reader.dated(seat.line.starts_at))}"),
    Find("substitute", "Who goes in your place?", Search.MEMBER),
    values=lambda _seat: None,
    carries=lambda seat: OccurrenceOpened("", seat.line.ref),
)  # fmt: skip


def _repeats(form: PlanForm) -> list[kit.Element]:
    repeats = [kit.option(words, name) for name, words in REPEAT_WORDS.items()]
    return [kit.option(f"As it is: {form.rhythm}", KEEP), *repeats] if form.rhythm is not None else repeats


def plan_preview_view(preview: PlanPreview) -> View:
    """Before it is saved: the next dates, and who would receive what."""
    reader = Clock(preview.reader_zone, preview.now)
    dates = "\n".join(["*Next dates*", *(_dated(line, reader) for line in preview.upcoming)])
    rhythm = f"{preview.rhythm[:1].upper()}{preview.rhythm[1:]}, {duration(preview.plan.minutes)}"
    blocks: list[Block] = [
        kit.section(f"{bold(preview.plan.name)}\n{own(rhythm)}"),
        kit.section(dates if preview.upcoming else "No date is set."),
        kit.section("\n".join(_gets(preview))),
    ]
    if preview.dropped:
        words = own(listed_some(preview.dropped, MOST_DROPPED))
        verb, them = ("No longer fits", "it") if len(preview.dropped) == 1 else ("No longer fit", "them")
        blocks.append(kit.section(f"*{verb}:* {words}. Saving takes {them} away."))
    blocks += _clash_blocks(preview.clashes, reader)
    blocks.append(kit.context("Not saved yet."))
    blocks.append(kit.actions(kit.button("Back", Action.CHANGE_PLAN, value=preview.token)))
    return View(
        title=CHECK_TITLE,
        callback_id=Submission.MEETING_SAVE,
        submit="Save",
        close="Close",
        metadata=encode(MeetingOpened(preview.token, preview.plan.cadence, preview.plan.seen)),
        blocks=tuple(blocks),
    )


def _gets(preview: PlanPreview) -> Iterator[str]:
    """Who receives what."""
    first = preview.upcoming[0].starts_at - preview.now if preview.upcoming else None
    is_near = first is not None and first < timedelta(days=preview.agenda_days)
    ahead = f"{plural(preview.agenda_days, 'day')} ahead{', the first one at once' if is_near else ''}"
    if is_near and len(preview.upcoming) == 1:
        ahead = "at once"
    if preview.channel:
        told = "the pack and the agenda" if preview.has_pack else "the agenda"
        yield f"*#{own(preview.channel)}:* {told}, {ahead}, and the notes afterwards"
        agenda = ""
    else:
        told = "the pack is there and the agenda open" if preview.has_pack else "the agenda is open"
        agenda = f"word that {told}, {ahead}, and "
    if preview.attendees:
        yield f"*{names_or_nobody(preview.attendees)}:* {agenda}a reminder that morning, which asks whether they come"
    else:
        yield "Nobody is invited yet, so nobody is reminded."


def _clash_blocks(clashes: Sequence[MeetingClash], reader: Clock, hint: str = "") -> Iterator[Block]:
    """What a meeting would overlap with, and whom both ask."""
    if clashes:
        lines = [
            f"• {reader.dated(one.starts_at)}: {own(one.name)}, {clock(reader.local(one.other_starts_at))} "
            f"({own(listed_some(one.names, MOST_NAMED))})"
            for one in clashes
        ]
        yield kit.section("\n".join(["*At the same time, for the same people*", *lines, *([hint] if hint else [])]))


def change_form_view(form: ChangeForm) -> View:
    """Which occurrence, and for a move to when."""
    return (MOVE_MEETING_FORM if form.what == "move" else SKIP_MEETING_FORM).view(form)


def _hear(form: ChangeForm) -> str:
    return f"{own(sentence(listed(form.readers)))} will hear of it." if form.readers else "Nobody else hears of it."


def _opened(form: ChangeForm) -> MeetingChangeOpened:
    return MeetingChangeOpened(form.chosen, form.local, form.to if form.clashes else None)


def _choices(form: ChangeForm) -> list[kit.Element]:
    own_clock = Clock(form.zone, form.now)
    return [kit.option(own_clock.dated(line.starts_at), line.ref.key) for line in form.choices]


def _moved_to(form: ChangeForm) -> datetime | None:
    """When it is to be, as far as that is known."""
    return (form.to or form.local) if form.what == "move" else None


def _clashing(form: ChangeForm) -> Iterator[Block]:
    """What it would overlap with, and what else follows."""
    own_clock = Clock(form.zone, form.now)
    yield from _clash_blocks(form.clashes, own_clock, "Press Move again to move it there all the same.")
    if form.to is not None and not form.clashes:
        yield kit.section(f"To *{near_day(form.to.date(), own_clock.today)}, {clock(form.to)}*")
    if _moved_to(form) is None:
        yield kit.context("Points of its agenda go along to the next one.")


def _dated(line: MeetingLine, reader: Clock) -> str:
    moved = f" (moved from {near_day(line.moved_from.date(), reader.today)})" if line.moved_from is not None else ""
    local = reader.local(line.starts_at)
    return f"{full_day(local.date(), reader.today)}, {clock(local)} {zone_name(local)}{moved}"
