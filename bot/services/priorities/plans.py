"""Changing priorities and their outcomes: at once by right, else proposed to steering. Reading is in `priorities`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.known import in_coalition_time
from bot.domain.priorities import (
    Choices,
    OutcomeForm,
    OutcomeList,
    Plan,
    PriorityForm,
    PrioritySaved,
    change_lines,
    choices_of,
    known_keys,
    outcome_plan,
    plan_of,
    read_outcome,
    read_plan,
    value_words,
)
from bot.domain.record import Outcome, Priority, Record
from bot.domain.rights import Right
from bot.domain.typed import Known, Marks, Mistakes, edit_of, new_key
from bot.domain.wording import cut
from bot.errors import UserError
from bot.services.access import Actor, Service
from bot.services.decisions import propose_change, steering_of
from bot.services.drafts import Sent, keep_sent, require_same_proposal, sent_before
from bot.services.priorities.plan_rows import (
    OUTCOME,
    PRIORITY,
    add_outcome,
    locked_outcome,
    locked_priority,
    new_priority_row,
    write_outcome,
    write_priority,
)
from bot.services.priorities.priorities import may_change, named_priority, require_editor, require_priority_reader
from bot.store.coalition import CoalitionRow
from bot.store.record import read_record

MOST_TITLE = 150


class PriorityPlans(Service):
    """Use cases around how priorities and their outcomes are set up."""

    async def form(self, actor: Actor, typed: str | None = None) -> PriorityForm:
        """The form of a new priority, or with a name or id that of one that is there."""
        async with self.database.read(actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
        priority = named_priority(record, typed) if typed is not None else None
        require_editor(actor, record, priority, "priorityplans.form" if priority else "priorityplans.add")
        plan = plan_of(priority) if priority is not None else {}
        choices = choices_of(record, priority)
        return PriorityForm(
            priority=Known(priority.id, priority.name) if priority is not None else None,
            plan=plan,
            choices=choices,
            owner=Known(priority.owner, choices.name(priority.owner)) if priority is not None else None,
            amounts=actor.standing.may(Right.SEE_AMOUNTS, priority.id if priority is not None else None),
            proposes=not may_change(actor, priority),
            today=in_coalition_time(record, self.calendar.now()).date(),
        )

    async def add(self, actor: Actor, key: str, answers: Mapping[str, str | None]) -> PrioritySaved:
        """Adds a priority. `key` identifies the form: the same one again adds nothing, a corrected one changes the
        priority that it added. Raises Mistakes."""
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            await _one_at_a_time(session, actor)
            record = await read_record(session, actor.coalition_id)
            require_editor(actor, record, None, "priorityplans.add")
            sent = await sent_before(session, actor, f"priority:{key}")
            today = in_coalition_time(record, now).date()
            done = named_priority(record, sent.reply["priority"][0], whole=True) if sent is not None else None
            choices = choices_of(record, done)
            plan = read_plan(answers, choices, with_reason=False)
            if sent is not None and done is not None:
                before = plan_of(done)
                edit = sent.edit(before, plan)
                _refuse_clashes(edit.clashes, before, choices, today)
                row, changes = await locked_priority(session, actor.coalition_id, done.id), edit.changes
            else:
                row, changes = new_priority_row(actor.coalition_id, new_key(plan["name"], known_keys(record))), plan
            await write_priority(session, row, changes, today, by=actor, now=now)
            saved = PrioritySaved(priority=Known(row.key, row.name), name=row.name, what="added", lines=())
            return await _remember(session, actor, key, saved, plan, now)

    async def edit(
        self, actor: Actor, key: str, priority: str, opened: Marks, answers: Mapping[str, str | None]
    ) -> PrioritySaved:
        """Changes a priority; `opened` are the marks that its form was opened with."""
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            row = await locked_priority(session, actor.coalition_id, priority)
            record = await read_record(session, actor.coalition_id)
            known = named_priority(record, row.key, whole=True)
            require_editor(actor, record, known, "priorityplans.edit")
            today = in_coalition_time(record, now).date()
            choices = choices_of(record, known)
            typed = read_plan(answers, choices, with_reason=not may_change(actor, known))
            sent = await sent_before(session, actor, f"priority:{key}")
            if sent is not None and (sent.is_same(typed) or sent.reply["decision"] is not None):
                require_same_proposal(sent, typed)
                return _answered(sent)
            entered, reason = dict(typed), typed.pop("reason", None)
            if not actor.standing.may(Right.SEE_AMOUNTS, known.id):
                typed.pop("need", None)
            before = plan_of(known)
            edit = edit_of(sent.marks if sent is not None else opened, before, typed)
            _refuse_clashes(edit.clashes, before, choices, today)
            lines = change_lines(before, edit.changes, choices, today)
            saved = PrioritySaved(
                priority=Known(known.id, known.name),
                name=known.name,
                what="changed" if lines else "nothing",
                lines=lines,
            )
            if not lines:
                return saved
            if may_change(actor, known):
                await write_priority(session, row, edit.changes, today, by=actor, now=now)
            else:
                changes = {**edit.changes, "reason": reason}
                saved = await _propose(session, record, actor, saved, PRIORITY, known.id, changes, now)
            return await _remember(session, actor, key, saved, entered, now)

    async def outcomes(self, actor: Actor, typed: str, *, whole: bool = False) -> OutcomeList:
        """A priority's outcomes, and whether this person may change them."""
        async with self.database.read(actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
        priority = named_priority(record, typed, whole=whole)
        require_priority_reader(actor, record, priority)
        return OutcomeList(
            priority=Known(priority.id, priority.name),
            outcomes=tuple(sorted(priority.outcomes, key=lambda one: (one.completed is not None, one.due))),
            may_edit=actor.standing.may(Right.PROPOSE_EDIT, priority.id),
            proposes=not may_change(actor, priority),
            today=in_coalition_time(record, self.calendar.now()).date(),
        )

    async def outcome_form(self, actor: Actor, priority: str, outcome: str | None = None) -> OutcomeForm:
        """The form of a new outcome of a priority, or of one that is there."""
        async with self.database.read(actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
        known = named_priority(record, priority, whole=True)
        require_editor(actor, record, known, "priorityplans.outcome_form")
        found = _outcome(known, outcome) if outcome is not None else None
        return OutcomeForm(
            priority=Known(known.id, known.name),
            outcome=found,
            plan=outcome_plan(found) if found is not None else {},
            proposes=not may_change(actor, known),
            today=in_coalition_time(record, self.calendar.now()).date(),
        )

    async def save_outcome(
        self,
        actor: Actor,
        key: str,
        priority: str,
        outcome: str | None,
        opened: Marks,
        answers: Mapping[str, str | None],
    ) -> PrioritySaved:
        """Adds an outcome, or changes one: its words, its date with a reason, or that it is reached, by what."""
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            await _one_at_a_time(session, actor)
            record = await read_record(session, actor.coalition_id)
            known = named_priority(record, priority, whole=True)
            require_editor(actor, record, known, "priorityplans.save_outcome")
            today = in_coalition_time(record, now).date()
            sent = await sent_before(session, actor, f"priority:{key}")
            is_new, made = outcome is None, outcome if sent is None else sent.reply.get("outcome") or outcome
            before = _outcome(known, made) if made is not None else None
            at_once = may_change(actor, known)
            typed = read_outcome(answers, before if not is_new else None, today, with_reason=not at_once)
            if sent is not None and (sent.is_same(typed) or sent.reply["decision"] is not None):
                require_same_proposal(sent, typed)
                return _answered(sent)
            entered, reason = dict(typed), typed.pop("reason", None)
            was = outcome_plan(before) if before is not None else {}
            edit = edit_of(sent.marks if sent is not None else opened, was, typed)
            choices = choices_of(record, known)
            _refuse_clashes(edit.clashes, was, choices, today)
            name = before.name if before is not None and not is_new else str(typed["name"])
            said = {field: value for field, value in typed.items() if value is not None} if is_new else edit.changes
            lines = change_lines({"due": None} if is_new else was, said, choices, today)
            what = "added" if is_new else "reached" if edit.changes.get("completed") else "changed"
            saved = PrioritySaved(priority=Known(known.id, known.name), name=name, what=what, lines=lines)
            changes = {**edit.changes, "reason": reason}
            if before is not None and not lines:
                return PrioritySaved(priority=saved.priority, name=name, what="nothing", lines=())
            if not at_once:
                changes["priority"] = known.id
                saved = await _propose(session, record, actor, saved, OUTCOME, outcome or "", changes, now)
            elif before is None:
                made = await add_outcome(session, actor.coalition_id, known.id, changes)
            else:
                await write_outcome(session, await locked_outcome(session, actor.coalition_id, before.id), changes)
            return await _remember(session, actor, key, saved, entered, now, outcome=made)


async def _propose(
    session: AsyncSession,
    record: Record,
    actor: Actor,
    saved: PrioritySaved,
    kind: str,
    key: str,
    changes: Mapping[str, Any],
    now: datetime,
) -> PrioritySaved:
    """The change waits for steering's decision."""
    decision = await propose_change(
        session,
        record,
        actor,
        title=cut(f"{saved.name}: {'; '.join(saved.lines)}", MOST_TITLE),
        priority=saved.priority.id,
        kind=kind,
        key=key,
        changes=changes,
        why=str(changes.get("reason") or ""),
        now=now,
    )
    return PrioritySaved(
        priority=saved.priority,
        name=saved.name,
        what="proposed",
        lines=saved.lines,
        decision=decision,
        decider_name=steering_of(record).name,
    )


async def _one_at_a_time(session: AsyncSession, actor: Actor) -> None:
    """Two new things never get the same id."""
    await session.scalar(
        select(CoalitionRow.id).where(CoalitionRow.id == actor.coalition_id).with_for_update(key_share=True)
    )


def _outcome(priority: Priority, key: str) -> Outcome:
    found = next((one for one in priority.outcomes if one.id == key), None)
    if found is None:
        raise UserError("I can't find this outcome anymore. Open the priority again.")
    return found


def _refuse_clashes(clashes: tuple[str, ...], now: Plan, choices: Choices, today: date) -> None:
    """Raises Mistakes with what somebody else made of a field while this form was open."""
    places = {"need": "need_amount"}
    if clashes:
        raise Mistakes(
            {
                places.get(name, name): "Somebody changed this meanwhile: it is "
                f"{value_words(name, now.get(name), choices, today)} now. Open the form again to change it."
                for name in clashes
            }
        )


def _answered(sent: Sent) -> PrioritySaved:
    """What the same form was answered before."""
    reply = sent.reply
    return PrioritySaved(
        priority=Known(*reply["priority"]),
        name=reply["name"],
        what=reply["what"],
        lines=tuple(reply["lines"]),
        decision=reply["decision"],
        decider_name=reply["decider_name"],
    )


async def _remember(
    session: AsyncSession,
    actor: Actor,
    key: str,
    saved: PrioritySaved,
    typed: Mapping[str, Any],
    now: datetime,
    *,
    outcome: str | None = None,
) -> PrioritySaved:
    reply = {
        "priority": [saved.priority.id, saved.priority.name],
        "name": saved.name,
        "what": saved.what,
        "lines": list(saved.lines),
        "decision": saved.decision,
        "decider_name": saved.decider_name,
        "outcome": outcome,
    }
    await keep_sent(session, actor, f"priority:{key}", reply, typed, now)
    return saved
