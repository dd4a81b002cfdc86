"""How often an action's date has moved, when and why: a list that each move adds to, and nothing else changes. Pure.

From the third move on, whoever moves it is asked whether to renew it, drop it or get help.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from bot.domain.actions.forms import NEW_DUE, STATUS, questions_about_actions
from bot.domain.record import ActionItem, ActionMove, Record
from bot.domain.required_if import evaluate
from bot.domain.vocabularies import MoveAnswer
from bot.domain.wording import day

ASKS_FROM = 3
RENEWED, HELP_ASKED = MoveAnswer.RENEWED.value, MoveAnswer.HELP_ASKED.value
_CLOSED = ("done", "cancelled")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ANSWERS = {RENEWED: "renewed", HELP_ASKED: "help asked for"}

Moves = tuple[ActionMove, ...]


def moved_to(action: ActionItem, due: date, reason: str | None, today: date) -> Moves:
    """The moves of an action that gets another date."""
    return (*action.moves, ActionMove(before=action.due, to=due, on=today, reason=reason))


def answered(moves: Moves, answer: str) -> Moves:
    """The same moves, with what was said about the last one."""
    return (*moves[:-1], replace(moves[-1], answer=answer))


def answer_of(moves: Moves) -> str | None:
    """What was said when the last move asked, if it was."""
    return moves[-1].answer if moves else None


def reason_of(moves: Moves) -> str | None:
    """Why the date moved the last time."""
    return moves[-1].reason if moves else None


def is_asked(action: ActionItem) -> bool:
    """Whether an action's third or a later move asks to renew it, drop it or get help."""
    return action.status not in _CLOSED and len(action.moves) >= ASKS_FROM and answer_of(action.moves) is None


def joined(live: Moves, file: Moves) -> Moves:
    """The moves of an action that a file tells of too: what the file knows beyond these follows them."""
    unseen = Counter(replace(one, answer=None) for one in live)
    news = []
    for one in file:
        bare = replace(one, answer=None)
        if unseen[bare]:
            unseen[bare] -= 1
        else:
            news.append(one)
    return (*live, *news)


def imported(before: ActionItem, after: ActionItem, today: date) -> Moves:
    """The moves of an open action after an import: a date that the file changes counts, told by the file or not."""
    last = after.moves[-1] if len(after.moves) > len(before.moves) else None
    if after.due == before.due or after.status in _CLOSED or (last is not None and last.to == after.due):
        return after.moves
    return moved_to(replace(before, moves=after.moves), after.due, None, today)


def ordinal(count: int) -> str:
    """Which time it is: "third", "12th"."""
    return _ORDINALS[count - 1] if 0 < count <= len(_ORDINALS) else f"{count}th"


def moves_words(moves: Moves, today: date) -> str | None:
    """What is known of the last move: "from Nov 20, third time, renewed: Legal is closed"."""
    if not moves:
        return None
    last = moves[-1]
    words = f"from {day(last.before, today)}" if last.before is not None else "from another day"
    words += f", {ordinal(len(moves))} time" if len(moves) > 1 else ""
    words += f", {answer_words(last.answer)}" if last.answer else ""
    return f"{words}: {last.reason}" if last.reason else words


def answer_words(answer: str) -> str:
    """What was said when a move asked."""
    return _ANSWERS[answer]


def wants_reason(record: Record, action: ActionItem) -> bool:
    """Whether the coalition's question about actions wants a reason for a new date."""
    reason = questions_about_actions(record).reason
    given = {STATUS: action.status, NEW_DUE: action.due.isoformat()}
    return reason.required or (reason.required_if is not None and evaluate(reason.required_if, given))
