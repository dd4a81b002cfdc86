"""What can't go out is told to the coordinators: once, with the true reason, and what became of it once mended."""

from __future__ import annotations

from typing import Literal

from bot.domain.outbox import State
from tests.schedules.stage import Stage

Way = Literal["removed", "archived"]
REASONS = {
    "removed": "#lb-steering: I'm not in it. Invite me there with /invite @Backbeat.",
    "archived": "#lb-steering: it is archived. Unarchive it and invite me there, or name another channel.",
}


async def lose(stage: Stage, way: Way, name: str = "lb-steering") -> None:
    channel = stage.sandbox.workspace.channel_called(name)
    assert channel is not None
    if way == "removed":
        channel.members.remove("U0SANDBOT")
    else:
        channel.is_archived = True
    await stage.refresh()


async def mend(stage: Stage, way: Way, name: str = "lb-steering") -> None:
    channel = stage.sandbox.workspace.channel_called(name)
    assert channel is not None
    if way == "removed":
        channel.members.append("U0SANDBOT")
    else:
        channel.is_archived = False
    await stage.refresh()
    await stage.settle()


def about(stage: Stage, who: str, words: str = "#lb-steering:") -> list[str]:
    return [message.text for message in stage.dm(who) if words in message.text]


async def is_told(stage: Stage, way: Way) -> None:
    """The channel is lost on Tuesday, and those who may mend it hear why."""
    await lose(stage, way)
    await stage.go_to_rest("11-24 10:01")
    for who in ("omar", "dana", "priya"):
        [first] = about(stage, who)
        assert REASONS[way] in first, who
        assert "Next there: the weekly digest, Wed Nov 25, " in first
    assert not any(about(stage, who) for who in ("grant", "imani", "marcus")), "nobody else is told"


async def test_a_channel_that_is_archived_is_told_and_its_digest_goes_once_it_is_there_again(tuesday: Stage) -> None:
    await is_told(tuesday, "archived")
    await tuesday.go_to_rest("11-25 07:30")
    tuesday.set("11-25 09:00")
    await mend(tuesday, "archived")
    assert [row.state for row in await tuesday.rows("digest_roll_up")] == [State.SENT]
    [now] = about(tuesday, "omar")
    assert "I can post there again." in now


async def test_three_digests_that_find_no_channel_are_told_and_end_as_one(tuesday: Stage) -> None:
    await is_told(tuesday, "removed")
    await tuesday.go_to_rest("11-25 07:30")
    [now] = about(tuesday, "omar")
    assert "Waiting for it: the weekly digest, due Wed Nov 25, 7:30 AM Central" in now, "the same message says it"
    for moment in ("12-04 07:30", "12-11 07:30"):
        await tuesday.go_to_rest(moment)
    assert len(about(tuesday, "omar")) == 3, "each digest is told of"
    newest = about(tuesday, "omar")[-1]
    assert newest.count("the weekly digest, due") == 3
    assert "Then the newest digest goes out at once, marked late, and covers those before it" in newest
    assert [row.state for row in await tuesday.rows("digest_roll_up")] == [State.PLANNED] * 3
    tuesday.set("12-11 09:00")
    await mend(tuesday, "removed")
    rows = await tuesday.rows("digest_roll_up")
    assert [row.state for row in rows] == [State.MISSED, State.MISSED, State.SENT]
    assert rows[0].reason == "the next digest came due before this one could be sent"
    channel = tuesday.sandbox.workspace.channel_called("lb-steering")
    assert channel is not None
    assert len(list(channel.top_level())) == 1, "one digest covers the gap"
    for text in about(tuesday, "omar")[1:]:
        assert "I can post there again." in text
    last = about(tuesday, "omar")[-1]
    assert "• the weekly digest of Nov 25, 7:30 AM" in last
    assert "not sent, the next digest came due before this one could be sent" in last
    assert "• the weekly digest of Fri Dec 11, 7:30 AM" in last
    assert "sent Fri Dec 11, 9:00 AM" in last


async def test_a_loss_in_the_night_of_a_weekend_is_told_in_the_next_allowed_morning(stage: Stage) -> None:
    await stage.go_to_rest("11-27 21:00")  # a Friday, in quiet hours
    await lose(stage, "archived")
    await lose(stage, "removed", "lb-talent")
    for moment in ("11-27 22:00", "11-28 09:00", "11-29 12:00", "11-30 06:59"):
        await stage.go_to_rest(moment)
        assert not about(stage, "omar", "I'm not in it"), moment
    await stage.go_to_rest("11-30 07:00")
    [told] = about(stage, "omar", "I'm not in it")
    assert "#lb-steering: it is archived." in told, "both in one message"
    assert "2 things" in told


async def test_several_held_messages_are_one_notice_for_each_coordinator(stage: Stage) -> None:
    stage.set("11-23 09:00")
    await stage.services.rhythm.plan()
    claimed = await stage.services.deliveries.claim()
    assert len(claimed) >= 3
    for one in claimed:
        await stage.services.deliveries.unclear(one.id, one.attempt, "Slack did not answer")
        await stage.services.unclear_posts.hold(one.id, one.attempt, "Slack did not answer")
    await stage.settle()
    for who in ("omar", "dana", "priya"):
        [notice] = about(stage, who, "it arrived")
        assert notice.startswith(f"{len(claimed)} things that I could not send, or can't tell about:")
        assert notice.count("Held: the check-in message to") == len(claimed)
    omar = await stage.actor("omar")
    await stage.services.unclear_posts.resolve_held(omar, claimed[0].id, arrived=True)
    await stage.settle()
    [notice] = about(stage, "dana", "it arrived")
    assert "Marked as arrived by Omar Castellanos." in notice, "what one of them decides shows in all"


async def test_what_is_held_in_the_course_of_a_day_is_one_message_kept_up_to_date(stage: Stage) -> None:
    stage.set("11-23 09:00")
    await stage.services.rhythm.plan()
    claimed = await stage.services.deliveries.claim()
    moments = ("11-23 09:05", "11-23 11:20", "11-23 16:40")
    for moment, one in zip(moments, claimed, strict=False):
        stage.set(moment)
        await stage.services.deliveries.unclear(one.id, one.attempt, "Slack did not answer")
        await stage.services.unclear_posts.hold(one.id, one.attempt, "Slack did not answer")
        await stage.go_to_rest(moment)
    for who in ("omar", "dana", "priya"):
        [notice] = [message for message in stage.dm(who) if "it arrived" in message.text]
        assert notice.text.count("Held: the check-in message to") == 3
        rows = [block["elements"] for block in notice.blocks or [] if block["type"] == "actions"]
        buttons = [button["text"]["text"] for row in rows for button in row]
        assert buttons.count("It arrived") == 3
        assert buttons.count("Send again") == 3
    stage.set("11-24 09:30")
    await stage.services.deliveries.unclear(claimed[3].id, claimed[3].attempt, "Slack did not answer")
    await stage.services.unclear_posts.hold(claimed[3].id, claimed[3].attempt, "Slack did not answer")
    await stage.go_to_rest("11-24 09:30")
    assert len(about(stage, "omar", "it arrived")) == 2, "the next day has one of its own"


async def test_a_channel_without_posts_of_the_coalition_is_no_alarm(tuesday: Stage) -> None:
    before = len(tuesday.dm("omar"))
    tuesday.sandbox.workspace.add_channel("random-talk", members=["U0SANDBOT"])
    await tuesday.refresh()
    await lose(tuesday, "removed", "random-talk")
    await tuesday.go_to_rest("11-24 10:05")
    assert len(tuesday.dm("omar")) == before
