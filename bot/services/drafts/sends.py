"""Forms that were stored: the same one sent again is answered as before, and with corrections it changes what it made.

What a form stored is kept with marks of what was entered. Sent again, it counts as opened with those marks: what is
entered otherwise now is the correction, and what somebody else changed meanwhile is told, as in any form. Steps for
services, in their transaction; what a correction may change each of them decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.domain.typed import Edit, Marks, P, edit_of, marks_of
from bot.errors import UserError
from bot.services.access import ByActor
from bot.store.checkins import SubmissionRow

_REPLY, _MARKS = "reply", "marks"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was stored: what it was answered, and marks of what was entered.

    Where reading a form depends on what is so by then, its answers are kept with them, as "answers".
    """

    reply: Mapping[str, Any]
    marks: Marks

    def is_same(self, typed: Mapping[str, object]) -> bool:
        """Whether the same was entered."""
        return all(self.marks.get(name) == mark for name, mark in marks_of(typed).items())

    def edit(self, now: Mapping[str, object], typed: P) -> Edit[P]:
        """What the correction changes of the values that are so `now`."""
        return edit_of(self.marks, typed if self.is_same(typed) else now, typed)


async def sent_before(tx: ByActor, key: str) -> Sent | None:
    """What the form of this key stored before."""
    row = await _row(tx, key)
    if row is None:
        return None
    # Without marks it was stored before they were kept: whatever differs from what is so now counts as entered anew.
    return Sent(row.reply[_REPLY], row.reply[_MARKS]) if _MARKS in row.reply else Sent(row.reply, {})


async def keep_sent(tx: ByActor, key: str, reply: Mapping[str, Any], typed: Mapping[str, object]) -> None:
    """Keeps what a form was answered and what was entered, in place of what it was answered before."""
    row = await _row(tx, key)
    if row is None:
        row = SubmissionRow(coalition_id=tx.coalition_id, key=key, values_hash="", created_at=tx.now)
        tx.session.add(row)
    row.reply = {_REPLY: dict(reply), _MARKS: marks_of(typed)}


def require_same_proposal(sent: Sent, typed: Mapping[str, object]) -> None:
    """Raises UserError for a correction of what waits for a decision already: its voters have read it as it was."""
    if not sent.is_same(typed):
        raise UserError(
            f"This was proposed as {sent.reply['decision']} a moment ago. Take that back first, then propose it as it "
            "is now."
        )


async def _row(tx: ByActor, key: str) -> SubmissionRow | None:
    found: SubmissionRow | None = await tx.session.scalar(
        select(SubmissionRow).where(tx.owns(SubmissionRow), SubmissionRow.key == key)
    )
    return found
