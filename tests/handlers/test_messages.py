"""Words through the sandbox: commands, messages to the bot, mentions, and what is not understood."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.week import WeekPreview
from bot.services.access import Actor
from bot.slack.identifiers import Command
from bot.slack.manifest import command_name
from tests.handlers.stage import Stage, at, commanded, only_updates_and_digests, words


async def test_any_message_brings_the_menu(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await yolanda.says("good morning, what is this about?")
    menu = (await yolanda.hears(2))[-1]
    assert "Hi Yolanda. I'm not sure what to do with “good morning, what is this about?”" in words(menu)
    assert "Link people" not in words(menu)
    await yolanda.press(menu, "Answer check-in (1)")
    await yolanda.sees_modal("Weekly priority update")


async def test_coordinator_has_more_in_the_menu(live: Stage) -> None:
    omar = live.person("omar")
    await omar.says("menu")
    menu = (await omar.hears(2))[-1]
    assert "Week ahead" in words(menu)
    await omar.press(menu, "Link people")
    await omar.until(lambda: "Everybody who uses Slack has an account here." in words(omar.modal))


async def test_decisions_that_wait_stand_in_the_menu_with_their_button(live: Stage) -> None:
    marcus = live.person("marcus")
    await marcus.says("menu")
    menu = (await marcus.hears(2))[-1]
    assert "2 decisions wait for your answer." in words(menu)
    await marcus.press(menu, "Answer decisions (2)")
    await marcus.until(lambda: marcus.ephemerals)
    assert "Pay for a contract fire inspector through January" in words(marcus.ephemerals[-1])


async def test_typed_answer_lists_what_is_open(live: Stage) -> None:
    tom = live.person("tom")
    await tom.says("Answer")
    listed = (await tom.hears(2))[-1]
    assert "Update: Job quality, open" in words(listed)
    await tom.press(listed, "Answer")
    await tom.sees_modal("Weekly priority update")


async def test_near_miss_is_asked_about_and_yes_does_it(live: Stage) -> None:
    tom = live.person("tom")
    await tom.says("anwser")
    asked = (await tom.hears(2))[-1]
    assert "I don't know “anwser”. Did you mean *answer*?" in words(asked)
    await tom.press(asked, "Yes")
    await tom.until(lambda: tom.ephemerals)
    assert "Update: Job quality" in words(tom.ephemerals[-1])
    await tom.press(asked, "Show menu")
    await tom.until(lambda: len(tom.ephemerals) == 2)


async def test_a_form_for_words_to_the_bot_opens_by_one_press(live: Stage) -> None:
    yolanda = live.person("yolanda")
    for said, title, text in (
        ("metric edit placed", "Edit figure", "What exactly is counted?"),
        ("stand-in", "Stand-in", "Helen Sato"),
        ("update", "Update a figure", "Completers placed in a good job within 90 days"),
    ):
        before = len(yolanda.dm())
        await yolanda.says(said)
        await yolanda.until(lambda before=before: len(yolanda.dm()) == before + 2)  # type: ignore[misc]
        await yolanda.press(yolanda.dm()[-1], "Open")
        await yolanda.sees_modal(title)
        await yolanda.until(lambda text=text: text in words(yolanda.modal))  # type: ignore[misc]
        await yolanda.close()


async def test_same_event_is_answered_once(live: Stage) -> None:
    tom = live.person("tom")
    await tom.says("menu")
    await tom.hears(2)
    await live.sandbox.settled()
    event = next(
        entry["request"]["payload"]["event_id"]
        for entry in live.sandbox.wire.after()
        if (entry["request"] or {}).get("payload", {}).get("event", {}).get("type") == "message"
    )
    assert live.sandbox.resend_event(event)
    await live.sandbox.settled()
    assert len(await tom.hears(2)) == 2


async def test_message_of_a_stranger_is_answered(stage: Stage) -> None:
    yolanda = stage.person("yolanda")
    await yolanda.says("hello")
    assert "I don't know you yet. Dana Whitlock can link your account." in words((await yolanda.hears())[-1])


async def test_mention_is_answered_so_that_only_they_see_it(live: Stage) -> None:
    marcus = live.person("marcus")
    channel = "lb-steering"
    await marcus.says(f"<@{live.sandbox.bot_user_id}> menu", channel)
    await marcus.until(lambda: marcus.ephemerals)
    assert "Hi Marcus." in words(marcus.ephemerals[-1])
    assert not [message for message in marcus.sees(channel) if message.from_bot]


async def test_help_lists_only_what_one_may_do(live: Stage) -> None:
    grant, omar = live.person("grant"), live.person("omar")
    await commanded(grant, "/coalition", "help")
    await commanded(omar, "/coalition", "help")
    assert "pause" not in words(grant.ephemerals[-1])
    assert "/coalition pause" in words(omar.ephemerals[-1])
    await commanded(grant, "/checkin", "help")
    for verb in ("status", "nudge", "pause", "close", "reopen", "add", "edit", "preview", "for"):
        assert f"/checkin {verb}" not in words(grant.ephemerals[-1])


async def test_member_who_pauses_is_refused_with_who_can_help(live: Stage) -> None:
    grant = live.person("grant")
    await commanded(grant, "/coalition", "pause")
    assert "can help." in words(grant.ephemerals[-1])
    await grant.command("/coalition", "link")
    await grant.until(lambda: grant.modal is not None and "can help." in words(grant.modal))


async def test_coordinator_pauses_and_resumes_by_command(live: Stage) -> None:
    omar = live.person("omar")
    assert (await omar.command("/coalition", "pause")).ok, "acknowledged in time"
    await omar.until(lambda: "*Pause all sending?*" in words(omar.modal), timeout=30)
    assert omar.modal is not None
    await omar.press(omar.modal, "Pause sending")
    await omar.until(lambda: ": nothing goes out until somebody resumes." in words(omar.modal))
    await omar.close()
    live.calendar.set(at("12-02 09:00"))
    await commanded(omar, "/coalition", "resume")
    said = words(omar.ephemerals[-1])
    assert "Asked now, while the round is open: Talent pathways, Supplier and small-firm growth" in said
    assert "Sent once, marked late: Friday leadership digest" in said
    assert "Paused since" in said
    await omar.press(omar.ephemerals[-1], "Resume")
    await omar.until(lambda: "Live since" in words(omar.ephemerals[-1]))
    await commanded(omar, "/coalition", "resume")
    assert "Sending isn't paused." in words(omar.ephemerals[-1])


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_coordinator_resumes_without_a_late_digest(live: Stage) -> None:
    omar = live.person("omar")
    await live.services.coalitions.pause(await live.actor("omar"))
    await live.go("12-02 09:00")
    await commanded(omar, "/coalition", "resume")
    await omar.press(omar.ephemerals[-1], "Resume without digest")
    await omar.until(lambda: "Live since" in words(omar.ephemerals[-1]))
    await live.settle()
    channel = live.sandbox.workspace.channel_called("lb-steering")
    assert channel is not None
    assert not list(channel.top_level())


@pytest.mark.at_once
async def test_a_pause_that_is_typed_is_acknowledged_before_the_week_ahead_is_found(
    live: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Finding the week takes seconds on a busy machine; a command without an acknowledgement loses its answer."""
    acknowledged = asyncio.Event()
    preview = live.services.week.preview

    async def slow(actor: Actor) -> WeekPreview:
        await acknowledged.wait()
        return await preview(actor)

    monkeypatch.setattr(live.services.week, "preview", slow)
    omar = live.person("omar")
    async with asyncio.timeout(10):
        assert (await omar.command("/coalition", "pause")).ok
    acknowledged.set()
    await omar.until(lambda: "Pause all sending?" in words(omar.modal), timeout=30)


