"""The digest's messages: the roll-up with its replies, a channel's edition and a funder's, without pictures.

What they say is decided in the domain (`digest_roll_up.py`, `digest_editions.py`); here it becomes blocks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, groupby

from bot.domain.digests import (
    FUNDER,
    PRIORITY,
    READ_BY,
    Digest,
    DigestPost,
    Line,
    Page,
    Part,
    PriorityPart,
    Span,
    WeekChart,
    channel_page,
    chart_of_week,
    funder_page,
    late_words,
    line,
    reply,
    roll_up_pages,
    week_words,
)
from bot.domain.metrics import MetricChart, chart_of_line
from bot.slack import mrkdwn
from bot.slack.blocks import kit
from bot.slack.blocks.digests.tables import figure_table, is_figure
from bot.slack.blocks.menus import more, priority_ways, ways_menu
from bot.slack.identifiers import Action
from bot.slack.limits import OVERFLOW_OPTIONS, fit
from bot.slack.message import Block, Message
from bot.slack.metadata import encode
from bot.slack.names import listed

_TIME = "{time}"
_CARDS = {
    "priority": Action.PRIORITY_CARD,
    "figure": Action.FIGURE_CARD,
    "action": Action.OPEN_ACTION,
    "decision": Action.OPEN_DECISION,
    "issue": Action.OPEN_ISSUE,
    "meeting": Action.OPEN_MEETING,
}
_DAY_AND_TIME = "{date_short}, {time}"
_WITH_YEAR = "{date_long_full}, {time}"  # the short form leaves the year out within half a year


def roll_up(post: DigestPost, *, whole: bool = False, in_thread: bool = True) -> tuple[Message, ...]:
    """Return the leadership edition: the main message, then its thread replies in order; `whole` as it is not posted,
    with what the main message cuts. In a letter they stand one below the other, and not `in_thread`."""
    digest, late = post.digest, []
    if post.late_since is not None:
        late = [*late_words(post.late_since, post.posted_at, digest), " · "]
    occasion = line(*late, f"{week_words(digest, post.moved_from)} · Read by {_readers(post)}")
    main, *replies = roll_up_pages(
        digest,
        amounts=post.sight.everything,
        occasion=occasion,
        in_thread=in_thread,
        own_amounts=post.sight.priorities,
        whole=whole,
    )
    buttons = (
        kit.button("Past digests", Action.DIGEST_PAST),
        kit.button("Figures", Action.FIGURES_ALL, label="All figures"),
    )
    is_last = digest.farewell is not None
    return (
        *_messages((main,), buttons=buttons, decided=post.decided, is_last=is_last),
        *_messages(replies, is_last=is_last),
    )


def channel_edition(
    digest: Digest, priority_id: str, *, late_since: datetime | None = None, posted_at: datetime | None = None
) -> tuple[Message, ...]:
    """Return one priority's edition for its channel. Raises `KeyError` for a priority that is not in the digest."""
    part = next((one for one in digest.priorities if one.id == priority_id), None)
    if part is None:
        raise KeyError(priority_id)
    late = line(*late_words(late_since, posted_at, digest)) if late_since and posted_at else None
    buttons = (
        kit.button("Add an action", Action.NEW_ACTION, label=f"Add an action to {part.name}"),
        kit.button("Update a figure", Action.FIGURE_UPDATE),
    )
    is_last = digest.farewell is not None
    return _messages((channel_page(digest, part, late=late),), buttons=() if is_last else buttons, is_last=is_last)


def funder_edition(
    digest: Digest, organization_id: str, *, organization_name: str | None = None
) -> tuple[Message, ...]:
    """Return a funder's edition, with the amounts of its own grants only."""
    page = funder_page(digest, organization_id, organization_name)
    return _messages((page,), is_last=digest.farewell is not None)


def reply_blocks(digest: Digest, part: PriorityPart, *, amounts: bool) -> tuple[Block, ...]:
    """Return the blocks of one priority's reply, as its owner sees them before they go out."""
    return tuple(block for one in reply(digest, part, amounts=amounts).parts for block in _blocks(one))


def edition_messages(post: DigestPost, *, whole: bool = False, in_thread: bool = True) -> tuple[Message, ...]:
    """Return the messages of the edition that the post is a copy of, with the amounts that its one reader sees."""
    if post.copy is None:
        raise ValueError("this post is no copy")
    if post.copy.kind == PRIORITY:
        return channel_edition(post.digest, post.copy.about, late_since=post.late_since, posted_at=post.posted_at)
    if post.copy.kind == FUNDER:
        return funder_edition(post.digest, post.copy.about, organization_name=post.copy.name)
    return roll_up(post, whole=whole, in_thread=in_thread)


def roll_up_post(post: DigestPost) -> Message:
    return roll_up(post)[0]


def reply_post(post: DigestPost) -> Message:
    """Return the thread reply of the post's priority, or the closing one."""
    messages = roll_up(post)
    if post.priority is None:
        return messages[-1]
    return messages[1 + [part.id for part in post.digest.priorities].index(post.priority)]


def copy_post(post: DigestPost) -> Message:
    """Return the first message of an edition that goes to one person."""
    return edition_messages(post)[0]


def _readers(post: DigestPost) -> str:
    """Whom the roll-up is for; one that was stored before this was kept says what it said then."""
    if post.channel and post.copy is None and not post.sight.everything:
        return f"#{post.channel}"
    return listed(list(post.digest.readers)) if post.digest.readers else READ_BY


def channel_post(post: DigestPost) -> Message:
    """Return the edition of the post's priority for its channel."""
    return channel_edition(post.digest, post.priority or "", late_since=post.late_since, posted_at=post.posted_at)[0]


