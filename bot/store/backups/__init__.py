"""Copies of a whole database in one file, made while the bot runs and checked; how one takes the database's place."""

from __future__ import annotations

from bot.store.backups.backups import back_up, named
from bot.store.backups.restoring import restore
