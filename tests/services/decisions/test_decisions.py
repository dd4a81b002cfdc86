"""Decisions and issues on both databases: who may do what, one voice each, two at once, and changes applied."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.decisions import DecisionChange, NewDecision
from bot.domain.issues import NewIssue
from bot.domain.record import Decision
from bot.errors import Refused, UserError
from bot.services.access import Transaction, UseCase
from bot.services.decisions import APPLY, propose_change
from bot.store.audit import AuditEntryRow
from bot.store.decisions import DecisionResponseRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import AwayRow, MemberRow
from bot.store.priorities import PriorityRow
from tests.examples import on
from tests.services.stage import Stage
from tests.tables import on_each

NEW = NewDecision(
    title="Hire a second inspector",
    decider="steering",
    priority="family-access",
    needed_by=date(2026, 12, 9),
    options=("Do it", "Wait"),
)


async def propose(stage: Stage, by: str = "omar", token: str = "one", **fields: Any) -> DecisionChange:
    return await stage.services.decisions.propose(await stage.actor(by), token, replace(NEW, **fields))


async def respond(stage: Stage, who: str, choice: str = "option", **how: Any) -> DecisionChange:
    how = {"option": "Move it"} | how if choice == "option" else how
    return await stage.services.decisions.respond(await stage.actor(who), "D-2", choice, **how)


async def record(stage: Stage, who: str, key: str, outcome: str, note: str = "") -> DecisionChange:
    return await stage.services.decisions.record(await stage.actor(who), key, outcome, note=note)


async def known(stage: Stage, key: str) -> Decision:
    return next(one for one in (await stage.record()).decisions if one.id == key)


async def posts(stage: Stage, kind: str) -> list[tuple[str | None, str]]:
    async with stage.services.database.read() as session:
        rows = await session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.kind == kind, DeliveryRow.operation == "post")
            .order_by(DeliveryRow.id)
        )
        return [(row.channel, row.about) for row in rows]


@pytest.mark.at_once
async def test_the_same_submission_proposes_once_and_two_at_once_get_ids_of_their_own(any_sample: Stage) -> None:
    changes = await asyncio.gather(
        *(propose(any_sample, token=str(number)) for number in range(3)), propose(any_sample, token="0")
    )
    assert sorted({change.card.id for change in changes}) == ["D-6", "D-7", "D-8"]
    assert sum(change.already for change in changes) == 1
    found = await known(any_sample, "D-6")
    assert (found.accountable, found.decider, found.status, found.options) == (
        "omar",
        "steering",
        "needed",
        ("Do it", "Wait"),
    )
    assert sorted(await posts(any_sample, "decision")) == [("lb-steering", f"D-{number}") for number in (6, 7, 8)]


@on_each(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 151}, "title"),
        ({"decider": "nobody"}, "decider"),
        ({"priority": "nothing"}, "priority"),
        ({"needed_by": date(2026, 11, 22)}, "needed_by"),
        ({"options": ("Do it",)}, "options"),
        ({"options": ("Do it", "do it")}, "options"),
        ({"options": tuple("abcdef")}, "options"),
        ({"options": ("a", "x" * 76)}, "options"),
        ({"why": "x" * 301}, "why"),
        ({"recommended": "Later"}, "recommended"),
    ],
)
async def test_mistakes_belong_to_their_field(stage: Stage, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(UserError) as caught:
        await propose(stage, **fields)
    assert caught.value.field == field


@pytest.mark.in_part
@on("postgres", "any_sample_url")
@pytest.mark.at_once
async def test_one_voice_an_organization_and_a_change_is_no_second_one(any_sample: Stage) -> None:
    both = await asyncio.gather(respond(any_sample, "marcus"), respond(any_sample, "marcus", option="Keep the plan"))
    assert {change.card.count.answered for change in both} == {1}
    await respond(any_sample, "lorna", "object", reason="Too  soon.")
    answers = (await known(any_sample, "D-2")).answers
    assert [(one.voice, one.by, one.on_behalf_of, one.choice, one.reason) for one in answers] == [
        ("harrow-county", "lorna", None, "object", "Too soon.")
    ]
    again = await respond(any_sample, "lorna", "object", reason="Too soon.")
    assert (again.already, again.before) == (True, None)
    async with any_sample.services.database.read() as session:
        rows = await session.scalar(select(func.count(DecisionResponseRow.id)))
        trail = await session.scalar(
            select(func.count(AuditEntryRow.id)).where(AuditEntryRow.table_name == "decision_responses")
        )
    assert (rows, trail) == (1, 3), "three answers are in the history, one stands"


@pytest.mark.parametrize("who", ["omar", "priya", "dana", "ben"])
async def test_those_who_sit_elsewhere_have_no_voice(stage: Stage, who: str) -> None:
    with pytest.raises(Refused, match="D-2 is answered by the Steering Committee"):
        await respond(stage, who)


async def test_a_coordinator_writes_down_what_somebody_told_them(linked: Stage) -> None:
    stage = linked
    change = await respond(stage, "dana", voice="harrow-county")
    # Whoever shares the voice and can be written to hears of it, with the way to change it.
    assert [(one.to, one.items) for one in await stage.deliveries("prompts")] == [("marcus", ("decision D-2",))]
    card = (await stage.services.decisions.show(await stage.actor("marcus"), "D-2")).own[0]
    assert (card.voice, card.written_down, card.by_name) == ("harrow-county", True, "Dana Whitlock")
    assert change.voice is not None
    assert (change.voice.by_name, change.voice.on_behalf_of_name) == ("Dana Whitlock", "Lorna Pruitt")
    assert (change.card.own, len(change.card.others), change.card.count.answered) == ((), 7, 1)
    before = (await respond(stage, "lorna", "object", reason="Too soon.")).before
    assert before is not None
    assert before.by_name == "Dana Whitlock"
    with pytest.raises(Refused, match="Their own answer goes before yours"):
        await respond(stage, "omar", voice="harrow-county")
    with pytest.raises(Refused, match="press Answer for somebody"):
        await respond(stage, "dana")
    with pytest.raises(Refused, match="no voice for that organization"):
        await respond(stage, "marcus", voice="kessler")
    with pytest.raises(Refused, match="no voice for that organization"):
        await respond(stage, "dana", voice="lbp")


@pytest.mark.at_once
async def test_the_two_thirds_count_once_it_is_due_and_what_is_recorded_stands(stage: Stage) -> None:
    for who in ("marcus", "yolanda", "helen", "grant"):
        await respond(stage, who)
    await respond(stage, "tom", "object", reason="Marketing fills the cohort.")
    with pytest.raises(UserError, match="The answers don't come to this"):
        await record(stage, "dana", "D-2", "Move it")
    stage.at("2026-12-11T09:00")
    both = await asyncio.gather(record(stage, "dana", "D-2", "Move it"), record(stage, "lorna", "D-2", "Move it"))
    assert sorted(change.already for change in both) == [False, True]
    found = await known(stage, "D-2")
    assert (found.status, found.decided_on, found.outcome, found.note) == (
        "decided",
        date(2026, 12, 11),
        "Move it",
        None,
    )
    with pytest.raises(UserError, match="D-2 was decided on Fri Dec 11: Move it"):
        await respond(stage, "imani")
    data = await stage.services.digests.compose(stage.operator)
    assert [one.id for one in data.decisions_made] == ["D-2"]


@on_each(
    ("who", "key"),
    # An owner records what was left to their priority; steering's own is not theirs.
    [(one, "D-1") for one in ("tom", "helen", "ben", "imani")] + [(one, "D-2") for one in ("grant", "luis", "yolanda")],
)
async def test_who_may_not_record(stage: Stage, who: str, key: str) -> None:
    with pytest.raises(Refused, match=f"{key} is recorded by steering's chair or a coordinator"):
        await record(stage, who, key, "Wait", "at the meeting")


@pytest.mark.parametrize(("who", "key"), [("dana", "D-1"), ("priya", "D-2"), ("lorna", "D-1")])
async def test_who_may_record(stage: Stage, who: str, key: str) -> None:
    change = await record(stage, who, key, "In another way", "at the meeting of Nov 23")
    assert (change.card.outcome, change.card.recorded_by_name) == (
        "In another way",
        next(one.name for one in (await stage.record()).members if one.id == who),
    )


async def test_a_title_of_another_group_is_for_those_who_may_see_amounts(stage: Stage) -> None:
    change = await stage.services.decisions.propose(
        await stage.actor("omar"), "t", replace(NEW, title="Spend $9,000", decider="backbone", priority="job-quality")
    )
    decisions = stage.services.decisions
    assert (await decisions.show(await stage.actor("tom"), change.card.id)).title == "Spend $9,000"
    card = await decisions.show(await stage.actor("priya"), change.card.id)
    assert card.title == "Spend $9,000"
    assert [one.voice for one in card.voices] == ["lbp"]
    record_ = await stage.record()
    members = tuple(replace(one, roles=()) if one.id == "renata" else one for one in record_.members)
    groups = tuple(replace(one, cochair=None) if one.id == "wg-quality" else one for one in record_.groups)
    await stage.services.coalitions.import_record(replace(record_, members=members, groups=groups))
    hidden = await decisions.show(await stage.actor("renata"), change.card.id)
    assert (hidden.title, hidden.options, hidden.why, hidden.voices, hidden.own) == (None, (), None, (), ())
    for who in ("luis", "ben"):
        with pytest.raises(Refused, match="are read by its working group"):
            await decisions.show(await stage.actor(who), change.card.id)


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_a_proposed_change_is_applied_when_it_is_decided_in_favor(
    any_sample: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def rename(tx: UseCase, key: str, changes: Mapping[str, Any]) -> None:
        row = await tx.session.scalar(
            select(PriorityRow).where(PriorityRow.coalition_id == tx.coalition_id, PriorityRow.key == key)
        )
        assert row is not None
        if not changes["name"]:
            raise UserError("It has no name.")
        row.name = changes["name"]

    monkeypatch.setitem(APPLY, "rename", rename)
    tom = await any_sample.actor("tom")
    for name in ("Better jobs", "Best jobs", ""):
        async with any_sample.services.database.write(tom.author(any_sample.calendar.now())) as session:
            await propose_change(
                await Transaction(session, any_sample.coalition_id, any_sample.calendar.now()).by(tom).read(),
                title=f"Call it {name}",
                priority="job-quality",
                kind="rename",
                key="job-quality",
                changes={"name": name},
                why="",
            )
    assert await posts(any_sample, "decision") == [("lb-steering", f"D-{number}") for number in (6, 7, 8)]
    await record(any_sample, "dana", "D-6", "Approve", "at the meeting")
    await record(any_sample, "dana", "D-7", "Keep as it is", "at the meeting")
    with pytest.raises(UserError, match="It has no name"):
        await record(any_sample, "dana", "D-8", "Approve", "at the meeting")
    assert {one.name for one in (await any_sample.record()).priorities if one.id == "job-quality"} == {"Better jobs"}
    assert (await known(any_sample, "D-8")).status == "needed", "what can't be applied is not recorded either"


async def asked_about(stage: Stage, key: str) -> list[str]:
    """Whose messages ask for an answer to a decision, one for each message."""
    async with stage.services.database.read() as session:
        asked = await session.scalars(
            select(MemberRow.key)
            .join(DeliveryRow, DeliveryRow.member_id == MemberRow.id)
            .join(DeliveryItemRow, DeliveryItemRow.delivery_id == DeliveryRow.id)
            .where(DeliveryItemRow.kind == "decision", DeliveryItemRow.about == key)
        )
        return sorted(asked)


async def test_everybody_whose_voice_counts_is_asked_once_two_days_before(linked: Stage) -> None:
    stage = linked
    stage.at("2026-12-01T23:00")
    await stage.services.rhythm.plan()
    before = stage.at("2026-12-02T01:00")
    assert await stage.services.rhythm.next_due(before, stage.at("2026-12-02T12:00")) is not None
    stage.at("2026-12-02T09:05")
    for _ in range(2):
        await stage.services.rhythm.plan()
    assert await asked_about(stage, "D-1") == ["grant", "helen", "imani", "marcus", "tom", "yolanda"]


async def test_whoever_moves_to_another_clock_is_not_asked_about_the_same_day_again(linked: Stage) -> None:
    linked.at("2026-12-02T10:05")
    await linked.settle()
    before = await asked_about(linked, "D-1")
    assert "imani" in before
    record = await linked.record()
    moved = [replace(one, timezone="America/Los_Angeles") if one.id == "imani" else one for one in record.members]
    await linked.services.coalitions.import_record(replace(record, members=tuple(moved)), prefer_file=True)
    linked.at("2026-12-02T12:05")
    await linked.settle()
    assert await asked_about(linked, "D-1") == before


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
@pytest.mark.at_once
async def test_an_issue_is_raised_once_and_resolved_once(any_sample: Stage) -> None:
    issues, luis = any_sample.services.issues, await any_sample.actor("luis")
    new = NewIssue(title="No room", priority="talent-pathways", impact="One cohort")
    changes = await asyncio.gather(*(issues.add(luis, token, new) for token in ("a", "b", "a")))
    assert {change.card.id for change in changes} == {"I-4", "I-5"}
    assert sum(change.already for change in changes) == 1
    imani = await any_sample.actor("imani")
    await issues.escalate(imani, "I-4", "steering")
    assert (await issues.escalate(imani, "I-4", "Steering Committee")).already
    assert await posts(any_sample, "issue") == [("lb-steering", "I-4")]
    both = await asyncio.gather(issues.resolve(luis, "I-4", "Found one."), issues.resolve(imani, "I-4", "Found one."))
    assert sorted(change.already for change in both) == [False, True]
    found = next(one for one in (await any_sample.record()).issues if one.id == "I-4")
    assert (found.raised_by, found.owner, found.status, found.resolved, found.note) == (
        "luis",
        "yolanda",
        "resolved",
        date(2026, 11, 23),
        "Found one.",
    )
    with pytest.raises(UserError, match="I-4 is resolved Mon Nov 23"):
        await issues.park(luis, "I-4", "Later.")
    assert (await issues.reopen(luis, "I-4")).card.status == "escalated"


@pytest.mark.parametrize(
    ("who", "what", "refused"),
    [
        ("ben", "add", "not by funders and observers"),
        ("ben", "show", "are read by its working group"),
        ("ben", "escalate", "are escalated by priority owners"),
        ("luis", "escalate", None),
        ("ben", "resolve", "is resolved or parked by its owner"),
        ("tom", "resolve", "is resolved or parked by its owner, the group that it went to"),
        ("helen", "resolve", None),
        ("luis", "park", "is resolved or parked by its owner"),
    ],
)
async def test_who_may_do_what_with_an_issue(stage: Stage, who: str, what: str, refused: str | None) -> None:
    args: dict[str, tuple[Any, ...]] = {
        "add": ("t", NewIssue(title="No room")),
        "show": ("I-2",),
        "escalate": ("I-2", "steering"),
        "resolve": ("I-2", "Done."),
        "park": ("I-2", "Later."),
    }
    attempt = getattr(stage.services.issues, what)(await stage.actor(who), *args[what])
    if refused is None:
        await attempt
        return
    with pytest.raises(Refused, match=refused):
        await attempt


async def test_while_the_chair_is_away_the_chairs_stand_in_records(stage: Stage) -> None:
    """Marcus stands in for Lorna, who chairs steering: he records while she is away, and only then."""
    asked = await propose(stage)
    marcus = await stage.actor("marcus")
    assert not (await stage.services.decisions.show(marcus, asked.card.id)).may_record
    with pytest.raises(Refused):
        await record(stage, "marcus", asked.card.id, "Do it", "at the meeting")
    async with stage.services.database.write(marcus.author(stage.calendar.now())) as session:
        lorna = await session.scalar(select(MemberRow).where(MemberRow.key == "lorna"))
        assert lorna is not None
        today = stage.calendar.now().date()
        away = {"start": today, "end": today + timedelta(days=3), "extra": {}}
        session.add(AwayRow(coalition_id=lorna.coalition_id, member_id=lorna.id, **away))
    assert (await stage.services.decisions.show(marcus, asked.card.id)).may_record
    saved = await record(stage, "marcus", asked.card.id, "Do it", "at the meeting")
    assert (saved.card.status, saved.card.recorded_by_name) == ("decided", "Marcus Teal")
    with pytest.raises(Refused):
        await record(stage, "grant", "D-2", "Move it", "at the meeting")
