"""Anything but a member ends: what hangs on it goes elsewhere, after its day it is nowhere, and it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select

from bot.domain.actions import NewAction
from bot.domain.coalition_file import check, to_file
from bot.domain.endings import NOWHERE, WITH_IT, Ending, Leaving
from bot.domain.funding import source_plan
from bot.domain.meetings import MeetingRef
from bot.domain.record import Hanging, Noun, Record, hanging_on
from bot.domain.typed import Mistakes, marks_of
from bot.errors import Refused, UserError
from bot.store.meetings import AgendaPointRow
from bot.store.outbox import DeliveryItemRow
from tests.examples import on
from tests.services.stage import Stage

LAST = date(2026, 11, 30)
OPENED = marks_of({"last_day": None})
PRIORITY = "priority:supplier-growth"
NOTHING = Ending(last_day=LAST, work=NOWHERE, money=NOWHERE)


async def end(stage: Stage, ref: str, plan: Ending, by: str = "dana") -> None:
    await stage.services.ends.end(await stage.actor(by), ref, OPENED, plan)


async def cards(stage: Stage) -> str:
    """What a lead reads in lists, searches, Home, the plan and the digest."""
    services, actor = stage.services, await stage.actor("dana")
    read = [
        await services.priorities.mine(actor, everything=True),
        await services.organizations.page(actor),
        await services.organizations.search(actor, ""),
        await services.groups.page(actor),
        await services.metrics.mine(actor, everything=True),
        await services.meetings.every(actor),
        await services.checkins.mine(actor),
        await services.funding.sources(actor),
        await services.home.page(actor),
        await services.plans.page(actor),
        await services.digests.compose(stage.operator),
        await services.metric_plans.form(actor, None),
    ]
    return "\n".join(map(repr, read))


async def test_what_hangs_on_a_priority_goes_where_it_is_told(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    form = await stage.services.ends.form(await stage.actor("dana"), PRIORITY)
    assert set(form.questions) == {Hanging.WORK, Hanging.MONEY}
    before = await stage.record()
    await end(stage, PRIORITY, replace(NOTHING, work="talent-pathways"))
    after = await stage.record()
    assert not hanging_on(after, Noun.PRIORITY, "supplier-growth")
    moved = {one.id for one in before.actions if one.priority == "supplier-growth" and one.is_open}
    assert moved
    assert {one.priority for one in after.actions if one.id in moved} == {"talent-pathways"}
    assert after.responses == before.responses
    closed = [one for one in before.actions if one.priority == "supplier-growth" and not one.is_open]
    assert all(one in after.actions for one in closed)


async def test_it_is_there_through_its_last_day_and_nowhere_after_it(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    await end(stage, PRIORITY, NOTHING)
    stage.at("2026-11-30T22:00")
    assert "Supplier and small-firm growth" in await cards(stage)
    digest = await stage.services.digests.compose(stage.operator)
    stage.at("2026-12-01T00:30")
    assert "Supplier and small-firm growth" not in await cards(stage)
    then = await stage.services.digests.compose(stage.operator, digest.moment)
    assert then == digest


async def test_what_ends_with_it_is_closed(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    before = await stage.record()
    await end(stage, PRIORITY, replace(NOTHING, work=WITH_IT))
    after = await stage.record()
    open_before = {one.id for one in before.actions if one.priority == "supplier-growth" and one.is_open}
    assert {str(one.status) for one in after.actions if one.id in open_before} == {"cancelled"}


async def test_an_organization_ends_with_its_members_elsewhere_or_gone(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    record = await stage.record()
    ref = f"organization:{next(one.organization for one in record.members if one.id == 'grant')}"
    key = ref.partition(":")[2]
    with pytest.raises(UserError, match="Choose what becomes of this"):
        await end(stage, ref, Ending(last_day=LAST))
    with pytest.raises(UserError, match="has open work"):
        await end(stage, ref, Ending(last_day=LAST, members=WITH_IT, work=NOWHERE))
    await end(stage, ref, Ending(last_day=LAST, members=WITH_IT, taker="luis", work=NOWHERE))
    after = await stage.record()
    assert {one.ended for one in after.members if one.organization == key} == {LAST}
    async with stage.services.database.read() as session:
        told = await session.scalars(select(DeliveryItemRow).filter_by(kind="handed_over"))
        assert [one.about.split(" ")[0] for one in told] == ["grant"]
    stage.at("2026-12-02T09:00")
    assert all(one.id != key for one in await stage.services.organizations.search(await stage.actor("dana"), ""))
    former = await stage.services.leavings.former(await stage.actor("dana"))
    assert "Bend Area Chamber" in {one.organization for one in former.lines}


async def test_who_may_not_end_it_is_told_who_can(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    for ref in (PRIORITY, "group:steering", "metric:ns-good-jobs"):
        with pytest.raises(Refused):
            await stage.services.ends.form(await stage.actor("grant"), ref)
    with pytest.raises(Refused):
        await stage.services.ends.find(await stage.actor("yolanda"), "Supplier")


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_it_comes_back_as_it_was(any_sample: Stage) -> None:
    any_sample.at("2026-11-23T09:00")
    await end(any_sample, PRIORITY, NOTHING)
    any_sample.at("2026-12-02T09:00")
    dana = await any_sample.actor("dana")
    [line] = (await any_sample.services.ends.ended(dana)).lines
    assert (line.ref, line.last_day) == (PRIORITY, LAST)
    ref = await any_sample.services.ends.find_ended(dana, "supplier")
    for _twice in range(2):
        await any_sample.services.ends.reopen(dana, ref)
    assert "Supplier and small-firm growth" in await cards(any_sample)
    assert not (await any_sample.services.ends.ended(dana)).lines


async def test_whoever_brings_it_back_looks_after_it_where_its_owner_has_left(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    await end(stage, PRIORITY, NOTHING)
    stage.at("2026-12-02T09:00")
    plan = Leaving(last_day=LAST, figures="luis", work="luis", chairs="luis", stand_in="luis")
    await stage.services.leavings.leave(await stage.actor("dana"), "grant", OPENED, plan)
    await stage.services.ends.reopen(await stage.actor("dana"), PRIORITY)
    priority = next(one for one in (await stage.record()).priorities if one.id == "supplier-growth")
    assert (priority.owner, priority.ended) == ("dana", None)


async def test_export_and_import_keep_the_ends(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    await end(stage, PRIORITY, NOTHING)
    record = await stage.record()
    read, problems = check(to_file(record))
    assert not problems
    assert read is not None
    assert next(one for one in read.priorities if one.id == "supplier-growth").ended == LAST


async def test_nothing_new_hangs_on_what_is_about_to_end(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    await end(stage, PRIORITY, NOTHING)
    omar = await stage.actor("omar")
    new = NewAction(title="Ask the bank", owner="omar", due=date(2026, 12, 4), priority="supplier-growth")
    with pytest.raises((UserError, Mistakes), match="I can't find this priority anymore"):
        await stage.services.action_items.add(omar, "new-1", new)
    lead = await stage.actor("dana")
    chamber = next(one.organization for one in (await stage.record()).members if one.id == "grant")
    plan = Ending(last_day=LAST, members=WITH_IT, taker="luis", work=NOWHERE)
    await end(stage, f"organization:{chamber}", plan)
    assert chamber not in {one.id for one in await stage.services.organizations.search(lead, "")}
    with pytest.raises(UserError, match="Their organization, Bend Area Chamber, has an end too"):
        await stage.services.leavings.take_part_again(lead, "grant")


async def test_the_name_of_what_has_ended_may_be_given_again(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    before = await stage.record()
    plan = Ending(last_day=date(2026, 11, 22), decisions=WITH_IT, issues=NOWHERE, rounds=WITH_IT, money=NOWHERE)
    await end(stage, "group:wg-supplier", plan)
    lead = await stage.actor("dana")
    answers = {
        "name": "Supplier Growth Working Group",
        "kind": "working_group",
        "decision_rule": "consensus",
        "voices": "organization",
    }
    card = await stage.services.groups.add(lead, "again", answers, ["dana"])
    after = await stage.record()
    assert len(after.groups) == len(before.groups) + 1
    old = next(one for one in after.groups if one.id == "wg-supplier")
    assert (old.ended, card.line.id != "wg-supplier") == (date(2026, 11, 22), True)


async def test_a_file_ends_what_nothing_hangs_on_and_is_refused_where_something_does(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    file = await stage.record()

    def with_end(key: str) -> Record:
        return replace(
            file,
            priorities=tuple(replace(one, ended=LAST) if one.id == key else one for one in file.priorities),
            as_of=date(2026, 11, 23),
        )

    with pytest.raises(UserError, match="here something still hangs on it: action A-"):
        await stage.services.coalitions.import_record(with_end("supplier-growth"))
    await end(stage, PRIORITY, NOTHING)
    file = await stage.record()
    await stage.services.coalitions.import_record(with_end("supplier-growth"))
    assert next(one for one in (await stage.record()).priorities if one.id == "supplier-growth").ended == LAST


async def test_a_checkin_that_is_there_again_asks_nothing_of_the_time_between(linked: Stage) -> None:
    stage = linked
    stage.at("2026-11-23T07:30")
    await end(stage, "cadence:weekly-checkin", Ending(last_day=date(2026, 11, 22)))
    stage.at("2026-11-23T09:00")
    await stage.settle()
    stage.at("2026-11-23T12:00")
    await stage.services.ends.reopen(await stage.actor("dana"), "cadence:weekly-checkin")
    await stage.settle()
    stage.at("2026-11-24T12:00")
    await stage.settle()
    assert not [one for one in await stage.deliveries() if any(item.startswith("ask ") for item in one.items)]
    stage.at("2026-12-01T09:00")
    await stage.settle()
    assert [one for one in await stage.deliveries() if any(item.startswith("ask ") for item in one.items)]


async def test_another_last_day_ahead_leaves_out_no_round(reached: Stage) -> None:
    """It goes on all the time: what came due while nothing ran is asked by the rule for late ones."""
    stage = reached
    stage.at("2026-11-23T07:05")
    weekly, later = "cadence:weekly-checkin", date(2026, 12, 31)
    await end(stage, weekly, Ending(last_day=later))
    await stage.settle()
    stage.at("2026-11-23T10:00")
    dana = await stage.actor("dana")
    await stage.services.ends.end(dana, weekly, marks_of({"last_day": later}), Ending(last_day=date(2026, 12, 30)))
    await stage.settle()
    asked = [one for one in await stage.deliveries(to="yolanda") if "ask talent-pathways" in one.items]
    assert [one.state for one in asked] == ["sent"]


async def test_nobody_is_reminded_of_what_ended_while_its_round_was_open(asked_at_nine: Stage) -> None:
    stage = asked_at_nine
    plan = Ending(last_day=date(2026, 11, 22), work=NOWHERE, money=NOWHERE)
    await end(stage, "priority:family-access", plan)
    for moment in ("2026-11-24T09:30", "2026-11-24T15:30", "2026-11-25T10:00"):
        stage.at(moment)
        await stage.settle()
    late = ("reminder family-access", "delegate family-access")
    owed = [one for one in await stage.deliveries() if any(item in late for item in one.items)]
    assert owed
    assert {one.state for one in owed} == {"dropped"}


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_rights_end_with_what_gives_them(any_sample: Stage) -> None:
    any_sample.at("2026-11-23T09:00")
    grant = await any_sample.actor("grant")
    assert "supplier-growth" in grant.standing.scoped
    assert "wg-supplier" in grant.standing.scoped
    await end(any_sample, PRIORITY, NOTHING)
    plan = Ending(last_day=LAST, decisions=WITH_IT, issues=NOWHERE, rounds=WITH_IT, money=NOWHERE)
    await end(any_sample, "group:wg-supplier", plan)
    any_sample.at("2026-11-30T22:00")
    assert {"supplier-growth", "wg-supplier"} <= (await any_sample.actor("grant")).standing.scoped.keys()
    any_sample.at("2026-12-01T00:30")
    assert not {"supplier-growth", "wg-supplier"} & (await any_sample.actor("grant")).standing.scoped.keys()


STEERING = Ending(last_day=LAST, decisions=WITH_IT, issues=NOWHERE, rounds=WITH_IT, money=NOWHERE)
LATER = date(2026, 12, 7)


async def test_what_hangs_on_something_with_an_end_does_not_end_after_it(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    ends, dana = stage.services.ends, await stage.actor("dana")
    await end(stage, "group:steering", STEERING)
    ended = marks_of({"last_day": LAST})
    with pytest.raises(UserError) as refused:
        await ends.end(dana, "cadence:weekly-digest", ended, Ending(last_day=LATER))
    assert str(refused.value) == (
        "Friday leadership digest hangs on Steering Committee, whose last day is Nov 30. Choose a day up to then, or "
        "bring Steering Committee back first."
    )
    assert refused.value.field == "last_day"
    await ends.end(dana, "cadence:weekly-digest", ended, Ending(last_day=date(2026, 11, 27)))
    await ends.reopen(dana, "group:steering")
    await ends.end(dana, "cadence:weekly-digest", marks_of({"last_day": date(2026, 11, 27)}), Ending(last_day=LATER))


async def test_what_ends_after_its_group_is_asked_about_too(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    ends, dana = stage.services.ends, await stage.actor("dana")
    await end(stage, "cadence:weekly-digest", Ending(last_day=LATER))
    form = await ends.form(dana, "group:steering")
    assert "weekly-digest" in {one.id for one in form.questions[Hanging.ROUNDS].things}
    await end(stage, "group:steering", STEERING)
    # Its last day comes nearer, and so does that of what ends with it.
    sooner = replace(STEERING, last_day=date(2026, 11, 25))
    with pytest.raises(UserError, match="Choose what becomes of this"):
        await ends.end(dana, "group:steering", marks_of({"last_day": LAST}), replace(sooner, rounds=None))
    await ends.end(dana, "group:steering", marks_of({"last_day": LAST}), sooner)
    record = await stage.record()
    assert {one.ended for one in record.cadences if one.group == "steering"} == {sooner.last_day}
    assert not hanging_on(record, Noun.GROUP, "steering", sooner.last_day)


async def test_a_last_day_is_not_before_that_of_what_has_ended(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    await end(stage, "cadence:weekly-digest", Ending(last_day=date(2026, 11, 22)))
    with pytest.raises(UserError, match=r"digest goes on after Nov 20 and hangs on Steering Committee\. Choose"):
        await end(stage, "group:steering", replace(STEERING, last_day=date(2026, 11, 20)))
    await end(stage, "group:steering", replace(STEERING, last_day=date(2026, 11, 22)))


async def test_money_a_figure_and_a_member_end_with_what_they_hang_on_at_the_latest(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    ends, dana, record = stage.services.ends, await stage.actor("dana"), await stage.record()
    hanging = hanging_on(record, Noun.PRIORITY, "supplier-growth")[Hanging.MONEY]
    money = hanging[0].id
    early = date(2026, 11, 26)
    await end(stage, f"funding source:{money}", Ending(last_day=early))
    await end(stage, PRIORITY, replace(NOTHING, money=NOWHERE if len(hanging) > 1 else None))
    with pytest.raises(UserError, match="hangs on Supplier and small-firm growth, whose last day is Nov 30"):
        await ends.end(dana, f"funding source:{money}", marks_of({"last_day": early}), Ending(last_day=LATER))
    with pytest.raises(UserError, match="Its priority, Supplier and small-firm growth, has its last day on Nov 30"):
        await end(stage, "metric:sg-firms", Ending(last_day=LATER))
    chamber = next(one.organization for one in record.members if one.id == "grant")
    await end(stage, f"organization:{chamber}", Ending(last_day=LAST, members=WITH_IT, taker="luis", work=NOWHERE))
    with pytest.raises(UserError, match=r"Grant .* hangs on Bend Area Chamber, whose last day is Nov 30"):
        await stage.services.leavings.leave(dana, "grant", marks_of({"last_day": LAST}), Leaving(last_day=LATER))


async def test_work_is_not_open_again_under_what_has_an_end(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    services, dana, record = stage.services, await stage.actor("dana"), await stage.record()
    action = next(one.id for one in record.actions if one.priority == "supplier-growth" and one.is_open)
    issue = next(one.id for one in record.issues if one.escalated_to == "steering" and one.is_open)
    await services.action_items.complete(dana, action)
    await services.issues.resolve(dana, issue, "Settled")
    await end(stage, PRIORITY, NOTHING)
    await end(stage, "group:steering", STEERING)
    with pytest.raises(UserError, match="hangs on Supplier and small-firm growth, whose last day is Nov 30"):
        await services.action_items.start(dana, action)
    with pytest.raises(UserError, match="hangs on Steering Committee, whose last day is Nov 30"):
        await services.issues.reopen(dana, issue)
    await services.ends.reopen(dana, PRIORITY)
    await services.action_items.start(dana, action)


async def test_nor_by_undo_the_form_of_several_or_a_source_that_is_active_again(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    services, dana, grant = stage.services, await stage.actor("dana"), await stage.actor("grant")
    record = await stage.record()
    said = "hangs on Supplier and small-firm growth, whose last day is Nov 30"
    form = await services.own_actions.open(grant)
    one = form.actions[0].card.id
    await services.own_actions.save(grant, form.token, {f"status:{one}": "done"})
    others = (each for each in record.actions if each.priority == "supplier-growth" and each.is_open and each.id != one)
    done = await services.action_items.complete(dana, next(others).id)
    assert done.undo is not None
    source = next(each for each in record.funding_sources if any(to.to == "supplier-growth" for to in each.allocations))
    omar, before = await stage.actor("omar"), source_plan(source)
    answers = {name: None if value is None else str(value) for name, value in before.items()}
    answers["restricted"] = None
    await services.funding_changes.update(omar, "one", source.id, marks_of(before), {**answers, "status": "closed"})
    closed = next(each for each in (await stage.record()).funding_sources if each.id == source.id)
    await end(stage, PRIORITY, NOTHING)
    with pytest.raises(Mistakes) as mistakes:
        await services.own_actions.save(grant, form.token, {f"status:{one}": "not_started"})
    assert said in mistakes.value.errors[f"status:{one}"]
    with pytest.raises(UserError, match=said):
        await services.action_items.undo(dana, done.card.id, done.undo)
    with pytest.raises(UserError, match=said) as refused:
        await services.funding_changes.update(omar, "two", source.id, marks_of(source_plan(closed)), answers)
    assert refused.value.field == "status"
    after = await stage.record()
    assert not hanging_on(after, Noun.PRIORITY, "supplier-growth", LAST)


async def test_what_somebody_looks_after_does_not_outlast_them(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    ends, leavings, dana = stage.services.ends, stage.services.leavings, await stage.actor("dana")
    await end(stage, PRIORITY, NOTHING)
    held = (await leavings.form(dana, "grant")).holdings
    assert [one.id for one in held.priorities] == ["supplier-growth"]
    plan = Leaving(last_day=LAST, figures="luis", work="luis", chairs="luis", stand_in="luis")
    with pytest.raises(UserError, match="Choose who has this from now on"):
        await leavings.leave(dana, "grant", OPENED, replace(plan, last_day=date(2026, 11, 27)))
    await leavings.leave(dana, "grant", OPENED, plan)
    with pytest.raises(UserError, match=r"growth hangs on Grant .*, whose last day is Nov 30\."):
        await ends.end(dana, PRIORITY, marks_of({"last_day": LAST}), replace(NOTHING, last_day=LATER))


async def test_points_for_dates_after_a_meetings_end_are_told_of(stage: Stage) -> None:
    """They would be on no agenda any more, and nobody would know."""
    grant = await stage.actor("grant")
    sitting = MeetingRef("wg-supplier-monthly", datetime.fromisoformat("2026-12-10T15:00"))
    await stage.services.agendas.add_point(grant, sitting, "Rent of the shared kitchen", "point")
    omar, ref = await stage.actor("omar"), "cadence:wg-supplier-monthly"
    words = "Points for dates after it: “Rent of the shared kitchen”. They stay with this meeting"
    assert any(words in one for one in (await stage.services.ends.form(omar, ref)).notes)
    ended = await stage.services.ends.end(omar, ref, OPENED, Ending(last_day=LAST))
    assert any(words in one for one in ended.moved)


async def test_only_points_of_its_own_later_dates_are_told_of(stage: Stage) -> None:
    """None of a date that comes still, of another meeting, or that was taken away; and all of them are named or
    counted."""
    dana, ends = await stage.actor("dana"), stage.services.ends
    supplier, other = "wg-supplier-monthly", "wg-talent-monthly"
    later, after = datetime.fromisoformat("2026-12-10T15:00"), datetime.fromisoformat("2027-01-14T15:00")
    for cadence, slot, words in (
        (supplier, later, "On its last day"),
        (supplier, after, "After it"),
        (supplier, after, "Taken away"),
        (other, datetime.fromisoformat("2027-01-13T14:00"), "Of another meeting"),
    ):
        await stage.services.agendas.add_point(dana, MeetingRef(cadence, slot), words, f"{cadence} {words}")
    async with stage.services.database.write(dana.author(stage.calendar.now())) as session:
        gone = await session.scalar(select(AgendaPointRow).where(AgendaPointRow.text == "Taken away"))
        assert gone is not None
        gone.withdrawn = True
    ref = f"cadence:{supplier}"
    told = "\n".join((await ends.form(dana, ref)).notes)
    assert [words in told for words in ("On its last day", "After it", "Taken away", "Of another")] == [
        True, True, False, False,
    ]  # fmt: skip
    async with stage.services.database.write(dana.author(stage.calendar.now())) as session:
        session.add_all(
            AgendaPointRow(
                coalition_id=gone.coalition_id, cadence_id=gone.cadence_id, slot=after, text=f"Point {number}."
            )
            for number in range(26)
        )
    ended = await ends.end(dana, ref, OPENED, Ending(last_day=date(2026, 12, 10)))
    [told] = [one for one in ended.moved if one.startswith("Points for dates after it")]
    assert "On its last day" not in told
    assert "“After it”" in told
    assert "“Point 23.” and 2 more." in told
    assert (await ends.form(dana, "cadence:weekly-digest")).notes[0].startswith("No digest of this rhythm")
