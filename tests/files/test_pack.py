"""A pack as Markdown and as a page for the browser: golden files, nothing from elsewhere, people's words as text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.domain.packs import Pack
from bot.files.pack_html import pack_as_html
from bot.files.pack_text import pack_as_markdown
from tests.domain import pack_cases
from tests.domain.plan import cases
from tests.slack.readable import check_golden

PACKS = {
    "pack": pack_cases.steering(),
    "pack-of-an-owner": pack_cases.steering(cases.seen_by("luis"), decisions=()),
    "pack-of-a-funder": replace(
        pack_cases.funders(), organization="halvorsen", organization_name="Halvorsen Family Foundation"
    ),
}
ATTACK = "<script>alert(1)</script> *b* [x](y) {{ 7 * 7 }}"


def html(pack: Pack) -> str:
    return pack_as_html(pack, draw=lambda chart: chart.key.encode())


@pytest.mark.parametrize("name", PACKS)
def test_it_is_that_of_the_golden_files(name: str) -> None:
    check_golden(f"{name}.md", pack_as_markdown(PACKS[name]))
    page = re.sub(r"<style>.*</style>|(?<=base64,)[^\"]*", "", html(PACKS[name]), flags=re.DOTALL)
    check_golden(f"{name}.html", page)


def test_each_picture_has_its_words() -> None:
    page = html(PACKS["pack"])
    assert page.count("<img ") == page.count(' alt="') == 6
    assert 'alt=""' not in page


def test_it_asks_for_nothing_from_elsewhere_and_peoples_words_stay_text() -> None:
    told = replace(pack_cases.TOLD[0], by_name=ATTACK, story=ATTACK)
    pack = replace(pack_cases.steering(), name=ATTACK, stocktakes=(told,))
    page = html(pack)
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    assert "<script" not in page
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", page)[0]
    assert "\\<script\\>" in pack_as_markdown(pack)
