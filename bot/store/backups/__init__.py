"""Copies of a whole database in one file, made while the bot runs and checked; how one takes the database's place."""

from __future__ import annotations

from bot.store.backups.backups import LAST_BACKUP, back_up, named, note_backup
from bot.store.backups.restoring import restore
