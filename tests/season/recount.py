"""Counts the digest's numbers a second time, from the sample's file and what the season's people did since.

Written from the product's rules and from nothing of the program: two readings of one rule seldom err alike. A ledger
is the file as plain data, into which each act of the season is entered. Words and layout are not here.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

Plain = dict[str, Any]

MONTHS = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}
ORDER = ("off_track", "at_risk", "not_started", "paused", "on_track", "complete")
AT_REST = ("paused", "complete")


@dataclass
class Ledger:
    """The file as it was read, and what has been done since: entries carry the moment `at` at which they were made."""

    file: Plain
    responses: list[Plain] = field(default_factory=list)  # priority, round, by, on_behalf_of, assessment, …, at
    readings: list[Plain] = field(default_factory=list)  # metric, period_end, value, quality, at
    actions: list[Plain] = field(default_factory=list)  # id, at, and what is so of it from then on
    decisions: list[Plain] = field(default_factory=list)  # the same of a decision
    outcomes: list[Plain] = field(default_factory=list)  # id, completed
    asks: list[Plain] = field(default_factory=list)  # priority, text, organization, sent, ended
    votes: list[Plain] = field(default_factory=list)  # decision, organization, choice, at
    away: list[Plain] = field(default_factory=list)  # member, from, to
    moves: list[Plain] = field(default_factory=list)  # cadence, from, to (None: skipped), at
    owners: list[Plain] = field(default_factory=list)  # priority, owner, at
    states: list[Plain] = field(default_factory=list)  # priority, state, at: what a coordinator says of it
    ended: list[Plain] = field(default_factory=list)  # member, last_day, at
    targets: list[Plain] = field(default_factory=list)  # metric, value, date, at

    @property
    def zone(self) -> ZoneInfo:
        """The coalition's clock."""
        return ZoneInfo(self.file["coalition"]["timezone"])

    def today(self, moment: datetime) -> date:
        """The date of a moment in the coalition's zone."""
        return moment.astimezone(self.zone).date()

    def member(self, key: str) -> Plain:
        return next(one for one in self.file["members"] if one["id"] == key)

    def cadence(self, key: str) -> Plain:
        return next(one for one in self.file["cadences"] if one["id"] == key)

    def priority(self, key: str) -> Plain:
        return next(one for one in self.file["priorities"] if one["id"] == key)

    def has_left(self, member: str, day: date) -> bool:
        """Whether somebody's last day lies before a day."""
        return any(one["member"] == member and one["last_day"] < day for one in self.ended)

    def rests(self, member: str, moment: datetime) -> bool:
        """Whether something is said to be done of which somebody is the owner: nobody is asked about that."""
        return any(self.owner(one["priority"], moment) == member and one["at"] <= moment for one in self.states)

    def has_handed_over(self, member: str, moment: datetime) -> bool:
        """Whether what was somebody's is with others at a moment: from when their leaving is entered."""
        return any(one["member"] == member and one["at"] <= moment for one in self.ended)

    def state(self, key: str, moment: datetime) -> Plain | None:
        """What a coordinator says of a priority at a moment; None where its owner does."""
        given = [one for one in self.states if one["priority"] == key and one["at"] <= moment]
        return given[-1] if given else None

    def owner(self, key: str, moment: datetime) -> str:
        """Whose priority it is at a moment, by id."""
        given = [one["owner"] for one in self.owners if one["priority"] == key and one["at"] <= moment]
        owner: str = given[-1] if given else self.priority(key)["owner"]
        return owner


