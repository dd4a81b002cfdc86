"""The pages below the digest's main message: one for each priority and the closing one, each at most 140 words.

A long one is cut in this order: other figures, then next report and match, then people's own text; never the standing,
the ask or a date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain import wording
from bot.domain.actions import WaitLine
from bot.domain.decisions import DecisionLine
from bot.domain.digests.figure_lines import metric_line, short_metric_line
from bot.domain.digests.pages import Line, Page, Part, Span, Way, bold, joined, leading, line, name_of, own, shorten
from bot.domain.digests.parts import Digest, MeetingLine, PriorityPart
from bot.domain.digests.wording import (
    actions_line,
    blocker_line,
    chosen_outcome,
    decision_title,
    funding_line,
    head_line,
    is_new,
    is_quiet,
    moved_line,
    named,
    other_metrics,
    outcome_due,
    owner_words,
    story_lines,
    way_to,
)

REPLY_WORDS = 140
_MOST_LISTED = 30  # more than 140 words have room for
_OWN_WORDS = (30, 20, 14, 10, 7, 5, 4, 3, 2, 1)

Spans = list[Span | str]
Item = TypeVar("Item")
PageBuilder = Callable[[int, bool], Page]


def reply(digest: Digest, part: PriorityPart, *, amounts: bool) -> Page:
    """Return a priority's page of the leadership edition; one line where nothing moved in a quiet week."""
    if is_quiet(digest) and _stands_still(digest, part):
        return Page((Part("section", leading((_quiet_line(digest, part),), way_to(part))),))
    return within_words(
        lambda others, details: Page(
            (
                Part(
                    "section",
                    (
                        *leading(up_to_actions(digest, part, spell_out=False, others=others), way_to(part)),
                        *_optional(funding_line(part, digest, amounts=amounts, details=details)),
                    ),
                ),
            )
        ),
        others=news_among_others(part, digest),
    )


def summary_lines(digest: Digest, part: PriorityPart) -> tuple[Line, ...]:
    """Return how a priority stands, its headline figure, what is in the way and what is overdue."""
    headline = part.headline
    return (
        head_line(part, digest.today, spell_out=True),
        *_optional(metric_line(headline, digest, with_status=False) if headline else None),
        *_optional(blocker_line(part, digest)),
        actions_line(part),
    )


def news_among_others(part: PriorityPart, digest: Digest) -> list[bool]:
    """Of each figure beside the headline one that is worth a line: whether it was recorded since the last digest."""
    return [is_new(metric, digest) for metric in other_metrics(part, digest)]


def up_to_actions(digest: Digest, part: PriorityPart, *, spell_out: bool, others: int) -> tuple[Line, ...]:
    """Return a priority's lines but for the money, with the first `others` figures beside the headline one.

    With `spell_out` the first line says both what the owner and what the numbers say.
    """
    figures = [short_metric_line(metric, digest) for metric in other_metrics(part, digest)]
    headline = part.headline
    told = spell_out or part.disagrees
    return (
        head_line(part, digest.today, spell_out=spell_out),
        *_optional(metric_line(headline, digest, with_status=not told) if headline else None),
        *figures[:others],
        *story_lines(part, digest),
        actions_line(part),
        *_optional(moved_line(part, digest)),
    )


def within_words(build: PageBuilder, *, others: Sequence[bool], most: int = REPLY_WORDS) -> Page:
    """Return the fullest page of at most `most` words that `build(how many other figures, whether details)` makes.

    `others` says of each other figure whether it was recorded since the last digest: leaving out such a one is said.
    """
    for shown, details in (*((count, True) for count in range(len(others), -1, -1)), (0, False)):
        page = build(shown, details)
        recorded = sum(others[shown:])
        if recorded:
            words = f"{sum(others[:shown])} of {sum(others)} recorded figures shown. /priority shows all."
            page = Page((*page.parts, Part("context", (line(words),))))
        if page.words <= most:
            return page
    page = build(0, False)
    left_out = f", without {wording.plural(sum(others), 'figure')}" if sum(others) else ""
    for each in _OWN_WORDS:
        note = Part("context", (line(f"Cut to fit{left_out}. /priority shows all."),))
        shorter = Page((*shorten(page, each).parts, note))
        if shorter.words <= most:
            break
    return shorter


def closing(digest: Digest, *, amounts: bool) -> Page:
    """Return the last page: waits between organizations, decisions made, next week's meetings."""
    longest = max(len(digest.waits), len(digest.decisions_made), len(digest.upcoming_meetings), 1)
    for most in range(min(longest, _MOST_LISTED), 0, -1):
        page = _closing(digest, most, amounts=amounts)
        if page.words <= REPLY_WORDS:
            return page
    for each in _OWN_WORDS:
        shorter = shorten(page, each)
        if shorter.words <= REPLY_WORDS:
            break
    return shorter


