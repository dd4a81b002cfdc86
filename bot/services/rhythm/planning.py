"""Plans what one coalition has due: rounds with their prompts, and digests. When to plan is decided in `rhythm`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from bot.domain.checkins import StandingRoles, at_version
from bot.domain.meetings import is_meeting, next_duty
from bot.domain.outbox import BUNDLE_SPAN, SHORTEST, Receiver
from bot.domain.people import Topic, asked_at, asks_for_figures, chain_of, receiver_in, topics_of, zone_of_member
from bot.domain.record import Cadence, Member, Record
from bot.domain.rhythm import Occurrence, is_slot, latest_occurrence, next_occurrence, window, zone_of
from bot.domain.vocabularies import CadenceKind
from bot.services.access import OnRecord, Transaction
from bot.services.actions import offer_lists
from bot.services.checkins import early_answers_of, take_early_answer
from bot.services.digests import first_preview_at, plan_occurrence, plan_previews
from bot.services.meetings import plan_meeting
from bot.services.metrics import Steward, offer_figures
from bot.services.outbox import Offer, in_round, offer_all
from bot.store.base import ids_of, parameter, prepared
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow, QuestionSetRow, ScheduleRow

# What a round is about: of one check-in they are either all priorities or all members.
_TOPIC = func.coalesce(RoundSubjectRow.priority_id, RoundSubjectRow.member_id)
_RUNNING = prepared(
    select(_TOPIC, RoundRow.slot)
    .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
    .where(
        RoundRow.cadence_id == parameter("of"),
        RoundSubjectRow.opens_at <= parameter("moment"),
        RoundSubjectRow.closes_at > parameter("moment"),
        RoundSubjectRow.closed_at.is_(None),
    )
)
_TOPICS = prepared(select(_TOPIC).where(RoundSubjectRow.round_id == parameter("of")))
_A_DAY = timedelta(days=1)
# What is known only by its messages is not planned for a time of which those may have been forgotten.
_LONG_AGO = timedelta(days=SHORTEST)


async def locked(tx: Transaction) -> CoalitionRow:
    """The coalition's row, locked so that two planners never bundle for the same people at once."""
    row = await tx.session.scalar(_LOCKED, {"of": tx.coalition_id})
    if row is None:
        raise LookupError(f"coalition {tx.coalition_id}")
    return row


_LOCKED = prepared(select(CoalitionRow).where(CoalitionRow.id == parameter("of")).with_for_update())
_DUE = prepared(
    select(ScheduleRow)
    .where(ScheduleRow.coalition_id == parameter("of"), ScheduleRow.next_run_at <= parameter("horizon"))
    .order_by(ScheduleRow.next_run_at, ScheduleRow.id)
)


async def plan_due(tx: Transaction) -> int:
    """Plans everything of a coalition that comes due within the bundling span; how many occurrences that was.

    The session needs an author: an answer that was written before its round opened becomes the round's answer here.
    """
    coalition = await locked(tx)
    about = {"of": tx.coalition_id, "horizon": tx.now + BUNDLE_SPAN}
    schedules = (await tx.session.scalars(_DUE, about)).all()
    if not schedules:
        return 0
    planner = Planner(await tx.read(), coalition)
    await planner.load_ids()
    planned = 0
    for schedule in schedules:
        cadence = planner.cadence(schedule.cadence_id)
        if cadence is not None:
            planned += await planner.plan(schedule, cadence)
        else:
            schedule.next_slot = schedule.next_run_at = None
    return planned


def set_next(schedule: ScheduleRow, cadence: Cadence, record: Record) -> None:
    """Works out when a schedule is due next, after what was planned: a digest first with its owners' previews, a
    meeting with the first thing that it owes."""
    if is_meeting(cadence):
        duty = next_duty(cadence, schedule.planned_through)
        slot, moment = (duty[0].ref.slot, duty[1]) if duty else (None, None)
    else:
        following = next_occurrence(cadence, schedule.planned_through, schedule.zone)
        slot, moment = (following[0].slot, following[1]) if following else (None, None)
        if following is not None and cadence.kind == CadenceKind.DIGEST and schedule.prepared_for != moment:
            preview_at = first_preview_at(record, cadence, following[0])
            moment = min(following[1], preview_at or following[1])
    if schedule.next_run_at != moment or schedule.next_slot != slot:
        schedule.next_slot, schedule.next_run_at = slot, moment


async def complete_previews(tx: OnRecord, coalition: CoalitionRow, schedules: Iterable[ScheduleRow]) -> None:
    """Owners' previews that are planned follow what changed since then: whoever is told of only now gets one too."""
    cadences = {item.id: item for item in tx.record.cadences if item.kind == CadenceKind.DIGEST}
    for schedule in schedules:
        if schedule.prepared_for is None or schedule.prepared_for <= tx.now:
            continue
        key = await tx.session.scalar(select(CadenceRow.key).where(CadenceRow.id == schedule.cadence_id))
        cadence = cadences.get(key or "")
        following = next_occurrence(cadence, schedule.planned_through, schedule.zone) if cadence is not None else None
        if cadence is None or following is None or schedule.prepared_for != following[1]:
            continue
        await plan_previews(tx, coalition, schedule, cadence, *following, only_missing=True)


