"""The leadership edition as pages: the main message of at most 350 words, then one page a priority and the closing one.

Where the main message cuts a list it says "5 of 12". Whoever reads the digest on demand gets those lists whole, after
the closing page; in a thread they would be longer than all the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain import wording
from bot.domain.decisions import DecisionLine
from bot.domain.digests.changes_wording import changed_lines, changed_title, first_lines
from bot.domain.digests.pages import Line, Page, Part, Span, Way, bold, count_words, leading, line, own, said, shorten
from bot.domain.digests.parts import AskLine, Digest
from bot.domain.digests.replies import closing, reply
from bot.domain.digests.wording import (
    ask_answer,
    asked_name,
    decision_title,
    farewell_words,
    has_reason,
    is_quiet,
    north_star_line,
    priority_line,
    way_to,
)

MAIN_WORDS = 350
READ_BY = "the Steering Committee and the backbone team"
DIVIDER = Part("divider")
# A reason in a line is cut to so many words, and not told at all where fewer than so many are left of it.
_MOST_REASON = 10
_LEAST_REASON = 5
_WHOLE_THERE = "What is cut here is whole under Past digests"
_WHOLE_BELOW = "What is cut here is whole at the end"

Spans = list[Span | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """How much of each list the main message shows; None is all of it."""

    needed: int | None = None
    changed: int | None = None
    priorities: int | None = None
    own_words: int | None = None
    with_figure: bool = True
    because: Mapping[str, int] = field(default_factory=dict)  # by priority: how many words of its blocker


# From everything to very little. At its widest a message has room for about twenty lines of ten words.
_ROOMS = (
    _Room(),
    _Room(own_words=20),
    _Room(own_words=12, changed=10),
    _Room(own_words=9, changed=7, needed=6),
    _Room(own_words=9, changed=7, needed=6, with_figure=False),
    _Room(own_words=7, changed=5, needed=5, priorities=20, with_figure=False),
    _Room(own_words=5, changed=4, needed=4, priorities=16, with_figure=False),
    _Room(own_words=4, changed=3, needed=3, priorities=10, with_figure=False),
    _Room(own_words=3, changed=2, needed=2, priorities=6, with_figure=False),
    _Room(own_words=2, changed=1, needed=1, priorities=3, with_figure=False),
)


def roll_up_pages(
    digest: Digest,
    *,
    amounts: bool,
    occasion: Line,
    in_thread: bool = True,
    own_amounts: Collection[str] = (),
    whole: bool = False,
) -> tuple[Page, ...]:
    """Return the main page, one page a priority, and the closing page; `whole` adds what the main page cut.

    `occasion` is the line below the heading: which week, read by whom. Without `amounts` money is counted in sources,
    but for the priorities of `own_amounts`.
    """
    replies = [reply(digest, part, amounts=amounts or part.id in own_amounts) for part in digest.priorities]
    end = _end(digest, len(replies) + 1, in_thread=in_thread)
    for room in _ROOMS:
        rest = _rest(digest, room, amounts=amounts)
        where = f" · {_WHOLE_THERE if in_thread else _WHOLE_BELOW}" if rest else ""
        main = _main(digest, room, amounts=amounts, occasion=occasion, end=f"{end}{where}")
        if main.words <= MAIN_WORDS:
            because = _because(digest, room, MAIN_WORDS - main.words)
            main = _main(
                digest, replace(room, because=because), amounts=amounts, occasion=occasion, end=f"{end}{where}"
            )
            break
    last = closing(digest, amounts=amounts)
    return (main, *replies, Page((*last.parts, *(rest if whole else ()))))


def _because(digest: Digest, room: _Room, left: int) -> dict[str, int]:
    """How many words of its blocker each line tells in the `left` ones: all lines alike, else the first ones."""
    if room.own_words is not None and room.own_words < _LEAST_REASON:
        return {}
    shown = digest.priorities[: room.priorities]
    blockers = {part.id: count_words(part.blocker or "") for part in shown if has_reason(part)}
    for most in range(_MOST_REASON, _LEAST_REASON - 1, -1):
        told = {key: min(most, words) for key, words in blockers.items()}
        # The word before each of them counts as well.
        if sum(told.values()) + len(told) <= left:
            return told
    told = {}
    for key, words in blockers.items():
        least = min(_LEAST_REASON, words)
        if least + 1 <= left:
            told[key] = least
            left -= least + 1
    return told


def week_words(digest: Digest, moved_from: datetime | None = None) -> str:
    """Return which week it is, and that the digest comes on another day than usual."""
    words = f"Week of {wording.day(wording.monday_of(digest.day), digest.today)}"
    if moved_from is None or moved_from.date() == digest.day:
        return words
    usual = wording.WEEKDAYS[moved_from.weekday()]
    return f"{words}, on {wording.WEEKDAYS[digest.day.weekday()]} instead of {usual}"


def late_words(late_since: datetime, posted_at: datetime, digest: Digest) -> Spans:
    """Return that a digest was posted late; moments on the coalition's clock, shown on everybody's own."""
    zone = ZoneInfo(digest.timezone)
    posted, planned = posted_at.astimezone(zone), late_since.astimezone(zone)
    if posted.date() == planned.date():
        return [
            "Posted ",
            Span(wording.clock(posted), moment=posted),
            " instead of ",
            Span(wording.clock(planned), moment=planned),
        ]
    return [
        "Posted ",
        _dated(posted, digest.today),
        " instead of ",
        _dated(planned, digest.today),
    ]


def _dated(moment: datetime, today: date) -> Span:
    words = wording.day_and_clock(moment, today, with_zone=False)
    return Span(words, moment=moment, with_day=True, with_year=moment.year != today.year)


def _main(digest: Digest, room: _Room, *, amounts: bool, occasion: Line, end: str) -> Page:
    parts = [
        Part("header", (line(f"{_which(digest)} digest: {wording.one_line(digest.coalition_name)}"),)),
        Part("context", (occasion,)),
        *([Part("section", told)] if (told := farewell_words(digest)) else []),
        _opening(digest),
        DIVIDER,
    ]
    if not is_quiet(digest):
        needed = _needed(digest, amounts=amounts)
        if needed:
            parts.append(Part("section", (line(bold(_of("Needed from you", needed, room.needed))),)))
            parts.extend(needed[: room.needed])
            parts.append(DIVIDER)
        parts.append(_changed(digest, room, amounts=amounts))
        parts.append(DIVIDER)
    lines = [
        priority_line(part, digest.today, with_figure=room.with_figure, because=room.because.get(part.id, 0))
        for part in digest.priorities
    ]
    parts.extend(
        Part("section", leading((one,), way_to(part)))
        for one, part in zip(lines[: room.priorities], digest.priorities, strict=False)
    )
    shown = f"{room.priorities} of {len(lines)} priorities · " if _is_cut(len(lines), room.priorities) else ""
    page = Page(tuple(parts))
    shorter = page if room.own_words is None else shorten(page, room.own_words)
    return Page((*shorter.parts, Part("context", (line(f"{shown}{end}"),))))


def _which(digest: Digest) -> str:
    return "Weekly" if digest.farewell is None else "Last"


def _opening(digest: Digest) -> Part:
    star = north_star_line(digest)
    ways = [Way("figure", digest.north_star.id, digest.north_star.name)] if digest.north_star is not None else []
    return Part("section", (_first_sentence(digest), *(leading((star,), *ways) if star else ())))


def opening_sentence(digest: Digest) -> str:
    """The digest in one sentence or two, as plain words."""
    return _first_sentence(digest).plain


def _first_sentence(digest: Digest) -> Line:
    total = len(digest.priorities)
    if is_quiet(digest):
        quiet = "A quiet week. No standing, figure or decision changed, and nothing is needed from you."
        return line(bold(quiet))
    if digest.is_first and not _has_begun(digest):
        owners = len({part.owner for part in digest.priorities})
        counts = f"{wording.plural(total, 'priority', 'priorities')}, {wording.plural(owners, 'owner')}"
        return line(bold(f"Week one. {counts}, 0 figures yet."), " Next: a baseline for each priority.")
    return line(bold(f"{_standings_sentence(digest)} {_needed_sentence(digest)}".strip()))


def _has_begun(digest: Digest) -> bool:
    """Whether anybody has assessed a priority or any figure is in."""
    return any(
        part.standing.by is not None or any(metric.latest is not None for metric in part.metrics)
        for part in digest.priorities
    )


def _standings_sentence(digest: Digest) -> str:
    total, counts = len(digest.priorities), digest.assessment_counts
    if not total:
        return "No priority is set up yet."
    off, risk = counts.get("off_track", 0), counts.get("at_risk", 0)
    priorities = wording.plural(total, "priority", "priorities")
    figures_off, figures_risk = digest.headlines_at("off_track"), digest.headlines_at("at_risk")
    if digest.has_headline_figures and (off, risk) != (figures_off, figures_risk):
        return _apart(digest, (off, figures_off), (risk, figures_risk), priorities)
    if off:
        return f"{off} of {priorities} {'is' if off == 1 else 'are'} off track."
    if risk:
        return f"{risk} of {priorities} {'is' if risk == 1 else 'are'} at risk, none is off track."
    if counts.get("on_track", 0) == total:
        return f"All {priorities} are on track." if total > 1 else "The priority is on track."
    return f"None of {priorities} is off track or at risk."


def _apart(digest: Digest, off: tuple[int, int], risk: tuple[int, int], priorities: str) -> str:
    """How many are off track and at risk: by what was said, then, where that differs, by their headline figures."""
    differ = [(name, one[1]) for name, one in (("off track", off), ("at risk", risk)) if one[0] != one[1]]
    found = [(name, count) for name, count in differ if count]
    none = [name for name, count in differ if not count]
    words = []
    if [name for name, _ in found] == ["off track"] and off[0] and not none:
        # The sentence has just said what.
        words.append(f"the figures of {off[1]} are")
    elif found:
        named = [f"{count} {'are ' if not number else ''}{name}" for number, (name, count) in enumerate(found)]
        words.append(f"the figures of {' and '.join(named)}")
    if none:
        words.append(f"no headline figure is {' or '.join(none)}")
    tells_risk = bool(risk[0]) and (risk[0] != risk[1] or not off[0])
    return f"{_called(digest, off[0], risk[0], priorities, tells_risk=tells_risk)}; {', '.join(words)}."


def _called(digest: Digest, off: int, risk: int, priorities: str, *, tells_risk: bool) -> str:
    """What was said of the priorities; it is called their owners' word only where each of them said it."""
    by_owners = all(part.is_owners_word for part in digest.priorities)
    by = (" by its owner", " by their owners") if by_owners else ("", "")
    if off:
        also = f" and {risk} at risk" if tells_risk else ""
        return f"{off} of {priorities} {'is' if off == 1 else 'are'} called off track{also}{by[off > 1 or tells_risk]}"
    if risk:
        return f"{risk} of {priorities} {'is' if risk == 1 else 'are'} called at risk{by[risk > 1]}, none off track"
    if digest.assessment_counts.get("on_track", 0) == len(digest.priorities):
        is_one = len(digest.priorities) == 1
        return f"The priority is called on track{by[0]}" if is_one else f"All {priorities} are called on track{by[1]}"
    return f"None of {priorities} is called off track or at risk{by[0]}"


