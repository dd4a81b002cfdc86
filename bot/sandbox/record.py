"""What happened: every accepted post for ever, and the wire of late for the inspector. Never a token."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SECRET_FIELDS = frozenset({"token", "app_token", "client_secret", "refresh_token"})


@dataclass(frozen=True)
class Post:
    """One accepted chat.postMessage."""

    channel: str
    ts: str
    metadata: dict[str, Any] | None
    at: datetime
    text: str
    thread_ts: str | None


class Record:
    """Accepted posts in order. Never trimmed, so that a test can count what a bot sent in a whole year."""

    def __init__(self) -> None:
        self.posts: list[Post] = []

    def by_key(self, field: str) -> dict[Any, int]:
        """How often each value of `metadata.event_payload[field]` was posted."""
        counts: dict[Any, int] = {}
        for post in self.posts:
            payload = (post.metadata or {}).get("event_payload") or {}
            if field in payload:
                counts[payload[field]] = counts.get(payload[field], 0) + 1
        return counts


def without_secrets(value: Any) -> Any:
    """A copy without any field that carries a credential."""
    if isinstance(value, dict):
        # Most of a view is words and numbers: to call this for each of them takes longer than to copy it.
        return {
            k: without_secrets(v) if isinstance(v, dict | list) else v
            for k, v in value.items()
            if k not in SECRET_FIELDS
        }
    if isinstance(value, list):
        return [without_secrets(v) if isinstance(v, dict | list) else v for v in value]
    return value


class WireLog:
    """The newest exchanges with the bot, numbered without gaps."""

    def __init__(self, size: int, now: Callable[[], datetime]) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=size)
        self._now = now
        self._n = 0
        self.on_entry: list[Callable[[int], None]] = []

    def add(
        self,
        direction: str,
        kind: str,
        name: str,
        *,
        request: Any = None,
        response: Any = None,
        started: float | None = None,
        error: str | None = None,
        summary: str = "",
    ) -> None:
        """Note one exchange; `started` is the monotonic moment at which it began."""
        self._n += 1
        self._entries.append(
            {
                "n": self._n,
                "at": self._now().timestamp(),
                "direction": direction,
                "kind": kind,
                "name": name,
                "summary": summary or error or "",
                "request": without_secrets(request),
                "response": without_secrets(response),
                "ms": None if started is None else round((time.monotonic() - started) * 1000, 1),
                "error": error,
            }
        )
        for listener in self.on_entry:
            listener(self._n)

    def after(self, n: int = 0) -> list[dict[str, Any]]:
        """The entries numbered above `n`, oldest first."""
        return [entry for entry in self._entries if entry["n"] > n]
