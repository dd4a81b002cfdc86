"""Keeps a session to one coalition: whatever it reads or changes through mapped classes is that coalition's.

A row of another one is not there, by whatever key it was asked for; so a forged id is an unknown one everywhere, and
no query has to remember the condition.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Executable, event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from bot.store.base import OfCoalition, is_prepared, parameter

E = TypeVar("E", bound=Executable)

_SCOPE = "coalition"


def keep_to(session: AsyncSession, coalition_id: int) -> None:
    """From now on this session knows rows of this coalition only."""
    session.sync_session.info[_SCOPE] = coalition_id


def scope_of(session: Session) -> int | None:
    """The coalition that a session is kept to; None for the program's own work on all of them."""
    found: int | None = session.info.get(_SCOPE)
    return found


@lru_cache(maxsize=1000)
def _of(coalition_id: int) -> LoaderCriteriaOption:
    """Made once for a coalition: making it takes as long as a small query."""
    kept_to = parameter("kept_to", value=coalition_id)
    return with_loader_criteria(OfCoalition, lambda row: row.coalition_id == kept_to, include_aliases=True)


@lru_cache(maxsize=4000)
def _kept(query: E, coalition_id: int) -> E:
    return query.options(_of(coalition_id))


@event.listens_for(Session, "do_orm_execute")
def _add_the_condition(state: ORMExecuteState) -> None:
    coalition_id = scope_of(state.session)
    # What is loaded later of a row that is there already is that row's.
    if coalition_id is None or state.is_column_load or state.is_relationship_load or state.is_insert:
        return
    if is_prepared(state.statement):
        state.statement = _kept(state.statement, coalition_id)
    else:
        state.statement = state.statement.options(_of(coalition_id))


@event.listens_for(Session, "before_flush")
def _refuse_to_write_elsewhere(session: Session, _context: UOWTransaction, _instances: object) -> None:
    coalition_id = scope_of(session)
    if coalition_id is None:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, OfCoalition) and row.coalition_id != coalition_id:
            raise RuntimeError(f"a row of {type(row).__tablename__} of another coalition")  # type: ignore[attr-defined]
