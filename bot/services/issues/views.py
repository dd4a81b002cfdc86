"""How issues are read for one person: who may see and change what of them, cards and lists. Steps for services."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.decisions import match_group
from bot.domain.issues import PAGE, IssueCard, IssueDecision, IssueList, IssueQuery, is_open, read_id
from bot.domain.known import in_coalition_time
from bot.domain.record import Directory, Issue, Record
from bot.domain.rights import Right, coordinators, may_read_priority, sight_words
from bot.domain.typed import (
    Known,
    Titled,
    asks_for_every,
    asks_for_own,
    find_titled,
    known_priorities,
    match_known,
    state_asked,
)
from bot.domain.wording import one_line
from bot.errors import Refused, UserError
from bot.services.access import Actor
from bot.services.decisions import may_propose, may_take_part
from bot.store.decisions import DecisionRow, IssueDecisionRow
from bot.store.issues import IssueRow
from bot.store.meetings import AgendaPointRow
from bot.store.rhythm import CadenceRow

STATUSES = ("open", "escalated", "resolved", "parked")


class IssuesView:
    """One record's issues as one person may see them; without an actor, as the group's channel does."""

    def __init__(
        self,
        actor: Actor | None,
        record: Record,
        now: datetime,
        decisions: Mapping[str, tuple[IssueDecision, ...]],
        agendas: Mapping[str, date],
    ) -> None:
        self.record = record
        self.directory = Directory.of(record)
        self.today = in_coalition_time(record, now).date()
        self._actor = actor
        self._decisions = decisions
        self._agendas = agendas

    def may_read(self, issue: Issue) -> bool:
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
        if issue.status == "escalated":
            return issue.escalated_to
        priority = self.directory.priorities.get(issue.priority or "")
        return priority.working_group if priority is not None else None

    def _may_raise(self) -> bool:
        return self._actor is None or may_take_part(self._actor.standing, Right.RAISE_ISSUE)

    def may_escalate(self) -> bool:
        return self._actor is not None and may_take_part(self._actor.standing, Right.ESCALATE_ISSUE)

    def card(self, issue: Issue) -> IssueCard:
        names = self.directory
        open_now = is_open(issue)
        return IssueCard(
            id=issue.id,
            title=issue.title,
            priority_name=names.priority_name(issue.priority),
            status=issue.status,
            raised=issue.raised,
            raised_by_name=names.name(issue.raised_by),
            owner_name=names.name(issue.owner),
            impact=issue.impact,
            escalated_to=issue.escalated_to,
            escalated_to_name=names.name(issue.escalated_to) if issue.escalated_to else None,
            escalated=issue.escalated,
            resolved=issue.resolved,
            note=issue.note,
            decisions=self._decisions.get(issue.id, ()),
            agenda_on=self._agendas.get(issue.id),
            may_escalate=open_now and self.may_escalate(),
            may_change=self.may_change(issue),
            may_propose=open_now and self._actor is not None and may_propose(self._actor.standing),
            may_add_point=open_now and self.agenda_group(issue) is not None and self._may_raise(),
            today=self.today,
        )

    def named(self, typed: str) -> str:
        """The id of the issue that somebody means, by its id or by words of its title, among those they may read.

        Raises UserError where none fits, or more than one.
        """
        key = read_id(typed)
        if key is not None:
            return key
        readable = (Titled(one.id, one.title, is_open(one)) for one in self.record.issues if self.may_read(one))
        return find_titled(typed, readable, "issue", "Type “issue list” to see them all.")

    def require_read(self, issue: Issue) -> None:
        """Raises Refused for somebody who may not see this issue."""
        if not self.may_read(issue):
            raise self._unread(issue.priority)

    def require_list(self, priority: str) -> None:
        """Raises Refused for somebody who may not read a priority's issues, whether there are any or not."""
        if self._actor is not None and not may_read_priority(self._actor.standing, priority):
            raise self._unread(priority)

    def _unread(self, priority: str | None) -> Refused:
        about = self.directory.priority_name(priority) or "the whole coalition"
        return Refused(
            f"Issues of {about} are read by its working group, steering and the coordinators. {self._can_help()}"
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
            helper = self.directory.name(owner.owner) if owner is not None else None
            raise Refused(
                f"Issues are escalated by priority owners, steering and the coordinators. {self._can_help(helper)}"
            )

    def _is_own(self, issue: Issue) -> bool:
        key = self._actor.key if self._actor is not None else None
        return key is not None and key in {issue.owner, issue.raised_by}

    def _is_asked(self, issue: Issue) -> bool:
        group = self.directory.groups.get(issue.escalated_to or "")
        return group is not None and self._actor is not None and self._actor.key in group.members

    def _can_help(self, first: str | None = None) -> str:
        names = [*([first] if first else []), *(one.name for one in coordinators(self.record)[:1])]
        return f"{' or '.join(dict.fromkeys(names))} can help." if names else "A coordinator can help."


async def read_issues(
    session: AsyncSession, actor: Actor | None, coalition_id: int, record: Record, now: datetime
) -> IssuesView:
    """The issues of a record that was read in this session, in a constant number of statements."""
    rows = await session.execute(
        select(IssueRow.key, DecisionRow.key, DecisionRow.status, DecisionRow.needed_by, DecisionRow.decided_on)
        .join(IssueDecisionRow, IssueDecisionRow.issue_id == IssueRow.id)
        .join(DecisionRow, DecisionRow.id == IssueDecisionRow.decision_id)
        .where(IssueDecisionRow.coalition_id == coalition_id)
        .order_by(IssueDecisionRow.id)
    )
    led_to: dict[str, tuple[IssueDecision, ...]] = {}
    for issue, key, status, needed_by, decided_on in rows:
        one = IssueDecision(id=key, status=status, needed_by=needed_by, decided_on=decided_on)
        led_to[issue] = (*led_to.get(issue, ()), one)
    points = await session.execute(
        select(AgendaPointRow.about, AgendaPointRow.slot, CadenceRow.key)
        .join(CadenceRow, CadenceRow.id == AgendaPointRow.cadence_id)
        .where(
            AgendaPointRow.coalition_id == coalition_id,
            AgendaPointRow.about.is_not(None),
            AgendaPointRow.withdrawn.is_(False),
        )
        .order_by(AgendaPointRow.slot)
    )
    moves = {(one.id, move.original): move.to for one in record.cadences for move in one.moves}
    agendas = {about: moves.get((cadence, slot), slot).date() for about, slot, cadence in points if about is not None}
    return IssuesView(actor, record, now, led_to, agendas)


def known_issue(record: Record, key: str) -> Issue:
    """The issue of an id. Raises UserError where there is none."""
    found = next((one for one in record.issues if one.id.casefold() == key.casefold()), None)
    if found is None:
        raise UserError(no_such_issue(key))
    return found


def no_such_issue(key: str) -> str:
    return f"I don't know the issue {key}. Type “issue list” to see them all."


def typed_issues(record: Record, typed: str) -> IssueQuery | str:
    """The list that was asked for; what was probably meant, or "", where it is not known."""
    words = one_line(typed).strip("“”\"'").casefold()
    if not words or asks_for_every(words, "issue"):
        return IssueQuery(kind="all")
    if asks_for_own(words, "issue"):
        return IssueQuery()
    state = state_asked(words, "issue", STATUSES)
    if state is not None:
        return IssueQuery(kind="status", id=state)
    groups = tuple(Known(group.id, group.name) for group in record.groups)
    priorities, asked = match_known(words, known_priorities(record)), match_group(words, groups, {})
    if len(priorities) == 1:
        return IssueQuery(kind="priority", id=priorities[0].id)
    if len(asked) == 1:
        return IssueQuery(kind="group", id=asked[0].id)
    known = {word: word for word in STATUSES}
    for one in (*known_priorities(record), *groups):
        known |= {one.name.casefold(): one.name, one.name.casefold().split()[0]: one.name, one.id: one.name}
    near = difflib.get_close_matches(words, list(known), n=1, cutoff=0.6)
    return known[near[0]] if near else ""


def issue_page(view: IssuesView, actor: Actor, query: IssueQuery) -> IssueList:
    """One page of what this person may see, the longest escalated first. Raises Refused for a priority out of sight."""
    found = [one for one in view.record.issues if view.may_read(one) and _belongs(view, actor, query, one)]
    if not found and query.kind == "priority":
        # An empty list would say that all is well there.
        view.require_list(query.id)
    found.sort(key=_by_need)
    start = min(query.page, max(0, (len(found) - 1) // PAGE)) * PAGE
    return IssueList(
        query=replace(query, page=start // PAGE),
        name=view.directory.name(query.id) if query.kind in {"priority", "group"} else None,
        cards=tuple(view.card(one) for one in found[start : start + PAGE]),
        start=start,
        total=len(found),
        today=view.today,
        may_raise=may_take_part(actor.standing, Right.RAISE_ISSUE),
        sight=sight_words(view.record, actor.standing, "your own issues") if query.kind != "mine" else None,
    )


def _belongs(view: IssuesView, actor: Actor, query: IssueQuery, issue: Issue) -> bool:
    if query.kind == "status":
        return issue.status == query.id
    if not is_open(issue):
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
    return (STATUSES.index(issue.status) if issue.status != "escalated" else -1, issue.escalated or issue.raised)
