"""Nothing outlives what it hangs on: what a last day, and something that is open again, are held to. Pure.

The same table says it (`bot/domain/record/hanging.py`), so that a new kind of what hangs on something is held to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Literal, NamedTuple

from bot.domain.record import ENDS, Record, hanging_on, holdings_of
from bot.domain.vocabularies import DecisionRule
from bot.domain.wording import day
from bot.errors import UserError


class Tie(NamedTuple):
    """Something that goes on after the last day of what it hangs on (a thing, or a member who has it)."""

    holder: str  # an id, as is `hung`
    hung: str
    holder_name: str
    hung_name: str
    last_day: date


def require_none_outlives(before: Record, after: Record, key: str) -> None:
    """Raises UserError where something would go on after what it hangs on has ended, and didn't before.

    `key` is the id of what has another last day, or is open again. What had ended before is looked at too.
    """
    known = {(one.holder, one.hung) for one in _ties(before.everything)}
    for tie in _ties(_laid_over(before.everything, after)):
        if (tie.holder, tie.hung) in known:
            continue
        last = day(tie.last_day, tie.last_day)
        if tie.holder == key:
            raise UserError(
                f"{tie.hung_name} goes on after {last} and hangs on {tie.holder_name}. Choose a later day, or end "
                f"{tie.hung_name} by then first.",
                field="last_day",
            )
        raise UserError(
            f"{tie.hung_name} hangs on {tie.holder_name}, whose last day is {last}. Choose a day up to then, or bring "
            f"{tie.holder_name} back first.",
            field="last_day",
        )


def require_open_again(
    record: Record, section: Literal["actions", "issues", "funding_sources"], thing: Any, field: str | None = None
) -> None:
    """Raises UserError, at `field` of its form, where something that is open again hangs on what has an end."""
    before = record.everything
    things = tuple(thing if one.id == thing.id else one for one in getattr(before, section))
    changed: dict[str, Any] = {section: things}
    known = {(one.holder, one.hung) for one in _ties(before)}
    for tie in _ties(replace(before, **changed)):
        if tie.hung == thing.id and (tie.holder, tie.hung) not in known:
            last = day(tie.last_day, tie.last_day)
            raise UserError(
                f"{tie.hung_name} hangs on {tie.holder_name}, whose last day is {last}. Bring {tie.holder_name} back "
                "first, or add this anew without it.",
                field=field,
            )


def _ties(record: Record) -> Iterator[Tie]:
    for noun, ends in ENDS.items():
        for thing in ends.things(record) if ends.hangs else ():
            if thing.ended is not None:
                for found in hanging_on(record, noun, thing.id, thing.ended).values():
                    yield from (Tie(thing.id, one.id, thing.name, one.name, thing.ended) for one in found)
    for member in record.members:
        if member.ended is not None:
            held = holdings_of(record, member.id, member.ended)
            # A chair may be missing for a while, but not where the chair decides.
            deciding = {one.id for one in record.groups if one.decision_rule == DecisionRule.CHAIR}
            chairs = [one for one in held.chairs if one.id in deciding]
            things = (*held.priorities, *chairs, *held.figures, *held.work, *held.principals)
            yield from (Tie(member.id, one.id, member.name, one.name, member.ended) for one in things)


def _laid_over(everything: Record, after: Record) -> Record:
    """Everything, as it is after a change of what is there."""
    if after.whole is None:
        return after
    sections = ("members", "organizations", "groups", "cadences", "actions", "issues", "decisions", "funding_sources")
    changed: dict[str, Any] = {name: _newer(getattr(everything, name), getattr(after, name)) for name in sections}
    was = {one.id: one for one in everything.priorities}
    # Parts that ended are left out below what is there.
    priorities = tuple(replace(one, metrics=_newer(was[one.id].metrics, one.metrics)) for one in after.priorities)
    star, new = everything.coalition.north_star, after.coalition.north_star
    kept = star is not None and star.metric is not None and (new is None or new.metric is None)
    return replace(
        everything,
        coalition=everything.coalition if kept else after.coalition,
        priorities=_newer(everything.priorities, priorities),
        **changed,
    )


def _newer(everything: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[Any, ...]:
    there = {one.id: one for one in after}
    return tuple(there.get(one.id, one) for one in everything)
