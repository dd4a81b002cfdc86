"""What a claim is, how long it lasts, and how often it is tried. No statements here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.domain.outbox import Kind, Trouble

# How long a delivery that waits for a person to do something rests before it is looked at again, elapsed seconds.
WAITING_REST = 30.0
LONGEST_REST = 300.0
# How often in a row a delivery may go wrong unexpectedly, or get no clear answer from Slack.
TRIES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Elapsed seconds. A post must be answered well inside its lease, so `post_timeout` is less than half of it."""

    lease: float = 30.0
    post_timeout: float = 10.0
    looks: tuple[float, ...] = (5.0, 20.0, 60.0)  # after the attempt
    retry: float = 15.0

    @property
    def fresh(self) -> float:
        """How long a claim can be trusted without asking again: together with the time of a post, far less than the
        lease."""
        return self.lease / 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that this process may send until its lease ends. `claimed_at` is when it began to claim, in epoch
    seconds by its own clock: what is compared with it ends before the database's lease does."""

    id: int
    coalition_id: int  # by which the workspace is known: a connected person's own is another one
    key: str
    kind: Kind
    operation: str
    attempt: int
    claimed_at: float
    team_id: str | None  # the person's own workspace
    user_id: str | None
    address: str | None  # to which it goes by mail
    channel_id: str | None
    thread_ts: str | None
    ts: str | None  # of the message that an update changes
    version: int
    notes_in: tuple[str, ...] = ()  # in place of a message: channels for a note that something waits
    trouble: Trouble | None = None  # why there is only a note
    has_turn: bool = True  # False: it goes after another part that was claimed with it


class Tries:
    """How often in a row each delivery went wrong or stayed unclear. A restart begins counting anew.

    `retry` is the first pause, in elapsed seconds.
    """

    def __init__(self, retry: float) -> None:
        self._retry = retry
        self.stumbles: Counter[int] = Counter()
        self.unclear: Counter[int] = Counter()

    def pause(self, times: int) -> float:
        """Elapsed seconds before the next try, twice as long each time."""
        return min(self._retry * 2.0 ** (times - 1), LONGEST_REST)

    def forget(self, delivery_id: int) -> None:
        """Forgets the tries of a delivery that has ended."""
        self.stumbles.pop(delivery_id, None)
        self.unclear.pop(delivery_id, None)
