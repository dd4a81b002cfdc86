"""Whether the program lives, whether it is ready, and numbers about it, for whoever runs it. Served over HTTP: with
`run --http` beside Slack's requests, or at an address of its own. Imported only where one of them is asked for."""

from __future__ import annotations

from bot.monitoring.monitor import Monitor

__all__ = ["Monitor"]
