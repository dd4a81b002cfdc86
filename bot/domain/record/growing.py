"""What grows with the years, by name: what is open, what is about one priority, what ended lately. No rules here.

Read a part wherever one will do: reading a whole section makes every click cost the coalition's whole history.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from bot.domain.record.record import ActionItem, Ask, MemberAnswer, Metric, Priority, Record, Response, Round
from bot.domain.record.sections import Part, Section, in_order, once, part_of, parts_of
from bot.domain.vocabularies import Visibility


def priority_of(item: Response | Ask) -> str:
    """The priority that an answer or an ask is about."""
    return item.priority


def priority_in_round(item: Round) -> str | None:
    """The priority that a round is about; None where it is about a member."""
    return item.priority


def cadence_of(item: MemberAnswer) -> str:
    """The check-in that somebody answered for themselves."""
    return item.cadence


def month_of_end(action: ActionItem) -> date | None:
    """The first day of the month in which an action ended (in which it was due, where nothing says when it did), or in
    which it began if that was later; None while it is open."""
    return None if action.is_open else max(action.completed or action.due, action.created).replace(day=1)


# The sections of a record that are kept in parts, by what makes a part.
GROUPED_BY: Final[Mapping[str, Callable[[Any], Any]]] = {
    "responses": priority_of,
    "member_answers": cadence_of,
    "rounds": priority_in_round,
    "asks": priority_of,
    "actions": month_of_end,
}


def open_actions(record: Record) -> Part[ActionItem]:
    """The actions that are neither done nor cancelled, in file order."""
    return part_of(record.actions, month_of_end, None)


def current_actions(record: Record, since: date) -> tuple[ActionItem, ...]:
    """The open actions, and at least those that were completed or begun from a day on, in file order."""
    from_month = since.replace(day=1)
    parts = parts_of(record.actions, month_of_end)
    return tuple(in_order(part for ended, part in parts.items() if ended is None or ended >= from_month))


def action_parts(record: Record) -> Sequence[Part[ActionItem]]:
    """All actions, grouped by the month in which they ended: first the open ones, then those that ended last, since
    that is how often they are asked about."""
    return once(_newest_first, record.actions)


def find_action(record: Record, key: str) -> ActionItem | None:
    """The action with this id, however it is cased."""
    key = key.casefold()
    return next((found[key] for part in action_parts(record) if key in (found := once(_by_id, part))), None)


def find_actions(record: Record, keys: Collection[str]) -> list[ActionItem]:
    """Those of these actions that there are, in file order."""
    wanted = {key.casefold() for key in keys}
    holding = [part for part in action_parts(record) if not wanted.isdisjoint(once(_by_id, part))]
    return [one for one in in_order(holding) if one.id in keys]


def restricted_actions(record: Record) -> tuple[ActionItem, ...]:
    """The actions that only some may see, in file order."""
    return once(_all_restricted, record.actions)


def without_actions(record: Record, hidden: frozenset[str]) -> tuple[ActionItem, ...]:
    """The actions but for these (their ids); the same section where there are none of them."""
    return once(_without, record.actions, hidden) if hidden else record.actions


def answers_about(record: Record, priority: str) -> Part[Response]:
    """What was said about one priority in any check-in, in file order."""
    return part_of(record.responses, priority_of, priority)


def asks_about(record: Record, priority: str) -> Part[Ask]:
    """What was asked for about one priority, oldest first."""
    return part_of(record.asks, priority_of, priority)


def find_answer(record: Record, cadence: str, day: date, priority: str) -> Response | None:
    """What was said about a priority in one round."""
    return once(_by_round, answers_about(record, priority)).get((cadence, day))


def member_answers_to(record: Record, cadence: str) -> Part[MemberAnswer]:
    """What people answered a check-in for themselves, in all of its rounds, in file order."""
    return part_of(record.member_answers, cadence_of, cadence)


def find_member_answer(record: Record, cadence: str, day: date, member: str) -> MemberAnswer | None:
    """What was said for a member in one round."""
    return once(_by_member, member_answers_to(record, cadence)).get((day, member))


def every_metric(record: Record) -> Iterator[tuple[str | None, Metric]]:
    """The north star's and all priorities' metrics, each with its priority's id."""
    star = record.coalition.north_star
    if star is not None and star.metric is not None:
        yield None, star.metric
    for priority in record.priorities:
        for metric in priority.metrics:
            yield priority.id, metric


def headline_metric(priority: Priority) -> Metric | None:
    """The priority's headline metric: the one that it names, else its first; None where it has no metric."""
    named = (metric for metric in priority.metrics if metric.id == priority.headline_metric)
    return next(named, priority.metrics[0] if priority.metrics else None)


def metric_at(metric: Metric, today: date) -> Metric:
    """The metric with only the readings that existed on a day; the same object if all did."""
    if once(_newest_day, metric) <= today:
        return metric
    return replace(metric, readings=tuple(one for one in metric.readings if one.counts_from <= today))


def _by_id(actions: Part[ActionItem]) -> dict[str, ActionItem]:
    return {one.id.casefold(): one for one in reversed(actions)}


def _newest_first(actions: tuple[ActionItem, ...]) -> tuple[Part[ActionItem], ...]:
    parts = parts_of(actions, month_of_end)
    ended = sorted((month for month in parts if month is not None), reverse=True)
    return tuple(parts[month] for month in (None, *ended) if month in parts)


def _all_restricted(actions: tuple[ActionItem, ...]) -> tuple[ActionItem, ...]:
    parts = [once(_restricted, part) for part in parts_of(actions, month_of_end).values()]
    return tuple(in_order(part for part in parts if part))


def _restricted(actions: Part[ActionItem]) -> Part[ActionItem]:
    return Part.of([(place, one) for place, one in actions.placed() if one.visibility != Visibility.EVERYBODY])


def _without(actions: tuple[ActionItem, ...], hidden: frozenset[str]) -> tuple[ActionItem, ...]:
    if not isinstance(actions, Section):
        return tuple(one for one in actions if one.id not in hidden)
    return actions.only(
        lambda part: hidden.isdisjoint(one.id for one in part), lambda one: None if one.id in hidden else one
    )


def _by_round(answers: Part[Response]) -> dict[tuple[str, date], Response]:
    return {(one.cadence, one.round): one for one in reversed(answers)}


def _by_member(answers: Part[MemberAnswer]) -> dict[tuple[date, str], MemberAnswer]:
    return {(one.round, one.member): one for one in reversed(answers)}


def _newest_day(metric: Metric) -> date:
    return max((one.counts_from for one in metric.readings), default=date.min)
