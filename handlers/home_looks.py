"""Who is likely to have Home before them, and one redraw of it for a burst of changes. What Home shows is not here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

# Slack tells when Home is opened and what is pressed there, never that it was closed.
OPEN_FOR = timedelta(minutes=15)
# How often at most other processes are told that somebody is there.
TOLD_EVERY = timedelta(minutes=1)
# Beyond this many people, those who have not been there for a while are forgotten.
MANY = 500

Who = tuple[str, str]  # workspace and user


@dataclass(slots=True)
class HomeLooks:
    """When people opened Home or pressed something in it, as this process heard, by the calendar."""

    _seen: dict[Who, datetime] = field(default_factory=dict)
    _told: dict[Who, datetime] = field(default_factory=dict)
    _wanted: set[Who] = field(default_factory=set)

    def note(self, who: Who, now: datetime) -> bool:
        """Somebody is there; whether other processes are to be told."""
        if len(self._seen) > MANY:
            self._seen = {one: at for one, at in self._seen.items() if at > now - OPEN_FOR}
            self._told = {one: at for one, at in self._told.items() if one in self._seen}
        self._seen[who] = now
        told = self._told.get(who)
        if told is not None and told <= now < told + TOLD_EVERY:
            return False
        self._told[who] = now
        return True

    def is_there(self, who: Who, now: datetime) -> bool:
        """Whether somebody was there a short while ago."""
        seen = self.last(who)
        return seen is not None and seen > now - OPEN_FOR

    def last(self, who: Who) -> datetime | None:
        """When somebody was there last."""
        return self._seen.get(who)

    def want(self, who: Who) -> bool:
        """Asks for a redraw. False if one is waiting to begin, since that will show this too."""
        if who in self._wanted:
            return False
        self._wanted.add(who)
        return True

    def begin(self, who: Who) -> None:
        """A redraw reads from now on: what changes after this wants another one."""
        self._wanted.discard(who)
