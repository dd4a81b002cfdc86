"""Linking people to accounts through the sandbox: who may give somebody another one, and who hears of it."""

from __future__ import annotations

import pytest

from bot.domain.outbox import NOT_LINKED
from bot.domain.people import MemberEdit, OutsideSlack
from bot.errors import Refused
from bot.services.access import operator
from bot.slack.blocks.people import link_view
from tests.handlers.stage import Stage, words


async def open_list(stage: Stage, who: str) -> str:
    """The id of the modal with the people to link."""
    person = stage.person(who)
    assert (await person.command("/coalition", "link")).ok
    await person.until(lambda: person.modal is not None and "Opening" not in words(person.modal))
    assert person.modal is not None
    return person.modal.id


async def pick(stage: Stage, who: str, member: str, account: str) -> str:
    """Picks an account for a member in the list that is open, as it was once; what stands on top afterwards."""
    person = stage.person(who)
    modal = person.modals[0]
    # A list of before the member was linked has them in it.
    card = await stage.services.members.card(await stage.actor("dana"), member)
    before = OutsideSlack(
        member=member,
        name=card.name,
        organization=card.organization.name,
        access=card.access,
        trouble=NOT_LINKED,
    )
    modal.body["blocks"] = list(link_view([before]).payload()["blocks"])
    await stage.sandbox.interactions.view_action(
        person.id, modal.id, f"member:{member}", "pick_account", {"selected_user": account}
    )
    await stage.sandbox.settled()
    await stage.edge.drain()
    return words(person.modal)


async def key_of(stage: Stage, account: str) -> str | None:
    actor = await stage.services.people.actor_of(stage.bot.token.team_id, account)
    return actor.key if actor is not None else None


async def test_staff_gives_nobody_another_account(live: Stage) -> None:
    other = live.sandbox.add_user("priya.second", id="U0SECOND")
    await open_list(live, "priya")
    for member in ("dana", "grant"):
        said = await pick(live, "priya", member, other.id)
        assert "has a Slack account here already. An admin links the account. Dana Whitlock can help." in said
        await live.person("priya").close()
        assert await key_of(live, other.id) is None
        assert await key_of(live, live.person(member).id) == member


async def test_staff_makes_nobody_a_lead_by_a_first_account_nor_by_an_old_list(stage: Stage) -> None:
    """Yolanda waits for her account, and is made an admin after the list was opened."""
    await stage.services.people.link(operator(stage.bot.coalition_id), "priya", "T0DEMO", "U0PRIYA", by="command")
    await open_list(stage, "priya")
    other = stage.sandbox.add_user("priya.second", id="U0SECOND")
    dana = await stage.actor("dana")
    await stage.services.members.set_roles(dana, "yolanda", {}, ["admin"], [])
    said = await pick(stage, "priya", "yolanda", other.id)
    assert "Yolanda Briggs may change everything here. An admin links the account. Dana Whitlock can help." in said
    assert await key_of(stage, other.id) is None


async def test_staff_gives_an_admin_without_account_no_other_address(stage: Stage) -> None:
    dana, priya = await stage.actor("dana"), await stage.actor("priya")
    await stage.services.members.set_roles(dana, "tom", {}, ["admin"], [])
    edit = MemberEdit(
        name="Tom Delacroix",
        organization="kessler",
        email="priya.second@lbp.example",
        access="slack_connect",
        timezone=None,
    )
    with pytest.raises(Refused, match="Tom Delacroix may change everything here, and is linked by this address"):
        await stage.services.members.edit(priya, "tom", {}, edit)
    stage.sandbox.add_user("priya.second", id="U0SECOND", email="priya.second@lbp.example")
    await stage.bot.refresh_directory()
    assert await key_of(stage, "U0SECOND") is None


async def test_an_admin_gives_somebody_another_account_and_both_hear_of_it(live: Stage) -> None:
    grant, before = live.person("grant"), len(live.person("grant").dm())
    other = live.sandbox.add_user("grant.new", id="U0GRANTNEW")
    await open_list(live, "omar")
    assert "Linked: *Grant Okafor*" in await pick(live, "omar", "grant", other.id)
    await live.settle()
    assert await key_of(live, other.id) == "grant"
    assert await key_of(live, grant.id) is None
    told = words(grant.dm()[-1])
    assert len(grant.dm()) == before + 1
    assert "Omar Castellanos has linked *Grant Okafor*" in told
    assert "to another Slack account on Mon Nov 23. From now on my messages go there" in told
    assert "If that isn't right, write to Dana Whitlock or Omar Castellanos." in told
    [new] = live.sandbox.person(other.id).dm()
    assert "to this Slack account on Mon Nov 23. Before, it was another one." in words(new)


async def test_a_first_account_and_the_same_again_are_no_news(stage: Stage) -> None:
    await stage.go_live()
    priya = await stage.actor("priya")
    user = stage.person("ben").user
    await stage.services.people.link(priya, "ben", user.team_id, user.id, by="coordinator")
    await stage.go("11-23 09:00")
    assert not any("Slack account" in words(message) for message in stage.person("ben").dm())


async def test_the_same_id_in_another_workspace_is_another_account(stage: Stage) -> None:
    """So who may not give somebody another account can't give them that one."""
    dana = stage.person("dana")
    with pytest.raises(Refused, match=r"Dana Whitlock has a Slack account here already\."):
        await stage.services.people.link(await stage.actor("priya"), "dana", "T0ELSEWHERE", dana.id, by="coordinator")
    assert await stage.services.people.actor_of(stage.bot.token.team_id, dana.id, "T0ELSEWHERE") is None
    assert await key_of(stage, dana.id) == "dana"


async def test_a_command_is_of_somebody_in_the_apps_own_workspace(stage: Stage) -> None:
    """Not of whoever has the same id in a workspace that is connected."""
    outsider = stage.sandbox.person("U0OUTSIDER")
    await stage.services.people.link(operator(stage.bot.coalition_id), "ben", "T0ELSEWHERE", outsider.id, by="command")
    assert (await outsider.command("/action", "list")).ok
    await outsider.until(lambda: outsider.ephemerals)
    assert "I don't know you yet." in words(outsider.ephemerals[-1])
