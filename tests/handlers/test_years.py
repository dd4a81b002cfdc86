"""A day of another year shows its year: every kind of line, Home and posts, read just before and just after New Year.

Just after New Year whatever is written of autumn is of last year; just before it, whatever is written of the months to
come is of the next one, unless the coalition's own record has that day in this year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime

import pytest

from bot.domain.record import Record
from bot.sandbox.workspace import Message
from tests.examples import part
from tests.handlers.commands.rows import By, Row
from tests.handlers.stage import Stage, words
from tests.handlers.test_every_command import ROWS

PEOPLE = ("omar", "helen", "grant", "yolanda", "renata", "imani")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAMES = "|".join(MONTHS)
_TOKEN = re.compile(r"<!date\^(?P<at>\d+)\^(?P<form>[^|>]*)\|(?P<words>[^>]*)>")
_DAY = re.compile(
    rf"(?:\b(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
    rf"\b(?P<month>{_NAMES})(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)? (?P<day>\d{{1,2}})\b(?!,? \d{{4}})"
)
# What people typed stands in quotes; a check-in's own rule names days of every year.
_AS_TYPED = re.compile(r"“[^”]*”|As it is:[^\n]*|(?:[A-Z][a-z]+ \d+, )+[A-Z][a-z]+ \d+ and [A-Z][a-z]+ \d+")
# Each before and after: the moment, and the months of which a day without a year is looked at.
BEFORE, AFTER = datetime(2026, 12, 30, 15, tzinfo=UTC), datetime(2027, 1, 4, 15, tzinfo=UTC)
MONTHS_AHEAD, MONTHS_BEHIND = frozenset(range(1, 7)), frozenset(range(7, 13))
# Lines that show no days of the record, or take the coalition away from those that come after.
LEFT_OUT = {("coalition", "pause"), ("coalition", "erase"), ("menu", ""), ("help", "")}
# Just after New Year the week ahead has no day of another year in it, and to rehearse it takes a second.
WEEK_AHEAD = {("coalition", "week"), ("coalition", "setup")}
LINES_ONE_IN = 3


def days_of(value: object) -> set[date]:
    """Every day in a record."""
    if isinstance(value, datetime):
        return {value.date()}
    if isinstance(value, date):
        return {value}
    if is_dataclass(value) and not isinstance(value, type):
        return {day for one in fields(value) for day in days_of(getattr(value, one.name))}
    if isinstance(value, dict):
        return {day for one in value.values() for day in days_of(one)}
    if isinstance(value, list | tuple | set | frozenset):
        return {day for one in value for day in days_of(one)}
    return set()


def undated(text: str, now: datetime, months: frozenset[int], known: set[tuple[int, int]]) -> list[str]:
    """What stands in a text without its year, as Slack shows it at this moment."""
    found = []
    for token in _TOKEN.finditer(text):
        at = datetime.fromtimestamp(int(token["at"]), UTC)
        # Slack leaves the year out of these within half a year; "tomorrow" needs none.
        is_short = "{date_short" in token["form"] or "{date}" in token["form"]
        if is_short and at.year != now.year and abs((at.date() - now.date()).days) > 2:
            found.append(token[0])
    bare = _AS_TYPED.sub("", _TOKEN.sub("", text))
    for day in _DAY.finditer(bare):
        month = MONTHS.index(day["month"]) + 1
        is_of_this_year = day["weekday"] and date(now.year, month, int(day["day"])).strftime("%a") == day["weekday"]
        if month in months and not is_of_this_year and (month, int(day["day"])) not in known:
            found.append(bare[max(0, day.start() - 60) : day.end() + 20])
    return found


def new_in(messages: Iterable[Message], before: set[str]) -> list[Message]:
    """Those that came since; earlier ones were written when their days were of that year."""
    return [one for one in messages if one.ts not in before]


async def seen(stage: Stage, noun: str, row: Row) -> str:
    """What somebody sees of a line, as it stands on their screen."""
    person = stage.person(row.who)
    command, text = (f"/{noun}", row.text) if row.by is By.COMMAND else ("/backbeat", row.text)
    before = len(person.ephemerals)
    assert (await person.command(command, text)).ok, row
    await person.until(
        lambda: len(person.ephemerals) > before or (person.modal is not None and "Opening" not in words(person.modal)),
        timeout=30,
    )
    if person.modal is None:
        return words(person.ephemerals[-1])
    shown = words(person.modal)
    await person.close(is_cleared=True)
    return shown


@pytest.mark.in_part
@pytest.mark.parametrize(("now", "months"), [(BEFORE, MONTHS_AHEAD), (AFTER, MONTHS_BEHIND)], ids=["before", "after"])
async def test_days_of_another_year_show_it(live: Stage, sample: Record, now: datetime, months: frozenset[int]) -> None:
    await live.resume_meetings()
    live.calendar.set(now)
    before = {one.ts for channel in live.sandbox.workspace.channels.values() for one in channel.messages.values()}
    await live.settle()
    known = {(one.month, one.day) for one in days_of(sample) if one.year == now.year}
    wrong: dict[str, list[str]] = {}
    for name in part(PEOPLE[now == AFTER :: 2], PEOPLE):
        person = live.person(name)
        await person.open_home()
        await live.edge.drain()
        shown = [words(person.home()), *(words(one) for one in new_in(person.dm(), before))]
        if found := undated("\n".join(shown), now, months, known):
            wrong[f"{name}'s Home and messages"] = found
    looked_at = LEFT_OUT | (WEEK_AHEAD if now == AFTER else part(WEEK_AHEAD, set()))
    for noun, rows in ROWS.items():
        golden = [row for row in rows if row.is_golden and row.by in {By.COMMAND, By.BACKBEAT}]
        for row in part(golden[now == AFTER :: LINES_ONE_IN], golden):
            if (noun, row.line) in looked_at:
                continue
            if row.line:
                looked_at.add((noun, row.line))
            # What is entered here is this year's where it says no year, and is shown by later lines too.
            known |= {(MONTHS.index(one["month"]) + 1, int(one["day"])) for one in _DAY.finditer(row.text)}
            if found := undated(await seen(live, noun, row), now, months, known):
                wrong[f"{row.who}: {noun} {row.text}"] = found
    for channel in live.sandbox.workspace.channels.values():
        for post in new_in(channel.messages.values(), before):
            if found := undated(words(post), now, months, known):
                wrong[f"post in {channel.name}"] = found
    assert not wrong, "\n".join(f"{where}: {what}" for where, what in wrong.items())
