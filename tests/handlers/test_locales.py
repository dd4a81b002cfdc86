"""A coalition in Germany through the sandbox: what it reads on a card and in a digest, and what may be typed."""

from __future__ import annotations

import pytest

from bot.domain.wording import written_in
from bot.files.digest_text import as_text
from bot.services.access import operator
from bot.slack.metadata import encode_question
from bot.store.audit import Author
from bot.store.coalition import CoalitionRow
from tests.handlers.stage import Stage, only_updates_and_digests, words
from tests.handlers.test_digests import posts
from tests.handlers.test_metrics import shown
from tests.handlers.test_setup import STEP, begin


async def in_germany(stage: Stage) -> None:
    async with stage.services.database.write(Author(at=stage.calendar.now(), path="import", coalition_id=1)) as session:
        (await session.get_one(CoalitionRow, 1)).locale = "de-DE"


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_cards_messages_and_the_digest_are_written_so(live: Stage) -> None:
    await in_germany(live)
    card = words(await shown(live, "luis", "/metric", "seats"))
    assert "target 220 by 31. Dez." in card
    assert "Dec 31" not in card
    await live.go("11-25 07:30")
    roll_up = words(posts(live)[0])
    assert "58.000 (31. Dez. 2024) → 58.900" in roll_up
    assert "(as of 30. Sept.)" in roll_up


async def test_the_command_line_writes_so_too(live: Stage) -> None:
    """Where nobody's account is looked up."""
    await in_germany(live)
    with written_in("en-US"):
        text = as_text(await live.services.digests.compose(operator(1)))
    assert "58.000 (31. Dez. 2024)" in text


async def test_a_number_that_reads_two_ways_is_asked_about_with_both(live: Stage) -> None:
    await in_germany(live)
    asked = await shown(live, "priya", "/metric", "update placed 48,5 as of Jun 30")
    assert "*48,5 %*" in words(asked)
    asked = await shown(live, "priya", "/metric", "update tp-enrol 4.120 as of Sep 30")
    assert "“4.120” can be read as 4120 or as 4,12. Write “4120” or “4,12”." in words(asked)
    assert "*4.120 " in words(await shown(live, "priya", "/metric", "update tp-enrol 4120 as of Sep 30"))


async def test_setup_asks_for_it(empty: Stage) -> None:
    dana = empty.person("dana")
    first = await begin(empty)
    assert "English (United States)" in words(first)
    german = {"text": {"type": "plain_text", "text": "German (Germany)"}, "value": "de-DE"}
    assert german in await dana.options(first, "find_locale", "germany")
    await dana.fill({"Coalition name": "Rhein", "Its sector": "nonprofit", encode_question("locale"): german})
    assert await dana.submit() is None
    await dana.sees_modal(STEP.format(2))
    [found] = await empty.services.coalitions.all()
    record = await empty.services.coalitions.record(operator(found.id))
    assert record.coalition.locale == "de-DE"
