"""What did not arrive. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.undelivered.held import held_notices
from bot.services.undelivered.undelivered import Undeliveries, read_undelivered
