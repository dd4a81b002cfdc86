"""What was typed into the form of meeting notes, kept for its writer for some days until it is posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.meetings import MeetingRef, NotesInput
from bot.domain.packing import pack
from bot.services.access import Actor
from bot.services.drafts import Drafts

DRAFTS = Drafts("notes", "I keep such a form for a week only. Open it again with “meeting notes”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNotes:
    """What was typed about one occurrence, and the version of the notes that the form showed."""

    ref: str
    version: int
    present: tuple[str, ...]
    decided: str
    actions: str
    parked: str

    @property
    def meeting(self) -> MeetingRef:
        """The occurrence."""
        found = MeetingRef.read(self.ref)
        assert found is not None
        return found

    @property
    def typed(self) -> NotesInput:
        """As it was typed."""
        return NotesInput(present=self.present, decided=self.decided, actions=self.actions, parked=self.parked)


async def keep_notes(
    session: AsyncSession, actor: Actor, token: str, ref: MeetingRef, typed: NotesInput, version: int, now: datetime
) -> None:
    """Keeps what was typed for some days; what nobody posted meanwhile goes."""
    await DRAFTS.keep(session, actor, token, {"ref": ref.key, "version": version, **pack(typed)}, now)


async def kept_notes(session: AsyncSession, actor: Actor, token: str) -> KeptNotes:
    """What was kept under `token`. Raises UserError once it is gone."""
    return await DRAFTS.kept(session, actor, token, KeptNotes)
