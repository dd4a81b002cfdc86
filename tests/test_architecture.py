"""What no tool holds by itself: names, openings, rules that must agree in two places, and the import contracts."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import bot.services
from bot.domain.rights import METHODS
from bot.services.access import Service
from tests import exports
from tests.tables import on_each

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "handlers", "schedules", "migrations")
UNPLACED_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}
# What asks the rights table about a method by its name.
ASKING = {"require", "reading", "writing", "changing", "read_record"}
OPENING = re.compile(r'(?:#.*\n)*"""(?!"""|.{0,5}"""|\s)')
# Whatever may be a comparison of one: only where there is such, a module is looked at closely.
STATUS_COMPARED = re.compile(r"\.(status|assessment)[\s)]*(==|!=|[<>]|(in|not|is)\b)")
# Whatever may write a figure or a date by itself, in the same way: plain words are found soonest.
MAY_WRITE_WORDS = ("strftime", "ctime", "MONTHS", "MONTH_NAMES", "babel", "}%", "${", "€{", "£{")
MAY_WRITE = (re.compile(r"\{[^{}\n]*:(?! )[^{}\n]*[,%f{]"), re.compile(r"\b(format\(|locale\b)"))
LEFT_TO_DO = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")


def modules(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def service_classes() -> Iterator[type[Service]]:
    for found in pkgutil.walk_packages(bot.services.__path__, "bot.services."):
        module = importlib.import_module(found.name)
        for _name, value in inspect.getmembers(module, inspect.isclass):
            if issubclass(value, Service) and value is not Service and value.__module__ == module.__name__:
                yield value


def service_methods() -> set[str]:
    return {
        f"{kind.__name__.lower()}.{name}"
        for kind in service_classes()
        for name, value in vars(kind).items()
        if not name.startswith("_") and inspect.isfunction(value)
    }


def test_what_tries_a_part_is_found_by_its_mark() -> None:
    """A whole run takes what is marked; what it doesn't find would be tried in part for ever."""
    from_there = re.compile(r"^from tests\.examples import .*\b(is_whole|on|one_in|part)\b", re.MULTILINE)
    found = [path for path in modules("tests") if from_there.search(path.read_text())]
    assert len(found) > 5
    assert [path.name for path in found if "pytest.mark.in_part" not in path.read_text()] == []


def test_every_service_method_has_a_rule_and_every_rule_a_method() -> None:
    assert sorted(service_methods() - set(METHODS)) == [], (
        "methods without a rule in bot.domain.rights.method_rights.METHODS"
    )
    assert sorted(set(METHODS) - service_methods()) == [], "rules in METHODS without a method"


def test_every_service_is_in_the_bundle() -> None:
    source = inspect.getsource(bot.services.Services.__init__)
    for kind in service_classes():
        assert f" {kind.__name__}(" in source, f"{kind.__name__} is not in the bundle"


def test_every_method_that_a_rule_is_asked_for_is_named_right() -> None:
    """`actor.require("noun.method")`, or what is opened for it, names the method that it stands in."""
    for path in modules("bot/services"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            for method in (node for node in kind.body if isinstance(node, ast.AsyncFunctionDef)):
                for asked in _required(method):
                    assert asked == f"{kind.name.lower()}.{method.name}", f"{path.name}: {method.name} asks for {asked}"


def _required(method: ast.AsyncFunctionDef) -> Iterator[str]:
    for node in ast.walk(method):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKING:
            for argument in node.args[:2]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def test_every_module_opens_with_what_is_here_and_has_a_name_of_its_own() -> None:
    for path in modules(*PACKAGES):
        text = path.read_text(encoding="utf-8")
        assert not text or OPENING.match(text), f"{path} has no opening"
        assert path.stem not in UNPLACED_NAMES, f"{path}: name the noun"
        assert not LEFT_TO_DO.search(text), f"{path}: what is left to do stands in an issue, not in the code"


def test_statuses_are_compared_as_members_of_their_vocabulary() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("bot", "handlers")
        if "sandbox" not in path.parts and STATUS_COMPARED.search(text := path.read_text())
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Attribute)
        and node.left.attr in {"status", "assessment"}
        and any(
            isinstance(one, ast.Constant) and isinstance(one.value, str)
            for side in node.comparators
            for one in ast.walk(side)
        )
    ]
    assert found == [], "a word that nobody checks: compare with bot.domain.vocabularies, or ask the value"


# Figures and dates beside the coalition's locale, each for its reason.
BESIDE_THE_LOCALE = {
    "bot/doctor.py": "moments in UTC, for whoever runs the program",
    "bot/cli/databases.py": "moments in UTC, for whoever runs the program",
    "bot/cli/workspaces.py": "a day as ISO writes it, for whoever runs the program",
    "bot/store/backups/backups.py": "megabytes, for whoever runs the program",
    "bot/store/backups/restoring.py": "the name of a file",
    "bot/files/reading_apart.py": "seconds without decimals",
    "bot/services/sending/claims.py": "a parameter of a statement",
    "bot/services/sending/recoveries.py": "a moment of Slack's",
    "bot/services/funding/changes.py": "what a number field is filled with",
    "bot/slack/forms/fields.py": "what a number field is filled with",
    "bot/store/database/database.py": "a pattern of SQL's",
    "bot/domain/typed/typed_numbers.py": "what was typed, without its signs",
    "bot/domain/organizations/pages.py": "a day of every year, as it is kept",
    "bot/domain/outbox/deliveries.py": "a day of every year, as it is kept",
    "bot/domain/record/record.py": "a day of every year, as it is kept",
    "bot/domain/meetings/times.py": "a time read back as it may be typed",
    "bot/domain/metrics/status.py": "a number as a file has it",
    "bot/domain/histories/public_records.py": "a table for programs",
}
# Where months and weekdays are words that may be typed, or stand in a sentence.
NAMES_OF_MONTHS = ("bot/domain/typed/", "bot/domain/people/away_line.py", "bot/domain/rhythm/cadence_wording.py")


