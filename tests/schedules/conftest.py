"""The stage with everybody linked, the coalition live and its week planned, on Monday at seven; set once, copied for
each test."""

from __future__ import annotations

import asyncio
import os
import pickle
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.record import Record
from bot.store.outbox import DeliveryRow
from tests.conftest import made_once, postgres_copy, postgres_made_once
from tests.mailbox import SENDER, Mailbox, mailbox
from tests.schedules.stage import Stage, Still, opened

Opener = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture(autouse=True, scope="session")
def _no_proxy() -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def _in_turn(request: pytest.FixtureRequest) -> None:
    """SQLite works in the test's own thread; a test marked `at_once` leaves it its own."""
    if request.node.get_closest_marker("at_once") is None:
        request.getfixturevalue("one_after_the_other")


async def _go_live(url: str, sample: Record) -> None:
    async with opened(url, sample) as stage:
        await stage.link()
        await stage.go_live()


@pytest.fixture(scope="session")
def live_template(
    tmp_path_factory: pytest.TempPathFactory, sqlite_sample_template: Path, sample: Record, _no_proxy: None
) -> Path:
    """A SQLite database on which everybody is linked and the coalition is live."""
    path = sqlite_sample_template.with_name("live.db")
    with made_once(tmp_path_factory, path.name) as (shared, here):
        if here is not None:
            asyncio.run(_go_live(f"sqlite:///{shutil.copy(sqlite_sample_template, here)}", sample))
    shutil.copy(shared, path)
    return path


