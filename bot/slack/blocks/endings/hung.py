"""Everything that is handed over with an end, by name: nobody confirms what they cannot see. How it looks in Slack."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from bot.domain.wording import cut
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.message import Block
from bot.slack.mrkdwn import own

LONGEST = 80  # characters of a name or title in a list
# How many bytes the names of a form may take as Slack is sent them: half of the 250,000 that a view has, since lists to
# choose from take theirs, and no more than half of its hundred blocks.
_BYTES = 120_000
_BETWEEN = "; "
# Nobody's part of a coalition is so large; if one ever is, the rest is read there.
_REST = "and {count} more, which “coalition export” lists"


def everything_of(label: str, names: Sequence[str], *, kinds: int) -> list[Block]:
    """All of one kind in a form with so many kinds: a section, or as many as it takes; none where there is nothing.

    `names` are plain. Above what a view takes the rest is counted, and it is said where that stands.
    """
    if not names:
        return []
    told = _within([own(cut(one, LONGEST)) for one in names], kinds=max(kinds, 1))
    if len(told) < len(names):
        told.append(_REST.format(count=len(names) - len(told)))
    return [kit.section(words) for words in _sections(f"*{label}:* ", told)]


def _within(names: Iterable[str], *, kinds: int) -> list[str]:
    """Those that have room in a kind's share."""
    left, found = _BYTES // kinds, []
    for one in names:
        left -= len(json.dumps(one)) + len(_BETWEEN)
        if left < 0:
            break
        found.append(one)
    return found


def _sections(label: str, names: Sequence[str]) -> Iterable[str]:
    """The names one after the other, in texts that a section holds."""
    words = label
    for number, one in enumerate(names):
        more = f"{_BETWEEN}{one}" if number else one
        if len(words) + len(more) > limits.TEXT:
            yield words
            more, words = one, ""
        words += more
    yield words
