"""A priority as people meet it: its card, a list of priorities, and finding the one that was named. Pure.

The card says what the digest says, by the same rules and in the same words. Editing is in `plans`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.checkins import SetAnswer, Stocktake, forecast_of_stocktake
from bot.domain.decisions import DecisionLine
from bot.domain.digests import (
    Digest,
    Line,
    OutcomeLine,
    Page,
    Part,
    PriorityPart,
    Span,
    bold,
    decision_title,
    funding_line,
    line,
    listed,
    other_metrics,
    own,
    said,
    summary_lines,
    up_to_actions,
)
from bot.domain.issues import IssueLine
from bot.domain.people import PrivateNote
from bot.domain.record import EndOf
from bot.domain.typed import Known, match_known, nearest
from bot.domain.vocabularies import CanvasUse, Lens
from bot.domain.wording import cut, day, days_overdue, near_day, needed_by, one_line, sentence, with_article
from bot.errors import UserError

MOST_LISTED = 6
MOST_FORECASTS = 3

Spans = list[Span | str]


class UnknownPriority(UserError):
    """No priority, or more than one, is called that. `suggestion` is the one that was probably meant."""

    def __init__(self, message: str, suggestion: Known | None, count: int) -> None:
        super().__init__(message, field="priority")
        self.suggestion = suggestion
        self.count = count


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityCard:
    """One priority for one reader. `amounts`: whether they may see its money.

    `is_summary`: they read what the roll-up says of it, and nothing else.
    """

    digest: Digest
    part: PriorityPart
    issues: tuple[IssueLine, ...]
    group_name: str | None
    amounts: bool
    may_edit: bool  # at once or by a proposal
    may_add_action: bool
    notes: tuple[PrivateNote, ...] = ()  # to the coordinators, for them only
    answers: tuple[SetAnswer, ...] = ()  # to what its check-ins ask beyond how it stands
    stocktakes: tuple[Stocktake, ...] = ()  # newest first; of the earlier ones only the forecast is told
    is_summary: bool = False
    lens: Lens | None = None
    is_public: bool = False
    canvas: CanvasUse = CanvasUse.USUAL
    public_outcomes: frozenset[str] = frozenset()  # their ids
    end: EndOf | None = None
    outcomes_end: Mapping[str, date] = field(default_factory=dict, hash=False)  # last days, by their ids

    @property
    def page(self) -> Page:
        return card_page(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityList:
    """Somebody's priorities, or all that they may read; `readable` is how many there are for them."""

    digest: Digest
    parts: tuple[PriorityPart, ...]
    readable: int
    is_everything: bool
    may_add: bool


def card_page(card: PriorityCard) -> Page:
    """The card's text."""
    if card.is_summary:
        return _summary_page(card)
    digest, part = card.digest, card.part
    today = digest.today
    others = sum(1 for _ in other_metrics(part, digest))
    lines = [*up_to_actions(digest, part, spell_out=True, others=min(others, MOST_LISTED))]
    if part.goal:
        lines.insert(1, line(bold("Goal:"), " ", own(cut(one_line(part.goal), 300))))
    below = [
        listed("Outcomes", part.outcomes, lambda one: _outcome(one, card), MOST_LISTED),
        listed("Decisions", part.decisions_needed, lambda one: _decision(one, card), MOST_LISTED),
        listed("Issues", card.issues, _issue, MOST_LISTED),
        funding_line(part, digest, amounts=card.amounts),
    ]
    told = tuple(one for one in below if one is not None)
    about = [f"Owner: {one_line(part.owner_name)}"]
    if card.group_name:
        about.append(f"Group: {one_line(card.group_name)}")
    if part.channel:
        about.append(f"#{one_line(part.channel)}")
    if card.lens:
        about.append(f"Lens: {card.lens}")
    if card.is_public:
        about.append("On the public page")
    if card.canvas != CanvasUse.USUAL:
        about.append("No canvas" if card.canvas == CanvasUse.NEVER else "Canvas for whoever is in the channel")
    if card.end is not None and card.end.ended is not None:
        about.append(f"Ends {near_day(card.end.ended, today)}")
    return Page(
        (
            Part("section", tuple(lines)),
            *([Part("section", told)] if told else ()),
            *(Part("section", tuple(_stocktake(card, today))) for _ in card.stocktakes[:1]),
            *(Part("section", tuple(_answers(one, today))) for one in card.answers),
            Part("context", (line(" · ".join(about)),)),
        )
    )


