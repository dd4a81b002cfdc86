"""Frozen values → rows: writes a coalition's facts, whether new or changed. Reading them back is in `record_view`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.store.action_items import ActionItemRow
from bot.store.base import Base
from bot.store.cadences import CadenceAttendeeRow, CadenceRow, MoveRow, QuestionSetRow
from bot.store.checkins import ResponseRow
from bot.store.coalitions import CoalitionRow
from bot.store.decisions import DecisionRow
from bot.store.funding import AllocationRow, FundingSourceRow
from bot.store.groups import GroupMemberRow, GroupRow
from bot.store.issues import IssueRow
from bot.store.members import AwayRow, MemberRow, RoleRow
from bot.store.metrics import MetricRow, MilestoneRow, ReadingRow
from bot.store.organizations import ClosedDayRow, ContactRow, OrganizationRow
from bot.store.priorities import OutcomeRow, PriorityRow

NAMED_AUDIENCES = frozenset({"priority_owners", "metric_stewards", "action_owners", "all_members", "steering"})


class Writer:
    """Writes the values of one coalition in one session, knowing which file id stands for which row."""

    def __init__(self, session: AsyncSession, coalition: CoalitionRow) -> None:
        self._session = session
        self._coalition = coalition
        self._rows: dict[type[Base], dict[str, Any]] = {}
        self._owned: dict[type[Base], dict[int, list[Any]]] = {}

    async def load_rows(self) -> None:
        """Reads the rows that are there, so that values replace them instead of adding to them."""
        tables: tuple[type[Any], ...] = (
            OrganizationRow,
            MemberRow,
            GroupRow,
            PriorityRow,
            OutcomeRow,
            MetricRow,
            QuestionSetRow,
            CadenceRow,
            ActionItemRow,
            IssueRow,
            DecisionRow,
            FundingSourceRow,
        )
        for table in tables:
            rows = await self._session.scalars(select(table).where(table.coalition_id == self._coalition.id))
            self._rows[table] = {row.key: row for row in rows}

    def id_of(self, table: type[Base], key: str | None) -> int | None:
        """The surrogate key of a file id; None for None. Raises KeyError for an unknown one."""
        if key is None:
            return None
        row_id: int = self._rows[table][key].id
        return row_id

    async def _put(self, table: type[Any], key: str, columns: Mapping[str, Any]) -> Any:
        rows = self._rows.setdefault(table, {})
        row = rows.get(key)
        if row is None:
            row = table(coalition_id=self._coalition.id, key=key, **columns)
            self._session.add(row)
            rows[key] = row
        else:
            for name, value in columns.items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
        return row

    async def _children(self, table: type[Any], owner: str, owner_id: int, wanted: Sequence[Mapping[str, Any]]) -> None:
        """Makes the rows of `table` under one owner equal to `wanted`, in its order, touching none before the first
        that differs: they are read back by id."""
        if table not in self._owned:
            # All owners' rows at once: a coalition has hundreds of owners.
            grouped: dict[int, list[Any]] = {}
            for row in await self._session.scalars(
                select(table).where(table.coalition_id == self._coalition.id).order_by(table.id)
            ):
                grouped.setdefault(getattr(row, owner), []).append(row)
            self._owned[table] = grouped
        found = self._owned[table].pop(owner_id, [])
        same = 0
        for row, columns in zip(found, wanted, strict=False):
            if any(getattr(row, name) != value for name, value in columns.items()):
                break
            same += 1
        for row in found[same:]:
            await self._session.delete(row)
        if found[same:]:
            await self._session.flush()
        for columns in wanted[same:]:
            self._session.add(table(coalition_id=self._coalition.id, **{owner: owner_id}, **columns))
            # One flush each keeps ids, and with them the order, certain.
            await self._session.flush()

    async def coalition(self, record: values.Record) -> None:
        """Everything that the coalition row itself holds."""
        coalition = record.coalition
        star = coalition.north_star
        for name, value in {
            "name": coalition.name,
            "short_name": coalition.short_name,
            "timezone": coalition.timezone,
            "currency": coalition.currency,
            "north_star_statement": None if star is None else star.statement,
            "north_star_extra": {} if star is None else dict(star.extra),
            "schema_version": record.schema_version,
            "as_of": record.as_of,
            "extra": dict(coalition.extra),
            "file_extra": dict(record.extra),
        }.items():
            if getattr(self._coalition, name) != value:
                setattr(self._coalition, name, value)

    async def organizations(self, items: Iterable[values.Organization]) -> None:
        for item in items:
            await self._put(
                OrganizationRow,
                item.id,
                {"name": item.name, "sector": item.sector, "ask_via": item.ask_via, "extra": dict(item.extra)},
            )
        await self._session.flush()

    async def organization_children(self, items: Iterable[values.Organization]) -> None:
        """Contacts and closed days; members must be there."""
        for item in items:
            owner_id = self._rows[OrganizationRow][item.id].id
            await self._children(
                ContactRow,
                "organization_id",
                owner_id,
                [{"member_id": self.id_of(MemberRow, key), "position": n} for n, key in enumerate(item.contacts)],
            )
            await self._children(ClosedDayRow, "organization_id", owner_id, [{"day": day} for day in item.closed_days])
        await self._session.flush()

    async def members(self, items: Sequence[values.Member]) -> None:
        for item in items:
            await self._put(
                MemberRow,
                item.id,
                {
                    "name": item.name,
                    "email": item.email,
                    "organization_id": self.id_of(OrganizationRow, item.organization),
                    "title": item.title,
                    "timezone": item.timezone,
                    "access": item.access,
                    "ask_at": item.ask_at,
                    "no_messages_about": list(item.no_messages_about) or None,
                    "extra": dict(item.extra),
                },
            )
        await self._session.flush()
        for item in items:
            row = self._rows[MemberRow][item.id]
            delegate_id = self.id_of(MemberRow, item.delegate)
            if row.delegate_id != delegate_id:
                row.delegate_id = delegate_id
        await self._session.flush()

    async def member_children(self, items: Iterable[values.Member]) -> None:
        """Roles and absences; priorities and groups must be there."""
        for item in items:
            owner_id = self._rows[MemberRow][item.id].id
            await self._children(
                RoleRow,
                "member_id",
                owner_id,
                [{"role": role.role, "extra": dict(role.extra), **self._scope(role.scope)} for role in item.roles],
            )
            await self._children(
                AwayRow,
                "member_id",
                owner_id,
                [{"start": away.start, "end": away.end, "extra": dict(away.extra)} for away in item.away],
            )
        await self._session.flush()

    def _scope(self, scope: str) -> dict[str, int | None]:
        if scope == "coalition":
            return {"priority_id": None, "group_id": None}
        if scope in self._rows[PriorityRow]:
            return {"priority_id": self.id_of(PriorityRow, scope), "group_id": None}
        return {"priority_id": None, "group_id": self.id_of(GroupRow, scope)}

    async def groups(self, items: Iterable[values.Group]) -> None:
        """Groups and their members; which priority they work for follows with the priorities."""
        for item in items:
            row = await self._put(
                GroupRow,
                item.id,
                {
                    "name": item.name,
                    "kind": item.kind,
                    "chair_id": self.id_of(MemberRow, item.chair),
                    "cochair_id": self.id_of(MemberRow, item.cochair),
                    "channel": item.channel,
                    "decision_rule": item.decision_rule,
                    "quorum": item.quorum,
                    "voices": None if item.voices == "organization" else item.voices,
                    "extra": dict(item.extra),
                },
            )
            await self._session.flush()
            await self._children(
                GroupMemberRow,
                "group_id",
                row.id,
                [{"member_id": self.id_of(MemberRow, key), "position": n} for n, key in enumerate(item.members)],
            )
        await self._session.flush()

    async def group_priorities(self, items: Iterable[values.Group]) -> None:
        for item in items:
            row = self._rows[GroupRow][item.id]
            priority_id = self.id_of(PriorityRow, item.priority)
            if row.priority_id != priority_id:
                row.priority_id = priority_id
        await self._session.flush()

    async def priorities(self, items: Iterable[values.Priority]) -> None:
        for item in items:
            need = item.need
            row = await self._put(
                PriorityRow,
                item.id,
                {
                    "name": item.name,
                    "owner_id": self.id_of(MemberRow, item.owner),
                    "goal": item.goal,
                    "working_group_id": self.id_of(GroupRow, item.working_group),
                    "channel": item.channel,
                    "assessment": item.assessment,
                    "assessment_on": item.assessment_on,
                    "headline_metric": item.headline_metric,
                    "need_amount": None if need is None else need.amount,
                    "need_through": None if need is None else need.through,
                    "need_basis": None if need is None else need.basis,
                    "need_extra": {} if need is None else dict(need.extra),
                    "extra": dict(item.extra),
                },
            )
            await self._session.flush()
            for outcome in item.outcomes:
                await self._put(
                    OutcomeRow,
                    outcome.id,
                    {
                        "priority_id": row.id,
                        "name": outcome.name,
                        "due": outcome.due,
                        "completed": outcome.completed,
                        "extra": dict(outcome.extra),
                    },
                )
        await self._session.flush()

    async def metric(self, item: values.Metric, priority: str | None) -> None:
        """A metric and its milestones; `priority` is None for the north star's."""
        baseline, target = item.baseline, item.target
        row = await self._put(
            MetricRow,
            item.id,
            {
                "priority_id": self.id_of(PriorityRow, priority),
                "name": item.name,
                "unit": item.unit,
                "direction": item.direction,
                "aggregation": item.aggregation,
                "level": item.level,
                "horizon": item.horizon,
                "steward_id": self.id_of(MemberRow, item.steward),
                "frequency": item.frequency,
                "definition": item.definition,
                "source": item.source,
                "expected_lag_days": item.expected_lag_days,
                "tolerance": item.tolerance,
                "confidential_below_n": item.confidential_below_n,
                "baseline_value": None if baseline is None else baseline.value,
                "baseline_on": None if baseline is None else baseline.on,
                "baseline_extra": {} if baseline is None else dict(baseline.extra),
                "target_value": None if target is None else target.value,
                "target_on": None if target is None else target.on,
                "target_extra": {} if target is None else dict(target.extra),
                "extra": dict(item.extra),
            },
        )
        await self._session.flush()
        await self._children(
            MilestoneRow,
            "metric_id",
            row.id,
            [{"on": point.on, "value": point.value, "extra": dict(point.extra)} for point in item.milestones],
        )
        await self._session.flush()

    async def readings(self, metric: str, items: Iterable[values.Reading]) -> None:
        """Adds readings; one that is there is never replaced."""
        for item in items:
            self._session.add(
                ReadingRow(
                    coalition_id=self._coalition.id,
                    metric_id=self.id_of(MetricRow, metric),
                    **{
                        field.name: getattr(item, field.name)
                        for field in dataclasses.fields(item)
                        if field.name not in {"breakdown", "extra"}
                    },
                    breakdown=[dict(cell) for cell in item.breakdown],
                    extra=dict(item.extra),
                )
            )
            # One flush each keeps ids, and with them the file's order, certain.
            await self._session.flush()

    async def question_sets(self, items: Iterable[values.QuestionSet]) -> None:
        for item in items:
            await self._put(
                QuestionSetRow,
                item.id,
                {
                    "title": item.title,
                    "minutes": item.minutes,
                    "allow_no_change": item.allow_no_change,
                    "anonymous": item.anonymous,
                    "per_item": item.per_item,
                    "questions": [question_to_json(question) for question in item.questions],
                    "extra": dict(item.extra),
                },
            )
        await self._session.flush()

    async def cadences(self, items: Sequence[values.Cadence]) -> None:
        for item in items:
            named = item.audience if item.audience in NAMED_AUDIENCES else None
            row = await self._put(
                CadenceRow,
                item.id,
                {
                    "kind": item.kind,
                    "name": item.name,
                    "timezone": item.timezone,
                    "dtstart": item.dtstart,
                    "rrule": item.rrule,
                    "time_basis": item.time_basis,
                    "audience": named,
                    "audience_group_id": None if named else self.id_of(GroupRow, item.audience),
                    "group_id": self.id_of(GroupRow, item.group),
                    "duration_minutes": item.duration_minutes,
                    "closes_after_hours": item.closes_after_hours,
                    "reminder_after_hours": item.reminder_after_hours,
                    "delegate_after_hours": item.delegate_after_hours,
                    "question_set_id": self.id_of(QuestionSetRow, item.question_set),
                    "channels": list(item.channels),
                    "owner_preview_at": item.owner_preview_at,
                    "prework_days_before": item.prework_days_before,
                    "exdates": list(item.exdates),
                    "paused_at": item.paused_at,
                    "extra": dict(item.extra),
                },
            )
            await self._session.flush()
            await self._children(
                MoveRow,
                "cadence_id",
                row.id,
                [
                    {
                        field.name: dict(move.extra) if field.name == "extra" else getattr(move, field.name)
                        for field in dataclasses.fields(move)
                    }
                    for move in item.moves
                ],
            )
            await self._children(
                CadenceAttendeeRow,
                "cadence_id",
                row.id,
                [
                    {"member_id": self.id_of(MemberRow, key), "purpose": purpose, "position": n}
                    for purpose, keys in (("attendees", item.attendees), ("email", item.email))
                    for n, key in enumerate(keys)
                ],
            )
        await self._session.flush()
        for item in items:
            row = self._rows[CadenceRow][item.id]
            feeds_id = self.id_of(CadenceRow, item.feeds)
            if row.feeds_id != feeds_id:
                row.feeds_id = feeds_id
        await self._session.flush()

    async def responses(self, items: Iterable[values.Response]) -> None:
        for item in items:
            columns = {
                "by_id": self.id_of(MemberRow, item.by),
                "on_behalf_of_id": self.id_of(MemberRow, item.on_behalf_of),
                "assessment": item.assessment,
                "confidence": item.confidence,
                "moved": item.moved,
                "blocker": item.blocker,
                "ask": item.ask,
                "ask_from": item.ask_from,
                "next": item.next,
                "came_true": item.came_true,
                "no_change": item.no_change,
                "answered_at": item.answered_at,
                "extra": dict(item.extra),
            }
            key = {
                "cadence_id": self.id_of(CadenceRow, item.cadence),
                "round": item.round,
                "priority_id": self.id_of(PriorityRow, item.priority),
            }
            row = await self._session.scalar(
                select(ResponseRow).where(*(getattr(ResponseRow, name) == value for name, value in key.items()))
            )
            if row is None:
                self._session.add(ResponseRow(coalition_id=self._coalition.id, **key, **columns))
                await self._session.flush()
            else:
                for name, value in columns.items():
                    if getattr(row, name) != value:
                        setattr(row, name, value)
        await self._session.flush()

    async def actions(self, items: Iterable[values.ActionItem]) -> None:
        for item in items:
            await self._put(
                ActionItemRow,
                item.id,
                {
                    "title": item.title,
                    "owner_id": self.id_of(MemberRow, item.owner),
                    "due": item.due,
                    "created": item.created,
                    "status": item.status,
                    "priority_id": self.id_of(PriorityRow, item.priority),
                    "organization_id": self.id_of(OrganizationRow, item.organization),
                    "deliverable": item.deliverable,
                    "metric_id": self.id_of(MetricRow, item.metric),
                    "completed": item.completed,
                    "blocked_reason": item.blocked_reason,
                    "waiting_on_id": self.id_of(OrganizationRow, item.waiting_on),
                    "accepted": item.accepted,
                    "source": item.source,
                    "note": item.note,
                    "extra": dict(item.extra),
                },
            )
        await self._session.flush()

    async def issues(self, items: Iterable[values.Issue]) -> None:
        for item in items:
            await self._put(
                IssueRow,
                item.id,
                {
                    "title": item.title,
                    "raised_by_id": self.id_of(MemberRow, item.raised_by),
                    "owner_id": self.id_of(MemberRow, item.owner),
                    "raised": item.raised,
                    "status": item.status,
                    "priority_id": self.id_of(PriorityRow, item.priority),
                    "escalated_to_id": self.id_of(GroupRow, item.escalated_to),
                    "escalated": item.escalated,
                    "resolved": item.resolved,
                    "impact": item.impact,
                    "note": item.note,
                    "extra": dict(item.extra),
                },
            )
        await self._session.flush()

    async def decisions(self, items: Iterable[values.Decision]) -> None:
        for item in items:
            await self._put(
                DecisionRow,
                item.id,
                {
                    "title": item.title,
                    "decider_id": self.id_of(GroupRow, item.decider),
                    "status": item.status,
                    "accountable_id": self.id_of(MemberRow, item.accountable),
                    "priority_id": self.id_of(PriorityRow, item.priority),
                    "needed_by": item.needed_by,
                    "options": list(item.options),
                    "recommended": item.recommended,
                    "recommendation_for": item.recommendation_for,
                    "decided_on": item.decided_on,
                    "outcome": item.outcome,
                    "delegated": item.delegated,
                    "why": item.why,
                    "note": item.note,
                    "extra": dict(item.extra),
                },
            )
        await self._session.flush()

    async def funding_sources(self, items: Iterable[values.FundingSource]) -> None:
        for item in items:
            report = item.report
            row = await self._put(
                FundingSourceRow,
                item.id,
                {
                    "name": item.name,
                    "funder": item.funder,
                    "capital_type": item.capital_type,
                    "status": item.status,
                    "amount": item.amount,
                    "organization_id": self.id_of(OrganizationRow, item.organization),
                    "match_required": item.match_required,
                    "match_secured": item.match_secured,
                    "period_start": item.period_start,
                    "period_end": item.period_end,
                    "has_report": report is not None,
                    "report_frequency": None if report is None else report.frequency,
                    "report_next_due": None if report is None else report.next_due,
                    "report_owner_id": None if report is None else self.id_of(MemberRow, report.owner),
                    "report_extra": {} if report is None else dict(report.extra),
                    "extra": dict(item.extra),
                },
            )
            await self._session.flush()
            await self._children(
                AllocationRow,
                "funding_source_id",
                row.id,
                [
                    {
                        **self._scope(allocation.to),
                        "amount": allocation.amount,
                        "extra": dict(allocation.extra),
                        "position": n,
                    }
                    for n, allocation in enumerate(item.allocations)
                ],
            )
        await self._session.flush()


