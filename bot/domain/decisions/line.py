"""A decision in one line: "Pay for an inspector by Dec 4 in family-access for steering: County reserve / Wait".

What stands behind the last ":" are the options, parted by "/". `for` counts only before a known group; `by` and `in`
as in an action item's line. The rest is the title. An issue's line is read the same way, without group and options,
and with whoever looks after it. What comes near to something and isn't certain is a problem or a doubt.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.actions import ActionLineContext, parse_action_line
from bot.domain.typed import CHANNEL, CHOOSE_ONE, Doubt, Known, Problem, plain

_SHORTEST_BEGINNING = 3
_GROUP_WORDS = 5
_LIKE = 0.75
_OPTIONS = re.compile(r"\s/\s|\s*\|\s*")
# "yes/no" is two options, "1/2" is a number.
_TIGHT = re.compile(r"[^/0-9]+(?:/[^/0-9]+){1,4}")
_FOR = re.compile(r"(?:^|\s)for\s+(?:the\s+)?", re.IGNORECASE)
_NEW_DATE = re.compile(
    r"(?P<what>(?:D-?)?[0-9]+|.+?(?= (?:to|new date)\b))(?: (?:new date|to|until|by|on|date):?)*(?: (?P<day>.+))?",
    re.IGNORECASE,
)
_MENTIONED = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>|(?:^|\s)@ ?[a-z][\w.-]+")
_OWNER = re.compile(r"(?<=\S)\s+(?P<name>@[^\s@<]+|<@[A-Z0-9]+(?:\|[^>]*)?>)[.,;!]*(?=$|\s+in\s|:\s)")


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """What a decision's line says; what is not named is None or empty."""

    title: str
    decider: str | None = None
    needed_by: date | None = None
    priority: str | None = None
    is_whole_coalition: bool = False
    options: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """What an issue's line says."""

    title: str
    priority: str | None = None
    impact: str | None = None
    owner: str | None = None
    is_whole_coalition: bool = False
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def parse_decision_line(
    text: str,
    groups: Sequence[Known],
    priorities: Sequence[Known],
    today: date,
    names: Mapping[str, str],
) -> DecisionDraft:
    """Takes a line apart; never raises. `names` are other names of groups, such as a channel's, by group id."""
    said, options = _split_options(" ".join(text.split()))
    problems: list[Problem] = []
    doubts: list[Doubt] = []
    said, decider = take_group(said, groups, names)
    if decider is None:
        said, decider = _take_near_group(said, groups, names, problems, doubts)
    # A decision has no owner: "@somebody" stays in the title.
    line = parse_action_line(said, ActionLineContext(priorities=tuple(priorities), takes_owner=False), today)
    if decider is None and not problems:
        doubts += _group_in_title(line.title, groups)
    return DecisionDraft(
        title=line.title,
        decider=decider,
        needed_by=line.due,
        priority=line.priority,
        is_whole_coalition=line.is_whole_coalition,
        options=options,
        problems=(*line.problems, *problems),
        doubts=(*line.doubts, *doubts),
    )


def parse_issue_line(text: str, known: ActionLineContext, today: date) -> IssueDraft:
    """Takes a line apart; never raises. What stands behind the last ":" is the impact.

    Whoever looks after it is named where what is in the way has been said: "No inspector @tom in family-access".
    """
    said, colon, impact = " ".join(text.split()).rpartition(": ")
    if not colon:
        said, impact = impact, ""
    owner: str | None = None
    problems: tuple[Problem, ...] = ()
    named = list(_OWNER.finditer(said))
    if named:
        of_owner = ActionLineContext(members=known.members, accounts=known.accounts, me=known.me, takes_day=False)
        found = parse_action_line(named[-1]["name"], of_owner, today)
        owner, problems = found.owner, found.problems
        if owner is not None:
            said = f"{said[: named[-1].start()]}{said[named[-1].end() :]}"
    # An issue has no day to be done by, so "by Friday" is part of what it says.
    places = ActionLineContext(priorities=known.priorities, channels=known.channels, takes_day=False, takes_owner=False)
    line = parse_action_line(said, places, today)
    title, held_up = (line.title, impact.strip()) if line.title else (impact.strip(), "")
    doubts = line.doubts if owner is not None or problems else (*line.doubts, *_person_in_title(title, known))
    return IssueDraft(
        title=title,
        priority=line.priority,
        impact=held_up or None,
        owner=owner,
        is_whole_coalition=line.is_whole_coalition,
        problems=(*line.problems, *problems),
        doubts=doubts,
    )


def split_new_date(text: str) -> tuple[str, str]:
    """Which decision and the words of its new day: "D-3 to Dec 11", "D-3 new date Dec 11"; "" where none is said."""
    found = _NEW_DATE.fullmatch(" ".join(text.split()))
    return (found["what"], found["day"] or "") if found is not None else (text.strip(), "")


def match_group(typed: str, groups: Sequence[Known], names: Mapping[str, str]) -> list[Known]:
    """Groups whose id, name or other name is what was typed, else those of which one begins with it."""
    wanted = plain(typed).removeprefix("the ").removeprefix("#")
    if not wanted:
        return []
    called = _called(groups, names)
    exact = [one for one in groups if wanted in called[one.id]]
    if exact or len(wanted) < _SHORTEST_BEGINNING:
        return exact
    return [one for one in groups if any(name.startswith(wanted) for name in called[one.id])]


