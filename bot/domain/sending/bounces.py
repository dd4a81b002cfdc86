"""What it means that a mail came back: why, for a coordinator, and whether the address is to blame. Pure."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.outbox import Trouble

# So long after a mail went it may still be told that it didn't arrive: servers try for five days.
TOLD_WITHIN = timedelta(days=14)
DELAYED = "its mail server takes it later"
_ADDRESS = "correct it with /coalition members, or say that it works"
_OTHERWISE = "write to them another way"
# By the beginning of a status (RFC 3463): why, and whether the next mail there would come back, too.
_WHY: tuple[tuple[str, str, bool], ...] = (
    ("5.2.2", "the mailbox of this address is full", False),
    ("5.2.3", "the mailbox of this address takes no mail that large", False),
    ("5.3.4", "the mail server of this address takes no mail that large", False),
    ("5.6.", "the mail server of this address couldn't read it", False),
    ("5.1.", "this address doesn't exist", True),
    ("5.2.", "the mailbox of this address is closed", True),
    ("5.4.", "the mail server of this address can't be found", True),
    ("5.7.", "the mail server of this address takes no mail from here", True),
    ("5.", "the mail server of this address sent it back", True),
    ("", "the mail server of this address didn't take it for days", False),
)


def came_back(status: str) -> tuple[Trouble, bool]:
    """Why a mail came back for good, with what mends it, and whether nothing more is to go to that address."""
    _begin, why, is_address = next(one for one in _WHY if status.startswith(one[0]))
    return Trouble(why, _ADDRESS if is_address else _OTHERWISE), is_address
