"""A coalition that has ended, through the sandbox: what is typed to change something says so at once, and its last
digest asks nobody for anything."""

from __future__ import annotations

from datetime import date

from bot.domain.endings import CoalitionEnding
from bot.sandbox.forms import elements
from tests.handlers.stage import Stage, words
from tests.handlers.test_digests import posts, said

SAYS = "so nothing new is recorded. A lead or an admin can bring it back: “coalition reopen coalition”."
# What would read something back, or open a form.
TYPED = (
    ("/action", "add Call the college by Friday"),
    ("/action", "add"),
    ("/decision", "add Pay the inspector by Friday"),
    ("/issue", "add No inspector until January"),
    ("/metric", "update ns-good-jobs 59000 as of Sep 30"),
    ("/metric", "update"),
    ("/checkin", "add"),
    ("/priority", "add"),
    ("/coalition", "ask Can we meet on Friday?"),
    ("/coalition", "end priority job"),
    ("/meeting", "add"),
    ("/funding", "add"),
)
ANSWERS = {"Answer", "Add an action", "Update a figure", "Respond"}


async def test_nothing_is_begun_that_cannot_be_saved(live: Stage) -> None:
    omar = live.person("omar")
    await live.services.coalition_ends.end(await live.actor("omar"), {}, CoalitionEnding(last_day=date(2026, 11, 23)))
    await live.go("11-23 10:00")
    for channel in ("lb-steering", "lb-suppliers"):
        [digest] = posts(live, channel)
        assert "last digest" in words(digest)
        labels = {element.get("text", {}).get("text") for _, element in elements(digest.blocks or [])}
        assert not labels & ANSWERS, channel
    await live.go("11-24 09:00")
    for command, text in TYPED:
        answer = await said(omar, text, command)
        assert SAYS in answer, f"{command} {text}: {answer}"
        while omar.modal is not None:
            await omar.close()
