"""Forms that keep what is typed in them until they are sent: how they report it, say so, and show it again. Pure.

Slack tells nothing of what was typed when a form is closed, but all of it with each press in it. So fields for words
report on Enter. Every form with such a field keeps them; by what one such form is told from another stands in the
table. A check-in keeps its words by question instead (`bot/services/checkins/words.py`), a setup in itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, ParamSpec

from bot.slack.blocks import kit
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import encode_question
from bot.slack.mrkdwn import cut, own

P = ParamSpec("P")
# Slack's own shape of what stands in a form: block id, then action id, then what was entered there.
Entered = Mapping[str, Mapping[str, Mapping[str, Any]]]
# What is kept: block id, then what was entered and what stood there before, by the names that elements give it.
Kept = Mapping[str, Mapping[str, Any]]
NOTICE = "Enter in a text field keeps what stands here for a week, should you close this before sending."
AGAIN = "What you wrote before is filled in. It isn't sent yet."
ENTERED, OVER = "entered", "over"
MOST_NOW = 200  # characters of what somebody else put in a field meanwhile
# Where an element keeps what was entered, and where it is shown from the beginning.
_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_user": "initial_user",
    "selected_conversation": "initial_conversation",
}


@dataclass(frozen=True, slots=True)
class FormName:
    """What tells a form from others. `is_new`: it makes something; else it changes what is there."""

    name: str
    is_new: bool


def _one(_metadata: str) -> str | None:
    """There is one such form: what it makes has no name yet."""
    return None


def _whole(metadata: str) -> str | None:
    return metadata


def _by(*fields: str) -> Callable[[str], str | None]:
    """By these fields of its metadata. The rest tells one opening from another, such as tokens and marks."""

    def name(metadata: str) -> str | None:
        try:
            found = json.loads(metadata)
        except ValueError:
            return None
        values = [found.get(one) for one in fields] if isinstance(found, dict) else []
        return "|".join("" if one is None else str(one) for one in values) if any(values) else None

    return name


# Each form with fields for words, with what it is about by its private_metadata; None for something new.
_KEPT: Mapping[Submission, Callable[[str], str | None]] = {
    Submission.CHECKIN_DRAFT: _by("cadence"),
    Submission.NOTE: _one,
    Submission.FIGURE: _one,
    Submission.METRIC_PLAN: _by("metric"),
    Submission.METRIC_TARGET: _by("metric"),
    Submission.PRIORITY_PLAN: _by("priority"),
    Submission.OUTCOME: _by("priority", "outcome"),
    Submission.NEW_ACTION: _by("link"),
    Submission.CHANGE_ACTION: _by("action", "what"),
    Submission.OWN_ACTIONS: lambda _metadata: "mine",
    Submission.DIGEST_CONTEXT: _by("id"),
    Submission.EDIT_ASK: _whole,
    Submission.LETTER: _whole,
    Submission.MEMBER_ADD: _one,
    Submission.MEMBER_EDIT: _by("id"),
    Submission.ORGANIZATION: _by("id"),
    Submission.GROUP: _by("id"),
    Submission.NORTH_STAR: lambda _metadata: "it",
    Submission.NEW_DECISION: _by("issue"),
    Submission.BALLOT: _whole,
    Submission.RECORD_DECISION: _whole,
    Submission.SET_ASIDE: _whole,
    Submission.NEW_ISSUE: _one,
    Submission.CLOSE_ISSUE: _whole,
    Submission.MEETING_PLAN: _by("meeting"),
    Submission.MEETING_POINT: _by("ref"),
    Submission.MEETING_NOTES: _by("ref"),
    Submission.FUNDING_SOURCE: _by("source"),
}
# These make something, although they are told apart by what they are for.
_NEW = frozenset({Submission.LETTER, Submission.NEW_ACTION, Submission.NEW_DECISION, Submission.MEETING_POINT})
# What was typed belongs to what is chosen in this field: it is not shown for another one.
_BELONGS_TO = {Submission.FIGURE: "metric", Submission.BALLOT: "voice"}
# What is sent in these is not done with before a second form is sent.
SENT_BY: Mapping[Submission, Submission] = {
    Submission.MEETING_NOTES: Submission.MEETING_NOTES_POST,
    Submission.MEETING_PLAN: Submission.MEETING_SAVE,
    Submission.FIGURE: Submission.FIGURE_CONFIRM,
}
# These are saved by a button of what they show first, which forgets their words: sending them alone ends nothing.
READ_BACK = frozenset({Submission.CHECKIN_DRAFT})


def form_name(callback_id: str, metadata: str) -> FormName | None:
    """What a form's words are kept under; None for a form that keeps none."""
    first = next((one for one, last in SENT_BY.items() if last == callback_id), None) or callback_id
    form = next((one for one in _KEPT if one == first), None)
    if form is None:
        return None
    about = _KEPT[form](metadata)
    is_new = about is None or form in _NEW or (form is Submission.OUTCOME and about.endswith("|"))
    return FormName(f"{form}:{about or ''}", is_new)


def is_done_with(callback_id: str, shown_then: str) -> bool:
    """Whether sending a form ended it: what is shown then is neither the form once more nor the second one, and no
    button there saves it."""
    last = next((last for one, last in SENT_BY.items() if one == callback_id), None)
    return callback_id not in READ_BACK and shown_then not in {callback_id, last}


