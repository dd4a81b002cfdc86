"""The stage, with the sample imported as a draft, and the same stage live on its first Monday."""

from __future__ import annotations

import asyncio
import os
import pickle
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.demo import user_id_of
from bot.domain.record import Record
from bot.files import LoadedFile, load_coalition_file
from bot.files.reading_apart import LARGEST_YAML, load_apart
from bot.services import Services
from bot.services.access import operator
from bot.services.sending import Timing
from bot.store.database import Database, database_url
from bot.store.record import Snapshots
from handlers import coalition_files
from tests.conftest import MONDAY_SEVEN, made_once
from tests.handlers.stage import Stage, Still, stage_of

# A loaded machine must not make a lease run out: these tests are about words, not about leases.
UNHURRIED = Timing(lease=60.0, post_timeout=10.0, looks=(0.02, 0.05, 0.1), retry=0.05)


_loaded: dict[tuple[bytes, date], LoadedFile] = {}


async def _load_once(content: bytes, *, today: date) -> LoadedFile:
    """A file's content reads the same whenever it is read on a day, and wherever, as `tests/files` shows. A process is
    started for each reading, which takes half a second: here for the first one, and for what is refused before."""
    key = sha256(content).digest(), today
    if key not in _loaded:
        is_apart = not _loaded or len(content) > LARGEST_YAML
        _loaded[key] = await load_apart(content, today=today) if is_apart else load_coalition_file(content, today=today)
    return _loaded[key]


@pytest.fixture(autouse=True, scope="session")
def _files_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as until:
        until.setattr(coalition_files, "load_apart", _load_once)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_proxy() -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def _in_turn(request: pytest.FixtureRequest) -> None:
    """SQLite works in the test's own thread; a test marked `at_once` leaves it its own."""
    if request.node.get_closest_marker("at_once") is None:
        request.getfixturevalue("one_after_the_other")


# What this process has read of the coalition in a file that databases are copied from, as a bot keeps it that goes on.
_read: dict[Path, Snapshots] = {}


@asynccontextmanager
async def opened(
    url: str, calendar: FixedCalendar, sample: Record, still: Still | None = None, copied_from: Path | None = None
) -> AsyncIterator[Stage]:
    """A stage on this database. What stands in copies of one file is read once."""
    database = Database(database_url(url))
    if copied_from in _read:
        database.snapshots = _read[copied_from].copy()
    services = Services(database, calendar, SystemElapsedTime(), owner="test", timing=UNHURRIED)
    async with stage_of(services, calendar, sample, still) as running:
        if copied_from is not None and copied_from not in _read:
            await services.coalitions.record(operator(running.bot.coalition_id))
            _read[copied_from] = database.snapshots.copy()
        yield running
    await database.close()


@pytest.fixture
async def stage(
    draft: tuple[Path, Still], tmp_path: Path, calendar: FixedCalendar, sample: Record
) -> AsyncIterator[Stage]:
    """Monday, 7:00 AM: the sample is imported, nobody who is connected is linked, nothing is sent."""
    path, still = draft
    copy = tmp_path / "draft.db"
    shutil.copy(path, copy)
    async with opened(f"sqlite:///{copy}", calendar, sample, still, copied_from=path) as running:
        yield running


def _looked_around(factory: pytest.TempPathFactory, name: str, template: Path, sample: Record) -> tuple[Path, Still]:
    """The database and Slack on Monday, 7:00 AM, once the bot has read who and what there is in Slack."""

    async def come_there(path: Path) -> Still:
        async with opened(f"sqlite:///{path}", FixedCalendar(MONDAY_SEVEN), sample) as stage:
            await stage.edge.drain()
            return Still.of(stage)

    with made_once(factory, name) as (shared, here):
        slack = shared.with_suffix(".pickle")
        if here is not None:
            shutil.copy(template, here)
            slack.write_bytes(pickle.dumps(asyncio.run(come_there(here))))
    still: Still = pickle.loads(slack.read_bytes())
    return shared, still


@pytest.fixture(scope="session")
def draft(
    tmp_path_factory: pytest.TempPathFactory, sqlite_sample_template: Path, sample: Record, _no_proxy: None
) -> tuple[Path, Still]:
    """That moment where the sample is a draft."""
    return _looked_around(tmp_path_factory, "draft.db", sqlite_sample_template, sample)


@pytest.fixture(scope="session")
def blank(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, sample: Record, _no_proxy: None
) -> tuple[Path, Still]:
    """That moment where there is no coalition."""
    return _looked_around(tmp_path_factory, "blank.db", sqlite_template, sample)


@pytest.fixture(scope="session")
def first_contact(
    tmp_path_factory: pytest.TempPathFactory, draft: tuple[Path, Still], sample: Record
) -> tuple[Path, Still]:
    """The database and Slack on Monday, 9:00 AM: it takes a while to come there, so it is done once for all workers."""

    async def come_there(path: Path) -> Still:
        async with opened(f"sqlite:///{path}", FixedCalendar(MONDAY_SEVEN), sample, draft[1]) as stage:
            await stage.go_live()
            await stage.go("11-23 09:00")
            await stage.edge.drain()
            return Still.of(stage)

    with made_once(tmp_path_factory, "first_contact.db") as (shared, here):
        slack = shared.with_suffix(".pickle")
        if here is not None:
            shutil.copy(draft[0], here)
            slack.write_bytes(pickle.dumps(asyncio.run(come_there(here))))
    still: Still = pickle.loads(slack.read_bytes())
    return shared, still


