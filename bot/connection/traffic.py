"""What passes the edge is counted: what was turned away, who was throttled, how long acknowledgements took.

Only numbers and fixed words: no name, id or text of anybody. Whoever shows them reads them from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Refusal(StrEnum):
    """Why something was turned away, at the edge or behind it."""

    PATH = "path"  # there is nothing at that address
    METHOD = "method"
    CONTENT_TYPE = "content_type"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    BROKEN_OFF = "broken_off"  # the sender went away before it was all there
    NOT_HTTP = "not_http"
    TOO_MANY = "too_many"  # connections, or bytes under way
    UNSIGNED = "unsigned"
    SIGNATURE = "signature"  # signed, but not by Slack
    STALE = "stale"
    REPLAYED = "replayed"
    UNREADABLE = "unreadable"
    TOO_DEEP = "too_deep"
    SHAPE = "shape"  # nothing that Slack sends looks like that
    NO_LISTENER = "no_listener"  # Slack sends such things, and this program has nothing that takes it
    WORKSPACE = "workspace"  # the app isn't installed there
    STARTING = "starting"


def _unheard(_kind: str, _seconds: float) -> None:
    """Nobody listens."""


@dataclass(slots=True)
class Traffic:
    """Counts since the start. `on_ack` hears the kind of each payload and after how many elapsed seconds it was
    acknowledged."""

    refused: Counter[Refusal] = field(default_factory=Counter)
    throttled: int = 0
    on_ack: Callable[[str, float], None] = _unheard

    def count_throttled(self) -> None:
        """Somebody was told to wait, or left alone."""
        self.throttled += 1