def _called(groups: Sequence[Known], names: Mapping[str, str]) -> dict[str, set[str]]:
    return {one.id: {plain(one.id), plain(one.name), plain(names.get(one.id, one.id))} for one in groups}


def _split_options(text: str) -> tuple[str, tuple[str, ...]]:
    said, colon, behind = text.rpartition(": ")
    options = tuple(part.strip() for part in _OPTIONS.split(behind) if part.strip())
    if len(options) == 1 and _TIGHT.fullmatch(behind):
        options = tuple(part.strip() for part in behind.split("/"))
    return (said, options) if colon and len(options) > 1 else (text, ())


def take_group(text: str, groups: Sequence[Known], names: Mapping[str, str]) -> tuple[str, str | None]:
    """The text without its last "for GROUP" or its group's channel, and the group's id."""
    for found in reversed(list(_FOR.finditer(text))):
        words = text[found.end() :].split()
        for count in range(min(_GROUP_WORDS, len(words)), 0, -1):
            phrase = _bare(" ".join(words[:count]))
            is_whole = _ends(words, count)
            matching = match_group(phrase, groups, names)
            is_named = any(plain(phrase) in {plain(one.id), plain(one.name)} for one in matching)
            is_several = count < len(words) and words[count].casefold() in {"and", "or", "&"}
            if is_named and not is_whole and _goes_on(words, count, groups, names):
                continue
            if len(matching) == 1 and (is_named or is_whole) and not is_several:
                rest = [text[: found.start()].strip(), *words[count:]]
                return " ".join(part for part in rest if part), matching[0].id
    words = text.split()
    for place, word in enumerate(words):
        channel = CHANNEL.fullmatch(word)
        named = (channel["name"] or channel["typed"]) if channel is not None else None
        group = next((one.id for one in groups if named is not None and names.get(one.id) == named), None)
        if group is not None:
            return " ".join([*words[:place], *words[place + 1 :]]), group
    return text, None


def _goes_on(words: Sequence[str], count: int, groups: Sequence[Known], names: Mapping[str, str]) -> bool:
    """Whether a name with the next word reads much like a longer one: "steering comittee" is no "steering"."""
    longer = plain(" ".join(words[: count + 1]).rstrip(".,;"))
    known = [name for called in _called(groups, names).values() for name in called]
    return bool(difflib.get_close_matches(longer, known, n=1, cutoff=_LIKE))


def _take_near_group(
    text: str, groups: Sequence[Known], names: Mapping[str, str], problems: list[Problem], doubts: list[Doubt]
) -> tuple[str, str | None]:
    """ "for steerng", and a beginning that several groups have: only where the clause ends."""
    called = {name: one for one in groups for name in _called([one], names)[one.id]}
    called |= {name.split()[0]: one for name, one in reversed(called.items()) if len(name.split()[0]) > 5}
    for found in reversed(list(_FOR.finditer(text))):
        words = text[found.end() :].split()
        for count in range(min(_GROUP_WORDS, len(words)), 0, -1):
            phrase = _bare(" ".join(words[:count]))
            # What follows a group's name, such as "by Dec 9", is none of it.
            if not _ends(words, count) or any(_ends(words, one) for one in range(1, count)):
                continue
            several = match_group(phrase, groups, names)
            if len(several) > 1:
                listed = " or ".join(one.name for one in several[:3])
                problems.append(Problem("decider", f"“{phrase}” could be {listed}. {CHOOSE_ONE}"))
                return text, None
            near = difflib.get_close_matches(plain(phrase), list(called), n=1, cutoff=_LIKE)
            if near:
                group = called[near[0]]
                doubts.append(Doubt("decider", f"I read “{phrase}” as the {group.name}."))
                rest = [text[: found.start()].strip(), *words[count:]]
                return " ".join(part for part in rest if part), group.id
    return text, None


def _person_in_title(title: str, known: ActionLineContext) -> list[Doubt]:
    """A mention, or a member's name where the title ends: nobody looks after it by that."""
    mention = _MENTIONED.search(title)
    last = title.split()[-1:] if len(title.split()) > 2 else []
    firsts = {plain(one.name).split()[0] for one in known.members if one.name.split()}
    named = mention[0].strip() if mention is not None else next((one for one in last if plain(one) in firsts), None)
    if named is None:
        return []
    return [Doubt("owner", f"“{named}” stands in the title. Write “@name” at its end if somebody looks after it.")]


def _group_in_title(title: str, groups: Sequence[Known]) -> list[Doubt]:
    """A group that stands where one would name who decides, without "for": at the end, or before a colon."""
    first, colon, _rest = title.partition(":")
    for one in groups:
        for name in (one.name, one.id):
            if f" {plain(title)}".endswith(f" {plain(name)}") or (colon and plain(first) == plain(name)):
                return [Doubt("decider", f"“{name}” stands in the title. Write “for {one.id}” if it decides.")]
    return []


def _ends(words: Sequence[str], count: int) -> bool:
    return count == len(words) or words[count].casefold() in {"by", "in", "due", "before", "on", "at"}


def _bare(phrase: str) -> str:
    """A group's name as it was typed; of a channel that Slack has turned into a link, its name."""
    channel = CHANNEL.fullmatch(phrase)
    return (channel["name"] or channel["typed"]) if channel is not None else phrase.rstrip(".,;")
