"""Who may do what: the sample's people against every right, and the rules by which parts add up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from bot.domain.record import Record, Role
from bot.domain.rights import ALLOWED, CLOCK, OPERATOR, Part, Right, Standing, coordinators, standing_of
from bot.domain.rights.rights import COALITION_ROLES, OWN
from tests.builders import group, member, metric, priority, record
from tests.tables import on_each

GOLDEN = Path(__file__).parents[2] / "golden" / "rights-limestone-bend.txt"
SCOPES = ("talent-pathways", "supplier-growth", "family-access", "job-quality")
SHORT = {"talent-pathways": "T", "supplier-growth": "S", "family-access": "F", "job-quality": "Q"}


def matrix(sample: Record) -> str:
    """One line a person and right: `all` for the whole coalition, else the priorities by their first letters."""
    people: list[tuple[str, Standing]] = [(item.id, standing_of(sample, item)) for item in sample.members]
    people += [("(operator)", OPERATOR), ("(clock)", CLOCK)]
    width = max(len(right) for right in Right) + 2
    lines = [" " * width + "".join(f"{name:<11}" for name, _standing in people)]
    for right in Right:
        cells = []
        for _name, standing in people:
            scoped = "".join(SHORT[scope] for scope in SCOPES if standing.may(right, scope))
            cells.append("all" if standing.may(right) else scoped or "-")
        lines.append(f"{right:<{width}}" + "".join(f"{cell:<11}" for cell in cells))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def test_the_samples_people_against_every_right(sample: Record) -> None:
    if os.environ.get("BACKBEAT_UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(matrix(sample), encoding="utf-8")
    assert matrix(sample) == GOLDEN.read_text(encoding="utf-8")


def standing(roles: list[tuple[str, str]], *, who: str = "zoe", **fields: Any) -> Standing:
    person = member(who, roles=tuple(Role(role=role, scope=scope) for role, scope in roles))
    made = record(members=(member(), person), **fields)
    return standing_of(made, person)


@on_each(
    ("roles", "everywhere"),
    [
        ([("backbone_lead", "coalition")], {Part.LEAD}),
        ([("admin", "coalition")], {Part.LEAD}),
        ([("backbone_staff", "coalition")], {Part.STAFF}),
        ([("data_lead", "coalition")], {Part.STAFF}),
        ([("steering_chair", "coalition")], {Part.STEERING}),
        ([("steering_member", "coalition")], {Part.STEERING}),
        ([("steering_delegate", "coalition")], {Part.STEERING}),
        ([("funder", "steering")], {Part.FUNDER}),
        ([("observer", "coalition")], {Part.FUNDER}),
        ([("backbone_staff", "coalition"), ("steering_member", "coalition")], {Part.STAFF, Part.STEERING}),
        ([], {Part.MEMBER}),
    ],
)
def test_roles_become_parts_and_add_up(roles: list[tuple[str, str]], everywhere: set[Part]) -> None:
    assert standing(roles).everywhere == everywhere


@pytest.mark.parametrize("role", ["priority_owner", "working_group_cochair"])
def test_an_owners_part_holds_for_their_own_priority(role: str) -> None:
    found = standing([(role, "p2")], priorities=(priority(), priority("p2")))
    assert found.scoped == {"p2": frozenset({Part.OWNER})}
    assert found.may(Right.ANSWER_CHECKIN, "p2")
    assert not found.may(Right.ANSWER_CHECKIN, "p1")
    assert not found.may(Right.ANSWER_CHECKIN), "without a scope the whole coalition is meant"
    assert found.may_anywhere(Right.ANSWER_CHECKIN)
    assert found.may(Right.READ_ROLL_UP), "what a part has not for its own only, it has everywhere"
    assert found.may(Right.CREATE_ACTION, "p1")


def test_ownership_itself_is_a_part() -> None:
    found = standing([], priorities=(priority(owner="zoe"),))
    assert found.scoped["p1"] == {Part.OWNER}


def test_the_chair_of_a_priorities_group_is_an_owner_and_of_steering_its_chair() -> None:
    groups = (group(chair="zoe"), group("wg", kind="working_group", chair="zoe", priority="p1", members=("zoe",)))
    found = standing([], groups=groups)
    assert found.everywhere == {Part.CHAIR}
    assert found.scoped == {"p1": {Part.OWNER, Part.MEMBER}, "wg": {Part.MEMBER}}


def test_a_steward_has_a_part_in_their_metric_and_reads_its_priority() -> None:
    found = standing([], priorities=(priority(metrics=(metric("m1", steward="zoe"), metric("m2"))),))
    assert found.may(Right.RECORD_READING, "m1")
    assert not found.may(Right.RECORD_READING, "m2")
    assert not found.may(Right.RECORD_READING, "p1")
    assert found.may(Right.READ_PRIORITY, "p1"), "a figure is read with the priority that it stands for"
    assert found.may(Right.PROPOSE_EDIT, "p1")
    assert not found.may(Right.EDIT_PRIORITY, "p1")
    assert not found.may(Right.READ_PRIORITY, "p2")
    assert not found.may(Right.SEE_AMOUNTS, "p1")


def test_a_delegate_has_no_part() -> None:
    """What a stand-in may do is asked of the item, not of the person."""
    made = record(members=(member(delegate="zoe"), member("zoe")))
    assert standing_of(made, made.members[1]) == Standing(frozenset({Part.MEMBER}))


def test_a_member_of_a_group_reads_its_priority_and_no_other() -> None:
    groups = (group("wg", kind="working_group", priority="p1", members=("zoe",)),)
    found = standing([], groups=groups, priorities=(priority(), priority("p2")))
    assert found.may(Right.READ_PRIORITY, "p1")
    assert not found.may(Right.READ_ROLL_UP)
    assert not found.may(Right.READ_PRIORITY, "p2")


def test_somebody_without_a_role_reads_no_answers_but_those_of_their_groups() -> None:
    found = standing([], priorities=(priority(), priority("p2")))
    assert {right for right in Right if found.may(right, "p1")} == {
        Right.SEE_OWN,
        Right.CREATE_ACTION,
        Right.RAISE_ISSUE,
    }


def test_a_funder_reads_neither_answers_nor_amounts() -> None:
    groups = (group("table", kind="funders", members=("zoe",)),)
    found = standing([("funder", "table")], groups=groups)
    # Of funding it is told of its own organization's grants only, which is no question of a scope.
    own_grants = {Right.READ_FUNDING, Right.SET_REPORT_DATE}
    assert {right for right in Right if found.may(right)} == {Right.SEE_OWN, *own_grants}


def test_only_the_machine_delivers() -> None:
    assert ALLOWED[Right.DELIVER] == {Part.CLOCK, Part.OPERATOR}
    assert {right for right in Right if CLOCK.may(right)} == {Right.DELIVER, Right.SEE_OWN}
    # Whoever keeps the machine running is no coordinator: what is written to those is theirs alone.
    assert {right for right in Right if not OPERATOR.may(right)} == {Right.READ_NOTES}


def test_every_right_has_a_rule() -> None:
    assert set(ALLOWED) == set(Right)
    for right, parts in OWN.items():
        assert parts <= ALLOWED[right], right
    assert set(COALITION_ROLES.values()) <= set(Part)


def test_coordinators_in_the_files_order(sample: Record) -> None:
    assert [item.id for item in coordinators(sample)] == ["dana", "omar", "priya"]
    assert coordinators(record()) == ()
    # The same as by all that they are, of which each role is a part.
    assert coordinators(sample) == tuple(
        one for one in sample.members if {Part.LEAD, Part.STAFF} & standing_of(sample, one).everywhere
    )
