"""Priorities of a coalition file with their outcomes, needs and metrics."""

from __future__ import annotations

from typing import Any

from bot.domain.coalition_file.known import Known, is_given, text_of
from bot.domain.coalition_file.metrics import read_metric, write_metric
from bot.domain.coalition_file.plain import entry
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.record import Need, Outcome, Priority
from bot.domain.vocabularies import Assessment


def read_priorities(top: Section, known: Known) -> tuple[Priority, ...]:
    found = []
    for section in top.entries("priorities"):
        priority = Priority(
            id=section.id(),
            name=section.need_text("name"),
            goal=section.text("goal", 1000),
            owner=section.need_ref("owner", known, "member"),
            working_group=section.ref("working_group", known, "group"),
            channel=section.channel("channel"),
            assessment=section.choice("assessment", Assessment) or Assessment.NOT_STARTED.value,
            assessment_on=section.day("assessment_on"),
            headline_metric=section.text("headline_metric"),
            need=_read_need(section),
            outcomes=_read_outcomes(section),
            metrics=tuple(read_metric(each, known) for each in section.entries("metrics")),
            extra=section.extra(),
        )
        _check_headline(section, priority, known)
        _check_group(section, priority, known)
        found.append(priority)
    return tuple(found)


def _check_headline(section: Section, priority: Priority, known: Known) -> None:
    own = known.metrics_of(section.data)
    headline = priority.headline_metric
    if section.good("headline_metric") and headline is not None and headline not in own:
        whose = "which is another priority's metric" if headline in known["metric"] else "and no metric has this id"
        section.problem("headline_metric", f"is {shown(headline)}, {whose}. {suggest(headline, own)}")


def _check_group(section: Section, priority: Priority, known: Known) -> None:
    if not section.good("id", "working_group") or priority.working_group is None:
        return
    group = known["group"][priority.working_group]
    theirs = text_of(group, "priority")
    if theirs != priority.id and not (theirs is None and is_given(group, "priority")):
        says = f"works on {shown(theirs)}" if theirs else "names no priority"
        section.problem(
            "working_group",
            f"is {shown(priority.working_group)}, and that group {says}. Make the two agree.",
        )


def _read_need(priority: Section) -> Need | None:
    section = priority.section("need")
    if section is None:
        return None
    amount = section.need_number("amount")
    if section.good("amount") and amount <= 0:
        section.problem("amount", f"is {shown(amount)}. Write an amount above 0, or leave the need out.")
    return Need(
        amount=amount,
        through=section.day("through"),
        basis=section.text("basis", 300),
        extra=section.extra(),
    )


def _read_outcomes(priority: Section) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(
            id=section.id(),
            name=section.need_text("name", 300),
            due=section.need_day("due"),
            completed=section.day("completed"),
            extra=section.extra(),
        )
        for section in priority.entries("intermediate_outcomes")
    )


def write_priority(priority: Priority) -> dict[str, Any]:
    need = priority.need
    fields = {
        "id": priority.id,
        "name": priority.name,
        "goal": priority.goal,
        "owner": priority.owner,
        "working_group": priority.working_group,
        "channel": priority.channel,
        "assessment": priority.assessment,
        "assessment_on": priority.assessment_on,
        "headline_metric": priority.headline_metric,
        "need": entry({"amount": need.amount, "through": need.through, "basis": need.basis}, need.extra)
        if need
        else None,
    }
    outcomes = [
        entry({"id": each.id, "name": each.name, "due": each.due, "completed": each.completed}, each.extra)
        for each in priority.outcomes
    ]
    metrics = [write_metric(metric) for metric in priority.metrics]
    return entry(fields, priority.extra) | entry({"intermediate_outcomes": outcomes, "metrics": metrics}, {})
