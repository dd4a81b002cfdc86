"""What people answered for themselves: a round told once it has closed, and its answers page by page."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.checkins import AnswerLine, AnswersPage, AnswersTable, Quote, RoundSummary, Told
from bot.domain.rights import THE_COORDINATORS
from bot.domain.wording import day, plural
from bot.slack.blocks import kit
from bot.slack.blocks.bundles import BundleReader
from bot.slack.blocks.checkins.checkins import read_by, said_line
from bot.slack.blocks.worded import in_sections
from bot.slack.identifiers import Action
from bot.slack.limits import fit
from bot.slack.message import Block, Message
from bot.slack.metadata import ItemPage, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own, quote, unmark

MOST_QUOTES = 12  # of one question; the rest stands among the answers
MOST_WORDS = 300  # characters of each


def summary_post(summary: RoundSummary) -> Message:
    """A round as the group's channel is told of it."""
    blocks = list(_summary_blocks(summary))
    return fit(Message.of(_summary_text(summary), *blocks))[0]


def summary_item(summary: RoundSummary, _reader: BundleReader) -> tuple[Iterator[Block], str]:
    """The same in one reader's message, with the way to all of it."""
    return _summary_blocks(summary, leads=True), _summary_text(summary)


def _summary_blocks(summary: RoundSummary, *, leads: bool = False) -> Iterator[Block]:
    lines = [f"{bold(summary.name)}, {day(summary.on, summary.today)} · {_count(summary.answered, summary.asked)}"]
    for told in summary.told:
        lines += _told_lines(told)
    yield from in_sections(lines)
    if leads:
        yield kit.actions(_answers_button(summary.cadence, summary.name))


def _summary_text(summary: RoundSummary) -> str:
    head = f"{summary.name}, {day(summary.on, summary.today)}: {_count(summary.answered, summary.asked)}."
    told = [f"{one.label} {_plain(one)}." for one in summary.told]
    return " ".join([head, *told])


def _plain(told: Told) -> str:
    if told.counts:
        return _counts(told)
    return "; ".join(f"{one.name}: {f'“{one.words}”' if one.is_text else one.words}" for one in told.quotes)


def _told_lines(told: Told) -> list[str]:
    lines = [bold(told.label)]
    if told.counts:
        lines[0] += f" {own(_counts(told))}"
    lines += [_quoted(one) for one in told.quotes[:MOST_QUOTES]]
    if len(told.quotes) > MOST_QUOTES:
        lines.append(f"{MOST_QUOTES} of {len(told.quotes)}; all stand among the answers")
    return lines


def _counts(told: Told) -> str:
    return " · ".join(f"{words}: {count}" for words, count in told.counts)


def _quoted(one: Quote) -> str:
    words = cut(one.words, MOST_WORDS)
    return f"• {own(one.name)}, {own(one.organization)}: {quote(words) if one.is_text else own(words)}"


def _count(answered: int, asked: int) -> str:
    return f"{answered} of {asked} answered"


def answers_message(page: AnswersPage) -> Message:
    """The answers in the newest round, for somebody who reads them."""
    reader = Clock(page.zone, page.now)
    blocks = list(answers_blocks(page, reader))
    names = "; ".join(
        f"{one.name}: {', '.join(said.plain for said in one.said) or 'nothing more'}" for one in page.lines
    )
    head = unmark(_head(page, reader))
    return fit(Message.of(f"{head}. {names}" if names else f"{head}.", *blocks))[0]


def exported_words(table: AnswersTable) -> str:
    """What stands beside the file with all rounds' answers, plain."""
    answers = plural(len(table.rows) - 1, "answer")
    return f"{table.name}: {answers} from all rounds, without what was for the coordinators only."


def answers_blocks(page: AnswersPage, reader: Clock) -> Iterator[Block]:
    """The same as a part of the check-in's card."""
    yield kit.section(_head(page, reader))
    for one in page.lines:
        yield from in_sections([_who(one, reader), *(f"    {said_line(said)}" for said in one.said)])
    readers = f"{read_by(page.readers, None)}, and by {THE_COORDINATORS}" if page.readers else _ONLY
    yield kit.context(f"{readers}. Notes to the coordinators are not among them.")
    if page.lines:
        yield from kit.row(*_buttons(page))


_ONLY = f"Read by {THE_COORDINATORS} only"


def _head(page: AnswersPage, reader: Clock) -> str:
    if page.on is None:
        return f"{bold(page.name)}: no round has opened yet"
    of = f" · page {page.page + 1} of {page.pages}" if page.pages > 1 else ""
    return f"*Answers to {own(page.name)}*, {reader.day(page.on)} · {_count(page.answered, page.asked)}{of}"


def _who(one: AnswerLine, reader: Clock) -> str:
    by = f", by {own(one.by_name)}" if one.by_name is not None else ""
    at = reader.token(one.at, ", ") if one.at is not None else ""
    same = " · no change" if one.is_no_change else ""
    return f"{bold(one.name)} ({own(one.organization)}){by}{at}{same}"


def _buttons(page: AnswersPage) -> list[kit.Element]:
    buttons = []
    if page.pages > 1:
        following = page.page + 1 if page.page + 1 < page.pages else 0
        buttons.append(_page_button("More answers" if following else "First answers", page, following))
    table = kit.button(
        "All rounds as CSV", Action.CHECKIN_TABLE, value=page.id, label=f"All rounds as a CSV file: {page.name}"
    )
    return [*buttons, table]


def _page_button(words: str, page: AnswersPage, number: int) -> kit.Element:
    value = encode(ItemPage(page.id, number))
    return kit.button(words, Action.CHECKIN_ANSWERS, value=value, label=f"{words}: {page.name}")


def _answers_button(cadence: str, name: str) -> kit.Element:
    value = encode(ItemPage(cadence, 0))
    return kit.button("All answers", Action.CHECKIN_ANSWERS, value=value, label=f"All answers: {name}")
