"""What the sandbox's page talks to: JSON under /page/…, one stream of changes. Nothing here is Slack's.

Contract with `page/` (plain JavaScript). Every request names the person acting as `as` (a user id); the
page may switch person at any time. Moments are epoch seconds (float) of the sandbox's clock; `ts` is Slack's string.

GET  /                            the page; GET /page/static/NAME its files
GET  /page/state?as=U             {me, team: {id, name}, app: {name, app_id, bot_user_id, connections},
                                   users: [{id, name, real_name, tz, kind: member|multi_channel_guest|
                                            single_channel_guest|connected, team_id, team_name, title}],
                                   channels: [{id, name, kind: public|private|im, is_member, user (of an im),
                                               topic, unread: int, last_ts,
                                               canvases: [{id, title}]}]   (those `me` can see; ims of `me`),
                                   commands: [{command, description, usage_hint}],
                                   shortcuts: [{name, callback_id, type: global|message, description}],
                                   clock: CLOCK}
GET  /page/messages?as=U&channel=C[&thread_ts=T]
                                  {messages: [MESSAGE]} oldest first; with thread_ts the parent and its replies.
                                  MESSAGE = {ts, user|bot_id, username, text, blocks, thread_ts, reply_count,
                                             edited: {ts}|null, ephemeral: bool, files: [...], subtype}
GET  /page/canvas?as=U&channel=C&id=F
                                  {canvas: {id, title, markdown, by, edited_by, may_write}|null}  null: it is gone
POST /page/canvas_edit {as, channel, id, markdown}       a person writes in a canvas → {}
POST /page/canvas_delete {as, channel, id}               a person deletes it → {}
POST /page/read      {as, channel}                       marks as read
GET  /page/home?as=U              {view: VIEW|null}
POST /page/open_home {as}         sends app_home_opened → {}
POST /page/message   {as, channel, text, thread_ts?}     a person writes → {ts}
POST /page/command   {as, channel, command, text}        → {ok, error?}  (error: Slack's words, e.g.
                                                          "/foo failed with the error “operation_timeout”")
POST /page/shortcut  {as, callback_id, channel?, message_ts?}     → {ok, error?}
POST /page/action    {as, container: {type: message|view, channel?, message_ts?, view_id?, ephemeral?},
                      block_id, action_id, value, state}  → {ok, error?}
                      `value` by element type: button {"value"}, select {"selected_option": OPTION}, multi
                      {"selected_options": [...]}, users_select {"selected_user": id}, datepicker
                      {"selected_date"}, timepicker {"selected_time"}, checkboxes/radio likewise, overflow
                      {"selected_option"}, plain_text_input {"value"}. `state` = {block_id: {action_id: {type, …}}} of
                      every input shown in that message or view.
POST /page/submit    {as, view_id, state}                → {ok, errors: {block_id: text}|null, error?}
POST /page/close     {as, view_id, is_cleared}           Close button (false) or X (true) → {}
POST /page/options   {as, container, block_id, action_id, value}   typed text of an external_select
                                                          → {options: [...], option_groups?: [...]}
POST /page/upload    {as, channel?, name, content_base64} → {file}  (without channel only stored, for a file_input)
GET  /page/views?as=U             {stack: [VIEW]}  the open modals of that person, bottom first
GET  /page/wire?after=N           {entries: [{n, at, direction: in|out, kind: web_api|envelope|ack|http|response_url,
                                   name, summary, request, response, ms, error}]}   what went over the wire
POST /page/fault     {method, kind: drop_after_accept|error_500|delay|rate_limited|withhold, times, seconds?}
                     {method: download, kind: in_pieces|cut, times}   of the bytes of a file
POST /page/disconnect {}          asks every Socket Mode connection to reconnect
POST /page/clock     {mode: jump|sleep|live|hold, to?: epoch, rate?: float}  → CLOCK
                      `jump` visits every due moment on the way in order; `sleep` leaps.
                      CLOCK = {now, iso, running: bool, rate, zone, hooked: bool, busy: bool}
GET  /page/stream?as=U            text/event-stream; each event's data is JSON {type, …}:
                                  message|message_changed|message_deleted|ephemeral {channel, ts, thread_ts?},
                                  canvas {channel, id},
                                  view {stack: [VIEW]}, home {view}, state {}, clock CLOCK, wire {n},
                                  toast {text, level: info|error}
Errors: HTTP 4xx with {"error": sentence}.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from aiohttp import web

from bot.sandbox import page_state
from bot.sandbox.calls import Backend
from bot.sandbox.faults import KINDS
from bot.sandbox.interactions import Interactions, Outcome
from bot.sandbox.people import People, Refused
from bot.sandbox.submissions import Submissions
from bot.sandbox.web_api_files import new_file
from bot.sandbox.workspace import JSON, User

Handler = Callable[[JSON], Awaitable[JSON]]

TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "json": "application/json",
    "woff2": "font/woff2",
}
KEEP_ALIVE_SECONDS = 15.0


class PageApi:
    """The page's routes."""

    def __init__(self, backend: Backend, people: People, interactions: Interactions, submissions: Submissions) -> None:
        self._backend = backend
        self._core = backend.core
        self._people = people
        self._interactions = interactions
        self._submissions = submissions
        self._tasks: set[asyncio.Task[None]] = set()

    def add_routes(self, app: web.Application) -> None:
        """Add every route of the contract."""
        router = app.router
        router.add_get("/", self._page)
        router.add_get("/page/static/{name:.+}", self._static)
        router.add_get("/page/stream", self._stream)
        reads: dict[str, Handler] = {
            "state": self._state,
            "messages": self._messages,
            "canvas": self._canvas,
            "home": self._home,
            "views": self._views,
            "wire": self._wire,
        }
        writes: dict[str, Handler] = {
            "read": self._read,
            "canvas_edit": self._canvas_edit,
            "canvas_delete": self._canvas_delete,
            "open_home": self._open_home,
            "message": self._message,
            "command": self._command,
            "shortcut": self._shortcut,
            "action": self._action,
            "submit": self._submit,
            "close": self._close,
            "options": self._options,
            "upload": self._upload,
            "fault": self._fault,
            "disconnect": self._disconnect,
            "clock": self._clock,
        }
        for name, read in reads.items():
            router.add_get(f"/page/{name}", self._answering(read))
        for name, write in writes.items():
            router.add_post(f"/page/{name}", self._answering(write))

    @staticmethod
    def _answering(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Arguments in, JSON out; what cannot be done becomes a 4xx with a sentence."""

        async def answer(request: web.Request) -> web.Response:
            try:
                args: JSON = dict(request.query)
                if request.method == "POST":
                    body = json.loads(await request.text() or "{}")
                    args |= body if isinstance(body, dict) else {}
                return web.json_response(await handler(args))
            except Refused as refusal:
                return web.json_response({"error": str(refusal)}, status=409)
            except KeyError as missing:
                return web.json_response({"error": f"{missing.args[0]} is missing."}, status=400)
            except (TypeError, ValueError, binascii.Error) as problem:
                return web.json_response({"error": f"That is not understood: {problem}"}, status=400)

        return answer

    def _me(self, args: JSON) -> User:
        return self._people.person(str(args["as"]))

    async def _page(self, request: web.Request) -> web.Response:
        return _file("index.html")

    async def _static(self, request: web.Request) -> web.Response:
        return _file(request.match_info["name"])

    async def _state(self, args: JSON) -> JSON:
        people = [u for u in self._core.workspace.users.values() if not u.is_bot and not u.deleted]
        if not args.get("as") and people:
            # The page's first request cannot know whom there is to be.
            args = {**args, "as": people[0].id}
        return page_state.state(self._backend, self._me(args))

    async def _messages(self, args: JSON) -> JSON:
        user = self._me(args)
        channel = self._people.channel_for(user, args["channel"])
        return page_state.messages(self._core, user, channel, args.get("thread_ts") or None)

    async def _canvas(self, args: JSON) -> JSON:
        user = self._me(args)
        channel = self._people.channel_for(user, args["channel"])
        return page_state.canvas(self._core, user, channel, args["id"])

    async def _canvas_edit(self, args: JSON) -> JSON:
        user, canvas = self._me(args), self._core.workspace.canvases[args["id"]]
        self._people.channel_for(user, canvas.channel)
        self._people.edit_canvas(user, canvas, str(args["markdown"]))
        return {}

    async def _canvas_delete(self, args: JSON) -> JSON:
        user, canvas = self._me(args), self._core.workspace.canvases[args["id"]]
        self._people.channel_for(user, canvas.channel)
        self._people.delete_canvas(user, canvas)
        return {}

    async def _home(self, args: JSON) -> JSON:
        view = self._backend.views.home(self._me(args).id)
        return {"view": None if view is None else page_state.view(self._backend, view)}

    async def _views(self, args: JSON) -> JSON:
        stack = self._backend.views.stack(self._me(args).id)
        return {"stack": [page_state.view(self._backend, one) for one in stack]}

    async def _wire(self, args: JSON) -> JSON:
        return {"entries": self._core.wire.after(int(args.get("after") or 0))}

    async def _read(self, args: JSON) -> JSON:
        user = self._me(args)
        channel = self._people.channel_for(user, args["channel"])
        if channel.messages:
            channel.last_read[user.id] = next(reversed(channel.messages))
        self._core.feed.send("state", people=[user.id])
        return {}

    async def _open_home(self, args: JSON) -> JSON:
        self._people.open_home(self._me(args))
        return {}

    async def _message(self, args: JSON) -> JSON:
        user = self._me(args)
        channel = self._people.channel_for(user, args["channel"])
        message = self._people.says(user, channel, str(args["text"]), args.get("thread_ts") or None)
        return {"ts": message.ts}

    async def _command(self, args: JSON) -> JSON:
        outcome = await self._interactions.command(
            args["as"], args["channel"], args["command"], args.get("text", ""), args.get("thread_ts") or None
        )
        return _outcome(outcome)

    async def _shortcut(self, args: JSON) -> JSON:
        outcome = await self._interactions.shortcut(
            args["as"], args["callback_id"], args.get("channel"), args.get("message_ts") or None
        )
        return _outcome(outcome)

    async def _action(self, args: JSON) -> JSON:
        container: JSON = args["container"]
        ids = (args["block_id"], args["action_id"])
        value, state = args.get("value") or {}, args.get("state")
        if container["type"] == "view":
            return _outcome(await self._interactions.view_action(args["as"], container["view_id"], *ids, value, state))
        return _outcome(
            await self._interactions.message_action(
                args["as"], container["channel"], container["message_ts"], *ids, value, state
            )
        )

    async def _submit(self, args: JSON) -> JSON:
        outcome = await self._submissions.submit(args["as"], args["view_id"], args.get("state"))
        return {**_outcome(outcome), "errors": outcome.errors}

    async def _close(self, args: JSON) -> JSON:
        await self._submissions.close(args["as"], args["view_id"], bool(args.get("is_cleared")))
        return {}

    async def _options(self, args: JSON) -> JSON:
        return await self._interactions.options(
            args["as"], args["container"], args["block_id"], args["action_id"], args.get("value", "")
        )

    async def _upload(self, args: JSON) -> JSON:
        user = self._me(args)
        content = base64.b64decode(args["content_base64"], validate=True)
        file = new_file(self._core, str(args["name"]), len(content), user.id)
        file.content, file.completed, file.ready_at = content, True, time.monotonic()
        if args.get("channel"):
            # Without a channel it is the file of a form, which is stored and shown nowhere yet.
            channel = self._people.channel_for(user, args["channel"])
            file.channels.append(channel.id)
            self._people.says(user, channel, "", files=[file])
        return {"file": page_state.file(self._core, file)}

    async def _fault(self, args: JSON) -> JSON:
        if args["kind"] == "release":
            self._core.faults.release()
        elif args["kind"] == "clear":
            self._core.faults.clear()
        else:
            seconds = args.get("seconds")
            self._core.faults.add(
                args.get("method") or "*",
                args["kind"],
                int(args.get("times") or 1),
                None if seconds is None else float(seconds),
            )
        return {"kinds": list(KINDS)}

    async def _disconnect(self, args: JSON) -> JSON:
        await self._backend.delivery.sockets.disconnect(args.get("reason") or "refresh_requested")
        return {}

    async def _clock(self, args: JSON) -> JSON:
        clock, mode = self._core.clock, args["mode"]
        if mode == "live":
            clock.live(float(args.get("rate") or 1.0))
        elif mode == "hold":
            clock.hold()
        elif mode in ("jump", "sleep"):
            to = datetime.fromtimestamp(float(args["to"]), UTC)
            if to < clock.now():
                raise Refused("The clock does not go back.")
            if mode == "sleep":
                clock.sleep(to)
            elif clock.busy:
                raise Refused("A jump is already under way.")
            else:
                # A long jump outlasts a request; the stream says when it is over.
                self._in_background(clock.jump(to))
                await asyncio.sleep(0)
        else:
            raise ValueError(f"mode {mode!r}")
        return clock.state(self._core.settings.zone)

    def _in_background(self, work: Any) -> None:
        async def guarded() -> None:
            try:
                await work
            except Exception as problem:
                words = f"The jump stopped: {type(problem).__name__}: {problem}"
                self._core.feed.send("toast", {"text": words, "level": "error"})

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        try:
            user = self._me(dict(request.query))
        except (KeyError, Refused) as problem:
            return web.json_response({"error": str(problem)}, status=409)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        with self._core.feed.stream(user.id) as changes, suppress(ConnectionError):
            await response.prepare(request)
            await response.write(b": ready\n\n")
            while True:
                try:
                    change = await asyncio.wait_for(changes.get(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                await response.write(b"data: " + json.dumps(change).encode() + b"\n\n")
        return response


def _outcome(outcome: Outcome) -> JSON:
    return {"ok": outcome.ok, **({"error": outcome.error} if outcome.error else {})}


def _file(name: str) -> web.Response:
    """A file of the page, and never one outside its folder."""
    parts = name.split("/")
    if any(part in ("", ".", "..") or part.startswith(".") for part in parts):
        raise web.HTTPNotFound
    file = resources.files("bot.sandbox").joinpath("page", *parts)
    if not file.is_file():
        raise web.HTTPNotFound(text=f"The page has no {name}.")
    kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return web.Response(body=file.read_bytes(), content_type=kind, headers={"Cache-Control": "no-store"})
