"""Modals and Home: what a form holds, what the client refuses, and every answer to a submission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox import Person, Refused, Sandbox
from tests.sandbox import surfaces as s
from tests.sandbox.apps import RawSocket, connected
from tests.sandbox.conftest import buttons, client_of, error_of, modal, plain, refusal, section, text_input
from tests.sandbox.shape import sample, unknown_fields
from tests.tables import on_each

JSON = dict[str, Any]


async def show(sandbox: Sandbox, bot: RawSocket, view: JSON, method: str = "views.open") -> JSON:
    """Open or push a modal for Ana as a bot does after a command."""
    await sandbox.person("U1").command("/echo")
    trigger = [p["trigger_id"] for p in bot.payloads if "trigger_id" in p][-1]
    reply = await client_of(sandbox).api_call(method, json={"trigger_id": trigger, "view": view})
    shown: JSON = reply["view"]
    return shown


def submissions(bot: RawSocket) -> list[JSON]:
    return [payload for payload in bot.payloads if payload.get("type") == "view_submission"]


def when_submitted(answer: Any) -> Callable[[JSON], Any]:
    return lambda envelope: answer if envelope["payload"].get("type") == "view_submission" else None


EVERYTHING: list[JSON] = [
    text_input("text"),
    {**s.input_of("number_input", is_decimal_allowed=True, min_value="0", max_value="10"), "block_id": "number"},
    {**s.input_of("email_text_input"), "block_id": "email"},
    {**s.input_of("url_text_input"), "block_id": "url", "optional": True},
    {**s.input_of("datepicker"), "block_id": "date"},
    {**s.input_of("timepicker", initial_time="09:00"), "block_id": "time"},
    {**s.input_of("static_select", options=s.options(3)), "block_id": "one"},
    {**s.input_of("multi_static_select", options=s.options(3), max_selected_items=2), "block_id": "several"},
    {**s.input_of("users_select"), "block_id": "user"},
    {**s.input_of("multi_users_select"), "block_id": "users", "optional": True},
    {**s.input_of("checkboxes", options=s.options(2)), "block_id": "boxes", "optional": True},
    {**s.input_of("radio_buttons", options=s.options(2), initial_option=s.options(2)[1]), "block_id": "radio"},
    section(block_id="with", accessory={"type": "channels_select", "action_id": "channel"}),
    buttons("go"),
]


async def test_state_of_a_form(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    async with connected(sandbox) as bot:
        await show(sandbox, bot, modal(*EVERYTHING, private_metadata="note"))
        missing = await ana.submit()
        assert missing is not None
        assert set(missing) == {"text", "number", "email", "date", "one", "several", "user"}
        await ana.fill(
            {
                "text": "Ana",
                "number": 2.5,
                "email": "ana@example.org",
                "date": "2026-01-31",
                "one": "Option 1",
                "several": ["v0", "Option 2"],
                "user": "U2",
                "users": ["U1", "U2"],
            }
        )
        assert await ana.submit() is None
        assert ana.modal is None
        payload = submissions(bot)[0]
    without = {k: v for k, v in payload.items() if k != "trigger_id"}
    assert unknown_fields(without, sample("ViewSubmissionPayload")) == []
    values = payload["view"]["state"]["values"]
    assert values["text"]["text"] == {"type": "plain_text_input", "value": "Ana"}
    assert values["number"]["it"] == {"type": "number_input", "value": "2.5"}
    assert values["url"]["it"] == {"type": "url_text_input", "value": None}
    assert values["time"]["it"] == {"type": "timepicker", "selected_time": "09:00"}
    assert values["one"]["it"]["selected_option"]["value"] == "v1"
    assert [o["value"] for o in values["several"]["it"]["selected_options"]] == ["v0", "v2"]
    assert values["user"]["it"] == {"type": "users_select", "selected_user": "U2"}
    assert values["users"]["it"]["selected_users"] == ["U1", "U2"]
    assert values["boxes"]["it"] == {"type": "checkboxes", "selected_options": []}
    assert values["radio"]["it"]["selected_option"]["value"] == "v1"
    assert values["with"]["channel"] == {"type": "channels_select", "selected_channel": None}
    assert "buttons" not in values
    assert payload["view"]["private_metadata"] == "note"


WRONG: list[tuple[JSON, Any, str]] = [
    (text_input("it", min_length=3), "ab", "Please enter at least 3 characters."),
    (text_input("it", max_length=3), "abcd", "Please enter no more than 3 characters."),
    (text_input("it"), "", "Please complete this required field."),
    (s.input_of("number_input", is_decimal_allowed=False), "1.5", "Please enter a whole number."),
    (s.input_of("number_input", is_decimal_allowed=True, min_value="2"), "1.5", "Please enter a number of at least 2."),
    (s.input_of("number_input", is_decimal_allowed=True, max_value="2"), "3", "Please enter a number of at most 2."),
    (s.input_of("number_input", is_decimal_allowed=True), "many", "Please enter a number."),
    (s.input_of("number_input", is_decimal_allowed=True), "NaN", "Please enter a number."),
    (s.input_of("email_text_input"), "ana", "Please enter a valid email address."),
    (s.input_of("url_text_input"), "example", "Please enter a valid URL."),
    (s.input_of("datepicker"), "tomorrow", "Please choose a date."),
    (s.input_of("timepicker"), "noon", "Please choose a time."),
    (
        s.input_of("multi_users_select", max_selected_items=1),
        ["U1", "U2"],
        "Please choose no more than 1 items.",
    ),
]


@on_each(("block", "value", "words"), WRONG)
async def test_client_refuses_before_anything_is_sent(sandbox: Sandbox, block: JSON, value: Any, words: str) -> None:
    ana = sandbox.person("U1")
    async with connected(sandbox) as bot:
        await show(sandbox, bot, modal({**block, "block_id": "it"}))
        await ana.fill({"it": value})
        assert await ana.submit() == {"it": words}
        assert submissions(bot) == []


async def submit_with(sandbox: Sandbox, bot: RawSocket, ana: Person) -> dict[str, str] | None:
    await show(sandbox, bot, modal(text_input()))
    await ana.fill({"Name": "Ana"})
    return await ana.submit()


async def test_errors_keep_the_form(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    answer = {"response_action": "errors", "errors": {"name": "That name is taken."}}
    async with connected(sandbox, when_submitted(answer)) as bot:
        assert await submit_with(sandbox, bot, ana) == {"name": "That name is taken."}
        before = ana.modal
        await ana.submit()
        first, second = submissions(bot)
        assert first["view"]["id"] == second["view"]["id"]
        assert ana.modal is before


async def test_update_push_and_clear(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    update = {"response_action": "update", "view": modal(text_input(), title=plain("Updated"))}
    async with connected(sandbox, when_submitted(update)) as bot:
        assert await submit_with(sandbox, bot, ana) is None
        view = await ana.sees_modal("Updated")
        # The same block_id and action_id keep what was typed.
        assert view.drafts["name"]["text"]["value"] == "Ana"
        assert view.id == submissions(bot)[0]["view"]["id"]
    push = {"response_action": "push", "view": modal(text_input(), title=plain("Second"), external_id="second")}
    async with connected(sandbox, when_submitted(push)) as bot:
        await ana.submit()
        assert [v.body["title"]["text"] for v in ana.modals] == ["Updated", "Second"]
        assert ana.modals[1].root_view_id == ana.modals[1].previous_view_id == ana.modals[0].id
        updated = await client_of(sandbox).views_update(external_id="second", view=modal(title=plain("Third")))
        assert updated["view"]["id"] == ana.modals[1].id
    async with connected(sandbox, when_submitted({"response_action": "clear"})):
        await ana.submit()
        assert ana.modals == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "nonsense"},
        {"response_action": "errors", "errors": {"unknown": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": modal(title=plain("x" * 25))},
        {"response_action": "push"},
    ],
)
async def test_answers_that_slack_cannot_follow(sandbox: Sandbox, answer: JSON) -> None:
    async with connected(sandbox, when_submitted(answer)) as bot:
        with pytest.raises(Refused, match="trouble connecting"):
            await submit_with(sandbox, bot, sandbox.person("U1"))
        assert sandbox.person("U1").modal is not None


async def test_empty_answer_shows_the_view_below(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    async with connected(sandbox) as bot:
        await show(sandbox, bot, modal(text_input(), title=plain("Below")))
        await show(sandbox, bot, modal(title=plain("Above")), "views.push")
        await ana.submit()
        assert [v.body["title"]["text"] for v in ana.modals] == ["Below"]


async def test_closing(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    async with connected(sandbox) as bot:
        await show(sandbox, bot, modal(notify_on_close=True))
        await show(sandbox, bot, modal(), "views.push")
        await show(sandbox, bot, modal(notify_on_close=True, callback_id="top"), "views.push")
        await ana.close()
        await ana.close()
        assert len(ana.modals) == 1
        await ana.close(is_cleared=True)
        assert ana.modals == []
        closed = [payload for payload in bot.payloads if payload.get("type") == "view_closed"]
        assert [(p["view"]["callback_id"], p["is_cleared"]) for p in closed] == [("top", False), ("form", True)]
        assert unknown_fields(closed[0], sample("ViewClosedPayload")) == []
        await show(sandbox, bot, modal())
        await show(sandbox, bot, modal(clear_on_close=True), "views.push")
        await ana.close()
        assert ana.modals == []


async def test_actions_in_a_modal(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    loud = {**text_input("loud"), "dispatch_action": True, "label": plain("Loud")}
    quiet = text_input()
    async with connected(sandbox) as bot:
        await show(sandbox, bot, modal(quiet, loud, buttons("go")))
        await ana.fill({"Name": "Ana", "Loud": "Hey"})
        view = ana.modal
        assert view is not None
        await ana.press(view, "Go")
        pressed = [payload for payload in bot.payloads if payload.get("type") == "block_actions"]
    assert [p["actions"][0]["action_id"] for p in pressed] == ["text", "go"]
    assert unknown_fields(pressed[0], sample("BlockActionPayload")) == []
    assert pressed[0]["actions"][0]["value"] == "Hey"
    assert pressed[1]["container"] == {"type": "view", "view_id": view.id}
    assert pressed[1]["view"]["state"]["values"]["name"]["text"]["value"] == "Ana"
    assert "message" not in pressed[1]


async def test_hash_conflicts(sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    async with connected(sandbox) as bot:
        shown = await show(sandbox, bot, modal())
        newer = await client.views_update(view_id=shown["id"], view=modal(), hash=shown["hash"])
        stale = client.views_update(view_id=shown["id"], view=modal(), hash=shown["hash"])
        assert await error_of(stale) == "hash_conflict"
        await client.views_update(view_id=shown["id"], view=modal(), hash=newer["view"]["hash"])
    home: JSON = {"type": "home", "blocks": [section()]}
    first = (await client.views_publish(user_id="U1", view=home))["view"]
    await client.views_publish(user_id="U1", view=home, hash=first["hash"])
    assert await error_of(client.views_publish(user_id="U1", view=home, hash=first["hash"])) == "hash_conflict"


async def test_views_that_are_refused(sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    home: JSON = {"type": "home", "blocks": []}
    assert await error_of(client.views_update(view_id="V9", view=modal())) == "not_found"
    assert await error_of(client.api_call("views.update", json={"view": modal()})) == "invalid_arguments"
    assert await error_of(client.views_publish(user_id="U9", view=home)) == "user_not_found"
    assert await error_of(client.views_publish(user_id="U1", view=modal())) == "invalid_arguments"
    assert await error_of(client.views_open(trigger_id="x", view=home)) == "invalid_arguments"
    async with connected(sandbox) as bot:
        await show(sandbox, bot, modal(external_id="mine"))
        for p in [p for p in bot.payloads if "trigger_id" in p]:
            used = client.views_push(trigger_id=p["trigger_id"], view=modal())
            assert await error_of(used) == "exchanged_trigger_id"
        await sandbox.person("U1").command("/echo")
        again = client.views_push(trigger_id=bot.payloads[-1]["trigger_id"], view=modal(external_id="mine"))
        assert await error_of(again) == "duplicate_external_id"


REFUSED_BLOCKS: list[tuple[list[JSON], str]] = [
    ([section(block_id="a"), section(block_id="a")], "block_id already exists: a [json-pointer:/view/blocks]"),
    ([s.actions(s.button(), s.button())], "action_id already exists: go [json-pointer:/view/blocks/0/elements]"),
    ([section(colour="red")], "invalid additional property: colour [json-pointer:/view/blocks/0]"),
    ([text_input(min_length=5, max_length=2)], "min_length must not exceed max_length"),
    ([text_input(max_length=2, initial_value="abc")], "must be less than 3 characters"),
    ([s.input_of("number_input", is_decimal_allowed=True, min_value="zz")], "must be a string that is a number"),
    ([s.input_of("number_input", is_decimal_allowed=True, min_value="3", max_value="2")], "must not exceed max_value"),
    ([s.input_of("static_select", options=s.options(2), initial_option=s.option())], "not among the options"),
    ([s.input_of("static_select")], "must provide either options or option_groups"),
    ([s.input_of("static_select", options=[])], "no fewer than 1 items allowed"),
    ([s.input_of("button", text=plain("x"))], "unsupported type: button"),
    ([section(accessory={"type": "plain_text_input", "action_id": "x"})], "unsupported type: plain_text_input"),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type: mrkdwn"),
    ([s.actions(s.button(confirm={"title": plain("x")}))], "missing required field"),
    ([s.actions(s.button(style="loud"))], "must be primary or danger"),
    ([{"type": "image", "alt_text": "x"}], "must provide either image_url or slack_file"),
    ([text_input("a", focus_on_load=True), text_input("b", focus_on_load=True)], "only one element"),
]


@on_each(("blocks", "words"), REFUSED_BLOCKS)
async def test_blocks_that_are_refused(sandbox: Sandbox, blocks: list[JSON], words: str) -> None:
    body = await refusal(client_of(sandbox).views_open(trigger_id="1.1.1", view=modal(*blocks)))
    assert body["error"] == "invalid_arguments"
    assert any(words in message for message in body["response_metadata"]["messages"]), body


async def test_home(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    client = client_of(sandbox)
    async with connected(sandbox) as bot:
        await ana.open_home()
        await sandbox.settled()
        opened = bot.payloads[0]["event"]
        assert (opened["type"], opened["tab"], opened["channel"]) == ("app_home_opened", "home", ana.im.id)
        assert "view" not in opened
        assert ana.home() is None
        await client.views_publish(user_id="U1", view={"type": "home", "blocks": [buttons("go"), text_input()]})
        home = ana.home()
        assert home is not None
        await ana.press(home, "Go")
        assert bot.payloads[-1]["view"]["type"] == "home"
        assert bot.payloads[-1]["view"]["state"]["values"]["name"]["text"]["value"] is None
        await ana.open_home()
        await sandbox.settled()
        assert unknown_fields(bot.payloads[-1], sample("AppHomeOpenedPayload")) == []
        assert bot.payloads[-1]["event"]["view"]["id"] == home.id


async def test_response_urls_of_a_form(sandbox: Sandbox) -> None:
    ana = sandbox.person("U1")
    menu = s.input_of("conversations_select", response_url_enabled=True)
    async with connected(sandbox) as bot:
        await show(sandbox, bot, modal({**menu, "block_id": "where"}))
        await ana.fill({"where": "C1"})
        await ana.submit()
        urls = submissions(bot)[0]["response_urls"]
        assert [(u["block_id"], u["channel_id"]) for u in urls] == [("where", "C1")]
