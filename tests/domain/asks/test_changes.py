"""What becomes of an ask by each change: the first word counts, and what is over stays over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import asks
from bot.domain.asks.changes import is_over
from bot.domain.record import Ask
from bot.domain.vocabularies import AskState
from bot.errors import UserError
from tests import builders as make
from tests.builders import NOON, day, record
from tests.examples import examples
from tests.tables import on_each

RECORD = record(organizations=(make.organization("acme"), make.organization("lbp")))
RESPONSE = make.response("17", ask="Two rooms", ask_from="acme")
WAITING = replace(asks.make(RESPONSE), row_id=7)
SENT = replace(WAITING, state=AskState.SENT, sent_at=NOON)
LATER = NOON + timedelta(hours=2)

CHANGES: dict[str, Callable[[Ask], Ask]] = {
    "hold": lambda one: asks.hold(one) if asks.waits_for(one, AskState.HELD) else one,
    "send": lambda one: asks.send(one, NOON) if asks.waits_for(one, AskState.SENT) else one,
    "can help": lambda one: asks.answer(one, "can_help", None, RECORD, LATER),
    "not us": lambda one: asks.answer(one, "not_us", "lbp", RECORD, LATER),
    "came through": lambda one: asks.end(one, AskState.CAME_THROUGH, LATER),
    "fell through": lambda one: asks.end(one, AskState.FELL_THROUGH, LATER),
    "withdraw": lambda one: asks.withdraw(one, LATER),
    "drop": lambda one: asks.drop(one, LATER),
}


def refused(change: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(UserError) as caught:
        change()
    return caught.value.message, caught.value.field


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), max_size=10))
def test_whatever_happens_an_ask_stays_sound(names: list[str]) -> None:
    ask = WAITING
    for name in names:
        before, ask = ask, CHANGES[name](ask)
        assert not is_over(before) or ask == before, "what is over stays over"
        assert is_over(ask) == (ask.ended_at is not None)
        assert (ask.answer is not None) == (ask.answered_at is not None)
        assert before.answer is None or ask.answer == before.answer, "the first answer counts"
        assert ask.state not in asks.SENT or ask.sent_at is not None
        assert (ask.text, ask.asked, ask.row_id) == (WAITING.text, WAITING.asked, WAITING.row_id)


def test_made_of_what_a_response_says_and_said_anew_from_the_beginning() -> None:
    assert asks.make(RESPONSE) == Ask(
        cadence=RESPONSE.cadence,
        round=RESPONSE.round,
        priority=RESPONSE.priority,
        text="Two rooms",
        asked="acme",
        state=AskState.WAITING,
    )
    answered = CHANGES["not us"](SENT)
    assert asks.say_anew(answered, replace(RESPONSE, ask="One room", ask_from=None)) == replace(
        WAITING, text="One room", asked=None
    )


@on_each(
    ("ask", "words", "was_edited", "written", "wanted"),
    [
        (SENT, "Two rooms", False, LATER, True),
        (SENT, "One room", False, LATER, False),
        (SENT, "One room", True, LATER, True),
        (asks.withdraw(SENT, NOON), "Two rooms", False, NOON, True),
        (asks.withdraw(SENT, NOON), "Two rooms", False, LATER, False),
        (asks.withdraw(SENT, NOON), "Two rooms", True, None, False),
    ],
)
def test_what_a_round_that_closes_again_leaves_alone(
    ask: Ask, words: str, was_edited: bool, written: object, wanted: bool
) -> None:
    said = replace(RESPONSE, ask=words)
    assert asks.stays(ask, said, was_edited=was_edited, written_at=written) == wanted  # type: ignore[arg-type]


def test_an_answer_may_name_somebody_else_who_is_known() -> None:
    assert CHANGES["not us"](SENT) == replace(
        SENT, state=AskState.ANSWERED, answer="not_us", suggested="lbp", answered_at=LATER
    )
    assert CHANGES["can help"](WAITING) == WAITING, "it was not sent yet"
    unknown = ("Choose an organization or group from the list.", "suggested")
    assert refused(lambda: asks.answer(SENT, "not_us", "zzz", RECORD, LATER)) == unknown
    assert refused(lambda: asks.answer(SENT, "not_us", "acme", RECORD, LATER)) == (
        "It was sent there already. Choose somebody else.",
        "suggested",
    )


def test_who_may_be_brought_where() -> None:
    assert asks.end(WAITING, AskState.CAME_THROUGH, LATER) == WAITING, "nobody was asked yet"
    answered = CHANGES["can help"](SENT)
    assert asks.withdraw(answered, LATER) == answered, "an answer is not taken back"
    assert asks.drop(answered, LATER) == replace(answered, state=AskState.WITHDRAWN, ended_at=LATER)
    assert asks.end(answered, AskState.FELL_THROUGH, LATER) == replace(
        answered, state=AskState.FELL_THROUGH, ended_at=LATER
    )
    assert asks.waits_for(asks.hold(WAITING), AskState.SENT)
    assert not asks.waits_for(asks.hold(WAITING), AskState.HELD)
    assert not asks.waits_for(SENT, AskState.HELD)


def test_a_coordinators_words_and_whom_they_name() -> None:
    assert asks.word(WAITING, "One room", None, RECORD) == replace(WAITING, text="One room", asked=None)
    assert asks.word(WAITING, "One room", "lbp", RECORD).asked == "lbp"
    assert refused(lambda: asks.word(WAITING, "One room", "zzz", RECORD)) == (
        "Choose an organization or group from the list.",
        "asked",
    )
    assert asks.read_text(f" {'a' * 300} ") == "a" * 300
    assert refused(lambda: asks.read_text(" ")) == ("Write what is asked for.", "text")
    assert refused(lambda: asks.read_text("a" * 301)) == ("Shorten this to 300 characters; it has 301.", "text")


def test_the_day_of_the_round_is_the_asks() -> None:
    assert asks.make(make.response("24", ask="A room")).round == day("24")
