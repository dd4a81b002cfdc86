"""What people answered for themselves: a round told once it has closed, and its answers page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.checkins import (
    FEWEST,
    MOST_DID,
    AnswerLine,
    AnswersPage,
    AnswersTable,
    PulseDone,
    Quote,
    RoundPictures,
    RoundsChart,
    RoundSummary,
    Told,
    summary_about,
)
from bot.domain.rights import THE_COORDINATORS
from bot.domain.wording import day, plural
from bot.slack.blocks import kit
from bot.slack.blocks.bundles import BundleReader, number_word
from bot.slack.blocks.charts import picture_block
from bot.slack.blocks.checkins.checkins import read_by, said_line
from bot.slack.blocks.worded import in_sections
from bot.slack.forms import Form, Keeps, Text, about, by, note
from bot.slack.identifiers import Action, Submission
from bot.slack.limits import fit
from bot.slack.message import Block, Message
from bot.slack.metadata import ItemPage, Marked, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own, quote, unmark

MOST_QUOTES = 12  # of one question; the rest stands among the answers
MOST_WORDS = 300  # characters of each


def summary_post(summary: RoundSummary) -> Message:
    """A round as the group's channel is told of it."""
    blocks = list(summary_blocks(summary))
    return fit(Message.of(_summary_text(summary), *blocks))[0]


def summary_item(summary: RoundSummary, _reader: BundleReader) -> tuple[Iterator[Block], str]:
    """The same in one reader's message, with the way to all of it."""
    return summary_blocks(summary, leads=True), _summary_text(summary)


def summary_blocks(summary: RoundSummary, *, leads: bool = False) -> Iterator[Block]:
    """A round with its questions, and with the way to more of it where it `leads` there."""
    head = _took_part(summary) if summary.is_anonymous else _count(summary.answered, summary.asked)
    lines = [f"{bold(summary.name)}, {day(summary.on, summary.today)} · {head}"]
    if summary.is_anonymous and not summary.told:
        lines.append(_TOO_FEW)
    for told in summary.told:
        lines += _told_lines(told)
    if summary.did is not None:
        lines += ["*You said, we did*", own(summary.did)]
    yield from in_sections(lines)
    if summary.is_anonymous and summary.told:
        yield kit.context(_NOBODYS)
    if summary.whose_word is not None:
        yield kit.context(own(summary.whose_word))
    if leads:
        buttons = result_buttons(summary) if summary.is_anonymous else [_answers_button(summary.cadence, summary.name)]
        yield from kit.row(*buttons)


_TOO_FEW = (
    f"Results show from {number_word(FEWEST)} answers up, so nothing is shown of this round, and nothing was kept."
)
_NOBODYS = "Nobody's name was kept. Each question is counted by itself, and what people wrote stands in mixed order."


def _took_part(summary: RoundSummary) -> str:
    return f"{summary.answered} of {summary.asked} took part"


def result_buttons(summary: RoundSummary) -> list[kit.Element]:
    """What its reader may do about what came of an anonymous round."""
    if not summary.told:
        return []
    done = kit.button(
        "Change what was done" if summary.did is not None else "Say what was done",
        Action.SAY_DONE,
        value=summary_about(summary.cadence, summary.on),
        label=f"You said, we did: {summary.name}",
    )
    table = kit.button(
        "All rounds as CSV", Action.CHECKIN_TABLE, value=summary.cadence, label=f"Counts as a CSV file: {summary.name}"
    )
    shown = [_pictures_button(summary.cadence, summary.name)] if any(one.counts for one in summary.told) else []
    return [done, *shown, table] if summary.may_say else [*shown, table]