def recount(ledger: Ledger, moment: datetime) -> Plain:
    """What the digest must say at a moment, in the shape of its JSON: what is a number or follows from one."""
    today = ledger.today(moment)
    asks = [one for one in ledger.asks if one["sent"] <= moment and not (one.get("ended") and one["ended"] <= moment)]
    # What the file says was asked carries no state: it stands until the priority's next answer.
    for priority in ledger.file["priorities"]:
        latest = _history(ledger, priority, moment)[-1]
        if "at" not in latest and latest.get("ask"):
            asks.append(
                {
                    "priority": priority["id"],
                    "text": latest["ask"],
                    "organization": latest.get("ask_from"),
                    "sent": datetime.combine(latest["round"], time.min, tzinfo=ledger.zone),
                }
            )
    parts = [_priority(ledger, one, today, moment) for one in ledger.file["priorities"]]
    positions = {one["id"]: place for place, one in enumerate(ledger.file["priorities"])}
    statuses = {metric["id"]: metric["status"] for part in parts for metric in part["metrics"]}
    return {
        "north_star": _metric(ledger, ledger.file["coalition"]["north_star"]["metric"], today, True),
        "decisions_needed": _decisions_needed(ledger, moment),
        "decisions_made": _decisions_made(ledger, today, moment),
        "asks": [
            {"priority": one["priority"], "text": one["text"], "organization": one["organization"]}
            for one in sorted(asks, key=lambda one: (positions[one["priority"]], one["sent"]))
        ],
        "priorities": sorted(
            parts, key=lambda part: (ORDER.index(part["standing"]["assessment"]), positions[part["id"]])
        ),
        "coalition_actions": _actions(ledger, None, today, moment),
        "coalition_funding": _funding(ledger, None, today),
        "silent_owners": [
            ledger.owner(priority["id"], moment)
            for priority, part in zip(ledger.file["priorities"], parts, strict=True)
            if part["standing"]["silent_rounds"] >= 2 and not _answered_open_round(ledger, priority, moment)
        ],
        "metrics_without_reading": [key for key, status in statuses.items() if status == "no_data"],
        "stale_metrics": [key for key, status in statuses.items() if status == "stale"],
        "cross_organization_waits": _waits(ledger, today, moment),
        "upcoming_meetings": _meetings(ledger, moment),
    }


# Figures


def _readings(ledger: Ledger, metric: Plain, today: date) -> list[tuple[date, Fraction, str, Plain]]:
    """What counts of a metric's readings, by period, each superseded by the later one of the same period."""
    found: list[tuple[date, Fraction, str, Plain]] = []
    for one in metric.get("observations") or []:
        if (one.get("recorded_on") or one["period_end"]) <= today:
            found.append((one["period_end"], _exact(one["value"]), one.get("status", "final"), one))
    for one in ledger.readings:
        if one["metric"] == metric["id"] and ledger.today(one["at"]) <= today:
            found.append((one["period_end"], _exact(one["value"]), one["quality"], one))
    latest = {one[0]: one for one in found}
    return [latest[day] for day in sorted(latest) if day > metric["baseline"]["date"]]


def _metric(ledger: Ledger, metric: Plain, today: date, headline: bool) -> Plain:
    baseline, target = metric.get("baseline"), metric.get("target")
    given = [one for one in ledger.targets if one["metric"] == metric["id"] and ledger.today(one["at"]) <= today]
    target = given[-1] if given else target
    readings = _readings(ledger, metric, today) if baseline else []
    line: Plain = {
        "id": metric["id"],
        "headline": headline,
        "status": "no_data",
        "baseline": _exact(baseline["value"]) if baseline else None,
        "target": _exact(target["value"]) if target else None,
        "latest": None,
        "expected": None,
        "progress": None,
    }
    if not (baseline and target and readings):
        return line
    day, value, quality, reading = readings[-1]
    withheld = "confidential_below_n" in metric and reading.get("reporters", 0) < metric["confidential_below_n"]
    line["latest"] = {
        "value": None if withheld else value,
        "period_end": day.isoformat(),
        "quality": quality,
    }
    goal, start = _exact(target["value"]), _exact(baseline["value"])
    cumulative = metric.get("aggregation") == "cumulative"
    is_stale = day < target["date"] and today > _next_end(day, metric.get("frequency", "quarterly")) + timedelta(
        days=metric.get("expected_lag_days", 0) + 30
    )
    if metric["direction"] == "maintain":
        line["expected"] = goal
        away, room = abs(value - goal), _exact(metric["tolerance"])
        line["status"] = "stale" if is_stale else _band(away <= room, away <= 2 * room)
        return line
    points = [(baseline["date"], start), *((m["date"], _exact(m["value"])) for m in metric.get("milestones") or [])]
    expected = _expected(sorted([*points, (target["date"], goal)]), day)
    progress, wanted = (value - start) / (goal - start), (expected - start) / (goal - start)
    line["expected"] = expected
    line["progress"] = None if withheld else progress
    is_met = value >= goal if metric["direction"] == "increase" else value <= goal
    if is_stale and not (is_met and cumulative):
        line["status"] = "stale"
    elif is_met:
        line["status"] = "met"
    elif day >= target["date"]:
        line["status"] = "at_risk" if progress >= Fraction(9, 10) else "off_track"
    elif wanted <= 0:
        line["status"] = "on_track" if progress >= wanted else "at_risk"
    else:
        behind = wanted - progress
        line["status"] = _band(
            progress >= Fraction(9, 10) * wanted or behind <= Fraction(3, 100),
            progress >= Fraction(7, 10) * wanted or behind <= Fraction(1, 10),
        )
    return line


