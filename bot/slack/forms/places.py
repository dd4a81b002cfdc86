"""The field that several nouns have: which priority something belongs to, or the whole coalition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.slack.forms.fields import Choice, Named, named_options

WHOLE_COALITION = "*"


class HasPlaces(Protocol):
    """What a form is opened with: the priorities to choose from, and the one that is chosen."""

    @property
    def priority(self) -> str | None: ...
    @property
    def priorities(self) -> Sequence[Named]: ...


PRIORITY: Choice[HasPlaces] = Choice(
    "priority",
    "Priority",
    lambda form: named_options(form.priorities),
    nothing=WHOLE_COALITION,
    nothing_words="The whole coalition",
    otherwise=-1,
)
