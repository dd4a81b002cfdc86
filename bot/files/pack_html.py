"""A pack as a page for browser and paper, in the words of its pages in Slack and with their pictures."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.digests import Page, Part, line
from bot.domain.packs import Pack, PageChart, agenda_words, pack_pages
from bot.files.html_pages import Picture, inline_png, pages_as_html

Draw = Callable[[PageChart], bytes]


def pack_as_html(pack: Pack, *, draw: Draw) -> str:
    """Return a pack as one page that asks for nothing else; its agenda is named at the end."""
    pages = [(one.page, _drawn(one.chart, draw)) for one in pack_pages(pack)]
    last = Page((Part("context", (line(agenda_words(pack)),)),))
    return pages_as_html(pack.title, [*pages, (last, None)])


def _drawn(chart: PageChart | None, draw: Draw) -> Picture | None:
    return (chart.title, chart.alt, inline_png(draw(chart))) if chart is not None else None
