"""What must be so after each week, read from what people's screens say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.workspace import Message
from tests.handlers.stage import words
from tests.season.life import CHICAGO, DIGESTS, Heard, Season, messages_of
from tests.season.promises import broken
from tests.season.recount import AT_REST, Plain, decisions_at, differences, recount

# Part of the rhythm of a round, or not to be put off: these go whatever else was said that day.
NEVER_HELD_BACK = (
    "*Update: ",  # the check-in, with what travels with it
    "*Monthly stocktake",  # the same
    "is open until",
    "is open <!date",  # reminded of what people are asked
    "our update on",  # the reminder, alone or with something else
    "could you stand in",
    "is your part of",
    "named in tomorrow's digest",
    "Before tomorrow's digest",  # the brief keeps its time, as the preview does
    " asks ",  # goes out at the round's close or when a coordinator sends it, as its screen said
    "*Ask to ",  # what came of it: the one who answered reads that whoever asked knows
    "can be recorded",  # a decision's rule is met: told at once
)
TROUBLE = ("Something went wrong", "Traceback", "None", "{'", "[]", "ref ")


async def check(season: Season, week: int, digest_at: datetime) -> None:
    """Everything that must hold on the Friday of a week, after its digest of `digest_at`."""
    post = _digest(season, digest_at)
    if post is not None:
        for fault in await _wrong_numbers(season, digest_at):
            season.faulty(f"digest: {fault}")
        for fault in _wrong_words(season, post, digest_at):
            season.faulty(f"digest's words: {fault}")
    for fault in await _unread(season):
        season.faulty(fault)
    for fault in _too_many(season):
        season.faulty(fault)
    for fault in await _waits_unseen(season):
        season.faulty(fault)
    for fault in [*_trouble(season), *broken(season), *_gone(season)]:
        season.faulty(fault)


def _digest(season: Season, digest_at: datetime) -> Message | None:
    """This week's digest, once and on time."""
    said = f"{digest_at:%b} {digest_at.day}"
    found = [
        one for one in messages_of(season, DIGESTS) if "Weekly digest" in words(one) and _week(digest_at) in words(one)
    ]
    if len(found) != 1:
        season.faulty(f"{len(found)} digests of {said} stand in #{DIGESTS}")
        return None
    if "instead of 7:30" in words(found[0]):
        season.faulty(f"the digest of {said} was late")
    return found[0]


def _week(digest_at: datetime) -> str:
    monday = digest_at.date() - timedelta(days=digest_at.weekday())
    return f"Week of {monday:%b} {monday.day}"


async def _wrong_numbers(season: Season, digest_at: datetime) -> list[str]:
    """Where the digest as data differs from the second count."""
    published = await season.digest(digest_at)
    return list(differences(published, recount(season.ledger, digest_at)))


WORDS = {
    "off_track": "off track",
    "at_risk": "at risk",
    "on_track": "on track",
    "stale": "no new figure since",
    "complete": "complete",
}


def _wrong_words(season: Season, post: Message, digest_at: datetime) -> Iterator[str]:
    """Where a number that stands in the posted digest differs from the second count."""
    counted = recount(season.ledger, digest_at)
    text = words(post)
    parts: list[Plain] = counted["priorities"]
    for name, mark in (("off_track", "🔴"), ("at_risk", "🟡"), ("on_track", "🟢")):
        count = sum(part["standing"]["assessment"] == name for part in parts)
        found = re.search(rf"{mark} (\d+) {WORDS[name]}", text)
        if (int(found[1]) if found else 0) != count:
            yield f"{WORDS[name]}: {found and found[0]!r}, counted {count}"
    figures = sum(len(part["metrics"]) for part in parts)
    missing = len(counted["metrics_without_reading"]) + len(counted["stale_metrics"])
    if missing and f"{missing} of {figures} figures" not in text:
        yield f"{missing} of {figures} figures are not reported"
    for part in parts:
        yield from _wrong_line(season, part, text, digest_at.date())
    needed, _, changed = text.partition("*Changed since")
    # The first digest has nothing to compare with: what was answered stands in the thread.
    is_first = "This is the first digest" in text
    changed = "\n".join(words(one) for one in season.stage.person("marcus").thread(post)) if is_first else changed
    for one in counted["asks"]:
        if one["text"] not in needed:
            yield f"“{one['text']}” waits for an answer and is not named"
    week = digest_at - timedelta(days=6)
    for one in season.ledger.asks:
        if one.get("ended") and week <= one["ended"] < digest_at and one["text"] not in changed:
            yield f"“{one['text']}” was answered and nothing says so"
    for one in counted["decisions_needed"]:
        if f"*{one['id']}" not in text:
            yield f"{one['id']} waits and is not named"


