"""A form, declared once: a table of its fields gives what it shows, what is read of it, and the marks of a stale view.

The tables stand beside the blocks of their nouns; handlers only read them. Kinds of fields are in `fields`, what Slack
sends in `answers`, and what is kept of a form before it is sent in `keeping`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from functools import cache
from typing import Generic, TypeVar, get_type_hints

from bot.domain.typed import marks_of
from bot.slack.blocks import kit
from bot.slack.forms.answers import Entered, read_answers, read_choices
from bot.slack.forms.fields import Field, S_contra, value_of
from bot.slack.forms.keeping import Keeps, reporting
from bot.slack.identifiers import Submission
from bot.slack.message import Block, View
from bot.slack.metadata import Marked, encode
from bot.slack.mrkdwn import own

Answered = Mapping[str, str | None]  # what was entered, by question
T_co = TypeVar("T_co", covariant=True)  # what is read of a form
# A field; or what is said between fields, and rows of fields, as they follow from what the form is opened with.
Part = Field[S_contra] | Callable[[S_contra], Iterable[Field[S_contra] | Block]]


# Words, or how they follow from what the form is opened with.
Told = str | Callable[[S_contra], str]


def note(words: Told[S_contra]) -> Callable[[S_contra], list[Block]]:
    """A line in small letters, in markup, such as who reads what is entered."""
    return lambda form: [kit.context(_told(words, form))]


def about(words: Told[S_contra]) -> Callable[[S_contra], list[Block]]:
    """A paragraph in markup, such as what the form is about; none where it has no words."""

    def paragraph(form: S_contra) -> list[Block]:
        told = _told(words, form)
        return [kit.section(told)] if told else []

    return paragraph


def each(lines: Callable[[S_contra], Iterable[str]]) -> Callable[[S_contra], list[Block]]:
    """A paragraph for each of these, in plain words, such as what is still unclear."""
    return lambda form: [kit.section(own(words)) for words in lines(form)]


def as_typed(answers: Answered) -> Answered:
    """What was entered stays as it was, by question: the domain reads it, and gathers every mistake."""
    return answers


class Form(Generic[S_contra, T_co]):
    """One form, by its parts from top to bottom.

    - `title` and `submit`: what it and its button are called.
    - `makes`: what is read of it: a dataclass, by the names of its fields; `str` for the words of a form with one
      field; or `as_typed`.
    - `values`: where the values are that it is filled with, by name.
    - `carries`: what comes back with it when it is sent.
    - `marks`: the id of what it is about, where marks of its values come back with that: a stale form is told by them.
    - `keeps`: by what words are kept that are typed in it and not sent; None for a form that keeps none.
    """

    def __init__(
        self,
        makes: Callable[..., T_co],
        submission: Submission,
        title: Told[S_contra],
        submit: Told[S_contra],
        *parts: Part[S_contra],
        values: Callable[[S_contra], object] = lambda form: form,
        carries: Callable[[S_contra], object] = lambda _form: "",
        marks: Callable[[S_contra], str | None] | None = None,
        keeps: Keeps | None = None,
    ) -> None:
        self.makes, self.submission, self.parts = makes, submission, parts
        self._title, self._submit = title, submit
        self.values, self.keeps = values, keeps
        self._carries, self._marks = carries, marks

    @property
    def title(self) -> str:
        """What it is called, whatever it is opened with."""
        assert isinstance(self._title, str)
        return self._title

    @property
    def fields(self) -> tuple[Field[S_contra], ...]:
        return tuple(part for part in self.parts if isinstance(part, Field))

    def blocks(self, form: S_contra) -> Iterator[Block]:
        """What is said in it, and its fields, filled in."""
        values = self.values(form)
        for part in self.parts:
            for one in (part,) if isinstance(part, Field) else part(form):
                if not isinstance(one, Field):
                    yield one
                elif one.when is None or one.when(form):
                    yield one.block(form, values)

    def view(self, form: S_contra, *, close: str = "Close") -> View:
        """The modal."""
        carried = self._carries(form) if self._marks is None else Marked(self._marks(form), marks_of(self.marked(form)))
        view = View(
            title=_told(self._title, form),
            callback_id=self.submission,
            submit=_told(self._submit, form),
            close=close,
            metadata=encode(carried),
            blocks=tuple(self.blocks(form)),
        )
        return reporting(view) if self.keeps is not None else view

    def marked(self, form: S_contra) -> dict[str, object]:
        """The values that it is opened with, by name, of what has an id that: a stale form is told by marks of them."""
        values, names = self.values(form), dict.fromkeys(field.value_name for field in self.fields)
        if isinstance(values, Mapping):
            return {name: value for name, value in values.items() if name in names}
        found = {name: value_of(values, name) for name in names if hasattr(values, name)}
        return {name: getattr(value, "id", value) for name, value in found.items()}

    def read(self, entered: Entered, **known: object) -> T_co:
        """What was entered in it, with what is known besides. Raises UserError by the field to mend."""
        makes, answers, kinds = self.makes, read_answers(entered), kinds_of(self.makes)
        if self.makes is str:
            return makes(answers.get(self.fields[0].name) or "")
        if not kinds:
            return makes(answers)
        several = read_choices(entered)
        given = {
            field.value_name: field.read(kinds[field.value_name], answers.get(field.name), several.get(field.name, []))
            for field in self.fields
            if field.name in answers or field.value_name not in known
        }
        return makes(**(known | given))


def _told(words: Told[S_contra], form: S_contra) -> str:
    return words(form) if callable(words) else words


@cache
def kinds_of(makes: Callable[..., object]) -> Mapping[str, object]:
    """The types of a dataclass's fields, by name; of anything else none."""
    return get_type_hints(makes) if is_dataclass(makes) else {}
