"""The migrations: one line, equal to the models, there and back, a backup first, and a sentence for every trouble."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import structlog
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

import migrations
from bot.errors import ConfigurationError
from bot.opening import open_services
from bot.settings import read_settings
from bot.store import schema
from bot.store.base.base import from_json
from bot.store.database import Database, database_url, sync_url
from bot.store.record.triggers import trigger_names
from bot.store.statistics import are_told
from bot.store.tables import METADATA
from tests.conftest import made_once
from tests.examples import part

HEAD = schema.head()
NEXT = f"{int(HEAD) + 1:04}"
NEXT_FILE = f"{NEXT}_make_a_later_table.py"
NEXT_REVISION = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{HEAD}"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("later")
"""


def engine_of(url: str) -> Engine:
    return create_engine(sync_url(database_url(url)), poolclass=NullPool)


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A program one revision ahead, until the test takes it back."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(next(iter(migrations.__path__))), folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / NEXT_FILE).write_text(NEXT_REVISION)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "__path__", [str(folder)])
        yield patch


# Where tests begin to bring a sample forward again, the newest first.
BACK = ("0047", "0040", "0033", "0030", "0029", "0018")
Going = Callable[[str], str]


@pytest.fixture(scope="session")
def sqlite_back_at(tmp_path_factory: pytest.TempPathFactory, sqlite_sample_template: Path) -> Callable[[str], Path]:
    """Says where the sample is, taken back to one of these revisions. Each way is gone once for all workers."""

    def there(revision: str) -> Path:
        number = BACK.index(revision)
        with made_once(tmp_path_factory, f"sample_at_{revision}.db") as (shared, here):
            if here is not None:
                shutil.copy(there(BACK[number - 1]) if number else sqlite_sample_template, here)
                schema.downgrade(database_url(f"sqlite:///{here}"), revision)
        return shared

    return there


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_sample_at(request: pytest.FixtureRequest, tmp_path: Path) -> Going:
    """Makes a database of each kind in turn with the sample, taken back to a revision; says its URL."""

    def go_back(revision: str) -> str:
        if request.param == "sqlite":
            template: Path = request.getfixturevalue("sqlite_back_at")(revision)
            return f"sqlite:///{shutil.copy(template, tmp_path / 'back.db')}"
        url: str = request.getfixturevalue("postgres_sample_url")
        schema.downgrade(database_url(url), revision)
        return url

    return go_back


def there_and_back(url: str, revision: str) -> Iterator[None]:
    """To the newest schema and back to this one, and then to the next one and back. In the suite from the oldest only
    to the newest, from the others only to the next one."""
    following = f"{int(revision) + 1:04}"
    for newest in part(("head",) if revision == BACK[-1] else (following,), ("head", following)):
        schema.migrate(database_url(url), newest, backup=False)
        yield
        schema.downgrade(database_url(url), revision)


def test_there_is_one_head_and_every_file_says_what_it_does() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(next(iter(migrations.__path__)))))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1
    for revision in script.walk_revisions():
        stem = Path(revision.path).stem
        assert stem.startswith(f"{revision.revision}_")
        assert len(stem.split("_")) > 2, f"{stem} doesn't say what it does"


