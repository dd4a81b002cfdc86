"""The command line: what each command prints and changes, and that every mistake is one clear sentence."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from bot.cli import main
from bot.files import sample_path, sample_text
from bot.store.schema import head
from tests.processes import Nursery

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "digest-limestone-bend.json"
Backbeat = Callable[..., Result]


def test_help_and_manifest_load_neither_database_nor_slack() -> None:
    """They come at once: what the other commands need takes seconds to import."""
    program = (
        "import atexit, sys",
        "heavy = {'sqlalchemy', 'alembic', 'slack_sdk', 'slack_bolt', 'aiohttp', 'pydantic'}",
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules))))",
        "from bot.cli import main",
        "main(['manifest'])",
    )
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(program)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout.endswith("}\n[]\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder where nothing is set but a database, and where the clock stands at Monday, seven o'clock."""
    for name in list(os.environ):
        if name.startswith(("SLACK_", "BACKBEAT_")):
            monkeypatch.delenv(name)
    clock = tmp_path / "clock.json"
    clock.write_text('{"now": "2026-11-23T07:00:00-06:00", "running": false}')
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'backbeat.db'}")
    monkeypatch.setenv("BACKBEAT_CLOCK_FILE", str(clock))
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def backbeat(folder: Path, sqlite_template: Path) -> Iterator[Backbeat]:
    """Runs a command on an empty database."""
    shutil.copy(sqlite_template, folder / "backbeat.db")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def invoke(*arguments: str, answer: str | None = None) -> Result:
        result = CliRunner().invoke(main, arguments, input=answer)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    yield invoke
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def imported(backbeat: Backbeat, folder: Path, sqlite_sample_template: Path) -> Backbeat:
    """Runs a command on a database with the sample."""
    shutil.copy(sqlite_sample_template, folder / "backbeat.db")
    return backbeat


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


MISTAKES = [
    ("schema_version: 1\n", "schema_version: 1\nmembres: []\n", "Did you mean “members”?"),
    ("timezone: America/Chicago          #", "timezone: America/Chicgo #", "Did you mean “America/Chicago”?"),
    ("sector: public, kind: workforce_board", "sector: state, kind: workforce_board", "Write one of: public, private"),
    ("contacts: [omar]", "contacts: [omer]", "Did you mean “omar”?"),
    ("email: dana.whitlock@lbp.example", "email: dana at lbp", "is not an e-mail address"),
    ('rrule: "FREQ=MONTHLY;BYDAY=2WE"', 'rrule: "FREQ=HOURLY"', "FREQ"),
    ("due: 2026-11-20, status: in_progress", "due: 2026-11-31, status: in_progress", "no such day"),
    ("target: {value: 220, date: 2026-12-31}", "target: {value: 60, date: 2026-12-31}", "baseline"),
    ("status: escalated, escalated_to: steering", "status: escalated, escalated_to: steerin", "“steering”"),
    ("allocations: [{to: family-access, amount: 350000}]", "allocations: [{to: family-access, amount: 350001}]", "350"),
]


def with_mistakes() -> tuple[str, list[int]]:
    """The sample with ten different mistakes, and the lines that they stand on."""
    text = sample_text()
    for right, wrong, _message in MISTAKES:
        assert text.count(right) >= 1, right
        text = text.replace(right, wrong, 1)
    lines = text.splitlines()
    found = [next(n for n, line in enumerate(lines, 1) if wrong.splitlines()[-1] in line) for _r, wrong, _m in MISTAKES]
    return text, found


def test_every_mistake_in_a_file_is_told_with_its_line(backbeat: Backbeat, folder: Path) -> None:
    text, lines = with_mistakes()
    (folder / "ten.yaml").write_text(text)
    result = backbeat("import", "ten.yaml")
    assert result.exit_code == 1
    assert result.stdout == ""
    *problems, last = result.stderr.splitlines()
    assert last == "10 things to mend. Nothing was changed."
    assert len(problems) == 10
    told = {int(problem.split(":")[1]): problem for problem in problems}
    assert sorted(told) == sorted(lines)
    for line, (_right, _wrong, message) in zip(lines, MISTAKES, strict=True):
        assert told[line].startswith(f"ten.yaml:{line}: ")
        assert message in told[line]
    assert rows(folder, "SELECT count(*) FROM coalitions") == [(0,)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"coalition: [\n", "ten.yaml:2: "),
        (b"\xff\xfe\x00", "ten.yaml:1: "),
        (b"", "ten.yaml:1: "),
        (b"a: 1\na: 2\n", "ten.yaml:2: "),
        (b"- just\n- a list\n", "ten.yaml:1: "),
    ],
)
def test_a_file_of_another_kind_is_told_so(backbeat: Backbeat, folder: Path, content: bytes, sentence: str) -> None:
    (folder / "ten.yaml").write_bytes(content)
    result = backbeat("import", "ten.yaml")
    assert result.exit_code == 1
    problem, last = result.stderr.splitlines()
    assert problem.startswith(sentence)
    assert last == "1 thing to mend. Nothing was changed."


