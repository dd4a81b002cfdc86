"""Files that hold what people said, made for their user only. What is in them is not known here."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from sqlalchemy.engine import URL

_FOR_ITS_USER = 0o600


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory, and for PostgreSQL."""
    path = url.database or ""
    if url.get_backend_name() != "sqlite" or path in {"", ":memory:"} or path.startswith("file:"):
        return None
    return Path(path)


def make_private(path: str) -> None:
    """Makes an empty file for its user only, where there is none; SQLite takes it for an empty database.

    Its log and shared memory get the same rights by SQLite itself. One that is there keeps what somebody gave it.
    """
    if path in {"", ":memory:"} or path.startswith("file:"):
        return
    # Where it can't be made SQLite says why, in words that are translated for people.
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FOR_ITS_USER))


def is_private(path: Path) -> bool:
    """Whether nobody but its user (and the machine's administrator) reads or writes a file."""
    return not stat.S_IMODE(path.stat().st_mode) & 0o077