def test_the_models_equal_the_migrated_schema(any_url: str) -> None:
    with engine_of(any_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_there_and_back_and_there_again(any_url: str) -> None:
    url = database_url(any_url)
    with engine_of(any_url).connect() as connection:
        before = _everything(connection)
    schema.downgrade(url, "base")
    with engine_of(any_url).connect() as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
        if url.get_backend_name() == "postgresql":
            assert connection.scalar(text("SELECT count(*) FROM pg_proc WHERE proname = 'refuse_audit_change'")) == 0
    assert schema.migrate(url, backup=False) is None
    with engine_of(any_url).connect() as connection:
        assert _everything(connection) == before
    assert schema.revision_of(url) == schema.head()


@pytest.mark.in_part
def test_moves_that_notes_told_of_are_kept_by_themselves(any_sample_at: Going) -> None:
    """The newest with its days, reason and answer; of those before it, that they were. A note of somebody's stays."""
    url = any_sample_at("0018")
    notes = {
        "A-101": "Renewed. Moved from Nov 20, third time: Legal: it is closed",
        "A-102": "Moved from Oct 30, 2025",
        "A-103": "Handed back by Acme",
    }
    with engine_of(url).begin() as connection:
        for key, note in notes.items():
            connection.execute(
                text("UPDATE action_items SET note = :note, due = '2027-01-05' WHERE key = :key"),
                {"note": note, "key": key},
            )
    for _there in there_and_back(url, "0018"):
        with engine_of(url).connect() as connection:
            rows = connection.execute(text("SELECT key, note, moves FROM action_items ORDER BY key")).all()
        found = {row.key: (row.note, from_json(row.moves) if row.moves else []) for row in rows}
        none: dict[str, object] = dict.fromkeys(("before", "to", "on", "reason", "answer")) | {"extra": {}}
        told = none | {"to": date(2027, 1, 5)}
        assert found["A-101"] == (
            None,
            [
                none,
                none,
                told | {"before": date(2026, 11, 20), "reason": "Legal: it is closed", "answer": "renewed"},
            ],
        )
        assert found["A-102"] == (None, [told | {"before": date(2025, 10, 30)}])
        assert found["A-103"] == ("Handed back by Acme", [])
    with engine_of(url).connect() as connection:
        [note] = connection.scalars(text("SELECT note FROM action_items WHERE key = 'A-101'"))
    assert note == "Renewed. Moved from Nov 20, 2026, third time: Legal: it is closed"


@pytest.mark.in_part
def test_what_files_said_of_goals_lenses_and_funding_moves_to_its_columns(any_sample_at: Going) -> None:
    """And back, with what is no such value left where it was. What a file called public publishes nothing."""
    url = any_sample_at("0029")
    goal = {"value": {"$number": "60500.50"}, "date": {"$date": "2027-12-31"}}
    said = {
        ("funding_sources", "extra", "F-1"): {"arrangement": "braided", "restricted": True, "subtype": "federal"},
        ("funding_sources", "extra", "F-4"): {"arrangement": "pooled", "decision_expected": {"$date": "2027-02-15"}},
        ("funding_sources", "extra", "F-9"): {"restricted": "partly", "decision_expected": "in spring"},
        ("priorities", "extra", "job-quality"): {"lens": "talent", "public": True},
        ("priorities", "extra", "talent-pathways"): {"lens": "people"},
        ("coalitions", "north_star_extra", "limestone-bend"): {"yearly_goals": [goal], "adopted": 2025},
    }
    with engine_of(url).begin() as connection:
        for (table, column, key), extra in said.items():
            connection.execute(
                text(f"UPDATE {table} SET {column} = :extra WHERE key = :key"),
                {"extra": json.dumps(extra), "key": key},
            )
    for _there in there_and_back(url, "0029"):
        with engine_of(url).connect() as connection:
            rows = connection.execute(
                text("SELECT key, arrangement, restricted, decision_expected, extra FROM funding_sources")
            ).all()
            sources = {one[0]: (one[1], one[2], str(one[3] or ""), json.loads(one[4])) for one in rows}
            priorities = connection.execute(text("SELECT key, lens, public, extra FROM priorities")).all()
            lenses = {one.key: (one.lens, bool(one.public), json.loads(one.extra)) for one in priorities}
            [star] = connection.execute(text("SELECT north_star_yearly_goals, north_star_extra FROM coalitions")).all()
        assert sources["F-1"] == ("braided", True, "", {"subtype": "federal"})
        assert sources["F-4"] == (None, None, "2027-02-15", {"arrangement": "pooled"})
        assert sources["F-9"] == (None, None, "", {"restricted": "partly", "decision_expected": "in spring"})
        assert lenses["job-quality"] == ("talent", False, {"public": True})
        assert lenses["talent-pathways"] == (None, False, {"lens": "people"})
        assert from_json(star[0]) == [{"value": Decimal("60500.50"), "on": date(2027, 12, 31), "extra": {}}]
        assert json.loads(star[1]) == {"adopted": 2025}
    with engine_of(url).connect() as connection:
        for (table, column, key), extra in said.items():
            kept = connection.scalar(text(f"SELECT {column} FROM {table} WHERE key = :key"), {"key": key})
            assert json.loads(kept) == extra


@pytest.mark.in_part
def test_who_reads_answers_is_what_a_file_said_in_that_word(any_sample_at: Going) -> None:
    url = any_sample_at("0030")
    said = {"monthly-stocktake": '{"readers":"group","by":1}', "partner-pulse": '{"readers":"everybody"}'}
    with engine_of(url).begin() as connection:
        for key, extra in said.items():
            connection.execute(
                text("UPDATE question_sets SET extra = :extra WHERE key = :key"), {"extra": extra, "key": key}
            )
    for _there in there_and_back(url, "0030"):
        with engine_of(url).connect() as connection:
            rows = connection.execute(text("SELECT key, readers, extra FROM question_sets")).all()
        found = {row.key: (row.readers, row.extra) for row in rows}
        assert found["monthly-stocktake"] == ("group", '{"by":1}')
        assert found["partner-pulse"] == ("steering", '{"readers":"everybody"}')
        assert found["weekly-priority"] == ("steering", "{}")
    with engine_of(url).connect() as connection:
        [extra] = connection.scalars(text("SELECT extra FROM question_sets WHERE key = 'monthly-stocktake'"))
    assert from_json(extra) == {"readers": "group", "by": 1}


@pytest.mark.parametrize(("said", "locale", "left"), [("de_DE", "de-DE", None), ("dutch", "en-US", "dutch")])
def test_a_locale_is_what_a_file_said_in_that_word(
    any_sample_at: Going, said: str, locale: str, left: str | None
) -> None:
    """Files had the word before any rule read it; what is no locale stays where it was."""
    url = any_sample_at("0040")
    with engine_of(url).begin() as connection:
        kept = {"extra": f'{{"locale":"{said}","region":"a river"}}'}
        connection.execute(text("UPDATE coalitions SET extra = :extra"), kept)
    schema.migrate(database_url(url), backup=False)
    with engine_of(url).connect() as connection:
        [row] = connection.execute(text("SELECT locale, extra FROM coalitions")).all()
    extra = from_json(row.extra)
    assert (row.locale, extra.get("locale"), extra.get("region")) == (locale, left, "a river")


@pytest.mark.in_part
def test_a_series_is_what_a_file_said_in_that_word(any_sample_at: Going) -> None:
    """What is no series stays where it was, and going back loses nothing."""
    url = any_sample_at("0047")
    said = {
        "fa-seats": '{"series":{"provider":"fred","address":"UNRATE","licence":"open"},"by":1}',
        "fa-wait": '{"series":"UNRATE"}',
        "tp-placed": '{"series":{"provider":"csv","address":"https://data.example.org/a.csv"}}',
    }
    with engine_of(url).begin() as connection:
        for key, extra in said.items():
            connection.execute(text("UPDATE metrics SET extra = :extra WHERE key = :key"), {"extra": extra, "key": key})
    columns = "key, series_provider, series_address, series_looks, series_record_by_itself, series_extra, extra"
    for _there in there_and_back(url, "0047"):
        with engine_of(url).connect() as connection:
            rows = {row.key: row for row in connection.execute(text(f"SELECT {columns} FROM metrics")).all()}
        seats = rows["fa-seats"]
        assert (seats.series_provider, seats.series_address, seats.series_looks) == ("fred", "UNRATE", "weekly")
        assert not seats.series_record_by_itself
        assert (from_json(seats.series_extra), from_json(seats.extra)) == ({"licence": "open"}, {"by": 1})
        for key in ("fa-wait", "tp-placed"):
            assert rows[key].series_provider is None
            assert from_json(rows[key].extra) == from_json(said[key])
    with engine_of(url).connect() as connection:
        [extra] = connection.scalars(text("SELECT extra FROM metrics WHERE key = 'fa-seats'"))
    series = {"provider": "fred", "address": "UNRATE", "licence": "open", "looks": "weekly"}
    assert from_json(extra) == {"by": 1, "series": series}


@pytest.mark.in_part
def test_rounds_and_notes_stay_where_they_are_made_anew(any_sample_at: Going) -> None:
    """SQLite makes their tables anew, so that a round may be a member's and a note stand beside a member's answer."""
    url = any_sample_at("0033")
    with engine_of(url).begin() as connection:
        ids = {
            table: connection.scalar(text(f"SELECT min(id) FROM {table}"))
            for table in ("coalitions", "cadences", "priorities", "members", "responses")
        }
        connection.execute(
            text(
                "INSERT INTO rounds (id, coalition_id, cadence_id, slot, day, planned_at) "
                "VALUES (901, :coalitions, :cadences, '2026-11-10 09:00:00', '2026-11-10', '2026-11-10 09:00:00')"
            ),
            ids,
        )
        connection.execute(
            text(
                "INSERT INTO round_subjects (id, coalition_id, round_id, priority_id, owner_id, opens_at, closes_at) "
                "VALUES (902, :coalitions, 901, :priorities, :members, '2026-11-10 15:00:00', '2026-11-12 18:00:00')"
            ),
            ids,
        )
        connection.execute(
            text(
                "INSERT INTO private_notes (id, coalition_id, response_id, author_id, text, written_at) "
                "VALUES (903, :coalitions, :responses, :members, 'Between us.', '2026-11-10 16:00:00')"
            ),
            ids,
        )
    for _there in there_and_back(url, "0033"):
        with engine_of(url).connect() as connection:
            subject = connection.execute(text("SELECT * FROM round_subjects WHERE id = 902")).one()
            note = connection.execute(text("SELECT * FROM private_notes WHERE id = 903")).one()
        assert (subject.priority_id, subject.member_id, subject.extra) == (ids["priorities"], None, "{}")
        assert (note.response_id, note.member_answer_id, note.text) == (ids["responses"], None, "Between us.")
    with engine_of(url).connect() as connection:
        assert connection.scalar(text("SELECT priority_id FROM round_subjects WHERE id = 902")) == ids["priorities"]
        assert connection.scalar(text("SELECT response_id FROM private_notes WHERE id = 903")) == ids["responses"]


def _everything(connection: object) -> dict[str, object]:
    """The schema as the database tells it: columns, keys, indexes and triggers of every table."""
    look = inspect(connection)
    assert look is not None
    found: dict[str, object] = {}
    for table in look.get_table_names():
        found[table] = (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in look.get_columns(table)),
            sorted(
                str(sorted(key["constrained_columns"])) + key["referred_table"] for key in look.get_foreign_keys(table)
            ),
            sorted(str(sorted(one["column_names"])) for one in look.get_unique_constraints(table)),
            sorted(str(one["name"]) for one in look.get_indexes(table)),
        )
    found["triggers"] = _triggers(connection)
    return found