def _needed_sentence(digest: Digest) -> str:
    decisions = digest.decisions_needed
    if not decisions:
        open_asks = sum(ask.answer is None and ask.is_there for ask in digest.asks)
        if not open_asks:
            return ""
        return f"{wording.plural(open_asks, 'ask')} {'waits' if open_asks == 1 else 'wait'} for an answer."
    names = {wording.one_line(one.decider_name) for one in decisions}
    whom = f" for {wording.with_article(names.pop())}" if len(names) == 1 else ""
    by = wording.first_needed_by(decisions[0].needed_by, digest.today, len(decisions))
    return f"{wording.plural(len(decisions), 'decision waits', 'decisions wait')}{whom}{by}."


def _needed(digest: Digest, *, amounts: bool) -> list[Part]:
    decisions = [_decision(one, digest, amounts=amounts) for one in digest.decisions_needed]
    return [*decisions, *(_ask(one, digest) for one in digest.asks)]


def _decision(decision: DecisionLine, digest: Digest, *, amounts: bool) -> Part:
    by = wording.needed_by(decision.needed_by, digest.today)
    count = f" · {decision.count}" if decision.count else ""
    first = line(bold(f"{decision.id}, {by}"), f" · {wording.one_line(decision.decider_name)}{count}")
    title = decision_title(decision, amounts=amounts)
    about = wording.one_line(decision.priority_name) if decision.priority_name else ""
    if title is None:
        return Part("section", (first, *((line(f"About {about}"),) if about else ())), decision=decision.id)
    return Part("section", (first, line(own(title), f" ({about})" if about else "")), decision=decision.id)