def _summary_page(card: PriorityCard) -> Page:
    """What the roll-up says of a priority: how it stands, its headline figure, what is in the way and overdue."""
    readers = "its working group, steering and the coordinators"
    return Page(
        (
            Part("section", summary_lines(card.digest, card.part)),
            Part("context", (line(f"This is what the digest says of it. More is read by {readers}."),)),
        )
    )


def find_priority(typed: str, priorities: Sequence[Known], *, whole: bool = False) -> Known:
    """The priority that is meant, by id, name or an unambiguous beginning; `whole`: only by all of its id or name.

    Raises UnknownPriority where there is none or more than one.
    """
    found = match_known(typed.strip(" “”\"'#"), priorities)
    if whole:
        found = [one for one in found if typed.strip().casefold() in {one.id.casefold(), one_line(one.name).casefold()}]
    if len(found) == 1:
        return found[0]
    shown = cut(one_line(typed), 60)
    if found:
        names = "; ".join(one_line(one.name) for one in found[:5])
        raise UnknownPriority(f"Several priorities fit “{shown}”: {names}. Type a little more.", None, len(priorities))
    near = nearest([one_line(typed)], priorities, _words)
    hint = f" Did you mean {one_line(near.name)}?" if near is not None else ""
    raise UnknownPriority(f"I don't know the priority “{shown}”.{hint}", near, len(priorities))


def outcome_state(outcome: OutcomeLine, today: date) -> str:
    """How an outcome stands: "reached Oct 19", "due Dec 31", "56 days overdue (Sep 30)"."""
    if outcome.completed is not None:
        return f"reached {day(outcome.completed, today)}"
    if outcome.days_overdue:
        return f"{days_overdue(outcome.days_overdue)} ({day(outcome.due, today)})"
    return f"due {near_day(outcome.due, today)}"


def _words(one: Known) -> tuple[str, ...]:
    return (one.id, one_line(one.name), *one.id.split("-"), *one_line(one.name).split())


def _answers(answer: SetAnswer, today: date) -> Iterator[Line]:
    yield line(bold(f"{answer.checkin}, {day(answer.on, today)}"), f" ({one_line(answer.by_name)})")
    for one in answer.said:
        yield line(f"{one.label} ", said(one.words, may_cut=False) if one.is_text else own(one.words))


def _stocktake(card: PriorityCard, today: date) -> Iterator[Line]:
    """The newest stocktake, and what came true of those before it."""
    newest, *earlier = card.stocktakes
    decision = f" · asks for {newest.decision_id}" if newest.decision_id else ""
    yield line(bold(f"{newest.checkin}, {day(newest.on, today)}"), f" ({one_line(newest.by_name)}){decision}")
    headline = card.part.headline.name if card.part.headline is not None else None
    told = [words for one in (newest, *earlier) if (words := forecast_of_stocktake(one, today, headline))]
    for words in told[:MOST_FORECASTS]:
        yield line(own(sentence(words)), bullet=True)
    for one in newest.said:
        yield line(bold(one.label), " ", said(one.words, may_cut=False) if one.is_text else own(one.words))


def _outcome(outcome: OutcomeLine, card: PriorityCard) -> Spans:
    public = ", on the public page" if outcome.id in card.public_outcomes else ""
    last = card.outcomes_end.get(outcome.id)
    ends = f", ends {near_day(last, card.digest.today)}" if last is not None else ""
    return [own(outcome.name), f", {outcome_state(outcome, card.digest.today)}{public}{ends}"]


def _decision(decision: DecisionLine, card: PriorityCard) -> Spans:
    title = decision_title(decision, amounts=card.amounts)
    by = needed_by(decision.needed_by, card.digest.today)
    whom = with_article(one_line(decision.decider_name))
    spans: Spans = [f"{decision.id}, {by}, with {whom}{f', {decision.count}' if decision.count else ''}"]
    return [*spans, ": ", own(title)] if title else spans


def _issue(issue: IssueLine) -> Spans:
    where = f", with {with_article(one_line(issue.escalated_to_name))}" if issue.escalated_to_name else ""
    return [f"{issue.id} ", own(issue.title), where]
