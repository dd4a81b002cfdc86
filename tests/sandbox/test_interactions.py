"""Commands, shortcuts, buttons, menus and response_urls, seen from both sides: the person and a raw socket."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.sandbox import Refused, Sandbox
from bot.sandbox.interactions import TROUBLE
from tests.sandbox.apps import NO_ACK, connected
from tests.sandbox.conftest import Start, buttons, client_of, modal, plain, section
from tests.sandbox.shape import sample, unknown_fields

JSON = dict[str, Any]


async def respond(url: str, **body: Any) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as reply:
        return reply.status


async def test_command_payload(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    async with connected(sandbox) as bot:
        assert (await ana.command("/echo", "<hi> @bo & #secret", channel="general")).ok
        await ana.command("/escaped", "<hi> @bo & #secret #random", channel="secret")
        await ana.command("/echo", "")
    plainly, escaped, in_dm = bot.payloads
    assert unknown_fields(plainly, sample("SlashCommandPayload")) == []
    assert bot.envelopes[0]["type"] == "slash_commands"
    assert bot.envelopes[0]["accepts_response_payload"] is True
    assert "retry_attempt" not in bot.envelopes[0]
    assert plainly["text"] == "<hi> @bo & #secret"
    assert (plainly["channel_id"], plainly["channel_name"]) == ("C1", "general")
    assert escaped["text"] == "&lt;hi&gt; <@U2> &amp; <#C3|> <#C2|random>"
    assert escaped["channel_name"] == "privategroup"
    assert in_dm["channel_name"] == "directmessage"


async def test_commands_that_are_refused(sandbox: Sandbox) -> None:
    ana, cleo = sandbox.person("U1"), sandbox.person("U4")
    sandbox.people.join("U4", "C1")
    assert (await ana.command("/echo")).error == '/echo failed with the error "dispatch_failed"'
    async with connected(sandbox) as bot:
        assert (await ana.command("/other")).error == "/other is not a valid command."
        assert (await cleo.command("/echo", channel="general")).error == "/echo is not a valid command."
        assert (await ana.command("/echo", channel="old")).error == "This channel is archived."
        with pytest.raises(Refused):
            await sandbox.person("U1").command("/echo", channel="hidden")
        with pytest.raises(Refused):
            await sandbox.person("U5").command("/echo")
    assert bot.envelopes == [envelope for envelope in bot.envelopes if envelope["type"] == "events_api"]


async def test_answer_in_the_acknowledgement(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    answers: list[Any] = [
        {"text": "to you"},
        {"response_type": "in_channel", "text": "to all", "blocks": [section("to all")]},
        {"text": "x", "blocks": [{"type": "nonsense"}]},
    ]
    async with connected(sandbox, lambda envelope: answers.pop(0)):
        await ana.command("/echo", channel="random")
        await ana.command("/echo", channel="random")
        bad = await ana.command("/echo", channel="random")
    assert [m.text for m in ana.ephemerals] == ["to you"]
    assert [m.text for m in ana.sees("random")] == ["to all"]
    assert bad.error == '/echo failed with the error "invalid_command_response"'


async def test_response_url_of_a_command(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    async with connected(sandbox) as bot:
        await ana.command("/echo", channel="random")
        url = bot.payloads[0]["response_url"]
        assert await respond(url, text="first") == 200
        assert await respond(url, text="second", replace_original=True) == 200
        assert [m.text for m in ana.ephemerals] == ["second"]
        assert await respond(url, delete_original=True) == 200
        assert ana.ephemerals == []
        # The app is not in #random, and still reaches it this way.
        assert await respond(url, text="aloud", response_type="in_channel") == 200
        assert [m.text for m in ana.sees("random")] == ["aloud"]
        assert await respond(url) == 400
        assert await respond(sandbox.url + "/response/unknown", text="x") == 404


async def test_button_of_a_message(sandbox: Sandbox) -> None:
    client, ana = client_of(sandbox), sandbox.person("U1")
    parent = await client.chat_postMessage(channel="C1", text="parent")
    posted = await client.chat_postMessage(
        channel="C1", text="Choose", thread_ts=parent["ts"], blocks=[buttons("answer", "skip")]
    )
    message = sandbox.channel("C1").messages[posted["ts"]]
    async with connected(sandbox) as bot:
        await sandbox.settled()
        bot.envelopes.clear()
        assert (await ana.press(message, "Answer")).ok
        payload = bot.payloads[0]
        assert unknown_fields(payload, sample("BlockActionPayload")) == []
        assert payload["container"]["thread_ts"] == parent["ts"]
        assert payload["message"]["ts"] == posted["ts"]
        assert payload["actions"][0]["value"] == "answer"
        assert payload["state"] == {"values": {}}
        assert await respond(payload["response_url"], text="Done", replace_original=True) == 200
        assert (message.text, message.blocks) == ("Done", [])
        assert await respond(payload["response_url"], text="Only you") == 200
        assert ana.ephemerals[-1].thread_ts == parent["ts"]
        with pytest.raises(LookupError):
            await ana.press(message, "Answer")
    failed = await sandbox.interactions.message_action("U1", "C1", "1.000001", "b", "a", {})
    assert failed.error == "That message is gone."


async def test_button_of_an_ephemeral_message(sandbox: Sandbox) -> None:
    client, ana = client_of(sandbox), sandbox.person("U1")
    await client.chat_postEphemeral(channel="C1", user="U1", text="Choose", blocks=[buttons("go")])
    shown = ana.ephemerals[0]
    async with connected(sandbox) as bot:
        await ana.press(shown, "go")
        payload = bot.payloads[0]
        assert payload["container"]["is_ephemeral"] is True
        assert "message" not in payload
        await respond(payload["response_url"], replace_original=True, text="Thanks")
        assert [m.text for m in ana.ephemerals] == ["Thanks"]
        await respond(payload["response_url"], delete_original=True)
        assert ana.ephemerals == []
        nobody = await sandbox.interactions.message_action("U2", "C1", shown.ts, "buttons", "go", {})
        assert nobody.error == "That message is gone."


async def test_outsiders_can_press_buttons_in_channels(sandbox: Sandbox) -> None:
    sandbox.people.join("U4", "C1")
    posted = await client_of(sandbox).chat_postMessage(channel="C1", text="x", blocks=[buttons("go")])
    async with connected(sandbox) as bot:
        assert (await sandbox.person("U4").press(sandbox.channel("C1").messages[posted["ts"]], "go")).ok
        pressed = [payload for payload in bot.payloads if payload.get("type") == "block_actions"]
    assert pressed[0]["user"]["team_id"] == "T0ELSEWHERE"
    assert pressed[0]["team"]["id"] == "T0SANDBOX"


async def test_menus_in_a_message(sandbox: Sandbox) -> None:
    options = [{"text": plain(text), "value": text.lower()} for text in ("Red", "Blue")]
    elements: list[JSON] = [
        {"type": "static_select", "action_id": "colour", "options": options},
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-01-31"},
        {"type": "overflow", "action_id": "more", "options": options},
        {"type": "multi_static_select", "action_id": "several", "options": options},
    ]
    posted = await client_of(sandbox).chat_postMessage(
        channel="C1", text="x", blocks=[{"type": "actions", "block_id": "b", "elements": elements}]
    )
    message, ana = sandbox.channel("C1").messages[posted["ts"]], sandbox.person("U1")
    async with connected(sandbox) as bot:
        await sandbox.settled()
        bot.envelopes.clear()
        await ana.choose(message, "colour", "Blue")
        await ana.choose(message, "more", "red")
        await ana.choose(message, "several", ["Red", "Blue"])
        await ana.choose(message, "day", "2026-02-01")
    first, second, third, fourth = (payload["actions"][0] for payload in bot.payloads)
    assert first["selected_option"]["value"] == "blue"
    assert second["selected_option"]["value"] == "red"
    assert [o["value"] for o in third["selected_options"]] == ["red", "blue"]
    assert fourth["selected_date"] == "2026-02-01"
    values = bot.payloads[0]["state"]["values"]["b"]
    assert values["day"] == {"type": "datepicker", "selected_date": "2026-01-31"}
    assert values["colour"] == {"type": "static_select", "selected_option": None}
    assert values["several"] == {"type": "multi_static_select", "selected_options": []}
    assert "more" not in values


async def test_shortcuts(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    message = await ana.says("Remember this", "general")
    async with connected(sandbox) as bot:
        await sandbox.settled()
        bot.envelopes.clear()
        assert (await ana.shortcut("global")).ok
        assert (await ana.shortcut("message", message)).ok
        assert (await ana.shortcut("nope")).error == "There is no global shortcut nope."
        assert not (await ana.shortcut("global", message)).ok
        assert not (await sandbox.person("U4").shortcut("global")).ok
    anywhere, on_message = bot.payloads
    assert anywhere["type"] == "shortcut"
    assert "channel" not in anywhere
    assert on_message["type"] == "message_action"
    assert on_message["message"]["text"] == "Remember this"
    assert unknown_fields(on_message, sample("MessageShortcutPayload")) == []
    opened = await client_of(sandbox).views_open(trigger_id=anywhere["trigger_id"], view=modal())
    assert ana.modal is not None
    assert opened["view"]["id"] == ana.modal.id


async def test_shortcut_without_a_bot(start: Start) -> None:
    sandbox = await start(ack_seconds=0.02)
    assert (await sandbox.person("U1").shortcut("global")).error == TROUBLE
    async with connected(sandbox, lambda envelope: NO_ACK):
        assert (await sandbox.person("U1").shortcut("global")).error == TROUBLE


async def test_options_of_an_external_menu(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    menu: JSON = {"type": "external_select", "action_id": "find", "min_query_length": 2}
    posted = await client_of(sandbox).chat_postMessage(
        channel="C1", text="x", blocks=[{"type": "actions", "block_id": "b", "elements": [menu]}]
    )
    message = sandbox.channel("C1").messages[posted["ts"]]
    found = [{"text": plain("Metric"), "value": "1"}]
    answers: list[Any] = [{"options": found}, {"option_groups": [{"label": plain("G"), "options": found}]}, {}, None]
    seen: list[JSON] = []

    def reply(envelope: JSON) -> Any:
        if envelope["payload"].get("type") != "block_suggestion":
            return None
        seen.append(envelope["payload"])
        return answers.pop(0)

    async with connected(sandbox, reply):
        await sandbox.settled()
        assert await ana.options(message, "find", "m") == []
        assert seen == []
        assert await ana.options(message, "find", "me") == found
        assert await ana.options(message, "find", "met") == found
        for _ in range(2):
            with pytest.raises(Refused):
                await ana.options(message, "find", "metr")
    assert (seen[0]["value"], seen[0]["action_id"], seen[0]["block_id"]) == ("me", "find", "b")
    assert seen[0]["container"]["type"] == "message"
