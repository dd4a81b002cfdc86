"""What comes to somebody: shown, and stopped or sent again, one thing a press."""

from __future__ import annotations

from bot.services import Services
from bot.services.access import Actor
from bot.slack.blocks.what_comes import WHAT_COMES_TITLE, what_comes_message
from bot.slack.identifiers import Action
from bot.slack.message import Message
from bot.slack.metadata import CopiesWanted, KindWanted
from handlers.context import Call
from handlers.listeners import Line, Listeners


async def what_comes(services: Services, actor: Actor) -> Message:
    """The list as it is now."""
    return what_comes_message(await services.own_settings.page(actor), await services.digests.overview(actor))


async def show(call: Call) -> None:
    """The list, where it was asked for."""
    await call.reply(await what_comes(call.services, await call.actor()))


async def press(call: Call) -> None:
    """[See]: the list on top of the settings."""
    await call.open(WHAT_COMES_TITLE)
    await show(call)


async def choose_kind(call: Call) -> None:
    """[Stop it] or [Send it again], of a kind of messages."""
    chosen, actor = call.pressed(KindWanted), await call.actor()
    await call.services.own_settings.want(actor, chosen.kind, wanted=chosen.wanted)
    await _again(call, actor)


async def choose_copies(call: Call) -> None:
    """The same of a digest."""
    chosen, actor = call.pressed(CopiesWanted), await call.actor()
    await call.services.digests.subscribe(actor, chosen.edition, chosen.wanted)
    await _again(call, actor)


async def _again(call: Call, actor: Actor) -> None:
    await call.answer(await what_comes(call.services, actor), WHAT_COMES_TITLE)


LISTENERS = Listeners(
    noun="coalition",
    actions={Action.WHAT_COMES: press, Action.KIND_WANTED: choose_kind, Action.COPY_WANTED: choose_copies},
    lines=(
        Line(
            "messages",
            "what comes to you by itself, and what of it you may stop",
            show,
            words=("messages", "my messages", "what comes to me"),
            synonyms=("preferences",),
        ),
    ),
)
