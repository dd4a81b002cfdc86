"""Answers of every type in a coalition file: what fits is taken, what is wrong is refused with its mend."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.domain.coalition_file import to_file
from bot.files import load_coalition_file
from bot.files.coalition_yaml import dump
from tests.services.own_set import STOCK, with_own_set
from tests.tables import on_each

ENTRY = {"cadence": "stock", "round": "2026-11-25", "priority": "p1", "by": "ana"}


def file_with(**answers: Any) -> str:
    """The small coalition with an answer to each of these questions."""
    return dump(to_file(with_own_set()) | {"checkins": [ENTRY | answers]})


def problems(**answers: Any) -> list[str]:
    return [one.message for one in load_coalition_file(file_with(**answers)).problems]


@on_each(
    "answer",
    [
        {"helped": ["time", "people"]},
        {"helped": []},
        {"ready": True},
        {"ready": "no"},
        {"forecast": Decimal("48.5")},
        {"forecast": "48.5"},
        {"known_by": "2026-12-11"},
        {"partner": "other"},
        {"lead": "lou"},
        {"place": "steering"},
        {"named": "p1"},
    ],
)
def test_what_fits_is_taken(answer: dict[str, Any]) -> None:
    assert problems(**answer) == []


@on_each(
    ("answer", "sentence"),
    [
        ({"helped": ["time", "luck"]}, "holds “luck”, which could not be chosen. Write some of: time"),
        ({"helped": "time"}, "is “time”, and several may be chosen. Write a list of them."),
        ({"ready": "maybe"}, "is “maybe”. Write true or false."),
        ({"forecast": "many"}, "is “many”. Write a number."),
        ({"known_by": "soon"}, "is “soon”. Write a date such as"),
        ({"partner": "nobody"}, "no organization or group has this id."),
        ({"lead": "low"}, "no member has this id. Did you mean “lou”?"),
        ({"named": "p2"}, "no priority has this id. Known here: p1."),
    ],
)
def test_what_is_wrong_is_refused_with_its_mend(answer: dict[str, Any], sentence: str) -> None:
    found = load_coalition_file(file_with(**answer)).problems
    assert len(found) == 1
    assert sentence in found[0].message
    assert found[0].line > 0


def test_each_type_comes_back_from_a_file() -> None:
    loaded = load_coalition_file(file_with(helped=["time"], ready=True)).record
    assert loaded is not None
    assert loaded.question_sets[1] == STOCK
    [response] = loaded.responses
    assert response.extra == {"helped": ["time"], "ready": True}
