"""Recording figures on both databases: rights, once only, restating, undoing, withholding, and what the past shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.domain.digests import dumps, to_data
from bot.domain.metrics import FigureDraft, FigureSaved, UnknownFigure
from bot.domain.record import Metric, Record
from bot.errors import Refused, UserError
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.metrics import ReadingRow
from tests.examples import on
from tests.services.stage import Stage
from tests.tables import on_each

PLACED = "placed 48.5 as of Jun 30 provisional"


async def metric_of(stage: Stage, metric: str) -> Metric:
    record = await stage.record()
    star = record.coalition.north_star
    every = [*([star.metric] if star and star.metric else []), *(one for p in record.priorities for one in p.metrics)]
    return next(one for one in every if one.id == metric)


async def digest(stage: Stage) -> str:
    return dumps(to_data(await stage.services.digests.compose(stage.operator, stage.calendar.now())))


async def recorded(stage: Stage, who: str, line: str) -> FigureSaved:
    actor = await stage.actor(who)
    draft = await stage.services.metrics.draft(actor, line)
    saved = await stage.services.metrics.record(actor, draft.token)
    assert isinstance(saved, FigureSaved)
    return saved


async def test_draft_says_what_it_would_be_and_changes_nothing(stage: Stage) -> None:
    before = await stage.record()
    draft = await stage.services.metrics.draft(await stage.actor("priya"), PLACED)
    proposal = draft.proposal
    assert (proposal.before is not None and proposal.before.value) == Decimal("44.0")
    assert (proposal.reading.period_start, proposal.reading.quality) == (date(2026, 1, 1), "provisional")
    assert proposal.after.status == "at_risk"
    assert not proposal.needs_confirming
    assert await stage.record() == before


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_record_adds_one_reading_however_often_it_is_pressed(any_sample: Stage) -> None:
    actor = await any_sample.actor("yolanda")
    draft = await any_sample.services.metrics.draft(actor, PLACED)
    first = await any_sample.services.metrics.record(actor, draft.token)
    again = await any_sample.services.metrics.record(actor, draft.token)
    assert isinstance(first, FigureSaved)
    assert isinstance(again, FigureSaved)
    assert again.reading == first.reading
    metric = await metric_of(any_sample, "tp-placed")
    assert [(one.value, one.recorded_on) for one in metric.readings] == [
        (Decimal("44.0"), metric.readings[0].recorded_on),
        (Decimal("48.5"), date(2026, 11, 23)),
    ]


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_same_form_is_stored_once(any_sample: Stage) -> None:
    actor = await any_sample.actor("yolanda")
    answers = {"metric": "tp-placed", "value": "48.5", "period_end": "2026-06-30", "quality": "final"}
    for _ in range(2):
        assert isinstance(await any_sample.services.metrics.submit(actor, "view-1", answers), FigureSaved)
    assert len((await metric_of(any_sample, "tp-placed")).readings) == 2


@pytest.mark.parametrize(
    ("who", "line"),
    [
        ("priya", "seats 140 as of Nov 22"),  # coordinator
        ("imani", "seats 140 as of Nov 22"),  # the priority's owner
        ("luis", "seats 140 as of Nov 22"),  # steward and co-chair
        ("priya", "good-jobs 59,100 as of Nov 22"),
    ],
)
async def test_those_who_may_record(stage: Stage, who: str, line: str) -> None:
    await recorded(stage, who, line)


@pytest.mark.parametrize(
    ("who", "line"),
    [("grant", "seats 140 as of Nov 22"), ("ben", "seats 140 as of Nov 22"), ("imani", "good-jobs 59,100")],
)
async def test_those_who_may_not_hear_who_can_help(stage: Stage, who: str, line: str) -> None:
    with pytest.raises(Refused, match="can help"):
        await stage.services.metrics.draft(await stage.actor(who), line)


async def test_steward_of_the_north_star_records_it(stage: Stage, sample: Record) -> None:
    star = sample.coalition.north_star
    assert star is not None
    assert star.metric is not None
    kept = replace(star, metric=replace(star.metric, steward="ben"))
    await stage.services.coalitions.import_record(replace(sample, coalition=replace(sample.coalition, north_star=kept)))
    await recorded(stage, "ben", "good-jobs 59,100 as of Nov 22")


async def test_refusals_name_everything_that_helps(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        await stage.services.metrics.draft(await stage.actor("tom"), "firms 70 as of Nov 22")
    assert refused.value.message == (
        "Figures of Supplier and small-firm growth are recorded by its owner, the figure's steward or a coordinator. "
        "Grant Okafor or Dana Whitlock can help."
    )
    with pytest.raises(Refused, match="read by those who work on it"):
        await stage.services.metrics.card(await stage.actor("ben"), "seats")
    with pytest.raises(Refused, match="stewards and by coordinators"):
        await stage.services.metrics.form(await stage.actor("ben"))
    with pytest.raises(UnknownFigure):
        await stage.services.metrics.card(await stage.actor("tom"), "qqqq")


@on_each(
    ("line", "said", "field"),
    [
        ("seats 140", "The next figure is for Dec 31, which is still ahead.", "period_end"),
        ("seats 140 as of 2027-01-31", "still ahead", "period_end"),
        ("seats 140 as of 2025-06-30", "Figures count after the baseline's day", "period_end"),
        ("seats 134 as of Sep 30", "That is the figure there is for Sep 30, 134 seats.", None),
        ("enrol 80 as of Oct 31", "so this total covers only part of it", "period_end"),
        ("turnover 44 as of Nov 20", "covers only part", "period_end"),
        ("jq-turnover 44 as of Jun 30", "Say how many reported", "reporters"),
    ],
)
async def test_what_cannot_be_recorded_says_why(stage: Stage, line: str, said: str, field: str | None) -> None:
    with pytest.raises(UserError) as refused:
        await stage.services.metrics.draft(await stage.actor("priya"), line)
    assert said in refused.value.message
    assert refused.value.field == field


async def test_second_figure_needs_a_reason_and_keeps_both(stage: Stage) -> None:
    actor = await stage.actor("luis")
    metrics = stage.services.metrics
    bare = await metrics.draft(actor, "seats 140 as of Sep 30")
    assert (bare.proposal.is_restatement, bare.proposal.needs_note) == (True, True)
    with pytest.raises(UserError, match="Say why it changes"):
        await metrics.record(actor, bare.token)
    await recorded(stage, "luis", "seats 140 as of Sep 30 note Two providers were left out")
    metric = await metric_of(stage, "fa-seats")
    assert [one.value for one in metric.readings if one.period_end == date(2026, 9, 30)] == [Decimal(134), Decimal(140)]
    card = await metrics.card(actor, "seats")
    assert (card.row.standing.value, card.restatements[0].before) == (Decimal(140), Decimal(134))
    found = await stage.services.digests.compose(stage.operator, stage.calendar.now())
    seats = next(one for part in found.priorities for one in part.metrics if one.id == "fa-seats")
    assert [(one.old, one.new) for one in seats.restated][-1] == (Decimal(134), Decimal(140))


async def test_form_asks_for_the_reason_and_then_for_a_yes(stage: Stage) -> None:
    actor = await stage.actor("luis")
    answers: dict[str, str | None] = {"metric": "fa-seats", "value": "140", "period_end": "2026-09-30"}
    with pytest.raises(UserError) as refused:
        await stage.services.metrics.submit(actor, "view-1", answers)
    assert refused.value.field == "note"
    answers["note"] = "Two providers were left out."
    draft = await stage.services.metrics.submit(actor, "view-1", answers)
    assert isinstance(draft, FigureDraft)
    assert isinstance(await stage.services.metrics.record(actor, draft.token), FigureSaved)


@on_each(
    ("answers", "field"),
    [
        ({}, "metric"),
        ({"metric": "qqqq"}, "metric"),
        ({"metric": "fa-seats"}, "value"),
        ({"metric": "fa-seats", "value": "12x"}, "value"),
        ({"metric": "fa-seats", "value": "12"}, "period_end"),
        ({"metric": "fa-seats", "value": "12", "period_end": "0001-01-01"}, "period_end"),
        ({"metric": "jq-turnover", "value": "12", "period_end": "2026-06-30", "reporters": "some"}, "reporters"),
        ({"metric": "jq-turnover", "value": "12", "period_end": "2026-06-30", "reporters": "9" * 9}, "reporters"),
        ({"metric": "fa-seats", "value": "12", "period_end": "2026-11-01", "note": "x" * 301}, "note"),
    ],
)
async def test_mistakes_of_a_form_stand_at_their_field(
    stage: Stage, answers: dict[str, str | None], field: str
) -> None:
    with pytest.raises(UserError) as refused:
        await stage.services.metrics.submit(await stage.actor("priya"), "view-1", answers)
    assert refused.value.field == field


async def test_unusual_figure_is_asked_about(stage: Stage) -> None:
    draft = await stage.services.metrics.draft(await stage.actor("priya"), "placed 485 as of Jun 30")
    assert draft.proposal.seen == (Decimal("41.0"), Decimal("44.0"))
    falling = await stage.services.metrics.draft(await stage.actor("priya"), "firms 60 as of Nov 20")
    assert falling.proposal.falls


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_draft_comes_back_where_somebody_was_faster(any_sample: Stage) -> None:
    yolanda, priya = await any_sample.actor("yolanda"), await any_sample.actor("priya")
    metrics = any_sample.services.metrics
    mine = await metrics.draft(yolanda, f"{PLACED} note From the college")
    await recorded(any_sample, "priya", "placed 47 as of Jun 30")
    back = await metrics.record(yolanda, mine.token)
    assert isinstance(back, FigureDraft)
    assert back.proposal.replaces is not None
    assert back.proposal.replaces.value == Decimal(47)
    assert isinstance(await metrics.record(yolanda, mine.token), FigureSaved)
    with pytest.raises(UserError, match="anymore"):
        await metrics.record(priya, mine.token + "x")


async def test_another_persons_draft_is_not_known(stage: Stage) -> None:
    draft = await stage.services.metrics.draft(await stage.actor("yolanda"), PLACED)
    with pytest.raises(UserError, match="anymore"):
        await stage.services.metrics.record(await stage.actor("priya"), draft.token)


async def test_undo_takes_the_figure_back_and_the_trail_keeps_it(stage: Stage) -> None:
    before = await stage.record()
    stage.at("2026-11-23T10:00")
    saved = await recorded(stage, "yolanda", PLACED)
    between = stage.at("2026-11-23T10:05")
    actor = await stage.actor("yolanda")
    undone = await stage.services.metrics.undo(actor, saved.token)
    assert (undone.current, undone.restored) == (None, False)
    assert await stage.services.metrics.undo(actor, saved.token) == undone
    again = await stage.services.metrics.record(actor, saved.token)
    assert isinstance(again, FigureSaved)
    assert again.undone
    assert await stage.record() == before
    seen = await stage.record(between.replace(minute=4))
    placed = next(one for p in seen.priorities for one in p.metrics if one.id == "tp-placed")
    assert placed.readings[-1].value == Decimal("48.5")
    async with stage.services.database.read() as session:
        entries = (
            await session.execute(
                select(AuditEntryRow.operation, AuditEntryRow.old, ChangeRow.actor_id)
                .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
                .where(AuditEntryRow.table_name == "readings", ChangeRow.at >= between.replace(minute=0))
                .order_by(AuditEntryRow.id)
            )
        ).all()
    assert [entry.operation for entry in entries] == ["insert", "update", "delete"]
    assert entries[-1].old["extra"] == {"removed": "recorded by mistake"}
    assert {entry.actor_id for entry in entries} == {actor.member_id}


async def test_undo_of_a_restatement_leaves_no_trace_in_the_digest(stage: Stage) -> None:
    before = await digest(stage)
    saved = await recorded(stage, "luis", "seats 140 as of Sep 30 note Typo")
    assert await digest(stage) != before
    undone = await stage.services.metrics.undo(await stage.actor("luis"), saved.token)
    assert undone.current is not None
    assert undone.current.value == Decimal(134)
    assert await digest(stage) == before


async def test_undo_of_what_a_digest_has_shown_restores_in_the_open(reached: Stage) -> None:
    stage = reached
    stage.at("2026-11-25T07:00")
    first = await recorded(stage, "yolanda", PLACED)
    second = await recorded(stage, "luis", "seats 140 as of Sep 30 note Typo")
    stage.at("2026-11-25T07:31")
    await stage.settle()
    with pytest.raises(UserError, match="A digest has shown this figure"):
        await stage.services.metrics.undo(await stage.actor("yolanda"), first.token)
    undone = await stage.services.metrics.undo(await stage.actor("luis"), second.token)
    assert undone.restored
    metric = await metric_of(stage, "fa-seats")
    assert [one.value for one in metric.readings if one.period_end == date(2026, 9, 30)] == [134, 140, 134]


async def test_undo_is_for_its_recorder_its_day_and_the_newest_figure(stage: Stage) -> None:
    metrics = stage.services.metrics
    saved = await recorded(stage, "yolanda", PLACED)
    with pytest.raises(Refused, match="Only the person who recorded"):
        await metrics.undo(await stage.actor("priya"), saved.token)
    await recorded(stage, "priya", "placed 47 as of Jun 30 note Counted again")
    with pytest.raises(UserError, match="newer figure"):
        await metrics.undo(await stage.actor("yolanda"), saved.token)
    other = await recorded(stage, "luis", "seats 140 as of Nov 20")
    stage.at("2026-11-24T09:00")
    with pytest.raises(UserError, match="on its own day"):
        await metrics.undo(await stage.actor("luis"), other.token)
    with pytest.raises(UserError, match="anymore"):
        await metrics.undo(await stage.actor("luis"), "nothing")


async def test_recorded_on_is_the_coalitions_day(stage: Stage) -> None:
    stage.at("2026-11-23T23:30")  # already Tuesday in UTC
    saved = await recorded(stage, "yolanda", PLACED)
    assert saved.reading.recorded_on == date(2026, 11, 23)


async def test_withheld_figures_are_nowhere(stage: Stage) -> None:
    await recorded(stage, "tom", "jq-turnover 40 as of Jun 30 from 3 note Fewer reported")
    metrics = stage.services.metrics
    card = await metrics.card(await stage.actor("tom"), "turnover")
    assert (card.row.standing.value, card.row.standing.progress, card.row.standing.withheld) == (None, None, True)
    assert card.restatements[0].after is None
    draft = await metrics.draft(await stage.actor("tom"), "jq-turnover 39 as of Jun 30 from 4 note Again")
    assert draft.proposal.withheld


async def test_digest_of_an_earlier_moment_stays_the_same(stage: Stage) -> None:
    moment = stage.at("2026-11-23T09:00")
    before = await digest(stage)
    stage.at("2026-11-23T10:00")
    saved = await recorded(stage, "yolanda", PLACED)
    await recorded(stage, "luis", "seats 140 as of Sep 30 note Two providers were left out")
    stage.at("2026-11-23T11:00")
    await stage.services.metrics.undo(await stage.actor("yolanda"), saved.token)
    found = await stage.services.digests.compose(stage.operator, moment)
    assert dumps(to_data(found)) == before


@pytest.mark.in_part
@on("sqlite", "any_two_url")
async def test_one_coalition_does_not_know_the_others_figures(any_two: tuple[Stage, Stage]) -> None:
    any_sample, other = any_two
    before = await other.record()
    draft = await any_sample.services.metrics.draft(await any_sample.actor("yolanda"), PLACED)
    with pytest.raises(UserError, match="anymore"):
        await other.services.metrics.record(await other.actor("yolanda"), draft.token)
    saved = await recorded(any_sample, "yolanda", PLACED)
    with pytest.raises(UserError, match="anymore"):
        await other.services.metrics.undo(await other.actor("yolanda"), saved.token)
    assert await other.record() == before
    async with any_sample.services.database.read() as session:
        rows = (await session.scalars(select(ReadingRow).where(ReadingRow.submission_key.is_not(None)))).all()
    assert {row.coalition_id for row in rows} == {any_sample.coalition_id}


async def test_mine_has_due_ones_first(stage: Stage) -> None:
    mine = await stage.services.metrics.mine(await stage.actor("priya"))
    assert [(row.metric.id, row.is_due) for row in mine.rows] == [
        ("jq-wage", True),
        ("ns-good-jobs", False),
        ("tp-credential", False),
        ("sg-jobs", False),
    ]
    assert mine.readable == 14
    everything = await stage.services.metrics.mine(await stage.actor("priya"), everything=True)
    assert [row.metric.id for row in everything.rows][:2] == ["jq-wage", "tp-placed"]
    funders = await stage.services.metrics.mine(await stage.actor("ben"), everything=True)
    assert ([row.metric.id for row in funders.rows], funders.may_record) == (["ns-good-jobs"], False)


async def test_form_offers_yours_first_and_fills_in_a_draft(stage: Stage) -> None:
    actor = await stage.actor("yolanda")
    draft = await stage.services.metrics.draft(actor, PLACED)
    form = await stage.services.metrics.form(actor, token=draft.token)
    assert [row.metric.id for row in form.rows] == ["tp-placed", "tp-enrol", "tp-credential"]
    assert form.entry is not None
    assert (form.entry.value, form.entry.quality) == (Decimal("48.5"), "provisional")
    chosen = await stage.services.metrics.form(actor, metric="tp-placed")
    assert chosen.suggested_end == date(2026, 6, 30)
    with pytest.raises(Refused):
        await stage.services.metrics.form(actor, metric="fa-seats")
