"""What somebody typed in a form and did not send, kept for them for some days under the form's name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.services.access import Actor, Service
from bot.services.drafts.drafts import KEPT, Drafts

_DRAFTS = Drafts("form", "I keep what was typed for a week only.")


class FormWords(Service):
    """Use cases around unsent forms. `form` names the form and what it is about; `entered` is opaque here."""

    async def keep(self, actor: Actor, form: str, entered: Mapping[str, Any]) -> None:
        """Keeps what stands in it, in place of what was kept before."""
        actor.require("formwords.keep")
        now = self.calendar.now()
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            await _DRAFTS.keep(session, actor, _token(form), entered, now)

    async def kept(self, actor: Actor, form: str) -> Mapping[str, Any] | None:
        """What this person had entered; None where nothing is kept any more."""
        actor.require("formwords.kept")
        async with self.database.read(actor.coalition_id) as session:
            row = await _DRAFTS.find(session, actor, _token(form))
            if row is None or row.saved_at < self.calendar.now() - KEPT:
                return None
            entered: Mapping[str, Any] = row.values
            return entered

    async def drop(self, actor: Actor, form: str) -> None:
        """It was sent."""
        actor.require("formwords.drop")
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            row = await _DRAFTS.find(session, actor, _token(form))
            if row is not None:
                await session.delete(row)


def _token(form: str) -> str:
    # What an earlier version kept has another shape, and is left alone.
    return hashlib.sha256(f"2:{form}".encode()).hexdigest()[:32]
