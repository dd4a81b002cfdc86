"""The head of a coalition file: its version and moments, the coalition with its north star, and the vocabularies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.coalition_file.known import Known
from bot.domain.coalition_file.metrics import read_metric, write_metric
from bot.domain.coalition_file.plain import entry
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.record import Coalition, NorthStar
from bot.domain.vocabularies import FILE_VOCABULARIES, OTHER_FILE_VOCABULARIES, words

SCHEMA_VERSION = 1
ANY_ZONE = "UTC"
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}", re.ASCII)


def read_version(top: Section) -> bool:
    """Whether the file is of the version that is read here; a problem tells how to mend another one."""
    version = top.data.get("schema_version")
    mend = f"Write {SCHEMA_VERSION}; this version of Backbeat reads no other."
    if not top.given("schema_version"):
        top.problem("schema_version", f"is missing. {mend}")
    elif isinstance(version, bool) or not isinstance(version, int):
        top.problem("schema_version", f"is {shown(version)}. {mend}")
    elif version > SCHEMA_VERSION:
        top.problem(
            "schema_version",
            f"is {shown(version)}, and this version of Backbeat reads {SCHEMA_VERSION}. "
            "Update Backbeat, or export the file again with this version.",
        )
        return False
    elif version != SCHEMA_VERSION:
        top.problem("schema_version", f"is {shown(version)}. {mend}")
    return True


def read_zone(section: Section, key: str = "timezone") -> str | None:
    """An IANA time zone, such as "America/Chicago"."""
    name = section.text(key)
    if name is None or is_zone(name):
        return name
    section.problem(key, f"is {shown(name)}, which is no time zone. {suggest(name, _zone_names())}")
    return None


def need_zone(section: Section, key: str = "timezone") -> str:
    mend = "Write a time zone such as America/Chicago."
    return section.need(key, lambda: read_zone(section, key), ANY_ZONE, mend)


@lru_cache(maxsize=256)
def is_zone(name: str) -> bool:
    """Whether this machine's zone database knows the name."""
    if not _ZONE.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return name in _zone_names()


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def read_coalition(top: Section, known: Known) -> Coalition:
    """The `coalition` section with its north star."""
    section = top.section("coalition")
    if section is None:
        if not top.given("coalition"):
            top.problem("coalition", "is missing. Write its id, name and timezone.")
        return Coalition(id="", name="", timezone=ANY_ZONE)
    currency = section.text("currency")
    if currency is not None and not _CURRENCY.fullmatch(currency):
        section.problem("currency", f"is {shown(currency)}. Write three capital letters, such as USD.")
    return Coalition(
        id=section.id(),
        name=section.need_text("name"),
        short_name=section.text("short_name", 80),
        timezone=need_zone(section),
        currency=currency or "USD",
        north_star=_read_north_star(section, known),
        extra=section.extra(),
    )


def _read_north_star(coalition: Section, known: Known) -> NorthStar | None:
    section = coalition.section("north_star")
    if section is None:
        return None
    metric = section.section("metric")
    return NorthStar(
        statement=section.need_text("statement", 1000),
        metric=read_metric(metric, known) if metric else None,
        extra=section.extra(),
    )


def write_coalition(coalition: Coalition) -> dict[str, Any]:
    star = coalition.north_star
    fields = {
        "id": coalition.id,
        "name": coalition.name,
        "short_name": coalition.short_name,
        "timezone": coalition.timezone,
        "currency": coalition.currency,
    }
    written = entry(fields, coalition.extra)
    if star is not None:
        metric = write_metric(star.metric) if star.metric else None
        written["north_star"] = entry({"statement": star.statement, "metric": metric}, star.extra)
    return written


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
    return entry({name: words(vocabulary) for name, vocabulary in FILE_VOCABULARIES.items()}, others)


def read_moment(top: Section, coalition: Coalition) -> datetime | None:
    """The moment of the first import, which an export carries."""
    return top.moment("imported_at", coalition.timezone)
