"""Every identifier has one listener, and every listener names its parameters as Bolt knows them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, cast

from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.services import Services
from bot.slack.identifiers import Action, Command, Entry, Search, Shortcut, Submission
from bot.slack.manifest import EVENTS as SUBSCRIBED
from bot.slack.manifest import UNINSTALL_EVENTS, manifest
from handlers import ACTIONS, COMMANDS, EVENTS, SEARCHES, SUBMISSIONS, register_handlers
from handlers.inbox import take_once


class Recorder:
    """Stands in for the app and writes down what is registered."""

    def __init__(self) -> None:
        self.registered: list[tuple[str, Any, Any]] = []

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        def decorate(constraint: Any) -> Callable[[Any], Any]:
            def take(function: Any) -> Any:
                self.registered.append((kind, constraint, function))
                return function

            return take

        return decorate


def recorded(services: Services) -> list[tuple[str, Any, Any]]:
    recorder = Recorder()
    register_handlers(cast(AsyncApp, recorder), services)
    return recorder.registered


def test_every_identifier_is_registered_exactly_once(services: Services) -> None:
    registered = recorded(services)
    by_kind = {
        kind: [constraint for one, constraint, _ in registered if one == kind]
        for kind in ("action", "view_submission", "options", "shortcut", "command", "event")
    }
    for kind, identifiers in (
        ("action", Action),
        ("view_submission", Submission),
        ("options", Search),
        ("shortcut", Shortcut),
    ):
        [pattern] = by_kind[kind]
        assert all(pattern.search(identifier) for identifier in identifiers), kind
        others = {*Action, *Submission, *Search, *Shortcut, *Entry} - set(identifiers)
        assert not [one for one in others if pattern.search(one)], kind
        assert not [one for one in identifiers if pattern.search(f"{one}_more") or pattern.search(f"no_{one}")], kind
    assert len(by_kind["command"]) == len(Command)
    assert len(by_kind["event"]) == len(set(by_kind["event"]))
    assert not set(Entry) & {*Action, *Search, *Submission}


def test_tables_hold_every_identifier() -> None:
    assert set(ACTIONS) == set(Action)
    assert set(SUBMISSIONS) == set(Submission)
    assert set(SEARCHES) == set(Search)
    assert set(COMMANDS) == set(Command)
    assert set(EVENTS) == {"message", "app_mention", "app_home_opened", *UNINSTALL_EVENTS}


def test_every_command_of_the_manifest_has_one_listener(services: Services) -> None:
    patterns = [constraint for kind, constraint, _ in recorded(services) if kind == "command"]
    for prefix in ("", "lb-", "x_"):
        for command in manifest(prefix)["features"]["slash_commands"]:
            matching = [pattern for pattern in patterns if re.search(pattern, command["command"])]
            assert len(matching) == 1, command["command"]


def test_every_subscribed_event_has_a_listener(services: Services) -> None:
    heard = {constraint for kind, constraint, _ in recorded(services) if kind == "event"}
    assert heard == {event.partition(".")[0] for event in (*SUBSCRIBED, *UNINSTALL_EVENTS)}


def test_listeners_name_their_parameters_as_bolt_knows_them(services: Services) -> None:
    known = set(AsyncArgs.__annotations__) | {"next"}
    for kind, constraint, function in recorded(services):
        names = inspect.getfullargspec(inspect.unwrap(function)).args
        assert set(names) <= known, (kind, constraint, names)
    assert set(inspect.getfullargspec(take_once(services)).args) <= known
