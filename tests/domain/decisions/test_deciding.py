"""How groups decide: each rule by a table of cases, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.decisions import Count, count, seats_of, voices_for
from bot.domain.decisions.deciding import CHOICES, default_quorum
from bot.domain.record import DecisionAnswer, Group, Record, Role
from tests.builders import group, member, organization, record
from tests.examples import examples
from tests.tables import on_each

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
OPTIONS = ("Move it", "Keep the plan")
RULES = ("consensus", "majority", "consensus_then_two_thirds", "chair")
SHORT = {"M": ("option", OPTIONS[0]), "K": ("option", OPTIONS[1]), "a": ("abstain", None), "o": ("object", None)}


def coalition(voices: int, **fields: Any) -> tuple[Record, Group]:
    """Organizations o0, o1, … with one member each, m0 the chair, all in one group."""
    seated = tuple(f"m{number}" for number in range(voices))
    made = group(members=seated, chair="m0", **fields)
    people = tuple(member(key, organization=f"o{number}") for number, key in enumerate(seated))
    return record(organizations=[organization(f"o{n}") for n in range(voices)], members=people, groups=(made,)), made


def given_by(letters: str) -> list[DecisionAnswer]:
    """One answer a letter: M or K an option, a abstains, o objects, t wants to talk, - says nothing."""
    found = []
    for number, letter in enumerate(letters):
        if letter != "-":
            choice, option = SHORT.get(letter, ("talk", None))
            found.append(
                DecisionAnswer(voice=f"o{number}", by=f"m{number}", choice=choice, option=option, answered_at=NOW)
            )
    return found


def counted(letters: str, *, is_due: bool = False, **fields: Any) -> Count:
    made, deciders = coalition(len(letters), **fields)
    return count(deciders, seats_of(made, deciders), OPTIONS, given_by(letters), is_due=is_due)


@on_each(
    ("rule", "letters", "is_due", "result", "why"),
    [
        # consensus among a quorum of five of seven
        ("consensus", "MMMMM--", False, "Move it", "carried"),
        ("consensus", "MMMM---", False, None, "quorum"),
        ("consensus", "MMMMa--", False, "Move it", "carried"),
        ("consensus", "KKKKK--", False, "Keep the plan", "carried"),
        ("consensus", "MMMMo--", False, None, "objection"),
        ("consensus", "MMMMMMo", True, None, "objection"),
        ("consensus", "MMMMK--", False, None, "split"),
        ("consensus", "MMMMMt-", False, None, "talk"),
        ("consensus", "MMMMMt-", True, "Move it", "carried"),
        ("consensus", "MMMMt--", False, None, "quorum"),
        ("consensus", "aaaaa--", False, None, "nobody"),
        ("consensus", "ooooo--", False, None, "objection"),
        ("consensus", "-------", True, None, "quorum"),
        # the same, then two thirds of those answering
        ("consensus_then_two_thirds", "MMMMM--", False, "Move it", "carried"),
        ("consensus_then_two_thirds", "MMMMMo-", False, None, "objection"),
        ("consensus_then_two_thirds", "MMMMMo-", True, "Move it", "carried"),
        ("consensus_then_two_thirds", "MMMMoo-", True, "Move it", "carried"),
        ("consensus_then_two_thirds", "MMMMooo", True, None, "short"),
        ("consensus_then_two_thirds", "MMMMoa-", True, "Move it", "carried"),
        ("consensus_then_two_thirds", "MMMoaa-", True, None, "short"),
        ("consensus_then_two_thirds", "MMMMKK-", True, "Move it", "carried"),
        ("consensus_then_two_thirds", "MMMKKK-", True, None, "short"),
        ("consensus_then_two_thirds", "MMMo---", True, None, "quorum"),
        # more than half of those answering
        ("majority", "MMMKK--", False, "Move it", "carried"),
        ("majority", "MMMKKK-", False, None, "short"),
        ("majority", "MMMKaa-", False, None, "short"),
        ("majority", "MMMMoot", False, "Move it", "carried"),
        ("majority", "MMM----", True, None, "quorum"),
        # what the chair chose, whatever the others say
        ("chair", "Mooooo-", False, "Move it", "carried"),
        ("chair", "-MMMMMM", True, None, "chair"),
        ("chair", "oMMMMMM", True, None, "chair"),
        ("chair", "aMMMMMM", True, None, "chair"),
    ],
)
def test_each_rule(rule: str, letters: str, is_due: bool, result: str | None, why: str) -> None:
    found = counted(letters, is_due=is_due, decision_rule=rule, quorum=5)
    assert (found.result, found.why) == (result, why)


@pytest.mark.parametrize(("voices", "quorum"), [(1, 1), (2, 2), (3, 2), (4, 3), (7, 4)])
def test_without_a_quorum_of_its_own_more_than_half_are_needed(voices: int, quorum: int) -> None:
    assert default_quorum(voices) == quorum
    assert counted("M" * quorum + "-" * (voices - quorum)).result == "Move it"
    assert counted("M" * (quorum - 1) + "-" * (voices - quorum + 1)).why == "quorum"


def test_a_group_never_needs_more_voices_than_it_has() -> None:
    assert counted("MM", quorum=5).needed == 2
    assert counted("MM", quorum=5).result == "Move it"


def test_the_sample_s_steering_group_has_seven_voices(sample: Record) -> None:
    steering = next(one for one in sample.groups if one.id == "steering")
    seats = seats_of(sample, steering)
    assert [seat.voice for seat in seats] == [
        "harrow-county",
        "three-creeks-wdb",
        "bend-river-cc",
        "bend-chamber",
        "kessler",
        "crossroads",
        "halvorsen",
    ]
    assert seats[0].members == ("lorna", "marcus")
    by_person = seats_of(sample, group(members=steering.members, voices="person"))
    assert [seat.voice for seat in by_person] == list(steering.members)


def test_funders_and_observers_have_no_voice(sample: Record) -> None:
    table = next(one for one in sample.groups if one.id == "funders-table")
    assert "next-rung" not in {seat.voice for seat in seats_of(sample, table)}


def test_whose_voice_somebody_has(sample: Record) -> None:
    steering = next(one for one in sample.groups if one.id == "steering")
    people = {one.id: one for one in sample.members}

    def of(key: str) -> list[tuple[str, str | None]]:
        found = voices_for(seats_of(sample, steering), people[key], sample.members)
        return [(one.seat.voice, one.on_behalf_of) for one in found]

    assert of("marcus") == [("harrow-county", "lorna"), ("bend-chamber", "grant")]
    assert of("lorna") == [("harrow-county", None)]
    assert of("luis") == [("crossroads", "imani")]
    assert of("helen") == [("bend-river-cc", None), ("three-creeks-wdb", "yolanda")]
    assert of("omar") == []


def test_an_answer_for_the_chair_is_the_chairs_and_one_beside_is_not() -> None:
    made, deciders = coalition(2, decision_rule="chair")
    seats = seats_of(made, deciders)
    answer = DecisionAnswer(voice="o0", by="zoe", choice="option", option="Move it", answered_at=NOW)
    assert count(deciders, seats, OPTIONS, [answer], is_due=False).why == "chair"
    behalf = DecisionAnswer(voice="o0", by="zoe", on_behalf_of="m0", choice="option", option="Move it", answered_at=NOW)
    assert count(deciders, seats, OPTIONS, [behalf], is_due=False).result == "Move it"


def test_the_answer_of_somebody_who_left_counts_no_more() -> None:
    made, deciders = coalition(3)
    gone = DecisionAnswer(voice="elsewhere", by="zoe", choice="object", answered_at=NOW)
    found = count(deciders, seats_of(made, deciders), OPTIONS, [*given_by("MM-"), gone], is_due=False)
    assert (found.result, found.answered, found.objections) == ("Move it", 2, 0)


def test_a_role_makes_no_voice_without_a_seat() -> None:
    made = record(members=(member(), member("zoe", roles=(Role(role="steering_member", scope="coalition"),))))
    assert seats_of(made, made.groups[0]) == ()


letters = st.text(alphabet="MKaot-", min_size=1, max_size=12)
rules = st.sampled_from(RULES)
quorums = st.one_of(st.none(), st.integers(1, 15))


@settings(max_examples=examples(25), deadline=None)
@given(letters, rules, quorums, st.booleans())
def test_what_always_holds(answers: str, rule: str, quorum: int | None, is_due: bool) -> None:
    found = counted(answers, is_due=is_due, decision_rule=rule, quorum=quorum)
    assert found.answered == sum(number for _option, number in found.tally) + found.abstained + found.objections
    assert found.answered + found.talks <= found.voices == len(answers)
    assert 1 <= found.needed <= found.voices
    assert (found.result is None) == (found.why != "carried")
    if found.result is None:
        return
    assert found.votes(found.result) > 0
    if rule == "chair":
        return
    assert found.answered >= found.needed
    others = sum(number for option, number in found.tally if option != found.result)
    assert found.votes(found.result) > others, "an option never carries against another one with as many"
    if rule == "majority":
        assert Fraction(found.votes(found.result), found.answered) > Fraction(1, 2)
    elif found.objections or others:
        assert rule == "consensus_then_two_thirds"
        assert is_due
        assert Fraction(found.votes(found.result), found.answered) >= Fraction(2, 3)


@given(letters, rules, quorums, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(
    answers: str, rule: str, quorum: int | None, is_due: bool, random: object
) -> None:
    made, deciders = coalition(len(answers), decision_rule=rule, quorum=quorum)
    said: Sequence[DecisionAnswer] = given_by(answers)
    shuffled = list(said)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    seats = seats_of(made, deciders)
    assert count(deciders, seats, OPTIONS, said, is_due=is_due) == count(
        deciders, seats, OPTIONS, shuffled, is_due=is_due
    )


@given(letters, st.sampled_from([rule for rule in RULES if rule != "chair"]), quorums)
def test_one_more_voice_for_what_carries_keeps_it(answers: str, rule: str, quorum: int | None) -> None:
    before = counted(answers, decision_rule=rule, quorum=quorum)
    if before.result is None or "-" not in answers:
        return
    letter = "M" if before.result == OPTIONS[0] else "K"
    after = counted(answers.replace("-", letter, 1), decision_rule=rule, quorum=quorum)
    assert after.result == before.result


def test_choices_are_told_apart() -> None:
    assert len(set(CHOICES)) == 4
