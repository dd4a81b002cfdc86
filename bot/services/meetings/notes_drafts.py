"""What was typed into the form of meeting notes, kept for its writer for some days until it is posted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.meetings import MeetingRef, NotesInput
from bot.services.access import Actor
from bot.services.drafts import Drafts

DRAFTS = Drafts("notes", "I keep such a form for a week only. Open it again with “meeting notes”.")


async def keep_notes(
    session: AsyncSession, actor: Actor, token: str, ref: MeetingRef, typed: NotesInput, version: int, now: datetime
) -> None:
    """Keeps what was typed for some days; what nobody posted meanwhile goes."""
    values = {
        "ref": ref.key,
        "version": version,
        "present": list(typed.present),
        "decided": typed.decided,
        "actions": typed.actions,
        "parked": typed.parked,
    }
    await DRAFTS.keep(session, actor, token, values, now)


async def kept_notes(session: AsyncSession, actor: Actor, token: str) -> Mapping[str, Any]:
    """What was kept under `token`. Raises UserError once it is gone."""
    return await DRAFTS.values(session, actor, token)


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
