"""How often an action's date has moved, and why: kept in its note, so that it travels with the action. Pure.

From the third move on, whoever moves it is asked whether to renew it, drop it or get help.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.action_forms import NEW_DUE, STATUS, questions_about_actions
from bot.domain.record import ActionItem, Record
from bot.domain.required_if import evaluate
from bot.domain.wording import day

ASKS_FROM = 3
RENEWED, HELP_ASKED = "Renewed", "Help asked for"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NOTE = re.compile(
    rf"(?:(?P<answer>{RENEWED}|{HELP_ASKED})\. )?Moved from (?P<day>[A-Z][a-z]{{2}} \d{{1,2}}(?:, \d{{4}})?)"
    r"(?:, (?P<nth>[a-z]+|\d+th) time)?(?:: (?P<reason>.*))?"
)


@dataclass(frozen=True, slots=True)
class Moves:
    """What an action's note tells of its moves. `answer`: what was said when the third one asked."""

    count: int = 0
    reason: str | None = None
    answer: str | None = None
    before: str = ""  # the day that it was moved from


NONE = Moves()


def moves_of(note: str | None) -> Moves:
    """The moves that a note tells of; none where it says something else."""
    found = _NOTE.fullmatch(note or "")
    if found is None:
        return NONE
    nth = found["nth"]
    count = 1 if nth is None else _ORDINALS.index(nth) + 1 if nth in _ORDINALS else int(nth.rstrip("th") or 0)
    return Moves(count=count, reason=found["reason"], answer=found["answer"], before=found["day"])


def moved_note(action: ActionItem, reason: str | None, today: date) -> str:
    """The note of an action that moves once more."""
    return _written(Moves(moves_of(action.note).count + 1, reason, None, day(action.due, today)))


def answered_note(note: str | None, answer: str) -> str:
    """The same note, with what was said about the third move."""
    known = moves_of(note)
    return _written(Moves(known.count, known.reason, answer, known.before))


def is_asked(action: ActionItem) -> bool:
    """Whether an action's third or a later move asks to renew it, drop it or get help."""
    return asks_about(action.status, action.note)


def asks_about(status: str, note: str | None) -> bool:
    """The same of a status and a note."""
    known = moves_of(note)
    return status not in ("done", "cancelled") and known.count >= ASKS_FROM and known.answer is None


def ordinal(count: int) -> str:
    """Which time it is: "third", "12th"."""
    return _ORDINALS[count - 1] if 0 < count <= len(_ORDINALS) else f"{count}th"


def wants_reason(record: Record, action: ActionItem) -> bool:
    """Whether the coalition's question about actions wants a reason for a new date."""
    reason = questions_about_actions(record).reason
    given = {STATUS: action.status, NEW_DUE: action.due.isoformat()}
    return reason.required or (reason.required_if is not None and evaluate(reason.required_if, given))


def _written(moves: Moves) -> str:
    answer = f"{moves.answer}. " if moves.answer else ""
    nth = f", {ordinal(moves.count)} time" if moves.count > 1 else ""
    reason = f": {moves.reason}" if moves.reason else ""
    return f"{answer}Moved from {moves.before}{nth}{reason}"