async def test_a_draft_cannot_be_paused(stage: Stage) -> None:
    omar = stage.person("omar")
    await omar.command("/coalition", "pause")
    await omar.until(lambda: "nothing is sent yet" in words(omar.modal))


async def test_link_modal_by_command(stage: Stage) -> None:
    omar = stage.person("omar")
    await omar.command("/coalition", "link")
    await omar.until(lambda: "Yolanda Briggs" in words(omar.modal))
    await omar.close()
    await omar.command("/backbeat", "coalition week")
    await omar.until(lambda: "Week one, before anything is sent" in words(omar.modal), timeout=30)


async def test_help_names_the_commands_with_their_prefix(live: Stage) -> None:
    assert command_name(Command.CHECKIN, "lb-") == "/lb-checkin"
    grant = live.person("grant")
    live.sandbox._core.app.commands["/lb-backbeat"] = {"command": "/lb-backbeat"}
    await commanded(grant, "/lb-backbeat", "help")
    assert "`/lb-checkin [NAME]`" in words(grant.ephemerals[-1])
    assert "`/lb-action done [A-101]`" in words(grant.ephemerals[-1])
    await grant.press(grant.ephemerals[-1], "More")
    await grant.until(lambda: "coalition help`" in words(grant.ephemerals[-1]))


async def test_changes_of_people_and_channels_are_taken_over(live: Stage) -> None:
    live.refreshes.clear()
    live.sandbox.change_user(live.person("grant").id, tz="America/Denver")
    await live.sandbox.until(lambda: len(live.refreshes) == 1)
    await live.sandbox.settled()
    grant = live.person("grant")
    live.sandbox.send_event(
        "member_joined_channel", {"type": "member_joined_channel", "user": grant.id, "channel": "C1"}
    )
    await live.sandbox.settled()
    assert len(live.refreshes) == 1
    bot = live.sandbox.bot_user_id
    live.sandbox.send_event("member_joined_channel", {"type": "member_joined_channel", "user": bot, "channel": "C1"})
    await live.sandbox.until(lambda: len(live.refreshes) == 2)


async def test_a_mention_in_a_thread_keeps_the_people_it_names(live: Stage) -> None:
    marcus, grant = live.person("marcus"), live.person("grant")
    channel = "lb-steering"
    await marcus.says(
        f"<@{live.sandbox.bot_user_id}> add Call the college <@{grant.id}> by next Fri in talent", channel
    )
    await marcus.until(lambda: marcus.ephemerals)
    said = words(marcus.ephemerals[-1])
    assert "*Call the college*\nGrant Okafor (Bend Area Chamber) · Fri Dec 4 · Talent pathways" in said
