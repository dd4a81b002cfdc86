"""The small coalition with a second check-in on its priority, that asks a file's own questions and feeds no digest."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.domain.record import Record
from bot.domain.record import record as values
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.rhythm import CadenceRow
from tests.builders import cadence
from tests.services.lived import once
from tests.services.small import friday, questions, small, weekly
from tests.services.stage import Stage

WEEKLY = {"assessment": "at_risk", "confidence": "5", "moved": "One offer.", "blocker": "Pay.", "next": "Signed."}
STOCK = values.QuestionSet(
    id="stock",
    title="Stocktake",
    minutes=5,
    allow_no_change=True,
    questions=(
        values.Question(id="assessment", type="choice", label="How is it?", options=("on_track", "off_track")),
        values.Question(id="curve", type="choice", label="Does it bend?", options=("yes", "cannot_tell")),
        values.Question(id="forecast", type="number", label="Where will it end?"),
        values.Question(id="sure", type="scale", label="How sure?", min=1, max=5),
        values.Question(id="blocker", type="text", label="In the way?"),
        values.Question(id="story", type="text", label="What explains the trend"),
        values.Question(id="known_by", type="date", label="Known by?"),
        values.Question(id="partner", type="item_picker", label="Who helps?", source="organizations_and_groups"),
        values.Question(id="helped", type="choices", label="What helped?", options=("time", "more_money", "people")),
        values.Question(id="ready", type="yes_no", label="Ready?"),
        values.Question(id="lead", type="item_picker", label="Who leads?", source="members"),
        values.Question(id="place", type="item_picker", label="Which group?", source="groups"),
        values.Question(id="named", type="item_picker", label="Which priority?", source="priorities"),
        values.Question(id="for_coordinator", type="text", label="Anything for the coordinator only?"),
    ),
)
TOLD = {
    "assessment": "on_track",
    "curve": "cannot_tell",
    "forecast": "48.5",
    "sure": "4",
    "blocker": "Nothing.",
    "story": "Two cohorts <started> & one waits.",
    "known_by": "2026-12-11",
    "partner": "other",
    "helped": "time\nmore_money",
    "ready": "yes",
    "lead": "lou",
    "place": "steering",
    "named": "p1",
    "for_coordinator": "Between us.",
}
# What each of these answers must be read as, wherever the set's answers stand.
READ_AS = (
    "How is it? on track",
    "Does it bend? cannot tell",
    "Where will it end? 48.5",
    "How sure? 4 of 5",
    "In the way? “Nothing.”",
    "What explains the trend: “Two cohorts <started> & one waits.”",
    "Known by? Dec 11",
    "Who helps? Other",
    "What helped? time, more money",
    "Ready? yes",
    "Who leads? Lou",
    "Which group? Group steering",
    "Which priority? Priority p1",
)


def stocktake(**fields: Any) -> values.Cadence:
    """Each Wednesday at nine."""
    usual: dict[str, Any] = {"question_set": "stock", "name": "Monthly stocktake", "rrule": "FREQ=WEEKLY;BYDAY=WE"}
    return cadence("stock", **(usual | {"dtstart": cadence().dtstart.replace(day=7)} | fields))


def with_own_set(*cadences: values.Cadence) -> Record:
    """The weekly check-in and the stocktake beside it, unless others are given."""
    return small(cadences=(friday(), *(cadences or (weekly(), stocktake()))), question_sets=(questions(), STOCK))


@once
async def started(services: Any, calendar: Any) -> Stage:
    """Live since Monday at seven."""
    stage = await Stage.with_record(services, calendar, with_own_set())
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    return stage


@once
async def asked_weekly(services: Any, calendar: Any) -> Stage:
    """On Tuesday at nine the weekly update was asked for."""
    stage = await started(services, calendar)
    await live(stage, "2026-11-24T09:00")
    return stage


@once
async def asked_both(services: Any, calendar: Any) -> Stage:
    """It is answered, and on Wednesday at nine the stocktake was asked for."""
    stage = await asked_weekly(services, calendar)
    await say(stage, "weekly", **WEEKLY)
    await live(stage, "2026-11-25T09:00")
    return stage


@once
async def answered_both(services: Any, calendar: Any) -> Stage:
    """And is answered."""
    stage = await asked_both(services, calendar)
    await say(stage, "stock", **TOLD)
    return stage


async def live(stage: Stage, *moments: str) -> None:
    """Whatever is due at each of these moments happens."""
    for moment in moments:
        stage.at(moment)
        await stage.settle()


async def subject_of(stage: Stage, checkin: str) -> int:
    """The newest round's subject of a check-in."""
    async with stage.services.database.read() as session:
        found = await session.scalar(
            select(RoundSubjectRow.id)
            .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
            .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
            .where(CadenceRow.coalition_id == stage.coalition_id, CadenceRow.key == checkin)
            .order_by(RoundSubjectRow.opens_at.desc())
        )
    assert found is not None
    return found


async def say(stage: Stage, checkin: str, who: str = "ana", **said: str) -> Any:
    """Somebody answers the newest round of a check-in."""
    actor, subject = await stage.actor(who), await subject_of(stage, checkin)
    form = f"{checkin}:{who}:{stage.calendar.now()}"
    return await stage.services.checkins.submit(actor, form, subject, said)
