"""Setting up, on both databases: the same form twice is stored once, and a coalition has one workspace."""

from __future__ import annotations

import pytest

from bot.domain.coalition import PriorityChoice
from bot.domain.people import SeenAccount, SeenChannel, Workspace
from bot.domain.rhythm import Rhythm
from bot.errors import ConfigurationError, Refused, UserError
from bot.services import Services
from bot.services.access import Actor, operator
from tests.examples import on
from tests.services.stage import WORKSPACE

CHANNEL = SeenChannel(channel_id="C1", name="care", is_private=True, is_external=False)


def account(name: str, **fields: object) -> SeenAccount:
    usual: dict[str, object] = {"team_id": WORKSPACE.team_id, "email": None, "timezone": None, "deactivated": False}
    return SeenAccount(user_id=f"U{name.upper()}", name=name, **{**usual, **fields})  # type: ignore[arg-type]


DANA, IMANI, LUIS = account("Dana", is_admin=True), account("Imani"), account("Luis")


async def begun(services: Services, name: str = "River Forks") -> Actor:
    await services.setup.begin(WORKSPACE, DANA)
    await services.setup.name_coalition(
        WORKSPACE.team_id, DANA.user_id, name, "America/Chicago", "Partnership", "public"
    )
    actor = await services.people.actor_of(WORKSPACE.team_id, DANA.user_id)
    assert actor is not None
    return actor


@pytest.mark.in_part
@on("postgres", "any_url")
async def test_each_form_twice_is_stored_once(any_services: Services) -> None:
    setup = any_services.setup
    await begun(any_services)
    actor = await begun(any_services, "River Forks Compact")
    for _time in range(2):
        await setup.choose_priorities(actor, [PriorityChoice(name="Care", owner=IMANI.user_id, channel="C1")])
        await setup.add_priorities(actor, [DANA, IMANI, LUIS], [CHANNEL], {"C1": [IMANI.user_id, LUIS.user_id]})
    for _time in range(2):
        await setup.add_people(actor, [LUIS.user_id], {IMANI.user_id: LUIS.user_id})
    for _time in range(2):
        await setup.set_rhythm(actor, Rhythm(), "C1")
    [found] = await any_services.coalitions.all()
    record = await any_services.coalitions.record(operator(found.id))
    assert record.coalition.name == "River Forks Compact"
    assert [(one.id, one.delegate) for one in record.members] == [("dana", None), ("imani", "luis"), ("luis", None)]
    assert (len(record.priorities), len(record.groups), len(record.cadences)) == (1, 1, 3)
    with pytest.raises(UserError, match="Everything is already entered"):
        await setup.add_people(actor, [], {})
    await any_services.coalitions.go_live(actor)
    with pytest.raises(UserError, match="has been started meanwhile"):
        await setup.set_rhythm(actor, Rhythm(), "C1")


@pytest.mark.in_part
@on("postgres", "any_url")
async def test_only_leads_go_on_and_a_coalition_has_one_workspace(any_services: Services) -> None:
    actor = await begun(any_services)
    with pytest.raises(Refused, match="Dana can help"):
        await any_services.setup.begin(WORKSPACE, account("Omar", is_admin=True))
    with pytest.raises(UserError, match="Dana can help"):
        await any_services.setup.name_coalition(
            WORKSPACE.team_id, "UOMAR", "Other", "America/Chicago", "Other", "public"
        )
    elsewhere = Workspace(team_id="T2", name="Elsewhere", enterprise_id=None, bot_user_id="UBOT")
    with pytest.raises(ConfigurationError, match="a coalition has one workspace"):
        await any_services.people.bind_workspace(elsewhere, actor.coalition_id)
