"""What stands on a priority's canvas: how it stands, its figures, what is next, open actions and decisions, meetings.

Who reads it are a channel's people, so it tells what the channel edition of a digest may: no amounts, no pipeline, no
recommendation, no item that only some may see, and nobody's name for what is missing. What was answered in a check-in
is told there once a digest has told it, as the check-in promises. How it looks is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import wording
from bot.domain.actions import ActionLine
from bot.domain.checkins import disagrees
from bot.domain.decisions import DecisionLine
from bot.domain.digests import NOT_REPORTED as WITHOUT_FIGURE
from bot.domain.digests import (
    Digest,
    Line,
    PriorityPart,
    Span,
    blocker_line,
    bold,
    decision_title,
    latest_words,
    line,
    not_reported,
    numbers_say,
    outcome_due,
    own,
    owner_says,
)
from bot.domain.metrics import MetricLine

# The fullest form first: how many rows a list has at most, and how many characters of people's own words stay.
SIZES = ((20, 160), (14, 120), (10, 100), (8, 80), (6, 70), (4, 60), (3, 50), (2, 40), (1, 30))
MOST_MEETINGS = 3

Spans = list[Span | str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head, all of the same length."""

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below a heading: lines, a table, lines again."""

    heading: str | None
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    after: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """A message in a channel, which a page can lead to."""

    channel_id: str
    ts: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the newest digest said of a priority."""

    digest: Digest
    part: PriorityPart


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """When a priority's group meets next, in the coalition's zone."""

    name: str
    starts_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasPage:
    """Everything that a priority's canvas is made of. `digest` holds what everybody may see, as of now."""

    digest: Digest
    part: PriorityPart
    told: Told | None
    next_digest_at: datetime | None  # in the coalition's zone
    latest: Post | None  # of a digest, in the same channel
    meetings: tuple[NextMeeting, ...]

    @property
    def title(self) -> str:
        return title_of(self.part.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWords:
    """What a canvas says once nobody keeps it up any more: why, in a sentence, and where to look instead."""

    name: str
    why: str

    @property
    def title(self) -> str:
        return title_of(self.name)


def title_of(name: str) -> str:
    """What a canvas is called; the bot tells by it, beside other signs, that a canvas is its own."""
    return f"{wording.cut(wording.one_line(name), 100)}: where it stands"


def first_words(page: CanvasPage) -> Line:
    """Who writes it, what becomes of what others write, and where to say something instead."""
    where = f"Say it in #{wording.one_line(page.part.channel)}" if page.part.channel else "Say it in the channel"
    return line(
        "Backbeat writes this page and keeps it up to date. What anybody else writes into it is replaced. "
        f"{where}, or to Backbeat."
    )


def sections(page: CanvasPage, most: int, words: int) -> Iterator[Section]:
    """The page from its top, with at most so many rows a list and so many characters of people's own words each."""
    yield Section(None, (first_words(page),))
    yield Section("How it stands", tuple(_standing(page, words)))
    yield _figures(page, most, words)
    yield Section("Next outcome", (_next_outcome(page, words),))
    yield _actions(page, most, words)
    yield Section("Open decisions", tuple(_decisions(page, most, words)))
    yield Section("Next meetings", tuple(_meetings(page, words)))


def last_section(words: LastWords) -> Section:
    return Section(None, (line(f"{words.why} What stood here is not kept up any more."),))


def _standing(page: CanvasPage, words: int) -> Iterator[Line]:
    today, told, headline = page.digest.today, page.told, page.part.headline
    numbers = numbers_say(headline, today, with_figure=False)
    if told is None:
        when = page.next_digest_at
        first = f" in the first digest, {wording.near_day(when.date(), today)}" if when is not None else " in a digest"
        yield line(*numbers)
        yield line(f"What its owner says is told{first}, and here from then on.")
        return
    spans: Spans = [*owner_says(told.part, told.digest.today), " · ", *numbers]
    status = headline.status if headline is not None else None
    if disagrees(told.part.standing.assessment, status):
        spans += [" · ", bold("They disagree")]
    yield line(*spans)
    yield line(f"What its owner says is as in the digest of {wording.near_day(told.digest.day, today)}.")
    blocker = blocker_line(told.part, told.digest)
    if blocker is not None:
        yield _cut(blocker, words * 2)


def _figures(page: CanvasPage, most: int, words: int) -> Section:
    metrics = sorted(page.part.metrics, key=lambda one: not one.headline)
    if not metrics:
        return Section("Figures", (line("No figure is set up yet."),))
    head = ("Figure", "Baseline", "Latest", "Expected", "Target", "Numbers say")
    shown = metrics[:most]
    rows = tuple(_figure_row(one, page, words) for one in shown)
    is_whole = len(shown) == len(metrics)
    after = () if is_whole else (line(f"{len(shown)} of {len(metrics)} figures."),)
    return Section("Figures", (), Table(head, rows), after)


def _figure_row(metric: MetricLine, page: CanvasPage, words: int) -> tuple[Line, ...]:
    today, none = page.digest.today, line("–")
    name = wording.cut(wording.one_line(metric.name), words)
    baseline = none
    if metric.baseline is not None:
        on = wording.day(metric.baseline.on, today)
        baseline = line(f"{wording.entered(metric.baseline.value, metric.unit)} ({on})")
    target = none
    if metric.target is not None:
        value, by = wording.entered(metric.target.value, metric.unit), wording.day(metric.target.on, today)
        target = line(f"keep at {value} until {by}" if metric.direction == "maintain" else f"{value} by {by}")
    expected = none
    if metric.expected is not None and metric.direction != "maintain":
        expected = line(wording.computed(metric.expected, metric.unit))
    says = not_reported(metric, today) if metric.status in WITHOUT_FIGURE else wording.status(metric.status)
    return (
        line(bold(name) if metric.headline else own(name)),
        baseline,
        line(latest_words(metric, today)) if metric.latest is not None else none,
        expected,
        target,
        line(says),
    )


def _next_outcome(page: CanvasPage, words: int) -> Line:
    outcome = page.part.next_outcome
    if outcome is None:
        return line("None is open.")
    due = outcome_due(page.part, page.digest.today, with_day=True)
    return line(bold(wording.cut(wording.one_line(outcome.name), words)), f", {due}")


def _actions(page: CanvasPage, most: int, words: int) -> Section:
    actions = page.part.actions
    late = {one.id for one in actions.overdue}
    heading = "Open actions, by organization"
    if not actions.open:
        return Section(heading, (line("None is open."),))
    counts = line(f"{len(actions.open)} open, {len(late)} overdue, {len(actions.done)} done in the last seven days.")
    # What is overdue is never what is left out for want of room.
    urgent = sorted(actions.open, key=lambda one: (one.id not in late, one.due, one.id))[:most]
    urgent.sort(key=lambda one: (wording.one_line(one.organization_name).casefold(), one.due, one.id))
    rows = tuple(_action_row(one, page, words, is_late=one.id in late) for one in urgent)
    after: tuple[Line, ...] = ()
    if len(rows) < len(actions.open):
        after = (
            line(f"{len(rows)} of {len(actions.open)}; “action list {page.part.id}”, typed to Backbeat, shows all."),
        )
    return Section(heading, (counts,), Table(("Organization", "Action", "Due"), rows), after)


def _action_row(action: ActionLine, page: CanvasPage, words: int, *, is_late: bool) -> tuple[Line, ...]:
    today = page.digest.today
    due = wording.near_day(action.due, today)
    if is_late:
        due = f"{wording.day(action.due, today)}, {wording.days_overdue(action.days_overdue)}"
    title = wording.cut(wording.one_line(action.title), words)
    return (
        line(own(wording.cut(wording.one_line(action.organization_name), words))),
        line(f"{action.id} ", own(title)),
        line(bold(due)) if is_late else line(due),
    )


def _decisions(page: CanvasPage, most: int, words: int) -> Iterator[Line]:
    needed = page.part.decisions_needed
    if not needed:
        yield line("None waits.")
    for one in needed[:most]:
        yield line(*_decision(one, page, words), bullet=True)
    if len(needed) > most:
        yield line(f"{most} of {len(needed)}.")


def _decision(decision: DecisionLine, page: CanvasPage, words: int) -> Spans:
    """Those of other groups go by id and date, as in the channel edition."""
    by = wording.needed_by(decision.needed_by, page.digest.today)
    whom = wording.with_article(wording.cut(wording.one_line(decision.decider_name), words))
    spans: Spans = [bold(decision.id), f", {by}, with {whom}{f', {decision.count}' if decision.count else ''}"]
    is_own = decision.decider == page.part.working_group
    title = decision_title(decision, amounts=False) if is_own else None
    return [*spans, ": ", own(wording.cut(wording.one_line(title), words))] if title else spans


def _meetings(page: CanvasPage, words: int) -> Iterator[Line]:
    if not page.meetings:
        yield line("None is planned.")
    for one in page.meetings[:MOST_MEETINGS]:
        name = bold(wording.cut(wording.one_line(one.name), words))
        yield line(name, f", {wording.day_and_clock(one.starts_at, page.digest.today)}", bullet=True)


def _cut(one: Line, most: int) -> Line:
    """The line with people's own text cut to so many characters."""
    spans: Sequence[Span] = tuple(
        Span(wording.cut(span.text, most), span.bold, span.quoted) if span.may_cut else span for span in one.spans
    )
    return Line(tuple(spans), one.bullet)
