"""The numbers, and the small checks that report a violation as Slack does: `[ERROR] … [json-pointer:/…]`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from bot.sandbox.workspace import JSON

LIMITS: dict[str, int] = {
    "message.blocks.max": 50,
    "message.text.truncated_above": 40_000,
    "message.attachments.max": 100,
    "message.markdown_text.max": 12_000,
    "message.contact_cards.max": 10,
    "chat.update.text.max": 4000,
    "conversations.history.limit.max": 999,
    "conversations.history.limit.nonmarketplace": 15,
    "view.blocks.max": 100,
    "view.title.max": 24,
    "view.submit.max": 24,
    "view.close.max": 24,
    "view.private_metadata.max": 3000,
    "view.callback_id.max": 255,
    "view.external_id.max": 255,
    "view.payload.max": 250,
    "modal.view_stack.max": 3,
    "block_id.max": 255,
    "action_id.max": 255,
    "text_object.max": 3000,
    "section.text.max": 3000,
    "section.fields.max": 10,
    "section.field_text.max": 2000,
    "header.text.max": 150,
    "context.elements.max": 10,
    "actions.elements.max": 25,
    "context_actions.elements.max": 5,
    "image.url.max": 3000,
    "image.alt_text.max": 2000,
    "image.title.max": 2000,
    "input.label.max": 2000,
    "input.hint.max": 2000,
    "button.text.max": 75,
    "button.value.max": 2000,
    "button.url.max": 3000,
    "button.accessibility_label.max": 75,
    "button.agent_prompt.max": 4000,
    "option.text.max": 75,
    "option.value.max": 150,
    "option.description.max": 75,
    "option.url.max": 3000,
    "option_group.label.max": 75,
    "option_group.options.max": 100,
    "static_select.options.max": 100,
    "static_select.option_groups.max": 100,
    "overflow.options.max": 5,
    "checkboxes.options.max": 10,
    "radio_buttons.options.max": 10,
    "confirm.title.max": 100,
    "confirm.text.max": 300,
    "confirm.confirm.max": 30,
    "confirm.deny.max": 30,
    "placeholder.max": 150,
    "plain_text_input.max": 3000,
    "file_input.max_files.max": 10,
    "rich_text_input.lines.max": 100,
    "rich_text_list.indent.max": 8,
    "markdown.text.max": 12_000,
    "table.rows.max": 100,
    "table.cells_per_row.max": 20,
    "table.column_settings.max": 20,
    "table.per_message.max": 1,
    "table.chars_total.max": 10_000,
    "data_table.rows.min": 2,
    "data_table.rows.max": 101,
    "data_table.columns.max": 20,
    "data_table.page_size.max": 100,
    "data_table.chars_total.max": 10_000,
    "data_visualization.title.max": 50,
    "data_visualization.segments.max": 6,
    "data_visualization.series.max": 6,
    "data_visualization.points.max": 20,
    "data_visualization.label.max": 20,
    "data_visualization.axis_label.max": 50,
    "data_visualization.per_message.max": 2,
    "alert.text.max": 200,
    "card.title.max": 150,
    "card.subtitle.max": 150,
    "card.body.max": 200,
    "card.actions.max": 3,
    "card.subtext.max": 200,
    "carousel.elements.max": 10,
    "container.title.max": 150,
    "container.child_blocks.max": 10,
    "plan.tasks.max": 50,
    "video.title.max": 200,
    "video.author_name.max": 50,
}

MESSAGE_BLOCKS = """
    actions card carousel container context context_actions data_table data_visualization divider file header
    image input markdown plan rich_text section table task_card video
"""
MODAL_BLOCKS = "actions alert card context divider header image input rich_text section video"
HOME_BLOCKS = """
    actions card carousel container context data_table data_visualization divider header image input rich_text
    section table video
"""
SURFACES: dict[str, frozenset[str]] = {
    "message": frozenset(MESSAGE_BLOCKS.split()),
    "modal": frozenset(MODAL_BLOCKS.split()),
    "home": frozenset(HOME_BLOCKS.split()),
}

FileLookup = Callable[[JSON], bool]
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def size_of(value: Any) -> int:
    """The bytes of a value as JSON."""
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def kind_of(value: JSON) -> str:
    """The `type` of a block or element; any nonsense in its place is a type that nobody knows."""
    return str(value.get("type"))


def characters(value: Any) -> int:
    """All characters of the strings under `text` keys, however deep: what Slack sums over tables."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(characters(v) for k, v in value.items() if not (k == "text" and isinstance(v, str)))
    if isinstance(value, list):
        return sum(characters(v) for v in value)
    return 0


