"""What a click asks of SQLite leads to what is open or recent, never through everything of a coalition's years."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from sqlalchemy import event

from bot.errors import Refused
from bot.services import Services
from bot.services.access import Actor, operator
from bot.store.database.elapsed import SQLITE_NAME
from bot.store.statistics import GROWING
from tests.services.stage import Stage
from tests.services.test_statements import READS

# What a person looks through whole: asks and decisions, of which a week brings one or two.
LOOKED_THROUGH = {"asks", "decisions"}
# A way by which everything of a coalition, or of a table, is gone through, or an index is asked once for each thing
# in it ("ANY"), of which coalitions are few. One by an index of a few rows is none.
ALL_OF_IT = re.compile(
    r"SCAN (\w+)|SEARCH (\w+) USING (?:COVERING )?INDEX (?!ix_\w+_(?:open|waiting)\b)\w+ "
    r"\((?:coalition_id=\?\)|ANY\((?!coalition_id\b))"
)


async def answer(services: Services, actor: Actor) -> None:
    """What is asked of this person, answered."""
    values = {"assessment": "on_track", "confidence": "7", "moved": "Moved.", "next": "Next."}
    for one in (await services.checkins.mine(actor)).open:
        await services.checkins.submit(actor, f"view-{one.subject_id}", one.subject_id, values)


WRITES: dict[str, Callable[[Services, Actor], Awaitable[Any]]] = {
    "submit": lambda services, actor: answer(services, actor),
    "done": lambda services, actor: services.action_items.complete(actor, "A-102"),
    "a digest": lambda services, actor: services.digests.compose(operator(actor.coalition_id), services.calendar.now()),
}


@contextmanager
def asked(stage: Stage) -> Iterator[list[tuple[str, Any]]]:
    """The statements of what is done meanwhile; the record's own reading is of all its rows, once."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, several: bool) -> None:
        # What is run for several at once goes the same way for each.
        statements.append((statement, parameters[0] if several else parameters))

    engines = [engine.sync_engine for engine in (stage.services.database.writer, stage.services.database.reader)]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


async def test_no_click_goes_through_everything_of_a_coalition(used: Stage) -> None:
    services = used.services
    found: dict[str, set[str]] = {}
    for key in ("imani", "omar"):
        actor = await used.actor(key)
        for name, read in (READS | WRITES).items():
            with asked(used) as statements, suppress(Refused):
                await read(services, actor)
            found.setdefault(name, set()).update(long_ways(services, statements))
    with asked(used) as statements:
        await services.rhythm.plan()
        await services.rhythm.close()
        await services.deliveries.claim()
        await services.deliveries.due_coalitions()
        await services.unclear_posts.due()
        services.deliveries.coalitions = frozenset({used.coalition_id, used.coalition_id + 1})
        await services.deliveries.due_coalitions()
        await services.unclear_posts.due()
    found["idle tick"] = set(long_ways(services, statements))
    assert {name: ways for name, ways in found.items() if ways} == {}


def long_ways(services: Services, statements: list[tuple[str, Any]]) -> Iterator[str]:
    """Statements that go through everything of a table that grows."""
    with closing(sqlite3.connect(services.database.url.database or "")) as database:
        database.create_function(SQLITE_NAME, 0, services.database.elapsed.epoch)
        # Which way a statement goes is said by its words alone.
        for statement, parameters in dict(statements).items():
            if not statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")) or "max(changes.id)" in statement:
                continue
            # Of what is done with several rows by one statement, one.
            one = parameters[0] if isinstance(parameters, list) else parameters
            for row in database.execute(f"EXPLAIN QUERY PLAN {statement}", one):
                way = ALL_OF_IT.match(row[3])
                if way and (way[1] or way[2]) in set(GROWING) - LOOKED_THROUGH:
                    yield f"{row[3]}: {re.sub(r'.* FROM', 'FROM', ' '.join(statement.split()))[:200]}"
