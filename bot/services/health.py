"""How the rhythm of a coalition is, for its coordinators; and when a backup was made."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import and_, select

from bot.domain.canvases import CanvasList
from bot.domain.checkins import SILENT_FROM
from bot.domain.digests import Digest, compose
from bot.domain.health import LATE, SPAN, WEEK, Health, Sent, StaleFigure, WithoutUpdate, hygiene
from bot.domain.outbox import WAITS_IN_HOME, State
from bot.domain.people import zone_of_member
from bot.domain.targets import passed_targets
from bot.domain.vocabularies import MetricStatus
from bot.services.access import Actor, Service, Transaction
from bot.services.canvases import read_lines
from bot.services.people import members_outside_slack
from bot.services.series import series_troubles
from bot.store.backups import LAST_BACKUP
from bot.store.outbox import DeliveryRow
from bot.store.people import SettingRow


class HealthReports(Service):
    """Use cases around how things are."""

    async def page(self, actor: Actor) -> Health:
        """What coordinators read; the same numbers as the digest's where it has them."""
        async with self.reading(actor, "healthreports.page") as tx:
            digest = compose(tx.record, tx.now)
            stale = _stale(digest)
            silent = _silent(digest)
            zone = zone_of_member(tx.record, actor.key)
            return Health(
                sent=await read_sent(tx),
                outside_slack=await members_outside_slack(tx),
                stale=stale,
                figures=sum(len(part.metrics) for part in digest.priorities),
                passed=passed_targets(tx.record, tx.today),
                silent=silent,
                series=await series_troubles(tx),
                priorities=len(digest.priorities),
                backup_at=await read_backup_at(tx),
                canvases=CanvasList(lines=await read_lines(tx), zone=zone, now=tx.now),
                now_kept=hygiene(tx.record, tx.now, tx.today),
                before=hygiene(tx.record, tx.now - SPAN, tx.today - SPAN),
                zone=zone,
                now=tx.now,
            )


async def read_sent(tx: Transaction) -> Sent:
    """The messages of the last seven days. A step of the caller's transaction."""
    ours = and_(
        tx.owns(DeliveryRow),
        DeliveryRow.operation == "post",
        DeliveryRow.due_at > tx.now - WEEK,
        DeliveryRow.due_at <= tx.now,
    )
    columns = (DeliveryRow.state, DeliveryRow.reason, DeliveryRow.due_at, DeliveryRow.sent_at)
    rows = await tx.rows(select(*columns).where(ours))
    missed: Counter[str] = Counter()
    states: Counter[str] = Counter()
    late_ones = 0
    for state, reason, due_at, sent_at in rows:
        if state == State.SENT and sent_at is not None and sent_at - due_at > LATE:
            late_ones += 1
        if state in {State.MISSED, State.FAILED} and not (reason or "").startswith(WAITS_IN_HOME):
            missed[(reason or "no reason is known").partition(": ")[0]] += 1
        states[state] += 1
    return Sent(
        sent=states[State.SENT],
        late=late_ones,
        waiting=states[State.PLANNED],
        held=states[State.HELD],
        missed=tuple(sorted(missed.items(), key=lambda one: (-one[1], one[0]))),
    )


def _stale(digest: Digest) -> tuple[StaleFigure, ...]:
    return tuple(
        StaleFigure(
            name=metric.name,
            steward=metric.steward_name,
            since=metric.latest.period_end if metric.latest is not None else None,
        )
        for part in digest.priorities
        for metric in part.metrics
        if metric.status in {MetricStatus.NO_DATA, MetricStatus.STALE}
    )


def _silent(digest: Digest) -> tuple[WithoutUpdate, ...]:
    return tuple(
        WithoutUpdate(name=part.name, owner=part.owner_name, since=part.standing.assessed_on)
        for part in digest.priorities
        if part.standing.silent_rounds >= SILENT_FROM
    )


async def read_backup_at(tx: Transaction) -> datetime | None:
    """When the whole database was copied last; None where nobody knows. A step of the caller's transaction."""
    told = await tx.session.scalar(select(SettingRow.value).where(SettingRow.name == LAST_BACKUP))
    return datetime.fromisoformat(told) if told is not None else None
