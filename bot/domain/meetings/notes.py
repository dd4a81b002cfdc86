"""A meeting's notes: what was typed, line by line as it is understood, and how an edit meets what is there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.actions import ActionLineContext, parse_action_line
from bot.domain.meetings.planned import MeetingRef
from bot.domain.outbox import Whereabouts
from bot.domain.rhythm import Seen
from bot.domain.typed import CHOOSE_ONE, CHOOSE_SOMEBODY, Known
from bot.domain.wording import day, one_line

MOST_DECIDED = 600
MOST_PARKED = 300
MOST_ACTIONS = 3000
MOST_TITLE = 150
MOST_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesInput:
    """What somebody typed into the form; `present` are member ids."""

    present: tuple[str, ...]
    decided: str = ""
    actions: str = ""
    parked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedAction:
    """One line as it was understood."""

    title: str
    owner: str
    due: date
    priority: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesForm:
    """The form, empty or with what stands there. `added` are the ids and titles of actions that the notes made."""

    token: str
    ref: MeetingRef
    name: str
    local: datetime  # when it was, on the meeting's own clock
    today: date  # of that clock
    readers: tuple[str, ...]
    present: tuple[Known, ...]
    decided: str
    actions: str
    parked: str
    added: tuple[Known, ...]
    is_edit: bool
    version: int  # of the notes that are there; 0 without any
    example: str  # a member id, for a line such as somebody could write


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAction:
    """One line read back, with names."""

    title: str
    owner_name: str
    organization_name: str
    due: date
    priority_name: str | None
    is_asked: bool  # works elsewhere than whoever writes the notes, and is asked for a yes


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesCheck:
    """The notes as they were understood, before they are posted. `channel` is where; None: kept and sent to nobody."""

    token: str
    ref: MeetingRef
    name: str
    local: datetime
    present: tuple[str, ...]  # names
    organizations: int
    of_organizations: int
    decided: tuple[str, ...]
    records_decisions: bool
    actions: tuple[CheckedAction, ...]
    added: tuple[Known, ...]
    parked: tuple[str, ...]
    next_at: datetime | None  # the meeting on whose agenda parked points will stand
    channel: str | None
    is_edit: bool
    reader_zone: str
    today: date
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedLine:
    """An action that the notes made, as posted: by organization, never by person."""

    id: str
    title: str
    organization_name: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesPost(Seen):
    ref: MeetingRef
    name: str
    local: datetime
    organizations: int
    of_organizations: int
    decided: tuple[str, ...]
    actions: tuple[NotedLine, ...]
    parked: tuple[str, ...]
    edited_at: datetime | None
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesSaved:
    """What became of the notes: posted, edited, or there already. `others` names who was first where somebody was."""

    post: NotesPost
    channel: str | None
    added: int
    already: bool = False
    others: str | None = None
    posted_at: datetime | None = None
    reader_zone: str = "UTC"
    delivery: Whereabouts | None = None  # where the post is; None without one
    may_mend: bool = False  # whether its reader can do something about a post that doesn't arrive


def read_lines(text: str) -> tuple[str, ...]:
    """Lines that say something, without the bullets that people put before them."""
    found = (one_line(line).lstrip("•-*– ").strip() for line in text.splitlines())
    return tuple(line for line in found if line)


def read_actions(
    text: str, known: ActionLineContext, today: date, priority: str | None
) -> tuple[tuple[NotedAction, ...], tuple[str, ...]]:
    """The actions of the lines, and what has to be mended, each problem beginning with its line's number.

    Days are read as of `today`. A line without a priority is about the meeting's own one, `priority`.
    """
    found: list[NotedAction] = []
    problems: list[str] = []
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if read_lines(line)]
    for number, line in numbered:
        words = " ".join(read_lines(line))
        draft = parse_action_line(words, known, today)
        if draft.problems:
            problems.append(f"Line {number}: {_without_list(draft.problems[0].words, known)}")
        elif not draft.title:
            problems.append(f"Line {number} doesn't say what will be done. Add a few words.")
        elif len(draft.title) > MOST_TITLE:
            problems.append(f"Line {number} has {len(draft.title)} characters. {MOST_TITLE} fit.")
        elif draft.owner is None:
            problems.append(f"Line {number} has no owner. Add one, such as “@{_somebody(known)}”.")
        elif draft.due is None:
            problems.append(f"Line {number} has no date. Add one, such as “by {_some_day(today)}”.")
        elif draft.due < today:
            problems.append(f"Line {number} has a day that has passed. Choose today or a later day.")
        else:
            own = None if draft.is_whole_coalition else draft.priority or priority
            found.append(NotedAction(title=draft.title, owner=draft.owner, due=draft.due, priority=own))
    if len(numbered) > MOST_LINES:
        problems.append(f"These are {len(numbered)} lines. {MOST_LINES} fit; add the rest afterwards.")
    return tuple(found), tuple(problems)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which new text takes the place of which old one (by index), which are new, and which are gone."""

    kept: tuple[tuple[int, int], ...]  # (old, new)
    added: tuple[int, ...]
    gone: tuple[int, ...]


def pair(old: Sequence[str], new: Sequence[str]) -> Pairing:
    """Matches edited lines with those that are there: the same words first, then what is left in order.

    What is left of the old ones without a partner is gone, so that an edit never makes a second of anything.
    """
    left_old, left_new = list(range(len(old))), list(range(len(new)))
    kept: list[tuple[int, int]] = []
    for index in list(left_new):
        same = next((one for one in left_old if old[one] == new[index]), None)
        if same is not None:
            kept.append((same, index))
            left_old.remove(same)
            left_new.remove(index)
    in_order = list(zip(left_old, left_new, strict=False))
    kept += in_order
    return Pairing(
        kept=tuple(sorted(kept)),
        added=tuple(left_new[len(in_order) :]),
        gone=tuple(left_old[len(in_order) :]),
    )


def _without_list(problem: str, known: ActionLineContext) -> str:
    """A line's problem where there is no list to choose from."""
    named = problem.replace(CHOOSE_SOMEBODY, f"Write a member's name, such as “@{_somebody(known)}”.")
    return named.replace(CHOOSE_ONE, "Write the whole name.")


def _somebody(known: ActionLineContext) -> str:
    return next((one.id for one in known.members), "name")


def _some_day(today: date) -> str:
    return day(today + timedelta(days=7), today)
