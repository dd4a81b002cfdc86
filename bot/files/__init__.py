"""Files that people bring and take: the coalition file as YAML, and the sample that ships with Backbeat."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from bot.files.coalition_file import LoadedFile, LocatedProblem, dump_coalition_file, load_coalition_file
from bot.files.figure_table import LARGEST as LARGEST_TABLE
from bot.files.figure_table import LoadedTable, load_figure_table
from bot.files.own_data import own_data_text
from bot.files.public_records import records_as_csv, records_as_json

__all__ = [
    "LARGEST_TABLE",
    "LoadedFile",
    "LoadedTable",
    "LocatedProblem",
    "dump_coalition_file",
    "load_coalition_file",
    "load_figure_table",
    "own_data_text",
    "records_as_csv",
    "records_as_json",
    "sample_path",
    "sample_text",
]

_SAMPLE = "limestone-bend.yaml"


def sample_path() -> Path:
    """Where the sample coalition's file is installed."""
    return Path(str(files(__name__) / _SAMPLE))


def sample_text() -> str:
    """The sample coalition's file, Limestone Bend, as text."""
    return (files(__name__) / _SAMPLE).read_text(encoding="utf-8")
