"""Letters to the coordinators through the sandbox: how many of them a day takes."""

from __future__ import annotations

from bot.domain.letters import MOST_A_DAY
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


async def test_coordinators_are_not_flooded(live: Stage) -> None:
    for number in range(MOST_A_DAY):
        assert SENT in await write(live, "grant", f"May I ask something, for the time {number}?")
    for _time in range(3):
        assert await write(live, "grant", "May I ask once more?") == f"errors\n{ENOUGH}"
    await live.settle()
    assert letters(live, "omar", "May I ask") == MOST_A_DAY
    assert SENT in await write(live, "imani", "Can we meet?"), "it is one person's limit"
    for number in range(MOST_A_DAY + 1):
        assert SENT in await write(live, "omar", f"Shall we meet at {number}?"), (
            "coordinators write to each other freely"
        )
    await live.go("11-24 00:30")
    # It is night where the coordinators are.
    assert "Goes to Dana Whitlock" in await write(live, "grant", "And today?")


async def test_a_letter_that_arrives_twice_is_no_second_one(live: Stage) -> None:
    for number in range(MOST_A_DAY):
        await write(live, "grant", f"May I ask something, for the time {number}?")
    again = await live.redeliver(live.submissions()[-1])
    assert SENT in answer_words(again)
