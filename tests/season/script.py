"""Thirteen weeks of the sample's people, from Thanksgiving to the middle of February: who does what, when.

Answering, late, away, silent, on behalf, without a name; asks answered and not; decisions carried, passed and late;
figures new and restated; actions done and moved; meetings moved. Each week ends on Friday after its digest.
"""

from __future__ import annotations

from datetime import date

from tests.season.acts import (
    answers,
    answers_late,
    closes_action,
    decides,
    finds_kept,
    goes_out,
    has_no_button,
    helps,
    is_away,
    moves_action,
    moves_meeting,
    records,
    repeats,
    restates,
    says_of_ask,
    sends_ask,
    takes_part,
    votes,
)
from tests.season.life import Act

TALENT, SUPPLIERS, ACCESS, QUALITY = "talent-pathways", "supplier-growth", "family-access", "job-quality"
BRIDGE = "Ask Halvorsen for a bridge"
BACKBONE = ("2026-12-14T10:00:00", "2026-12-15T09:00:00")
INSPECTOR = "An inspector for two December visits."
ROOM = "A room at the college for the evening cohort."

# Of each week: when, and what is done then. Moments on the coalition's clock.
WEEKS: tuple[tuple[tuple[str, Act], ...], ...] = (
    (  # November 23: the round is moved to Monday, the digest to Wednesday
        (
            "11-23 10:12",
            answers(
                "yolanda",
                TALENT,
                "at_risk",
                6,
                "The second offer is out",
                blocker="Evening pay is below the private market.",
                need=ROOM,
                whom=("bend river", "bend-river-cc", "helen"),
            ),
        ),
        (
            "11-23 11:05",
            answers(
                "tom",
                QUALITY,
                "on_track",
                8,
                "Two employers asked for a sample plan",
                note="The second employer wavers; please call before Friday.",
            ),
        ),
        ("11-23 16:00", closes_action("helen", "A-103")),
        (
            "11-24 13:25",
            answers(
                "luis",
                ACCESS,
                "off_track",
                2,
                "One provider waits until January",
                blocker="No inspector until January.",
                need=INSPECTOR,
                whom=("harrow", "harrow-county", "marcus"),
                owner="imani",
                button="Answer for Imani",
            ),
        ),
        ("11-24 15:00", goes_out(TALENT, "bend-river-cc", ROOM)),
        ("11-24 16:12", sends_ask("omar", ACCESS, "harrow-county", INSPECTOR)),
        ("11-24 16:40", helps("marcus", INSPECTOR)),
    ),
    (  # November 30
        (
            "11-30 10:00",
            moves_action(
                "yolanda",
                "A-102",
                "Send the shared intake form",
                date(2026, 12, 11),
                "The college answers after the break.",
            ),
        ),
        ("12-01 09:30", repeats("yolanda", TALENT)),
        ("12-01 09:40", answers("tom", QUALITY, "on_track", 8, "One employer signed")),
        (
            "12-01 11:00",
            answers("imani", ACCESS, "off_track", 3, "An inspector comes twice", blocker="Three visits are missing."),
        ),
        ("12-01 11:30", says_of_ask("imani", "It came through", INSPECTOR)),
        ("12-01 13:00", votes("marcus", "D-1", BRIDGE, "Harrow County Executive Office")),
        ("12-02 10:00", votes("imani", "D-1", BRIDGE, "Crossroads Neighborhood Alliance")),
        ("12-02 10:10", votes("yolanda", "D-1", BRIDGE, "Three Creeks Workforce Board")),
        ("12-02 10:20", votes("tom", "D-1", BRIDGE, "Kessler Drive Systems")),
        ("12-03 09:00", votes("helen", "D-1", BRIDGE, "Bend River Community College")),
        ("12-03 17:00", decides("dana", "D-1", BRIDGE)),
        (
            "12-02 15:00",
            records(
                "priya", "placed 48.5 as of Jun 30 provisional", "tp-placed", "48.5", date(2026, 6, 30), "provisional"
            ),
        ),
    ),
    (  # December 7
        ("12-07 09:00", is_away("tom", date(2026, 12, 14), date(2026, 12, 20))),
        ("12-07 10:30", moves_meeting("omar", "backbone to Dec 15 9:00", "backbone-sync", *BACKBONE)),
        ("12-08 09:10", votes("marcus", "D-2", "Move it", "Harrow County Executive Office")),
        ("12-08 10:00", repeats("yolanda", TALENT)),
        (
            "12-08 11:20",
            answers(
                "grant", SUPPLIERS, "at_risk", 5, "A term sheet goes round", blocker="The banks ask for a guarantee."
            ),
        ),
        ("12-08 12:00", answers("tom", QUALITY, "at_risk", 6, "Two employers wait", blocker="Budgets close late.")),
        ("12-08 13:00", takes_part("imani", "4", "3", "Send the agenda two days earlier.")),
        ("12-08 13:05", takes_part("tom", "5", "4")),
        ("12-08 13:30", takes_part("helen", "3", "3", "Fewer slides, more time for the figures.")),
        ("12-08 14:00", takes_part("omar", "5", "5")),
        ("12-09 10:00", takes_part("renata", "4", "2")),
        ("12-10 09:00", takes_part("marcus", "4", "4", "Meet at the college once.")),
    ),
    (  # December 14: Tom is away
        ("12-14 15:00", helps("helen", ROOM, "Let's talk")),
        ("12-15 10:00", has_no_button("yolanda", "No change", TALENT)),
        ("12-15 10:05", answers("yolanda", TALENT, "on_track", 7, "Both contracts are signed")),
        (
            "12-15 11:00",
            answers(
                "renata",
                QUALITY,
                "at_risk",
                6,
                "One more plan is in review",
                blocker="Budgets close late.",
                owner="tom",
                button="Answer for Tom",
            ),
        ),
        (
            "12-16 10:00",
            answers("grant", SUPPLIERS, "at_risk", 6, "Two banks read the sheet", blocker="The guarantee."),
        ),
    ),
    (  # December 21
        ("12-22 09:30", repeats("tom", QUALITY)),
        ("12-22 10:00", answers("yolanda", TALENT, "on_track", 8, "The spring cohort is full")),
    ),
    (  # December 28
        ("12-29 10:00", repeats("grant", SUPPLIERS)),
        ("12-31 10:30", answers_late("imani", ACCESS, "12-31 13:00", "A third provider signed on New Year's Eve.")),
    ),
    (  # January 4
        ("01-05 09:20", answers("yolanda", TALENT, "on_track", 8, "Labs opened in the evening")),
        ("01-05 09:40", finds_kept("imani", ACCESS, "A third provider signed on New Year's Eve.")),
        (
            "01-05 10:00",
            answers("imani", ACCESS, "at_risk", 5, "An inspector is hired", blocker="Two visits are missing."),
        ),
        (
            "01-05 11:00",
            answers("tom", QUALITY, "at_risk", 7, "Three plans are published", blocker="One employer withdrew."),
        ),
        ("01-05 12:00", repeats("grant", SUPPLIERS)),
    ),
    (  # January 11
        ("01-12 10:00", repeats("tom", QUALITY)),
        ("01-12 10:30", answers("imani", ACCESS, "at_risk", 6, "Twelve seats opened", blocker="One visit is missing.")),
    ),
    (  # January 18: the quarter's figures
        ("01-19 10:00", answers("yolanda", TALENT, "on_track", 9, "The quarter closed above plan")),
        (
            "01-20 10:00",
            records("helen", "enrol 243 as of Dec 31 final", "tp-enrol", "243", date(2026, 12, 31), "final"),
        ),
        (
            "01-20 11:00",
            records("luis", "seats 190 as of Dec 31 provisional", "fa-seats", "190", date(2026, 12, 31), "provisional"),
        ),
    ),
    (  # January 25
        (
            "01-26 09:40",
            answers("imani", ACCESS, "at_risk", 6, "Forty seats opened", blocker="Rent for the east side."),
        ),
        (
            "01-26 15:00",
            restates(
                "luis",
                "seats 186 as of Dec 31 final",
                "fa-seats",
                "186",
                date(2026, 12, 31),
                "One provider opened in January.",
            ),
        ),
        ("01-27 09:00", closes_action("omar", "A-501")),
    ),
    (("02-02 10:00", answers("grant", SUPPLIERS, "on_track", 8, "The loan pool has a sponsor")),),  # February 1
    (("02-09 10:00", answers("yolanda", TALENT, "on_track", 9, "Spring began with ninety people")),),  # February 8
    (("02-16 10:00", answers("tom", QUALITY, "on_track", 8, "Twenty employers share data")),),  # February 15
)