class Checker:
    """Collects problems. `surface` is message, modal or home; `file_usable` tells whether a `slack_file` shows,
    and `unknown` are types of blocks that this workspace doesn't take."""

    def __init__(
        self,
        surface: str = "message",
        file_usable: FileLookup | None = None,
        unknown: Collection[str] = (),
    ) -> None:
        self.surface = surface
        self.file_usable = file_usable
        self.unknown = unknown
        self.problems: list[str] = []

    def add(self, words: str, pointer: str) -> None:
        self.problems.append(f"[ERROR] {words} [json-pointer:{pointer}]")

    def string(self, value: Any, limit: str, pointer: str, *, required: bool = False) -> None:
        """A string of at most LIMITS[limit] characters."""
        if value is None:
            if required:
                self.add("missing required field", pointer)
        elif not isinstance(value, str):
            self.add("must be a string", pointer)
        elif len(value) > LIMITS[limit]:
            self.add(f"must be less than {LIMITS[limit] + 1} characters", pointer)
        elif required and not value:
            self.add("must be more than 0 characters", pointer)

    def text(self, value: Any, limit: str, pointer: str, *, required: bool = False, mrkdwn: bool = False) -> None:
        """A text object of 1 to LIMITS[limit] characters; `mrkdwn` says whether it may be one."""
        if value is None:
            if required:
                self.add("missing required field", pointer)
            return
        if not isinstance(value, dict) or not isinstance(value.get("text"), str):
            self.add("must be a text object", pointer)
            return
        kinds = ("plain_text", "mrkdwn") if mrkdwn else ("plain_text",)
        if value.get("type") not in kinds:
            self.add(f"unsupported type: {value.get('type')}, must be {' or '.join(kinds)}", f"{pointer}/type")
        allowed = {"type", "text", "verbatim"} if value.get("type") == "mrkdwn" else {"type", "text", "emoji"}
        self.keys(value, allowed, pointer)
        most = min(LIMITS[limit], LIMITS["text_object.max"])
        if not value["text"]:
            self.add("must be more than 0 characters", f"{pointer}/text")
        elif len(value["text"]) > most:
            self.add(f"must be less than {most + 1} characters", f"{pointer}/text")

    def items(self, value: Any, limit: str, pointer: str, *, least: int = 1) -> list[JSON]:
        """A list of `least` to LIMITS[limit] objects; the list, empty where it is none."""
        if not isinstance(value, list):
            self.add("must provide an array", pointer)
            return []
        if len(value) < least:
            self.add(f"no fewer than {least} items allowed", pointer)
        self.not_more(value, limit, pointer)
        for i, item in enumerate(value):
            if not isinstance(item, dict):
                self.add("must be an object", f"{pointer}/{i}")
        return [item for item in value if isinstance(item, dict)]

    def not_more(self, value: Any, limit: str, pointer: str) -> None:
        """If it is a list, at most LIMITS[limit] items."""
        if isinstance(value, list) and len(value) > LIMITS[limit]:
            self.add(f"no more than {LIMITS[limit]} items allowed", pointer)

    def between(self, value: Any, least: int, most: int, pointer: str) -> None:
        """A whole number from `least` to `most`, if there is one."""
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.add(f"must be a number from {least} to {most}", pointer)

    def all(self, rules: Iterable[Rule], value: JSON, pointer: str) -> None:
        for rule in rules:
            rule(self, value, pointer)

    def keys(self, value: JSON, allowed: Collection[str], pointer: str) -> None:
        """No property that Slack does not know."""
        for key in value:
            if key not in allowed:
                self.add(f"invalid additional property: {key}", pointer)

    def no_repeats(self, values: list[Any], what: str, pointer: str) -> None:
        """No value twice."""
        seen: set[str] = set()
        for value in values:
            if not isinstance(value, str):
                continue
            if value in seen:
                self.add(f"{what} already exists: {value}", pointer)
            seen.add(value)


Rule = Callable[[Checker, JSON, str], None]
"""What is checked of a block or an element that stands at a pointer."""


def text(field: str, limit: str, *, required: bool = False, mrkdwn: bool = False) -> Rule:
    return lambda check, value, at: check.text(
        value.get(field), limit, f"{at}/{field}", required=required, mrkdwn=mrkdwn
    )


def string(field: str, limit: str, *, required: bool = False) -> Rule:
    return lambda check, value, at: check.string(value.get(field), limit, f"{at}/{field}", required=required)


def between(field: str, least: int, most: int) -> Rule:
    return lambda check, value, at: check.between(value.get(field), least, most, f"{at}/{field}")


def each(field: str, limit: str, rule: Rule, *, least: int = 1, optional: bool = False) -> Rule:
    """A list of at least so many objects that keep a rule each; one that is `optional` may be left out or empty."""

    def check_each(check: Checker, value: JSON, at: str) -> None:
        if field in value or not optional:
            found = check.items(value.get(field), limit, f"{at}/{field}", least=0 if optional else least)
            for i, one in enumerate(found):
                rule(check, one, f"{at}/{field}/{i}")

    return check_each


def fitting(field: str, fits: Callable[[Any], bool], words: str) -> Rule:
    """A value, if there is one, of which `fits` is true; `words` say of which it is."""

    def check_fitting(check: Checker, value: JSON, at: str) -> None:
        if value.get(field) is not None and not fits(value[field]):
            check.add(words, f"{at}/{field}")

    return check_fitting
