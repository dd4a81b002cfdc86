"""Which figure is meant: by its id, its name, whole words of it, or a beginning. No values here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.record import Metric
from bot.domain.typed import Known, nearest
from bot.domain.wording import cut, one_line
from bot.errors import Mistyped

_COMMON = frozenset({"the", "of", "in", "a", "an", "to", "at", "or", "and", "by", "for", "with", "on", "per"})
_SHORTEST = 3  # letters of a beginning that may stand for a word of a name


class UnknownFigure(Mistyped):
    """No figure, or more than one, is called that. `suggestion` is the one that was probably meant, `fits` are those
    that may be."""

    def __init__(self, typed: str, suggestion: Metric | None, message: str, fits: Sequence[Metric] = ()) -> None:
        meant = Known(suggestion.id, one_line(suggestion.name)) if suggestion is not None else None
        super().__init__(message, typed.strip(), meant)
        self.field = "metric"
        self.fits = tuple(fits)


def find_metric(typed: str, metrics: Sequence[Metric], *, whole: bool = False) -> Metric:
    """The metric that is meant; `whole`: only by all of its id, a part of it, or its name.

    Raises UnknownFigure where there is none or more than one.
    """
    wanted = " ".join(typed.casefold().strip(" :=“”\"'.,").split())
    words = wanted.split()
    if not words:
        raise UnknownFigure(typed, None, "Say which figure, such as “placed”.")
    telling = [word for word in words if word not in _COMMON]
    tiers: tuple[Callable[[Metric], bool], ...] = (
        lambda one: wanted in {one.id.casefold(), name_of(one)},
        lambda one: one.id.casefold().partition("-")[2] == wanted,
        lambda one: wanted in one.id.casefold().split("-"),
        lambda one: bool(telling) and all(word in _words(one) for word in telling),
        lambda one: len(wanted) >= _SHORTEST and _begins(one, wanted),
        # A beginning stands for a word; "to" is none of "top".
        lambda one: bool(telling) and all(_stands_for(word, one) for word in telling),
    )
    for fits in tiers[:3] if whole else tiers:
        found = [one for one in metrics if fits(one)]
        if len(found) == 1:
            return found[0]
        if found:
            names = "; ".join(f"“{one.id}” is {cut(one_line(one.name), 60)}" for one in found[:5])
            raise UnknownFigure(
                typed, None, f"Several figures fit “{cut(typed, 40)}”: {names}. Type a little more.", found
            )
    raise UnknownFigure(typed, nearest([wanted], metrics, _called), f"I don't know the figure “{cut(typed, 60)}”.")


def _called(metric: Metric) -> tuple[str, ...]:
    return (metric.id, metric.id.partition("-")[2], name_of(metric), *name_of(metric).split())


def name_of(metric: Metric) -> str:
    return one_line(metric.name).casefold()


def _words(metric: Metric) -> set[str]:
    """The whole words of a figure's name and id, each of a hyphened one too."""
    name = name_of(metric)
    return {*name.split(), *name.replace("-", " ").split(), *metric.id.casefold().split("-")}


def _begins(metric: Metric, wanted: str) -> bool:
    key = metric.id.casefold()
    return key.startswith(wanted) or key.partition("-")[2].startswith(wanted) or name_of(metric).startswith(wanted)


def _stands_for(word: str, metric: Metric) -> bool:
    return any(part == word or (len(word) >= _SHORTEST and part.startswith(word)) for part in _words(metric))
