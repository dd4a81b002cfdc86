"""Several workspaces and one app that others install: what Slack is to such an app. Each workspace is a sandbox of its
own; here are the address that all of them share, the page that asks whether to install, and the tokens of each.

After https://docs.slack.dev/authentication/installing-with-oauth and /using-token-rotation.
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, Self
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.clock import SandboxClock
from bot.sandbox.core import BOT_USER_ID
from bot.sandbox.server import Sandbox
from bot.sandbox.settings import Settings
from bot.sandbox.web_api import read_args, token_of
from bot.sandbox.workspace import Workspace

JSON = dict[str, Any]

# Seconds, as Slack says them.
CODE_LIVES = 600.0
TOKEN_LIVES = 43_200


@dataclass(slots=True)
class _Code:
    """What somebody allowed, until the app redeems it."""

    team_id: str
    user_id: str
    scope: str
    redirect_uri: str
    until: float
    is_used: bool = False


class Town:
    """Workspaces by their team ids. Whoever is in one allows the app with `allow`, as by the page's button."""

    def __init__(self, manifest: JSON, sandboxes: Iterable[Sandbox]) -> None:
        self.sandboxes = {one.workspace.team_id: one for one in sandboxes}
        first = next(iter(self.sandboxes.values()))
        self.client_id, self.client_secret = f"{secrets.randbelow(10**12)}.1", secrets.token_hex(16)
        self.signing_secret, self.app_token = first.signing_secret, first.app_token
        self.is_rotating = bool(manifest.get("settings", {}).get("token_rotation_enabled"))
        self.granted: list[JSON] = []  # what oauth.v2.access answered, oldest first
        self._redirects = tuple(manifest.get("oauth_config", {}).get("redirect_urls") or ())
        self._codes: dict[str, _Code] = {}
        self._refresh: dict[str, str] = {}  # by the refresh token: the workspace
        self._runner: web.AppRunner | None = None
        self._url = ""
        for one in self.sandboxes.values():
            one._core.signing_secret, one._core.app_token = self.signing_secret, self.app_token
            one._core.is_installed = False
            one._delivery.sockets = first._delivery.sockets

    @classmethod
    async def start(
        cls, manifest: JSON, workspaces: Iterable[Workspace], *, settings: Settings, clock: SandboxClock | None = None
    ) -> Self:
        """A running town; the settings are all sandboxes'."""
        sandboxes = [await Sandbox.start(manifest, one, settings=settings, clock=clock) for one in workspaces]
        town = cls(manifest, sandboxes)
        app = web.Application()
        app.router.add_route("*", "/api/{method}", town._serve)
        app.router.add_get("/oauth/v2/authorize", town._authorize)
        app.router.add_get("/link/", sandboxes[0]._delivery.sockets.serve)
        town._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await town._runner.setup()
        await web.TCPSite(town._runner, "127.0.0.1", 0).start()
        town._url = f"http://127.0.0.1:{town._runner.addresses[0][1]}"
        return town

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        for one in self.sandboxes.values():
            await one.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is to be."""
        return f"{self._url}/api/"

    def allow(self, query: JSON, team_id: str, user_id: str) -> str:
        """Somebody presses Allow on the page with this query; returns where the browser is sent."""
        code = secrets.token_urlsafe(18)
        until = time.monotonic() + CODE_LIVES
        self._codes[code] = _Code(team_id, user_id, query["scope"], query["redirect_uri"], until)
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query.get('state', '')})}"

    def decline(self, query: JSON) -> str:
        """Somebody presses Cancel; returns where the browser is sent."""
        return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': query.get('state', '')})}"

    def expire(self, team_id: str) -> None:
        """Lets the token that a workspace has now be too old, as after twelve hours."""
        core = self.sandboxes[team_id]._core
        core.ended_tokens[core.bot_token] = "token_expired"

    def uninstall(self, team_id: str) -> None:
        """Somebody removes the app from a workspace: its tokens end, and Slack tells the app, of both in turn."""
        sandbox = self.sandboxes[team_id]
        for name, event in (
            ("tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER_ID]}}),
            ("app_uninstalled", {"type": "app_uninstalled"}),
        ):
            sandbox.send_event(name, event)
        core = sandbox._core
        core.is_installed = False
        core.ended_tokens |= dict.fromkeys((core.bot_token, *core.older_tokens), "account_inactive")
        core.older_tokens.clear()
        for refresh in [key for key, team in self._refresh.items() if team == team_id]:
            del self._refresh[refresh]

    async def _authorize(self, request: web.Request) -> web.Response:
        """The page that asks; it refuses what Slack refuses there."""
        query = dict(request.query)
        wrong = self._wrong(query)
        if wrong is not None:
            return web.Response(status=400, text=wrong)
        choices = []
        for team_id, sandbox in self.sandboxes.items():
            for user in sandbox.workspace.users.values():
                if user.is_admin and not user.is_bot:
                    to = escape(self.allow(query, team_id, user.id))
                    choices.append(f'<p><a href="{to}">Allow in {escape(sandbox.workspace.name)}</a></p>')
        cancel = f'<p><a href="{escape(self.decline(query))}">Cancel</a></p>'
        return web.Response(text="".join([*choices, cancel]), content_type="text/html")

    def _wrong(self, query: JSON) -> str | None:
        app = next(iter(self.sandboxes.values()))._core.app
        if query.get("client_id") != self.client_id:
            return "invalid_client_id"
        if query.get("redirect_uri") not in self._redirects:
            return "redirect_uri did not match any configured URIs"
        if not set(str(query.get("scope") or "").split(",")) <= app.scopes:
            return "invalid_scope"
        return None

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        """A call of any method: by its token it is one workspace's."""
        if request.match_info["method"] == "oauth.v2.access":
            return web.json_response(self._access(request, await read_args(request)))
        token = token_of(request, await read_args(request))
        for sandbox in self.sandboxes.values():
            core = sandbox._core
            is_good = core.is_installed and token in (core.bot_token, *core.older_tokens)
            if token == core.app_token or is_good or token in core.ended_tokens:
                return await sandbox.web_api.serve(request)
        return web.json_response({"ok": False, "error": "not_authed" if token is None else "invalid_auth"})

    def _access(self, request: web.Request, args: JSON) -> JSON:
        kind, _, value = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "basic":
            client_id, _, secret = base64.b64decode(value).decode().partition(":")
        else:
            client_id, secret = args.get("client_id", ""), args.get("client_secret", "")
        if client_id != self.client_id:
            return {"ok": False, "error": "invalid_client_id"}
        if secret != self.client_secret:
            return {"ok": False, "error": "bad_client_secret"}
        if args.get("grant_type") == "refresh_token":
            team_id = self._refresh.pop(args.get("refresh_token", ""), None)
            if team_id is None:
                return {"ok": False, "error": "invalid_refresh_token"}
            return self._grant(team_id, self.sandboxes[team_id]._core.app.provided)
        found = self._codes.get(args.get("code", ""))
        if found is None or found.until < time.monotonic():
            return {"ok": False, "error": "invalid_code"}
        if found.is_used:
            return {"ok": False, "error": "code_already_used"}
        if args.get("redirect_uri") != found.redirect_uri:
            return {"ok": False, "error": "bad_redirect_uri"}
        found.is_used = True
        return self._grant(found.team_id, found.scope) | {"authed_user": {"id": found.user_id}}

    def _grant(self, team_id: str, scope: str) -> JSON:
        """A new token; the one before stays good until it ends by itself, as with Slack."""
        sandbox = self.sandboxes[team_id]
        core, token = sandbox._core, f"xoxe.xoxb-{secrets.token_hex(12)}"
        if core.is_installed:
            core.older_tokens.add(core.bot_token)
        core.bot_token, core.is_installed = token, True
        granted: JSON = {
            "ok": True,
            "access_token": token,
            "token_type": "bot",
            "scope": scope,
            "bot_user_id": BOT_USER_ID,
            "app_id": core.app.app_id,
            "team": {"id": team_id, "name": sandbox.workspace.name},
            "enterprise": None,
            "is_enterprise_install": False,
        }
        if self.is_rotating:
            refresh = f"xoxe-1-{secrets.token_hex(12)}"
            self._refresh[refresh] = team_id
            granted |= {"refresh_token": refresh, "expires_in": TOKEN_LIVES}
        self.granted.append(granted)
        return granted
