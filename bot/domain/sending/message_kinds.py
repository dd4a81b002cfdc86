"""What a person may not want to be messaged about; it then waits in Home. Check-ins and what somebody asks of a person
are none of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain.meetings import DECLINED, SEAT, read_about
from bot.domain.outbox import Item
from bot.domain.vocabularies import MessageKind

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
    Item.DECISION: MessageKind.DECISIONS,
    Item.DECISION_DUE: MessageKind.DECISIONS,
    Item.DECISION_READY: MessageKind.DECISIONS,
    Item.DECISION_PASSED: MessageKind.DECISIONS,
    Item.MEETING: MessageKind.MEETINGS,
    Item.MEETING_NEWS: MessageKind.MEETINGS,
    Item.ACTION_ANSWER: MessageKind.ANSWERS,
    Item.ASK_NEWS: MessageKind.ANSWERS,
}


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


def in_words(unwanted: Sequence[str]) -> tuple[str, ...]:
    """Kinds as a reader knows them, in the order of the form."""
    return tuple(words for kind, words in IN_WORDS.items() if kind in unwanted)
