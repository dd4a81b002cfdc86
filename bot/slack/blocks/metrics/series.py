"""A metric's series on screen: its form, what became of it, and what a card says of it. Items are in `series_items`."""

from __future__ import annotations

from bot.domain.metrics import FigureCard
from bot.domain.series import (
    MOST_ADDRESS,
    MOST_COLUMN,
    NO_PROVIDER,
    SeriesForm,
    SeriesLine,
    SeriesSaved,
    looks_words,
    provider_name,
    series_name,
)
from bot.domain.vocabularies import Provider, SeriesLooks
from bot.domain.wording import cut, day, sentence
from bot.slack.blocks import kit
from bot.slack.forms import Answered, Choice, Form, Keeps, Pick, Text, about, as_typed, by, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Message
from bot.slack.metadata import Marked
from bot.slack.mrkdwn import bold, fitted, own, unmark

SERIES_TITLE = "Where figures come from"
OFF = "I don't look at series here: whoever runs me turns that on, with BACKBEAT_SERIES."
_PROVIDERS = {
    Provider.CSV.value: "A CSV file on the web",
    Provider.FRED.value: "FRED (St. Louis Fed)",
    Provider.BLS.value: "BLS (Bureau of Labor Statistics)",
    Provider.CENSUS.value: "Census Bureau",
}
SERIES_FORM: Form[SeriesForm, Answered] = Form(
    as_typed, Submission.METRIC_SERIES, SERIES_TITLE, "Save",
    note(lambda form: own(
        f"What is found there is shown to {form.steward_name}, who decides. It is looked at before 7 AM."
        if form.fetches else f"{OFF} What you enter is kept.")),
    about(lambda form: bold(form.metric.name)),
    Pick("provider", "Who publishes new figures?", _PROVIDERS, nothing=NO_PROVIDER,
        nothing_words="Nobody: people enter them"),
    Text("address", "Series, or address of the file", MOST_ADDRESS, optional=True,
        hint="Such as UNRATE, LNS14000000, acs/acs1?get=S2301_C04_001E&for=county:049&in=state:39, or https://…"),
    Text("period_column", "Column that holds the periods", MOST_COLUMN, optional=True,
        hint="Of a CSV file, as its first line has it."),
    Text("value_column", "Column that holds the values", MOST_COLUMN, optional=True,
        hint="Of a CSV file, or the Census variable where several are asked for."),
    Choice("looks", "How often is it looked at?",
        {one.value: sentence(looks_words(one)).removesuffix(".") for one in SeriesLooks}),
    Choice("record_by_itself", "What happens with a new figure?",
        {"no": "The steward is asked", "yes": "It is recorded, and the steward is told"}, radio=True,
        shows=lambda form: "yes" if form.plan.get("record_by_itself") else "no"),
    values=lambda form: form.plan,
    marks=lambda form: form.metric.id,
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip


def series_saved_message(saved: SeriesSaved) -> Message:
    """What became of the form."""
    said = "Changed." if saved.lines else "Nothing is different, so nothing was changed."
    if saved.lines and saved.metric.series is not None:
        said += " I look at it within the hour." if saved.fetches else f" {OFF}"
    lines = [bold(saved.metric.name), own(said), *(f"• {own(cut(line, 400))}" for line in saved.lines)]
    text = fitted(lines)
    return Message.of(
        cut(unmark(text), 2000),
        kit.section(text),
        kit.actions(kit.button("Open card", Action.FIGURE_CARD, value=saved.metric.id)),
    )


def series_words(card: FigureCard) -> str | None:
    """What a card says of its metric's series, in markup; None where it follows none."""
    line = card.series
    if line is None:
        return None
    series = line.series
    if not card.fetches:
        return own(f"From {series_name(series)}. {OFF}")
    does = "recorded by itself" if series.record_by_itself else "proposed to the steward"
    parts = [f"From {series_name(series)}, looked at {looks_words(series.looks)}; what is new is {does}"]
    parts.append(_last_look(card, line))
    if line.proposed_on is not None and line.proposed_for is not None:
        parts.append(
            f"last proposed {day(line.proposed_on, card.today)}, for {day(line.proposed_for, card.today)}",
        )
    return own(" · ".join(parts))


def _last_look(card: FigureCard, line: SeriesLine) -> str:
    if line.looked_on is None:
        return "not looked at yet"
    words = f"last looked at {day(line.looked_on, card.today)}"
    return f"{words}: {cut(line.trouble, 300)}" if line.trouble is not None else words


def series_facts(card: FigureCard) -> list[str]:
    """The whole of where a metric's values come from. Plain."""
    line = card.series
    if line is None:
        return []
    series = line.series
    facts = [f"new figures from: {provider_name(series.provider)} {series.address}"]
    columns = [one for one in (series.period_column, series.value_column) if one is not None]
    if columns:
        facts.append(f"its columns: {' and '.join(columns)}")
    return facts
