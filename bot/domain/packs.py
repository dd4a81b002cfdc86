"""The pack of a meeting that steers, and the agenda of one of funders: what there is to read before it, page by page.

A pack is made for its reader, or for the channel of the group that meets; whatever is not for them is not in it. What
funders read is their edition of the digest, never leadership's. The same pages go to Slack, Markdown and the browser.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.checkins import Stocktake, forecast_of_stocktake
from bot.domain.digests import (
    Digest,
    Line,
    Page,
    Part,
    PriorityPart,
    Span,
    bold,
    funder_page,
    line,
    named,
    own,
    owner_says,
    said,
)
from bot.domain.meetings import MeetingRef
from bot.domain.metrics import MetricChart, MetricLine, chart_of_line
from bot.domain.plan import (
    MoneyChart,
    Plan,
    PlanPriority,
    chart_of_money,
    metric_line,
    money_page,
    plan_pages,
)
from bot.domain.wording import (
    clock,
    duration,
    full_day,
    near_day,
    needed_by,
    one_line,
    sentence,
    with_article,
    zone_name,
)

MOST_DECISIONS = 12
Spans = list[Span | str]
PageChart = MetricChart | MoneyChart


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDecision:
    """A decision that waits. `title` is None where its reader may not see another group's, `recommended` where nothing
    is recommended to them."""

    id: str
    title: str | None
    decider_name: str
    is_of_meeting: bool  # the group that meets decides it
    needed_by: date | None
    count: str  # how many voices have answered, in words
    recommended: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What there is to read before one occurrence of a meeting, as of a moment.

    `plan` is None for funders, whose own grants are those of `organization` (None: whoever reads is none).
    """

    ref: MeetingRef
    name: str
    starts_at: datetime
    minutes: int
    zone: str
    moved_from: datetime | None  # naive wall time of its rule
    digest: Digest
    plan: Plan | None
    stocktakes: tuple[Stocktake, ...] = ()  # of each priority the newest, then the last one whose forecast came due
    decisions: tuple[PackDecision, ...] = ()  # those of the group that meets first, by their day
    organization: str | None = None
    organization_name: str | None = None
    skipped: bool = False

    @property
    def is_for_funders(self) -> bool:
        return self.plan is None

    @property
    def title(self) -> str:
        """What it is called: "Pack: Steering Committee"."""
        return f"{'Funders’ agenda' if self.is_for_funders else 'Pack'}: {one_line(self.name)}"

    @property
    def today(self) -> date:
        return self.digest.today


@dataclass(frozen=True, slots=True)
class PackPage:
    """A page, with the picture that belongs to it."""

    page: Page
    chart: PageChart | None = None


def pack_pages(pack: Pack) -> tuple[PackPage, ...]:
    """All of it: the plan on a page, the north star, each priority with its picture and its newest stocktake, what is
    to be decided, the money. For funders what their edition says, and each headline figure with its picture."""
    if pack.skipped:
        return (PackPage(Page((_head(pack), Part("section", (line(_skipped(pack)),))))),)
    if pack.plan is None:
        return (PackPage(_funders_page(pack)), *_headline_pages(pack))
    first, *_ = plan_pages(pack.plan)
    pages = [PackPage(Page((_head(pack), _when(pack), *first.parts[1:])))]
    star = chart_of_line(pack.plan.star, pack.today) if pack.plan.star is not None else None
    if star is not None:
        pages.append(PackPage(_star_page(pack.plan), star))
    pages += [_priority_page(pack, one) for one in pack.plan.priorities]
    pages += [PackPage(Page(tuple(_decisions(pack))))] if pack.decisions else []
    money = money_page(pack.plan)
    pages += [PackPage(money, chart_of_money(pack.plan.money, pack.plan.currency))] if money is not None else []
    return tuple(pages)


def pack_in_short(pack: Pack) -> Page:
    """What a channel shows of it: its first page, what is to be decided, and the newest stocktakes in a line each."""
    first = pack_pages(pack)[0].page
    if pack.skipped or pack.plan is None:
        return first
    told = [
        _in_a_line(part, newest, pack.today) for part in pack.digest.priorities if (newest := _newest(pack, part.id))
    ]
    stocktakes = [Part("section", (line(bold("Newest stocktakes")), *told))] if told else []
    return Page((*first.parts, *_decisions(pack), *stocktakes))


def agenda_words(pack: Pack) -> str:
    """Where the agenda is, on paper: "Agenda: “/meeting agenda steering-quarterly” in Slack"."""
    return f"Agenda: “/meeting agenda {pack.ref.cadence}” in Slack"


def _head(pack: Pack) -> Part:
    return Part("header", (line(pack.title),))


