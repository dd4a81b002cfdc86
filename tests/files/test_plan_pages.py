"""The plan as Markdown and as a page for the browser: golden files, nothing from elsewhere, people's words as text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.domain.plan import Plan, chart_of_money, plan_pages, public_plan
from bot.files.plan_html import plan_as_html, public_as_html
from bot.files.plan_text import plan_as_markdown
from tests import builders
from tests.domain.plan import cases
from tests.slack.readable import check_golden

PLANS = {
    "plan": cases.plan(),
    "plan-of-an-owner": cases.seen_by("luis"),
    "plan-of-a-funder": cases.seen_by("ben"),
    "plan-of-a-member": cases.seen_by("pat"),
    "plan-empty": cases.plan(builders.record(priorities=[])),
}
ATTACK = "<script>alert(1)</script> *b* [x](y) {{ 7 * 7 }}"


def html(plan: Plan) -> str:
    chart = chart_of_money(plan.money, plan.currency)
    return plan_as_html(plan, (chart, b"PNG") if chart is not None else None)


@pytest.mark.parametrize("name", PLANS)
def test_the_plan_is_that_of_the_golden_files(name: str) -> None:
    check_golden(f"{name}.md", plan_as_markdown(PLANS[name]))
    check_golden(f"{name}.html", _body(html(PLANS[name])))


def test_the_public_page_is_that_of_the_golden_files() -> None:
    check_golden("plan-public.html", _body(public_as_html(public_plan(*cases.known_and_digest(cases.marked())))))
    check_golden("plan-public-none.html", _body(public_as_html(public_plan(*cases.known_and_digest(cases.planned())))))


def _body(page: str) -> str:
    """Without the looks, which no test can judge."""
    return re.sub(r"<style>.*</style>", "<style></style>", page, flags=re.DOTALL)


@pytest.mark.parametrize("name", PLANS)
def test_the_page_says_what_the_markdown_says(name: str) -> None:
    """Each number of the one stands in the other: none is lost on either way."""
    plan = PLANS[name]
    figures = re.compile(r"\$?[0-9][0-9,.]*[0-9]%?")
    told = set(figures.findall(" ".join(page.plain for page in plan_pages(plan))))
    shown = set(figures.findall(re.sub(r"<style>.*</style>|<img[^>]*>", "", html(plan), flags=re.DOTALL)))
    assert {one for one in told if one.startswith("$") or "," in one} <= shown


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    page = html(cases.plan())
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    assert "<script" not in page
    assert 'src="data:image/png;base64,UE5H"' in page
    assert 'alt="Column chart of secured money by year. 2025: public $402,920' in page


def test_what_people_wrote_is_text() -> None:
    record = cases.planned()
    priority = replace(
        record.priorities[0],
        name=ATTACK,
        goal=ATTACK,
        outcomes=(replace(record.priorities[0].outcomes[0], name=ATTACK),),
        metrics=tuple(replace(one, name=ATTACK) for one in record.priorities[0].metrics),
    )
    record = replace(
        record,
        coalition=replace(record.coalition, name=ATTACK),
        priorities=(priority, *record.priorities[1:]),
        organizations=tuple(replace(one, name=ATTACK) for one in record.organizations),
        funding_sources=tuple(replace(one, name=ATTACK, funder=ATTACK) for one in record.funding_sources),
    )
    plan = cases.plan(record)
    assert "<script>" not in html(plan)
    assert ">49<" not in html(plan)
    text = plan_as_markdown(plan)
    assert "<script>" not in text
    assert "[x](y)" not in text.replace("\\[x\\](y)", "")


def test_a_plan_of_many_years_and_priorities_is_whole() -> None:
    metrics = tuple(builders.metric(f"m{each}", name=f"Metric {each} of many") for each in range(60))
    record = builders.record(
        priorities=[builders.priority(f"p{each}", metrics=metrics[each : each + 1]) for each in range(60)]
    )
    page = html(cases.plan(record))
    assert all(f"Metric {each} of many" in page for each in range(60))
