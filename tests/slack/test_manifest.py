"""The manifest follows Slack's schema, asks for no more than is used, and the sandbox takes it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from bot.sandbox.manifest import read_manifest
from bot.slack.identifiers import Command
from bot.slack.manifest import EVENTS, SCOPES, checked_prefix, command_name, manifest

SCHEMA = Path(__file__).parent.parent / "sandbox" / "manifest.schema.2.0.0.json"


@pytest.mark.parametrize("prefix", ["", "lb-", checked_prefix("x" * 22)])
def test_follows_the_schema(prefix: str) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(manifest(prefix), schema)
    assert read_manifest(manifest(prefix)).interactive


def test_prefix_stands_before_every_command() -> None:
    commands = [command["command"] for command in manifest("lb-")["features"]["slash_commands"]]
    assert sorted(commands) == sorted(command_name(command, "lb-") for command in Command)


def test_every_event_has_its_scope() -> None:
    needed = {
        "message.im": "im:history",
        "app_mention": "app_mentions:read",
        "user_change": "users:read",
        "member_joined_channel": "channels:read",
        "member_left_channel": "channels:read",
        "channel_archive": "channels:read",
        "channel_rename": "channels:read",
        "channel_unarchive": "channels:read",
        "group_archive": "groups:read",
        "group_rename": "groups:read",
        "group_unarchive": "groups:read",
    }
    assert set(needed) | {"app_home_opened"} == set(EVENTS)
    assert set(needed.values()) <= set(SCOPES)


def test_each_scope_is_asked_for_once() -> None:
    assert len(set(SCOPES)) == len(SCOPES)
