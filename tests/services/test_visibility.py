"""Choosing who sees an action, an issue or a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.actions import NewAction
from bot.domain.decisions import NewDecision
from bot.domain.endings import WITH_IT, Ending
from bot.domain.issues import NewIssue
from bot.domain.people import SeenChannel
from bot.domain.typed import marks_of
from bot.errors import Refused, UserError
from bot.services.access import clock
from bot.slack.blocks.actions.items import card_message
from bot.slack.blocks.issues import NEW_ISSUE_FORM
from bot.slack.blocks.visibility import VISIBILITY_FORM
from tests.examples import on
from tests.services.reading import messages, read
from tests.services.stage import Stage

ACCESS = "wg-access"
ITS_WORDS = "Seen only by the Family Access Working Group, the coordinators and those who have to do with it."


async def _kept(stage: Stage, key: str, to: str, who: str = "dana") -> None:
    await stage.services.visibilities.keep_to(await stage.actor(who), key, to)


async def test_what_is_kept_to_a_group_is_there_for_it_alone(stage: Stage) -> None:
    """Its members read it on the card, with who else does; for others it is not there."""
    items = stage.services.action_items
    assert (await items.show(await stage.actor("lorna"), "A-301")).id == "A-301"
    await _kept(stage, "A-301", ACCESS)
    for who in ("luis", "imani", "dana"):
        card = await items.show(await stage.actor(who), "A-301")
        assert ITS_WORDS in read(card_message(card)), read(card_message(card))
    with pytest.raises(UserError, match="I don't know the action A-301"):
        await items.show(await stage.actor("lorna"), "A-301")
    await _kept(stage, "A-301", "everybody")
    assert (await items.show(await stage.actor("lorna"), "A-301")).kept_to == ()


async def test_nobody_keeps_from_themselves_what_they_make(stage: Stage) -> None:
    services, imani = stage.services, await stage.actor("imani")
    new = NewAction(title="Ask again", owner="luis", due=date(2026, 12, 11), visibility="coordinators")
    with pytest.raises(UserError, match="You wouldn't see it yourself then"):
        await services.action_items.add(imani, "t", new)
    mine = await services.action_items.add(imani, "t", replace(new, owner="imani"))
    assert mine.card.kept_to == ("the coordinators", "those who have to do with it")
    with pytest.raises(UserError, match="I can't find this group anymore"):
        await services.issues.add(imani, "u", NewIssue(title="Gone", visibility="wg-gone"))


async def test_only_who_may_change_it_chooses(stage: Stage) -> None:
    with pytest.raises(Refused, match="Who sees A-301 is chosen by whoever may change it"):
        await stage.services.visibilities.form(await stage.actor("lorna"), "A-301")


async def test_a_stale_form_is_told(stage: Stage) -> None:
    services, dana = stage.services, await stage.actor("dana")
    await _kept(stage, "I-1", ACCESS)
    with pytest.raises(UserError, match="Somebody chose meanwhile who sees I-1"):
        await services.visibilities.keep_to(dana, "I-1", "coordinators", marks_of({"visibility": "everybody"}))
    seen = await services.visibilities.keep_to(dana, "I-1", ACCESS, marks_of({"visibility": "everybody"}))
    assert seen.already


async def test_the_forms_of_new_ones_offer_ones_own_groups(stage: Stage) -> None:
    form = await stage.services.issues.form(await stage.actor("luis"))
    assert [one.id for one in form.keepers] == ["everybody", "coordinators", ACCESS]
    assert "Only the Family Access Working Group" in read(NEW_ISSUE_FORM.view(form))
    every = {group.id for group in (await stage.record()).groups}
    whole = await stage.services.issues.form(await stage.actor("dana"))
    assert {one.id for one in whole.keepers} == every | {"everybody", "coordinators"}


async def test_a_form_opens_with_a_group_that_has_ended(stage: Stage) -> None:
    """Saving it as it is shows nothing to others."""
    dana, services = await stage.actor("dana"), stage.services
    await _kept(stage, "A-301", "funders-table")
    ended = Ending(last_day=date(2026, 11, 30), rounds=WITH_IT)
    await services.ends.end(dana, "group:funders-table", marks_of({"last_day": None}), ended)
    stage.at("2026-12-02T09:00")
    form = await services.visibilities.form(dana, "A-301")
    assert form.visibility == "funders-table"
    assert "As it is: only a group that has ended" in read(VISIBILITY_FORM.view(form))
    assert (await services.visibilities.keep_to(dana, "A-301", "funders-table")).already


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_a_decision_kept_to_few_is_asked_of_each_until_all_may_see_it(any_sample: Stage) -> None:
    """Where everybody in the workspace may read the group's channel, nothing of it is told there before."""
    stage = any_sample
    await stage.link()
    await stage.join_channels("lb-access")
    is_public = SeenChannel(channel_id="CACCESS", name="lb-access", is_private=False, is_external=False)
    await stage.services.people.sync_channels(clock(stage.coalition_id), [is_public])
    await stage.go_live()
    new = NewDecision(
        title="Let a landlord go", decider=ACCESS, options=("Yes", "No"), needed_by=date(2026, 12, 4),
        visibility="coordinators",
    )  # fmt: skip
    made = await stage.services.decisions.propose(await stage.actor("dana"), "d", new)
    stage.at("2026-11-23T10:05")
    await stage.settle()
    assert "Let a landlord go" in "\n".join(await messages(stage, "luis"))
    assert "Let a landlord go" not in "\n".join(await messages(stage))
    await _kept(stage, made.card.id, "everybody")
    stage.at("2026-11-23T10:10")
    await stage.settle()
    assert "Let a landlord go" in "\n".join(await messages(stage))


async def test_a_request_kept_to_few_asks_nobody_who_has_handed_it_back(linked: Stage) -> None:
    stage = linked
    await stage.settle()
    stage.at("2026-11-23T10:00")
    services, grant = stage.services, await stage.actor("grant")
    new = NewAction(title="Call the bank", owner="grant", due=date(2026, 12, 11), visibility="coordinators")
    key = (await services.action_items.add(await stage.actor("dana"), "t", new)).card.id
    await stage.settle()
    [asked] = [one for one in await messages(stage, "grant") if "Call the bank" in one]
    assert "I'll do it" in asked
    await services.action_items.decline(grant, key)
    await stage.settle()
    [told] = [one for one in await messages(stage, "grant") if "it's with others now" in one]
    assert "I'll do it" not in told
    assert "Call the bank" not in told


async def test_a_point_about_it_stands_on_the_agenda_of_its_readers_only(stage: Stage) -> None:
    """Its group meets, and not everybody who meets there may see it."""
    services, dana = stage.services, await stage.actor("dana")
    await _kept(stage, "I-2", "coordinators")
    await services.issues.put_on_agenda(dana, "I-2")
    words = "Evening teaching pay is below the private market"
    assert words in repr(await services.agendas.find(dana, "talent"))
    assert words not in repr(await services.agendas.find(await stage.actor("tom"), "talent"))
