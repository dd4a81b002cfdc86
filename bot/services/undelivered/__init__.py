"""What did not arrive. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.undelivered.undelivered import Undeliveries, held_notices, read_undelivered
