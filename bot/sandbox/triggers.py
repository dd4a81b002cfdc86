"""Trigger ids and response URLs: handed out with an interaction, good for a while, counted as they are used."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

from bot.sandbox.errors import ApiError
from bot.sandbox.settings import Settings


@dataclass
class Trigger:
    """One interaction's permission to open a view for the person who caused it."""

    user: str
    at: float = field(default_factory=time.monotonic)
    used: bool = False


@dataclass
class ResponseUrl:
    """One interaction's permission to answer it; `message_ts` is the message it came from, if any."""

    channel: str
    user: str
    message_ts: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None
    at: float = field(default_factory=time.monotonic)
    uses: int = 0


class Triggers:
    """All that were handed out."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def new_trigger(self, user: str) -> str:
        """A trigger id for one interaction of `user`."""
        trigger_id = f"{len(self._triggers) + 1}.{int(time.monotonic() * 1000)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user)
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """Use a trigger; the person whose it is. Raises what views.open answers to a bad one."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if time.monotonic() - trigger.at > self._settings.trigger_seconds:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def new_response_url(self, url: ResponseUrl) -> str:
        """The secret part of a response URL."""
        key = secrets.token_urlsafe(18)
        self._urls[key] = url
        return key

    def use_response_url(self, key: str) -> ResponseUrl:
        """Count one use. Raises what Slack answers to an unknown, used up or old one."""
        url = self._urls.get(key)
        if url is None:
            raise ApiError("no_service")
        if time.monotonic() - url.at > self._settings.response_url_seconds:
            raise ApiError("expired_url")
        if url.uses >= self._settings.response_url_uses:
            raise ApiError("used_url")
        url.uses += 1
        return url
