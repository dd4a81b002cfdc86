"""Rows → frozen values: the coalition as it was known at a moment. Later changes are undone from the audit trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.cadence_rows import question_from_json
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.digests import DigestRow
from bot.store.slack_accounts import SlackChannelRow
from bot.store.tables import AUDITED
from bot.store.work_rows import moves_from_json

Rows = dict[int, dict[str, Any]]

# Rows that say nothing about the coalition's substance are read by nobody here.
NOT_PART = frozenset(
    {
        "agenda_points",
        "attendances",
        "digest_notes",
        "digest_sendings",
        "digest_subscriptions",
        "letters",
        "meeting_notes",
        "slack_accounts",
    }
)


async def rows_at(session: AsyncSession, coalition_id: int, moment: datetime | None) -> dict[str, Rows]:
    """Every audited table's rows of one coalition, as they stood at `moment` (None: now).

    What the first import brought holds from the beginning, so it is never undone.
    """
    found: dict[str, Rows] = {}
    for name, query in _queries().items():
        result = await session.execute(query, {"of": coalition_id})
        columns = tuple(result.keys())
        rows = (dict(zip(columns, row, strict=True)) for row in result)
        found[name] = {row["id"]: row for row in rows}
    if moment is not None:
        await _rewind(session, coalition_id, moment, found)
    return found


@cache
def _queries() -> dict[str, Select[Any]]:
    """Put together once: the record is read for almost everything."""
    queries = {}
    for name, row in AUDITED.items():
        if name not in NOT_PART:
            table = row.__table__
            owner = table.c.id if name == "coalitions" else table.c.coalition_id
            queries[name] = select(table).where(owner == bindparam("of")).order_by(table.c.id)
    return queries


async def _rewind(session: AsyncSession, coalition_id: int, moment: datetime, found: dict[str, Rows]) -> None:
    first_change = next(iter(found["coalitions"].values()))["first_change_id"] or 0
    entries = await session.execute(
        select(AuditEntryRow.table_name, AuditEntryRow.row_id, AuditEntryRow.operation, AuditEntryRow.old)
        .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
        .where(AuditEntryRow.coalition_id == coalition_id, ChangeRow.at > moment, ChangeRow.id > first_change)
        .order_by(AuditEntryRow.id.desc())
    )
    restored: set[str] = set()
    for table_name, row_id, operation, old in entries:
        rows = found.get(table_name)
        if rows is None:
            continue
        if operation == "insert":
            rows.pop(row_id, None)
        elif operation == "delete":
            rows[row_id] = old
            restored.add(table_name)
        elif row_id in rows:
            # Personal values are kept nowhere but in the row itself, so the present one stands for the past.
            personal = AUDITED[table_name].personal
            rows[row_id].update({name: value for name, value in old.items() if name not in personal})
    for table_name in restored:
        found[table_name] = dict(sorted(found[table_name].items()))


class _View:
    """Looks up one coalition's rows by what they point at."""

    def __init__(self, found: dict[str, Rows]) -> None:
        self.found = found
        self._grouped: dict[tuple[str, str], dict[int, list[dict[str, Any]]]] = {}

    def all(self, table: str) -> Iterable[dict[str, Any]]:
        return self.found[table].values()

    def key(self, table: str, row_id: int | None) -> Any:
        return None if row_id is None else self.found[table][row_id]["key"]

    def under(self, table: str, owner: str, owner_id: int, *, by: str = "id") -> list[dict[str, Any]]:
        if (table, owner) not in self._grouped:
            grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
            for row in self.all(table):
                if row[owner] is not None:
                    grouped[row[owner]].append(row)
            self._grouped[table, owner] = grouped
        return sorted(self._grouped[table, owner].get(owner_id, ()), key=lambda row: row[by])

    def metric(self, row: dict[str, Any]) -> values.Metric:
        return values.Metric(
            **_same(row, "name unit direction aggregation level horizon frequency definition source"),
            **_same(row, "expected_lag_days tolerance confidential_below_n extra"),
            id=row["key"],
            steward=self.key("members", row["steward_id"]),
            baseline=_dated(row, "baseline"),
            target=_dated(row, "target"),
            milestones=tuple(
                values.DatedValue(**_same(point, "value on extra"))
                for point in self.under("milestones", "metric_id", row["id"])
            ),
            readings=tuple(
                values.Reading(
                    **_same(reading, "period_start period_end value quality recorded_on reporters note extra"),
                    breakdown=tuple(reading["breakdown"]),
                )
                for reading in self.under("readings", "metric_id", row["id"])
            ),
        )

    def coalition(self) -> values.Coalition:
        row = next(iter(self.all("coalitions")))
        star = next((self.metric(metric) for metric in self.all("metrics") if metric["priority_id"] is None), None)
        statement = row["north_star_statement"]
        return values.Coalition(
            **_same(row, "name short_name timezone currency extra"),
            id=row["key"],
            north_star=None
            if statement is None
            else values.NorthStar(statement=statement, metric=star, extra=row["north_star_extra"]),
        )

    def organization(self, row: dict[str, Any]) -> values.Organization:
        return values.Organization(
            **_same(row, "name sector ask_via extra"),
            id=row["key"],
            contacts=tuple(
                self.key("members", contact["member_id"])
                for contact in self.under("contacts", "organization_id", row["id"], by="position")
            ),
            closed_days=tuple(day["day"] for day in self.under("closed_days", "organization_id", row["id"])),
        )

    def _scope(self, row: dict[str, Any]) -> str:
        scope: str = self.key("priorities", row["priority_id"]) or self.key("groups", row["group_id"]) or "coalition"
        return scope

    def member(self, row: dict[str, Any]) -> values.Member:
        return values.Member(
            **_same(row, "name email title timezone access ask_at extra"),
            id=row["key"],
            no_messages_about=tuple(row["no_messages_about"] or ()),
            organization=self.key("organizations", row["organization_id"]),
            delegate=self.key("members", row["delegate_id"]),
            roles=tuple(
                values.Role(role=role["role"], scope=self._scope(role), extra=role["extra"])
                for role in self.under("roles", "member_id", row["id"])
            ),
            away=tuple(
                values.Away(**_same(away, "start end extra")) for away in self.under("away", "member_id", row["id"])
            ),
        )

    def group(self, row: dict[str, Any]) -> values.Group:
        return values.Group(
            **_same(row, "name kind channel decision_rule quorum extra"),
            id=row["key"],
            voices=row["voices"] or "organization",
            members=tuple(
                self.key("members", seat["member_id"])
                for seat in self.under("group_members", "group_id", row["id"], by="position")
            ),
            chair=self.key("members", row["chair_id"]),
            cochair=self.key("members", row["cochair_id"]),
            priority=self.key("priorities", row["priority_id"]),
        )

    def priority(self, row: dict[str, Any]) -> values.Priority:
        need = None
        if row["need_amount"] is not None:
            need = values.Need(
                amount=row["need_amount"],
                through=row["need_through"],
                basis=row["need_basis"],
                extra=row["need_extra"],
            )
        return values.Priority(
            **_same(row, "name goal channel assessment assessment_on headline_metric extra"),
            id=row["key"],
            owner=self.key("members", row["owner_id"]),
            working_group=self.key("groups", row["working_group_id"]),
            need=need,
            outcomes=tuple(
                values.Outcome(**_same(outcome, "name due completed extra"), id=outcome["key"])
                for outcome in self.under("outcomes", "priority_id", row["id"])
            ),
            metrics=tuple(self.metric(metric) for metric in self.under("metrics", "priority_id", row["id"])),
        )

    def cadence(self, row: dict[str, Any]) -> values.Cadence:
        people = self.under("cadence_attendees", "cadence_id", row["id"], by="position")
        return values.Cadence(
            **_same(row, "kind name timezone dtstart rrule time_basis duration_minutes closes_after_hours"),
            **_same(row, "reminder_after_hours delegate_after_hours owner_preview_at prework_days_before paused_at"),
            extra=row["extra"],
            id=row["key"],
            audience=row["audience"] or self.key("groups", row["audience_group_id"]),
            group=self.key("groups", row["group_id"]),
            attendees=tuple(self.key("members", p["member_id"]) for p in people if p["purpose"] == "attendees"),
            email=tuple(self.key("members", p["member_id"]) for p in people if p["purpose"] == "email"),
            feeds=self.key("cadences", row["feeds_id"]),
            question_set=self.key("question_sets", row["question_set_id"]),
            channels=tuple(row["channels"]),
            exdates=tuple(row["exdates"]),
            moves=tuple(
                values.Move(
                    **_same(move, "original to closes_after_hours reminder_after_hours delegate_after_hours extra")
                )
                for move in self.under("moves", "cadence_id", row["id"])
            ),
        )

    def question_set(self, row: dict[str, Any]) -> values.QuestionSet:
        return values.QuestionSet(
            **_same(row, "title minutes allow_no_change anonymous per_item extra"),
            id=row["key"],
            questions=tuple(question_from_json(question) for question in row["questions"]),
        )

    def response(self, row: dict[str, Any]) -> values.Response:
        return values.Response(
            **_same(row, "round assessment confidence moved blocker ask ask_from next came_true no_change"),
            **_same(row, "answered_at sets_standing extra"),
            cadence=self.key("cadences", row["cadence_id"]),
            priority=self.key("priorities", row["priority_id"]),
            by=self.key("members", row["by_id"]),
            on_behalf_of=self.key("members", row["on_behalf_of_id"]),
        )

    def ask(self, row: dict[str, Any]) -> values.Ask:
        response = self.found["responses"][row["response_id"]]
        return values.Ask(
            **_same(row, "text asked state answer suggested sent_at answered_at ended_at"),
            row_id=row["id"],
            round=response["round"],
            cadence=self.key("cadences", response["cadence_id"]),
            priority=self.key("priorities", response["priority_id"]),
        )

    def action(self, row: dict[str, Any]) -> values.ActionItem:
        return values.ActionItem(
            **_same(row, "title due created status deliverable completed blocked_reason accepted source note extra"),
            id=row["key"],
            owner=self.key("members", row["owner_id"]),
            priority=self.key("priorities", row["priority_id"]),
            organization=self.key("organizations", row["organization_id"]),
            metric=self.key("metrics", row["metric_id"]),
            waiting_on=self.key("organizations", row["waiting_on_id"]),
            moves=moves_from_json(row["moves"]),
        )

    def issue(self, row: dict[str, Any]) -> values.Issue:
        return values.Issue(
            **_same(row, "title raised status escalated resolved impact note extra"),
            id=row["key"],
            raised_by=self.key("members", row["raised_by_id"]),
            owner=self.key("members", row["owner_id"]),
            priority=self.key("priorities", row["priority_id"]),
            escalated_to=self.key("groups", row["escalated_to_id"]),
        )

    def decision(self, row: dict[str, Any]) -> values.Decision:
        return values.Decision(
            **_same(row, "title status needed_by recommended recommendation_for decided_on outcome delegated extra"),
            **_same(row, "why note"),
            id=row["key"],
            decider=self.key("groups", row["decider_id"]),
            accountable=self.key("members", row["accountable_id"]),
            priority=self.key("priorities", row["priority_id"]),
            options=tuple(row["options"]),
            answers=tuple(
                values.DecisionAnswer(
                    **_same(answer, "choice option reason answered_at"),
                    voice=self.key("members", answer["person_id"])
                    or self.key("organizations", answer["organization_id"]),
                    by=self.key("members", answer["by_id"]),
                    on_behalf_of=self.key("members", answer["on_behalf_of_id"]),
                )
                for answer in self.under("decision_responses", "decision_id", row["id"])
            ),
        )

    def funding_source(self, row: dict[str, Any]) -> values.FundingSource:
        report = None
        if row["has_report"]:
            report = values.FundingReport(
                frequency=row["report_frequency"],
                next_due=row["report_next_due"],
                owner=self.key("members", row["report_owner_id"]),
                extra=row["report_extra"],
            )
        return values.FundingSource(
            **_same(row, "name funder capital_type status amount match_required match_secured period_start period_end"),
            id=row["key"],
            extra=row["extra"],
            organization=self.key("organizations", row["organization_id"]),
            report=report,
            allocations=tuple(
                values.Allocation(to=self._scope(allocation), amount=allocation["amount"], extra=allocation["extra"])
                for allocation in self.under("allocations", "funding_source_id", row["id"], by="position")
            ),
        )


