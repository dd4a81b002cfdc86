"""How the program ends: everything that waits for its end is done, its code is told, and nothing is taken apart."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.processes import ROOT

BEGIN = """
import atexit, sys, threading, time
from bot.cli import ProgramEnd
class Loaded:
    def __del__(self):
        print("taken apart")
loaded = Loaded()
end = ProgramEnd()
atexit.register(lambda: print("told"))
def work():
    time.sleep(0.05)
    print("worked")
"""


def ended(program: str) -> tuple[int, str, str]:
    """The exit code of a process that runs this, and what it printed to both streams."""
    # With it, nothing would be left to write at the end.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", BEGIN + program]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=60)
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize(
    ("said", "code"), [("0", 0), ("", 0), ("3", 3), ("None", 0), ("-1", 255), ("True", 1)], ids=lambda said: str(said)
)
def test_it_ends_at_once_with_its_code(said: str, code: int) -> None:
    assert ended(f"end.run(lambda: sys.exit({said}))") == (code, "told\n", "")


def test_what_works_aside_finishes_first() -> None:
    program = "threading.Thread(target=work).start()\nend.run(sys.exit)"
    assert ended(program) == (0, "worked\ntold\n", "")


def test_words_in_place_of_a_code_are_said() -> None:
    assert ended("end.run(lambda: sys.exit('no'))") == (1, "told\ntaken apart\n", "no\n")


def test_a_mistake_of_the_program_is_told_by_python() -> None:
    code, output, errors = ended("end.run(lambda: 1 / 0)")
    assert (code, output) == (1, "told\ntaken apart\n")
    assert errors.endswith("ZeroDivisionError: division by zero\n")


def test_where_nobody_reads_python_says_so() -> None:
    program = "import os\nend.run(lambda: (os.close(1), sys.exit(3)))"
    code, output, errors = ended(program)
    assert (code, output) == (120, "")
    assert "Bad file descriptor" in errors
    assert "Traceback" not in errors