@pytest.fixture(scope="session")
def first_monday(
    tmp_path_factory: pytest.TempPathFactory, first_contact: tuple[Path, Still], sample: Record
) -> tuple[Path, Still]:
    """A moment later, once everybody has found their first message right."""

    async def come_there(path: Path) -> Still:
        async with opened(f"sqlite:///{path}", FixedCalendar(MONDAY_SEVEN), sample, first_contact[1]) as stage:
            # Whoever has said that it sounds right has every button of the message as a button.
            for member in sample.members:
                actor = await stage.services.people.actor_of(stage.bot.token.team_id, user_id_of(member.id))
                if actor is not None:
                    await stage.services.first_contacts.confirm(actor)
            await stage.settle()
            await stage.edge.drain()
            return Still.of(stage)

    with made_once(tmp_path_factory, "first_monday.db") as (shared, here):
        slack = shared.with_suffix(".pickle")
        if here is not None:
            shutil.copy(first_contact[0], here)
            slack.write_bytes(pickle.dumps(asyncio.run(come_there(here))))
    still: Still = pickle.loads(slack.read_bytes())
    return shared, still


# What is lived through on a stage: a moment to go to, or what is done there.
Step = str | Callable[[Stage], Awaitable[object]]
# As the first step: a life begins not on that Monday but two hours before, with the draft.
DRAFT = "the draft"
# Or on that Monday when nobody has said yet that their first message sounds right.
FIRST_CONTACT = "the first contact"


class Lives:
    """What was lived through step by step: each once for all workers, to go on from."""

    def __init__(
        self, factory: pytest.TempPathFactory, begun: dict[tuple[Step, ...], tuple[Path, Still]], sample: Record
    ) -> None:
        self._factory, self._sample, self._left = factory, sample, begun

    async def after(self, *steps: Step) -> tuple[Path, Still]:
        """The database and Slack after these steps."""
        if steps not in self._left:
            path, still = await self.after(*steps[:-1])
            names = [one if isinstance(one, str) else f"{one.__module__}.{one.__qualname__}" for one in steps]
            with made_once(self._factory, f"lived_{sha256(repr(names).encode()).hexdigest()[:16]}.db") as (
                shared,
                here,
            ):
                slack = shared.with_suffix(".pickle")
                if here is not None:
                    shutil.copy(path, here)
                    slack.write_bytes(pickle.dumps(await self._live(here, path, still, steps[-1])))
            self._left[steps] = shared, pickle.loads(slack.read_bytes())
        return self._left[steps]

    async def _live(self, path: Path, before: Path, still: Still, step: Step) -> Still:
        calendar = FixedCalendar(MONDAY_SEVEN)
        async with opened(f"sqlite:///{path}", calendar, self._sample, still, copied_from=before) as stage:
            await (stage.go(step) if isinstance(step, str) else step(stage))
            await stage.settle()
            await stage.edge.drain()
            return Still.of(stage)


@pytest.fixture(scope="session")
def lives(
    tmp_path_factory: pytest.TempPathFactory,
    draft: tuple[Path, Still],
    first_contact: tuple[Path, Still],
    first_monday: tuple[Path, Still],
    sample: Record,
) -> Lives:
    """What tests have lived through."""
    begun: dict[tuple[Step, ...], tuple[Path, Still]] = {
        (): first_monday,
        (DRAFT,): draft,
        (FIRST_CONTACT,): first_contact,
    }
    return Lives(tmp_path_factory, begun, sample)


@pytest.fixture
async def live(
    request: pytest.FixtureRequest, lives: Lives, tmp_path: Path, calendar: FixedCalendar, sample: Record
) -> AsyncIterator[Stage]:
    """Monday, 9:00 AM in Chicago: live, everybody linked, everybody's first message sent and found right.

    A test marked `lived` begins after the steps that the mark names: moments gone to, and what people did.
    """
    mark = request.node.get_closest_marker("lived")
    path, still = await lives.after(*(mark.args if mark is not None else ()))
    copy = tmp_path / "live.db"
    shutil.copy(path, copy)
    async with opened(f"sqlite:///{copy}", calendar, sample, still, copied_from=path) as running:
        yield running


@pytest.fixture
async def empty(
    blank: tuple[Path, Still], tmp_path: Path, calendar: FixedCalendar, sample: Record
) -> AsyncIterator[Stage]:
    """Monday, 7:00 AM: the sample's workspace, and a bot that knows no coalition."""
    path, still = blank
    copy = tmp_path / "blank.db"
    shutil.copy(path, copy)
    async with opened(f"sqlite:///{copy}", calendar, sample, still) as running:
        yield running
