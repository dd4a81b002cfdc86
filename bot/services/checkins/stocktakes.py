"""What follows from the answer to a stocktake: what its forecast is of is kept, and a decision that it asks for becomes
one. Steps for services, in the transaction that writes the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.checkins import BESIDE, DECISION, DECISION_ID, is_stocktake, kept_beside
from bot.domain.decisions import parse_decision_line
from bot.domain.record import QuestionSet, Response
from bot.domain.wording import one_line
from bot.services.access import Transaction
from bot.services.decisions import propose_asked


async def completed_stocktake(
    tx: Transaction, answer: Response, questions: QuestionSet, before: Mapping[str, Any]
) -> Response:
    """The answer as it is kept. `before` is what stood beside the answer that it takes the place of.

    A decision is proposed by the right of whoever answers, once: an edit of the answer changes nothing about it, since
    others may have answered it by then.
    """
    if not is_stocktake(questions):
        return answer
    on = await tx.read()
    priority = next(one for one in on.record.priorities if one.id == answer.priority)
    beside = kept_beside(priority, answer.extra, before)
    wanted = str(answer.extra.get(DECISION) or "").strip()
    if wanted and DECISION_ID not in beside:
        made = await propose_asked(
            on,
            answer.by,
            title=wanted,
            priority=priority.id,
            needed_by=parse_decision_line(one_line(wanted), (), (), on.today, {}).needed_by,
            why=f"Asked for in the stocktake of {priority.name}: {wanted}",
        )
        beside |= {DECISION_ID: made} if made is not None else {}
    answers = {name: value for name, value in answer.extra.items() if name not in BESIDE}
    return replace(answer, extra={**answers, **beside})
