"""Question sets as screens show them: all of them, one of them, and one in hand. Frozen values only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.checkins.prompts import CheckinForm, FormQuestion
from bot.domain.checkins.set_drafts import SetDraft
from bot.domain.record import Question


@dataclass(frozen=True, slots=True)
class SetAbout:
    """Which set a form has in hand: the one that is changed, or copied; none for a new one.

    `seen` is a mark of it as it was when the form was opened.
    """

    key: str | None = None
    copied: bool = False
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLine:
    """One of all sets. `asked_by` are names of check-ins."""

    id: str
    title: str
    minutes: int
    questions: int
    anonymous: bool
    asked_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCard:
    """One set, with what it asks."""

    id: str
    draft: SetDraft
    asked_by: tuple[str, ...]
    version: int
    said: str = ""  # what was just done


@dataclass(frozen=True, slots=True, kw_only=True)
class SetForm:
    """A set in hand.

    `is_kept`: it shows what this person entered before and did not save; `is_stale`: somebody else has changed the set
    since. `notice` says why something was not done.
    """

    about: SetAbout
    draft: SetDraft
    asked_by: tuple[str, ...]
    is_kept: bool = False
    is_stale: bool = False
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionForm:
    """One question of a set in hand; None for a new one. `kind` is what it asks for, as chosen in the form."""

    about: SetAbout
    draft: SetDraft
    question: Question | None
    kind: str

    @property
    def earlier(self) -> tuple[Question, ...]:
        """Those above it."""
        if self.question is None:
            return self.draft.questions
        return self.draft.questions[: self.draft.questions.index(self.question)]

    def asking_for(self, kind: str) -> QuestionForm:
        """The form with something else chosen to be asked for."""
        return replace(self, kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreview:
    """The form as people will get it."""

    about: SetAbout
    form: CheckinForm


def shown_question(question: Question) -> FormQuestion:
    """A question with nothing filled in."""
    return FormQuestion(
        id=question.id,
        type=question.type,
        label=question.label,
        label_without_outcome=question.label_without_outcome,
        outcome_name=None,
        outcome_due=None,
        required=question.required,
        required_if=question.required_if,
        options=question.options,
        min=question.min,
        max=question.max,
        max_length=question.max_length,
        source=question.source,
        last=None,
        initial=None,
    )
