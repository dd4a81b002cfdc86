"""What a command came to, and what it left in the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Backbeat = Callable[..., Result]


def done(result: Result) -> str:
    """What a command printed that went well."""
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def refused(result: Result, code: int = 1) -> str:
    """The one sentence of a command that did not."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    [sentence] = result.stderr.splitlines()
    return sentence


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "backbeat.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
