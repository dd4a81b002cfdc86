"""What menus and forms about people carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.slack.metadata.codec import alone, carried, parted

_NOTE = "note "  # no member's id has a space


def _read_letter(found: Any) -> Any:
    if found.startswith(_NOTE):
        return {"note": int(found.removeprefix(_NOTE))}
    return alone("receiver")(found)


@carried(parted("|", "member", "account"))
@dataclass(frozen=True, slots=True)
class AccountLink:
    """Which account is whose; the account as `AccountId` writes it."""

    member: str
    account: str


@carried()
@dataclass(frozen=True, slots=True)
class KindWanted:
    """Whether somebody wants messages of a kind."""

    kind: str
    wanted: bool


@carried(_read_letter)
@dataclass(frozen=True, slots=True)
class LetterOpened:
    """The form of a letter: to whom it goes, or to which note it replies."""

    receiver: str | None = None
    note: int | None = None

    @property
    def key(self) -> str:
        """What words in it are kept under."""
        return self.receiver or f"{_NOTE}{self.note}"