def test_figures_and_dates_are_written_in_one_place() -> None:
    """By `bot.domain.wording`, which knows the coalition's locale: past it "4,120" would stand in France."""
    found: dict[str, list[int]] = {}
    for path in modules("bot", "handlers", "schedules"):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(("bot/sandbox/", "bot/domain/wording/")):
            may_name = name.startswith(NAMES_OF_MONTHS)
            lines = [line for line, what in written_in(path.read_text()) if what != "a month" or not may_name]
            found |= {name: lines} if lines else {}
    assert {name: lines for name, lines in found.items() if name not in BESIDE_THE_LOCALE} == {}
    assert sorted(set(BESIDE_THE_LOCALE) - set(found)) == [], "reasons that nothing needs any more"


@on_each(
    "source",
    [
        'f"{count:,} seats"', 'f"{share:.1f}"', 'f"{share}%"', 'f"${amount}"', 'f"{on:%b %d}"', 'on.strftime("%B")',
        'format(count, ",")', 'f"{MONTHS[on.month - 1]} {on.day}"', "from babel.numbers import format_decimal",
    ],
)  # fmt: skip
def test_whatever_is_written_past_it_is_noticed(source: str) -> None:
    assert list(written_in(source))
    assert not list(written_in('f"{count} of {total:>3}, {name!r}: 5% of $3"'))


def written_in(source: str) -> Iterator[tuple[int, str]]:
    """Lines that write a figure or a date by themselves, with what they write."""
    if not any(word in source for word in MAY_WRITE_WORDS) and not any(one.search(source) for one in MAY_WRITE):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            specs = [str(one.value) for one in ast.walk(node.format_spec) if isinstance(one, ast.Constant)]
            if any(re.search(r",|%|f$", one) for one in specs):
                yield node.lineno, "a figure"
        elif isinstance(node, ast.JoinedStr):
            for one, behind in pairwise(node.values):
                before = str(one.value) if isinstance(one, ast.Constant) else ""
                after = str(behind.value) if isinstance(behind, ast.Constant) else ""
                if before.endswith(("$", "€", "£")) or after.startswith("%"):
                    yield node.lineno, "a sign"
        elif isinstance(node, ast.Attribute) and node.attr in {"strftime", "ctime"}:
            yield node.lineno, "a date"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "format":
            if len(node.args) > 1 and isinstance(node.args[1], ast.Constant) and node.args[1].value != "f":
                yield node.lineno, "a figure"
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            if node.value.id in {"MONTHS", "MONTH_NAMES"}:
                yield node.lineno, "a month"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
            if any(one.partition(".")[0] in {"babel", "locale"} for one in names):
                yield node.lineno, "a library"


def test_no_folder_is_named_after_nothing() -> None:
    for package in PACKAGES:
        assert not {path.name for path in (ROOT / package).rglob("*") if path.is_dir()} & UNPLACED_NAMES


def test_every_service_method_says_what_it_does() -> None:
    for kind in service_classes():
        for name, value in vars(kind).items():
            if not name.startswith("_") and inspect.isfunction(value):
                assert inspect.getdoc(value), f"{kind.__name__}.{name} has no docstring"


def test_tests_are_in_the_place_of_what_they_test() -> None:
    for path in modules("tests"):
        if path.name.startswith("test_") and path.parent != ROOT / "tests":
            folder = path.parent.relative_to(ROOT / "tests").parts[0]
            assert (ROOT / "bot" / folder).exists() or (ROOT / folder).exists(), path


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_sleeps_or_asks_the_clock_beside_it(package: str) -> None:
    """`asyncio.sleep` waits in schedules, gateway, connection and waiting; nothing else of the core may wait at all."""
    waiting = {
        "bot/connection",
        "bot/waiting.py",
        "bot/demo.py",
        "bot/slack/gateway.py",
        "schedules",
        "bot/sandbox",
        "handlers",
    }
    for path in modules(package):
        place = str(path.relative_to(ROOT))
        if not any(place.startswith(allowed) for allowed in waiting):
            # Who gives others their turn doesn't wait.
            text = path.read_text(encoding="utf-8").replace("asyncio.sleep(0)", "")
            assert "time.sleep(" not in text, place
            assert "asyncio.sleep(" not in text, place


def test_the_import_contracts_hold() -> None:
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or "lint-imports"
    ended = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-1000:]


def test_each_export_of_a_noun_is_used_outside_of_it() -> None:
    assert exports.unused(ROOT, ("bot/domain", "bot/services", "bot/store"), PACKAGES, "tests") == []


def test_the_tests_name_no_machine() -> None:
    """No test depends on where it runs or on who runs it."""
    home = re.compile(r"/(home|Users|root)/\w+")
    for path in modules("tests", *PACKAGES):
        assert not home.search(path.read_text(encoding="utf-8")), path
