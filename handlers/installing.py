"""Installing Backbeat in a workspace, in a browser: `/slack/install` leads to Slack, which leads back with a code.

Plain functions of a request's query and cookies; whatever serves HTTP mounts them (`routes`). What goes wrong is a page
with a sentence and its mend; what Slack gave is never shown.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import ElapsedTime
from bot.domain.installations import Installation
from bot.errors import Unavailable
from bot.sealing import Broken, Seal
from bot.services import Services
from bot.slack.manifest import REDIRECT_PATH
from bot.slack.oauth import AppCredentials, NotGranted, authorize_url, redeem

log = structlog.get_logger(__name__)

INSTALL_PATH = "/slack/install"
# Seconds in which somebody has to come back from Slack.
WITHIN = 600
_COOKIE = "backbeat-install"
_STATE = "install"
AGAIN = "Begin again from the install link."

# What Slack says where it gives nothing, with the mend.
_REFUSALS: Mapping[str, str] = {
    "access_denied": "Nothing was installed, since it was declined. " + AGAIN,
    "invalid_code": "Slack doesn't know this code any more. " + AGAIN,
    "code_already_used": "This code was used already. If Backbeat isn't in your workspace yet, begin again.",
    "bad_redirect_uri": "Slack sends browsers to another address than this one. Whoever runs Backbeat compares "
    "BACKBEAT_PUBLIC_URL with the app's redirect URLs.",
    "invalid_client_id": "Slack doesn't know this app. Whoever runs Backbeat checks SLACK_CLIENT_ID.",
    "bad_client_secret": "Slack doesn't take this app's secret. Whoever runs Backbeat checks SLACK_CLIENT_SECRET.",
    "installed_for_organization": "Backbeat is installed in a workspace, not in a whole organization. "
    "Choose one workspace when you begin again.",
    "no_bot_token": "Slack gave no bot token. Whoever runs Backbeat sets the app up with `backbeat manifest --http`.",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser gets. `cookies` are whole Set-Cookie values, `location` where it is sent on to."""

    status: int
    body: str = ""
    location: str | None = None
    cookies: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


class Installing:
    """Both pages. `served` is called once a workspace's tokens are kept, so that it is served without a restart."""

    def __init__(
        self,
        services: Services,
        client: AsyncWebClient,
        app: AppCredentials,
        seal: Seal,
        elapsed: ElapsedTime,
        served: Callable[[Installation], Awaitable[None]],
    ) -> None:
        self._services, self._client, self._app, self._seal = services, client, app, seal
        self._elapsed, self._served = elapsed, served
        self._is_https = urlsplit(app.redirect_uri).scheme == "https"

    @property
    def routes(self) -> Mapping[str, Application]:
        """An ASGI application for each path."""
        return {INSTALL_PATH: _application(self.begin), REDIRECT_PATH: _application(self.finish)}

    async def begin(self, query: Mapping[str, str], cookies: Mapping[str, str]) -> Page:
        """Sends the browser to Slack with a state that only it can bring back, once and soon."""
        browser = secrets.token_urlsafe(24)
        words = json.dumps([secrets.token_urlsafe(16), _print_of(browser)])
        state = self._seal.close(_STATE, words, at=self._elapsed.epoch())
        to = authorize_url(str(self._client.base_url), self._app, state)
        return Page(302, location=to, cookies=(self._cookie(browser),))

    async def finish(self, query: Mapping[str, str], cookies: Mapping[str, str]) -> Page:
        """Takes what Slack sent the browser back with, and keeps the tokens that it stands for."""
        try:
            words = self._seal.open(_STATE, query.get("state", ""), at=self._elapsed.epoch(), within=WITHIN)
        except Broken:
            return self._refusal("state", "This page has to be reached within ten minutes from Slack. " + AGAIN)
        once, browser = json.loads(words)
        if not secrets.compare_digest(_print_of(cookies.get(_COOKIE, "")), browser):
            what = "This was begun in another browser, or cookies are blocked here. Allow them for this site. "
            return self._refusal("browser", what + AGAIN)
        if not await self._services.inbox.first_time(f"install:{once}"):
            what = "This page was opened already. If Backbeat isn't in your workspace yet, begin again."
            return self._refusal("again", what)
        if "error" in query:
            return self._refusal(query["error"])
        if not query.get("code"):
            return self._refusal("no_code", "Slack sent no code along. " + AGAIN)
        try:
            installation = await redeem(self._client, self._app, query["code"], self._elapsed.epoch())
        except NotGranted as error:
            return self._refusal(error.code)
        except Unavailable as error:
            return self._refusal("unavailable", f"{error} Begin again in a minute.", status=503)
        await self._services.installations.keep(installation)
        await self._served(installation)
        log.info("installed", team=installation.team_id, by=installation.installed_by)
        where = installation.workspace.name or installation.team_id
        said = f"Backbeat is in {where}. An owner or admin writes /coalition setup there to begin."
        return Page(200, _html("Installed", said))

    def _refusal(self, code: str, words: str | None = None, *, status: int = 400) -> Page:
        log.warning("not_installed", why=code if code.replace("_", "").isalnum() and len(code) < 60 else "other")
        said = words or _REFUSALS.get(code)
        if said is None and code.startswith("lacks "):
            said = f"Backbeat {code}. Whoever runs it updates the app from `backbeat manifest --http`."
        return Page(status, _html("Not installed", said or f"Slack gave no access. {AGAIN}"))

    def _cookie(self, value: str) -> str:
        secure = "; Secure" if self._is_https else ""
        # Slack leads back from another site, so the strict kind would not come along.
        return f"{_COOKIE}={value}; Path=/slack; Max-Age={WITHIN}; HttpOnly; SameSite=Lax{secure}"


def _print_of(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()


def _html(title: str, words: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title></head>"
        '<body style="font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem">'
        f"<h1>{escape(title)}</h1><p>{escape(words)}</p></body></html>"
    )


Scope = dict[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}


def _application(page: Callable[[Mapping[str, str], Mapping[str, str]], Awaitable[Page]]) -> Application:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            found = Page(405, _html("Not installed", f"A browser opens this page. {AGAIN}"), headers={"allow": "GET"})
        elif scope["method"] == "HEAD":
            # Whoever looks ahead, such as a link preview, must not use up what somebody is about to open.
            found = Page(200)
        else:
            query = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"), max_num_fields=20)
            found = await page({name: values[0] for name, values in query.items()}, cookies_of(scope))
        await _send(found, send)

    return serve


def cookies_of(scope: Scope) -> dict[str, str]:
    found: SimpleCookie = SimpleCookie()
    for name, value in scope.get("headers") or ():
        if name.lower() == b"cookie":
            try:
                found.load(value.decode("latin-1"))
            except CookieError:
                continue
    return {name: morsel.value for name, morsel in found.items()}


async def _send(page: Page, send: Send) -> None:
    body = page.body.encode()
    headers = {**_HEADERS, **page.headers, "content-length": str(len(body))}
    if page.location is not None:
        headers["location"] = page.location
    named = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    named += [(b"set-cookie", cookie.encode("latin-1")) for cookie in page.cookies]
    await send({"type": "http.response.start", "status": page.status, "headers": named})
    await send({"type": "http.response.body", "body": body})
