"""What is kept of a form until it is sent, and how it is shown again. Pure.

Slack tells nothing of what was typed when a form is closed, but all of it with each press in it. So fields for words
report on Enter (`bot.slack.forms.keeping`), and each form says in its table how one such form is told from another. A
check-in keeps its words by question instead (`bot/services/checkins/words.py`), a setup in itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.slack.blocks import kit
from bot.slack.blocks.checkins import KEPT_ON_CLOSE
from bot.slack.every_form import FORMS
from bot.slack.forms import AGAIN as AGAIN
from bot.slack.forms import NOTICE as NOTICE
from bot.slack.forms import Entered, Keeps
from bot.slack.forms.filling import given_in, showing, shown_in
from bot.slack.identifiers import Submission
from bot.slack.message import Block, View
from bot.slack.metadata import encode_question
from bot.slack.mrkdwn import cut, own

# What is kept: block id, then what was entered and what stood there before, by the names that elements give it.
Kept = Mapping[str, Mapping[str, Any]]
ENTERED, OVER = "entered", "over"
# What forms say of how they keep words in Slack, which is said where that is so.
NOTICES = frozenset({NOTICE, KEPT_ON_CLOSE})
MOST_NOW = 200  # characters of what somebody else put in a field meanwhile


@dataclass(frozen=True, slots=True)
class FormName:
    """What tells a form from others. `is_new`: it makes something; else it changes what is there. `belongs_to`: the
    field to whose choice its words belong."""

    name: str
    is_new: bool
    belongs_to: str | None


KEEPS: Mapping[str, Keeps] = {one.submission: one.keeps for one in FORMS if one.keeps is not None}
# What is sent in these is not done with before a second form is sent.
SENT_BY: Mapping[str, Submission] = {form: keeps.then for form, keeps in KEEPS.items() if keeps.then is not None}
# These are saved by a button of what they show first, which forgets their words: sending them alone ends nothing.
READ_BACK = frozenset(form for form, keeps in KEEPS.items() if keeps.is_saved_by_button)


def form_name(callback_id: str, metadata: str) -> FormName | None:
    """What a form's words are kept under; None for a form that keeps none."""
    form = next((one for one, last in SENT_BY.items() if last == callback_id), callback_id)
    keeps = KEEPS.get(form)
    if keeps is None:
        return None
    about = keeps.about(metadata)
    # A priority's outcome without a name of its own is a new one.
    is_new = about is None or keeps.is_new or about.endswith("|")
    return FormName(f"{form}:{about or ''}", is_new, keeps.belongs_to)


def is_done_with(callback_id: str, shown_then: str) -> bool:
    """Whether sending a form ended it: what is shown then is neither the form once more nor the second one, and no
    button there saves it."""
    return callback_id not in READ_BACK and shown_then not in {callback_id, SENT_BY.get(callback_id)}


def kept_of(blocks: list[Block], entered: Entered, before: Kept, form: FormName) -> Kept:
    """What is to be kept of a form as it stands: what differs from what it was opened with, also where that was
    emptied, and of something new all words. `before` is what is kept already, which the form may show."""
    found = dict(before)
    for block in blocks:
        name, element = block.get("block_id") or "", block.get("element") or {}
        given = (entered.get(name) or {}).get(element.get("action_id") or "")
        if block.get("type") != "input" or given is None:
            continue
        now, shown = given_in(given), shown_in(element)
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
        shown = shown_in(block.get("element") or {})
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
        filled.append(showing(block, known[ENTERED]))
    if tuple(filled) == view.blocks:
        return view
    # Who reads it stands first.
    return replace(view, blocks=(filled[0], kit.context("\n".join([AGAIN, *changed])), *filled[1:]))


def _belongs_here(blocks: tuple[Block, ...], kept: Kept, form: FormName) -> bool:
    """Whether a form is about the same as the one that was kept. One for something new that comes with words, since
    they were typed elsewhere just now, is not mixed with older ones."""
    for block in blocks:
        name, shown = block.get("block_id") or "", shown_in(block.get("element") or {})
        known = kept.get(name, {ENTERED: {}, OVER: {}})
        is_known = any(_same(shown, one) for one in (known[ENTERED], known[OVER]))
        if name == _belongs(form) and shown and not _same(shown, known[ENTERED]):
            return False
        if form.is_new and shown.get("value") and not is_known:
            return False
    return True


def _belongs(form: FormName) -> str | None:
    return encode_question(form.belongs_to) if form.belongs_to is not None else None


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _plain(one) == _plain(other)


def _plain(entered: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered without what only says how an option reads; what is empty is nothing."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return value.get("value")
        return [plain(one) for one in value] if isinstance(value, list) else value

    return {name: plain(value) for name, value in entered.items() if value}
