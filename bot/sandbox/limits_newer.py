"""Checks of the blocks that came after 2024: tables, charts, cards, plans, alerts, videos."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.checker import LIMITS, Checker
from bot.sandbox.limits_elements import check_element

JSON = dict[str, Any]

BUTTON = frozenset({"button"})
CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})
CHARTS = ("pie", "bar", "area", "line")


def _table(check: Checker, block: JSON, pointer: str) -> None:
    rows = block.get("rows")
    if not isinstance(rows, list) or not rows:
        check.add("must provide an array", f"{pointer}/rows")
        return
    if len(rows) > LIMITS["table.rows.max"]:
        check.add(f"no more than {LIMITS['table.rows.max']} items allowed", f"{pointer}/rows")
    for i, row in enumerate(rows):
        if isinstance(row, list) and len(row) > LIMITS["table.cells_per_row.max"]:
            check.add(f"no more than {LIMITS['table.cells_per_row.max']} items allowed", f"{pointer}/rows/{i}")
    settings = block.get("column_settings")
    if isinstance(settings, list) and len(settings) > LIMITS["table.column_settings.max"]:
        check.add(f"no more than {LIMITS['table.column_settings.max']} items allowed", f"{pointer}/column_settings")


def _data_table(check: Checker, block: JSON, pointer: str) -> None:
    if not block.get("caption"):
        check.add("missing required field: caption", pointer)
    rows = block.get("rows")
    least, most = LIMITS["data_table.rows.min"], LIMITS["data_table.rows.max"]
    if not isinstance(rows, list) or not least <= len(rows) <= most:
        check.add(f"must have {least} to {most} items", f"{pointer}/rows")
        return
    for i, row in enumerate(rows):
        if not isinstance(row, list) or not 1 <= len(row) <= LIMITS["data_table.columns.max"]:
            check.add(f"must have 1 to {LIMITS['data_table.columns.max']} items", f"{pointer}/rows/{i}")
    header = rows[0] if isinstance(rows[0], list) else []
    if any(isinstance(cell, dict) and cell.get("type") == "rich_text" for cell in header):
        check.add("a header cell cannot be rich_text", f"{pointer}/rows/0")
    check.between(block.get("page_size"), 1, LIMITS["data_table.page_size.max"], f"{pointer}/page_size")


def _data_visualization(check: Checker, block: JSON, pointer: str) -> None:
    check.string(block.get("title"), "data_visualization.title.max", f"{pointer}/title", required=True)
    chart = block.get("chart")
    if not isinstance(chart, dict) or chart.get("type") not in CHARTS:
        check.add(f"must be one of {', '.join(CHARTS)}", f"{pointer}/chart/type")
        return
    at = f"{pointer}/chart"
    if chart["type"] == "pie":
        for i, segment in enumerate(
            check.items(chart.get("segments"), "data_visualization.segments.max", f"{at}/segments")
        ):
            check.string(segment.get("label"), "data_visualization.label.max", f"{at}/segments/{i}/label")
        return
    series = check.items(chart.get("series"), "data_visualization.series.max", f"{at}/series")
    for i, one in enumerate(series):
        check.string(one.get("name"), "data_visualization.label.max", f"{at}/series/{i}/name")
        points = check.items(one.get("data"), "data_visualization.points.max", f"{at}/series/{i}/data")
        for j, point in enumerate(points):
            check.string(point.get("label"), "data_visualization.label.max", f"{at}/series/{i}/data/{j}/label")
    axes = chart.get("axis_config") or {}
    for field in ("x_label", "y_label"):
        check.string(axes.get(field), "data_visualization.axis_label.max", f"{at}/axis_config/{field}")


def _alert(check: Checker, block: JSON, pointer: str) -> None:
    check.text(block.get("text"), "alert.text.max", f"{pointer}/text", required=True, mrkdwn=True)


def _card(check: Checker, block: JSON, pointer: str) -> None:
    for field in ("title", "subtitle", "body", "subtext"):
        check.text(block.get(field), f"card.{field}.max", f"{pointer}/{field}", mrkdwn=True)
    if "actions" in block:
        for i, button in enumerate(check.items(block["actions"], "card.actions.max", f"{pointer}/actions", least=0)):
            check_element(check, button, BUTTON, f"{pointer}/actions/{i}")


def _carousel(check: Checker, block: JSON, pointer: str) -> None:
    for i, card in enumerate(check.items(block.get("elements"), "carousel.elements.max", f"{pointer}/elements")):
        if card.get("type") != "card":
            check.add(f"unsupported type: {card.get('type')}", f"{pointer}/elements/{i}/type")
        else:
            _card(check, card, f"{pointer}/elements/{i}")


def _context_actions(check: Checker, block: JSON, pointer: str) -> None:
    for i, element in enumerate(
        check.items(block.get("elements"), "context_actions.elements.max", f"{pointer}/elements")
    ):
        check_element(check, element, CONTEXT_ACTIONS, f"{pointer}/elements/{i}")


def _plan(check: Checker, block: JSON, pointer: str) -> None:
    if "tasks" in block:
        check.items(block["tasks"], "plan.tasks.max", f"{pointer}/tasks", least=0)


def _video(check: Checker, block: JSON, pointer: str) -> None:
    check.text(block.get("title"), "video.title.max", f"{pointer}/title", required=True)
    check.string(block.get("author_name"), "video.author_name.max", f"{pointer}/author_name")
    for field in ("video_url", "thumbnail_url", "alt_text"):
        if not block.get(field):
            check.add(f"missing required field: {field}", pointer)


NEWER: dict[str, Callable[[Checker, JSON, str], None]] = {
    "table": _table,
    "data_table": _data_table,
    "data_visualization": _data_visualization,
    "alert": _alert,
    "card": _card,
    "carousel": _carousel,
    "context_actions": _context_actions,
    "plan": _plan,
    "video": _video,
}
