"""Whoever has every right in one coalition gets nothing of another one by its ids: by reflection over all services, and
over the buttons of every screen, pressed as they stand by somebody who was never shown them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import bindparam, func, select

from bot.clock import FixedCalendar
from bot.errors import Refused, UserError
from bot.services import Services
from bot.services.access import Actor
from bot.store.audit import ChangeRow
from bot.store.outbox import DeliveryRow
from tests.conftest import MONDAY_SEVEN, SECOND
from tests.examples import is_whole, one_in, part
from tests.marked import marked
from tests.sample import sample_record
from tests.services.lived import once
from tests.services.rights_of_buttons import BUTTONS
from tests.services.rights_screens import SCREENS, buttons_of
from tests.services.rights_stage import Rehearsal, Scene, rehearsing, scene_of, set_published_scene, with_cast
from tests.services.stage import Stage
from tests.services.test_rights_by_role import TABLE

MARK = "◆"
A_KIND = part(1, 1000)  # how many things of each kind on a screen
# Behind every word of theirs, or said in their scene.
THEIRS = (MARK, "A bridge.", "Ask two landlords")


@once
async def _beside_another(services: Services, calendar: FixedCalendar) -> Stage:
    scene = await set_published_scene(services, calendar, marked(with_cast(sample_record()), MARK))
    own = await Stage.with_record(services, calendar, with_cast(sample_record()), as_key=SECOND)
    await own.link()
    await own.go_live()
    return scene.stage


@pytest.fixture
async def scene(services: Services, calendar: FixedCalendar) -> Scene:
    """What the intruder is not to see: a coalition in an open week, with a digest that is out."""
    calendar.set(MONDAY_SEVEN)
    return await scene_of(await _beside_another(services, calendar))


@pytest.fixture
async def intruder(scene: Scene) -> Actor:
    """The lead of another coalition of the same database, where next to nothing has happened yet."""
    ids = {one.key: one.id for one in await scene.services.coalitions.all()}
    own = Stage(scene.services, scene.stage.calendar, ids[SECOND])
    await own.record()  # what is known of it before is not read anew in each rehearsal
    return await own.actor("dana")


@pytest.mark.in_part
async def test_no_service_tells_or_changes_anything_by_another_coalitions_ids(scene: Scene, intruder: Actor) -> None:
    wrong = []
    async with rehearsing(scene.services.database) as rehearsal:
        for method, acts in one_in(3, [*TABLE.items()]):
            for one in part(acts[:1], acts):
                said = await _attempt(scene, intruder, rehearsal, one.call(scene, intruder))
                wrong += [f"{method} ({one.what}): {line}" for line in said]
    assert wrong == []


@pytest.mark.in_part
async def test_no_button_of_another_coalition_does_anything(scene: Scene, intruder: Actor) -> None:
    wrong: list[str] = []
    pressed: set[tuple[str, str]] = set()
    kinds: Counter[tuple[str, str]] = Counter()
    async with rehearsing(scene.services.database) as rehearsal:
        for name, screen in SCREENS.items():
            for who in part(("dana", "imani"), ("dana", "imani", "lorna")):
                async with rehearsal.call():
                    try:
                        buttons = set(buttons_of(await screen(scene, scene.actors[who])))
                    except Refused:
                        continue
                for action, value in sorted(buttons - pressed):
                    kinds[name, action] += 1
                    # In a whole run also those that name nothing; one of them lives through the intruder's own week.
                    if kinds[name, action] > A_KIND or not (value or is_whole()):
                        continue
                    said = await _attempt(scene, intruder, rehearsal, BUTTONS[action](scene, intruder, value))
                    wrong += [f"{name}, [{action}] {value}: {line}" for line in said]
                pressed |= buttons
    assert len(pressed) > 200
    assert wrong == []


async def _attempt(scene: Scene, intruder: Actor, rehearsal: Rehearsal, call: Awaitable[Any]) -> list[str]:
    """What is wrong with what became of a call; everything that it did is taken back."""
    found = []
    async with rehearsal.call():
        try:
            said = repr(await call)
        except UserError as error:
            said = error.message
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            # What is their own thing may not be there, since next to nothing has happened; that is no mistake of this.
            if isinstance(error, RuntimeError):
                found.append(said)
        found += [f"tells {one}: …{said[max(0, said.index(one) - 80) :][:160]}" for one in THEIRS if one in said]
        about = {"theirs": scene.stage.coalition_id, "by": intruder.member_id, "held": scene.held}
        async with scene.services.database.read() as session:
            [(changes, state)] = await session.execute(_WHAT_BECAME, about)
        if changes:
            found.append("changes something of theirs")
        if state != "held":
            found.append("settles a message of theirs")
    return found


# What the intruder changed in their coalition, and their message that is held.
_WHAT_BECAME = select(
    select(func.count(ChangeRow.id))
    .where(ChangeRow.coalition_id == bindparam("theirs"), ChangeRow.actor_id == bindparam("by"))
    .scalar_subquery(),
    select(DeliveryRow.state).where(DeliveryRow.id == bindparam("held")).scalar_subquery(),
)
