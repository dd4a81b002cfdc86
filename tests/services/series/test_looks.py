"""Looks on both databases: claimed once, settled once, and nothing is recorded that its steward didn't want so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain.metrics import FigureDraft, FigureSaved
from bot.domain.record import Reading
from bot.domain.series import Look, Observation, Outcome, SeriesTrouble
from bot.errors import Refused, UserError
from bot.services import Services
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.metrics import ReadingRow
from bot.store.series import SeriesProposalRow, SeriesStateRow
from tests.conftest import QUICK
from tests.examples import on
from tests.sample import sample_record
from tests.services.lived import once
from tests.services.metrics.test_metrics import metric_of
from tests.services.stage import Stage

PLACED = "tp-placed"
FORM = {
    "provider": "fred",
    "address": "OHPLACED",
    "looks": "weekly",
    "record_by_itself": "no",
}
JUNE = date(2026, 6, 30)
DECEMBER = date(2025, 12, 31)
ABOUT = "tp-placed 2026-06-30 48.5"


def seen(value: str = "48.5", on: date = JUNE, **fields: Any) -> Observation:
    usual: dict[str, Any] = {"every": "semiannual", "vintage": date(2026, 11, 7)}
    return Observation(period_end=on, value=Decimal(value), **(usual | fields))


async def follow(stage: Stage, metric: str = PLACED, who: str = "omar", **fields: str) -> None:
    await stage.services.series_plans.edit(await stage.actor(who), f"form-{fields}", metric, {}, FORM | fields)


async def look(stage: Stage, *found: Observation | SeriesTrouble) -> Outcome | None:
    """Takes the one look that is due."""
    looks = stage.services.series_looks
    [due] = await looks.due()
    claimed = await looks.claim(*due)
    assert claimed is not None
    trouble = next((one for one in found if isinstance(one, SeriesTrouble)), None)
    observations = [one for one in found if isinstance(one, Observation)]
    return await looks.settle(claimed, trouble or observations)


async def readings(stage: Stage) -> tuple[Reading, ...]:
    return (await metric_of(stage, PLACED)).readings


async def items(stage: Stage, who: str = "yolanda") -> list[str]:
    """What waits to be told about series, by kind."""
    found = await stage.deliveries("prompts", to=who)
    return [one.partition(" ")[0] for row in found for one in row.items if one.startswith("series")]


@once
async def _following(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await Stage.with_record(services, calendar, sample_record())
    await stage.go_live()
    await follow(stage)
    return stage


@pytest.fixture
async def live(services: Services, calendar: FixedCalendar) -> Stage:
    return await _following(services, calendar)


@pytest.fixture
async def any_live(any_sample: Stage) -> Stage:
    await any_sample.go_live()
    await follow(any_sample)
    return any_sample


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_what_is_new_is_proposed_and_not_recorded(any_live: Stage) -> None:
    before = await readings(any_live)
    assert await look(any_live, seen("44.0", DECEMBER), seen()) is Outcome.PROPOSED
    assert await readings(any_live) == before
    assert await items(any_live) == ["series_proposed"]
    assert await any_live.services.series_looks.due() == [], "the next look is a week later"
    [state] = await rows(any_live, SeriesStateRow)
    any_live.at("2026-11-30T06:30")
    assert state.next_at == any_live.calendar.now()
    assert len(await any_live.services.series_looks.due()) == 1
    assert await look(any_live, seen()) is Outcome.NOTHING_NEW
    assert len(await rows(any_live, SeriesProposalRow)) == 1


async def rows(stage: Stage, kind: Any) -> list[Any]:
    async with stage.services.database.read() as session:
        return list((await session.scalars(select(kind).order_by(kind.id))).all())


async def test_it_is_recorded_once_by_its_steward_with_its_vintage(live: Stage) -> None:
    await look(live, seen())
    yolanda = await live.actor("yolanda")
    saved = await live.services.series_answers.record(yolanda, ABOUT)
    again = await live.services.series_answers.record(yolanda, ABOUT)
    assert isinstance(saved, FigureSaved)
    assert isinstance(again, FigureSaved)
    newest = (await readings(live))[-1]
    assert (newest.value, newest.period_start, newest.period_end) == (Decimal("48.5"), date(2026, 1, 1), JUNE)
    assert (newest.quality, newest.note) == ("provisional", "From FRED OHPLACED, published Nov 7, 2026.")
    assert len([one for one in await readings(live) if one.period_end == JUNE]) == 1
    undone = await live.services.metrics.undo(yolanda, saved.token)
    assert undone.current is None


async def test_who_records_no_figures_says_nothing_to_one(live: Stage) -> None:
    await look(live, seen())
    tom = await live.actor("tom")
    for act in (live.services.series_answers.record, live.services.series_answers.decline):
        with pytest.raises(Refused):
            await act(tom, ABOUT)
    with pytest.raises(Refused):
        await live.services.series_answers.change(tom, ABOUT)
    with pytest.raises(Refused):
        await live.services.series_plans.form(tom, PLACED)
    with pytest.raises(Refused):
        await follow(live, who="tom")
    with pytest.raises(UserError, match="I don't have this value any more"):
        await live.services.series_answers.record(await live.actor("yolanda"), "tp-placed 2026-06-30 1")


async def test_a_declined_value_comes_again_only_as_another_one(live: Stage) -> None:
    await look(live, seen())
    yolanda = await live.actor("yolanda")
    news = await live.services.series_answers.decline(yolanda, ABOUT)
    assert (news.state, news.is_settled, news.has_lapsed) == ("declined", True, True)
    for day, vintage in (("11-30T08:00", date(2026, 11, 28)), ("12-07T08:00", date(2026, 12, 5))):
        live.at(f"2026-{day}")
        assert await look(live, seen(vintage=vintage)) is Outcome.NOTHING_NEW
    live.at("2026-12-14T08:00")
    assert await look(live, seen("48.7")) is Outcome.PROPOSED
    live.at("2026-12-21T08:00")
    assert await look(live, seen()) is Outcome.PROPOSED, "back to what it was is a change, too"
    with pytest.raises(UserError, match="has another value for this period by now"):
        await live.services.series_answers.record(yolanda, "tp-placed 2026-06-30 48.7")


async def test_a_changed_past_value_is_a_restatement_with_its_reason(live: Stage) -> None:
    assert await look(live, seen("43.2", DECEMBER)) is Outcome.PROPOSED
    saved = await live.services.series_answers.record(await live.actor("yolanda"), "tp-placed 2025-12-31 43.2")
    assert isinstance(saved, FigureSaved)
    assert saved.restated
    card = await live.services.metrics.card(await live.actor("omar"), PLACED)
    [one] = card.restatements
    assert (one.before, one.after) == (Decimal("44.0"), Decimal("43.2"))
    assert one.note == "From FRED OHPLACED, published Nov 7, 2026."


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_by_itself_only_where_it_was_said_so_and_only_what_is_plain(any_live: Stage) -> None:
    await follow(any_live, record_by_itself="yes")
    assert await look(any_live, seen("43.2", DECEMBER), seen()) is Outcome.RECORDED
    assert [one.value for one in await readings(any_live)] == [Decimal("44.0"), Decimal("48.5")], (
        "no restatement by itself"
    )
    assert sorted(await items(any_live)) == ["series_proposed", "series_recorded"]
    async with any_live.services.database.read() as session:
        changes = (
            await session.execute(
                select(ChangeRow.path, ChangeRow.actor_id)
                .join(AuditEntryRow, AuditEntryRow.change_id == ChangeRow.id)
                .where(AuditEntryRow.table_name == ReadingRow.__tablename__)
                .order_by(ChangeRow.id.desc())
            )
        ).all()
    assert tuple(changes[0]) == ("series", None)
    any_live.at("2026-11-30T08:00")
    assert await look(any_live, seen()) is Outcome.NOTHING_NEW
    assert len(await readings(any_live)) == 2


async def test_the_steward_takes_back_what_went_by_itself_on_a_later_day_too(live: Stage) -> None:
    await follow(live, record_by_itself="yes")
    await look(live, seen())
    [proposal] = await rows(live, SeriesProposalRow)
    live.at("2026-11-24T09:00")
    with pytest.raises(Refused, match="Only the person who recorded a figure can undo it"):
        await live.services.metrics.undo(await live.actor("omar"), f"series-{proposal.id}")
    undone = await live.services.metrics.undo(await live.actor("yolanda"), f"series-{proposal.id}")
    assert undone.current is None
    live.at("2026-11-30T08:00")
    assert await look(live, seen()) is Outcome.NOTHING_NEW


async def test_what_is_unusual_asks_first(live: Stage) -> None:
    await follow(live, record_by_itself="yes")
    assert await look(live, seen("4850")) is Outcome.PROPOSED
    yolanda = await live.actor("yolanda")
    about = "tp-placed 2026-06-30 4850"
    draft = await live.services.series_answers.record(yolanda, about)
    assert isinstance(draft, FigureDraft)
    assert await readings(live) == (await readings(live))[:1]
    saved = await live.services.metrics.record(yolanda, draft.token)
    assert isinstance(saved, FigureSaved)
    assert (await readings(live))[-1].value == 4850


async def test_what_needs_reporters_needs_its_steward(stage: Stage) -> None:
    """Small groups of a confidential figure are withheld: a series doesn't say how many reported."""
    await stage.go_live()
    turnover = await metric_of(stage, "jq-turnover")
    await follow(stage, turnover.id, record_by_itself="yes")
    assert await look(stage, seen("41")) is Outcome.PROPOSED
    assert (await metric_of(stage, turnover.id)).readings == turnover.readings
    assert await items(stage, turnover.steward) == ["series_proposed"]
    steward, about = await stage.actor(turnover.steward), "jq-turnover 2026-06-30 41"
    with pytest.raises(UserError, match="Say how many reported"):
        await stage.services.series_answers.record(steward, about)
    token = await stage.services.series_answers.change(steward, about)
    form = await stage.services.metrics.form(steward, token=token)
    assert form.entry is not None
    assert (form.entry.value, form.entry.period_end) == (Decimal(41), JUNE)


