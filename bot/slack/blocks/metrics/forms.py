"""The form "Update a figure", and what it turns into: a question to confirm, or the word that the figure is in."""

from __future__ import annotations

from bot.domain.metrics import MOST_NOTE, FigureDraft, FigureForm, FigureRow
from bot.domain.wording import day, entered, noun_of
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.metrics.metrics import confirm_label, draft_blocks
from bot.slack.forms import keeping
from bot.slack.identifiers import Action, Entry, Submission
from bot.slack.message import Message, View
from bot.slack.metadata import encode_question
from bot.slack.mrkdwn import cut

TITLE = "Update a figure"
_QUALITIES = (("provisional", "Provisional"), ("final", "Final"))


@keeping
def figure_view(form: FigureForm) -> View:
    """The form: yours first, due ones marked; filled with what was typed before."""
    chosen, entry = form.chosen, form.entry
    options = {row.metric.id: kit.option(_option_words(row), row.metric.id) for row in form.rows[: limits.OPTIONS]}
    if chosen is not None and chosen.metric.id not in options:
        options.popitem()
        options[chosen.metric.id] = kit.option(_option_words(chosen), chosen.metric.id)
    qualities = {value: kit.option(text, value) for value, text in _QUALITIES}
    first_line = "Read by everyone who reads this priority, from the next digest on."
    if len(form.rows) > limits.OPTIONS:
        first_line += f" {limits.OPTIONS} of {len(form.rows)} figures are listed; type “update” and a name for others."
    blocks = [
        kit.context(first_line),
        kit.input_block(
            "Figure",
            kit.static_select(
                Action.FIGURE_CHOSEN,
                list(options.values()),
                initial=options[chosen.metric.id] if chosen is not None else None,
                placeholder="Choose one",
            ),
            encode_question("metric"),
            dispatch=True,
        ),
        kit.input_block(
            "Latest value",
            kit.number_input(Entry.VALUE, decimals=True, initial=f"{entry.value:f}" if entry is not None else None),
            encode_question("value"),
            hint=_value_hint(chosen, form) if chosen is not None else None,
        ),
        kit.input_block(
            "Last day the value covers",
            kit.datepicker(Entry.VALUE, initial=entry.period_end if entry is not None else form.suggested_end),
            encode_question("period_end"),
        ),
        kit.input_block(
            "Is it final?",
            kit.radio_buttons(
                Entry.VALUE,
                list(qualities.values()),
                initial=qualities.get(entry.quality) if entry is not None else None,
            ),
            encode_question("quality"),
        ),
    ]
    if _asks_reporters(form):
        blocks.append(
            kit.input_block(
                "How many employers reported?",
                kit.number_input(
                    Entry.VALUE,
                    decimals=False,
                    initial=str(entry.reporters) if entry is not None and entry.reporters is not None else None,
                ),
                encode_question("reporters"),
                hint="Needed where small groups are withheld.",
                optional=True,
            )
        )
    blocks.append(
        kit.input_block(
            "Anything the reader must know about this figure?",
            kit.plain_text_input(
                Entry.VALUE,
                max_length=MOST_NOTE,
                multiline=True,
                initial=entry.note if entry is not None else None,
            ),
            encode_question("note"),
            hint="Needed where it replaces a figure for the same day.",
            optional=True,
        )
    )
    return View(title=TITLE, callback_id=Submission.FIGURE, submit="Record", close="Close", blocks=tuple(blocks))


def confirm_view(draft: FigureDraft) -> View:
    """What the form turns into where a figure is unusual or replaces one."""
    return View(
        title=TITLE,
        callback_id=Submission.FIGURE_CONFIRM,
        submit=confirm_label(draft.proposal),
        close="Close",
        metadata=draft.token,
        blocks=(
            *draft_blocks(draft),
            kit.actions(kit.button("Change", Action.FIGURE_CHANGE, value=draft.token)),
        ),
    )


def figure_told_view(message: Message) -> View:
    """A message about a figure in place of the form."""
    return View(title=TITLE, close="Close", blocks=message.blocks)


def _option_words(row: FigureRow) -> str:
    mark = " · due" if row.is_due else ""
    return cut(row.metric.name, limits.OPTION_TEXT - len(mark)) + mark


def _value_hint(row: FigureRow, form: FigureForm) -> str:
    metric, latest = row.metric, row.standing.latest
    unit = {"usd": "dollars", "percent": "percent"}.get(metric.unit, noun_of(metric.unit).strip())
    if latest is None:
        return f"{unit} · no figure yet"
    value = row.standing.value
    shown = "not shown" if value is None else entered(value, metric.unit)
    return f"{unit} · last: {shown} ({day(latest.period_end, form.today)})"


def _asks_reporters(form: FigureForm) -> bool:
    if form.chosen is not None:
        return form.chosen.metric.confidential_below_n is not None
    return any(row.metric.confidential_below_n is not None for row in form.rows)
