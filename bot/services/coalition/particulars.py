"""What the coalition is called, and how figures and dates are written in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.coalition import (
    CoalitionForm,
    form_of_coalition,
    plan_of_coalition,
    read_coalition,
    with_coalition_plan,
)
from bot.domain.typed import Marks, edit_of, require_no_clash
from bot.services.access import Actor, Service
from bot.store.coalition import CoalitionRow
from bot.store.record import write_coalition


class CoalitionParticulars(Service):
    """Use cases around the coalition's own few fields."""

    async def form(self, actor: Actor) -> CoalitionForm:
        """What they are now, for whoever may change them."""
        async with self.reading(actor, "coalitionparticulars.form", to_change=True) as tx:
            return form_of_coalition(tx.record.coalition, tx.today)

    async def edit(self, actor: Actor, opened: Marks, answers: Mapping[str, str | None]) -> CoalitionForm:
        """Changes what was touched; `opened` are the marks that the form was opened with. Raises Mistakes."""
        async with self.changing(actor, "coalitionparticulars.edit", alone=True) as tx:
            before = tx.record.coalition
            edit = edit_of(opened, plan_of_coalition(before), read_coalition(answers))
            require_no_clash(edit.clashes)
            after = with_coalition_plan(before, edit.changes)
            if after != before:
                row = await tx.session.get_one(CoalitionRow, actor.coalition_id)
                write_coalition(row, replace(tx.record, coalition=after))
            return form_of_coalition(after, tx.today)