def keeping(build: Callable[P, View]) -> Callable[P, View]:
    """Makes a form whose fields for words report on Enter, and that says so."""

    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> View:
        view = build(*args, **kwargs)
        blocks = tuple(_reporting(block) for block in view.blocks)
        return replace(view, blocks=(*blocks, kit.context(NOTICE))) if blocks != view.blocks else view

    return built


def kept_of(blocks: list[Block], entered: Entered, before: Kept, form: FormName) -> Kept:
    """What is to be kept of a form as it stands: what differs from what it was opened with, also where that was
    emptied, and of something new all words. `before` is what is kept already, which the form may show."""
    found = dict(before)
    for block in blocks:
        name, element = block.get("block_id") or "", block.get("element") or {}
        given = (entered.get(name) or {}).get(element.get("action_id") or "")
        if block.get("type") != "input" or given is None:
            continue
        now, shown = _given(given), _shown(element)
        known = found.pop(name, None)
        if known is not None and _same(known[ENTERED], now):
            found[name] = known
        elif not _same(now, shown):
            over = known[OVER] if known is not None and _same(known[ENTERED], shown) else shown
            found[name] = {ENTERED: now, OVER: over}
        elif (form.is_new and now.get("value")) or name == _belongs(form):
            found[name] = {ENTERED: now, OVER: shown}
    return found


def with_kept(view: View, kept: Kept, form: FormName) -> View:
    """A form with what its reader had typed in it and not sent."""
    if not _belongs_here(view.blocks, kept, form):
        return view
    filled, changed = [], []
    for block in view.blocks:
        known = kept.get(block.get("block_id") or "")
        shown = _shown(block.get("element") or {})
        if known is None or block.get("type") != "input" or _same(known[ENTERED], shown):
            filled.append(block)
            continue
        is_as_before = _same(known[OVER], shown) or (block["block_id"] == _belongs(form) and not shown)
        is_words = "value" in known[ENTERED]
        if not is_as_before and not is_words:
            # Somebody, or a button that opened the form, chose anew: that counts.
            filled.append(block)
            continue
        if not is_as_before and shown.get("value"):
            label = block["label"]["text"]
            changed.append(f"“{own(label)}” was changed meanwhile, to: {own(cut(str(shown['value']), MOST_NOW))}")
        filled.append(_showing(block, known[ENTERED]))
    if tuple(filled) == view.blocks:
        return view
    # Who reads it stands first.
    return replace(view, blocks=(filled[0], kit.context("\n".join([AGAIN, *changed])), *filled[1:]))


def with_entered(block: Block, entered: Entered) -> Block:
    """A field that shows what was entered in it."""
    element = block.get("element") or {}
    given = (entered.get(block.get("block_id") or "") or {}).get(element.get("action_id") or "")
    return block if not given else _showing(block, _given(given))


def _belongs_here(blocks: tuple[Block, ...], kept: Kept, form: FormName) -> bool:
    """Whether a form is about the same as the one that was kept. One for something new that comes with words, since
    they were typed elsewhere just now, is not mixed with older ones."""
    for block in blocks:
        name, shown = block.get("block_id") or "", _shown(block.get("element") or {})
        known = kept.get(name, {ENTERED: {}, OVER: {}})
        is_known = any(_same(shown, one) for one in (known[ENTERED], known[OVER]))
        if name == _belongs(form) and shown and not _same(shown, known[ENTERED]):
            return False
        if form.is_new and shown.get("value") and not is_known:
            return False
    return True


def _belongs(form: FormName) -> str | None:
    field = next((field for one, field in _BELONGS_TO.items() if form.name.startswith(f"{one}:")), None)
    return encode_question(field) if field is not None else None


def _showing(block: Block, entered: Mapping[str, Any]) -> Block:
    """A field with this in it; nothing is chosen that it doesn't offer any more."""
    element = dict(block.get("element") or {})
    for name, value in entered.items():
        shown = _INITIAL[name]
        value = _offered(element, value)
        element.pop(shown, None)
        if value:
            element[shown] = value
    return {**block, "element": element}


def _offered(element: Mapping[str, Any], value: Any) -> Any:
    options = element.get("options")
    if options is None or not isinstance(value, Mapping | list):
        return value
    wanted = [one.get("value") for one in (value if isinstance(value, list) else [value])]
    found = [one for one in options if one["value"] in wanted]
    return found if isinstance(value, list) else next(iter(found), None)


def _given(found: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered, without what else Slack says of a field."""
    return {name: found[name] for name in _INITIAL if name in found}


def _shown(element: Mapping[str, Any]) -> dict[str, Any]:
    """What an element shows from the beginning, by the names under which it is entered."""
    return {name: element[shown] for name, shown in _INITIAL.items() if shown in element}


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _plain(one) == _plain(other)


def _plain(entered: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered without what only says how an option reads; what is empty is nothing."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return value.get("value")
        return [plain(one) for one in value] if isinstance(value, list) else value

    return {name: plain(value) for name, value in entered.items() if value}


def _reporting(block: Block) -> Block:
    element = block.get("element") or {}
    if block.get("type") != "input" or element.get("type") != "plain_text_input":
        return block
    on_enter = {"trigger_actions_on": ["on_enter_pressed"]}
    field = {**element, "action_id": Action.KEEP_WORDS, "dispatch_action_config": on_enter}
    return {**block, "element": field, "dispatch_action": True}
