"""Packs: sent once, ahead of where steering or funders meet; made for their reader, or for a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.meetings import MeetingRef, UnknownMeeting
from bot.domain.outbox import Kind
from bot.domain.packs import Pack, pack_pages
from bot.domain.record import Record, Role
from bot.domain.rhythm import STOCKTAKE
from bot.domain.vocabularies import GroupKind, Visibility
from bot.errors import Refused, UserError
from bot.services import Services
from bot.slack.blocks.packs import pack_message, pack_post
from tests.builders import (
    cadence,
    decision,
    group,
    meeting,
    member,
    metric,
    need,
    organization,
    priority,
    reading,
    source,
)
from tests.services.lived import once
from tests.services.own_set import live, say
from tests.services.reading import messages, read
from tests.services.small import friday, questions, small, weekly
from tests.services.stage import Stage

# Wednesday, December 2.
SLOT = datetime.fromisoformat("2026-12-02T10:00")
REF = MeetingRef("sync", SLOT)
FUNDERS = MeetingRef("table", SLOT)
DUE = "2026-11-25T08:00"


def coalition(*, sync: dict[str, Any] | None = None, **fields: Any) -> Record:
    """The small coalition, whose steering group (Ana and Ben) meets on Wednesdays of December, and funders too."""
    meets = {"rrule": "FREQ=WEEKLY;BYDAY=WE", "group": "steering", "name": "Steering", **(sync or {})}
    usual: dict[str, Any] = {
        "organizations": (organization(), organization("other"), organization("fund")),
        "members": (
            *(
                replace(one, roles=(Role(role="steering_member", scope="coalition"),))
                if one.id in {"ana", "ben"}
                else one
                for one in small().members
            ),
            member("fay", organization="fund", roles=(Role(role="funder", scope="coalition"),)),
            member("gil", organization="fund"),
        ),
        "groups": (
            group(channel="leaders", members=("ana", "ben"), chair="ana"),
            group("table", name="Table", kind=GroupKind.FUNDERS, members=("fay", "lou", "gil"), channel="money"),
        ),
        "priorities": (
            priority(channel="p-one", metrics=(metric("m1", reading("2026-06-30", 20), reading()),), need=need(1000)),
        ),
        "decisions": (
            decision("D-1", title="Open a site", options=("Move", "Keep"), recommended="Move"),
            decision(
                "D-2", title="Pay $700", options=("Pay", "Wait"), recommended="Pay", recommendation_for="deciders"
            ),
        ),
        "funding_sources": (
            source("F-1", {"p1": Decimal(400)}, amount=Decimal(400)),
            source("F-2", {"p1": Decimal(77)}, amount=Decimal(77), organization="fund"),
        ),
        "cadences": (
            friday(),
            weekly(),
            meeting("sync", "2026-12-02T10:00", **meets),
            meeting("table", "2026-12-02T10:00", rrule="FREQ=WEEKLY;BYDAY=WE", group="table", name="Table"),
            cadence("stock", question_set=STOCKTAKE.id, name="Stocktake"),
        ),
        "question_sets": (questions(), STOCKTAKE),
    }
    return small(**(usual | fields))


@once
async def started(services: Services, calendar: FixedCalendar, file: Record) -> Stage:
    stage = await Stage.with_record(services, calendar, file)
    await stage.link()
    await stage.join_channels()
    stage.at("2026-11-23T09:00")
    await stage.go_live(meetings=True)
    return stage


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    return await started(services, calendar, coalition())


@once
async def went_out(services: Services, calendar: FixedCalendar, file: Record) -> Stage:
    stage = await started(services, calendar, file)
    await live(stage, DUE)
    return stage


@pytest.fixture
async def out(services: Services, calendar: FixedCalendar) -> Stage:
    """On the morning on which the pack went out."""
    return await went_out(services, calendar, coalition())


async def posts(stage: Stage, channel: str = "#leaders") -> list[str]:
    """When the pack's posts in a channel were due, and what became of them."""
    return [f"{one.due} {one.state}" for one in await stage.deliveries(Kind.PACK) if one.to == channel]


async def posted(stage: Stage) -> str:
    return "\n".join(await messages(stage, None, Kind.PACK))


async def of(stage: Stage, who: str, ref: MeetingRef = REF) -> Pack:
    return await stage.services.packs.show(await stage.actor(who), ref)


async def told(stage: Stage, who: str, ref: MeetingRef = REF) -> str:
    return "\n".join(one.page.plain for one in pack_pages(await of(stage, who, ref)))


