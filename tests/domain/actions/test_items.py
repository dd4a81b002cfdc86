"""Action items as of a day: what is open, overdue, blocked, due soon, done, and what waits for whom."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import items as action_items
from bot.domain.record import ActionItem, Directory
from tests.builders import TODAY, action, day, member, organization, record
from tests.examples import examples
from tests.tables import on_each

DIRECTORY = Directory.of(
    record(
        organizations=[organization("acme", name="Acme Works"), organization("zeta", name="Zeta Fund")],
        members=[member("ana"), member("zoe", organization="zeta")],
    )
)


@pytest.mark.parametrize("status", ["not_started", "in_progress", "blocked"])
def test_an_action_is_open_until_it_is_done_or_cancelled(status: str) -> None:
    assert action(status=status).is_open


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_done_and_cancelled_actions_are_neither_open_nor_overdue(status: str) -> None:
    late = action(due="2026-11-01", status=status)
    assert not late.is_open
    assert not action_items.is_overdue(late, TODAY)


@pytest.mark.parametrize(("due", "overdue"), [("22", True), ("23", False), ("24", False)])
def test_an_action_is_overdue_from_the_day_after_its_due_date(due: str, overdue: bool) -> None:
    assert action_items.is_overdue(action(due=due), TODAY) is overdue


def test_an_action_that_was_not_accepted_is_open_but_not_overdue() -> None:
    given_away = action(due="2026-11-01", accepted=False)
    part = action_items.summarize([given_away], TODAY, DIRECTORY)
    assert [line.id for line in part.open] == ["A-1"]
    assert part.overdue == ()
    assert part.oldest_overdue is None
    assert part.open[0].days_overdue == 0


@pytest.mark.parametrize(
    ("completed", "counted"), [("15", False), ("16", True), ("23", True), ("24", False), (None, False)]
)
def test_done_counts_from_seven_days_ago_to_today(completed: str | None, counted: bool) -> None:
    done = action(status="done", completed=completed)
    assert action_items.is_done_this_week(done, TODAY) is counted


def test_a_cancelled_action_is_not_done_even_with_a_day_of_completion() -> None:
    assert not action_items.is_done_this_week(action(status="cancelled", completed="20"), TODAY)


@pytest.mark.parametrize(("due", "soon"), [("22", False), ("23", True), ("30", True), ("2026-12-01", False)])
def test_due_soon_reaches_from_today_to_seven_days_on(due: str, soon: bool) -> None:
    assert action_items.is_due_soon(action(due=due), TODAY) is soon


def test_a_summary_sorts_into_lists_in_file_order_and_finds_the_oldest() -> None:
    part = action_items.summarize(
        [
            action("A-1", due="20"),
            action("A-2", due="10", status="blocked", blocked_reason="No room"),
            action("A-3", due="10"),
            action("A-4", due="28"),
            action("A-5", status="done", completed="23"),
            action("A-6", status="cancelled", due="1"),
        ],
        TODAY,
        DIRECTORY,
    )
    assert [line.id for line in part.open] == ["A-1", "A-2", "A-3", "A-4"]
    assert [line.id for line in part.overdue] == ["A-1", "A-2", "A-3"]
    assert [line.id for line in part.blocked] == ["A-2"]
    assert [line.id for line in part.due_soon] == ["A-4"]
    assert [line.id for line in part.done] == ["A-5"]
    assert part.oldest_overdue is not None
    assert (part.oldest_overdue.id, part.oldest_overdue.days_overdue) == ("A-2", 13)
    assert part.oldest_overdue.reason == "No room"


def test_an_action_is_carried_by_its_organization_else_by_its_owners() -> None:
    assert action_items.carrier(action(owner="zoe", organization="acme"), DIRECTORY) == "acme"
    assert action_items.carrier(action(owner="zoe"), DIRECTORY) == "zeta"
    line = action_items.describe(action(owner="zoe"), TODAY, DIRECTORY)
    assert (line.owner_name, line.organization_name) == ("Zoe", "Zeta Fund")
    assert (line.waiting_on, line.waiting_on_name) == (None, None)
    waiting = action_items.describe(action(waiting_on="zeta"), TODAY, DIRECTORY)
    assert (waiting.waiting_on, waiting.waiting_on_name) == ("zeta", "Zeta Fund")


@on_each(
    ("fields", "waits"),
    [
        ({"organization": "acme", "waiting_on": "zeta"}, True),
        ({"organization": "acme", "waiting_on": "acme"}, False),
        ({"organization": "zeta", "waiting_on": "zeta"}, False),
        ({"owner": "zoe", "waiting_on": "zeta"}, False),
        ({"owner": "ana", "waiting_on": "zeta"}, True),
        ({"organization": "acme"}, False),
        ({"organization": "acme", "waiting_on": "zeta", "status": "done"}, False),
        ({"organization": "acme", "waiting_on": "zeta", "status": "in_progress"}, True),
    ],
)
def test_a_wait_crosses_organizations_only_where_they_differ(fields: dict[str, str], waits: bool) -> None:
    found = action_items.waits([action(**fields)], DIRECTORY)
    assert [wait.action for wait in found] == (["A-1"] if waits else [])


def test_a_wait_names_both_organizations() -> None:
    (wait,) = action_items.waits([action(organization="acme", waiting_on="zeta")], DIRECTORY)
    assert (wait.organization_name, wait.waiting_on_name) == ("Acme Works", "Zeta Fund")


ACTIONS = st.builds(
    lambda status, due, completed, accepted: action(
        status=status, due=f"{due:02}", completed=f"{completed:02}" if status == "done" else None, accepted=accepted
    ),
    st.sampled_from(["not_started", "in_progress", "blocked", "done", "cancelled"]),
    st.integers(1, 30),
    st.integers(1, 23),
    st.booleans(),
)


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(ACTIONS))
def test_the_counts_of_a_summary_add_up(actions: list[ActionItem]) -> None:
    part = action_items.summarize(actions, TODAY, DIRECTORY)
    closed = [one for one in actions if one.status in ("done", "cancelled")]
    assert len(part.open) + len(closed) == len(actions)
    assert set(part.overdue) | set(part.blocked) | set(part.due_soon) <= set(part.open)
    assert not set(part.overdue) & set(part.due_soon)
    assert all(line.days_overdue > 0 for line in part.overdue)
    assert (part.oldest_overdue is None) == (not part.overdue)
    assert part.oldest_overdue is None or all(part.oldest_overdue.due <= line.due for line in part.overdue)
    assert len(part.done) == sum(1 for one in actions if one.completed is not None and one.completed >= day("16"))
