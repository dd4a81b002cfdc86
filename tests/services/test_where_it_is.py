"""Whether something arrived is said where it was done: asking again, a decision's post, an ask, a letter's form."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import update

from bot.clock import FixedCalendar
from bot.domain.digests import Query, SendOutcome, SendQuestion
from bot.domain.outbox import Kind, State
from bot.domain.people import SeenChannel
from bot.services import Services
from bot.services.access import Actor, clock
from bot.slack.blocks.asks import priority_asks_view
from bot.slack.blocks.checkins import asked_again_message, checkin_view
from bot.slack.blocks.decisions import card_message, change_message
from bot.slack.blocks.digests import outcome_message, overview_message, reading_message
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.people import LETTER_FORM
from bot.slack.identifiers import Action
from bot.store.outbox import DeliveryRow
from tests.builders import member, priority
from tests.examples import one_in
from tests.services.decisions.test_decisions import NEW
from tests.services.own_set import WEEKLY, live, say, subject_of
from tests.services.reading import messages, read
from tests.services.small import friday, small, weekly
from tests.services.stage import Stage


async def test_two_of_one_name_are_two_and_who_is_not_reached_is_said(
    services: Services, calendar: FixedCalendar
) -> None:
    record = small(
        members=(
            *small(ana={"name": "Ana Ruiz"}).members,
            member("twin", name="Ana Ruiz"),
            member("mail", name="Max Mail", access="email_only"),
        ),
        priorities=(
            priority(channel="p-one"),
            priority("p2", owner="twin", channel="p-two"),
            priority("p3", owner="mail", channel="p-three"),
        ),
    )
    stage = await Stage.with_record(services, calendar, record)
    await stage.link("ana", "ben", "lou")
    await stage.join_channels()
    await stage.go_live()
    stage.at("2026-11-24T09:00")
    await stage.settle()
    stage.at("2026-11-24T11:00")
    lou = await stage.actor("lou")
    said = read(asked_again_message(await stage.services.checkin_rounds.ask_again(lou, "weekly", once_more=True)))
    assert "Asked again: Ana Ruiz. 0 have answered." in said
    assert "Doesn't reach Ana Ruiz: not linked to a Slack account. Pick it in Home" in said
    assert "Doesn't reach Max Mail: reads e-mail only" in said
    again = read(asked_again_message(await stage.services.checkin_rounds.ask_again(lou, "weekly", once_more=True)))
    assert again == said, "the same press says the same"


async def decided(stage: Stage) -> None:
    await stage.link("omar", "dana", "marcus")
    await stage.services.decisions.propose(await stage.actor("omar"), "one", NEW)


async def test_a_decisions_card_says_that_its_post_waits(stage: Stage) -> None:
    await stage.join_channels("lb-steering")
    await stage.go_live()
    await decided(stage)
    for who, mend in (("omar", "Invite me there with /invite @Backbeat."), ("marcus", "A coordinator can help.")):
        card = read(card_message(await stage.services.decisions.show(await stage.actor(who), "D-6")))
        assert f"Its post: Doesn't reach #lb-steering: I'm not in it. {mend}" in card
    await stage.join_channels()
    await stage.settle()
    card = read(card_message(await stage.services.decisions.show(await stage.actor("omar"), "D-6")))
    assert "Its post" not in card


async def test_asking_voices_again_says_who_is_not_reached(stage: Stage) -> None:
    await stage.join_channels()
    await stage.go_live()
    await decided(stage)
    await stage.settle()
    stage.at("2026-11-24T10:00")
    change = await stage.services.decision_chases.ask_again(await stage.actor("omar"), "D-6")
    said = read(change_message(change))
    assert "Harrow County Executive Office" in said.split("Doesn't reach")[0]
    assert "Doesn't reach Yolanda Briggs: not linked to a Slack account. Pick it in Home" in said
    # Whoever has no account was not asked, so neither was their organization's voice.
    assert "Three Creeks" not in said.split("Doesn't reach")[0]


async def test_an_alarm_follows_its_channels_name(reached: Stage) -> None:
    stage = reached

    async def seen(name: str, *, archived: bool) -> None:
        channels = [
            SeenChannel(channel_id=f"C{one.upper()}", name=one, is_private=True, is_external=False)
            for one in ("lb-talent", "lb-suppliers", "lb-access", "lb-quality")
        ]
        steering = SeenChannel(
            channel_id="CLB-STEERING", name=name, is_private=True, is_external=False, is_archived=archived
        )
        await stage.services.people.sync_channels(clock(stage.coalition_id), [*channels, steering])

    await seen("lb-steering", archived=True)
    await stage.settle()
    [told] = await messages(stage, "omar", Kind.HELD_NOTICE)
    assert "#lb-steering: it is archived." in told
    await seen("lb-leaders", archived=True)
    await stage.settle()
    stage.at("2026-11-23T08:00")
    await stage.settle()
    [told] = await messages(stage, "omar", Kind.HELD_NOTICE)
    assert "#lb-leaders: it is archived." in told
    assert "lb-steering" not in told


async def test_a_letters_form_tells_of_a_mend_only_whoever_can_do_it(stage: Stage) -> None:
    await stage.link("omar", "grant")
    omar = read(LETTER_FORM.view(await stage.services.letters.form(await stage.actor("omar"), "tom")))
    assert "not linked to a Slack account. Pick it in Home" in omar
    grant = read(LETTER_FORM.view(await stage.services.letters.form(await stage.actor("grant"), "dana")))
    assert "not linked to a Slack account. A coordinator can help." in grant
    assert "backbeat link" not in grant


async def test_an_ask_is_dated_by_the_day_on_which_it_went_out(services: Services, calendar: FixedCalendar) -> None:
    """Written on Tuesday, sent at the close on Thursday: that is since when its receiver knows of it."""
    stage = await Stage.with_record(services, calendar, small())
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    await live(stage, "2026-11-24T09:00")
    await say(stage, "weekly", **(WEEKLY | {"ask": "A room.", "ask_from": "other"}))
    await live(stage, "2026-11-26T12:01", "2026-11-26T12:02", "2026-11-27T09:00", "2026-12-01T09:00")
    ana = await stage.actor("ana")
    asks = read(priority_asks_view(await stage.services.asks.of_priority(ana, "p1")))
    assert "asked Nov 26: no answer yet" in asks
    form = read(checkin_view(await stage.services.checkins.form(ana, await subject_of(stage, "weekly"))))
    assert "Your ask to Other of Nov 26 has no answer yet" in form


@pytest.mark.in_part
@pytest.mark.parametrize("is_linked", one_in(2, [False, True]))
async def test_an_ask_out_of_reach_is_called_so_in_the_digest_and_in_its_history(
    services: Services, calendar: FixedCalendar, *, is_linked: bool
) -> None:
    record = small(
        members=(*small().members[:4], member("out", name="Max Mail", organization="other", access="email_only"))
    )
    if is_linked:
        record = small()
    stage = await Stage.with_record(services, calendar, record)
    await stage.link("ana", "ben", "cal", "lou", *(("out",) if is_linked else ()))
    await stage.join_channels()
    await stage.go_live()
    await live(stage, "2026-11-24T09:00")
    await say(stage, "weekly", **(WEEKLY | {"ask": "A room.", "ask_from": "other"}))
    await live(
        stage, "2026-11-26T12:01", "2026-11-26T12:02", "2026-11-26T13:00", "2026-11-27T07:30", "2026-11-27T07:31"
    )
    lou = await stage.actor("lou")
    [digest, *_rest] = await messages(stage, None, Kind.ROLL_UP)
    on_demand = read(reading_message(await stage.services.digests.read(lou, Query())))
    history = read(history_message(await stage.services.priorities.history(lou, "p1"), Action.PRIORITY_HISTORY))
    for told in (digest, on_demand):
        assert "“A room.”" in told
        assert ("not with them yet" in told) is not is_linked
        assert ("1 ask waits for an answer" in told) is is_linked
    assert ("Ask sent" in history) is is_linked
    late = "Ask let out, not yet with Max Mail, reads e-mail only, and e-mail isn't set up: “A room.”"
    assert (late in history) is not is_linked


async def test_where_a_preview_and_a_copy_are_is_said_where_somebody_reads_what_they_get(
    services: Services, calendar: FixedCalendar
) -> None:
    cadences = (friday(owner_preview_at=time(15)), weekly())
    stage = await Stage.with_record(services, calendar, small(cadences=cadences))
    await stage.link()
    await stage.join_channels("leaders")
    await stage.go_live()
    ana, lou = await stage.actor("ana"), await stage.actor("lou")
    await stage.services.digests.subscribe(lou, "roll_up:", True)
    await live(stage, "2026-11-24T09:00", "2026-11-26T14:45")

    async def told(actor: Actor) -> str:
        return read(overview_message(await stage.services.digests.overview(actor)))

    assert "the working day before (goes out Thu Nov 26, 3:00 PM" in await told(ana)
    await live(stage, "2026-11-26T15:00")
    assert "the working day before\n" in await told(ana)
    async with stage.services.database.write(coalition_id=stage.coalition_id) as session:
        preview = DeliveryRow.kind == Kind.OWNER_PREVIEW
        await session.execute(
            update(DeliveryRow).where(preview).values(state=State.MISSED, reason="no open hour was left", sent_at=None)
        )
    said = await told(ana)
    assert "the working day before (due Thu Nov 26, 3:00 PM" in said
    assert "not sent, no open hour was left)" in said
    asked = await stage.services.digests.ask_to_send(lou)
    assert isinstance(asked, SendQuestion)
    done = await stage.services.digests.send(lou, asked.token)
    assert isinstance(done, SendOutcome)
    words = read(outcome_message(done))
    assert "#leaders" not in words.split("Doesn't reach")[0]
    assert "Doesn't reach #leaders: I'm not in it. Invite me there with /invite @Backbeat." in words
