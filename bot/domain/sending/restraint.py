"""One voice, not many: how many unprompted messages a day and a week reach one person, and what a person may not want
to be messaged about, which then waits in Home: check-ins and what somebody asks of a person are none of it. Pure.

Days and weeks are those of the receiver's own clock; a week begins on Monday.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.meetings import DECLINED, SEAT, TODAY, read_about
from bot.domain.outbox import CHECKINS, SATURDAY, Item, Kind
from bot.domain.rhythm import to_local
from bot.domain.vocabularies import MessageKind

A_DAY = 1
A_WEEK = 4
# What is asked within a round's window would come too late if it waited for a better day.
NEVER_HELD_BACK: frozenset[Item] = CHECKINS
# What an open round owes after its question: it keeps its time.
CHAIN: frozenset[Item] = CHECKINS - {Item.ASK}
# What a cadence brings at its own time, wherever in the week that is.
_OF_CADENCES = frozenset({Item.ASK, Item.ACTION_LIST, Item.FIGURE})


def has_room(sent: Sequence[date], day: date) -> bool:
    """Whether one more unprompted message may reach somebody on this day; `sent` has the day of each that has."""
    monday = day - timedelta(days=day.weekday())
    in_week = [one for one in sent if monday <= one < monday + timedelta(days=7)]
    return in_week.count(day) < A_DAY and len(in_week) < A_WEEK


def next_day_with_room(sent: Sequence[date], today: date) -> date:
    """The first day after today on which a message that is held back may go by itself."""
    return next(day for n in range(1, 15) if has_room(sent, day := today + timedelta(days=n)))


# Of these nobody's doing is the cause: they come at an hour of a cadence or of a day that comes near.
BROUGHT_BY_CLOCK = frozenset(
    {
        Item.ACTION_LIST,
        Item.FIGURE,
        Item.SERIES_PROPOSED,
        Item.SERIES_RECORDED,
        Item.SERIES_TROUBLE,
        Item.REPORT_DUE,
        Item.MONEY_ENDS,
        Item.TARGET_PASSED,
    }
)
# What is as good later that day: it travels with what is due to the same person then.
_AS_GOOD_LATER = BROUGHT_BY_CLOCK | {Item.DECISION, Item.DECISION_PASSED}
# What is as good earlier that day.
_AS_GOOD_EARLIER = frozenset({*_AS_GOOD_LATER, Item.ACTION_DUE, Item.MEETING}) - {Item.FIGURE}
# A message that waits for company goes before the day is over for most.
_LATEST = time(15)


def may_join(item: Item, due: datetime, other: datetime, zone: str) -> bool:
    """Whether what is due at `due` may travel in a message to the same person that is due at `other`, so that it is
    one message that day and nothing gets late."""
    mine, theirs = to_local(due, zone), to_local(other, zone)
    if mine.date() != theirs.date():
        return False
    if theirs <= mine:
        return item in _AS_GOOD_EARLIER
    return item in _AS_GOOD_LATER and theirs.time() <= _LATEST


def is_weekend(moment: datetime, zone: str) -> bool:
    """Whether a moment falls on a Saturday or Sunday of this clock."""
    return to_local(moment, zone).weekday() >= SATURDAY


def falls_on_a_weekend(item: Item, about: str, due_at: datetime, zone: str) -> bool:
    """Whether the cadence that brings this, due at `due_at`, itself falls on the receiver's weekend."""
    found = read_about(about) if item == Item.MEETING else None
    of_cadence = item in _OF_CADENCES or (found is not None and found[1] == TODAY)
    return of_cadence and is_weekend(due_at, zone)


def may_be_held_back(items: Collection[tuple[Item, bool]]) -> bool:
    """Whether a message with these items, each with whether it is urgent, has nothing that must go now."""
    return not any(urgent or item in NEVER_HELD_BACK for item, urgent in items)


