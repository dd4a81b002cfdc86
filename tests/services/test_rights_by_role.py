"""Part 7 held against the program: every service method is called as every role, and nothing of it stays."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import AsyncIterator, Collection, Mapping
from functools import cache
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.funding import UnknownFunding
from bot.domain.record import Record
from bot.errors import Refused
from bot.services import Services
from bot.services.access import Actor, Service
from tests.conftest import MONDAY_SEVEN
from tests.examples import is_whole
from tests.services.restricted import hidden_from, told_of, with_restricted
from tests.services.rights_of_histories import HISTORIES
from tests.services.rights_of_people import COALITION_AND_PEOPLE, NO_ACT_OF_A_PERSON
from tests.services.rights_of_plans import PLANS
from tests.services.rights_of_work import WORK
from tests.services.rights_stage import CAST, Rehearsal, Scene, rehearsing, set_scene, with_cast
from tests.services.rights_table import COORDINATORS, Act, Acts, Who

SEED = int(os.environ.get("BACKBEAT_TEST_SEED", "11"))
TABLE: Acts = {**WORK, **HISTORIES, **PLANS, **COALITION_AND_PEOPLE}
# A refusal is a sentence, and says who can help.
REFUSAL = re.compile(r"[A-Z“].+\. .*(can help|can write|Ask|open|Open|Type).*\.|[A-Z].* is asked about .*\.", re.DOTALL)


def methods(services: Services) -> dict[str, Any]:
    """Every public method of every service that the edges can reach."""
    return {
        f"{noun}.{name}": getattr(service, name)
        for noun, service in vars(services).items()
        if isinstance(service, Service)
        # By the class: what a service tells of itself may need settings.
        for name, _function in inspect.getmembers(type(service), inspect.isfunction)
        if not name.startswith("_") and not hasattr(Service, name)
    }


def test_every_method_of_every_service_has_a_row(services: Services) -> None:
    found = methods(services)
    without_actor = {key for key, method in found.items() if "actor" not in inspect.signature(method).parameters}
    assert set(NO_ACT_OF_A_PERSON) == without_actor
    assert set(TABLE) == set(found) - without_actor


@pytest.mark.in_part
async def test_every_role_may_do_what_part_7_says_and_nothing_else(
    services: Services, calendar: FixedCalendar, sample: Record
) -> None:
    """Nor is anybody told of an item that only others may see, whatever they call."""
    calendar.set(MONDAY_SEVEN)
    record = with_restricted(with_cast(sample), SEED)
    scene = await set_scene(services, calendar, record)
    hidden = {who: hidden_from(record, who) for who in CAST}
    assert not hidden["dana"]
    assert all(hidden[who] for who in CAST if who not in COORDINATORS)
    found: list[str] = []
    async with rehearsing(services.database) as rehearsal:
        turn = 0
        for method, acts in TABLE.items():
            for one in acts:
                turn += 1
                found += [
                    line async for line in _differences(scene, rehearsal, method, one, hidden, _who_try(one, turn))
                ]
    assert found == [], "\n".join(found)


def _who_try(one: Act, turn: int) -> Collection[str]:
    """One of those who may not, in turn those who tell what this act asks for from whatever else any act asks for; and
    for every fifth act one of those who may, each in turn, since what they are told differs by who they are. In a
    whole run, everybody."""
    if is_whole():
        return CAST
    may = [who for who in CAST if who in one.who and who not in COORDINATORS] or [*one.who]
    may_not = [who for who in _told_apart(one.who) if who not in one.who]
    both = (may_not, may) if turn % 5 == 0 or not may_not else (may_not,)
    return [those[turn // 5 % len(those)] for those in both if those]


@cache
def _told_apart(those: Who) -> Collection[str]:
    """As few as are enough, with both who may and who may not where there are such."""
    differ: list[Collection[str]] = [those, CAST.keys() - those]
    differ += [those ^ others for others in {act.who for acts in TABLE.values() for act in acts} - {those}]
    found: list[str] = []
    while differ := [each for each in differ if each and not {*found} & {*each}]:
        found.append(max(CAST, key=lambda who: sum(who in each for each in differ)))
    return found


async def _differences(
    scene: Scene,
    rehearsal: Rehearsal,
    method: str,
    one: Act,
    hidden: Mapping[str, Collection[str]],
    tried: Collection[str],
) -> AsyncIterator[str]:
    for who in tried:
        told: list[str] = []
        async with rehearsal.call():
            said = await _said(scene, scene.actors[who], one, told)
        expected = "allowed" if who in one.who else "refused"
        what = f"{method}{f' ({one.what})' if one.what else ''}"
        if said != expected:
            yield f"{what}: {who} is {said}, not {expected}"
        if leaked := told_of("\n".join(told), hidden[who]):
            yield f"{what}: {who} is told of {', '.join(leaked)}"


async def _said(scene: Scene, actor: Actor, one: Act, told: list[str]) -> str:
    """What came of it; everything that it gave or said goes into `told`."""
    try:
        told.append(repr(await one.call(scene, actor)))
    except Refused as refusal:
        told.append(refusal.message)
        return "refused" if REFUSAL.fullmatch(refusal.message) else f"refused without help: {refusal.message}"
    except UnknownFunding as error:
        told.append(error.message)
        # What a funder may not even know of is not known.
        return "refused" if "don't know" in error.message else str(error)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "allowed"