def test_a_file_that_cannot_be_read_is_one_sentence(backbeat: Backbeat, folder: Path) -> None:
    assert refused(backbeat("import", "nowhere.yaml")) == (
        "nowhere.yaml can't be read (No such file or directory). Check the path."
    )
    assert "can't be read (Is a directory)" in refused(backbeat("import", str(folder)))


def test_an_import_says_what_came_in_and_that_nothing_is_sent(backbeat: Backbeat, folder: Path) -> None:
    assert done(backbeat("import", str(sample_path()))).splitlines() == [
        "Limestone Bend Good Jobs Compact (limestone-bend): 9 organizations, 14 members, 4 priorities, 15 cadences, "
        "20 actions, 9 funding sources.",
        "It is a draft: nothing is sent until you run `backbeat go-live`.",
    ]
    assert rows(folder, "SELECT key, state FROM coalitions") == [("limestone-bend", "draft")]


def test_a_dry_run_of_a_first_import_brings_nothing_in(backbeat: Backbeat, folder: Path) -> None:
    said = done(backbeat("import", str(sample_path()), "--dry-run")).splitlines()
    assert said[-1] == "Dry run: nothing was changed. It would come in as a draft, which sends nothing."
    assert rows(folder, "SELECT key FROM coalitions") == []


def test_a_re_import_tells_what_it_applied(imported: Backbeat, folder: Path) -> None:
    assert done(imported("import", str(sample_path()))) == "Nothing differs.\n"
    changed = sample_text().replace("title: Hire two evening instructors", "title: Hire three instructors")
    outcome = next(line for line in changed.splitlines(keepends=True) if "id: tp-io1" in line)
    changed = changed.replace(outcome, "").replace("      - {id: jq-io1", f"{outcome}      - {{id: jq-io1")
    changed = changed.replace("target: {value: 240, date: 2026-12-31}", "target: {value: 1250.5, date: 2026-12-31}")
    (folder / "new.yaml").write_text(changed.split("  - {id: F-1", 1)[0].replace("  - {id: A-503", "  - {id: A-504"))
    dry = done(imported("import", "new.yaml", "--dry-run")).splitlines()
    assert "applied: action A-101, title: Hire two evening instructors → Hire three instructors" in dry
    assert "moved: outcome tp-io1: from talent-pathways to job-quality" in dry
    assert "applied: metric tp-enrol, target: 240 on 2026-12-31 → 1,250.5 on 2026-12-31" in dry
    assert "added: action A-504" in dry
    assert "not in the file, kept: action A-503" in dry
    assert dry[-1] == "Dry run: nothing was changed."
    assert rows(folder, "SELECT title FROM action_items WHERE key = 'A-101'") == [("Hire two evening instructors",)]
    assert done(imported("import", "new.yaml")).splitlines() == dry[:-1]
    assert rows(folder, "SELECT title FROM action_items WHERE key = 'A-101'") == [("Hire three instructors",)]


