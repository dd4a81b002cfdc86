"""Canvases as coordinators find them: typed, in the page of how things are, and making one again; nobody else does."""

from __future__ import annotations

from bot.slack.canvases import CanvasWriter
from schedules.canvases import CanvasKeeper
from tests.handlers.stage import Stage, words


async def keep(live: Stage) -> int:
    """Writes what is to be written, as the bot does by itself."""
    workspace = live.bot.workspaces.only
    if workspace.canvases is None:
        workspace.canvases = CanvasWriter(workspace.client, live.bot.services.deliveries.elapsed)
    return await CanvasKeeper(live.bot.services, live.bot.workspaces, apart=0.0).run()


async def open_channel(live: Stage, name: str = "lb-access") -> None:
    channel = live.sandbox.workspace.channel_called(name)
    assert channel is not None
    channel.is_ext_shared = False
    await live.bot.refresh_directory()


async def test_the_list_says_where_each_is_and_a_button_makes_one_again(live: Stage) -> None:
    omar = live.person("omar")
    await open_channel(live)
    assert await keep(live) == 1
    await omar.command("/priority", "canvases")
    await omar.until(lambda: "1 of 1 kept up." in words(omar.ephemerals[-1]))
    said = words(omar.ephemerals[-1])
    assert "*Child care and commute access*: stands in #lb-access" in said
    assert "none, since people of other workspaces are in #lb-talent." in said
    [canvas] = live.sandbox.workspace.canvases.values()
    omar.deletes_canvas(canvas)
    channel = live.sandbox.workspace.channels[canvas.channel]
    channel.name = "lb-family"
    await live.bot.refresh_directory()
    await keep(live)
    await omar.command("/priority", "canvases")
    await omar.until(lambda: "0 of 1 kept up; 1 waits for your word." in words(omar.ephemerals[-1]))
    assert "somebody deleted mine in #lb-family" in words(omar.ephemerals[-1])
    await omar.press(omar.ephemerals[-1], "Make it again: Child care and commute access")
    await omar.until(lambda: "will be made soon" in words(omar.ephemerals[-1]))
    assert await keep(live) == 1
    await omar.command("/coalition", "health")
    await omar.until(lambda: "*Canvases:* 1 of 1 kept up" in words(omar.ephemerals[-1]))
    await omar.press(omar.ephemerals[-1], "Canvases")
    await omar.until(lambda: "stands in #lb-family" in words(omar.modal))


async def test_the_message_that_tells_of_it_has_the_button_and_changes_with_it(live: Stage) -> None:
    omar = live.person("omar")
    await open_channel(live)
    live.person("marcus").makes_canvas("lb-access", "Our notes", "Ours")
    await keep(live)
    await live.go("11-23 09:05")
    await omar.until(lambda: any("people made a canvas in #lb-access" in words(one) for one in omar.dm()))
    [message] = [one for one in omar.dm() if "people made a canvas" in words(one)]
    await omar.press(message, "Make it beside: Child care and commute access")
    assert await keep(live) == 1
    await live.go("11-23 09:10")
    await omar.until(lambda: "stands in #lb-access" in words(omar.dm()[-1]))
    assert "Ours" in [one.markdown for one in live.sandbox.workspace.canvases.values()]


async def test_where_slack_says_no_it_is_asked_again_by_a_button(live: Stage) -> None:
    omar = live.person("omar")
    await open_channel(live)
    live.sandbox.settings.has_canvases = False
    await keep(live)
    await omar.command("/priority", "canvases")
    await omar.until(lambda: "plan or settings have no canvases" in words(omar.ephemerals[-1]))
    live.sandbox.settings.has_canvases = True
    await omar.press(omar.ephemerals[-1], "Ask again")
    await omar.until(lambda: "will be made soon" in words(omar.ephemerals[-1]))
    assert await keep(live) == 1


async def test_it_is_for_coordinators(live: Stage) -> None:
    marcus = live.person("marcus")
    await marcus.command("/priority", "canvases")
    await marcus.until(lambda: "looked after by the coordinators" in words(marcus.ephemerals[-1]))
