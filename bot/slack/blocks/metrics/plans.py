"""How a metric is set up, on screen: its form, the form for a new target, what became of them, and what it means."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.domain.metrics import (
    CHOICES,
    DEFAULTS,
    MOST_MILESTONES,
    MOST_NAME,
    MOST_REASON,
    MOST_UNIT,
    MOST_WORDS,
    FigureCard,
    PlanForm,
    PlanSaved,
    milestone_lines,
)
from bot.domain.typed import marks_of
from bot.domain.wording import day, entered, figure, with_article
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.metrics.series import series_facts
from bot.slack.forms import (
    PUBLIC,
    Answered,
    Field,
    Find,
    Form,
    Keeps,
    Number,
    Part,
    Pick,
    Text,
    about,
    as_typed,
    by,
    dated,
    named_options,
    note,
)
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Message, View
from bot.slack.metadata import Marked
from bot.slack.mrkdwn import bold, cut, fitted, own, unmark

ADD_TITLE = "New figure"
EDIT_TITLE = "Edit figure"
MEANING_TITLE = "What it means"
_QUESTIONS = {
    "direction": ("Which way is better?", {"increase": "More", "decrease": "Less", "maintain": "Keep it where it is"}),
    "level": ("Level", {"core": "Core, read by leadership", "contributing": "Contributing, read by the group"}),
    "horizon": ("When does it move?", {"short": "Within two years", "medium": "In two to four years", "long": "Later"}),
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
_NAME: Field[object] = Text("name", "Name", MOST_NAME)
_UNIT: Field[object] = Text(
    "unit", "Unit", MOST_UNIT, hint="Such as seats or firms; percent and usd are written with their signs."
)
_PRIORITY: Field[PlanForm] = Pick(
    "priority",
    "Priority",
    lambda form: named_options(form.priorities),
    shows=lambda _form: None,
    when=lambda form: form.metric is None,
)
_STEWARD: Field[PlanForm] = Find("steward", "Who looks after it?", Search.MEMBER, shows=lambda form: form.steward)
_CHOICES: tuple[Field[object], ...] = tuple(
    Pick(name, label, {one: words.get(one, one) for one in CHOICES[name]})
    for name, (label, words) in _QUESTIONS.items()
)
_TARGET = dated("target", "Target", "Target, by")
_MILESTONES: Field[PlanForm] = Text(
    "milestones",
    "Milestones",
    limits.INPUT_LENGTH,
    multiline=True,
    shows=lambda form: milestone_lines(form.plan.get("milestones") or ()),
    hint="One a line, such as “100 by Mar 31, 2027”. Without any the path is straight.",
    optional=True,
)
_EXPECTED: tuple[Field[PlanForm], ...] = (*_TARGET, _MILESTONES)
_READERS: Part[PlanForm] = note(lambda form: _first_line(form, "Read by everyone who reads this priority."))
_REASON: Field[PlanForm] = Text("reason", "Why does it change?", MOST_REASON, multiline=True)


def _title(form: PlanForm) -> str:
    return ADD_TITLE if form.metric is None else EDIT_TITLE


def _submit(form: PlanForm) -> str:
    return "Add" if form.metric is None else "Propose" if form.proposes else "Save"


# Everything about a metric; a new one begins with what is usual.
METRIC_FORM: Form[PlanForm, Answered] = Form(
    as_typed, Submission.METRIC_PLAN, _title, _submit,
    _READERS,
    _NAME,
    Text("definition", "What exactly is counted?", MOST_WORDS, multiline=True, optional=True),
    _UNIT,
    _PRIORITY,
    _STEWARD,
    *_CHOICES,
    *dated("baseline", "Baseline", "Baseline, as of"),
    *(replace(one, when=lambda form: form.metric is None) for one in _EXPECTED),
    Number("tolerance", "Tolerance", hint="Only to keep it where it is: how far is fine.", optional=True),
    Text("source", "Source", MOST_NAME, optional=True),
    Number("expected_lag_days", "Days until a figure is ready", decimals=False, optional=True),
    Number("confidential_below_n", "Withhold it if fewer than how many report?", decimals=False,
        hint="So that no single employer can be recognized. Leave it empty where that is no risk.", optional=True),
    PUBLIC,
    replace(_REASON, when=lambda form: form.proposes),
    values=lambda form: form.plan if form.metric is not None else {**DEFAULTS, **form.plan},
    carries=lambda form: _marked(form, form.plan.keys() - {"target", "milestones"}),
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip
# What nobody else can know of a new one. What is typed stays in the whole form: its fields have the same names.
SHORT_METRIC_FORM: Form[PlanForm, Answered] = Form(
    as_typed, Submission.METRIC_PLAN, _title, _submit,
    _READERS,
    _NAME,
    _UNIT,
    _PRIORITY,
    _STEWARD,
    *_TARGET,
    lambda _form: [
        kit.line(
            "More is better, each figure is how it stands on a day, and a new one comes every quarter.",
            "More",
            Action.METRIC_MORE,
            label="Change these, and add a baseline and more",
        )
    ],
    values=lambda form: form.plan,
    carries=lambda form: _marked(form, form.plan.keys() - {"target", "milestones"}),
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip
TARGET_FORM: Form[PlanForm, Answered] = Form(
    as_typed, Submission.METRIC_TARGET, "New target", lambda form: "Propose" if form.proposes else "Save",
    note(lambda form: _first_line(form, "The change is in the next digest.")),
    about(lambda form: _now(form)),
    *dated("target", "Target", "By", optional=False),
    _MILESTONES,
    _REASON,
    values=lambda form: form.plan,
    carries=lambda form: _marked(form, {"target", "milestones"}),
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip


def plan_view(form: PlanForm, *, whole: bool = False) -> View:
    """What a metric means and how it is counted, or a new one: what nobody else can know of it, and with `whole`
    everything about it, beginning with what is usual."""
    return (SHORT_METRIC_FORM if form.metric is None and not whole else METRIC_FORM).view(form)


def _now(form: PlanForm) -> str:
    """The target that there is, and the baseline."""
    metric = form.metric
    assert metric is not None
    now = "No target yet."
    if metric.target is not None:
        now = f"Now {entered(metric.target.value, metric.unit)} by {day(metric.target.on, form.today)}."
    if metric.baseline is not None:
        since = day(metric.baseline.on, form.today)
        now += f" Baseline {entered(metric.baseline.value, metric.unit)} as of {since}."
    return f"{bold(metric.name)}\n{own(now)}"


def plan_saved_message(saved: PlanSaved) -> Message:
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
        buttons.insert(0, kit.button("Update", Action.FIGURE_UPDATE, value=metric.id, about=metric.name))
    text = fitted(lines)
    return Message.of(cut(unmark(text), 2000), kit.section(text), kit.actions(*buttons))


def meaning_view(card: FigureCard) -> View:
    """What a metric counts, from where, how often, and what its plan is."""
    metric, today = card.row.metric, card.today
    blocks = [kit.section(bold(metric.name)), kit.section(own(metric.definition or "It has no definition yet."))]
    about = [
        f"{_MEANINGS.get(metric.direction, metric.direction)}; {_MEANINGS.get(metric.aggregation, metric.aggregation)}",
        f"a new one {metric.frequency or 'quarterly'}",
        f"source: {metric.source}" if metric.source else "no source given",
        f"steward: {card.row.steward_name}",
        *series_facts(card),
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


def _marked(form: PlanForm, fields: Collection[str]) -> Marked:
    """Marks of those values that this form has fields for."""
    opened = {name: value for name, value in form.plan.items() if name in fields}
    return Marked(form.metric.id if form.metric is not None else None, marks_of(opened))


def _first_line(form: PlanForm, otherwise: str) -> str:
    if form.proposes:
        return "What you change becomes a decision for steering and counts once it is decided."
    return otherwise
