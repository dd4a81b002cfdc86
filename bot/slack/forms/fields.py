"""The kinds of fields that a form may have: what each looks like in Slack, and what it makes of what was entered. Pure.

A field is declared once, in the table of its form (`bot.slack.forms.form`). Words that depend on what the form is
opened with are given as functions of it. No noun and no wording of screens is here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from types import NoneType, UnionType
from typing import Generic, Protocol, TypeVar, cast, get_args, get_origin

from bot.domain.wording import typed_number
from bot.errors import UserError
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.identifiers import Entry, Search
from bot.slack.message import Block
from bot.slack.metadata import encode_question

S_contra = TypeVar("S_contra", contravariant=True)  # what a form is opened with


class Choosable(Protocol):
    """Something that can be chosen."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Field(Generic[S_contra]):
    """One field. `name` is its question's id.

    - `of`: the value that it shows and gives, by its name; usually its own.
    - `shows`: what stands in it at first, where that is not simply that value.
    - `when`: whether the form has it at all; `missing`: what is said where it has to be filled in and isn't.
    - `nothing`: what is chosen for no value at all.
    - `action`: what reports a choice at once, with `dispatch`.
    """

    name: str
    label: str | Callable[[S_contra], str]
    _: KW_ONLY
    hint: str | Callable[[S_contra], str | None] | None = None
    optional: bool | Callable[[S_contra], bool] = False
    of: str | None = None
    shows: Callable[[S_contra], object] | None = None
    when: Callable[[S_contra], bool] | None = None
    missing: str | None = None
    nothing: str | None = None
    action: str = Entry.VALUE
    dispatch: bool = False

    @property
    def value_name(self) -> str:
        return self.of or self.name

    def element(self, form: S_contra, value: object) -> kit.Element:
        raise NotImplementedError

    def block(self, form: S_contra, values: object) -> Block:
        """How it looks. `values` are the values that the form is filled with, by name."""
        value = self.shows(form) if self.shows is not None else value_of(values, self.value_name)
        return kit.input_block(
            self.label(form) if callable(self.label) else self.label,
            self.element(form, value),
            encode_question(self.name),
            hint=self.hint(form) if callable(self.hint) else self.hint,
            optional=self.optional(form) if callable(self.optional) else self.optional,
            dispatch=self.dispatch,
        )

    def read(self, kind: object, entered: str | None, several: Sequence[str]) -> object:
        """What was entered, as this kind of value. Raises UserError under the field where it is none."""
        if get_origin(kind) is tuple:
            return tuple(several) or tuple(line for line in (entered or "").splitlines() if line.strip())
        kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
        [plain] = [one for one in kinds if one is not NoneType]
        if entered in {None, self.nothing} and (NoneType in kinds or plain is str):
            return None if NoneType in kinds else ""
        read, missing = _READ[cast("type", plain)]
        try:
            return read(entered or "")
        except ValueError:
            raise UserError(self.missing or missing, field=self.name) from None


@dataclass(frozen=True, slots=True)
class Text(Field[S_contra]):
    """Words of at most so many characters."""

    most: int
    _: KW_ONLY
    multiline: bool = False
    placeholder: str | None = None

    def element(self, form: S_contra, value: object) -> kit.Element:
        return kit.element(
            "plain_text_input",
            self.action,
            self.placeholder,
            max_length=self.most,
            multiline=self.multiline,
            # Where its block dispatches, Enter reports it, and no single letter does.
            dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]} if self.dispatch else None,
            initial_value=str(value)[: self.most] if value else None,
        )


@dataclass(frozen=True, slots=True)
class Number(Field[S_contra]):
    """A number; whole ones only unless `decimals`."""

    _: KW_ONLY
    decimals: bool = True

    def element(self, form: S_contra, value: object) -> kit.Element:
        shown = None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
        return kit.element("number_input", self.action, is_decimal_allowed=self.decimals, initial_value=shown or None)

    def read(self, kind: object, entered: str | None, several: Sequence[str]) -> object:
        """A number field has a point before decimals in every locale: three of them must not be taken for thousands by
        whoever reads it as typed."""
        found = Field.read(self, kind, entered, several)
        return typed_number(Decimal(found)) if isinstance(found, str) and _THREE_DECIMALS.fullmatch(found) else found


@dataclass(frozen=True, slots=True)
class Day(Field[S_contra]):
    """A day of the calendar; of a moment its day."""

    def element(self, form: S_contra, value: object) -> kit.Element:
        day = value.date() if isinstance(value, datetime) else value
        return kit.element("datepicker", self.action, initial_date=_plain(day) if day is not None else None)


@dataclass(frozen=True, slots=True)
class Hour(Field[S_contra]):
    """A time of day; of a moment its time."""

    def element(self, form: S_contra, value: object) -> kit.Element:
        at = value.time() if isinstance(value, datetime) else value
        return kit.element("timepicker", self.action, initial_time=_plain(at) if at is not None else None)


@dataclass(frozen=True, slots=True)
class Find(Field[S_contra]):
    """One that is searched for while typing; its value has an id and a name."""

    search: Search
    _: KW_ONLY
    placeholder: str = "Type a name"

    def element(self, form: S_contra, value: object) -> kit.Element:
        initial = _named(value) if value is not None else None
        return kit.element("external_select", self.search, self.placeholder, min_query_length=0, initial_option=initial)