def _closing(digest: Digest, most: int, *, amounts: bool) -> Page:
    """The last page with at most so many of each; where some are left out, the label says of how many."""

    def decided(one: DecisionLine) -> Spans:
        return _decided(one, digest, amounts=amounts)

    waits, made, upcoming = digest.waits[:most], digest.decisions_made[:most], digest.upcoming_meetings[:most]
    told = (
        *said_and_done(digest),
        *_leading_each(
            listed("Waits between organizations", digest.waits, _wait, most, "; "),
            (Way("action", one.action, one.title) for one in waits),
        ),
        *_leading_each(
            listed("Decided", digest.decisions_made, decided, most),
            (Way("decision", one.id, decision_title(one, amounts=amounts) or one.id) for one in made),
        ),
        *_leading_each(
            listed("Next week", digest.upcoming_meetings, lambda one: _meeting(one, digest), most),
            (Way("meeting", one.cadence, one.name) for one in upcoming),
        ),
    )
    return Page((Part("section", told or (line(bold("Next week:"), " no meeting"),)),))


def said_and_done(digest: Digest) -> tuple[Line, ...]:
    """What was done in answer to pulses, a line for each round."""
    return tuple(
        line(
            bold("You said, we did:"),
            " ",
            name_of(one.name),
            f", {wording.day(one.on, digest.today)}: ",
            own(wording.one_line(one.did)),
        )
        for one in digest.said_and_done
    )


def listed(
    label: str, items: Sequence[Item], words: Callable[[Item], Spans], most: int, separator: str = " · "
) -> Line | None:
    """Return at most so many things in a line, whose label says of how many where some are left out."""
    if not items:
        return None
    count = f", {most} of {len(items)}" if len(items) > most else ""
    return line(bold(f"{label}{count}:"), " ", *joined((words(one) for one in items[:most]), separator))


def _leading_each(one: Line | None, ways: Iterable[Way]) -> tuple[Line, ...]:
    return () if one is None else (replace(one, ways=tuple(ways)),)


def _wait(wait: WaitLine) -> Spans:
    return [name_of(wait.organization_name), " waits for ", name_of(wait.waiting_on_name), ": ", own(wait.title)]


def _decided(decision: DecisionLine, digest: Digest, *, amounts: bool) -> Spans:
    title = decision_title(decision, amounts=amounts)
    spans: Spans = [own(title) if title else decision.id]
    outcome = chosen_outcome(decision, amounts=amounts)
    if outcome is not None:
        spans += [": ", own(outcome)]
    if decision.priority_name:
        spans += [" (", name_of(decision.priority_name), ")"]
    if decision.decided_on is not None:
        spans.append(f", {wording.day(decision.decided_on, digest.today)}")
    if decision.delegated:
        spans += [", delegated to ", name_of(wording.with_article(wording.one_line(decision.decider_name)))]
    return spans


def _meeting(meeting: MeetingLine, digest: Digest) -> Spans:
    starts_at = meeting.starts_at.astimezone(ZoneInfo(digest.timezone))
    when = wording.day_and_clock(starts_at, digest.today)
    spans: Spans = [
        own(meeting.name),
        ", ",
        Span(when, moment=starts_at, with_day=True, with_year=starts_at.year != digest.today.year),
    ]
    if meeting.moved_from is not None:
        same_day = meeting.moved_from.date() == starts_at.date()
        before = wording.clock(meeting.moved_from) if same_day else wording.day(meeting.moved_from.date(), digest.today)
        spans.append(f" (moved from {before})")
    return spans


def _stands_still(digest: Digest, part: PriorityPart) -> bool:
    """Whether nothing moved for a priority: no change, no new figure, and no answer but "no change"."""
    if part.id in {*(one.priority for one in digest.changed), *(one.priority for one in digest.moved_actions)}:
        return False
    if part.context or any(is_new(metric, digest) for metric in part.metrics):
        return False
    return part.moved is None or part.standing.no_change


def _quiet_line(digest: Digest, part: PriorityPart) -> Line:
    pieces: list[Spans] = [named(part), [owner_words(part, digest.today)]]
    if digest.compared_with is not None:
        pieces.append([f"unchanged since {wording.day(digest.compared_with.date(), digest.today)}"])
    due = outcome_due(part, digest.today)
    if due is not None:
        pieces.append([f"next outcome {due}"])
    return line(*joined(pieces, " · "))


def _optional(one: Line | None) -> tuple[Line, ...]:
    return () if one is None else (one,)
