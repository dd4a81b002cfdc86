"""Engines, sessions kept to one coalition, and the files of SQLite. Tables and rows."""

from __future__ import annotations

from bot.store.base import parameter, prepared
from bot.store.database.database import CONNECT_SECONDS, Database, database_url, sync_url
from bot.store.database.each import Each, Value
from bot.store.database.elapsed import elapsed_now, read_elapsed
from bot.store.database.private_files import is_private, make_private, sqlite_file
from bot.store.database.scope import keep_to
from bot.store.database.sqlite_connection import connect_here
from bot.store.database.taking_part import is_taking_part
from bot.store.database.troubles import translated_errors