def _ask(ask: AskLine, digest: Digest) -> Part:
    name = asked_name(ask, digest)
    old = digest.today.toordinal() - ask.asked_on.toordinal() > 7
    said_on = f", asked {wording.day(ask.asked_on, digest.today)}" if old else ""
    label = bold(f"Ask to {name}" if name else "Ask to whoever can help")
    # Digests of before also listed asks that had their answer.
    first = line(label, f" from {wording.one_line(ask.priority_name)}{said_on}, {ask_answer(ask) or 'no date set'}")
    return Part("section", (first, line(said(ask.text))), ask=ask.row_id if ask.answer is None else None)


def _changed(digest: Digest, room: _Room, *, amounts: bool) -> Part:
    title = changed_title(digest)
    if digest.is_first:
        more = " From next week this part says what moved." if digest.farewell is None else ""
        return Part("section", (line(title, more), *first_lines(digest)))
    lines = changed_lines(digest, amounts=amounts)
    heading = bold(_of(title.text, lines, room.changed))
    return Part("section", (line(heading), *lines[: room.changed]))


def _rest(digest: Digest, room: _Room, *, amounts: bool) -> tuple[Part, ...]:
    """The lists that the main message cuts or shortens, whole; empty where it has them."""
    if is_quiet(digest):
        return ()
    found = []
    needed = tuple(one for part in _needed(digest, amounts=amounts) for one in part.lines)
    count = len(digest.decisions_needed) + len(digest.asks)
    if _is_cut(count, room.needed) or _is_shortened(needed, room):
        found.append(Part("section", (line(bold(f"Needed from you, all {count}")), *needed)))
    changed = () if digest.is_first else changed_lines(digest, amounts=amounts)
    if _is_cut(len(changed), room.changed) or _is_shortened(changed, room):
        title = line(bold(f"{changed_title(digest).text}, all {len(changed)}"))
        found.append(Part("section", (title, *changed)))
    return tuple(found)


def _is_shortened(lines: tuple[Line, ...], room: _Room) -> bool:
    page = Page((Part("section", lines),))
    return room.own_words is not None and shorten(page, room.own_words) != page


def _of(label: str, items: Sequence[object], shown: int | None) -> str:
    return f"{label}, {shown} of {len(items)}" if _is_cut(len(items), shown) else label


def _is_cut(count: int, shown: int | None) -> bool:
    return shown is not None and count > shown


def _end(digest: Digest, replies: int, *, in_thread: bool) -> str:
    total = digest.figures_total
    figures = f"{digest.figures_not_reported} of {total} figures not reported" if total else "No figures set up yet"
    where = f"in the thread, {wording.plural(replies, 'reply', 'replies')}" if in_thread else "on each priority below"
    return f"{figures} · More {where}"
