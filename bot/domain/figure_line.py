"""A figure in one line: "placed 48.5 as of Jun 30 provisional note Wage match is late". Pure; nothing is recorded here.

The metric comes first: its id, its name, or a beginning of either or of a word of its name that fits no other.
Then the value; the rest may stand in any order, and a note goes on to the end of the line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.record import Metric
from bot.domain.typed_periods import read_period_end
from bot.domain.wording import cut, one_line
from bot.errors import Mistyped, UserError

MOST_DIGITS = 18
MOST_NOTE = 300
_NUMBER = re.compile(
    r"(?P<sign>[-−+]?)(?P<unit>\$?)(?P<digits>[0-9][0-9,.]*|\.[0-9]+)(?P<suffix>[a-z%]*)", re.IGNORECASE
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_SUFFIXES = {"": 1, "%": 1, "k": 1000, "thousand": 1000, "m": 10**6, "mn": 10**6, "million": 10**6, "percent": 1}
_NOTE = re.compile(r"(?:^|\s)note:?(?:\s+|$)", re.IGNORECASE)
_AS_OF = re.compile(r"(?:^|\s)as\s+of(?:\s+|$)", re.IGNORECASE)
_REPORTERS = re.compile(
    r"(?:^|\s)from\s+([0-9]{1,6})(?:\s+(?:employers|firms|organizations|providers|reporters|people))?(?=\s|$)",
    re.IGNORECASE,
)
_QUALITY = re.compile(r"(?:^|\s)(provisional|preliminary|final)(?=\s|$)", re.IGNORECASE)


class UnknownFigure(Mistyped):
    """No figure, or more than one, is called that. `suggestion` is the one that was probably meant."""

    def __init__(self, typed: str, suggestion: Metric | None, message: str) -> None:
        meant, name = (suggestion.id, one_line(suggestion.name)) if suggestion is not None else (None, None)
        super().__init__(message, typed.strip(), meant, name)
        self.field = "metric"


class ValueMissing(UserError):
    """A figure was named, and nothing else."""

    def __init__(self, metric: Metric) -> None:
        super().__init__(f"Add the value, such as “{metric.id} 48.5 as of Jun 30”.", field="value")
        self.metric = metric


@dataclass(frozen=True, slots=True)
class FigureLine:
    """What a line says. `period_end` None: not said; the next figure that is due is meant then."""

    metric: Metric
    value: Decimal
    period_end: date | None = None
    quality: str = "final"
    reporters: int | None = None
    note: str | None = None


def read_figure(text: str, metrics: Sequence[Metric], today: date) -> FigureLine:
    """Read one line. Raises UserError with what to do for a line that is no figure."""
    line = one_line(text)
    if not line:
        raise UserError("Say which figure and its value, such as “placed 48.5 as of Jun 30”.")
    line, note = _split_note(line)
    reporters: int | None = None
    quality: str | None = None
    before, on_text = _split_as_of(line)
    before, found = _take(before, _REPORTERS)
    reporters = int(found) if found else None
    before, found = _take_last(before, _QUALITY)
    quality = found
    if on_text is not None:
        on_text, found = _take(on_text, _REPORTERS)
        reporters = int(found) if found and reporters is None else reporters
        on_text, found = _take_last(on_text, _QUALITY)
        quality = found or quality
    metric, value = _metric_and_value(before, metrics)
    return FigureLine(
        metric=metric,
        value=value,
        period_end=read_period_end(on_text, today) if on_text is not None else None,
        quality="provisional" if (quality or "").casefold() in {"provisional", "preliminary"} else "final",
        reporters=reporters,
        note=note,
    )


def read_value(text: str, unit: str) -> Decimal:
    """An exact value: "3,100,000", "$3.1m", "48.5%". Raises UserError with the mend for anything else."""
    typed = " ".join(text.split())
    shown = cut(typed, 40)
    match = _NUMBER.fullmatch(re.sub(r"(?<=[0-9$]) (?=\S)", "", typed)) if typed else None
    if match is None:
        raise UserError(f"“{shown}” isn't a number. Try “48.5” or “3,100,000”.", field="value")
    digits, suffix = match["digits"].rstrip("."), match["suffix"].casefold()
    if not _GROUPED.fullmatch(digits):
        raise UserError(
            f"I can't tell what “{shown}” means. Write it with a point before decimals and a comma "
            "between thousands: “48.5”, “3,100,000”.",
            field="value",
        )
    if suffix in {"%", "percent"} and unit != "percent":
        raise UserError(f"This figure is in {_unit(unit)}, not percent. Enter it in {_unit(unit)}.", field="value")
    if match["unit"] == "$" and unit != "usd":
        raise UserError(f"This figure is in {_unit(unit)}, not dollars. Enter it in {_unit(unit)}.", field="value")
    if suffix not in _SUFFIXES and suffix != unit.casefold().replace(" ", ""):
        raise UserError(f"“{shown}” isn't a number. Try “48.5”, “3,100,000” or “3.1m”.", field="value")
    plain = digits.replace(",", "")
    if len(plain.replace(".", "")) > MOST_DIGITS:
        raise UserError(f"“{shown}” has too many digits. Check it.", field="value")
    whole, _, decimals = plain.partition(".")
    number = int((whole or "0") + decimals) * _SUFFIXES.get(suffix, 1)
    # Built from digits: arithmetic on decimals could round, and "3.1m" should read as 3100000, "44.0" as 44.0.
    value = _shortest(number, len(decimals)) if _SUFFIXES.get(suffix, 1) > 1 else Decimal(plain)
    return value.copy_negate() if match["sign"] in {"-", "−"} and value else value


def find_metric(typed: str, metrics: Sequence[Metric], *, whole: bool = False) -> Metric:
    """The metric that is meant; `whole`: only by all of its id, a part of it, or its name.

    Raises UnknownFigure where there is none or more than one.
    """
    wanted = " ".join(typed.casefold().strip(" :=“”\"'").split())
    words = wanted.split()
    tiers: tuple[Callable[[Metric], bool], ...] = (
        lambda one: wanted in {one.id.casefold(), _name(one)},
        lambda one: one.id.casefold().partition("-")[2] == wanted,
        lambda one: wanted in one.id.casefold().split("-"),
        lambda one: one.id.casefold().startswith(wanted) or one.id.casefold().partition("-")[2].startswith(wanted),
        lambda one: _name(one).startswith(wanted),
        lambda one: all(any(part.startswith(word) for part in _name(one).split()) for word in words),
    )
    if not words:
        raise UnknownFigure(typed, None, "Say which figure, such as “placed”.")
    for fits in tiers[:3] if whole else tiers:
        found = [one for one in metrics if fits(one)]
        if len(found) == 1:
            return found[0]
        if found:
            names = "; ".join(f"“{one.id}” is {cut(one_line(one.name), 60)}" for one in found[:5])
            raise UnknownFigure(typed, None, f"Several figures fit “{cut(typed, 40)}”: {names}. Type a little more.")
    near = _nearest(wanted, metrics)
    raise UnknownFigure(typed, near, f"I don't know the figure “{cut(typed, 60)}”.")


def _metric_and_value(text: str, metrics: Sequence[Metric]) -> tuple[Metric, Decimal]:
    """Cut before the value: the last number with what follows it, unless the whole is just a metric's name."""
    tokens = text.replace("=", " ").split()
    numbers = [index for index, token in enumerate(tokens) if index and _NUMBER.fullmatch(token.rstrip(",;:."))]
    if not numbers or any(" ".join(tokens).casefold() == _name(one) for one in metrics):
        if tokens and not _NUMBER.fullmatch(tokens[0]):
            try:
                raise ValueMissing(find_metric(" ".join(tokens), metrics))
            except UnknownFigure:
                _require_value(tokens, metrics)
                raise
        raise UserError("Say which figure it is first, such as “placed 48.5 as of Jun 30”.", field="metric")
    at = numbers[-1]
    metric = find_metric(" ".join(tokens[:at]), metrics)
    unit_words = metric.unit.casefold().split()
    rest = [token.casefold() for token in tokens[at + 1 :]]
    if rest == unit_words or rest == [metric.unit.casefold().removesuffix("s")]:
        rest = []
    if len(rest) > 1 or (rest and rest[0] not in _SUFFIXES):
        left = cut(" ".join(tokens[at + 1 :]), 40)
        raise UserError(f"I don't understand “{left}” after the value. Put remarks after “note”.", field="note")
    return metric, read_value(" ".join([tokens[at].rstrip(",;:."), *rest]), metric.unit)


