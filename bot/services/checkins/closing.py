"""What follows once priorities' check-ins have closed: messages change, asks go out, coordinators get their
brief, and what people answered for themselves is told to its readers."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from bot.services.access import Transaction
from bot.services.asks import close_asks
from bot.services.checkins.own_answers import plan_summaries
from bot.services.checkins.pulses import count_up
from bot.services.outbox import plan_briefs, queue_updates
from bot.store.checkins import RoundSubjectRow


async def after_close(tx: Transaction, subjects: Sequence[RoundSubjectRow], chance: Random) -> None:
    """To be called once `closed_at` is set, by whoever closes a round. A step in the caller's transaction, which needs
    an author: asks are facts. `chance` mixes what was answered anonymously."""
    await tx.session.flush()
    await close_asks(tx, subjects)
    rounds = {subject.round_id for subject in subjects}
    await plan_briefs(tx, rounds)
    await count_up(tx, rounds, chance)
    if any(subject.member_id is not None for subject in subjects):
        await plan_summaries(tx, rounds)
    await queue_updates(tx, [subject.id for subject in subjects])
