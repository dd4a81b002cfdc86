"""Who sees an item, through the sandbox: chosen on its card, read there, and gone for others."""

from __future__ import annotations

from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, words
from tests.handlers.test_decisions import opened, typed

SEEN = "Seen only by the Job Quality Working Group, the coordinators and those who have to do with it."


async def test_kept_to_a_group_by_its_card(live: Stage) -> None:
    dana, marcus = live.person("dana"), live.person("marcus")
    assert "(A-401)" in await typed(marcus, "A-401", "/action")
    assert "(A-401)" in await typed(dana, "A-401", "/action")
    await dana.press(dana.ephemerals[-1], "Who sees it")
    form = words(await opened(dana, "Who sees it"))
    assert "What was posted already stays there." in form
    await dana.fill({encode_question("visibility"): "wg-quality"})
    assert await dana.submit() is None
    await dana.until(lambda: "is seen by" in words(dana.modal) or "seen by" in words(dana.modal))
    assert SEEN.removeprefix("Seen only by ").rstrip(".") in words(dana.modal)
    assert SEEN in await typed(dana, "A-401", "/action")
    assert "I don't know the action A-401." in await typed(marcus, "A-401", "/action")
    await live.settle()
    history = await typed(dana, "history A-401", "/action")
    assert "Who sees it: whoever reads the priority → the Job Quality Working Group" in history
