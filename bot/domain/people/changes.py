"""What a change makes of a member: facts, roles, and their own settings. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import time
from typing import TypedDict

from bot.domain.people.pages import (
    ACCESS,
    CO_CHAIR,
    MOST_NAME,
    ROLES,
    HeldRoles,
    MemberEdit,
    MemberPlan,
    admins,
    roles_of,
)
from bot.domain.record import Member, Organization, Record, Role, lasting, put_in
from bot.domain.typed import key_for
from bot.domain.vocabularies import COALITION_SCOPE, Access
from bot.domain.wording import is_zone, one_line
from bot.errors import UserError


class OwnPlan(TypedDict, total=False):
    """What a person sets for themselves, by field; only what changes."""

    zone: str | None
    ask_at: time | None
    stand_in: str | None
    no_messages_about: tuple[str, ...]


def with_settings(member: Member, plan: OwnPlan, members: Collection[Member]) -> Member:
    """The member with what they set. Raises UserError with the field that needs another look."""
    zone = plan.get("zone")
    if zone is not None and not is_zone(zone):
        raise UserError("I don't know this time zone. Type a city, such as Chicago.", field="zone")
    stand_in = plan.get("stand_in")
    if stand_in is not None:
        _require_stand_in(member, stand_in, members)
    return replace(
        member,
        timezone=plan.get("zone", member.timezone),
        ask_at=plan.get("ask_at", member.ask_at),
        delegate=plan.get("stand_in", member.delegate),
        no_messages_about=plan.get("no_messages_about", member.no_messages_about),
    )


def _require_stand_in(member: Member, key: str, members: Collection[Member]) -> None:
    found = next((one for one in members if one.id == key), None)
    if found is None:
        raise UserError("I don't know this person. Choose somebody from the list.", field="stand_in")
    if found.id == member.id:
        raise UserError("Choose somebody other than yourself, or leave it empty.", field="stand_in")
    if found.access == Access.EMAIL_ONLY:
        raise UserError(
            f"{found.name} takes part by e-mail only, so I couldn't ask in time. Choose somebody in Slack.",
            field="stand_in",
        )


def read_member(record: Record, edit: MemberEdit) -> tuple[Record, MemberPlan]:
    """What a form holds, by field, and the record with the organization that it may add."""
    record, organization = _organization(record, edit)
    return record, {
        "name": one_line(edit.name),
        "organization": organization,
        "email": edit.email,
        "access": edit.access,
        "timezone": edit.timezone,
    }


def new_member(record: Record, plan: MemberPlan) -> Member:
    """Somebody new, with an id made of the first name. Raises UserError by the field to mend."""
    key = key_for((plan["name"].split() or [""])[0], [one.id for one in record.members], "member")
    return with_member_plan(record, Member(id=key, name="", organization=""), plan)


def with_member_plan(record: Record, member: Member, plan: MemberPlan) -> Member:
    """The member with what the plan says in place of their own. Raises UserError by the field to mend."""
    changed = replace(member, **plan)
    if not changed.name or len(changed.name) > MOST_NAME:
        words = "Write the person's name." if not changed.name else f"{MOST_NAME} characters fit."
        raise UserError(words, field="name")
    if changed.access not in ACCESS:
        raise UserError("Choose how this person takes part.", field="access")
    if changed.access == Access.EMAIL_ONLY and changed.email is None:
        raise UserError("Write the address to reach this person at.", field="email")
    there = {one.id for one in lasting(record.organizations)}
    if changed.organization != member.organization and changed.organization not in there:
        raise UserError("This organization has an end. Choose another one.", field="organization")
    same = by_address(record, changed.email)
    if same is not None and same.id != member.id:
        raise UserError(f"This is {same.name}'s address. Give each person their own.", field="email")
    return changed


def with_roles(record: Record, member: Member, held: HeldRoles) -> Member:
    """The member with exactly these coalition-wide roles and co-chairs; all others stay as they are.

    Raises UserError where nobody would be left who may configure the coalition.
    """
    held = {**roles_of(member), **held}
    kept = [
        role
        for role in member.roles
        if not (role.scope == COALITION_SCOPE and role.role in ROLES and role.role not in held["roles"])
        and not (role.role == CO_CHAIR and role.scope not in held["co_chairs"])
    ]
    there = {(role.role, role.scope) for role in kept}
    asked = [(role, COALITION_SCOPE) for role in ROLES if role in held["roles"]]
    asked += [(CO_CHAIR, scope) for scope in held["co_chairs"]]
    new = (Role(role=role, scope=scope) for role, scope in asked if (role, scope) not in there)
    changed = replace(member, roles=(*kept, *new))
    if not admins(put_member(record, changed)):
        raise UserError(
            f"{member.name} is the only one who may configure the coalition. Make somebody else an admin first.",
            field="roles",
        )
    return changed


def put_member(record: Record, member: Member) -> Record:
    """The record with this member in the place of the one of this id, or at the end."""
    return replace(record, members=put_in(record.members, member))


def by_address(record: Record, email: str | None) -> Member | None:
    wanted = (email or "").casefold()
    return next((one for one in record.members if wanted and (one.email or "").casefold() == wanted), None)


def _organization(record: Record, edit: MemberEdit) -> tuple[Record, str]:
    """The organization that was chosen, or a new one of the name that was written."""
    name = one_line(edit.new_organization or "")
    if name:
        same = next((one for one in record.organizations if one.name.casefold() == name.casefold()), None)
        if same is not None:
            return record, same.id
        if len(name) > MOST_NAME:
            raise UserError(f"This has {len(name)} characters. {MOST_NAME} fit.", field="new_organization")
        known = record.everything
        taken = [*(one.id for one in known.organizations), *(one.id for one in known.groups)]
        added = Organization(id=key_for(name, taken, "organization"), name=name, sector="nonprofit")
        return replace(record, organizations=(*record.organizations, added)), added.id
    if all(one.id != edit.organization for one in record.everything.organizations):
        raise UserError("Choose an organization, or write the name of a new one below.", field="organization")
    return record, edit.organization or ""
