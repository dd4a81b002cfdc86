"""The table of limits: every boundary from both sides, and splitting that loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.blocks import kit
from bot.slack.limits import fit, text_of
from bot.slack.message import Block, Message, View
from bot.slack.mrkdwn import escape, unescape
from tests.slack.refusals import problems
from tests.tables import on_each

OPTION: dict[str, Any] = {"text": {"type": "plain_text", "text": "a"}, "value": "v"}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def message(*blocks: Block) -> Message:
    return Message("text", blocks)


def with_element(element: dict[str, Any]) -> Message:
    return message({"type": "actions", "elements": [{"action_id": "a", **element}]})


def button(**fields: Any) -> Message:
    return with_element({"type": "button", "text": plain("Go"), **fields})


def options(count: int) -> list[dict[str, Any]]:
    return [{"text": plain("a"), "value": str(number)} for number in range(count)]


def form(element: dict[str, Any], **fields: Any) -> View:
    block = {"type": "input", "label": plain("Label"), "element": {"action_id": "a", **element}, **fields}
    return View((block,), title="Form", submit="Send")


def confirm(**fields: Any) -> Message:
    usual = {"title": plain("t"), "text": plain("x"), "confirm": plain("y"), "deny": plain("n")}
    return button(confirm=usual | fields)


BOUNDARIES: dict[str, tuple[int, Callable[[int], Message | View]]] = {
    "message blocks": (50, lambda n: message(*[kit.divider()] * n)),
    "message text": (4000, lambda n: Message("x" * n)),
    "view blocks": (100, lambda n: View((kit.divider(),) * n, title="t")),
    "view title": (24, lambda n: View((), title="x" * n)),
    "view submit": (24, lambda n: View((), title="t", submit="x" * n)),
    "view close": (24, lambda n: View((), title="t", close="x" * n)),
    "private metadata": (3000, lambda n: View((), title="t", metadata="x" * n)),
    "callback id": (255, lambda n: View((), title="t", callback_id="x" * n)),
    "external id": (255, lambda n: View((), title="t", external_id="x" * n)),
    "section text": (3000, lambda n: message(kit.section("x" * n))),
    "section fields": (10, lambda n: message(kit.section(fields=["x"] * n))),
    "section field": (2000, lambda n: message(kit.section(fields=["x" * n]))),
    "block id": (255, lambda n: message(kit.section("x", block_id="x" * n))),
    "header": (150, lambda n: message({"type": "header", "text": plain("x" * n)})),
    "context elements": (10, lambda n: message(kit.context(*["x"] * n))),
    "context text": (3000, lambda n: message(kit.context("x" * n))),
    "actions": (25, lambda n: message(kit.actions(*[kit.button("Go", f"a{i}") for i in range(n)]))),
    "image url": (3000, lambda n: message({"type": "image", "alt_text": "a", "image_url": "x" * n})),
    "alt text": (2000, lambda n: message({"type": "image", "image_url": "u", "alt_text": "x" * n})),
    "image title": (2000, lambda n: message(kit.image("a", slack_file="F1", title="b") | {"title": plain("x" * n)})),
    "action id": (255, lambda n: button(action_id="x" * n)),
    "button, by the house rule": (24, lambda n: button(text=plain("x" * n))),
    "button value": (2000, lambda n: button(value="x" * n)),
    "button url": (3000, lambda n: button(url="x" * n)),
    "accessibility label": (75, lambda n: button(accessibility_label="x" * n)),
    "confirm title": (100, lambda n: confirm(title=plain("x" * n))),
    "confirm text": (300, lambda n: confirm(text=plain("x" * n))),
    "confirm button": (30, lambda n: confirm(confirm=plain("x" * n))),
    "deny button": (30, lambda n: confirm(deny=plain("x" * n))),
    "options": (100, lambda n: with_element({"type": "static_select", "options": options(n)})),
    "overflow options": (5, lambda n: with_element({"type": "overflow", "options": options(n)})),
    "radio options": (10, lambda n: form({"type": "radio_buttons", "options": options(n)})),
    "checkbox options": (10, lambda n: form({"type": "checkboxes", "options": options(n)})),
    "option groups": (
        100,
        lambda n: with_element(
            {
                "type": "static_select",
                "option_groups": [
                    {"label": plain("g"), "options": [{"text": plain("a"), "value": str(i)}]} for i in range(n)
                ],
            }
        ),
    ),
    "group label": (
        75,
        lambda n: with_element(
            {"type": "static_select", "option_groups": [{"label": plain("x" * n), "options": [OPTION]}]}
        ),
    ),
    "option text": (
        75,
        lambda n: with_element({"type": "static_select", "options": [{"text": plain("x" * n), "value": "v"}]}),
    ),
    "option value": (
        150,
        lambda n: with_element({"type": "static_select", "options": [{"text": plain("a"), "value": "x" * n}]}),
    ),
    "option description": (
        75,
        lambda n: with_element({"type": "static_select", "options": [OPTION | {"description": plain("x" * n)}]}),
    ),
    "placeholder": (150, lambda n: with_element({"type": "users_select", "placeholder": plain("x" * n)})),
    "label": (2000, lambda n: form({"type": "plain_text_input"}, label=plain("x" * n))),
    "hint": (2000, lambda n: form({"type": "plain_text_input"}, hint=plain("x" * n))),
    "max length": (3000, lambda n: form({"type": "plain_text_input", "max_length": n})),
    "initial value": (
        300,
        lambda n: form({"type": "plain_text_input", "max_length": 300, "initial_value": "x" * n}),
    ),
}


@on_each("name", BOUNDARIES)
def test_what_just_fits_passes_and_one_more_does_not(name: str) -> None:
    most, build = BOUNDARIES[name]
    assert problems(build(most)) == []
    assert len(problems(build(most + 1))) == 1


@on_each(
    ("surface", "expected"),
    [
        (Message(" "), "text: empty, so notifications and screen readers get nothing"),
        (message({"type": "section"}), "must provide text or fields"),
        (message(kit.section("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (message({"type": "header", "text": {"type": "mrkdwn", "text": "a"}}), "unsupported type: mrkdwn"),
        (message({"type": "header"}), "missing required field [json-pointer:/blocks/0/text]"),
        (message(kit.context()), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (message(kit.actions()), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (message({"type": "alert"}), "unsupported type: alert"),
        (message({"type": "image", "alt_text": "a"}), "must provide either image_url or slack_file"),
        (
            message(kit.image("", slack_file="F1", title="b")),
            "must be more than 0 characters [json-pointer:/blocks/0/alt_text]",
        ),
        (with_element({"type": "plain_text_input"}), "unsupported type: plain_text_input"),
        (form({"type": "button", "text": plain("a")}), "unsupported type: button"),
        (form({"type": "plain_text_input", "max_length": 0}), "must be a number from 1 to 3000"),
        (form({"type": "plain_text_input", "max_length": 5, "min_length": 6}), "min_length must not exceed max_length"),
        (form({"type": "radio_buttons", "options": []}), "no fewer than 1 items allowed"),
        (
            form({"type": "radio_buttons", "options": [OPTION], "initial_option": OPTION | {"value": "w"}}),
            "initial option is not among the options",
        ),
        (
            form({"type": "radio_buttons", "options": [OPTION, OPTION]}),
            "two options have the same value",
        ),
        (
            View(form({"type": "plain_text_input"}).blocks, title="Form"),
            "missing required field: submit",
        ),
        (message(kit.section("a", block_id="x"), kit.section("b", block_id="x")), "block_id already exists: x"),
        (
            message(kit.actions(kit.button("A", "x"), kit.button("B", "x"))),
            "action_id already exists: x",
        ),
        (
            message(kit.actions(kit.button("A", "x", primary=True), kit.button("B", "y", primary=True))),
            "more than one primary button",
        ),
        (
            View(tuple(kit.section("é" * 3000) for _ in range(50)), title="t"),
            "view: ",
        ),
    ],
)
def test_what_slack_refuses_is_named(surface: Message | View, expected: str) -> None:
    (found,) = problems(surface)
    assert expected in found


def test_an_input_in_home_needs_no_submit() -> None:
    assert problems(View(form({"type": "plain_text_input"}).blocks)) == []


def test_the_same_action_in_two_blocks_is_fine() -> None:
    assert problems(message(kit.actions(kit.button("A", "x")), kit.actions(kit.button("B", "x")))) == []


def test_what_fits_stays_as_it_is() -> None:
    one = message(kit.header("a"), kit.section("b"))
    assert fit(one) == (one,)


def test_too_many_blocks_become_several_messages_with_texts_of_their_own() -> None:
    parts = fit(message(*[kit.section(f"*Line* {number} &amp; on") for number in range(120)]))
    assert [len(part.blocks) for part in parts] == [50, 50, 20]
    assert unescape(parts[2].text).splitlines()[0] == "Line 100 & on"
    assert all(problems(part) == [] for part in parts)


def test_a_long_section_is_split_at_a_line_and_keeps_its_button_once() -> None:
    text = "\n".join(["x" * 900] * 7)
    (fitted,) = fit(message(kit.section(text, accessory=kit.button("Go", "a"), block_id="b")))
    assert [len(block["text"]["text"]) for block in fitted.blocks] == [2702, 2702, 900]
    assert ["accessory" in block for block in fitted.blocks] == [True, False, False]
    assert problems(fitted) == []


def test_a_long_line_is_cut_without_cutting_an_escaped_character_or_a_token() -> None:
    token = "<!date^1^{time}|then>"
    for text in ("x" * 2997 + "&amp;y", "x" * 2990 + token):
        (fitted,) = fit(message(kit.section(text), kit.context(text), kit.section(fields=[text])))
        for shown in (fitted.blocks[0]["text"], fitted.blocks[1]["elements"][0], fitted.blocks[2]["fields"][0]):
            assert shown["text"].endswith("x…")
        assert problems(fitted) == []


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40), st.integers(0, 4200))
def test_a_text_is_cut_by_what_is_read(text: str, marks: int) -> None:
    (fitted,) = fit(Message(escape("&" * marks + text * (4100 // len(text)))))
    assert len(fitted.text) <= 4000
    assert escape(unescape(fitted.text)) == fitted.text


def test_the_words_of_blocks_are_read_in_order() -> None:
    blocks = (
        kit.header("Head"),
        kit.divider(),
        kit.section("*One* &amp; two", fields=["*F* 1", "2"]),
        kit.context("c", "d"),
        kit.actions(kit.button("Go", "a")),
    )
    assert text_of(blocks) == "Head\nOne & two\nF 1\n2\nc · d"
