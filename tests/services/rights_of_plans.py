"""Part 7 as calls, of what is planned and counted: figures, priorities, funding and meetings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal

from bot.domain.funding import allocation_plan, source_plan, target_field
from bot.domain.metrics import TableLine
from bot.domain.plan import Depth
from bot.domain.series import ProposalState
from bot.domain.typed import marks_of
from bot.errors import Refused
from bot.sealing import Seal, new_key
from bot.services.access import Actor
from bot.services.meetings import CalendarFeeds
from bot.store.base import id_of
from bot.store.metrics import MetricRow
from bot.store.series import SeriesProposalRow
from tests.services.edits import local
from tests.services.rights_stage import OWN, Scene
from tests.services.rights_table import (
    CHAIR,
    CHANGED_PRIORITY,
    CHANGES_PRIORITY,
    COORDINATORS,
    EVERYBODY,
    FIGURE,
    FUNDERS,
    METRIC,
    NOBODY,
    NOTES,
    OTHER_OWNER,
    OUR_LAST_MEETING,
    OUR_MEETING,
    OUTCOME,
    OWNERS,
    PLAN,
    PLANS_MEETING,
    PRIORITY,
    PROPOSES_CHANGE,
    QUALITY,
    READS_ANOTHER,
    READS_PRIORITY,
    READS_ROLL_UP,
    RECORDS_FIGURE,
    SEAT,
    SEES_ALL_AMOUNTS,
    SEES_AMOUNTS,
    SOURCE,
    STAFF,
    STEERING,
    STEERINGS,
    STEWARD,
    TARGET,
    WRITES_NOTES,
    Acts,
    act,
    coordinators,
    drafting,
    everybody,
    leads,
)

LINE = "seats 140 as of Oct 31"
TABLE = [TableLine(2, {"metric": "fa-seats", "value": "140", "period_end": "2026-10-31"})]
CHANGED_METRIC = {
    "name": "Seats open at odd hours",
    "definition": "Licensed seats.",
    "unit": "seats",
    "direction": "increase",
    "aggregation": "point_in_time",
    "level": "contributing",
    "horizon": "short",
    "frequency": "quarterly",
    "steward": "luis",
    "baseline_value": "60",
    "baseline_on": "2025-06-30",
    "reason": "Shorter.",
}
RECORDS_SOMETHING = COORDINATORS | OWNERS | OTHER_OWNER | STEWARD
READS_FUNDING = COORDINATORS | STEERING | OWNERS | OTHER_OWNER | FUNDERS
BEN = frozenset({"ben"})
CHARLOTTE = frozenset({"charlotte"})


async def _addresses(scene: Scene, actor: Actor) -> object:
    """Where the program can be reached."""
    feeds = CalendarFeeds(
        scene.services.database, scene.services.calendar, Seal([new_key()]), "https://bot.example.org"
    )
    return await feeds.addresses(actor)


async def _record_drafted(scene: Scene, actor: Actor) -> object:
    drafted = await scene.services.metrics.draft(drafting(actor), LINE)
    return await scene.services.metrics.record(actor, drafted.token)


async def _undo_figure(scene: Scene, actor: Actor) -> object:
    """Somebody recorded it while they might."""
    drafted = await scene.services.metrics.draft(drafting(actor), LINE)
    await scene.services.metrics.record(drafting(actor), drafted.token)
    return await scene.services.metrics.undo(actor, drafted.token)


async def _proposed(scene: Scene, actor: Actor) -> str:
    """A value that the figure's series has; what its buttons are about."""
    async with scene.services.database.write(coalition_id=actor.coalition_id) as session:
        session.add(
            SeriesProposalRow(
                coalition_id=actor.coalition_id,
                metric_id=await id_of(session, MetricRow, actor.coalition_id, "fa-seats"),
                period_end=date(2026, 10, 31),
                value=Decimal(140),
                quality="final",
                series="FRED SEATS",
                seen_on=date(2026, 11, 23),
                state=ProposalState.OPEN,
            )
        )
    return "fa-seats 2026-10-31 140"


async def _record_found(scene: Scene, actor: Actor) -> object:
    return await scene.services.series_answers.record(actor, await _proposed(scene, actor))


async def _change_found(scene: Scene, actor: Actor) -> object:
    return await scene.services.series_answers.change(actor, await _proposed(scene, actor))


