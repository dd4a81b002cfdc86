"""One change of each kind that a coalition file can bring, as functions from a record to the changed one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.domain.record import Record
from bot.domain.record import record as values

Edit = Callable[[Record], Record]


def local(text: str) -> datetime:
    """A wall time, as cadences have them."""
    return datetime.fromisoformat(text)


def _items(section: str, item_id: str, change: Callable[[Any], Any]) -> Edit:
    def edit(record: Record) -> Record:
        items = getattr(record, section)
        assert any(item.id == item_id for item in items), f"no {item_id} in {section}"
        changed: dict[str, Any] = {section: tuple(change(item) if item.id == item_id else item for item in items)}
        return replace(record, **changed)

    return edit


def _metric(priority: str, metric: str, change: Callable[[values.Metric], values.Metric]) -> Edit:
    return _items(
        "priorities",
        priority,
        lambda item: replace(item, metrics=tuple(change(m) if m.id == metric else m for m in item.metrics)),
    )


def _reading(metric: values.Metric) -> values.Metric:
    new = values.Reading(
        period_start=date(2026, 7, 1),
        period_end=date(2026, 9, 30),
        value=Decimal("140.50"),
        recorded_on=date(2026, 11, 23),
    )
    return replace(metric, readings=(*metric.readings, new))


def _answer(record: Record) -> Record:
    latest = max((one for one in record.responses if one.priority == "family-access"), key=lambda one: one.round)
    changed = replace(latest, assessment="at_risk", confidence=4, moved="It was less bad.")
    return replace(record, responses=tuple(changed if one is latest else one for one in record.responses))


def _new_answer(record: Record) -> Record:
    given = values.Response(
        cadence="weekly-checkin",
        round=date(2026, 11, 17),
        priority="supplier-growth",
        by="grant",
        assessment="off_track",
        confidence=2,
        moved="A buyer left.",
        blocker="No buyer.",
        next="A new buyer.",
    )
    return replace(record, responses=(*record.responses, given))


def _new_priority(record: Record) -> Record:
    added = values.Priority(id="broadband", name="Broadband", owner="marcus", outcomes=(), metrics=())
    return replace(record, priorities=(*record.priorities, added))


def _north_star(record: Record) -> Record:
    star = record.coalition.north_star
    assert star is not None
    assert star.metric is not None
    metric = replace(star.metric, target=values.DatedValue(value=Decimal(72000), on=date(2032, 12, 31)))
    return replace(record, coalition=replace(record.coalition, north_star=replace(star, metric=metric)))


def _zone(record: Record) -> Record:
    return replace(record, coalition=replace(record.coalition, timezone="America/New_York"))


# What the digest's data shows.
SHOWN: dict[str, Edit] = {
    "an action is done": _items("actions", "A-101", lambda a: replace(a, status="done", completed=date(2026, 11, 23))),
    "an action moves": _items(
        "actions",
        "A-102",
        lambda a: replace(
            a,
            due=date(2026, 12, 24),
            moves=(values.ActionMove(before=a.due, to=date(2026, 12, 24), on=date(2026, 11, 23)),),
        ),
    ),
    "an action changes hands": _items("actions", "A-301", lambda a: replace(a, owner="priya", organization="lbp")),
    "a reading is added": _metric("family-access", "fa-seats", _reading),
    "a metric is retargeted": _metric(
        "job-quality",
        "jq-pledge",
        lambda m: replace(m, target=values.DatedValue(value=Decimal(30), on=date(2026, 12, 31))),
    ),
    "milestones are taken away": _metric(
        "talent-pathways", "tp-enrol", lambda m: replace(m, milestones=m.milestones[:1])
    ),
    "a priority's owner changes": _items("priorities", "supplier-growth", lambda p: replace(p, owner="marcus")),
    "an outcome is completed": _items(
        "priorities",
        "family-access",
        lambda p: replace(p, outcomes=(replace(p.outcomes[0], completed=date(2026, 11, 20)), *p.outcomes[1:])),
    ),
    "a need is set": _items(
        "priorities", "job-quality", lambda p: replace(p, need=values.Need(amount=Decimal(900000)))
    ),
    "a priority is added": _new_priority,
    "the check-in moves": _items(
        "cadences",
        "weekly-checkin",
        lambda c: replace(c, rrule="FREQ=WEEKLY;BYDAY=WE", dtstart=local("2026-01-07T09:00"), moves=()),
    ),
    "a meeting moves": _items(
        "cadences",
        "stocktake",
        lambda c: replace(c, moves=(replace(c.moves[0], to=local("2026-11-25T10:00")),)),
    ),
    "a meeting is skipped": _items(
        "cadences", "backbone-sync", lambda c: replace(c, exdates=(local("2026-11-30T10:00"),))
    ),
    "an answer is corrected": _answer,
    "an answer is added": _new_answer,
    "an issue is escalated": _items(
        "issues", "I-2", lambda i: replace(i, status="escalated", escalated_to="steering", escalated=date(2026, 11, 23))
    ),
    "a decision is made": _items(
        "decisions", "D-1", lambda d: replace(d, status="decided", decided_on=date(2026, 11, 23), outcome="Agreed.")
    ),
    "an allocation is taken away": _items(
        "funding_sources", "F-7", lambda f: replace(f, allocations=(f.allocations[0], f.allocations[2]))
    ),
    "a source is awarded": _items("funding_sources", "F-4", lambda f: replace(f, status="awarded")),
    "the north star is retargeted": _north_star,
    "the coalition's clock changes": _zone,
}

# What only the record shows.
KEPT: dict[str, Edit] = {
    "an organization closes on another day": _items(
        "organizations", "lbp", lambda o: replace(o, closed_days=(date(2026, 12, 24), date(2026, 12, 23)))
    ),
    "an earlier closed day is put before others": _items(
        "organizations",
        "kessler",
        lambda o: replace(o, closed_days=tuple(dict.fromkeys((date(2026, 11, 20), *o.closed_days)))),
    ),
    "contacts change places": _items("organizations", "kessler", lambda o: replace(o, contacts=("tom", "renata"))),
    "a role is taken away": _items("members", "omar", lambda m: replace(m, roles=m.roles[:1])),
    "a role is put before others": _items(
        "members",
        "priya",
        # Made twice it is one role all the same.
        lambda m: replace(m, roles=tuple(dict.fromkeys((values.Role(role="admin", scope="coalition"), *m.roles)))),
    ),
    "a delegate changes": _items("members", "yolanda", lambda m: replace(m, delegate="omar")),
    "an absence is called off": _items("members", "helen", lambda m: replace(m, away=())),
    "a member wants no messages about meetings": _items(
        "members", "marcus", lambda m: replace(m, no_messages_about=("meetings",))
    ),
    "a member moves to another zone": _items("members", "imani", lambda m: replace(m, timezone="America/Denver")),
    "a group's seats change": _items(
        "groups", "wg-quality", lambda g: replace(g, members=("renata", "dana", "tom"), quorum=2)
    ),
    "a chair changes": _items("groups", "wg-supplier", lambda g: replace(g, chair="marcus", cochair=None)),
    "a set asks otherwise": _items(
        "question_sets", "weekly-priority", lambda s: replace(s, questions=s.questions[:3], minutes=2)
    ),
    "a digest has another reader": _items(
        "cadences", "weekly-digest", lambda c: replace(c, email=("charlotte", "dana"))
    ),
    "a report is owed no more": _items("funding_sources", "F-2", lambda f: replace(f, report=None)),
}

EDITS = SHOWN | KEPT


def in_groups(size: int) -> list[tuple[list[str], Edit]]:
    """All edits, several at a time: their names, and one function that makes them one after the other."""
    names = list(EDITS)

    def together(chosen: list[str]) -> Edit:
        def edit(record: Record) -> Record:
            for name in chosen:
                record = EDITS[name](record)
            return record

        return edit

    groups = [names[start : start + size] for start in range(0, len(names), size)]
    return [(group, together(group)) for group in groups]
