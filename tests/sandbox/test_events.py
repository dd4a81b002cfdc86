"""Events: who gets which, in which shape, over a raw socket; redelivery, reconnects, what no connection means."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Refused, Sandbox
from tests.sandbox.apps import NO_ACK, connected
from tests.sandbox.conftest import Start, client_of, manifest
from tests.sandbox.shape import sample, unknown_fields

JSON = dict[str, Any]


async def test_messages_and_mentions(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    async with connected(sandbox) as bot:
        await ana.says("in the dm")
        await ana.says("in public <b> & @bo", "general")
        await ana.says("in private", "secret")
        await ana.says("unheard", "random")
        await ana.says("hello @echo", "general")
        await sandbox.settled()
    events = [payload["event"] for payload in bot.payloads]
    assert [(e["type"], e.get("channel_type")) for e in events] == [
        ("message", "im"),
        ("message", "channel"),
        ("message", "group"),
        ("message", "channel"),
        ("app_mention", None),
    ]
    assert events[1]["text"] == "in public &lt;b&gt; &amp; <@U2>"
    assert events[4]["text"] == "hello <@U0SANDBOT>"
    for payload in bot.payloads[:4]:
        assert unknown_fields(payload, sample("MessagePayload")) == []
    assert unknown_fields(bot.payloads[4], sample("AppMentionPayload")) == []
    assert all(envelope["retry_attempt"] == 0 for envelope in bot.envelopes)
    assert not any(envelope["accepts_response_payload"] for envelope in bot.envelopes)
    assert len({payload["event_id"] for payload in bot.payloads}) == 5


async def test_the_apps_own_messages_and_changes(sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    metadata = {"event_type": "e", "event_payload": {"k": "v"}}
    async with connected(sandbox) as bot:
        posted = await client.chat_postMessage(channel="C1", text="one", metadata=metadata)
        await client.chat_update(channel="C1", ts=posted["ts"], text="two")
        await client.chat_delete(channel="C1", ts=posted["ts"])
        await sandbox.settled()
    own, changed, deleted = bot.payloads
    assert own["event"]["bot_id"] == "B0SANDBOT"
    assert unknown_fields(own, sample("MessagePayload")) == []
    assert (changed["event"]["subtype"], changed["event"]["message"]["text"]) == ("message_changed", "two")
    assert changed["event"]["previous_message"]["text"] == "one"
    assert unknown_fields(changed, sample("MessageChangedPayload")) == []
    assert deleted["event"]["deleted_ts"] == posted["ts"]
    assert unknown_fields(deleted, sample("MessageDeletedPayload")) == []


async def test_people_and_channels_change(sandbox: Sandbox) -> None:
    async with connected(sandbox) as bot:
        new = sandbox.add_user("dan", tz="Asia/Tokyo", email="dan@example.org")
        sandbox.change_user("U1", tz="America/Chicago")
        sandbox.change_user("U2", deleted=True)
        sandbox.people.join(new.id, "C1", inviter="U1")
        sandbox.people.join(new.id, "C2")
        sandbox.people.join(sandbox.bot_user_id, "C2")
        await sandbox.settled()
    events = [payload["event"] for payload in bot.payloads]
    assert [e["type"] for e in events] == [
        "team_join",
        "user_change",
        "user_change",
        "member_joined_channel",
        "member_joined_channel",
    ]
    assert events[1]["user"]["tz"] == "America/Chicago"
    assert events[2]["user"]["deleted"] is True
    assert (events[3]["user"], events[3]["inviter"]) == (new.id, "U1")
    assert (events[4]["user"], events[4]["channel"]) == (sandbox.bot_user_id, "C2")
    assert unknown_fields(bot.payloads[0], sample("TeamJoinPayload")) == []
    assert unknown_fields(bot.payloads[1], sample("UserChangePayload")) == []
    assert unknown_fields(bot.payloads[3], sample("MemberJoinedChannelPayload")) == []


async def test_only_what_the_manifest_subscribes_to_and_may_see(start: Start) -> None:
    deaf = await start(manifest(events=["app_home_opened"]))
    without_scope = await start(manifest(events=["message.im", "app_home_opened"], scopes=["chat:write"]))
    for sandbox in (deaf, without_scope):
        async with connected(sandbox) as bot:
            await sandbox.person("U1").says("hello")
            await sandbox.person("U1").open_home()
            await sandbox.settled()
        assert [payload["event"]["type"] for payload in bot.payloads] == ["app_home_opened"]


async def test_unanswered_events_come_again(start: Start) -> None:
    sandbox = await start(ack_seconds=0.2, retry_scale=0.0)
    async with connected(sandbox, lambda e: NO_ACK if e["retry_attempt"] < 2 else None) as bot:
        await sandbox.person("U1").says("hello")
        await sandbox.settled()
    assert [(e["retry_attempt"], e["retry_reason"]) for e in bot.envelopes] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
    ]
    assert len({e["envelope_id"] for e in bot.envelopes}) == 3
    assert len({p["event_id"] for p in bot.payloads}) == 1


async def test_events_wait_for_a_connection(sandbox: Sandbox) -> None:
    await sandbox.person("U1").says("while you were out")
    async with connected(sandbox) as bot:
        await sandbox.settled()
    assert [(e["payload"]["event"]["text"], e["retry_attempt"]) for e in bot.envelopes] == [("while you were out", 1)]


async def test_a_cut_before_the_ack(start: Start) -> None:
    sandbox = await start(retry_scale=0.0)
    async with connected(sandbox, lambda envelope: NO_ACK) as first:
        await sandbox.person("U1").says("hello")
        await sandbox.until(lambda: bool(first.envelopes))
        await sandbox.cut()
        async with connected(sandbox) as second:
            await sandbox.settled()
    assert [e["retry_attempt"] for e in second.envelopes] == [1]


async def test_an_event_sent_twice(sandbox: Sandbox) -> None:
    async with connected(sandbox) as bot:
        await sandbox.person("U1").says("hello")
        await sandbox.settled()
        event_id = bot.payloads[0]["event_id"]
        assert sandbox.resend_event(event_id)
        await sandbox.settled()
        assert [p["event_id"] for p in bot.payloads] == [event_id, event_id]
        assert bot.envelopes[1]["retry_attempt"] == 1
        assert not sandbox.resend_event("EvNONE")


async def test_refresh_takes_no_new_envelopes(start: Start) -> None:
    sandbox = await start(socket_close_seconds=0.05)
    async with connected(sandbox) as old:
        await sandbox.disconnect()
        assert sandbox.connections == 0
        async with connected(sandbox) as new:
            await sandbox.person("U1").command("/echo")
        assert (len(old.envelopes), len(new.envelopes)) == (0, 1)
        assert old.others[-1]["reason"] == "refresh_requested"


async def test_hello_and_single_use_of_the_address(sandbox: Sandbox) -> None:
    async with connected(sandbox) as bot:
        hello = bot.others[0]
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"] == {"app_id": "A0SANDBOX"}
        assert sandbox.connections == 1
    await sandbox.until(lambda: sandbox.connections == 0)


async def test_what_a_person_cannot_do(sandbox: Sandbox, start: Start) -> None:
    for who, channel in (("U1", "old"), ("U2", "random"), ("U2", "secret"), ("U5", None), ("U9", None)):
        with pytest.raises(Refused):
            await sandbox.person(who).says("x", channel)
    silent = manifest()
    silent["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    with pytest.raises(Refused, match="turned off"):
        await (await start(silent)).person("U1").says("x")


async def test_leaving_archiving_and_any_other_event(start: Start) -> None:
    names = ["member_left_channel", "channel_archive", "channel_unarchive", "channel_id_changed"]
    sandbox = await start(manifest(events=names))
    async with connected(sandbox) as bot:
        sandbox.people.leave("U2", "C1")
        sandbox.people.archive("C1")
        sandbox.people.archive("C1", archived=False)
        assert sandbox.send_event("channel_id_changed", {"type": "channel_id_changed"})
        assert sandbox.send_event("reaction_added", {"type": "reaction_added"}) is None
        await sandbox.settled()
    assert [payload["event"]["type"] for payload in bot.payloads] == names
    assert "U2" not in sandbox.channel("C1").members
