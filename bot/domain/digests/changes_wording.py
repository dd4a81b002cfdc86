"""How the digest tells what changed since the last one, a line for each thing, and what was promised and came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from bot.domain import wording
from bot.domain.digests.figures import NEW, RESTATED, figure_of, news_of
from bot.domain.digests.pages import Line, Span, Way, bold, joined, line, own, said
from bot.domain.digests.parts import AskLine, Change, Digest, FigureNews
from bot.domain.digests.wording import asked_name, chosen_outcome, moved_words
from bot.domain.metrics import Figure, MetricLine
from bot.domain.vocabularies import AskState

# More figures than this are counted where changes are told; each stands in its priority's reply.
MOST_FIGURES = 5
# Of moved actions so many are named, those that moved most often first.
MOST_MOVED = 5

Spans = list[Span | str]

_ANSWERS = (("yes", "Promised and true"), ("in_part", "Promised, true in part"), ("not_yet", "Promised, not yet"))


def changed_title(digest: Digest) -> Span:
    """Return the heading of what changed; it names the day of the digest that this one is compared with."""
    if digest.compared_with is None:
        return bold("This is the first digest, so there is nothing to compare yet.")
    return bold(f"Changed since {wording.near_day(digest.compared_with.date(), digest.today)}")


def changed_lines(digest: Digest, *, amounts: bool) -> tuple[Line, ...]:
    """Return what changed, most telling first; what did not change is one line at the end."""
    told = list(_told(digest, amounts=amounts))
    told.extend(_promises(digest))
    quiet = _unchanged(digest)
    if quiet:
        told.append(line(quiet, bullet=True))
    return tuple(told)


def _told(digest: Digest, *, amounts: bool) -> Iterator[Line]:
    metrics = {metric.id: metric for _, metric in digest.metrics()}
    by_kind: dict[str, list[Change]] = {}
    for change in digest.changed:
        by_kind.setdefault(change.kind, []).append(change)
    for change in by_kind.get("standing", ()):
        old = f"{wording.status(change.old)} → " if change.old else "new, "
        yield _bullet("Standing: ", change, f", {old}{wording.status(change.new)}")
    for change in by_kind.get("confidence", ()):
        if change.old is not None and change.new is not None and change.new < change.old:
            yield _bullet("Confidence fell: ", change, f", {change.old} → {change.new} of 10")
    yield from _figures(digest, by_kind.get("metric_status", []), metrics)
    for change in by_kind.get("outcome", ()):
        yield _outcome(change, digest)
    yield from _moved(digest)
    for change in by_kind.get("escalated", ()):
        yield _bullet("Escalated: ", change, _of(change))
    made = {one.id: one for one in digest.decisions_made}
    for change in by_kind.get("decided", ()):
        title = change.subject_name
        shown = own(title) if amounts or not wording.may_hold_amount(title) else change.subject
        way = Way("decision", change.subject, shown.text if isinstance(shown, Span) else shown)
        outcome = chosen_outcome(made[change.subject], amounts=amounts) if change.subject in made else None
        came_to: Spans = [": ", own(outcome)] if outcome is not None else []
        yield line("Decided: ", shown, *came_to, _of(change), bullet=True, ways=[way])
    for ask in digest.asks_told:
        yield _told_ask(ask, digest)
    for change in by_kind.get("retargeted", ()):
        yield _bullet("New target: ", change, _retargeted(change, metrics, digest.today))
    owners = {part.id: part.owner_name for part in digest.priorities}
    for change in by_kind.get("owner", ()):
        yield _bullet("New owner: ", change, f", {wording.one_line(owners.get(change.subject, ''))}")


_CAME = {AskState.CAME_THROUGH: "came through", AskState.FELL_THROUGH: "did not come through"}


def _told_ask(ask: AskLine, digest: Digest) -> Line:
    """What was answered, and what came of it, in one line."""
    about: Spans = [said(ask.text), f" ({wording.one_line(ask.priority_name)})"]
    ways = [Way("priority", ask.priority, ask.priority_name)]
    came = _CAME.get(ask.outcome) if ask.outcome is not None else None
    if not ask.is_answer_new and came:
        return line(f"Ask {came}: ", *about, bullet=True, ways=ways)
    whom = wording.sentence(asked_name(ask, digest) or "somebody")
    answers = {"can_help": "can help", "talk": "would like to talk about it", "not_us": "can't help with it"}
    answer = answers.get(ask.answer or "", "answered")
    if ask.answer == "not_us" and ask.suggested_name:
        answer = f"suggested {wording.one_line(ask.suggested_name)}"
    return line(
        f"Ask answered: {whom} {answer}{f'; it {came}' if came else ''}, ",
        *about,
        bullet=True,
        ways=ways,
    )


def _moved(digest: Digest) -> Iterator[Line]:
    """Actions whose date moved: "A-101 moved to Jan 15, third time: Legal is closed (Return the wording)"."""
    for one in digest.moved_actions[:MOST_MOVED]:
        yield line(*moved_words(one, digest.today), bullet=True)
    rest = len(digest.moved_actions) - MOST_MOVED
    if rest > 0:
        yield line(f"{wording.plural(rest, 'more action')} moved", bullet=True)


def _promises(digest: Digest) -> Iterator[Line]:
    for answer, words in _ANSWERS:
        kept = [one for one in digest.promises if one.came_true == answer]
        told: list[Spans] = [[said(one.text), f" ({wording.one_line(one.priority_name)})"] for one in kept]
        if told:
            ways = [Way("priority", one.priority, one.priority_name) for one in kept]
            yield line(f"{words}: ", *joined(told, " "), bullet=True, ways=ways)


def _unchanged(digest: Digest) -> str:
    kinds = {change.kind for change in digest.changed}
    standing = "standing" in kinds
    figure = bool(kinds & {"metric_status", "restated", "retargeted"} or news_of(digest))
    if standing and figure:
        return ""
    if standing:
        return "No figure changed"
    return "No standing changed" if figure else "No standing and no figure changed"


def first_lines(digest: Digest) -> tuple[Line, ...]:
    """What the first digest has to tell of changes: the figures that people have recorded."""
    return tuple(_figures(digest, [], {metric.id: metric for _, metric in digest.metrics()}))


def _figures(digest: Digest, turned: Sequence[Change], metrics: dict[str, MetricLine]) -> Iterator[Line]:
    """Figures whose status changed, and those that were recorded: each once, or a count where they are many."""
    news = news_of(digest)
    is_many = len(news) > MOST_FIGURES
    told = set()
    for change in turned:
        own_news = None if is_many else _latest_news(news, metrics.get(change.subject))
        if own_news is not None:
            told.add((own_news.metric, own_news.period_end))
        now = _now(change, own_news, metrics, digest.today)
        yield _bullet("Numbers: ", change, f", {wording.status(change.old)} → {now}")
    if is_many:
        restated = sum(one.kind == RESTATED for one in news)
        of_them = f", {restated} of them restated" if restated else ""
        yield line(f"{len(news)} figures recorded{of_them}: each stands with its priority", bullet=True)
        return
    for one in news:
        figure = figure_of(metrics[one.metric], one) if one.metric in metrics else None
        if figure is not None and (one.metric, one.period_end) not in told:
            yield _recorded(one, figure, metrics[one.metric], digest.today)


def _recorded(news: FigureNews, figure: Figure, metric: MetricLine, today: date) -> Line:
    """One figure: "New figure: Seats, 134 seats (as of Sep 30)", "Restated: Seats, Jun 30: 104 → 110 seats"."""
    on, ways = wording.day(news.period_end, today), [Way("figure", metric.id, metric.name)]
    if news.kind == RESTATED:
        values = f": {_change_of(news, figure, metric)}" if news.old is not None and figure.value is not None else ""
        return line("Restated: ", own(metric.name), f", {on}{values}", bullet=True, ways=ways)
    value = "withheld" if figure.value is None else wording.figure(figure.value, metric.unit)
    quality = ", provisional" if figure.quality == "provisional" else ""
    label = "New figure: " if news.kind == NEW else "Confirmed: "
    return line(
        label,
        own(metric.name),
        f", {value} (as of {on}{quality})",
        bullet=True,
        ways=ways,
    )


def _change_of(news: FigureNews, figure: Figure, metric: MetricLine) -> str:
    if news.old is None or figure.value is None:
        return "withheld" if figure.value is None else wording.figure(figure.value, metric.unit)
    return f"{wording.entered(news.old, metric.unit)} → {wording.figure(figure.value, metric.unit)}"


def _latest_news(news: Sequence[FigureNews], metric: MetricLine | None) -> FigureNews | None:
    """The news about a metric's latest figure, which its change of status rests on."""
    if metric is None or metric.latest is None:
        return None
    latest = (metric.id, metric.latest.period_end)
    return next((one for one in news if (one.metric, one.period_end) == latest), None)


