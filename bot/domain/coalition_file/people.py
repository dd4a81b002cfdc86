"""Organizations, members and groups of a coalition file."""

from __future__ import annotations

import re
from typing import Any

from bot.domain.coalition_file.coalition import read_zone
from bot.domain.coalition_file.known import Known, is_given
from bot.domain.coalition_file.plain import entry
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.record import Away, Group, Member, Organization, Role
from bot.domain.vocabularies import (
    COALITION_SCOPE,
    Access,
    AskVia,
    DecisionRule,
    GroupKind,
    MessageKind,
    Sector,
    Voices,
    is_role,
    words,
)
from bot.domain.vocabularies import Role as RoleName

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\W_](?:[\w-]{0,62}\.)+[^\W\d_][\w-]{1,62}")


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def read_organizations(top: Section, known: Known) -> tuple[Organization, ...]:
    found = []
    for section in top.entries("organizations"):
        closed_days = section.days("closed_days")
        for index, day in enumerate(closed_days):
            if section.good("closed_days") and day in closed_days[:index]:
                section.problem(f"closed_days[{index}]", f"is {day}, which is already in this list. Leave one out.")
        found.append(
            Organization(
                id=section.id(),
                name=section.need_text("name"),
                sector=section.need_choice("sector", Sector),
                contacts=section.refs("contacts", known, "member"),
                ask_via=section.choice("ask_via", AskVia),
                closed_days=closed_days,
                extra=section.extra(),
            )
        )
    return tuple(found)


def write_organization(organization: Organization) -> dict[str, Any]:
    fields = {
        "id": organization.id,
        "name": organization.name,
        "sector": organization.sector,
        "contacts": organization.contacts,
        "ask_via": organization.ask_via,
        "closed_days": organization.closed_days,
    }
    return entry(fields, organization.extra)


def read_members(top: Section, known: Known) -> tuple[Member, ...]:
    found = []
    addresses: dict[str, str] = {}
    for section in top.entries("members"):
        access = section.choice("access", Access) or Access.MEMBER.value
        member = Member(
            id=section.id(),
            name=section.need_text("name"),
            email=_read_email(section, addresses),
            organization=section.need_ref("organization", known, "organization"),
            title=section.text("title"),
            timezone=read_zone(section),
            access=access,
            delegate=section.ref("delegate", known, "member"),
            ask_at=section.clock_time("ask_at"),
            no_messages_about=_read_kinds(section),
            roles=_read_roles(section, known),
            away=_read_away(section),
            extra=section.extra(),
        )
        if access == Access.EMAIL_ONLY and not section.given("email"):
            section.problem("email", "is missing, and access is email_only. Write the address to reach them at.")
        if section.good("id", "delegate") and member.delegate == member.id:
            section.problem("delegate", "is the member's own id. Name somebody else, or leave it out.")
        found.append(member)
    return tuple(found)


def _read_kinds(member: Section) -> tuple[str, ...]:
    kinds = words(MessageKind)
    found = member.texts("no_messages_about", 80)
    for kind in found:
        if kind not in kinds:
            member.problem("no_messages_about", f"holds {shown(kind)}. {suggest(kind, kinds)}")
    return tuple(kind for kind in kinds if kind in found)


def _read_email(section: Section, addresses: dict[str, str]) -> str | None:
    email = section.text("email", 254)
    if email is None:
        return None
    if not _EMAIL.fullmatch(email):
        section.problem(
            "email", f"is {shown(email)}, which is not an e-mail address. Write one such as name@partner.example."
        )
        return None
    # Case is set aside because no mail system in use tells two people apart by it.
    first = addresses.setdefault(email.casefold(), section.at("email"))
    if first != section.at("email"):
        section.problem("email", f"is {shown(email)}, as is `{first}`. Give each member an own address.")
    return email


def _read_roles(member: Section, known: Known) -> tuple[Role, ...]:
    found: list[Role] = []
    for section in member.entries("roles"):
        mend = f"Write one of: {', '.join(words(RoleName))}."
        role = section.need_text("role", mend=mend)
        if role and not is_role(role):
            section.problem("role", f"is {shown(role)}, which is no role. {suggest(role, words(RoleName))}")
        scope = section.text("scope") or ""
        if not section.given("scope"):
            section.problem("scope", "is missing. Write coalition, or the id of a priority or group.")
        elif scope and scope != COALITION_SCOPE and not (scope in known["priority"] or scope in known["group"]):
            ids = [COALITION_SCOPE, *known["priority"], *known["group"]]
            section.problem(
                "scope",
                f"is {shown(scope)}, and it must be coalition or the id of a priority or group. {suggest(scope, ids)}",
            )
        found.append(Role(role=role, scope=scope, extra=section.extra()))
        if section.good("role", "scope") and found[-1] in found[:-1]:
            section.problem("role", f"is {shown(role)} for {shown(scope)} a second time. Leave one out.")
    return tuple(found)


