"""The sandbox itself: puts the parts together and serves them on 127.0.0.1. No part's behaviour is here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from bot.sandbox.calls import Backend
from bot.sandbox.clock import SandboxClock
from bot.sandbox.core import BOT_USER_ID, Core
from bot.sandbox.delivery import Delivery
from bot.sandbox.feed import PATIENCE
from bot.sandbox.file_bytes import FileBytes
from bot.sandbox.interactions import Interactions
from bot.sandbox.manifest import read_manifest
from bot.sandbox.page_api import PageApi
from bot.sandbox.people import People
from bot.sandbox.person import Person
from bot.sandbox.posting import Posting
from bot.sandbox.responses import Responses
from bot.sandbox.settings import Settings
from bot.sandbox.submissions import Submissions
from bot.sandbox.views import Views
from bot.sandbox.visitors import only_from_here
from bot.sandbox.web_api import WebApi
from bot.sandbox.workspace import JSON, Channel, User, Workspace

UPLOAD_MAX = 64 * 1024 * 1024


class Sandbox:
    """A small Slack with one workspace and one installed app."""

    bot_user_id = BOT_USER_ID

    def __init__(
        self,
        manifest: JSON,
        workspace: Workspace,
        *,
        settings: Settings | None = None,
        clock: SandboxClock | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.clock = clock or SandboxClock()
        self.workspace = workspace
        self._core = Core(read_manifest(manifest), workspace, self.settings, self.clock)
        self.bot_token, self.app_token = self._core.bot_token, self._core.app_token  # xoxb- and xapp-
        self.signing_secret = self._core.signing_secret  # what HTTP requests are signed with
        self.record, self.wire = self._core.record, self._core.wire  # what was posted, and what went over the wire
        self.faults = self._core.faults  # where faults are ordered
        self._delivery = Delivery(self._core)
        posting = Posting(self._core, self._delivery)
        views = Views(self._core)
        self._backend = Backend(self._core, self._delivery, posting, views)
        self.people = People(self._core, self._delivery, posting, views)
        responses = Responses(self._backend)
        self.interactions = Interactions(self._backend, self.people, responses)
        self.submissions = Submissions(self._backend, self.people, responses)
        self._app = web.Application(client_max_size=UPLOAD_MAX, middlewares=[only_from_here])
        self.web_api = WebApi(self._backend)
        self._app.router.add_route("*", "/api/{method}", self.web_api.serve)
        self._app.router.add_get("/link/", self._delivery.sockets.serve)
        self._app.router.add_post("/response/{key}", responses.serve)
        FileBytes(self._core).add_routes(self._app)
        PageApi(self._backend, self.people, self.interactions, self.submissions).add_routes(self._app)
        self._runner: web.AppRunner | None = None

    @classmethod
    async def start(
        cls,
        manifest: JSON,
        workspace: Workspace,
        port: int = 0,
        *,
        settings: Settings | None = None,
        clock: SandboxClock | None = None,
    ) -> Self:
        """A running sandbox; port 0 takes a free one. Raises ManifestError and OSError."""
        sandbox = cls(manifest, workspace, settings=settings, clock=clock)
        sandbox._runner = web.AppRunner(sandbox._app, access_log=None, shutdown_timeout=0.2)
        await sandbox._runner.setup()
        site = web.TCPSite(sandbox._runner, "127.0.0.1", port)
        try:
            await site.start()
        except OSError:
            await sandbox._runner.cleanup()
            raise
        bound = sandbox._runner.addresses[0][1]
        sandbox._core.base_url = f"http://127.0.0.1:{bound}"
        return sandbox

    async def stop(self) -> None:
        """End connections, deliveries and the server."""
        self._core.faults.clear()
        await self._delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """The page's address, without a slash at the end."""
        return self._core.base_url

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is to be."""
        return f"{self._core.base_url}/api/"

    @property
    def connections(self) -> int:
        """How many Socket Mode connections take envelopes."""
        return self._delivery.sockets.count

    @property
    def subscriptions_disabled(self) -> bool:
        """Whether Slack would have switched event subscriptions off after an hour of failures."""
        return self._delivery.subscriptions_disabled

    def person(self, user_id: str) -> Person:
        return Person(self._backend, self.people, self.interactions, self.submissions, user_id)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every Socket Mode connection to reconnect: `warning`, `refresh_requested` or `link_disabled`."""
        await self._delivery.sockets.disconnect(reason)

    async def cut(self) -> None:
        """End every Socket Mode connection without a word."""
        await self._delivery.sockets.cut()

    async def verify_request_url(self) -> bool:
        """Send the url_verification challenge to the request URL."""
        return await self._delivery.http.verify()

    async def connected(self, timeout: float = 10.0) -> None:
        """Wait until the bot has a Socket Mode connection. Raises TimeoutError."""
        if not await self._delivery.sockets.wait_connected(timeout):
            raise TimeoutError("The bot did not connect.")

    async def settled(self, timeout: float = PATIENCE) -> None:
        """Wait until no event is under way, redeliveries included. Raises TimeoutError."""
        await self._delivery.settled(timeout)

    async def until(self, condition: Callable[[], bool], timeout: float = PATIENCE) -> None:
        """Wait until something is so in the sandbox. Raises TimeoutError."""
        await self._core.feed.until(condition, timeout)

    def send_event(self, name: str, event: JSON) -> str | None:
        """Send any event the app subscribes to; its event_id, or None if the app does not get it."""
        return self._delivery.event(name, event)

    def resend_event(self, event_id: str) -> bool:
        """Send an event of the wire log once more, as Slack does when an answer was lost on the way."""
        return self._delivery.resend(event_id)

    def add_user(self, name: str, **about: Any) -> User:
        """Somebody joins the workspace (`team_join`)."""
        return self.people.add_user(name, **about)

    def change_user(self, user_id: str, **changes: Any) -> User:
        """Change a user's fields (`user_change`); `deleted=True` deactivates."""
        return self.people.change_user(user_id, **changes)

    def channel(self, channel_id: str) -> Channel:
        return self.workspace.channels[channel_id]
