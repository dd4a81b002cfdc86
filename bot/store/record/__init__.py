"""The coalition as known at one moment. Tables and rows."""

from __future__ import annotations

from bot.store.record.cadence_rows import question_set_of, write_cadences, write_question_sets
from bot.store.record.people_rows import (
    write_group_priorities,
    write_groups,
    write_member_children,
    write_members,
    write_organization_children,
    write_organizations,
)
from bot.store.record.priority_rows import add_readings, write_priorities
from bot.store.record.private_note_rows import keep_note
from bot.store.record.rows import add_all_readings, write_coalition, write_record
from bot.store.record.snapshots import Snapshots, keep_at_end, use_snapshots
from bot.store.record.triggers import are_there, drop_triggers, put_triggers
from bot.store.record.view import read_record
from bot.store.record.work_rows import moves_from_json, moves_to_json
from bot.store.record.writer import Writer
