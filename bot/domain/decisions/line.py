"""A decision in one line: "Pay for an inspector by Dec 4 in family-access for steering: County reserve / Wait".

What stands behind the last ":" are the options, parted by "/". `for` counts only before a known group; `by` and `in`
as in an action item's line. The rest is the title. An issue's line is read the same way, without group and options,
and with whoever looks after it. What comes near to something and isn't certain is a problem or a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.actions import ActionLineContext, parse_action_line, take_apart
from bot.domain.decisions.groups_in_lines import take_group, take_near_group
from bot.domain.typed import (
    Doubt,
    Known,
    LeftDoubt,
    Part,
    Problem,
    left_part,
    member_called,
    place_named,
    say_what_is_left,
)

_OPTIONS = re.compile(r"\s/\s|\s*\|\s*")
# What nobody lengthens: "yes / no by Dec 9".
_PLAIN_OPTION = re.compile(r"yes|no|y|n|ok|agree|approve|reject|both|neither|none|[$]?[0-9][0-9.,:]*[km%]?", re.I)
# "yes/no" is two options, "1/2" is a number.
_TIGHT = re.compile(r"[^/0-9]+(?:/[^/0-9]+){1,4}")
# A line of a pasted list: "- yes", "2. no".
_LISTED = re.compile(r"(?:[-–—•*]|[0-9]{1,2}[.)]|[a-e][.)])\s+(?P<option>\S.*)")
_PARTED = re.compile(r",\s*(?:or |and )?| or | vs\.? | versus ", re.IGNORECASE)
_MOST_OPTION_WORDS = 4
# Where a clause may begin behind the last option or in an impact; behind the others a name belongs to what is said.
_TAIL = ("@", "<@", "#", "<#")
_TAIL_WORDS = frozenset({"by", "due", "before", "needed", "deadline", "for", "in", "under", "decided", "to"})
_BELONGING = frozenset({"for", "to", "with", "by", "of", "from", "and", "or", "&", "cc", "in"})
_MORE_SAID = frozenset({"by", "for", "in", "due", "on"})
_ESCALATES = re.compile(
    r"\bescalated? to\b|\bfor (?:the )?steering\b|"
    r"\b(?:(?:raise|take|bring)(?: (?:it|this))? (?:to|w/|with|at)|tell|ask) (?:the )?steer\w+",
    re.IGNORECASE,
)
_IMPACT = re.compile(r"(?:^|[\s,;–—-]+)(?:impact|affects|holds up|blocks|consequence)$", re.IGNORECASE)
_NEW_DATE = re.compile(
    r"(?P<what>(?:D-?)?[0-9]+|.+?(?= (?:to|new date)\b))(?: (?:new date|to|until|by|on|date):?)*(?: (?P<day>.+))?",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?<=\S)(?<!\bcc)(?<!\bfyi)\s+(?P<name>@[^\s@<]+|<@[A-Z0-9]+(?:\|[^>]*)?>)[.,;!]*(?=$|\s+in\s|:\s)"
)


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
    members: Sequence[Known] = (),
) -> DecisionDraft:
    """Takes a line apart; never raises. `names` are other names of groups, such as a channel's, by group id; `members`
    are those who may be named in it, though a group decides."""

    def read(part: str) -> DecisionDraft:
        return parse_decision_line(part, groups, priorities, today, names, members)

    said, options = _split_options(text)
    problems: list[Problem] = []
    colon = behind = ""
    if options:
        said, last, doubts = _move_clauses(said, options, read)
        options = (*options[:-1], last)
    else:
        head, sign, rest = said.rpartition(": ")
        head, rest, _moved = _move_clauses(head, (rest,), read) if sign else (head, rest, [])
        doubts = _options_unread(rest) if sign else []
        # What may be options is no part of a clause before it: "… in talent for steering: yes, no".
        said, colon, behind = (head, sign, rest) if sign and doubts else (said, "", "")
    said, decider = take_group(said, groups, names)
    if decider is None:
        said, decider = take_near_group(said, groups, names, problems, doubts)
    # A decision has no owner: "@somebody" stays in the title.
    line = take_apart(said, ActionLineContext(priorities=tuple(priorities), takes_owner=False), today)
    unclear = (*line.problems, *line.doubts, *problems, *doubts)
    place = "" if line.is_whole_coalition else line.priority
    day = left_part("due", "the day", line.due, unclear)
    person = Part("person", others="a group decides")
    places = (
        left_part("decider", "the group", decider, unclear, groups, names),
        left_part("priority", "the priority", place, unclear, priorities),
    )

    def look(part: str, stands_in: str = "title") -> list[LeftDoubt]:
        return say_what_is_left(part, day=day, person=person, places=places, members=members, stands_in=stands_in)

    doubts += look(line.title)
    # "Helen / Tom" is what is decided, "yes / no, Helen decides" isn't.
    if options and _PLAIN_OPTION.fullmatch(options[-1].split()[0]):
        of_option = look(options[-1], "last option")
        doubts += [one for one in of_option if not any(one.left[0] in said.words for said in doubts)]
    return DecisionDraft(
        title=f"{line.title}{colon}{behind}",
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
    if colon:
        said, impact, _moved = _move_clauses(said, (impact,), lambda part: parse_issue_line(part, known, today))
    else:
        said, impact = impact, ""
    labelled = _IMPACT.search(said)
    if labelled is not None:
        said = said[: labelled.start()]
    # "talent: two instructors quit" says where, then what.
    elif colon and (place_named(said, known.priorities) or member_called(said, known.members)) is not None:
        said, impact = f"{said}: {impact}", ""
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
    no_owner = ActionLineContext(
        priorities=known.priorities, channels=known.channels, takes_day=False, takes_owner=False
    )
    line = take_apart(said, no_owner, today)
    title, held_up = (line.title, impact.strip()) if line.title else (impact.strip(), "")
    unclear = (*line.problems, *problems, *line.doubts)
    place = "" if line.is_whole_coalition else line.priority
    person = left_part("owner", "the owner", owner, unclear)
    places = (left_part("priority", "the priority", place, unclear, known.priorities, known.names),)
    left = say_what_is_left(title, person=person, places=places, members=known.members) or say_what_is_left(
        held_up, person=person, places=places, members=known.members, stands_in="impact"
    )
    doubts = (*line.doubts, *left)
    if _ESCALATES.search(title):
        doubts += (Doubt("group", "It's raised first; escalate it then, with a button."),)
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


def _split_options(text: str) -> tuple[str, tuple[str, ...]]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    listed = [found["option"] for found in (_LISTED.fullmatch(line) for line in lines) if found is not None]
    if len(listed) > 1 and not _LISTED.fullmatch(lines[0]):
        said = " ".join(" ".join(line for line in lines if not _LISTED.fullmatch(line)).split())
        return re.sub(r"[\s,;:]+(?:options)?:?$", "", said, flags=re.IGNORECASE), tuple(listed)
    text = " ".join(text.split())
    for sign, kept in ((": ", ""), ("? ", "?")):
        said, found, behind = text.rpartition(sign)
        options = tuple(part.strip() for part in _OPTIONS.split(behind) if part.strip())
        if len(options) == 1 and _TIGHT.fullmatch(behind):
            options = tuple(part.strip() for part in behind.split("/"))
        if found and len(options) > 1:
            return f"{said}{kept}", options
    return text, ()


def _move_clauses(
    said: str, parts: Sequence[str], read: Callable[[str], DecisionDraft | IssueDraft]
) -> tuple[str, str, list[Doubt]]:
    """What stands before a colon with the clauses behind it: of ": yes / no by Dec 9 for steering" the last is "no".

    Clauses are read there as everywhere, at the end, and only what wasn't said before the colon.
    """
    place, named = _clauses_behind(parts[-1], read)
    words = parts[-1].split()
    tail = " ".join(words[place:])
    if not named or any(named & _clauses_behind(part, read)[1] for part in parts[:-1]):
        return said, parts[-1], []  # "Put it in talent / put it in child care" says what may be decided.
    if named & _parts_named(read(said)):
        return said, parts[-1], [Doubt("options", f"“{tail}” stays in the last option.")]
    last = " ".join(words[:place]).rstrip(",; –—-")
    doubt = Doubt("options", f"I took “{tail}” out of the last option: it's about the decision.")
    return f"{said} {tail}", last, [] if _PLAIN_OPTION.fullmatch(last) else [doubt]


def _clauses_behind(part: str, read: Callable[[str], DecisionDraft | IssueDraft]) -> tuple[int, set[str]]:
    """From which word on an option or an impact is nothing but clauses, and what they name; nothing without any."""
    words = part.split()
    for place in range(1, len(words)):
        first = words[place].casefold()
        is_plain = _PLAIN_OPTION.fullmatch(" ".join(words[:place])) is not None
        leads = is_plain or first in _TAIL_WORDS or first.startswith(_TAIL)
        if not leads or words[place - 1].casefold() in _BELONGING:
            continue
        found = read(f"x {' '.join(words[place:])}")
        _x, *beside = found.title.split()
        named = _parts_named(found) | ({"person"} if beside else set())
        if beside and first.startswith(("@", "<@")) and not is_plain:
            continue  # "ask @marcus" is one option
        is_apart = words[place - 1].endswith(",") and "needed_by" in named
        if named and (is_apart or all(word.startswith(("@", "<@")) for word in beside)):
            return place, named
    return 0, set()


def _parts_named(draft: DecisionDraft | IssueDraft) -> set[str]:
    """What beside the title a line names."""
    named = {"priority"} if draft.is_whole_coalition else set()
    fields = ("decider", "needed_by", "priority", "owner")
    return named | {field for field in fields if getattr(draft, field, None) is not None}


def _options_unread(behind: str) -> list[Doubt]:
    """ ": yes, no" and ": yes or no" look like options and are none: a title may go on like that too."""
    parts = [part.strip() for part in _PARTED.split(behind) if part.strip()]
    if (
        len(parts) < 2
        or ". " in behind
        or _MORE_SAID & {*behind.casefold().split()}
        or any(len(part.split()) > _MOST_OPTION_WORDS for part in parts)
    ):
        return []
    shown = " / ".join(parts)
    return [Doubt("options", f"“{behind}” stands in the title. If these are the options, write “: {shown}”.")]
