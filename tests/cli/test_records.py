"""A coalition as a file: what comes in, what is refused and where, and that what goes out comes in again."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from bot.files import sample_path, sample_text
from tests.cli.results import Backbeat, done, refused, rows

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


def test_a_dry_run_of_a_first_import_brings_nothing_in(backbeat: Backbeat, small_file: Path, folder: Path) -> None:
    said = done(backbeat("import", small_file.name, "--dry-run")).splitlines()
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


def test_the_file_wins_only_where_it_is_preferred(small_one: Backbeat, small_file: Path, folder: Path) -> None:
    connection = sqlite3.connect(folder / "backbeat.db")
    connection.execute("UPDATE action_items SET due = '2026-12-04', note = 'By phone' WHERE key = 'A-1'")
    connection.commit()
    connection.close()
    due = "SELECT due FROM action_items WHERE key = 'A-1'"
    text = small_file.read_text(encoding="utf-8")
    assert text.count("due: 2026-12-01") == 1
    small_file.write_text(text.replace("due: 2026-12-01", "due: 2026-12-18"), encoding="utf-8")
    output = done(small_one("import", "small.yaml"))
    assert (
        "changed in both: action A-1, due: here 2026-12-04, file 2026-12-18 (the file wins with --prefer file)"
        in output
    )
    assert "1 value changed here and not in the file: kept." in output
    assert rows(folder, due) == [("2026-12-04",)]
    small_file.write_text(text.replace("due: 2026-12-01", "due: 2026-12-19"), encoding="utf-8")
    output = done(small_one("import", "small.yaml", "--prefer", "file"))
    assert "changed in both: action A-1, due: here 2026-12-04, file 2026-12-19: the file wins" in output
    assert rows(folder, due) == [("2026-12-19",)]


def test_an_export_imports_as_it_is(small_one: Backbeat, folder: Path) -> None:
    text = done(small_one("export"))
    (folder / "out.yaml").write_text(text)
    assert done(small_one("import", "out.yaml")) == "Nothing differs.\n"
    done(small_one("import", "out.yaml", "--as", "river-forks"))
    again = done(small_one("export", "--coalition", "river-forks"))
    assert again.replace("id: river-forks", "id: test") == text


def test_figures_from_a_table(imported: Backbeat, folder: Path) -> None:
    count = "SELECT count(*) FROM readings JOIN metrics ON metrics.id = metric_id WHERE key = 'fa-seats'"
    [(before,)] = rows(folder, count)
    table = folder / "figures.csv"
    table.write_text("metric,value,period_end\nfa-seats,140,2026-10-31\nfa-seats,many,2026-11-15\n", encoding="utf-8")
    wrong = imported("import-readings", "figures.csv")
    assert wrong.exit_code == 1
    assert wrong.stderr.splitlines() == [
        "figures.csv:3: “many” isn't a number. Try “48.5” or “3,100,000”.",
        "1 line to mend. Nothing was recorded.",
    ]
    table.write_text("metric,value,period_end\nfa-seats,140,2026-10-31\n", encoding="utf-8")
    shown = ["fa-seats: 140 seats (Oct 31, final)", "Dry run: nothing was recorded."]
    assert done(imported("import-readings", "figures.csv", "--dry-run")).splitlines() == shown
    assert rows(folder, count) == [(before,)]
    assert done(imported("import-readings", "figures.csv")).splitlines()[-1] == "Recorded: 1 figure."
    again = done(imported("import-readings", "figures.csv")).splitlines()
    assert again == ["1 figure in the file: here already, left as they are.", "Recorded: 0 figures."]
    assert rows(folder, count) == [(int(str(before)) + 1,)]
    assert "can't be read" in refused(imported("import-readings", "none.csv"))


def test_what_is_on_record(imported: Backbeat) -> None:
    told = json.loads(done(imported("records", "--organization", "kessler", "--from", "2026-11-01")))
    assert {one["id"] for one in told["items"] if one["kind"] == "action"} >= {"A-104", "A-401"}
    table = done(imported("records", "--priority", "job-quality", "--format", "csv")).splitlines()
    assert table[0] == "kind,id,date,priority,organization,person,title,status,words"
    assert refused(imported("records", "--from", "November")) == "“November” is no day. Write it as 2026-10-01."
    assert "Did you mean “kessler”?" in refused(imported("records", "--organization", "kesler"))
