"""What an answer to a check-in says, made of what was typed into its form. Pure. How it reads: `answers_in_words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.checkins.answers_in_words import KNOWN, PRIVATE_NOTE
from bot.domain.record import QuestionSet, Response

CAME_TRUE = ("yes", "in_part", "not_yet")


def with_words(answer: Response, questions: QuestionSet, values: Mapping[str, str | None]) -> Response:
    """The answer with what was typed, by question; what has no field of its own stands beside it."""
    typed = {name: value.strip() or None for name, value in values.items() if value is not None}
    confidence, came_true = typed.get("confidence"), typed.get("came_true")
    beside = [one.id for one in questions.questions if one.id not in KNOWN and typed.get(one.id) is not None]
    return replace(
        answer,
        assessment=typed.get("assessment"),
        confidence=int(confidence) if confidence else None,
        moved=typed.get("moved"),
        blocker=typed.get("blocker"),
        ask=typed.get("ask"),
        ask_from=typed.get("ask_from"),
        next=typed.get("next"),
        came_true=came_true if came_true in CAME_TRUE else None,
        extra={name: typed[name] for name in beside},
    )


def keeping_note(answer: Response, beside: Mapping[str, object]) -> Response:
    """Somebody else's answer in place of one with this `beside` it: its note to the coordinators stays its author's."""
    if PRIVATE_NOTE not in beside:
        return answer
    return replace(answer, extra={PRIVATE_NOTE: beside[PRIVATE_NOTE], **answer.extra})
