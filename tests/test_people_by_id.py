"""Two people, or two organizations, may have one name: what is one and the same is decided by ids."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import bot
import handlers
from bot.clock import FixedCalendar
from bot.domain.actions import ActionList
from bot.services import Services
from bot.slack.blocks.actions import list_message
from bot.slack.blocks.checkins import status_message
from tests.builders import action, priority
from tests.services.own_set import WEEKLY, live, say
from tests.services.reading import read
from tests.services.small import small
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

# What is compared by name on purpose: what people typed, and things that have no id of their own.
BY_NAME = {
    "bot/domain/checkins/drafts.py": "two check-ins of one name would be asked about with one word",
    "bot/slack/blocks/decisions/decisions.py": "a sentence that repeats the issue's own words",
    "bot/store/copies.py": "tables",
    "bot/domain/coalition/setup.py": "an organization written in setup is the one of that name",
    "bot/services/sending/destinations.py": "channels",
    "bot/domain/people/changes.py": "an organization written in a form is the one of that name",
    "bot/domain/organizations/pages.py": "a name that is written anew must be no other one's",
    "bot/slack/forms/form.py": "fields of a form",
    "bot/services/people/channels.py": "channels",
    "bot/services/endings/erasing.py": "a name that two people have can't be taken out of what others wrote",
}
# Attributes that hold a person's or an organization's name.
PLAIN = {"name", "answered_by", "owner_name"}


# Whatever may be one of these: only where there is such, a module is looked at closely.
MAY_COMPARE = re.compile(
    r"(name|answered_by)(\.(casefold|lower)\([^()]*\))?[\s)]*(==|!=)[^\n]*(name|answered_by)"
    r"|fromkeys\([^()]*_name\s+for"
)


def _is_name(node: ast.expr) -> bool:
    found = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"casefold", "lower"} and _is_name(node.func.value)
    return found in PLAIN or found.endswith("_name")


def _compared(tree: ast.AST) -> Iterator[int]:
    """Lines on which two names are compared, or names are told apart by themselves."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            if _is_name(node.left) and _is_name(node.comparators[0]):
                yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fromkeys":
            of = node.args[0]
            if isinstance(of, ast.GeneratorExp) and isinstance(of.elt, ast.Attribute) and of.elt.attr.endswith("_name"):
                yield node.lineno


def test_no_name_is_compared_with_a_name() -> None:
    top = Path(bot.__file__).parent.parent
    files = [*Path(bot.__file__).parent.rglob("*.py"), *Path(handlers.__file__).parent.rglob("*.py")]
    found = {
        f"{path.relative_to(top)}:{line}"
        for path in files
        if "sandbox" not in path.parts
        and str(path.relative_to(top)) not in BY_NAME
        and MAY_COMPARE.search(text := path.read_text())
        for line in _compared(ast.parse(text))
    }
    assert found == set()


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """Tuesday at nine, in a coalition in which Ana's stand-in is called Ana too."""
    record = small(
        ben={"name": "Ana", "delegate": None},
        priorities=(priority(channel="p-one"), priority("p2", owner="ben")),
        actions=(action("A-1", owner="ben", waiting_on="other"),),
    )
    record = replace(record, organizations=tuple(replace(one, name="Acme") for one in record.organizations))
    found = await Stage.with_record(services, calendar, record)
    await found.link()
    await found.join_channels()
    await found.go_live()
    await live(found, "2026-11-24T08:45", "2026-11-24T09:00")
    return found


async def test_who_answered_for_whom_is_said_of_namesakes(stage: Stage) -> None:
    await say(stage, "weekly", "ben", **WEEKLY, ask="A room.", ask_from="other")
    status = read(status_message(await stage.services.checkin_rounds.status(await stage.actor("lou"), "weekly")))
    assert "• Priority p1 · Ana for Ana" in status


async def test_a_wait_for_a_namesake_is_a_wait(stage: Stage) -> None:
    mine = await stage.services.action_items.find(await stage.actor("ben"), "mine")
    assert isinstance(mine, ActionList)
    assert "waits for Acme" in read(list_message(mine))


async def test_a_week_counts_namesakes_apart(stage: Stage) -> None:
    stage.at("2026-11-29T12:00")
    week = await stage.services.week.preview(await stage.actor("lou"))
    assert [one.people for one in week.entries if one.what == "ask"] == [("Ana", "Ana")]
    assert week.minutes == (("Ana", 3), ("Ana", 3))
