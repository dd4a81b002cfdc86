"""What actions, issues and decisions share: an id and a title, lists, a card, a history, and what a form came to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from bot.domain.histories import ItemHistory
from bot.domain.numbered import NumberedChange, NumberedList
from bot.domain.rights import Right
from bot.domain.typed import NotTitled
from bot.services import Services
from bot.services.access import Actor
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.menu import mistyped
from bot.slack.identifiers import Action
from bot.slack.message import Message, View
from handlers.cards import show_history
from handlers.context import Call, Handler
from handlers.errors import keep_form
from handlers.home import refresh_home
from handlers.listeners import Line, Takes

MOST_MEANT = 500  # characters that a button can carry back

CardT = TypeVar("CardT")
CardOf_co = TypeVar("CardOf_co", covariant=True)

ReadHistory = Callable[[Actor, str, int], Awaitable[ItemHistory]]


class Service(Protocol[CardOf_co]):
    """How such things are looked up."""

    async def find(self, actor: Actor, wanted: Any) -> Any:
        """A page of a list, of what was typed or of a query; anything else says that it is no list."""

    async def show(self, actor: Actor, typed: str) -> CardOf_co:
        """One by its id or by words of its title. Raises NotTitled."""

    async def read_back(self, actor: Actor, text: str, channel_id: str | None = None) -> Any:
        """A new one of a line, kept under its `token`; nothing is made yet."""

    async def form(self, actor: Actor, token: str | None = None, *, channel_id: str | None = None) -> Any:
        """The form of a new one: of a line that was kept, or an empty one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered(Generic[CardT]):
    """One noun whose things have an id and a title.

    `otherwise` answers what is neither a list nor a title; it is told whether the words stood alone, without a verb.
    """

    noun: str
    letter: str  # that ids begin with
    verbs: tuple[str, ...]
    read_id: Callable[[str], str | None]  # "a-101" → "A-101"; None where it is no id
    query: type[Any]  # what a list's button carries
    service: Callable[[Services], Service[CardT]]
    title: str  # of the modal with a card
    card_message: Callable[[CardT], Message]
    card_view: Callable[..., View]
    list_message: Callable[[Any], Message]
    change_message: Callable[[Any], Message]
    otherwise: Callable[[str, Any, NotTitled, bool], Message]
    new_title: str
    form_view: Callable[[Any], View]  # of a new one
    add_hint_message: Callable[[], Message]  # how one is added where no form can be opened
    read_back_message: Callable[[Any], Message]
    opens_unclear: bool = True  # whether the form opens for what a line leaves open
    history: Callable[[Services], ReadHistory]
    history_button: Action

    def lists(self, wanted: str) -> Handler:
        """One of its lists, by what would be typed for it."""
        return _listing(self, wanted)

    def line(
        self,
        verb: str,
        what: str,
        takes: Takes,
        right: Right = Right.SEE_OWN,
        *,
        wanted: str = "mine",
        usage: str = "",
        synonyms: tuple[str, ...] = (),
    ) -> Line:
        """A verb about one of them; without one the list in which it may stand."""
        return Line(
            verb, what, self.lists(wanted), right, takes=takes, usage=usage or f"{self.letter}-1", synonyms=synonyms
        )

    async def open_form(self, call: Call) -> None:
        """Opens an empty form; where none can be opened, says how."""
        if not call.can_open:
            await call.reply(self.add_hint_message())
            return
        await call.open(self.new_title)
        form = await self.service(call.services).form(await call.actor(), channel_id=call.channel_id)
        await call.show(self.form_view(form))

    async def add(self, call: Call, line: str) -> None:
        """Reads a line back; the form opens for what it leaves open, where a form can be opened."""
        actor, service = await call.actor(), self.service(call.services)
        back = await service.read_back(actor, line, call.channel_id)
        if not self.opens_unclear or back.is_complete or not call.can_open:
            await call.reply(self.read_back_message(back))
            return
        await call.open(self.new_title)
        await call.show(self.form_view(await service.form(actor, back.token)))

    async def change_draft(self, call: Call) -> None:
        """Opens the form with a line that was read back."""
        token = call.pressed(str)
        await call.open(self.new_title)
        await call.show(self.form_view(await self.service(call.services).form(await call.actor(), token)))

    def press(self, change: Callable[[Services], Callable[[Actor, str], Awaitable[NumberedChange[CardT]]]]) -> Handler:
        """A button that changes what it carries, such as a thing's id, and shows what became of it."""

        async def press(call: Call) -> None:
            await self.tell(call, await change(call.services)(await call.actor(), call.pressed(str)))

        return press

    async def show_list(self, call: Call, wanted: str, *, alone: bool = False) -> None:
        """A list by what was typed, else the one in whose title these words are."""
        actor, service = await call.actor(), self.service(call.services)
        found = await service.find(actor, wanted)
        if isinstance(found, NumberedList):
            await call.reply(self.list_message(found))
            return
        try:
            shown = self.card_message(await service.show(actor, wanted))
        except NotTitled as unknown:
            shown = self.otherwise(wanted, found, unknown, alone)
        await call.reply(shown)

    async def turn_list(self, call: Call) -> None:
        """Another page or order of the list, in its place."""
        query = call.pressed(self.query)
        found = await self.service(call.services).find(await call.actor(), query)
        if isinstance(found, NumberedList):
            await call.answer(self.list_message(found), f"{self.title}s")

    async def show(self, call: Call, typed: str) -> None:
        """One by its id; anything else that was typed is a list, a title, or a word that was meant otherwise."""
        key = self.read_id(typed)
        if key is not None:
            await call.reply(self.card_message(await self.service(call.services).show(await call.actor(), key)))
            return
        meant = mistyped(self.noun, self.verbs, typed)
        if meant is None:
            await self.show_list(call, typed, alone=True)
            return
        try:
            # “parking” is an issue about parking before it is a slip for “park”.
            shown = self.card_message(await self.service(call.services).show(await call.actor(), typed))
        except NotTitled:
            shown = meant
        await call.reply(shown)

    async def show_named(self, call: Call, typed: str) -> bool:
        """The one whose id alone was written to the bot; False where it is no such id."""
        letter, _, number = typed.strip().partition("-")
        if letter.upper() != self.letter or not number.isdecimal():
            return False
        await self.show(call, typed)
        return True

    async def open_card(self, call: Call) -> None:
        key = call.pressed(str)
        await call.open(self.title)
        await call.show(self.card_view(await self.service(call.services).show(await call.actor(), key)))

    async def turn_history(self, call: Call) -> None:
        """[History], and [Older] and [Newer] in it."""

        async def read(item: str, page: int) -> ItemHistory:
            return await self.history(call.services)(await call.actor(), item, page)

        await show_history(call, read, self.history_button)

    async def show_history(self, call: Call, typed: str) -> None:
        """ "history A-101", or words of its title."""
        found = await self.history(call.services)(await call.actor(), typed, 0)
        await call.reply(history_message(found, self.history_button))

    async def tell(self, call: Call, change: NumberedChange[CardT]) -> None:
        """What became of it, where it was asked for. A post in a channel changes by itself."""
        if call.is_in_modal:
            await call.change_view(self.card_view(change.card, change))
        elif call.is_in_bundle and not change.already:
            # The message with the button shows it by itself; what was so before is not shown anew.
            await call.ack()
        else:
            await call.reply(self.change_message(change), replace=True)
        await refresh_home(call)

    async def form_became(self, call: Call, change: NumberedChange[CardT]) -> None:
        """A submitted form says what became of it, in its place; a card below it shows it too."""
        if change.differs:
            await keep_form(call, self.change_message(change))
        elif call.view.get("previous_view_id"):
            await call.settle(self.card_view(change.card, change))
        else:
            await call.become(self.change_message(change).view(self.title))
        await refresh_home(call)


@cache
def _listing(of: Numbered[Any], wanted: str) -> Handler:
    """What shows one list: one handler for its button and for its words, so that they can be told to be the same."""

    async def show(call: Call) -> None:
        await of.show_list(call, wanted)

    show.__qualname__ = f"lists {of.noun} {wanted}"
    return show
