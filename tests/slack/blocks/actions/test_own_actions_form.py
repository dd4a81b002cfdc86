"""The form of all of somebody's actions on screen: none, one, a page, several pages, the longest words, and saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.actions import ActionsForm, Entered, FormAction, SavedForm, questions_about_actions
from bot.domain.record import Record
from bot.slack.blocks.actions import own_actions_view, saved_view
from bot.slack.message import Message, View
from tests.slack.blocks.actions.test_bundles import DONE, FORECASTS
from tests.slack.blocks.actions.test_items import card
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, script

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
SHEET = FormAction(card=card(), entered=Entered("in_progress"))
SOURCING = FormAction(card=FORECASTS, entered=Entered("not_started"))


def form(sample: Record, *actions: FormAction, **fields: Any) -> ActionsForm:
    usual: dict[str, Any] = {
        "token": "0123456789abcdef",
        "questions": questions_about_actions(sample),
        "actions": actions,
        "page": 0,
        "total": len(actions),
        "zone": "America/Chicago",
        "now": NOW,
    }
    return ActionsForm(**(usual | fields))


def many(count: int, **fields: Any) -> tuple[FormAction, ...]:
    return tuple(replace(SOURCING, card=replace(FORECASTS, id=f"A-{n}", **fields)) for n in range(count))


def test_words(sample: Record) -> None:
    changed = FormAction(
        card=DONE,
        entered=Entered("blocked", None, "The banks want a guarantee."),
        changed_at=NOW,
        changed_by_name="Omar Castellanos",
    )
    gone = FormAction(card=card(owner_name="Marcus Teal"), entered=Entered("done"), may_change=False)
    mended = replace(
        SHEET, entered=Entered("blocked", "2026-12-04"), problems=("Add one sentence on what it waits for.",)
    )
    scenes: dict[str, Message | View] = {
        "nothing open": own_actions_view(form(sample)),
        "one": own_actions_view(form(sample, SHEET)),
        "two": own_actions_view(form(sample, SHEET, SOURCING)),
        "the second of three pages": own_actions_view(form(sample, *many(10), page=1, total=23)),
        "somebody else changed it meanwhile": own_actions_view(form(sample, changed)),
        "somebody else has it now": own_actions_view(form(sample, gone, SOURCING)),
        "something to mend on a page that was left": own_actions_view(form(sample, mended)),
        "saved": saved_view("Your open actions", SavedForm((DONE, FORECASTS))),
        "nothing changed": saved_view("Your open actions", SavedForm(())),
    }
    check_golden("own-actions-form.txt", script(scenes))


def test_the_longest_words_fit(sample: Record) -> None:
    long = card(title=LONG, reason=LONG, status="blocked", owner_name=LONG, due=date(2027, 2, 12))
    one = FormAction(
        card=long, entered=Entered("blocked", None, LONG), changed_at=NOW, changed_by_name=LONG, problems=(LONG, LONG)
    )
    ten = tuple(replace(one, card=replace(long, id=f"A-{n}")) for n in range(10))
    assert not problems(own_actions_view(form(sample, *ten, page=3, total=100)))
    assert not problems(saved_view("Your open actions", SavedForm(tuple(one.card for one in ten * 10))))
