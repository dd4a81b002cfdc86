"""What becomes of a decision by each change and answer, and which of them are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import decisions
from bot.domain.decisions import NewDecision, Seat
from bot.domain.record import Decision, DecisionAnswer, Directory
from bot.domain.vocabularies import DecisionStatus
from bot.errors import Refused, UserError
from tests import builders as make
from tests.builders import NOON, day, record
from tests.examples import examples
from tests.tables import on_each

TODAY = day("23")
OPTIONS = ("Approve", "Wait")
NEEDED = make.decision(options=OPTIONS, needed_by=day("27"))
DECIDED = replace(NEEDED, status=DecisionStatus.DECIDED, decided_on=day("20"), outcome="Approve")
DEFERRED = replace(NEEDED, status=DecisionStatus.DEFERRED, note="After the audit")
WITHDRAWN = replace(NEEDED, status=DecisionStatus.WITHDRAWN, note="Not wanted")
SEAT = Seat(voice="acme", organization="acme", members=("ana", "cy"))
NAMES = Directory.of(record(members=(make.member("ana"), make.member("cy"), make.member("ben"))))


def said(choice: str = "option", option: str | None = "Approve", by: str = "ana", **fields: Any) -> DecisionAnswer:
    return DecisionAnswer(voice="acme", by=by, choice=choice, option=option, answered_at=NOON, **fields)


def refused(change: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(UserError) as caught:
        change()
    return caught.value.message, caught.value.field


def answered(decision: Decision, answer: DecisionAnswer) -> Decision:
    return decisions.answer(decision, answer, SEAT, NAMES, TODAY)


CHANGES: dict[str, Callable[[Decision], Decision]] = {
    "record": lambda one: decisions.record_outcome(one, "Approve", None, TODAY, counted="Approve"),
    "defer": lambda one: decisions.defer(one, "Later", TODAY),
    "take back": lambda one: decisions.take_back(one, "Not wanted", TODAY),
    "reopen": lambda one: decisions.reopen(one, day("30"), TODAY),
    "move": lambda one: decisions.move(one, day("29"), TODAY),
    "answer": lambda one: answered(one, said()),
    "object": lambda one: answered(one, said("object", None, reason="Too dear")),
}


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), max_size=10), st.sampled_from([NEEDED, DEFERRED, WITHDRAWN]))
def test_whatever_happens_a_decision_stays_sound(names: list[str], decision: Decision) -> None:
    for name in names:
        before = decision
        try:
            decision = CHANGES[name](before)
        except UserError:
            continue
        assert CHANGES[name](decision) == decision, "what is so already is left as it is"
        assert (decision.decided_on is not None) == (decision.outcome is not None) == (decision.status == "decided")
        assert decision.status not in {"deferred", "withdrawn"} or decision.note is not None
        assert decision.status != "needed" or decision.note is None
        assert before.status not in {"decided", "withdrawn"} or decision == before, "what has ended is over"
        assert len({one.voice for one in decision.answers}) == len(decision.answers) <= 1, "one answer a voice"
        assert (decision.id, decision.title, decision.options) == (NEEDED.id, NEEDED.title, NEEDED.options)


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (DECIDED, "D-1 was decided on Fri Nov 20: Approve. Open it to see more."),
        (WITHDRAWN, "D-1 was taken back: Not wanted. Open it to see more."),
        (replace(WITHDRAWN, note=None), "D-1 was taken back. Open it to see more."),
        (replace(DECIDED, decided_on=None, outcome=None), "D-1 was decided: see its card. Open it to see more."),
    ],
)
def test_what_has_ended_says_how_whatever_is_tried(decision: Decision, words: str) -> None:
    same = {"decided": {"record"}, "withdrawn": {"take back"}}[decision.status]
    for name in CHANGES.keys() - same:
        assert refused(lambda one=name: CHANGES[one](decision)) == (words, None)  # type: ignore[misc]


def test_what_was_put_off_can_be_decided_taken_back_and_asked_again_but_not_answered() -> None:
    assert CHANGES["record"](DEFERRED).status == "decided"
    assert CHANGES["take back"](DEFERRED) == WITHDRAWN
    assert CHANGES["reopen"](DEFERRED) == replace(NEEDED, needed_by=day("30"))
    for name in ("answer", "move"):
        words = "D-1 was put off: After the audit. Open it to see more."
        assert refused(lambda one=name: CHANGES[one](DEFERRED)) == (words, None)  # type: ignore[misc]


def test_recorded_against_the_count_only_with_where_it_comes_from() -> None:
    def recorded(outcome: str, note: str | None, **fields: Any) -> Decision:
        return decisions.record_outcome(NEEDED, outcome, note, TODAY, counted="Approve", **fields)

    assert recorded("Approve", None) == replace(DECIDED, decided_on=TODAY)
    assert recorded("Wait", "at the meeting", delegated=True) == replace(
        NEEDED, status=DecisionStatus.DECIDED, decided_on=TODAY, outcome="Wait", note="at the meeting", delegated=True
    )
    assert refused(lambda: recorded("", None)) == ("Choose what was decided, or write it in a few words.", "outcome")
    assert refused(lambda: recorded("Wait", None)) == (
        "The answers don't come to this. Write where it was decided, such as “at the meeting of Dec 9”.",
        "note",
    )


def test_in_favor_is_the_first_option() -> None:
    assert decisions.is_in_favor(DECIDED)
    assert not decisions.is_in_favor(replace(DECIDED, outcome="Wait"))
    assert not decisions.is_in_favor(replace(DECIDED, options=()))
    assert not decisions.is_in_favor(NEEDED)


def test_set_aside_only_with_the_reason() -> None:
    for rule in (decisions.defer, decisions.take_back):
        assert refused(lambda one=rule: one(NEEDED, None, TODAY)) == (  # type: ignore[misc]
            "Add one sentence, so that the group knows why.",
            "reason",
        )
    assert decisions.defer(DEFERRED, "Otherwise", TODAY) == DEFERRED, "the first words count"


def test_no_day_that_has_passed() -> None:
    passed = ("That day has passed. Choose today or a later day.", "needed_by")
    assert refused(lambda: decisions.move(NEEDED, day("22"), TODAY)) == passed
    assert refused(lambda: decisions.reopen(DEFERRED, day("22"), TODAY)) == passed
    assert decisions.move(NEEDED, TODAY, TODAY).needed_by == TODAY
    assert decisions.reopen(DEFERRED, None, TODAY).needed_by is None


def test_a_voice_may_change_its_answer_in_its_place() -> None:
    other = replace(said(), voice="lbp", by="ben")
    first = replace(NEEDED, answers=(said(), other))
    changed = said("object", None, reason="Too dear")
    assert answered(first, changed).answers == (changed, other)
    again = replace(said(), answered_at=NOON + timedelta(hours=1), by="cy")
    assert answered(first, again) == first, "the same said again is no other answer"
    assert answered(NEEDED, said()).answers == (said(),)


@pytest.mark.parametrize(("choice", "option"), [("option", "Postpone"), ("option", None), ("shrug", None)])
def test_an_answer_is_one_of_the_options(choice: str, option: str | None) -> None:
    words = "D-1 has other options now. Open it again to see them."
    assert refused(lambda: answered(NEEDED, said(choice, option))) == (words, None)


def test_nobody_beside_a_voice_replaces_its_own_answer() -> None:
    own = replace(NEEDED, answers=(said(),))
    with pytest.raises(Refused) as caught:
        answered(own, said("abstain", None, by="ben", on_behalf_of="ana"))
    assert caught.value.message == "Ana answered for Acme. Their own answer goes before yours."
    assert answered(own, said("abstain", None, by="cy")).answers[0].by == "cy"
    written_down = replace(NEEDED, answers=(said(by="ben", on_behalf_of="ana"),))
    assert answered(written_down, said("abstain", None, by="ben", on_behalf_of="ana")).answers[0].choice == "abstain"


def test_the_sentence_that_goes_with_an_answer() -> None:
    assert decisions.read_reason("object", " Too\ndear ") == "Too dear"
    assert decisions.read_reason("talk", "") is None
    assert decisions.read_reason("option", "Because") is None, "only what stands against it is asked for"
    assert refused(lambda: decisions.read_reason("object", " ")) == (
        "Add one sentence: what stands against it?",
        "reason",
    )


@pytest.mark.parametrize(
    ("read", "most", "field"),
    [
        (lambda words: decisions.read_outcome(words, ""), 150, "outcome_words"),
        (lambda words: decisions.read_outcome("", words), 200, "note"),
        (decisions.read_why, 200, "reason"),
        (lambda words: decisions.read_reason("talk", words), 300, "reason"),
    ],
)
def test_how_long_words_may_be(read: Callable[[str], object], most: int, field: str) -> None:
    read("a" * most)
    assert refused(lambda: read("a" * (most + 1))) == (f"This has {most + 1} characters. {most} fit.", field)


def test_a_new_one_and_its_correction() -> None:
    new = NewDecision(title="Pay", decider="steering", options=OPTIONS, recommended="Wait", why="Now", priority="p1")
    made = decisions.propose("D-7", new, "ana")
    assert made == Decision(
        id="D-7",
        title="Pay",
        decider="steering",
        accountable="ana",
        priority="p1",
        options=OPTIONS,
        recommended="Wait",
        recommendation_for="deciders",
        why="Now",
    )
    assert decisions.propose("D-7", replace(new, recommended=None), None).recommendation_for is None
    assert decisions.correct(NEEDED, made) == replace(made, id="D-1")
    assert decisions.correct(DECIDED, made).outcome == "Approve"


def test_a_new_ones_words_stand_on_one_line_each() -> None:
    new = NewDecision(title=" Pay\nnow ", decider="steering", options=("A\n", " ", "B"), recommended=" ", why="")
    assert decisions.tidied(new) == NewDecision(title="Pay now", decider="steering", options=("A", "B"))


@on_each(
    ("fields", "field", "begins"),
    [
        ({"title": ""}, "title", "Write what is to be decided"),
        ({"title": "a" * 151}, "title", "This has 151 characters. 150 fit; reasons can go below."),
        ({"decider": "zzz"}, "decider", "Choose the group that decides."),
        ({"priority": "p9"}, "priority", "I can't find this priority anymore."),
        ({"needed_by": day("22")}, "needed_by", "That day has passed."),
        ({"options": ("A", "a")}, "options", "Two options are the same."),
        ({"options": ("A",)}, "options", "Write at least two options"),
        ({"options": tuple("ABCDEF")}, "options", "These are 6 options. 5 fit."),
        ({"options": ("A", "b" * 76)}, "options", f"“{'b' * 40}…” has 76 characters. 75 fit."),
        ({"why": "a" * 301}, "why", "This has 301 characters. 300 fit."),
        ({"recommended": "C"}, "recommended", "That isn't one of the options above."),
    ],
)
def test_the_first_mistake_of_a_new_one(fields: dict[str, Any], field: str, begins: str) -> None:
    new = NewDecision(title="Pay", decider="steering", priority="p1", options=("A", "B"), needed_by=TODAY)
    assert decisions.first_mistake(record(), new, TODAY) is None
    found = decisions.first_mistake(record(), replace(new, **fields), TODAY)
    assert found is not None
    assert (found.field, found.message.startswith(begins)) == (field, True)


def test_what_notes_tell_of_is_decided_there_reworded_and_struck() -> None:
    noted = decisions.note_down("D-8", "a" * 160, "steering", "p1", day("20"), "the monthly meeting")
    assert (noted.title, noted.outcome) == ("a" * 149 + "…", "a" * 160)
    assert replace(noted, title="", outcome=None) == Decision(
        id="D-8",
        title="",
        decider="steering",
        status=DecisionStatus.DECIDED,
        priority="p1",
        decided_on=day("20"),
        note="at the monthly meeting",
    )
    assert decisions.reword(noted, "Pay") == replace(noted, title="Pay", outcome="Pay")
    assert decisions.strike(noted) == replace(noted, status=DecisionStatus.WITHDRAWN)
