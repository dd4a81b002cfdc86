"""Who sees an action, an issue or a decision: choosing it for one that is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.numbered import Sight, SightForm
from bot.domain.rights import can_help, is_restricted, readers_of_items
from bot.domain.typed import Marks, marks_of
from bot.errors import Refused, UserError
from bot.services.access import Actor, OnRecord, Service, UseCase
from bot.services.actions import ACTION, read_view, refresh_actions
from bot.services.decisions import DECISION, announce_decision, read_decisions
from bot.services.issues import ISSUE, announce_issue, read_issues
from bot.services.numbered import Noun, NumberedView, keepers, require_keeper
from bot.store.actions import ActionItemRow
from bot.store.decisions import DecisionRow
from bot.store.issues import IssueRow


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What is asked of each noun."""

    noun: Noun[Any]
    table: type[Any]
    view: Callable[[UseCase], Awaitable[NumberedView[Any]]]
    may: str  # the view's method that says who may choose
    told: Callable[[OnRecord, Any], Awaitable[None]]  # everything that was said of it is shown anew


async def _refresh(tx: OnRecord, action: Any) -> None:
    await refresh_actions(tx, [action.id])


_KINDS = {
    "A": _Kind(noun=ACTION, table=ActionItemRow, view=read_view, may="may_change", told=_refresh),
    "I": _Kind(
        noun=ISSUE, table=IssueRow, view=lambda tx: read_issues(tx, tx.actor), may="may_change", told=announce_issue
    ),
    "D": _Kind(
        noun=DECISION,
        table=DecisionRow,
        view=lambda tx: read_decisions(tx, tx.actor),
        may="may_set_aside",
        told=announce_decision,
    ),
}


class Visibilities(Service):
    """Use cases around who sees one of them, by its id. Each raises Refused for somebody who may not choose."""

    async def form(self, actor: Actor, key: str) -> SightForm:
        """The form in which is chosen who sees one."""
        async with self.reading(actor, to_change=True) as tx:
            thing = await _changeable(tx, key)
            return SightForm(
                id=thing.id, title=thing.title, visibility=thing.visibility, keepers=keepers(tx, thing.visibility)
            )

    async def keep_to(self, actor: Actor, key: str, visibility: str, opened: Marks | None = None) -> Sight:
        """Keeps one to whom was chosen: everybody, the coordinators, or a group by its id. What was told stays told.

        `opened`: the marks of the form; what somebody else chose meanwhile is told instead.
        """
        async with self.writing(actor) as writing:
            kind = _kind(key)
            row = await kind.noun.locked(writing, kind.table, key)
            tx = await writing.read()
            before = await _changeable(tx, key)
            after = replace(before, visibility=visibility)
            if after != before:
                require_keeper(tx, after)
                if opened and marks_of({"visibility": before.visibility}) != opened:
                    raise UserError(
                        f"Somebody chose meanwhile who sees {before.id}. Close this and open it again.",
                        field="visibility",
                    )
                await tx.writer().put(after, before, row=row)
                await kind.told(await tx.read(), after)
            readers = readers_of_items(tx.record, None, after.visibility) if is_restricted(after) else ()
            return Sight(id=after.id, title=after.title, readers=readers, already=after == before)


def _kind(key: str) -> _Kind:
    found = _KINDS.get(key[:1].upper())
    if found is None:
        raise UserError("I can't find this anymore.")
    return found


async def _changeable(tx: UseCase, key: str) -> Any:
    kind = _kind(key)
    view = await kind.view(tx)
    thing = view.one(key)
    if not getattr(view, kind.may)(thing):
        who = "whoever may change it" if key[:1].upper() != "D" else "whoever may take it back"
        raise Refused(f"Who sees {thing.id} is chosen by {who}. {can_help(tx.record)}")
    return thing
