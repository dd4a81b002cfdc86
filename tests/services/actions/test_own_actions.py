"""All of somebody's actions in one form, on both databases: saved once, all or nothing, and by whom."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from bot.domain.actions import ActionsForm, SavedForm
from bot.domain.typed import Mistakes
from bot.errors import Refused, UserError
from tests.examples import on
from tests.services.actions.test_items import do, row_of
from tests.services.stage import Stage

DONE: dict[str, str | None] = {"status:A-202": "done", "new_due:A-202": None, "reason:A-202": None}
STARTED: dict[str, str | None] = {"status:A-203": "in_progress", "new_due:A-203": None, "reason:A-203": None}


async def opened(stage: Stage, who: str = "grant") -> ActionsForm:
    return await stage.services.own_actions.open(await stage.actor(who))


async def save(
    stage: Stage, token: str, values: Mapping[str, str | None], who: str = "grant"
) -> SavedForm | ActionsForm:
    return await stage.services.own_actions.save(await stage.actor(who), token, values)


@pytest.mark.at_once
async def test_the_same_form_twice_at_once_is_stored_once(any_sample: Stage) -> None:
    form = await opened(any_sample)
    assert [one.card.id for one in form.actions] == ["A-202", "A-203"]
    first, second = await asyncio.gather(
        save(any_sample, form.token, DONE | STARTED), save(any_sample, form.token, DONE | STARTED)
    )
    assert first == second
    assert isinstance(first, SavedForm)
    assert [card.id for card in first.cards] == ["A-202", "A-203"]
    again = await save(any_sample, form.token, DONE | STARTED | {"status:A-203": "not_started"})
    assert isinstance(again, SavedForm)
    assert [(card.id, card.status) for card in again.cards] == [("A-203", "not_started")], "one's own form mended"


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_all_or_nothing(any_sample: Stage) -> None:
    form = await opened(any_sample)
    with pytest.raises(Mistakes) as caught:
        await save(any_sample, form.token, DONE | {"status:A-203": "blocked", "reason:A-203": " "})
    assert caught.value.errors == {"reason:A-203": "Add one sentence on what it waits for."}
    assert (await row_of(any_sample, "A-202")).status == "in_progress"


async def test_untouched_actions_are_left_alone_whatever_became_of_them(stage: Stage) -> None:
    form = await opened(stage)
    await do(stage, "omar", "complete", "A-203")
    untouched: dict[str, str | None] = {"status:A-203": "not_started", "new_due:A-203": None, "reason:A-203": None}
    result = await save(stage, form.token, DONE | untouched)
    assert isinstance(result, SavedForm)
    assert [card.id for card in result.cards] == ["A-202"]
    assert (await row_of(stage, "A-203")).status == "done"


async def test_both_want_the_same_and_nobody_is_asked_again(stage: Stage) -> None:
    form = await opened(stage)
    await do(stage, "omar", "complete", "A-202")
    assert await save(stage, form.token, DONE) == SavedForm(())


async def test_what_went_to_somebody_else_is_told_and_not_changed(stage: Stage) -> None:
    form = await opened(stage)
    marcus = (await stage.actor("marcus")).member_id
    async with stage.services.database.write((await stage.actor("omar")).author(stage.calendar.now())) as session:
        row = await session.merge(await row_of(stage, "A-202"))
        assert marcus is not None
        row.owner_id, row.priority_id = marcus, None
    told = await save(stage, form.token, DONE | STARTED)
    assert isinstance(told, ActionsForm)
    assert [(one.card.id, one.may_change) for one in told.actions] == [("A-202", False), ("A-203", True)]
    saved = await save(stage, form.token, STARTED)
    assert isinstance(saved, SavedForm)
    assert [card.id for card in saved.cards] == ["A-203"]
    assert (await row_of(stage, "A-202")).status == "in_progress"


async def test_a_form_is_its_owners_alone_and_names_only_its_own_actions(stage: Stage) -> None:
    form = await opened(stage)
    with pytest.raises(UserError, match="open it again"):
        await save(stage, form.token, DONE, "yolanda")
    foreign: dict[str, str | None] = {"status:A-102": "done", "new_due:A-102": None, "reason:A-102": None}
    assert await save(stage, form.token, foreign) == SavedForm(())
    assert (await row_of(stage, "A-102")).status != "done"
    with pytest.raises(Refused):
        await do(stage, "grant", "complete", "A-102")


async def test_who_has_nothing_open_gets_an_empty_form(stage: Stage) -> None:
    assert (await opened(stage, "ben")).actions == ()