def _band(good: bool, fair: bool) -> str:
    return "on_track" if good else "at_risk" if fair else "off_track"


def _expected(points: list[tuple[date, Fraction]], day: date) -> Fraction:
    if day >= points[-1][0]:
        return points[-1][1]
    for (before, low), (after, high) in pairwise(points):
        if before <= day <= after:
            return low + (high - low) * Fraction((day - before).days, (after - before).days)
    return points[0][1]


def _next_end(day: date, frequency: str) -> date:
    if frequency == "weekly":
        return day + timedelta(days=7)
    months = day.year * 12 + day.month - 1 + MONTHS[frequency]
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    was_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if was_last else min(day.day, last))


def _exact(value: Any) -> Fraction:
    return Fraction(str(value))


# How priorities stand


def _history(ledger: Ledger, priority: Plain, moment: datetime) -> list[Plain]:
    """A priority's answers in the check-in that feeds the digest, one a round, oldest first."""
    rounds: dict[date, Plain] = {}
    for one in [*ledger.file["checkins"], *ledger.responses]:
        if one["priority"] != priority["id"] or ("at" in one and one["at"] > moment):
            continue
        before = rounds.get(one["round"])
        own_first = before is not None and not before.get("on_behalf_of") and one.get("on_behalf_of")
        if not own_first:
            rounds[one["round"]] = one
    found: list[Plain] = []
    for day in sorted(rounds):
        one = dict(rounds[day])
        if one.get("no_change") and found:
            one["assessment"] = one.get("assessment") or found[-1]["assessment"]
            one["confidence"] = one.get("confidence", found[-1]["confidence"])
        found.append(one)
    return found


def rounds_of(ledger: Ledger, priority: Plain, until: datetime) -> Iterator[tuple[date, datetime, datetime]]:
    """The rounds of the check-in that feeds the digest, each with its opening and close on the owner's clock."""
    cadence = next(one for one in ledger.file["cadences"] if one.get("feeds"))
    zone = ZoneInfo(ledger.member(ledger.owner(priority["id"], until))["timezone"])
    first = min(one["round"] for one in ledger.file["checkins"])
    for slot, local, change in _slots(ledger, cadence, datetime.combine(first, time.min), until.replace(tzinfo=None)):
        opens = local.replace(tzinfo=zone)
        if slot.date() < first or opens > until:
            continue
        hours = change.get("closes_after_hours", cadence["closes_after_hours"])
        yield local.date(), opens, _later(opens, hours)


def _priority(ledger: Ledger, priority: Plain, today: date, moment: datetime) -> Plain:
    history = _history(ledger, priority, moment)
    latest = history[-1]
    since = latest["round"]
    for one in reversed(history):
        if one["assessment"] != latest["assessment"]:
            break
        since = one["round"]
    missed = [
        day
        for day, opens, closes in rounds_of(ledger, priority, moment)
        if closes <= moment and day > latest["round"] and not _is_excused(ledger, priority, day, opens)
    ]
    headline = priority.get("headline_metric") or priority["metrics"][0]["id"]
    metrics = [_metric(ledger, one, today, one["id"] == headline) for one in priority["metrics"]]
    numbers = next(one["status"] for one in metrics if one["headline"])
    # What a coordinator says of it stands until its owner is asked again.
    said = ledger.state(priority["id"], moment)
    if said is not None:
        day = ledger.today(said["at"])
        missed, since = [], day
        latest = {**latest, "assessment": said["state"], "round": day, "by": None, "on_behalf_of": None}
    assessment = latest["assessment"]
    steps = [int(b["confidence"]) - int(a["confidence"]) for a, b in pairwise(history[-3:])]
    return {
        "id": priority["id"],
        "standing": {
            "assessment": assessment,
            "since": since.isoformat(),
            "weeks": (today - since).days // 7,
            "age_days": (today - latest["round"]).days,
            "by": latest["by"],
            "on_behalf_of": latest.get("on_behalf_of"),
            "silent_rounds": 0 if assessment in AT_REST else len(missed),
        },
        "confidence": {
            "value": latest.get("confidence"),
            "change": steps[-1] if steps else None,
            "falling": len(steps) == 2 and max(steps) < 0,
        },
        "disagrees": numbers == "off_track"
        if assessment in ("on_track", "complete")
        else assessment == "off_track" and numbers in ("on_track", "met"),
        "metrics": metrics,
        "next_outcome": _next_outcome(ledger, priority, today, moment),
        "actions": _actions(ledger, priority["id"], today, moment),
        "funding": _funding(ledger, priority, today),
    }


