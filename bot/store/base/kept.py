"""Statements that are put together once and kept, with what differs as parameters."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import BindParameter, Executable

E = TypeVar("E", bound=Executable)

_PREPARED = "prepared"


class _Given(BindParameter[Any]):
    """A parameter that is not compared as a column is: SQLAlchemy puts each one and its copies into one dictionary with
    every execution, and made an expression of each comparison, to ask it for the very thing that is asked here."""

    inherit_cache = True
    __hash__ = BindParameter.__hash__

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return hash(self) == hash(other)


def parameter(name: str, **value: Any) -> BindParameter[Any]:
    """A parameter of a prepared statement."""
    return _Given(name, **value)


def prepared(query: E) -> E:
    """A statement that is put together once and kept, with what differs as parameters: the condition is added once too.

    Putting one together and telling it from others takes several times as long as to run it.
    """
    return query.execution_options(**{_PREPARED: True})


def is_prepared(query: Executable) -> bool:
    """Whether a statement is kept."""
    return bool(query.get_execution_options().get(_PREPARED))
