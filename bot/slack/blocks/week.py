"""The week ahead, before anything is sent: who gets what, when, and who can't be reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.domain.people import out_of_reach
from bot.domain.vocabularies import CoalitionState
from bot.domain.week import BESIDE, WeekEntry, WeekPreview, What, condition, phrase, phrase_along
from bot.domain.wording import clock, near_day, plural, zone_name
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.people import set_up_button, to_link, without_mail
from bot.slack.identifiers import Action
from bot.slack.message import Block, View
from bot.slack.moments import Clock
from bot.slack.mrkdwn import cut, own
from bot.slack.names import listed, listed_some

MOST_NAMES = 8
MOST_MINUTES = 10
MOST_WORDS = 110


def week_view(preview: WeekPreview, *, may_start: bool, in_setup: bool = False) -> View:
    """The seven days from the preview's start; for a draft with [Start] where this person may press it, and once all
    of its setup is entered."""
    reader = Clock(preview.zone, preview.start)
    is_draft = preview.state == CoalitionState.DRAFT
    head = {
        "draft": "Week one, before anything is sent",
        "paused": "The week ahead, as it would be: sending is paused",
        "ended": "The coalition has ended: nothing is ahead",
    }.get(preview.state, "The week ahead")
    blocks: list[Block] = [kit.header(head)]
    blocks += [kit.section(text) for text in _days(preview, reader)] or [
        kit.section("Nothing is asked or posted in these seven days.")
    ]
    blocks.append(kit.section(_minutes(preview)))
    if preview.outside_slack:
        blocks.append(_outside_slack(preview))
    if preview.missing_channels:
        names = listed_some([f"#{name}" for name in preview.missing_channels], MOST_NAMES)
        blocks.append(kit.section(f"*I'm not in:* {own(names)}. Invite me there with /invite, or those digests wait."))
    if preview.not_sent:
        blocks.append(_not_sent(preview))
    if preview.entries:
        blocks.append(kit.context(BESIDE))
    if preview.not_sent_yet:
        names = listed_some(preview.not_sent_yet, 20)
        blocks.append(kit.context(f"In the plan, but not sent yet: {own(names)}"))
    if is_draft and may_start and in_setup:
        blocks.append(kit.context("It can be started once the setup's last step is done."))
        blocks.append(kit.actions(set_up_button("Go on with setup", primary=True)))
    elif is_draft and may_start:
        blocks.append(kit.actions(_start()))
    elif is_draft:
        blocks.append(kit.context("A lead or an admin can start it."))
    return View(
        title="Week one" if is_draft else "The week ahead",
        close="Not yet" if is_draft and may_start and not in_setup else "Close",
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
    sent = tuple(one for one in preview.entries if one.what not in {What.CLOSE, What.MEETING})
    return _days(replace(preview, entries=sent), reader)


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
        moved = " (moved)" if any(entry.moved and entry.what in {What.ASK, What.DIGEST} for entry in entries) else ""
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
    """One line: when, what, to whom, on what it depends, and what comes in the same message."""
    to_channels = bool(entry.channels) or entry.what == What.MEETING
    at = f"{clock(entry.local)} {zone_name(reader.local(entry.at)) if to_channels else 'their time'}"
    what = own(cut(phrase(entry.what, entry.cadence), MOST_WORDS))
    if entry.what == What.CLOSE:
        return f"{at}: {what}"
    along = [(own(phrase_along(one.what, one.cadence, entry.what)), one.people) for one in entry.along]
    everybody = [words for words, people in along if people == entry.people]
    some = [f"{words} for {_names(people)}" for words, people in along if people != entry.people]
    if everybody:
        what = f"{listed([what, *everybody])} in one message"
    elif entry.what == What.MEETING and entry.moved:
        what = f"{what} (moved)"
    if condition(entry.what):
        what = f"{what}, {condition(entry.what)}"
    if entry.channels:
        return f"{at}: {what} to {own(listed_some([f'#{name}' for name in entry.channels], MOST_NAMES))}"
    line = f"{at}: {what}{f': {_names(entry.people)}' if entry.people else ', nobody is invited yet'}"
    return f"{line}; with it {listed(some)}" if some else line


def _names(people: Sequence[str]) -> str:
    return own(listed_some(people, MOST_NAMES))


def _not_sent(preview: WeekPreview) -> Block:
    """What is due to somebody and does not come, with its reason."""
    lines = [f"{one.name}, {phrase(one.what, one.cadence)} ({one.reason})" for one in preview.not_sent]
    return kit.section(own(cut(f"Not sent: {listed_some(lines, MOST_NAMES)}", limits.TEXT - 40)))


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


def _outside_slack(preview: WeekPreview) -> Block:
    unreached = out_of_reach(preview.outside_slack)
    to_pick = [one.name for one in to_link(unreached)]
    meanwhile = [one.name for one in preview.outside_slack if one.reads_mail]
    lines = []
    if to_pick:
        lines.append(f"*Not reachable yet:* {own(listed_some(to_pick, 20))} (no Slack account picked)")
    if meanwhile:
        lines.append(f"*By e-mail until Slack reaches them:* {own(listed_some(meanwhile, 20))}")
    for why, names in without_mail(unreached).items():
        lines.append(f"*{why[:1].upper()}{why[1:]}:* {own(listed_some(names, 20))}")
    button = kit.button("Pick accounts", Action.LINK_PEOPLE) if to_link(preview.outside_slack) else None
    return kit.section("\n".join(lines), accessory=button)
