"""The ways that each field of the record goes: into a file and rows, and back; by an import, a merge and an edit.

Each check takes the changes that it looks at, so that one of them can be tried alone (`python -m tests.forgotten`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.checkins import StandingRoles
from bot.domain.coalition_file import check, to_file
from bot.domain.files import merge
from bot.domain.histories import PAGE
from bot.domain.histories.history import label_of
from bot.domain.record import Attendance, FromIssue, Record
from bot.files import dump_coalition_file, load_coalition_file
from bot.services import Services
from bot.services.access import operator
from bot.store.coalition import CoalitionRow
from bot.store.database import Database
from bot.store.record import Writer, read_beside, read_record, write_record
from bot.store.record.keeping import Inside, Under, Within
from bot.store.record.mapping import Mapped, Part
from bot.store.record.nouns import NOUNS, SECTIONS, mapped
from bot.store.record.snapshots import read_afresh
from tests.every_field import Change, Path, differences, found, put

NOW = datetime(2026, 11, 23, 13, tzinfo=UTC)
# Written where a coalition is made, or added by an import; never changed in place.
ONLY_NEW = frozenset({"Reading", "Round", "DecisionAnswer"})
# Written by what stands around the record, or with the coalition itself.
NOT_BY_ITSELF = frozenset({"Response", "Coalition", "NorthStar", *ONLY_NEW})
IN_FILES = tuple(name for name in SECTIONS if name != "asks")
# What a file never takes away from what lives: it adds to it.
ONLY_ADDED = frozenset({"Metric.readings", "Decision.answers", "Coalition.north_star", "NorthStar.metric"})
# A date that a file changes counts as a move, and moves are added to those that are known (see the tests of `moves`).
# What a round did when it opened is no file's to change.
NOT_REWRITTEN = frozenset({"Response.sets_standing"})
# A file that changes questions makes a new version of them (see the tests of `versions`), and brings none over others.
_VERSIONS = frozenset({"EarlierQuestions", "QuestionSet.version", "QuestionSet.earlier"})
MERGED_OTHERWISE = frozenset({"ActionMove", "ActionItem.due", *NOT_REWRITTEN, *_VERSIONS})


def check_file(changes: Iterable[Change]) -> None:
    """What is changed stands in the file, and comes back from it."""
    for change in changes:
        assert not (lost := differences(change.record, change.read)), (change.name, lost[:3])


def check_file_anew(change: Change) -> None:
    """The same, read and written now."""
    read, problems = check(to_file(change.record))
    assert read is not None, problems
    check_file([replace(change, read=read)])


def check_text(record: Record) -> None:
    """A record comes back from the text of its file, and the text from it."""
    text = dump_coalition_file(record)
    loaded = load_coalition_file(text)
    assert loaded.problems == ()
    assert loaded.record is not None
    # Whose answers say how a priority stands is said only where it differs from what else is said there.
    assert record == loaded.record, differences(record, loaded.record)[:5]
    assert dump_coalition_file(loaded.record) == text


def check_merge(changes: Iterable[Change]) -> None:
    """A file that changes one field changes that and nothing else of what lives, and what lives else stays."""
    for change in changes:
        if {change.value, change.name} & (ONLY_NEW | ONLY_ADDED | MERGED_OTHERWISE):
            continue
        merged = merge(change.base, change.base, change.record, today=date(2026, 11, 23))
        assert merged.differences, (change.name, "nothing is listed")
        assert not (lost := differences(change.record, merged.record)), (change.name, lost[:3])
        kept = merge(change.base, change.record, change.base, today=date(2026, 11, 23))
        assert not (lost := differences(change.record, kept.record)), (change.name, "is lost where it lives", lost[:3])


async def check_new(services: Services, record: Record) -> None:
    """A coalition made from a file is what the file says, and its export is the file."""
    result = await services.coalitions.import_record(record)
    assert result.coalition_id is not None
    async with services.database.read(result.coalition_id) as session:
        got = (await read_afresh(session, result.coalition_id)).record
    expected = replace(got, coalition=record.coalition, **{name: getattr(record, name) for name in IN_FILES})
    assert expected == got, differences(expected, got)[:5]
    roles = StandingRoles(record)
    assert [one.sets_standing for one in got.responses] == [roles.of(one) for one in record.responses]
    assert [one.sets_standing for one in got.rounds] == [roles.of(one) for one in record.rounds]
    assert dump_coalition_file(got) == dump_coalition_file(replace(record, first_imported_at=got.first_imported_at))


_STAR: Path = ("coalition", "north_star", "metric")


class _TakenBackError(Exception):
    """Ends a transaction of which nothing stays."""


async def check_rows(database: Database, coalition_id: int, changes: Iterable[Change], *, live: bool) -> None:
    """What is changed stands in the rows and comes back: `live` by an edit of one thing, else by an import."""
    async with database.read(coalition_id) as session:
        base = await read_record(session, coalition_id)
    tried = [
        (change, _item(change.path) if live or change.path[0] != "coalition" else change.path[:1])
        for change in changes
        if change.value not in (NOT_BY_ITSELF if live else ONLY_NEW) and change.name not in ONLY_ADDED | NOT_REWRITTEN
    ]
    for together in _apart(tried, _TOGETHER):
        expected = base
        for change, path in together:
            # What the field needs beside it is changed with it.
            item = found(change.record, path)
            if change.value == "Response":
                # What a round did when it opened stays as it is.
                item = replace(item, sets_standing=found(base, path).sets_standing)
            expected = put(expected, path, item)
        try:
            async with database.write(operator(coalition_id).author(NOW)) as session:
                if live:
                    writer = Writer(session, coalition_id)
                    for _change, path in together:
                        await writer.put(found(expected, path), found(base, path))
                else:
                    row = await session.get_one(CoalitionRow, coalition_id)
                    await write_record(session, row, expected, known=base)
                await _require_same(session, coalition_id, ", ".join(one.name for one, _path in together), expected)
                raise _TakenBackError
        except _TakenBackError:
            continue


# So many things are changed at once. That one of them is forgotten shows as well.
_TOGETHER = 8


def _apart(changes: Iterable[tuple[Change, Path]], most: int) -> list[list[tuple[Change, Path]]]:
    """The changes in groups of a few, of which each is about another thing."""
    groups: list[dict[Path, Change]] = []
    for change, path in changes:
        open_one = next((one for one in groups if len(one) < most and path not in one), None)
        if open_one is None:
            groups.append(open_one := {})
        open_one[path] = change
    return [[(change, path) for path, change in group.items()] for group in groups]


# What stands beside the record, with every field filled, and by field what else it may hold.
BESIDE: tuple[tuple[Any, Mapping[str, Any]], ...] = (
    (
        Attendance(
            cadence="stocktake",
            slot=datetime(2026, 12, 1, 13),  # noqa: DTZ001 (a wall time)
            member="dana",
            answer="substitute",
            substitute="omar",
        ),
        {
            "cadence": "backbone-sync",
            "slot": datetime(2026, 12, 2, 13),  # noqa: DTZ001
            "member": "priya",
            "answer": "coming",
            "substitute": None,
        },
    ),
    (FromIssue(issue="I-1", decision="D-1"), {"issue": "I-2", "decision": "D-2"}),
)


async def check_beside(database: Database, coalition_id: int) -> None:
    """It comes back as it was written, new and with each field changed; by what it is found again it is another one."""
    for value, others in BESIDE:
        assert {one.name for one in fields(value)} == others.keys()
        for field, other in others.items():
            after = replace(value, **{field: other})
            is_another = field in mapped(value).identity
            async with database.write(operator(coalition_id).author(NOW)) as session:
                writer = Writer(session, coalition_id)
                await writer.put(value)
                await writer.put(after, None if is_another else value)
                there = await read_beside(session, coalition_id, type(value))
                assert there == ((value, after) if is_another else (after,)), (field, there)
                for row in await session.scalars(select(mapped(value).row)):
                    await session.delete(row)


async def _require_same(session: AsyncSession, coalition_id: int, name: str, expected: Record) -> None:
    await session.flush()
    got = await read_record(session, coalition_id)
    assert not (lost := differences(expected, got)), (name, lost[:3])


def _item(path: Path) -> Path:
    """The path of what is written as a whole: an item of one of the record's lists, the north star's metric, or the
    coalition."""
    if path[: len(_STAR)] == _STAR:
        return _STAR
    return path[:2] if len(path) > 1 and isinstance(path[1], int) else path[:1]


def label_columns(change: Change) -> tuple[str, ...]:
    """The columns of a field by whose labels the trail tells that it changed; none where it tells it otherwise."""
    found = {
        column
        for how, inside in mappings()[change.value]
        if not inside and _is_noun(how)
        for column in how.keeps[change.field].columns
        # Of people it tells only that something of theirs changed.
        if not (isinstance(how, Mapped) and column in getattr(how.row, "personal", ()))
    }
    told_so = {one for one in found - _OTHERWISE if not one.endswith("extra")}
    return tuple(sorted(told_so)) if change.value not in NOT_BY_ITSELF else ()


# Moves are told as such, questions by their words.
_OTHERWISE = frozenset({"moves", "questions", "has_report"})


def _is_noun(how: Mapped[Any] | Part[Any]) -> bool:
    return how in NOUNS or isinstance(how, Part)


def mappings() -> dict[str, list[tuple[Mapped[Any] | Part[Any], str]]]:
    """By a value's name where it is mapped: a noun, a part of one, or values in a column (then with its field)."""
    found: dict[str, list[tuple[Mapped[Any] | Part[Any], str]]] = {}
    waiting: list[Mapped[Any] | Part[Any]] = list(NOUNS)
    for how in waiting:
        found.setdefault(how.value.__name__, []).append((how, ""))
        for name, keep in how.keeps.items():
            inner = keep.keep if isinstance(keep, Under | Within) else None
            if isinstance(inner, Mapped | Part):
                waiting.append(inner)
            if isinstance(keep, Inside):
                found.setdefault(keep.of.__name__, []).append((how, name))
    return found


