"""Somebody whom the bot doesn't know asks to be linked: from Home and in a message, and a coordinator's pick."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.domain.people import MemberEdit
from bot.sandbox.forms import elements
from bot.services.access import operator
from bot.slack import directory
from bot.store.outbox import DeliveryItemRow
from tests.handlers.conftest import DRAFT
from tests.handlers.stage import Stage, words
from tests.handlers.test_home import home_of


async def test_a_stranger_asks_in_home_and_a_coordinator_links_in_home(stage: Stage) -> None:
    yolanda, omar = stage.person("yolanda"), stage.person("omar")
    home = await home_of(yolanda, "I don't know you yet.")
    await yolanda.press(home, "Ask to be linked")
    await yolanda.until(lambda: "have your request" in words(yolanda.home()))
    assert "Dana Whitlock" in words(yolanda.home())
    assert "Ask to be linked" not in words(yolanda.home())
    home = await home_of(omar, "asks to be linked")
    assert f"<@{yolanda.id}> asks to be linked" in str(home.blocks)
    await omar.choose(home, "link_account", "Yolanda Briggs")
    await omar.until(lambda: "Linked: Yolanda Briggs" in words(omar.home()))
    assert "asks to be linked" not in words(omar.home())
    assert "What I owe" in words(await home_of(yolanda, "What I owe"))


async def unlinked(stage: Stage) -> None:
    """Live, with nobody linked who comes without an address."""
    await stage.services.coalitions.go_live(operator(stage.bot.coalition_id))


UNLINKED = pytest.mark.lived(DRAFT, unlinked, "11-23 08:00")


@UNLINKED
async def test_whoever_asked_hears_that_they_are_linked(live: Stage) -> None:
    """“I write to you once you are linked” is what the button was answered with."""
    yolanda, omar = live.person("yolanda"), live.person("omar")
    await yolanda.press(await home_of(yolanda, "I don't know you yet."), "Ask to be linked")
    await yolanda.until(lambda: "I write to you once you are linked." in words(yolanda.home()))
    home = await home_of(omar, "asks to be linked")
    await omar.choose(home, "link_account", "Yolanda Briggs")
    await omar.until(lambda: "Linked: Yolanda Briggs" in words(omar.home()))
    await live.settle()
    assert "You are linked: I know you as *Yolanda Briggs* in *Limestone Bend Good Jobs Compact* now." in words(
        yolanda.dm()[-1]
    )
    # Nobody is told who did not ask.
    user = live.person("ben").user
    await live.services.people.link(await live.actor("omar"), "ben", user.team_id, user.id, by="coordinator")
    await live.settle()
    assert not live.person("ben").dm()


@UNLINKED
@pytest.mark.parametrize("is_chosen", [True, False])
async def test_so_does_somebody_who_was_added_first(live: Stage, is_chosen: bool) -> None:
    """With the account beside the name, or found by the address afterwards."""
    stranger = live.sandbox.add_user("gus", id="U0GUS", email="gus@lbp.example")
    await live.services.link_requests.ask(live.sandbox.workspace.team_id, stranger.id)
    dana = await live.actor("dana")
    edit = MemberEdit(name="Gus Lind", organization="lbp", email="gus@lbp.example", access="member", timezone=None)
    account = await directory.account(live.bot.client, stranger.team_id, stranger.id)
    await live.services.members.add(dana, "one", edit, account if is_chosen else None)
    await live.bot.refresh_directory()
    await live.settle()
    assert "I know you as *Gus Lind*" in words(live.sandbox.person(stranger.id).dm()[-1])


async def test_a_stranger_asks_in_a_message_and_a_coordinator_links_from_theirs(live: Stage) -> None:
    outsider, omar = live.sandbox.person("U0OUTSIDER"), live.person("omar")
    await outsider.says("hello")
    answer = (await outsider.hears())[-1]
    assert "I don't know you yet. Dana Whitlock can link your account." in words(answer)
    await outsider.press(answer, "Ask to be linked")
    await outsider.until(lambda: "have your request" in words(outsider.dm()[-1]))
    # It stands in Home at once, and travels with the next message that a day allows.
    assert "asks to be linked" in words(await home_of(omar, "asks to be linked"))
    await live.go("11-24 09:31")
    told = [one for one in omar.dm() if "asks to be linked" in words(one)]
    assert len(told) == 1
    assert any(element["type"] == "button" for _block, element in elements(told[0].blocks or [])), "everybody is linked"


async def test_asking_often_is_asking_once(stage: Stage) -> None:
    team = stage.sandbox.workspace.team_id
    for _ in range(60):
        assert "Omar Castellanos" in await stage.services.link_requests.ask(team, "U0OUTSIDER")
    async with stage.services.database.read() as session:
        count = await session.scalar(select(func.count(DeliveryItemRow.id)))
    assert count == len(await stage.services.link_requests.ask(team, "U0OUTSIDER")), "one for each coordinator"


async def test_two_people_with_one_id_ask_each_for_themselves(stage: Stage) -> None:
    """An id means somebody in a workspace: the one whom the other workspace knows by it is somebody else."""
    outsider, team = stage.sandbox.person("U0OUTSIDER"), stage.sandbox.workspace.team_id
    services = stage.services
    await services.link_requests.ask(team, outsider.id, "T0ELSEWHERE")
    await outsider.press(await home_of(outsider, "I don't know you yet."), "Ask to be linked")
    await outsider.until(lambda: "have your request" in words(outsider.home()))
    async with services.database.read() as session:
        about = set(await session.scalars(select(DeliveryItemRow.about)))
    assert about == {outsider.id, f"T0ELSEWHERE:{outsider.id}"}
    omar = stage.person("omar")
    home = await home_of(omar, "asks to be linked")
    assert words(home).count("asks to be linked") == 2
    # Slack shows the one of this workspace; the other one can't be linked as if it were the same.
    block, menu = next(
        (block, element) for block, element in elements(home.blocks) if "T0ELSEWHERE" in str(element.get("options"))
    )
    yolanda = next(one for one in menu["options"] if one["text"]["text"] == "Yolanda Briggs")
    await stage.sandbox.interactions.view_action(
        omar.id, home.id, block["block_id"], menu["action_id"], {"selected_option": yolanda}
    )
    await omar.until(lambda: omar.modal is not None and "somebody else under that id" in words(omar.modal))
    await services.people.link(operator(stage.bot.coalition_id), "yolanda", team, outsider.id, by="command")
    await omar.open_home()
    await omar.until(lambda: words(omar.home()).count("asks to be linked") == 1)
    assert await services.people.actor_of(team, outsider.id, "T0ELSEWHERE") is None
