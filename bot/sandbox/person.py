"""A person to act as in tests: the page's own paths, in process. Nothing here reaches around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.calls import Backend
from bot.sandbox.core import BOT_USER_ID
from bot.sandbox.feed import PATIENCE
from bot.sandbox.forms import FIELDS, SEVERAL, Values, elements
from bot.sandbox.interactions import Interactions, Outcome
from bot.sandbox.people import People, Refused
from bot.sandbox.submissions import Submissions
from bot.sandbox.views import View
from bot.sandbox.workspace import JSON, Canvas, Channel, Message, User


class Person:
    """One person of the workspace; what goes wrong for the person is in an Outcome or in Refused."""

    def __init__(
        self,
        backend: Backend,
        people: People,
        interactions: Interactions,
        submissions: Submissions,
        user_id: str,
    ) -> None:
        self._backend = backend
        self._people = people
        self._interactions = interactions
        self._submissions = submissions
        self.id = user_id

    @property
    def user(self) -> User:
        return self._backend.core.workspace.users[self.id]

    @property
    def im(self) -> Channel:
        return self._backend.core.open_im(self.id)

    async def command(
        self, command: str, text: str = "", *, channel: str | None = None, thread_ts: str | None = None
    ) -> Outcome:
        """Send a slash command in a channel (id or name), else in the direct message with the app."""
        return await self._interactions.command(self.id, self._place(channel).id, command, text, thread_ts)

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Outcome:
        """Use a global shortcut, or a message shortcut on a message."""
        if message is None:
            return await self._interactions.shortcut(self.id, callback_id)
        return await self._interactions.shortcut(self.id, callback_id, message.channel, message.ts)

    async def says(self, text: str, channel: str | None = None, thread_ts: str | None = None) -> Message:
        """Write in a channel (id or name), else to the app."""
        user = self._people.person(self.id)
        place = self._people.channel_for(user, self._place(channel).id)
        return self._people.says(user, place, text, thread_ts)

    def makes_canvas(self, channel: str, title: str, markdown: str) -> Canvas:
        """Make a canvas in a channel (id or name). Raises Refused."""
        user = self._people.person(self.id)
        return self._people.make_canvas(user, self._place(channel), title, markdown)

    def edits_canvas(self, canvas: Canvas, markdown: str) -> None:
        """Write in a canvas. Raises Refused."""
        self._people.edit_canvas(self._people.person(self.id), canvas, markdown)

    def deletes_canvas(self, canvas: Canvas) -> None:
        """Delete a canvas. Raises Refused."""
        self._people.delete_canvas(self._people.person(self.id), canvas)

    async def press(
        self, where: Message | View, what: str, value: JSON | None = None, state: Values | None = None
    ) -> Outcome:
        """Use an element by its action_id, a button's text or spoken label, or its block_id.

        A menu or picker is set to `value`.

        Raises LookupError where there is no such element or more than one.
        """
        block, element = self._element(where.blocks or [], what)
        chosen = value if value is not None else {"value": element.get("value", "")}
        ids = (block["block_id"], element["action_id"])
        if isinstance(where, View):
            return await self._interactions.view_action(self.id, where.id, *ids, chosen, state)
        return await self._interactions.message_action(self.id, where.channel, where.ts, *ids, chosen, state)

    async def choose(self, where: Message | View, what: str, option: str | list[str]) -> Outcome:
        """Set a menu, picker, overflow, checkboxes or radio buttons, by action_id, to a value or its label."""
        _, element = self._element(where.blocks or [], what)
        if element["type"] == "overflow":
            return await self.press(where, what, {"selected_option": _option(element, str(option))})
        return await self.press(where, what, _entry(element, option))

    async def options(self, where: Message | View, menu: str, typed: str) -> list[JSON]:
        """What an external menu, by action_id or block_id, offers for the text typed into it."""
        block, element = self._element(where.blocks or [], menu)
        container: JSON = (
            {"type": "view", "view_id": where.id}
            if isinstance(where, View)
            else {
                "type": "message",
                "channel": where.channel,
                "message_ts": where.ts,
            }
        )
        answer = await self._interactions.options(self.id, container, block["block_id"], element["action_id"], typed)
        offered: list[JSON] = answer.get("options") or [
            option for group in answer.get("option_groups", []) for option in group["options"]
        ]
        return offered

    @property
    def modal(self) -> View | None:
        """The modal on top."""
        stack = self._backend.views.stack(self.id)
        return stack[-1] if stack else None

    @property
    def modals(self) -> list[View]:
        """All open modals, bottom first."""
        return self._backend.views.stack(self.id)

    async def sees_modal(self, title: str | None = None, timeout: float = PATIENCE) -> View:
        """Wait for a modal (of that title) to be on top. Raises TimeoutError."""

        def there() -> bool:
            top = self.modal
            return top is not None and (title is None or top.body["title"]["text"] == title)

        await self.until(there, timeout)
        top = self.modal
        if top is None:
            raise TimeoutError("The modal went away again.")
        return top

    async def fill(self, values: dict[str, Any]) -> None:
        """Enter values into the top modal, by block_id, action_id or label.

        A value is what a person would choose: text, a number, "2026-01-31", "09:00", an option's value or
        label, a list of those, a user's id, None to empty.
        """
        view = self._top()
        for name, value in values.items():
            block, element = self._input(view, name)
            mine = view.drafts.setdefault(block["block_id"], {})
            mine[element["action_id"]] = {"type": element["type"], **_entry(element, value)}
            if block.get("dispatch_action"):
                ids = (block["block_id"], element["action_id"])
                await self._interactions.view_action(self.id, view.id, *ids, _entry(element, value))

    async def submit(self) -> dict[str, str] | None:
        """Submit the top modal: the errors by block_id, or None. Raises Refused with Slack's words."""
        outcome = await self._submissions.submit(self.id, self._top().id)
        if outcome.error:
            raise Refused(outcome.error)
        return outcome.errors

    async def close(self, *, is_cleared: bool = False) -> None:
        """Press the top modal's Close, or its X (`is_cleared`)."""
        await self._submissions.close(self.id, self._top().id, is_cleared)

    async def open_home(self) -> None:
        """Open the app's Home tab, which tells the app."""
        self._people.open_home(self._people.person(self.id))

    def home(self) -> View | None:
        """What the Home tab shows."""
        return self._backend.views.home(self.id)

    def dm(self) -> list[Message]:
        """The direct message with the app, oldest first, replies left out."""
        return list(self.im.top_level())

    def sees(self, channel: str) -> list[Message]:
        """A channel's messages, oldest first, replies left out. Raises Refused where the person cannot see it."""
        place = self._people.channel_for(self._people.person(self.id), self._place(channel).id)
        return list(place.top_level())

    def thread(self, message: Message) -> list[Message]:
        """The replies below a message, oldest first."""
        return self._backend.core.workspace.channels[message.channel].replies(message.ts)

    @property
    def ephemerals(self) -> list[Message]:
        """Every message that only this person sees, oldest first."""
        channels = self._backend.core.workspace.channels.values()
        return sorted((m for c in channels for m in c.ephemerals if m.ephemeral_to == self.id), key=lambda m: m.ts)

    async def until(self, condition: Callable[[], Any], timeout: float = PATIENCE) -> None:
        """Wait until something is so. Raises TimeoutError."""
        await self._backend.core.feed.until(lambda: bool(condition()), timeout)

    async def hears(self, count: int = 1, timeout: float = PATIENCE) -> list[Message]:
        """Wait until the app has written at least `count` direct messages; all that it wrote."""

        def written() -> list[Message]:
            return [m for m in self.dm() if m.user == BOT_USER_ID]

        await self.until(lambda: len(written()) >= count, timeout)
        return written()

    def _place(self, channel: str | None) -> Channel:
        if channel is None:
            return self.im
        workspace = self._backend.core.workspace
        found = workspace.channels.get(channel) or workspace.channel_called(channel)
        if found is None:
            raise LookupError(f"There is no channel {channel}.")
        return found

    def _top(self) -> View:
        view = self.modal
        if view is None:
            raise LookupError(f"{self.user.real_name} has no modal open.")
        return view

    @staticmethod
    def _element(blocks: list[JSON], what: str) -> tuple[JSON, JSON]:
        every = list(elements(blocks))
        found = [(b, e) for b, e in every if e["action_id"] == what]
        found = found or [(b, e) for b, e in every if e.get("text", {}).get("text") == what]
        found = found or [(b, e) for b, e in every if e.get("accessibility_label") == what]
        found = found or [(b, e) for b, e in every if b["block_id"] == what]
        if len(found) != 1:
            names = [e.get("text", {}).get("text") or e["action_id"] for _, e in every]
            raise LookupError(f"{len(found)} elements are called {what!r}; there are {names}.")
        return found[0]

    @staticmethod
    def _input(view: View, name: str) -> tuple[JSON, JSON]:
        for block, element in elements(view.blocks):
            label = block.get("label", {}).get("text")
            if element["type"] in FIELDS and name in (block["block_id"], element["action_id"], label):
                return block, element
        raise LookupError(f"The modal has no input {name!r}.")


def _entry(element: JSON, value: Any) -> JSON:
    """A value in the shape that an element of this type has in `state.values`."""
    kind = element["type"]
    field = FIELDS[kind][0]
    if value is None:
        return {field: [] if kind in SEVERAL else None}
    if field == "selected_option":
        return {field: value if isinstance(value, dict) else _option(element, str(value))}
    if field == "selected_options":
        several = value if isinstance(value, list) else [value]
        return {field: [v if isinstance(v, dict) else _option(element, str(v)) for v in several]}
    if kind in SEVERAL:
        return {field: value if isinstance(value, list) else [value]}
    return {field: str(value) if field == "value" else value}


def _option(element: JSON, wanted: str) -> JSON:
    groups = element.get("option_groups", [])
    options: list[JSON] = [*element.get("options", []), *(o for g in groups for o in g["options"])]
    for option in options:
        if wanted in (option["value"], option["text"]["text"]):
            return option
    raise LookupError(f"{wanted!r} is no option; there are {[o['text']['text'] for o in options]}.")
