"""Rounds of a stocktake go along with the meeting that they lead to. A step for services: whatever moved the meeting.

Who moves a meeting calls it at once, at the end of its transaction; the rhythm does at each change of anything, so that
an import, a series that changed and a check-in that was just added are followed too. Twice is once.
"""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.checkins import followed, followed_rounds, following_checkins
from bot.domain.rhythm import Followed
from bot.services.access import OnRecord, locked_row
from bot.store.checkins import RoundRow
from bot.store.rhythm import CadenceRow

_GONE = "I can't find this check-in anymore."


async def follow_meetings(tx: OnRecord) -> tuple[Followed, ...]:
    """Moves each round that has not opened to as long ahead of its meeting as usual; those that open elsewhere now. The
    record must be as it is by now."""
    found: list[Followed] = []
    for checkin in following_checkins(tx.record):
        # Asked without the lock first: nearly always there is nothing to do.
        if followed(tx.record, checkin, tx.now) == checkin:
            continue
        row = await locked_row(tx, CadenceRow, checkin.id, _GONE)
        held = await tx.read()
        known = next(one for one in held.record.cadences if one.id == checkin.id)
        planned = await tx.values(select(RoundRow.slot).where(RoundRow.cadence_id == row.id))
        changed = followed(held.record, known, tx.now, planned)
        if changed != known:
            await tx.writer().put(changed, known, row=row)
            found += followed_rounds(known, changed)
    return tuple(found)
