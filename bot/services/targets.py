"""Targets whose day has passed, in people's messages. A reader, and steps for other services in their transaction.

Whom they ask and when is in `bot/domain/targets.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from bot.domain.endings import EndRef, may_end
from bot.domain.outbox import Item
from bot.domain.people import zone_of_member
from bot.domain.record import DatedValue, Noun, Record, find_ending
from bot.domain.rhythm import to_local, to_utc
from bot.domain.rights import METHODS, coordinators
from bot.domain.targets import (
    OF_USE,
    PassedTarget,
    Target,
    TargetKind,
    asked_targets,
    asks_no_more,
    find_target,
    outcome_in,
    receivers_of_target,
    result_of,
)
from bot.services.access import Addressee, OnRecord, Transaction
from bot.services.outbox import Offer, offer_all, refresh_items
from bot.store.base import ids_of
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import MemberRow

# At this hour of their own clock people are asked.
HOUR = time(9)
# So far ahead days are looked at, so that the week ahead tells of it.
PLANNED_AHEAD = timedelta(days=8)
_NOUNS = {TargetKind.METRIC: Noun.METRIC, TargetKind.OUTCOME: Noun.OUTCOME}
_SET_BY = {
    TargetKind.METRIC: "metricplans.retarget",
    TargetKind.OUTCOME: "priorityplans.edit",
    TargetKind.GOAL: "northstars.edit",
}


async def read_target_passed(tx: OnRecord, to: Addressee, about: str) -> PassedTarget | None:
    """A target as it stands: still without a new one, or what has become of it; None where its thing is gone."""
    target, day = find_target(tx.record, about)
    if target is None:
        return _without_target(tx, about, day)
    asked = target._replace(day=day, name=target.name)
    result = figure = None
    if target.metric is not None and target.value is not None:
        result, figure = result_of(target.metric, DatedValue(value=target.value, on=day), tx.today)
    is_theirs = to.key in receivers_of_target(tx.record, target)
    state = "renewed" if target.day != day else "open" if is_theirs else "passed_on"
    standing, noun = to.actor.standing, _NOUNS.get(target.kind)
    thing = find_ending(tx.record, noun, target.key) if noun is not None else None
    ends = noun is not None and thing is not None and may_end(standing, tx.record, noun, thing)
    scopes = [one for one in (target.key, target.priority.id if target.priority is not None else None) if one]
    method = METHODS[_SET_BY[target.kind]]
    return PassedTarget(
        target=asked,
        state=state,
        today=tx.today,
        result=result,
        figure=figure,
        unit=target.metric.unit if target.metric is not None else "",
        now=DatedValue(value=target.value, on=target.day) if target.value is not None and state == "renewed" else None,
        now_on=target.day if state == "renewed" else None,
        may_set=standing.may(method) or any(standing.may(method, one) for one in scopes),
        end=EndRef(noun, target.key).text if ends and noun is not None else None,
        helper=None if ends else next((one.name for one in coordinators(tx.record)), None),
    )


def _without_target(tx: OnRecord, about: str, day: date) -> PassedTarget | None:
    """What became of a thing that has no target to ask about any more."""
    kind, key, _ = about.split(" ")
    record = tx.record.everything
    if kind == TargetKind.OUTCOME:
        found = outcome_in(record, key)
        if found is None:
            return None
        priority, outcome = found
        target = Target(TargetKind.OUTCOME, key, outcome.name, day, priority)
        state = "reached" if outcome.completed is not None else "ends" if outcome.ended is not None else "rests"
        return _settled(target, state, tx.today, outcome.completed or outcome.ended)
    metric = find_ending(record, Noun.METRIC, key)
    if metric is None:
        return None
    state = "ends" if metric.ended is not None else "rests"
    return _settled(Target(TargetKind(kind), key, metric.name, day, None), state, tx.today, metric.ended)


def _settled(target: Target, state: str, today: date, on: date | None) -> PassedTarget:
    return PassedTarget(target=target, state=state, today=today, result=None, figure=None, unit="", now_on=on)


async def offer_passed_targets(tx: OnRecord, live_at: datetime | None) -> None:
    """Asks for a new target the day after the last one, once; not for those that had passed when the coalition went
    live (`live_at`)."""
    if live_at is None:
        return
    live_on = to_local(live_at, tx.record.coalition.timezone).date()
    near = list(asked_targets(tx.record, live_on, tx.today, tx.today + PLANNED_AHEAD))
    told = [(one.about, one.asked_on, key) for one in near for key in receivers_of_target(tx.record, one)]
    if not told:
        return
    known = await _known(tx, {about for about, _, _ in told})
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id, {key for _, _, key in told})
    offers = []
    for about, on, key in told:
        if (ids[key], about) in known:
            continue
        zone = zone_of_member(tx.record, key)
        moment = max(to_utc(datetime.combine(on, HOUR), zone), tx.now)
        until = to_utc(datetime.combine(on + OF_USE, time()), zone)
        one = Offer(
            member_id=ids[key], item=Item.TARGET_PASSED, about=about, due_at=moment, until=until, not_before=tx.now
        )
        offers.append(one)
    await offer_all(tx, offers)


async def _known(tx: OnRecord, abouts: Collection[str]) -> set[tuple[int, str]]:
    """Who was asked about which of these already, or will be."""
    rows = await tx.session.execute(
        select_items(DeliveryRow.member_id, DeliveryItemRow.about).where(
            tx.owns(DeliveryItemRow), DeliveryItemRow.kind == Item.TARGET_PASSED, DeliveryItemRow.about.in_(abouts)
        )
    )
    return {(row.member_id, row.about) for row in rows}


async def refresh_targets(tx: Transaction, before: Record, after: Record) -> None:
    """Messages that ask for a target which a change has renewed, reached or ended are shown anew."""
    await refresh_items(tx, [Item.TARGET_PASSED], asks_no_more(before, after))
