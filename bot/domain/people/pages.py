"""Members as coordinators work with them: a list, a card, the forms; and the rules of roles and stand-ins. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from bot.domain.record import Member, Record
from bot.domain.typed import Known, fields_of
from bot.domain.vocabularies import COALITION_SCOPE

PAGE = 8
MOST_NAME = 80
MOST_ADDRESS = 254
# Roles that hold in the whole coalition, in the order in which a form shows them, with what they are called there.
ROLES: dict[str, str] = {
    "admin": "Admin",
    "backbone_lead": "Lead",
    "backbone_staff": "Staff",
    "data_lead": "Data lead",
    "steering_chair": "Chair of steering",
    "steering_member": "Steering",
    "steering_delegate": "Steering, as a delegate",
    "funder": "Funder",
    "observer": "Observer",
}
WHAT_ROLES_DO: dict[str, str] = {
    "admin": "Configures, imports, gives roles, starts and pauses",
    "backbone_lead": "The same, as head of the backbone team",
    "backbone_staff": "Runs the week: people, check-ins, digest",
    "data_lead": "The same, and looks after figures",
    "steering_chair": "Reads the roll-up, records steering's decisions",
    "steering_member": "Reads the roll-up, decides",
    "steering_delegate": "Reads the roll-up for a member of steering",
    "funder": "Reads the funder edition and own grants",
    "observer": "Reads the funder edition",
}
CO_CHAIR = "working_group_cochair"
ACCESS: dict[str, str] = {
    "member": "Full member of the workspace",
    "multi_channel_guest": "Guest in several channels",
    "single_channel_guest": "Guest in one channel",
    "slack_connect": "Connected from another workspace",
    "email_only": "E-mail only",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One member in a list. `account` is linked, unlinked, deactivated, refused (Slack takes no direct message to it)
    or email_only. `reads_mail`: what is for them goes by e-mail."""

    id: str
    name: str
    organization: str
    roles: tuple[str, ...]  # in words
    account: str
    reads_mail: bool = False
    no_messages_about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberList:
    """A page of members."""

    lines: tuple[MemberLine, ...]
    start: int
    total: int
    organizations: int
    may_give_roles: bool
    former: int = 0  # how many left or are about to, who are not in it

    @property
    def page(self) -> int:
        return self.start // PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestByHand:
    """The newest digest that somebody passed on to a member by hand: of which day it is, who did it, and on which."""

    of: date
    by: str | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCard:
    """One member with everything that a form shows. `may_edit` is more than one's own stand-in."""

    id: str
    name: str
    organization: Known
    email: str | None
    access: str
    timezone: str | None
    stand_in: Known | None
    stands_in_for: tuple[str, ...]  # names
    roles: tuple[str, ...]  # in words
    held: tuple[str, ...]  # coalition-wide roles
    co_chairs: tuple[str, ...]  # priority ids
    priorities: tuple[Known, ...]
    account: str
    may_edit: bool
    may_give_roles: bool
    is_self: bool
    today: date
    no_messages_about: tuple[str, ...] = ()
    ended: date | None = None  # the last day on which they take part
    reads_mail: bool = False  # mails lead them to pages of their own
    digest: DigestByHand | None = None  # coordinators only read it
    mail_comes_back: bool = False  # nothing is sent to this address

    @property
    def may_be_erased(self) -> bool:
        """Whether whoever reads this may put a pseudonym in their place."""
        return self.may_give_roles and self.ended is not None and self.ended < self.today


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEdit:
    """What the form of a member holds; `new_organization` is the name of one that is not there yet."""

    name: str
    organization: str | None
    email: str | None
    access: str
    timezone: str | None
    new_organization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember(MemberEdit):
    """Somebody new; with an account in this workspace, what is not said comes from it."""

    account: str | None = None


class MemberPlan(TypedDict, total=False):
    """What the form of a member shows and may change, by field; only what changes."""

    name: str
    organization: str
    email: str | None
    access: str
    timezone: str | None


class HeldRoles(TypedDict, total=False):
    """The same of a member's roles."""

    roles: tuple[str, ...]
    co_chairs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRoles:
    """Exactly these roles in the whole coalition, and the priorities whose group somebody co-chairs."""

    roles: tuple[str, ...]
    co_chairs: tuple[str, ...]


def plan_of(member: Member) -> MemberPlan:
    """What the form of a member shows and may change, by field."""
    return fields_of(MemberPlan, member)


def roles_of(member: Member) -> HeldRoles:
    """What the form of a member's roles shows and may change, by field."""
    return {
        "roles": tuple(
            sorted(role.role for role in member.roles if role.scope == COALITION_SCOPE and role.role in ROLES)
        ),
        "co_chairs": tuple(sorted(role.scope for role in member.roles if role.role == CO_CHAIR)),
    }


def role_words(record: Record, member: Member) -> tuple[str, ...]:
    """A member's roles for the eye, with what they own."""
    names = {one.id: one.name for one in record.everything.priorities} | {
        one.id: one.name for one in record.everything.groups
    }
    found = [ROLES[role.role] for role in member.roles if role.scope == COALITION_SCOPE and role.role in ROLES]
    found += [f"owns {one.name}" for one in record.priorities if one.owner == member.id]
    found += [f"co-chair of {names.get(role.scope, role.scope)}" for role in member.roles if role.role == CO_CHAIR]
    return tuple(dict.fromkeys(found))


def admins(record: Record) -> tuple[str, ...]:
    """Ids of the members who may configure the coalition."""
    return tuple(
        member.id
        for member in record.members
        if any(role.role in {"admin", "backbone_lead"} and role.scope == COALITION_SCOPE for role in member.roles)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnExport:
    """Everything that is kept about one member, as plain data by table: for themselves."""

    member: str
    data: dict[str, Any]

    @property
    def rows(self) -> int:
        """How many entries it has."""
        return sum(len(one) for one in self.data.values())
