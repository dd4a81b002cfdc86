"""A season lived: the bot on a stage, its calendar moved from due moment to due moment, people who act by script.

Who does what when is in `script`, what must be so after each week in `checks`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox import Person
from bot.sandbox.core import BOT_USER_ID
from bot.sandbox.forms import elements
from bot.sandbox.views import View
from bot.sandbox.workspace import Message
from bot.services.access import operator
from tests.handlers.stage import Stage, answer_words, words
from tests.season.recount import Ledger

CHICAGO = ZoneInfo("America/Chicago")
DIGESTS = "lb-steering"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One direct message as it arrived."""

    member: str
    at: datetime
    words: str
    is_answer: bool  # to something that this person did at that moment
    message: Message


@dataclass(frozen=True, kw_only=True)
class Said:
    """Words that somebody typed, and what the screen promised of them.

    `readers` must see them from `by` on; `never` must not, in any week.
    """

    words: str
    where: str
    by: datetime
    readers: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass
class Season:
    """Everything that the script and the checks touch."""

    stage: Stage
    ledger: Ledger
    members: tuple[str, ...]  # those with an account
    heard: list[Heard] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    screens: list[tuple[str, datetime, str]] = field(default_factory=list)  # what was opened: who, when, its words
    faults: list[str] = field(default_factory=list)
    acted: set[tuple[str, datetime]] = field(default_factory=set)
    told: set[str] = field(default_factory=set)  # faults that were named already

    @property
    def now(self) -> datetime:
        return self.stage.calendar.now()

    @property
    def today(self) -> date:
        return self.ledger.today(self.now)

    def person(self, member: str) -> Person:
        """Somebody, about to do something: what the bot writes to them at this moment is its answer."""
        self.acted.add((member, self.now))
        return self.stage.person(member)

    # Time

    async def until(self, moment: datetime) -> None:
        """Lives up to a moment: everything that is due on the way happens when it is due."""
        await self.settle()
        while (due := await self.stage.services.rhythm.next_due(self.now, moment)) is not None:
            self.stage.calendar.set(due)
            await self.settle()
        self.stage.calendar.set(moment)
        await self.settle()

    async def settle(self) -> None:
        """Sends what is due, and notes what everybody hears."""
        await self.stage.edge.drain()
        await self.stage.settle()
        await self.stage.edge.drain()
        known = {(one.member, one.message.ts) for one in self.heard}
        for member in self.members:
            for message in self.stage.person(member).dm():
                if message.user == BOT_USER_ID and (member, message.ts) not in known:
                    self.heard.append(
                        Heard(
                            member=member,
                            at=self.now,
                            words=words(message),
                            is_answer=(member, self.now) in self.acted,
                            message=message,
                        )
                    )

    # What people see

    async def home(self, member: str) -> str:
        """What somebody's Home says now."""
        person = self.stage.person(member)
        await person.open_home()
        await self.stage.edge.drain()
        await person.until(lambda: person.home() is not None)
        await self.settle()
        return words(person.home())

    async def types(self, member: str, text: str) -> str:
        """What somebody reads in answer to a line that they write to the bot."""
        person = self.person(member)
        before = len(person.dm())
        views = len(person.modals)
        await person.says(text)
        await person.until(lambda: len(person.dm()) > before + 1 or len(person.modals) > views)
        await self.stage.edge.drain()
        answer = words(person.dm()[-1])
        self.screens.append((member, self.now, answer))
        return answer

    def channel(self, name: str) -> str:
        """Everything that stands in a channel, replies with it."""
        messages = [one for one in self.stage.sandbox.workspace.channels.values() if one.name == name]
        return "\n".join(_full(one) for channel in messages for one in channel.messages.values())

    async def sees(self, member: str) -> str:
        """Everything that somebody can read now: conversation, Home, channels they are in, and what they opened."""
        person = self.stage.person(member)
        places = [
            channel.name
            for channel in self.stage.sandbox.workspace.channels.values()
            if person.id in channel.members and not getattr(channel, "is_im", False) and channel.name
        ]
        return "\n".join(
            [
                *(_full(one) for one in person.dm()),
                *(_full(one) for one in person.ephemerals),
                *(self.channel(place) for place in places),
                *(text for who, _, text in self.screens if who == member),
                await self.home(member),
            ]
        )

    # What people do

    def finds(self, member: str, button: str, about: str = "") -> tuple[Message, str]:
        """The newest message to somebody with this button, where it speaks of `about`; and the button's action.

        Raises LookupError where there is none.
        """
        for message in reversed(self.stage.person(member).dm()):
            for block, element in elements(message.blocks or []):
                label = element.get("text", {}).get("text", "")
                spoken = element.get("accessibility_label", label)
                if label.startswith(button) and (about in spoken or about in _around(message, block)):
                    return message, spoken if spoken != label else label
        raise LookupError(f"{member} has no button “{button}” about “{about}” on {self.now:%a %b %d %H:%M}")

    async def presses(self, member: str, button: str, about: str = "") -> None:
        """Presses the newest such button of somebody's messages."""
        message, what = self.finds(member, button, about)
        person = self.person(member)
        outcome = await person.press(message, what)
        assert outcome.ok, (member, button, outcome)
        await self.stage.edge.drain()

    async def opens(self, member: str, button: str, title: str, about: str = "") -> View:
        """Presses a button that opens a form, and waits until it is filled."""
        await self.presses(member, button, about)
        return await self.form(member, title)

    async def form(self, member: str, title: str) -> View:
        """The form of this title that somebody has before them."""
        person = self.stage.person(member)
        await person.until(
            lambda: (
                person.modal is not None
                and person.modal.body["title"]["text"] == title
                and "Opening" not in words(person.modal)
            )
        )
        view = person.modal
        assert view is not None
        self.screens.append((member, self.now, words(view)))
        return view

    async def submits(self, member: str) -> None:
        """Sends the form; whatever it says instead is kept, and closed."""
        person = self.person(member)
        errors = await person.submit()
        assert not errors, (member, self.now, errors)
        await self.puts_away(member)

    async def puts_away(self, member: str) -> None:
        """Reads whatever form is open, and closes it."""
        person = self.stage.person(member)
        await self.stage.edge.drain()
        while person.modal is not None:
            self.screens.append((member, self.now, words(person.modal)))
            await person.close(is_cleared=True)
        await self.settle()

    def promises(self, text: str, where: str, by: datetime, readers: tuple[str, ...], never: tuple[str, ...]) -> None:
        """Keeps what a screen said of words: who reads them, from when on, and who doesn't."""
        self.said.append(Said(words=text, where=where, by=by, readers=readers, never=never))

    def faulty(self, sentence: str) -> None:
        """Something that must hold did not."""
        self.faults.append(f"{self.now.astimezone(CHICAGO):%a %b %d %H:%M}: {sentence}")

    async def digest(self, moment: datetime) -> dict[str, Any]:
        """What `backbeat digest --as-of … --format json` prints."""
        import json

        from bot.domain.digests import dumps, to_data

        composed = await self.stage.services.digests.compose(operator(self.stage.bot.coalition_id), moment)
        printed: dict[str, Any] = json.loads(dumps(to_data(composed)))
        return printed


Act = Callable[[Season], Awaitable[None]]


def _full(message: Message) -> str:
    return f"{message.text}\n{words(message)}"


def _around(message: Message, block: dict[str, Any]) -> str:
    """What stands just above a row of buttons."""
    blocks = message.blocks or []
    place = blocks.index(block)
    return answer_words({"view": {"blocks": blocks[max(place - 2, 0) : place + 1]}})


def messages_of(season: Season, name: str) -> Iterator[Message]:
    """The messages of a channel, oldest first, replies left out."""
    for channel in season.stage.sandbox.workspace.channels.values():
        if channel.name == name:
            yield from channel.top_level()
