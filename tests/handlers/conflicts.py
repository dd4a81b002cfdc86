"""A form that is sent after what it is about has changed: nothing is stored, a sentence says why, no words are lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox import Person
from bot.slack.identifiers import Submission
from tests.handlers.forms import Open, Values
from tests.handlers.stage import Stage, words

Act = Callable[[Stage], Awaitable[Any]]


@dataclass(frozen=True)
class Conflict:
    """Somebody opens a form and fills it in, `meanwhile` happens, they send it and read `said`.

    `stores`: it is stored all the same, beside what the other did. `again`: what opens the form anew, where what they
    wrote has to stand in that.
    """

    submission: Submission
    who: str
    open: Open
    values: Values
    meanwhile: Act
    said: str
    stores: bool = False
    again: Open | None = None
    first: Act | None = None


def call(service: str, method: str, *arguments: Any, who: str = "dana", **named: Any) -> Act:
    """Somebody else does something by another way."""

    async def act(stage: Stage) -> None:
        await getattr(getattr(stage.services, service), method)(await stage.actor(who), *arguments, **named)

    return act


def sends(who: str, opened: Open, values: Values) -> Act:
    """Somebody else sends the same kind of form, and it is stored."""

    async def act(stage: Stage) -> None:
        person = stage.person(who)
        await opened(stage, person)
        await person.fill(values)
        before = await stage.stored()
        assert await person.submit() is None, who
        await stage.edge.drain()
        assert await stage.stored() != before, f"{who} changed nothing: {words(person.modal)}"
        await close(person)

    return act


def in_order(*acts: Act) -> Act:
    async def act(stage: Stage) -> None:
        for one in acts:
            await one(stage)

    return act


async def close(person: Person) -> None:
    if person.modal is not None:
        await person.close(is_cleared=True)


async def problems_of(stage: Stage, conflict: Conflict) -> list[str]:
    """What is wrong with how a conflict ends."""
    person = stage.person(conflict.who)
    if conflict.first is not None:
        await conflict.first(stage)
    await conflict.open(stage, person)
    await person.fill(conflict.values)
    await conflict.meanwhile(stage)
    before = await stage.stored()
    errors = await person.submit() or {}
    await stage.edge.drain()
    shown = "\n".join([*errors.values(), *(words(view) for view in person.modals)])
    wrong = []
    if conflict.said not in shown:
        wrong.append(f"they read: {shown}")
    if not conflict.stores and await stage.stored() != before:
        wrong.append(f"something was stored: {before}, then {await stage.stored()}")
    if conflict.again is not None:
        await close(person)
        await conflict.again(stage, person)
    held = shown + "".join(f"{view.drafts}{view.blocks}" for view in person.modals)
    lost = [text for text in conflict.values.values() if isinstance(text, str) and " " in text and text not in held]
    if lost and not conflict.stores:
        wrong.append(f"these words are lost: {lost}")
    await close(person)
    return wrong


async def play(stage: Stage, conflicts: Sequence[Conflict]) -> None:
    """All of them on one stage. Raises AssertionError with everything that is wrong."""
    wrong = {}
    for conflict in conflicts:
        try:
            found = await problems_of(stage, conflict)
        except (AssertionError, LookupError, TimeoutError) as error:
            found = [f"{type(error).__name__}: {error}; they see: {words(stage.person(conflict.who).modal)}"]
            await close(stage.person(conflict.who))
        if found:
            wrong[f"{conflict.submission} ({conflict.said})"] = found
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())