_Keyed = type[MemberRow] | type[PriorityRow] | type[CadenceRow] | type[QuestionSetRow]


class Planner:
    """Plans occurrences of one coalition in one transaction."""

    def __init__(self, tx: OnRecord, coalition: CoalitionRow) -> None:
        self._tx = tx
        self._coalition = coalition
        self._members = {member.id: member for member in tx.record.members}
        self._cadences = {item.id: item for item in tx.record.cadences}
        self._questions = {item.id: item for item in tx.record.question_sets}
        self._cadence_keys: dict[int, str] = {}
        self._ids: dict[str, dict[str, int]] = {}

    async def load_ids(self) -> None:
        """Learns which row stands for which file id."""
        tables: tuple[tuple[str, _Keyed], ...] = (
            ("member", MemberRow),
            ("priority", PriorityRow),
            ("cadence", CadenceRow),
            ("question_set", QuestionSetRow),
        )
        for name, table in tables:
            self._ids[name] = await ids_of(self._tx.session, table, self._tx.coalition_id)
        self._cadence_keys = {row_id: key for key, row_id in self._ids["cadence"].items()}

    def cadence(self, cadence_id: int) -> Cadence | None:
        """A cadence by its row; None for one that has ended."""
        return self._cadences.get(self._cadence_keys[cadence_id])

    async def plan(self, schedule: ScheduleRow, cadence: Cadence) -> int:
        """Plans what this schedule has due: after downtime the newest occurrence only, then what is near."""
        if is_meeting(cadence):
            return await self._meeting(schedule, cadence)
        planned = 0
        for limit in (self._tx.now, self._tx.now + BUNDLE_SPAN):
            found = latest_occurrence(cadence, limit, schedule.zone)
            if found is None or found[1] <= schedule.planned_through:
                continue
            occurrence, moment = found
            is_list, is_about_figures = cadence.kind == CadenceKind.REMINDER, asks_for_figures(self._tx.record, cadence)
            if (is_list or is_about_figures) and moment <= self._tx.now - _LONG_AGO:
                pass
            elif cadence.kind == CadenceKind.DIGEST:
                await plan_occurrence(self._tx, self._coalition, cadence, occurrence, moment)
            elif is_list:
                await self._action_lists(cadence, occurrence, moment, schedule.zone)
            elif is_about_figures:
                await self._figure_round(cadence, occurrence, schedule.zone)
            else:
                await self._round(cadence, occurrence, schedule.zone)
            schedule.planned_through = moment
            planned += 1
        if cadence.kind == CadenceKind.DIGEST:
            await self._previews(schedule, cadence)
        set_next(schedule, cadence, self._tx.record)
        return planned

    async def _action_lists(self, cadence: Cadence, occurrence: Occurrence, moment: datetime, zone: str) -> None:
        """The owners of open actions whose clock this is get their list, and stewards what is due of their figures;
        it is of use until the next one."""
        following = next_occurrence(cadence, moment, zone)
        until = following[1] if following is not None else None
        here = self._on_clock(cadence, zone)
        await offer_lists(
            self._tx,
            [(member, self._ids["member"][member.id]) for member in here],
            day=occurrence.local.date(),
            due_at=moment,
            until=until,
        )
        await offer_figures(
            self._tx,
            [Steward(member, self._ids["member"][member.id], moment) for member in here],
            day=occurrence.local.date(),
            until=until,
        )

    async def _figure_round(self, cadence: Cadence, occurrence: Occurrence, zone: str) -> None:
        """The stewards whose clock this is are asked for their figures, all in one message, until the window closes."""
        times = window(cadence, occurrence, zone)
        await offer_figures(
            self._tx,
            [
                Steward(
                    member,
                    self._ids["member"][member.id],
                    asked_at(member, zone_of_member(self._tx.record, member.id), times.opens_at, times.closes_at),
                )
                for member in self._on_clock(cadence, zone)
            ],
            day=occurrence.local.date(),
            until=times.closes_at,
            closes_at=times.closes_at,
        )

    def _on_clock(self, cadence: Cadence, zone: str) -> list[Member]:
        """The members for whom this cadence runs on this clock."""
        return [
            member
            for member in self._tx.record.present
            if zone_of(cadence, zone_of_member(self._tx.record, member.id)) == zone
        ]

    async def _previews(self, schedule: ScheduleRow, cadence: Cadence) -> None:
        """Plans the owners' previews of the next digest, once the first of them is near."""
        following = next_occurrence(cadence, schedule.planned_through, schedule.zone)
        if following is None or schedule.prepared_for == following[1]:
            return
        first = first_preview_at(self._tx.record, cadence, following[0])
        if first is not None and first <= self._tx.now + BUNDLE_SPAN:
            await plan_previews(self._tx, self._coalition, schedule, cadence, *following)

    async def _meeting(self, schedule: ScheduleRow, cadence: Cadence) -> int:
        """Plans what a meeting owes by the end of the bundling span, however many mornings were missed."""
        horizon = self._tx.now + BUNDLE_SPAN
        last = None
        after = max(schedule.planned_through, self._tx.now - _A_DAY)
        while (duty := next_duty(cadence, after)) is not None and duty[1] <= horizon:
            last = after = duty[1]
        if last is not None:
            await plan_meeting(self._tx, cadence, horizon=horizon, refresh_at=max(last, self._tx.now))
        schedule.planned_through = last or max(schedule.planned_through, self._tx.now)
        set_next(schedule, cadence, self._tx.record)
        return 1

    async def _round(self, cadence: Cadence, occurrence: Occurrence, zone: str) -> None:
        times = window(cadence, occurrence, zone)
        topics = topics_of(self._tx.record, cadence)
        running = await self._running(cadence, occurrence, times.opens_at)
        if running and all(self._id_of(one) in running for one in topics):
            return
        round_row = await self._tx.session.scalar(
            select(RoundRow).filter_by(cadence_id=self._ids["cadence"][cadence.id], slot=occurrence.slot)
        )
        asked = self._questions.get(cadence.question_set or "")
        if round_row is None:
            round_row = RoundRow(
                coalition_id=self._tx.coalition_id,
                cadence_id=self._ids["cadence"][cadence.id],
                slot=occurrence.slot,
                day=occurrence.local.date(),
                planned_at=self._tx.now,
                sets_standing=StandingRoles(self._tx.record).of_cadence(cadence.id),
                question_set_id=self._ids["question_set"].get(cadence.question_set or ""),
                questions_version=asked.version if asked is not None else None,
            )
            self._tx.session.add(round_row)
            await self._tx.session.flush()
        there = running | set(await self._tx.session.scalars(_TOPICS, {"of": round_row.id}))
        asked_now: list[tuple[RoundSubjectRow, Topic]] = []
        for topic in topics:
            in_zone = zone_of(cadence, zone_of_member(self._tx.record, topic.owner)) == zone
            if not in_zone or self._id_of(topic) in there:
                continue
            subject = RoundSubjectRow(
                coalition_id=self._tx.coalition_id,
                round_id=round_row.id,
                priority_id=None if topic.is_member else self._id_of(topic),
                member_id=self._id_of(topic) if topic.is_member else None,
                owner_id=self._ids["member"][topic.owner],
                opens_at=times.opens_at,
                reminder_at=times.reminder_at,
                delegate_at=times.delegate_at,
                closes_at=times.closes_at,
                took_part=False if asked is not None and asked.anonymous else None,
            )
            asked_now.append((subject, topic))
        self._tx.session.add_all([subject for subject, _topic in asked_now])
        await self._tx.session.flush()
        if asked is not None and not asked.anonymous:
            questions = at_version(asked, round_row.questions_version)
            early = await early_answers_of(self._tx, cadence)
            for subject, topic in asked_now:
                # Whoever has answered already is asked nothing: what is planned now is dropped when its time comes.
                if topic.id in early:
                    await take_early_answer(self._tx, round_row, subject, cadence, questions, topic)
        offers = [one for subject, topic in asked_now for one in self._asks(occurrence, subject, topic)]
        members = {self._ids["member"][key]: member for key, member in self._members.items()}
        receivers = {one.member_id: self._receiver(members[one.member_id]) for one in offers}
        await offer_all(self._tx, offers, receivers)

    async def _running(self, cadence: Cadence, occurrence: Occurrence, moment: datetime) -> set[int]:
        """Priorities or members whose round is open at this moment by a rule that was changed since: it stays their
        only one.

        A date that somebody moves there is wanted.
        """
        if occurrence.moved:
            return set()
        about = {"of": self._ids["cadence"][cadence.id], "moment": moment}
        found = await self._tx.session.execute(_RUNNING, about)
        return {topic_id for topic_id, slot in found if not is_slot(cadence, slot)}

    def _id_of(self, topic: Topic) -> int:
        return self._ids["member" if topic.is_member else "priority"][topic.id]

    def _asks(self, occurrence: Occurrence, subject: RoundSubjectRow, topic: Topic) -> Iterator[Offer]:
        """What the chain of one topic asks of whom, and when."""
        owner = self._members[topic.owner]
        steps = chain_of(
            owner,
            self._members.get(owner.delegate or "") if subject.took_part is None else None,
            zone_of_member(self._tx.record, owner.id),
            occurrence.local.date(),
            opens_at=subject.opens_at,
            reminder_at=subject.reminder_at,
            delegate_at=subject.delegate_at,
            closes_at=subject.closes_at,
        )
        for step in steps:
            to = self._ids["member"][step.member]
            yield in_round(subject, to, step.item, due_at=step.due_at, not_before=subject.opens_at)

    def _receiver(self, member: Member) -> Receiver:
        quiet_from = time.fromisoformat(self._coalition.quiet_from)
        return receiver_in(self._tx.record, member, quiet_from, time.fromisoformat(self._coalition.quiet_to))
