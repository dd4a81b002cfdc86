"""Sentences that promise something for later, found on every screen of the season, and whether they came true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.handlers.stage import words
from tests.season.life import CHICAGO, DIGESTS, Season, messages_of

# A moment as Slack shows it to each on their own clock.
MOMENT = r"<!date\^(\d+)\^{0}[^|>]*\|[^>]*>"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What somebody was told will be so at a moment."""

    member: str
    told_at: datetime
    at: datetime
    sentence: str
    check: Callable[[Season, Promise], str | None]


def promises(season: Season) -> Iterator[Promise]:
    """Every promise that stands on a screen now or was heard, each once."""
    seen: set[tuple[str, str, datetime]] = set()
    texts = [(one.member, one.at, words(one.message)) for one in season.heard]
    texts += [(one.member, one.at, one.words) for one in season.heard]
    texts += season.screens
    for member, told_at, text in texts:
        for pattern, check in MADE:
            for found in re.finditer(pattern, text):
                at = _moment(found[1], told_at)
                if at is None or at <= told_at or (key := (member, found[0], at)) in seen:
                    continue
                seen.add(key)
                yield Promise(member=member, told_at=told_at, at=at, sentence=found[0], check=check)


def broken(season: Season) -> Iterator[str]:
    """The promises whose moment has come without what was promised, each told once."""
    for one in promises(season):
        if one.at > season.now - timedelta(hours=1):
            continue
        fault = one.check(season, one)
        if fault is not None:
            said = re.sub(r"<!date\^\d+\^([^|]*)\|([^>]*)>", r"\2", one.sentence)
            sentence = f"{one.member} was told “{said}” on {one.told_at.astimezone(CHICAGO):%b %d %H:%M}: {fault}"
            if sentence not in season.told:
                season.told.add(sentence)
                yield sentence


def _moment(written: str, told_at: datetime) -> datetime | None:
    """A promise's moment: seconds in a token of Slack's, or a weekday's digest."""
    if written.isdigit():
        return datetime.fromtimestamp(int(written), UTC)
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    if written not in days:
        return None
    day = told_at.astimezone(CHICAGO)
    ahead = (days.index(written) - day.weekday()) % 7
    at = (day + timedelta(days=ahead)).replace(hour=7, minute=30, second=0, microsecond=0)
    return at if at > told_at else at + timedelta(days=7)


def _is_asked(season: Season, promise: Promise) -> str | None:
    """The next update is asked for, unless it was given early, what it is about is done, or the person away or gone."""
    day = promise.at.astimezone(CHICAGO).date()
    if season.ledger.has_handed_over(promise.member, promise.at) or season.ledger.rests(promise.member, promise.at):
        return None
    if any(one["member"] == promise.member and one["from"] <= day <= one["to"] for one in season.ledger.away):
        return None
    near = [
        one
        for one in season.heard
        if one.member == promise.member and abs(one.at - promise.at) <= timedelta(minutes=30)
    ]
    return None if any("Answer" in one.words for one in near) else "nothing was asked then"


def _digest_stands(season: Season, promise: Promise) -> str | None:
    posted = [one for one in messages_of(season, DIGESTS) if "Weekly digest" in words(one)]
    week = promise.at.astimezone(CHICAGO)
    monday = (week - timedelta(days=week.weekday())).date()
    text = f"Week of {monday:%b} {monday.day}"
    return None if any(text in words(one) for one in posted) else "no digest of that week stands in the channel"


def _figure_is_in(season: Season, promise: Promise) -> str | None:
    recorded = [one for one in season.ledger.readings if one["at"] == promise.told_at]
    day = promise.at.astimezone(CHICAGO)
    monday = (day - timedelta(days=day.weekday())).date()
    text = ""
    for one in messages_of(season, DIGESTS):
        if f"Week of {monday:%b} {monday.day}" in words(one):
            replies = season.stage.person("marcus").thread(one)
            text = "\n".join([words(one), *(words(reply) for reply in replies)])
    for reading in recorded:
        if str(reading["value"]) not in text:
            return f"{reading['value']} of {reading['metric']} is not in the digest of the week of {monday:%b %d}"
    return None


MADE: tuple[tuple[str, Callable[[Season, Promise], str | None]], ...] = (
    (r"(?<!is added\. )" + MOMENT.format("Next(?: update)?: "), _is_asked),
    (MOMENT.format("It goes out "), _digest_stands),
    (r"It's in (\w+day)'s digest", _figure_is_in),
)