def test_the_file_wins_only_where_it_is_preferred(imported: Backbeat, folder: Path) -> None:
    connection = sqlite3.connect(folder / "backbeat.db")
    connection.execute("UPDATE action_items SET due = '2026-12-04', note = 'By phone' WHERE key = 'A-101'")
    connection.commit()
    connection.close()
    due = "SELECT due FROM action_items WHERE key = 'A-101'"
    old = "due: 2026-11-20, status: in_progress"
    (folder / "new.yaml").write_text(sample_text().replace(old, old.replace("11-20", "12-18")))
    output = done(imported("import", "new.yaml"))
    assert (
        "changed in both: action A-101, due: here 2026-12-04, file 2026-12-18 (the file wins with --prefer file)"
        in output
    )
    assert "1 value changed here and not in the file: kept." in output
    assert rows(folder, due) == [("2026-12-04",)]
    (folder / "new.yaml").write_text(sample_text().replace(old, old.replace("11-20", "12-19")))
    output = done(imported("import", "new.yaml", "--prefer", "file"))
    assert "changed in both: action A-101, due: here 2026-12-04, file 2026-12-19: the file wins" in output
    assert rows(folder, due) == [("2026-12-19",)]


def test_an_export_imports_as_it_is(imported: Backbeat, folder: Path) -> None:
    text = done(imported("export"))
    (folder / "out.yaml").write_text(text)
    assert done(imported("import", "out.yaml")) == "Nothing differs.\n"
    done(imported("import", "out.yaml", "--as", "river-forks"))
    again = done(imported("export", "--coalition", "river-forks"))
    assert again.replace("river-forks", "limestone-bend") == text


def test_with_several_coalitions_one_must_be_named(imported: Backbeat, folder: Path) -> None:
    done(imported("import", str(sample_path()), "--as", "river-forks"))
    several = "There are several coalitions: limestone-bend, river-forks. Add --coalition ID."
    for command in (
        ["export"],
        ["digest"],
        ["go-live", "--yes"],
        ["link", "imani", "T1:U1"],
        ["admin", "add", "x@y.z"],
    ):
        assert refused(imported(*command)) == several
    assert refused(imported("export", "--coalition", "nowhere")) == (
        "There is no coalition “nowhere”. Known: limestone-bend, river-forks."
    )
    assert '"coalition": "river-forks"' in done(imported("digest", "--coalition", "river-forks", "--format", "json"))


@pytest.mark.parametrize("moment", ["2026-11-23T12:00:00-06:00", "2026-11-23T18:00:00Z", "2026-11-23T12:00"])
def test_the_digest_as_data_is_the_golden_one(imported: Backbeat, moment: str) -> None:
    assert done(imported("digest", "--as-of", moment, "--format", "json")) == GOLDEN.read_text(encoding="utf-8")


def test_the_digest_in_words(imported: Backbeat) -> None:
    text = done(imported("digest", "--as-of", "2026-11-23T12:00"))
    markdown = done(imported("digest", "--as-of", "2026-11-23T12:00", "--format", "markdown"))
    one = done(imported("digest", "--as-of", "2026-11-23T12:00", "--priority", "family-access"))
    for words in (text, markdown, one):
        assert "Child care and commute access" in words
        assert words.endswith("\n")
    assert "Talent pathways" in text
    assert "Talent pathways" not in one
    assert text != markdown
    data = json.loads(done(imported("digest", "--format", "json", "--priority", "family-access")))
    assert [part["id"] for part in data["priorities"]] == ["family-access"]


def test_the_digest_of_now_is_that_of_the_calendar(imported: Backbeat) -> None:
    now = done(imported("digest", "--format", "json"))
    assert json.loads(now)["as_of"] == "2026-11-23T07:00:00-06:00"
    assert now == done(imported("digest", "--format", "json", "--as-of", "2026-11-23T07:00"))


def test_what_the_digest_cannot_be_asked_for(imported: Backbeat) -> None:
    assert refused(imported("digest", "--as-of", "yesterday")) == (
        "“yesterday” is not a moment. Write it as 2026-11-25T07:30 or 2026-11-25."
    )
    for text in ("0001-01-01", "9999-12-31"):
        assert refused(imported("digest", "--as-of", text)) == (
            f"“{text}” is too far away. Use a year from 1900 to 2199."
        )
    assert refused(imported("digest", "--priority", "housing")).startswith("There is no priority “housing”. Known: ")


def test_the_calendar_of_everybody_and_of_one_group(imported: Backbeat) -> None:
    every = done(imported("calendar"))
    assert every.startswith("BEGIN:VCALENDAR")
    assert every.count("RRULE:") == 10
    assert "RECURRENCE-ID;TZID=America/Chicago:20261126T130000" in every
    talent = done(imported("calendar", "--group", "talent", "--months", "3"))
    assert talent.count("BEGIN:VEVENT") == 1
    assert "UNTIL=20270210T200000Z" in talent
    assert refused(imported("calendar", "--group", "wg-x")).startswith("There is no group “wg-x”. These are there: ")
    assert refused(imported("calendar", "--months", "0")) == "Choose between 1 and 60 months."


