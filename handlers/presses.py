"""Buttons that differ only in what they read and show. What each noun's do, its own module says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from bot.services import Services
from bot.services.access import Actor
from bot.slack.forms import Choosable, named_options
from bot.slack.message import Message, View
from handlers.context import Call, Handler
from handlers.listeners import Takes

K = TypeVar("K")
T = TypeVar("T")


def shows(
    title: str, read: Callable[[Services], Callable[[Actor], Awaitable[T]]], view: Callable[[T], View | Message]
) -> Handler:
    """Opens a modal for something that has no id yet, or of which there is only one."""

    async def press(call: Call) -> None:
        await call.open(title)
        await _fill(call, title, view(await read(call.services)(await call.actor())))

    return _named(press, f"opens {title}")


def opens(
    title: str,
    carried: type[K],
    read: Callable[[Services], Callable[[Actor, K], Awaitable[T]]],
    view: Callable[[T], View | Message],
) -> Handler:
    """Opens a modal with what the button carries. `read` gives what is to be shown of it."""

    async def press(call: Call) -> None:
        key = call.pressed(carried)
        await call.open(title)
        await _fill(call, title, view(await read(call.services)(await call.actor(), key)))

    return _named(press, f"opens {title}")


def tells(read: Callable[[Services], Callable[[Actor], Awaitable[T]]], message: Callable[[T], Message]) -> Handler:
    """Answers with what somebody reads."""

    async def tell(call: Call) -> None:
        await call.reply(message(await read(call.services)(await call.actor())))

    return _named(tell, f"tells {message.__qualname__}")


def finds(search: Callable[[Services], Callable[[Actor, str], Awaitable[Sequence[Choosable]]]]) -> Handler:
    """Offers what fits while somebody types."""

    async def find(call: Call) -> None:
        found = await search(call.services)(await call.actor(), str(call.body.get("value") or ""))
        await call.ack(options=named_options(found))

    return _named(find, "finds")


def by_button(run: Callable[..., Awaitable[None]], *more: object) -> Handler:
    """What a line does with what is typed behind it, done with the id that a button carries."""

    async def press(call: Call) -> None:
        await run(call, call.pressed(str), *more)

    return _named(press, run.__qualname__)


def by_value(run: Takes) -> Handler:
    """The same with whatever a button carries, even nothing."""

    async def press(call: Call) -> None:
        await run(call, call.value)

    return _named(press, run.__qualname__)


def alone(run: Takes) -> Handler:
    """What a line does where nothing is typed behind it."""

    async def line(call: Call) -> None:
        await run(call, "")

    return _named(line, run.__qualname__)


async def _fill(call: Call, title: str, shown: View | Message) -> None:
    await call.show(shown if isinstance(shown, View) else shown.view(title))


def _named(press: Any, name: str) -> Handler:
    """The function under a name that tells it from the others in the log."""
    press.__qualname__ = name
    handler: Handler = press
    return handler
