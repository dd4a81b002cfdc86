"""Every limit of slack-limits.yaml: lengths, counts, surfaces here; what takes time is in test_limits_in_time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from slack_sdk.errors import SlackApiError

from bot.sandbox import ManifestError, Sandbox
from bot.sandbox.manifest import read_manifest
from tests.sandbox import surfaces as s
from tests.sandbox.conftest import client_of, manifest, modal, plain, section, text_input
from tests.sandbox.limits_elsewhere import IN_TIME, NOT_OURS
from tests.tables import on_each

JSON = dict[str, Any]

ENTRIES: dict[str, Any] = {
    entry["name"]: entry["value"]
    for entry in YAML(typ="safe").load(Path(__file__).with_name("slack-limits.yaml"))["limits"]
}


def x(n: int) -> str:
    """A text of n characters."""
    return "x" * n


def long_texts(count: int, each: Callable[[str], JSON]) -> list[JSON]:
    """Two blocks that hold `count` characters between them."""
    return [each(x(count // 2)), each(x(count - count // 2))]


MESSAGE: dict[str, Callable[[int], list[JSON]]] = {
    "message.blocks.max": lambda n: [{"type": "divider"}] * n,
    "block_id.max": lambda n: [section(block_id=x(n))],
    "action_id.max": lambda n: [s.actions({**s.button(), "action_id": x(n)})],
    "section.text.max": lambda n: [section(x(n))],
    "text_object.max": lambda n: [{"type": "context", "elements": [plain(x(n))]}],
    "section.fields.max": lambda n: [{"type": "section", "fields": [plain("f")] * n}],
    "section.field_text.max": lambda n: [{"type": "section", "fields": [plain(x(n))]}],
    "header.text.max": lambda n: [{"type": "header", "text": plain(x(n))}],
    "context.elements.max": lambda n: [{"type": "context", "elements": [plain("c")] * n}],
    "actions.elements.max": lambda n: [s.actions(*({**s.button(), "action_id": f"a{i}"} for i in range(n)))],
    "context_actions.elements.max": lambda n: [
        {"type": "context_actions", "elements": [{"type": "icon_button", "action_id": f"{i}"} for i in range(n)]}
    ],
    "image.url.max": lambda n: [{**s.SAMPLES["image"], "image_url": ("https://example.org/" + x(n))[:n]}],
    "image.alt_text.max": lambda n: [{**s.SAMPLES["image"], "alt_text": x(n)}],
    "image.title.max": lambda n: [{**s.SAMPLES["image"], "title": plain(x(n))}],
    "button.text.max": lambda n: [s.actions(s.button(x(n)))],
    "button.value.max": lambda n: [s.actions(s.button(value=x(n)))],
    "button.url.max": lambda n: [s.actions(s.button(url=x(n)))],
    "button.accessibility_label.max": lambda n: [s.actions(s.button(accessibility_label=x(n)))],
    "button.agent_prompt.max": lambda n: [s.actions(s.button(agent_prompt=x(n)))],
    "option.url.max": lambda n: [s.actions({"type": "overflow", "action_id": "o", "options": [s.option(url=x(n))]})],
    "confirm.title.max": lambda n: [s.actions(s.button(confirm=s.confirm(title=x(n))))],
    "confirm.text.max": lambda n: [s.actions(s.button(confirm=s.confirm(text=x(n))))],
    "confirm.confirm.max": lambda n: [s.actions(s.button(confirm=s.confirm(confirm=x(n))))],
    "confirm.deny.max": lambda n: [s.actions(s.button(confirm=s.confirm(deny=x(n))))],
    "markdown.text.max": lambda n: long_texts(n, lambda text: {"type": "markdown", "text": text}),
    "table.rows.max": lambda n: [s.table(rows=n)],
    "table.cells_per_row.max": lambda n: [s.table(columns=n)],
    "table.column_settings.max": lambda n: [s.table(column_settings=[{}] * n)],
    "table.per_message.max": lambda n: [s.table()] * n,
    "table.chars_total.max": lambda n: [s.table(rows=1, columns=1, text=x(n))],
    "data_table.chars_total.max": lambda n: [{**s.data_table(), "rows": [[s.cell("h")], [s.cell(x(n - 1))]]}],
    "data_visualization.title.max": lambda n: [s.pie(title=x(n))],
    "data_visualization.label.max": lambda n: [s.pie(label=x(n))],
    "data_visualization.axis_label.max": lambda n: [s.bars(axis=x(n))],
    "data_visualization.per_message.max": lambda n: [s.pie()] * n,
    "card.title.max": lambda n: [s.card(title=plain(x(n)))],
    "card.subtitle.max": lambda n: [s.card(subtitle=plain(x(n)))],
    "card.body.max": lambda n: [s.card(body=plain(x(n)))],
    "card.subtext.max": lambda n: [s.card(subtext=plain(x(n)))],
    "card.actions.max": lambda n: [s.card(actions=[s.button()] * n)],
    "container.title.max": lambda n: [{**s.SAMPLES["container"], "title": plain(x(n))}],
    "container.child_blocks.max": lambda n: [{**s.SAMPLES["container"], "child_blocks": [{"type": "divider"}] * n}],
    "plan.tasks.max": lambda n: [{**s.SAMPLES["plan"], "tasks": [{"title": "t"}] * n}],
    "video.title.max": lambda n: [s.video(title=plain(x(n)))],
    "video.author_name.max": lambda n: [s.video(author_name=x(n))],
}
"""What a message may hold n of."""

MODAL: dict[str, Callable[[int], JSON]] = {
    "view.blocks.max": lambda n: modal(*[{"type": "divider"}] * n),
    "view.title.max": lambda n: modal(title=plain(x(n))),
    "view.submit.max": lambda n: modal(submit=plain(x(n))),
    "view.close.max": lambda n: modal(close=plain(x(n))),
    "view.private_metadata.max": lambda n: modal(private_metadata=x(n)),
    "view.callback_id.max": lambda n: modal(callback_id=x(n)),
    "view.external_id.max": lambda n: modal(external_id=x(n)),
    "input.label.max": lambda n: modal({**text_input(), "label": plain(x(n))}),
    "input.hint.max": lambda n: modal({**text_input(), "hint": plain(x(n))}),
    "option.text.max": lambda n: modal(s.input_of("static_select", options=[s.option(x(n))])),
    "option.value.max": lambda n: modal(s.input_of("static_select", options=[s.option(value=x(n))])),
    "option.description.max": lambda n: modal(s.input_of("static_select", options=[s.option(description=plain(x(n)))])),
    "option_group.label.max": lambda n: modal(
        s.input_of("static_select", option_groups=[{"label": plain(x(n)), "options": s.options(1)}])
    ),
    "option_group.options.max": lambda n: modal(
        s.input_of("static_select", option_groups=[{"label": plain("G"), "options": s.options(n)}])
    ),
    "static_select.options.max": lambda n: modal(s.input_of("static_select", options=s.options(n))),
    "static_select.option_groups.max": lambda n: modal(
        s.input_of("static_select", option_groups=[{"label": plain("G"), "options": s.options(1)}] * n)
    ),
    "checkboxes.options.max": lambda n: modal(s.input_of("checkboxes", options=s.options(n))),
    "radio_buttons.options.max": lambda n: modal(s.input_of("radio_buttons", options=s.options(n))),
    "placeholder.max": lambda n: modal(text_input(placeholder=plain(x(n)))),
    "alert.text.max": lambda n: modal({"type": "alert", "text": plain(x(n))}),
}
"""What a modal may hold n of."""

RANGES: dict[str, tuple[str, Callable[[int], list[JSON]]]] = {
    "overflow.options": (
        "message",
        lambda n: [s.actions({"type": "overflow", "action_id": "o", "options": s.options(n)})],
    ),
    "plain_text_input.min_length.range": ("modal", lambda n: [text_input(min_length=n)]),
    "plain_text_input.max_length.range": ("modal", lambda n: [text_input(max_length=n)]),
    "file_input.max_files.range": ("modal", lambda n: [s.input_of("file_input", max_files=n)]),
    "rich_text_input.lines.range": ("modal", lambda n: [s.input_of("rich_text_input", max_lines=n)]),
    "rich_text_list.indent.range": (
        "message",
        lambda n: [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_list", "style": "bullet", "indent": n, "elements": []}],
            }
        ],
    ),
    "data_table.rows.range": ("message", lambda n: [s.data_table(rows=n)]),
    "data_table.columns.range": ("message", lambda n: [s.data_table(columns=n)]),
    "data_table.page_size.range": ("message", lambda n: [s.data_table(page_size=n)]),
    "data_visualization.segments.range": ("message", lambda n: [s.pie(segments=n)]),
    "data_visualization.series.range": ("message", lambda n: [s.bars(series=n)]),
    "data_visualization.points.range": ("message", lambda n: [s.bars(points=n)]),
    "carousel.elements.range": ("message", lambda n: [{"type": "carousel", "elements": [s.card()] * n}]),
}
"""What must lie between two numbers."""

FORMATS: dict[str, tuple[Callable[[Any], JSON], list[Any], list[Any]]] = {
    "datepicker.format": (
        lambda v: s.input_of("datepicker", initial_date=v),
        ["2026-01-31"],
        ["31.1.2026", "2026-1-31", "2026-13-01", 20260131],
    ),
    "timepicker.format": (
        lambda v: s.input_of("timepicker", initial_time=v),
        ["09:00", "23:59"],
        ["9:00", "24:00", "09:00:00"],
    ),
    "datetimepicker.format": (
        lambda v: s.input_of("datetimepicker", initial_date_time=v),
        [1_795_000_000],
        [1_795_000_000_000, 179, "1795000000"],
    ),
    "number_input.is_decimal_allowed.required": (
        lambda v: s.input_of("number_input", **({} if v is None else {"is_decimal_allowed": v})),
        [True, False],
        [None, "true"],
    ),
}
"""Good and bad values of inputs, in a modal."""


def _value(name: str, surface: str) -> JSON:
    return (
        {"min": ENTRIES[name]["min"], "max": ENTRIES[name]["max"]}
        if isinstance(ENTRIES[name], dict)
        else {
            "min": ENTRIES[name][0],
            "max": ENTRIES[name][1],
        }
    )


async def post_code(sandbox: Sandbox, blocks: list[JSON]) -> str | None:
    """The error of posting blocks, or None."""
    return await _code(client_of(sandbox).chat_postMessage(channel="C1", text="Fallback", blocks=blocks))


async def open_code(sandbox: Sandbox, view: JSON) -> str | None:
    """The error of opening a view, or None."""
    trigger = sandbox._core.triggers.new_trigger("U1")
    return await _code(client_of(sandbox).api_call("views.open", json={"trigger_id": trigger, "view": view}))


async def publish_code(sandbox: Sandbox, view: JSON) -> str | None:
    """The error of publishing a Home tab, or None."""
    return await _code(client_of(sandbox).api_call("views.publish", json={"user_id": "U1", "view": view}))


async def _code(call: Awaitable[Any]) -> str | None:
    try:
        await call
    except SlackApiError as refused:
        body: JSON = refused.response.data
        if body["error"] in ("invalid_blocks", "invalid_arguments", "msg_blocks_too_long"):
            assert "[json-pointer:/" in body["response_metadata"]["messages"][0]
        return str(body["error"])
    return None


@on_each("name", MESSAGE)
async def test_message_limit(sandbox: Sandbox, name: str) -> None:
    build, most = MESSAGE[name], ENTRIES[name]
    assert await post_code(sandbox, build(most)) is None
    expected = "msg_blocks_too_long" if name == "message.blocks.max" else "invalid_blocks"
    assert await post_code(sandbox, build(most + 1)) == expected


@on_each("name", MODAL)
async def test_modal_limit(sandbox: Sandbox, name: str) -> None:
    build, most = MODAL[name], ENTRIES[name]
    assert await open_code(sandbox, build(most)) is None
    assert await open_code(sandbox, build(most + 1)) == "invalid_arguments"


@on_each("name", RANGES)
async def test_range(sandbox: Sandbox, name: str) -> None:
    surface, build = RANGES[name]
    value = _value(name, surface)

    async def code(n: int) -> str | None:
        if surface == "message":
            return await post_code(sandbox, build(n))
        return await open_code(sandbox, modal(*build(n)))

    assert await code(value["min"]) is None
    assert await code(value["max"]) is None
    assert await code(value["min"] - 1) is not None
    assert await code(value["max"] + 1) is not None


@pytest.mark.parametrize("name", FORMATS)
async def test_format(sandbox: Sandbox, name: str) -> None:
    build, good, bad = FORMATS[name]
    for value in good:
        assert await open_code(sandbox, modal(build(value))) is None
    for value in bad:
        assert await open_code(sandbox, modal(build(value))) == "invalid_arguments"


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
async def test_blocks_of_a_surface(sandbox: Sandbox, surface: str) -> None:
    allowed = set(ENTRIES[f"surface.{surface}.blocks"])
    for kind, block in s.SAMPLES.items():
        if surface == "message":
            code = await post_code(sandbox, [block])
        elif surface == "modal":
            code = await open_code(sandbox, modal(block))
        else:
            code = await publish_code(sandbox, {"type": "home", "blocks": [block]})
        assert (code is None) == (kind in allowed), (kind, code)


DATA_TABLES: dict[str, JSON] = {
    "no caption": {"caption": ""},
    "no rows": {"rows": []},
    "a row that is shorter": {"rows": [[s.cell("a"), s.cell("b")], [s.cell("1")]]},
    "a row that is no list": {"rows": [[s.cell("a")], "1"]},
    "rich text in the header": {"rows": [[{"type": "rich_text", "elements": []}], [s.cell("1")]]},
    "a cell of another kind": {"rows": [[s.cell("a")], [plain("1")]]},
    "a cell without words": {"rows": [[s.cell("a")], [{"type": "raw_text"}]]},
    "a property that nobody knows": {"colour": "red"},
}


@on_each("name", DATA_TABLES)
async def test_a_data_table_that_is_none(sandbox: Sandbox, name: str) -> None:
    assert await post_code(sandbox, [s.data_table()]) is None
    numbers = [[s.cell("a"), s.cell("b")], [{"type": "raw_number", "value": 1}, {"type": "rich_text", "elements": []}]]
    assert await post_code(sandbox, [s.data_table(row_header_column_index=0) | {"rows": numbers}]) is None
    assert await post_code(sandbox, [s.data_table() | DATA_TABLES[name]]) == "invalid_blocks"


async def test_a_workspace_that_doesnt_take_a_kind_of_block(sandbox: Sandbox) -> None:
    sandbox.settings.unknown_blocks = frozenset({"data_table"})
    client = client_of(sandbox)
    posted = await client.chat_postMessage(channel="C1", text="x", blocks=[section("words")])
    assert await post_code(sandbox, [s.data_table()]) == "invalid_blocks"
    change = client.chat_update(channel="C1", ts=posted["ts"], text="x", blocks=[s.data_table()])
    assert await _code(change) == "invalid_blocks"
    assert len(sandbox.workspace.channels["C1"].messages) == 1


async def test_empty_text_object(sandbox: Sandbox) -> None:
    assert ENTRIES["text_object.min"] == 1
    assert await post_code(sandbox, [section("")]) == "invalid_blocks"


async def test_submit_is_required_with_an_input(sandbox: Sandbox) -> None:
    assert ENTRIES["view.submit.required_with_input"] is True
    view = modal(text_input())
    del view["submit"]
    assert await open_code(sandbox, view) == "invalid_arguments"


async def test_view_payload(sandbox: Sandbox) -> None:
    assert ENTRIES["view.payload.max"] == 250
    blocks = [section(x(2900)) for _ in range(90)]
    assert await open_code(sandbox, modal(*blocks)) == "view_too_large"
    assert await open_code(sandbox, modal(*blocks[:80])) is None


async def test_texts_of_messages(sandbox: Sandbox) -> None:
    client, most = client_of(sandbox), ENTRIES["message.text.truncated_above"]
    # The advised length is advice: a longer text is posted whole.
    longer = await client.chat_postMessage(channel="C1", text=x(ENTRIES["message.text.recommended_max"] + 1))
    assert len(longer["message"]["text"]) == ENTRIES["message.text.recommended_max"] + 1
    cut = await client.chat_postMessage(channel="C1", text=x(most + 1))
    assert len(cut["message"]["text"]) == most
    assert cut["warning"] == "message_truncated"
    update = {"channel": "C1", "ts": cut["ts"]}
    assert await _code(client.chat_update(**update, text=x(ENTRIES["chat.update.text.max"]))) is None
    assert await _code(client.chat_update(**update, text=x(ENTRIES["chat.update.text.max"] + 1))) == "msg_too_long"
    markdown = ENTRIES["message.markdown_text.max"]
    assert await _code(client.chat_postMessage(channel="C1", markdown_text=x(markdown))) is None
    assert await _code(client.chat_postMessage(channel="C1", markdown_text=x(markdown + 1))) == "msg_too_long"
    both = client.api_call("chat.postMessage", json={"channel": "C1", "text": "a", "markdown_text": "b"})
    assert await _code(both) == "markdown_text_conflict"


async def test_attachments_and_contact_cards(sandbox: Sandbox) -> None:
    client = client_of(sandbox)
    for field, name, code in (
        ("attachments", "message.attachments.max", "too_many_attachments"),
        ("contact_cards", "message.contact_cards.max", "invalid_arguments"),
    ):
        for count, expected in ((ENTRIES[name], None), (ENTRIES[name] + 1, code)):
            body = {"channel": "C1", "text": "Words", field: [{"text": "a"}] * count}
            assert await _code(client.api_call("chat.postMessage", json=body)) == expected


async def test_metadata_size(sandbox: Sandbox) -> None:
    assert ENTRIES["message.metadata.max"] is None
    sandbox.settings.metadata_bytes_max = 200

    def post(size: int) -> Awaitable[Any]:
        metadata = {"event_type": "delivery", "event_payload": {"key": x(size)}}
        return client_of(sandbox).chat_postMessage(channel="C1", text="Words", metadata=metadata)

    assert await _code(post(100)) is None
    assert await _code(post(200)) == "metadata_too_large"


def _with(path: str, value: Any) -> JSON:
    changed = manifest()
    at = changed
    *way, last = path.split(".")
    for key in way:
        at = at.setdefault(key, {})
    at[last] = value
    return changed


def _command(**fields: Any) -> JSON:
    return {"command": "/one", "description": "One", **fields}


def _shortcut(**fields: Any) -> JSON:
    return {"name": "One", "type": "global", "callback_id": "one", "description": "One", **fields}


MANIFEST: dict[str, Callable[[int], JSON]] = {
    "manifest.display_information.name.max": lambda n: _with("display_information.name", x(n)),
    "manifest.display_information.description.max": lambda n: _with("display_information.description", x(n)),
    "manifest.bot_user.display_name.max": lambda n: _with("features.bot_user.display_name", x(n)),
    "manifest.slash_commands.max": lambda n: _with("features.slash_commands", [_command()] * n),
    "manifest.slash_command.description.max": lambda n: _with("features.slash_commands", [_command(description=x(n))]),
    "manifest.slash_command.usage_hint.max": lambda n: _with("features.slash_commands", [_command(usage_hint=x(n))]),
    "manifest.shortcuts.max": lambda n: _with("features.shortcuts", [_shortcut()] * n),
    "manifest.shortcut.name.max": lambda n: _with("features.shortcuts", [_shortcut(name=x(n))]),
    "manifest.shortcut.description.max": lambda n: _with("features.shortcuts", [_shortcut(description=x(n))]),
    "manifest.bot_events.max": lambda n: _with("settings.event_subscriptions.bot_events", ["message.im"] * n),
    "manifest.bot_scopes.max": lambda n: _with("oauth_config.scopes.bot", ["chat:write"] * n),
    "manifest.redirect_urls.max": lambda n: _with("oauth_config.redirect_urls", ["https://example.org"] * n),
    "manifest.metadata_subscriptions.max": lambda n: _with(
        "settings.event_subscriptions.metadata_subscriptions", [{}] * n
    ),
}
MANIFEST_RANGES: dict[str, Callable[[int], JSON]] = {
    "manifest.display_information.long_description.range": lambda n: _with(
        "display_information.long_description", x(n)
    ),
    "manifest.slash_command.command.range": lambda n: _with(
        "features.slash_commands", [_command(command="/" + x(n - 1))]
    ),
}


@on_each("name", MANIFEST)
def test_manifest_limit(name: str) -> None:
    read_manifest(MANIFEST[name](ENTRIES[name]))
    with pytest.raises(ManifestError):
        read_manifest(MANIFEST[name](ENTRIES[name] + 1))


@pytest.mark.parametrize("name", MANIFEST_RANGES)
def test_manifest_range(name: str) -> None:
    least, most = ENTRIES[name]
    for n in (least, most):
        read_manifest(MANIFEST_RANGES[name](n))
    for n in (least - 1, most + 1):
        with pytest.raises(ManifestError):
            read_manifest(MANIFEST_RANGES[name](n))


SINGLE = {
    "text_object.min",
    "view.submit.required_with_input",
    "view.payload.max",
    "message.text.recommended_max",
    "message.text.truncated_above",
    "message.markdown_text.max",
    "message.attachments.max",
    "message.contact_cards.max",
    "message.metadata.max",
    "chat.update.text.max",
    "surface.message.blocks",
    "surface.modal.blocks",
    "surface.home.blocks",
}
"""Entries with a test of their own above."""


def test_every_entry_is_tested_or_is_no_concern_of_ours() -> None:
    tables: list[set[str]] = [
        set(MESSAGE),
        set(MODAL),
        set(RANGES),
        set(FORMATS),
        set(MANIFEST),
        set(MANIFEST_RANGES),
        SINGLE,
        set(IN_TIME),
        set(NOT_OURS),
    ]
    everywhere = [name for table in tables for name in table]
    assert len(everywhere) == len(set(everywhere)), "an entry stands in two tables"
    assert set(everywhere) == set(ENTRIES)
    assert all(len(reason) > 20 for reason in NOT_OURS.values())
