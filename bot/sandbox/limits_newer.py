"""Checks of the blocks that came after 2024: tables, charts, cards, plans, alerts, videos."""

from __future__ import annotations

from bot.sandbox.checker import LIMITS, Checker, Rule, between, each, string, text
from bot.sandbox.limits_elements import standing_there
from bot.sandbox.workspace import JSON

CHARTS = ("pie", "bar", "area", "line")
CELLS = ("raw_text", "raw_number", "rich_text")
_CARD: tuple[Rule, ...] = (
    *(text(field, f"card.{field}.max", mrkdwn=True) for field in ("title", "subtitle", "body", "subtext")),
    each("actions", "card.actions.max", standing_there({"button"}), optional=True),
)
_LABEL = string("label", "data_visualization.label.max")
_SERIES = (string("name", "data_visualization.label.max"), each("data", "data_visualization.points.max", _LABEL))


def _table(check: Checker, block: JSON, pointer: str) -> None:
    rows = block.get("rows")
    if not isinstance(rows, list) or not rows:
        check.add("must provide an array", f"{pointer}/rows")
        return
    check.not_more(rows, "table.rows.max", f"{pointer}/rows")
    for i, row in enumerate(rows):
        check.not_more(row, "table.cells_per_row.max", f"{pointer}/rows/{i}")
    check.not_more(block.get("column_settings"), "table.column_settings.max", f"{pointer}/column_settings")


def _data_table(check: Checker, block: JSON, pointer: str) -> None:
    rows = block.get("rows")
    least, most = LIMITS["data_table.rows.min"], LIMITS["data_table.rows.max"]
    if not isinstance(rows, list) or not least <= len(rows) <= most:
        check.add(f"must have {least} to {most} items", f"{pointer}/rows")
        return
    for i, row in enumerate(rows):
        if not isinstance(row, list) or not 1 <= len(row) <= LIMITS["data_table.columns.max"]:
            check.add(f"must have 1 to {LIMITS['data_table.columns.max']} items", f"{pointer}/rows/{i}")
        elif isinstance(rows[0], list) and len(row) != len(rows[0]):
            check.add("must have as many items as the first row", f"{pointer}/rows/{i}")
        for j, cell in enumerate(row if isinstance(row, list) else []):
            _cell(check, cell, f"{pointer}/rows/{i}/{j}")
    header = rows[0] if isinstance(rows[0], list) else []
    if any(isinstance(cell, dict) and cell.get("type") == "rich_text" for cell in header):
        check.add("a header cell cannot be rich_text", f"{pointer}/rows/0")


def _cell(check: Checker, cell: object, pointer: str) -> None:
    if not isinstance(cell, dict) or cell.get("type") not in CELLS:
        check.add(f"must be one of {', '.join(CELLS)}", f"{pointer}/type")
    elif cell["type"] == "raw_text" and not isinstance(cell.get("text"), str):
        check.add("must be a string", f"{pointer}/text")


def _chart(check: Checker, block: JSON, pointer: str) -> None:
    chart, at = block.get("chart"), f"{pointer}/chart"
    if not isinstance(chart, dict) or chart.get("type") not in CHARTS:
        check.add(f"must be one of {', '.join(CHARTS)}", f"{at}/type")
    elif chart["type"] == "pie":
        each("segments", "data_visualization.segments.max", _LABEL)(check, chart, at)
    else:
        each("series", "data_visualization.series.max", _series)(check, chart, at)
        for field in ("x_label", "y_label"):
            label = string(field, "data_visualization.axis_label.max")
            label(check, chart.get("axis_config") or {}, f"{at}/axis_config")


def _series(check: Checker, one: JSON, pointer: str) -> None:
    check.all(_SERIES, one, pointer)


def _card(check: Checker, card: JSON, pointer: str) -> None:
    if card.get("type") != "card":
        check.add(f"unsupported type: {card.get('type')}", f"{pointer}/type")
    else:
        check.all(_CARD, card, pointer)


def _given(*fields: str) -> Rule:
    def check_given(check: Checker, block: JSON, pointer: str) -> None:
        for field in fields:
            if not block.get(field):
                check.add(f"missing required field: {field}", pointer)

    return check_given


NEWER: dict[str, tuple[Rule, ...]] = {
    "table": (_table,),
    "data_table": (_given("caption"), _data_table, between("page_size", 1, LIMITS["data_table.page_size.max"])),
    "data_visualization": (string("title", "data_visualization.title.max", required=True), _chart),
    "alert": (text("text", "alert.text.max", required=True, mrkdwn=True),),
    "card": _CARD,
    "carousel": (each("elements", "carousel.elements.max", _card),),
    "context_actions": (
        each("elements", "context_actions.elements.max", standing_there({"feedback_buttons", "icon_button"})),
    ),
    "plan": (each("tasks", "plan.tasks.max", lambda _check, _task, _pointer: None, optional=True),),
    "video": (
        text("title", "video.title.max", required=True),
        string("author_name", "video.author_name.max"),
        _given("video_url", "thumbnail_url", "alt_text"),
    ),
}
