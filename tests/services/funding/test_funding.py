"""Funding on both databases: rights, the same form twice, allocations kept in their rows, reminders planned once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.funding import (
    EndingMoney,
    MoneyCard,
    SourceCard,
    UnknownFunding,
    allocation_plan,
    report_plan,
    source_plan,
)
from bot.domain.record import FundingSource, Role
from bot.domain.typed import Mistakes, marks_of
from bot.domain.vocabularies import FundingStatus
from bot.errors import Refused
from bot.services.access import Addressee, OnRecord
from bot.services.funding import due_reports, read_money_end
from bot.store.record import read_record
from tests.examples import on
from tests.services.stage import Stage

NEW = {
    "name": "Transit pilot",
    "funder": "A ministry",
    "capital_type": "public",
    "status": "awarded",
    "amount": "100.50",
    "to:family-access": "100",
    "to:backbone": "0.5",
}


async def source(stage: Stage, key: str) -> FundingSource:
    return next(one for one in (await stage.record()).funding_sources if one.id == key)


def entered(one: FundingSource, **changes: str | None) -> dict[str, str | None]:
    plan = source_plan(one)
    said = {True: "yes", False: "no"}
    return {
        name: None if value is None else said[value] if isinstance(value, bool) else str(value)
        for name, value in plan.items()
    } | changes


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_forms_are_stored_once_and_change_what_was_touched(any_sample: Stage) -> None:
    omar, changes = await any_sample.actor("omar"), any_sample.services.funding_changes
    first = await changes.add(omar, "view", NEW)
    assert await changes.add(omar, "view", NEW) == first
    added = await source(any_sample, "transit-pilot")
    assert [(one.to, one.amount) for one in added.allocations] == [
        ("backbone", Decimal("0.5")),
        ("family-access", Decimal(100)),
    ]
    assert (added.amount, added.report, added.extra) == (Decimal("100.5"), None, {})
    with pytest.raises(Mistakes) as caught:
        await changes.add(omar, "other", {**NEW, "amount": "100", "to:backbone": "-1"})
    assert caught.value.errors == {"to:backbone": "Enter an amount of zero or more."}

    # A change keeps what it does not touch, and what was before is known as of then.
    moment = any_sample.calendar.now()
    before = await source(any_sample, "F-1")
    any_sample.at("2026-11-24T09:00")
    answers = entered(before, received="1700000", status="closed")
    saved = await changes.update(omar, "updated", "F-1", marks_of(source_plan(before)), answers)
    assert saved.lines == ("Status: active → closed", "Received to date: $1,650,000 → $1,700,000")
    now = await source(any_sample, "F-1")
    assert now == replace(
        before, status=FundingStatus.CLOSED, extra={**before.extra, "received_to_date": Decimal(1700000)}
    )
    assert await changes.update(omar, "updated", "F-1", marks_of(source_plan(before)), answers) == saved
    again = await changes.update(omar, "new", "F-1", marks_of(source_plan(now)), entered(now))
    assert again.what == "nothing"
    then = next(one for one in (await any_sample.record(moment)).funding_sources if one.id == "F-1")
    assert then == before

    opened = marks_of(allocation_plan(now))
    given = {"to:talent-pathways": "4300000", "to:supplier-growth": None, "to:backbone": "500000", "to:steering": None}
    await changes.allocate(omar, "allocated", "F-1", opened, given)
    with pytest.raises(Mistakes, match="Somebody changed this meanwhile"):
        await changes.allocate(omar, "late", "F-1", opened, {**given, "to:backbone": "1"})
    found = (await source(any_sample, "F-1")).allocations
    assert [(one.to, int(one.amount)) for one in found] == [("talent-pathways", 4300000), ("backbone", 500000)]


async def test_each_method_refuses_who_may_not(stage: Stage) -> None:
    funding, changes = stage.services.funding, stage.services.funding_changes
    for who in ("luis", "marcus", "yolanda", "ben", "charlotte"):
        actor = await stage.actor(who)
        for attempt in (
            changes.form(actor),
            changes.add(actor, "a", NEW),
            changes.update(actor, "b", "F-8", {}, {}),
            changes.allocation_form(actor, "F-8"),
            changes.allocate(actor, "c", "F-8", {}, {}),
        ):
            with pytest.raises(Refused, match="can help"):
                await attempt
    for who, key in (("luis", "F-8"), ("marcus", "F-2"), ("charlotte", "F-8"), ("ben", "F-7")):
        actor = await stage.actor(who)
        with pytest.raises(Refused, match="can help"):
            await changes.report_form(actor, key)
        with pytest.raises(Refused, match="can help"):
            await changes.report(actor, "d", key, {}, {"report_due": "2027-05-01"})
        with pytest.raises(Refused):
            await changes.update_form(actor, key)
    ben = await stage.actor("ben")
    with pytest.raises(Refused):
        await funding.history(await stage.actor("renata"), "F-3")
    for kind, key in (("priority", "talent-pathways"), ("coalition", "coalition"), ("source", "F-7")):
        with pytest.raises(Refused):
            await funding.card(ben, kind, key)
    with pytest.raises(UnknownFunding):
        await funding.card(ben, "source", "F-4")
    # A funder's "sent" is not taken: the day alone is theirs.
    opened = marks_of(report_plan(await source(stage, "F-8")))
    answers = {"report_due": "2027-05-01", "report_sent": "2026-11-20"}
    saved = await changes.report(ben, "e", "F-8", opened, answers)
    assert (saved.what, saved.lines) == ("changed", ("Next report: Mar 31, 2027 → May 1, 2027",))
    report = (await source(stage, "F-8")).report
    assert report is not None
    assert (report.next_due, dict(report.extra)) == (date(2027, 5, 1), {})


async def test_who_sees_what_of_a_source(stage: Stage) -> None:
    funding = stage.services.funding
    card = await funding.find(await stage.actor("luis"), "F-7")
    assert isinstance(card, SourceCard)
    assert (card.row.amount, card.received, card.unallocated, card.may_change) == (None, None, None, False)
    assert card.row.allocated == (("Child care and commute access", Decimal(250000)),)
    counted = await funding.card(await stage.actor("luis"), "priority", "family-access")
    assert isinstance(counted, MoneyCard)
    assert (counted.part.need, counted.amounts) == (Decimal(1100000), True)
    # A funder on steering reads everything but other funders' applications and prospects, on every card.
    charlotte = await stage.actor("charlotte")
    card = await funding.find(charlotte, "family")
    assert isinstance(card, MoneyCard)
    assert (card.part.secured, card.part.pipeline, [one.id for one in card.sources]) == (
        Decimal(600000),
        Decimal(0),
        ["F-3", "F-7"],
    )
    assert [one.id for one in (await funding.sources(charlotte)).rows] == [
        "F-1",
        "F-2",
        "F-3",
        "F-5",
        "F-7",
        "F-8",
        "F-9",
    ]
    with pytest.raises(UnknownFunding, match="I don't know the source or priority “F-4”"):
        await funding.find(charlotte, "F-4")
    priority = await stage.services.priorities.card(charlotte, "family")
    assert [one.source for one in priority.part.funding.shares] == ["F-3", "F-7"]
    # Somebody of a priority's group without a part in it hears how many sources there are, and nothing more.
    record = await stage.record()
    members = tuple(replace(one, roles=()) if one.id == "luis" else one for one in record.members)
    groups = tuple(replace(one, cochair=None) for one in record.groups)
    await stage.services.coalitions.import_record(replace(record, members=members, groups=groups))
    counted = await funding.find(await stage.actor("luis"), "family")
    assert isinstance(counted, MoneyCard)
    assert (counted.amounts, counted.sources, len(counted.part.shares)) == (False, (), 3)
    with pytest.raises(Refused):
        await funding.overview(await stage.actor("luis"))
    # A coordinator who is a funder too keeps the books, so sees them.
    funder = Role(role="funder", scope="coalition")
    members = tuple(replace(one, roles=(*one.roles, funder)) if one.id == "omar" else one for one in record.members)
    await stage.services.coalitions.import_record(replace(record, members=members))
    assert len((await funding.sources(await stage.actor("omar"))).rows) == 9


async def ending(stage: Stage, who: str, about: str) -> EndingMoney | None:
    """What a member's message says of money that ends."""
    actor = await stage.actor(who)
    async with stage.services.database.read(stage.coalition_id) as session:
        record = await read_record(session, stage.coalition_id)
        tx = OnRecord(session, stage.coalition_id, stage.calendar.now(), record)
        return await read_money_end(tx, Addressee(who, actor), about)


