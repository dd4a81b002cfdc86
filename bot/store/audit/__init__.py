"""The audit trail: who changed what, when and by which path. Tables and rows."""

from __future__ import annotations

from bot.store.audit.tables import AuditEntryRow, ChangeRow
from bot.store.audit.trail import Author, change_id, record_act, refuse_audited, restore
