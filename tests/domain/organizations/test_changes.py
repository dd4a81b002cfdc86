"""What forms make of organizations and groups, and at which field they are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.organizations import (
    adopting,
    group_plan_of,
    new_group,
    new_organization,
    plan_of,
    read_group_plan,
    read_plan,
)
from bot.domain.record import Group, Organization
from bot.domain.typed import Mistakes
from tests import builders as make
from tests.builders import day, record
from tests.tables import on_each

TODAY = day("2026-11-23")
MEMBERS = (make.member("ana"), make.member("ben", organization="lbp"), make.member("cyd"))
GROUP = make.group("talent", name="Talent group", kind="working_group", members=("ana", "ben"), cochair="ben")
RECORD = record(
    organizations=[make.organization("acme"), make.organization("lbp")],
    members=MEMBERS,
    groups=[GROUP],
    priorities=[make.priority("p1"), make.priority("p2", working_group="talent")],
)
ORGANIZATION: dict[str, str | None] = {"name": "The  county", "sector": "public"}
ENTERED: dict[str, str | None] = {
    "name": "Housing group",
    "kind": "working_group",
    "decision_rule": "majority",
    "voices": "person",
}


def test_an_organization_is_as_its_form_says() -> None:
    entered = {
        **ORGANIZATION,
        "ask_via": "coordinator",
        "closed_days": "Dec 24 to Dec 26",
        "closed_yearly": "Jan 1\nFeb 29, 2028",
    }
    plan = read_plan(entered, ["ana", "ben", "ana"], None, RECORD, TODAY)
    found = new_organization(plan, RECORD)
    assert found == Organization(
        id="the-county",
        name="The county",
        sector="public",
        contacts=("ana", "ben"),
        ask_via="coordinator",
        closed_days=(day("2026-12-24"), day("2026-12-25"), day("2026-12-26")),
        closed_yearly=("01-01", "02-29"),
    )
    assert plan_of(found) == plan


@pytest.mark.parametrize("name", ["acme", "talent", "p1", "coalition"])
def test_ids_are_of_one_thing_only(name: str) -> None:
    assert new_organization({"name": name, "sector": "public"}, RECORD).id == f"{name}-2"
    assert new_group({"name": name, "kind": "backbone"}, RECORD).id == f"{name}-2"


ORGANIZATIONS: dict[str, tuple[dict[str, str | None], list[str], dict[str, str]]] = {
    "nothing": (
        {"name": None, "sector": None},
        [],
        {"name": "Write the organization's name.", "sector": "Choose the organization's sector."},
    ),
    "a name that is taken": (
        {"name": "talent GROUP"},
        [],
        {"name": "Talent group is already there. Write another name."},
    ),
    "too long a name": ({"name": "x" * 81}, [], {"name": "This has 81 characters. 80 fit."}),
    "somebody gone": ({}, ["zoe"], {"contacts": "One of these people is not a member anymore. Choose again."}),
    "no day": (
        {"closed_days": "the hall"},
        [],
        {"closed_days": "“the hall” is not a day. Write one a line, such as “Nov 26” or “Dec 24 to Dec 31”."},
    ),
}


@pytest.mark.parametrize("case", ORGANIZATIONS)
def test_each_mistake_of_an_organization_is_told_at_its_field(case: str) -> None:
    answers, contacts, said = ORGANIZATIONS[case]
    with pytest.raises(Mistakes) as caught:
        read_plan({**ORGANIZATION, **answers}, contacts, "acme", RECORD, TODAY)
    assert caught.value.errors == said


def test_its_own_name_stays_its_own() -> None:
    assert read_plan({"name": "ACME", "sector": "public"}, [], "acme", RECORD, TODAY)["name"] == "ACME"


def test_a_group_is_as_its_form_says() -> None:
    entered = {**ENTERED, "chair": "ana", "quorum": "2", "channel": "#LB-Homes", "priority": "p1"}
    plan = read_group_plan(entered, ["ana", "ben"], None, RECORD)
    found = new_group(plan, RECORD)
    assert found == Group(
        id="housing-group",
        name="Housing group",
        kind="working_group",
        members=("ana", "ben"),
        chair="ana",
        priority="p1",
        channel="lb-homes",
        decision_rule="majority",
        quorum=2,
        voices="person",
    )
    assert group_plan_of(found) == plan


GROUPS: dict[str, tuple[dict[str, str | None], list[str], Group | None, dict[str, str]]] = {
    "nothing": (
        dict.fromkeys(ENTERED),
        [],
        None,
        {
            "name": "Write the group's name.",
            "kind": "Choose what the group is for.",
            "decision_rule": "Choose how the group decides.",
            "voices": "Choose who has a voice.",
        },
    ),
    "somebody gone": ({}, ["zoe"], None, {"members": "One of these people is not a member anymore. Choose again."}),
    "a chair from elsewhere": (
        {"chair": "cyd"},
        ["ana"],
        None,
        {"chair": "Choose one of the people above, or add this person there."},
    ),
    "nobody decides": (
        {"decision_rule": "chair"},
        ["ana"],
        None,
        {"chair": "Choose the chair, who decides here, or choose another way to decide."},
    ),
    "the co-chair chairs": ({"chair": "ben"}, ["ben"], GROUP, {"chair": "Ben is the co-chair. Choose somebody else."}),
    "the co-chair leaves": ({}, ["ana"], GROUP, {"members": "Ben is the co-chair and stays among the members."}),
    "more than there are": (
        {"quorum": "2"},
        ["ana", "cyd"],
        None,
        {"quorum": "The members come from 1 organization. Enter at most that."},
    ),
    "a priority that is gone": (
        {"priority": "p9"},
        [],
        None,
        {"priority": "I can't find this priority anymore. Choose again."},
    ),
    "two words": (
        {"channel": "lb homes"},
        [],
        None,
        {"channel": "Write the channel's name as Slack shows it, such as “#lb-talent”."},
    ),
}


@on_each("case", GROUPS)
def test_each_mistake_of_a_group_is_told_at_its_field(case: str) -> None:
    answers, members, own, said = GROUPS[case]
    with pytest.raises(Mistakes) as caught:
        read_group_plan({**ENTERED, **answers}, members, own, RECORD)
    assert caught.value.errors == said


def test_a_priority_without_a_group_takes_a_new_one_for_its_own() -> None:
    first, second = RECORD.priorities
    new = replace(GROUP, id="new", priority="p1")
    assert adopting(RECORD, new) == (first, replace(first, working_group="new"))
    assert adopting(RECORD, replace(new, priority=second.id)) is None, "it has one"
    assert adopting(RECORD, replace(new, priority=None)) is None
    assert adopting(RECORD, replace(new, kind="backbone")) is None
