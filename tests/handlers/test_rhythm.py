"""The list of what comes round, through the sandbox: a digest and a list of actions end by a button, and come back."""

from __future__ import annotations

import pytest

from bot.sandbox import Person
from bot.slack.metadata import encode_question
from tests.examples import is_whole
from tests.handlers.stage import Stage, at, only_lists, only_updates_and_digests, words
from tests.handlers.test_digests import posts, said

DIGEST, NUDGE = "Friday leadership digest", "Monday action nudge"

SHEET = "Draft the loan pool term sheet"  # an action that is overdue


async def listed(person: Person) -> str:
    return await said(person, "rhythm", "/coalition")


async def end(person: Person, name: str, last_day: str) -> str:
    """Presses [End] beside it in the list, and saves the form; what the form said."""
    await listed(person)
    await person.press(person.ephemerals[-1], f"End: {name}")
    await person.until(lambda: person.modal is not None and "Last day" in words(person.modal))
    form = words(person.modal)
    await person.fill({encode_question("last_day"): last_day})
    assert await person.submit() is None
    await person.until(lambda: f"*{name}* ends" in words(person.modal))
    return form


async def reopen(person: Person, name: str) -> None:
    """By the list of what comes round to that of what has ended, and there."""
    assert f"*{name}*" not in await listed(person)
    await person.press(person.ephemerals[-1], "Ended (1)")
    await person.until(lambda: "1 thing with an end" in words(person.ephemerals[-1]))
    await person.press(person.ephemerals[-1], f"Reopen {name}")
    await person.until(lambda: f"*{name}* is there again." in words(person.ephemerals[-1]))
    assert f"*{name}*" in await listed(person)


@pytest.mark.in_part
@pytest.mark.lived(only_updates_and_digests, "11-25 07:30")
async def test_a_digest_ends_by_button_and_comes_back(live: Stage) -> None:
    omar = live.person("omar")
    form = await end(omar, DIGEST, "2026-11-30")
    assert "No digest of this rhythm goes out after it." in form
    assert "Weekly priority check-in goes on;" in form
    assert f"*{DIGEST}*\ndigest · Fridays, 7:30 AM" in (shown := await listed(omar))
    assert " · Ends Mon Nov 30" in shown
    before = len(posts(live))
    assert before == 1, "that of the Friday after Thanksgiving"
    await live.go("12-04 08:00")
    assert len(posts(live)) == before
    # The check-in that fed it can still be edited.
    await omar.command("/checkin", "edit weekly")
    await omar.until(lambda: omar.modal is not None and "Feeds which digest" in words(omar.modal))
    await omar.close(is_cleared=True)
    await reopen(omar, DIGEST)
    assert f"*{DIGEST}*\ndigest · Fridays, 7:30 AM · <!date^{int(at('12-11 07:30').timestamp())}" in await listed(omar)
    if is_whole():
        await live.go("12-11 08:00")
        assert len(posts(live)) == before + 1


@pytest.mark.lived(only_lists, "11-25 07:30")
async def test_a_list_of_actions_ends_by_button_and_comes_back(live: Stage) -> None:
    omar, grant = live.person("omar"), live.person("grant")
    form = await end(omar, NUDGE, "2026-11-25")
    assert "Nobody gets this list after it." in form
    before = len(grant.dm())
    await live.go("11-30 12:00")
    assert not [one for one in grant.dm()[before:] if SHEET in words(one)]
    await reopen(omar, NUDGE)
    before = len(grant.dm())
    await live.go("12-07 12:00")
    assert [one for one in grant.dm()[before:] if SHEET in words(one)]


async def test_a_second_thought_before_the_day_comes(live: Stage) -> None:
    omar = live.person("omar")
    await end(omar, DIGEST, "2026-12-31")
    await listed(omar)
    await omar.press(omar.ephemerals[-1], f"Change the end: {DIGEST}")
    await omar.until(lambda: omar.modal is not None and "2026-12-31" in str(omar.modal.body["blocks"]))
    await omar.close(is_cleared=True)
    await omar.press(omar.ephemerals[-1], f"Goes on: {DIGEST}")
    await omar.until(lambda: f"*{DIGEST}* is there again." in words(omar.ephemerals[-1]))
    assert "Ends Thu Dec 31" not in await listed(omar)


async def test_the_list_has_pages_and_is_for_coordinators(live: Stage) -> None:
    priya = live.person("priya")
    shown = await listed(priya)
    assert "*15 things in the rhythm*" in shown
    assert f"*{DIGEST}*" in shown
    blocks = str(priya.ephemerals[-1].blocks)
    assert f"End: {DIGEST}" not in blocks, "a coordinator sets up no rhythm"
    await priya.press(priya.ephemerals[-1], "Next")
    await priya.until(lambda: "*Annual priority reset*" in words(priya.ephemerals[-1]))
    assert "can help" in await listed(live.person("grant"))
