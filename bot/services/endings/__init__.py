"""What ends in a coalition: who leaves, and what is handed over. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.endings.erasing import Erasures
from bot.services.endings.leaving import Leavings, read_handed_over
