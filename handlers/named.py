"""What figures, priorities and sources of funding share: their forms and histories, asked for by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.domain.histories import ItemHistory
from bot.domain.rights import Right
from bot.domain.typed import Marks
from bot.errors import UserError
from bot.services import Services
from bot.services.access import Actor
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.menu import mistyped
from bot.slack.forms import Form
from bot.slack.identifiers import Action
from bot.slack.message import Message, View
from bot.slack.metadata import Marked, decode
from handlers.cards import show_history, show_stored
from handlers.context import Call, Handler
from handlers.listeners import Line, Takes

T = TypeVar("T")
AnswerT = TypeVar("AnswerT")
SavedT = TypeVar("SavedT")
UnknownT = TypeVar("UnknownT", bound=UserError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Generic[UnknownT]):
    """One noun whose things are found by their names.

    `ask` is the question what was meant by a name that nothing has; it is told the whole line that was typed.
    """

    noun: str
    thing: str  # as its people call one
    verbs: Sequence[str]
    title: str  # of the modal that a form turns into
    unknown: type[UnknownT]
    ask: Callable[[UnknownT, str], Message]
    history: Callable[[Services], Callable[..., Awaitable[ItemHistory]]]
    history_button: Action
    whole: dict[str, Any]  # what tells `history` that a button names the thing, by its id

    def line(self, verb: str, what: str, takes: Takes, right: Right, *, synonyms: tuple[str, ...] = ()) -> Line:
        """A verb that takes a name; without one it asks for it."""

        async def say_which(_call: Call) -> None:
            typed = f"“{self.noun} {verb} NAME”. “{self.noun} list” shows them all."
            raise UserError(f"Which {self.thing}? Type its name too: {typed}")

        return Line(verb, what, say_which, right, takes=takes, usage="NAME", synonyms=synonyms)

    def history_line(self, what: str, right: Right) -> Line:
        return self.line("history", what, self.history_named, right)

    def stores(
        self,
        form: Form[Any, AnswerT],
        told: Callable[[SavedT], Message],
        change: Callable[[Services], Callable[[Actor, str, str, Marks, AnswerT], Awaitable[SavedT]]],
        add: Callable[[Services], Callable[[Actor, str, AnswerT], Awaitable[SavedT]]] | None = None,
    ) -> Handler:
        """Stores a form about one of them, or adds one where it is about none yet; the modal says what became of it."""

        async def submit(call: Call) -> None:
            about, actor, answers = call.about(Marked), await call.actor(), form.read(call.values)
            if about.id is None and add is not None:
                saved = await add(call.services)(actor, call.form_key, answers)
            else:
                key = decode(str, about.id)
                saved = await change(call.services)(actor, call.form_key, key, about.marks, answers)
            await show_stored(call, told(saved), self.title)

        submit.__qualname__ = f"stores {form.submission}"
        return submit

    def opens(
        self,
        title: str,
        verb: str,
        read: Callable[[Services], Callable[[Actor, str], Awaitable[T]]],
        view: Callable[[T], View],
    ) -> Takes:
        """Opens a form of the one that was named behind this verb."""

        async def take(call: Call, typed: str) -> None:
            await call.open(title)
            try:
                await call.show(view(await read(call.services)(await call.actor(), typed)))
            except self.unknown as unknown:
                await call.reply(self.ask(unknown, f"{self.noun} {verb} {typed}"))

        return take

    def question(self, unknown: UnknownT, typed: str) -> Message:
        """What was meant by words behind the noun alone: one of its verbs, or a name."""
        near = getattr(unknown, "suggestion", None)
        names = (near.name,) if near is not None else ()
        return mistyped(self.noun, self.verbs, typed, names=names) or self.ask(unknown, f"{self.noun} {typed}")

    async def history_named(self, call: Call, typed: str) -> None:
        """ "metric history X"."""
        try:
            found = await self.history(call.services)(await call.actor(), typed)
        except self.unknown as unknown:
            await call.reply(self.ask(unknown, f"{self.noun} history {typed}"))
            return
        await call.reply(history_message(found, self.history_button))

    async def turn_history(self, call: Call) -> None:
        """[History], and [Older] and [Newer] in it."""

        async def read(item: str, page: int) -> ItemHistory:
            return await self.history(call.services)(await call.actor(), item, page, **self.whole)

        await show_history(call, read, self.history_button)
