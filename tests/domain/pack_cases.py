"""Packs of the sample: of its steering committee with two stocktakes, of its funders, and of meetings that moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.domain.checkins import Said, Stocktake
from bot.domain.meetings import MeetingRef
from bot.domain.metrics import CameTrue, Forecast
from bot.domain.packs import Pack, PackDecision
from bot.domain.plan import Plan
from tests.domain.plan import cases

STEERING = MeetingRef("steering-quarterly", datetime.fromisoformat("2027-02-03T09:00"))
FUNDERS = MeetingRef("funders-quarterly", datetime.fromisoformat("2027-01-29T12:00"))
SEATS = Forecast(Decimal(165), date(2026, 12, 31), date(2026, 11, 19))
PASSED = Forecast(Decimal(150), date(2026, 9, 30), date(2026, 5, 21))


def stocktake(priority: str, metric: str, forecast: Forecast, **fields: Any) -> Stocktake:
    usual: dict[str, Any] = {
        "checkin": "Monthly stocktake",
        "on": forecast.made_on,
        "by_name": "Imani Rhodes",
        "unit": "seats",
        "said": (
            Said("Is the headline figure bending the right way?", "no", False),
            Said("What explains the curve?", "Two of five openings wait for <inspections>.", True),
        ),
        "story": "Two of five openings wait for <inspections>.",
    }
    return Stocktake(priority=priority, metric=metric, forecast=forecast, **(usual | fields))


TOLD = (
    stocktake("family-access", "Extended-hours child care seats open", SEATS),
    stocktake(
        "family-access", "Extended-hours child care seats open", PASSED, came=CameTrue(date(2026, 9, 30), Decimal(134))
    ),
    stocktake("job-quality", "Another figure", SEATS, by_name="Tom Delacroix", is_withheld=True, said=(), story=None),
)
DECISIONS = (
    PackDecision(
        id="D-2",
        title="Move $150,000 from spring marketing to instructor pay",
        decider_name="Steering Committee",
        is_of_meeting=True,
        needed_by=date(2026, 12, 11),
        count="1 of 7 answered",
        recommended="Move it",
    ),
    PackDecision(
        id="D-5",
        title=None,
        decider_name="Talent Working Group",
        is_of_meeting=False,
        needed_by=None,
        count="",
    ),
)


def steering(plan: Plan | None = None, **fields: Any) -> Pack:
    """The pack of the sample's steering committee: with the whole plan, unless another is given."""
    _, digest = cases.known_and_digest(with_forecast())
    usual: dict[str, Any] = {
        "ref": STEERING,
        "name": "Steering Committee",
        "starts_at": datetime.fromisoformat("2027-02-03T15:00+00:00"),
        "minutes": 120,
        "zone": "America/Chicago",
        "moved_from": None,
        "digest": digest,
        "plan": plan or cases.plan(with_forecast()),
        "stocktakes": TOLD,
        "decisions": DECISIONS,
    }
    return Pack(**(usual | fields))


def funders(**fields: Any) -> Pack:
    """The agenda of the sample's funders as somebody reads it who is none."""
    usual: dict[str, Any] = {
        "ref": FUNDERS,
        "name": "Funders Table",
        "starts_at": datetime.fromisoformat("2027-01-29T17:00+00:00"),
        "minutes": 60,
        "zone": "America/New_York",
        "stocktakes": (),
        "decisions": (),
    }
    return replace(steering(), **(usual | fields), plan=None)


def with_forecast() -> Any:
    """The sample, whose owner of family access forecast its seats."""
    record = cases.planned()
    said = {
        "forecast": Decimal(165),
        "forecast_for": date(2026, 12, 31),
        "curve": "no",
        "story": "Late.",
        "change": "Ask.",
    }
    monthly = next(one for one in record.cadences if one.id == "weekly-checkin")
    monthly = replace(
        monthly, id="stock", name="Monthly stocktake", question_set="monthly-stocktake", feeds=None, moves=()
    )
    answer = replace(
        next(one for one in record.responses if one.priority == "family-access"),
        cadence="stock", round=date(2026, 11, 19), assessment=None, confidence=None, moved=None, blocker=None, ask=None,
        ask_from=None, next=None, extra=said,
    )  # fmt: skip
    return replace(record, cadences=(*record.cadences, monthly), responses=(*record.responses, answer))
