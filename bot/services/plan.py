"""The plan on a page, for whoever reads it, and the page that everybody may read."""

from __future__ import annotations

from datetime import datetime

from bot.domain.digests import Digest, compose
from bot.domain.known import in_coalition_time, known_at
from bot.domain.plan import Plan, PublicPlan, plan_of, public_plan, sight_of_plan
from bot.domain.record import Record
from bot.services.access import Actor, Service
from bot.store.record import read_record


class Plans(Service):
    """Use cases around the plan as a whole. How priorities and metrics are planned is their own nouns'."""

    async def page(self, actor: Actor, moment: datetime | None = None) -> Plan:
        """The plan as this person reads it, as of a moment (None: now)."""
        actor.require("plans.page")
        known, digest = await self._known(actor, moment)
        member = next((one for one in known.members if one.id == actor.key), None)
        return plan_of(known, digest, sight_of_plan(known, actor.standing, member))

    async def public(self, actor: Actor, moment: datetime | None = None) -> PublicPlan:
        """What the coalition has marked public, as of a moment (None: now); the marks are those of that moment too."""
        actor.require("plans.public")
        return public_plan(*await self._known(actor, moment))

    async def _known(self, actor: Actor, moment: datetime | None) -> tuple[Record, Digest]:
        at = moment or self.calendar.now()
        async with self.looking(actor) as tx:
            record = await read_record(tx.session, actor.coalition_id, at)
        return known_at(record, in_coalition_time(record, at)), compose(record, at)
