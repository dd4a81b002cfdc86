"""Time zones as people look for them."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

_NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    """Every zone that is named after a place, America's first: most coalitions are there."""
    named = sorted(name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACES))
    return tuple(sorted([*named, "UTC"], key=lambda name: not name.startswith("America/")))


def zones_matching(typed: str) -> tuple[str, ...]:
    """Zones whose name holds what was typed; those whose city begins with it first."""
    wanted = typed.strip().casefold().replace(" ", "_")
    found = [name for name in _zones() if wanted in name.casefold()]
    return tuple(sorted(found, key=lambda name: not name.rpartition("/")[2].casefold().startswith(wanted)))