def question_to_json(question: values.Question) -> dict[str, Any]:
    """One question as the store keeps it: every field by its name."""
    data = {field.name: getattr(question, field.name) for field in dataclasses.fields(question)}
    # A list, as it is read back, so that an unchanged question is seen to be unchanged.
    return {**data, "extra": dict(question.extra), "options": list(question.options)}


def question_from_json(data: Mapping[str, Any]) -> values.Question:
    """The inverse of `question_to_json`."""
    return values.Question(**{**data, "options": tuple(data.get("options", ()))})


def question_set_of(row: QuestionSetRow) -> values.QuestionSet:
    """A question set as a frozen value."""
    return values.QuestionSet(
        id=row.key,
        title=row.title,
        minutes=row.minutes,
        allow_no_change=row.allow_no_change,
        anonymous=row.anonymous,
        per_item=row.per_item,
        questions=tuple(question_from_json(question) for question in row.questions),
        extra=row.extra,
    )


async def write_record(session: AsyncSession, coalition: CoalitionRow, record: values.Record) -> None:
    """Writes a whole record, in an order in which everything that is pointed at is there."""
    writer = Writer(session, coalition)
    await writer.load_rows()
    await writer.coalition(record)
    await writer.organizations(record.organizations)
    await writer.members(record.members)
    await writer.organization_children(record.organizations)
    await writer.groups(record.groups)
    await writer.priorities(record.priorities)
    await writer.group_priorities(record.groups)
    await writer.member_children(record.members)
    star = record.coalition.north_star
    if star is not None and star.metric is not None:
        await writer.metric(star.metric, None)
    for priority in record.priorities:
        for metric in priority.metrics:
            await writer.metric(metric, priority.id)
    await writer.question_sets(record.question_sets)
    await writer.cadences(record.cadences)
    await writer.responses(record.responses)
    await writer.actions(record.actions)
    await writer.issues(record.issues)
    await writer.decisions(record.decisions)
    await writer.funding_sources(record.funding_sources)


async def add_all_readings(session: AsyncSession, coalition: CoalitionRow, record: values.Record) -> None:
    """Adds every reading of a new coalition."""
    writer = Writer(session, coalition)
    await writer.load_rows()
    star = record.coalition.north_star
    metrics = [] if star is None or star.metric is None else [star.metric]
    metrics += [metric for priority in record.priorities for metric in priority.metrics]
    for metric in metrics:
        await writer.readings(metric.id, metric.readings)