async def _decline_found(scene: Scene, actor: Actor) -> object:
    return await scene.services.series_answers.decline(actor, await _proposed(scene, actor))


FOLLOWED = {"provider": "fred", "address": "SEATS", "looks": "weekly", "record_by_itself": "no"}
FIGURES: Acts = {
    "series_plans.form": (act(RECORDS_FIGURE, lambda s, a: s.services.series_plans.form(a, "fa-seats")),),
    "series_plans.edit": (
        act(RECORDS_FIGURE, lambda s, a: s.services.series_plans.edit(a, "new", "fa-seats", {}, FOLLOWED)),
    ),
    "series_answers.record": (act(RECORDS_FIGURE, _record_found),),
    "series_answers.change": (act(RECORDS_FIGURE, _change_found),),
    "series_answers.decline": (act(RECORDS_FIGURE, _decline_found),),
    "metrics.card": (
        act(READS_PRIORITY, lambda s, a: s.services.metrics.card(a, "fa-wait")),
        act(READS_PRIORITY | OTHER_OWNER, lambda s, a: s.services.metrics.card(a, "fa-seats"), "its headline figure"),
        act(READS_ANOTHER, lambda s, a: s.services.metrics.card(a, "tp-placed"), "another priority's"),
        # The roll-up tells it.
        act(READS_ROLL_UP, lambda s, a: s.services.metrics.card(a, "tp-enrol"), "another priority's headline figure"),
        # Every edition of the digest begins with it.
        act(EVERYBODY, lambda s, a: s.services.metrics.card(a, "ns-good-jobs"), "the north star's"),
    ),
    "metrics.mine": everybody(lambda s, a: s.services.metrics.mine(a, everything=True)),
    "figure_tables.check": (act(RECORDS_SOMETHING, lambda s, a: s.services.figure_tables.check(a, TABLE)),),
    "figure_tables.record": (act(RECORDS_SOMETHING, lambda s, a: s.services.figure_tables.record(a, TABLE)),),
    "metrics.form": (
        act(RECORDS_SOMETHING, lambda s, a: s.services.metrics.form(a)),
        act(RECORDS_FIGURE, lambda s, a: s.services.metrics.form(a, metric="fa-seats"), "of one figure"),
    ),
    "metrics.draft": (act(RECORDS_FIGURE, lambda s, a: s.services.metrics.draft(a, LINE)),),
    "metrics.submit": (
        act(RECORDS_FIGURE, lambda s, a: s.services.metrics.submit(a, "new", FIGURE)),
        act(RECORDS_FIGURE | STEWARD, lambda s, a: s.services.metrics.submit(a, "new", QUALITY), "the steward's own"),
    ),
    "metrics.record": (act(RECORDS_FIGURE, _record_drafted),),
    "metrics.undo": (act(RECORDS_FIGURE, _undo_figure),),
    "metric_plans.form": (
        act(CHANGES_PRIORITY, lambda s, a: s.services.metric_plans.form(a), "of a new one"),
        act(PROPOSES_CHANGE, lambda s, a: s.services.metric_plans.form(a, "fa-seats")),
    ),
    "metric_plans.add": (act(CHANGES_PRIORITY, lambda s, a: s.services.metric_plans.add(a, "new", METRIC)),),
    "metric_plans.edit": (
        act(PROPOSES_CHANGE, lambda s, a: s.services.metric_plans.edit(a, "new", "fa-seats", {}, CHANGED_METRIC)),
    ),
    "metric_plans.target_form": (
        act(PROPOSES_CHANGE, lambda s, a: s.services.metric_plans.target_form(a, "fa-seats")),
    ),
    "metric_plans.retarget": (
        act(PROPOSES_CHANGE, lambda s, a: s.services.metric_plans.retarget(a, "new", "fa-seats", {}, TARGET)),
    ),
    "metric_plans.history": (
        act(READS_PRIORITY | OTHER_OWNER, lambda s, a: s.services.metric_plans.history(a, "fa-seats")),
        act(EVERYBODY, lambda s, a: s.services.metric_plans.history(a, "ns-good-jobs"), "the north star's"),
    ),
}


async def _whole_card(scene: Scene, actor: Actor) -> object:
    """All of a priority's card, not what the roll-up says of it."""
    card = await scene.services.priorities.card(actor, "talent-pathways")
    if card.is_summary:
        raise Refused("This is a summary. A coordinator can help.")
    return card


