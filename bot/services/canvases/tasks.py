"""What should stand on a coalition's canvases now, in each channel that has one or is to have one. A step for the
service of canvases, in its session; writing is done elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.canvases import (
    ASK_AGAIN,
    AT_REST,
    REFUSALS,
    CanvasPage,
    CanvasState,
    CanvasTask,
    LastWords,
    NextMeeting,
    Post,
    Told,
)
from bot.domain.digests import Digest, compose
from bot.domain.outbox import Kind, State
from bot.domain.record import Priority, Record
from bot.domain.rhythm import next_occurrence
from bot.domain.vocabularies import HELD_TOGETHER, CanvasUse, CoalitionState
from bot.domain.wording import near_day, one_line
from bot.services.access import OnRecord
from bot.services.digests import composed_digest, newest_published, next_digest_at
from bot.store.base import keys_of
from bot.store.canvases import CanvasRow
from bot.store.coalition import CoalitionRow
from bot.store.database import read_elapsed
from bot.store.outbox import DeliveryRow
from bot.store.people import SlackChannelRow
from bot.store.priorities import PriorityRow


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as Slack shows it."""

    name: str
    channel_id: str
    is_shared: bool


async def places_of(tx: OnRecord) -> dict[str, Place]:
    """The channels that the bot is in, by name."""
    rows = await tx.values(select(SlackChannelRow).where(tx.owns(SlackChannelRow), SlackChannelRow.is_member))
    return {row.name: Place(row.name, row.channel_id, row.is_external) for row in rows if row.channel_id is not None}


def is_wanted(priority: Priority, place: Place) -> bool:
    """Whether a priority is to have a canvas in its channel: where people of other workspaces are, by word only."""
    if priority.canvas == CanvasUse.USUAL:
        return not place.is_shared
    return priority.canvas == CanvasUse.ALWAYS


async def tasks_of(tx: OnRecord, team_id: str) -> tuple[CanvasTask, ...]:
    """What may be done now, or will have to be. Nothing while a coalition is a draft or paused."""
    state = await tx.session.scalar(select(CoalitionRow.state).where(CoalitionRow.id == tx.coalition_id))
    rows = await tx.values(select(CanvasRow).where(tx.owns(CanvasRow), CanvasRow.team_id == team_id))
    is_over = tx.record.coalition.is_over(tx.today)
    if (state != CoalitionState.LIVE and not is_over) or (is_over and not rows):
        return ()
    work = _Work(tx, rows, await read_elapsed(tx.session), await keys_of(tx.session, PriorityRow, tx.coalition_id))
    places = await places_of(tx)
    wanted = {} if is_over else _wanted(tx.record, places)
    pages = await _pages(tx, wanted) if wanted else {}
    found = [work.task(priority, wanted[priority.id], pages[priority.id]) for priority in _in(tx.record, wanted)]
    found += work.left_over(wanted)
    return tuple(one for one in found if one is not None)


def _wanted(record: Record, places: dict[str, Place]) -> dict[str, Place]:
    """Where each priority that is to have a canvas has its channel."""
    there = {one.id: places[one.channel] for one in record.priorities if one.channel in places}
    return {one.id: there[one.id] for one in record.priorities if one.id in there and is_wanted(one, there[one.id])}


def _in(record: Record, keys: dict[str, Place]) -> list[Priority]:
    return [one for one in record.priorities if one.id in keys]


async def _pages(tx: OnRecord, wanted: dict[str, Place]) -> dict[str, CanvasPage]:
    digest = compose(tx.record, tx.now)
    zone = ZoneInfo(tx.record.coalition.timezone)
    newest = await newest_published(tx)
    told = composed_digest(newest) if newest is not None else None
    upcoming = await next_digest_at(tx) if told is None else None
    posts = await _posts(tx, [one.channel_id for one in wanted.values()])
    return {
        part.id: CanvasPage(
            digest=digest,
            part=part,
            told=_told(told, part.id),
            next_digest_at=upcoming.astimezone(zone) if upcoming is not None else None,
            latest=posts.get(wanted[part.id].channel_id),
            meetings=_meetings(tx, part.working_group, zone),
        )
        for part in digest.priorities
        if part.id in wanted
    }


def _told(digest: Digest | None, priority: str) -> Told | None:
    part = next((one for one in digest.priorities if one.id == priority), None) if digest is not None else None
    return Told(digest=digest, part=part) if digest is not None and part is not None else None