async def test_it_is_posted_once_seven_days_ahead(stage: Stage) -> None:
    await live(stage, "2026-11-25T07:00")
    assert await posts(stage) == []
    await live(stage, DUE, "2026-11-26T08:00")
    assert await posts(stage) == ["Wed Nov 25 08:00 sent"]
    text = await posted(stage)
    assert "Pack: Steering" in text
    assert "[" not in text
    await live(stage, "2026-12-02T08:00", "2026-12-02T10:00")
    assert await posts(stage) == ["Wed Nov 25 08:00 sent", "Wed Dec 02 08:00 sent"], "the next one's, a week later"


async def test_the_cadence_says_how_far_ahead_and_other_meetings_have_none(
    services: Services, calendar: FixedCalendar
) -> None:
    file = coalition(sync={"prework_days_before": 3})
    plain = meeting(
        "plain", "2026-12-02T10:00", rrule="FREQ=WEEKLY;BYDAY=WE", group=None, audience="all_members", name="All"
    )
    stage = await started(services, calendar, replace(file, cadences=(*file.cadences, plain)))
    await live(stage, DUE, "2026-11-29T08:00", "2026-11-30T08:00")
    assert await posts(stage) == ["Sun Nov 29 08:00 sent"]
    assert {one.to for one in await stage.deliveries(Kind.PACK)} == {"#leaders", "#money"}
    with pytest.raises(UserError, match="has no pack"):
        await of(stage, "lou", MeetingRef("plain", SLOT))
    mine = "\n".join(await messages(stage, "ben"))
    assert "What there is to read before it is here and in #leaders." in mine, "those who prepare hear of it themselves"


async def test_a_group_without_a_channel_hears_of_it_one_by_one(services: Services, calendar: FixedCalendar) -> None:
    file = coalition()
    steering, table = file.groups
    stage = await started(services, calendar, replace(file, groups=(replace(steering, channel=None), table)))
    await live(stage, DUE, "2026-11-25T09:00", "2026-11-26T08:30")
    assert await posts(stage) == []
    for who in ("ana", "ben"):
        [found] = [one for one in await messages(stage, who) if "What there is to read before it" in one]
        assert "Read the pack" in found
    assert not [one for one in await messages(stage, "cal") if "to read before it" in one]


@pytest.mark.parametrize(
    ("back_at", "found"), [("2026-11-30T12:00", ["Wed Nov 25 08:00 sent"]), ("2026-12-02T10:01", [])]
)
async def test_late_it_goes_once_and_never_after_the_start(stage: Stage, back_at: str, found: list[str]) -> None:
    await live(stage, back_at, "2026-12-02T10:30")
    # The next one's, a week later, is due by then too.
    assert await posts(stage) == [*found, "Wed Dec 02 08:00 sent"]


async def test_what_was_planned_and_could_not_be_sent_is_of_no_use_after_the_start(stage: Stage) -> None:
    stage.at("2026-11-25T07:45")
    await stage.services.rhythm.plan()
    await live(stage, "2026-12-02T10:01")
    assert (await posts(stage))[0] == "Wed Nov 25 08:00 missed"


async def test_it_follows_a_meeting_that_moves(stage: Stage) -> None:
    ana = await stage.actor("ana")
    await stage.services.meetings.move(ana, REF, datetime.fromisoformat("2026-12-04T10:00"))
    await live(stage, DUE)
    assert await posts(stage) == []
    await live(stage, "2026-11-27T08:00")
    assert await posts(stage) == ["Fri Nov 27 08:00 sent"]
    await stage.services.meetings.move(ana, REF, datetime.fromisoformat("2026-12-07T11:00"))
    await live(stage, "2026-11-27T08:05", "2026-11-30T08:00")
    assert await posts(stage) == ["Fri Nov 27 08:00 sent"], "never twice"
    assert "Mon Dec 7, 11:00 AM Central (moved from Wed Dec 2)" in await posted(stage)


async def test_of_a_meeting_that_is_left_out_nothing_is_sent_and_what_was_says_so(out: Stage) -> None:
    ana = await out.actor("ana")
    await out.services.meetings.skip(ana, REF)
    await out.services.meetings.skip(ana, MeetingRef("sync", datetime.fromisoformat("2026-12-09T10:00")))
    await live(out, "2026-11-25T08:05", "2026-12-02T08:00")
    assert await posts(out) == ["Wed Nov 25 08:00 sent"]
    assert "No meeting on Wed Dec 2." in await posted(out)
    assert "Open a site" not in await posted(out)


