"""What people are told in their next message when somebody's part changed. News: nothing is left to do about it; a
request to be linked waits for a coordinator's pick."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people.accounts import AccountId

_FIRST = " first"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What every such item has in common."""

    @property
    def is_settled(self) -> bool:
        return False

    @property
    def minutes(self) -> int:
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsIn(News):
    """The receiver stands in for somebody from now on. `helper` is who can change it."""

    principal: str
    priorities: tuple[str, ...]
    helper: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRoles(News):
    """The receiver has other roles than before."""

    coalition: str
    roles: tuple[str, ...]
    helper: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountGone(News):
    """Somebody's Slack account was deactivated, and who has their open actions now; None where nobody could."""

    id: str
    name: str
    organization: str
    actions: int
    taken_by: str | None
    owns: tuple[str, ...]  # priorities
    hands_over: bool = False  # whether the reader may say who has the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMoved:
    """A member's part went from one Slack account to another; both are told. `is_new`: this is for the new one.

    `is_first`: there was none before, and whoever has it asked to be linked.
    """

    member: str
    coalition: str
    by: str | None  # who did it; None at the command line
    helpers: tuple[str, ...]  # whom to ask where that isn't right
    moved_at: datetime
    is_new: bool
    zone: str
    is_first: bool = False


def encode_moved(account_id: int, by: str | None, moved_at: datetime, *, is_first: bool = False) -> str:
    """What the message about an account is about: which one it goes to, who did it, when, and if it is the first."""
    return f"{account_id} {by or '-'} {moved_at.isoformat()}{_FIRST if is_first else ''}"


def decode_moved(about: str) -> tuple[int, str | None, datetime, bool]:
    """The inverse of `encode_moved`: ids hold no spaces."""
    account_id, by, moved_at = about.removesuffix(_FIRST).split(" ")
    return int(account_id), None if by == "-" else by, datetime.fromisoformat(moved_at), about.endswith(_FIRST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked:
    """A member who has no Slack account yet."""

    member: str
    name: str
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRequest:
    """An account that nobody knows asks to be linked. `linked_to` is whose it is by now, by name."""

    account: AccountId
    unlinked: tuple[Unlinked, ...]
    linked_to: str | None = None

    @property
    def is_settled(self) -> bool:
        return self.linked_to is not None

    @property
    def minutes(self) -> int:
        return 0 if self.is_settled else 1


def encode_gone(member: str, taken_by: str | None, actions: int) -> str:
    """What an item about a deactivated account is about: whose, who has the actions, how many."""
    return f"{member} {taken_by or '-'} {actions}"


def decode_gone(about: str) -> tuple[str, str | None, int]:
    """The inverse of `encode_gone`: ids hold no spaces."""
    member, taken_by, actions = about.split(" ")
    return member, None if taken_by == "-" else taken_by, int(actions)