async def test_a_value_of_another_pace_is_trouble(live: Stage) -> None:
    assert await look(live, seen(every="annual")) is Outcome.TROUBLE
    card = await live.services.metrics.card(await live.actor("omar"), PLACED)
    assert card.series is not None
    assert "It has a value each year, and this figure is wanted each half-year." in (card.series.trouble or "")


async def test_trouble_is_told_once_until_it_is_another_or_was_over(live: Stage) -> None:
    gone, other = SeriesTrouble("No column “rate” any more."), SeriesTrouble("It is empty.")
    told = []
    whats: tuple[Observation | SeriesTrouble, ...] = (gone, gone, other, other, seen(), gone)
    days = ("11-24", "11-25", "11-27", "11-30", "12-01", "12-09")
    for day, what in zip(days, whats, strict=True):
        live.at(f"2026-{day}T08:00")
        await look(live, what)
        told.append(len(await items(live)))
    assert told == [1, 1, 2, 2, 3, 4]
    assert "series_trouble" in await items(live)


async def test_what_passes_by_itself_is_told_when_it_doesnt(live: Stage) -> None:
    for number in range(4):
        live.at(f"2026-11-{24 + number}T08:00")
        assert await look(live, SeriesTrouble("It took too long.", passes=True)) is Outcome.TROUBLE, "each day anew"
        assert len(await items(live)) == (0 if number < 2 else 1)
    page = await live.services.health_reports.page(await live.actor("omar"))
    [(name, why)] = page.series
    assert (name, why) == ("Completers placed in a good job within 90 days", "It took too long.")


