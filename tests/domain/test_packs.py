"""What a pack holds, page by page, and what is never in it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.metrics import MetricChart
from bot.domain.packs import Pack, pack_in_short, pack_pages
from bot.domain.plan import MoneyChart, plan_pages
from tests.domain import pack_cases
from tests.domain.plan import cases


def plain(pack: Pack) -> str:
    return "\n".join(one.page.plain for one in pack_pages(pack))


def alts(pack: Pack) -> str:
    return " ".join(one.chart.alt for one in pack_pages(pack) if one.chart is not None)


def test_the_pages_in_their_order() -> None:
    pages = pack_pages(pack_cases.steering())
    first = [one.page.plain.splitlines()[0].split(" · ")[0] for one in pages]
    assert first == [
        "Pack: Steering Committee",
        "North star",
        "Child care and commute access",
        "Talent pathways",
        "Supplier and small-firm growth",
        "Job quality",
        "Decisions needed",
        "Money",
    ]
    assert [type(one.chart) for one in pages if one.chart is not None] == [MetricChart] * 5 + [MoneyChart]
    plan = cases.plan(pack_cases.with_forecast())
    assert pages[0].page.parts[2:] == plan_pages(plan)[0].parts[1:], "the plan on a page comes first"


def test_a_stocktake_stands_with_its_priority_and_what_came_true() -> None:
    [page] = [one for one in pack_pages(pack_cases.steering()) if "Child care" in one.page.plain.splitlines()[0]][-1:]
    assert "Monthly stocktake, Thu Nov 19 (Imani Rhodes)" in page.page.plain
    assert "• Nov 2026 forecast 165 by Dec 31\n• May 2026 forecast 150 by Sep 30 · came true 134" in page.page.plain
    assert page.chart is not None
    assert "The owner's forecast is 165 on Dec 31." in page.chart.alt


def test_what_is_withheld_stays_so() -> None:
    told = plain(pack_cases.steering())
    assert "Another figure: the forecast is withheld, as the newest figure is" in told


def test_what_a_channel_reads_in_short() -> None:
    short = pack_in_short(pack_cases.steering()).plain
    assert "• D-2 Move $150,000 from spring marketing to instructor pay, by Fri Dec 11, 1 of 7 answered" in short
    assert "• D-5 no date set, with the Talent Working Group" in short
    assert "• Child care and commute access, Thu Nov 19: Nov 2026 forecast 165 by Dec 31 · “Two of five" in short
    assert "May 2026" not in short


def test_amounts_are_those_of_its_reader() -> None:
    whole, owner, funder = (
        plain(pack_cases.steering(plan, decisions=()))
        for plan in (cases.plan(), cases.seen_by("luis"), cases.seen_by("ben"))
    )
    assert "$9,430,000 secured" in whole
    assert "$600,000 secured" in owner
    assert "$9,430,000" not in owner + funder


def test_what_funders_read_is_their_edition_and_nothing_of_leaderships() -> None:
    pack = pack_cases.funders()
    told = plain(pack)
    assert "Funders’ agenda: Funders Table" in told
    assert "Each funder reads its own grants here." in told
    assert "1 off track · 2 at risk · 1 on track" in told
    assert "Overdue: Three providers are licensed" in told
    assert "$" not in told
    for words in ("D-2", "Decisions", "Evening pay", "forecast", "Monthly stocktake", "stalled"):
        assert words not in told
    assert "forecast" not in alts(pack), "an owner's forecast is an answer, which funders don't read"
    own = plain(replace(pack, organization="halvorsen", organization_name="Halvorsen Family Foundation"))
    assert "Your grant: Halvorsen core support, $900,000" in own
    assert own.count("Your grant") == 1


def test_one_that_is_not_held_says_so_and_nothing_else() -> None:
    for pack in (pack_cases.steering(skipped=True), pack_cases.funders(skipped=True)):
        [page] = pack_pages(pack)
        assert len(page.page.parts) == 2
        assert "No meeting on" in page.page.plain
        assert pack_in_short(pack) == page.page
