"""What becomes of days away as people type them, by a table that was written down and not recorded."""

from __future__ import annotations

from bot.domain.people import read_away, split_person
from bot.errors import UserError
from tests.domain.people.test_away_line import MONDAY
from tests.domain.typed_tables import day_in_table, require_ugly_enough, rows
from tests.tables import on_each

ROWS = rows("away")


def test_there_are_enough_and_a_third_is_ugly() -> None:
    require_ugly_enough("away")


@on_each(("line", "outcome"), ROWS)
def test_becomes(line: str, outcome: str) -> None:
    try:
        start, end = read_away(line, MONDAY)
        said = f"{day_in_table(start)}..{day_in_table(end)}"
    except UserError as error:
        said = f"! {error.message}"
    if outcome.startswith("! "):
        assert outcome.removeprefix("! ") in said
        assert said.startswith("! ")
    else:
        assert said == outcome


@on_each(
    ("line", "who", "days"),
    [
        ("@grant Dec 20 to 28", "@grant", "Dec 20 to 28"),
        ("Dec 20 to 28 for @grant", "@grant", "Dec 20 to 28"),
        ("for @grant Dec 20 to 28", "@grant", "Dec 20 to 28"),
        ("<@U0GRANT> Dec 20 to 28", "<@U0GRANT>", "Dec 20 to 28"),
        ("Dec 20 to 28 for Grant Okafor", "Grant Okafor", "Dec 20 to 28"),
        ("Dec 20 for Grant", "Grant", "Dec 20"),
        ("Dec 20 to 28", "", "Dec 20 to 28"),
        ("Dec 20 to 28 for lorna", "lorna", "Dec 20 to 28"),
        ("dec 20 for lorna pruitt", "lorna pruitt", "dec 20"),
        ("next week for april", "", "next week for april"),
        ("Dec 20 for vacation", "", "Dec 20 for vacation"),
        ("for 2 weeks", "", "for 2 weeks"),
        ("Dec 7 for two weeks", "", "Dec 7 for two weeks"),
    ],
)
def test_whose_days_they_are(line: str, who: str, days: str) -> None:
    assert split_person(line, ["Lorna Pruitt", "Grant Okafor", "April Okafor"]) == (who, days)
