"""Every way to open a modal, found in what the handlers listen to and in what their functions do with a call."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from types import CodeType, ModuleType
from typing import Any, NamedTuple

from handlers import ACTIONS, SHORTCUTS, messages


class Way(NamedTuple):
    """One way: a button, a shortcut, a line or one with more typed behind it; its id or the line's words."""

    what: str
    name: str


BUTTON, SHORTCUT, LINE, WITH_MORE = "button", "shortcut", "line", "line with more"


@cache
def ways_to_open() -> Mapping[Way, Callable[..., Any]]:
    """All of them with their functions: one counts if any path through it opens or shows a view."""
    opening = {"open", "show", "open_in_home"}
    return {way: function for way, function in _all() if _done_to_a_call(function, set()) & opening}


def _all() -> Iterator[tuple[Way, Callable[..., Any]]]:
    for action, handler in ACTIONS.items():
        yield Way(BUTTON, action), handler
    for shortcut, handler in SHORTCUTS.items():
        yield Way(SHORTCUT, shortcut), handler
    for line in messages.LINES:
        yield Way(LINE, line.text), line.run
        if line.takes is not None:
            yield Way(WITH_MORE, line.text), line.takes


def _done_to_a_call(function: Callable[..., Any], seen: set[CodeType]) -> set[str]:
    """The methods of a `Call` that a handler uses, itself or by any function of the handlers that it names."""
    function = inspect.unwrap(function.func if isinstance(function, partial) else function)
    # What is read of the services stands in lambdas, which get no call.
    if function.__name__ == "<lambda>" or function.__code__ in seen:
        return set()
    seen.add(function.__code__)
    found: set[str] = set()
    for node in _nodes(function.__code__):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "call":
                found.add(node.attr)
                continue
            # A module of the handlers, a thing that one of them made, or the thing whose method this is.
            named = (function.__globals__ | _enclosed(function)).get(node.value.id)
            thing = getattr(function, "__self__", named) if node.value.id == "self" else named
            home = thing.__name__ if isinstance(thing, ModuleType) else type(thing).__module__
            if home.startswith("handlers."):
                found |= _of_another(getattr(thing, node.attr, None), seen)
        elif isinstance(node, ast.Name):
            found |= _of_another(function.__globals__.get(node.id), seen)
    for value in _enclosed(function).values():
        found |= _of_another(value, seen)
    return found


def _enclosed(function: Callable[..., Any]) -> dict[str, Any]:
    """What a function that another one made has of that one."""
    cells = function.__closure__ or ()
    return dict(zip(function.__code__.co_freevars, (cell.cell_contents for cell in cells), strict=True))


@cache
def _nodes(code: CodeType) -> tuple[ast.AST, ...]:
    """What a function is written of: most of them are named by many handlers."""
    return tuple(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(code)))))


def _of_another(value: Any, seen: set[CodeType]) -> set[str]:
    value = value.func if isinstance(value, partial) else value
    is_ours = (inspect.isfunction(value) or inspect.ismethod(value)) and value.__module__.startswith("handlers")
    return _done_to_a_call(value, seen) if is_ours else set()
