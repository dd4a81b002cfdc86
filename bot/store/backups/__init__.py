"""Copies of a whole database in one file, made while the bot runs, and checked."""

from __future__ import annotations

from bot.store.backups.backups import back_up, named
