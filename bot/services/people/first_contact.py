"""The first message that a person gets, and their word that it is right."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.outbox import Kind
from bot.services.access import Actor, Service
from bot.services.outbox import queue_updates_of
from bot.store.outbox import DeliveryRow, posts_of


class FirstContacts(Service):
    """Use cases around first contact."""

    async def confirm(self, actor: Actor) -> bool:
        """The person pressed the button: their first message says thanks from now on. Twice is the same as once.

        Returns whether it was not said before.
        """
        async with self.writing(actor, "firstcontacts.confirm", also_ended=True) as tx:
            posts = await tx.session.scalars(
                select(DeliveryRow).where(
                    posts_of(actor.coalition_id, Kind.PROMPTS), DeliveryRow.member_id == actor.member_id
                )
            )
            first = [row for row in posts if row.subject.get("first_contact") and not row.subject.get("confirmed")]
            for row in first:
                row.subject = {**row.subject, "confirmed": True}
            await queue_updates_of(tx, first)
            return bool(first)
