"""Letters to the coordinators through the sandbox: how many of them a day takes."""

from __future__ import annotations

from bot.domain.people import MOST_A_DAY
from tests.handlers.stage import Stage, answer_words, words

ENOUGH = (
    f"You have written to the coordinators {MOST_A_DAY} times today, and they have all of it. From tomorrow you can "
    "write again; what can't wait goes quickest as a direct message to Dana Whitlock."
)
SENT = "as a message from you."


async def write(stage: Stage, who: str, text: str) -> str:
    """What the form for words to the coordinators is answered with."""
    person = stage.person(who)
    assert (await person.command("/coalition", "ask")).ok
    await person.until(lambda: person.modal is not None and "Opening" not in words(person.modal))
    await person.fill({"What should they know, or help with?": text})
    before = len(stage.submissions())
    await person.submit()
    await person.until(lambda: len(stage.submissions()) > before)
    if person.modal is not None:
        await person.close(is_cleared=True)
    return answer_words(stage.submissions()[-1]["response"])


def letters(stage: Stage, who: str, start: str) -> int:
    """How many of them stand in somebody's messages."""
    return sum(start in words(message) for message in stage.person(who).dm())


async def test_words_are_read_back_as_they_were_typed(live: Stage) -> None:
    """Slack sends its own marks for people, addresses and calls of everybody: nobody has typed those."""
    grant = live.person("grant")
    await grant.says("ask Can <@U0OMAR> read <https://example.org/a?b=1> with <!channel>?")
    await grant.until(lambda: "as a message from you" in words(grant.dm()[-1]))
    assert "“Can Omar Castellanos read https://example.org/a?b=1 with @channel?”" in words(grant.dm()[-1])
    await grant.says("add Read <https://example.org/loan|the loan> by Dec 4 in supplier")
    await grant.until(lambda: "Not added yet" in words(grant.dm()[-1]))
    assert "*Read the loan (https://example.org/loan)*" in words(grant.dm()[-1])


async def test_coordinators_are_not_flooded(live: Stage) -> None:
    # Most of them as the form sends them, which takes a while each.
    for number in range(MOST_A_DAY - 2):
        await live.services.letters.send(await live.actor("grant"), f"grant {number}", [], f"May I ask {number}?")
    for number in range(2):
        assert SENT in await write(live, "grant", f"May I ask something, for the time {number}?")
    again = await live.redeliver(live.submissions()[-1])
    assert SENT in answer_words(again), "what arrives twice is no second one"
    for _time in range(2):
        assert await write(live, "grant", "May I ask once more?") == f"errors\n{ENOUGH}"
    await live.settle()
    assert letters(live, "omar", "May I ask") == MOST_A_DAY
    assert SENT in await write(live, "imani", "Can we meet?"), "it is one person's limit"
    for number in range(MOST_A_DAY):
        await live.services.letters.send(await live.actor("omar"), f"omar {number}", [], f"Shall we meet at {number}?")
    assert SENT in await write(live, "omar", "Shall we meet?"), "coordinators write to each other freely"
    await live.go("11-24 00:30")
    # It is night where the coordinators are.
    assert "Goes to Dana Whitlock" in await write(live, "grant", "And today?")