def test_going_live_shows_the_week_first(imported: Backbeat, folder: Path) -> None:
    state = "SELECT state, live_at FROM coalitions"
    declined = imported("go-live", answer="n\n")
    assert declined.exit_code == 1
    assert declined.stdout.index("Mon Nov 23") < declined.stdout.index("From now on people hear from the bot as shown.")
    assert declined.stdout.endswith("Not started. Nothing is sent.\n")
    assert rows(folder, state) == [("draft", None)]
    output = done(imported("go-live", "--yes"))
    assert (
        "   9:00 AM  Weekly priority check-in to Yolanda Briggs, Grant Okafor, Tom Delacroix, Imani Rhodes (moved); "
        "with it action list to Yolanda Briggs, Grant Okafor, Tom Delacroix, Imani Rhodes; "
        "with it figures that are due (unless they are there) to Yolanda Briggs\n"
    ) in output
    assert "Wed Nov 25\n   7:30 AM  digest to #lb-steering, #lb-talent" in output
    assert "Lorna Pruitt (Harrow County Executive Office): e-mail only" in output
    assert output.endswith("Live.\n")
    assert rows(folder, "SELECT state FROM coalitions") == [("live",)]
    assert done(imported("go-live")).endswith("Already live.\n")


def test_linking_an_account(imported: Backbeat, folder: Path) -> None:
    assert done(imported("link", "imani", "T1:U1")) == "Linked: Imani Rhodes.\n"
    assert rows(folder, "SELECT team_id, user_id, linked_by FROM slack_accounts") == [("T1", "U1", "command")]
    assert refused(imported("link", "nobody", "T1:U2")) == (
        "There is no member “nobody” in this coalition. `backbeat export` shows the ids."
    )
    assert refused(imported("link", "grant", "T1:U1")) == (
        "That account already belongs to Imani Rhodes. Pick another one."
    )
    assert refused(imported("link", "lorna", "T1:U3")).startswith("Lorna Pruitt takes part by e-mail only.")
    for wrong in ("U1", "T1:", ":U1"):
        assert "is not an account. Write it as TEAM:USER" in refused(imported("link", "grant", wrong))


def test_adding_an_admin(imported: Backbeat, folder: Path) -> None:
    for _time in range(2):
        assert done(imported("admin", "add", "Grant.Okafor@bendchamber.example")) == "Grant Okafor is an admin.\n"
    query = "SELECT count(*) FROM roles JOIN members ON members.id = member_id WHERE key = 'grant' AND role = 'admin'"
    assert rows(folder, query) == [(1,)]
    assert "No member has the address x@y.example." in refused(imported("admin", "add", "x@y.example"))


def test_before_anything_was_imported(backbeat: Backbeat) -> None:
    for command in (["export"], ["digest"], ["go-live"], ["link", "a", "T:U"]):
        assert refused(backbeat(*command)) == (
            "There is no coalition yet. Import one with `backbeat import FILE`, or write /coalition setup in Slack."
        )
    said = "There is no coalition yet. Whoever has this address in Slack may set one up: /coalition setup.\n"
    assert done(backbeat("admin", "add", "A@b.c")) == said


def test_the_manifest_is_json(backbeat: Backbeat) -> None:
    names = [one["command"] for one in json.loads(done(backbeat("manifest")))["features"]["slash_commands"]]
    prefixed = json.loads(done(backbeat("manifest", "--prefix", "lb-")))["features"]["slash_commands"]
    assert [one["command"] for one in prefixed] == [f"/lb-{name[1:]}" for name in names]


def test_the_manifest_for_http(backbeat: Backbeat) -> None:
    settings = json.loads(done(backbeat("manifest", "--http", "https://bot.example.org")))["settings"]
    assert settings["socket_mode_enabled"] is False
    assert refused(backbeat("manifest", "--http", "http://bot.example.org")).startswith("Slack sends requests over")