def _answered_open_round(ledger: Ledger, priority: Plain, moment: datetime) -> bool:
    last = _history(ledger, priority, moment)[-1]["round"]
    return any(day == last and closes > moment for day, _, closes in rounds_of(ledger, priority, moment))


def _is_excused(ledger: Ledger, priority: Plain, day: date, opens: datetime) -> bool:
    """Whether the owner was away when the round opened, or the organization closed."""
    owner = ledger.member(ledger.owner(priority["id"], opens))
    organization = next(one for one in ledger.file["organizations"] if one["id"] == owner["organization"])
    periods = [*(owner.get("away") or []), *(one for one in ledger.away if one["member"] == owner["id"])]
    return day in (organization.get("closed_days") or []) or any(one["from"] <= day <= one["to"] for one in periods)


def _next_outcome(ledger: Ledger, priority: Plain, today: date, moment: datetime) -> Plain | None:
    done = {one["id"] for one in ledger.outcomes if one["at"] <= moment}
    open_ones = [
        one
        for one in priority["intermediate_outcomes"]
        if not (one.get("completed") and one["completed"] <= today) and one["id"] not in done
    ]
    if not open_ones:
        return None
    first = min(open_ones, key=lambda one: one["due"])
    return {
        "id": first["id"],
        "due": first["due"].isoformat(),
        "days_overdue": max((today - first["due"]).days, 0),
    }


# Work


def actions_at(ledger: Ledger, moment: datetime) -> list[Plain]:
    """Every action as it is at a moment, in the order in which they were made."""
    found = {one["id"]: dict(one) for one in ledger.file["actions"]}
    for one in ledger.actions:
        if one["at"] <= moment:
            found[one["id"]] = {**found.get(one["id"], {}), **one}
    return list(found.values())


def _actions(ledger: Ledger, priority: str | None, today: date, moment: datetime) -> Plain:
    mine = [one for one in actions_at(ledger, moment) if one.get("priority") == priority]
    still = [one for one in mine if one["status"] not in ("done", "cancelled")]
    week = today - timedelta(days=7)
    return {
        "done": [one["id"] for one in mine if one["status"] == "done" and week <= one["completed"] <= today],
        "open": [one["id"] for one in still],
        "overdue": [one["id"] for one in still if one["due"] < today and one.get("accepted", True)],
        "blocked": [one["id"] for one in still if one["status"] == "blocked"],
    }


def _waits(ledger: Ledger, today: date, moment: datetime) -> list[str]:
    return [
        one["id"]
        for one in actions_at(ledger, moment)
        if one["status"] not in ("done", "cancelled")
        and one.get("waiting_on")
        and one["waiting_on"] != (one.get("organization") or ledger.member(one["owner"])["organization"])
    ]


def decisions_at(ledger: Ledger, moment: datetime) -> list[Plain]:
    """Every decision as it is at a moment."""
    found = {one["id"]: dict(one) for one in ledger.file["decisions"]}
    for one in ledger.decisions:
        if one["at"] <= moment:
            found[one["id"]] = {**found.get(one["id"], {}), **one}
    return list(found.values())


def _decisions_needed(ledger: Ledger, moment: datetime) -> list[Plain]:
    waiting = [one for one in decisions_at(ledger, moment) if one["status"] == "needed"]
    return [
        {"id": one["id"], "needed_by": one["needed_by"].isoformat() if one.get("needed_by") else None}
        for one in sorted(waiting, key=lambda one: one.get("needed_by") or date.max)
    ]


def _decisions_made(ledger: Ledger, today: date, moment: datetime) -> list[Plain]:
    return [
        {"id": one["id"], "decided_on": one["decided_on"].isoformat()}
        for one in decisions_at(ledger, moment)
        if one["status"] == "decided" and today - timedelta(days=7) <= one["decided_on"] <= today
    ]


# Money


