"""Lists of action items: what somebody typed as the list they want, and its pages. Steps for services."""

from __future__ import annotations

from bot.domain.actions import ActionList, ListQuery, UnknownList, carrier, is_overdue
from bot.domain.record import ActionItem, Record, open_actions
from bot.domain.rights import may_read_priority, may_read_summary
from bot.domain.typed import (
    Known,
    asks_for_every,
    asks_for_own,
    known_members,
    known_priorities,
    likeliest,
    match_known,
    state_asked,
)
from bot.domain.wording import one_line
from bot.services.access import Actor
from bot.services.actions.views import ActionsView, may_create


def typed_query(record: Record, typed: str) -> ListQuery | None:
    """The list that was asked for; None where it is not known."""
    words = one_line(typed).strip("“”\"'")
    if asks_for_own(words, "action"):
        return ListQuery()
    state = state_asked(words, "action", ("overdue", "blocked", "open"))
    if state is not None or asks_for_every(words, "action"):
        return ListQuery(kind="all" if state in {None, "open"} else state or "all")
    organizations = tuple(Known(item.id, item.name) for item in record.organizations)
    if words.startswith("@"):
        found = match_known(words[1:].replace(".", " "), known_members(record))
        return ListQuery(kind="member", id=found[0].id) if len(found) == 1 else None
    for kind, known in (
        ("priority", known_priorities(record)),
        ("organization", organizations),
        ("member", known_members(record)),
    ):
        found = match_known(words, known)
        if len(found) == 1:
            return ListQuery(kind=kind, id=found[0].id)
    return None


def unknown_list(record: Record, typed: str) -> UnknownList:
    """What was probably meant, by the look of its name or of its beginning."""
    said = one_line(typed)
    known = [*known_priorities(record), *(Known(item.id, item.name) for item in record.organizations)]
    known += known_members(record)
    by_word = {word: one for one in reversed(known) for word in (one.name.casefold().split()[0], one.name.casefold())}
    by_word |= {one.id: one for one in known} | {
        word: Known(word, word) for word in ("mine", "all", "overdue", "blocked")
    }
    meant = likeliest(said.lstrip("@"), by_word)
    if meant is not None:
        return UnknownList(said=said, nearest=meant.name, line=f"action list {meant.id}")
    return UnknownList(said=said)


def list_page(view: ActionsView, actor: Actor, query: ListQuery) -> ActionList:
    record, names = view.record, view.directory
    if query.kind == "priority":
        view.require_list(query.id)
    found = [action for action in open_actions(record) if _belongs(view, actor, query, action)]
    found = [action for action in found if view.may_read(action)]
    carriers = {action.id: carrier(action, names) for action in found}
    if query.kind == "organized":
        found.sort(key=lambda action: (names.name(carriers[action.id]).casefold(), action.due))
    else:
        found.sort(key=lambda action: (query.kind == "mine" and action.accepted, action.due))
    return view.page(
        ActionList,
        query,
        found,
        organizations=len(set(carriers.values())),
        may_add=may_create(actor.standing),
        elsewhere=_elsewhere(view, actor) if query.kind in {"overdue", "organized"} else (),
    )


def _elsewhere(view: ActionsView, actor: Actor) -> tuple[tuple[str, int], ...]:
    """How many actions are overdue in priorities of which this person reads the roll-up only."""
    found = []
    for priority in view.record.priorities:
        if may_read_priority(actor.standing, priority.id) or not may_read_summary(actor.standing, priority.id):
            continue
        overdue = (
            one for one in open_actions(view.record) if one.priority == priority.id and is_overdue(one, view.today)
        )
        count = sum(not view.may_read(one) for one in overdue)
        if count:
            found.append((priority.name, count))
    return tuple(found)


def _belongs(view: ActionsView, actor: Actor, query: ListQuery, action: ActionItem) -> bool:
    if query.kind in {"overdue", "organized"}:
        return is_overdue(action, view.today)
    if query.kind in {"all", "blocked"}:
        return query.kind == "all" or action.is_blocked
    if query.kind == "priority":
        return action.priority == query.id
    if query.kind == "organization":
        return carrier(action, view.directory) == query.id
    return action.owner == (query.id if query.kind == "member" else actor.key)
