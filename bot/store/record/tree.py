"""One coalition's rows and the values made of them, from which the record is put together; never changed in place.

A tree with some rows replaced shares everything else with the one before: rows, values and whole sections stay the same
objects, so that it costs what has changed. No statements here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain import record as values
from bot.domain.record import GROUPED_BY, Section, grouped
from bot.store.record.leaves import Leaves
from bot.store.record.looking_up import Index, Row, Rows, View
from bot.store.record.nouns import MAPPED, OF_RECORD, SECTIONS
from bot.store.record.parts import UNDER

# Lists stand in the order of ids, but for these.
_ORDERED_BY: Final = {"round_subjects": "opens_at"}

# Rows by table and id; None for one that is gone.
Changes = Mapping[str, Mapping[int, Row | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """What of the record is not made row by row."""

    published: tuple[values.PublishedDigest, ...] = ()
    public_channels: frozenset[str] = frozenset()
    has_mail: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    rows: Mapping[str, Rows]
    index: Mapping[str, Index]
    made: Mapping[str, Mapping[int, Any]]
    loose: Loose
    record: values.Record


def grow(rows: Mapping[str, Rows], loose: Loose) -> Tree:
    """The tree of all rows of a coalition."""
    rows = {table: Leaves.of(of) for table, of in rows.items()}
    index = {table: _grouped(table, rows[table]) for table in UNDER}
    made: dict[str, Mapping[int, Any]] = {}
    view = View(rows, index, made)
    for table, how in MAPPED.items():
        column = _ORDERED_BY.get(table)
        found: Iterable[Row] = rows[table].values()
        if column is not None:
            found = sorted(found, key=lambda row: (row[column], row["id"]))
        here = {row["id"]: how.read(view, row) for row in found}
        made[table] = Leaves.of(here) if column is None else here
    return Tree(rows, index, made, loose, _put_together(rows, made, loose))


def put_into(rows: Mapping[str, Rows], changes: Changes) -> dict[str, Rows]:
    """The rows with these in the place of the ones with their ids."""
    return {**rows, **{table: _with(rows[table], of, "id") for table, of in changes.items()}}


def replace_rows(tree: Tree, changes: Changes, loose: Loose) -> Tree:
    """The tree with these rows in the place of the ones with their ids, and with everything that hangs on them."""
    rows = put_into(tree.rows, changes)
    if any(_has_another_key(tree.rows[table], of) for table, of in changes.items()):
        # By its key a row is named in values anywhere.
        return grow(rows, loose)
    index = dict(tree.index)
    for table, of in changes.items():
        if table in UNDER:
            index[table] = _regrouped(table, tree, rows[table], of)
    made = dict(tree.made)
    view = View(rows, index, made)
    touched = _touched(tree, rows, index, changes)
    for table, how in MAPPED.items():
        if touched.get(table):
            here = rows[table]
            anew = {row_id: how.read(view, here[row_id]) if row_id in here else None for row_id in touched[table]}
            made[table] = _with(made[table], anew, _ORDERED_BY.get(table, "id"))
    return Tree(rows, index, made, loose, _put_together(rows, made, loose, tree, touched))


def _has_another_key(before: Rows, changes: Mapping[int, Row | None]) -> bool:
    return any(
        row is not None and row_id in before and row.get("key") != before[row_id].get("key")
        for row_id, row in changes.items()
    )


def _with(before: Mapping[int, Any], changes: Mapping[int, Any], by: str) -> Mapping[int, Any]:
    """A copy with these; None takes away. What the values or rows are ordered by decides their order."""
    if isinstance(before, Leaves):
        return before.changed(changes)
    after = dict(before)
    last = next(reversed(after), None)
    end = None if last is None else _place(last, before[last], by)
    in_order = True
    for row_id in sorted(changes):
        item = changes[row_id]
        if item is None:
            after.pop(row_id, None)
            continue
        after[row_id] = item
        place = _place(row_id, item, by)
        if row_id in before:
            in_order = in_order and place == _place(row_id, before[row_id], by)
        else:
            in_order = in_order and (end is None or place > end)
            end = place
    return after if in_order else dict(sorted(after.items(), key=lambda pair: _place(pair[0], pair[1], by)))


def _place(row_id: int, item: Any, by: str) -> tuple[Any, ...]:
    return (row_id,) if by == "id" else (getattr(item, by), row_id)


def _grouped(table: str, rows: Rows) -> Index:
    under = UNDER[table]
    grouped: dict[int | None, list[int]] = {}
    for row_id, row in rows.items():
        grouped.setdefault(row[under.column], []).append(row_id)
    return {owner: _in_order(table, ids, rows) for owner, ids in grouped.items()}


def _in_order(table: str, ids: Iterable[int], rows: Rows) -> tuple[int, ...]:
    by = UNDER[table].by
    return tuple(sorted(ids) if by == "id" else sorted(ids, key=lambda row_id: (rows[row_id][by], row_id)))


def _regrouped(table: str, tree: Tree, rows: Rows, changes: Mapping[int, Row | None]) -> Index:
    column = UNDER[table].column
    groups: dict[int | None, set[int]] = {}

    def group(owner: int | None) -> set[int]:
        if owner not in groups:
            groups[owner] = set(tree.index[table].get(owner, ()))
        return groups[owner]

    for row_id in changes:
        before = tree.rows[table].get(row_id)
        if before is not None:
            group(before[column]).discard(row_id)
    for row_id, row in changes.items():
        if row is not None:
            group(row[column]).add(row_id)
    index = dict(tree.index[table])
    for owner, ids in groups.items():
        if ids:
            index[owner] = _in_order(table, ids, rows)
        else:
            index.pop(owner, None)
    return index


def _touched(tree: Tree, rows: Mapping[str, Rows], index: Mapping[str, Index], changes: Changes) -> dict[str, set[int]]:
    """By table the ids of all rows of which something else may be made now."""
    touched: dict[str, set[int]] = {}
    waiting = [(table, row_id) for table, of in changes.items() for row_id in of]
    while waiting:
        table, row_id = waiting.pop()
        if row_id in touched.setdefault(table, set()):
            continue
        touched[table].add(row_id)
        under = UNDER.get(table)
        if under is not None and not under.reads_owner:
            for one in (tree.rows[table].get(row_id), rows[table].get(row_id)):
                if one is not None and one[under.column] is not None:
                    waiting.append((under.owner, one[under.column]))
                elif one is not None:
                    # What has none of these owners belongs to the coalition itself.
                    waiting += [("coalitions", own) for own in rows["coalitions"]]
        for child, place in UNDER.items():
            if place.reads_owner and place.owner == table:
                waiting += [(child, own) for own in index[child].get(row_id, ())]
    return touched


def _put_together(
    rows: Mapping[str, Rows],
    made: Mapping[str, Mapping[int, Any]],
    loose: Loose,
    before: Tree | None = None,
    touched: Mapping[str, Collection[int]] | None = None,
) -> values.Record:
    row = next(iter(rows["coalitions"].values()))
    sections: dict[str, Any] = {}
    for name, table in SECTIONS.items():
        items = made[table]
        section = getattr(before.record, name) if before is not None else None
        if before is not None and items is before.made[table]:
            sections[name] = section
        elif name not in GROUPED_BY:
            sections[name] = tuple(items.values())
        elif isinstance(section, Section) and before is not None and touched is not None:
            gone, come = (_placed(of, touched[table], table) for of in (before.made[table], items))
            sections[name] = section.following(items.values(), gone, come)
        else:
            by = GROUPED_BY[name]
            sections[name] = Section.put_together(items.values(), by, grouped(_placed(items, items, table), by))
    sections |= {name: row[keep.column] for name, keep in OF_RECORD.items()}
    return values.Record(
        first_imported_at=row["first_imported_at"],
        coalition=made["coalitions"][row["id"]],
        published=loose.published,
        public_channels=loose.public_channels,
        has_mail=loose.has_mail,
        **sections,
    )


def _placed(made: Mapping[int, Any], ids: Iterable[int], table: str) -> Iterator[tuple[Any, Any]]:
    """Those of the values that there are, each with its place in its section."""
    by = _ORDERED_BY.get(table, "id")
    return ((_place(row_id, made[row_id], by), made[row_id]) for row_id in ids if row_id in made)
