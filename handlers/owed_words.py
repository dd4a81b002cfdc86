"""Words to the bot outlive the process that heard them: whoever is there afterwards answers them.

They go through Bolt once more, as they came. Whether the answer had gone out is asked of the conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_sdk.errors import SlackApiError

from bot.services.sending import Words
from bot.slack.workspaces import ServedWorkspace
from handlers.context import ANSWER_TYPE, Call, Edge, Handler
from handlers.errors import run, run_aside

log = structlog.get_logger(__name__)

_AGAIN = "backbeat_again"
# What Bolt and the answer need of an event; whatever else Slack tells of it is not kept.
_BODY = ("type", "team_id", "enterprise_id", "api_app_id", "event_id", "authorizations", "is_ext_shared_channel")
_EVENT = ("type", "subtype", "channel", "channel_type", "user", "team", "user_team", "text", "ts", "thread_ts")
_FILE = ("id", "name")


def is_again(context: AsyncBoltContext) -> bool:
    """Whether an event comes from here instead of from Slack."""
    return bool(context.get(_AGAIN))


def is_said_to_bot(event: Mapping[str, Any]) -> bool:
    """Whether a person said something to the bot: edits, joins and what apps write are no words to it."""
    if event.get("bot_id"):
        return False
    if event.get("type") == "app_mention":
        return event.get("channel_type") != "im"
    return (
        event.get("type") == "message"
        and event.get("channel_type") == "im"
        and event.get("subtype") in {None, "file_share"}
    )


def words_in(body: Mapping[str, Any], context: AsyncBoltContext) -> Words | None:
    """What is to be kept of an event; None where nobody waits for an answer."""
    event: Mapping[str, Any] = body.get("event") or {}
    authorized = context.authorize_result
    team_id = (authorized.team_id if authorized is not None else None) or context.team_id
    if not is_said_to_bot(event) or team_id is None:
        return None
    kept: dict[str, Any] = {name: event[name] for name in _EVENT if name in event}
    if event.get("files"):
        kept["files"] = [{name: one[name] for name in _FILE if name in one} for one in event["files"]]
    return Words(
        event_id=str(body["event_id"]),
        team_id=team_id,
        body={**{name: body[name] for name in _BODY if name in body}, "event": kept},
    )


async def answer_words(name: str, handler: Handler, call: Call) -> None:
    """Answers words, and forgets them once that is done. Never raises."""
    under_way = call.edge.words_under_way
    under_way.add(call.event_id)
    try:
        if is_again(call.context):
            await call.ack()
            has_answer = await _has_gone_out(call)
            if has_answer is None:
                return  # another look, once this one's lease has ended
            if not has_answer:
                await run(name, handler, call)
        else:
            await run(name, handler, call)
        await run_aside("forget_words", _forget, call)
    finally:
        under_way.discard(call.event_id)


async def _forget(call: Call) -> None:
    await call.services.inbox.answered(call.event_id)


class OwedWords:
    """Answers in these workspaces what other processes, or this one before it was started anew, have not."""

    def __init__(self, app: AsyncApp, edge: Edge, workspaces: Iterable[ServedWorkspace]) -> None:
        self._app = app
        self._edge = edge
        self._workspaces = workspaces

    async def run(self) -> int:
        """One look; returns how many answers were begun."""
        inbox = self._edge.services.inbox
        if self._edge.words_under_way:
            await inbox.keep_answering(self._edge.words_under_way)
        owed = await inbox.take_owed([one.team_id for one in self._workspaces])
        for words in owed:
            if words.event_id in self._edge.words_under_way:
                continue  # this process stood still for longer than its lease
            log.info("answering_late", event_id=words.event_id)
            request = AsyncBoltRequest(body=dict(words.body), mode="socket_mode", context={_AGAIN: True})
            await self._app.async_dispatch(request)
        return len(owed)


async def _has_gone_out(call: Call) -> bool | None:
    """Whether these words have been answered; None where Slack can't say that now.

    What only one person sees stands in no history: nobody can know.
    """
    event = call.event
    if event.get("channel_type") != "im":
        return False
    asked: dict[str, Any] = {"channel": event["channel"], "oldest": event["ts"], "include_all_metadata": True}
    try:
        if event.get("thread_ts"):
            found = await call.client.conversations_replies(ts=event["thread_ts"], limit=200, **asked)
        else:
            found = await call.client.conversations_history(limit=200, **asked)
    except SlackApiError as error:
        # Whoever isn't let in will not be let in later either.
        return None if error.response.status_code >= 429 else False
    except (TimeoutError, aiohttp.ClientError, OSError):
        return None
    about = [(one.get("metadata") or {}) for one in found.get("messages") or []]
    return any(
        one.get("event_type") == ANSWER_TYPE and (one.get("event_payload") or {}).get("event") == call.event_id
        for one in about
    )
