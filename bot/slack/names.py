"""Names and lists of them as they stand in a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def first_name(name: str) -> str:
    """What somebody is called in their own messages: the first word that is not a title such as "Dr."."""
    words = name.split()
    return next((word for word in words if not word.endswith(".")), name)


def listed(names: Sequence[str], *, last: str = "and") -> str:
    """Names in one phrase: "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def listed_some(names: Sequence[str], most: int) -> str:
    """At most `most` names, then how many more there are: "A, B and 3 more"."""
    if len(names) <= most:
        return listed(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
