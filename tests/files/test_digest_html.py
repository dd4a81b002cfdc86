"""The digest as a page: the words of other editions, its pictures, nothing from elsewhere, people's words as text."""

from __future__ import annotations

import html
import re

import pytest

from bot.domain.digests import WeekChart
from bot.domain.metrics import MetricChart
from bot.files.digest_html import as_html
from bot.files.digest_text import edition_pages
from tests.files.test_digest_text import EVERY
from tests.slack import digest_cases as cases
from tests.slack.readable import check_golden


def drawn(chart: MetricChart | WeekChart) -> bytes:
    return chart.key[:6].encode()


def looks_apart(page: str) -> str:
    """Without the looks, which no test can judge."""
    return re.sub(r"<style>.*</style>", "<style></style>", page, flags=re.DOTALL)


@pytest.mark.parametrize("name", EVERY)
def test_the_page_is_that_of_the_golden_files(name: str) -> None:
    check_golden(f"digest-{name}.html", looks_apart(as_html(EVERY[name], draw=drawn)))


@pytest.mark.parametrize("name", EVERY)
def test_it_has_every_word_of_the_text_in_its_order(name: str) -> None:
    page = re.sub(r"<figure>.*?</figure>|<head>.*</head>", "", as_html(EVERY[name], draw=drawn), flags=re.DOTALL)
    shown = html.unescape(re.sub(r"<[^>]+>", " ", page))
    told = " ".join(one.plain for one in edition_pages(EVERY[name], None))
    assert re.findall(r"\w+", shown) == re.findall(r"\w+", told)


def test_each_priority_has_its_picture_and_all_of_them_one() -> None:
    page = as_html(cases.the_week(), draw=drawn)
    assert page.count("<img ") == 5
    assert 'alt="A row for each priority. Child care and commute access: ' in page
    assert 'alt="Line chart of extended-hours child care seats open. Baseline 60 on Jun 30, 2025.' in page
    one = as_html(cases.the_week(), "job-quality", draw=drawn)
    assert one.count("<img ") == 1
    assert "Talent pathways" not in one
    with pytest.raises(KeyError):
        as_html(cases.the_week(), "housing", draw=drawn)


def test_it_asks_for_nothing_from_elsewhere() -> None:
    page = as_html(cases.the_week(), draw=drawn)
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    assert "<script" not in page
    assert not re.search("[🔴🟡🟢⚪🔵]", page), "a color is drawn, whatever fonts there are"
    assert page.count('class="dot off_track"') >= 2


def test_what_people_wrote_is_text() -> None:
    page = as_html(cases.huge("<script>alert(1)</script>{{ 7 * 7 }}", priorities=1, actions=1), draw=drawn)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page