def _require_value(tokens: Sequence[str], metrics: Sequence[Metric]) -> None:
    """Raises UserError where a metric's name is followed by something that is no value."""
    for at in range(len(tokens) - 1, 0, -1):
        try:
            find_metric(" ".join(tokens[:at]), metrics)
        except UnknownFigure:
            continue
        left = cut(" ".join(tokens[at:]), 40)
        raise UserError(f"“{left}” isn't a number. Try “{tokens[0]} 48.5 as of Jun 30”.", field="value")


def _split_note(line: str) -> tuple[str, str | None]:
    """A note begins after the first digit, so that a metric may have the word in its name."""
    digit = re.search(r"[0-9]", line)
    match = _NOTE.search(line, digit.end() if digit else len(line))
    if match is None:
        return line, None
    note = line[match.end() :].strip(" “”\"'")
    if len(note) > MOST_NOTE:
        raise UserError(f"The note has {len(note)} characters. Keep it to {MOST_NOTE}.", field="note")
    return line[: match.start()], note or None


def _split_as_of(line: str) -> tuple[str, str | None]:
    matches = list(_AS_OF.finditer(line))
    if not matches:
        return line, None
    return line[: matches[-1].start()], line[matches[-1].end() :]


def _take(text: str, pattern: re.Pattern[str]) -> tuple[str, str | None]:
    match = pattern.search(text)
    return (text, None) if match is None else (f"{text[: match.start()]} {text[match.end() :]}", match[1])


def _take_last(text: str, pattern: re.Pattern[str]) -> tuple[str, str | None]:
    """Only at the end, or right after another thing was taken: "final" may stand in a metric's name."""
    match = next((one for one in reversed(list(pattern.finditer(text))) if not text[one.end() :].strip()), None)
    return (text, None) if match is None else (text[: match.start()], match[1])


def _nearest(wanted: str, metrics: Sequence[Metric]) -> Metric | None:
    known: dict[str, Metric] = {}
    for one in metrics:
        for word in (one.id.casefold(), one.id.casefold().partition("-")[2], _name(one), *_name(one).split()):
            if len(word) > 3:
                known.setdefault(word, one)
    found = difflib.get_close_matches(wanted, list(known), n=1, cutoff=0.7)
    return known[found[0]] if found else None


def _name(metric: Metric) -> str:
    return one_line(metric.name).casefold()


def _unit(unit: str) -> str:
    return {"usd": "dollars"}.get(unit, one_line(unit))


def _shortest(number: int, places: int) -> Decimal:
    while places and number % 10 == 0:
        number, places = number // 10, places - 1
    return Decimal((0, tuple(int(digit) for digit in str(number)), -places))
