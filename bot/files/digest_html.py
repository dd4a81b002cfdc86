"""The leadership edition as a page for browser and paper, in the words of the Slack edition and with its pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from bot.domain import wording
from bot.domain.digests import Digest, Line, Span, WeekChart, chart_of_week
from bot.domain.metrics import MetricChart, chart_of_line
from bot.files.digest_text import edition_pages
from bot.files.html_pages import inline_png, template

Draw = Callable[[MetricChart | WeekChart], bytes]
_CLASSES = {mark: name for name, mark in wording.ASSESSMENT_MARKS.items()}


def as_html(digest: Digest, priority: str | None = None, *, draw: Draw) -> str:
    """Return the leadership edition, amounts included, as one page that asks for nothing else.

    With the id of a `priority` only that one; raises `KeyError` for one that is not in the digest.
    """
    pages = edition_pages(digest, priority)
    charts = list(_charts(digest, priority, len(pages)))
    return template("digest").render(
        title=wording.one_line(digest.coalition_name),
        pages=[(page, _drawn(chart, draw)) for page, chart in zip(pages, charts, strict=True)],
        color_of=_color_of,
        parted=_parted,
    )


def _charts(digest: Digest, priority: str | None, pages: int) -> Iterator[MetricChart | WeekChart | None]:
    """The picture of each page: that of all of them, then each priority's, and none of the closing one."""
    if priority is None:
        yield chart_of_week(digest)
    parts = [one for one in digest.priorities if priority in (None, one.id)]
    for part in parts:
        yield chart_of_line(part.headline, digest.today) if part.headline is not None else None
    for _ in range(pages - len(parts) - (priority is None)):
        yield None


def _drawn(chart: MetricChart | WeekChart | None, draw: Draw) -> tuple[str, str, str] | None:
    """A picture's title, its words and itself."""
    return (chart.title, chart.alt, inline_png(draw(chart))) if chart is not None else None


def _color_of(span: Span) -> str:
    """The class of a mark, which stands for its color."""
    return _CLASSES.get(span.text.strip(), "")


def _parted(lines: Iterable[Line]) -> list[tuple[bool, list[Line]]]:
    """Lines in their order, those of one list together: (whether it is a list, its lines)."""
    return [(is_list, list(some)) for is_list, some in groupby(lines, key=lambda one: one.bullet)]