def _whole_plan(priority: str) -> Callable[[Scene, Actor], Awaitable[object]]:
    """The plan with all that there is to read of a priority in it."""

    async def read(scene: Scene, actor: Actor) -> object:
        found = [one for one in (await scene.services.plans.page(actor)).priorities if one.part.id == priority]
        if not found or found[0].depth != Depth.WHOLE:
            raise Refused("This is not whole. A coordinator can help.")
        return found

    return read


def _amounts_in_plan(priority: str) -> Callable[[Scene, Actor], Awaitable[object]]:
    """The plan with the amounts of a priority in it."""

    async def read(scene: Scene, actor: Actor) -> object:
        found = [one for one in (await scene.services.plans.page(actor)).priorities if one.part.id == priority]
        if not found or not found[0].amounts:
            raise Refused("These amounts are not told. A coordinator can help.")
        return found

    return read


PRIORITIES: Acts = {
    "priorities.mine": everybody(lambda s, a: s.services.priorities.mine(a, everything=True)),
    "priorities.card": (
        act(READS_PRIORITY | OTHER_OWNER, lambda s, a: s.services.priorities.card(a, OWN)),
        act(READS_ROLL_UP, lambda s, a: s.services.priorities.card(a, "talent-pathways"), "what the roll-up says"),
        act(READS_ANOTHER, _whole_card, "another one, all of it"),
    ),
    "priorities.history": (
        act(READS_PRIORITY, lambda s, a: s.services.priorities.history(a, OWN)),
        act(READS_ANOTHER, lambda s, a: s.services.priorities.history(a, "talent-pathways"), "of another one"),
    ),
    "plans.page": (
        *everybody(lambda s, a: s.services.plans.page(a)),
        act(READS_PRIORITY, _whole_plan(OWN), "all of the priority"),
        act(READS_ANOTHER, _whole_plan("talent-pathways"), "all of another one"),
        act(SEES_AMOUNTS, _amounts_in_plan(OWN), "the priority's money"),
        act(SEES_ALL_AMOUNTS, _amounts_in_plan("talent-pathways"), "another one's money"),
    ),
    "plans.public": leads(lambda s, a: s.services.plans.public(a)),
    "priority_plans.form": (
        act(CHANGES_PRIORITY, lambda s, a: s.services.priority_plans.form(a), "of a new one"),
        act(PROPOSES_CHANGE, lambda s, a: s.services.priority_plans.form(a, OWN)),
    ),
    "priority_plans.add": (act(CHANGES_PRIORITY, lambda s, a: s.services.priority_plans.add(a, "new", PRIORITY)),),
    "priority_plans.edit": (
        act(PROPOSES_CHANGE, lambda s, a: s.services.priority_plans.edit(a, "new", OWN, {}, CHANGED_PRIORITY)),
        act(
            CHANGES_PRIORITY,
            lambda s, a: s.services.priority_plans.edit(a, "new", "talent-pathways", {}, CHANGED_PRIORITY),
            "another one",
        ),
    ),
    "priority_plans.outcomes": (act(READS_PRIORITY, lambda s, a: s.services.priority_plans.outcomes(a, OWN)),),
    "priority_plans.outcome_form": (act(PROPOSES_CHANGE, lambda s, a: s.services.priority_plans.outcome_form(a, OWN)),),
    "priority_plans.save_outcome": (
        act(PROPOSES_CHANGE, lambda s, a: s.services.priority_plans.save_outcome(a, "new", OWN, None, {}, OUTCOME)),
    ),
}


def _source(scene: Scene, key: str) -> dict[str, str]:
    """The marks of a source as its form is opened."""
    source = next(one for one in scene.record.funding_sources if one.id == key)
    return {**marks_of(source_plan(source)), **marks_of(allocation_plan(source))}


