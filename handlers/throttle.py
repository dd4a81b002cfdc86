"""Too much at once by one person: one clear word, and then nothing until the minute is over. Others notice nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import ElapsedTime
from bot.domain.wording import plural
from bot.errors import UserError
from handlers.context import Call, Handler, Kind

# Elapsed seconds: in which presses are counted, and for which somebody is left alone then.
MINUTE = 60.0
# People remembered at most; whoever was not heard of for longest goes first.
MOST = 10_000
# Events that are words of a person's to the bot. Searches, a keystroke each, are not counted.
_WORDS = frozenset({"message", "app_mention"})


@dataclass(slots=True)
class _Count:
    since: float
    presses: int = 0
    until: float | None = None  # left alone until then


class Throttle:
    """Counts what each account presses, commands, submits and writes. `limit`: how much a minute; 0 is no limit.

    `on_held` hears of each that was too much.
    """

    def __init__(self, limit: int, elapsed: ElapsedTime, on_held: Callable[[], None] = lambda: None) -> None:
        self._limit = limit
        self._elapsed = elapsed
        self._on_held = on_held
        self._counts: OrderedDict[str, _Count] = OrderedDict()

    def hold(self, call: Call) -> Handler | None:
        """What is done instead of what was asked for, where it is too much; else None."""
        if not self._limit or not call.user_id or not _is_counted(call):
            return None
        count, now = self._count(f"{call.team_id}:{call.user_id}"), self._elapsed.monotonic()
        if count.until is not None and now < count.until:
            self._on_held()
            return _leave_alone
        if count.until is not None or now - count.since >= MINUTE:
            count.since, count.presses, count.until = now, 0, None
        count.presses += 1
        if count.presses <= self._limit:
            return None
        count.until = now + MINUTE
        self._on_held()
        return self._tell

    def _count(self, account: str) -> _Count:
        count = self._counts.get(account)
        if count is None:
            count = self._counts[account] = _Count(self._elapsed.monotonic())
            if len(self._counts) > MOST:
                self._counts.popitem(last=False)
        self._counts.move_to_end(account)
        return count

    async def _tell(self, _call: Call) -> None:
        raise UserError(
            f"That was more than {plural(self._limit, 'press or command', 'presses and commands')} in a minute. "
            "I take no more from you for one minute; what was done until now stays done."
        )


async def _leave_alone(call: Call) -> None:
    if call.kind is Kind.SUBMISSION:
        # Without a word the form would close, and what was entered be lost.
        raise UserError("That was too much at once. Send this again in a minute.")
    await call.ack()


def _is_counted(call: Call) -> bool:
    if call.kind is Kind.EVENT:
        return call.event.get("type") in _WORDS
    return call.kind is not Kind.OPTIONS
