"""Lists of decisions: what somebody typed as the list they want, and its pages. Steps for services."""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import date

from bot.domain.decisions import PAGE, DecisionList, DecisionQuery, match_group
from bot.domain.record import Decision, Record
from bot.domain.rights import sight_words
from bot.domain.typed import asks_for_every, asks_for_own, known_priorities, match_known, state_asked
from bot.domain.wording import one_line
from bot.services.access import Actor
from bot.services.decisions.drafts import known_groups
from bot.services.decisions.views import DecisionsView, may_propose

STATUSES = ("needed", "decided", "deferred", "withdrawn")


def typed_query(record: Record, typed: str) -> DecisionQuery | str:
    """The list that was asked for; what was probably meant, or "", where it is not known."""
    words = one_line(typed).strip("“”\"'").casefold()
    if not words or asks_for_every(words, "decision"):
        return DecisionQuery(kind="log")
    if asks_for_own(words, "decision"):
        return DecisionQuery()
    state = state_asked(words, "decision", STATUSES)
    if state is not None:
        return DecisionQuery(kind="status", id=state)
    priorities, groups = match_known(words, known_priorities(record)), match_group(words, known_groups(record), {})
    if len(priorities) == 1:
        return DecisionQuery(kind="priority", id=priorities[0].id)
    if len(groups) == 1:
        return DecisionQuery(kind="group", id=groups[0].id)
    known = {word: word for word in STATUSES}
    for one in (*known_priorities(record), *known_groups(record)):
        known |= {one.name.casefold(): one.name, one.name.casefold().split()[0]: one.name, one.id: one.name}
    near = difflib.get_close_matches(words, list(known), n=1, cutoff=0.6)
    return known[near[0]] if near else ""


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
    start = min(query.page, max(0, (len(found) - 1) // PAGE)) * PAGE
    return DecisionList(
        query=replace(query, page=start // PAGE),
        name=view.directory.name(query.id) if query.kind in {"priority", "group"} else None,
        cards=tuple(view.card(one) for one in found[start : start + PAGE]),
        start=start,
        total=len(found),
        waiting=len(waiting),
        today=view.today,
        may_propose=may_propose(actor.standing),
        sight=sight_words(view.record, actor.standing, "your groups' decisions") if query.kind != "mine" else None,
    )


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