async def test_a_look_is_one_processs_and_ends_with_its_lease(any_live: Stage) -> None:
    other = Services(
        any_live.services.database, any_live.calendar, any_live.services.deliveries.elapsed, owner="other", timing=QUICK
    )
    [due] = await any_live.services.series_looks.due()
    mine = await any_live.services.series_looks.claim(*due)
    assert mine is not None
    assert await other.series_looks.claim(*due) is None
    assert await other.series_looks.due() == []
    assert await other.series_looks.settle(mine, [seen()]) is None, "it isn't theirs"
    assert await rows(any_live, SeriesProposalRow) == []
    async with any_live.services.database.write() as session:
        [state] = await session.scalars(select(SeriesStateRow))
        state.lease_until = 0.0
    theirs = await other.series_looks.claim(*due)
    assert theirs is not None
    assert await any_live.services.series_looks.settle(mine, [seen()]) is None, "it came too late"
    assert await other.series_looks.settle(theirs, [seen()]) is Outcome.PROPOSED
    assert len(await rows(any_live, SeriesProposalRow)) == 1


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_another_series_begins_anew(any_live: Stage) -> None:
    await look(any_live, SeriesTrouble("No such series."))
    await follow(any_live, address="OTHER")
    card = await any_live.services.metrics.card(await any_live.actor("omar"), PLACED)
    assert card.series is not None
    assert (card.series.looked_on, card.series.trouble) == (None, None)
    assert await look(any_live, seen()) is Outcome.PROPOSED


async def test_a_series_that_changed_meanwhile_is_nobodys(live: Stage) -> None:
    looks = live.services.series_looks
    [due] = await looks.due()
    claimed = await looks.claim(*due)
    assert isinstance(claimed, Look)
    await follow(live, address="OTHER")
    assert await looks.settle(claimed, [seen()]) is None
    assert await rows(live, SeriesProposalRow) == []
    assert len(await looks.due()) == 1


async def test_only_a_live_coalition_looks(stage: Stage) -> None:
    await follow(stage)
    assert await stage.services.series_looks.due() == []
    await stage.go_live()
    assert len(await stage.services.series_looks.due()) == 1
    await stage.services.coalitions.pause(await stage.actor("omar"))
    assert await stage.services.series_looks.due() == []


async def test_without_a_series_nothing_is_looked_at(live: Stage) -> None:
    await look(live, seen())
    await follow(live, provider="none")
    assert (await metric_of(live, PLACED)).series is None
    live.at("2026-12-14T08:00")
    assert await live.services.series_looks.due() == []


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_the_same_form_again_changes_nothing(any_live: Stage) -> None:
    omar = await any_live.actor("omar")
    form = FORM | {"address": "OTHER"}
    first = await any_live.services.series_plans.edit(omar, "a form", PLACED, {}, form)
    again = await any_live.services.series_plans.edit(omar, "a form", PLACED, {}, form)
    assert first.lines == again.lines == ("Series: OHPLACED → OTHER",)
    nothing = await any_live.services.series_plans.edit(omar, "another", PLACED, {}, form)
    assert nothing.lines == ()
