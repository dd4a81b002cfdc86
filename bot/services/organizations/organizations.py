"""Organizations and groups: lists, cards, adding and changing one, and finding them by name. Who sits in a group and
who chairs it gives rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from bot.domain.endings import end_of
from bot.domain.organizations import (
    GroupCard,
    GroupForm,
    GroupLine,
    GroupList,
    OrganizationCard,
    OrganizationForm,
    OrganizationLine,
    OrganizationList,
    adopting,
    group_plan_of,
    new_group,
    new_organization,
    plan_of,
    read_group_plan,
    read_plan,
)
from bot.domain.record import Group, Noun, Organization, Record, in_common, lasting, put_in
from bot.domain.rights import METHODS
from bot.domain.typed import Known, Marks, edit_of, likeliest, match_known, require_no_clash
from bot.domain.wording import cut, one_line
from bot.errors import Mistyped, Refused, UserError
from bot.services.access import Actor, Service, UseCase
from bot.services.drafts import keep_sent, sent_before
from bot.services.metrics import today_in
from bot.services.people import admin_name, helper_name

_SHOWN = 60  # characters of what somebody typed


class Organizations(Service):
    """Use cases around organizations."""

    async def search(self, actor: Actor, typed: str) -> tuple[Known, ...]:
        """The organizations and groups whose name holds what was typed; those that begin with it first.

        In file order otherwise, organizations before groups.
        """
        record = await self.read_record(actor, "organizations.search")
        wanted = typed.strip().casefold()
        known = [Known(item.id, item.name) for item in lasting(record.organizations)]
        known += [Known(item.id, item.name) for item in lasting(record.groups)]
        found = [one for one in known if wanted in one.name.casefold()]
        return tuple(sorted(found, key=lambda one: not one.name.casefold().startswith(wanted)))

    async def page(self, actor: Actor, page: int = 0) -> OrganizationList:
        """A page of all organizations, in file order; a page that is not there is the last."""
        record = await self.read_record(actor, "organizations.page")
        may_edit = actor.standing.may(METHODS["organizations.edit"])
        return OrganizationList.of(record.organizations, page, partial(_line, record), may_edit=may_edit)

    async def card(self, actor: Actor, typed: str) -> OrganizationCard:
        """The organization of this name or id. Raises UserError where it is not clear."""
        record = await self.read_record(actor, "organizations.card")
        return _card(actor, record, _found(record, typed), today_in(record, self.calendar.now()))

    async def form(self, actor: Actor, typed: str | None = None) -> OrganizationForm:
        """The form of a new organization, or with a name or id that of one that is there."""
        record = await self.read_record(actor, to_change=True)
        _require_editor(actor, record, "organizations.form")
        if typed is None:
            return OrganizationForm(id=None, plan={}, contacts=())
        organization = _found(record, typed)
        names = {one.id: one.name for one in record.members}
        return OrganizationForm(
            id=organization.id,
            plan=plan_of(organization),
            contacts=tuple(Known(key, names[key]) for key in organization.contacts),
        )

    async def add(
        self, actor: Actor, key: str, answers: Mapping[str, str | None], contacts: Sequence[str]
    ) -> OrganizationCard:
        """A new organization. `key` identifies the form: the same one again adds nothing, a corrected one changes
        the one that it added. Raises Mistakes."""
        async with self.changing(actor, alone=True) as tx:
            _require_editor(actor, tx.record, "organizations.add")
            today = tx.today
            sent = await sent_before(tx, f"organization:{key}")
            done = _known(tx.record, sent.reply["id"]) if sent is not None else None
            plan = read_plan(answers, contacts, done.id if done is not None else None, tx.record, today)
            if sent is not None and done is not None:
                edit = sent.edit(plan_of(done), plan)
                require_no_clash(edit.clashes)
                if not edit.changes:
                    return _card(actor, tx.record, done, today)
                added = replace(done, **edit.changes)
            else:
                added = new_organization(plan, tx.record)
            await tx.writer().put(added)
            await keep_sent(tx, f"organization:{key}", {"id": added.id}, plan)
            return _card(actor, _with(tx.record, added), added, today)

    async def edit(
        self, actor: Actor, key: str, opened: Marks, answers: Mapping[str, str | None], contacts: Sequence[str]
    ) -> OrganizationCard:
        """Changes what somebody touched in the form; `opened` are its marks. Raises Mistakes."""
        async with self.changing(actor, alone=True) as tx:
            _require_editor(actor, tx.record, "organizations.edit")
            organization, today = _known(tx.record, key), tx.today
            edit = edit_of(opened, plan_of(organization), read_plan(answers, contacts, key, tx.record, today))
            require_no_clash(edit.clashes)
            if edit.changes:
                organization = replace(organization, **edit.changes)
                await tx.writer().put(organization)
            return _card(actor, _with(tx.record, organization), organization, today)


def find_named(typed: str, known: Sequence[Known], what: str, command: str) -> str:
    """The id of the one that was named. Raises UserError where it is not clear, Mistyped where nothing is called so."""
    words = one_line(typed).strip("“”\"'#")
    matches = match_known(words, known)
    if len(matches) == 1:
        return matches[0].id
    if matches:
        names = ", ".join(one.name for one in matches[:4])
        raise UserError(f"Several {what}s fit “{words}”: {names}. Write more of the name.")
    by_word = {word.casefold(): one for one in known for word in (*one.name.split(), one.name, one.id)}
    message = f"I don't know {'an' if what[0] in 'aeio' else 'a'} {what} called “{cut(words, _SHOWN)}”."
    raise Mistyped(message, words, likeliest(words, by_word), f"Type “{command}” for the list.")


def _found(record: Record, typed: str) -> Organization:
    known = tuple(Known(one.id, one.name) for one in record.organizations)
    return _known(record, find_named(typed, known, "organization", "coalition organizations"))


def _known(record: Record, key: str) -> Organization:
    found = next((one for one in record.organizations if one.id == key), None)
    if found is None:
        raise UserError("I can't find this organization anymore. Type /coalition organizations for the list.")
    return found


def _line(record: Record, organization: Organization) -> OrganizationLine:
    names = {one.id: one.name for one in record.members}
    return OrganizationLine(
        id=organization.id,
        name=organization.name,
        sector=organization.sector,
        contacts=tuple(names[key] for key in organization.contacts),
        members=sum(one.organization == organization.id for one in record.present),
    )


def _card(actor: Actor, record: Record, organization: Organization, today: date) -> OrganizationCard:
    return OrganizationCard(
        line=_line(record, organization),
        closed_days=tuple(sorted(day for day in organization.closed_days if day >= today)),
        may_edit=actor.standing.may(METHODS["organizations.edit"]),
        today=today,
        end=end_of(actor.standing, record, Noun.ORGANIZATION, organization),
        **in_common(OrganizationCard, organization, "closed_days"),
    )


def _with(record: Record, changed: Organization) -> Record:
    return replace(record, organizations=put_in(record.organizations, changed))


def _require_editor(actor: Actor, record: Record, method: str) -> None:
    if not actor.standing.may(METHODS[method]):
        raise Refused(f"Organizations are set up by coordinators. {helper_name(record)} can help.")


class Groups(Service):
    """Use cases around groups."""

    async def page(self, actor: Actor, page: int = 0) -> GroupList:
        """A page of all groups, in file order; a page that is not there is the last."""
        record = await self.read_record(actor, "groups.page")
        may_edit = actor.standing.may(METHODS["groups.edit"])
        return GroupList.of(record.groups, page, partial(_group_line, record), may_edit=may_edit)

    async def card(self, actor: Actor, typed: str) -> GroupCard:
        """The group of this name or id. Raises UserError where it is not clear."""
        record = await self.read_record(actor, "groups.card")
        return _group_card(actor, record, _found_group(record, typed), today_in(record, self.calendar.now()))

    async def form(self, actor: Actor, typed: str | None = None) -> GroupForm:
        """The form of a new group, or with a name or id that of one that is there."""
        record = await self.read_record(actor, to_change=True)
        _require_group_editor(actor, record, "groups.form")
        group = _found_group(record, typed) if typed is not None else None
        names = {one.id: one.name for one in record.members}
        return GroupForm(
            id=group.id if group is not None else None,
            plan=group_plan_of(group) if group is not None else {},
            members=tuple(Known(key, names[key]) for key in group.members) if group is not None else (),
            chair=Known(group.chair, names[group.chair]) if group is not None and group.chair is not None else None,
            priorities=tuple(
                Known(one.id, one.name)
                for one in record.priorities
                if one.ended is None or (group is not None and group.priority == one.id)
            ),
        )

    async def add(self, actor: Actor, key: str, answers: Mapping[str, str | None], members: Sequence[str]) -> GroupCard:
        """A new group. `key` identifies the form: the same one again adds nothing, a corrected one changes the
        one that it added. Raises Mistakes."""
        async with self.changing(actor, alone=True) as tx:
            _require_group_editor(actor, tx.record, "groups.add")
            sent = await sent_before(tx, f"group:{key}")
            done = _known_group(tx.record, sent.reply["id"]) if sent is not None else None
            plan = read_group_plan(answers, members, done, tx.record)
            if sent is not None and done is not None:
                edit = sent.edit(group_plan_of(done), plan)
                require_no_clash(edit.clashes)
                if not edit.changes:
                    return _group_card(actor, tx.record, done, tx.today)
                group = replace(done, **edit.changes)
            else:
                group = new_group(plan, tx.record)
            record = await _write_group(tx, group)
            await keep_sent(tx, f"group:{key}", {"id": group.id}, plan)
            return _group_card(actor, record, group, tx.today)

    async def edit(
        self, actor: Actor, key: str, opened: Marks, answers: Mapping[str, str | None], members: Sequence[str]
    ) -> GroupCard:
        """Changes what somebody touched in the form; `opened` are its marks. Raises Mistakes."""
        async with self.changing(actor, alone=True) as tx:
            _require_group_editor(actor, tx.record, "groups.edit")
            group = _known_group(tx.record, key)
            plan = read_group_plan(answers, members, group, tx.record)
            edit = edit_of(opened, group_plan_of(group), plan)
            require_no_clash(edit.clashes)
            if edit.changes:
                group = replace(group, **edit.changes)
                tx = tx.on(await _write_group(tx, group))
            return _group_card(actor, tx.record, group, tx.today)


def _found_group(record: Record, typed: str) -> Group:
    known = tuple(Known(one.id, one.name) for one in record.groups)
    return _known_group(record, find_named(typed, known, "group", "coalition groups"))


def _known_group(record: Record, key: str) -> Group:
    found = next((one for one in record.groups if one.id == key), None)
    if found is None:
        raise UserError("I can't find this group anymore. Type /coalition groups for the list.")
    return found


def _group_line(record: Record, group: Group) -> GroupLine:
    names = {one.id: one.name for one in record.members}
    return GroupLine(
        id=group.id,
        name=group.name,
        kind=group.kind,
        members=len(group.members),
        organizations=len({one.organization for one in record.members if one.id in group.members}),
        chair=names[group.chair] if group.chair is not None else None,
        priority=next((one.name for one in record.everything.priorities if one.id == group.priority), None),
    )


def _group_card(actor: Actor, record: Record, group: Group, today: date) -> GroupCard:
    members = {one.id: one for one in record.members}
    organizations = {one.id: one.name for one in record.everything.organizations}
    return GroupCard(
        line=_group_line(record, group),
        seats=tuple((members[key].name, organizations[members[key].organization]) for key in group.members),
        cochair=members[group.cochair].name if group.cochair is not None else None,
        may_edit=actor.standing.may(METHODS["groups.edit"]),
        today=today,
        end=end_of(actor.standing, record, Noun.GROUP, group),
        **in_common(GroupCard, group, "cochair"),
    )


async def _write_group(tx: UseCase, group: Group) -> Record:
    """Writes the group; a priority that has no working group yet takes a new one for its own."""
    writer = tx.writer()
    await writer.put(group)
    adopted = adopting(tx.record, group)
    if adopted is not None:
        before, priority = adopted
        await writer.put(priority, before)
    return replace(tx.record, groups=put_in(tx.record.groups, group))


def _require_group_editor(actor: Actor, record: Record, method: str) -> None:
    if not actor.standing.may(METHODS[method]):
        raise Refused(f"Groups and their chairs give rights, so admins set them up. {admin_name(record)} can help.")