FUNDING: Acts = {
    "funding.overview": (act(READS_FUNDING, lambda s, a: s.services.funding.overview(a)),),
    "funding.sources": (act(READS_FUNDING, lambda s, a: s.services.funding.sources(a)),),
    "funding.find": (
        act(SEES_AMOUNTS, lambda s, a: s.services.funding.find(a, "F-3"), "a source of the priority"),
        act(SEES_ALL_AMOUNTS, lambda s, a: s.services.funding.find(a, "F-2"), "a source of another one"),
        act(SEES_ALL_AMOUNTS | OTHER_OWNER | BEN, lambda s, a: s.services.funding.find(a, "F-8"), "a funder's grant"),
        # A funder hears nothing of what others have applied for, also where it sits in steering.
        act(SEES_AMOUNTS - CHARLOTTE, lambda s, a: s.services.funding.find(a, "F-4"), "an application"),
    ),
    "funding.card": (
        act(SEES_AMOUNTS, lambda s, a: s.services.funding.card(a, "source", "F-3")),
        act(READS_PRIORITY, lambda s, a: s.services.funding.card(a, "priority", OWN), "a priority's money"),
        act(SEES_ALL_AMOUNTS, lambda s, a: s.services.funding.card(a, "coalition", "coalition"), "the coalition's"),
    ),
    "funding.history": (
        act(SEES_AMOUNTS, lambda s, a: s.services.funding.history(a, "F-3")),
        act(
            SEES_ALL_AMOUNTS | OTHER_OWNER | BEN, lambda s, a: s.services.funding.history(a, "F-8"), "a funder's grant"
        ),
    ),
    "funding_changes.form": coordinators(lambda s, a: s.services.funding_changes.form(a)),
    "funding_changes.add": coordinators(lambda s, a: s.services.funding_changes.add(a, "new", SOURCE)),
    "funding_changes.update_form": (
        act(COORDINATORS, lambda s, a: s.services.funding_changes.update_form(a, "F-3")),
        act(
            COORDINATORS | BEN, lambda s, a: s.services.funding_changes.update_form(a, "F-8"), "for a funder its report"
        ),
    ),
    "funding_changes.update": coordinators(
        lambda s, a: s.services.funding_changes.update(
            a, "new", "F-3", _source(s, "F-3"), {**SOURCE, "amount": "350000"}
        )
    ),
    "funding_changes.allocation_form": coordinators(lambda s, a: s.services.funding_changes.allocation_form(a, "F-3")),
    "funding_changes.allocate": coordinators(
        lambda s, a: s.services.funding_changes.allocate(
            a, "new", "F-3", _source(s, "F-3"), {target_field(OWN): "340000"}
        )
    ),
    "funding_changes.report_form": (
        act(COORDINATORS | BEN, lambda s, a: s.services.funding_changes.report_form(a, "F-8")),
        act(
            COORDINATORS | CHARLOTTE, lambda s, a: s.services.funding_changes.report_form(a, "F-7"), "another funder's"
        ),
    ),
    "funding_changes.report": (
        act(
            COORDINATORS | BEN,
            lambda s, a: s.services.funding_changes.report(a, "new", "F-8", {}, {"report_due": "2027-04-30"}),
        ),
        act(
            COORDINATORS,
            lambda s, a: s.services.funding_changes.report(a, "new", "F-3", {}, {"report_due": "2027-12-31"}),
            "no funder's of the cast",
        ),
    ),
}

# Who is invited to the meetings of the priority's group; staff with a seat are.
INVITED = STAFF | OWNERS | SEAT
SEES_MEETING = COORDINATORS | STEERING | OWNERS | SEAT
SEES_STEERINGS = COORDINATORS | STEERING


async def _save_meeting(scene: Scene, actor: Actor) -> object:
    await scene.services.meeting_plans.preview(drafting(actor), "new", PLAN)
    return await scene.services.meeting_plans.save(actor, "new")


async def _check_again(scene: Scene, actor: Actor) -> object:
    await scene.services.meeting_notes.check(drafting(actor), "new", OUR_LAST_MEETING, NOTES, 0)
    return await scene.services.meeting_notes.again(actor, "new")


async def _post_notes(scene: Scene, actor: Actor) -> object:
    await scene.services.meeting_notes.check(drafting(actor), "new", OUR_LAST_MEETING, NOTES, 0)
    return await scene.services.meeting_notes.post(actor, "new")


