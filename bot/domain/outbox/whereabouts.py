"""Where a message is: planned, on its way, arrived, held, or with nobody to go to; why, and what mends it. Pure.

How that reads on a screen is in `bot/slack/blocks/outbox.py`, the one place that words it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.outbox.deliveries import State


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something can't go out, and what a person does about it. Neither is a whole sentence."""

    why: str
    mend: str = ""

    @property
    def words(self) -> str:
        """As a delivery keeps its reason."""
        return f"{self.why}: {self.mend}" if self.mend else self.why

    @property
    def for_others(self) -> Trouble:
        """What somebody is told who can't mend it."""
        return Trouble(self.why, "a coordinator can help") if self.mend else self


# Why something did not go out, as deliveries keep it; nobody can mend these.
PLACE_UNKNOWN = "where the message it belongs to is in Slack isn't known"
IN_THE_MAIL = "it stands in the e-mail"
WAITS_IN_HOME = "waits in Home"
ALREADY_ANSWERED = "already answered"
NOTHING_LEFT = "nothing left to ask"
RESTS = "the priority is paused or complete"
TOO_LATE = "it could not be sent while it was of use"
DECLINED = "sending was resumed without it"
ENDED_WITH_IT = "the coalition had ended"
LEFT_OUT = "a coordinator left this digest out"
PASSED_ON = "somebody passed it on by hand"
SUPERSEDED = "the next digest came due before this one could be sent"

NOT_LINKED = Trouble("not linked to a Slack account", "pick it in Home, or run `backbeat link`")
DEACTIVATED = Trouble("the Slack account is deactivated", "link another one")
NOT_INSTALLED = Trouble("the app was removed from the workspace", "install it there again")
NO_ADDRESS = Trouble("reads e-mail only, and no address is known", "add it with /coalition members")
MAIL_COMES_BACK = Trouble("mail to this address comes back", "correct it with /coalition members, or say that it works")
NO_MAIL = Trouble("it goes by e-mail, which isn't set up", "set BACKBEAT_SMTP_URL")
BY_EMAIL_ONLY = Trouble("reads e-mail only, and e-mail isn't set up", "pass it on yourself")


def cut_off(*, is_archived: bool) -> Trouble:
    """Why nothing can be posted in a channel that the bot is not a member of; whoever says so names the channel."""
    if is_archived:
        return Trouble("it is archived", "unarchive it and invite me there, or name another channel")
    return Trouble("I'm not in it", "invite me there with /invite @Backbeat")


def read_trouble(reason: str | None) -> Trouble | None:
    """The trouble that a delivery's reason tells: what is so, then after a colon what mends it."""
    if not reason:
        return None
    why, _, mend = reason.partition(": ")
    return Trouble(why, mend)


class Where(StrEnum):
    ARRIVED = "arrived"
    ON_ITS_WAY = "on_its_way"
    PLANNED = "planned"  # goes by itself, later
    PAUSED = "paused"  # goes once somebody lets sending go on
    WAITS_IN_HOME = "waits_in_home"  # until there is room for a message
    CANNOT_ARRIVE = "cannot_arrive"  # until somebody does something about it
    UNCLEAR = "unclear"  # it may have arrived
    MISSED = "missed"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"


# What did not arrive, and will not by itself.
STUCK = frozenset({Where.CANNOT_ARRIVE, Where.UNCLEAR, Where.MISSED, Where.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where one message is. `at` is when it arrived, else when it is due; `to` is whom it is for, or "#channel"."""

    where: Where
    to: str
    due_at: datetime
    at: datetime
    trouble: Trouble | None = None

    @property
    def goes_at_once(self) -> bool:
        """Whether it is there, or will be in a moment."""
        return self.where is Where.ARRIVED or (self.where is Where.ON_ITS_WAY and self.trouble is None)


def whereabouts_of(
    *,
    state: str,
    to: str,
    due_at: datetime,
    sent_at: datetime | None,
    expires_at: datetime | None,
    reason: str | None,
    waiting: bool,
    held_back: bool,
    is_live: bool,
    now: datetime,
    trouble: Trouble | None = None,
) -> Whereabouts:
    """Where a delivery is by its state. `trouble` is what keeps anything from reaching its receiver, if it is known:
    what is planned for somebody without an account can't arrive, also before it was tried. `is_live`: sending goes on.
    """
    told = read_trouble(reason)
    where = _ENDED.get(State(state), Where.ON_ITS_WAY)
    if state == State.PLANNED and expires_at is not None and expires_at <= now:
        # It rests, and will be settled when it is looked at again.
        where, told = Where.MISSED, Trouble(TOO_LATE)
    elif state == State.PLANNED:
        if trouble is not None or waiting:
            where = Where.CANNOT_ARRIVE
        elif held_back:
            where = Where.WAITS_IN_HOME
        elif not is_live:
            where = Where.PAUSED
        elif due_at > now:
            where = Where.PLANNED
    at = (sent_at or due_at) if where is Where.ARRIVED else due_at
    if where is Where.CANNOT_ARRIVE:
        told = trouble or told
    return Whereabouts(where=where, to=to, due_at=due_at, at=at, trouble=told if where in _TELLS_WHY else None)


_ENDED = {
    State.SENT: Where.ARRIVED,
    State.HELD: Where.UNCLEAR,
    State.FAILED: Where.REFUSED,
    State.MISSED: Where.MISSED,
    State.DROPPED: Where.NOT_NEEDED,
}
_TELLS_WHY = STUCK | {Where.NOT_NEEDED, Where.ON_ITS_WAY}