async def test_of_a_date_that_another_rhythm_leaves_out_what_was_posted_says_so(out: Stage) -> None:
    ana, plans = await out.actor("ana"), out.services.meeting_plans
    assert "No meeting" not in await posted(out)
    plan = (await plans.form(ana, key="sync")).plan
    await plans.preview(ana, "new", replace(plan, first=date(2026, 12, 3), repeats="monthly"))
    await plans.save(ana, "new")
    await live(out, "2026-11-25T08:05")
    assert "No meeting on Wed Dec 2." in await posted(out)


async def test_amounts_stand_where_everybody_may_see_them(out: Stage) -> None:
    assert "$477 secured" in await posted(out)
    assert "Pay $700" in await posted(out)


async def test_a_channel_that_is_narrower_gets_none(services: Services, calendar: FixedCalendar) -> None:
    file, also = coalition(), group("wg", kind="working_group", members=("cal",), channel="leaders")
    stage = await started(services, calendar, replace(file, groups=(*file.groups, also)))
    await live(stage, DUE)
    text = await posted(stage)
    assert "Pack: Steering" in text
    assert "$" not in text
    assert "D-2" in text, "by its number alone, since its title holds an amount"
    assert "Open a site" in text


async def test_what_is_recommended_stands_where_it_may(out: Stage) -> None:
    text = await posted(out)
    assert "Recommended: Move" in text
    assert "Recommended: Pay" not in text, "that is for deciders, in nothing that is posted"
    assert "Recommended: Pay" in await told(out, "ana")
    assert "Recommended: Pay" not in await told(out, "lou"), "a coordinator has no voice in it"


async def test_the_newest_stocktake_is_in_it_by_right(stage: Stage) -> None:
    await live(stage, "2026-11-24T09:00")
    await say(
        stage, "stock", curve="no", story="Half of them.", change="More.", forecast="70", forecast_on="2027-03-31"
    )
    await live(stage, DUE)
    assert "Nov 2026 forecast 70 by Mar 31, 2027 · “Half of them.”" in await posted(stage)
    assert "What explains the curve? “Half of them.”" in await told(stage, "ana")
    assert "Half of them." not in await told(stage, "fay", FUNDERS)


async def test_funders_read_their_edition_with_their_own_grants(out: Stage) -> None:
    assert await posts(out, "#money") == ["Wed Nov 25 08:00 sent"]
    [post] = [one for one in await messages(out, None, Kind.PACK) if "Funders’ agenda" in one]
    assert "$" not in post
    assert "Open a site" not in post
    fay = await told(out, "fay", FUNDERS)
    assert "Your grant: Source F-2, $77" in fay
    assert "400" not in fay
    for who in ("lou", "gil"):
        assert "Your grant" not in await told(out, who, FUNDERS), "only who speaks for a funder reads of its grants"
    assert (await of(out, "lou", FUNDERS)).plan is None, "whoever reads it, it is never leadership's"


async def test_who_may_read_one(stage: Stage) -> None:
    for who in ("ana", "ben", "lou"):
        assert "Decisions needed" in await told(stage, who)
    for who in ("cal", "out", "fay"):
        with pytest.raises(Refused):
            await of(stage, who)
    with pytest.raises(Refused):
        await of(stage, "cal", FUNDERS)
    found = await stage.services.packs.find(await stage.actor("lou"), "steering")
    assert isinstance(found, Pack)
    assert found.ref == REF
    assert isinstance(await stage.services.packs.find(await stage.actor("lou"), "nothing such"), UnknownMeeting)
    assert "Read the pack" in read(pack_post(found))
    assert "page 2 of" in read(pack_message(found, 1))


async def test_a_decision_that_only_some_may_see_is_in_no_pack_of_others(
    services: Services, calendar: FixedCalendar
) -> None:
    file = coalition()
    room = group("wg", kind="working_group", members=("cal",), channel="p-one")
    ours = decision("D-3", title="Close the room", decider="wg", visibility=Visibility.COORDINATORS)
    file = replace(file, groups=(*file.groups, room), decisions=(*file.decisions, ours))
    stage = await started(services, calendar, file)
    await live(stage, DUE)
    assert "Pay $700" in await posted(stage)
    assert "D-3" not in await posted(stage)
    assert "D-3" not in await told(stage, "ana")
    assert "Close the room" in await told(stage, "lou")
