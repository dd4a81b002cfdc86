"""Changing priorities and their outcomes: at once by right, else proposed to steering. Reading is in `priorities`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.known import in_coalition_time
from bot.domain.outbox import Item
from bot.domain.packing import pack, unpack
from bot.domain.priorities import (
    Choices,
    OutcomeForm,
    OutcomeList,
    OutcomePlan,
    PriorityForm,
    PrioritySaved,
    change_lines,
    choices_of,
    hand_over,
    new_outcome,
    new_priority,
    outcome_lines,
    outcome_plan,
    plan_of,
    read_outcome,
    read_plan,
    restore_plan,
    value_words,
    with_outcome_plan,
    with_plan,
)
from bot.domain.record import Outcome, Priority
from bot.domain.rights import Right
from bot.domain.typed import Known, Marks, edit_of, only, refuse_clashes
from bot.domain.wording import cut
from bot.errors import UserError
from bot.services.access import Actor, ByActor, Service, UseCase, locked_row, one_at_a_time
from bot.services.decisions import APPLY, propose_change, steering_of
from bot.services.drafts import keep_sent, require_same_proposal, sent_before
from bot.services.outbox import offer
from bot.services.priorities.priorities import may_change, named_priority, require_editor, require_priority_reader
from bot.services.targets import refresh_targets
from bot.store.priorities import OutcomeRow, PriorityRow

MOST_TITLE = 150
# Kinds of proposed changes.
PRIORITY = "priority"
OUTCOME = "outcome"
NO_OUTCOME = "I can't find this outcome anymore. Open the priority again."


class PriorityPlans(Service):
    """Use cases around how priorities and their outcomes are set up."""

    async def form(self, actor: Actor, typed: str | None = None) -> PriorityForm:
        """The form of a new priority, or with a name or id that of one that is there."""
        record = await self.read_record(actor, to_change=True)
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
            may_publish=may_publish(actor),
        )

    async def add(self, actor: Actor, key: str, answers: Mapping[str, str | None]) -> PrioritySaved:
        """Adds a priority. `key` identifies the form: the same one again adds nothing, a corrected one changes the
        priority that it added. Raises Mistakes."""
        async with self.changing(actor, alone=True) as tx:
            require_editor(actor, tx.record, None, "priorityplans.add")
            sent = await sent_before(tx, f"priority:{key}")
            today = tx.today
            done = named_priority(tx.record, sent.reply["priority"][0], whole=True) if sent is not None else None
            choices = choices_of(tx.record, done)
            plan, _reason = read_plan(answers, choices)
            if not may_publish(actor):
                plan.pop("public", None)
            if sent is not None and done is not None:
                before = plan_of(done)
                edit = sent.edit(before, plan)
                _refuse_clashes(edit.clashes, before, choices, today)
                priority = with_plan(done, edit.changes, today)
            else:
                priority = new_priority(plan, tx.record, today)
            row = await _locked_priority(tx, done.id) if done is not None else None
            await _write(tx, priority, done, row)
            saved = PrioritySaved(
                priority=Known(priority.id, priority.name), name=priority.name, what="added", lines=()
            )
            return await _remember(tx, key, saved, plan)

    async def edit(
        self, actor: Actor, key: str, priority: str, opened: Marks, answers: Mapping[str, str | None]
    ) -> PrioritySaved:
        """Changes a priority; `opened` are the marks that its form was opened with."""
        async with self.writing(actor) as tx:
            row = await _locked_priority(tx, priority)
            tx = await tx.read()
            known = named_priority(tx.record, row.key, whole=True)
            require_editor(actor, tx.record, known, "priorityplans.edit")
            today = tx.today
            choices = choices_of(tx.record, known)
            typed, reason = read_plan(answers, choices, with_reason=not may_change(actor, known))
            entered = {**typed, **({"reason": reason} if reason else {})}
            sent = await sent_before(tx, f"priority:{key}")
            if sent is not None and (sent.is_same(entered) or sent.reply["decision"] is not None):
                require_same_proposal(sent, entered)
                return unpack(PrioritySaved, sent.reply)
            if not actor.standing.may(Right.SEE_AMOUNTS, known.id):
                typed.pop("need", None)
            if not may_publish(actor):
                typed.pop("public", None)
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
                await _write(tx, with_plan(known, edit.changes, today), known, row)
            else:
                saved = await _propose(tx, saved, PRIORITY, known.id, edit.changes, reason)
            return await _remember(tx, key, saved, entered)

    async def outcomes(self, actor: Actor, typed: str, *, whole: bool = False) -> OutcomeList:
        """A priority's outcomes, and whether this person may change them."""
        record = await self.read_record(actor)
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
        record = await self.read_record(actor, to_change=True)
        known = named_priority(record, priority, whole=True)
        require_editor(actor, record, known, "priorityplans.outcome_form")
        found = _outcome(known, outcome) if outcome is not None else None
        return OutcomeForm(
            priority=Known(known.id, known.name),
            outcome=found,
            plan=outcome_plan(found) if found is not None else {},
            proposes=not may_change(actor, known),
            today=in_coalition_time(record, self.calendar.now()).date(),
            may_publish=may_publish(actor),
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
        async with self.changing(actor, alone=True) as tx:
            known = named_priority(tx.record, priority, whole=True)
            require_editor(actor, tx.record, known, "priorityplans.save_outcome")
            today = tx.today
            sent = await sent_before(tx, f"priority:{key}")
            is_new, made = outcome is None, outcome if sent is None else sent.reply.get("outcome") or outcome
            before = _outcome(known, made) if made is not None else None
            at_once = may_change(actor, known)
            typed, reason = read_outcome(answers, before if not is_new else None, today, with_reason=not at_once)
            if not may_publish(actor):
                typed.pop("public", None)
            entered = {**typed, **({"reason": reason} if reason else {})}
            if sent is not None and (sent.is_same(entered) or sent.reply["decision"] is not None):
                require_same_proposal(sent, entered)
                return unpack(PrioritySaved, sent.reply)
            was: OutcomePlan = outcome_plan(before) if before is not None else {}
            edit = edit_of(sent.marks if sent is not None else opened, was, typed)
            choices = choices_of(tx.record, known)
            _refuse_clashes(edit.clashes, was, choices, today)
            name = before.name if before is not None and not is_new else typed["name"]
            lines = outcome_lines({} if is_new else was, typed if is_new else edit.changes, choices, today)
            what = "added" if is_new else "reached" if edit.changes.get("completed") else "changed"
            saved = PrioritySaved(priority=Known(known.id, known.name), name=name, what=what, lines=lines)
            if before is not None and not lines:
                return PrioritySaved(priority=saved.priority, name=name, what="nothing", lines=())
            if not at_once:
                changes = {**edit.changes, "priority": known.id}
                saved = await _propose(tx, saved, OUTCOME, outcome or "", changes, reason)
            elif before is None:
                made = await _add_outcome(tx, known.id, edit.changes, reason)
            else:
                await _change_outcome(tx, before, edit.changes, reason)
            return await _remember(tx, key, saved, entered, outcome=made)


def may_publish(actor: Actor) -> bool:
    """Whether this person marks what everybody may read."""
    return actor.standing.may(Right.PUBLISH)


async def _locked_priority(tx: ByActor, key: str) -> PriorityRow:
    gone = "I can't find this priority anymore. Type “priorities” to see what there is."
    return await locked_row(tx, PriorityRow, key, gone)


async def _write(tx: UseCase, priority: Priority, before: Priority | None, row: PriorityRow | None) -> None:
    """Writes a priority. A new owner gets the former one's role, and both are told."""
    writer = tx.writer()
    owner_id = row.owner_id if row is not None else None
    row = await (writer.put(priority, before, row=row) if before is not None else writer.put_new(priority))
    if before is not None and priority.owner == before.owner:
        return
    for was, then in hand_over(tx.record.members, before, priority.owner) if before is not None else ():
        await writer.put(then, was)
    for member_id in (owner_id, row.owner_id):
        if member_id is not None and member_id != tx.actor.member_id:
            await offer(tx, member_id, Item.ROLES, "")


async def _add_outcome(tx: UseCase, priority: str, plan: OutcomePlan, reason: str | None) -> str:
    owner = await _locked_priority(tx, priority)
    taken = {one.id for known in tx.record.everything.priorities for one in known.outcomes}
    outcome = new_outcome(plan, priority, taken, reason)
    await tx.writer().put_new(outcome, priority_id=owner.id)
    return outcome.id


async def _change_outcome(tx: ByActor, before: Outcome, plan: OutcomePlan, reason: str | None) -> None:
    row = await locked_row(tx, OutcomeRow, before.id, NO_OUTCOME)
    was = await tx.read_present()
    await tx.writer().put(with_outcome_plan(before, plan, reason), before, row=row)
    await refresh_targets(tx, was, await tx.read_present())


async def _apply_priority(tx: UseCase, key: str, changes: Mapping[str, object]) -> None:
    """Makes a proposed change that steering has decided for. Raises UserError where it can't be made any more."""
    row = await _locked_priority(tx, key)
    tx = await tx.read()
    known, today = named_priority(tx.record, key, whole=True), tx.today
    changed = with_plan(known, restore_plan(changes, tx.record), today, _said(changes))
    await _write(tx, changed, known, row)


async def _apply_outcome(tx: UseCase, key: str, changes: Mapping[str, object]) -> None:
    await one_at_a_time(tx)
    tx = await tx.read()
    plan = only(OutcomePlan, changes)
    if not key:
        await _add_outcome(tx, str(changes["priority"]), plan, _said(changes))
        return
    before = next((one for known in tx.record.priorities for one in known.outcomes if one.id == key), None)
    if before is None:
        raise UserError(NO_OUTCOME)
    await _change_outcome(tx, before, plan, _said(changes))


def _said(changes: Mapping[str, object]) -> str | None:
    reason = changes.get("reason")
    return str(reason) if reason else None


APPLY[PRIORITY] = _apply_priority
APPLY[OUTCOME] = _apply_outcome


async def _propose(
    tx: UseCase, saved: PrioritySaved, kind: str, key: str, changes: Mapping[str, object], reason: str | None
) -> PrioritySaved:
    """The change waits for steering's decision."""
    decision = await propose_change(
        tx,
        title=cut(f"{saved.name}: {'; '.join(saved.lines)}", MOST_TITLE),
        priority=saved.priority.id,
        kind=kind,
        key=key,
        changes={**changes, "reason": reason},
        why=reason or "",
    )
    return replace(saved, what="proposed", decision=decision, decider_name=steering_of(tx.record).name)


def _outcome(priority: Priority, key: str) -> Outcome:
    found = next((one for one in priority.outcomes if one.id == key), None)
    if found is None:
        raise UserError(NO_OUTCOME)
    return found


def _refuse_clashes(clashes: Sequence[str], now: Mapping[str, object], choices: Choices, today: date) -> None:
    refuse_clashes(clashes, lambda name: value_words(name, now.get(name), choices, today), need="need_amount")


async def _remember(
    tx: ByActor, key: str, saved: PrioritySaved, typed: Mapping[str, object], *, outcome: str | None = None
) -> PrioritySaved:
    await keep_sent(tx, f"priority:{key}", {**pack(saved), "outcome": outcome}, typed)
    return saved
