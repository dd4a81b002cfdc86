"""Changes that wait for a decision: proposed to steering, applied when it decides in favour. Steps for services.

What a kind of change does when it is decided is registered by the noun that it belongs to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from bot.domain import decisions
from bot.domain.decisions import MOST_TITLE, MOST_WHY, NewDecision, ProposedChange
from bot.domain.known import in_coalition_time
from bot.domain.meetings import next_of_group
from bot.domain.packing import pack
from bot.domain.record import Group, Record
from bot.domain.rights import standing_of
from bot.domain.wording import cut, one_line
from bot.errors import UserError
from bot.services.access import OnRecord, UseCase, one_at_a_time
from bot.services.decisions.drafts import USUAL_OPTIONS
from bot.services.decisions.news import announce
from bot.services.decisions.views import may_propose

# The first option is in favour.
IN_FAVOR = "Approve"
OPTIONS = (IN_FAVOR, "Keep as it is")
# kind → what makes the change, of whoever recorded the decision: the thing's key, the changes.
# It raises UserError where the change can't be made any more; then nothing is recorded.
Apply = Callable[[UseCase, str, Mapping[str, object]], Awaitable[None]]
APPLY: dict[str, Apply] = {}


async def propose_change(
    tx: UseCase, *, title: str, priority: str | None, kind: str, key: str, changes: Mapping[str, object], why: str
) -> str:
    """Proposes a change to the steering group, and posts it there; returns the decision's id, such as "D-6".

    `kind` and `key` say what is changed; `changes` may hold text, exact numbers, dates and lists of them. The caller
    has asked whether the actor may propose. Raises UserError where no group is steering.
    """
    group = steering_of(tx.record)
    await one_at_a_time(tx)
    tx = await tx.read()
    new = NewDecision(
        title=one_line(title), decider=group.id, priority=priority, options=OPTIONS, why=one_line(why) or None
    )
    made = decisions.propose(decisions.next_id(one.id for one in tx.unrestricted.decisions), new, tx.actor.key)
    applies = pack(ProposedChange(kind=kind, key=key, changes=changes))
    await tx.writer().put_new(made, applies=applies)
    await announce(await tx.read(), made)
    return made.id


async def propose_asked(
    tx: OnRecord, by: str, *, title: str, priority: str, needed_by: date | None, why: str
) -> str | None:
    """Proposes to the steering group what somebody (a member's id) asks it to decide, and posts it there; returns the
    decision's id. None where they may not propose, or nobody steers: then it is left to whoever may.

    Without a day it is needed by the group's next meeting.
    """
    found = next((one for one in tx.record.members if one.id == by), None)
    group = tx.record.steering
    if found is None or group is None or not may_propose(standing_of(tx.record, found)):
        return None
    await one_at_a_time(tx)
    tx = await tx.read()
    if needed_by is None or needed_by < tx.today:
        meeting = next_of_group(tx.record, group.id, tx.now)
        needed_by = in_coalition_time(tx.record, meeting.starts_at).date() if meeting is not None else None
    new = decisions.tidied(
        NewDecision(
            title=cut(one_line(title), MOST_TITLE),
            decider=group.id,
            priority=priority,
            needed_by=needed_by,
            options=USUAL_OPTIONS,
            why=cut(one_line(why), MOST_WHY),
        )
    )
    made = decisions.propose(decisions.next_id(one.id for one in tx.unrestricted.decisions), new, by)
    await tx.writer().put_new(made)
    await announce(await tx.read(), made)
    return made.id


async def apply_change(tx: UseCase, proposed: ProposedChange) -> None:
    """Makes the change that was decided in favor. Raises UserError where it can't be made any more."""
    await APPLY[proposed.kind](tx, proposed.key, proposed.changes)


def steering_of(record: Record) -> Group:
    """The group that steers. Raises UserError where there is none."""
    if record.steering is None:
        raise UserError("There is no steering group to decide this yet. A coordinator can set one up.")
    return record.steering
