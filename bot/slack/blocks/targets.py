"""A target whose day has passed, inside a bundle: what the figure says of it, and the ways to a new one."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.record import DatedValue
from bot.domain.targets import PassedTarget, Result, TargetKind
from bot.domain.wording import cut, day, figure
from bot.slack.blocks import kit
from bot.slack.blocks.bundles import BundleReader
from bot.slack.identifiers import Action
from bot.slack.message import Block
from bot.slack.metadata import OutcomeKey, encode
from bot.slack.mrkdwn import bold, own

_MOST_NAME = 150
_SET = {
    TargetKind.METRIC: "Set a new target",
    TargetKind.GOAL: "Set the next goal",
    TargetKind.OUTCOME: "Reached, or a new date",
}
_QUESTIONS = {
    TargetKind.METRIC: "What is the next target?",
    TargetKind.GOAL: "What is the next yearly goal?",
    TargetKind.OUTCOME: "Was it reached, or when is it due now?",
}


def target_item(value: PassedTarget, reader: BundleReader) -> tuple[Iterable[Block], str]:
    """A target that asks for a new one, or what has become of it."""
    name = cut(value.target.name, _MOST_NAME)
    if value.state != "open":
        words = _settled(value)
        return [kit.section(f"{bold(name)}\n{own(words)}")], f"{name}: {words}"
    words = f"{_was(value)} {_QUESTIONS[value.target.kind]}"
    if value.helper is not None and value.target.kind is not TargetKind.GOAL:
        words += f" If nobody follows it any more, {value.helper} can end it."
    buttons = [_set_button(value, primary=reader.may_be_primary)] if value.may_set else []
    if value.end is not None:
        buttons.append(kit.button("End it", Action.END_THING, value=value.end, about=name))
    return [kit.section(f"{bold(name)}\n{own(words)}"), *kit.row(*buttons)], f"{name}: {words}"


def _was(value: PassedTarget) -> str:
    """What it was to be by when, and what the figure says, each with its day."""
    target, on = value.target, day(value.target.day, value.today)
    if target.value is None:
        return f"This was due {on} and is not marked as reached."
    wanted = f"{'The goal' if target.kind is TargetKind.GOAL else 'The target'} was {figure(target.value, value.unit)}"
    return f"{wanted} by {on}. {_figure(value)}"


def _figure(value: PassedTarget) -> str:
    if value.result is Result.WITHHELD:
        return "Too few reported for the figure to be shown."
    if value.figure is None:
        return "There is no figure yet."
    told = f"{figure(value.figure.value, value.unit)} (as of {day(value.figure.period_end, value.today)})"
    if value.result is Result.NOT_YET_KNOWN:
        return f"The last figure is {told}, and none has come since."
    return f"The figure is {told}: {value.result}."


def _settled(value: PassedTarget) -> str:
    today = value.today
    if value.state == "renewed":
        if value.now is not None:
            return f"The target is {_dated(value.now, value)} now."
        return f"This is due {day(value.now_on, today)} now." if value.now_on is not None else "This has a new date."
    if value.state == "reached":
        return f"Reached {day(value.now_on, today)}." if value.now_on is not None else "Reached."
    if value.state == "ends":
        ends = value.now_on is not None and value.now_on >= today
        return f"{'Ends' if ends else 'Ended'} {day(value.now_on, today)}." if value.now_on is not None else "Ended."
    if value.state == "passed_on":
        return "Others look after this now."
    return "Nobody is asked about this any more."


def _dated(value: DatedValue, of: PassedTarget) -> str:
    return f"{figure(value.value, of.unit)} by {day(value.on, of.today)}"


def _set_button(value: PassedTarget, *, primary: bool) -> kit.Element:
    target, words = value.target, _SET[value.target.kind]
    if target.kind is TargetKind.METRIC:
        return kit.button(words, Action.METRIC_RETARGET, value=target.key, primary=primary, about=target.name)
    if target.kind is TargetKind.GOAL:
        return kit.button(words, Action.EDIT_NORTH_STAR, primary=primary)
    assert target.priority is not None, "an outcome is a priority's"
    key = encode(OutcomeKey(target.priority.id, target.key))
    return kit.button(words, Action.OUTCOME_EDIT, value=key, primary=primary, about=target.name)
