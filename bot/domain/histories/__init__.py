"""What happened to one thing, in words. Values and rules, pure."""

from __future__ import annotations

from bot.domain.histories.answer_history import AnswerLines
from bot.domain.histories.audit_pages import MOST_LINES, PAGE, AuditPage, AuditQuery, described
from bot.domain.histories.history import (
    MOST_ENTRIES,
    Describe,
    HistoryEntry,
    ItemHistory,
    Names,
    RowChange,
    action_lines,
    decision_lines,
    entries_of,
    field_lines,
    issue_lines,
    page_of,
)
from bot.domain.histories.public_records import COLUMNS as RECORD_COLUMNS
from bot.domain.histories.public_records import ChangeOnRecord, PublicRecords, RecordsQuery, collect
