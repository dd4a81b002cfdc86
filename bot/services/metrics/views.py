"""Whose a metric is and who may read or record its figures: shared steps of the services, read from a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.metrics import FigureRow, due_on, standing
from bot.domain.record import Metric, Priority, Record, headline_metric
from bot.domain.rhythm import to_local
from bot.domain.rights import METHODS, Right, coordinators, may_read_summary
from bot.errors import Refused, UserError
from bot.services.access import Actor

GONE = "I can't find this figure anymore. Type “figures” to see what there is."


@dataclass(frozen=True, slots=True)
class Place:
    """A metric and the priority that it belongs to; the north star's has none."""

    metric: Metric
    priority: Priority | None


def due_figures(actor: Actor, record: Record, now: datetime) -> tuple[FigureRow, ...]:
    """The figures that this person is steward of and that are due, longest due first. For Home."""
    today = today_in(record, now)
    rows = (row_of(actor, record, one, today) for one in places_of(record) if one.metric.steward == actor.key)
    return tuple(sorted((row for row in rows if row.is_due and row.may_record), key=due_first))


def may_record_any(actor: Actor) -> bool:
    """Whether "Update a figure" is for this person."""
    return actor.standing.may_anywhere(Right.RECORD_READING)


def today_in(record: Record, now: datetime) -> date:
    return to_local(now, record.coalition.timezone).date()


def places_of(record: Record) -> list[Place]:
    star = record.coalition.north_star
    found = [] if star is None or star.metric is None else [Place(star.metric, None)]
    return found + [Place(metric, priority) for priority in record.priorities for metric in priority.metrics]


def place_of(places: list[Place], metric: str) -> Place:
    found = next((one for one in places if one.metric.id == metric), None)
    if found is None:
        raise UserError(GONE, field="metric")
    return found


def _scopes(place: Place) -> tuple[str, ...]:
    return (place.metric.id, *([place.priority.id] if place.priority is not None else []))


def may_read(actor: Actor, place: Place, method: str) -> bool:
    """The north star is everybody's: every edition of the digest begins with it.

    A priority's headline figure is also read by whoever reads the roll-up.
    """
    if place.priority is None:
        return True
    if headline_metric(place.priority) is place.metric and may_read_summary(actor.standing, place.priority.id):
        return True
    return any(actor.standing.may(METHODS[method], scope) for scope in _scopes(place))


def may_record(actor: Actor, place: Place, method: str) -> bool:
    return any(actor.standing.may(METHODS[method], scope) for scope in _scopes(place))


def require_reader(actor: Actor, record: Record, place: Place, method: str) -> None:
    if not may_read(actor, place, method):
        whose = place.priority.name if place.priority is not None else record.coalition.name
        raise Refused(f"Figures of {whose} are read by those who work on it. {_helpers(record, place)} can help.")


def require_recorder(actor: Actor, record: Record, place: Place, method: str) -> None:
    if not may_record(actor, place, method):
        raise Refused(refusal_words(record, place))


def refusal_words(record: Record, place: Place | None) -> str:
    if place is None:
        return f"Figures are recorded by their stewards and by coordinators. {_helpers(record, None)} can help."
    if place.priority is None:
        return f"This figure is recorded by its steward or a coordinator. {_helpers(record, place)} can help."
    return (
        f"Figures of {place.priority.name} are recorded by its owner, the figure's steward or a coordinator. "
        f"{_helpers(record, place)} can help."
    )


def _helpers(record: Record, place: Place | None) -> str:
    names = {member.id: member.name for member in record.members}
    owner = names.get(place.priority.owner) if place is not None and place.priority is not None else None
    coordinator = next((member.name for member in coordinators(record)), None)
    known = dict.fromkeys(name for name in (owner, coordinator) if name)
    return " or ".join(known) or "A coordinator"


def row_of(actor: Actor, record: Record, place: Place, today: date) -> FigureRow:
    found = standing(place.metric, today)
    due = due_on(found)
    return FigureRow(
        standing=found,
        priority_name=place.priority.name if place.priority is not None else None,
        steward_name=next((one.name for one in record.members if one.id == place.metric.steward), "nobody yet"),
        due_on=due,
        is_due=due is not None and due <= today,
        is_mine=place.metric.steward == actor.key,
        may_record=may_record(actor, place, "metrics.record"),
        may_edit=any(actor.standing.may(METHODS["metricplans.edit"], scope) for scope in _scopes(place)),
    )


def due_first(row: FigureRow) -> tuple[bool, date]:
    return (not row.is_due, row.due_on if row.is_due and row.due_on is not None else date.min)


def mine_and_due_first(row: FigureRow) -> tuple[bool, bool, date]:
    return (not row.is_mine, *due_first(row))