@dataclass(frozen=True, slots=True)
class FindSeveral(Field[S_contra]):
    """Several that are searched for while typing."""

    search: Search

    def element(self, form: S_contra, value: object) -> kit.Element:
        initial = [_named(one) for one in cast("Iterable[object]", value or ())] or None
        return kit.element(
            "multi_external_select", self.search, "Type a name", min_query_length=0, initial_options=initial
        )


@dataclass(frozen=True, slots=True)
class Account(Field[S_contra]):
    """One of the workspace's people, by the id of the account."""

    def element(self, form: S_contra, value: object) -> kit.Element:
        return kit.users_select(self.action, initial=cast("str | None", value), placeholder="Choose a person")


@dataclass(frozen=True, slots=True)
class Channel(Field[S_contra]):
    """One of the channels that the person sees, by its id."""

    def element(self, form: S_contra, value: object) -> kit.Element:
        seen = {"include": ["public", "private"]}
        return kit.element(
            "conversations_select", self.action, "Choose a channel", filter=seen, initial_conversation=value
        )


@dataclass(frozen=True, slots=True)
class File(Field[S_contra]):
    """A place to give one file."""

    endings: tuple[str, ...]

    def element(self, form: S_contra, value: object) -> kit.Element:
        return kit.element("file_input", self.action, filetypes=list(self.endings), max_files=1)


# What is offered: values with their words, or options, or how they follow from what a form is opened with.
Offered = Mapping[str, str] | Sequence[kit.Element] | Callable[[S_contra], Sequence[kit.Element]]


@dataclass(frozen=True, slots=True)
class Choice(Field[S_contra]):
    """One of several.

    - `nothing_words`: what the option that stands for no value is called, as the last one.
    - `otherwise`: the place of the option that is chosen where no other one is.
    """

    offered: Offered[S_contra]
    _: KW_ONLY
    placeholder: str | None = None
    radio: bool = False
    nothing_words: str | None = None
    otherwise: int | None = None

    def element(self, form: S_contra, value: object) -> kit.Element:
        options = _options(self.offered, form)[: limits.OPTIONS - (self.nothing_words is not None)]
        if self.nothing is not None and self.nothing_words is not None:
            options.append(kit.option(self.nothing_words, self.nothing))
        wanted = self.nothing if value is None else _plain(value)
        chosen = next((one for one in options if one["value"] == wanted), None)
        if chosen is None and self.otherwise is not None and options:
            chosen = options[self.otherwise]
        if self.radio and len(options) <= limits.FEW_OPTIONS:
            return kit.element("radio_buttons", self.action, options=options, initial_option=chosen)
        return kit.static_select(self.action, options, initial=chosen, placeholder=self.placeholder)


@dataclass(frozen=True, slots=True)
class Pick(Choice[S_contra]):
    """One of several, where nothing is chosen beforehand."""

    _: KW_ONLY
    placeholder: str | None = "Choose one"


@dataclass(frozen=True, slots=True)
class Ticks(Field[S_contra]):
    """Any of several, each with a box; as a list to choose from with a `placeholder`."""

    offered: Offered[S_contra]
    _: KW_ONLY
    placeholder: str | None = None

    def element(self, form: S_contra, value: object) -> kit.Element:
        options, ticked = _options(self.offered, form), cast("Iterable[str]", value or ())
        initial = [one for one in options if one["value"] in ticked] or None
        kind = "checkboxes" if self.placeholder is None else "multi_static_select"
        return kit.element(kind, self.action, self.placeholder, options=options, initial_options=initial)


def fixed(value: object) -> Callable[[object], object]:
    """What stands in a field, whatever the form is opened with."""
    return lambda _form: value


def named_options(known: Iterable[Choosable]) -> list[kit.Element]:
    """As many of these as a list takes, to choose from."""
    return [kit.option(one.name, one.id) for one in known][: limits.OPTIONS]


def value_of(values: object, name: str) -> object:
    """A value by its name; None where there is none."""
    found: object = values.get(name) if isinstance(values, Mapping) else getattr(values, name, None)
    return found


def _options(offered: Offered[S_contra], form: S_contra) -> list[kit.Element]:
    if isinstance(offered, Mapping):
        return [kit.option(words, value) for value, words in offered.items()]
    return list(offered(form) if callable(offered) else offered)


def _named(value: object) -> kit.Element:
    found = cast("Choosable", value)
    return kit.option(found.name, found.id)


def _plain(value: object) -> str:
    """A value as an option carries it."""
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


# How a value of each type is read, and what is said where there is none.
_THREE_DECIMALS = re.compile(r"-?[0-9]+[.][0-9]{3}")
_READ: Mapping[type, tuple[Callable[[str], object], str]] = {
    str: (str, ""),
    int: (_whole, "Enter a whole number."),
    date: (date.fromisoformat, "Choose a day."),
    time: (time.fromisoformat, "Choose a time."),
    datetime: (datetime.fromisoformat, "Choose which one."),
}
