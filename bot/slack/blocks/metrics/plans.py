"""How a metric is set up, on screen: its form, the form for a new target, what became of them, and what it means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.metrics import (
    CHOICES,
    DEFAULTS,
    MOST_MILESTONES,
    MOST_NAME,
    MOST_REASON,
    MOST_WORDS,
    FigureCard,
    PlanForm,
    PlanSaved,
    milestone_lines,
)
from bot.domain.typed import marks_of
from bot.domain.wording import day, entered, figure, with_article
from bot.errors import UserError
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.forms import keeping
from bot.slack.identifiers import Action, Entry, Search, Submission
from bot.slack.message import Block, Message, View
from bot.slack.metadata import OUT_OF_DATE_FORM, encode_question
from bot.slack.mrkdwn import bold, cut, escape, fitted, own, unmark

ADD_TITLE = "New figure"
EDIT_TITLE = "Edit figure"
TARGET_TITLE = "New target"
MEANING_TITLE = "What it means"
_QUESTIONS = {
    "direction": ("Which way is better?", {"increase": "More", "decrease": "Less", "maintain": "Keep it where it is"}),
    "level": ("Level", {"core": "Core, read by leadership", "contributing": "Contributing, read by the group"}),
    "horizon": ("When does it move?", {"short": "Within a year", "medium": "In one to three years", "long": "Later"}),
    "aggregation": (
        "What does each figure cover?",
        {
            "point_in_time": "A day: how it stands then",
            "period_total": "A period: what happened in it",
            "cumulative": "Everything up to a day",
        },
    ),
    "frequency": (
        "How often is there a new figure?",
        {
            "weekly": "Weekly",
            "monthly": "Monthly",
            "quarterly": "Quarterly",
            "semiannual": "Every half-year",
            "annual": "Yearly",
        },
    ),
}
_MEANINGS = {
    "increase": "more is better",
    "decrease": "less is better",
    "maintain": "it should stay where it is",
    "point_in_time": "each figure is how it stands on a day",
    "period_total": "each figure is the total of a period",
    "cumulative": "each figure counts everything up to a day",
}


def plan_view(form: PlanForm, *, whole: bool = False) -> View:
    """What a metric means and how it is counted, or a new one: what nobody else can know of it, and with `whole`
    everything about it, beginning with what is usual."""
    is_new = form.metric is None
    if is_new and not whole:
        return _short_view(form)
    plan = {**DEFAULTS, **form.plan} if is_new else form.plan
    blocks = [
        kit.context(_first_line(form, "Read by everyone who reads this priority.")),
        _text("name", "Name", plan, MOST_NAME),
        _text("definition", "What exactly is counted?", plan, MOST_WORDS, multiline=True, optional=True),
        _unit(plan),
    ]
    if is_new:
        blocks.append(_priority(form))
    blocks.append(_steward(form))
    blocks += [_choice(name, plan) for name in CHOICES]
    blocks += _dated("baseline", "Baseline", "Baseline, as of", plan)
    if is_new:
        blocks += _dated("target", "Target", "Target, by", plan)
        blocks.append(_milestones(plan))
    blocks += [
        _number("tolerance", "Tolerance", plan.get("tolerance"), hint="Only to keep it where it is: how far is fine."),
        _text("source", "Source", plan, MOST_NAME, optional=True),
        _number("expected_lag_days", "Days until a figure is ready", plan.get("expected_lag_days")),
        _number(
            "confidential_below_n",
            "Withhold it if fewer than how many report?",
            plan.get("confidential_below_n"),
            hint="So that no single employer can be recognized. Leave it empty where that is no risk.",
        ),
    ]
    if form.proposes:
        blocks.append(_reason())
    return _plan_form(form, blocks)


def _short_view(form: PlanForm) -> View:
    """Six fields. What is typed into them stays in the whole form: its fields have the same names."""
    return _plan_form(
        form,
        [
            kit.context("Read by everyone who reads this priority."),
            _text("name", "Name", form.plan, MOST_NAME),
            _unit(form.plan),
            _priority(form),
            _steward(form),
            *_dated("target", "Target", "Target, by", form.plan),
            kit.section(
                "More is better, each figure is how it stands on a day, and a new one comes every quarter.",
                accessory=kit.button("More", Action.METRIC_MORE, label="Change these, and add a baseline and more"),
            ),
        ],
    )


@keeping
def _plan_form(form: PlanForm, blocks: list[Block]) -> View:
    is_new = form.metric is None
    return View(
        title=ADD_TITLE if is_new else EDIT_TITLE,
        callback_id=Submission.METRIC_PLAN,
        submit="Add" if is_new else "Propose" if form.proposes else "Save",
        close="Close",
        metadata=encode_plan(form, [name for name in form.plan if name not in {"target", "milestones"}]),
        blocks=tuple(blocks),
    )


def _unit(plan: Mapping[str, Any]) -> Block:
    return _text("unit", "Unit", plan, 40, hint="Such as seats or firms; percent and usd are written with their signs.")


def _priority(form: PlanForm) -> Block:
    options = [kit.option(one.name, one.id) for one in form.priorities[: limits.OPTIONS]]
    return kit.input_block(
        "Priority", kit.static_select(Entry.VALUE, options, placeholder="Choose one"), encode_question("priority")
    )


def _steward(form: PlanForm) -> Block:
    return kit.input_block(
        "Who looks after it?",
        kit.external_select(
            Search.MEMBER,
            initial=kit.option(form.steward.name, form.steward.id) if form.steward is not None else None,
            placeholder="Type a name",
        ),
        encode_question("steward"),
    )


@keeping
def target_view(form: PlanForm) -> View:
    """A new target with its day, milestones and the reason."""
    metric = form.metric
    assert metric is not None
    now = "No target yet."
    if metric.target is not None:
        now = f"Now {entered(metric.target.value, metric.unit)} by {day(metric.target.on, form.today)}."
    if metric.baseline is not None:
        since = day(metric.baseline.on, form.today)
        now += f" Baseline {entered(metric.baseline.value, metric.unit)} as of {since}."
    return View(
        title=TARGET_TITLE,
        callback_id=Submission.METRIC_TARGET,
        submit="Propose" if form.proposes else "Save",
        close="Close",
        metadata=encode_plan(form, ["target", "milestones"]),
        blocks=(
            kit.context(_first_line(form, "The change is in the next digest.")),
            kit.section(f"{bold(metric.name)}\n{own(now)}"),
            *_dated("target", "Target", "By", form.plan, optional=False),
            _milestones(form.plan),
            _reason(),
        ),
    )


def plan_saved_message(saved: PlanSaved) -> Message:
    """What became of the form."""
    metric = saved.metric
    if saved.what == "added":
        said = "Added."
        if metric.baseline is None or metric.target is None:
            missing = [name for name in ("baseline", "target") if getattr(metric, name) is None]
            verb = "are" if len(missing) > 1 else "is"
            said += f" It says “no figure yet” until its {' and '.join(missing)} {verb} set."
    elif saved.what == "proposed":
        whom = with_article(saved.decider_name or "deciding group")
        said = f"Proposed as {saved.decision}. It counts once {whom} has decided for it."
    elif saved.what == "changed":
        said = "Changed."
    else:
        said = "Nothing is different, so nothing was changed."
    lines = [bold(metric.name), own(said), *(f"• {own(cut(line, 400))}" for line in saved.lines)]
    buttons = [kit.button("Open card", Action.FIGURE_CARD, value=metric.id)]
    if saved.may_record:
        buttons.insert(0, kit.button("Update", Action.FIGURE_UPDATE, value=metric.id, label=f"Update: {metric.name}"))
    text = fitted(lines)
    return Message(text=escape(cut(unmark(text), 2000)), blocks=(kit.section(text), kit.actions(*buttons)))


def plan_told_view(message: Message) -> View:
    """The same in place of the form."""
    return View(title="Figure", close="Close", blocks=message.blocks)


def meaning_view(card: FigureCard) -> View:
    """What a metric counts, from where, how often, and what its plan is."""
    metric, today = card.row.metric, card.today
    blocks = [kit.section(bold(metric.name)), kit.section(own(metric.definition or "It has no definition yet."))]
    about = [
        f"{_MEANINGS.get(metric.direction, metric.direction)}; {_MEANINGS.get(metric.aggregation, metric.aggregation)}",
        f"a new one {metric.frequency or 'quarterly'}",
        f"source: {metric.source}" if metric.source else "no source given",
        f"steward: {card.row.steward_name}",
    ]
    if metric.confidential_below_n is not None:
        about.append(f"shown from {metric.confidential_below_n} reporting up")
    blocks.append(kit.section("\n".join(f"• {own(line[:1].upper() + line[1:])}" for line in about)))
    plan = []
    if metric.baseline is not None:
        plan.append(f"Baseline {figure(metric.baseline.value, metric.unit)} on {day(metric.baseline.on, today)}")
    plan += [
        f"{entered(one.value, metric.unit)} by {day(one.on, today)}" for one in metric.milestones[:MOST_MILESTONES]
    ]
    if metric.target is not None:
        words = f"target {entered(metric.target.value, metric.unit)} by {day(metric.target.on, today)}"
        plan.append(
            words if metric.tolerance is None else f"{words}, give or take {entered(metric.tolerance, metric.unit)}"
        )
    blocks.append(kit.context(own(" → ".join(plan)) if plan else "Its baseline and target are being set."))
    blocks.append(
        kit.context(
            "From 90% of the way expected by then numbers say on track, from 70% at risk, below that off track."
            if metric.direction != "maintain"
            else "Within the tolerance numbers say on track, within twice the tolerance at risk, beyond that off track."
        )
    )
    return View(title=MEANING_TITLE, close="Close", blocks=tuple(blocks))


def encode_plan(form: PlanForm, fields: list[str]) -> str:
    """A form's private_metadata: the metric, and marks of the values that it was opened with; never the values."""
    marks = marks_of({name: form.plan[name] for name in fields if name in form.plan})
    metric = form.metric.id if form.metric is not None else None
    return json.dumps({"metric": metric, "marks": marks}, separators=(",", ":"))


