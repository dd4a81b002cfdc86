"""Ids are short, unique and within Slack's limits."""

from __future__ import annotations

from bot.slack.identifiers import Action, BlockPrefix, Command, Entry, Search, Submission
from bot.slack.limits import IDENTIFIER


def test_no_two_mean_different_things() -> None:
    # A search that says at once what was chosen is one element with one name.
    assert str(Action.ASK_NAMED) == str(Search.PROVIDER)
    every = [*(one for one in Action if one is not Action.ASK_NAMED), *Search, *Submission, *Entry]
    assert len(set(every)) == len(every)
    assert all(len(one) <= IDENTIFIER for one in every)


def test_beginnings_of_block_ids_differ() -> None:
    assert not any(one != other and one.startswith(other) for one in BlockPrefix for other in BlockPrefix)


def test_commands_are_what_slack_takes() -> None:
    assert all(command.startswith("/") and command == command.lower() and len(command) <= 32 for command in Command)
