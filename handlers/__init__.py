"""What people do in Slack, turned into calls of the services. Listeners only translate.

`LISTENERS` says which identifier leads to which handler; every one is registered here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import Services
from bot.slack.identifiers import Action, Command, Search, Shortcut, Submission
from handlers import action_items, checkins, coalitions, first_contact, held, home, messages, metrics, people
from handlers.context import Call, Edge, Handler, Kind
from handlers.directory import DirectoryWatch
from handlers.errors import run
from handlers.inbox import take_once

ACTIONS: Mapping[Action, Handler] = {
    Action.ANSWER: checkins.answer,
    Action.ANSWER_OPEN: checkins.answer_open,
    Action.NO_CHANGE: checkins.repeat_last,
    Action.SOUNDS_RIGHT: first_contact.sounds_right,
    Action.WHO_SEES_WHAT: first_contact.who_sees_what,
    Action.IT_ARRIVED: held.arrived,
    Action.SEND_AGAIN: held.send_again,
    Action.LINK_PEOPLE: people.link_people,
    Action.PICK_ACCOUNT: people.pick_account,
    Action.TURN_PEOPLE: people.turn_people,
    Action.WEEK: coalitions.week,
    Action.START: coalitions.start,
    Action.PAUSE: coalitions.pause,
    Action.RESUME: coalitions.resume,
    Action.REFRESH: home.refresh,
    Action.CHECK_CHANNELS: home.check_channels,
    Action.TURN_PAGE: home.turn_page,
    Action.FIGURE_UPDATE: metrics.open_form,
    Action.FIGURE_CHOSEN: metrics.choose,
    Action.FIGURE_RECORD: metrics.record,
    Action.FIGURE_CHANGE: metrics.change,
    Action.FIGURE_UNDO: metrics.undo,
    Action.FIGURE_CARD: metrics.open_card,
    Action.FIGURES_ALL: metrics.show_all,
    Action.SAY: messages.say,
    Action.SHOW_MENU: messages.show_menu,
    Action.NEW_ACTION: action_items.open_form,
    Action.ADD_DRAFT: action_items.add_draft,
    Action.CHANGE_DRAFT: action_items.change_draft,
    Action.MY_ACTIONS: action_items.show_mine,
    Action.TURN_ACTIONS: action_items.turn_list,
    Action.SORT_ACTIONS: action_items.turn_list,
    Action.OPEN_ACTION: action_items.open_card,
    Action.ACTION_DONE: action_items.complete,
    Action.ACTION_START: action_items.start,
    Action.ACTION_MOVE: action_items.ask_new_date,
    Action.ACTION_BLOCK: action_items.ask_reason,
    Action.ACTION_CANCEL: action_items.cancel,
    Action.ACTION_UNDO: action_items.undo,
    Action.ACCEPT_ACTION: action_items.accept,
    Action.OFFER_DATE: action_items.ask_other_date,
    Action.DECLINE_ACTION: action_items.decline,
}
SUBMISSIONS: Mapping[Submission, Handler] = {
    Submission.CHECK_IN: checkins.submit,
    Submission.FIGURE: metrics.submit,
    Submission.FIGURE_CONFIRM: metrics.confirm,
    Submission.NEW_ACTION: action_items.submit_new,
    Submission.CHANGE_ACTION: action_items.submit_change,
}
SEARCHES: Mapping[Search, Handler] = {
    Search.PROVIDER: checkins.find_provider,
    Search.MEMBER: action_items.find_member,
    Search.ORGANIZATION: action_items.find_organization,
}
SHORTCUTS: Mapping[Shortcut, Handler] = {
    Shortcut.NEW_ACTION: action_items.open_form,
    Shortcut.MESSAGE_TO_ACTION: action_items.from_message,
}
COMMANDS: Mapping[Command, Handler] = dict.fromkeys(Command, messages.command)
EVENTS: Mapping[str, Handler] = {
    "message": messages.direct_message,
    "app_mention": messages.mention,
    "app_home_opened": home.opened,
}


def register_handlers(
    app: AsyncApp, services: Services, on_directory_change: Callable[[], Awaitable[None]] | None = None
) -> Edge:
    """Registers every listener, and returns what they share.

    `on_directory_change` is called when Slack's people or channels changed.
    The app is to be made with `process_before_response=False`: events are taken down before they are acknowledged by
    a middleware here, and everything else acknowledges by itself, before it talks to Slack.
    """
    watch = DirectoryWatch(on_directory_change)
    edge = Edge(services, watch.settle)
    app.use(take_once(services))
    for action_id, handler in ACTIONS.items():
        app.action(action_id)(_listener(edge, Kind.ACTION, handler))
    for callback_id, handler in SUBMISSIONS.items():
        app.view_submission(callback_id)(_listener(edge, Kind.SUBMISSION, handler))
    for search, handler in SEARCHES.items():
        app.options(search)(_listener(edge, Kind.OPTIONS, handler))
    for shortcut, handler in SHORTCUTS.items():
        app.shortcut(shortcut)(_listener(edge, Kind.ACTION, handler))
    for command, handler in COMMANDS.items():
        # A prefix may stand before the name, should another app own it.
        pattern = re.compile(rf"^/[a-z0-9_-]*{command.removeprefix('/')}$")
        app.command(pattern)(_listener(edge, Kind.COMMAND, handler))
    for event, handler in EVENTS.items():
        app.event(event)(_listener(edge, Kind.EVENT, handler))
    app.event("user_change")(_listener(edge, Kind.EVENT, watch.person_changed))
    for event in ("member_joined_channel", "member_left_channel", "channel_rename", "group_rename"):
        app.event(event)(_listener(edge, Kind.EVENT, watch.channel_changed))
    return edge


def _listener(edge: Edge, kind: Kind, handler: Handler) -> Callable[..., Awaitable[None]]:
    """A Bolt listener for a handler. Its parameters' names are Bolt's own."""

    async def listener(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        name = getattr(handler, "__qualname__", repr(handler))
        edge.begin()
        await run(name, handler, Call(kind, edge, body, client, ack, context))

    return listener
