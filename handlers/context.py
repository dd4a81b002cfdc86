"""One thing that a person did in Slack, with everything that is needed to answer it. No noun is here."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakValueDictionary

from slack_bolt.async_app import AsyncAck, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.installations import Ended
from bot.errors import Stranger, UserError
from bot.services import Services
from bot.services.access import Actor
from bot.slack.blocks.checkins import opening_view
from bot.slack.blocks.people import NOT_SET_UP, stranger_words
from bot.slack.forms import Entered, read_answers
from bot.slack.gateway import METADATA_TYPE
from bot.slack.identifiers import IN_BUNDLE
from bot.slack.message import Message, View
from bot.slack.metadata import decode
from bot.slack.pictures import Pictures
from bot.slack.workspaces import Workspaces
from handlers.home_looks import HomeLooks
from handlers.replies import respond

if TYPE_CHECKING:
    from handlers.throttle import Throttle

TITLE = "Backbeat"
# By this an answer to words is known in their conversation.
ANSWER_TYPE = "backbeat_answer"
T = TypeVar("T")


class NeedsPress(Exception):
    """Words to the bot asked for a form, which Slack opens only for a press: the person has to press a button first."""


class Kind(Enum):
    """How somebody reached the bot, which decides how it can answer."""

    ACTION = auto()
    SUBMISSION = auto()
    OPTIONS = auto()
    COMMAND = auto()
    EVENT = auto()


# How long an answer to a command may take and still be its acknowledgement, elapsed seconds. Slack waits for three.
ANSWER_WITHIN = 1.5
# How long background work waits for others' acknowledgements at most, elapsed seconds.
PATIENCE = 5.0
# An acknowledgement goes by the socket, what replaces the view that it brings by a call of its own. The second waits
# for that long, or it could overtake the first, which would then stand there for good.
_ON_ITS_WAY = 0.1


async def _as_it_is(_call: Call, view: View) -> View:
    return view


@dataclass(slots=True)
class Edge:
    """What every listener shares. `directory_changed` takes over people and channels of the workspace with this id."""

    services: Services
    directory_changed: Callable[[str], Awaitable[None]]
    workspaces: Workspaces | None = None
    fill: Callable[[Call, View], Awaitable[View]] = _as_it_is  # a form about to be shown, with what was kept of it
    looks: HomeLooks = field(default_factory=HomeLooks)
    answer_within: float = ANSWER_WITHIN
    throttle: Throttle | None = None
    words_under_way: set[str] = field(default_factory=set)  # ids of events that are being answered
    on_taken_away: Callable[[str, str | None, Ended, float | None], Awaitable[None]] | None = None
    _running: set[asyncio.Task[Any]] = field(default_factory=set)
    _unacked: int = 0
    _calm: asyncio.Event = field(default_factory=asyncio.Event)
    _backstage: asyncio.Lock = field(default_factory=asyncio.Lock)
    _in_order: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def begin(self) -> None:
        """A call has arrived and waits for its acknowledgement."""
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        self._unacked += 1
        self._calm.clear()

    def acked(self) -> None:
        self._unacked -= 1
        if self._unacked == 0:
            self._calm.set()

    def in_order(self, user_id: str) -> asyncio.Lock:
        """For what follows one person's presses, and must not overtake what followed those before."""
        return self._in_order.setdefault(user_id, asyncio.Lock())

    @contextlib.asynccontextmanager
    async def backstage(self) -> AsyncIterator[None]:
        """Runs what may wait: one after the other, and only after those who wait for an acknowledgement, since Slack
        gives them three seconds."""
        async with self._backstage:
            await self.calm()
            yield

    async def calm(self) -> None:
        """Waits until nobody waits for an acknowledgement, but only for so long."""
        if self._unacked:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._calm.wait(), PATIENCE)

    async def drain(self, limit: float = 5.0) -> None:
        """Waits for calls under way, so that the program doesn't end with an answer half given."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=limit)


@dataclass(slots=True)
class Call:
    """A press, a submitted form, a command, a search or an event."""

    kind: Kind
    edge: Edge
    body: Mapping[str, Any]
    client: AsyncWebClient
    ack_to_slack: AsyncAck
    context: AsyncBoltContext
    is_acked: bool = False
    answered: Mapping[str, Any] = field(default_factory=dict)  # what the acknowledgement said
    title: str = TITLE  # of a modal that holds an answer which has no title of its own
    _shown_at: float = float("-inf")  # by the loop's clock: when the acknowledgement brought a view
    _actor: Actor | None = None
    _opened: str | None = field(default=None)  # id of the modal that was opened for this call

    @property
    def services(self) -> Services:
        return self.edge.services

    @property
    def team_id(self) -> str:
        """The workspace that the token belongs to. A connected person's own is another one."""
        authorized = self.context.authorize_result
        return str((authorized.team_id if authorized is not None else None) or self.context.team_id or "")

    @property
    def user_id(self) -> str:
        return str(self.context.user_id or "")

    @property
    def own_team(self) -> str | None:
        """The person's own workspace: another one for connected people. None where Slack doesn't tell it."""
        authorized = self.context.authorize_result
        if authorized is not None and authorized.enterprise_id:
            # Somebody of an organization may be of several of its workspaces; ids are the whole organization's.
            return None
        if self.kind is Kind.COMMAND:
            # An app's commands are known in its own workspace only, also in a channel that others share.
            return self.team_id or None
        user = self.body.get("user")
        # An event's `team` is where it happened.
        found = user.get("team_id") if isinstance(user, dict) else self.event.get("user_team")
        return found if isinstance(found, str) and found else None

    @property
    def pictures(self) -> Pictures | None:
        """What brings pictures to this workspace; None where cards are words only."""
        workspaces, authorized = self.edge.workspaces, self.context.authorize_result
        enterprise_id = authorized.enterprise_id if authorized is not None else None
        found = workspaces.of_workspace(enterprise_id, self.team_id) if workspaces is not None else None
        return found.pictures if found is not None else None

    @property
    def action(self) -> Mapping[str, Any]:
        """The button or menu that was used."""
        first: Mapping[str, Any] = self.body["actions"][0]
        return first

    @property
    def value(self) -> str:
        """What the button carries; "" where it carries nothing."""
        return str(self.action.get("value") or "")

    def pressed(self, kind: type[T]) -> T:
        """What the button carries. Raises UserError where this version doesn't read it."""
        return decode(kind, self.value)

    def about(self, kind: type[T]) -> T:
        """What the form carries. Raises UserError where this version doesn't read it."""
        return decode(kind, str(self.view.get("private_metadata") or ""))

    @property
    def form_key(self) -> str:
        """What tells one opened form from another, for what may be stored once only."""
        return f"{self.team_id}:{self.view['id']}:{self.view['callback_id']}"

    def carried(self, action: str) -> str:
        """What a button of this name carries; "" where words were typed, or another button said them."""
        pressed: Mapping[str, Any] = (self.body.get("actions") or [{}])[0]
        return str(pressed.get("value") or "") if pressed.get("action_id") == action else ""

    @property
    def view(self) -> Mapping[str, Any]:
        """The view in which it happened; empty for a message."""
        found: Mapping[str, Any] = self.body.get("view") or {}
        return found

    @property
    def values(self) -> Entered:
        """What stands in the form in which it happened, as Slack says it: its table reads it."""
        found: Entered = (self.view.get("state") or {}).get("values") or {}
        return found

    @property
    def entered(self) -> dict[str, str | None]:
        """The same by question, for forms without such a table."""
        return read_answers(self.values)

    @property
    def event(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.body.get("event") or {}
        return found

    @property
    def event_id(self) -> str:
        """Slack's own name of an event."""
        return str(self.body.get("event_id") or "")

    @property
    def channel_id(self) -> str | None:
        """The conversation in which it was said or pressed, for the group and the priority that are meant there."""
        channel: Any = self.body.get("channel_id") or self.event.get("channel") or self.body.get("channel")
        found = channel.get("id") if isinstance(channel, dict) else channel
        return found if isinstance(found, str) else None

    @property
    def is_in_modal(self) -> bool:
        return self.view.get("type") == "modal"

    @property
    def is_in_bundle(self) -> bool:
        """Whether the button stands in a message that shows by itself what has become of the thing."""
        pressed = (self.body.get("actions") or [{}])[0]
        return str(pressed.get("block_id") or "").startswith(IN_BUNDLE)

    @property
    def has_modal(self) -> bool:
        """Whether the answer stands in a modal: one that was opened for this call, or the one it came from."""
        return self._opened is not None or self.is_in_modal

    @property
    def can_open(self) -> bool:
        """Whether a modal can be opened: Slack gives a trigger for what somebody pressed or commanded."""
        return bool(self.body.get("trigger_id"))

    async def actor(self) -> Actor:
        """The member who did this. Raises UserError for somebody whom the bot doesn't know."""
        found = await self.actor_if_known()
        if found is None and await self.services.people.coalition_of(self.team_id) is None:
            raise UserError(NOT_SET_UP)
        if found is None:
            coordinator = await self.services.home.coordinator_of(self.team_id)
            words = stranger_words(coordinator)
            raise Stranger(words, coordinator) if coordinator is not None else UserError(words)
        return found

    def act_as(self, actor: Actor) -> None:
        """Whoever does this is known already, and by no account."""
        self._actor = actor

    async def actor_if_known(self) -> Actor | None:
        if self._actor is None:
            self._actor = await self.services.people.actor_of(self.team_id, self.user_id, self.own_team)
        return self._actor

    async def ack(self, **answer: Any) -> None:
        """Tells Slack that it arrived; once. Nothing is sent over the network here."""
        if not self.is_acked:
            self.is_acked = True
            self.answered = answer
            self.edge.acked()
            if "view" in answer:
                self._shown_at = asyncio.get_running_loop().time()
            await self.ack_to_slack(**answer)

    async def open(self, title: str) -> None:
        """Opens a modal at once, to be filled by `show`: on top of the one it was asked for in, if any.

        One that is open for this call already stays; what fills it brings its own title.
        """
        await self.ack()
        if self._opened is None:
            await self._open(opening_view(title))

    async def open_in_home(self) -> None:
        """In Home only a modal can hold an answer: opens it at once, for `reply` to fill. Elsewhere nothing."""
        if self.view.get("type") == "home":
            await self.open(self.title)

    async def show(self, view: View) -> None:
        """Fills the modal that was opened for this call, or opens one."""
        await self.ack()
        if self._opened is None:
            # Slack doesn't wait: what was kept of the form follows.
            await self._open(view)
            filled = await self.edge.fill(self, view)
            if filled is view:
                return
            view = filled
        else:
            view = await self.edge.fill(self, view)
        try:
            await self.client.views_update(view_id=self._opened, view=dict(view.payload()))
        except SlackApiError as error:
            # Whoever closed it while it was being filled wants no answer any more.
            if error.response.get("error") != "not_found":
                raise

    async def become(self, view: View) -> None:
        """The form that was sent turns into this."""
        await self.ack(response_action="update", view=dict(view.payload()))

    async def settle(self, view: View) -> None:
        """Shows the outcome of a form: on the card that it was opened from, or else in place of the form."""
        below = self.view.get("previous_view_id")
        if not below:
            await self.become(view)
            return
        # The card would go on showing what is not so any more.
        await self.ack()
        await self.client.views_update(view_id=str(below), view=dict(view.payload()))

    async def change_view(self, view: View) -> None:
        """Replaces the modal in which it happened."""
        await self.ack()
        await asyncio.sleep(max(0.0, self._shown_at + _ON_ITS_WAY - asyncio.get_running_loop().time()))
        await self.client.views_update(view_id=str(self.view["id"]), view=dict(view.payload()))

    async def answer(self, message: Message, title: str) -> None:
        """Answers in place of what was pressed: in its modal, under this title, or instead of its message."""
        if self.is_in_modal:
            await self.change_view(message.view(title))
        else:
            await self.reply(message, replace=bool(self.body.get("actions")))

    async def permalink(self, channel: str, ts: str) -> str | None:
        """The address of a message; None where Slack doesn't tell, as in a channel the bot isn't in."""
        try:
            link = (await self.client.chat_getPermalink(channel=channel, message_ts=ts)).get("permalink")
        except SlackApiError:
            return None
        return link if isinstance(link, str) else None

    async def publish_home(self, view: View) -> None:
        await self.ack()
        await self.client.views_publish(user_id=self.user_id, view=dict(view.payload()))

    async def reply(self, message: Message, *, replace: bool = False) -> None:
        """Answers the person, and nobody else. `replace`: the message with the button, if nobody else sees it."""
        content = message.content()
        if self._opened is not None:
            # A modal is waiting with "Opening …", so the answer belongs in it.
            await self.show(message.view(self.title))
            return
        if self.kind is Kind.COMMAND and not self.is_acked:
            await self.ack(response_type="ephemeral", **content)
            return
        await self.ack()
        if self.kind is Kind.EVENT:
            await self._reply_to_event(content)
        elif self.body.get("response_url"):
            own = replace and (bool((self.body.get("container") or {}).get("is_ephemeral")) or self._is_answer)
            answer = {"response_type": "ephemeral", "replace_original": own, **content}
            if not await respond(str(self.body["response_url"]), answer):
                await self.client.chat_postMessage(channel=self.user_id, **content)
        elif self.can_open:
            await self.show(message.view(self.title))

    @property
    def is_in_direct_message(self) -> bool:
        """Whether a button of a message in the conversation with the bot was pressed."""
        return self.kind is Kind.ACTION and (self.body.get("channel") or {}).get("name") == "directmessage"

    @property
    def _is_answer(self) -> bool:
        """Whether the message with the button is an answer to what somebody wrote to the bot.

        What was delivered carries its key as metadata; it stays, and is shown anew when something changes.
        """
        is_direct = (self.body.get("channel") or {}).get("name") == "directmessage"
        metadata = (self.body.get("message") or {}).get("metadata") or {}
        return is_direct and metadata.get("event_type") != METADATA_TYPE

    @property
    def _is_at_the_top(self) -> bool:
        """Whether it happened in the last of three modals, on which Slack puts no fourth: the answer replaces it."""
        below = self.view.get("previous_view_id")
        return self.is_in_modal and bool(below) and below != self.view.get("root_view_id")

    async def _open(self, view: View) -> None:
        if not self.can_open:
            raise NeedsPress
        if self._is_at_the_top:
            self._opened = str(self.view["id"])
            await self.client.views_update(view_id=self._opened, view=dict(view.payload()))
            return
        open_or_push = self.client.views_push if self.is_in_modal else self.client.views_open
        opened = await open_or_push(trigger_id=self.body["trigger_id"], view=dict(view.payload()))
        self._opened = str(opened["view"]["id"])

    async def _reply_to_event(self, content: dict[str, Any]) -> None:
        if self.event.get("type") == "app_home_opened":
            await self.publish_home(View(blocks=tuple(content["blocks"])))
            return
        channel = self.event.get("channel")
        thread_ts = self.event.get("thread_ts")
        if not isinstance(channel, str):
            return
        where: dict[str, Any] = {"channel": channel, **({"thread_ts": thread_ts} if thread_ts else {})}
        if self.event.get("channel_type") == "im":
            said = {"event_type": ANSWER_TYPE, "event_payload": {"event": self.event_id}}
            await self.client.chat_postMessage(**where, **content, metadata=said)
        else:
            await self.client.chat_postEphemeral(**where, user=self.user_id, **content)


Handler = Callable[[Call], Awaitable[None]]
