"""What people do in Slack, turned into calls of the services. Listeners only translate.

Each noun's module says what it listens to (`LISTENERS`), and `messages.NOUNS` lists them. They are registered here and
nowhere else.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import Services
from bot.slack.identifiers import Action, Command, Search, Shortcut, Submission
from bot.slack.workspaces import Workspaces
from handlers import home, kept_words, messages, uninstalls
from handlers.context import Call, Edge, Handler, Kind
from handlers.directory import DirectoryWatch
from handlers.errors import run, run_aside
from handlers.inbox import take_once
from handlers.menus import unfold
from handlers.owed_words import answer_words, is_said_to_bot
from handlers.replies import PATIENT

K = TypeVar("K")


def _together(tables: Iterable[Mapping[K, Handler]]) -> dict[K, Handler]:
    """One table of several; an identifier with two listeners is a mistake that shows at start."""
    found: dict[K, Handler] = {}
    for table in tables:
        twice = found.keys() & table.keys()
        if twice:
            raise ValueError(f"two listeners for {sorted(map(str, twice))}")
        found |= table
    return found


NOUNS = (*messages.NOUNS, messages.LISTENERS)
ACTIONS: Mapping[Action, Handler] = _together(noun.actions for noun in NOUNS)
SUBMISSIONS: Mapping[Submission, Handler] = _together(noun.submissions for noun in NOUNS)
SEARCHES: Mapping[Search, Handler] = _together(noun.searches for noun in NOUNS)
KEEPS: Mapping[str, Handler] = {str(form): keep for form, keep in _together(noun.keeps for noun in NOUNS).items()}
SHORTCUTS: Mapping[Shortcut, Handler] = _together(noun.shortcuts for noun in NOUNS)
COMMANDS: Mapping[Command, Handler] = dict.fromkeys(Command, messages.command)
CHANNEL_EVENTS = (
    "channel_archive",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
)
EVENTS: Mapping[str, Handler] = {
    "message": messages.direct_message,
    "app_mention": messages.mention,
    "app_home_opened": home.opened,
    # They are subscribed to over HTTP only.
    "app_uninstalled": uninstalls.taken_away,
    "tokens_revoked": uninstalls.taken_away,
}


def register_handlers(
    app: AsyncApp,
    services: Services,
    on_directory_change: Callable[[str], Awaitable[None]] | None = None,
    workspaces: Workspaces | None = None,
) -> Edge:
    """Registers every listener, and returns what they share.

    `on_directory_change` is called with a workspace's id when people or channels changed there. Without `workspaces`
    cards are words only.
    The app is to be made with `process_before_response=False`: events are taken down before they are acknowledged by
    a middleware here, commands at the latest after `Edge.answer_within`, and everything else acknowledges by itself,
    before it talks to Slack.
    """
    watch = DirectoryWatch(on_directory_change)
    edge = Edge(services, watch.settle, workspaces, kept_words.fill)
    app.use(take_once(services))
    # One listener for each table: Bolt asks every listener in turn whether an event is its own, before the ack.
    app.action(_any_of(ACTIONS))(
        _listener(edge, Kind.ACTION, lambda body: ACTIONS[Action(body["actions"][0]["action_id"])])
    )
    app.view_submission(_any_of(SUBMISSIONS))(
        _listener(edge, Kind.SUBMISSION, lambda body: SUBMISSIONS[Submission(body["view"]["callback_id"])])
    )
    app.options(_any_of(SEARCHES))(_listener(edge, Kind.OPTIONS, lambda body: SEARCHES[Search(body["action_id"])]))
    app.shortcut(_any_of(SHORTCUTS))(
        _listener(edge, Kind.ACTION, lambda body: SHORTCUTS[Shortcut(body["callback_id"])])
    )
    for command, handler in COMMANDS.items():
        # A prefix may stand before the name, should another app own it.
        pattern = re.compile(rf"^/[a-z0-9_-]*{command.removeprefix('/')}$")
        app.command(pattern)(_listener(edge, Kind.COMMAND, _always(handler)))
    for event, handler in EVENTS.items():
        app.event(event)(_listener(edge, Kind.EVENT, _always(handler)))
    app.event("user_change")(_listener(edge, Kind.EVENT, _always(watch.person_changed)))
    for event in CHANNEL_EVENTS:
        app.event(event)(_listener(edge, Kind.EVENT, _always(watch.channel_changed)))
    return edge


def _any_of(identifiers: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\A(?:{'|'.join(map(re.escape, identifiers))})\Z")


def _always(handler: Handler) -> Callable[[dict[str, Any]], Handler]:
    return lambda _body: handler


def _is_said(call: Call) -> bool:
    return call.kind is Kind.EVENT and is_said_to_bot(call.event)


async def _ack_in_time(call: Call) -> None:
    """Acknowledges a command whose answer isn't there yet; it comes through the response URL then."""
    await asyncio.sleep(call.edge.answer_within)
    await call.ack()


def _listener(edge: Edge, kind: Kind, find: Callable[[dict[str, Any]], Handler]) -> Callable[..., Awaitable[None]]:
    """A Bolt listener for the handler that a body asks for. Its parameters' names are Bolt's own."""

    async def listener(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        # Bolt makes a client for each request; the one that sends deliveries must not say anything twice.
        client.retry_handlers.append(PATIENT)
        body = unfold(body)
        handler = find(body)
        name = getattr(handler, "__qualname__", repr(handler))
        edge.begin()
        call = Call(kind, edge, body, client, ack, context)
        held = edge.throttle.hold(call) if edge.throttle is not None else None
        if held is not None:
            await (answer_words if _is_said(call) else run)(name, held, call)
            return
        is_new_in_home = home.note_look(call)
        if kind is Kind.COMMAND:
            # Its answer may take longer than Slack waits, and how long grows with the coalition.
            late = asyncio.create_task(_ack_in_time(call))
            try:
                await run(name, handler, call)
            finally:
                late.cancel()
        elif _is_said(call):
            await answer_words(name, handler, call)
        else:
            await run(name, handler, call)
        # After the acknowledgement, since nobody waits for it.
        if is_new_in_home:
            await run_aside(home.tell_of_look.__qualname__, home.tell_of_look, call)
        if kind is Kind.ACTION and call.view:
            keep = KEEPS.get(str(call.view.get("callback_id") or ""), kept_words.keep)
            async with edge.in_order(call.user_id):
                await run_aside(getattr(keep, "__qualname__", repr(keep)), keep, call)
        elif kind is Kind.SUBMISSION:
            async with edge.in_order(call.user_id):
                await run_aside(kept_words.settle.__qualname__, kept_words.settle, call)

    return listener
