"""The sample's file, read once in each process: reading it takes half a second, and dozens of tests begin with it."""

from __future__ import annotations

from functools import cache
from typing import Any

from bot.domain.record import Record
from bot.files import load_coalition_file, sample_text
from bot.files.coalition_yaml import parse


@cache
def sample_record() -> Record:
    """The sample as its file says it. Nothing can change it, so it is everybody's."""
    loaded = load_coalition_file(sample_text())
    assert loaded.problems == ()
    assert loaded.record is not None
    return loaded.record


@cache
def sample_data() -> dict[str, Any]:
    """The file as plain data. Who changes something in it changes a copy of their own."""
    return parse(sample_text()).data
