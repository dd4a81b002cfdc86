"""Every field of the record is on a card of its noun, or it is said why not."""

from __future__ import annotations

import pytest

from bot.clock import FixedCalendar
from bot.services import Services
from tests.every_card import CARDS, HIDDEN, NO_CARD, Cards, fields_on_cards, reason_hidden
from tests.every_field import fields_of_file, sample, tried_fields
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")


@pytest.fixture
async def cards(services: Services, calendar: FixedCalendar) -> Cards:
    """The cards of the sample with one thing of each kind."""
    stage = await Stage.with_record(services, calendar, sample())
    return Cards(services, stage.coalition_id, is_same=True)


@pytest.mark.in_part
async def test_each_is_shown(cards: Cards) -> None:
    missing = []
    for value, field in fields_on_cards():
        try:
            await cards.require_shown(value, field)
        except AssertionError as error:
            missing.append(str(error))
    assert not missing, "\n".join(missing)


@pytest.mark.in_part
async def test_what_is_said_to_be_hidden_is(cards: Cards) -> None:
    for value, field in tried_fields():
        if value not in NO_CARD and reason_hidden(value, field) is not None:
            await cards.require_hidden(value, field)


def test_the_tables_name_what_there_is() -> None:
    there = {f"{value}.{field}" for value, field in fields_of_file()}
    assert there >= HIDDEN.keys()
    assert not NO_CARD.keys() & CARDS.keys()