MEETINGS: Acts = {
    "meetings.mine": everybody(lambda s, a: s.services.meetings.mine(a)),
    "meetings.every": everybody(lambda s, a: s.services.meetings.every(a)),
    "meetings.find": (
        act(SEES_MEETING, lambda s, a: s.services.meetings.find(a, "family access working group")),
        act(EVERYBODY, lambda s, a: s.services.meetings.find(a, "convening"), "everybody's"),
    ),
    "meetings.show": (
        act(SEES_MEETING, lambda s, a: s.services.meetings.show(a, "wg-access-monthly")),
        act(COORDINATORS | STEERING, lambda s, a: s.services.meetings.show(a, "steering-quarterly"), "steering's"),
    ),
    "meetings.answer": (act(INVITED, lambda s, a: s.services.meetings.answer(a, OUR_MEETING, "coming")),),
    "meetings.send_substitute": (
        act(INVITED, lambda s, a: s.services.meetings.send_substitute(a, OUR_MEETING, "otto")),
    ),
    "meetings.change_form": (
        act(PLANS_MEETING, lambda s, a: s.services.meetings.change_form(a, "wg-access-monthly", "move")),
    ),
    "meetings.skip": (
        act(PLANS_MEETING, lambda s, a: s.services.meetings.skip(a, OUR_MEETING)),
        act(COORDINATORS | CHAIR, lambda s, a: s.services.meetings.skip(a, STEERINGS), "steering's"),
    ),
    "meetings.move": (
        act(PLANS_MEETING, lambda s, a: s.services.meetings.move(a, OUR_MEETING, local("2026-12-16T11:00"))),
        act(
            COORDINATORS | CHAIR,
            lambda s, a: s.services.meetings.move(a, STEERINGS, local("2027-02-04T09:00")),
            "steering's",
        ),
    ),
    "meeting_plans.form": (
        act(COORDINATORS | CHAIR | OWNERS | OTHER_OWNER, lambda s, a: s.services.meeting_plans.form(a), "a new one"),
        act(PLANS_MEETING, lambda s, a: s.services.meeting_plans.form(a, key="wg-access-monthly")),
    ),
    "meeting_plans.preview": (act(PLANS_MEETING, lambda s, a: s.services.meeting_plans.preview(a, "new", PLAN)),),
    "meeting_plans.save": (act(PLANS_MEETING, _save_meeting),),
    "agendas.find": (act(SEES_MEETING, lambda s, a: s.services.agendas.find(a, "wg-access-monthly")),),
    "agendas.show": (act(SEES_MEETING, lambda s, a: s.services.agendas.show(a, OUR_MEETING)),),
    # Who comes, who runs the coalition, and who reads every priority.
    "packs.find": (act(SEES_STEERINGS, lambda s, a: s.services.packs.find(a, "steering-quarterly")),),
    "packs.show": (act(SEES_STEERINGS, lambda s, a: s.services.packs.show(a, STEERINGS)),),
    "agendas.point_form": (act(SEES_MEETING, lambda s, a: s.services.agendas.point_form(a, OUR_MEETING)),),
    "agendas.add_point": (act(SEES_MEETING, lambda s, a: s.services.agendas.add_point(a, OUR_MEETING, "Vans", "new")),),
    "meeting_notes.find": (act(WRITES_NOTES, lambda s, a: s.services.meeting_notes.find(a, "wg-access-monthly")),),
    "meeting_notes.form": (act(WRITES_NOTES, lambda s, a: s.services.meeting_notes.form(a, OUR_LAST_MEETING)),),
    "meeting_notes.again": (act(WRITES_NOTES, _check_again),),
    "meeting_notes.check": (
        act(WRITES_NOTES, lambda s, a: s.services.meeting_notes.check(a, "new", OUR_LAST_MEETING, NOTES, 0)),
    ),
    "meeting_notes.post": (act(WRITES_NOTES, _post_notes),),
    "calendars.mine": (
        act(EVERYBODY, lambda s, a: s.services.calendars.mine(a)),
        act(SEES_MEETING, lambda s, a: s.services.calendars.mine(a, "wg-access-monthly"), "one that is named"),
    ),
    "calendars.event": (act(NOBODY, lambda s, a: s.services.calendars.event(a, "wg-access-monthly")),),
    "calendar_feeds.addresses": everybody(_addresses),
    "calendar_feeds.mail_changes": everybody(lambda s, a: s.services.calendar_feeds.mail_changes(a, True)),
    "calendar_feeds.file": (act(EVERYBODY, lambda s, a: s.services.calendar_feeds.file(a, None), "one's own"),),
    "calendars.every": coordinators(lambda s, a: s.services.calendars.every(a)),
}

PLANS: Acts = {**FIGURES, **PRIORITIES, **FUNDING, **MEETINGS}
