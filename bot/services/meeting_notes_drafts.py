"""What was typed into the form of meeting notes, kept for its writer for some days until it is posted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.meeting_notes import NotesInput
from bot.domain.meetings import MeetingRef
from bot.errors import UserError
from bot.services.actors import Actor
from bot.store.checkins import DraftRow

KEPT = timedelta(days=7)
SUBJECT = "notes:"


async def keep_notes(
    session: AsyncSession, actor: Actor, token: str, ref: MeetingRef, typed: NotesInput, version: int, now: datetime
) -> None:
    """Keeps what was typed for some days; what nobody posted meanwhile goes."""
    mine = DraftRow.member_id == actor.member_id
    await session.execute(
        delete(DraftRow).where(mine, DraftRow.subject.startswith(SUBJECT), DraftRow.saved_at < now - KEPT)
    )
    values = {
        "ref": ref.key,
        "version": version,
        "present": list(typed.present),
        "decided": typed.decided,
        "actions": typed.actions,
        "parked": typed.parked,
    }
    row = await session.scalar(select(DraftRow).where(mine, DraftRow.subject == f"{SUBJECT}{token}"))
    if row is not None:
        row.values, row.saved_at = values, now
    else:
        session.add(
            DraftRow(
                coalition_id=actor.coalition_id,
                member_id=actor.member_id,
                subject=f"{SUBJECT}{token}",
                values=values,
                saved_at=now,
            )
        )
    await session.flush()


async def kept_notes(session: AsyncSession, actor: Actor, token: str) -> Mapping[str, Any]:
    """What was kept under `token`. Raises UserError once it is gone."""
    found: Mapping[str, Any] | None = await session.scalar(
        select(DraftRow.values).where(
            DraftRow.coalition_id == actor.coalition_id,
            DraftRow.member_id == actor.member_id,
            DraftRow.subject == f"{SUBJECT}{token}",
        )
    )
    if found is None:
        raise UserError("I keep such a form for a week only. Open it again with “meeting notes”.")
    return found


def ref_of(values: Mapping[str, Any]) -> MeetingRef:
    """The occurrence that kept values are about."""
    found = MeetingRef.read(values["ref"])
    assert found is not None
    return found


def input_of(values: Mapping[str, Any]) -> NotesInput:
    """Kept values as they were typed."""
    return NotesInput(
        present=tuple(values["present"]),
        decided=values["decided"],
        actions=values["actions"],
        parked=values["parked"],
    )
