"""The coalition as known at one moment. Tables and rows."""

from __future__ import annotations

from bot.store.record.beside import read_beside, read_beside_by_row
from bot.store.record.keeping import Pointer
from bot.store.record.nouns import value_of
from bot.store.record.private_note_rows import keep_note, stands_beside
from bot.store.record.rows import add_all_readings, write_coalition, write_record
from bot.store.record.snapshots import Snapshots, keep_at_end, use_snapshots
from bot.store.record.triggers import are_there, drop_triggers, put_triggers
from bot.store.record.view import read_record, read_rows
from bot.store.record.writer import Writer
