"""The north star: what it says, and its figure. The figure itself is set up and recorded like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.coalition import NorthStarCard, goals_of, plan_of, read_plan, with_plan
from bot.domain.record import Record
from bot.domain.rights import METHODS
from bot.domain.typed import Marks, edit_of, require_no_clash
from bot.errors import Refused
from bot.services.access import Actor, Service
from bot.services.people import admin_name
from bot.services.targets import refresh_targets
from bot.store.coalition import CoalitionRow
from bot.store.record import write_coalition


class NorthStars(Service):
    """Use cases around the north star."""

    async def card(self, actor: Actor) -> NorthStarCard:
        """What it says now."""
        async with self.looking(actor, "northstars.card") as tx:
            return _card(actor, await tx.read_present())

    async def form(self, actor: Actor) -> NorthStarCard:
        """The same, for whoever may change it."""
        record = await self.read_record(actor, to_change=True)
        _require_editor(actor, record, "northstars.form")
        return _card(actor, record)

    async def edit(self, actor: Actor, opened: Marks, answers: Mapping[str, str | None]) -> NorthStarCard:
        """Changes what it says, its yearly goals, and whether everybody may read it; `opened` are the marks that the
        form was opened with. Raises Mistakes."""
        async with self.changing(actor, alone=True) as tx:
            _require_editor(actor, tx.record, "northstars.edit")
            star = tx.record.coalition.north_star
            unit = star.metric.unit if star is not None and star.metric is not None else ""
            edit = edit_of(opened, plan_of(star), read_plan(answers, unit, tx.today))
            require_no_clash(edit.clashes)
            if edit.changes:
                changed, before = with_plan(star, edit.changes), tx.record
                tx = tx.on(replace(tx.record, coalition=replace(tx.record.coalition, north_star=changed)))
                write_coalition(await tx.session.get_one(CoalitionRow, actor.coalition_id), tx.record)
                await refresh_targets(tx, before, tx.record)
            return _card(actor, tx.record)


def _card(actor: Actor, record: Record) -> NorthStarCard:
    star = record.coalition.north_star
    metric = star.metric if star is not None else None
    return NorthStarCard(
        statement=star.statement if star is not None else None,
        metric=(metric.id, metric.name) if metric is not None else None,
        may_edit=actor.standing.may(METHODS["northstars.edit"]),
        goals=goals_of(star) if star is not None else (),
        unit=metric.unit if metric is not None else "",
        public=star is not None and star.public,
    )


def _require_editor(actor: Actor, record: Record, method: str) -> None:
    if not actor.standing.may(METHODS[method]):
        raise Refused(f"The north star is set by admins. {admin_name(record)} can help.")
