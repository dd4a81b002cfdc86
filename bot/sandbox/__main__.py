"""python -m bot.sandbox: one sandbox by itself. It prints what a bot's environment needs; nothing else."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from datetime import datetime
from pathlib import Path

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from bot.sandbox.settings import RequestUrls, Settings
from bot.sandbox.workspace import Workspace


def main(argv: list[str] | None = None) -> int:
    """Run until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="A small Slack on 127.0.0.1.")
    parser.add_argument("--manifest", type=Path, required=True, help="the app's manifest, JSON")
    parser.add_argument("--workspace", type=Path, required=True, help="people and channels, JSON")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--env", type=Path, help="also write the environment into this file")
    parser.add_argument("--clock-start", type=datetime.fromisoformat, help="with a time zone")
    parser.add_argument("--clock-file", type=Path, help="where to publish the clock")
    parser.add_argument("--zone", default="UTC", help="the zone in which the page shows the time")
    parser.add_argument("--real-rate-limits", action="store_true")
    parser.add_argument("--request-url", help="send signed HTTP requests there, instead of using Socket Mode")
    chosen = parser.parse_args(argv)
    try:
        asyncio.run(_run(chosen))
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"The sandbox cannot start: {problem}\n")
        return 2
    return 0


async def _run(chosen: argparse.Namespace) -> None:
    manifest = json.loads(chosen.manifest.read_text(encoding="utf-8"))
    sandbox = await Sandbox.start(
        manifest,
        Workspace.from_file(chosen.workspace),
        chosen.port,
        settings=Settings(
            zone=chosen.zone,
            real_rate_limits=chosen.real_rate_limits,
            request_urls=RequestUrls(chosen.request_url) if chosen.request_url else None,
        ),
        clock=SandboxClock(chosen.clock_start, clock_file=chosen.clock_file),
    )
    words = (
        f"SLACK_API_URL={sandbox.api_url}\n"
        f"SLACK_BOT_TOKEN={sandbox.bot_token}\n"
        f"SLACK_APP_TOKEN={sandbox.app_token}\n"
        f"SLACK_SIGNING_SECRET={sandbox.signing_secret}\n"
    )
    if chosen.env is not None:
        chosen.env.write_text(words, encoding="utf-8")
    # Whoever asked for a file does not want the tokens on the screen as well.
    shown = f"SLACK_API_URL={sandbox.api_url}\n" if chosen.env is not None else words
    sys.stdout.write(f"# The page: {sandbox.url}/\n{shown}")
    sys.stdout.flush()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        await stop.wait()
    finally:
        await sandbox.stop()


if __name__ == "__main__":
    raise SystemExit(main())
