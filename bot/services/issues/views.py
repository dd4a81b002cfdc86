"""How issues are read for one person: who may see and change what of them, cards and lists. Steps for services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from operator import attrgetter

from sqlalchemy import select

from bot.domain.issues import IssueCard, IssueDecision, IssueList, IssueQuery, read_id
from bot.domain.record import FromIssue, Issue, Record, by_name, in_common
from bot.domain.rights import Right, may_read_priority, may_take_part
from bot.errors import Refused
from bot.services.access import Actor, OnRecord
from bot.services.decisions import may_propose
from bot.services.numbered import Lists, Noun, NumberedView
from bot.store.meetings import AgendaPointRow
from bot.store.record import read_beside
from bot.store.rhythm import CadenceRow

STATUSES = ("open", "escalated", "resolved", "parked")

ISSUE: Noun[Issue] = Noun(
    name="issue",
    read_id=read_id,
    things=lambda record: record.issues,
    is_open=attrgetter("is_open"),
    see_all="Type “issue list” to see them all.",
    read_by="Issues of {about} are read by its working group, steering and the coordinators.",
    own="your own issues",
)
known_issue = ISSUE.known
ISSUES = Lists(noun="issue", query=IssueQuery, every="all", statuses=STATUSES)


class IssuesView(NumberedView[Issue]):
    """One record's issues as one person may see them; without an actor, as the group's channel does."""

    NOUN = ISSUE

    def __init__(
        self,
        actor: Actor | None,
        record: Record,
        now: datetime,
        decisions: Mapping[str, tuple[IssueDecision, ...]],
        agendas: Mapping[str, date],
    ) -> None:
        super().__init__(actor, record, now)
        self._decisions = decisions
        self._agendas = agendas

    def reads_otherwise(self, issue: Issue) -> bool:
        """Its owner, whoever raised it, the group it went to, and those who may read the priority's items."""
        if self._actor is None or self._is_own(issue) or self._is_asked(issue):
            return True
        return may_read_priority(self._actor.standing, issue.priority)

    def may_change(self, issue: Issue) -> bool:
        """Its owner, whoever raised it, the group that it went to, the priority's owner and coordinators."""
        if self._actor is None or self._is_own(issue):
            return self._actor is not None
        if self._is_asked(issue) and self._may_raise():
            return True
        return self._actor.standing.may(Right.CHANGE_ISSUE, issue.priority)

    def agenda_group(self, issue: Issue) -> str | None:
        """The group at whose next meeting an issue is talked about."""
        if issue.is_escalated:
            return issue.escalated_to
        priority = self.directory.priorities.get(issue.priority or "")
        return priority.working_group if priority is not None else None

    def _may_raise(self) -> bool:
        return self._actor is None or may_take_part(self._actor.standing, Right.RAISE_ISSUE)

    def may_escalate(self) -> bool:
        return self._actor is not None and may_take_part(self._actor.standing, Right.ESCALATE_ISSUE)

    def card(self, issue: Issue) -> IssueCard:
        names = self.directory
        open_now = issue.is_open
        return IssueCard(
            **by_name(issue),
            priority_name=names.priority_name(issue.priority),
            raised_by_name=names.name(issue.raised_by),
            owner_name=names.name(issue.owner),
            escalated_to_name=names.name(issue.escalated_to) if issue.escalated_to else None,
            decisions=self._decisions.get(issue.id, ()),
            agenda_on=self._agendas.get(issue.id),
            may_escalate=open_now and self.may_escalate(),
            may_change=self.may_change(issue),
            may_propose=open_now and self._actor is not None and may_propose(self._actor.standing),
            may_add_point=open_now and self.agenda_group(issue) is not None and self._may_raise(),
            today=self.today,
            kept_to=self.kept_to(issue),
        )

    def require_change(self, issue: Issue) -> None:
        """Raises Refused, with who can help, for somebody who may not resolve or park this issue."""
        if not self.may_change(issue):
            raise Refused(
                f"{issue.id} is resolved or parked by its owner, the group that it went to, the priority's owner or a "
                f"coordinator. {self._can_help(self.directory.name(issue.owner))}"
            )

    def require_escalate(self, issue: Issue) -> None:
        """Raises Refused, with who can help, for somebody who may not escalate."""
        if not self.may_escalate():
            owner = self.directory.priorities.get(issue.priority or "")
            helpers = [self.directory.name(owner.owner)] if owner is not None else []
            raise Refused(
                f"Issues are escalated by priority owners, steering and the coordinators. {self._can_help(*helpers)}"
            )

    def _is_own(self, issue: Issue) -> bool:
        key = self._actor.key if self._actor is not None else None
        return key is not None and key in {issue.owner, issue.raised_by}

    def _is_asked(self, issue: Issue) -> bool:
        group = self.directory.groups.get(issue.escalated_to or "")
        return group is not None and self._actor is not None and self._actor.key in group.members


async def read_issues(tx: OnRecord, actor: Actor | None) -> IssuesView:
    """The issues of a record that was read in this session, in a constant number of statements."""
    decisions = {one.id: one for one in tx.record.decisions}
    led_to: dict[str, tuple[IssueDecision, ...]] = {}
    for link in await read_beside(tx.session, tx.coalition_id, FromIssue):
        found = decisions.get(link.decision)
        if found is not None:
            led_to[link.issue] = (*led_to.get(link.issue, ()), IssueDecision(**in_common(IssueDecision, found)))
    points = await tx.session.execute(
        select(AgendaPointRow.about, AgendaPointRow.slot, CadenceRow.key)
        .join(CadenceRow, CadenceRow.id == AgendaPointRow.cadence_id)
        .where(tx.owns(AgendaPointRow), AgendaPointRow.about.is_not(None), AgendaPointRow.withdrawn.is_(False))
        .order_by(AgendaPointRow.slot)
    )
    moves = {(one.id, move.original): move.to for one in tx.record.cadences for move in one.moves}
    agendas = {about: moves.get((cadence, slot), slot).date() for about, slot, cadence in points if about is not None}
    return IssuesView(actor, tx.unrestricted, tx.now, led_to, agendas)


def issue_page(view: IssuesView, actor: Actor, query: IssueQuery) -> IssueList:
    """One page of what this person may see, the longest escalated first. Raises Refused for a priority out of sight."""
    found = [one for one in view.record.issues if view.may_read(one) and _belongs(view, actor, query, one)]
    if not found and query.kind == "priority":
        # An empty list would say that all is well there.
        view.require_list(query.id)
    found.sort(key=_by_need)
    return view.page(IssueList, query, found, may_add=may_take_part(actor.standing, Right.RAISE_ISSUE))


def _belongs(view: IssuesView, actor: Actor, query: IssueQuery, issue: Issue) -> bool:
    if query.kind == "status":
        return issue.status == query.id
    if not issue.is_open:
        return False
    if query.kind == "priority":
        return issue.priority == query.id
    if query.kind == "group":
        return issue.escalated_to == query.id
    if query.kind == "all":
        return True
    priority = view.directory.priorities.get(issue.priority or "")
    group = view.directory.groups.get(issue.escalated_to or "")
    mine = {issue.owner, issue.raised_by, priority.owner if priority is not None else None}
    return actor.key in mine or (group is not None and actor.key in group.members)


def _by_need(issue: Issue) -> tuple[int, date]:
    return (STATUSES.index(issue.status) if not issue.is_escalated else -1, issue.escalated or issue.raised)