def _triggers(connection: object) -> list[str]:
    assert hasattr(connection, "dialect")
    assert hasattr(connection, "scalars")
    sqlite = connection.dialect.name == "sqlite"
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    )
    return [str(name) for name in connection.scalars(text(query))]


def test_the_audit_trail_is_guarded_at_head(any_url: str) -> None:
    with engine_of(any_url).connect() as connection:
        triggers = [name for name in _triggers(connection) if name not in trigger_names(connection.dialect.name)]
    if any_url.startswith("sqlite"):
        assert triggers == [
            f"{table}_refuse_{what}"
            for table in ("audit_entries", "changes")
            for what in ("delete", "replace", "update")
        ]
    else:
        assert triggers == ["audit_entries_refuse_change", "audit_entries_refuse_rewrite", "changes_refuse_change"]


@pytest.mark.parametrize("trouble", ["ANALYZE", "DELETE FROM sqlite_stat1"])
def test_what_sqlite_is_told_of_its_tables_is_put_back(sqlite_sample_url: str, trouble: str) -> None:
    url = database_url(sqlite_sample_url)
    with engine_of(sqlite_sample_url).connect() as connection:
        told = connection.execute(text("SELECT * FROM sqlite_stat1 ORDER BY idx")).all()
        connection.execute(text(trouble))
        connection.commit()
        assert not are_told(connection)
    schema.migrate(url)
    with engine_of(sqlite_sample_url).connect() as connection:
        assert connection.execute(text("SELECT * FROM sqlite_stat1 ORDER BY idx")).all() == told != []


