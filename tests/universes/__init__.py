"""Many small universes in virtual time, each by a seed: processes of the bot on one database, people, and a Slack that
loses answers; some die at any point. Afterwards nothing has arrived twice, and nothing is lost without a word.

Real are the product's planner, claims, outcomes, looks, dispatcher, reconciler, gateway, and SQLite. Simulated are
time, the threads of SQLite's driver, Slack, APScheduler's ticks, the word from one process to another, and death.

`python -m tests.universes --universes 10000` is the long form; the suite lives through a few.
"""

from __future__ import annotations

from tests.universes.room import Room, a_room
from tests.universes.universe import Verdict, live

__all__ = ["Room", "Verdict", "a_room", "live"]
