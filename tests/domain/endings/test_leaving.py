"""Somebody leaves: nothing is left pointing at them, whatever was theirs and whoever takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.coalition_file import check, to_file
from bot.domain.decisions import count, seats_of
from bot.domain.endings import (
    Leaving,
    decode_handed_over,
    encode_handed_over,
    leave,
    lowered,
    suggest_successor,
    take_part_again,
)
from bot.domain.endings.outliving import require_none_outlives
from bot.domain.people import admins
from bot.domain.record import DecisionAnswer, Record, Role, holdings_of, present_on
from bot.domain.rights import Part, standing_of
from bot.errors import UserError
from tests.builders import action, at, day, group, member, metric, priority, record
from tests.examples import examples
from tests.sample import sample_record
from tests.tables import on_each

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
        then = present_on(found, TODAY + timedelta(days=1))
        assert not holdings_of(then, key)
        assert key not in {one.id for one in found.present}
        assert key not in {seated for one in then.groups for seated in (*one.members, one.chair, one.cochair)}
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
    assert [one.role for one in next(one for one in after.members if one.id == "grant").roles] == ["steering_member"]


def test_work_of_another_organization_is_asked_for() -> None:
    after = leave(sample_record(), "grant", to("marcus"), TODAY)
    given = {one.id: one for one in after.actions if one.owner == "marcus"}
    assert not given["A-202"].accepted
    assert given["A-201"].accepted, "it was Marcus's before"


def test_who_stood_in_for_their_stand_in_has_nobody() -> None:
    found = record(members=(member("ana", delegate="ben"), member("ben"), member("lou", roles=LEAD)))
    after = leave(found, "ben", to("ana"), TODAY)
    assert next(one for one in after.members if one.id == "ana").delegate is None


def test_a_seat_lasts_through_the_last_day_and_so_does_its_voice() -> None:
    """Also one that was given before it was known that they leave."""
    last = TODAY + timedelta(days=10)
    before = sample_record()
    said = DecisionAnswer(
        voice="halvorsen", by="charlotte", choice="option", option="Pay", answered_at=at("2026-11-20T12:00")
    )
    after = leave(before, "charlotte", to("dana", last_day=last, chairs=None), TODAY)
    for day_of, there in ((TODAY, True), (last, True), (last + timedelta(days=1), False)):
        then = present_on(after, day_of)
        steering = next(one for one in then.groups if one.id == "steering")
        assert ("charlotte" in steering.members) is there
        seats = seats_of(then, steering)
        assert ("halvorsen" in {one.voice for one in seats}) is there
        counted = count(steering, seats, ("Pay", "Wait"), (said,), is_due=False)
        assert (counted.votes("Pay"), counted.voices) == ((1, 7) if there else (0, 6))
        [charlotte] = [one for one in then.members if one.id == "charlotte"]
        assert (Part.STEERING in standing_of(then, charlotte).everywhere) is there
    again, problems = check(to_file(after))
    assert problems == []
    assert again is not None
    assert again.groups == after.groups


def test_a_chair_lasts_too_where_nobody_else_has_it() -> None:
    last = TODAY + timedelta(days=10)
    found = replace(SMALL, groups=(replace(SMALL.groups[0], decision_rule="majority", cochair="ben"),))
    after = leave(found, "ana", to("ben", last_day=last, chairs=None), TODAY)
    assert present_on(after, last).groups[0].chair == "ana"
    then = present_on(after, last + timedelta(days=1)).groups[0]
    assert (then.chair, then.cochair, then.members) == (None, "ben", ("ben",))
    taken = leave(found, "ana", to("lou", last_day=last), TODAY).groups[0]
    assert (taken.chair, taken.members) == ("lou", ("ana", "ben", "lou")), "who was chosen has it at once"
    gone = leave(found, "ben", to("ana", last_day=last, chairs=None), TODAY)
    assert present_on(gone, last + timedelta(days=1)).groups[0].cochair is None


def test_nobody_with_an_end_becomes_the_chair_who_decides() -> None:
    """A chair may be missing for a while, but not where the chair decides: also a later last day is refused there."""
    last = TODAY + timedelta(days=10)
    found = replace(SMALL, members=(*SMALL.members[:1], replace(SMALL.members[1], ended=last), SMALL.members[2]))
    seated = replace(found, groups=(replace(SMALL.groups[0], chair="ben"),))
    with pytest.raises(UserError, match="hangs on Ben"):
        require_none_outlives(found, seated, "wg")
    require_none_outlives(found, replace(seated, groups=(replace(seated.groups[0], decision_rule="majority"),)), "wg")


def test_who_takes_part_again_has_their_seat() -> None:
    last = TODAY + timedelta(days=10)
    after = leave(sample_record(), "charlotte", to("dana", last_day=last), TODAY)
    [charlotte] = [one for one in after.members if one.id == "charlotte"]
    back = replace(after, members=tuple(take_part_again(one) if one is charlotte else one for one in after.members))
    then = present_on(back, last + timedelta(days=1))
    assert "charlotte" in next(one for one in then.groups if one.id == "steering").members


LEAD = (Role(role="backbone_lead", scope="coalition"),)
SMALL = record(
    members=(member("ana"), member("ben"), member("lou", roles=LEAD)),
    priorities=[priority(metrics=(metric("m1", steward="ana"),))],
    groups=[group("wg", chair="ana", members=("ana", "ben"), decision_rule="chair", quorum=1)],
    actions=[action("A-1", owner="ana", priority="p1")],
)


@on_each(
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
    assert after.groups[0].members == ("ana", "ben", "lou")
    assert present_on(after, TODAY + timedelta(days=1)).groups[0].members == ("ben", "lou")


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
    assert lowered(before, after) == (), "as long as she has her seat"
    assert lowered(before, after, TODAY) == ((steering.name, high.quorum - 1),)


def test_suggested_are_the_stand_in_then_the_next_contact() -> None:
    found = sample_record()
    by_id = {one.id: one for one in found.members}
    grant, luis = suggest_successor(found, by_id["grant"]), suggest_successor(found, by_id["luis"])
    assert grant is not None
    assert grant.id == "marcus", "who stands in"
    assert luis is not None
    assert luis.id == "imani", "the organization's other contact"
    assert suggest_successor(found, by_id["charlotte"]) is None


def test_taking_part_again_gives_nothing_but_seats_back() -> None:
    after = leave(sample_record(), "grant", to("marcus"), TODAY)
    grant = take_part_again(next(one for one in after.members if one.id == "grant"))
    assert grant.ended is None
    assert [one.role for one in grant.roles] == ["steering_member"]


@given(
    st.dictionaries(
        st.sampled_from(["priorities", "chairs", "figures", "work", "principals"]),
        st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True), min_size=1, max_size=4).map(tuple),
    )
)
def test_what_is_told_of_comes_back(held: dict[str, tuple[str, ...]]) -> None:
    assert decode_handed_over(encode_handed_over("grant", held)) == ("grant", held)
