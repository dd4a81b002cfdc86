"""The forms of meetings: a plan with its preview, moving or skipping one, and sending somebody in one's place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.domain.meetings import KEEP, ChangeForm, MeetingClash, MeetingLine, PlanForm, PlanPreview
from bot.domain.wording import clock, duration, full_day, near_day, plural, sentence, zone_name
from bot.slack.blocks import kit
from bot.slack.blocks.meetings.meetings import names_or_nobody
from bot.slack.forms import keeping
from bot.slack.identifiers import Action, Entry, Search, Submission
from bot.slack.limits import OPTIONS
from bot.slack.message import Block, View
from bot.slack.metadata import MeetingChangeOpened, MeetingOpened, OccurrenceOpened, encode, encode_question
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed, listed_some

PLAN_TITLE = "Schedule a meeting"
EDIT_TITLE = "Edit a meeting"
CHECK_TITLE = "Before it's saved"
CHANGE_TITLES = {"move": "Move a meeting", "skip": "Skip a meeting"}
SUBSTITUTE_TITLE = "Send a substitute"
MOST_NAME = 80
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


@keeping
def plan_form_view(form: PlanForm) -> View:
    """The form of a meeting, filled in."""
    plan = form.plan
    audiences = [kit.option(one.name, one.id) for one in form.audiences[:OPTIONS]]
    repeats = [kit.option(words, name) for name, words in REPEAT_WORDS.items()]
    if form.rhythm is not None:
        repeats.insert(0, kit.option(f"As it is: {form.rhythm}", KEEP))
    zones = [kit.option(zone.replace("_", " "), zone) for zone in form.zones[:OPTIONS]]
    lengths = [kit.option(duration(one), str(one)) for one in sorted({*MINUTES, plan.minutes})]
    return View(
        title=EDIT_TITLE if plan.cadence is not None else PLAN_TITLE,
        callback_id=Submission.MEETING_PLAN,
        submit="See dates",
        close="Close",
        metadata=encode(MeetingOpened(form.token, plan.cadence, plan.seen)),
        blocks=(
            kit.context(f"Read by {own(listed(form.readers))}. Nothing is saved before you have seen the dates."),
            *(kit.section(own(words)) for words in form.notes),
            kit.input_block(
                "Name",
                kit.plain_text_input(Entry.VALUE, max_length=MOST_NAME, initial=plan.name),
                encode_question("name"),
            ),
            kit.input_block(
                "Who meets",
                kit.static_select(Entry.VALUE, audiences, initial=_chosen(audiences, plan.audience)),
                encode_question("audience"),
            ),
            kit.input_block("First day", kit.datepicker(Entry.VALUE, initial=plan.first), encode_question("first")),
            kit.input_block("Begins at", kit.timepicker(Entry.VALUE, initial=plan.at), encode_question("at")),
            kit.input_block(
                "Time zone",
                kit.static_select(Entry.VALUE, zones, initial=_chosen(zones, plan.zone)),
                encode_question("zone"),
            ),
            kit.input_block(
                "How long",
                kit.static_select(Entry.VALUE, lengths, initial=_chosen(lengths, str(plan.minutes))),
                encode_question("minutes"),
            ),
            kit.input_block(
                "Repeats",
                kit.static_select(Entry.VALUE, repeats, initial=_chosen(repeats, plan.repeats)),
                encode_question("repeats"),
                hint="Months keep the weekday and its place, such as the second Wednesday.",
            ),
        ),
    )


def plan_preview_view(preview: PlanPreview) -> View:
    """Before it is saved: the next dates, and who would receive what."""
    reader = Clock(preview.reader_zone, preview.now)
    dates = "\n".join(["*Next dates*", *(_dated(line, reader) for line in preview.upcoming)])
    blocks: list[Block] = [
        kit.section(f"{bold(preview.plan.name)}\n{own(preview.rhythm[:1].upper() + preview.rhythm[1:])}"),
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
        yield f"*#{own(preview.channel)}:* the agenda, {ahead}, and the notes afterwards"
        agenda = ""
    else:
        agenda = f"word that the agenda is open, {ahead}, and "
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
    own_clock = Clock(form.zone, form.now)
    choices = [kit.option(own_clock.dated(line.starts_at), line.ref.key) for line in form.choices]
    blocks: list[Block] = [
        kit.context(
            f"{own(sentence(listed(form.readers)))} will hear of it." if form.readers else "Nobody else hears of it."
        ),
        kit.section(bold(form.name)),
        kit.input_block(
            "Which one",
            kit.static_select(
                Entry.VALUE,
                choices,
                initial=_chosen(choices, form.chosen.key if form.chosen is not None else ""),
            ),
            encode_question("which"),
        ),
    ]
    blocks += _clash_blocks(form.clashes, own_clock, "Press Move again to move it there all the same.")
    if form.to is not None and not form.clashes:
        blocks.append(kit.section(f"To *{near_day(form.to.date(), own_clock.today)}, {clock(form.to)}*"))
    to = form.to or form.local
    if form.what == "move" and to is not None:
        blocks += [
            kit.input_block("New day", kit.datepicker(Entry.VALUE, initial=to.date()), encode_question("day")),
            kit.input_block(
                "New time",
                kit.timepicker(Entry.VALUE, initial=to.time()),
                encode_question("time"),
                hint=f"On the meeting's own clock, {form.zone.replace('_', ' ')}.",
            ),
        ]
    else:
        blocks.append(kit.context("Points of its agenda go along to the next one."))
    is_move = form.what == "move"
    return View(
        title=CHANGE_TITLES[form.what],
        callback_id=Submission.MEETING_MOVE if is_move else Submission.MEETING_SKIP,
        submit="Move" if is_move else "Skip",
        close="Close",
        metadata=encode(MeetingChangeOpened(form.chosen, form.local, form.to if form.clashes else None)),
        blocks=tuple(blocks),
    )


def substitute_form_view(line: MeetingLine, reader: Clock) -> View:
    """Who goes in one's place."""
    return View(
        title=SUBSTITUTE_TITLE,
        callback_id=Submission.MEETING_SUBSTITUTE,
        submit="Send",
        close="Close",
        metadata=encode(OccurrenceOpened("", line.ref)),
        blocks=(
            kit.context("They are asked in their next message. You hear of it if they can't."),
            kit.section(f"{bold(line.name)}, {own(reader.dated(line.starts_at))}"),
            kit.input_block(
                "Who goes in your place?",
                kit.external_select(Search.MEMBER, placeholder="Type a name"),
                encode_question("substitute"),
            ),
        ),
    )


def _dated(line: MeetingLine, reader: Clock) -> str:
    moved = f" (moved from {near_day(line.moved_from.date(), reader.today)})" if line.moved_from is not None else ""
    local = reader.local(line.starts_at)
    return f"{full_day(local.date(), reader.today)}, {clock(local)} {zone_name(local)}{moved}"


def _chosen(options: list[kit.Element], value: str) -> kit.Element:
    return next((one for one in options if one["value"] == value), options[0])
