"""The digest, composed from what was known about a coalition at a moment. Pure: a record in, a value out."""

from __future__ import annotations

from datetime import datetime

from bot.domain.digest_parts import Digest
from bot.domain.record import Record

__all__ = ["Digest", "compose"]


def compose(record: Record, moment: datetime) -> Digest:
    """Compose the digest of a coalition at a moment; a moment without an offset is coalition time."""
    raise NotImplementedError
