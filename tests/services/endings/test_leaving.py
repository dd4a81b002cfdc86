"""Somebody leaves: what is written, who is told, who is asked from then on, and what they may still do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from bot.domain.actions import NewAction
from bot.domain.endings import Leaving
from bot.domain.endings import leave as leave_in_record
from bot.domain.record import holdings_of
from bot.domain.typed import Mistakes, marks_of
from bot.errors import Former, Refused, UserError
from bot.services.access import clock
from bot.slack.blocks.actions import card_message
from bot.store.audit import AuditEntryRow
from bot.store.outbox import DeliveryItemRow
from tests.examples import on
from tests.services.reading import read
from tests.services.stage import TEAM, WORKSPACE, Stage, account

LAST = date(2026, 11, 30)
TO_MARCUS = Leaving(last_day=LAST, priorities="marcus", figures="marcus", work="marcus", chairs="marcus")


TO_LUIS = Leaving(last_day=LAST, priorities="luis", figures="luis", work="luis", chairs="luis", stand_in="luis")
OPENED = marks_of({"last_day": None})


async def leave(stage: Stage, key: str = "grant", plan: Leaving = TO_MARCUS, by: str = "omar") -> None:
    await stage.services.leavings.leave(await stage.actor(by), key, OPENED, plan)


async def told(stage: Stage) -> list[str]:
    async with stage.services.database.read() as session:
        items = await session.scalars(select(DeliveryItemRow).filter_by(kind="handed_over"))
        return [one.about for one in items]


async def test_everything_is_with_somebody_else(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    form = await stage.services.leavings.form(await stage.actor("omar"), "grant")
    assert [one.id for one in form.holdings.actions] == ["A-202", "A-203"]
    assert form.suggested is not None
    assert form.suggested.id == "marcus"
    before = await stage.record()
    left = await stage.services.leavings.leave(await stage.actor("omar"), "grant", {}, TO_MARCUS)
    assert [name for name, _ in left.taken] == ["Marcus Teal"]
    after = await stage.record()
    assert not holdings_of(after, "grant")
    assert next(one for one in after.priorities if one.id == "supplier-growth").owner == "marcus"
    assert {one.id for one in after.actions if one.owner == "marcus" and not one.accepted} >= {"A-202", "A-203"}
    assert after.responses == before.responses
    grant = next(one for one in after.members if one.id == "grant")
    assert (grant.name, grant.ended) == ("Grant Okafor", LAST)
    assert [one.role for one in grant.roles] == ["steering_member"]


async def test_the_file_and_the_day_before_are_as_they_were(stage: Stage) -> None:
    earlier = stage.at("2026-11-23T09:00")
    before = await stage.record(earlier)
    stage.at("2026-11-24T09:00")
    await leave(stage)
    assert await stage.record(earlier) == before
    file = await stage.services.coalitions.export(stage.operator)
    assert {one["id"]: one.get("ended") for one in file["members"]}["grant"] == LAST


async def test_whoever_has_something_now_is_told_once(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    await leave(stage)
    await leave(stage)
    [about] = await told(stage)
    assert about.startswith("grant priorities:supplier-growth ")
    async with stage.services.database.read() as session:
        asked = await session.scalars(select(DeliveryItemRow).filter_by(kind="action_request"))
        assert {one.about for one in asked} >= {"A-202", "A-203"}


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_whoever_hands_work_on_asks_for_the_yes_and_has_back_what_is_declined(any_sample: Stage) -> None:
    stage = any_sample
    stage.at("2026-11-23T09:00")
    await leave(stage)
    marcus = await stage.actor("marcus")
    card = await stage.services.action_items.show(marcus, "A-202")
    words = (
        "Omar Castellanos (Limestone Bend Partnership) asks whether Harrow County Executive Office can take this on."
    )
    assert words in read(card_message(card))
    await leave(stage, "tom", replace(TO_LUIS, priorities="priya", figures="priya", work="priya"))
    priya = await stage.actor("priya")
    words = "Omar Castellanos (Limestone Bend Partnership) asks whether you can take this on."
    assert words in read(card_message(await stage.services.action_items.show(priya, "A-104")))
    await stage.services.action_items.accept(marcus, "A-203")
    await stage.services.action_items.decline(marcus, "A-202")
    of = {one.id: (one.owner, one.organization, one.accepted) for one in (await stage.record()).actions}
    assert of["A-202"] == ("omar", "lbp", True)
    assert of["A-203"] == ("marcus", "harrow-county", True)
    async with stage.services.database.read() as session:
        answers = await session.scalars(select(DeliveryItemRow).filter_by(kind="action_answer"))
        assert {one.about[:5] for one in answers} == {"A-202", "A-203"}


async def test_a_coordinator_has_back_what_nobody_here_asked_for(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    await leave(stage)
    await leave(stage, "omar", replace(TO_LUIS, work="priya"), by="dana")
    stage.at("2026-12-02T09:00")
    marcus = await stage.actor("marcus")
    await stage.services.action_items.decline(marcus, "A-202")
    of = {one.id: one.owner for one in (await stage.record()).actions}
    assert of["A-202"] == "dana", "omar, who asked, has left"


async def test_two_who_enter_another_day_are_told(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    await leave(stage)
    with pytest.raises(Mistakes, match="changed this meanwhile"):
        await leave(stage, plan=replace(TO_MARCUS, last_day=date(2026, 12, 31)), by="dana")


async def test_only_an_admin_ends_who_may_configure(stage: Stage) -> None:
    with pytest.raises(Refused, match="may change everything here"):
        await leave(stage, "omar", replace(TO_MARCUS), by="priya")


async def test_they_act_until_the_end_of_their_day_on_the_coalitions_clock(stage: Stage) -> None:
    people = stage.services.people
    await people.bind_workspace(WORKSPACE, stage.coalition_id)
    stage.at("2026-11-23T09:00")
    await stage.link("grant")
    user = f"UGRANT{stage.coalition_id}"
    await leave(stage)
    stage.at("2026-11-30T23:59")
    assert await people.actor_of(TEAM, user, TEAM) is not None
    stage.at("2026-12-01T00:01")
    with pytest.raises(Former, match=r"until Mon Nov 30\. Dana Whitlock can help"):
        await people.actor_of(TEAM, user, TEAM)
    await stage.services.leavings.take_part_again(await stage.actor("omar"), "grant")
    assert await people.actor_of(TEAM, user, TEAM) is not None


async def test_lists_and_searches_leave_them_out(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    omar = await stage.actor("omar")
    services = stage.services
    await leave(stage)
    assert [one.id for one in await services.members.search(omar, "grant")] == []
    assert [one.id for one in await services.action_items.search_members(omar, "grant")] == []
    page = await services.members.page(omar)
    assert (page.total, page.former) == (13, 1)
    [former] = (await services.leavings.former(omar)).lines
    assert former.id == "grant"
    assert await services.members.find(omar, "grant") == "grant", "a card can still be asked for"
    assert "grant" not in {one.member for one in await services.people.outside_slack(omar)}


async def test_their_address_links_nobody(stage: Stage) -> None:
    await leave(stage)
    seen = [account("grant", email="grant.okafor@bendchamber.example")]
    assert await stage.services.people.sync_accounts(clock(stage.coalition_id), seen) == ()


async def test_the_trail_says_who_did_it(stage: Stage) -> None:
    await leave(stage)
    async with stage.services.database.read() as session:
        entries = await session.scalars(select(AuditEntryRow).filter_by(table_name="members", operation="update"))
        assert any(entry.new.get("ended") == LAST for entry in entries)


async def test_a_file_lets_nobody_leave_on_whom_something_hangs_here(stage: Stage) -> None:
    """The file is a good one by itself: what hangs on her was added here."""
    stage.at("2026-11-23T09:00")
    before = await stage.record()
    gone = leave_in_record(before, "imani", replace(TO_LUIS, last_day=LAST), date(2026, 11, 23))
    await stage.services.action_items.add(
        await stage.actor("omar"), "new", NewAction(title="Call", owner="imani", due=date(2026, 12, 4))
    )
    with pytest.raises(UserError, match="here something is still theirs"):
        await stage.services.coalitions.import_record(gone)
    assert {one.id: one.ended for one in (await stage.record()).members}["imani"] is None


async def count(stage: Stage) -> str:
    """How many voices have answered the first decision of steering, and how many there are, as the digest says it."""
    digest = await stage.services.digests.compose(stage.operator)
    return next(one.count for one in digest.decisions_needed if one.id == "D-1")


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_a_vote_counts_as_long_as_the_seat_stands(any_sample: Stage) -> None:
    """Given before it was known that somebody leaves, given anew afterwards, and until the end of their last day."""
    stage = any_sample
    stage.at("2026-11-23T09:00")
    charlotte = await stage.actor("charlotte")
    option = (await stage.record()).decisions[0].options[0]
    await stage.services.decisions.respond(charlotte, "D-1", "option", option=option)
    assert await count(stage) == "1 of 7 answered"
    plan = Leaving(last_day=LAST, priorities="dana", figures="dana", work="dana")
    left = await stage.services.leavings.leave(await stage.actor("omar"), "charlotte", OPENED, plan)
    assert left.quorums == (), "five of six can still answer"
    assert await count(stage) == "1 of 7 answered"
    stage.at("2026-11-30T18:00")
    again = await stage.services.decisions.respond(await stage.actor("charlotte"), "D-1", "abstain")
    assert again.card.count.abstained == 1
    assert await count(stage) == "1 of 7 answered"
    card = await stage.services.groups.card(await stage.actor("dana"), "steering")
    assert "Charlotte" in str(card.seats)
    file = await stage.services.coalitions.export(stage.operator)
    stage.at("2026-12-01T00:30")
    assert await count(stage) == "0 of 6 answered"
    card = await stage.services.groups.card(await stage.actor("dana"), "steering")
    assert "Charlotte" not in str(card.seats)
    assert (await stage.services.coalitions.export(stage.operator))["groups"] == file["groups"]
    stage.at("2026-12-01T09:00")
    await stage.services.leavings.take_part_again(await stage.actor("omar"), "charlotte")
    assert await count(stage) == "1 of 7 answered", "she is there again, and so is what she said"