def _read_away(member: Section) -> tuple[Away, ...]:
    found = []
    for section in member.entries("away"):
        away = Away(start=section.need_day("from"), end=section.need_day("to"), extra=section.extra())
        if section.good("from", "to") and away.end < away.start:
            section.problem("to", f"is {away.end}, before `{section.at('from')}`. Swap the two days or correct one.")
        found.append(away)
    return tuple(found)


def write_member(member: Member) -> dict[str, Any]:
    fields = {
        "id": member.id,
        "name": member.name,
        "email": member.email,
        "organization": member.organization,
        "title": member.title,
        "timezone": member.timezone,
        "access": member.access,
        "delegate": member.delegate,
        "ask_at": member.ask_at.isoformat(timespec="minutes") if member.ask_at else None,
        "no_messages_about": member.no_messages_about,
        "roles": [entry({"role": role.role, "scope": role.scope}, role.extra) for role in member.roles],
        "away": [entry({"from": away.start, "to": away.end}, away.extra) for away in member.away],
    }
    return entry(fields, member.extra)


def read_groups(top: Section, known: Known) -> tuple[Group, ...]:
    found = []
    for section in top.entries("groups"):
        group = Group(
            id=section.id(),
            name=section.need_text("name"),
            kind=section.need_choice("kind", GroupKind),
            priority=section.ref("priority", known, "priority"),
            chair=section.ref("chair", known, "member"),
            cochair=section.ref("cochair", known, "member"),
            members=section.refs("members", known, "member"),
            decision_rule=section.choice("decision_rule", DecisionRule) or DecisionRule.CONSENSUS.value,
            quorum=section.whole("quorum", 1, 10_000),
            voices=section.choice("voices", Voices) or Voices.ORGANIZATION.value,
            channel=section.channel("channel"),
            extra=section.extra(),
        )
        _check_group(section, group, known)
        found.append(group)
    return tuple(found)


def _check_group(section: Section, group: Group, known: Known) -> None:
    for key in ("chair", "cochair"):
        person = group.chair if key == "chair" else group.cochair
        listed = section.data.get("members")
        if section.good(key) and not (isinstance(listed, list | tuple) and person in listed):
            section.problem(key, f"is {shown(person)}, who is not among the group's members. Add them to `members`.")
    if section.good("chair", "cochair") and group.chair == group.cochair:
        section.problem("cochair", "is the chair as well. Name somebody else, or leave it out.")
    if group.decision_rule == DecisionRule.CHAIR and not section.given("chair"):
        section.problem("chair", "is missing, and here the chair decides. Name one, or choose another decision_rule.")
    if section.good("quorum", "members") and group.quorum is not None:
        organizations = {known.organization_of(member) for member in group.members} - {None}
        if group.quorum > len(organizations):
            section.problem(
                "quorum",
                f"is {group.quorum}, and the members come from {len(organizations)} "
                f"organization{'s' * (len(organizations) != 1)}. Lower it, or add members.",
            )
    works_on = group.priority if group.kind == GroupKind.WORKING_GROUP and section.good("id", "priority") else None
    if works_on and not is_given(known["priority"][works_on], "working_group"):
        section.problem(
            "priority",
            f"is {shown(works_on)}, and that priority names no group. "
            f"Write `working_group: {group.id}` at the priority.",
        )


def write_group(group: Group) -> dict[str, Any]:
    usual = group.decision_rule == DecisionRule.CONSENSUS
    fields = {
        "id": group.id,
        "name": group.name,
        "kind": group.kind,
        "priority": group.priority,
        "chair": group.chair,
        "cochair": group.cochair,
        "members": group.members,
        "decision_rule": None if usual else group.decision_rule,
        "quorum": group.quorum,
        "voices": None if group.voices == Voices.ORGANIZATION else group.voices,
        "channel": group.channel,
    }
    return entry(fields, group.extra)
