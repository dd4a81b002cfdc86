"""The form "Update a figure", and what it turns into: a question to confirm, or the word that the figure is in."""

from __future__ import annotations

from bot.domain.metrics import MOST_BREAKDOWN, MOST_NOTE, FigureDraft, FigureForm, FigureRow, breakdown_lines
from bot.domain.wording import day, entered, noun_of
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.metrics.metrics import confirm_label, draft_blocks
from bot.slack.forms import Answered, Choice, Day, Form, Keeps, Number, Pick, Text, about_one, as_typed, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import View
from bot.slack.mrkdwn import cut

TITLE = "Update a figure"
_PARTS = "Such as “County: Harrow 12 from 4”: what it is split by, the part, its value, and how many reported."
_QUALITIES = {"provisional": "Provisional", "final": "Final"}


FIGURE_FORM: Form[FigureForm, Answered] = Form(
    as_typed, Submission.FIGURE, TITLE, "Record",
    note(lambda form: _first_line(form)),
    Pick("metric", "Figure", lambda form: _figures(form), shows=lambda form: form.chosen and form.chosen.metric.id,
        action=Action.FIGURE_CHOSEN, dispatch=True),
    Number("value", "Latest value",
        hint=lambda form: _value_hint(form.chosen, form) if form.chosen is not None else None),
    Day("period_end", "Last day the value covers",
        shows=lambda form: form.entry.period_end if form.entry is not None else form.suggested_end),
    Choice("quality", "Is it final?", _QUALITIES, radio=True),
    Number("reporters", "How many employers reported?", decimals=False, when=lambda form: _asks_reporters(form),
        hint="Needed where small groups are withheld.", optional=True),
    Text("breakdown", "By group or place, one part a line", MOST_BREAKDOWN, multiline=True,
        shows=lambda form: breakdown_lines(form.entry.breakdown) if form.entry is not None else None,
        hint=_PARTS, optional=True),
    Text("note", "Anything the reader must know about this figure?", MOST_NOTE, multiline=True,
        hint="Needed where it replaces a figure for the same day.", optional=True),
    values=lambda form: form.entry,
    keeps=Keeps(about_one, belongs_to="metric", then=Submission.FIGURE_CONFIRM),
)  # fmt: skip


def _first_line(form: FigureForm) -> str:
    first_line = (
        "Read by everyone who reads this priority: on its canvas at once, if it has one, and in the next digest."
    )
    if len(form.rows) > limits.OPTIONS:
        first_line += f" {limits.OPTIONS} of {len(form.rows)} figures are listed; type “update” and a name for others."
    return first_line


def _figures(form: FigureForm) -> list[kit.Element]:
    """As many as fit, and the one that is chosen."""
    shown = list(form.rows[: limits.OPTIONS])
    if form.chosen is not None and form.chosen.metric.id not in {row.metric.id for row in shown}:
        shown[-1] = form.chosen
    return [kit.option(_option_words(row), row.metric.id) for row in shown]


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