def _wrong_line(season: Season, part: Plain, text: str, today: date) -> Iterator[str]:
    priority = season.ledger.priority(part["id"])
    line = next((one for one in text.splitlines() if f"*{priority['name']}* · *" in one), None)
    if line is None:
        yield f"{priority['name']} has no line"
        return
    standing = part["standing"]
    if not re.search(rf"(says|owner|Stands)\* {WORDS[standing['assessment']]}", line):
        yield f"{priority['name']} stands {standing['assessment']}, the line says {line!r}"
    since = date.fromisoformat(standing["since"])
    latest = today - timedelta(days=standing["age_days"])
    if "last assessed" in line:
        if f"last assessed {latest:%b} {latest.day}" not in line:
            yield f"{priority['name']} was assessed on {latest}, the line says {line!r}"
    elif standing["age_days"] >= 14 and standing["assessment"] not in AT_REST:
        yield f"{priority['name']} was assessed {standing['age_days']} days ago, and its line says nothing of it"
    elif (found := re.search(r"\((\d+) weeks?\)", line)) and int(found[1]) != (today - since).days // 7:
        yield f"{priority['name']} stands so since {since}, the line says {found[0]}"
    metric = next(one for one in part["metrics"] if one["headline"])
    if metric["latest"] is not None:
        value, goal = float(metric["latest"]["value"]), float(metric["target"])
        # Where the message would grow too long the value stands in the thread only, its date here too.
        said = re.search(r"([\d,.]+) of ([\d,.]+) ", line.partition("*Numbers say*")[2])
        if said is not None and (said[1], said[2]) != (f"{value:,g}", f"{goal:,g}"):
            yield f"{priority['name']}: {value:,g} of {goal:,g}, the line says {line!r}"


async def _unread(season: Season) -> list[str]:
    """Words that were promised to somebody who can't see them, or are seen by somebody who must not."""
    found: list[str] = []
    due = [one for one in season.said if one.by <= season.now]
    seen = {member: _plain(await season.sees(member)) for member in season.members}
    for one in due:
        plain = _plain(one.words)
        found += [
            f"{one.where}: {reader} can't see “{one.words}”" for reader in one.readers if plain not in seen[reader]
        ]
    for one in season.said:
        plain = _plain(one.words)
        found += [f"{one.where}: {other} can see “{one.words}”" for other in one.never if plain in seen[other]]
    return found


def _plain(text: str) -> str:
    return text.replace("&amp;", "&").replace("’", "'")


def _too_many(season: Season) -> list[str]:
    """People who got more unprompted messages than one a day and four a week, beside what is never held back."""
    found = []
    days: dict[tuple[str, date], list[str]] = defaultdict(list)
    weeks: dict[tuple[str, date], int] = defaultdict(int)
    for one in season.heard:
        if one.is_answer:
            continue
        zone = ZoneInfo(season.ledger.member(one.member)["timezone"])
        day = one.at.astimezone(zone).date()
        monday = day - timedelta(days=day.weekday())
        is_free = any(mark in one.words for mark in NEVER_HELD_BACK) or _decides_today(season, one, day)
        if not is_free and (days[one.member, day] or weeks[one.member, monday] >= 4):
            found.append(
                f"{one.member} got “{_first(one.words)}” on {day:%a %b %d} after "
                f"{[_first(other) for other in days[one.member, day]]}, {weeks[one.member, monday]} this week"
            )
        days[one.member, day].append(one.words)
        weeks[one.member, monday] += 1
        local = one.at.astimezone(zone)
        if not 7 <= local.hour < 20 and not is_free:
            found.append(f"{one.member} got “{_first(one.words)}” at {local:%H:%M} of their night")
        if day.weekday() >= 5 and not is_free:
            found.append(f"{one.member} got “{_first(one.words)}” on a {day:%A}")
    fresh = [fault for fault in found if fault not in season.told]
    season.told.update(fresh)
    return fresh


def _gone(season: Season) -> list[str]:
    """People who have left and hear from the bot all the same, beside what answers them; and who is asked about what is
    done."""
    found = [
        f"{one.member} has left and got “{_first(one.words)}” on {one.at:%b %d}"
        for one in season.heard
        if not one.is_answer and season.ledger.has_left(one.member, season.ledger.today(one.at))
    ]
    for done in season.ledger.states:
        name = season.ledger.priority(done["priority"])["name"]
        asked = [one for one in season.heard if one.at > done["at"] and f"*Update: {name}*" in one.words]
        found += [f"{one.member} is asked about {name} on {one.at:%b %d}, which is {done['state']}" for one in asked]
        # The digest that tells it is shown ahead, none after it.
        later = [one for one in season.heard if one.at > done["at"] + timedelta(days=8) and "your part of" in one.words]
        found += [
            f"{one.member} has a preview of {name} on {one.at:%b %d}" for one in later if f"*{name}*" in one.words
        ]
    fresh = [fault for fault in found if fault not in season.told]
    season.told.update(fresh)
    return fresh


def _decides_today(season: Season, heard: Heard, day: date) -> bool:
    """Whether a message is about a decision that is due on this day."""
    due = {one["id"] for one in decisions_at(season.ledger, heard.at) if one.get("needed_by") == day}
    return any(key in heard.words for key in due)


def _first(text: str) -> str:
    return text.splitlines()[0][:60] if text else ""


async def _waits_unseen(season: Season) -> list[str]:
    """What waits for somebody and stands in no screen of theirs."""
    found = []
    waiting = [one for one in decisions_at(season.ledger, season.now) if one["status"] == "needed"]
    home = await season.home("marcus")
    found += [f"{one['id']} waits for steering and is not in Marcus' Home" for one in waiting if one["id"] not in home]
    return found


def _trouble(season: Season) -> list[str]:
    """Sentences that nobody may ever read."""
    monday = season.now - timedelta(days=7)
    texts = [
        *((one.member, one.words) for one in season.heard if one.at >= monday),
        *((member, text) for member, at, text in season.screens if at >= monday),
    ]
    return [
        f"{member} reads “{mark}” in {_first(text)!r}"
        for member, text in texts
        for mark in TROUBLE
        if re.search(rf"(?<!\w){re.escape(mark)}", text)
    ]


def local(moment: datetime) -> str:
    """A moment on the coalition's clock, for a person to read."""
    return f"{moment.astimezone(CHICAGO):%a %b %d %H:%M}"
