"""How people come to forms: by a command, by a button of an answer or a message, or from another form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.files import sample_text
from bot.sandbox import Person
from bot.sandbox.views import View
from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, words
from tests.handlers.test_coalition_files import put_file
from tests.services.sample_pulse import open_pulse, tell_pulse

Open = Callable[[Stage, Person], Awaitable[None]]
Values = dict[str, Any]


def picked(key: str, name: str = "") -> dict[str, Any]:
    """One that was found by typing."""
    return {"value": key, "text": {"type": "plain_text", "text": name or key}}


def q(name: str) -> str:
    return encode_question(name)


async def filled(person: Person) -> View:
    """The form on top, once there is something to send."""
    await person.until(lambda: person.modal is not None and "submit" in person.modal.body)
    assert person.modal is not None
    return person.modal


def typed(command: str, text: str) -> Open:
    """The form that a command opens."""

    async def open_it(_stage: Stage, person: Person) -> None:
        heard = await person.command(command, text)
        assert heard.ok, heard
        await filled(person)

    return open_it


def pressed(command: str, text: str, button: str) -> Open:
    """The form behind a button of what a command answers."""

    async def open_it(_stage: Stage, person: Person) -> None:
        before = len(person.ephemerals)
        heard = await person.command(command, text)
        assert heard.ok, heard
        await person.until(lambda: len(person.ephemerals) > before)
        await person.press(person.ephemerals[-1], button)
        await filled(person)

    return open_it


async def pulse_asked(stage: Stage, person: Person) -> None:
    """The form of an anonymous check-in that is open for Imani."""
    await open_pulse(stage.services, stage.bot.coalition_id, "imani")
    await pressed("/checkin", "partner pulse", "Answer")(stage, person)


async def pulse_told(stage: Stage, person: Person) -> None:
    """What was done about what an anonymous round was answered."""
    await tell_pulse(stage.services, stage.bot.coalition_id)
    await pressed("/checkin", "partner pulse", "Say what was done")(stage, person)


def in_message(said: str, button: str) -> Open:
    """The form behind a button of the newest direct message that says so."""

    async def open_it(_stage: Stage, person: Person) -> None:
        message = next(one for one in reversed(person.dm()) if said in words(one))
        await person.press(message, button)
        await filled(person)

    return open_it


def after(first: Open, values: Values) -> Open:
    """The form that another form turns into."""

    async def open_it(stage: Stage, person: Person) -> None:
        await first(stage, person)
        await person.fill(values)
        before = person.modal
        assert await person.submit() is None
        await filled(person)
        assert person.modal is before, "the same view, with other words"

    return open_it


def on_top(below: Open, button: str) -> Open:
    """The form that a button of another form opens on top of it."""

    async def open_it(stage: Stage, person: Person) -> None:
        await below(stage, person)
        under = person.modal
        assert under is not None
        await person.press(under, button)
        await person.until(lambda: person.modal is not under)
        await filled(person)

    return open_it


async def import_file(stage: Stage, person: Person) -> None:
    await typed("/coalition", "import")(stage, person)
    text = sample_text().replace("name: Talent pathways", "name: Talent and training")
    await person.fill({"Coalition file": [{"id": put_file(stage, text).id}]})


async def figure_table(stage: Stage, person: Person) -> None:
    await typed("/metric", "import")(stage, person)
    table = "metric,value,period_end\nfa-seats,140,2026-10-31\n"
    await person.fill({"Table of figures": [{"id": put_file(stage, table, "figures.csv").id}]})


async def figure_table_confirm(stage: Stage, person: Person) -> None:
    await figure_table(stage, person)
    await person.submit()
    await person.until(lambda: person.modal is not None and "140 seats" in words(person.modal))


async def import_confirm(stage: Stage, person: Person) -> None:
    await import_file(stage, person)
    await person.submit()
    await person.until(lambda: person.modal is not None and "Talent and training" in words(person.modal))


async def new_outcome(stage: Stage, person: Person) -> None:
    await person.command("/priority", "outcome family")
    await person.until(lambda: "Add outcome" in words(person.modal))
    assert person.modal is not None
    await person.press(person.modal, "Add outcome")
    await filled(person)


async def outcome(stage: Stage, person: Person) -> None:
    """The form of an outcome that is there."""
    await person.command("/priority", "outcome family")
    await person.until(lambda: "Add outcome" in words(person.modal))
    assert person.modal is not None
    await person.press(person.modal, "Change: Three providers are licensed for evening and weekend care")
    await filled(person)


NOTES: Values = {q("present"): [picked("yolanda"), picked("tom")], q("decided"): "Evening cohorts start on Jan 18."}
PLAN: Values = {q("name"): "Data team", q("first"): "2026-12-03", q("at"): "14:00", q("repeats"): "biweekly"}
MONDAY, TUESDAY = "11-23 09:00", "11-24 16:00"
