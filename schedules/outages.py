"""What jobs find away: a line when it begins and one when it is over, however often they look."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.errors import ConfigurationError, TakenAway, Unavailable

log = structlog.get_logger(__name__)

Kind = tuple[type[ConfigurationError], str]
_NO_DATABASE: Kind = (Unavailable, "database")


class Outages:
    """`now` is elapsed seconds. Jobs that meet the same are told of together."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._met: dict[str, Kind] = {}  # job → what it met last
        self._since: dict[Kind, float] = {}
        self._over: dict[Kind, float] = {}

    def met(self, job: str, error: ConfigurationError, began: float | None = None) -> None:
        """This job, at work since `began`, could not do it: something is away, or somebody has to mend it while the
        program runs."""
        kind: Kind = (type(error), error.of if isinstance(error, Unavailable) else str(error))
        if began is not None and began <= self._over.get(kind, float("-inf")):
            return  # it met the end of what is over
        self._met[job] = kind
        if kind not in self._since:
            self._since[kind] = self._now()
            say = log.warning if isinstance(error, Unavailable) else log.error
            say("outage", job=job, why=str(error))

    def went(self, job: str) -> None:
        """This job has done its work, for which it needed the database and whatever it met before."""
        for kind in {_NO_DATABASE, self._met.pop(job, _NO_DATABASE)} & self._since.keys():
            if issubclass(kind[0], TakenAway):
                continue  # a job that goes on with what it had open proves nothing
            self._over[kind] = self._now()
            seconds = round(self._over[kind] - self._since.pop(kind))
            log.warning("outage_is_over", job=job, of=kind[1], seconds=seconds)
            self._met = {name: one for name, one in self._met.items() if one != kind}
