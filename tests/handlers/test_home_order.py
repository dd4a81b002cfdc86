"""What Home begins with, by what its reader came for: read from top to bottom as each person sees it."""

from __future__ import annotations

from typing import Any

from bot.sandbox import Person
from bot.sandbox.views import View
from tests.handlers.stage import Stage, words
from tests.handlers.test_home import home_of

PRIORITIES = (
    "Child care and commute access",
    "Talent pathways",
    "Supplier and small-firm growth",
    "Job quality",
)


def titles(home: View) -> list[str]:
    return [block["text"]["text"] for block in home.blocks if block["type"] == "header"]


def below(home: View, title: str) -> list[dict[str, Any]]:
    """The blocks of the part with this title."""
    found: list[dict[str, Any]] = []
    inside = False
    for block in home.blocks:
        if block["type"] == "header":
            inside = block["text"]["text"] == title
        elif inside:
            found.append(dict(block))
    return found


async def read(person: Person) -> View:
    return await home_of(person)


async def test_a_coordinators_home_begins_with_this_week_and_how_every_priority_stands(live: Stage) -> None:
    home = await read(live.person("omar"))
    assert titles(home)[:4] == ["This week", "Where the priorities stand", "Needs a hand", "What I owe"]
    week = str(below(home, "This week"))
    assert "0 of 4 answered" in week
    assert "2 decisions wait for an answer, the first by Fri Dec 4" in week
    assert "6 overdue actions in 5 organizations" in week
    assert "2 of 13 figures not reported" in week
    standings = str(below(home, "Where the priorities stand"))
    assert all(name in standings for name in PRIORITIES)
    assert standings.count("'Open'") == 4


async def test_what_waits_in_the_week_leads_to_it(live: Stage) -> None:
    omar = live.person("omar")
    home = await read(omar)
    buttons = {
        block["accessory"]["accessibility_label"]: block["accessory"]["action_id"]
        for block in below(home, "This week")
        if block.get("accessory", {}).get("accessibility_label")
    }
    await omar.press(home, buttons["See the decisions"])
    await omar.until(lambda: "D-1" in words(omar.modal))


async def test_a_coordinator_sees_what_did_not_arrive_below_the_standings(stage: Stage) -> None:
    home = await read(stage.person("omar"))
    order = titles(home)
    assert order[0] == "Limestone Bend Good Jobs Compact", "a draft begins with how to start it"
    assert order.index("Where the priorities stand") < order.index("Needs a hand") < order.index("What I owe")


async def test_leaderships_home_begins_with_the_plan_in_short_and_what_waits_for_them(live: Stage) -> None:
    home = await read(live.person("marcus"))
    assert titles(home)[:3] == ["The plan", "Where the priorities stand", "Waits for me"]
    star = str(below(home, "The plan"))
    assert "Residents holding a good job" in star
    assert "The whole plan" in star
    standings = str(below(home, "Where the priorities stand"))
    assert all(name in standings for name in PRIORITIES)


async def test_an_owners_home_begins_with_what_they_owe(live: Stage) -> None:
    home = await read(live.person("yolanda"))
    assert titles(home)[:3] == ["What I owe", "Waits for me", "My priority"]
    assert "Talent pathways" in str(below(home, "My priority"))
    others = str(below(home, "The other priorities"))
    assert "Job quality" in others
    assert "Talent pathways" not in others


async def test_whoever_may_not_read_the_roll_up_sees_no_standings(live: Stage) -> None:
    home = await read(live.person("ben"))
    assert "Where the priorities stand" not in titles(home)
    assert "Job quality" not in words(home)