def copied(template: Path, folder: Path) -> str:
    """A copy of a database, always in the same place; its URL."""
    path = folder / "copy.db"
    for leftover in folder.glob("copy.db*"):
        leftover.unlink()
    shutil.copy(template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def live_url(live_template: Path) -> str:
    """A copy of it, as DATABASE_URL; always in the same place."""
    return copied(live_template, live_template.parent)


@pytest.fixture(scope="session")
def planned_template(tmp_path_factory: pytest.TempPathFactory, live_template: Path, sample: Record) -> Path:
    """The same with what comes next planned."""

    async def plan(url: str) -> Still:
        async with opened(url, sample) as stage:
            await stage.services.rhythm.plan()
            return Still.of(stage)

    path, _ = lived_once(tmp_path_factory, live_template, "planned", plan)
    return path


@pytest.fixture
def planned_url(planned_template: Path, live_template: Path) -> str:
    """A copy of it, as DATABASE_URL; always in the same place."""
    return copied(planned_template, live_template.parent)


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    """A mail server."""
    async with mailbox() as opened_box:
        yield opened_box


DIGEST = "11-25 07:30"
NEVER = 1e12


async def _all_but(stage: Stage, *kinds: str) -> None:
    """On Wednesday at half past seven all has gone but these, which are due."""
    stage.set(DIGEST)
    await stage.services.rhythm.plan()
    async with stage.services.database.write() as session:
        await session.execute(update(DeliveryRow).where(DeliveryRow.kind.in_(kinds)).values(next_attempt_at=NEVER))
    await stage.go_to_rest(DIGEST)
    await stage.hurry()


async def _make_home(stage: Stage) -> None:
    """Nobody of another workspace is in a priority's channel, so that it has a canvas."""
    channel = stage.sandbox.workspace.channel_called("lb-suppliers")
    assert channel is not None
    channel.is_ext_shared = False
    await stage.refresh()


# What was lived through from Monday at seven, by the fixture that begins there; with mail and without.
MAILED: dict[str, Callable[[Stage], Coroutine[Any, Any, None]]] = {
    "mailed": lambda stage: stage.go(DIGEST),
    "copies_due": lambda stage: _all_but(stage, "digest_copy"),
}
POSTED: dict[str, Callable[[Stage], Coroutine[Any, Any, None]]] = {
    "home": _make_home,
    "asked": lambda stage: stage.go("11-23 09:00"),
    "tuesday": lambda stage: stage.go_to_rest("11-24 10:00"),
    "thread_due": lambda stage: _all_but(stage, "digest_roll_up", "digest_reply"),
    "posted": lambda stage: stage.go(DIGEST),
}


def lived_once(
    factory: pytest.TempPathFactory, template: Path, name: str, come_there: Callable[[str], Coroutine[Any, Any, Still]]
) -> tuple[Path, Still]:
    """What was lived through in a copy of this database, once for all workers: the database then, and the rest."""
    with made_once(factory, f"{name}.db") as (shared, here):
        beside = shared.with_suffix(".pickle")
        if here is not None:
            shutil.copy(template, here)
            beside.write_bytes(pickle.dumps(asyncio.run(come_there(f"sqlite:///{here}"))))
    still: Still = pickle.loads(beside.read_bytes())
    return shared, still


@pytest.fixture(scope="session")
def _lived(
    tmp_path_factory: pytest.TempPathFactory, planned_template: Path, sample: Record
) -> Callable[[str], tuple[Path, Still]]:
    """The database at one of these moments, and what Slack and the mail server have then."""

    async def live(name: str, url: str) -> Still:
        async with mailbox() as box, opened(url, sample, mailer=box.mailer() if name in MAILED else None) as stage:
            await (MAILED | POSTED)[name](stage)
            return Still.of(stage, box.raw)

    return cache(lambda name: lived_once(tmp_path_factory, planned_template, name, partial(live, name)))


@pytest.fixture
def begun(
    request: pytest.FixtureRequest, _lived: Callable[[str], tuple[Path, Still]], live_template: Path
) -> tuple[str, Still]:
    """A copy of the one that this test begins with, always in the same place, and the rest."""
    (name,) = {*MAILED, *POSTED}.intersection(request.fixturenames)
    path, still = _lived(name)
    return copied(path, live_template.parent), still


@pytest.fixture
async def _with_mail(begun: tuple[str, Still], box: Mailbox, sample: Record) -> AsyncIterator[Stage]:
    url, still = begun
    for mail in still.mails:
        box.keep(mail, SENDER.address)
    async with opened(url, sample, mailer=box.mailer(), still=still) as stage:
        yield stage


@pytest.fixture
async def _without_mail(begun: tuple[str, Still], sample: Record) -> AsyncIterator[Stage]:
    url, still = begun
    async with opened(url, sample, still=still) as stage:
        yield stage


@pytest.fixture
def mailed(_with_mail: Stage) -> Stage:
    """Wednesday at half past seven: the digest has gone out, and was mailed to the two who read by e-mail."""
    return _with_mail


@pytest.fixture
def copies_due(_with_mail: Stage) -> Stage:
    """The same moment, but for the two mails, which are due."""
    return _with_mail


@pytest.fixture
def home(_without_mail: Stage) -> Stage:
    """Monday at seven, and one channel is of this workspace alone."""
    return _without_mail


@pytest.fixture
def asked(_without_mail: Stage) -> Stage:
    """Monday at nine: everybody was asked."""
    return _without_mail


@pytest.fixture
def tuesday(_without_mail: Stage) -> Stage:
    """Tuesday at ten."""
    return _without_mail


@pytest.fixture
def thread_due(_without_mail: Stage) -> Stage:
    """Wednesday at half past seven: all has gone but the digest in its channel and its thread, which are due."""
    return _without_mail


@pytest.fixture
def posted(_without_mail: Stage) -> Stage:
    """The same moment, when that has gone out too; nothing is mailed."""
    return _without_mail


@pytest.fixture(scope="session")
def postgres_live_template(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: str,
    postgres_sample_template: str,
    sample: Record,
    _no_proxy: None,
) -> str:
    """The name of a PostgreSQL database on which the same is so."""
    with postgres_made_once(tmp_path_factory, postgres_server, "template_live", postgres_sample_template) as url:
        if url is not None:
            asyncio.run(_go_live(url, sample))
    return "template_live"


@pytest.fixture
def postgres_live_url(postgres_server: str, postgres_live_template: str) -> Iterator[str]:
    """A copy of it, as DATABASE_URL."""
    with postgres_copy(postgres_server, postgres_live_template) as url:
        yield url


@pytest.fixture
def open_stage(planned_url: str, sample: Record) -> Opener:
    """Opens a live stage of one's own settings on SQLite."""

    def open_it(**how: Any) -> AbstractAsyncContextManager[Stage]:
        return opened(planned_url, sample, **how)

    return open_it


@pytest.fixture
def open_stage_at(sample: Record) -> Opener:
    """Opens a live stage on a database of one's own choice."""

    def open_it(url: str, **how: Any) -> AbstractAsyncContextManager[Stage]:
        return opened(url, sample, **how)

    return open_it


@pytest.fixture
async def monday(open_stage: Opener) -> AsyncIterator[Stage]:
    """Monday at seven: everybody is linked, the coalition is live, what comes next is planned."""
    async with open_stage() as live:
        yield live


@pytest.fixture
def stage(monday: Stage) -> Stage:
    """Where tests begin that say nothing else."""
    return monday


@pytest.fixture
async def unplanned(live_url: str, sample: Record) -> AsyncIterator[Stage]:
    """The same before anything is planned."""
    async with opened(live_url, sample) as live:
        yield live


@pytest.fixture
async def draft(sqlite_sample_url: str, sample: Record) -> AsyncIterator[Stage]:
    """The sample as a draft: who has no e-mail in Slack is not linked, nothing is sent."""
    async with opened(sqlite_sample_url, sample) as stage:
        yield stage
