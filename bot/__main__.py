"""python -m bot."""

from __future__ import annotations

from bot.cli import start

if __name__ == "__main__":
    start()
