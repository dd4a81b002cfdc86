"""Whose answers say how a priority stands: check-ins that assess and feed a digest, by their role at the opening."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.checkins import StandingRoles
from bot.domain.checkins.standing_roles import setting_cadences
from bot.domain.digests import PriorityPart, compose
from bot.domain.record import Record
from bot.domain.record import record as values
from bot.domain.vocabularies import AnswerReaders
from tests.builders import NOON, at, cadence, live_round, question_set, record, response
from tests.tables import on_each


def weekly(**fields: Any) -> values.Cadence:
    return cadence(**({"feeds": "friday"} | fields))


def monthly(**fields: Any) -> values.Cadence:
    return cadence("monthly", **({"question_set": "stock"} | fields))


FRIDAY = cadence(
    "friday", kind="digest", audience="steering", question_set=None, dtstart=datetime.fromisoformat("2026-01-09T07:30")
)
STOCK = question_set("stock", "assessment", "story")
STORY = question_set("story", "story", "moved")
NARROW = replace(question_set("narrow", "assessment"), readers=AnswerReaders.GROUP)


def coalition(*cadences: values.Cadence, **fields: Any) -> Record:
    return record(cadences=(FRIDAY, *cadences), question_sets=(question_set(), STOCK, STORY, NARROW), **fields)


def part(known: Record) -> PriorityPart:
    (one,) = compose(known, NOON).priorities
    return one


@on_each(
    ("cadences", "setting"),
    [
        ((weekly(), monthly()), {"weekly"}),
        ((weekly(), monthly(feeds="friday")), {"weekly", "monthly"}),
        ((monthly(), weekly()), {"weekly"}),
        ((monthly(), weekly(feeds=None)), {"monthly"}),  # none feeds one: the first
        ((monthly(paused_at=NOON), weekly(feeds=None)), {"weekly"}),
        ((monthly(paused_at=NOON),), {"monthly"}),
        ((monthly(question_set="story", feeds="friday"), weekly(feeds=None)), {"weekly"}),  # it asks for none
        ((weekly(kind="stocktake"), monthly()), {"monthly"}),
        ((weekly(audience="metric_stewards"),), set()),
        ((weekly(question_set="narrow"), monthly()), {"monthly"}),  # the digest's readers don't read it
        ((), set()),
    ],
)
def test_which_checkins_say_how_a_priority_stands(cadences: tuple[values.Cadence, ...], setting: set[str]) -> None:
    assert setting_cadences(coalition(*cadences)) == setting


def test_another_sets_answer_leaves_standing_confidence_and_words_alone() -> None:
    said = (response("10", "at_risk", 6, blocker="Rent.", next="Signed."), response("17", "at_risk", 5, blocker="Pay."))
    alone = coalition(weekly(), monthly(), responses=said)
    later = response(
        "19", "on_track", 9, cadence="monthly", moved="Story.", blocker="None.", ask="Money.", next="More."
    )
    both = replace(alone, responses=(*said, later))
    assert part(both) == part(alone)
    assert part(both).standing.assessment == "at_risk"
    assert (part(both).moved, part(both).blocker) == ("Moved on 17.", "Pay.")


def test_an_answer_keeps_the_role_its_checkin_had_and_a_successor_continues_the_run() -> None:
    said = (
        response("3", "at_risk", 6, sets_standing=True),
        response("10", "at_risk", 5, cadence="monthly", sets_standing=True),
        response("17", "on_track", 9, sets_standing=False),
    )
    # The weekly one no longer feeds the digest; the other one has taken its place.
    found = part(coalition(weekly(feeds=None), monthly(feeds="friday"), responses=said))
    assert (found.standing.assessment, found.standing.since) == ("at_risk", said[0].round)
    assert (found.confidence.value, found.confidence.change) == (5, -1)


def test_silent_rounds_are_those_of_such_checkins_only() -> None:
    rounds = [live_round("10"), live_round("17"), live_round("12", cadence="monthly")]
    told = [response("3", answered_at=at("2026-11-03T10:00"))]
    found = part(coalition(weekly(), monthly(), rounds=rounds, responses=told))
    assert found.standing.silent_rounds == 2
    kept = [replace(one, sets_standing=one.cadence == "monthly") for one in rounds]
    assert part(coalition(weekly(), monthly(), rounds=kept, responses=told)).standing.silent_rounds == 1


def test_imported_rounds_of_another_set_are_not_missed() -> None:
    told = [response("17"), response("3", cadence="monthly", assessment=None)]
    assert part(coalition(weekly(), monthly(), responses=told)).standing.silent_rounds == 0


def test_a_checkin_goes_on_from_what_said_how_it_stood_and_another_set_from_itself() -> None:
    said = [response("3"), response("10", cadence="monthly")]
    roles = StandingRoles(coalition(weekly(), monthly()))
    before = response("17").round
    assert roles.earlier(said, "weekly", "p1", before) == [said[0]]
    assert roles.earlier(said, "monthly", "p1", before) == [said[1]]
    succeeded = StandingRoles(coalition(weekly(feeds=None), monthly(feeds="friday")))
    kept = [replace(one, sets_standing=True) for one in said]
    assert succeeded.earlier(kept, "monthly", "p1", before) == kept
