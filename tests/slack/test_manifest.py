"""The manifest follows Slack's schema, asks for no more than is used, and the sandbox takes it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from bot.errors import UserError
from bot.sandbox.manifest import read_manifest
from bot.slack.identifiers import Command
from bot.slack.manifest import EVENTS, SCOPES, UNINSTALL_EVENTS, checked_prefix, checked_url, command_name, manifest
from tests.tables import on_each

SCHEMA = Path(__file__).parent.parent / "sandbox" / "manifest.schema.2.0.0.json"


@on_each("url", [None, "https://bot.example.org"])
@on_each("prefix", ["", "lb-", checked_prefix("x" * 22)])
def test_follows_the_schema(prefix: str, url: str | None) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(manifest(prefix, url), schema)
    assert read_manifest(manifest(prefix, url)).interactive


def test_over_http_everything_goes_to_one_address() -> None:
    over_http, by_socket = manifest(url="https://bot.example.org"), manifest()
    requests = "https://bot.example.org/slack/events"
    settings = over_http["settings"]
    assert (settings["socket_mode_enabled"], by_socket["settings"]["socket_mode_enabled"]) == (False, True)
    assert settings["interactivity"]["request_url"] == settings["event_subscriptions"]["request_url"] == requests
    assert settings["interactivity"]["message_menu_options_url"] == requests
    assert {command["url"] for command in over_http["features"]["slash_commands"]} == {requests}
    assert over_http["oauth_config"]["redirect_urls"] == ["https://bot.example.org/slack/oauth_redirect"]
    assert set(settings["event_subscriptions"]["bot_events"]) == {*EVENTS, *UNINSTALL_EVENTS}
    assert set(by_socket["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS)
    assert requests not in json.dumps(by_socket)


@on_each(
    ("given", "taken"),
    [
        ("https://bot.example.org", "https://bot.example.org"),
        ("https://bot.example.org/", "https://bot.example.org"),
        ("https://bot.example.org/slack/events", "https://bot.example.org"),
        ("https://example.org:8443/backbeat", "https://example.org:8443/backbeat"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_an_address_that_slack_can_reach(given: str, taken: str) -> None:
    assert checked_url(given) == taken


@on_each(
    ("given", "said"),
    [
        ("bot.example.org", "is not an address. Write it as https://bot.example.org."),
        ("https://", "is not an address."),
        ("https://exa mple.org", "is not an address."),
        ("https://bot.example.org:port", "is not an address."),
        ("ftp://bot.example.org", "is not an address."),
        ("http://bot.example.org", "over HTTPS only. Write https:// before bot.example.org."),
        ("https://me:secret@bot.example.org", "Leave out what stands before @"),
        ("https://bot.example.org/?a=1", "after ?"),
        ("https://bot.example.org/#a", "after #"),
    ],
)
def test_an_address_that_it_cannot(given: str, said: str) -> None:
    with pytest.raises(UserError, match=said.replace("?", r"\?")) as refused:
        checked_url(given)
    assert "secret" not in refused.value.message


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
