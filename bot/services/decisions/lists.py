"""Lists of decisions: what somebody typed as the list they want, and its pages. Steps for services."""

from __future__ import annotations

from datetime import date

from bot.domain.decisions import DecisionList, DecisionQuery
from bot.domain.record import Decision
from bot.services.access import Actor
from bot.services.decisions.views import DecisionsView, may_propose
from bot.services.numbered import Lists

DECISIONS = Lists(
    noun="decision", query=DecisionQuery, every="log", statuses=("needed", "decided", "deferred", "withdrawn")
)


def list_page(view: DecisionsView, actor: Actor, query: DecisionQuery) -> DecisionList:
    """One page of what this person may see. Raises Refused for a priority out of sight."""
    found = [one for one in view.record.decisions if view.may_read(one) and _belongs(view, actor, query, one)]
    if not found and query.kind == "priority":
        # An empty list would say that nothing was ever decided there.
        view.require_list(query.id)
    waiting = {one.id for one in found if view.waits_for_me(one)}
    if query.kind == "mine":
        found.sort(key=lambda one: (one.id not in waiting, one.needed_by or date.max))
    else:
        found.sort(key=_newest_first)
    return view.page(DecisionList, query, found, waiting=len(waiting), may_add=may_propose(actor.standing))


def _belongs(view: DecisionsView, actor: Actor, query: DecisionQuery, decision: Decision) -> bool:
    if query.kind == "mine":
        is_mine = bool(view.own_voices(decision)) or actor.key in {decision.accountable, *view.group(decision).members}
        return decision.status == "needed" and is_mine
    if query.kind == "status":
        return decision.status == query.id
    if query.kind == "priority":
        return decision.priority == query.id
    return query.kind == "log" or decision.decider == query.id


def _newest_first(decision: Decision) -> tuple[int, date, str]:
    """What is needed by its date, then what is settled, the newest first."""
    if decision.status == "needed":
        return (0, decision.needed_by or date.max, decision.id)
    settled = decision.decided_on or decision.needed_by or date.min
    return (1, date.fromordinal(date.max.toordinal() - settled.toordinal() + 1), decision.id)
