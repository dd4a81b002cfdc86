"""Question sets in hand: whatever is entered is refused with its mend, or is a set that a file takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.checkins import (
    ALWAYS,
    ANONYMOUS,
    NEVER,
    NOTE,
    ONLY_IF,
    TYPES,
    QuestionEntry,
    SetDraft,
    SetEntry,
    conditions_for,
    copy_of_set,
    draft_of_set,
    edited,
    mark_of_set,
    moved_question,
    need_of,
    set_mistakes,
    set_of,
    terms_of,
    with_entry,
    with_question,
    without_question,
)
from bot.domain.coalition_file import check, to_file
from bot.domain.record import Question, Record
from bot.domain.required_if import evaluate
from bot.domain.rhythm import QUESTION_SETS
from bot.domain.typed import Mistakes
from bot.errors import UserError
from tests.builders import NOON
from tests.examples import examples
from tests.sample import sample_record
from tests.tables import on_each

TITLE = SetEntry(title="Site visit", minutes=3)


def entry(label: str = "How is it?", kind: str = "text", **fields: object) -> QuestionEntry:
    return QuestionEntry(label=label, kind=kind, **fields)  # type: ignore[arg-type]


def asking(*entries: QuestionEntry) -> SetDraft:
    draft = with_entry(SetDraft(), TITLE)
    for one in entries:
        draft = with_question(draft, None, one)
    return draft


def mistakes(*entries: QuestionEntry) -> dict[str, str]:
    with pytest.raises(Mistakes) as refused:
        asking(*entries)
    return refused.value.errors


PACE = entry("How fast?", "choice", options="slow\nso so\nfast")
WHY = entry("Why?", required=ONLY_IF, conditions=('how-fast == "so so"', "how-fast != fast"))


@on_each(
    ("made", "errors"),
    [
        (entry(""), {"label": "Write the question."}),
        (entry("x" * 301), {"label": "Shorten this to 300 characters; it has 301."}),
        (entry(kind="moods"), {"kind": "Choose what is asked for."}),
        (entry(kind="choice", options="one\none"), {"options": "Write at least two choices, one a line."}),
        (entry(kind="choices", options="a\n" + "b" * 76), {"options": f"Shorten “{'b' * 29}…” to 75 characters."}),
        (
            entry(kind="choice", options="\n".join(map(str, range(101)))),
            {"options": "100 choices fit; here are 101."},
        ),
        (entry(kind="scale", least=3, greatest=3), {"greatest": "Enter more than 3."}),
        (entry(kind="scale", least=0, greatest=100), {"greatest": "A scale has 100 steps at most. Lower it."}),
        (entry(kind="number", least=5, greatest=1), {"greatest": "Enter more than 5."}),
        (entry(longest=0), {"longest": "Enter 1 to 3000."}),
        (entry(longest=3001), {"longest": "Enter 1 to 3000."}),
        (entry(required=ONLY_IF), {"conditions": "Choose at least one answer on which it depends."}),
        (
            entry(required=ONLY_IF, conditions=("how-fast == late",)),
            {"conditions": "One of these isn't there anymore. Choose again."},
        ),
        (
            entry(required=ALWAYS, conditions=("how-fast",)),
            {"conditions": "Choose “Only if …” above, or take these out."},
        ),
    ],
)
def test_what_is_wrong_with_a_question_is_said_at_its_field(made: QuestionEntry, errors: dict[str, str]) -> None:
    assert mistakes(PACE, made) == errors


def test_conditions_are_chosen_and_hold_as_they_read() -> None:
    draft = asking(PACE, WHY)
    why = draft.questions[1]
    assert why.required_if == 'how-fast == "so so" or how-fast != fast'
    assert need_of(why) == ONLY_IF
    assert terms_of(why.required_if) == ('how-fast == "so so"', "how-fast != fast")
    assert evaluate(why.required_if, {"how-fast": "so so"})
    assert not evaluate(why.required_if, {"how-fast": "fast"})
    offered = [one.words for one in conditions_for(draft.questions[:1])[0].offered]
    assert offered == [
        *("is “slow”", "is “so so”", "is “fast”", "is not “slow”", "is not “so so”", "is not “fast”"),
        "is answered",
    ]


def test_a_condition_that_a_file_says_otherwise_stays() -> None:
    asked = (
        Question(id="n", type="number", label="N?"),
        Question(id="t", type="text", label="T?", required_if="n == 7"),
    )
    [*_, own] = conditions_for(asked[:1], asked[1].required_if)
    assert [one.term for one in own.offered] == ["n == 7"]
    draft = replace(with_entry(SetDraft(), TITLE), questions=asked)
    same = with_question(draft, "t", entry("T?", required=ONLY_IF, conditions=("n == 7",)))
    assert same.questions[1].required_if == "n == 7"


def test_what_depends_on_another_stays_below_it() -> None:
    draft = asking(PACE, WHY, entry("Else?"))
    with pytest.raises(UserError, match=r"“Why\?” is needed only"):
        moved_question(draft, "why", -1)
    with pytest.raises(UserError, match=r"“Why\?” is needed only"):
        without_question(draft, "how-fast")
    with pytest.raises(Mistakes, match=r"“Why\?” is needed only for a choice that is not there anymore\."):
        with_question(draft, "how-fast", entry("How fast?", "choice", options="slow\nfast"))
    assert [one.id for one in moved_question(draft, "else", -1).questions] == ["how-fast", "else", "why"]
    assert [one.id for one in without_question(draft, "why").questions] == ["how-fast", "else"]
    assert moved_question(draft, "how-fast", -1) == draft


def test_ids_stay_with_their_questions_and_take_no_word_that_means_something_else() -> None:
    draft = asking(*(entry(label) for label in ("Moved?", "by", "7 days?", "or", "Moved?", "???")))
    ids = [one.id for one in draft.questions]
    assert ids == ["moved-2", "by-2", "q-7-days", "or-2", "moved-3", "question"]
    again = with_question(draft, "by-2", entry("Signed by whom?"))
    assert [one.id for one in again.questions] == ids


def test_a_set_says_what_it_lacks(sample: Record) -> None:
    weekly = draft_of_set(sample.question_sets[0])
    assert set_mistakes(SetDraft(), sample) == {"title": "Give it a title, such as Monthly look back."}
    assert set_mistakes(with_entry(SetDraft(), TITLE), sample) == {
        "title": "Add a question first: it asks nothing yet."
    }
    assert (
        "other questions of this title" in set_mistakes(replace(asking(PACE), title="metric REFRESH"), sample)["title"]
    )
    assert set_mistakes(replace(asking(PACE), minutes=601), sample) == {"minutes": "Give 0 to 600 minutes."}
    assert "asks this by name" in set_mistakes(replace(weekly, anonymous=True), sample)["more"]
    unasked = replace(weekly, questions=weekly.questions[1:])
    assert "that is not asked anymore" in set_mistakes(unasked, sample)["title"]
    both = with_entry(asking(PACE), replace(TITLE, more=(ANONYMOUS, NOTE)))
    assert set_mistakes(both, sample) == {
        "more": "A box for the coordinators would say who wrote. Take one of the two."
    }


def test_what_rules_read_keeps_its_id_and_type(sample: Record) -> None:
    weekly = draft_of_set(sample.question_sets[0])
    changed = with_question(weekly, "assessment", entry("How is it?", "text", required=NEVER))
    before, after = weekly.questions[0], changed.questions[0]
    assert after == replace(before, label="How is it?", required=False)
    actions = draft_of_set(QUESTION_SETS[1])
    assert with_question(actions, "status", entry("Where?", "date")).questions[0] == replace(
        actions.questions[0], label="Where?"
    )
    with pytest.raises(UserError, match="At most 10 questions fit"):
        with_question(actions, None, entry())


def test_a_set_in_hand_is_the_set(sample: Record) -> None:
    for one in sample.question_sets:
        assert set_of(draft_of_set(one), one, "") == one
        copied = set_of(copy_of_set(one), None, "new")
        assert (copied.questions, copied.per_item, copied.readers) == (one.questions, one.per_item, one.readers)
        assert mark_of_set(one) == mark_of_set(replace(one, version=9))
        assert edited(one, replace(one, minutes=one.minutes + 1), NOON, is_asked=True).version == one.version


ENTRIES = st.builds(
    QuestionEntry,
    label=st.text(max_size=40),
    kind=st.sampled_from([*TYPES]),
    options=st.none() | st.lists(st.text(max_size=30), max_size=6).map("\n".join),
    least=st.none() | st.integers(-5, 5),
    greatest=st.none() | st.integers(-5, 30),
    longest=st.none() | st.integers(0, 4000),
    required=st.sampled_from([ALWAYS, NEVER]),
)


@settings(max_examples=examples(30), deadline=None)
@given(entries=st.lists(ENTRIES, max_size=8), picks=st.lists(st.integers(0, 60), min_size=8, max_size=8))
def test_whatever_is_taken_is_a_set_that_a_file_takes(entries: list[QuestionEntry], picks: list[int]) -> None:
    record, draft = sample_record(), with_entry(SetDraft(), TITLE)
    for one, pick in zip(entries, picks, strict=False):
        offered = [condition.term for of in conditions_for(draft.questions) for condition in of.offered]
        if offered and pick % 3 == 0:
            one = replace(one, required=ONLY_IF, conditions=(offered[pick % len(offered)],))
        try:
            draft = with_question(draft, None, one)
        except UserError:
            continue
    if set_mistakes(draft, record):
        assert not draft.questions
        return
    made = set_of(draft, None, "site-visit")
    read, problems = check(to_file(replace(record, question_sets=(*record.question_sets, made))))
    assert problems == []
    assert read is not None
    assert read.question_sets[-1] == made
