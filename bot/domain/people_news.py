"""What people are told in their next message when somebody's part changed. News: nothing is left to do about it."""

from __future__ import annotations

from dataclasses import dataclass


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

    name: str
    organization: str
    actions: int
    taken_by: str | None
    owns: tuple[str, ...]  # priorities


def encode_gone(member: str, taken_by: str | None, actions: int) -> str:
    """What an item about a deactivated account is about: whose, who has the actions, how many."""
    return f"{member} {taken_by or '-'} {actions}"


def decode_gone(about: str) -> tuple[str, str | None, int]:
    """The inverse of `encode_gone`: ids hold no spaces."""
    member, taken_by, actions = about.split(" ")
    return member, None if taken_by == "-" else taken_by, int(actions)
