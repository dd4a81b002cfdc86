"""Priorities of a coalition file with their outcomes, needs and metrics."""

from __future__ import annotations

from bot.domain.coalition_file.kinds import CHANNEL, DAY, FLAG, ID, NAME, choice, many, number, one, ref, text
from bot.domain.coalition_file.known import is_given, text_of
from bot.domain.coalition_file.metrics import METRIC
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import EXTRA, Field, Merging, Shape
from bot.domain.record import Need, Outcome, Priority
from bot.domain.vocabularies import Assessment, CanvasUse, Lens


def _check_need(section: Section, need: Need) -> None:
    if section.good("amount") and need.amount <= 0:
        section.problem("amount", f"is {shown(need.amount)}. Write an amount above 0, or leave the need out.")


def _check_headline(section: Section, priority: Priority) -> None:
    own = section.known.metrics_of(section.data)
    headline = priority.headline_metric
    if section.good("headline_metric") and headline is not None and headline not in own:
        whose = (
            "which is another priority's metric" if headline in section.known["metric"] else "and no metric has this id"
        )
        section.problem("headline_metric", f"is {shown(headline)}, {whose}. {suggest(headline, own)}")


def _check_group(section: Section, priority: Priority) -> None:
    if not section.good("id", "working_group") or priority.working_group is None:
        return
    group = section.known["group"][priority.working_group]
    theirs = text_of(group, "priority")
    if theirs != priority.id and not (theirs is None and is_given(group, "priority")):
        says = f"works on {shown(theirs)}" if theirs else "names no priority"
        section.problem(
            "working_group",
            f"is {shown(priority.working_group)}, and that group {says}. Make the two agree.",
        )


_NEED = Shape(
    Need, "need", Field("amount", number()), Field("through", DAY), Field("basis", text(300)), checks=(_check_need,)
)

_OUTCOME = Shape(
    Outcome,
    "outcome",
    Field("id", ID),
    Field("name", text(300)),
    Field("due", DAY),
    Field("completed", DAY),
    Field("public", FLAG),
    Field("ended", DAY),
)

PRIORITY = Shape(
    Priority,
    "priority",
    Field("id", ID),
    Field("name", NAME),
    Field("goal", text(1000)),
    Field("lens", choice(Lens)),
    Field("owner", ref("member")),
    Field("working_group", ref("group")),
    Field("channel", CHANNEL),
    Field("assessment", choice(Assessment)),
    Field("assessment_on", DAY),
    Field("headline_metric", text()),
    Field("need", one(_NEED)),
    Field("public", FLAG),
    Field("canvas", choice(CanvasUse), usual_unsaid=True),
    Field("ended", DAY),
    EXTRA,
    Field("outcomes", many(_OUTCOME), "intermediate_outcomes", merging=Merging.BY_RULE),
    Field("metrics", many(METRIC), merging=Merging.BY_RULE),
    checks=(_check_headline, _check_group),
)
