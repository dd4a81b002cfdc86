"""Canvases in channels' tabs: made, written whole, renamed, deleted; plans, access, people, and the page's side."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import ManifestError, Refused, Sandbox
from bot.sandbox.canvases import trouble_of
from bot.sandbox.manifest import read_manifest
from tests.sandbox.conftest import SCOPES, Start, client_of, error_of, manifest, refusal
from tests.sandbox.shape import sample, unknown_fields
from tests.sandbox.test_contract import Page, page, who
from tests.tables import on_each

JSON = dict[str, Any]
__all__ = ["page"]
WRITES = manifest(scopes=[*SCOPES.split(), "canvases:write"])


@pytest.fixture
async def sandbox(start: Start) -> Sandbox:
    return await start(WRITES)


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return client_of(sandbox)


def text(markdown: str) -> dict[str, str]:
    return {"type": "markdown", "markdown": markdown}


def replace(markdown: str) -> list[JSON]:
    return [{"operation": "replace", "document_content": text(markdown)}]


async def made(client: AsyncWebClient, markdown: str = "# One", channel: str = "C1") -> str:
    reply = await client.conversations_canvases_create(
        channel_id=channel, title="Page", document_content=text(markdown)
    )
    return str(reply["canvas_id"])


async def tabs(client: AsyncWebClient, channel: str = "C1") -> list[str]:
    shown = (await client.conversations_info(channel=channel))["channel"]
    return [one["data"]["file_id"] for one in shown.get("properties", {}).get("tabs", [])]


async def test_a_canvas_is_a_tab_that_is_replaced_whole(sandbox: Sandbox, client: AsyncWebClient) -> None:
    assert "properties" not in (await client.conversations_info(channel="C1"))["channel"]
    first = await made(client)
    assert await tabs(client) == [first]
    await client.canvases_edit(canvas_id=first, changes=replace("Two ![x](https://example.org/a.png)"))
    await client.canvases_edit(
        canvas_id=first, changes=[{"operation": "rename", "title_content": text("Another name")}]
    )
    canvas = sandbox.workspace.canvases[first]
    assert (canvas.markdown, canvas.title, canvas.edits) == ("Two ", "Another name", 2)
    # People found on live workspaces that another one is another tab.
    second = await made(client)
    assert await tabs(client) == [first, second]


async def test_a_tab_outlives_its_canvas(sandbox: Sandbox, client: AsyncWebClient) -> None:
    first = await made(client)
    assert (await client.files_info(file=first))["file"]["user"] == sandbox.bot_user_id
    await client.canvases_delete(canvas_id=first)
    assert await tabs(client) == [first]
    assert await error_of(client.files_info(file=first)) == "file_deleted"
    assert await error_of(client.canvases_edit(canvas_id=first, changes=replace("x"))) == "canvas_not_found"


async def test_a_canvas_is_a_file_with_no_field_that_slacks_lacks(client: AsyncWebClient) -> None:
    shown = (await client.files_info(file=await made(client)))["file"]
    known = sample("files.completeUploadExternal")["files"][0]
    assert unknown_fields(shown, known) == []


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"has_canvases": False}, "canvas_disabled_user_team"),
        ({"may_make_canvases": False}, "restricted_action"),
    ],
)
async def test_not_every_workspace_has_canvases(start: Start, settings: JSON, error: str) -> None:
    client = client_of(await start(WRITES, **settings))
    assert await error_of(made(client)) == error


async def test_the_free_plan_has_one_tab_a_channel_even_where_its_canvas_is_gone(start: Start) -> None:
    sandbox = await start(WRITES, is_free_plan=True)
    client = client_of(sandbox)
    first = await made(client)
    await client.canvases_delete(canvas_id=first)
    assert await error_of(made(client)) == "free_team_canvas_tab_already_exists"


async def test_what_is_refused(sandbox: Sandbox, client: AsyncWebClient, start: Start) -> None:
    first = await made(client)
    assert await error_of(made(client, channel="C2")) == "not_in_channel"
    assert await error_of(made(client, "#### Deep")) == "canvas_creation_failed"
    for wrong in ("#### Deep", "x" * 4001, "See <https://example.org>"):
        assert await error_of(client.canvases_edit(canvas_id=first, changes=replace(wrong))) == "canvas_editing_failed"
    two = [*replace("a"), *replace("b")]
    assert await error_of(client.canvases_edit(canvas_id=first, changes=two)) == "invalid_arguments"
    assert sandbox.workspace.canvases[first].markdown == "# One"
    without = client_of(await start(manifest()))
    assert (await refusal(made(without)))["needed"] == "canvases:write"


@on_each(
    ("markdown", "fine"),
    [
        ("# A\n## B\n### C\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |", True),
        ("\\<https://example.org\\>", True),
        ("- [ ] a task", True),
        ("- a\n  - [ ] a task", False),
        ("\n".join("| " + "x | " * 10 for _ in range(30)), True),
        ("\n".join("| " + "x | " * 10 for _ in range(31)), False),
        ("x" * 1_048_577, False),
    ],
)
def test_what_a_canvas_may_hold(markdown: str, fine: bool) -> None:
    assert (trouble_of(markdown) is None) is fine


async def test_people_write_unless_they_may_only_read(sandbox: Sandbox, client: AsyncWebClient) -> None:
    canvas = sandbox.workspace.canvases[await made(client)]
    ana = sandbox.person("U1")
    ana.edits_canvas(canvas, "Ana was here")
    assert canvas.edited_by == "U1"
    await client.canvases_access_set(canvas_id=canvas.id, access_level="read", channel_ids=["C1"])
    with pytest.raises(Refused, match="only view"):
        ana.edits_canvas(canvas, "Again")
    wrong = client.canvases_access_set(canvas_id=canvas.id, access_level="owner", channel_ids=["C1"])
    assert await error_of(wrong) == "invalid_parameters"
    theirs = ana.makes_canvas("C1", "Ours", "Notes")
    ana.deletes_canvas(theirs)
    assert theirs.deleted


async def test_a_new_tab_may_be_shown_later(start: Start) -> None:
    client = client_of(await start(WRITES, canvas_tab_lag_seconds=60.0))
    await made(client)
    assert await tabs(client) == []


async def test_the_page_shows_edits_and_deletes_it(page: Page, sandbox: Sandbox, client: AsyncWebClient) -> None:
    key = await made(client)
    about = {**who("U1"), "channel": "C1", "id": key}
    shown = {one["name"]: one for one in (await page.get("state", **who("U1")))["channels"]}
    assert shown["general"]["canvases"] == [{"id": key, "title": "Page"}]
    canvas = (await page.get("canvas", **about))["canvas"]
    assert (canvas["markdown"], canvas["by"], canvas["may_write"]) == ("# One", "Echo", True)
    await page.post("canvas_edit", **about, markdown="Mine")
    assert (await page.get("canvas", **about))["canvas"]["edited_by"] == "Ana Lima"
    await page.post("canvas_delete", **about)
    assert (await page.get("canvas", **about)) == {"canvas": None}


def test_optional_scopes_are_scopes_too() -> None:
    asked = manifest()
    asked["oauth_config"]["scopes"]["bot_optional"] = ["canvases:write"]
    with pytest.raises(ManifestError, match="canvases:write"):
        read_manifest(asked)
    asked["oauth_config"]["scopes"]["bot"] = [*SCOPES.split(), "canvases:write"]
    assert read_manifest(asked).optional == {"canvases:write"}
