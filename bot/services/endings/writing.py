"""What differs between two records, written thing by thing: steps for those who hand things over. No rule is here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.outbox import Kind
from bot.domain.record import Record, every_metric
from bot.services.access import UseCase
from bot.services.actions import ask_for_yes, refresh_actions
from bot.services.decisions import tell_imported
from bot.services.outbox import refresh_posts
from bot.services.targets import refresh_targets

# The sections of the record in which something may hang on something else, with what points at others before them.
_SECTIONS = (
    "members",
    "organizations",
    "groups",
    "priorities",
    "cadences",
    "actions",
    "issues",
    "decisions",
    "funding_sources",
)


async def write_difference(tx: UseCase, before: Record, after: Record) -> None:
    """Writes what differs, so that the trail holds that and nothing else, and has what was said of it shown anew."""
    writer = tx.writer()
    for metric_before, metric in zip(_metrics(before), _metrics(after), strict=True):
        if metric is not metric_before and metric != metric_before:
            await writer.put(metric, metric_before)
    changed: dict[str, list[str]] = {}
    for section in _SECTIONS:
        was = {one.id: one for one in getattr(before, section)}
        for one in getattr(after, section):
            known = was[one.id]
            if one is known or one == known:
                continue
            row = await writer.put(_without_metrics(one), _without_metrics(known))
            changed.setdefault(section, []).append(one.id)
            if section == "actions" and not one.accepted and one.owner != known.owner:
                await ask_for_yes(tx, row)
    await refresh_targets(tx, before, after)
    if changed.get("actions"):
        await refresh_actions(tx, changed["actions"])
    for key in changed.get("issues", ()):
        await refresh_posts(tx, Kind.ISSUE, key)
    if changed.get("decisions"):
        await tell_imported(tx, before, after)


def _metrics(record: Record) -> list[Any]:
    return [metric for _, metric in every_metric(record)]


def _without_metrics(value: Any) -> Any:
    """A priority without what was written before it."""
    return replace(value, metrics=()) if hasattr(value, "metrics") else value
