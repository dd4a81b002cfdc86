"""What the pages for newcomers name is there: each path, module and name in README and CONTRIBUTING."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tests.tables import on_each

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
_TOP = frozenset({"deploy", "bot", "handlers", "schedules", "tests", "migrations", "docs"})
_PLACEHOLDERS = frozenset({"NOUN", "PATH"})


@cache
def _files() -> tuple[Path, ...]:
    return tuple(path for top in sorted(_TOP) for path in (ROOT / top).rglob("*") if path.suffix in {".py", ".yaml"})


@cache
def _words() -> frozenset[str]:
    """Every word of the source but of this module, and every file's own name."""
    text = "\n".join(path.read_text() for path in (*_files(), ROOT / "pyproject.toml") if path != Path(__file__))
    return frozenset({*re.findall(r"\w+", text), *(path.stem for path in _files())})


def _named(page: str) -> list[str]:
    """What stands between backticks, blocks of commands left out."""
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(), flags=re.DOTALL)
    return re.findall(r"`([^`\n]+)`", text)


def _is_there(name: str) -> bool:
    if re.search("|".join(_PLACEHOLDERS), name):
        return True
    if re.fullmatch(r"[\w.*-]+(/[\w.*-]*)+", name) and name.split("/")[0] in _TOP:
        return any(ROOT.glob(name.rstrip("/")))
    if re.fullmatch(r"[\w-]+\.(py|yaml)", name):
        return any(path.name == name for path in _files())
    if re.fullmatch(r"_?[A-Za-z]\w*(\.\w+)*(\[…\])?", name) and "_" in name:
        return set(re.findall(r"\w+", name)) <= _words()
    return True


def test_what_a_page_names_is_there_and_what_is_not_is_noticed() -> None:
    assert [(page, name) for page in PAGES for name in _named(page) if not _is_there(name)] == []
    assert not _is_there("bot/domain/whereabouts.py")
    assert not _is_there("claims_of_yore.py")
    assert not _is_there("_plan_never_at_all")
    assert not _is_there("Deliveries._claim_none_at_all")


@on_each("page", PAGES)
def test_where_a_page_leads_is_there(page: str) -> None:
    ways = re.findall(r"\]\(([^)#]+)", (ROOT / page).read_text())
    assert [way for way in ways if "://" not in way and not (ROOT / way).exists()] == []


def test_each_module_that_a_page_runs_is_there() -> None:
    run = {name for page in PAGES for name in re.findall(r"python -m (tests(?:\.\w+)+)", (ROOT / page).read_text())}
    assert len(run) > 5
    ways = {name: ROOT.joinpath(*name.split(".")) for name in run}
    assert [name for name, way in ways.items() if not (way.with_suffix(".py").exists() or way.is_dir())] == []


def _faults() -> list[list[str]]:
    part = (ROOT / "README.md").read_text().partition("## When something goes wrong\n")[2].partition("\n## ")[0]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in part.splitlines() if " | " in line][1:]


@cache
def _program() -> dict[Path, str]:
    """The modules of the program and what stands in them."""
    tops = ("bot", "handlers", "schedules")
    return {path: path.read_text() for top in tops for path in (ROOT / top).rglob("*.py")}


@cache
def _texts(path: Path) -> str:
    """What a module says, each text by itself: without what is filled in."""
    nodes = ast.walk(ast.parse(_program()[path]))
    return "\n".join(one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _is_said(words: str) -> bool:
    """Whether the program says this. A text may go over two lines, so that the module doesn't have it as it is."""
    by_likelihood = sorted(_program(), key=lambda path: words not in _program()[path])
    return any(words in _texts(path) for path in by_likelihood)


def test_what_each_fault_comes_to_is_shown_by_tests_and_in_the_programs_own_words() -> None:
    faults = _faults()
    assert len(faults) > 20
    quoted = 0
    for fault, happens, seen, shown in faults:
        assert re.findall(r"`(tests/[\w/]+\.py)`", shown), fault
        for words in re.findall("“(.+?)”", happens + seen):
            quoted += 1
            # A reason is kept as two parts, and the rest of a text is filled in.
            parts = [part.rstrip(")") for part in re.split(r": |…", words) if len(part) > 2]
            assert [part for part in parts if not _is_said(part)] == [], fault
    assert quoted > 10
