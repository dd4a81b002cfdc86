"""A figure in one line: "placed 48.5 as of Jun 30 provisional note Wage match is late". Pure; nothing is recorded here.

The metric comes first: its id, its name, or a beginning of either or of a word of its name that fits no other.
Then the value; the rest may stand in any order, and a note goes on to the end of the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.metrics.names import UnknownFigure, find_metric, name_of
from bot.domain.metrics.status import current_readings, is_withheld, next_period_end
from bot.domain.record import Metric
from bot.domain.typed import SUFFIXES, UnknownPeriod, is_number, parts_of_years, read_period_end, read_value
from bot.domain.wording import cut, date_in_words, in_figures, one_line, typed_day, typed_number
from bot.errors import Unclear, UserError

MOST_NOTE = 300
SUFFIXES |= {"pct": 1, "mil": 10**6, "bn": 10**9, "b": 10**9, "billion": 10**9}
_NOTE = re.compile(r"(?:^|\s)(?:note:?|remark:?|comment:?)(?:\s+|$)", re.IGNORECASE)
_AS_OF = re.compile(r"(?:^|\s)as\s+(?:of|at)(?:\s+|$)", re.IGNORECASE)
_REPORTERS = re.compile(
    r"(?:^|\s)from\s+([0-9]{1,6})(?:\s+(?:employers|firms|organizations|providers|reporters|people))?(?=\s|$)",
    re.IGNORECASE,
)
_QUALITY = re.compile(
    r"(?:^|\s)\(?(provisional|provis|prov|preliminary|prelim|estimated|estimate|est|final)[.,;:]?\)?(?=\s|$)",
    re.IGNORECASE,
)
_FINAL = "final"
_AHEAD = frozenset({"by", "until"})
_FROM_TO = re.compile(
    r"(?:from |between )?(?P<first>\S.*?)(?: (?:to|through|thru|and|-|–) |[-–])(?P<last>\S.*)", re.IGNORECASE
)
_DATED = re.compile(r"[a-z]{3,}\.? ?[0-9]|[0-9][a-z]* ?(?:of )?[a-z]{3}|[0-9][/-][0-9]|\b[qh][1-4]", re.IGNORECASE)
_MOST_PERIOD_WORDS = 6
# Between a figure's name and its value, and between the value and its period.
_LINKS = frozenset(
    {"is", "are", "was", "were", "at", "now", "to", "=", ":", "->", "→", "-", "–", "stands", "of", "up", "down"}
)
_ABOUT = frozenset({"about", "around", "approx", "approximately", "roughly", "nearly", "almost", "over", "~"})
_INTO_PERIOD = (
    *(
        f"{lead}{kind} {end}"
        for lead in ("for the ", "")
        for kind in ("period", "year", "quarter", "month", "week")
        for end in ("ending", "ended", "to", "through", "thru")
    ),
    "for the",
    "for",
    "in",
    "through",
    "thru",
    "ending",
    "ended",
    "on",
    "at",
    "by",
    "dated",
    "until",
    "per",
)


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
    before, on_text = _split_as_of(line)
    before, remark = _split_remark(before)
    before, found = _take(before, _REPORTERS)
    reporters = int(found) if found else None
    before, quality = _take_last(before, _QUALITY)
    if on_text is not None:
        on_text, behind = _split_remark(on_text)
        remark = remark or behind
        on_text, found = _take(on_text, _REPORTERS)
        reporters = int(found) if found and reporters is None else reporters
        on_text, found = _take_last(on_text, _QUALITY)
        quality = found or quality
    period, remark, found = _period_before_remark(remark or "", today)
    reporters = int(found) if found and reporters is None else reporters
    if len(remark) > MOST_NOTE:
        raise UserError(f"The note has {len(remark)} characters. Keep it to {MOST_NOTE}.", field="note")
    if on_text is None and period and not _names_period(before, today):
        on_text, period = period, ""
    if period:
        raise UserError(f"“{cut(period, 40)}” is another period. Keep one, or put it after “note”.", field="period_end")
    note = note or remark or None
    metric, value, said = _metric_and_value(before, metrics, today, is_dated=on_text is not None)
    if on_text is not None:
        said = read_period_end(on_text, today)
        _require_clear_period(on_text.strip(), metric, today)
    return FigureLine(
        metric=metric,
        value=value,
        period_end=said,
        quality="provisional" if (quality or _FINAL).casefold() != _FINAL else _FINAL,
        reporters=reporters,
        note=note,
    )


def _metric_and_value(
    text: str, metrics: Sequence[Metric], today: date, *, is_dated: bool
) -> tuple[Metric, Decimal, date | None]:
    """Cut before the value: the first number that has a figure's name before it and nothing unread behind it.

    Behind the value may stand its unit and its period. A name may hold numbers, so each of them is tried.
    """
    tokens = re.sub(r"([=:])", r" \1 ", text).split()
    numbers = [index for index, token in enumerate(tokens) if index and is_number(token)]
    if not numbers or any(" ".join(tokens).casefold() == name_of(one) for one in metrics):
        if tokens and not is_number(tokens[0]):
            try:
                raise ValueMissing(find_metric(" ".join(tokens), metrics))
            except UnknownFigure:
                _require_value(tokens, metrics)
                raise
        raise UserError("Say which figure it is first, such as “placed 48.5 as of Jun 30”.", field="metric")
    problem: UserError | None = None
    unknown: UnknownFigure | None = None
    for at in numbers:
        try:
            metric = find_metric(" ".join(_without_links(tokens[:at])), metrics)
        except UnknownFigure as error:
            unknown = error if unknown is None or error.fits else unknown
            continue
        try:
            return metric, *_value_and_period(metric, tokens, at, today, is_dated=is_dated)
        except UserError as error:
            # The last one says it best: a number before it is part of the name.
            problem = error if problem is None or not isinstance(problem, Unclear) else problem
    if problem is not None:
        raise problem
    if unknown is None:
        raise UserError("Say which figure it is first, such as “placed 48.5 as of Jun 30”.", field="metric")
    raise unknown


def _value_and_period(
    metric: Metric, tokens: Sequence[str], at: int, today: date, *, is_dated: bool
) -> tuple[Decimal, date | None]:
    typed, behind = tokens[at].rstrip(",;:"), [token.rstrip(",;") for token in tokens[at + 1 :]]
    if len(typed) > 1:
        typed = typed.rstrip(".")
    if behind and behind[0].casefold() in SUFFIXES:
        typed, behind = f"{typed} {behind[0]}", behind[1:]
    unit = metric.unit.casefold().split()
    for words in (unit, [metric.unit.casefold().removesuffix("s")]):
        if [word.casefold() for word in behind[: len(words)]] == words:
            behind = behind[len(words) :]
            break
    said: date | None = None
    if behind:
        left = " ".join(behind)
        said = None if is_dated else _period(left, metric, today)
        if said is None:
            raise UserError(
                f"I don't understand “{cut(left, 40)}” after the value. Put remarks after “note”.", field="note"
            )
    if tokens[at - 1].casefold().rstrip(".") in _ABOUT:
        typed = f"{tokens[at - 1]} {typed}"
    if typed.startswith("+"):
        raise _increase(metric, typed, today)
    return read_value(typed, metric.unit), said


def _period(text: str, metric: Metric, today: date) -> date | None:
    """The day that words behind a value name; None where they name none."""
    words = text.casefold()
    intro = next((one for one in _INTO_PERIOD if words.startswith(f"{one} ")), "")
    typed = text[len(intro) :].strip()
    span = _FROM_TO.fullmatch(typed)
    try:
        found = read_period_end(typed, today)
    except UnknownPeriod:
        # "Jul 1 to Sep 30" covers all days up to its last one.
        if span is None or not (_is_period(span["first"], today) and _is_period(span["last"], today)):
            return None
        typed = span["last"]
        found = read_period_end(typed, today)
    if intro in _AHEAD and found.year < today.year and str(found.year) not in typed:
        return None  # "By Dec 31" is to come.
    _require_clear_period(typed, metric, today)
    return found


def _require_clear_period(words: str, metric: Metric, today: date) -> None:
    """Raises Unclear for a quarter or a half without its year, unless it can only be the figure's newest period."""
    found = parts_of_years(words, today)
    if found is None:
        return
    often, ends = found
    is_own = (metric.frequency or "quarterly") == often
    is_newest = next_period_end(ends[0], often) >= today
    if is_own and is_newest:
        return
    raise Unclear(
        f"“{cut(words, 40)}” can be more than one period, and some years begin in July or October. Which last day does "
        "the figure cover? You can also write it, such as “as of Sep 30”.",
        words,
        tuple((date_in_words(end), typed_day(end)) for end in ends),
        field="period_end",
    )