async def _posts(tx: OnRecord, channel_ids: Sequence[str]) -> dict[str, Post]:
    """The newest digest's post in each channel."""
    rows = await tx.rows(
        select(DeliveryRow.channel_id, DeliveryRow.ts, DeliveryRow.sent_at)
        .where(
            tx.owns(DeliveryRow),
            DeliveryRow.kind == Kind.CHANNEL_EDITION,
            DeliveryRow.operation == "post",
            DeliveryRow.state == State.SENT,
            DeliveryRow.channel_id.in_(channel_ids),
            DeliveryRow.ts.is_not(None),
        )
        .order_by(DeliveryRow.sent_at, DeliveryRow.id)
    )
    return {row.channel_id: Post(row.channel_id, row.ts, row.sent_at) for row in rows if row.sent_at is not None}


def _meetings(tx: OnRecord, group: str | None, zone: ZoneInfo) -> tuple[NextMeeting, ...]:
    found = []
    for cadence in tx.record.cadences:
        if cadence.kind not in HELD_TOGETHER or cadence.group != group or cadence.paused_at is not None:
            continue
        following = next_occurrence(cadence, tx.now)
        if following is not None:
            found.append(NextMeeting(cadence.name, following[1].astimezone(zone)))
    return tuple(sorted(found, key=lambda one: one.starts_at))


class _Work:
    """The rows of a coalition's canvases in one workspace, and what follows from them."""

    def __init__(self, tx: OnRecord, rows: Sequence[CanvasRow], elapsed: float, keys: dict[int, str]) -> None:
        self._tx = tx
        self._rows = {(keys[row.priority_id], row.channel_id): row for row in rows}
        self._elapsed = elapsed
        self._ours = frozenset(row.canvas_id for row in rows if row.canvas_id is not None)
        refused = [row.changed_at for row in rows if row.state in REFUSALS]
        self._is_refused = any(at + ASK_AGAIN > tx.now for at in refused)

    def task(self, priority: Priority, place: Place, page: CanvasPage) -> CanvasTask | None:
        """Writing a priority's page; None where it waits for a word, or where the workspace has just said no."""
        row = self._rows.get((priority.id, place.channel_id))
        if row is not None and row.state in AT_REST:
            return None
        if self._is_refused and (row is None or row.canvas_id is None):
            return None
        if row is not None and row.state in REFUSALS and row.changed_at + ASK_AGAIN > self._tx.now:
            return None
        return self._task(priority.id, priority.name, place.name, place.channel_id, row, page)

    def left_over(self, wanted: dict[str, Place]) -> Iterator[CanvasTask]:
        """Canvases that are not kept up any more, and still stand there as if they were."""
        record = self._tx.record
        names = {one.id: one for one in record.everything.priorities}
        present = {one.id for one in record.priorities}
        for (key, channel_id), row in self._rows.items():
            place = wanted.get(key)
            if row.state != CanvasState.STANDING or (place is not None and place.channel_id == channel_id):
                continue
            priority = names[key]
            why = self._why(priority, place, is_present=key in present)
            says = LastWords(name=priority.name, why=why)
            yield self._task(key, priority.name, priority.channel or "", channel_id, row, says)

    def _why(self, priority: Priority, place: Place | None, *, is_present: bool) -> str:
        today, coalition = self._tx.today, self._tx.record.coalition
        if coalition.ended is not None and coalition.is_over(today):
            name = one_line(coalition.short_name or coalition.name)
            return f"{name} ended {near_day(coalition.ended, today)}."
        if not is_present and priority.ended is not None:
            return f"Work on this priority ended {near_day(priority.ended, today)}."
        if place is not None:
            return f"This page stands in #{one_line(place.name)} now."
        return f"This page was switched off. Write “priority {priority.id}” to Backbeat to see where it stands."

    def _task(
        self,
        key: str,
        name: str,
        channel: str,
        channel_id: str,
        row: CanvasRow | None,
        says: CanvasPage | LastWords,
    ) -> CanvasTask:
        rests = [one for one in (row.not_before, row.lease_until) if one is not None] if row is not None else []
        return CanvasTask(
            row_id=row.id if row is not None else None,
            coalition_id=self._tx.coalition_id,
            priority=key,
            name=name,
            channel=channel,
            channel_id=channel_id,
            state=CanvasState(row.state) if row is not None else CanvasState.NEW,
            canvas_id=row.canvas_id if row is not None else None,
            title=row.title if row is not None else None,
            written=row.written if row is not None else None,
            seen=tuple(row.seen) if row is not None else (),
            tries=row.tries if row is not None else 0,
            beside=row.beside if row is not None else False,
            rest=max((one - self._elapsed for one in rests), default=0.0),
            says=says,
            ours=self._ours,
        )
