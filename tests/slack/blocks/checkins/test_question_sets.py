"""Question sets as they are listed, shown, made and tried: words in a golden file, limits at the extremes."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.checkins import (
    CHOOSING,
    NOTE,
    ONLY_IF,
    TYPES,
    QuestionEntry,
    QuestionForm,
    SetAbout,
    SetCard,
    SetDraft,
    SetEntry,
    SetForm,
    SetLine,
    SetPreview,
    draft_of_set,
    with_entry,
    with_question,
)
from bot.domain.rhythm import QUESTION_SETS
from bot.domain.vocabularies import AnswerReaders
from bot.slack.blocks.checkins import (
    QUESTION_FORM,
    SET_FORM,
    preview_view,
    set_message,
    sets_message,
    tried_view,
)
from bot.slack.message import Message, View
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, form, question, script
from tests.tables import on_each

ASKED = ("Weekly priority check-in",)
WEEKLY, ACTIONS = (draft_of_set(one) for one in QUESTION_SETS)
LINES = (
    SetLine(id="weekly", title="Weekly priority update", minutes=3, questions=8, anonymous=False, asked_by=ASKED),
    SetLine(id="pulse", title="Partner pulse", minutes=0, questions=1, anonymous=True, asked_by=()),
)


def visit() -> SetDraft:
    """A set of one's own, with a question of each kind."""
    draft = with_entry(SetDraft(), SetEntry(title="Site visit", minutes=4, readers="group", more=(NOTE,)))
    for kind, words in TYPES.items():
        options = "Well\nSo so\nBadly" if kind in CHOOSING else None
        draft = with_question(draft, None, QuestionEntry(label=f"Of {words}?", kind=kind, options=options))
        if len(draft.questions) == 9:
            break
    last = QuestionEntry(
        label="What went wrong?",
        kind="text",
        longest=500,
        required=ONLY_IF,
        conditions=("of-one-of-several-choices == Badly", "of-yes-or-no == no"),
    )
    return with_question(draft, None, last)


VISIT = visit()
NEW, OLD = SetAbout(), SetAbout("weekly-priority", seen="9f")


def in_hand(draft: SetDraft, about: SetAbout = NEW, **fields: object) -> SetForm:
    usual: dict[str, object] = {"asked_by": ()}
    return SetForm(about=about, draft=draft, **(usual | fields))  # type: ignore[arg-type]


def one(draft: SetDraft, number: int | None, kind: str, about: SetAbout = NEW) -> QuestionForm:
    asked = draft.questions[number - 1] if number is not None else None
    return QuestionForm(about=about, draft=draft, question=asked, kind=kind)


def scenes() -> dict[str, Message | View]:
    card = SetCard(id="weekly-priority", draft=WEEKLY, asked_by=ASKED, version=2)
    preview = form(state="preview", questions=(question("pace", "choice", "How fast?", options=("slow", "fast")),))
    return {
        "the list": sets_message(LINES),
        "the list, with nothing in it": sets_message(()),
        "a set": set_message(card),
        "a set of one's own": set_message(
            SetCard(id="visit", draft=VISIT, asked_by=(), version=1, said="Site visit is added.")
        ),
        "questions for each action": set_message(SetCard(id="actions", draft=ACTIONS, asked_by=ASKED, version=1)),
        "an anonymous set": set_message(
            SetCard(id="pulse", draft=replace(VISIT, anonymous=True, note=None), asked_by=(), version=1)
        ),
        "a new set": SET_FORM.view(in_hand(SetDraft())),
        "a set in hand": SET_FORM.view(in_hand(VISIT, is_kept=True, notice="“What went wrong?” stays below it.")),
        "a set in use": SET_FORM.view(in_hand(WEEKLY, OLD, asked_by=ASKED, is_stale=True)),
        "questions for each action, in hand": SET_FORM.view(in_hand(ACTIONS, OLD, asked_by=ASKED)),
        "a new question": QUESTION_FORM.view(one(SetDraft(), None, "text"), close="Back"),
        "a choice": QUESTION_FORM.view(one(VISIT, 2, "choice")),
        "a scale": QUESTION_FORM.view(one(VISIT, 5, "scale")),
        "what depends on others": QUESTION_FORM.view(one(VISIT, 10, "text")),
        "what the digest reads": QUESTION_FORM.view(one(WEEKLY, 2, "scale", OLD)),
        "a question for each action": QUESTION_FORM.view(one(ACTIONS, 1, "choice", OLD)),
        "a preview": preview_view(SetPreview(about=NEW, form=preview)),
        "a preview that would be taken": tried_view("Site visit"),
    }


def test_words() -> None:
    check_golden("question-sets.txt", script(scenes()))


@on_each("name", list(scenes()))
def test_slack_takes_it(name: str) -> None:
    assert problems(scenes()[name]) == []


def test_the_largest_that_there_may_be() -> None:
    """Sets of a file may hold forty questions with long words."""
    options = tuple(f"option {number}" for number in range(100))
    asked = tuple(
        replace(VISIT.questions[1], id=f"q-{number}", label=LONG[:300], options=options) for number in range(40)
    )
    draft = replace(VISIT, questions=asked, readers=AnswerReaders.STEERING)
    lines = tuple(replace(LINES[0], id=f"set-{n}", asked_by=(LONG[:80],) * 20) for n in range(90))
    for shown in (
        sets_message(lines),
        set_message(SetCard(id="large", draft=draft, asked_by=(LONG[:80],) * 20, version=99)),
        SET_FORM.view(in_hand(draft, OLD, asked_by=(LONG[:80],) * 20, is_kept=True, is_stale=True, notice=LONG)),
        QUESTION_FORM.view(one(draft, 40, "choice", OLD)),
    ):
        assert problems(shown) == []