# In words, as they stand behind "about".
IN_WORDS = {
    MessageKind.ACTIONS: "actions",
    MessageKind.FIGURES: "due figures",
    MessageKind.DECISIONS: "decisions",
    MessageKind.MEETINGS: "meetings",
    MessageKind.ANSWERS: "answers to requests",
}
_KIND_OF = {
    Item.ACTION_LIST: MessageKind.ACTIONS,
    Item.ACTION_DUE: MessageKind.ACTIONS,
    Item.ACTION_MOVED: MessageKind.ACTIONS,
    Item.FIGURE: MessageKind.FIGURES,
    Item.SERIES_PROPOSED: MessageKind.FIGURES,
    Item.DECISION: MessageKind.DECISIONS,
    Item.DECISION_DUE: MessageKind.DECISIONS,
    Item.DECISION_READY: MessageKind.DECISIONS,
    Item.DECISION_PASSED: MessageKind.DECISIONS,
    Item.MEETING: MessageKind.MEETINGS,
    Item.MEETING_NEWS: MessageKind.MEETINGS,
    Item.ACTION_ANSWER: MessageKind.ANSWERS,
    Item.ASK_NEWS: MessageKind.ANSWERS,
}


@dataclass(frozen=True, slots=True)
class Always:
    """What comes to somebody whatever they chose, and why it can't be refused."""

    words: str
    why: str
    items: frozenset[Item] = frozenset()
    kinds: frozenset[Kind] = frozenset()


ALWAYS = (
    Always(
        "Check-ins, their reminders, requests to stand in, and your part of a digest before others read it",
        "else a digest would name you before you have heard of it",
        CHECKINS,
        frozenset({Kind.OWNER_PREVIEW}),
    ),
    Always(
        "Asks, actions to take on, and letters",
        "somebody waits for your answer",
        frozenset({Item.HELP_WANTED, Item.ACTION_REQUEST, Item.LINK_REQUEST}),
        frozenset({Kind.LETTER}),
    ),
    Always(
        "Reports that are due, money that ends, targets whose day has passed, and what your figures' series did",
        "nobody else is told in your place",
        frozenset({Item.REPORT_DUE, Item.MONEY_ENDS, Item.TARGET_PASSED, Item.SERIES_RECORDED, Item.SERIES_TROUBLE}),
    ),
    Always(
        "Your roles, for whom you stand in, what you take over, accounts that are gone, and the coalition's end",
        "you would hear of it nowhere else",
        frozenset({Item.ROLES, Item.STANDS_IN, Item.HANDED_OVER, Item.ACCOUNT_GONE, Item.COALITION_ENDS}),
    ),
    Always(
        "What a check-in was answered, where you are one of its readers",
        "whoever answered was told so",
        frozenset({Item.ROUND_SUMMARY}),
    ),
    Always(
        "A link to your own page, and changed meetings for your calendar",
        "you asked for them",
        kinds=frozenset({Kind.SIGN_IN, Kind.INVITATION}),
    ),
)


ASK_FOR_AN_ANSWER = frozenset({MessageKind.DECISIONS, MessageKind.FIGURES})


def kind_of(item: Item) -> MessageKind | None:
    """Of which kind it is that somebody may refuse; None where they may not."""
    return _KIND_OF.get(item)


def is_unwanted(item: Item, about: str, unwanted: Collection[str], *, in_round: bool = False) -> bool:
    """Whether this person chose to have none of it in messages. `in_round`: a round asks for it, as a check-in does."""
    kind = _KIND_OF.get(item)
    if kind is None or kind not in unwanted or in_round:
        return False
    if kind != MessageKind.MEETINGS:
        return True
    found = read_about(about)
    # Somebody waits to hear who goes to the meeting.
    return found is None or found[1] not in {SEAT, DECLINED}


def refusable(items: Iterable[tuple[Item, str, bool]]) -> MessageKind | None:
    """The one kind of which all these are, where a mail may offer to refuse it; None where there is none. Each comes
    with what it is about, and whether a round asks for it.

    What asks for an answer is refused in one's settings only: a mail program that tidies up by itself would make
    somebody silent who isn't.
    """
    told = list(items)
    kinds = {kind_of(item) for item, _about, _in_round in told}
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind is None or kind in ASK_FOR_AN_ANSWER:
        return None
    may_be = all(is_unwanted(item, about, [kind], in_round=in_round) for item, about, in_round in told)
    return kind if may_be else None


def in_words(unwanted: Sequence[str]) -> tuple[str, ...]:
    """Kinds as a reader knows them, in the order of the form."""
    return tuple(words for kind, words in IN_WORDS.items() if kind in unwanted)