def _messages(
    pages: Iterable[Page],
    *,
    buttons: Sequence[kit.Element] = (),
    decided: Collection[str] = (),
    is_last: bool = False,
) -> tuple[Message, ...]:
    """`is_last`: nothing is answered from it, since it is read after the coalition has ended."""
    return tuple(message for page in pages for message in fit(_message(page, buttons, decided, is_last=is_last)))


def chart_of_post(post: DigestPost) -> MetricChart | None:
    """Return the picture of the headline metric of the post's priority; None where nothing new is told."""
    part = next((one for one in post.digest.priorities if one.id == post.priority), None)
    if part is None or part.headline is None or post.digest.is_quiet:
        return None
    return chart_of_line(part.headline, post.digest.today)


def chart_of_roll_up(post: DigestPost) -> WeekChart | None:
    """Return the picture of the whole digest; None where a quiet week has nothing new to show."""
    return None if post.digest.is_quiet else chart_of_week(post.digest)


def chart_of_copy(post: DigestPost) -> MetricChart | WeekChart | None:
    """Return the picture of the edition that the post is a copy of; a funder's has none."""
    if post.copy is None or post.copy.kind == FUNDER:
        return None
    return (
        chart_of_post(replace(post, priority=post.copy.about)) if post.copy.kind == PRIORITY else chart_of_roll_up(post)
    )


def page_messages(page: Page) -> tuple[Message, ...]:
    """Return a page as as many messages as hold it."""
    return fit(_message(page, (), ()))


def page_message(page: Page) -> Message:
    """Return a page as one message; what doesn't fit one is left out."""
    return fit(_message(page, (), ()))[0]


def _message(page: Page, buttons: Sequence[kit.Element], decided: Collection[str], *, is_last: bool = False) -> Message:
    # One primary button in a message: that of the first decision that waits.
    asked = [one.decision for one in page.parts if one.decision is not None]
    waiting = next((one for one in asked if one not in decided), None)

    def shown(*, tabled: bool) -> tuple[Block, ...]:
        told = (_blocks(part, decided, waiting, is_last=is_last, tabled=tabled) for part in page.parts)
        return (*chain.from_iterable(told), *kit.row(*buttons))

    has_figures = any(is_figure(one) for part in page.parts for one in part.lines)
    return Message(
        text=mrkdwn.inline(page.plain),
        blocks=shown(tabled=False),
        tabled=shown(tabled=True) if has_figures else (),
    )


def _blocks(
    part: Part,
    decided: Collection[str] = (),
    waiting: str | None = None,
    *,
    is_last: bool = False,
    tabled: bool = False,
) -> Iterator[Block]:
    if part.kind == "divider":
        yield kit.divider()
    elif part.kind == "header":
        yield kit.header(part.lines[0].plain)
    elif part.kind == "context":
        yield kit.context(_text(part.lines))
    elif part.decision is not None:
        if is_last and part.decision not in decided:
            answer = kit.button("Open", Action.OPEN_DECISION, value=part.decision, about=part.decision)
        else:
            answer = _answer(part.decision, is_decided=part.decision in decided, is_first=part.decision == waiting)
        yield kit.section(_text(part.lines), accessory=answer)
    elif part.ask is not None:
        # Opens the ask for whom it names; others are told who is asked.
        yield kit.line(_text(part.lines), "Open" if is_last else "Respond", Action.OPEN_ASK, value=encode(part.ask))
    else:
        yield from _tabled(part.lines) if tabled else _sections(part.lines)


def _sections(told: Sequence[Line]) -> Iterator[Block]:
    """The lines below each other. A menu has five ways; lines with more stand in several sections."""
    for lines in _by_ways(told):
        yield kit.section(_text(lines), accessory=_menu_of(lines))


def _tabled(told: Sequence[Line]) -> Iterator[Block]:
    """The same with the lines about figures in a table."""
    about = next((way.name for one in told for way in one.ways if way.kind == "priority"), None)
    for are_figures, together in groupby(told, is_figure):
        lines = tuple(together)
        table = figure_table(about, lines) if are_figures else None
        yield from [table] if table is not None else _sections(lines)


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(marked_up(one) for one in lines)


def _by_ways(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The lines in their order, together as long as one menu holds where they lead."""
    together: list[Line] = []
    for one in lines:
        if together and len(dict.fromkeys(way for each in (*together, one) for way in each.ways)) > OVERFLOW_OPTIONS:
            yield together
            together = []
        together.append(one)
    if together:
        yield together


def _menu_of(lines: Sequence[Line]) -> kit.Element | None:
    """Where these lines lead: a priority alone to all that hangs on it, several things each to its card."""
    ways = list(dict.fromkeys(way for one in lines for way in one.ways))
    if not ways:
        return None
    if len(ways) == 1 and ways[0].kind == "priority":
        return more(*priority_ways(ways[0].id))
    return ways_menu((one.name, _CARDS[one.kind], one.id) for one in ways)


def _answer(decision: str, *, is_decided: bool, is_first: bool) -> kit.Element:
    """Opens the ballot for who decides; the words stay as published, and the button says once it is decided."""
    if is_decided:
        return kit.button("Decided", Action.OPEN_DECISION, value=decision, about=decision)
    return kit.button("Answer", Action.DECISION_ANSWER, value=decision, primary=is_first, about=decision)


def marked_up(one: Line) -> str:
    text = "".join(_span(span) for span in one.spans)
    return f"• {text}" if one.bullet else text


def _span(span: Span) -> str:
    if span.moment is not None:
        form = _TIME if not span.with_day else _WITH_YEAR if span.with_year else _DAY_AND_TIME
        return mrkdwn.date_token(span.moment, form, span.text)
    if span.bold:
        return mrkdwn.bold(span.words)
    if span.quoted:
        return mrkdwn.quote(span.text)
    return mrkdwn.inline(span.text)
