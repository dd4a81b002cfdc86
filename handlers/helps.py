"""What help shows: five lines that fit somebody's part, and every noun with its verbs behind [More]."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.rights import COORDINATORS, Part, Standing
from handlers.listeners import Line

FIRST = 5
# What people of each part mostly come for, the first that fits; each is a line's words.
_BY_PART: tuple[tuple[frozenset[Part], tuple[str, ...]], ...] = (
    (COORDINATORS, ("checkin status", "checkin nudge", "action list", "meeting add", "digest preview")),
    (frozenset({Part.OWNER}), ("checkin", "action add", "action done", "metric update", "checkin away")),
    (frozenset({Part.STEERING, Part.CHAIR}), ("decision", "digest", "action", "issue add", "checkin away")),
    (frozenset({Part.STEWARD}), ("metric update", "metric", "action", "action add", "checkin away")),
    (frozenset({Part.FUNDER}), ("digest", "funding", "metric list", "checkin away", "coalition ask")),
    (frozenset({Part.MEMBER}), ("action", "action add", "action done", "checkin away", "coalition ask")),
)
_FOR_ANYBODY = ("action", "checkin away", "coalition me", "coalition settings", "coalition ask")


def first_lines(standing: Standing, lines: Sequence[Line]) -> list[Line]:
    """The five lines that this person probably wants, of those that they may use."""
    parts = standing.everywhere.union(*standing.scoped.values())
    wanted = next((found for these, found in _BY_PART if these & parts), _FOR_ANYBODY)
    by_text = {line.text: line for line in lines}
    chosen = [by_text[text] for text in dict.fromkeys((*wanted, *_FOR_ANYBODY)) if text in by_text]
    return chosen[:FIRST]


def verbs_by_noun(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Each noun's own help as it is typed, with the verbs that are behind it."""
    nouns = dict.fromkeys(line.noun for line in lines if line.noun not in {"menu", "help"})
    found = []
    for noun in nouns:
        verbs = [line.verb for line in lines if line.noun == noun and line.verb not in {"", "help"}]
        found.append((f"{noun} help", ", ".join(verbs) or "your own"))
    return found