@pytest.mark.parametrize("prefix", ["LB-", "lb ", "/lb-", "lb.", "é", "x" * 23, "lb\n"])
def test_a_prefix_that_slack_does_not_take(backbeat: Backbeat, prefix: str) -> None:
    assert refused(backbeat("manifest", "--prefix", prefix)).startswith("A prefix has ")


def test_settings_that_cannot_be_used(backbeat: Backbeat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://a")
    assert (
        refused(backbeat("migrate"), 2)
        == "DATABASE_URL names a kind of database that Backbeat doesn't use. Use sqlite:/// or postgresql://."
    )
    monkeypatch.setenv("BACKBEAT_TICK_PLAN", "soon")
    assert "BACKBEAT_TICK_PLAN" in refused(backbeat("export"), 2)
    monkeypatch.delenv("BACKBEAT_TICK_PLAN")
    assert "SLACK_BOT_TOKEN is not set" in refused(backbeat("run"), 2)


def test_migrating(backbeat: Backbeat, folder: Path) -> None:
    (folder / "backbeat.db").unlink()
    stands = f"The database stands at {head()}.\n"
    assert done(backbeat("migrate")) == f"A new database: {folder / 'backbeat.db'}\n{stands}"
    assert done(backbeat("migrate")) == stands


def test_a_backup_says_what_it_is(imported: Backbeat, folder: Path) -> None:
    said = done(imported("backup", "monday.backup"))
    assert re.fullmatch(
        rf"Backup: monday\.backup, \d+\.\d MB, of 2026-11-23 13:00 UTC, schema {head()}\. Checked\.\n", said
    )
    assert "is there already" in refused(imported("backup", "monday.backup"))
    assert "Checked." in done(imported("backup", "monday.backup", "--overwrite"))


def test_the_doctor_names_the_mend_of_everything(imported: Backbeat, folder: Path) -> None:
    def findings() -> list[str]:
        result = imported("doctor")
        assert (result.exit_code, result.stderr) == (1, "")
        assert all(line.startswith(("ok   ", "mend ")) for line in result.stdout.splitlines())
        return result.stdout.splitlines()

    before = findings()
    assert before[0].startswith("mend SLACK_BOT_TOKEN is not set.")
    assert "ok   The database can be used and is up to date." in before
    assert any("is a draft: nothing is sent yet. Start with `backbeat go-live`." in line for line in before)
    assert before[-1].startswith("mend The bot has not looked at Slack yet.")
    connection = sqlite3.connect(folder / "backbeat.db")
    connection.execute("INSERT INTO workspaces (coalition_id, team_id) SELECT id, 'T1' FROM coalitions")
    connection.commit()
    connection.close()
    after = findings()
    assert any("Imani Rhodes" in line and "`backbeat link imani TEAM:USER`" in line for line in after)
    assert any("Lorna Pruitt" in line and "by e-mail" in line for line in after)
    assert sum("/invite @Backbeat" in line for line in after) == 7


PROCESSES: dict[str, tuple[list[str], dict[str, str], int, str]] = {
    "a server that does not answer": (
        ["export"],
        {"DATABASE_URL": "postgresql://a:hush@127.0.0.1:1/b"},
        2,
        "PostgreSQL server of DATABASE_URL cannot be reached",
    ),
    "a folder that is not there": (
        ["digest"],
        {"DATABASE_URL": "sqlite:////nowhere/at/all/x.db"},
        2,
        "database file cannot be opened",
    ),
    "a file that is no database": (["export"], {"DATABASE_URL": "sqlite:///notes.db"}, 2, "not a Backbeat database"),
    "a file that is not there": (["import", "nowhere.yaml"], {}, 1, "nowhere.yaml can't be read"),
    "nothing imported": (["digest"], {}, 1, "There is no coalition yet"),
}


@pytest.mark.parametrize("name", PROCESSES)
async def test_a_process_ends_with_its_code_and_one_sentence(
    folder: Path, sqlite_template: Path, nursery: Nursery, name: str
) -> None:
    arguments, environment, code, sentence = PROCESSES[name]
    shutil.copy(sqlite_template, folder / "backbeat.db")
    (folder / "notes.db").write_text("Notes, and no database. " * 100)
    ended, output, errors = await nursery.start(
        *arguments, environment={**os.environ, **environment}, folder=folder
    ).read()
    assert (ended, output) == (code, "")
    [line] = errors.splitlines()
    assert sentence in line
    assert "hush" not in line
