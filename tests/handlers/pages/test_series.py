"""A steward who reads by mail decides about a value that a series has on the page to which the mail leads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.domain.series import Observation, Outcome
from tests.handlers.pages.conftest import Answered
from tests.mailbox import words_of

GRANT = "grant@mail.example"
FOLLOWED = {"provider": "fred", "address": "ORDERS", "looks": "weekly", "record_by_itself": "no"}


async def test_a_proposal_comes_by_mail_and_is_recorded_on_its_page(answered: Answered) -> None:
    await answered.by_mail("grant")
    services, stage = answered.stage.services, answered.stage
    await services.series_plans.edit(await stage.actor("omar"), "form", "sg-investment", {}, FOLLOWED)
    [due] = await services.series_looks.due()
    look = await services.series_looks.claim(*due)
    assert look is not None
    seen = Observation(
        period_end=date(2026, 6, 30), value=Decimal(3_250_000), every="semiannual", vintage=date(2026, 11, 7)
    )
    assert await services.series_looks.settle(look, [seen]) is Outcome.PROPOSED
    await stage.go("11-23 09:30")
    assert "FRED ORDERS has $3,250,000" in words_of(answered.box.to(GRANT)[-1])
    grant = await answered.reader(GRANT, "Grant Okafor")
    page = await grant.press("Record it")
    assert "Recorded: $3,250,000" in page.words
    record = await stage.record()
    metric = next(one for priority in record.priorities for one in priority.metrics if one.id == "sg-investment")
    assert metric.readings[-1].note == "From FRED ORDERS, published Nov 7, 2026."
