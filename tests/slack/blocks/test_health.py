"""How things are, on screen: words in a golden file, and limits at nothing, the usual and the most."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.canvases import CanvasList
from bot.domain.health import Health, Hygiene, Sent, Share, StaleFigure, WithoutUpdate
from bot.domain.outbox import BY_EMAIL_ONLY, NOT_LINKED, Trouble
from bot.domain.people import OutsideSlack
from bot.domain.targets import Target, TargetKind
from bot.slack.blocks.health import health_message
from tests.builders import day
from tests.slack.blocks.test_canvases import CANVASES
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, MONDAY, script

NOTHING = Hygiene(answered=Share(0, 0), fresh=Share(0, 0), on_time=Share(0, 0))
QUIET = Health(
    sent=Sent(),
    outside_slack=(),
    stale=(),
    figures=0,
    passed=(),
    silent=(),
    priorities=0,
    backup_at=None,
    canvases=CanvasList(lines=(), zone="America/Chicago", now=MONDAY),
    now_kept=NOTHING,
    before=NOTHING,
    zone="America/Chicago",
    now=MONDAY,
)


def outside(name: str, trouble: Trouble, **fields: Any) -> OutsideSlack:
    return OutsideSlack(member="x", name=name, organization=name, access="slack_connect", trouble=trouble, **fields)


USUAL = replace(
    QUIET,
    sent=Sent(
        sent=31,
        late=1,
        waiting=2,
        held=1,
        missed=(("the Slack account is deactivated", 2), ("it could not be sent while it was of use", 1)),
    ),
    outside_slack=(
        outside("Lorna Pruitt", BY_EMAIL_ONLY),
        outside("Tom Delacroix", NOT_LINKED),
        outside("Ben Adeyemi", NOT_LINKED),
        outside("Helen Sato", NOT_LINKED, reads_mail=True),
    ),
    stale=(
        StaleFigure(name="Completers placed in a good job", steward="Yolanda Briggs", since=day("2025-12-31")),
        StaleFigure(name="Frontline workers earning the local living wage", steward="Priya Raman", since=None),
    ),
    figures=13,
    passed=(
        Target(TargetKind.OUTCOME, "fa-io1", "Three providers are licensed", day("2026-09-30"), None),
        Target(TargetKind.METRIC, "m", "Child care seats", day("2025-12-31"), None),
    ),
    silent=(WithoutUpdate(name="Supplier and small-firm growth", owner="Grant Okafor", since=day("2026-11-03")),),
    priorities=4,
    backup_at=MONDAY - timedelta(days=1),
    canvases=CANVASES,
    now_kept=Hygiene(answered=Share(12, 16), fresh=Share(11, 13), on_time=Share(5, 9)),
    before=Hygiene(answered=Share(14, 16), fresh=Share(12, 13), on_time=Share(0, 0)),
)


def test_words() -> None:
    check_golden("health.txt", script({"the usual": health_message(USUAL), "nothing yet": health_message(QUIET)}))


def test_it_fits_at_any_length() -> None:
    person = outside(LONG, NOT_LINKED)
    figure = StaleFigure(name=LONG, steward=LONG[:80], since=None)
    silent = WithoutUpdate(name=LONG, owner=LONG[:80], since=None)
    many = replace(
        USUAL,
        sent=replace(USUAL.sent, missed=tuple((f"{LONG} {one}", 1) for one in range(30))),
        outside_slack=(replace(person, name=LONG[:80]),) * 40,
        stale=(figure,) * 60,
        passed=(Target(TargetKind.METRIC, "m", LONG, day("2026-09-30"), None),) * 40,
        silent=(silent,) * 40,
    )
    script({"many": health_message(many)})