def _same(row: dict[str, Any], names: str) -> dict[str, Any]:
    return {name: row[name] for name in names.split()}


def _dated(row: dict[str, Any], name: str) -> values.DatedValue | None:
    if row[f"{name}_value"] is None:
        return None
    return values.DatedValue(value=row[f"{name}_value"], on=row[f"{name}_on"], extra=row[f"{name}_extra"])


async def read_record(session: AsyncSession, coalition_id: int, moment: datetime | None = None) -> values.Record:
    """The coalition as known at `moment` (None: now), in a constant number of statements."""
    view = _View(await rows_at(session, coalition_id, moment))
    row = next(iter(view.all("coalitions")))
    return values.Record(
        schema_version=row["schema_version"],
        as_of=row["as_of"],
        first_imported_at=row["first_imported_at"],
        coalition=view.coalition(),
        organizations=tuple(view.organization(item) for item in view.all("organizations")),
        members=tuple(view.member(item) for item in view.all("members")),
        groups=tuple(view.group(item) for item in view.all("groups")),
        priorities=tuple(view.priority(item) for item in view.all("priorities")),
        cadences=tuple(view.cadence(item) for item in view.all("cadences")),
        question_sets=tuple(view.question_set(item) for item in view.all("question_sets")),
        responses=tuple(view.response(item) for item in view.all("responses")),
        asks=tuple(view.ask(item) for item in view.all("asks")),
        actions=tuple(view.action(item) for item in view.all("action_items")),
        issues=tuple(view.issue(item) for item in view.all("issues")),
        decisions=tuple(view.decision(item) for item in view.all("decisions")),
        funding_sources=tuple(view.funding_source(item) for item in view.all("funding_sources")),
        rounds=await _rounds(session, coalition_id, moment, view),
        published=await _published(session, coalition_id, moment),
        public_channels=await _public_channels(session, coalition_id),
        extra=row["file_extra"],
    )