def _funding(ledger: Ledger, priority: Plain | None, today: date) -> Plain:
    places = {priority["id"]} if priority is not None else {one["id"] for one in ledger.file["groups"]}
    here = [
        (source, sum(_exact(one["amount"]) for one in source.get("allocations") or [] if one["to"] in places))
        for source in ledger.file["funding_sources"]
        if any(one["to"] in places for one in source.get("allocations") or [])
    ]
    held = [(source, amount) for source, amount in here if source["status"] in ("awarded", "active")]
    secured = sum((amount for _, amount in held), Fraction(0))
    need = _exact(priority["need"]["amount"]) if priority is not None and priority.get("need") else None
    ends = [source["period"]["end"] for source, _ in held if (source.get("period") or {}).get("end")]
    reports = [
        (source["report"]["next_due"], source["id"])
        for source, _ in here
        if source["status"] in ("awarded", "active", "closed") and (source.get("report") or {}).get("next_due")
    ]
    by_type: dict[str, Fraction] = {}
    for source, amount in held:
        by_type[source["capital_type"]] = by_type.get(source["capital_type"], Fraction(0)) + amount
    first = min(reports, default=None)
    return {
        "secured": secured,
        "pipeline": sum((n for source, n in here if source["status"] in ("applied", "prospect")), Fraction(0)),
        "need": need,
        "gap": None if need is None else max(need - secured, Fraction(0)),
        "first_ends_on": min(ends).isoformat() if ends else None,
        "by_capital_type": by_type,
        "match_required": sum((_exact(source.get("match_required", 0)) for source, _ in held), Fraction(0)),
        "match_secured": sum((_exact(source.get("match_secured", 0)) for source, _ in held), Fraction(0)),
        "next_report": None if first is None else {"source": first[1], "due": first[0].isoformat()},
    }


# Time


def _meetings(ledger: Ledger, moment: datetime) -> list[Plain]:
    end = datetime.combine(ledger.today(moment) + timedelta(days=8), time.min, tzinfo=ledger.zone)
    found = []
    for cadence in ledger.file["cadences"]:
        if cadence["kind"] not in ("meeting", "stocktake"):
            continue
        zone = ZoneInfo(cadence["timezone"])
        naive = moment.astimezone(zone).replace(tzinfo=None)
        for _, local, _ in _slots(ledger, cadence, naive - timedelta(days=40), naive + timedelta(days=50), moment):
            starts = local.replace(tzinfo=zone)
            if moment <= starts < end:
                found.append((starts, cadence["id"]))
    return [{"cadence": key, "starts_at": starts.astimezone(ledger.zone).isoformat()} for starts, key in sorted(found)]


def _slots(
    ledger: Ledger, cadence: Plain, start: datetime, end: datetime, moment: datetime | None = None
) -> Iterator[tuple[datetime, datetime, Mapping[str, Any]]]:
    """A cadence's slots, each with where it takes place after moves, by wall clock."""
    rule = rrulestr(cadence["rrule"], dtstart=datetime.fromisoformat(cadence["dtstart"]))
    moves = {datetime.fromisoformat(one["from"]): one for one in cadence.get("moves") or []}
    for one in ledger.moves:
        if one["cadence"] == cadence["id"] and (moment is None or one["at"] <= moment):
            moves[datetime.fromisoformat(one["from"])] = one
    skipped = {datetime.fromisoformat(str(one)) for one in cadence.get("exdates") or []}
    for slot in rule.between(start - timedelta(days=40), end + timedelta(days=40), inc=True):
        change: Mapping[str, Any] = moves.get(slot, {})
        if slot in skipped or ("to" in change and change["to"] is None):
            continue
        yield slot, datetime.fromisoformat(change["to"]) if change else slot, change


def _later(moment: datetime, hours: int) -> datetime:
    """So many elapsed hours later."""
    return (moment.astimezone(ZoneInfo("UTC")) + timedelta(hours=hours)).astimezone(moment.tzinfo)


# Comparing


def differences(published: Any, counted: Any, path: str = "") -> Iterator[str]:
    """Where what was published says something else than the second count; keys that it doesn't have are left out."""
    if isinstance(counted, Mapping):
        for key, value in counted.items():
            if not isinstance(published, Mapping) or key not in published:
                yield f"{path}.{key}: not published"
            else:
                yield from differences(published[key], value, f"{path}.{key}")
    elif isinstance(counted, list):
        if not isinstance(published, list) or len(published) != len(counted):
            yield f"{path}: published {published}, counted {_readable(counted)}"
            return
        for place, (one, other) in enumerate(zip(published, counted, strict=True)):
            yield from differences(one, other, f"{path}[{place}]")
    elif isinstance(counted, Fraction):
        if published is None or abs(Fraction(str(published)) - counted) > abs(counted) / 10**12:
            yield f"{path}: published {published}, counted {float(counted)}"
    elif published != counted:
        yield f"{path}: published {published}, counted {counted}"


def _readable(values: Iterable[Any]) -> list[Any]:
    return [float(one) if isinstance(one, Fraction) else one for one in values]
