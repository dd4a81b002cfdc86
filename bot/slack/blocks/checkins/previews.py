"""What a check-in will do: its dates, who is asked, minutes a week. The same before it is saved and by `preview`."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.checkins import FEWEST, MOST_MINUTES, CheckinPreview, PreviewDate, PreviewReceiver
from bot.domain.people import Subject
from bot.domain.wording import WEEKDAYS, clock, full_day, plural, zone_name
from bot.slack.blocks import kit
from bot.slack.blocks.bundles import number_word
from bot.slack.blocks.checkins.rounds import pause_button
from bot.slack.identifiers import Action
from bot.slack.limits import fit
from bot.slack.message import Block, Message, View
from bot.slack.metadata import CheckinOpened, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed_some

TITLE = "Check-in"
MOST_RECEIVERS = 20
_ASKED = {
    Subject.PRIORITY: "Asked, then stand-in",
    Subject.METRIC: "Asked, where a figure is due then",
    Subject.ACTION: "Who gets a list",
    Subject.MEMBER: "Asked for themselves, then stand-in",
    Subject.PULSE: "Asked without names",
}
_NOBODY = {
    Subject.PRIORITY: "Nobody: no priority has an owner.",
    Subject.METRIC: "Nobody: no figure has a steward.",
    Subject.ACTION: "Nobody: no action is open.",
    Subject.MEMBER: "Nobody is among them now.",
    Subject.PULSE: "Nobody is among them now.",
}
_RECEIVERS = {
    Subject.PRIORITY: ("owner", "owners"),
    Subject.METRIC: ("steward", "stewards"),
    Subject.ACTION: ("person", "people"),
    Subject.MEMBER: ("person", "people"),
    Subject.PULSE: ("person", "people"),
}
_WITH_STAND_INS = frozenset({Subject.PRIORITY, Subject.MEMBER})


def preview_message(preview: CheckinPreview) -> Message:
    """What a coordinator sees by `preview`."""
    buttons = []
    if preview.may_run and preview.id is not None:
        buttons.append(kit.button("Move one", Action.MOVE_ROUND, value=preview.id))
        buttons.append(kit.button("Skip one", Action.SKIP_ROUND, value=preview.id))
    if preview.may_configure and preview.id is not None:
        buttons.append(kit.button("Edit", Action.EDIT_CHECKIN, value=preview.id))
        if preview.paused_at is None:
            buttons.append(pause_button(preview.id, preview.name))
        else:
            buttons.append(kit.button("Resume", Action.RESUME_CHECKIN, value=preview.id))
    blocks = _blocks(preview, "Nothing is sent by this preview.")
    blocks += kit.row(*buttons)
    return fit(Message.of(_alt(preview), *blocks))[0]


def before_saving_view(preview: CheckinPreview) -> View:
    """The same before a check-in is saved."""
    return View(
        title=TITLE,
        close="Close",
        # What the form was about, whose words are kept until they are saved here.
        metadata=encode(CheckinOpened(preview.id)),
        blocks=(
            *_blocks(preview, "Nothing is saved yet."),
            kit.actions(
                kit.button("Save", Action.SAVE_CHECKIN, value=preview.token, primary=True),
                kit.button("Back", Action.BACK_TO_CHECKIN, value=preview.token),
            ),
        ),
    )


def _blocks(preview: CheckinPreview, last: str) -> list[Block]:
    reader = Clock(preview.zone, preview.now)
    head = f"{bold(preview.name)} · {own(preview.rhythm[:1].upper() + preview.rhythm[1:])}"
    if preview.paused_at is not None:
        head += f"\n{reader.token(preview.paused_at, 'Paused since ')}: these dates come once it is resumed."
    blocks: list[Block] = [kit.section(head), kit.section("*Next five*\n" + "\n".join(_dates(preview, reader)))]
    shown = [_receiver(one, preview.subject) for one in preview.receivers[:MOST_RECEIVERS]]
    if len(preview.receivers) > MOST_RECEIVERS:
        shown.append(f"and {len(preview.receivers) - MOST_RECEIVERS} more")
    blocks.append(kit.section(f"*{_ASKED[preview.subject]}*\n{' · '.join(shown) or _NOBODY[preview.subject]}"))
    blocks.append(kit.section(f"*Minutes a week:* {_minutes(preview)}"))
    notes = [*_short(preview, reader), *_digest(preview, reader), *_few(preview), last]
    blocks.append(kit.context(" ".join(notes)))
    return blocks


def _dates(preview: CheckinPreview, reader: Clock) -> list[str]:
    """Those that close as usual are one line; a moved or short one has its own."""
    if not preview.dates:
        return ["No dates are left: the rule has ended."]
    lines: list[str] = []
    usual: list[PreviewDate] = []

    def end_line() -> None:
        if usual:
            days = " · ".join(full_day(one.opens.date(), reader.today) for one in usual)
            each = "each closes" if len(usual) > 1 else "closes"
            # A list of actions is never over: the next one takes its place.
            closing = "" if preview.subject is Subject.ACTION else f", {each} {_closing(usual[0])}"
            lines.append(f"{days}{closing}")
            usual.clear()

    for one in preview.dates:
        if one.is_moved or one.is_short or (usual and _length(one) != _length(usual[0])):
            end_line()
        if one.is_moved or one.is_short:
            opens = full_day(one.opens.date(), reader.today)
            moved = f" (moved from {full_day(one.slot.date(), reader.today)})" if one.is_moved else ""
            closing = "" if preview.subject is Subject.ACTION else f", closes {_dated(one.closes, reader)}"
            lines.append(f"{opens}{moved}{closing}")
        else:
            usual.append(one)
    end_line()
    return lines


def _length(one: PreviewDate) -> object:
    return one.closes - one.opens


def _closing(one: PreviewDate) -> str:
    days = (one.closes.date() - one.opens.date()).days
    at = "noon" if (one.closes.hour, one.closes.minute) == (12, 0) else clock(one.closes)
    if days == 0:
        return f"the same day at {at}"
    if days < 7:
        return f"{WEEKDAYS[one.closes.weekday()]} at {at}"
    return f"{plural(days, 'day')} later at {at}"


def _dated(moment: datetime, reader: Clock) -> str:
    return f"{full_day(moment.date(), reader.today)}, {clock(moment)}"


def _receiver(one: PreviewReceiver, subject: Subject) -> str:
    words = f"{own(one.name)} ({_zone(one.zone)})"
    if one.is_away:
        words += ", away then"
    if subject not in _WITH_STAND_INS:
        return words
    if one.stand_in is None:
        return f"{words} → nobody stands in"
    elsewhere = f" ({_zone(one.stand_in_zone)})" if one.stand_in_zone and _far(one) else ""
    return f"{words} → {own(one.stand_in)}{elsewhere}"


def _far(one: PreviewReceiver) -> bool:
    """Whether the stand-in lives on another clock than the owner's."""
    return _zone(one.stand_in_zone or one.zone) != _zone(one.zone)


