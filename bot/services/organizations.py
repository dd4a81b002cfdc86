"""Organizations and groups as people look for them."""

from __future__ import annotations

from bot.services.actors import Actor
from bot.services.base import Service
from bot.store.record_view import read_record


class Organizations(Service):
    """Questions about organizations and groups."""

    async def search(self, actor: Actor, typed: str) -> tuple[tuple[str, str], ...]:
        """(id, name) of the organizations and groups whose name holds what was typed; those that begin with it first.

        In file order otherwise, organizations before groups.
        """
        actor.require("organizations.search")
        async with self.database.read() as session:
            record = await read_record(session, actor.coalition_id)
        wanted = typed.strip().casefold()
        known = [(item.id, item.name) for item in record.organizations]
        known += [(item.id, item.name) for item in record.groups]
        found = [pair for pair in known if wanted in pair[1].casefold()]
        return tuple(sorted(found, key=lambda pair: not pair[1].casefold().startswith(wanted)))
