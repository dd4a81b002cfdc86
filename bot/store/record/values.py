"""Rows → frozen values: what becomes of each row of the record. Which row stands under which is in `parts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain import record as values
from bot.store.record.cadence_rows import question_from_json
from bot.store.record.work_rows import moves_from_json

Row = dict[str, Any]
Rows = dict[int, Row]
# The ids of the rows that stand under an owner, by its id.
Index = dict[int | None, tuple[int, ...]]


class View:
    """Looks up one coalition's rows, and what was made of them, by what they point at."""

    def __init__(
        self, rows: Mapping[str, Rows], index: Mapping[str, Index], made: Mapping[str, Mapping[int, Any]]
    ) -> None:
        self.rows = rows
        self.index = index
        self.made = made

    def key(self, table: str, row_id: int | None) -> Any:
        return None if row_id is None else self.rows[table][row_id]["key"]

    def under(self, table: str, owner_id: int | None) -> list[Row]:
        rows = self.rows[table]
        return [rows[row_id] for row_id in self.index[table].get(owner_id, ())]

    def made_under(self, table: str, owner_id: int | None) -> tuple[Any, ...]:
        made = self.made[table]
        return tuple([made[row_id] for row_id in self.index[table].get(owner_id, ())])

    def metric(self, row: Row) -> values.Metric:
        return values.Metric(
            **_same(row, "name unit direction aggregation level horizon frequency definition source"),
            **_same(row, "expected_lag_days tolerance confidential_below_n extra"),
            id=row["key"],
            steward=self.key("members", row["steward_id"]),
            baseline=_dated(row, "baseline"),
            target=_dated(row, "target"),
            milestones=tuple(
                values.DatedValue(**_same(point, "value on extra")) for point in self.under("milestones", row["id"])
            ),
            readings=self.made_under("readings", row["id"]),
        )

    def reading(self, row: Row) -> values.Reading:
        return values.Reading(
            **_same(row, "period_start period_end value quality recorded_on reporters note extra"),
            breakdown=tuple(row["breakdown"]),
        )

    def coalition(self, row: Row) -> values.Coalition:
        star = next(iter(self.made_under("metrics", None)), None)
        statement = row["north_star_statement"]
        return values.Coalition(
            **_same(row, "name short_name timezone currency extra"),
            id=row["key"],
            north_star=None
            if statement is None
            else values.NorthStar(statement=statement, metric=star, extra=row["north_star_extra"]),
        )

    def organization(self, row: Row) -> values.Organization:
        return values.Organization(
            **_same(row, "name sector ask_via extra"),
            id=row["key"],
            contacts=tuple(self.key("members", contact["member_id"]) for contact in self.under("contacts", row["id"])),
            closed_days=tuple(day["day"] for day in self.under("closed_days", row["id"])),
        )

    def _scope(self, row: Row) -> str:
        scope: str = self.key("priorities", row["priority_id"]) or self.key("groups", row["group_id"]) or "coalition"
        return scope

    def member(self, row: Row) -> values.Member:
        return values.Member(
            **_same(row, "name email title timezone access ask_at extra"),
            id=row["key"],
            no_messages_about=tuple(row["no_messages_about"] or ()),
            organization=self.key("organizations", row["organization_id"]),
            delegate=self.key("members", row["delegate_id"]),
            roles=tuple(
                values.Role(role=role["role"], scope=self._scope(role), extra=role["extra"])
                for role in self.under("roles", row["id"])
            ),
            away=tuple(values.Away(**_same(away, "start end extra")) for away in self.under("away", row["id"])),
        )

    def group(self, row: Row) -> values.Group:
        return values.Group(
            **_same(row, "name kind channel decision_rule quorum extra"),
            id=row["key"],
            voices=row["voices"] or "organization",
            members=tuple(self.key("members", seat["member_id"]) for seat in self.under("group_members", row["id"])),
            chair=self.key("members", row["chair_id"]),
            cochair=self.key("members", row["cochair_id"]),
            priority=self.key("priorities", row["priority_id"]),
        )

    def priority(self, row: Row) -> values.Priority:
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
                for outcome in self.under("outcomes", row["id"])
            ),
            metrics=self.made_under("metrics", row["id"]),
        )

    def cadence(self, row: Row) -> values.Cadence:
        people = self.under("cadence_attendees", row["id"])
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
                for move in self.under("moves", row["id"])
            ),
        )

    def question_set(self, row: Row) -> values.QuestionSet:
        return values.QuestionSet(
            **_same(row, "title minutes allow_no_change anonymous per_item extra"),
            id=row["key"],
            questions=tuple(question_from_json(question) for question in row["questions"]),
        )

    def response(self, row: Row) -> values.Response:
        return values.Response(
            **_same(row, "round assessment confidence moved blocker ask ask_from next came_true no_change"),
            **_same(row, "answered_at sets_standing extra"),
            cadence=self.key("cadences", row["cadence_id"]),
            priority=self.key("priorities", row["priority_id"]),
            by=self.key("members", row["by_id"]),
            on_behalf_of=self.key("members", row["on_behalf_of_id"]),
        )

    def ask(self, row: Row) -> values.Ask:
        response = self.rows["responses"][row["response_id"]]
        return values.Ask(
            **_same(row, "text asked state answer suggested sent_at answered_at ended_at"),
            row_id=row["id"],
            round=response["round"],
            cadence=self.key("cadences", response["cadence_id"]),
            priority=self.key("priorities", response["priority_id"]),
        )

    def action(self, row: Row) -> values.ActionItem:
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

    def issue(self, row: Row) -> values.Issue:
        return values.Issue(
            **_same(row, "title raised status escalated resolved impact note extra"),
            id=row["key"],
            raised_by=self.key("members", row["raised_by_id"]),
            owner=self.key("members", row["owner_id"]),
            priority=self.key("priorities", row["priority_id"]),
            escalated_to=self.key("groups", row["escalated_to_id"]),
        )

    def decision(self, row: Row) -> values.Decision:
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
                for answer in self.under("decision_responses", row["id"])
            ),
        )

    def funding_source(self, row: Row) -> values.FundingSource:
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
                for allocation in self.under("allocations", row["id"])
            ),
        )

    def round(self, row: Row) -> values.Round:
        run = self.rows["rounds"][row["round_id"]]
        return values.Round(
            **_same(row, "opens_at closes_at"),
            **_same(run, "day sets_standing"),
            cadence=self.key("cadences", run["cadence_id"]),
            priority=self.key("priorities", row["priority_id"]),
            asked=row["asked_at"] is not None,
        )


def _same(row: Row, names: str) -> dict[str, Any]:
    return {name: row[name] for name in names.split()}


def _dated(row: Row, name: str) -> values.DatedValue | None:
    if row[f"{name}_value"] is None:
        return None
    return values.DatedValue(value=row[f"{name}_value"], on=row[f"{name}_on"], extra=row[f"{name}_extra"])


# What is made of a table's rows, in an order in which everything that a value holds is made before it.
MAKERS: Final[dict[str, Callable[[View, Row], Any]]] = {
    "readings": View.reading,
    "metrics": View.metric,
    "coalitions": View.coalition,
    "organizations": View.organization,
    "members": View.member,
    "groups": View.group,
    "priorities": View.priority,
    "cadences": View.cadence,
    "question_sets": View.question_set,
    "responses": View.response,
    "asks": View.ask,
    "action_items": View.action,
    "issues": View.issue,
    "decisions": View.decision,
    "funding_sources": View.funding_source,
    "round_subjects": View.round,
}