async def check_history(services: Services, coalition_id: int, changes: Iterable[Change]) -> None:
    """Whoever reads the trail finds in words what was changed: no row's number, and more than that something was."""
    database, actor = services.database, operator(coalition_id)
    async with database.read(coalition_id) as session:
        base = await read_record(session, coalition_id)
    wrong = []
    told = [
        (change, _item(change.path))
        for change in changes
        if not {change.value, change.name} & (NOT_BY_ITSELF | ONLY_ADDED)
    ]

    async def write(change: Change, path: Path, *, back: bool) -> None:
        before, after = found(base, path), found(change.record, path)
        async with database.write(actor.author(NOW)) as session:
            await Writer(session, coalition_id).put(*((before, after) if back else (after, before)))

    for together in _apart(told, PAGE):
        known = (await services.audit.page(actor, "")).total
        for change, path in together:
            await write(change, path, back=False)
        page = await services.audit.page(actor, "")
        assert page.total == known + len(together), [change.name for change, _path in together]
        for (change, _path), entry in zip(reversed(together), page.entries, strict=False):
            lines = " / ".join(entry.lines)
            labels = {label_of(column).casefold() for column in label_columns(change)}
            # Fields of the file's own have no words.
            untold = change.field != "extra" and "details changed" in lines
            if (
                untold
                or not lines
                or _NUMBER.search(lines)
                or (labels and not any(f", {one}:" in lines.casefold() for one in labels))
            ):
                wrong.append(f"{change.name}: {lines}")
        for change, path in reversed(together):
            await write(change, path, back=True)
    assert not wrong, "\n".join(wrong)


# "Questions: 3 → 4"
_NUMBER = re.compile(
    r"(chair|owner|group|set|organization|priority|metric|member|questions): (\d+|none) → (\d+|none)\b"
)
