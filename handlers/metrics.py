"""Figures: a card, mine, recording one by a line or by a form, and taking it back."""

from __future__ import annotations

import re

from slack_sdk.errors import SlackApiError

from bot.domain.metrics import FigureCard, FigureDraft, FigureSaved, PartsChart, UnknownFigure, ValueMissing
from bot.domain.rights import Right
from bot.domain.typed import asks_for_every
from bot.slack.blocks.charts import picture_message, with_picture
from bot.slack.blocks.menu import mistyped
from bot.slack.blocks.metrics import (
    FIGURE_FORM,
    TITLE,
    card_message,
    confirm_view,
    draft_message,
    figure_saved_message,
    list_message,
    parts_message,
    undone_message,
    unknown_figure_message,
)
from bot.slack.identifiers import Action, Submission
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners
from handlers.metric_plans import FIGURES
from handlers.presses import tells

# A figure's name with a value behind it: it is to be recorded.
_VALUE = re.compile(r"\s[-$]?[0-9][0-9.,]*[%km]?(\s+as\s+of\s.*)?\s*$", re.IGNORECASE)
FIGURES_TITLE = "Figures"
# The figures that this person is steward of.
show_mine = tells(lambda services: services.metrics.mine, list_message)


async def show_all(call: Call) -> None:
    """Every figure that this person may read."""
    await call.open_in_home()
    await call.answer(list_message(await call.services.metrics.mine(await call.actor(), everything=True)), TITLE)


async def show_of_priority(call: Call) -> None:
    """[Figures] of a priority's card or of its line in a digest."""
    await call.open(FIGURES_TITLE)
    found = await call.services.metrics.mine(await call.actor(), everything=True, priority=call.value)
    await call.show(list_message(found).view(TITLE))


async def show_card(call: Call, typed: str) -> None:
    if asks_for_every(typed, "figure"):
        await show_all(call)
        return
    try:
        card = await call.services.metrics.card(await call.actor(), typed)
    except UnknownFigure as unknown:
        if mistyped("metric", FIGURES.verbs, typed) is None and await _read_value(call, typed):
            return
        await call.reply(FIGURES.question(unknown, typed))
        return
    await call.reply(card_message(card))
    await _show_picture(call, card)


async def show_named(call: Call, typed: str) -> bool:
    """The card of a figure whose name alone was written to the bot; False where it is no figure's name."""
    actor = await call.actor_if_known()
    if actor is None:
        return False
    try:
        card = await call.services.metrics.card(actor, typed, whole=True)
    except UnknownFigure:
        return await _read_value(call, typed)
    await call.reply(card_message(card))
    await _show_picture(call, card)
    return True


async def _read_value(call: Call, typed: str) -> bool:
    """Reads a figure's name with a value behind it back, to be recorded by a press; False where it is no such thing."""
    found = _VALUE.search(typed)
    try:
        if found is not None:
            await call.services.metrics.card(await call.actor(), typed[: found.start()], whole=True)
    except UnknownFigure:
        return False
    if found is not None:
        await update_line(call, typed)
    return found is not None


async def open_card(call: Call) -> None:
    """[Open] and [Open card]."""
    card = await call.services.metrics.card(await call.actor(), call.value, whole=True)
    await call.answer(card_message(card), TITLE)
    await _show_picture(call, card)


async def update_line(call: Call, line: str) -> None:
    """Reads a typed figure back; it counts once it is confirmed. A figure's name alone opens its form."""
    actor = await call.actor()
    try:
        await call.reply(draft_message(await call.services.metrics.draft(actor, line)))
    except ValueMissing as missing:
        if not call.can_open:
            raise
        await call.open(TITLE)
        await call.show(FIGURE_FORM.view(await call.services.metrics.form(actor, metric=missing.metric.id)))
    except UnknownFigure as unknown:
        await call.reply(unknown_figure_message(unknown, f"metric update {line}"))


async def open_form(call: Call) -> None:
    """The form, with the figure that a button names."""
    await call.open(TITLE)
    metric = call.carried(Action.FIGURE_UPDATE) or None
    await call.show(FIGURE_FORM.view(await call.services.metrics.form(await call.actor(), metric=metric)))


async def change(call: Call) -> None:
    """[Change]: the form with what was typed, in place of the question where that stands in a form."""
    actor = await call.actor()
    if not call.is_in_modal:
        await call.open(TITLE)
    view = FIGURE_FORM.view(await call.services.metrics.form(actor, token=call.value))
    await (call.change_view(view) if call.is_in_modal else call.show(view))


