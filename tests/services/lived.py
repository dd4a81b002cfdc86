"""What several tests live through before each does its own thing, lived through once: whoever begins with the same life
of the same record at the same moment begins from a copy of what it left, and knows the record as it was read there.

On SQLite, for all workers; on PostgreSQL everybody lives it themselves, which shows that it works there too.
"""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from bot.clock import FixedCalendar
from bot.services import Services
from bot.store.database import Database, sqlite_file
from bot.store.record import Snapshots
from tests.sample import sample_record
from tests.services.stage import Stage, play_until_digest, use_the_rest

Life = Callable[[Services, FixedCalendar], Awaitable[Stage]]
LifeT = TypeVar("LifeT", bound=Callable[..., Awaitable[Stage]])
MadeOnce = Callable[[str], AbstractContextManager[tuple[Path, Path | None]]]

# Where a file is that all workers share; the fixtures say it for each run.
_made_once: list[MadeOnce] = []


@dataclass(frozen=True)
class _Left:
    """What a life left: where its database stands, and the moment and the coalition."""

    file: Path
    now: datetime
    coalition_id: int


_left: dict[str, _Left] = {}
_read: dict[str, Snapshots] = {}


def share_lives(made_once: MadeOnce) -> None:
    """From now on, what is lived through stands there."""
    _made_once[:] = [made_once]


def once(life: LifeT) -> LifeT:
    """What `life(services, calendar, ...)` leaves of a database that nobody has used yet is copied for whoever does the
    same after it. What else it is given is all that it may depend on."""

    @wraps(life)
    async def lived(services: Services, calendar: FixedCalendar, *about: Any, **how: Any) -> Stage:
        file = sqlite_file(services.database.url)
        if file is None or services.database._has_opened_its_file:
            return await life(services, calendar, *about, **how)
        said = repr((life.__module__, life.__qualname__, calendar.now(), about, how))
        key = sha256(said.encode()).hexdigest()[:24]
        left = _left.get(key)
        if left is None:
            left = _left[key] = await _live(key, file, services, calendar.now(), lambda *who: life(*who, *about, **how))
        shutil.copyfile(left.file, file)
        calendar.set(left.now)
        stage = Stage(services, calendar, left.coalition_id)
        await know_record(stage, key)
        return stage

    return lived  # type: ignore[return-value]


async def know_record(stage: Stage, name: str, *others: Stage) -> None:
    """What was read once of the database of this name, of which the stage's is a copy, is known in the stage's too;
    `others` are of the same database."""
    database = stage.services.database
    if name in _read:
        database.snapshots = _read[name].copy()
    else:
        for one in (stage, *others):
            await one.record()
        _read[name] = database.snapshots.copy()


async def _live(key: str, empty: Path, services: Services, begin: datetime, life: Life) -> _Left:
    """Lives it in a database beside, unless another worker has."""
    with _made_once[0](f"lived_{key}.db") as (shared, here):
        left = shared.with_suffix(".pickle")
        if here is not None:
            shutil.copyfile(empty, here)
            left.write_bytes(pickle.dumps(await _live_in(here, services, begin, life)))
    return _Left(shared, *pickle.loads(left.read_bytes()))


async def _live_in(file: Path, services: Services, begin: datetime, life: Life) -> tuple[datetime, int]:
    calendar, of = FixedCalendar(begin), services.deliveries
    database = Database(services.database.url.set(database=str(file)))
    stage = await life(Services(database, calendar, of.elapsed, owner=of.owner, timing=of.timing), calendar)
    await database.close()
    return calendar.now(), stage.coalition_id


@once
async def a_week(services: Services, calendar: FixedCalendar) -> Stage:
    """The sample after a live week up to its digest."""
    stage = await Stage.with_record(services, calendar, sample_record())
    await play_until_digest(stage)
    return stage


@once
async def a_week_and_the_rest(services: Services, calendar: FixedCalendar) -> Stage:
    """The same with what people do besides."""
    stage = await a_week(services, calendar)
    await use_the_rest(stage)
    return stage
