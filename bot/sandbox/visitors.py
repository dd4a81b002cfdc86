"""Who may use the sandbox: pages and programs of this machine. A web page from elsewhere, open in the same browser, may
neither read it nor press anything in it, whatever name it gives this machine. What nobody can read is refused too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses other hosts' names for this machine, and what another page sends."""
    if not _is_here(request.headers.get("Host", "")):
        return _refused("The sandbox answers to localhost and 127.0.0.1 only.")
    origin = request.headers.get("Origin")
    # A browser says where a page that posts comes from; programs, such as the bot, say nothing.
    if origin is not None and origin != f"http://{request.headers.get('Host')}":
        return _refused("The sandbox takes nothing from other pages.")
    try:
        return await handler(request)
    except RecursionError:
        return web.json_response({"error": "That is too deep."}, status=400)


def _is_here(named: str) -> bool:
    try:
        host = urlsplit(f"//{named}").hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(words: str) -> web.Response:
    return web.json_response({"error": words}, status=403)