def test_a_sqlite_file_is_backed_up_before_it_is_migrated(sqlite_sample_url: str, next_version: object) -> None:
    url = database_url(sqlite_sample_url)
    saved = schema.migrate(url)
    assert saved is not None
    assert Path(saved).name == f"sample.db.before-{NEXT}-from-{HEAD}"
    with sqlite3.connect(saved) as old, sqlite3.connect(url.database or "") as new:
        assert old.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
        assert new.execute("SELECT version_num FROM alembic_version").fetchone() == (NEXT,)
        assert old.execute("SELECT count(*) FROM sqlite_master WHERE name = 'later'").fetchone() == (0,)
        members = "SELECT key, name FROM members ORDER BY id"
        assert old.execute(members).fetchall() == new.execute(members).fetchall() != []
    old.close()
    new.close()
    assert schema.migrate(url) is None, "a database at head needs no second backup"


def test_of_the_copies_that_updates_leave_the_newest_stay(sqlite_sample_url: str, next_version: object) -> None:
    """Nothing else that lies beside the database is taken for one."""
    file = Path(database_url(sqlite_sample_url).database or "")
    for number in range(1, 5):
        copy = file.with_name(f"{file.name}.before-{number + 1:04}-from-{number:04}")
        copy.write_text("an older state")
        os.utime(copy, (number, number))
    own = file.with_name(f"{file.name}.mine")
    own.write_text("kept by hand")
    os.utime(own, (1, 1))
    saved = schema.migrate(database_url(sqlite_sample_url))
    assert saved is not None
    left = sorted(one.name for one in file.parent.glob(f"{file.name}.before-*"))
    assert left == sorted(
        [Path(saved).name, f"{file.name}.before-0004-from-0003", f"{file.name}.before-0005-from-0004"]
    )
    assert own.exists()


