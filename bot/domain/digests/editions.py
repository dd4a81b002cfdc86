"""The digest for other readers than leadership: one priority for its channel, and a funder's edition, as pages."""

from __future__ import annotations

from bot.domain import wording
from bot.domain.decisions import DecisionLine
from bot.domain.digests.pages import Line, Page, Part, Span, bold, joined, leading, line, own
from bot.domain.digests.parts import Digest, OutcomeLine, PriorityPart
from bot.domain.digests.replies import news_among_others, said_and_done, up_to_actions, within_words
from bot.domain.digests.wording import (
    decision_title,
    farewell_words,
    funding_line,
    north_star_line,
    priority_line,
    way_to,
)
from bot.domain.funding import SourceLine

GRANTED = ("awarded", "active", "closed")
ASKED_FOR = ("applied", "prospect")
REACHED_WITHIN_DAYS = 366
CHANNEL_WORDS = 180

Spans = list[Span | str]


def channel_page(digest: Digest, part: PriorityPart, *, late: Line | None = None) -> Page:
    """Return one priority as its channel reads it: no amounts, no pipeline, decisions of other groups by id and date.

    At most 180 words, cut as the leadership edition's replies are: it carries a heading and what waits besides.
    """
    title = f"{wording.one_line(part.name)}: {week_of(digest)}"
    first = [Part("header", (line(title),)), *([Part("context", (late,))] if late else ())]
    first += [Part("section", told)] if (told := farewell_words(digest)) else []
    readers = part.channel_words or (f"#{part.channel}" if part.channel else "")
    last = [Part("context", (line(f"Read by {wording.one_line(readers)}"),))] if readers else []

    def build(others: int, details: bool) -> Page:
        funding = funding_line(part, digest, amounts=False, details=details)
        below = (*_waiting(digest, part), *((funding,) if funding else ()), *said_and_done(digest))
        told = up_to_actions(digest, part, spell_out=True, others=others)
        about = Part("section", leading(told, way_to(part)))
        return Page((*first, about, *([Part("section", below)] if below else ()), *last))

    return within_words(build, others=news_among_others(part, digest), most=CHANNEL_WORDS)


def funder_page(digest: Digest, organization: str, organization_name: str | None = None) -> Page:
    """Return the digest as one funder reads it: north star, standings, outcomes and only its own grants."""
    grants = [source for source in digest.sources if source.organization == organization]
    star = north_star_line(digest)
    lines = [priority_line(part, digest.today) for part in digest.priorities]
    parts = [
        Part("header", (line(f"{wording.one_line(digest.coalition_name)}: {week_of(digest)}"),)),
        Part("section", (*((star,) if star else ()), *lines)),
    ]
    if told := farewell_words(digest):
        parts.insert(1, Part("section", told))
    outcomes = _outcomes(digest)
    if outcomes:
        parts.append(Part("section", outcomes))
    if done := said_and_done(digest):
        parts.append(Part("section", done))
    own_lines = _grants(grants, digest)
    if own_lines:
        parts.append(Part("section", own_lines))
    name = organization_name or (grants[0].funder if grants else None)
    readers = f"Read by {wording.one_line(name)}. " if name else ""
    parts.append(Part("context", (line(f"{readers}No other funder's amounts are in it."),)))
    return Page(tuple(parts))


def week_of(digest: Digest) -> str:
    """Return the digest's week by its Monday: "week of Nov 23"."""
    return f"week of {wording.day(wording.monday_of(digest.day), digest.today)}"


def _waiting(digest: Digest, part: PriorityPart) -> list[Line]:
    deciders = dict.fromkeys(one.decider for one in part.decisions_needed)
    found = []
    for decider in deciders:
        waiting = [one for one in part.decisions_needed if one.decider == decider]
        is_own = decider == part.working_group
        whom = wording.with_article(wording.one_line(waiting[0].decider_name))
        items = [_decision(one, digest, with_title=is_own) for one in waiting]
        found.append(line(bold(f"Waiting with {whom}:"), " ", *joined(items, " · ")))
    return found


def _decision(decision: DecisionLine, digest: Digest, *, with_title: bool) -> Spans:
    by = wording.needed_by(decision.needed_by, digest.today)
    title = decision_title(decision, amounts=False) if with_title else None
    spans: Spans = [f"{decision.id}, {by}{f', {decision.count}' if decision.count else ''}"]
    return [*spans, ", ", own(title)] if title else spans


def _outcomes(digest: Digest) -> tuple[Line, ...]:
    today = digest.today
    listed = [outcome for part in digest.priorities for outcome in part.outcomes]
    reached = [one for one in listed if one.completed and (today - one.completed).days <= REACHED_WITHIN_DAYS]
    reached.sort(key=lambda one: one.completed or today, reverse=True)
    overdue = sorted((one for one in listed if one.days_overdue), key=lambda one: one.due)
    ahead = [one for one in listed if one.completed is None and not one.days_overdue]
    first = min((one.due for one in ahead), default=None)
    following = [one for one in ahead if one.due == first]

    def due(one: OutcomeLine) -> Spans:
        return [own(one.name), f", due {wording.day(one.due, today)}"]

    rows: tuple[tuple[str, list[Spans]], ...] = (
        ("Reached:", [[own(one.name), f" ({wording.day(one.completed, today)})"] for one in reached if one.completed]),
        ("Overdue:", [due(one) for one in overdue]),
        ("Next:", [due(one) for one in following]),
    )
    return tuple(line(bold(label), " ", *joined(items, " · ")) for label, items in rows if items)


def _grants(sources: list[SourceLine], digest: Digest) -> tuple[Line, ...]:
    found = []
    for source in sources:
        if source.status in GRANTED:
            found.append(line(bold("Your grant:"), " ", *_grant(source, digest)))
        elif source.status in ASKED_FOR:
            found.append(line(bold("Asked of you:"), " ", *_grant(source, digest)))
    return tuple(found)


def _grant(source: SourceLine, digest: Digest) -> Spans:
    shares = [
        f"{wording.one_line(one.to_name)} {wording.amount(one.amount, digest.currency)}" for one in source.allocations
    ]
    spans: Spans = [own(source.name), f", {wording.amount(source.amount, digest.currency)}"]
    spans.append(f": {', '.join(shares)}." if shares else ".")
    if source.status in GRANTED and source.report_due is not None:
        spans.append(f" {wording.sentence(wording.coming_report(source.report_due, digest.today))}.")
    return spans
