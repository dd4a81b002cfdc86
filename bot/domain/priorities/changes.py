"""What a change makes of a priority, of its outcomes and of the roles that go with it. Pure. Forms are in `plans`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.priorities.plans import AS_OWNER_SAYS, Named, OutcomePlan, Plan
from bot.domain.record import Member, Need, Outcome, Priority, Record, Role
from bot.domain.typed import new_key, only
from bot.domain.vocabularies import Assessment, CanvasUse, Lens
from bot.domain.vocabularies import Role as RoleName
from bot.errors import UserError


def new_priority(plan: Plan, record: Record, today: date) -> Priority:
    """The priority that a plan describes. Its id is a scope, as a group's is."""
    known = record.everything
    taken = {"coalition", *(one.id for one in known.priorities), *(one.id for one in known.groups)}
    return with_plan(Priority(id=new_key(plan["name"], taken), name="", owner=""), plan, today)


def with_plan(priority: Priority, plan: Plan, today: date, reason: str | None = None) -> Priority:
    """The priority with what the plan says in place of its own; paused and complete stand from today on."""
    changed = replace(priority, **only(Named, plan), extra=_with(priority.extra, reason=reason))
    if "need" in plan:
        changed = replace(changed, need=_need(priority.need, plan["need"]))
    if "state" in plan and plan["state"] == AS_OWNER_SAYS:
        return replace(changed, assessment=Assessment.NOT_STARTED, assessment_on=None)
    return replace(changed, assessment=Assessment(plan["state"]), assessment_on=today) if "state" in plan else changed


def _need(before: Need | None, entered: tuple[Decimal, date | None] | None) -> Need | None:
    if entered is None:
        return None
    return replace(before or Need(amount=entered[0]), amount=entered[0], through=entered[1])


def restore_plan(kept: Mapping[str, object], record: Record) -> Plan:
    """A plan that was kept with a proposal, as far as it can be made now. Raises UserError for an owner who is gone."""
    plan = only(Plan, kept)
    if "owner" in plan and all(one.id != plan["owner"] for one in record.members):
        raise UserError("The new owner is not a member anymore. Choose somebody else.")
    if "working_group" in plan and all(one.id != plan["working_group"] for one in record.groups):
        plan["working_group"] = None
    if plan.get("lens") is not None:
        plan["lens"] = Lens(str(plan["lens"]))
    if "canvas" in plan:
        plan["canvas"] = CanvasUse(str(plan["canvas"]))
    need = plan.get("need")
    if need is not None:
        plan["need"] = (need[0], need[1])  # it comes back as a list
    return plan


def hand_over(members: Iterable[Member], before: Priority, owner: str) -> tuple[tuple[Member, Member], ...]:
    """Whoever owned a priority keeps no right to it by a role that was given with it: those whose roles change, as
    they were and as they are then."""
    given = Role(role=RoleName.PRIORITY_OWNER.value, scope=before.id)
    found = {one.id: one for one in members}
    former, later = found.get(before.owner), found[owner]
    if former is None or not any(_is(one, given) for one in former.roles):
        return ()
    without = replace(former, roles=tuple(one for one in former.roles if not _is(one, given)))
    has_it = any(_is(one, given) for one in later.roles)
    return ((former, without), *(() if has_it else ((later, replace(later, roles=(*later.roles, given))),)))


def new_outcome(plan: OutcomePlan, priority: str, taken: Collection[str], reason: str | None = None) -> Outcome:
    """The outcome of a priority that a plan describes, with an id that none of the others has."""
    key = new_key(f"{priority} {plan['name']}", taken)
    return with_outcome_plan(Outcome(id=key, name="", due=plan["due"]), plan, reason)


def with_outcome_plan(outcome: Outcome, plan: OutcomePlan, reason: str | None = None) -> Outcome:
    """The outcome with what the plan says in place of its own."""
    return replace(
        outcome,
        name=plan.get("name", outcome.name),
        due=plan.get("due", outcome.due),
        completed=plan.get("completed", outcome.completed),
        public=plan.get("public", outcome.public),
        extra=_with(outcome.extra, evidence=plan.get("evidence"), reason=reason),
    )


def _with(extra: Mapping[str, object], **said: str | None) -> Mapping[str, object]:
    """What is kept beside the fields, with what was said of this change."""
    return {**extra, **{name: words for name, words in said.items() if words}}


def _is(role: Role, wanted: Role) -> bool:
    return (role.role, role.scope) == (wanted.role, wanted.scope)
