"""Issues as people work with them: raising one, taking it to a group, resolving and parking, and lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from sqlalchemy import select

from bot.domain import issues
from bot.domain.decisions import match_group
from bot.domain.endings import require_open_again
from bot.domain.issues import (
    Escalation,
    IssueCard,
    IssueChange,
    IssueForm,
    IssueList,
    IssueQuery,
    IssueReadBack,
    NewIssue,
)
from bot.domain.record import Issue, Priority, Record, by_name, lasting
from bot.domain.rights import Right, can_help, may_take_part, readers_of_items
from bot.domain.typed import Known, Marks, known_priorities, marks_of
from bot.domain.vocabularies import IssueStatus
from bot.domain.wording import one_line, with_article
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, Service
from bot.services.actions import is_mine_alone, member_of, new_token
from bot.services.issues import drafts
from bot.services.issues.news import announce
from bot.services.issues.views import ISSUE, ISSUES, IssuesView, issue_page, known_issue, read_issues
from bot.services.meetings import add_point_for_group
from bot.services.numbered import keepers, require_keeper
from bot.store.issues import IssueRow


class Issues(Service):
    """Use cases around issues."""

    async def show(self, actor: Actor, typed: str, *, to_change: bool = False) -> IssueCard:
        """One issue, by its id or by words of its title.

        Raises UserError for one that is not known, Refused for one that is not theirs to see, or `to_change`.
        """
        async with self.looking(actor) as tx:
            view = await self._view(tx)
            issue = view.one(typed)
            if to_change:
                view.require_change(issue)
            return view.card(issue)

    async def find(self, actor: Actor, wanted: str | IssueQuery) -> IssueList | str:
        """A page of a list: of a query, or of what was typed (mine, all, a status, a priority, a group).

        Returns what was probably meant, or "", where it is no list.
        """
        async with self.looking(actor) as tx:
            view = await self._view(tx)
            return ISSUES.find(view.record, wanted, partial(issue_page, view, actor))

    async def read_back(self, actor: Actor, text: str, channel_id: str | None = None) -> IssueReadBack:
        """Reads a line and keeps it; nothing is raised yet."""
        async with self.keeping(actor) as tx:
            _require_raiser(actor, tx.record)
            draft = await drafts.read_line(tx, text, channel_id)
            token = new_token()
            await drafts.keep(tx, token, draft)
            new = drafts.new_of(draft)
            mistake = issues.first_mistake(tx.record, new)
            problems = [one.words for one in draft.problems] + ([mistake.message] if mistake is not None else [])
            owner = member_of(tx.record, issues.owner_of(tx.record, new, actor.key))
            return IssueReadBack(
                token=token,
                new=new,
                title=new.title,
                priority_name=next(
                    (one.name for one in tx.record.everything.priorities if one.id == new.priority), None
                ),
                owner_name=owner.name if owner is not None else "",
                problems=tuple(problems),
                doubts=tuple(one.words for one in draft.doubts),
                today=tx.today,
            )

    async def form(self, actor: Actor, token: str | None = None, *, channel_id: str | None = None) -> IssueForm:
        """The form of a new issue: of a line that was kept, or an empty one."""
        async with self.reading(actor, to_change=True) as tx:
            _require_raiser(actor, tx.record)
            if token is not None:
                new, problems = await drafts.kept(tx, token)
                mistake = issues.first_mistake(tx.record, new)
                problems = (*problems, *([mistake.message] if mistake is not None else []))
            else:
                line = await drafts.read_line(tx, "", channel_id)
                new, problems = NewIssue(title="", priority=line.priority), ()
            priority, owner = _priority(tx.record, new.priority), member_of(tx.record, new.owner)
            return IssueForm(
                token=token or new_token(),
                **by_name(new, "owner"),
                priorities=known_priorities(tx.record),
                owner=Known(owner.id, owner.name) if owner is not None else None,
                readers=readers_of_items(tx.record, priority),
                problems=problems,
                keepers=keepers(tx),
            )

    async def add(self, actor: Actor, token: str, new: NewIssue | None = None) -> IssueChange:
        """Raises an issue, or with none given the line that was kept under `token`. The same token raises once."""
        submission = f"issue:{actor.coalition_id}:{token}"
        async with self.changing(actor, alone=True) as tx:
            _require_raiser(actor, tx.record)
            known = await tx.session.scalar(select(IssueRow).where(IssueRow.submission_key == submission))
            if known is not None and (
                new is None
                or known.status != IssueStatus.OPEN
                or not await is_mine_alone(tx, known.id, IssueRow.__tablename__)
            ):
                return await self._outcome(tx, "raised", known.key, already=True)
            new = new if new is not None else (await drafts.kept(tx, token))[0]
            new = issues.tidied(new)
            mistake = issues.first_mistake(tx.record, new)
            if mistake is not None:
                raise mistake
            owner, by = issues.owner_of(tx.record, new, actor.key), actor.key
            assert owner is not None
            assert by is not None
            key = issues.next_id(one.id for one in tx.unrestricted.issues)
            made = issues.raise_issue(key, new, owner, by, tx.today)
            require_keeper(tx, made)
            writer = tx.writer()
            if known is not None:
                # The same form with something corrected changes what it made.
                before = known_issue(tx.record, known.key)
                after = issues.correct(before, made)
                await writer.put(after, before, row=known)
                return await self._outcome(tx, "raised", known.key, already=after == before)
            await writer.put_new(made, submission_key=submission)
            return await self._outcome(tx, "raised", key)

    async def escalation(self, actor: Actor, key: str, group: str = "") -> Escalation:
        """The groups that an issue can be taken to; the one that was typed is chosen, else steering where it is one."""
        async with self.looking(actor, to_change=True) as tx:
            view = await self._view(tx)
            issue = known_issue(view.record, key)
            _require_movable(view, issue)
            groups = tuple(
                Known(one.id, one.name) for one in lasting(view.record.groups) if one.id != issue.escalated_to
            )
            steering = view.record.steering
            chosen = steering.id if steering is not None and any(one.id == steering.id for one in groups) else None
            if group:
                chosen = _named_group(view.record, group)
            channel = next((one.channel for one in view.record.groups if one.id == chosen), None)
            return Escalation(
                card=view.card(issue),
                groups=groups,
                chosen=chosen,
                escalated_to=issue.escalated_to,
                channel=channel,
            )

    async def escalate(self, actor: Actor, key: str, group: str, opened: Marks | None = None) -> IssueChange:
        """Takes an issue to a group: by its id, name, channel or a beginning. Posted where the group talks.

        `opened`: the marks of the form that it comes from; what somebody else did meanwhile is told instead.
        """
        async with self.writing(actor) as tx:
            row = await ISSUE.locked(tx, IssueRow, key)
            view = await self._view(tx)
            issue = known_issue(view.record, row.key)
            _require_movable(view, issue)
            found = _named_group(view.record, group)
            after = issues.escalate(issue, found, view.today)
            if after == issue:
                return await self._outcome(tx, "escalated", row.key, already=True)
            if opened and marks_of({"group": issue.escalated_to}) != opened:
                now_with = next(
                    (one.name for one in view.record.everything.groups if one.id == issue.escalated_to), "its owner"
                )
                raise UserError(
                    f"Somebody has taken it to another group meanwhile: it is with {with_article(now_with)} now. "
                    "Close this and open it again to take it elsewhere.",
                    field="group",
                )
            await tx.writer().put(after, issue, row=row)
            return await self._outcome(tx, "escalated", row.key, announced=True)

    async def put_on_agenda(self, actor: Actor, key: str) -> IssueChange:
        """Puts an issue on the agenda of the next meeting of the group that it went to, else of the priority's own."""
        async with self.writing(actor) as tx:
            row = await ISSUE.locked(tx, IssueRow, key)
            view = await self._view(tx)
            issue = known_issue(view.record, row.key)
            view.require_read(issue)
            _require_raiser(actor, view.record)
            issues.require_open(issue, view.today)
            group = view.agenda_group(issue)
            if group is None:
                raise UserError(f"{issue.id} is with no group yet. Escalate it first, then put it on the agenda.")
            already = await add_point_for_group(tx.on(view.unrestricted), group, issue.title, about=issue.id)
            return await self._outcome(tx, "agenda", row.key, already=already, announced=True)

    async def resolve(self, actor: Actor, key: str, how: str) -> IssueChange:
        """Resolved today, and how."""
        return await self._change(actor, key, "resolved", lambda one, today: issues.resolve(one, how, today), note=how)

    async def park(self, actor: Actor, key: str, why: str) -> IssueChange:
        """Parked: off the lists until somebody opens it again, and why."""
        return await self._change(actor, key, "parked", lambda one, today: issues.park(one, why, today), note=why)

    async def reopen(self, actor: Actor, key: str) -> IssueChange:
        """Open again; with the group that it had gone to, if any."""
        return await self._change(actor, key, "open", lambda one, _today: issues.reopen(one))

    async def _change(
        self, actor: Actor, key: str, what: str, change: Callable[[Issue, date], Issue], *, note: str | None = None
    ) -> IssueChange:
        """One change of one issue, unless it is so already, perhaps in other words than this `note`."""
        words = issues.read_note(note) if note is not None else None
        async with self.writing(actor) as tx:
            row = await ISSUE.locked(tx, IssueRow, key)
            view = await self._view(tx)
            issue = known_issue(view.record, row.key)
            view.require_change(issue)
            after = change(issue, view.today)
            if after == issue:
                differs = words is not None and words != issue.note
                return await self._outcome(tx, what, row.key, already=True, differs=differs)
            if after.is_open and not issue.is_open:
                require_open_again(view.record, "issues", after)
            await tx.writer().put(after, issue, row=row)
            return await self._outcome(tx, what, row.key, announced=True)

    async def _view(self, tx: ByActor) -> IssuesView:
        tx = await tx.read()
        return await read_issues(tx, tx.actor)

    async def _outcome(
        self, tx: ByActor, what: str, key: str, *, already: bool = False, differs: bool = False, announced: bool = False
    ) -> IssueChange:
        view = await self._view(tx)
        issue = known_issue(view.record, key)
        if announced:
            await announce(tx.on(view.unrestricted), issue)
        return IssueChange(what=what, card=view.card(issue), already=already, differs=differs)


def _require_movable(view: IssuesView, issue: Issue) -> None:
    # Whoever may escalate may do so wherever something stands in the way, also beside their own priority.
    view.require_escalate(issue)
    issues.require_open(issue, view.today)


def _priority(record: Record, key: str | None) -> Priority | None:
    return next((one for one in record.priorities if one.id == key), None)


def _named_group(record: Record, typed: str) -> str:
    known = tuple(Known(one.id, one.name) for one in lasting(record.groups))
    found = match_group(typed, known, {one.id: one.channel for one in record.groups if one.channel})
    if len(found) == 1:
        return found[0].id
    names = " or ".join(one.name for one in (found or known)[:3])
    said = one_line(typed)[:60]
    raise UserError(
        f"“{said}” could be {names}. Write a little more of the name."
        if found
        else f"I don't know the group “{said}”. There are {', '.join(one.name for one in known)}.",
        field="group",
    )


def _require_raiser(actor: Actor, record: Record) -> None:
    if not may_take_part(actor.standing, Right.RAISE_ISSUE):
        why = "Issues are raised by members and coordinators, not by funders and observers."
        raise Refused(f"{why} {can_help(record)}")
