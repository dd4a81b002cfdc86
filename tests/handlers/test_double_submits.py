"""Every form sent twice: pressed twice in a row and delivered once more, it is stored once and answered the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from bot.sandbox import Person
from bot.sandbox.people import Refused
from bot.slack.metadata import encode_question
from bot.store.coalition import CoalitionRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from handlers import SUBMISSIONS
from tests.handlers.every_form import FORMS, SETUP, Form
from tests.handlers.forms import MONDAY, TUESDAY
from tests.handlers.stage import Stage, answer_words, words
from tests.handlers.test_setup import STEP, begin, choose_priorities, count, name_organizations

pytestmark = pytest.mark.at_once

# Elapsed seconds: what is stored is counted once all of it is, however busy the machine is.
PATIENCE = 60.0


async def send_twice(stage: Stage, person: Person) -> list[str]:
    """Presses the button of the form on top twice before it is answered, then delivers the second press once more.

    Returns what is wrong with what was stored and answered.
    """
    wrong = []
    before = await stage.stored()
    outcomes = await asyncio.gather(person.submit(), person.submit())
    await stage.edge.drain(PATIENCE)
    once = await stage.stored()
    if any(outcomes):
        wrong.append(f"refused: {outcomes}")
    if once[0] - before[0] > 1:
        wrong.append(f"stored by {once[0] - before[0]} transactions")
    answers = [answer_words(one["response"]) for one in stage.submissions()[-2:]]
    again = answer_words(await stage.redeliver(stage.submissions()[-1]))
    await stage.edge.drain(PATIENCE)
    if await stage.stored() != once:
        wrong.append(f"stored once more when it was delivered once more: {once}, then {await stage.stored()}")
    if again not in answers:
        wrong.append(f"answered another way when it was delivered once more: {again}")
    return wrong


async def problems_of(stage: Stage, form: Form) -> list[str]:
    """One form, sent twice."""
    person = stage.person(form.who)
    await form.open(stage, person)
    await person.fill(form.values)
    wrong = await send_twice(stage, person)
    await stage.edge.drain(PATIENCE)
    read = words(person.modal)
    if form.said not in read:
        wrong.append(f"they read: {read}")
    if person.modal is not None:
        await person.close(is_cleared=True)
    return wrong


async def test_every_form_sent_twice_is_stored_once(live: Stage) -> None:
    assert {one.submission for one in FORMS} | set(SETUP) == set(SUBMISSIONS), "a form without a row in this table"
    await live.resume_meetings()
    wrong: dict[str, Any] = {}
    for form in FORMS:
        if form.when == TUESDAY and live.when != TUESDAY:
            await live.go("11-24 15:00")
            await live.go(TUESDAY)
        try:
            found = await problems_of(live, form)
        except (Refused, LookupError, TimeoutError) as error:
            found = [repr(error)]
        if found:
            wrong[f"{form.submission} ({form.said})"] = found
        if form.when != MONDAY:
            await live.settle()
    await live.settle()
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())
    posts = Counter((post.channel, post.text) for post in live.sandbox.record.posts)
    assert {text for text, times in posts.items() if times > 1} == set(), "nobody reads the same twice"
    imani = next(words(one) for one in live.person("imani").dm() if "*Update:" in words(one))
    assert imani.count("No inspector.") == 1


async def test_each_step_of_setting_up_sent_twice_is_one(empty: Stage) -> None:
    dana = empty.person("dana")

    async def twice(step: int, said: str) -> None:
        assert await send_twice(empty, dana) == [], step
        await dana.until(lambda: said in words(dana.modal), timeout=30)

    await begin(empty)
    await dana.fill(
        {"Coalition name": "River Forks Compact", "Your organization": "River Partnership", "Its sector": "nonprofit"}
    )
    await twice(1, "Add another priority")
    await choose_priorities(empty, submit=False)
    await twice(2, "8 people found in 2 channels.")
    await dana.fill({encode_question("stand_in_U0IMANI"): "U0LUIS"})
    await twice(3, "Sector of")
    await name_organizations(empty, submit=False)
    await twice(4, "Ask on")
    await twice(5, "Week one, before anything is sent")
    assert [await count(empty, table) for table in (CoalitionRow, PriorityRow, MemberRow)] == [1, 2, 9]
    assert STEP.format(5) not in str(dana.modal and dana.modal.body["title"])