def _zone(name: str) -> str:
    return own(zone_name(datetime(2026, 1, 15, tzinfo=ZoneInfo(name))))


def _minutes(preview: CheckinPreview) -> str:
    if not preview.minutes_a_week:
        return "none"
    each = sorted({minutes for _name, minutes, _total in preview.minutes_a_week})
    total = sorted({total for _name, _minutes, total in preview.minutes_a_week})
    if each == [0] and preview.minutes:
        words = f"{preview.minutes} each when it comes, not in the next four weeks"
    else:
        words = f"{_span(each)} each"
        words += "" if each == total else f", {_span(total)} with everything else I ask"
    above = [f"{name} ({minutes})" for name, minutes in preview.above]
    if above:
        words += f". *Above {MOST_MINUTES}:* {own(listed_some(above, 8))}"
    return words


def _span(numbers: list[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def _short(preview: CheckinPreview, reader: Clock) -> list[str]:
    found = next((one for one in preview.dates if one.is_short), None)
    if (
        preview.subject not in _WITH_STAND_INS
        or found is None
        or found.stand_ins is None
        or found.hours_before_close is None
    ):
        return []
    hours = plural(found.hours_before_close, "hour")
    return [
        f"{full_day(found.opens.date(), reader.today)} is short: "
        f"stand-ins are asked {_dated(found.stand_ins, reader)}, {hours} before the close."
    ]


def _digest(preview: CheckinPreview, reader: Clock) -> list[str]:
    if preview.subject is not Subject.PRIORITY:
        return []
    if preview.digest is None:
        return ["It feeds no digest."]
    name, at = preview.digest
    return [f"Feeds {own(name)}, next {reader.day_of(at)}."]


def _few(preview: CheckinPreview) -> list[str]:
    """That too few are asked for anything ever to be told."""
    if preview.subject is not Subject.PULSE or len(preview.receivers) >= FEWEST:
        return []
    return [f"Results show from {number_word(FEWEST)} answers up, and fewer are asked: ask more people."]


def _alt(preview: CheckinPreview) -> str:
    reader = Clock(preview.zone, preview.now)
    days = ", ".join(full_day(one.opens.date(), reader.today) for one in preview.dates) or "none"
    return (
        f"{preview.name}, next: {days}; {preview.rhythm}. "
        f"{plural(len(preview.receivers), *_RECEIVERS[preview.subject])}, {plural(preview.minutes, 'minute')} each."
    )