async def choose(call: Call) -> None:
    """Another figure was chosen in the form: its unit and its last value stand below the field."""
    metric = str((call.action.get("selected_option") or {}).get("value") or "")
    await call.change_view(FIGURE_FORM.view(await call.services.metrics.form(await call.actor(), metric=metric)))


async def submit(call: Call) -> None:
    answers = FIGURE_FORM.read(call.values)
    await _settle(call, await call.services.metrics.submit(await call.actor(), call.form_key, answers))


async def confirm(call: Call) -> None:
    """The question that the form turned into was answered with yes."""
    token = str(call.view.get("private_metadata") or "")
    await _settle(call, await call.services.metrics.record(await call.actor(), token))


async def record(call: Call) -> None:
    """[Record], [Restate] and [Yes, record it]."""
    reply = await call.services.metrics.record(await call.actor(), call.value)
    await call.answer(figure_saved_message(reply) if isinstance(reply, FigureSaved) else draft_message(reply), TITLE)
    await refresh_home(call)


async def undo(call: Call) -> None:
    await call.answer(undone_message(await call.services.metrics.undo(await call.actor(), call.value)), TITLE)
    await refresh_home(call)


async def _settle(call: Call, reply: FigureDraft | FigureSaved) -> None:
    """What a form turns into."""
    if isinstance(reply, FigureDraft):
        await call.become(confirm_view(reply))
        return
    await call.become(figure_saved_message(reply).view(TITLE))
    await refresh_home(call)


async def _show_picture(call: Call, card: FigureCard) -> None:
    """The picture follows the words as soon as it is drawn and uploaded; where it can't be, the words stand alone."""
    chart, pictures = card.chart, call.pictures
    if chart is None or pictures is None:
        return
    file_id = await pictures.file_of(chart)
    if file_id is None:
        return
    try:
        if call.is_in_modal:
            await call.change_view(with_picture(card_message(card), chart, file_id).view(TITLE))
        elif call.has_modal:
            await call.show(with_picture(card_message(card), chart, file_id).view(TITLE))
        else:
            await call.reply(picture_message(chart, file_id))
    except SlackApiError:
        # Slack doesn't show this file any more; the words stand already.
        await pictures.forget(chart)


async def show_parts(call: Call) -> None:
    """[Picture of parts]: the words at once, and each picture as soon as it is drawn and uploaded."""
    card, pictures = await call.services.metrics.card(await call.actor(), call.pressed(str)), call.pictures
    await call.answer(parts_message(card, is_drawing=pictures is not None), TITLE)
    shown: list[tuple[PartsChart, str]] = []
    for chart in card.parts_charts if pictures is not None else ():
        file_id = await pictures.file_of(chart) if pictures is not None else None
        shown += [(chart, file_id)] if file_id is not None else []
    if pictures is None:
        return
    try:
        await call.answer(parts_message(card, shown), TITLE)
    except SlackApiError:
        # Slack doesn't show one of the files any more; the words stand already.
        for chart, _file_id in shown:
            await pictures.forget(chart)


LISTENERS = Listeners(
    noun="metric",
    actions={
        Action.METRIC_PARTS: show_parts,
        Action.FIGURE_UPDATE: open_form,
        Action.FIGURE_CHOSEN: choose,
        Action.FIGURE_RECORD: record,
        Action.FIGURE_CHANGE: change,
        Action.FIGURE_UNDO: undo,
        Action.FIGURE_CARD: open_card,
        Action.FIGURES_ALL: show_all,
        Action.FIGURES_OF: show_of_priority,
    },
    submissions={Submission.FIGURE: submit, Submission.FIGURE_CONFIRM: confirm},
    lines=(
        Line(
            "",
            "your figures, or the one that you name",
            show_mine,
            words=("figures", "metric", "metrics", "numbers"),
            takes=show_card,
            usage="[NAME]",
        ),
        Line("list", "every figure that you may read", show_all),
        Line(
            "update",
            "record a figure; without more, a form opens",
            open_form,
            Right.RECORD_READING,
            ("update", "update a figure", "update a number"),
            opens_modal=True,
            takes=update_line,
            usage="[NAME VALUE as of DATE provisional note …]",
            hint="update placed 48.5 as of Jun 30",
        ),
    ),
    finds=show_named,
)
