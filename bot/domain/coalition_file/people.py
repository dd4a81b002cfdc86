"""Organizations, members and groups of a coalition file."""

from __future__ import annotations

import re

from bot.domain.coalition_file import kinds
from bot.domain.coalition_file.known import is_given
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import NAME_LENGTH, Section
from bot.domain.coalition_file.shape import Field, Kind, Shape
from bot.domain.record import Away, Group, Member, Organization, Role, is_day_of_year
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


def _check_closed_days(section: Section, organization: Organization) -> None:
    for index, day in enumerate(organization.closed_days):
        if section.good("closed_days") and day in organization.closed_days[:index]:
            section.problem(f"closed_days[{index}]", f"is {day}, which is already in this list. Leave one out.")


def _read_yearly(section: Section, key: str) -> tuple[str, ...]:
    found = section.texts(key, 80)
    for index, text in enumerate(found):
        if not is_day_of_year(text):
            section.problem(f"{key}[{index}]", f"is {shown(text)}, which is no day of every year. Write it as 12-25.")
        elif text in found[:index]:
            section.problem(f"{key}[{index}]", f"is {text}, which is already in this list. Leave one out.")
    return found


def _read_kinds(section: Section, key: str) -> tuple[str, ...]:
    known = words(MessageKind)
    found = section.texts(key, 80)
    for kind in found:
        if kind not in known:
            section.problem(key, f"holds {shown(kind)}. {suggest(kind, known)}")
    return tuple(kind for kind in known if kind in found)


def _read_email(section: Section, key: str) -> str | None:
    email = section.text(key, 254)
    if email is None:
        return None
    if not _EMAIL.fullmatch(email):
        section.problem(
            key, f"is {shown(email)}, which is not an e-mail address. Write one such as name@partner.example."
        )
        return None
    # Case is set aside because no mail system in use tells two people apart by it.
    first = section.known.firsts.setdefault(("email", email.casefold()), section.at(key))
    if first != section.at(key):
        section.problem(key, f"is {shown(email)}, as is `{first}`. Give each member an own address.")
    return email


def _read_role(section: Section, key: str) -> str | None:
    role = section.text(key, NAME_LENGTH)
    if role and not is_role(role):
        section.problem(key, f"is {shown(role)}, which is no role. {suggest(role, words(RoleName))}")
    return role


def _read_scope(section: Section, key: str) -> str | None:
    scope, known = section.text(key), section.known
    if scope and scope != COALITION_SCOPE and not (scope in known["priority"] or scope in known["group"]):
        ids = [COALITION_SCOPE, *known["priority"], *known["group"]]
        section.problem(
            key, f"is {shown(scope)}, and it must be coalition or the id of a priority or group. {suggest(scope, ids)}"
        )
    return scope


def _check_away(section: Section, away: Away) -> None:
    if section.good("from", "to") and away.end < away.start:
        section.problem("to", f"is {away.end}, before `{section.at('from')}`. Swap the two days or correct one.")


def _check_member(section: Section, member: Member) -> None:
    if member.access == Access.EMAIL_ONLY and not section.given("email"):
        section.problem("email", "is missing, and access is email_only. Write the address to reach them at.")
    if section.good("id", "delegate") and member.delegate == member.id:
        section.problem("delegate", "is the member's own id. Name somebody else, or leave it out.")
    for index, (each, role) in enumerate(zip(section.entries("roles"), member.roles, strict=True)):
        if each.good("role", "scope") and role in member.roles[:index]:
            each.problem("role", f"is {shown(role.role)} for {shown(role.scope)} a second time. Leave one out.")


def _check_group(section: Section, group: Group) -> None:
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
        organizations = {section.known.organization_of(member) for member in group.members} - {None}
        if group.quorum > len(organizations):
            section.problem(
                "quorum",
                f"is {group.quorum}, and the members come from {len(organizations)} "
                f"organization{'s' * (len(organizations) != 1)}. Lower it, or add members.",
            )
    works_on = group.priority if group.kind == GroupKind.WORKING_GROUP and section.good("id", "priority") else None
    if works_on and not is_given(section.known["priority"][works_on], "working_group"):
        section.problem(
            "priority",
            f"is {shown(works_on)}, and that priority names no group. "
            f"Write `working_group: {group.id}` at the priority.",
        )


ORGANIZATION = Shape(
    Organization,
    "organization",
    Field("id", kinds.ID),
    Field("name", kinds.NAME),
    Field("sector", kinds.choice(Sector)),
    Field("contacts", kinds.refs("member")),
    Field("ask_via", kinds.choice(AskVia)),
    Field("closed_days", kinds.DAYS),
    Field("closed_yearly", Kind(_read_yearly)),
    Field("ended", kinds.DAY),
    checks=(_check_closed_days,),
)

_ROLE = Shape(
    Role,
    "role",
    Field("role", Kind(_read_role, "", f"Write one of: {', '.join(words(RoleName))}.")),
    Field("scope", Kind(_read_scope, "", "Write coalition, or the id of a priority or group.")),
)

_AWAY = Shape(
    Away, "time away", Field("start", kinds.DAY, "from"), Field("end", kinds.DAY, "to"), checks=(_check_away,)
)

MEMBER = Shape(
    Member,
    "member",
    Field("id", kinds.ID),
    Field("name", kinds.NAME),
    Field("email", Kind(_read_email)),
    Field("organization", kinds.ref("organization")),
    Field("title", kinds.text()),
    Field("timezone", kinds.ZONE),
    Field("access", kinds.choice(Access)),
    Field("delegate", kinds.ref("member")),
    Field("ask_at", kinds.CLOCK_TIME),
    Field("no_messages_about", Kind(_read_kinds)),
    Field("invitations", kinds.FLAG),
    Field("ended", kinds.DAY),
    Field("roles", kinds.many(_ROLE)),
    Field("away", kinds.many(_AWAY)),
    checks=(_check_member,),
)

GROUP = Shape(
    Group,
    "group",
    Field("id", kinds.ID),
    Field("name", kinds.NAME),
    Field("kind", kinds.choice(GroupKind)),
    Field("priority", kinds.ref("priority")),
    Field("chair", kinds.ref("member")),
    Field("cochair", kinds.ref("member")),
    Field("members", kinds.refs("member")),
    Field("decision_rule", kinds.choice(DecisionRule), usual_unsaid=True),
    Field("quorum", kinds.whole(1, 10_000)),
    Field("voices", kinds.choice(Voices), usual_unsaid=True),
    Field("channel", kinds.CHANNEL),
    Field("ended", kinds.DAY),
    checks=(_check_group,),
)
