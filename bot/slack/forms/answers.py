"""What somebody entered in a form: Slack's `state.values` as text by question, and errors back to their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.errors import UserError
from bot.slack.metadata import decode_question, encode_question

# Slack's own shape of what stands in a form: block id, then action id, then what was entered there.
Entered = Mapping[str, Mapping[str, Mapping[str, Any]]]
# Where each kind of element keeps what was entered.
_CHOSEN = (
    "selected_option",
    "selected_date",
    "selected_time",
    "selected_user",
    "selected_channel",
    "selected_conversation",
    "value",
)


def read_answers(values: Entered) -> dict[str, str | None]:
    """Question id → what was entered, None where nothing was. `values` is a view's `state.values`.

    Raises UserError under the field where a picker holds what Slack's own picker gives nobody.
    """
    answers: dict[str, str | None] = {}
    for block_id, elements in values.items():
        question = decode_question(block_id)
        if question is None:
            continue
        for element in elements.values():
            answers[question] = _entered(element)
            _check_picked(element, question)
    return answers


def read_choices(values: Entered) -> dict[str, list[str]]:
    """Question id → the values that were ticked or picked, for fields that take several."""
    return {
        question: [
            str(one["value"] if isinstance(one, Mapping) else one)
            for element in elements.values()
            for one in element.get("selected_options") or element.get("selected_users") or ()
        ]
        for block_id, elements in values.items()
        if (question := decode_question(block_id)) is not None
    }


def read_typed(values: Entered) -> dict[str, str | None]:
    """As `read_answers`, with what was ticked or picked in a field that takes several, a line each."""
    several = {question: "\n".join(chosen) or None for question, chosen in read_choices(values).items()}
    return {question: text or several.get(question) for question, text in read_answers(values).items()}


def given_file(values: Entered, question: str = "file") -> str:
    """The id of the file that was given in a form. Raises UserError under its field where there is none."""
    for block_id, elements in values.items():
        if decode_question(block_id) == question:
            for element in elements.values():
                for one in element.get("files") or ():
                    return str(one["id"] if isinstance(one, Mapping) else one)
    raise UserError("Choose a file.", field=question)


def place_errors(errors: Mapping[str, str], fields: Iterable[str]) -> dict[str, str]:
    """Block id → sentence, for Slack to show under the field. `fields` are the block ids of the form's inputs.

    Slack refuses errors for a block that is not there, so what belongs to no field goes under the first one.
    """
    inputs = list(fields)
    placed: dict[str, str] = {}
    for question, sentence in errors.items():
        block_id = encode_question(question)
        where = block_id if block_id in inputs else inputs[0]
        placed[where] = f"{placed[where]} {sentence}" if where in placed else sentence
    return placed


def input_blocks(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    """The block ids of a view's fields, in order."""
    return [str(block["block_id"]) for block in blocks if block.get("type") == "input"]


def _check_picked(element: Mapping[str, Any], question: str) -> None:
    day, clock = element.get("selected_date"), element.get("selected_time")
    if day is not None and not _is_day(day):
        raise UserError("There is no such day. Choose another one.", field=question)
    if clock is not None and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", str(clock)):
        raise UserError("There is no such time. Choose another one.", field=question)


def _is_day(picked: object) -> bool:
    """A day of the calendar, as Slack writes it, in a year that can be reckoned with."""
    if not isinstance(picked, str) or not re.fullmatch(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", picked):
        return False
    try:
        date.fromisoformat(picked)
    except ValueError:
        return False
    return True


def _entered(element: Mapping[str, Any]) -> str | None:
    for name in _CHOSEN:
        found = element.get(name)
        if isinstance(found, Mapping):
            found = found.get("value")
        if isinstance(found, str) and found.strip():
            return found
    return None