def decode_plan(text: str) -> tuple[str | None, Mapping[str, str]]:
    """The inverse of `encode_plan`. Raises UserError for a form that this version never made."""
    try:
        found = json.loads(text)
        metric, marks = found["metric"], found["marks"]
    except (ValueError, KeyError, TypeError):
        raise UserError(OUT_OF_DATE_FORM) from None
    return metric, {str(name): str(mark) for name, mark in dict(marks).items()}


def _first_line(form: PlanForm, otherwise: str) -> str:
    if form.proposes:
        return "What you change becomes a decision for steering and counts once it is decided."
    return otherwise


def _text(
    name: str,
    label: str,
    plan: Mapping[str, Any],
    most: int,
    *,
    multiline: bool = False,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    element = kit.plain_text_input(Entry.VALUE, max_length=most, initial=plan.get(name), multiline=multiline)
    return kit.input_block(label, element, encode_question(name), optional=optional, hint=hint)


def _choice(name: str, plan: Mapping[str, Any]) -> Block:
    label, texts = _QUESTIONS[name]
    options = {value: kit.option(texts.get(value, value), value) for value in CHOICES[name]}
    chosen = options.get(str(plan.get(name)))
    element = kit.static_select(Entry.VALUE, list(options.values()), initial=chosen, placeholder="Choose one")
    return kit.input_block(label, element, encode_question(name))


def _dated(name: str, label: str, day_label: str, plan: Mapping[str, Any], *, optional: bool = True) -> Iterator[Block]:
    value, on = plan.get(name) or (None, None)
    number = kit.number_input(Entry.VALUE, decimals=True, initial=f"{value:f}" if value is not None else None)
    yield kit.input_block(label, number, encode_question(f"{name}_value"), optional=optional)
    picker = kit.datepicker(Entry.VALUE, initial=on)
    yield kit.input_block(day_label, picker, encode_question(f"{name}_on"), optional=optional)


def _reason() -> Block:
    element = kit.plain_text_input(Entry.VALUE, max_length=MOST_REASON, multiline=True)
    return kit.input_block("Why does it change?", element, encode_question("reason"))


def _milestones(plan: Mapping[str, Any]) -> Block:
    return kit.input_block(
        "Milestones",
        kit.plain_text_input(
            Entry.VALUE,
            max_length=limits.INPUT_LENGTH,
            multiline=True,
            initial=milestone_lines(plan.get("milestones") or ()) or None,
        ),
        encode_question("milestones"),
        hint="One a line, such as “100 by Mar 31, 2027”. Without any the path is straight.",
        optional=True,
    )


def _number(name: str, label: str, value: Any, *, hint: str | None = None) -> Block:
    is_decimal = name == "tolerance"
    initial = None if value is None else f"{value:f}" if is_decimal else str(value)
    element = kit.number_input(Entry.VALUE, decimals=is_decimal, initial=initial)
    return kit.input_block(label, element, encode_question(name), hint=hint, optional=True)