def _increase(metric: Metric, typed: str, today: date) -> UserError:
    """ "+16": what it comes to has to be said, since a figure is a whole value."""
    message = f"“{typed}” reads like an increase, and a figure is its whole value."
    current = current_readings(metric, today)
    plain = typed.lstrip("+")
    added = read_value(plain, metric.unit)
    choices: list[tuple[str, str]] = []
    if current and not is_withheld(metric, current[-1]):
        total = current[-1].value + added
        choices.append((f"{in_figures(total)}, {in_figures(added)} more than the last", typed_number(total)))
    choices.append((in_figures(added), typed_number(added)))
    return Unclear(f"{message} Which is it?", typed, tuple(choices), field="value")


def _without_links(tokens: Sequence[str]) -> list[str]:
    """A figure's name without what leads to its value: "placed is now"."""
    name = list(tokens)
    while len(name) > 1 and name[-1].casefold() in _LINKS | _ABOUT:
        name.pop()
    return name


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


def _split_remark(text: str) -> tuple[str, str | None]:
    """What follows "final" or "provisional" behind the value is a period or a note, also without that word."""
    digit = re.search(r"[0-9]", text)
    match = _QUALITY.search(text, digit.end()) if digit else None
    remark = text[match.end() :].strip(" “”\"',;:-–") if match is not None else ""
    if match is None or not remark or _REPORTERS.fullmatch(f" {remark}"):
        return text, None
    return text[: match.end()], remark