async def _public_channels(session: AsyncSession, coalition_id: int) -> frozenset[str]:
    """Channels that are public, by what Slack last said; one that the bot has not seen is not called so."""
    names = await session.scalars(
        select(SlackChannelRow.name).where(
            SlackChannelRow.coalition_id == coalition_id,
            SlackChannelRow.is_member.is_(True),
            SlackChannelRow.is_private.is_(False),
        )
    )
    return frozenset(names)


async def _rounds(
    session: AsyncSession, coalition_id: int, moment: datetime | None, view: _View
) -> tuple[values.Round, ...]:
    query = (
        select(RoundSubjectRow, RoundRow.cadence_id, RoundRow.day, RoundRow.sets_standing)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .where(RoundSubjectRow.coalition_id == coalition_id)
        .order_by(RoundSubjectRow.opens_at, RoundSubjectRow.id)
    )
    if moment is not None:
        query = query.where(RoundSubjectRow.opens_at <= moment)
    return tuple(
        values.Round(
            cadence=view.key("cadences", cadence_id),
            day=day,
            priority=view.key("priorities", subject.priority_id),
            opens_at=subject.opens_at,
            closes_at=subject.closes_at,
            asked=subject.asked_at is not None and (moment is None or subject.asked_at <= moment),
            sets_standing=sets_standing,
        )
        for subject, cadence_id, day, sets_standing in await session.execute(query)
    )


async def _published(
    session: AsyncSession, coalition_id: int, moment: datetime | None
) -> tuple[values.PublishedDigest, ...]:
    """The newest published digest only: the next one is compared with nothing older."""
    query = (
        select(DigestRow.published_at, DigestRow.content)
        .where(DigestRow.coalition_id == coalition_id, DigestRow.published_at.is_not(None))
        .order_by(DigestRow.published_at.desc())
        .limit(1)
    )
    if moment is not None:
        query = query.where(DigestRow.published_at < moment)
    return tuple(
        values.PublishedDigest(published_at=published_at, content=content["published"])
        for published_at, content in await session.execute(query)
    )
