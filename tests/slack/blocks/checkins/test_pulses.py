"""How an anonymous check-in looks: what asks, its form, what came of it, and what was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.checkins import (
    CheckinForm,
    PromptItem,
    PulseDone,
    RoundStatus,
    RoundSummary,
    TookPart,
    shown_question,
    summary_of_result,
)
from bot.domain.record import PulseResult, PulseTold
from bot.slack.blocks.bundles import BundleReader
from bot.slack.blocks.checkins import (
    PULSE_DONE_FORM,
    checkin_item,
    checkin_view,
    done_message,
    status_message,
    summary_item,
    summary_post,
    took_part_view,
)
from bot.slack.message import Message
from bot.slack.moments import Clock
from tests.services.pulse_rounds import PULSE_SET
from tests.slack.readable import check_golden
from tests.slack.screens import script

NOW = datetime(2026, 12, 8, 16, tzinfo=UTC)
CLOSES = NOW + timedelta(days=2)
SEEN: dict[str, Any] = {"zone": "America/Chicago", "now": NOW}
READER = BundleReader(receiver="ana", receiver_name="Ana", is_alone=True, may_be_primary=True, **SEEN)
ITEM = PromptItem(
    kind="ask",
    subject_id=7,
    priority="ana",
    priority_name="Partner pulse",
    opens_at=NOW,
    closes_at=CLOSES,
    owner="ana",
    owner_name="Ana",
    delegate_name=None,
    readers=("everybody in the coalition",),
    digest_at=None,
    state="open",
    answer=None,
    last_on=None,
    last_assessment=None,
    last_confidence=None,
    may_repeat=False,
    next_opens_at=NOW + timedelta(days=91),
    minutes=2,
    is_own=True,
    is_anonymous=True,
    sets_standing=False,
)
FORM = CheckinForm(
    subject_id=7,
    title="Partner pulse",
    state="open",
    priority_name="Partner pulse",
    closes_at=CLOSES,
    next_opens_at=None,
    readers=(),
    digest_at=None,
    headline=None,
    earlier=None,
    private_readers=(),
    for_name=None,
    coordinator="Omar Castellanos",
    questions=tuple(shown_question(one) for one in PULSE_SET.questions),
    is_anonymous=True,
    is_own=True,
    **SEEN,
)
RESULT = PulseResult(
    cadence="partner-pulse",
    round=date(2026, 12, 8),
    title="Partner pulse",
    asked=12,
    answered=7,
    told=(
        PulseTold(
            question="worth",
            label="Worth your time?",
            answered=7,
            choices=("1 of 5", "2 of 5", "3 of 5", "4 of 5", "5 of 5"),
            counts=(0, 1, 1, 3, 2),
        ),
        PulseTold(question="pace", label="The pace?", answered=4),
        PulseTold(
            question="better", label="What would help?", answered=2, words=("Fewer <meetings> & slides.", "Yes.")
        ),
    ),
)
STATUS = RoundStatus(
    id="partner-pulse",
    name="Partner pulse",
    state="open",
    closes_at=CLOSES,
    next_at=None,
    lines=(),
    asked_again_at=None,
    asked_again_by=None,
    took_part=TookPart(7, 12, 1),
    **SEEN,
)


def summary(**fields: Any) -> RoundSummary:
    found = summary_of_result(replace(RESULT, **fields), "Partner pulse", date(2026, 12, 13))
    assert found is not None
    return found


def item(**fields: Any) -> Message:
    blocks, text = checkin_item(replace(ITEM, **fields), READER)
    return Message.of(text, *blocks)


def told(one: RoundSummary) -> Message:
    blocks, text = summary_item(one, READER)
    return Message.of(text, *blocks)


def test_words_of_pulses() -> None:
    did = "Working groups meet every two months."
    form = PulseDone(
        about="partner-pulse 2026-12-08",
        name="Partner pulse",
        on=date(2026, 12, 8),
        today=date(2026, 12, 13),
        did=None,
    )
    closed = replace(STATUS, state="closed", took_part=TookPart(9, 12, 0))
    check_golden(
        "pulses.txt",
        script(
            {
                "asked": item(),
                "reminded": item(kind="reminder"),
                "taken part": item(state="answered"),
                "closed": item(state="closed"),
                "the form": checkin_view(FORM),
                "the form where a channel is told": checkin_view(replace(FORM, told_in="#lb-talent")),
                "sent": took_part_view("Partner pulse", Clock(**SEEN), closes_at=CLOSES, already=False),
                "sent before": checkin_view(replace(FORM, state="answered")),
                "a preview": checkin_view(replace(FORM, state="preview")),
                "status": status_message(STATUS),
                "status once closed": status_message(closed),
                "status before the first": status_message(
                    replace(STATUS, state="none", closes_at=None, took_part=TookPart(0, 0, 0))
                ),
                "told in a channel": summary_post(summary()),
                "told to a person": told(summary()),
                "told to a coordinator": told(replace(summary(), may_say=True)),
                "told with what was done": told(replace(summary(did=did), may_say=True)),
                "few answered": told(summary(answered=4, told=())),
                "what was done, to be written": PULSE_DONE_FORM.view(form),
                "what was done, to be changed": PULSE_DONE_FORM.view(replace(form, did=did)),
                "what was done": done_message(summary(did=did)),
                "taken back": done_message(summary()),
            }
        ),
    )
