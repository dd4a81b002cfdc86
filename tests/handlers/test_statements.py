"""How many statements a click takes, and a digest from its moment to its posts.

Every statement counts, what begins a transaction too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.sandbox import Person
from bot.sandbox.workspace import Message
from tests.examples import part
from tests.growth import grow
from tests.handlers.stage import BLOCKER, SAID, Stage, words
from tests.sample import sample_record
from tests.services.stage import rest_meetings
from tests.statements import Statements, counted

pytestmark = [pytest.mark.at_once, pytest.mark.in_part]


@dataclass(frozen=True)
class Most:
    """How many statements something may take, and how often it may read the record, which is among them."""

    statements: int
    reads: int


# What holds today. The goals are a submit 15, its message's update 10, a line that is read back 6, a digest 60 and 4 a
# post. The record is one that was read before: then it takes one, and one a changed table.
SUBMIT = Most(statements=14, reads=0)
UPDATE = Most(statements=10, reads=1)
READ_BACK = Most(statements=6, reads=1)
DIGEST = Most(statements=60, reads=3)
A_POST = Most(statements=3, reads=0)


# How much there is of everything once nothing may grow with it.
TIMES = part(2, 4)


async def grown(stage: Stage) -> None:
    await grow(stage.services, stage.bot.coalition_id, sample_record(), TIMES)


SIZES = [
    pytest.param(1, id="the sample"),
    pytest.param(TIMES, id=f"{TIMES} times the sample", marks=pytest.mark.lived.with_args(grown)),
]


@pytest.fixture(params=SIZES)
async def sized(live: Stage) -> Stage:
    await live.services.home.page(await live.actor("omar"))
    return live


@asynccontextmanager
async def within(stage: Stage, most: Most) -> AsyncIterator[Statements]:
    with counted(stage.services.database) as statements:
        yield statements
    assert len(statements) <= most.statements, statements.told()
    assert statements.reads_of_record <= most.reads, statements.told()


async def opened(stage: Stage, person: Person) -> None:
    """The form of their check-in, filled in, with nothing under way behind it."""
    await person.press(asked(person), "answer")
    await person.sees_modal("Weekly priority update")
    await person.fill(SAID)
    await person.fill({BLOCKER: "Evening pay is below the market."})
    await stage.edge.drain()


def asked(person: Person) -> Message:
    return next(one for one in person.dm() if "How does it stand" in words(one) or "answer" in str(one.blocks))


async def test_a_submit(sized: Stage) -> None:
    grant = sized.person("grant")
    # Whether somebody was in Home before the program started is asked once.
    await sized.services.inbox.was_home(sized.sandbox.workspace.team_id, grant.id, sized.calendar.now())
    await grant.hears()
    await opened(sized, grant)
    async with within(sized, SUBMIT):
        assert await grant.submit() is None
        await sized.edge.drain()


@pytest.mark.parametrize("minutes", [0, 1], ids=["at its round's opening", "later"])
async def test_an_update_of_a_message(sized: Stage, minutes: int) -> None:
    """What is said at the very moment of the opening may have been written ahead."""
    grant = sized.person("grant")
    await grant.hears()
    sized.calendar.set(sized.calendar.now() + timedelta(minutes=minutes))
    await opened(sized, grant)
    assert await grant.submit() is None
    await sized.edge.drain()
    async with within(sized, UPDATE):
        assert await sized.dispatcher.run() == 1
    assert "Evening pay" in words(asked(grant))


async def test_a_line_that_is_read_back(sized: Stage) -> None:
    omar = sized.person("omar")
    async with within(sized, READ_BACK):
        await omar.command("/action", "add Send four buyers the forecast form @grant by Dec 4 in supplier-growth")
        await omar.until(lambda: omar.ephemerals)
        await sized.edge.drain()


@pytest.mark.parametrize("times", part(SIZES[1:], SIZES))
async def test_a_digest_from_its_moment_to_its_posts(live: Stage, times: int) -> None:
    if times > 1:
        # A meeting that is due at the same moment is none of the digest's.
        await rest_meetings(live.services, live.bot.coalition_id)
    await live.go("11-25 07:29")
    before = len(live.sandbox.record.posts)
    live.calendar.set(live.calendar.now().replace(minute=31))
    with counted(live.services.database) as statements:
        await live.settle()
    posts = len(live.sandbox.record.posts) - before
    assert posts >= 6 + 5 * (times - 1)
    assert len(statements) <= DIGEST.statements + A_POST.statements * posts, statements.told()
    assert statements.reads_of_record <= DIGEST.reads + A_POST.reads * posts, statements.told()
