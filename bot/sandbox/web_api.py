"""The door of the Web API: reads arguments, checks token, scope and rate, lets faults happen, answers.
What each method does is in web_api_*."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from aiohttp import web

from bot.sandbox import (
    web_api_canvases,
    web_api_chat,
    web_api_conversations,
    web_api_files,
    web_api_people,
    web_api_views,
)
from bot.sandbox.calls import Backend, Call, Method
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Fault
from bot.sandbox.workspace import JSON

METHODS: dict[str, Method] = {
    **web_api_canvases.METHODS,
    **web_api_chat.METHODS,
    **web_api_conversations.METHODS,
    **web_api_files.METHODS,
    **web_api_people.METHODS,
    **web_api_views.METHODS,
}
BEFORE = frozenset({"error_500", "drop_before_accept", "rate_limited"})
REFUSED_TYPE = "not_allowed_token_type"


class WebApi:
    """Answers `/api/METHOD`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._core = backend.core

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One HTTP request to a method, faults included."""
        name = request.match_info["method"]
        started = time.monotonic()
        args = await read_args(request)
        token = token_of(request, args)
        fault = self._core.faults.take(name, args)
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds or 1.0)
        if fault is not None and fault.kind in BEFORE:
            return self._wrong(request, fault, name, args, started)
        response = await self._answer(name, args, token, request.host, started)
        if fault is None or fault.kind == "delay":
            return response
        if fault.kind == "withhold":
            await self._core.faults.withhold(fault)
            return response
        return self._wrong(request, fault, name, args, started)

    async def _answer(self, name: str, args: JSON, token: str | None, host: str, started: float) -> web.Response:
        method = METHODS.get(name)
        headers = {"X-OAuth-Scopes": self._core.app.provided}
        if method is not None and method.scopes:
            headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        status = 200
        try:
            if method is None:
                raise ApiError("unknown_method")
            self._check_access(method, token)
            channel = args.get("channel")
            self._core.rates.check(name, method.tier, channel if isinstance(channel, str) else None)
            body = {"ok": True, **await method.run(Call(self._backend, args, host))}
        except ApiError as problem:
            body = error_body(problem)
            if problem.retry_after is not None:
                status = 429
                headers["Retry-After"] = str(problem.retry_after)
        self._core.wire.add(
            "in", "web_api", name, request=args, response=body, started=started, error=body.get("error")
        )
        return web.json_response(body, status=status, headers=headers)

    def _check_access(self, method: Method, token: str | None) -> None:
        if method.open:
            return
        if token is None:
            raise ApiError("not_authed")
        if token in self._core.ended_tokens:
            raise ApiError(self._core.ended_tokens[token])
        if token not in (self._core.bot_token, self._core.app_token, *self._core.older_tokens):
            raise ApiError("invalid_auth")
        if (token == self._core.app_token) != method.app_level:
            raise ApiError(REFUSED_TYPE)
        if method.scopes and not set(method.scopes) & self._core.app.scopes:
            raise ApiError("missing_scope", needed=",".join(method.scopes), provided=self._core.app.provided)

    def _wrong(self, request: web.Request, fault: Fault, name: str, args: JSON, started: float) -> web.StreamResponse:
        """Answer as the fault says, whatever the method did."""
        self._core.wire.add("in", "web_api", name, request=args, started=started, error=f"fault: {fault.kind}")
        if fault.kind == "rate_limited":
            return web.json_response(
                {"ok": False, "error": "ratelimited"},
                status=429,
                headers={"Retry-After": str(int(fault.seconds or 1))},
            )
        if fault.kind == "internal_error":
            return web.json_response({"ok": False, "error": "internal_error"})
        if fault.kind in ("error_500", "error_500_after_accept"):
            return web.Response(status=500, text="<html>Server Error</html>", content_type="text/html")
        return drop(request)


class Dropped(web.Response):
    """An answer that is never written: the connection ends instead."""

    async def prepare(self, request: web.BaseRequest) -> Any:
        """Close the connection in place of sending headers."""
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError("The sandbox dropped this connection on demand.")


def drop(request: web.Request) -> web.StreamResponse:
    """End the connection without an answer."""
    return Dropped()


def error_body(problem: ApiError) -> JSON:
    body: JSON = {"ok": False, "error": problem.code}
    if problem.needed is not None:
        body |= {"needed": problem.needed, "provided": problem.provided or ""}
    if problem.messages:
        body["response_metadata"] = {"messages": problem.messages}
    return body


def token_of(request: web.Request, args: JSON) -> str | None:
    """The token by header or by field; it never reaches the arguments that are logged."""
    field = args.pop("token", None)
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" and value else field


async def read_args(request: web.Request) -> JSON:
    """The arguments of a call: query, then form or JSON."""
    args: JSON = dict(request.query)
    if request.method != "POST":
        return args
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            body = {}
        args |= body if isinstance(body, dict) else {}
    else:
        args |= {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    return args
