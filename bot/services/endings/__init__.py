"""What ends in a coalition: who leaves, what ends, and what is handed over. Use cases, and steps for others."""

from __future__ import annotations

from bot.services.endings.coalition import CoalitionEnds, begin_anew, read_coalition_end
from bot.services.endings.ends import Ends
from bot.services.endings.erasing import Erasures
from bot.services.endings.leaving import Leavings, read_handed_over
