"""The closed vocabularies agree with the sample file and with each other."""

from __future__ import annotations

import inspect
from enum import StrEnum

from bot.domain import vocabularies
from bot.domain.vocabularies import (
    FILE_VOCABULARIES,
    OTHER_FILE_VOCABULARIES,
    Assessment,
    Audience,
    DecisionRule,
    Frequency,
    is_role,
    words,
)
from tests.sample import sample_data
from tests.tables import on_each

ALL = [
    each for _, each in inspect.getmembers(vocabularies, inspect.isclass) if each.__module__ == vocabularies.__name__
]


def test_the_sample_repeats_them_word_for_word() -> None:
    in_file = sample_data()["vocabularies"]
    assert list(in_file) == list(FILE_VOCABULARIES)
    assert {name: set(found) for name, found in in_file.items()} == {
        name: set(words(vocabulary)) for name, vocabulary in FILE_VOCABULARIES.items()
    }


@on_each("vocabulary", ALL, ids=lambda each: each.__name__)
def test_every_word_is_one_plain_lower_case_word(vocabulary: type[StrEnum]) -> None:
    found = words(vocabulary)
    assert found
    assert len(set(found)) == len(found)
    assert all(type(word) is str and word == word.lower() and word.replace("_", "").isalpha() for word in found)


def test_a_member_is_equal_to_its_word() -> None:
    assert str(Assessment.ON_TRACK.value) == Assessment("on_track")
    assert f"{Assessment.ON_TRACK}" == "on_track"
    assert "on_track" in set(Assessment)


def test_the_words_that_the_sample_does_not_repeat() -> None:
    assert words(Frequency) == ("weekly", "monthly", "quarterly", "semiannual", "annual")
    assert words(DecisionRule) == ("consensus", "majority", "consensus_then_two_thirds", "chair")
    assert words(Audience) == ("priority_owners", "metric_stewards", "action_owners", "all_members", "steering")
    assert not FILE_VOCABULARIES.keys() & OTHER_FILE_VOCABULARIES.keys()


@on_each(
    ("word", "expected"),
    [
        ("admin", True),
        ("steering_member", True),
        ("steering_vice_chair", True),
        ("steering", False),
        ("steering_", False),
        ("steering_Chair", False),
        ("Admin", False),
        ("member", False),
        ("", False),
    ],
)
def test_which_words_are_roles(word: str, expected: bool) -> None:
    assert is_role(word) is expected
