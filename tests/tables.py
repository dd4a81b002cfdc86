"""Tables of cases, tried by one test: each case as a test of its own costs more than what is tried. pytest's subtests
would show a failure as well, but report each case that passed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import indent
from traceback import extract_tb
from typing import Any

import pytest

_LONGEST = 200  # characters of a case's name
# One that is skipped would hide those after it.
_FAILED = (Exception, pytest.fail.Exception, pytest.skip.Exception)


def on_each(
    names: str | Sequence[str], cases: Iterable[Any], *, ids: Callable[[Any], object] | Sequence[str] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """As `pytest.mark.parametrize`, but the test tries all of the cases, and shows each that differs.

    For what changes nothing that another case would meet. Fixtures are the same ones for all cases.
    """
    named = [one.strip() for one in names.split(",")] if isinstance(names, str) else list(names)
    rows = [_row(named, number, case, ids) for number, case in enumerate(cases)]
    assert rows, "there is nothing to try"

    def decorate(test: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(test):

            async def try_all(**others: Any) -> None:
                __tracebackhide__ = True
                differing = []
                for name, case in rows:
                    try:
                        await test(**case, **others)
                    except _FAILED as error:
                        differing.append((name, error))
                _tell(differing, len(rows), test.__code__.co_filename)
        else:

            def try_all(**others: Any) -> None:  # type: ignore[misc]
                __tracebackhide__ = True
                differing = []
                for name, case in rows:
                    try:
                        test(**case, **others)
                    except _FAILED as error:
                        differing.append((name, error))
                _tell(differing, len(rows), test.__code__.co_filename)

        try_all.__name__, try_all.__qualname__ = test.__name__, test.__qualname__
        try_all.__doc__, try_all.__module__ = test.__doc__, test.__module__
        # Marks that stand below, and what pytest is to give: the rest of the test's parameters.
        try_all.__dict__.update(test.__dict__)
        signature = inspect.signature(test)
        rest = [one for one in signature.parameters.values() if one.name not in named]
        assert len(rest) + len(named) == len(signature.parameters), f"{named} are not what the test takes"
        try_all.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
        return try_all

    return decorate


def _row(
    named: Sequence[str], number: int, case: Any, ids: Callable[[Any], object] | Sequence[str] | None
) -> tuple[str, Mapping[str, Any]]:
    values: Sequence[Any] = (case,) if len(named) == 1 else case
    name = None
    if isinstance(case, type(pytest.param())):
        assert not case.marks, "a case with marks is a test of its own"
        values, name = case.values, case.id
    elif isinstance(ids, Sequence):
        name = ids[number]
    elif ids is not None:
        name = ", ".join(str(ids(value)) for value in values)
    return str(name or ", ".join(map(_short, values))), dict(zip(named, values, strict=True))


def _short(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _tell(differing: Sequence[tuple[str, BaseException]], count: int, file: str) -> None:
    __tracebackhide__ = True
    if differing:
        said = [indent(f"{name}\n{_why(error, file)}", "  ") for name, error in differing]
        pytest.fail("\n".join([f"{len(differing)} of {count} cases:", *said]), pytrace=False)


def _why(error: BaseException, file: str) -> str:
    """What went wrong, and in which line of the test."""
    own = [frame for frame in extract_tb(error.__traceback__) if frame.filename == file]
    where = f"line {own[0].lineno}: " if own else ""
    return indent(f"{where}{type(error).__name__}: {error}", "  ")
