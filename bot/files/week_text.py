"""The week to come as text for the command line."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from bot.domain.people import OutsideSlack, out_of_reach
from bot.domain.week import BESIDE, WeekEntry, WeekPreview, What, condition, phrase, phrase_along
from bot.domain.wording import clock, full_day


def week_as_text(preview: WeekPreview) -> str:
    """Day by day what will be sent, then minutes a person, then who cannot be reached yet."""
    first = preview.start.date()
    lines = [f"{preview.coalition_name}: the week from {full_day(first, first)}, before anything is sent."]
    for day, entries in groupby(preview.entries, key=lambda entry: entry.local.date()):
        lines.append("")
        lines.append(full_day(day, first))
        lines += [f"  {_entry(entry)}" for entry in entries]
    if not preview.entries:
        lines += ["", "Nothing is due in these seven days."]
    if preview.minutes:
        lines.append("")
        lines.append("Minutes this week: " + ", ".join(f"{name} {minutes}" for name, minutes in preview.minutes) + ".")
        above = [name for name, minutes in preview.minutes if minutes > 10]
        lines.append(f"Above 10: {', '.join(above)}." if above else "Nobody above 10.")
    unreached = out_of_reach(preview.outside_slack)
    if unreached:
        lines += ["", "Not reachable yet:"]
        lines += [f"  {_person(person)}" for person in unreached]
    by_mail = [person.name for person in preview.outside_slack if person.reads_mail]
    if by_mail:
        lines += ["", f"By e-mail until Slack reaches them: {', '.join(by_mail)}."]
    if preview.missing_channels:
        lines += ["", "Channels the bot is not in: " + ", ".join(f"#{name}" for name in preview.missing_channels) + "."]
    if preview.not_sent:
        lines += ["", "Not sent:"]
        lines += [f"  {one.name}: {phrase(one.what, one.cadence)} ({one.reason})" for one in preview.not_sent]
    if preview.entries:
        lines += ["", BESIDE]
    if preview.not_sent_yet:
        lines += ["", "Kept and listed, not sent by this version: " + ", ".join(preview.not_sent_yet) + "."]
    return "\n".join(lines) + "\n"


def _entry(entry: WeekEntry) -> str:
    to = ", ".join([*entry.people, *(f"#{name}" for name in entry.channels)])
    what = phrase(entry.what, entry.cadence)
    if condition(entry.what):
        what = f"{what}, {condition(entry.what)},"
    to = to or "nobody yet"
    moved = " (moved)" if entry.moved else ""
    along = "".join(
        f"; with it {phrase_along(one.what, one.cadence, entry.what)} to {', '.join(one.people)}" for one in entry.along
    )
    whom = f" {'with' if entry.what == What.MEETING else 'to'} {to}" if entry.what != What.CLOSE else ""
    return f"{_time(entry.local)}  {what}{whom}{moved}{along}"


def _person(person: OutsideSlack) -> str:
    return f"{person.name} ({person.organization}): {person.trouble.why}"


def _time(moment: datetime) -> str:
    return clock(moment).rjust(8)
