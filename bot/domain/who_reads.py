"""Who reads what, computed once: what one person may see of priorities and their items, and who reads it, in words.

Whatever screen says who reads something takes the words from here, and so does whatever decides what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.record import Record
from bot.domain.rights import ALLOWED, Part, Right, Standing
from bot.domain.wording import one_line, plural

_MOST_NAMED = 4


def may_read_priority(standing: Standing, priority: str | None) -> bool:
    """Whether somebody may read all items of a priority, or with None all of the coalition.

    Being a member of something else opens nothing.
    """
    scoped = standing.scoped.get(priority, frozenset()) if priority is not None else frozenset()
    return bool(((standing.everywhere - {Part.MEMBER}) | scoped) & ALLOWED[Right.READ_PRIORITY])


def may_read_summary(standing: Standing, priority: str) -> bool:
    """Whether somebody may read of a priority at least what the roll-up says of it.

    That is how it stands, its headline figure, what is in the way and what is overdue.
    """
    return may_read_priority(standing, priority) or standing.may(Right.READ_ROLL_UP)


def sight_words(record: Record, standing: Standing, own: str) -> str | None:
    """What of a kind of item somebody sees, as a sentence; None for somebody who sees all of it.

    `own` is what they see anyway: "your own actions".
    """
    if may_read_priority(standing, None):
        return None
    readable = [one_line(one.name) for one in record.priorities if may_read_priority(standing, one.id)]
    rest = f" and those of {_named(readable)}" if readable else ""
    return f"You see {own}{rest}; the coordinators see all."


def _named(names: Sequence[str]) -> str:
    if len(names) > _MOST_NAMED:
        more = plural(len(names) - _MOST_NAMED, "more priority", "more priorities")
        return f"{', '.join(names[:_MOST_NAMED])} and {more}"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
