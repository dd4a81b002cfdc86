"""The head of a coalition file: its version, the coalition with its north star, and the vocabularies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.coalition_file.kinds import DAY, FLAG, ID, NAME, ZONE, many, one, text
from bot.domain.coalition_file.metrics import DATED, METRIC
from bot.domain.coalition_file.plain import written
from bot.domain.coalition_file.problems import Problems, shown
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import EXTRA, Field, Kind, Merging, Shape
from bot.domain.record import Coalition, NorthStar
from bot.domain.vocabularies import FILE_VOCABULARIES, OTHER_FILE_VOCABULARIES, words

SCHEMA_VERSION = 1
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def check_version(data: Mapping[Any, Any], problems: Problems) -> bool:
    """Whether the file isn't of a newer version than is read here; a problem tells how to mend one that is."""
    version = data.get("schema_version")
    is_newer = isinstance(version, int) and version > SCHEMA_VERSION
    if is_newer:
        problems.add(
            "schema_version",
            f"is {shown(version)}, and this version of Backbeat reads {SCHEMA_VERSION}. "
            "Update Backbeat, or export the file again with this version.",
        )
    return not is_newer


def _read_version(top: Section, key: str) -> int:
    version = top.data[key]
    # A number that is none can't even be compared.
    if isinstance(version, bool) or not isinstance(version, int) or version != SCHEMA_VERSION:
        top.problem(key, f"is {shown(version)}. {VERSION.mend}")
    return SCHEMA_VERSION


VERSION = Kind(_read_version, SCHEMA_VERSION, f"Write {SCHEMA_VERSION}; this version of Backbeat reads no other.")


def _read_currency(section: Section, key: str) -> str | None:
    currency = section.text(key)
    if currency is not None and not _CURRENCY.fullmatch(currency):
        section.problem(key, f"is {shown(currency)}. Write three capital letters, such as USD.")
    return currency


def _check_goals(section: Section, star: NorthStar) -> None:
    years: set[int] = set()
    for each, goal in zip(section.entries("yearly_goals"), star.yearly_goals, strict=True):
        if each.good("date") and goal.on.year in years:
            each.problem("date", f"is {goal.on}, and {goal.on.year} has a goal already. Write one a year.")
        years.add(goal.on.year)


_NORTH_STAR = Shape(
    NorthStar,
    "north star",
    Field("statement", text(1000)),
    Field("yearly_goals", many(DATED)),
    Field("public", FLAG),
    Field("metric", one(METRIC), merging=Merging.BY_RULE),
    checks=(_check_goals,),
)

COALITION = Shape(
    Coalition,
    "coalition",
    Field("id", ID),
    Field("name", NAME),
    Field("short_name", text(80)),
    Field("timezone", ZONE),
    Field("currency", Kind(_read_currency)),
    Field("ended", DAY),
    Field("locale", Kind(Section.locale)),
    EXTRA,
    Field("north_star", one(_NORTH_STAR), merging=Merging.BY_RULE),
)


def read_vocabularies(top: Section) -> Mapping[str, Any]:
    """Compare the file's vocabularies with Backbeat's; those that Backbeat has no word for are returned and kept."""
    section = top.section("vocabularies")
    if section is None:
        return {}
    for name, vocabulary in {**FILE_VOCABULARIES, **OTHER_FILE_VOCABULARIES}.items():
        if not section.given(name):
            continue
        theirs = section.texts(name, 80)
        ours = words(vocabulary)
        added = [shown(word) for word in theirs if word not in ours]
        left_out = [shown(word) for word in ours if word not in theirs]
        if not section.good(name) or not (added or left_out):
            continue
        differs = [f"adds {', '.join(added)}"] if added else []
        differs += [f"leaves out {', '.join(left_out)}"] if left_out else []
        section.problem(name, f"{' and '.join(differs)}. Backbeat's words are fixed: {', '.join(ours)}.")
    return section.extra()


def write_vocabularies(others: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = written({name: words(each) for name, each in FILE_VOCABULARIES.items()} | dict(others))
    return plain
