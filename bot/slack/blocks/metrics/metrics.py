"""Figures on screen: read back before they count, recorded, undone, a card, a list. The form is in `forms`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from bot.domain.metrics import (
    FigureCard,
    FigureDraft,
    FigureList,
    FigureRow,
    FigureSaved,
    FigureUndone,
    MetricStanding,
    PartsChart,
    Proposal,
    Restatement,
    UnknownFigure,
    is_withheld,
    split_words,
)
from bot.domain.record import Metric, Reading
from bot.domain.vocabularies import MetricStatus
from bot.domain.wording import computed, day, entered, figure, period, plural, status
from bot.errors import Mistyped
from bot.slack.blocks import kit
from bot.slack.blocks.charts import picture_block
from bot.slack.blocks.last_days import end_buttons, last_day_words
from bot.slack.blocks.menu import choices_message, nearest_message
from bot.slack.blocks.metrics.series import series_words
from bot.slack.identifiers import Action
from bot.slack.limits import fit
from bot.slack.message import Block, Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, escape, own, quote, unmark

MOST_ROWS = 20
MOST_RESTATED = 2
MOST_FORECASTS = 3
MOST_SPLITS = 4
NOT_SHOWN = "not shown"


def draft_message(draft: FigureDraft) -> Message:
    """What a figure would be, before it counts."""
    return _message(*draft_blocks(draft), kit.actions(*_draft_buttons(draft)))


def draft_blocks(draft: FigureDraft) -> tuple[Block, ...]:
    """The same without its buttons, for a form that has its own."""
    proposal, today = draft.proposal, draft.today
    blocks = [kit.section(f"{bold(proposal.metric.name)}\n{_change_words(proposal, today)}")]
    asked = _caution_words(proposal, today)
    if asked is not None:
        blocks.append(kit.section(own(asked)))
    notes = [f"Not recorded yet. {_would_say(proposal, today)}"]
    if proposal.reading.note:
        notes.append(f"Note: {quote(proposal.reading.note)}")
    if proposal.needs_note:
        notes.append("Say why it changes, with “note …” at the end of the line or in the form.")
    parts = [kit.context(own(split_words(one, proposal.metric.unit))) for one in proposal.splits[:MOST_SPLITS]]
    return (*blocks, *parts, kit.context(" ".join(notes)))


def confirm_label(proposal: Proposal) -> str:
    """What the button that records says."""
    if proposal.is_unusual:
        return "Yes, record it"
    return "Restate" if proposal.is_restatement else "Record"


def figure_saved_message(saved: FigureSaved) -> Message:
    """A figure is in, or was and is undone."""
    name = bold(saved.metric.name)
    if saved.undone:
        return _message(
            kit.section(f"{name}\nThis figure was undone. Enter it again if it was right after all."),
            kit.actions(kit.button("Open card", Action.FIGURE_CARD, value=saved.metric.id)),
        )
    today = Clock(saved.zone, saved.now).today
    words = f"Recorded: {_value(saved.metric, saved.reading)} ({_covered(saved.reading, today)})."
    if saved.digest_at is not None:
        words += f" It's in the digest of {Clock(saved.zone, saved.now).day_of(saved.digest_at)}."
    return _message(
        kit.section(f"{name}\n{own(words)}"),
        kit.actions(
            kit.button("Undo", Action.FIGURE_UNDO, value=saved.token),
            kit.button("Open card", Action.FIGURE_CARD, value=saved.metric.id),
        ),
    )


def undone_message(undone: FigureUndone) -> Message:
    """A figure was taken back, and what stands now."""
    on = day(undone.reading.period_end, undone.today)
    if undone.current is None:
        now = f"There is no figure for {on}, as before."
    else:
        now = f"For {on} it is {_value(undone.metric, undone.current)} again."
    kept = " The next digest says that it was restated." if undone.restored else " Its history is kept."
    return _message(
        kit.section(f"{bold(undone.metric.name)}\n{own(f'Undone. {now}{kept}')}"),
        kit.actions(kit.button("Open card", Action.FIGURE_CARD, value=undone.metric.id)),
    )


def card_message(card: FigureCard) -> Message:
    """One figure with all that is known of it, in words."""
    row, today = card.row, card.today
    metric, standing = row.metric, row.standing
    said = (
        _no_figure_words(standing, today) if standing.latest is None else f"*Numbers say* {own(says(standing, today))}"
    )
    lines = [bold(metric.name), said]
    path = _path_words(standing, today)
    if path is not None:
        lines.append(path)
    blocks = [kit.section("\n".join(lines))]
    blocks += [kit.context(_restated_words(metric, one, today)) for one in card.restatements[:MOST_RESTATED]]
    blocks += [kit.context(own(words)) for words in card.forecasts_in_words[:MOST_FORECASTS]]
    latest = standing.latest
    is_told = latest is None or standing.value is None or latest.note in {one.note for one in card.restatements}
    if latest is not None and latest.note and not is_told:
        blocks.append(kit.context(f"About {day(latest.period_end, today)}: {quote(cut(latest.note, 300))}"))
    blocks += [kit.context(own(split_words(one, metric.unit))) for one in card.splits[:MOST_SPLITS]]
    if card.earlier:
        earlier = (f"{_shown(metric, value)} ({day(on, today)})" for on, value in card.earlier)
        blocks.append(kit.context(own(f"Earlier: {' · '.join(earlier)}")))
    from_series = series_words(card)
    if from_series is not None:
        blocks.append(kit.context(from_series))
    ends = last_day_words(card.end, today)
    blocks.append(kit.context(" · ".join([*_facts(row, today), *([ends] if ends else [])])))
    buttons = [_update_button(metric, primary=True)] if row.may_record else []
    for label, action in (("History", Action.METRIC_HISTORY), ("What it means", Action.METRIC_MEANING)):
        buttons.append(kit.button(label, action, value=metric.id, about=metric.name))
    if card.parts_charts:
        buttons.append(kit.button("Picture of parts", Action.METRIC_PARTS, value=metric.id, about=metric.name))
    if row.may_record and (card.fetches or card.series is not None):
        buttons.append(kit.button("Series", Action.METRIC_SERIES, value=metric.id, about=metric.name))
    if row.may_edit:
        buttons.append(kit.button("New target", Action.METRIC_RETARGET, value=metric.id))
        buttons.append(kit.button("Edit", Action.METRIC_EDIT, value=metric.id, about=metric.name))
    buttons += end_buttons(card.end, metric.name)
    return _message(*blocks, kit.actions(*buttons))


def parts_message(
    card: FigureCard, shown: Sequence[tuple[PartsChart, str]] = (), *, is_drawing: bool = False
) -> Message:
    """What the newest figure is made of, with those pictures that are there (by their file's id); `is_drawing`: they
    are still to come."""
    metric, charts = card.row.metric, card.parts_charts
    head = f"{bold(metric.name)} by its parts"
    if not charts:
        head += ": nothing is recorded by parts, or too few of them may be shown."
    else:
        coming = " The picture is being drawn." if len(charts) == 1 else " The pictures are being drawn."
        head += f", {own(charts[0].as_of)}.{coming if is_drawing else ''}"
    words = [kit.context(own(split_words(one, metric.unit))) for one in card.splits[:MOST_SPLITS]]
    pictures = [picture_block(chart, file_id) for chart, file_id in shown]
    text = " ".join([unmark(head), *(chart.alt for chart in charts)])
    return fit(Message.of(text, kit.section(head), *words, *pictures))[0]


def list_message(found: FigureList) -> Message:
    """Somebody's figures, due ones first, or all that they may read."""
    if not found.rows and found.of is not None:
        return _message(kit.section(f"{bold(found.of)} has no figure that you may read yet."), *_list_buttons(found))
    if not found.rows:
        words = "You don't look after any figure." if found.readable else "There are no figures for you to read yet."
        return _message(kit.section(words), *_list_buttons(found))
    due = sum(row.is_due for row in found.rows)
    count = plural(len(found.rows), "figure")
    title = f"{count} to read" if found.is_everything else f"Your {count}"
    if found.of is not None:
        title = f"{count} of {found.of}"
    blocks = [kit.section("You look after none yourself. These are for you to read:")] if found.has_none_of_own else []
    blocks.append(kit.section(bold(f"{title}, {due} due" if due else title)))
    shown = found.rows[:MOST_ROWS]
    blocks += [_row_block(row, found.today) for row in shown]
    if len(found.rows) > len(shown):
        rest = f"{len(shown)} of {len(found.rows)} · type “metric” and a name for the others"
        blocks.append(kit.context(rest))
    return _message(*blocks, *_list_buttons(found))


def _list_buttons(found: FigureList) -> Iterator[Block]:
    buttons = []
    if (not found.is_everything or found.of is not None) and found.readable > len(found.rows):
        buttons.append(kit.button(f"Show all {found.readable}", Action.FIGURES_ALL))
    if found.may_add:
        buttons.append(kit.button("Add figure", Action.METRIC_ADD))
    yield from kit.row(*buttons)


def unknown_figure_message(unknown: Mistyped, line: str) -> Message:
    """No figure, or more than one, is called that. [Yes] does what was typed with the one that was meant."""
    every = kit.button("Show all", Action.FIGURES_ALL)
    if isinstance(unknown, UnknownFigure) and unknown.fits:
        said = [(one.name, Mistyped("", unknown.typed, one).mended(line)) for one in unknown.fits]
        choices = [(name, meant) for name, meant in said if meant is not None]
        return choices_message(f"Several figures fit “{cut(unknown.typed, 40)}”. Which one?", choices)
    question = nearest_message(unknown, line, every)
    return question or _message(kit.section(escape(unknown.message)), kit.actions(every))


def due_figure_blocks(rows: Sequence[FigureRow], today: date) -> tuple[Block, ...]:
    """A steward's due figures as lines of Home."""
    return tuple(_row_block(row, today) for row in rows)


def says(standing: MetricStanding, today: date) -> str:
    """What the numbers say, with the day of the figure. Plain."""
    latest = standing.latest
    if standing.status == MetricStatus.STALE and latest is not None:
        return f"no new figure since {day(latest.period_end, today)}"
    if latest is None:
        if standing.first_due is None:
            return "no figure yet"
        return f"no figure yet, first due {day(standing.first_due, today)}"
    provisional = ", provisional" if latest.quality == "provisional" else ""
    return f"{status(standing.status)} (as of {day(latest.period_end, today)}{provisional})"


def _no_figure_words(standing: MetricStanding, today: date) -> str:
    metric = standing.metric
    if metric.baseline is None:
        return "No figure yet: the baseline is being set."
    if metric.target is None:
        return "Nothing to compare with yet: the target is being set."
    if standing.first_due is None:
        return "No figure yet."
    was = "was" if standing.first_due < today else "is"
    return f"No figure yet. The first {was} due {day(standing.first_due, today)}."


def _message(*blocks: Block) -> Message:
    """Blocks with their words as the alternative."""
    texts = [block["text"]["text"] for block in blocks if "text" in block]
    texts += [one["text"] for block in blocks if block["type"] == "context" for one in block["elements"]]
    said = [unmark(text.replace("\n", ": ", 1).replace("\n", ". ")) for text in texts]
    plain = " ".join(one if one.endswith((".", "?", "”")) else f"{one}." for one in said)
    return Message.of(cut(plain, 2000), *blocks)


def _draft_buttons(draft: FigureDraft) -> Iterator[kit.Element]:
    proposal = draft.proposal
    if proposal.needs_note:
        yield kit.button("Add the reason", Action.FIGURE_CHANGE, value=draft.token, primary=True)
        return
    is_plain = not proposal.is_unusual
    yield kit.button(confirm_label(proposal), Action.FIGURE_RECORD, value=draft.token, primary=is_plain)
    yield kit.button("Change", Action.FIGURE_CHANGE, value=draft.token)


def _change_words(proposal: Proposal, today: date) -> str:
    metric, reading = proposal.metric, proposal.reading
    new = f"{bold(_value(metric, reading))} ({_covered(reading, today)})"
    if proposal.replaces is None and proposal.before is not None:
        return f"{own(_value(metric, proposal.before))} ({_covered(proposal.before, today)}) → {new}"
    return new


def _caution_words(proposal: Proposal, today: date) -> str | None:
    """What is asked before it is recorded. Plain."""
    metric, reading = proposal.metric, proposal.reading
    said = []
    if proposal.seen is not None:
        least, most = (entered(value, metric.unit) for value in proposal.seen)
        range_words = least if least == most else f"{least} to {most}"
        said.append(f"That's outside what we've seen ({range_words}). Record it?")
    elif proposal.is_over_hundred:
        said.append("That's more than 100%. Record it?")
    elif proposal.falls and proposal.before is not None:
        before = f"{figure(proposal.before.value, metric.unit)} (as of {day(proposal.before.period_end, today)})"
        said.append(f"This is a running total, and it was {before}. Record it?")
    old = proposal.replaces
    if old is not None:
        known = f"{_value(metric, old)}, {old.quality}"
        if old.recorded_on is not None:
            known += f", recorded {day(old.recorded_on, today)}"
        there_is = f"There is a figure for {day(reading.period_end, today)}: {known}."
        if not proposal.is_restatement:
            said.append(f"{there_is} It stays, now {reading.quality}.")
        elif proposal.withheld or is_withheld(metric, old):
            said.append(f"{there_is} This one, {reading.quality}, replaces it. Both are kept.")
        else:
            change = f"{entered(old.value, metric.unit)} → {entered(reading.value, metric.unit)}"
            said.append(
                f"{there_is} {entered(reading.value, metric.unit)}, {reading.quality}, replaces it. "
                f"Both are kept, and the digest says “restated {change}”."
            )
    return " ".join(said) or None


def _would_say(proposal: Proposal, today: date) -> str:
    after, metric = proposal.after, proposal.metric
    if after.latest is None or after.latest.period_end != proposal.reading.period_end:
        return own(f"Numbers go on saying {says(after, today)}.")
    if after.status == MetricStatus.STALE:
        return own(f"Numbers would say {says(after, today)}: a newer one is due.")
    words = f"Numbers would say {status(after.status)}"
    if proposal.withheld:
        return own(f"{words}. {_least_words(metric)}")
    beside = []
    if after.expected is not None and metric.direction != "maintain":
        beside.append(f"{computed(after.expected, metric.unit)} expected")
    if metric.target is not None:
        beside.append(f"target {entered(metric.target.value, metric.unit)} by {day(metric.target.on, today)}")
    return own(f"{words}: {', '.join(beside)}." if beside else f"{words}.")


def _path_words(standing: MetricStanding, today: date) -> str | None:
    """Baseline → latest → expected → target, in markup; None without a figure to show."""
    metric = standing.metric
    if metric.target is None or standing.latest is None or metric.baseline is None:
        return None
    if standing.withheld:
        return own(_least_words(metric))
    target = entered(metric.target.value, metric.unit)
    until = day(metric.target.on, today)
    steps = [entered(metric.baseline.value, metric.unit), bold(_value(metric, standing.latest))]
    if metric.direction == "maintain":
        return f"{' → '.join(steps)} · keep at {own(target)} until {until}"
    if standing.expected is not None:
        steps.append(f"expected {computed(standing.expected, metric.unit)}")
    return f"{' → '.join(steps)} → target {own(target)} by {until}"


def _restated_words(metric: Metric, one: Restatement, today: date) -> str:
    change = f"{_shown(metric, one.before)} → {_shown(metric, one.after)}"
    words = f"{day(one.period_end, today)} restated {change} on {day(one.recorded_on, today)}"
    return f"{own(words)}: {quote(cut(one.note, 300))}" if one.note else own(words)


def _facts(row: FigureRow, today: date) -> Iterator[str]:
    metric, standing = row.metric, row.standing
    if standing.next_period_end is not None and row.due_on is not None:
        words = f"Next figure: for {day(standing.next_period_end, today)}"
        yield f"{words}, due since {day(row.due_on, today)}" if row.is_due else words
    yield f"Steward: {own(row.steward_name)}"
    if metric.source:
        yield f"Source: {own(cut(metric.source, 200))}"
    if row.priority_name is not None:
        yield own(row.priority_name)
    if metric.public:
        yield "On the public page"


def _row_block(row: FigureRow, today: date) -> Block:
    metric, standing = row.metric, row.standing
    words = f"{own(cut(metric.name, 150))}: "
    if standing.latest is not None and standing.status != MetricStatus.STALE:
        words += f"{own(_value(metric, standing.latest))}, "
    words += own(says(standing, today))
    if row.is_due and row.may_record:
        return kit.section(words, accessory=_update_button(metric))
    return kit.line(words, "Open", Action.FIGURE_CARD, value=metric.id, about=metric.name)


def _update_button(metric: Metric, *, primary: bool = False) -> kit.Element:
    return kit.button("Update", Action.FIGURE_UPDATE, value=metric.id, primary=primary, about=metric.name)


def _least_words(metric: Metric) -> str:
    return f"Shown from {metric.confidential_below_n} reporting employers up."


def _value(metric: Metric, reading: Reading) -> str:
    return NOT_SHOWN if is_withheld(metric, reading) else figure(reading.value, metric.unit)


def _shown(metric: Metric, value: Decimal | None) -> str:
    return NOT_SHOWN if value is None else entered(value, metric.unit)


def _covered(reading: Reading, today: date) -> str:
    is_long = reading.period_start is not None and reading.period_end - reading.period_start > timedelta(days=1)
    words = period(reading.period_start if is_long else None, reading.period_end, today)
    return f"{words}, provisional" if reading.quality == "provisional" else words
