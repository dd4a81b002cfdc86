"""The sandbox's own table of Slack's limits, and the checks of whole messages and views against it.
Blocks and elements are checked in limits_blocks and limits_elements. Nothing is shared with the bot."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from bot.sandbox.checker import LIMITS, Checker, FileLookup, size_of
from bot.sandbox.errors import ApiError
from bot.sandbox.limits_blocks import check_blocks
from bot.sandbox.workspace import JSON

VIEW_KEYS = frozenset(
    {
        "type",
        "title",
        "blocks",
        "close",
        "submit",
        "private_metadata",
        "callback_id",
        "clear_on_close",
        "notify_on_close",
        "external_id",
        "submit_disabled",
    }
)


def truncated(text: str) -> str:
    """A message's text, cut where Slack cuts it."""
    return text[: LIMITS["message.text.truncated_above"]]


def check_message_blocks(
    blocks: Any, file_usable: FileLookup | None = None, unknown: Collection[str] = ()
) -> list[JSON]:
    """A message's blocks. Raises `invalid_blocks_format`, `msg_blocks_too_long` or `invalid_blocks`."""
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    check = Checker(file_usable=file_usable, unknown=unknown)
    check_blocks(check, blocks, "/blocks")
    most = LIMITS["message.blocks.max"]
    if len(blocks) > most:
        raise ApiError("msg_blocks_too_long", f"[ERROR] no more than {most} items allowed [json-pointer:/blocks]")
    if check.problems:
        raise ApiError("invalid_blocks", *check.problems)
    return blocks


def check_attachments(attachments: Any) -> list[JSON]:
    """A message's attachments. Raises `invalid_attachments` or `too_many_attachments`."""
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        raise ApiError("invalid_attachments")
    if len(attachments) > LIMITS["message.attachments.max"]:
        raise ApiError("too_many_attachments")
    return attachments


def check_metadata(metadata: Any, bytes_max: int) -> JSON:
    """A message's metadata. Raises `invalid_metadata_format`, `invalid_metadata_schema` or `metadata_too_large`."""
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > bytes_max:
        raise ApiError("metadata_too_large")
    return metadata


def check_view(view: Any, file_usable: FileLookup | None = None, *, home: bool) -> JSON:
    """A modal's or the Home tab's view. Raises `view_too_large` or `invalid_arguments`."""
    if not isinstance(view, dict):
        raise ApiError("invalid_arguments", "[ERROR] failed to parse view [json-pointer:/view]")
    if size_of(view) > LIMITS["view.payload.max"] * 1000:
        raise ApiError("view_too_large")
    problems = view_problems(view, file_usable, home=home)
    if problems:
        raise ApiError("invalid_arguments", *problems)
    return view


def view_problems(view: JSON, file_usable: FileLookup | None = None, *, home: bool) -> list[str]:
    """What Slack would say against a view, each with its JSON pointer."""
    wanted = "home" if home else "modal"
    check = Checker(wanted, file_usable)
    if view.get("type") != wanted:
        check.add(f"must be {wanted}", "/view/type")
    check.keys(view, VIEW_KEYS, "/view")
    for field in ("callback_id", "private_metadata", "external_id"):
        check.string(view.get(field), f"view.{field}.max", f"/view/{field}")
    if home:
        for field in ("title", "submit", "close"):
            if field in view:
                check.add(f"invalid additional property: {field}", "/view")
    else:
        check.text(view.get("title"), "view.title.max", "/view/title", required=True)
        check.text(view.get("submit"), "view.submit.max", "/view/submit")
        check.text(view.get("close"), "view.close.max", "/view/close")
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        check.add("missing required field: blocks", "/view")
        return check.problems
    check.items(blocks, "view.blocks.max", "/view/blocks", least=0)
    check_blocks(check, blocks, "/view/blocks")
    if not home and "submit" not in view and any(block.get("type") == "input" for block in blocks):
        check.add("missing required field: submit, which a view with input blocks needs", "/view")
    return check.problems
