"""What buttons and forms of priorities' outcomes and of funding carry."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.typed import Marks
from bot.slack.metadata.codec import OUT_OF_DATE_FORM, carried, parted


@carried()
@dataclass(frozen=True, slots=True)
class OutcomeKey:
    """Which outcome of which priority."""

    priority: str
    outcome: str


@carried(says=OUT_OF_DATE_FORM)
@dataclass(frozen=True, slots=True)
class OutcomeOpened:
    """An outcome's form: whose it is, which one, none for a new one, and marks of what it was then."""

    priority: str
    outcome: str | None = None
    marks: Marks = field(default_factory=dict)


@carried(parted(":", "kind", "key"))
@dataclass(frozen=True, slots=True)
class MoneyKey:
    """What a card about money is of."""

    kind: str
    key: str