def _bullet(label: str, change: Change, rest: str) -> Line:
    return line(label, own(change.subject_name), rest, bullet=True, ways=_ways(change))


def _ways(change: Change) -> list[Way]:
    """What changed itself, where it has a card of its own, else its priority."""
    kinds: dict[str, Literal["figure", "issue", "priority"]] = {
        "metric_status": "figure",
        "restated": "figure",
        "retargeted": "figure",
        "escalated": "issue",
        "standing": "priority",
        "confidence": "priority",
        "owner": "priority",
    }
    kind = kinds.get(change.kind)
    if kind is not None:
        return [Way(kind, change.subject, change.subject_name)]
    if change.priority is not None and change.priority_name is not None:
        return [Way("priority", change.priority, change.priority_name)]
    return []


def _of(change: Change) -> str:
    return f" ({wording.one_line(change.priority_name)})" if change.priority_name else ""


def _now(change: Change, news: FigureNews | None, metrics: dict[str, MetricLine], today: date) -> str:
    """The status as it is now, with the figure where that was recorded since: "off track, 20 people (as of Sep 30)"."""
    metric = metrics.get(change.subject)
    words = wording.status(change.new)
    if metric is None or metric.latest is None:
        return words
    if news is not None:
        restated = "restated " if news.kind == RESTATED else ""
        words += f", {restated}{_change_of(news, metric.latest, metric)}"
    provisional = ", provisional" if news is not None and metric.latest.quality == "provisional" else ""
    return f"{words} (as of {wording.day(metric.latest.period_end, today)}{provisional})"


def _outcome(change: Change, digest: Digest) -> Line:
    outcome = next(one for part in digest.priorities for one in part.outcomes if one.id == change.subject)
    if outcome.completed is not None:
        return _bullet("Outcome reached: ", change, f" ({wording.day(outcome.completed, digest.today)})")
    due = wording.day(outcome.due, digest.today)
    if outcome.days_overdue:
        return _bullet("Outcome past its date: ", change, f", due {due}{_of(change)}")
    return _bullet("Outcome open again: ", change, f", due {due}{_of(change)}")


def _retargeted(change: Change, metrics: dict[str, MetricLine], today: date) -> str:
    metric = metrics.get(change.subject)
    unit = metric.unit if metric else ""
    return f", {_target(change.old, unit, today)} → {_target(change.new, unit, today)}"


def _target(value: Any, unit: str, today: date) -> str:
    """A target's value, or its date where that is what moved."""
    if value is None:
        return "none"
    if isinstance(value, int | Decimal):
        return wording.entered(value, unit)
    return wording.day(date.fromisoformat(value), today)