async def test_whom_it_concerns_hears_once_that_money_ends(reached: Stage) -> None:
    stage = reached
    omar, changes = await stage.actor("omar"), stage.services.funding_changes
    before = await source(stage, "F-3")  # for child care: Imani's
    answers = entered(before, period_end="2027-05-28")  # 180 days after Nov 29, a Sunday
    await changes.update(omar, "view", "F-3", marks_of(source_plan(before)), answers)
    for _ in range(2):
        await stage.services.rhythm.plan()
    about = "money_ends F-3 2027-05-28 180"
    told = [one for one in await stage.deliveries("prompts") if about in one.items]
    # What would come on a weekend comes the working day before.
    assert sorted((one.to, one.due) for one in told) == [
        ("dana", "Fri Nov 27 09:00"),
        ("imani", "Fri Nov 27 08:00"),  # nine on her own clock
        ("omar", "Fri Nov 27 09:00"),
        ("priya", "Fri Nov 27 10:00"),
    ]
    imani, luis = [await ending(stage, who, "F-3 2027-05-28 180") for who in ("imani", "luis")]
    assert imani is not None
    assert (imani.state, imani.shares) == ("due", (("Child care and commute access", Decimal(350000)),))
    assert luis is not None
    assert luis.state == "passed_on"

    # Another day is another notice, and what speaks of the first one says so.
    after = await source(stage, "F-3")
    await changes.update(omar, "later", "F-3", marks_of(source_plan(after)), entered(after, period_end="2028-05-28"))
    moved = await ending(stage, "imani", "F-3 2027-05-28 180")
    assert moved is not None
    assert (moved.state, moved.now_ends) == ("moved", date(2028, 5, 28))


