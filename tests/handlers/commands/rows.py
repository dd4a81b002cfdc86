"""What a row says and how it is played; the rows themselves stand in a module for each noun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.sandbox import Person
from bot.sandbox.views import View
from bot.sandbox.workspace import Message
from tests.handlers.stage import Stage, words

PREFIX = "/lb-"


class By(Enum):
    """How it is typed: after the noun's own command, after one with a prefix, after /backbeat, or to the bot."""

    COMMAND = auto()
    PREFIX = auto()
    BACKBEAT = auto()
    DIRECT = auto()


@dataclass(frozen=True)
class Row:
    """One thing that somebody types, and some of what that person then sees.

    `line` is the verb of the line that it is about; `text` what is typed after the command, or all of it. Everything
    in `sees` stands in the answer, a modal's title in brackets. `press` is a button of the answer, pressed afterwards;
    `then` is what that person sees next, without it nobody looks.
    """

    line: str
    who: str
    text: str
    sees: tuple[str, ...]
    is_golden: bool = False
    is_mistake: bool = False
    by: By = By.COMMAND
    press: str = ""
    then: str = ""


def works(line: str, who: str, text: str, *sees: str, press: str = "") -> Row:
    """The golden path of a line."""
    return Row(line, who, text, sees, is_golden=True, press=press)


def fails(line: str, who: str, text: str, *sees: str, by: By = By.COMMAND, yes: str = "") -> Row:
    """A likely mistake with a line; `yes` is what [Yes] to "did you mean" shows."""
    return Row(line, who, text, sees, is_mistake=True, by=by, press="Yes" if yes else "", then=yes)


def writes_wrong(line: str, who: str, text: str, *sees: str) -> Row:
    """A likely mistake in words to the bot."""
    return fails(line, who, text, *sees, by=By.DIRECT)


def writes(line: str, who: str, text: str, *sees: str) -> Row:
    """The line as words to the bot, which is all that connected people have."""
    return Row(line, who, text, sees, by=By.DIRECT)


def other(line: str, who: str, by: By, text: str, *sees: str) -> Row:
    """The line after another command than its noun's own."""
    return Row(line, who, text, sees, by=by)


async def play(stage: Stage, noun: str, rows: Sequence[Row]) -> list[str]:
    """Types every row in its order; what was seen otherwise than expected, a line for each."""
    stage.sandbox._core.app.commands[f"{PREFIX}{noun}"] = {"command": f"{PREFIX}{noun}"}
    wrong = []
    for row in rows:
        person = stage.person(row.who)
        seen, answer = await _type(stage, person, noun, row)
        if not row.sees or not all(one in seen for one in row.sees):
            wanted = " / ".join(row.sees)
            wrong.append(f"{row.who}, {row.by.name} {noun} {row.text!r}, should see\n{wanted}\nand sees\n{seen}\n")
        elif row.press:
            assert answer is not None
            await person.press(answer, row.press)
            await stage.sandbox.settled()
            await stage.edge.drain()
            after = await _after_press(person) if row.then else ""
            if isinstance(answer, View) and person.modal is not None:
                await person.close(is_cleared=True)
            if row.then not in after:
                wrong.append(
                    f"{row.who}, {row.text!r}, [{row.press}], should then see\n{row.then}\nand sees\n{after}\n"
                )
    return wrong


async def _after_press(person: Person) -> str:
    """What stands there after a button: the form that it opened, which is closed again, or the newest words."""
    opened = person.modal
    if opened is None:
        return words(person.ephemerals[-1])
    await person.close(is_cleared=True)
    return f"[{opened.body['title']['text']}]\n{words(opened)}"


async def _type(stage: Stage, person: Person, noun: str, row: Row) -> tuple[str, Message | View | None]:
    """What the person sees in answer, and that if it stays: a message, or a modal of which a button is pressed."""
    if row.by is By.DIRECT:
        return await _write(person, row.text)
    command, text = {
        By.COMMAND: (f"/{noun}", row.text),
        By.PREFIX: (f"{PREFIX}{noun}", row.text),
        By.BACKBEAT: ("/backbeat", row.text),
    }[row.by]
    before = len(person.ephemerals)
    assert (await person.command(command, text)).ok, (row, command)
    # What only a rehearsal of the coming week finds takes seconds of a processor that may be busy.
    await person.until(lambda: len(person.ephemerals) > before or _is_filled(person.modal), timeout=30)
    opened = person.modal
    if opened is None:
        return words(person.ephemerals[-1]), person.ephemerals[-1]
    seen = f"[{opened.body['title']['text']}]\n{words(opened)}"
    if row.press:
        return seen, opened
    await person.close(is_cleared=True)
    return seen, None


async def _write(person: Person, text: str) -> tuple[str, Message | None]:
    """The bot's next words in the conversation; files of earlier rows may arrive between."""
    asked = await person.says(text)

    def answers() -> list[Message]:
        return [one for one in person.dm() if one.from_bot and one.blocks and float(one.ts) > float(asked.ts)]

    await person.until(lambda: answers())
    return words(answers()[0]), answers()[0]


def _is_filled(modal: View | None) -> bool:
    return modal is not None and "Opening" not in words(modal)
