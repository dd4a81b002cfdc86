"""What may be picked as an answer, by the source of its question and by what whoever answers may see. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.record import (
    ActionItem,
    Group,
    Member,
    Metric,
    Organization,
    Priority,
    Record,
    every_metric,
    find_action,
    lasting,
    open_actions,
)
from bot.domain.rights import Standing, may_read_priority, may_read_summary
from bot.domain.typed import Known
from bot.domain.vocabularies import PickerSource

Choosable = Member | Organization | Group | Priority | Metric


def pickable(record: Record, standing: Standing, member: str | None, source: str) -> tuple[Known, ...]:
    """Everything that somebody may pick from a source, in file order: the coalition's people, organizations and groups,
    and of priorities, figures and open actions what they may see."""
    if source == PickerSource.MEMBERS:
        homes = {one.id: one.name for one in record.everything.organizations}
        return tuple(Known(one.id, f"{one.name} ({homes[one.organization]})") for one in record.members)
    if source == PickerSource.PRIORITIES:
        return tuple(Known(one.id, one.name) for one in record.priorities if may_read_summary(standing, one.id))
    if source == PickerSource.METRICS:
        priorities = {one.id: one for one in record.priorities}
        return tuple(
            Known(metric.id, metric.name)
            for key, metric in every_metric(record)
            if key is None or _sees_figure(standing, priorities[key], metric.id)
        )
    if source == PickerSource.ACTIONS:
        return tuple(
            Known(one.id, f"{one.title} ({one.id})")
            for one in open_actions(record)
            if _sees_action(standing, member, one)
        )
    return tuple(Known(one.id, one.name) for one in _things(record, source))


def may_pick(record: Record, standing: Standing, member: str | None, source: str, key: str) -> bool:
    """Whether somebody may answer with the thing of this id; an action also once it is done."""
    if source == PickerSource.ACTIONS:
        action = find_action(record, key)
        return action is not None and _sees_action(standing, member, action)
    return any(one.id == key for one in pickable(record, standing, member, source))


def _sees_action(standing: Standing, member: str | None, action: ActionItem) -> bool:
    return action.owner == member or may_read_priority(standing, action.priority)


def _sees_figure(standing: Standing, priority: Priority, metric: str) -> bool:
    if may_read_priority(standing, priority.id) or standing.scoped.get(metric):
        return True
    headline = priority.headline_metric or next((one.id for one in priority.metrics), None)
    return headline == metric and may_read_summary(standing, priority.id)


def found_in(known: tuple[Known, ...], typed: str) -> tuple[Known, ...]:
    """Those whose name or id holds what was typed; those that begin with it first."""
    wanted = typed.strip().casefold()
    fit = [one for one in known if wanted in one.name.casefold() or wanted == one.id.casefold()]
    return tuple(sorted(fit, key=lambda one: not one.name.casefold().startswith(wanted)))


def name_of_picked(record: Record, source: str | None, key: str) -> str:
    """What an id stands for that was picked from a source; the id itself where it stands for nothing any more."""
    if source == PickerSource.ACTIONS:
        action = find_action(record, key)
        return f"{action.title} ({action.id})" if action is not None else key
    return next((one.name for one in _things(record, source) if one.id == key), key)


def _things(record: Record, source: str | None) -> Sequence[Choosable]:
    match source:
        case PickerSource.MEMBERS:
            return record.members
        case PickerSource.PRIORITIES:
            return record.priorities
        case PickerSource.METRICS:
            return [metric for _, metric in every_metric(record)]
        case PickerSource.ORGANIZATIONS:
            return record.organizations
        case PickerSource.GROUPS:
            return record.groups
    both: tuple[Organization | Group, ...] = (*lasting(record.organizations), *lasting(record.groups))
    return both