def _when(pack: Pack) -> Part:
    local = pack.starts_at.astimezone(ZoneInfo(pack.zone))
    moved = f" (moved from {near_day(pack.moved_from.date(), pack.today)})" if pack.moved_from is not None else ""
    held = f"{full_day(local.date(), pack.today)}, {clock(local)} {zone_name(local)}{moved}, {duration(pack.minutes)}"
    as_of = f"as of {near_day(pack.today, pack.today)}, {clock(pack.digest.moment)}"
    return Part("context", (line(f"{held} · {one_line(pack.digest.coalition_name)}, {as_of}"),))


def _skipped(pack: Pack) -> str:
    local = pack.starts_at.astimezone(ZoneInfo(pack.zone)).date()
    return f"No meeting on {near_day(local, pack.today)}. There is a pack again ahead of the next one."


def _star_page(plan: Plan) -> Page:
    """The figure alone: what it is for stands on the page before."""
    assert plan.star is not None
    return Page((Part("section", (line(bold("North star")), metric_line(plan.star, plan.today))),))


def _priority_page(pack: Pack, one: PlanPriority) -> PackPage:
    """How one priority stands, off track first, its headline figure and what its owner said last of its curve."""
    parts = [Part("section", (line(*named(one.part), " · ", *owner_says(one.part, pack.today)), *_figure(one, pack)))]
    headline = one.part.headline.name if one.part.headline is not None else None
    found = [each for each in pack.stocktakes if each.priority == one.part.id]
    if found:
        told = [words for each in found if (words := forecast_of_stocktake(each, pack.today, headline))]
        parts.append(Part("section", tuple(_stocktake(found[0], pack.today, told))))
    return PackPage(Page(tuple(parts)), _chart(one.part.headline, pack.today))


def _figure(one: PlanPriority, pack: Pack) -> list[Line]:
    return [metric_line(one.part.headline, pack.today)] if one.part.headline is not None else []


def _chart(metric: MetricLine | None, today: date) -> MetricChart | None:
    return chart_of_line(metric, today) if metric is not None else None


def _stocktake(one: Stocktake, today: date, forecasts: Sequence[str]) -> Iterator[Line]:
    yield line(bold(f"{one.checkin}, {near_day(one.on, today)}"), f" ({one_line(one.by_name)})")
    for words in forecasts:
        yield line(own(sentence(words)), bullet=True)
    for each in one.said:
        yield line(bold(each.label), " ", said(each.words) if each.is_text else own(each.words), bullet=True)


def _newest(pack: Pack, priority: str) -> Stocktake | None:
    return next((one for one in pack.stocktakes if one.priority == priority), None)


def _in_a_line(part: PriorityPart, one: Stocktake, today: date) -> Line:
    forecast = forecast_of_stocktake(one, today, part.headline.name if part.headline is not None else None)
    spans: Spans = [own(part.name), f", {near_day(one.on, today)}"]
    spans += [": ", own(forecast)] if forecast else []
    spans += [" · ", said(one.story)] if one.story else []
    return line(*spans, bullet=True)


def _decisions(pack: Pack) -> Iterator[Part]:
    """What waits for a word, with what is recommended to the reader."""
    if not pack.decisions:
        return
    shown = pack.decisions[:MOST_DECISIONS]
    rows = [_decision(one, pack.today) for one in shown]
    if len(shown) < len(pack.decisions):
        rows.append(line(f"{len(shown)} of {len(pack.decisions)}"))
    yield Part("section", (line(bold("Decisions needed")), *rows))


def _decision(one: PackDecision, today: date) -> Line:
    whose = "" if one.is_of_meeting else f", with {with_article(one_line(one.decider_name))}"
    count = f", {one.count}" if one.count else ""
    spans: Spans = [bold(one.id), " "]
    spans += [own(one.title), ", "] if one.title is not None else []
    spans += [f"{needed_by(one.needed_by, today)}{whose}{count}"]
    spans += [". Recommended: ", own(one.recommended)] if one.recommended else []
    return line(*spans, bullet=True)


def _funders_page(pack: Pack) -> Page:
    """North star, standings, outcomes and the reader's own grants, as the funder edition of the digest has them."""
    edition = funder_page(pack.digest, pack.organization or "", pack.organization_name)
    said_by_edition = edition.parts[1:-1]
    last = "No other funder's amounts are in it." if pack.organization else "Each funder reads its own grants here."
    return Page((_head(pack), _when(pack), *said_by_edition, Part("context", (line(last),))))


def _headline_pages(pack: Pack) -> Sequence[PackPage]:
    """The figures with their pictures, without what owners forecast: funders read no answers."""
    star, today = pack.digest.north_star, pack.today
    found = []
    if star is not None:
        found.append(PackPage(Page((Part("section", (metric_line(star, today),)),)), _chart(star, today)))
    for part in pack.digest.priorities:
        if part.headline is not None:
            told = (line(*named(part), " · ", *owner_says(part, today)), metric_line(part.headline, today))
            bare = replace(part.headline, forecast=None)
            found.append(PackPage(Page((Part("section", told),)), _chart(bare, today)))
    return found
