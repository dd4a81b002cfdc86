"""A pack as Markdown for the command line, in the words of the pages that Slack shows; pictures are told in words."""

from __future__ import annotations

from bot.domain.digests import Page, Part, line
from bot.domain.packs import Pack, PackPage, agenda_words, pack_pages
from bot.files.digest_text import markdown_page


def pack_as_markdown(pack: Pack) -> str:
    """Return a pack as Markdown that ends with a line break."""
    pages = [markdown_page(_told(one)) for one in pack_pages(pack)]
    last = markdown_page(Page((Part("context", (line(agenda_words(pack)),)),)))
    return "\n\n---\n\n".join([*pages, last]) + "\n"


def _told(one: PackPage) -> Page:
    if one.chart is None:
        return one.page
    return Page((*one.page.parts, Part("context", (line(one.chart.alt),))))
