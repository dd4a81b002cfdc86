"""Two coalitions in one database: what happens in one is invisible in the other, whichever service is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.domain.digests import dumps, to_data
from bot.domain.people import SeenAccount, SeenChannel
from bot.domain.record import Record
from bot.domain.vocabularies import ActionStatus
from bot.errors import UserError
from bot.store.audit import AuditEntryRow
from bot.store.checkins import ResponseRow
from bot.store.outbox import DeliveryRow
from bot.store.people import SlackAccountRow
from tests.examples import is_whole, on
from tests.services.stage import TEAM, Stage, account, play_until_digest


async def picture(stage: Stage) -> tuple[object, ...]:
    """Everything that the services tell about a coalition at this moment; in a whole run also the week that it lives
    for that."""
    services, actor = stage.services, stage.operator
    async with services.database.read() as session:
        audited = await session.scalar(
            select(func.count(AuditEntryRow.id)).where(AuditEntryRow.coalition_id == stage.coalition_id)
        )
    return (
        await services.coalitions.record(actor),
        await services.coalitions.export(actor),
        dumps(to_data(await services.digests.compose(actor))),
        await services.people.outside_slack(actor),
        await services.people.missing_channels(actor),
        await services.week.preview(actor) if is_whole() else None,
        next(item for item in await services.coalitions.all() if item.id == stage.coalition_id),
        await stage.deliveries(),
        audited,
    )


@pytest.mark.in_part
async def test_a_week_of_one_coalition_changes_nothing_in_the_other(two: tuple[Stage, Stage]) -> None:
    any_sample, other = two
    others_moment = other.at("2026-11-25T12:00")
    before = await picture(other)
    any_sample.at("2026-11-23T07:00")
    await play_until_digest(any_sample)
    record = await any_sample.record()
    changed = replace(
        record,
        actions=tuple(replace(item, status=ActionStatus.DONE, completed=item.due) for item in record.actions),
        members=tuple(replace(item, delegate=None) for item in record.members),
    )
    await any_sample.services.coalitions.import_record(changed, prefer_file=True)
    await any_sample.services.coalitions.add_admin(any_sample.operator, "grant.okafor@bendchamber.example")
    await any_sample.services.coalitions.pause(any_sample.operator)
    other.calendar.set(others_moment)
    assert await picture(other) == before


async def test_a_re_import_goes_to_the_coalition_of_its_id(two: tuple[Stage, Stage], sample: Record) -> None:
    any_sample, other = two
    renamed = replace(sample, coalition=replace(sample.coalition, name="River Forks Compact"))
    result = await other.services.coalitions.import_record(renamed, as_key="river-forks")
    assert (result.coalition_id, result.created) == (other.coalition_id, False)
    assert (await other.record()).coalition.name == "River Forks Compact"
    assert (await any_sample.record()) == replace(sample, first_imported_at=any_sample.calendar.now())


async def test_another_coalitions_checkin_is_not_known(two: tuple[Stage, Stage]) -> None:
    any_sample, other = two
    for stage in (any_sample, other):
        await stage.go_live()
    any_sample.at("2026-11-23T09:00")
    await any_sample.services.rhythm.plan()
    for stage in (any_sample, other):
        await stage.answer("imani", "family-access", form=f"view-{stage.coalition_id}")
    subject = await any_sample.subject("family-access")
    checkins = any_sample.services.checkins
    outsiders = [await other.actor("imani"), await other.actor("dana"), other.operator]
    for actor in outsiders:
        for attempt in (
            checkins.form(actor, subject.id),
            checkins.submit(actor, "view-x", subject.id, {"assessment": "on_track"}),
            checkins.repeat_last(actor, "view-y", subject.id),
        ):
            with pytest.raises(UserError, match="can't find this check-in"):
                await attempt
    mine = (await checkins.mine(await any_sample.actor("imani"))).open
    assert {item.subject_id for item in mine} <= {subject.id}
    async with any_sample.services.database.read() as session:
        query = select(ResponseRow.coalition_id, func.count()).group_by(ResponseRow.coalition_id)
        assert len({count for _coalition, count in await session.execute(query)}) == 1


@pytest.mark.in_part
@on("sqlite", "any_two_url")
async def test_another_coalitions_held_message_is_not_known(any_two: tuple[Stage, Stage]) -> None:
    any_sample, other = any_two
    moment = any_sample.calendar.now()
    async with any_sample.services.database.write() as session:
        row = DeliveryRow(
            coalition_id=any_sample.coalition_id,
            key="key",
            kind="digest_channel",
            channel="lb-talent",
            planned_at=moment,
            due_at=moment,
            state="held",
        )
        session.add(row)
    with pytest.raises(UserError, match="can't find this message"):
        await other.services.unclear_posts.resolve_held(other.operator, row.id, arrived=True)
    assert (await any_sample.row(row.id)).state == "held"


async def test_a_process_sends_only_for_the_workspace_it_speaks_to(two: tuple[Stage, Stage]) -> None:
    any_sample, other = two
    for stage in (any_sample, other):
        await stage.link()
        await stage.go_live()
    any_sample.at("2026-11-23T08:35")
    deliveries = any_sample.services.deliveries
    await any_sample.services.rhythm.plan()
    any_sample.at("2026-11-23T09:00")
    deliveries.coalitions = frozenset({other.coalition_id})
    claimed = await deliveries.claim()
    asked = {f"U{key}{other.coalition_id}" for key in ("IMANI", "YOLANDA", "GRANT", "TOM")}
    written_to = {one.user_id for one in claimed}
    members = {f"U{member.id.upper()}{other.coalition_id}" for member in (await other.record()).members}
    assert asked <= written_to <= members
    assert await deliveries.claim() == ()
    assert {seen.state for seen in await any_sample.deliveries(to="imani")} == {"planned"}
    await deliveries.unclear(claimed[0].id, 1, "a timeout")
    deliveries.coalitions = frozenset({any_sample.coalition_id})
    assert await any_sample.services.unclear_posts.due() == (), "nobody looks for another workspace's message"
    assert not await deliveries.is_settled()
    await any_sample.send(*await deliveries.claim())
    assert await deliveries.is_settled(), "what the other process has under way is not this one's business"


@pytest.mark.in_part
@on("sqlite", "any_two_url")
async def test_a_person_of_two_coalitions_has_a_conversation_in_each(any_two: tuple[Stage, Stage]) -> None:
    any_sample, other = any_two
    for stage in (any_sample, other):
        await stage.services.people.link(stage.operator, "ben", TEAM, "UBEN", by="command")
        async with stage.services.database.read() as session:
            ben = (await stage.actor("ben")).member_id
        async with stage.services.database.write() as session:
            moment = stage.calendar.now()
            row = DeliveryRow(
                coalition_id=stage.coalition_id,
                key=f"key-{stage.coalition_id}",
                kind="prompts",
                member_id=ben,
                planned_at=moment,
                due_at=moment,
            )
            session.add(row)
        await stage.services.deliveries.keep_dm(TEAM, "UBEN", row.id, f"D{stage.coalition_id}")
    async with any_sample.services.database.read() as session:
        kept = (
            await session.execute(
                select(SlackAccountRow.coalition_id, SlackAccountRow.dm_channel_id).order_by(SlackAccountRow.id)
            )
        ).all()
    assert [tuple(row) for row in kept] == [
        (stage.coalition_id, f"D{stage.coalition_id}") for stage in (any_sample, other)
    ]


@pytest.mark.in_part
@on("sqlite", "any_two_url")
async def test_the_workspaces_people_and_channels_stay_in_their_coalition(any_two: tuple[Stage, Stage]) -> None:
    any_sample, other = any_two
    seen: list[SeenAccount] = [account("grant", email="grant.okafor@bendchamber.example")]
    channel = SeenChannel(channel_id="C1", name="lb-talent", is_private=False, is_external=False)
    clock = replace(any_sample.operator, path="schedule")
    assert await any_sample.services.people.sync_accounts(clock, seen) == ("grant",)
    await any_sample.services.people.sync_channels(clock, [channel])
    assert "lb-talent" in await other.services.people.missing_channels(other.operator)
    assert "lb-talent" not in await any_sample.services.people.missing_channels(any_sample.operator)
