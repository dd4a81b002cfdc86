"""For how long deliveries are kept where a deployment doesn't keep them for ever. Pure.

Each kind, and each kind of item, says what has to be over before it may be forgotten.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from bot.domain.outbox.deliveries import Item, Kind, State

# Nothing younger is forgotten, in days. The rules for what is over look back some weeks, and what is known only by its
# messages is not planned for a time longer ago.
SHORTEST: Final = 180

# A delivery in one of these states has come to its end.
ENDED: Final = frozenset({State.SENT, State.FAILED, State.MISSED, State.DROPPED})


class Keep(Enum):
    """Until when a delivery, or what it holds, is kept: until it is old enough, and beyond that as this says."""

    ALWAYS = auto()
    AGED = auto()  # no longer
    ITEMS = auto()  # as what it holds
    ACTION = auto()  # while the action is open: its card says where the message is
    ASK = auto()  # while the ask has not ended
    DECISION = auto()  # while the decision is needed: each reminder is known by its message
    ROUND = auto()  # while the round is open, or one of the two newest of its check-in, which may be opened once more
    LIST = auto()  # while no later one has come
    TOLD = auto()  # while something that it tells of has not ended


KINDS: Final[dict[Kind, Keep]] = {
    Kind.PROMPTS: Keep.ITEMS,
    # What stands in channels, and a published digest wherever it went: others read it there for years, it changes with
    # what it is about, and by the row it is known that it was posted.
    Kind.ROLL_UP: Keep.ALWAYS,
    Kind.REPLY: Keep.ALWAYS,
    Kind.CHANNEL_EDITION: Keep.ALWAYS,
    Kind.DIGEST_COPY: Keep.ALWAYS,
    Kind.AGENDA: Keep.ALWAYS,
    Kind.PACK: Keep.ALWAYS,
    Kind.NOTES: Keep.ALWAYS,
    Kind.DECISION: Keep.ALWAYS,
    Kind.DECISION_OUTCOME: Keep.ALWAYS,
    Kind.ISSUE: Keep.ALWAYS,
    Kind.ROUND_SUMMARY: Keep.ALWAYS,
    Kind.OWNER_PREVIEW: Keep.AGED,
    Kind.HELD_NOTICE: Keep.TOLD,
    Kind.BRIEF: Keep.ROUND,
    Kind.LETTER: Keep.AGED,  # its words are kept elsewhere
    Kind.ACCOUNT_MOVED: Keep.AGED,
    Kind.SIGN_IN: Keep.AGED,
    Kind.INVITATION: Keep.AGED,
}

ITEMS: Final[dict[Item, Keep]] = {
    Item.ASK: Keep.ROUND,
    Item.REMINDER: Keep.ROUND,
    Item.DELEGATE: Keep.ROUND,
    Item.AGAIN: Keep.ROUND,
    Item.HELP_WANTED: Keep.ASK,
    Item.ASK_NEWS: Keep.ASK,
    Item.ACTION_REQUEST: Keep.ACTION,
    Item.ACTION_ANSWER: Keep.AGED,
    Item.ACTION_LIST: Keep.LIST,
    Item.ACTION_DUE: Keep.AGED,
    Item.ACTION_MOVED: Keep.AGED,
    Item.REPORT_DUE: Keep.AGED,
    Item.MONEY_ENDS: Keep.AGED,
    Item.TARGET_PASSED: Keep.AGED,  # what passed so long ago is asked about no more
    Item.COALITION_ENDS: Keep.AGED,
    Item.FIGURE: Keep.AGED,
    Item.SERIES_PROPOSED: Keep.AGED,  # what was found is kept by itself
    Item.SERIES_RECORDED: Keep.AGED,
    Item.SERIES_TROUBLE: Keep.AGED,
    Item.STANDS_IN: Keep.AGED,
    Item.ROLES: Keep.AGED,
    Item.ACCOUNT_GONE: Keep.AGED,
    Item.HANDED_OVER: Keep.AGED,
    Item.LINK_REQUEST: Keep.ALWAYS,  # an account that asked is known by nothing else
    Item.DECISION: Keep.DECISION,
    Item.DECISION_DUE: Keep.DECISION,
    Item.DECISION_READY: Keep.DECISION,
    Item.DECISION_PASSED: Keep.DECISION,
    Item.MEETING: Keep.AGED,
    Item.MEETING_NEWS: Keep.AGED,
    Item.ROUND_SUMMARY: Keep.AGED,
}
