"""Where a message is, in words: the one place that says sent, planned, held, too late or out of reach, and the mend."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.outbox import Trouble, Where, Whereabouts
from bot.slack.moments import Clock
from bot.slack.mrkdwn import own

MOST_SAID = 5


def sent_words(one: Whereabouts, reader: Clock, *, by: str | None = None, may_mend: bool = False) -> str:
    """Where a message is, as a sentence in markup: "Sent to Marcus Teal, Tue Nov 24, 3:00 PM."

    `by` is who let it go out. The mend is for whoever may do it; others are told who can help.
    """
    why = trouble_words(trouble_for(one.trouble, may_mend=may_mend), ": ")
    to, who = own(one.to), f" by {own(by)}" if by else ""
    match one.where:
        case Where.ARRIVED:
            return f"Sent to {to}{who}{reader.token(one.at, ', ')}."
        case Where.ON_ITS_WAY:
            return f"On its way to {to}{who}{_because(one.trouble)}."
        case Where.PLANNED:
            return f"Goes to {to}{reader.token(one.at, ', ')}."
        case Where.PAUSED:
            return f"Goes to {to} once sending is resumed."
        case Where.WAITS_IN_HOME:
            return f"Waits in Home for {to}, and in the next message with room."
        case Where.CANNOT_ARRIVE:
            return f"Doesn't reach {to}{why}"
        case Where.UNCLEAR:
            return f"Held: it may have reached {to}. A coordinator decides."
        case Where.NOT_NEEDED:
            return f"Not sent to {to}: it was not needed any more."
        case _:
            return f"Not sent to {to}{why}"


def under_way(wheres: Sequence[Whereabouts], reader: Clock, *, may_mend: bool = False) -> tuple[tuple[str, ...], str]:
    """Names of those to whom it goes at once, plain; and about everybody else a sentence each, in markup."""
    at_once = tuple(one.to for one in wheres if one.goes_at_once)
    return at_once, elsewhere(wheres, reader, may_mend=may_mend)


def elsewhere(wheres: Sequence[Whereabouts], reader: Clock, *, may_mend: bool = False) -> str:
    """A sentence about each that is not there in a moment, in markup; "" where all are."""
    late = [one for one in wheres if not one.goes_at_once]
    said = [sent_words(one, reader, may_mend=may_mend) for one in late[:MOST_SAID]]
    if len(late) > MOST_SAID:
        said.append(f"{len(late) - MOST_SAID} more are not reached yet.")
    return " ".join(said)


def trouble_for(trouble: Trouble | None, *, may_mend: bool) -> Trouble | None:
    """What keeps something from somebody, with the mend for whoever may do that."""
    return trouble if may_mend or trouble is None else trouble.for_others


def state_words(one: Whereabouts, reader: Clock) -> str:
    """The same where the receiver is named already, as a fragment in markup: "sent Tue Nov 24, 3:00 PM"."""
    match one.where:
        case Where.ARRIVED:
            return reader.token(one.at, "sent ")
        case Where.ON_ITS_WAY:
            return f"on its way{_because(one.trouble)}"
        case Where.PLANNED:
            return reader.token(one.at, "goes out ")
        case Where.PAUSED:
            return "goes out once sending is resumed"
        case Where.WAITS_IN_HOME:
            return "waits in Home for a message with room"
        case Where.CANNOT_ARRIVE:
            return reader.token(one.at, "waits since ")
        case Where.UNCLEAR:
            return f"held: it may have arrived{_because(one.trouble)}"
        case Where.NOT_NEEDED:
            return "not needed any more"
        case _:
            return f"not sent{_because(one.trouble)}"


def trouble_words(trouble: Trouble | None, lead: str = "") -> str:
    """Why, and what mends it, as sentences in markup."""
    if trouble is None:
        return "."
    mend = f" {own(trouble.mend[:1].upper() + trouble.mend[1:])}." if trouble.mend else ""
    return f"{lead}{own(trouble.why)}.{mend}"


def _because(trouble: Trouble | None) -> str:
    return f", {own(trouble.why)}" if trouble is not None else ""
