"""Who has taken part in an anonymous check-in and was not written down yet, in the memory of this process.

Written at once, it would tell by its transaction which answer was theirs; so it is held, and written with others.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

_TAKING_PART = "taking_part"


class TakingPart:
    """Ids of rounds' subjects."""

    def __init__(self) -> None:
        self._held: set[int] = set()

    def take(self, subject_id: int) -> bool:
        """Holds that somebody takes part. False if that is held already."""
        if subject_id in self._held:
            return False
        self._held.add(subject_id)
        return True

    def let_go(self, subject_ids: Iterable[int]) -> None:
        """They are written down, or came to nothing."""
        self._held.difference_update(subject_ids)

    def holds(self, subject_id: int) -> bool:
        """Whether somebody has taken part and it is not written yet."""
        return subject_id in self._held

    @property
    def held(self) -> frozenset[int]:
        """All that is not written yet, in no order."""
        return frozenset(self._held)


def know_taking_part(session: AsyncSession, held: TakingPart) -> None:
    """Lets the steps of this session's transaction know what is held."""
    session.sync_session.info[_TAKING_PART] = held


def is_taking_part(session: AsyncSession, subject_id: int) -> bool:
    """Whether this process holds that somebody has taken part."""
    held: TakingPart | None = session.sync_session.info.get(_TAKING_PART)
    return held is not None and held.holds(subject_id)
