"""A message that may or may not have arrived, for a coordinator to decide about, and one that could not be sent."""

from __future__ import annotations

from bot.domain.prompts import HeldNotice
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message
from bot.slack.metadata import encode_id
from bot.slack.moments import Clock
from bot.slack.mrkdwn import escape, own
from bot.slack.names import first_name


def held_message(notice: HeldNotice) -> Message:
    """The notice in a coordinator's direct message, and what it becomes."""
    reader = Clock(notice.zone, notice.due_at)
    what = f"{notice.what} to {notice.to}, due {reader.dated(notice.due_at)}"
    outcome = _outcome(notice)
    if outcome is not None:
        return Message(
            text=escape(f"{_head(notice)}: {what}. {outcome}"),
            blocks=(kit.section(f"{_what(notice)} {own(outcome)}"),),
        )
    return Message(
        text=escape(f"Held: {what}. {_reason(notice)} Please say whether it arrived."),
        blocks=held_blocks(notice),
    )


def held_blocks(notice: HeldNotice) -> tuple[Block, ...]:
    """A held message with its buttons."""
    return (kit.section(f"{_what(notice)} {own(_reason(notice))}"), _buttons(notice))


def _what(notice: HeldNotice) -> str:
    reader = Clock(notice.zone, notice.due_at)
    return f"*{_head(notice)}:* {own(notice.what)} to {own(notice.to)}, {reader.token(notice.due_at, 'due ')}."


def _head(notice: HeldNotice) -> str:
    return "Not sent" if notice.state == "failed" else "Held"


def _reason(notice: HeldNotice) -> str:
    return f"I can't tell whether it arrived: {notice.reason.rstrip('.')}."


def _buttons(notice: HeldNotice) -> Block:
    value = encode_id(notice.delivery_id)
    arrived = kit.button("It arrived", Action.IT_ARRIVED, value=value, label=f"It arrived: {notice.what}")
    if not notice.may_send_again:
        return kit.actions(arrived)
    again = kit.button(
        "Send again",
        Action.SEND_AGAIN,
        value=value,
        danger=True,
        confirm=kit.confirm(
            "Send it again?",
            f"If the first one arrived, {_twice(notice.to)} gets it twice.",
            "Send again",
            "Not now",
            danger=True,
        ),
        label=f"Send again: {notice.what}",
    )
    return kit.actions(arrived, again)


def _twice(to: str) -> str:
    return to if to.startswith("#") else first_name(to)


def _outcome(notice: HeldNotice) -> str | None:
    """What came of it; None while a coordinator is to decide."""
    if notice.state == "held":
        return None
    who = f" by {notice.resolved_by}" if notice.resolved_by is not None else ""
    if notice.state == "sent":
        return f"Marked as arrived{who}." if notice.reason == "marked as arrived" else f"Sent again{who}."
    if notice.state in {"planned", "claimed", "ambiguous"}:
        return f"Being sent again{', asked' + who if who else ''}."
    if notice.state == "failed":
        more = f" The same goes for {notice.others} more that day." if notice.others else ""
        return f"The reason: {notice.reason.rstrip('.')}.{more}"
    return f"It will not be sent again: {notice.reason or 'it is too late'}."
