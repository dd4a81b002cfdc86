"""From the end of February to the next November: the weeks after the season, in which this and that comes to an end.

Grant leaves at the end of March, Luis in April, Kessler with Tom and Renata in June; family access is done at the end
of September. Owners answer, repeat themselves and forget by turns; figures come by the quarter, the pulse with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tests.season.acts import answers, closes_action, decides, repeats, takes_part
from tests.season.endings import completes, leaves, organization_leaves
from tests.season.life import Act
from tests.season.rounds import (
    adds_action,
    gives_figure,
    hands_back,
    reads,
    retargets,
    starts_stocktake,
    takes_on,
    takes_stock,
)
from tests.season.script import WEEKS

TALENT, SUPPLIERS, ACCESS, QUALITY = "talent-pathways", "supplier-growth", "family-access", "job-quality"
FIRST = date(2027, 2, 22)
NUMBER = 39
GRANT_LEAVES, LUIS_LEAVES = date(2027, 3, 31), date(2027, 4, 30)
KESSLER_LEAVES, ACCESS_DONE = date(2027, 6, 30), date(2027, 9, 29)
STANDS = ("on_track", "at_risk", "on_track", "off_track")
MOVED = {
    TALENT: "The cohort grew",
    SUPPLIERS: "Another firm was assessed",
    ACCESS: "More evening seats opened",
    QUALITY: "An employer published a plan",
}
IN_THE_WAY = {
    TALENT: "Instructors are hard to find.",
    SUPPLIERS: "The banks wait.",
    ACCESS: "Rent on the east side.",
    QUALITY: "Budgets close late.",
}


def pulse(day: str, fix: str) -> Iterator[tuple[str, Act]]:
    """Six people answer the pulse on a day."""
    yield f"{day} 09:30", takes_part("imani", "4", "4", fix)
    for place, member in enumerate(("helen", "omar", "marcus", "dana", "yolanda")):
        yield f"{day} {10 + place}:00", takes_part(member, str(3 + place % 3), str(5 - place % 3))


# The endings of the year in the first week.
SHORTEST: tuple[tuple[tuple[str, Act], ...], ...] = (
    (
        *WEEKS[0],
        ("11-23 15:00", leaves("omar", "grant", date(2026, 11, 25), "marcus")),
        ("11-25 11:10", takes_on("marcus", "A-202", "Draft the loan pool term sheet")),
        ("11-25 11:20", hands_back("marcus", "A-203", "Collect sourcing forecasts", "omar")),
        ("11-25 10:00", organization_leaves("dana", "kessler", "kessler", date(2026, 11, 26), "priya")),
        ("11-25 10:30", completes("omar", "family", ACCESS)),
        ("11-27 10:00", reads("omar", "coalition former", "Grant Okafor", "Tom Delacroix")),
    ),
)

# The same in two weeks of December.
SHORT: tuple[tuple[tuple[str, Act], ...], ...] = (
    WEEKS[0],
    (
        *WEEKS[1],
        ("12-01 15:00", leaves("omar", "grant", date(2026, 12, 4), "marcus")),
        ("12-02 09:10", takes_on("marcus", "A-202", "Draft the loan pool term sheet")),
        ("12-02 09:20", hands_back("marcus", "A-203", "Collect sourcing forecasts", "omar")),
        ("12-04 09:00", organization_leaves("dana", "kessler", "kessler", date(2026, 12, 6), "priya")),
        ("12-04 09:30", completes("omar", "family", ACCESS)),
    ),
    (
        ("12-07 10:00", reads("omar", "coalition former", "Grant Okafor", "Tom Delacroix")),
        ("12-08 10:00", repeats("yolanda", TALENT)),
        ("12-08 10:10", answers("marcus", SUPPLIERS, "at_risk", 5, "A bank asks", blocker="The guarantee.")),
        ("12-08 10:20", answers("priya", QUALITY, "on_track", 7, "The county takes it on")),
        *pulse("12-08", "Send the agenda two days earlier."),
    ),
)


def _owners(day: date) -> dict[str, str]:
    """Who answers for each priority on a day."""
    owners = {TALENT: "yolanda", SUPPLIERS: "grant" if day < date(2027, 3, 29) else "marcus"}
    if day <= ACCESS_DONE:
        owners[ACCESS] = "imani"
    owners[QUALITY] = "tom" if day < date(2027, 6, 28) else "priya"
    return owners


def _routine(number: int, tuesday: date) -> Iterator[tuple[str, Act]]:
    """What owners do in a week: of four rounds they answer two, repeat one and miss one."""
    for place, (priority, owner) in enumerate(_owners(tuesday).items()):
        when = f"{tuesday:%m-%d} {10 + place}:{10 + place}"
        match (number + place) % 4:
            case 0 | 1 as turn:
                stands = STANDS[(number // 4 + place + turn) % 4]
                blocker = None if stands == "on_track" else IN_THE_WAY[priority]
                yield when, answers(owner, priority, stands, 4 + (number + place) % 5, MOVED[priority], blocker=blocker)
            case 2:
                yield when, repeats(owner, priority)


# Beside the routine: when, and what is done then.
EVENTS: tuple[tuple[str, Act], ...] = (
    ("02-24 09:30", closes_action("marcus", "A-201")),
    ("02-24 10:30", closes_action("luis", "A-302")),
    ("02-25 11:00", closes_action("priya", "A-403")),
    ("02-25 15:00", retargets("omar", "tp-enrol", "300", date(2027, 12, 31), "The second site doubles the places.")),
    ("03-03 10:00", starts_stocktake("omar")),
    *pulse("03-10", "Keep the pulse this short."),
    (
        "03-18 14:00",
        takes_stock(
            "yolanda", TALENT, "yes", "250", "Evening labs doubled the places.", "Open a second site.",
            decision=("D-6", "Pay for a second site", date(2027, 5, 5)),
        ),
    ),
    ("03-24 10:00", leaves("omar", "grant", GRANT_LEAVES, "marcus")),
    ("03-25 10:00", reads("priya", "priority supplier", "Owner: Marcus Teal", lacks=("Owner: Grant",))),
    ("03-26 09:00", takes_on("marcus", "A-202", "Draft the loan pool term sheet")),
    ("03-29 09:00", hands_back("marcus", "A-203", "Collect sourcing forecasts", "omar")),
    ("04-06 15:00", reads("omar", "coalition former", "Grant Okafor")),
    ("04-07 11:00", adds_action("yolanda", "Book a van for the evening cohort", date(2027, 5, 14))),
    (
        "04-15 14:00",
        takes_stock("marcus", SUPPLIERS, "flat", "85", "Firms wait for the loan pool.", "Ask two banks again."),
    ),
    ("04-21 10:00", gives_figure("helen", "Residents starting", "tp-enrol", "262", date(2027, 3, 31))),
    ("04-22 10:00", leaves("omar", "luis", LUIS_LEAVES, "imani")),
    ("05-06 10:00", decides("dana", "D-6", "Agree", "at the meeting of May 5")),
    ("05-12 10:00", closes_action("helen", "A-101")),
    ("05-20 14:00", takes_stock("tom", QUALITY, "no", "30", "Pay moved after budgets closed.", "Meet two employers.")),
    *pulse("06-09", "Send minutes within a week."),
    ("06-23 10:00", organization_leaves("dana", "kessler", "kessler", KESSLER_LEAVES, "priya")),
    ("06-25 09:00", takes_on("priya", "A-401", "Bring four more employers")),
    ("06-25 09:10", hands_back("priya", "A-104", "Confirm 40 paid placements", "dana")),
    ("07-07 10:00", reads("omar", "coalition ended", "Kessler Drive Systems")),
    ("07-21 10:00", gives_figure("helen", "Residents starting", "tp-enrol", "281", date(2027, 6, 30))),
    ("09-16 14:00", takes_stock("imani", ACCESS, "yes", "230", "Two sites opened at once.", "Keep both open.")),
    ("09-29 15:00", completes("omar", "family", ACCESS)),
    ("10-05 16:00", reads("marcus", "priority family", "complete")),
)  # fmt: skip


def weeks() -> Iterator[tuple[tuple[str, Act], ...]]:
    """Of each week what is done in it, as the season's own weeks have it."""
    for number in range(NUMBER):
        monday = FIRST + timedelta(weeks=number)
        days = {f"{monday + timedelta(days=after):%m-%d}" for after in range(7)}
        beside = [one for one in EVENTS if one[0][:5] in days]
        yield (*_routine(number, monday + timedelta(days=1)), *beside)
