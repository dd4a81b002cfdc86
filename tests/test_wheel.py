"""The wheel, built and installed in a new environment outside the checkout, does what a user does first."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.examples import part

ROOT = Path(__file__).resolve().parent.parent
# The checkout on the path would hide what the wheel lacks, and each command would compile everything anew.
LEFT_OUT = frozenset({"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"})

# What a user asks for first, by one program: each would import everything anew. The demo tries its first hours in a
# whole run, and only says what it does in the suite.
DEMO = part("--help", "--check")
BREAK = "=" * 20
# As pip asks for it, which it does itself in a whole run.
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
AS_PIP = ("-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w")
AT_FIRST = f"""
import runpy, sys
from bot.cli import main
from bot.files import sample_path
print(sample_path(), end="", flush=True)
for asked in (
    ["import", str(sample_path())],
    ["digest", "--as-of", "2026-11-23T12:00:00-06:00", "--format", "json"],
    ["plan", "--public"],
):
    print("{BREAK}", end="", flush=True)
    try:
        main(asked)
    except SystemExit as end:
        assert not end.code
print("{BREAK}", end="", flush=True)
# The command as it was installed.
sys.argv = [sys.argv[1], "demo", "{DEMO}"]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(*command: str | Path, cwd: Path, environment: dict[str, str] | None = None) -> str:
    """Runs a command that must succeed; its output."""
    kept = environment or {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=kept, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def link_dependencies(python: Path) -> None:
    """Gives a new environment what its wheel declares to need and nothing else, by links to what is installed here.

    Unpacking it all again would take a minute, and nothing of that is the wheel's.
    """
    (site,) = (python.parent.parent / "lib").glob("python*/site-packages")
    (metadata,) = site.glob("backbeat-*.dist-info")
    found: dict[str, Distribution] = {}
    find_needed(Distribution.at(metadata), "", found, set())
    for needed in found.values():
        for file in needed.files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__") and not (site / top).exists():
                (site / top).symlink_to(Path(str(needed.locate_file(top))))


def find_needed(wanted: Distribution, extra: str, found: dict[str, Distribution], seen: set[tuple[str, str]]) -> None:
    """Finds what a distribution declares to need with this extra ("": without), and what that needs in turn."""
    for line in wanted.requires or ():
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        found[name] = there = distribution(requirement.name)
        assert requirement.specifier.contains(there.version, prereleases=True), (line, there.version)
        for one in ("", *sorted(requirement.extras)):
            if (name, one) not in seen:
                seen.add((name, one))
                find_needed(there, one, found, seen)


def files_beside_the_code() -> set[str]:
    """Templates, the sample, the pages of the demo: what the program reads from its own folders."""
    return {
        path.relative_to(ROOT).as_posix()
        for package in ("bot", "handlers", "schedules", "migrations")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }


@pytest.mark.in_part
@pytest.mark.wheel
def test_the_wheel_imports_prints_a_digest_and_runs_the_demo(tmp_path: Path) -> None:
    run(sys.executable, *part(("-c", BUILD, tmp_path), (*AS_PIP, tmp_path, ROOT)), cwd=ROOT)
    wheel = next(tmp_path.glob("backbeat-*.whl"))
    assert files_beside_the_code() - set(zipfile.ZipFile(wheel).namelist()) == set()
    venv.create(tmp_path / "venv", with_pip=False)
    bin_folder = tmp_path / "venv" / "bin"
    install = ("--python", bin_folder / "python", "install", "-q", "--no-compile", "--no-deps")
    run(sys.executable, "-m", "pip", *install, wheel, cwd=tmp_path)
    link_dependencies(bin_folder / "python")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in LEFT_OUT},
        "DATABASE_URL": f"sqlite:///{tmp_path / 'wheel.db'}",
    }
    command = bin_folder / "backbeat"
    did = run(bin_folder / "python", "-c", AT_FIRST, command, cwd=tmp_path, environment=environment)
    where, imported, digest, page, demo = did.split(BREAK)
    assert str(tmp_path) in where
    assert "draft" in imported
    assert digest == (ROOT / "tests" / "golden" / "digest-limestone-bend.json").read_text()
    assert "Nothing is marked public yet" in page
    assert part("Usage: ", "The demo works.") in demo
    assert os.access(command, os.X_OK)
    assert str(bin_folder / "python") in command.read_text().partition("\n\n")[0]
