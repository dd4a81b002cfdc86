"""Somebody leaves: nothing is left pointing at them, whatever was theirs and whoever takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.coalition_file import check, to_file
from bot.domain.endings import (
    Leaving,
    decode_handed_over,
    encode_handed_over,
    leave,
    lowered,
    suggest_successor,
    take_part_again,
)
from bot.domain.people import admins
from bot.domain.record import Record, Role, holdings_of
from bot.errors import UserError
from tests.builders import action, day, group, member, metric, priority, record
from tests.examples import examples
from tests.sample import sample_record

TODAY = day("2026-11-23")
KEYS = [one.id for one in sample_record().members]


def to(who: str | None, **fields: object) -> Leaving:
    """Everything to one person."""
    return replace(
        Leaving(last_day=TODAY, priorities=who, chairs=who, figures=who, work=who, stand_in=who),
        **fields,  # type: ignore[arg-type]
    )


def somebody(after: Record, key: str) -> str:
    return next(one.name for one in after.members if one.id == key)


@settings(max_examples=examples(25), deadline=None)
@given(st.permutations(KEYS), st.booleans())
def test_nothing_points_at_who_left(order: list[str], keeps_chairs: bool) -> None:
    """Three leave one after the other; the file of what is left is a good one."""
    found = sample_record()
    *_, taker = order
    for key in order[:3]:
        if admins(found) == (key,):
            continue
        found = leave(found, key, to(taker, **({} if keeps_chairs else {"chairs": None})), TODAY)
        assert not holdings_of(found, key)
        assert key not in {one.id for one in found.present}
    again, problems = check(to_file(found))
    assert problems == []
    assert again is not None
    assert again.members == found.members


def test_what_was_said_and_done_stays() -> None:
    before = sample_record()
    after = leave(before, "grant", to("marcus"), TODAY)
    assert after.responses == before.responses
    done = [one for one in before.actions if not one.is_open]
    assert [one for one in after.actions if not one.is_open] == done
    assert somebody(after, "grant") == "Grant Okafor"


def test_the_owner_role_goes_with_the_priority() -> None:
    after = leave(sample_record(), "grant", to("marcus"), TODAY)
    marcus = next(one for one in after.members if one.id == "marcus")
    assert Role(role="priority_owner", scope="supplier-growth") in marcus.roles
    assert next(one for one in after.members if one.id == "grant").roles == ()


def test_work_of_another_organization_is_asked_for() -> None:
    after = leave(sample_record(), "grant", to("marcus"), TODAY)
    given = {one.id: one for one in after.actions if one.owner == "marcus"}
    assert not given["A-202"].accepted
    assert given["A-201"].accepted, "it was Marcus's before"


def test_who_stood_in_for_their_stand_in_has_nobody() -> None:
    found = record(members=(member("ana", delegate="ben"), member("ben"), member("lou", roles=LEAD)))
    after = leave(found, "ben", to("ana"), TODAY)
    assert next(one for one in after.members if one.id == "ana").delegate is None


LEAD = (Role(role="backbone_lead", scope="coalition"),)
SMALL = record(
    members=(member("ana"), member("ben"), member("lou", roles=LEAD)),
    priorities=[priority(metrics=(metric("m1", steward="ana"),))],
    groups=[group("wg", chair="ana", members=("ana", "ben"), decision_rule="chair", quorum=1)],
    actions=[action("A-1", owner="ana", priority="p1")],
)


@pytest.mark.parametrize(
    ("plan", "field", "words"),
    [
        (to("ben", last_day=TODAY + timedelta(days=400)), "last_day", "more than a year away"),
        (to("ben", priorities=None), "priorities", "Choose who has this"),
        (to("ben", figures=None), "figures", "Choose who has this"),
        (to("ben", work=None), "work", "Choose who has this"),
        (to("ben", work="ana"), "work", "Choose somebody who takes part, other than"),
        (to("ben", work="nobody"), "work", "Choose somebody who takes part"),
        (to("ben", chairs=None), "chairs", "the chair decides"),
    ],
)
def test_refused(plan: Leaving, field: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        leave(SMALL, "ana", plan, TODAY)
    assert refused.value.field == field
    assert words in refused.value.message


def test_the_last_who_may_configure_stays() -> None:
    with pytest.raises(UserError, match="only one who may configure"):
        leave(SMALL, "lou", to("ben"), TODAY)


def test_nobody_takes_over_who_left() -> None:
    gone = leave(SMALL, "ana", to("ben"), TODAY)
    with pytest.raises(UserError, match="Choose somebody who takes part"):
        leave(gone, "ben", to("ana"), TODAY)


def test_a_chair_who_had_no_seat_gets_one() -> None:
    after = leave(SMALL, "ana", to("lou"), TODAY)
    assert after.groups[0].chair == "lou"
    assert after.groups[0].members == ("ben", "lou")


def test_a_co_chair_who_takes_the_chair_is_no_co_chair_too() -> None:
    found = replace(SMALL, groups=(replace(SMALL.groups[0], cochair="ben"),))
    after = leave(found, "ana", to("ben"), TODAY).groups[0]
    assert (after.chair, after.cochair) == ("ben", None)


def test_a_quorum_that_nobody_could_reach_is_lowered_and_told() -> None:
    before = sample_record()
    steering = before.steering
    assert steering is not None
    high = replace(steering, quorum=len({one.organization for one in before.members if one.id in steering.members}))
    before = replace(before, groups=tuple(high if one.id == steering.id else one for one in before.groups))
    after = leave(before, "charlotte", to("dana"), TODAY)
    assert high.quorum is not None
    assert lowered(before, after) == ((steering.name, high.quorum - 1),)


def test_suggested_are_the_stand_in_then_the_next_contact() -> None:
    found = sample_record()
    by_id = {one.id: one for one in found.members}
    grant, luis = suggest_successor(found, by_id["grant"]), suggest_successor(found, by_id["luis"])
    assert grant is not None
    assert grant.id == "marcus", "who stands in"
    assert luis is not None
    assert luis.id == "imani", "the organization's other contact"
    assert suggest_successor(found, by_id["charlotte"]) is None


def test_taking_part_again_gives_nothing_back() -> None:
    after = leave(sample_record(), "grant", to("marcus"), TODAY)
    grant = take_part_again(next(one for one in after.members if one.id == "grant"))
    assert grant.ended is None
    assert grant.roles == ()


@given(
    st.dictionaries(
        st.sampled_from(["priorities", "chairs", "figures", "work", "principals"]),
        st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True), min_size=1, max_size=4).map(tuple),
    )
)
def test_what_is_told_of_comes_back(held: dict[str, tuple[str, ...]]) -> None:
    assert decode_handed_over(encode_handed_over("grant", held)) == ("grant", held)
