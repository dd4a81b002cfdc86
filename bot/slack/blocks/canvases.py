"""Canvases in priorities' channels, on screen for coordinators: where each is, what mends it, and making one again."""

from __future__ import annotations

from bot.domain.canvases import CanvasLine, CanvasList, CanvasState
from bot.domain.wording import plural
from bot.slack.blocks import kit
from bot.slack.identifiers import Action
from bot.slack.limits import fit
from bot.slack.message import Block, Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own, unmark

TITLE = "Canvases"
MOST = 15
# What Slack's refusals mean for people. Codes are for the log.
_WHY = {
    "free_team_canvas_tab_already_exists": "On Slack's free plan a channel has room for one, and it has a tab already, "
    "even if that canvas was deleted. Remove the tab in Slack",
}
_REFUSALS = {
    CanvasState.NO_CANVASES: "This workspace's plan or settings have no canvases. Nothing else depends on them. Where "
    "that changes, press Ask again; I do so by myself once a week.",
    CanvasState.NOT_ALLOWED: "I may not write canvases here. Nothing else depends on them. To have them, install the "
    "app again with the manifest of `backbeat manifest` (canvases:write), or ask a workspace admin who may make them; "
    "then press Ask again.",
}


def canvases_message(found: CanvasList) -> Message:
    """All of them, each with what can be done about it."""
    reader = Clock(found.zone, found.now)
    blocks: list[Block] = [kit.section(bold(TITLE)), kit.section(f"{_head(found)}\n{_ABOUT}")]
    if found.refusal is not None:
        blocks.append(kit.section(_REFUSALS[found.refusal]))
        blocks.append(kit.actions(kit.button("Ask again", Action.CANVASES_ASK)))
    for one in found.lines[:MOST]:
        blocks += canvas_blocks(one, reader)
    if len(found.lines) > MOST:
        blocks.append(kit.context(f"{MOST} of {len(found.lines)}"))
    words = " ".join([_head(found), *(f"{one.name}: {_plain(one, reader)}" for one in found.lines[:MOST])])
    return fit(Message.of(words, *blocks))[0]


_ABOUT = (
    "I keep a canvas up in each priority's channel: figures, actions, decisions and meetings, without amounts. [Edit] "
    "on a priority's card switches one off, or on where people of other workspaces are in the channel."
)


def canvas_blocks(one: CanvasLine, reader: Clock, *, told: bool = False) -> list[Block]:
    """One priority's, with its button where somebody's word is needed. `told`: in the message that tells of it."""
    words = f"{bold(one.name)}: {canvas_words(one, reader)}"
    if not one.can_be_made:
        return [kit.section(words)]
    label = "Make it beside" if one.state == CanvasState.THEIRS else "Make it again"
    action = Action.CANVAS_MAKE_TOLD if told else Action.CANVAS_MAKE
    return [kit.section(words), kit.actions(kit.button(label, action, value=one.priority, about=one.name))]


def canvas_words(one: CanvasLine, reader: Clock) -> str:
    """Where it is, and what mends it. In markup."""
    where = own(f"#{one.channel}") if one.channel else ""
    if one.channel is None:
        return "the priority names no channel."
    if one.is_off:
        return "switched off."
    if one.is_shared:
        return f"none, since people of other workspaces are in {where}."
    if one.state is None:
        return f"none, since I am not in {where}. Write /invite @Backbeat there."
    if one.state == CanvasState.STANDING:
        at = reader.token(one.written_at, ", last written ") if one.written_at is not None else ""
        late = " Slack refused the newest change; I try again." if one.tries else ""
        return f"stands in {where}{at}.{late}"
    return _TROUBLES.get(one.state, "will be made soon.").format(where=where, why=_why(one))


_TROUBLES = {
    CanvasState.OVER: "has its last words in {where}, and will be taken up again soon.",
    CanvasState.THEIRS: "people made a canvas in {where}, and I leave it alone. {why}. I can make mine in a tab beside "
    "it, where Slack's plan has room.",
    CanvasState.GONE: "somebody deleted mine in {where}. I don't make it again by myself.",
    CanvasState.UNCLEAR: "Slack didn't say whether it made mine in {where}, and I can't tell by looking. Look at the "
    "channel's tabs: delete one that is mine, then make it again.",
    CanvasState.NO_CANVASES: "none, since this workspace has none.",
    CanvasState.NOT_ALLOWED: "none, since I may not write any.",
    CanvasState.MAKING: "is being made in {where}.",
}


def _why(one: CanvasLine) -> str:
    return _WHY.get(one.code or "", "Nothing of theirs is changed")


def health_words(found: CanvasList) -> str:
    """One line for a page of how things are. In markup."""
    if found.refusal is not None:
        return f"none: {'not in this plan' if found.refusal == CanvasState.NO_CANVASES else 'I may not write any'}"
    return _head(found).rstrip(".")


def _head(found: CanvasList) -> str:
    wanted = [one for one in found.lines if one.state is not None]
    if not wanted:
        return "No priority is to have one."
    waiting = f"; {plural(len(found.in_need), 'waits', 'wait')} for your word" if found.in_need else ""
    return f"{found.standing} of {len(wanted)} kept up{waiting}."


def _plain(one: CanvasLine, reader: Clock) -> str:
    return unmark(canvas_words(one, reader))