PULSE_DONE_FORM: Form[PulseDone, str] = Form(
    str, Submission.PULSE_DONE, "You said, we did", "Save",
    note("Read by everybody in the coalition: it stands with the results, and once in the next digest."),
    about(lambda form: f"{bold(form.name)}, {day(form.on, form.today)}"),
    Text("did", "What was done in answer to it?", MOST_DID, multiline=True, optional=True,
        placeholder="Working groups meet every two months instead of monthly.",
        hint="Leave it empty to take it back."),
    marks=lambda form: form.about,
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip


def done_message(summary: RoundSummary) -> Message:
    """What came of a round, once it was written what was done about it."""
    words = "It is taken back." if summary.did is None else "Saved. The next digest tells it once."
    return fit(Message.of(f"{words} {_summary_text(summary)}", kit.section(words), *summary_blocks(summary)))[0]


def _summary_text(summary: RoundSummary) -> str:
    count = _took_part(summary) if summary.is_anonymous else _count(summary.answered, summary.asked)
    head = f"{summary.name}, {day(summary.on, summary.today)}: {count}."
    told = [f"{one.label} {_plain(one)}." for one in summary.told]
    if summary.is_anonymous and not told:
        told = [_TOO_FEW]
    did = [f"You said, we did: {summary.did}"] if summary.did is not None else []
    return " ".join([head, *told, *did])


def _plain(told: Told) -> str:
    if told.counts:
        return _counts(told)
    if told.too_few is not None:
        return _few(told.too_few)
    if told.words:
        return "; ".join(f"“{one}”" for one in told.words)
    return "; ".join(f"{one.name}: {f'“{one.words}”' if one.is_text else one.words}" for one in told.quotes)


def _told_lines(told: Told) -> list[str]:
    lines = [bold(told.label)]
    if told.counts:
        lines[0] += f" {own(_counts(told))}"
    if told.too_few is not None:
        lines[0] += f" {_few(told.too_few)}"
    lines += [f"• {quote(cut(one, MOST_WORDS))}" for one in told.words[:MOST_QUOTES]]
    if len(told.words) > MOST_QUOTES:
        lines.append(f"{MOST_QUOTES} of {len(told.words)}; type “checkin” and its name for all")
    lines += [_quoted(one) for one in told.quotes[:MOST_QUOTES]]
    if len(told.quotes) > MOST_QUOTES:
        lines.append(f"{MOST_QUOTES} of {len(told.quotes)}; all stand among the answers")
    return lines


def _few(answered: int) -> str:
    return f"{answered} answered; shown from {number_word(FEWEST)} up"


def _counts(told: Told) -> str:
    """ "right: 4 · too fast: 0"; of a scale "2 said 3 · 4 said 5, of 5", since figures beside figures are a riddle."""
    steps = [(words.partition(" of "), count) for words, count in told.counts]
    if all(of and step.isdigit() and most.isdigit() for (step, of, most), _count in steps):
        said = " · ".join(f"{count} said {step}" for (step, _of, _most), count in steps if count)
        return f"{said}, of {steps[0][0][2]}"
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
    if table.is_counted:
        return f"{table.name}: the counts of all rounds, without what people wrote."
    answers = plural(len(table.rows) - 1, "answer")
    about = f" {table.about}" if table.about else ""
    return f"{table.name}: {answers} from all rounds{about}, without what was for the coordinators only."


def answers_blocks(page: AnswersPage, reader: Clock) -> Iterator[Block]:
    """The same as a part of the check-in's card."""
    yield kit.section(_head(page, reader))
    for one in page.lines:
        yield from in_sections([_who(one, reader), *(f"    {said_line(said)}" for said in one.said)])
    if page.whose_word is not None:
        yield kit.context(own(page.whose_word))
    readers = f"{read_by(page.readers, None)}, and by {THE_COORDINATORS}" if page.readers else _ONLY
    yield kit.context(f"{readers}. Notes to the coordinators are not among them.")
    if buttons := _buttons(page):
        yield from kit.row(*buttons)


_ONLY = f"Read by {THE_COORDINATORS} only"


def _head(page: AnswersPage, reader: Clock) -> str:
    if page.on is None:
        # Others than coordinators read of priorities what has closed.
        return f"{bold(page.name)}: no round has {'closed' if page.about else 'opened'} yet"
    of = f" · page {page.page + 1} of {page.pages}" if page.pages > 1 else ""
    counted = f" · {_count(page.answered, page.asked)}" if page.asked is not None else ""
    about = f" {page.about}" if page.about else ""
    return f"*Answers to {own(page.name)}*{about}, {reader.day(page.on)}{counted}{of}"


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
    if page.has_table and page.is_counted:
        buttons.append(_pictures_button(page.id, page.name))
    if page.has_table:
        label = f"All rounds as a CSV file: {page.name}"
        buttons.append(kit.button("All rounds as CSV", Action.CHECKIN_TABLE, value=page.id, label=label))
    return buttons


def _pictures_button(cadence: str, name: str) -> kit.Element:
    return kit.button(
        "Picture over rounds", Action.CHECKIN_PICTURES, value=cadence, label=f"Picture over the rounds: {name}"
    )


def pictures_message(found: RoundPictures, shown: Sequence[tuple[RoundsChart, str]] = ()) -> Message:
    """What was counted over the rounds, with those pictures that are there (by their file's id)."""
    head = f"{bold(found.name)} over its rounds"
    if not found.charts:
        head += f": {_no_picture(found)}."
    elif not shown:
        head += ". The pictures are being drawn."
    else:
        head += "."
    blocks = [picture_block(chart, file_id) for chart, file_id in shown]
    text = " ".join([unmark(head), *(chart.alt for chart in found.charts)])
    return fit(Message.of(text, kit.section(head), *blocks))[0]


def _no_picture(found: RoundPictures) -> str:
    if found.rounds > 1:
        return "no question was counted in two of them, so there is no picture"
    first = "nothing was counted yet" if not found.rounds else "one round was counted"
    return f"{first}. A picture comes with the second one that has closed"


def _page_button(words: str, page: AnswersPage, number: int) -> kit.Element:
    value = encode(ItemPage(page.id, number))
    return kit.button(words, Action.CHECKIN_ANSWERS, value=value, label=f"{words}: {page.name}")


def _answers_button(cadence: str, name: str) -> kit.Element:
    value = encode(ItemPage(cadence, 0))
    return kit.button("All answers", Action.CHECKIN_ANSWERS, value=value, label=f"All answers: {name}")