async def test_reminders_are_planned_once(stage: Stage) -> None:
    omar, changes = await stage.actor("omar"), stage.services.funding_changes
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    before = await source(stage, "F-9")
    saved = await changes.update(
        omar, "view", "F-9", marks_of(source_plan(before)), entered(before, report_due="2026-12-03")
    )
    assert saved.lines == ("Next report: none → Dec 3",)
    for _ in range(2):
        await stage.services.rhythm.plan()
    # Nobody writes it: the coordinators hear, each on their own clock.
    planned = [one for one in await stage.deliveries("prompts") if any("report_due" in item for item in one.items)]
    week = [one for one in planned if "report_due F-9 2026-12-03 week" in one.items]
    assert sorted(one.to for one in week) == ["dana", "omar", "priya"]
    stage.at("2026-12-01T10:00")
    for _ in range(2):
        await stage.services.rhythm.plan()
    planned = [one for one in await stage.deliveries("prompts") if "report_due F-9 2026-12-03 day" in one.items]
    assert sorted((one.to, one.due) for one in planned) == [
        ("dana", "Thu Dec 03 09:00"),
        ("omar", "Thu Dec 03 09:00"),
        ("priya", "Thu Dec 03 10:00"),
    ]
    async with stage.services.database.read() as session:
        record = await read_record(session, stage.coalition_id)
        for who, expected in (("dana", ["F-9"]), ("luis", [])):
            lines = due_reports(record, await stage.actor(who), stage.calendar.now())
            assert [one.source for one in lines] == expected
