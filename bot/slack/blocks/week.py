"""The week ahead, before anything is sent: who gets what, when, and who can't be reached."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from bot.domain.week import WeekEntry, WeekPreview
from bot.domain.wording import clock, near_day, plural, zone_name
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.people import by_mail_only, to_link
from bot.slack.identifiers import Action
from bot.slack.message import Block, View
from bot.slack.moments import Clock
from bot.slack.mrkdwn import cut, own
from bot.slack.names import listed_some

MOST_NAMES = 8
MOST_MINUTES = 10


def week_view(preview: WeekPreview, *, may_start: bool) -> View:
    """The seven days from the preview's start; for a draft with [Start] where this person may press it."""
    reader = Clock(preview.zone, preview.start)
    is_draft = preview.state == "draft"
    head = {
        "draft": "Week one, before anything is sent",
        "paused": "The week ahead, as it would be: sending is paused",
    }.get(preview.state, "The week ahead")
    blocks: list[Block] = [kit.header(head)]
    blocks += [kit.section(text) for text in _days(preview, reader)] or [
        kit.section("Nothing is asked or posted in these seven days.")
    ]
    blocks.append(kit.section(_minutes(preview)))
    if preview.unreachable:
        blocks.append(_unreachable(preview))
    if preview.missing_channels:
        names = listed_some([f"#{name}" for name in preview.missing_channels], MOST_NAMES)
        blocks.append(kit.section(f"*I'm not in:* {own(names)}. Invite me there with /invite, or those digests wait."))
    if preview.not_sent_yet:
        names = listed_some(preview.not_sent_yet, 20)
        blocks.append(kit.context(f"In the plan, but not sent yet: {own(names)}"))
    if is_draft and may_start:
        blocks.append(kit.actions(_start()))
    elif is_draft:
        blocks.append(kit.context("A lead or an admin can start it."))
    return View(
        title="Week one" if is_draft else "The week ahead",
        close="Not yet" if is_draft and may_start else "Close",
        blocks=tuple(blocks[: limits.VIEW_BLOCKS]),
    )


def started_view(reader: Clock, live_words: str) -> View:
    """What the week becomes once it was started."""
    return View(
        title="Week one",
        close="Close",
        blocks=(
            kit.section(f"{live_words} People hear from me as shown."),
            kit.actions(ask_pause_button()),
        ),
    )


def ask_pause_button() -> kit.Element:
    """Leads to what a pause would keep back, where sending can be paused."""
    return kit.button("Pause sending", Action.ASK_PAUSE)


def sent_days(preview: WeekPreview) -> list[str]:
    """What goes out in these seven days, in markup: a text a day, each within a section's limit."""
    reader = Clock(preview.zone, preview.start)
    return _days(replace(preview, entries=tuple(one for one in preview.entries if one.what != "close")), reader)


def _start() -> kit.Element:
    return kit.button(
        "Start",
        Action.START,
        primary=True,
        confirm=kit.confirm("Start?", "From now on people hear from me as shown.", "Start", "Not yet"),
    )


def _days(preview: WeekPreview, reader: Clock) -> list[str]:
    """One text a day, each within a section's limit."""
    by_day: dict[date, list[WeekEntry]] = defaultdict(list)
    for entry in preview.entries:
        by_day[entry.local.date()].append(entry)
    texts = []
    for on, entries in sorted(by_day.items()):
        moved = " (moved)" if any(entry.moved and entry.what in {"ask", "digest"} for entry in entries) else ""
        lines = [f"*{near_day(on, reader.today)}*{moved}", *(f"• {_entry(entry, reader)}" for entry in entries)]
        texts.append(_within_a_section(lines))
    return texts


def _within_a_section(lines: list[str]) -> str:
    kept: list[str] = []
    for number, one in enumerate(lines):
        if sum(len(line) + 1 for line in [*kept, one]) > limits.TEXT - 40:
            kept.append(f"… and {len(lines) - number} more")
            break
        kept.append(one)
    return "\n".join(kept)


def _entry(entry: WeekEntry, reader: Clock) -> str:
    at = clock(entry.local)
    names = own(listed_some(entry.people, MOST_NAMES))
    if entry.what == "digest":
        channels = own(listed_some([f"#{name}" for name in entry.channels], MOST_NAMES))
        where = f" to {channels}" if channels else ""
        return f"{at} {zone_name(reader.local(entry.at))}: digest{where}"
    if entry.what in {"agenda", "meeting"}:
        return f"{at} {zone_name(reader.local(entry.at))}: {_meeting(entry, names)}"
    if entry.what == "ask":
        name = own(cut(entry.cadence, 100))
        if set(entry.with_actions) == set(entry.people):
            return f"{at} their time: {name} and action list in one message, {names}"
        listed_too = own(listed_some(entry.with_actions, MOST_NAMES))
        return f"{at} their time: {name}, {names}{f', with the action list for {listed_too}' if listed_too else ''}"
    if entry.what == "actions":
        return f"{at} their time: action list, {plural(len(entry.people), 'person', 'people')}"
    if entry.what == "figures":
        return f"{at} their time: figures that are due, {names}"
    if entry.what == "refresh":
        return f"{at} their time: {own(cut(entry.cadence, 100))}, {names}"
    if entry.what == "reminder":
        return f"{at} their time: reminder, only if no answer"
    if entry.what == "delegate":
        return f"{at} their time: stand-ins, only if no answer{f': {names}' if names else ''}"
    return f"{at} their time: close"


def _meeting(entry: WeekEntry, names: str) -> str:
    name = own(cut(entry.cadence, 100))
    if entry.what == "agenda":
        channels = own(listed_some([f"#{channel}" for channel in entry.channels], MOST_NAMES))
        to = channels or names
        return f"agenda of {name}{f' to {to}' if to else ''}"
    moved = " (moved)" if entry.moved else ""
    return f"{name}{moved}; {f'a reminder that morning to {names}' if names else 'nobody is invited yet'}"


def _minutes(preview: WeekPreview) -> str:
    if not preview.minutes:
        return "*Minutes this week:* none"
    above = [f"{name} ({minutes})" for name, minutes in preview.minutes if minutes > MOST_MINUTES]
    counts: dict[int, int] = defaultdict(int)
    for _name, minutes in preview.minutes:
        counts[minutes] += 1
    parts = [f"{minutes} for {plural(people, 'person', 'people')}" for minutes, people in sorted(counts.items())]
    warning = (
        f"*Above {MOST_MINUTES}:* {own(listed_some(above, MOST_NAMES))}." if above else f"Nobody above {MOST_MINUTES}."
    )
    return f"*Minutes this week:* {', '.join(parts)}. {warning}"


def _unreachable(preview: WeekPreview) -> Block:
    to_pick = [one.name for one in to_link(preview.unreachable)]
    by_mail = [one.name for one in by_mail_only(preview.unreachable)]
    lines = []
    if to_pick:
        lines.append(f"*Not reachable yet:* {own(listed_some(to_pick, 20))} (no Slack account picked)")
    if by_mail:
        lines.append(f"*By e-mail only, and e-mail isn't set up:* {own(listed_some(by_mail, 20))}")
    button = kit.button("Pick accounts", Action.LINK_PEOPLE) if to_pick else None
    return kit.section("\n".join(lines), accessory=button)
