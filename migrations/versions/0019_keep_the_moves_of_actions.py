"""Keep each move of an action's date by itself; until now its note told of the last one and how often it had moved."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ACTIONS = sa.table(
    "action_items",
    sa.column("id", sa.Integer()),
    sa.column("due", sa.Date()),
    sa.column("note", sa.Text()),
    sa.column("moves", sa.Text()),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ANSWERS = {"Renewed": "renewed", "Help asked for": "help_asked"}
_NOTE = re.compile(
    rf"(?:(?P<answer>{'|'.join(_ANSWERS)})\. )?"
    rf"Moved from (?P<month>{'|'.join(_MONTHS)}) (?P<day>\d{{1,2}})(?:, (?P<year>\d{{4}}))?"
    r"(?:, (?P<nth>[a-z]+|\d+th) time)?(?:: (?P<reason>.*))?"
)


def upgrade() -> None:
    op.add_column("action_items", sa.Column("moves", sa.Text(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_ACTIONS.c.id, _ACTIONS.c.due, _ACTIONS.c.note)).all():
        moves = _moves_of(row.note, row.due)
        if moves:
            kept = json.dumps(moves, ensure_ascii=False, separators=(",", ":"))
            connection.execute(_ACTIONS.update().where(_ACTIONS.c.id == row.id).values(moves=kept, note=None))


def downgrade() -> None:
    connection = op.get_bind()
    told = sa.select(_ACTIONS.c.id, _ACTIONS.c.moves).where(_ACTIONS.c.moves.is_not(None), _ACTIONS.c.note.is_(None))
    for row in connection.execute(told).all():
        note = _note_of(json.loads(row.moves))
        connection.execute(_ACTIONS.update().where(_ACTIONS.c.id == row.id).values(note=note))
    op.drop_column("action_items", "moves")


def _moves_of(note: str | None, due: date) -> list[dict[str, Any]]:
    """As many moves as a note tells of. Of all but the last nothing is known but that they were."""
    found = _NOTE.fullmatch(note or "")
    if found is None:
        return []
    nth = found["nth"]
    count = 1 if nth is None else _ORDINALS.index(nth) + 1 if nth in _ORDINALS else int(nth.removesuffix("th"))
    before = _day(found["month"], int(found["day"]), found["year"], due)
    return [
        *([_move()] * (count - 1)),
        _move(
            before={"$date": before.isoformat()} if before is not None else None,
            to={"$date": due.isoformat()},
            reason=found["reason"],
            answer=_ANSWERS.get(found["answer"] or ""),
        ),
    ]


def _move(**known: Any) -> dict[str, Any]:
    return {"before": None, "to": None, "on": None, "reason": None, "answer": None, "extra": {}} | known


def _day(month: str, day: int, year: str | None, due: date) -> date | None:
    """The day that a note names. Its year was left out where it was the year of the move: the one nearest to `due`."""
    years = [int(year)] if year else [due.year, due.year - 1, due.year + 1]
    found = []
    for one in years:
        try:
            found.append(date(one, _MONTHS.index(month) + 1, day))
        except ValueError:
            continue
    return min(found, key=lambda one: abs(one - due), default=None)


def _note_of(moves: list[dict[str, Any]]) -> str | None:
    last = moves[-1]
    if last["before"] is None:
        return None
    before = date.fromisoformat(last["before"]["$date"])
    answer = next((f"{words}. " for words, kept in _ANSWERS.items() if kept == last["answer"]), "")
    nth = _ORDINALS[len(moves) - 1] if len(moves) <= len(_ORDINALS) else f"{len(moves)}th"
    times = f", {nth} time" if len(moves) > 1 else ""
    reason = f": {last['reason']}" if last["reason"] else ""
    return f"{answer}Moved from {_MONTHS[before.month - 1]} {before.day}, {before.year}{times}{reason}"
