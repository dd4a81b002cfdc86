"""What happened to one thing, in words. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.histories.audit import Audit
from bot.services.histories.histories import Histories
from bot.services.histories.public_records import PublicRecordSearch
