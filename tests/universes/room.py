"""Where universes are lived through: the templates, and a place for the database, in memory where there is room."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.universes.place import Place, Template
from tests.universes.templates import make_templates

_MEMORY = Path("/dev/shm")
_ENOUGH = 2**28  # bytes


@dataclass(frozen=True)
class Room:
    """The databases to begin with, and the place of the universe that is under way."""

    templates: Mapping[str, Template]
    place: Place


@contextmanager
def a_room(migrated: Path | None = None) -> Iterator[Room]:
    """Makes one, and leaves nothing behind. `migrated` is an empty database at the newest schema, if there is one."""
    is_roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH
    with tempfile.TemporaryDirectory(prefix="bb-universes-", dir=_MEMORY if is_roomy else None) as folder:
        place = Place(Path(folder) / "universe.db")
        try:
            yield Room(make_templates(Path(folder), migrated), place)
        finally:
            place.close()
