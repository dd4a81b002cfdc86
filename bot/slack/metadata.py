"""What travels through Slack and comes back: button values, block ids and private_metadata, both ways side by side.

Only ids travel, never what people wrote.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.typed import Marks, marks_of
from bot.errors import UserError
from bot.slack.identifiers import BlockPrefix

OUT_OF_DATE = "This button is from an older message. Write anything to me for the menu."
OUT_OF_DATE_FORM = "This form is from an older version. Copy what you wrote, close it and open it again."


def encode_id(key: int) -> str:
    """A button's value: the surrogate key of a round's subject or of a delivery."""
    return str(key)


def decode_id(value: str | None) -> int:
    """The inverse of `encode_id`. Raises UserError for a value that this version never made."""
    if value is None or not value.isascii() or not value.isdigit():
        raise UserError(OUT_OF_DATE)
    return int(value)


def encode_pages(pages: dict[str, int]) -> str:
    """A page button's value: which page of which list is shown, for the lists that are not at their first one."""
    return json.dumps({name: page for name, page in sorted(pages.items()) if page}, separators=(",", ":"))


def decode_pages(value: str | None) -> dict[str, int]:
    """The inverse of `encode_pages`; anything else is the first page of everything."""
    try:
        found = json.loads(value or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): page for name, page in found.items() if isinstance(page, int) and page > 0}


def encode_page(item: str, page: int) -> str:
    """A button's value: a page of what belongs to one item."""
    return json.dumps({"id": item, "page": page}, separators=(",", ":"))


def decode_page(value: str | None) -> tuple[str, int]:
    """The inverse of `encode_page`; an id alone is its first page. Raises UserError where there is no id."""
    if not value:
        raise UserError(OUT_OF_DATE)
    if not value.startswith("{"):
        return value, 0
    try:
        found = json.loads(value)
        item, page = found["id"], found["page"]
    except (ValueError, KeyError, TypeError):
        raise UserError(OUT_OF_DATE) from None
    if not isinstance(item, str) or not isinstance(page, int):
        raise UserError(OUT_OF_DATE)
    return item, max(page, 0)


def encode_form(subject_id: int, answer: str | None = None) -> str:
    """A check-in form's private_metadata: which round's subject it answers, and a mark of the answer that was there
    when it was opened, "" for none; None compares nothing."""
    return json.dumps({"subject": subject_id} | ({} if answer is None else {"answer": answer}), separators=(",", ":"))


def decode_form(text: str) -> int:
    """The inverse of `encode_form`. Raises UserError for a form that this version never made."""
    try:
        subject = json.loads(text)["subject"]
    except (ValueError, KeyError, TypeError):
        subject = None
    if not isinstance(subject, int):
        raise UserError(OUT_OF_DATE_FORM)
    return subject


def decode_answer(text: str) -> str | None:
    """The mark of an answer in what `encode_form` made; None in a form of an earlier version."""
    answer = json.loads(text).get("answer")
    return answer if isinstance(answer, str) else None


def encode_marked(key: str | None, values: Mapping[str, Any]) -> str:
    """A form's private_metadata: what it is about, and marks of the values it was opened with; never the values."""
    return json.dumps({"id": key, "marks": marks_of(values)}, separators=(",", ":"))


def decode_marked(text: str) -> tuple[str | None, Marks]:
    """The inverse of `encode_marked`. Raises UserError for a form that this version never made."""
    try:
        found = json.loads(text)
        key = found["id"]
        return key if key is None else str(key), {str(name): str(mark) for name, mark in found["marks"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(OUT_OF_DATE_FORM) from None


def encode_link(member: str, account: str) -> str:
    """An option of the menu that says whose account it is."""
    return f"{member}|{account}"


def decode_link(option: str) -> tuple[str, str]:
    """The inverse of `encode_link`. Raises UserError for anything else."""
    member, _, account = option.partition("|")
    if not member or not account:
        raise UserError(OUT_OF_DATE)
    return member, account


def encode_way(action: str, value: str) -> str:
    """An option of a menu that stands for several buttons: the button's name and what it carries."""
    return f"{action}|{value}"


def decode_way(option: str) -> tuple[str, str]:
    """The inverse of `encode_way`."""
    action, _, value = option.partition("|")
    return action, value


def encode_question(question_id: str) -> str:
    """The block id of a question's field."""
    return f"{BlockPrefix.QUESTION}{question_id}"


def decode_question(block_id: str) -> str | None:
    """The question of a field; None for a block that is no question."""
    if not block_id.startswith(BlockPrefix.QUESTION):
        return None
    return block_id.removeprefix(BlockPrefix.QUESTION)


def encode_member(member: str) -> str:
    """The block id of a line about one member: a menu of accounts has no value of its own."""
    return f"{BlockPrefix.MEMBER}{member}"


def decode_member(block_id: str) -> str:
    """The inverse of `encode_member`. Raises UserError for any other block."""
    if not block_id.startswith(BlockPrefix.MEMBER):
        raise UserError(OUT_OF_DATE)
    return block_id.removeprefix(BlockPrefix.MEMBER)
