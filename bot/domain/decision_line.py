"""A decision in one line: "Pay for an inspector by Dec 4 in family-access for steering: County reserve / Wait".

What stands behind the last ":" are the options, parted by "/". `for` counts only before a known group; `by` and `in`
as in an action item's line. The rest is the title. An issue's line is read the same way, without group and options.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.action_line import ActionLineContext, Known, Problem, parse_action_line

_SHORTEST_BEGINNING = 3
_GROUP_WORDS = 5
_OPTIONS = re.compile(r"\s/\s|\s*\|\s*")
_FOR = re.compile(r"(?:^|\s)for\s+(?:the\s+)?", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """What an issue's line says."""

    title: str
    priority: str | None = None
    impact: str | None = None


def parse_decision_line(
    text: str, groups: Sequence[Known], priorities: Sequence[Known], today: date, names: Mapping[str, str]
) -> DecisionDraft:
    """Takes a line apart; never raises. `names` are other names of groups, such as a channel's, by group id."""
    said, options = _split_options(" ".join(text.split()))
    said, decider = _take_group(said, groups, names)
    line = parse_action_line(said, ActionLineContext(priorities=tuple(priorities)), today)
    return DecisionDraft(
        title=line.title,
        decider=decider,
        needed_by=line.due,
        priority=line.priority,
        is_whole_coalition=line.is_whole_coalition,
        options=options,
        # A decision has no owner: "@somebody" stays in the title.
        problems=tuple(problem for problem in line.problems if problem.field != "owner"),
    )


def parse_issue_line(text: str, priorities: Sequence[Known], today: date) -> IssueDraft:
    """Takes a line apart; never raises. What stands behind the last ":" is the impact."""
    said, colon, impact = " ".join(text.split()).rpartition(": ")
    if not colon:
        said, impact = impact, ""
    # An issue has no day to be done by, so "by Friday" is part of what it says.
    known = ActionLineContext(priorities=tuple(priorities), takes_day=False)
    line = parse_action_line(said, known, today)
    return IssueDraft(title=line.title, priority=line.priority, impact=impact.strip() or None)


def match_group(typed: str, groups: Sequence[Known], names: Mapping[str, str]) -> list[Known]:
    """Groups whose id, name or other name is what was typed, else those of which one begins with it."""
    wanted = _plain(typed).removeprefix("the ").removeprefix("#")
    if not wanted:
        return []
    called = {one.id: {_plain(one.id), _plain(one.name), _plain(names.get(one.id, one.id))} for one in groups}
    exact = [one for one in groups if wanted in called[one.id]]
    if exact or len(wanted) < _SHORTEST_BEGINNING:
        return exact
    return [one for one in groups if any(name.startswith(wanted) for name in called[one.id])]


def _split_options(text: str) -> tuple[str, tuple[str, ...]]:
    said, colon, behind = text.rpartition(": ")
    options = tuple(part.strip() for part in _OPTIONS.split(behind) if part.strip())
    return (said, options) if colon and len(options) > 1 else (text, ())


def _take_group(text: str, groups: Sequence[Known], names: Mapping[str, str]) -> tuple[str, str | None]:
    """The text without its last "for GROUP", and the group's id."""
    for found in reversed(list(_FOR.finditer(text))):
        words = text[found.end() :].split()
        for count in range(min(_GROUP_WORDS, len(words)), 0, -1):
            phrase = " ".join(words[:count]).rstrip(".,;")
            is_whole = count == len(words) or words[count].casefold() in {"by", "in"}
            matching = match_group(phrase, groups, names)
            is_named = any(_plain(phrase) in {_plain(one.id), _plain(one.name)} for one in matching)
            if len(matching) == 1 and (is_named or is_whole):
                rest = [text[: found.start()].strip(), *words[count:]]
                return " ".join(part for part in rest if part), matching[0].id
    return text, None


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())
