"""What every part of one sandbox shares: settings, clock, app, workspace, logs. No behaviour of Slack's."""

from __future__ import annotations

import secrets

from bot.sandbox.clock import SandboxClock
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Feed
from bot.sandbox.manifest import App
from bot.sandbox.rates import Rates
from bot.sandbox.record import Record, WireLog
from bot.sandbox.settings import Settings
from bot.sandbox.shapes import message_json, user_json
from bot.sandbox.triggers import Triggers
from bot.sandbox.workspace import JSON, Channel, Message, User, Workspace

BOT_USER_ID = "U0SANDBOT"
BOT_ID = "B0SANDBOT"
VERIFICATION_TOKEN = "sandbox"


class Core:
    """One sandbox's shared state. The bot user is added to the workspace here."""

    def __init__(self, app: App, workspace: Workspace, settings: Settings, clock: SandboxClock) -> None:
        self.app = app
        self.workspace = workspace
        self.settings = settings
        self.clock = clock
        self.feed = Feed()
        self.record = Record()
        self.wire = WireLog(settings.wire_entries_max, clock.now)
        self.faults = Faults()
        self.rates = Rates(settings)
        self.triggers = Triggers(settings)
        self.base_url = ""
        self.canvas_seen_at: dict[str, float] = {}  # from which monotonic moment on a canvas's tab is shown
        # Where others install the app, a workspace begins without it, and has a token from each time that it is.
        self.is_installed = True
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.older_tokens: set[str] = set()  # good until they end by themselves
        self.ended_tokens: dict[str, str] = {}  # with the code that a call by one of them is answered with
        self.app_token = f"xapp-1-{app.app_id}-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        if BOT_USER_ID not in workspace.users:
            handle = app.bot_name.lower().replace(" ", "")
            workspace.add_user(handle, id=BOT_USER_ID, real_name=app.bot_name, is_bot=True)
        self.wire.on_entry.append(lambda n: self.feed.send("wire", {"n": n}))
        clock.on_change.append(lambda: self.feed.send("clock", clock.state(settings.zone)))

    @property
    def seconds(self) -> int:
        """The sandbox's moment in whole epoch seconds."""
        return int(self.clock.now().timestamp())

    def app_json(self) -> JSON:
        """The app's fields of a message."""
        return {
            "bot_id": BOT_ID,
            "app_id": self.app.app_id,
            "team": self.workspace.team_id,
            "bot_profile": {
                "id": BOT_ID,
                "deleted": False,
                "name": self.app.bot_name,
                "updated": 0,
                "app_id": self.app.app_id,
                "icons": {},
                "team_id": self.workspace.team_id,
            },
        }

    def message_json(self, message: Message, *, all_metadata: bool = True) -> JSON:
        """A message as the app sees it."""
        channel = self.workspace.channels[message.channel]
        return message_json(message, channel, self.app_json(), base_url=self.base_url, all_metadata=all_metadata)

    def user_json(self, user: User, *, with_locale: bool = False, with_stranger: bool = True) -> JSON:
        """A user as the app sees it: e-mail only with its scope."""
        return user_json(
            user,
            now=self.clock.now(),
            stranger=not self.workspace.shares_channel(user.id, BOT_USER_ID),
            with_email="users:read.email" in self.app.scopes,
            with_locale=with_locale,
            with_stranger=with_stranger,
        )

    def open_im(self, user_id: str) -> Channel:
        return self.workspace.open_im(user_id, BOT_USER_ID, self.seconds)
