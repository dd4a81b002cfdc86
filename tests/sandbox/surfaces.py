"""Small valid blocks of every type, for the tests of limits. No assertions."""

from __future__ import annotations

from typing import Any

from tests.sandbox.conftest import plain

JSON = dict[str, Any]


def option(text: str = "One", value: str = "1", **more: Any) -> JSON:
    """An option."""
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[JSON]:
    """Options that differ."""
    return [option(f"Option {i}", f"v{i}") for i in range(count)]


def actions(*elements: JSON) -> JSON:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def button(text: str = "Go", **more: Any) -> JSON:
    """A button."""
    return {"type": "button", "action_id": "go", "text": plain(text), **more}


def confirm(**changes: Any) -> JSON:
    """A confirm object with some texts replaced."""
    texts = {"title": "Sure?", "text": "Really?", "confirm": "Yes", "deny": "No", **changes}
    return {key: plain(text) for key, text in texts.items()}


def input_of(kind: str, **element: Any) -> JSON:
    """An input block with an element of that type."""
    return {"type": "input", "label": plain("Label"), "element": {"type": kind, "action_id": "it", **element}}


def cell(text: str) -> JSON:
    """A cell of a table."""
    return {"type": "raw_text", "text": text}


def table(rows: int = 2, columns: int = 2, text: str = "x", **more: Any) -> JSON:
    """A table."""
    return {"type": "table", "rows": [[cell(text)] * columns] * rows, **more}


def data_table(rows: int = 2, columns: int = 2, text: str = "x", **more: Any) -> JSON:
    """A data table."""
    return {"type": "data_table", "caption": "Table", "rows": [[cell(text)] * columns] * rows, **more}


def pie(segments: int = 2, label: str = "Part", title: str = "Parts") -> JSON:
    """A pie chart."""
    parts = [{"label": label, "value": i + 1} for i in range(segments)]
    return {"type": "data_visualization", "title": title, "chart": {"type": "pie", "segments": parts}}


def bars(series: int = 1, points: int = 2, axis: str = "Axis") -> JSON:
    """A bar chart."""
    data = [{"label": f"{i}", "value": i} for i in range(points)]
    lines = [{"name": f"Row {i}", "data": data} for i in range(series)]
    chart = {"type": "bar", "series": lines, "axis_config": {"x_label": axis}}
    return {"type": "data_visualization", "title": "Bars", "chart": chart}


def card(**texts: Any) -> JSON:
    """A card."""
    return {"type": "card", "title": plain("Card"), **texts}


def video(**changes: Any) -> JSON:
    """A video."""
    return {
        "type": "video",
        "title": plain("Video"),
        "video_url": "https://example.org/v",
        "thumbnail_url": "https://example.org/t.png",
        "alt_text": "A video",
        **changes,
    }


SAMPLES: dict[str, JSON] = {
    "actions": actions(button()),
    "alert": {"type": "alert", "text": plain("Careful")},
    "card": card(),
    "carousel": {"type": "carousel", "elements": [card()]},
    "container": {"type": "container", "title": plain("Box"), "child_blocks": [{"type": "divider"}]},
    "context": {"type": "context", "elements": [plain("Small")]},
    "context_actions": {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "f"}]},
    "data_table": data_table(),
    "data_visualization": pie(),
    "divider": {"type": "divider"},
    "file": {"type": "file", "external_id": "X", "source": "remote"},
    "header": {"type": "header", "text": plain("Head")},
    "image": {"type": "image", "image_url": "https://example.org/i.png", "alt_text": "An image"},
    "input": input_of("plain_text_input"),
    "markdown": {"type": "markdown", "text": "**Bold**"},
    "plan": {"type": "plan", "title": "Plan", "tasks": []},
    "rich_text": {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    "section": {"type": "section", "text": plain("Words")},
    "table": table(),
    "task_card": {"type": "task_card", "task_id": "1", "title": "Task"},
    "video": video(),
}
