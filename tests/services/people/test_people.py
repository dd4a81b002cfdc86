"""People, accounts and channels: who is linked by what, which coalition lives where, and who gets nothing yet."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.digests import Edition
from bot.domain.outbox import BY_EMAIL_ONLY, DEACTIVATED, NOT_LINKED, Kind
from bot.domain.people import SeenChannel, Workspace
from bot.domain.record import Record
from bot.errors import ConfigurationError, Refused, UserError
from bot.services.access import Transaction, clock
from bot.services.outbox import post
from bot.services.people import channels_of
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.people import SlackAccountRow, SlackChannelRow
from tests.examples import on
from tests.services.stage import TEAM, WORKSPACE, Stage, account

IMANI = "imani.rhodes@crossroads.example"


def workspace(team: str) -> Workspace:
    return Workspace(team_id=team, name=team, enterprise_id=None, bot_user_id="UBOT")


async def accounts(stage: Stage) -> list[SlackAccountRow]:
    async with stage.services.database.read() as session:
        return list(await session.scalars(select(SlackAccountRow).order_by(SlackAccountRow.id)))


async def test_the_only_coalition_moves_into_the_workspace_by_itself(stage: Stage) -> None:
    people = stage.services.people
    assert await people.coalition_of(TEAM) is None
    for _start in range(2):
        assert await people.bind_workspace(WORKSPACE, None) == stage.coalition_id
    assert await people.coalition_of(TEAM) == stage.coalition_id
    with pytest.raises(ConfigurationError, match="There is no coalition for this Slack workspace yet"):
        await people.bind_workspace(workspace("T2"), None)


@pytest.mark.in_part
@on("sqlite", "any_two_url")
async def test_of_several_coalitions_one_must_be_named(any_two: tuple[Stage, Stage]) -> None:
    any_sample, other = any_two
    people = any_sample.services.people
    with pytest.raises(ConfigurationError, match="Several coalitions have no workspace yet"):
        await people.bind_workspace(WORKSPACE, None)
    assert await people.bind_workspace(WORKSPACE, other.coalition_id) == other.coalition_id
    with pytest.raises(ConfigurationError, match="belongs to another coalition of this database"):
        await people.bind_workspace(WORKSPACE, any_sample.coalition_id)
    assert await people.bind_workspace(workspace("T2"), None) == any_sample.coalition_id, "the one that is left"


async def test_people_are_linked_by_their_address(any_sample: Stage) -> None:
    people, actor = any_sample.services.people, clock(any_sample.coalition_id)
    seen = [
        account("imani", email=IMANI.upper()),
        account("imani2", email=IMANI),  # a second account of hers
        account("lorna", email="executive@harrow-county.example"),  # by e-mail only, so never by Slack
        account("grant", email="grant.okafor@bendchamber.example", deactivated=True),
        account("stranger", email="stranger@elsewhere.example"),
        account("connected"),  # connected people come without an address
    ]
    assert await people.sync_accounts(actor, seen) == ("imani",)
    [row] = await accounts(any_sample)
    assert (row.user_id, row.linked_by, row.linked_at) == ("UIMANI", "email", any_sample.calendar.now())
    assert await people.sync_accounts(actor, seen) == ()
    assert len(await accounts(any_sample)) == 1


async def test_what_slack_says_later_is_taken_over(stage: Stage) -> None:
    people, actor = stage.services.people, clock(stage.coalition_id)
    await people.sync_accounts(actor, [account("imani", email=IMANI)])
    await people.sync_accounts(actor, [account("imani", email=IMANI, deactivated=True)])
    [row] = await accounts(stage)
    assert row.deactivated
    why = {person.member: person.trouble for person in await people.outside_slack(stage.operator)}
    assert (why["imani"], why["lorna"], why["grant"]) == (DEACTIVATED, BY_EMAIL_ONLY, NOT_LINKED)
    await people.sync_accounts(actor, [account("imani", email=IMANI)])
    assert "imani" not in {person.member for person in await people.outside_slack(stage.operator)}


async def test_an_account_that_is_on_again_is_out_of_reach_no_more(stage: Stage) -> None:
    """Also where it was a message that Slack refused first."""
    people, actor = stage.services.people, clock(stage.coalition_id)
    await people.sync_accounts(actor, [account("imani", email=IMANI)])
    now = stage.calendar.now()
    async with stage.services.database.write(stage.operator.author(now)) as session:
        row = (await session.scalars(select(SlackAccountRow))).one()
        row.dm_refusal, row.dm_refused_at = "user_disabled", now
    assert "imani" in {person.member for person in await people.outside_slack(stage.operator)}
    await people.sync_accounts(actor, [account("imani", email=IMANI)])
    assert "imani" not in {person.member for person in await people.outside_slack(stage.operator)}


async def test_a_new_account_means_a_new_conversation(stage: Stage) -> None:
    people, operator = stage.services.people, stage.operator
    await people.link(operator, "imani", TEAM, "U1", by="command")
    async with stage.services.database.write(operator.author(stage.calendar.now())) as session:
        (await session.scalars(select(SlackAccountRow))).one().dm_channel_id = "D1"
    await people.link(operator, "imani", TEAM, "U1", by="command")
    assert [row.dm_channel_id for row in await accounts(stage)] == ["D1"], "the same account keeps it"
    await people.link(operator, "imani", TEAM, "U2", by="coordinator")
    linked = [row for row in await accounts(stage) if row.member_id is not None]
    assert [(row.user_id, row.dm_channel_id, row.linked_by) for row in linked] == [("U2", None, "coordinator")]


async def test_an_account_acts_as_its_member(stage: Stage) -> None:
    people = stage.services.people
    await people.bind_workspace(WORKSPACE, None)
    await stage.link("imani")
    actor = await people.actor_of(TEAM, f"UIMANI{stage.coalition_id}")
    assert actor is not None
    assert (actor.key, actor.path, actor.coalition_id) == ("imani", "slack", stage.coalition_id)
    assert await people.actor_of(TEAM, "USTRANGER") is None
    assert await people.actor_of("T2", f"UIMANI{stage.coalition_id}") is None


async def test_which_channels_the_bot_is_missing_in(stage: Stage) -> None:
    people, actor = stage.services.people, clock(stage.coalition_id)
    every = (
        *("lb-steering", "lb-talent", "lb-suppliers", "lb-access", "lb-job-quality"),
        *("lb-backbone", "lb-funders"),
    )
    assert await people.missing_channels(stage.operator) == every
    channel = SeenChannel(channel_id="C1", name="lb-talent", is_private=True, is_external=False)
    await people.sync_channels(actor, [channel])
    assert "lb-talent" not in await people.missing_channels(stage.operator)
    await people.sync_channels(actor, [])
    assert await people.missing_channels(stage.operator) == every, "a channel that it left is missing again"


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_a_renamed_channel_keeps_its_messages_and_the_coalition_says_its_new_name(any_sample: Stage) -> None:
    stage = any_sample
    stage.at("2026-11-23T07:00")
    await stage.join_channels()
    await stage.link()
    await stage.go_live()
    before = await stage.record()
    stage.at("2026-11-25T07:31")
    await stage.services.rhythm.plan()
    async with stage.services.database.write() as session:
        tx = Transaction(session, stage.coalition_id, stage.calendar.now())
        first = await post(tx, Kind.DECISION, "D-1", channel="lb-steering")

    def named(**renamed: str) -> list[SeenChannel]:
        names = dict.fromkeys(channels_of(before)) | {"lb-steering": None}
        return [
            SeenChannel(
                channel_id=f"C{name.upper()}",
                name=renamed.get(name.replace("-", "_"), name),
                is_private=True,
                is_external=False,
            )
            for name in names
        ]

    async def check(**renamed: str) -> Record:
        for _again in range(2):  # the second time there is nothing left to follow
            await stage.services.people.sync_channels(clock(stage.coalition_id), named(**renamed))
        return await stage.record()

    record = await check(lb_steering="lb-board", lb_talent="lb-steering")
    assert {group.id: group.channel for group in record.groups} == {
        group.id: {"lb-steering": "lb-board", "lb-talent": "lb-steering"}.get(group.channel or "", group.channel)
        for group in before.groups
    }
    assert next(item.channel for item in record.priorities if item.id == "talent-pathways") == "lb-steering"
    assert [item.channels for item in record.cadences if item.channels] == [("lb-board",)]
    assert await stage.services.people.missing_channels(stage.operator) == ()
    async with stage.services.database.write() as session:
        tx = Transaction(session, stage.coalition_id, stage.calendar.now())
        same = await post(tx, Kind.DECISION, "D-1", channel="lb-board")
    assert same.id == first.id, "the same thing is not said a second time under the new name"
    sent = {one.kind: one.channel_id for one in await stage.settle() if one.channel_id and one.thread_ts is None}
    assert sent[Kind.ROLL_UP] == sent[Kind.DECISION] == "CLB-STEERING"
    async with stage.services.database.read() as session:
        change = await session.scalar(
            select(ChangeRow)
            .join(AuditEntryRow)
            .where(AuditEntryRow.table_name == "priorities")
            .order_by(ChangeRow.id.desc())
        )
        assert change is not None
        assert (change.path, change.actor_id) == ("schedule", None)
        names = await session.scalars(select(SlackChannelRow.name).where(SlackChannelRow.channel_id == "CLB-STEERING"))
        assert names.all() == ["lb-board"], "the old name stands for nothing"
    record = await check()
    assert record.groups == before.groups, "and back"


async def test_only_coordinators_link_and_see_who_is_not_reached(stage: Stage) -> None:
    people = stage.services.people
    tom = await stage.actor("tom")
    for attempt in (
        people.link(tom, "imani", TEAM, "U1", by="coordinator"),
        people.outside_slack(tom),
        people.missing_channels(tom),
        people.sync_accounts(tom, []),
        people.sync_channels(tom, []),
    ):
        with pytest.raises(Refused, match=r"\. .* can help\.$"):
            await attempt
    priya = await stage.actor("priya")
    assert await people.link(priya, "imani", TEAM, "U1", by="coordinator") == "Imani Rhodes"


async def test_states_of_a_coalition(stage: Stage) -> None:
    coalitions, operator = stage.services.coalitions, stage.operator
    for attempt in (coalitions.pause(operator), coalitions.resume(operator)):
        with pytest.raises(UserError, match="This coalition is a draft"):
            await attempt
    started = await coalitions.go_live(operator)
    assert (started.state, started.live_at) == ("live", stage.calendar.now())
    stage.at("2026-11-24T07:00")
    assert (await coalitions.pause(operator)).state == "paused"
    again = await coalitions.resume(operator)
    assert (again.state, again.live_at) == ("live", started.live_at)


async def test_only_a_lead_or_admin_configures(stage: Stage) -> None:
    coalitions = stage.services.coalitions
    for who in ("priya", "lorna", "tom", "renata", "ben"):
        actor = await stage.actor(who)
        for attempt in (
            coalitions.go_live(actor),
            coalitions.pause(actor),
            coalitions.resume(actor),
            coalitions.add_admin(actor, IMANI),
        ):
            with pytest.raises(Refused):
                await attempt
    assert (await coalitions.go_live(await stage.actor("omar"))).state == "live"


async def test_who_started_it_is_in_the_trail(stage: Stage) -> None:
    dana = await stage.actor("dana")
    await stage.services.coalitions.go_live(dana)
    async with stage.services.database.read() as session:
        change = (await session.scalars(select(ChangeRow).order_by(ChangeRow.id.desc()))).first()
    assert change is not None
    assert (change.actor_id, change.path) == (dana.member_id, "slack")


async def test_a_person_without_rights_reads_no_roll_up(stage: Stage) -> None:
    ben = await stage.actor("ben")
    for attempt in (stage.services.digests.compose(ben), stage.services.coalitions.record(ben)):
        with pytest.raises(Refused):
            await attempt
    with pytest.raises(Refused, match="The roll-up is read by"):
        await stage.services.digests.find_edition(ben, "roll-up")
    assert await stage.services.digests.find_edition(await stage.actor("luis"), "roll-up") == Edition("roll_up")
