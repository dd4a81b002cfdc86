"""A target whose day has passed, on screen: words in a golden file, and its buttons by right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.record import DatedValue, Priority
from bot.domain.targets import PassedTarget, Result, Target, TargetKind
from bot.slack.blocks.bundles import BundleReader
from bot.slack.blocks.targets import target_item
from bot.slack.message import Message
from tests.builders import day, metric, priority, reading
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, MONDAY, script

TODAY = date(2027, 1, 4)
DUE = date(2026, 12, 31)
PRIORITY: Priority = priority("family-access")
READER = BundleReader(
    zone="America/Chicago",
    now=MONDAY,
    receiver="luis",
    receiver_name="Luis Ferreira",
    is_alone=True,
    may_be_primary=True,
)


def target(kind: TargetKind = TargetKind.METRIC, name: str = "Child care seats <new>") -> Target:
    value = None if kind is TargetKind.OUTCOME else Decimal(220)
    return Target(kind, "fa-seats", name, DUE, PRIORITY, metric("fa-seats", unit="seats"), value)


def item(state: str = "open", **fields: Any) -> Message:
    usual: dict[str, Any] = {
        "target": target(),
        "today": TODAY,
        "result": Result.NOT_REACHED,
        "figure": reading("2026-12-31", 134),
        "unit": "seats",
        "helper": "Dana Whitlock",
    }
    blocks, words = target_item(PassedTarget(state=state, **(usual | fields)), READER)
    return Message(text=words, blocks=tuple(blocks))


def scenes() -> dict[str, Message]:
    earlier: dict[str, Any] = {"figure": reading("2026-09-30", 134)}
    goal, outcome = target(TargetKind.GOAL, "Good jobs: goal of 2026"), target(TargetKind.OUTCOME, "Six occupations")
    return {
        "target: not reached": item(),
        "target: reached, to a coordinator": item(
            result=Result.REACHED, figure=reading("2026-12-31", 240), helper=None, end="metric:fa-seats"
        ),
        "target: no figure since": item(result=Result.NOT_YET_KNOWN, **earlier),
        "target: reached before its day": item(result=Result.REACHED, figure=reading("2026-09-30", 240)),
        "target: withheld": item(result=Result.WITHHELD, figure=None),
        "target: no figure": item(result=Result.NO_FIGURE, figure=None),
        "target: a goal": item(target=goal),
        "target: an outcome": item(target=outcome, result=None, figure=None, helper=None, end="outcome:fa-seats"),
        "target: renewed": item("renewed", now=DatedValue(value=Decimal(300), on=day("2027-12-31"))),
        "target: an outcome has a new day": item("renewed", target=outcome, now_on=day("2027-03-31")),
        "target: an outcome was reached": item("reached", target=outcome, now_on=day("2026-12-28")),
        "target: it ends": item("ends", now_on=day("2027-03-31")),
        "target: passed on": item("passed_on"),
        "target: rests": item("rests"),
        "target: read by somebody who may not": item(may_set=False),
    }


def test_words() -> None:
    check_golden("targets.txt", script(dict(scenes())))


def test_it_fits_at_any_length() -> None:
    many = item(target=target(name=LONG), unit=LONG[:40], helper=LONG[:80])
    assert problems(many) == []
