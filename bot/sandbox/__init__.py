"""A small Slack on 127.0.0.1 that an unchanged bot connects to. It knows Slack's wire format and no bot.

    sandbox = await Sandbox.start(manifest, workspace)
    # The bot: base_url=sandbox.api_url, token=sandbox.bot_token, app token sandbox.app_token
    ana = sandbox.person("U0000001")
    await ana.command("/echo", "hello")

What it does not imitate: search, reactions, pins, bookmarks, canvases outside channels' tabs and the sections
and comments of those in them, lists, reminders, scheduled messages, user groups, calls, presence and typing,
unfurling of links, workflow steps and functions, assistant threads, direct messages with several people,
Enterprise Grid, tokens of people, more than one app (`Town`: several workspaces), incoming webhooks, changing a
channel's id, and every permission setting of a workspace's administrators. A bot's text is stored as it was
sent: no linking, no emoji names, no check that mrkdwn is well formed.

Replies have no field beyond the known samples of Slack's, so what a reply of the real one has besides (the
`user` of a direct message in conversations.info, say) is not here. Time spent redelivering, expiring and
slowing is real time; only timestamps and events follow the clock. Limits for which Slack documents no number
(metadata, total rate of messages) are settings here. How a real workspace behaves under load, and how long it
takes until a message is in its history, cannot be learnt from it.
"""

from bot.sandbox.clock import ClockHook, SandboxClock
from bot.sandbox.core import BOT_USER_ID
from bot.sandbox.manifest import ManifestError
from bot.sandbox.people import Refused
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.settings import RequestUrls, Settings
from bot.sandbox.town import Town
from bot.sandbox.workspace import Workspace

__all__ = [
    "BOT_USER_ID",
    "ClockHook",
    "ManifestError",
    "Person",
    "Refused",
    "RequestUrls",
    "Sandbox",
    "SandboxClock",
    "Settings",
    "Town",
    "Workspace",
]
