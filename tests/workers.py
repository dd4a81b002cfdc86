"""How tests are handed out to the workers of a run, and what those send back. Hooks of pytest, named in `conftest`."""

from __future__ import annotations

import atexit
import importlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis.internal.constants_ast import constants_from_module, is_local_module_file
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

T = TypeVar("T")

# What takes longest begins first, so that no worker is left waiting for it at the end.
LONG = (
    "test_kills.py",
    "test_mail_kills.py",
    "test_replicas.py",
    "test_a_season.py",
    "test_every_field.py",
    "test_universes.py",
    "test_opening_modals.py",
    "test_rights_by_role.py",
    "test_statements.py",
    "test_rights_of_buttons.py",
    "test_wheel.py",
    "test_a_week.py",
    "test_old_buttons.py",
    "test_promises.py",
    "test_other_coalitions_ids.py",
    "test_tenancy.py",
    "test_double_submits.py",
    "test_setup_in_browser.py",
    "test_page.py",
    "test_cadence_zones.py",
)


# Files whose tests share what takes long to make, or Chromium: one worker has all of a name. Those that start processes
# wait for most of their time, beside workers that don't, and so do others: two workers that wait leave a core idle.
TOGETHER = {
    "test_kills.py": "processes",
    "test_mail_kills.py": "processes",
    "test_replicas.py": "processes",
    "test_busy_hour.py": "processes",
    "test_start.py": "processes",
    "test_waiting_to_start.py": "processes",
    "test_start_together.py": "processes",
    "test_demo.py": "processes",
    "test_attacks.py": "processes",
    "test_snapshots.py": "processes",
    "test_restore.py": "processes",
    "test_ending.py": "processes",
    "test_run.py": "processes",
    "test_program.py": "processes",
    "test_answer_pages.py": "processes",
    "test_bolt.py": "processes",
    "test_bounds.py": "processes",
    "test_errors.py": "processes",
    "test_fetching.py": "processes",
    "test_socket_mode.py": "processes",
    "test_waits.py": "processes",
    "test_two_processes.py": "processes",
    "test_wakes.py": "processes",
    "test_outages.py": "processes",
    "test_monitor.py": "processes",
    "test_server.py": "processes",
    "test_limits_in_time.py": "processes",
    "test_acknowledging.py": "processes",
    "test_double_submits.py": "every form",
    "test_no_broadcasts.py": "loud",
    "test_answering.py": "browser",
    "test_choices.py": "browser",
    "test_stopping.py": "browser",
    "test_in_browser.py": "browser",
    "test_every_field.py": "every field",
    "test_every_card.py": "every field",
    "test_forgetting.py": "forgetting",
    "test_cadence_zones.py": "zones",
    "test_pulse_attacked.py": "pulse attacked",
    "test_page.py": "browser",
    "test_a_week.py": "browser",
    "test_setup_in_browser.py": "browser",
}


class Together(LoadGroupScheduling):  # type: ignore[misc]
    """Groups by file: pytest-xdist 3.8 writes its own where pytest 9.2 no longer reads them, and nothing is said."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(nodeid.partition("::")[0].rpartition("/")[2], nodeid)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """Forgets what is done. pytest-xdist keeps it and counts through all of it after each test: two seconds of
        processor time with ten thousand tests."""
        nodeid = self.registered_collections[node][item_index]
        scope, work = self._split_scope(nodeid), self.assigned_work[node]
        work[scope][nodeid] = True
        if all(work[scope].values()):
            del work[scope]
        self._reschedule(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadGroupScheduling | None:
    """Hands out the tests as said above."""
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Lets every worker import the modules of tests in another order. In a fresh checkout each of them is compiled, its
    asserts rewritten by whoever comes first, and all workers came to it at the same time: the same work as many times
    as there are workers, ten seconds of processor time each. So it was where Hypothesis reads the program's constants.
    """
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if not number or session.config.args != session.config.getini("testpaths"):
        return
    root = Path(__file__).resolve().parent
    modules = sorted(".".join(path.relative_to(root.parent).with_suffix("").parts) for path in root.rglob("test_*.py"))
    place = int(number) / int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    for name in _from(place, modules):
        # What is wrong with one is told where it is collected.
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(name)
    files = ((module, getattr(module, "__file__", None)) for module in list(sys.modules.values()))
    for module in _from(place, [module for module, file in files if file and is_local_module_file(file)]):
        constants_from_module(module)


def _from(place: float, things: list[T]) -> list[T]:
    begin = int(place * len(things))
    return things[begin:] + things[:begin]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the longest tests first and leaves the rest as they are."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def say_less(config: pytest.Config) -> None:
    """Lets a worker send one report a test where nothing is wrong with it, in place of five. That it begins and
    ends, and that setting up and tidying up went well, nobody reads, and telling it took six of the 28 seconds of
    processor time that ten thousand tests take which do nothing. A file of results (`--junitxml`) and `-v` have all."""
    if config.option.verbose > 0 or config.getoption("xmlpath", None):
        return
    # The module is sent to workers as text, so its class has another identity here.
    worker = next(one for one in config.pluginmanager.get_plugins() if type(one).__name__ == "WorkerInteractor")
    send: Callable[..., None] = worker.sendevent

    def send_what_is_read(name: str, **about: Any) -> None:
        report = about.get("data", {})
        went_well = name == "testreport" and report["outcome"] == "passed" and report["when"] != "call"
        if name not in {"logstart", "logfinish"} and not went_well:
            send(name, **about)

    worker.sendevent = send_what_is_read


def leave_at_once() -> None:
    """Lets this worker end without taking apart what it built, once everything else that waits for its end was done:
    all workers together spent nine seconds on it, after the last test, while nobody did anything else."""
    atexit.register(os._exit, 0)
