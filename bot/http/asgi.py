"""The few things that every part of the HTTP edge says in the terms of ASGI: types, and an answer of one line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Scope = dict[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

WORDS = "text/plain; charset=utf-8"


async def answer(
    send: Send,
    status: int,
    words: str = "",
    *,
    kind: str = WORDS,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Sends a whole answer."""
    body = words.encode()
    given = {"content-type": kind, "content-length": str(len(body)), **(headers or {})}
    named = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": body})
