"""What every service shares: the database and the calendar."""

from __future__ import annotations

from bot.clock import Calendar
from bot.store.database import Database


class Service:
    """One noun's use cases. Each public method is one transaction; public methods never call each other's sessions."""

    def __init__(self, database: Database, calendar: Calendar) -> None:
        self.database = database
        self.calendar = calendar