def _period_before_remark(remark: str, today: date) -> tuple[str, str, str | None]:
    """A remark's period where it begins with one, the rest, and how many reported: "Sep 30, two sites were added".

    Raises UserError where the same words may begin a sentence: "in March two sites move".
    """
    remark, reporters = _without_reporters(remark)
    words = remark.split()
    for end in range(min(_MOST_PERIOD_WORDS, len(words)), 0, -1):
        typed = " ".join(words[:end])
        intro = next((one for one in _INTO_PERIOD if typed.casefold().startswith(f"{one} ")), "")
        period = typed[len(intro) :].strip(" ,;:")
        try:
            read_period_end(period, today)
        except UnknownPeriod:
            continue
        ends = end == len(words) or typed[-1] in ",;:." or not words[end][0].isalnum() or words[end] == "from"
        if not ends and not _DATED.search(period):
            if not intro:
                break  # "May change": no month
            raise UserError(
                f"Is “{typed}” the period? Write a comma behind it, or “note” before a remark.", field="period_end"
            )
        rest, found = _without_reporters(" ".join(words[end:]))
        return period, rest, reporters or found
    return "", remark, reporters


def _without_reporters(text: str) -> tuple[str, str | None]:
    """The text without "from 12" at its beginning, and that number."""
    found = _REPORTERS.match(f" {text}")
    rest = text[found.end() - 1 :] if found is not None else text
    return rest.strip(" “”\"',;:-–"), found[1] if found is not None else None


def _names_period(text: str, today: date) -> bool:
    """Whether what stands before "final" ends with a period."""
    words = text.split()
    return any(_is_period(" ".join(words[start:]), today) for start in range(2, len(words)))


def _is_period(words: str, today: date) -> bool:
    try:
        read_period_end(words, today)
    except UserError as error:
        return not isinstance(error, UnknownPeriod)
    return True


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
