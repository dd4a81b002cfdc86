"""What a change makes of a member: facts, roles, their own settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.people import (
    CO_CHAIR,
    ROLES,
    HeldRoles,
    MemberEdit,
    MemberPlan,
    OwnPlan,
    admins,
    new_member,
    plan_of,
    put_member,
    read_member,
    roles_of,
    with_member_plan,
    with_roles,
    with_settings,
)
from bot.domain.record import Member, Organization, Role
from bot.errors import UserError
from tests import builders as make
from tests.builders import record
from tests.examples import examples

LEAD = Role(role="backbone_lead", scope="coalition", extra={"since": 2024})
OWNS = Role(role="priority_owner", scope="p1")
ANA = make.member("ana", email="ana@acme.example", roles=(LEAD, OWNS, Role(role=CO_CHAIR, scope="p1")))
BEN = make.member("ben", email="ben@acme.example")
CYD = make.member("cyd", access="email_only", email="cyd@acme.example")
RECORD = record(organizations=[make.organization("acme"), make.organization("lbp")], members=[ANA, BEN, CYD])
EDIT = MemberEdit(name=" Dee  Dee ", organization="acme", email=None, access="member", timezone=None)


def said(change: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(UserError) as caught:
        change()
    return caught.value.message, caught.value.field


def test_somebody_new_is_named_by_a_first_name() -> None:
    known, plan = read_member(RECORD, EDIT)
    assert known == RECORD
    assert new_member(RECORD, plan) == Member(id="dee", name="Dee Dee", organization="acme")
    assert new_member(RECORD, {**plan, "name": "Ana Z."}).id == "ana-2"


def test_an_organization_may_be_named_in_the_same_form() -> None:
    known, plan = read_member(RECORD, replace(EDIT, organization=None, new_organization=" The  County "))
    assert known.organizations[-1] == Organization(id="the-county", name="The County", sector="nonprofit")
    assert plan["organization"] == "the-county"
    same, again = read_member(RECORD, replace(EDIT, new_organization="ACME"))
    assert (same, again["organization"]) == (RECORD, "acme")
    for organization in (None, "gone"):
        assert said(lambda one=organization: read_member(RECORD, replace(EDIT, organization=one))) == (  # type: ignore[misc]
            "Choose an organization, or write the name of a new one below.",
            "organization",
        )
    long = replace(EDIT, new_organization="x" * 81)
    assert said(lambda: read_member(RECORD, long)) == ("This has 81 characters. 80 fit.", "new_organization")


@settings(max_examples=examples(20), deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.sampled_from(["Ben", "Benja"]),
            "organization": st.sampled_from(["acme", "lbp"]),
            "email": st.none() | st.just("b@acme.example"),
            "access": st.sampled_from(["member", "slack_connect"]),
            "timezone": st.none() | st.just("America/Denver"),
        },
    )
)
def test_a_member_is_as_the_plan_says_and_otherwise_as_they_were(plan: MemberPlan) -> None:
    changed = with_member_plan(RECORD, BEN, plan)
    assert plan_of(changed) == {**plan_of(BEN), **plan}
    assert replace(changed, **plan_of(BEN)) == BEN
    assert put_member(RECORD, changed).members == (ANA, changed, CYD)


REFUSED: dict[str, tuple[MemberPlan, tuple[str, str]]] = {
    "no name": ({"name": ""}, ("Write the person's name.", "name")),
    "a long name": ({"name": "x" * 81}, ("80 characters fit.", "name")),
    "an unknown way": ({"access": "owner"}, ("Choose how this person takes part.", "access")),
    "nowhere to write to": (
        {"access": "email_only", "email": None},
        ("Write the address to reach this person at.", "email"),
    ),
    "somebody else's address": (
        {"email": "ANA@acme.example"},
        ("This is Ana's address. Give each person their own.", "email"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_how_to_mend_it(case: str) -> None:
    plan, words = REFUSED[case]
    assert said(lambda: with_member_plan(RECORD, BEN, plan)) == words


HELD: st.SearchStrategy[HeldRoles] = st.fixed_dictionaries(
    {},
    optional={
        "roles": st.lists(st.sampled_from(sorted(ROLES)), unique=True).map(lambda one: tuple(sorted(one))),
        "co_chairs": st.lists(st.sampled_from(["p1", "p2"]), unique=True).map(lambda one: tuple(sorted(one))),
    },
)  # type: ignore[assignment]


@settings(max_examples=examples(25), deadline=None)
@given(HELD, st.booleans())
def test_exactly_these_roles_are_held_and_somebody_may_configure(held: HeldRoles, has_other: bool) -> None:
    other = replace(BEN, roles=(Role(role="admin", scope="coalition"),)) if has_other else BEN
    known = put_member(RECORD, other)
    try:
        changed = with_roles(known, ANA, held)
    except UserError:
        assert not has_other
        assert not {"admin", "backbone_lead"} & set(held["roles"])
        return
    assert roles_of(changed) == {**roles_of(ANA), **held}
    assert OWNS in changed.roles, "what the form doesn't ask stays"
    assert LEAD in changed.roles or "backbone_lead" not in held.get("roles", ("backbone_lead",))
    assert admins(put_member(known, changed))
    assert with_roles(known, changed, held) == changed


def test_the_last_who_may_configure_stays() -> None:
    assert said(lambda: with_roles(RECORD, ANA, {"roles": ("observer",)})) == (
        "Ana is the only one who may configure the coalition. Make somebody else an admin first.",
        "roles",
    )


def test_own_settings_change_only_what_they_say() -> None:
    plan: OwnPlan = {
        "zone": "America/Denver",
        "ask_at": time(8, 30),
        "stand_in": "ben",
        "no_messages_about": ("actions",),
    }
    assert with_settings(ANA, plan, RECORD.members) == replace(
        ANA, timezone="America/Denver", ask_at=time(8, 30), delegate="ben", no_messages_about=("actions",)
    )
    assert with_settings(ANA, {}, RECORD.members) == ANA
    stands = replace(ANA, delegate="ben", ask_at=time(8))
    assert with_settings(stands, {"stand_in": None, "ask_at": None}, RECORD.members) == ANA


SETTINGS: dict[str, tuple[OwnPlan, tuple[str, str]]] = {
    "no zone": ({"zone": "Mars"}, ("I don't know this time zone. Type a city, such as Chicago.", "zone")),
    "somebody gone": ({"stand_in": "zoe"}, ("I don't know this person. Choose somebody from the list.", "stand_in")),
    "oneself": (
        {"stand_in": "ana"},
        ("Choose somebody other than yourself, or leave it empty.", "stand_in"),
    ),
    "by e-mail only": (
        {"stand_in": "cyd"},
        ("Cyd takes part by e-mail only, so I couldn't ask in time. Choose somebody in Slack.", "stand_in"),
    ),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_settings_that_are_refused_say_how_to_mend_them(case: str) -> None:
    plan, words = SETTINGS[case]
    assert said(lambda: with_settings(ANA, plan, RECORD.members)) == words
