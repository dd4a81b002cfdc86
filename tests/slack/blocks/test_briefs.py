"""The coordinators' brief on screen: quiet, typical, decided about, and with too much of everything."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bot.domain.briefs import Brief, Difference, Missing, Silent
from bot.domain.metrics import Figure
from bot.slack.blocks.briefs import brief_message
from bot.slack.message import Message, View
from tests.slack.blocks.decisions.test_decisions import DECIDED, PASSED, READY
from tests.slack.blocks.test_asks import HELD, HUGE, WAITING, card
from tests.slack.readable import check_golden, dump
from tests.slack.refusals import problems
from tests.slack.screens import LONG, held, script

FOUR = datetime(2026, 11, 24, 22, tzinfo=UTC)


def silent(**fields: Any) -> Silent:
    usual: dict[str, Any] = {
        "subject_id": 7,
        "priority_name": "Supplier and small-firm growth",
        "last_on": date(2026, 11, 3),
        "owner": "grant",
        "owner_name": "Grant Okafor",
        "asked": ("Grant Okafor", "Marcus Teal"),
        "answered_by_name": None,
    }
    return Silent(**(usual | fields))


def difference(**fields: Any) -> Difference:
    usual: dict[str, Any] = {
        "priority_name": "Job quality",
        "owner": "tom",
        "owner_name": "Tom Delacroix",
        "assessment": "on_track",
        "status": "off_track",
        "unit": "employers",
        "latest": Figure(value=Decimal(22), period_end=date(2026, 9, 30), quality="final"),
        "expected": Fraction(32),
    }
    return Difference(**(usual | fields))


def missing(**fields: Any) -> Missing:
    usual: dict[str, Any] = {
        "metric": "placed",
        "metric_name": "Completers placed in a good job within 90 days",
        "steward": "yolanda",
        "steward_name": "Yolanda Briggs",
        "since": date(2025, 12, 31),
    }
    return Missing(**(usual | fields))


LIVING_WAGE = missing(
    metric_name="Frontline workers earning the local living wage",
    steward="priya",
    steward_name="Priya Raman",
    since=None,
)


def brief(**fields: Any) -> Brief:
    usual: dict[str, Any] = {
        "round_id": 4,
        "digest_at": datetime(2026, 11, 25, 13, 30, tzinfo=UTC),
        "asks": (),
        "notes": (),
        "silent": (),
        "held": (),
        "decisions": (),
        "differences": (),
        "missing": (),
        "figures": 13,
        "asked_for_by": None,
        "asked_for_at": None,
        "overdue": 0,
        "overdue_organizations": 0,
        "sent": 31,
        "held_count": 0,
        "undelivered": None,
        "may_pause": True,
        "receiver": "omar",
        "zone": "America/Chicago",
        "now": FOUR,
    }
    return Brief(**(usual | fields))


TYPICAL: dict[str, Any] = {
    "asks": (WAITING, HELD),
    "silent": (silent(),),
    "held": (held(what="the owner's preview"),),
    "differences": (difference(),),
    "missing": (missing(), LIVING_WAGE),
    "overdue": 6,
    "overdue_organizations": 5,
    "held_count": 1,
}
SCENES: dict[str, Message | View] = {
    "quiet": brief_message(brief()),
    "quiet, digest on another day": brief_message(brief(digest_at=datetime(2026, 11, 27, 13, 30, tzinfo=UTC))),
    "one thing": brief_message(brief(overdue=1, overdue_organizations=1, may_pause=False)),
    "the screen's brief": brief_message(brief(**TYPICAL)),
    "decided about": brief_message(
        brief(
            **TYPICAL
            | {
                "asks": (card(), card(state="answered", answer="can_help", answered_by_name="Marcus Teal")),
                "silent": (silent(answered_by_name="Omar Castellanos"),),
                "held": (held(state="sent", reason="marked as arrived", resolved_by="Omar Castellanos"),),
                "asked_for_by": "Omar Castellanos",
                "asked_for_at": FOUR,
            }
        )
    ),
    "the reader's own priority and figures": brief_message(
        brief(
            receiver="tom",
            differences=(difference(),),
            missing=(missing(steward="tom"),),
            silent=(silent(owner="tom"),),
        )
    ),
    "decisions that wait": brief_message(brief(decisions=(PASSED, READY, DECIDED))),
    "nobody could be asked, no figure": brief_message(
        brief(silent=(silent(asked=(), last_on=None),), differences=(difference(latest=None),))
    ),
}


def test_briefs_are_as_written_down() -> None:
    check_golden("briefs.txt", script(SCENES))


def test_too_much_of_everything_fits_and_says_so() -> None:
    message = brief_message(
        brief(
            asks=(HUGE, *[WAITING] * 60),
            silent=tuple(silent(priority_name=LONG[:150], asked=(LONG[:90],) * 3) for _ in range(60)),
            held=(held(what=LONG[:100]),) * 60,
            differences=(difference(priority_name=LONG[:150], owner_name=LONG[:90]),) * 60,
            missing=(missing(metric_name=LONG[:150], steward_name=LONG[:90]),) * 60,
            overdue=500,
            overdue_organizations=90,
        )
    )
    assert not problems(message)
    said = str(message.blocks)
    assert "5 of 61 asks" in said
    assert "5 of 60 priorities" in said
    assert "Pause sending" in said, "nothing at the end was cut off"
    assert "and 55 more" in said


def test_what_somebody_said_for_an_owner_is_not_called_the_owners_word() -> None:
    said = dump(brief_message(brief(differences=(difference(is_owners_word=False),))))
    assert "said for Tom Delacroix: on track, numbers say off track" in said
    assert "Tom Delacroix says" not in said
