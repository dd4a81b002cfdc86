"""The leadership edition as a page for browser and paper, in the words of the Slack edition and with its pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.domain import wording
from bot.domain.digests import Digest, WeekChart, chart_of_week
from bot.domain.metrics import MetricChart, chart_of_line
from bot.files.digest_text import edition_pages
from bot.files.html_pages import Picture, inline_png, pages_as_html

Draw = Callable[[MetricChart | WeekChart], bytes]


def as_html(digest: Digest, priority: str | None = None, *, draw: Draw) -> str:
    """Return the leadership edition, amounts included, as one page that asks for nothing else.

    With the id of a `priority` only that one; raises `KeyError` for one that is not in the digest.
    """
    pages = edition_pages(digest, priority)
    charts = list(_charts(digest, priority, len(pages)))
    drawn = ((page, _drawn(chart, draw)) for page, chart in zip(pages, charts, strict=True))
    return pages_as_html(wording.one_line(digest.coalition_name), drawn)


def _charts(digest: Digest, priority: str | None, pages: int) -> Iterator[MetricChart | WeekChart | None]:
    """The picture of each page: that of all of them, then each priority's, and none of the closing one."""
    if priority is None:
        yield chart_of_week(digest)
    parts = [one for one in digest.priorities if priority in (None, one.id)]
    for part in parts:
        yield chart_of_line(part.headline, digest.today) if part.headline is not None else None
    for _ in range(pages - len(parts) - (priority is None)):
        yield None


def _drawn(chart: MetricChart | WeekChart | None, draw: Draw) -> Picture | None:
    """A picture's title, its words and itself."""
    return (chart.title, chart.alt, inline_png(draw(chart))) if chart is not None else None
