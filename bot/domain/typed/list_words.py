"""Words that ask for a list. They go before names: "all" is every one, not the Alliance; "open" no priority."""

from __future__ import annotations

_EVERY = frozenset({"all", "every", "everything", "list", "everybody", "everyone", "log", "full list", "show all"})
_OWN = frozenset({"", "mine", "my", "me", "my own", "own"})
_STATES = {
    "open": ("open", "pending", "unresolved", "active", "current"),
    "overdue": ("overdue", "late", "past due", "behind"),
    "blocked": ("blocked", "stuck"),
    "needed": ("needed", "open", "pending", "waiting", "due"),
    "decided": ("decided", "made", "closed", "done"),
    "deferred": ("deferred", "put off", "postponed"),
    "withdrawn": ("withdrawn", "taken back"),
    "escalated": ("escalated",),
    "resolved": ("resolved", "closed", "done", "solved"),
    "parked": ("parked",),
}


def asks_for_every(typed: str, noun: str) -> bool:
    """Whether a list of everything is meant: "all", "all actions", "everything"."""
    return _without(typed, noun) in _EVERY


def asks_for_own(typed: str, noun: str) -> bool:
    """Whether one's own are meant: "mine", "my actions"."""
    return _without(typed, noun) in _OWN


def state_asked(typed: str, noun: str, states: tuple[str, ...]) -> str | None:
    """Which of these states is meant: "late" is overdue; None for any other word."""
    words = _without(typed, noun)
    return next((state for state in states if words in _STATES[state]), None)


def _without(typed: str, noun: str) -> str:
    """What was typed without the noun behind it: "all open actions" is "open", since what is listed is all of it."""
    words = " ".join(typed.casefold().strip("“”\"'. ").split())
    for ending in (f"{noun}s", noun):
        words = words.removesuffix(ending).strip() if words != ending else words
    rest = words.removeprefix("all ").removeprefix("the ").strip()
    return rest or words
