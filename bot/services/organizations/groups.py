"""Groups: the list, a card, adding and changing one. Who sits in one and who chairs it gives rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.organizations import (
    GroupCard,
    GroupForm,
    GroupLine,
    GroupList,
    adopting,
    group_plan_of,
    new_group,
    read_group_plan,
)
from bot.domain.record import Group, Record
from bot.domain.rights import METHODS
from bot.domain.typed import Known, Marks, edit_of, require_no_clash
from bot.errors import Refused, UserError
from bot.services.access import Actor, Service
from bot.services.drafts import keep_sent, sent_before
from bot.services.organizations.organizations import find_named
from bot.services.people import admin_name
from bot.store.record import Writer


class Groups(Service):
    """Use cases around groups."""

    async def page(self, actor: Actor, page: int = 0) -> GroupList:
        """A page of all groups, in file order; a page that is not there is the last."""
        actor.require("groups.page")
        record = await self.read_record(actor)
        may_edit = actor.standing.may(METHODS["groups.edit"])
        return GroupList.of(record.groups, page, partial(_line, record), may_edit=may_edit)

    async def card(self, actor: Actor, typed: str) -> GroupCard:
        """The group of this name or id. Raises UserError where it is not clear."""
        actor.require("groups.card")
        record = await self.read_record(actor)
        return _card(actor, record, _found(record, typed))

    async def form(self, actor: Actor, typed: str | None = None) -> GroupForm:
        """The form of a new group, or with a name or id that of one that is there."""
        record = await self.read_record(actor)
        _require_editor(actor, record, "groups.form")
        group = _found(record, typed) if typed is not None else None
        names = {one.id: one.name for one in record.members}
        return GroupForm(
            id=group.id if group is not None else None,
            plan=group_plan_of(group) if group is not None else {},
            members=tuple(Known(key, names[key]) for key in group.members) if group is not None else (),
            chair=Known(group.chair, names[group.chair]) if group is not None and group.chair is not None else None,
            priorities=tuple(Known(one.id, one.name) for one in record.priorities),
        )

    async def add(self, actor: Actor, key: str, answers: Mapping[str, str | None], members: Sequence[str]) -> GroupCard:
        """A new group. `key` identifies the form: the same one again adds nothing, a corrected one changes the
        one that it added. Raises Mistakes."""
        async with self.changing(actor, alone=True) as (session, record, now):
            _require_editor(actor, record, "groups.add")
            sent = await sent_before(session, actor, f"group:{key}")
            done = _known(record, sent.reply["id"]) if sent is not None else None
            plan = read_group_plan(answers, members, done, record)
            if sent is not None and done is not None:
                edit = sent.edit(group_plan_of(done), plan)
                require_no_clash(edit.clashes)
                if not edit.changes:
                    return _card(actor, record, done)
                group = replace(done, **edit.changes)
            else:
                group = new_group(plan, record)
            record = await _write(session, actor, record, group)
            await keep_sent(session, actor, f"group:{key}", {"id": group.id}, plan, now)
            return _card(actor, record, group)

    async def edit(
        self, actor: Actor, key: str, opened: Marks, answers: Mapping[str, str | None], members: Sequence[str]
    ) -> GroupCard:
        """Changes what somebody touched in the form; `opened` are its marks. Raises Mistakes."""
        async with self.changing(actor, alone=True) as (session, record, _now):
            _require_editor(actor, record, "groups.edit")
            group = _known(record, key)
            plan = read_group_plan(answers, members, group, record)
            edit = edit_of(opened, group_plan_of(group), plan)
            require_no_clash(edit.clashes)
            if edit.changes:
                group = replace(group, **edit.changes)
                record = await _write(session, actor, record, group)
            return _card(actor, record, group)


def _found(record: Record, typed: str) -> Group:
    known = tuple(Known(one.id, one.name) for one in record.groups)
    return _known(record, find_named(typed, known, "group", "coalition groups"))


def _known(record: Record, key: str) -> Group:
    found = next((one for one in record.groups if one.id == key), None)
    if found is None:
        raise UserError("I can't find this group anymore. Type /coalition groups for the list.")
    return found


def _line(record: Record, group: Group) -> GroupLine:
    names = {one.id: one.name for one in record.members}
    return GroupLine(
        id=group.id,
        name=group.name,
        kind=group.kind,
        members=len(group.members),
        organizations=len({one.organization for one in record.members if one.id in group.members}),
        chair=names[group.chair] if group.chair is not None else None,
        priority=next((one.name for one in record.priorities if one.id == group.priority), None),
    )


def _card(actor: Actor, record: Record, group: Group) -> GroupCard:
    members = {one.id: one for one in record.members}
    organizations = {one.id: one.name for one in record.organizations}
    return GroupCard(
        line=_line(record, group),
        seats=tuple((members[key].name, organizations[members[key].organization]) for key in group.members),
        cochair=members[group.cochair].name if group.cochair is not None else None,
        decision_rule=group.decision_rule,
        quorum=group.quorum,
        voices=group.voices,
        channel=group.channel,
        may_edit=actor.standing.may(METHODS["groups.edit"]),
    )


async def _write(session: AsyncSession, actor: Actor, record: Record, group: Group) -> Record:
    """Writes the group; a priority that has no working group yet takes a new one for its own."""
    writer = Writer(session, actor.coalition_id)
    await writer.put(group)
    adopted = adopting(record, group)
    if adopted is not None:
        before, priority = adopted
        await writer.put(priority, before)
    groups = tuple(group if one.id == group.id else one for one in record.groups)
    return replace(record, groups=groups if any(one.id == group.id for one in groups) else (*groups, group))


def _require_editor(actor: Actor, record: Record, method: str) -> None:
    if not actor.standing.may(METHODS[method]):
        raise Refused(f"Groups and their chairs give rights, so admins set them up. {admin_name(record)} can help.")
