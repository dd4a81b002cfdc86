"""Slack's requests over HTTP: a server, its guard, and the way on to Bolt. Imported only where it is asked for."""

from __future__ import annotations

from bot.http.connection import HttpConnection
from bot.http.routes import PagesServer

__all__ = ["HttpConnection", "PagesServer"]
