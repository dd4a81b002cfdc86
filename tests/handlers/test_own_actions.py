"""All of somebody's actions in one form, through the sandbox: what it keeps, stores, refuses, and says of others."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.actions import NewAction
from bot.sandbox import Person
from bot.sandbox.views import View
from bot.slack.identifiers import Action
from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, words

SHEET = "Draft the loan pool term sheet"
FORECASTS = "Collect sourcing forecasts from four anchor buyers"
ALL = "All actions in one form"


def field(question: str, action: str) -> str:
    return encode_question(f"{question}:{action}")


async def opened(person: Person) -> View:
    await person.press(person.dm()[0], ALL)
    await person.until(lambda: "Where is it?" in words(person.modal))
    assert person.modal is not None
    return person.modal


async def act(stage: Stage, who: str, what: str, *args: Any) -> Any:
    person = stage.person(who)
    actor = await stage.services.people.actor_of(person.user.team_id, person.id)
    assert actor is not None
    return await getattr(stage.services.action_items, what)(actor, *args)


async def test_everything_is_saved_at_once_and_the_message_changes_in_its_place(live: Stage) -> None:
    grant = live.person("grant")
    said = words(await opened(grant))
    assert (
        "Read by #lb-suppliers, the coordinators and the Steering Committee; "
        "in the digest too, if overdue, moved or done."
    ) in said
    assert f"*{SHEET}* (A-202), due Nov 12" in said
    assert "1–2 of 2" not in said, "one page needs no count"

    await grant.fill({field("status", "A-202"): "blocked", field("new_due", "A-203"): "2027-03-01"})
    assert await grant.submit() == {
        field("reason", "A-202"): "Add one sentence on what it waits for.",
        field("reason", "A-203"): "Add one sentence on why it moves.",
    }
    await grant.fill({field("reason", "A-202"): "x", field("new_due", "A-202"): "2026-11-20"})
    await grant.fill({field("reason", "A-203"): "Two buyers answer in January."})
    assert await grant.submit() == {field("new_due", "A-202"): "That day has passed. Choose today or a later day."}
    await grant.fill({field("status", "A-202"): "done"})
    assert await grant.submit() == {
        field("new_due", "A-202"): "Clear the date, or choose where it is until then: "
        "what is done keeps the date it had."
    }
    await grant.fill({field("new_due", "A-202"): None, field("reason", "A-202"): None})
    kept = words(grant.dm()[0])
    assert f"*{SHEET}* (A-202)\nDue Nov 12 · in progress" in kept, "nothing was stored before all of it could be"
    assert f"*{SHEET}* · done" not in kept

    assert await grant.submit() is None
    await grant.until(lambda: "Saved: 2 actions." in words(grant.modal))
    assert f"*{SHEET}* · done Mon Nov 23" in words(grant.modal)
    assert f"*{FORECASTS}* · due Mar 1, 2027 · not started" in words(grant.modal)
    await live.settle()
    message = words(grant.dm()[0])
    assert f"*{SHEET}* · done Mon Nov 23\nUndo" in message
    assert f"*{FORECASTS}* (A-203)\nDue Mar 1, 2027 · not started" in message
    assert ALL not in message, "one action needs no form of all"
    await grant.press(grant.dm()[0], f"Undo: {SHEET}")
    await live.settle()
    assert f"*{SHEET}* (A-202)\nDue Nov 12 · in progress" in words(grant.dm()[0])


async def test_what_somebody_else_changed_meanwhile_is_said_and_nothing_is_lost(live: Stage) -> None:
    grant = live.person("grant")
    await opened(grant)
    await grant.fill({field("status", "A-202"): "blocked", field("reason", "A-202"): "The banks want a guarantee."})
    await grant.fill({field("status", "A-203"): "in_progress"})
    await act(live, "omar", "complete", "A-202")

    assert await grant.submit() is None
    await grant.until(lambda: "Changed by Omar Castellanos" in words(grant.modal))
    said = words(grant.modal)
    assert "now done Mon Nov 23, due Nov 12. What you entered is kept below." in said
    card = await act(live, "grant", "show", "A-203")
    assert card.status == "not_started", "all of it waits"
    assert grant.modal is not None
    blocked = next(b for b in grant.modal.blocks if b.get("block_id") == field("reason", "A-202"))
    assert blocked["element"]["initial_value"] == "The banks want a guarantee."

    errors = await grant.submit()
    assert errors == {field("status", "A-202"): "A-202 is done. Open it and press Reopen first."}
    await grant.fill({field("status", "A-202"): "done", field("reason", "A-202"): None})
    assert await grant.submit() is None
    await grant.until(lambda: "Saved: 1 action." in words(grant.modal))
    assert (await act(live, "grant", "show", "A-203")).status == "in_progress"


async def test_twelve_actions_are_two_pages_and_turning_keeps_what_was_entered(live: Stage) -> None:
    grant = live.person("grant")
    for number in range(10):
        new = NewAction(title=f"Call buyer {number}", owner="grant", due=date(2026, 12, 4), priority="supplier-growth")
        await act(live, "grant", "add", f"token-{number}", new)
    first = await opened(grant)
    assert "1–10 of 12" in words(first)
    await grant.fill({field("status", "A-202"): "blocked"})
    await grant.press(first, "Next 2")
    await grant.until(lambda: "11–12 of 12" in words(grant.modal))
    assert f"*{FORECASTS}*" in words(grant.modal)
    await grant.fill({field("status", "A-203"): "in_progress"})

    assert await grant.submit() is None
    await grant.until(lambda: "1–10 of 12" in words(grant.modal))
    assert "Add one sentence on what it waits for." in words(grant.modal)
    await grant.fill({field("reason", "A-202"): "The banks want a guarantee."})
    assert grant.modal is not None
    await grant.press(grant.modal, "Next 2")
    await grant.until(lambda: "11–12 of 12" in words(grant.modal))
    await grant.press(grant.modal, "Back to 1–10")
    await grant.until(lambda: "1–10 of 12" in words(grant.modal))
    assert await grant.submit() is None
    await grant.until(lambda: "Saved: 2 actions." in words(grant.modal))
    sheet = await act(live, "grant", "show", "A-202")
    assert (sheet.status, sheet.reason) == ("blocked", "The banks want a guarantee.")
    assert (await act(live, "grant", "show", "A-203")).status == "in_progress"


async def test_an_old_button_opens_what_is_open_now(live: Stage) -> None:
    grant = live.person("grant")
    message = grant.dm()[0]
    for key in ("A-202", "A-203"):
        await act(live, "omar", "complete", key)
    await grant.press(message, ALL)
    await grant.until(lambda: "You have no open actions." in words(grant.modal))
    assert Action.ALL_ACTIONS in str(message.blocks)


async def test_a_day_that_does_not_exist_is_told_at_its_field(live: Stage) -> None:
    """Slack's picker gives none; whatever else fills in forms may."""
    grant = live.person("grant")
    await opened(grant)
    for day in ("2026-02-30", "0001-01-01", "9999-12-31"):
        await grant.fill({field("new_due", "A-202"): day})
        assert await grant.submit() == {field("new_due", "A-202"): "There is no such day. Choose another one."}
    assert words(grant.modal), "the form is still open"
