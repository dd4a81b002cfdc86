"""Ten days of the sample with everything in them that goes along in a file, and what its people then read and hear."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import select

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.checkins import summary_about
from bot.domain.digests import Query, dumps, to_data
from bot.domain.endings import Leaving
from bot.domain.meetings import Agenda
from bot.domain.packs import Pack
from bot.domain.record import Organization, Record
from bot.domain.rhythm import STOCKTAKE
from bot.files import dump_coalition_file, load_coalition_file
from bot.files.calendar_ics import calendar_as_ics
from bot.files.digest_html import as_html
from bot.files.digest_text import as_text
from bot.files.plan_html import plan_as_html, public_as_html
from bot.files.plan_text import plan_as_markdown
from bot.services import Services
from bot.slack.blocks import issues, packs
from bot.slack.blocks.meetings import agendas
from bot.slack.message import Message, View
from bot.slack.rendering import render
from bot.store.asks import AskRow
from bot.store.database import Database
from bot.store.digests import DigestRow
from tests.builders import cadence
from tests.sample import sample_record
from tests.services import group_checkin, own_set, pulse_rounds
from tests.services.reading import read
from tests.services.rights_screens import SCREENS
from tests.services.stage import Stage, play_until_digest, rest_meetings, use_the_rest

READERS = ("omar", "imani", "ben")
TO_LUIS = Leaving(
    last_day=date(2026, 11, 25), priorities="tom", figures="tom", work="tom", chairs="tom", stand_in="tom"
)
NOW = "2026-12-02T10:05"


def with_all_kinds() -> Record:
    """The sample with a check-in of each kind in these days, a pack, money that ends, a breakdown and an end."""
    record = sample_record()
    weekly = {"dtstart": cadence().dtstart.replace(day=7), "rrule": "FREQ=WEEKLY;BYDAY=WE"}
    mine = group_checkin.group_checkin(audience="wg-access", **weekly)
    monthly = {"dtstart": cadence().dtstart.replace(day=28), "rrule": "FREQ=MONTHLY;BYDAY=4WE"}
    stock = own_set.stocktake(question_set="stock-set", audience="priority_owners", **monthly)
    pulse = pulse_rounds.pulse(question_set="pulse-set", **monthly)
    changed: dict[str, dict[str, Any]] = {
        "metric-refresh": {"rrule": "FREQ=MONTHLY;BYDAY=-1MO", "dtstart": datetime(2026, 1, 26, 9)},  # noqa: DTZ001
        "steering-quarterly": {"rrule": "FREQ=MONTHLY;BYDAY=2WE", "dtstart": datetime(2026, 2, 11, 9)},  # noqa: DTZ001
    }
    first, *others = record.priorities
    metric, *metrics = first.metrics
    *readings, newest = metric.readings
    parted = replace(newest, breakdown=({"by": "place", "part": "Harrow", "value": Decimal(30)},))
    return replace(
        record,
        organizations=(
            *record.organizations,
            Organization(id="gone", name="Gone Works", sector="private", ended=date(2026, 11, 20)),
        ),
        priorities=(
            replace(first, metrics=(replace(metric, readings=(*readings, parted)), *metrics)),
            *others,
        ),
        cadences=(*(replace(one, **changed.get(one.id, {})) for one in record.cadences), mine, stock, pulse),
        question_sets=(
            *record.question_sets,
            group_checkin.WORK,
            replace(STOCKTAKE, id="stock-set"),
            replace(pulse_rounds.PULSE_SET, id="pulse-set"),
        ),
        decisions=tuple(replace(one, visibility="steering") if one.id == "D-2" else one for one in record.decisions),
        funding_sources=tuple(
            replace(one, period_end=date(2026, 12, 30)) if one.id == "F-2" else one for one in record.funding_sources
        ),
    )


async def lived(services: Services, calendar: FixedCalendar) -> Stage:
    """Up to a Wednesday on which a round is open and half answered, and a decision waits for voices."""
    stage = await Stage.with_record(services, calendar, with_all_kinds())
    await play_until_digest(stage)
    await use_the_rest(stage)
    await rest_meetings(services, stage.coalition_id, resume=True)
    omar = await stage.actor("omar")
    await services.leavings.leave(omar, "renata", {}, TO_LUIS)
    await _live(stage, "2026-11-25T11:05")
    await group_checkin.say(stage, "imani", {"pace": "right", "use": "4", "for_coordinator": "I may move."})
    asked = await stage.subject("supplier-growth")
    await services.checkins.submit(await stage.actor("grant"), "stock", asked.id, _STOCK)
    people = ("yolanda", "helen", "grant", "marcus", "luis", "priya")
    for who, said in zip(people, pulse_rounds.SAID.values(), strict=False):
        await pulse_rounds.say(stage, who, said)
    await _live(stage, "2026-11-27T13:00")
    await services.erasures.erase(stage.operator, "renata")
    about = summary_about(pulse_rounds.PULSE, date(2026, 11, 25))
    await services.pulses.say_done(omar, about, "Meetings are an hour now.", {})
    ask = await _an_ask(stage)
    await services.asks.send(omar, ask)
    await services.asks.answer(await stage.actor("lorna"), ask, "can_help")
    edited = await stage.record()
    done: dict[str, Any] = {"assessment": "complete", "assessment_on": date(2026, 11, 27)}
    priorities = tuple(replace(one, **done) if one.id == "job-quality" else one for one in edited.priorities)
    await services.coalitions.import_record(replace(edited, priorities=priorities), prefer_file=True)
    await _live(stage, "2026-12-01T09:10")
    half = {"assessment": "at_risk", "blocker": "Rooms.", "ask": "Two rooms.", "ask_from": "lbp"}
    await stage.answer("yolanda", "talent-pathways", "half", **half)
    await services.decisions.respond(await stage.actor("helen"), "D-1", "object", reason="The reserve is thin.")
    await services.decisions.respond(await stage.actor("tom"), "D-1", "option", option="Wait")
    await services.decisions.respond(await stage.actor("tom"), "D-2", "abstain")
    await _live(stage, NOW)
    return stage


_STOCK = {
    "curve": "no",
    "story": "The spring cohort was half as large.",
    "change": "Open a second site.",
    "decision": "Pay for a second site by Dec 18",
    "forecast": "58.5",
    "forecast_on": "2027-03-31",
}


async def _an_ask(stage: Stage) -> int:
    async with stage.services.database.read() as session:
        found = await session.scalar(select(AskRow.id).order_by(AskRow.id).limit(1))
    assert found is not None
    return found


async def whole(stage: Stage) -> Record:
    return await stage.services.coalitions.whole(stage.operator)


async def exported(stage: Stage) -> str:
    return dump_coalition_file(await whole(stage))


async def brought_into(database: Database, text: str, calendar: FixedCalendar) -> Stage:
    """The file in an empty database, under the same clock."""
    return await carried_into(database, loaded(text), calendar)


async def carried_into(database: Database, record: Record, calendar: FixedCalendar) -> Stage:
    """The same of what is in a file, without writing and reading one."""
    return await Stage.with_record(Services(database, calendar, SystemElapsedTime()), calendar, record)


@cache
def loaded(text: str) -> Record:
    """What stands in the file; reading it takes longer than bringing it in."""
    found = load_coalition_file(text)
    assert found.problems == ()
    assert found.record is not None
    return found.record


async def moved_in(copy: Stage) -> None:
    """The same people and channels as Slack has them, and live."""
    await copy.link()
    await copy.join_channels()
    await copy.services.coalitions.go_live(copy.operator)


@dataclass(frozen=True, order=True)
class Heard:
    """A message as somebody hears it."""

    at: datetime
    to: str
    operation: str
    kind: str
    place: str  # Slack's timestamp of what an update changes, and of what a reply stands below
    words: str


async def settle(stage: Stage) -> list[Heard]:
    """Whatever is due at this moment happens; what people hear of it."""
    services, heard = stage.services, []
    await services.pulses.write_down()
    await services.rhythm.plan()
    await services.rhythm.close()
    while claimed := await services.deliveries.claim():
        contents = await services.contents.read([one.id for one in claimed])
        for one in claimed:
            content = contents.get(one.id)
            heard.append(
                Heard(
                    stage.calendar.now(),
                    str(one.user_id or one.channel_id),
                    one.operation,
                    one.kind,
                    "below another" if one.thread_ts else "",
                    read(render(one.kind, content)) if content is not None else "",
                )
            )
        await stage.send(*claimed)
    return heard


async def _live(stage: Stage, moment: str) -> None:
    """The same of one, whatever people hear of it; what becomes due within some hours happens together."""
    now, end = stage.calendar.now(), stage.at(moment)
    while now < end:
        now = await stage.services.rhythm.next_due(min(now + timedelta(hours=4), end), end) or end
        stage.calendar.set(now)
        await stage.settle()


async def until(stages: Sequence[Stage], moment: str) -> list[list[Heard]]:
    """Lives on, all under one calendar; what was heard in each."""
    calendar = stages[0].calendar
    now = calendar.now()
    end = stages[0].at(moment)
    heard: list[list[Heard]] = [[] for _ in stages]
    while now < end:
        following = [one for stage in stages if (one := await stage.services.rhythm.next_due(now, end)) is not None]
        now = min(following, default=end)
        calendar.set(now)
        for stage, said in zip(stages, heard, strict=True):
            said += await settle(stage)
    return heard


@dataclass
class Scene:
    """What the screens are about."""

    services: Services
    ask: int
    sent_ask: int
    asked: str


async def screens(stage: Stage, readers: Collection[str] = READERS) -> dict[str, str]:
    """What people read, by screen and reader."""
    services, operator = stage.services, stage.operator
    scene: Any = Scene(services, await _an_ask(stage), await _an_ask(stage), "A-301")
    found: dict[str, str] = {}
    for who in readers:
        actor = await stage.actor(who)
        for name, screen in SCREENS.items():
            if name in _NOT_THERE or (who != "omar" and name not in _OF_EACH):
                continue
            shown: Message | View = await screen(scene, actor)
            found[f"{name}, {who}"] = read(shown)
    omar = await stage.actor("omar")
    past = await services.digests.past(omar)
    async with services.database.read() as session:
        rows = (await session.scalars(select(DigestRow).order_by(DigestRow.slot))).all()
    for number, one in enumerate(past.digests):
        reading = await services.digests.read(omar, Query(digest=one.id))
        found[f"digest {number}"] = f"{one.published_at} {one.sent_by_name} {one.place}\n{as_text(reading.digest)}"
        found[f"digest {number}, html"] = as_html(reading.digest, draw=lambda _chart: b"")
    for row in rows:
        found[f"digest of {row.slot}"] = json.dumps(row.content, default=str)
    found["digest now"] = dumps(to_data(await services.digests.compose(operator)))
    for moment in (timedelta(), timedelta(days=7), timedelta(days=30)):
        later = await services.digests.compose(operator, stage.calendar.now() + moment)
        found[f"digest in {moment}"] = dumps(to_data(later))
    plan = await services.plans.page(operator)
    pack, agenda = await services.packs.find(omar, "steering"), await services.agendas.find(omar, "steering")
    assert isinstance(pack, Pack)
    assert isinstance(agenda, Agenda)
    found |= {
        "plan, markdown": plan_as_markdown(plan),
        "plan, html": plan_as_html(plan),
        "public page": public_as_html(await services.plans.public(operator)),
        "pack": read(packs.pack_message(pack)),
        "agenda": read(agendas.agenda_message(agenda)),
        "issue": read(issues.card_message(await services.issues.show(omar, "I-2"))),
        "calendar": calendar_as_ics(await services.calendars.every(omar)).decode(),
    }
    return found


# About what is on another stage only.
_NOT_THERE = {"own action", "asked action", "issue", "the group's decision", "agenda", "pack", "a pack that is posted"}
_OF_EACH = {"home", "my decisions", "decisions", "my check-ins", "issues", "meetings", "past digests", "my priorities"}