def test_two_that_migrate_at_once_leave_the_backup_of_before(sqlite_sample_url: str, next_version: object) -> None:
    url = database_url(sqlite_sample_url)
    with ThreadPoolExecutor(2) as both:
        saved = [one for one in both.map(schema.migrate, [url, url]) if one is not None]
    assert len(saved) == 1, "the second one finds it done"
    with sqlite3.connect(saved[0]) as backup:
        assert backup.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    backup.close()
    assert schema.revision_of(url) == NEXT


def test_a_backup_holds_what_still_stands_in_the_write_ahead_log(sqlite_sample_url: str, next_version: object) -> None:
    url = database_url(sqlite_sample_url)
    open_elsewhere = sqlite3.connect(url.database or "")
    try:
        open_elsewhere.execute("UPDATE coalitions SET name = 'Only in the log'")
        open_elsewhere.commit()
        saved = schema.migrate(url)
        assert saved is not None
        for left in ("-wal", "-shm"):
            assert not Path(saved + left).exists()
        with sqlite3.connect(saved) as backup:
            assert backup.execute("SELECT name FROM coalitions").fetchone() == ("Only in the log",)
        backup.close()
    finally:
        open_elsewhere.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(sqlite_sample_url: str, next_version: object) -> None:
    folder = Path(next(iter(migrations.__path__)))
    broken = folder / "versions" / NEXT_FILE
    broken.write_text(
        NEXT_REVISION.replace("\n\ndef downgrade", '\n    raise RuntimeError("half way")\n\n\ndef downgrade')
    )
    url = database_url(sqlite_sample_url)
    with pytest.raises(RuntimeError, match="half way"):
        schema.migrate(url)
    with sqlite3.connect(url.database or "") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'later'").fetchone() == (0,)
    connection.close()


def test_a_database_of_a_newer_version_is_refused(any_url: str, next_version: pytest.MonkeyPatch) -> None:
    url = database_url(any_url)
    schema.migrate(url)
    next_version.undo()
    for attempt in (schema.migrate, schema.require_current):
        with pytest.raises(
            ConfigurationError,
            match=rf"newer version of Backbeat \(schema {NEXT}\) and works only with programs of schema {NEXT} or "
            rf"newer; this one has {HEAD}\. Install that version",
        ):
            attempt(url)


def write_next(number: int, oldest: str | None) -> str:
    """A further migration, which names the oldest program that can live with it; returns its revision."""
    before, revision = f"{int(HEAD) + number - 1:04}", f"{int(HEAD) + number:04}"
    text = NEXT_REVISION.replace(f'revision = "{NEXT}"', f'revision = "{revision}"')
    text = text.replace(f'down_revision = "{HEAD}"', f'down_revision = "{before}"').replace("later", f"later_{number}")
    if oldest is not None:
        text = text.replace("depends_on = None\n", f'depends_on = None\noldest_program = "{oldest}"\n')
    folder = Path(next(iter(migrations.__path__)))
    (folder / "versions" / f"{revision}_make_a_later_table.py").write_text(text)
    return revision


@pytest.mark.parametrize("steps", [[HEAD], [HEAD, HEAD]], ids=["one ahead", "two ahead"])
async def test_a_program_runs_on_a_newer_database_that_can_live_with_it(
    any_sample_url: str, next_version: pytest.MonkeyPatch, steps: list[str]
) -> None:
    newest = [write_next(number, oldest) for number, oldest in enumerate(steps, 1)][-1]
    url = database_url(any_sample_url)
    schema.migrate(url)
    assert schema.newer_revision(url) is None
    next_version.undo()
    assert schema.newer_revision(url) == newest
    assert schema.migrate(url) is None
    schema.require_current(url)
    assert schema.revision_of(url) == newest
    with structlog.testing.capture_logs() as logs:
        async with open_services(read_settings(_env_file=None, database_url=any_sample_url)) as services:
            assert len(await services.coalitions.all()) == 1
    assert [line for line in logs if line["event"] == "database_is_newer_but_compatible"] == [
        {"event": "database_is_newer_but_compatible", "log_level": "warning", "database": newest, "program": HEAD}
    ]


@pytest.mark.parametrize("steps", [[None, NEXT], [HEAD, None], [None, HEAD]])
def test_what_one_migration_takes_no_later_one_gives_back(
    any_url: str, next_version: pytest.MonkeyPatch, steps: list[str | None]
) -> None:
    newest = [write_next(number, oldest) for number, oldest in enumerate(steps, 1)][-1]
    beyond = NEXT if steps[0] is None else newest
    url = database_url(any_url)
    schema.migrate(url)
    next_version.undo()
    with pytest.raises(ConfigurationError, match=f"schema {newest}.* programs of schema {beyond} or newer"):
        schema.require_current(url)


def test_after_going_back_the_oldest_program_is_as_before(any_url: str, next_version: pytest.MonkeyPatch) -> None:
    url = database_url(any_url)
    write_next(1, HEAD)
    write_next(2, None)
    schema.migrate(url)
    schema.downgrade(url, NEXT)
    next_version.undo()
    assert schema.newer_revision(url) == NEXT


def test_a_migration_names_a_program_that_there_is() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(next(iter(migrations.__path__)))))
    config.set_main_option("path_separator", "os")
    line = [*reversed([*ScriptDirectory.from_config(config).walk_revisions()])]
    for place, one in enumerate(line):
        named = getattr(one.module, "oldest_program", one.revision)
        assert named in [each.revision for each in line[: place + 1]], one.path


def test_a_database_of_an_older_version_is_refused_where_it_is_not_migrated(any_url: str, next_version: object) -> None:
    with pytest.raises(ConfigurationError, match=r"older than this version of Backbeat\. Run `backbeat migrate` first"):
        schema.require_current(database_url(any_url))


def test_an_empty_database_is_not_current(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Run `backbeat migrate` first"):
        schema.require_current(database_url(f"sqlite:///{tmp_path / 'empty.db'}"))


def test_a_locked_file_is_one_sentence(sqlite_url: str, next_version: object) -> None:
    holder = sqlite3.connect(database_url(sqlite_url).database or "", isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ConfigurationError, match=r"The database is locked by another program\. Close it"):
            schema.migrate(database_url(sqlite_url + "?timeout=0.1"))
    finally:
        holder.close()


async def test_a_locked_file_is_one_sentence_for_a_service_too(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.database.BUSY_TIMEOUT_MS", 50)
    database = Database(database_url(sqlite_url))
    async with database.read():
        pass
    holder = sqlite3.connect(database.url.database or "", isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConfigurationError, match=r"The database is locked by another program\. Close it"):
            async with database.write() as session:
                await session.execute(text("SELECT 1"))
    finally:
        holder.close()
        await database.close()


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("These are notes about the coalition, not a database. " * 100)
    with pytest.raises(ConfigurationError, match="names a file that is not a Backbeat database"):
        schema.migrate(database_url(f"sqlite:///{path}"))
    assert path.read_text().startswith("These are notes"), "the file is left alone"


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="database file cannot be opened"):
        schema.migrate(database_url(f"sqlite:///{tmp_path / 'nowhere' / 'backbeat.db'}"))


def test_somebody_elses_database_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE members (id INTEGER PRIMARY KEY, nickname TEXT)")
    connection.close()
    with pytest.raises(ConfigurationError, match="not a Backbeat database"):
        schema.migrate(database_url(f"sqlite:///{path}"))


@pytest.mark.parametrize(
    "address", ["postgresql://nobody:secret@127.0.0.1:1/backbeat", "postgresql:///x?host=/nowhere"]
)
async def test_a_postgresql_that_does_not_answer_is_one_sentence(address: str) -> None:
    with pytest.raises(ConfigurationError, match="PostgreSQL server of DATABASE_URL cannot be reached") as caught:
        schema.require_current(database_url(address))
    assert "secret" not in str(caught.value)
    database = Database(database_url(address))
    with pytest.raises(ConfigurationError, match="PostgreSQL server of DATABASE_URL cannot be reached"):
        async with database.read() as session:
            await session.execute(text("SELECT 1"))
    await database.close()


@pytest.mark.parametrize("address", ["mysql://localhost/backbeat", "backbeat.db", "", "postgresql://host:port/x"])
def test_an_address_of_another_kind_is_one_sentence(address: str) -> None:
    with pytest.raises(ConfigurationError, match=r"DATABASE_URL .*sqlite:///.*postgresql://"):
        database_url(address)
