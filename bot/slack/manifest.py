"""The app's manifest: what the bot asks Slack for, each with its reason, and nothing that has no handler."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from bot.addresses import is_loopback
from bot.errors import UserError
from bot.slack.identifiers import Command, Shortcut

# Characters of a command's name, its slash included.
MOST_OF_A_COMMAND = 32

SCOPES = (
    "chat:write",  # Check-ins and digests are posted, changed in place, and answered where only one person sees it.
    "commands",  # Each noun has its own, such as /action, and /backbeat understands them all.
    "im:write",  # A check-in goes to a person's direct message, which is opened first.
    "im:history",  # What people write to the bot brings the menu; and a post without a clear answer is looked for.
    "channels:history",  # A digest's post without a clear answer is looked for before anything is sent again …
    "groups:history",  # … in private channels too, only those the bot was invited to.
    "users:read",  # Names, time zones, and whether an account is still active.
    "users:read.email",  # Members are linked to their accounts by e-mail, so that nobody has to pick them by hand.
    "channels:read",  # Which channels the bot is in, to say in time where it has to be invited …
    "groups:read",  # … and the same for private channels.
    # A coalition file that a lead uploads is checked, and imported when they say so; a figure's picture is awaited.
    "files:read",
    # /coalition export and /meeting calendar put a file into the messages of whoever asked; a figure's picture is
    # uploaded, unshared.
    "files:write",
    "app_mentions:read",  # Somebody who mentions the bot in a channel is told where to reach it.
)

# What whoever installs the app may leave out: without it all else works.
OPTIONAL_SCOPES = (
    "canvases:write",  # A canvas in each priority's channel is kept up to date.
)

EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.im",
    "user_change",
)

# What tells that the app was taken away again; only needed where others install it.
UNINSTALL_EVENTS = ("app_uninstalled", "tokens_revoked")

# Where Slack's requests, and whoever installs the app, come to, behind the address of `--http`.
EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"

# Their kind, their name and what they do.
_SHORTCUTS: dict[Shortcut, tuple[str, str, str]] = {
    Shortcut.NEW_ACTION: ("global", "New action item", "Add an action item for yourself or somebody else"),
    Shortcut.MESSAGE_TO_ACTION: ("message", "Make this an action item", "Add an action item with this message's words"),
}

_COMMANDS: dict[Command, tuple[str, str]] = {
    Command.BACKBEAT: ("Everything Backbeat can do for you", "action | checkin | coalition | help"),
    Command.CHECKIN: (
        "Your check-ins, days away, and running a round",
        "status | preview | for @member | away FROM to TO | help",
    ),
    Command.METRIC: (
        "Your figures, and recording one",
        "NAME | update NAME VALUE as of DATE | add | edit | retarget | list | help",
    ),
    Command.MEETING: (
        "Your meetings, agendas and notes",
        "add | agenda X | notes X | skip X | move X | calendar | help",
    ),
    Command.DIGEST: (
        "The weekly digest: yours, a preview, past ones",
        "preview PRIORITY | history | subscribe | send | help",
    ),
    Command.PRIORITY: (
        "Priorities: yours, or one with all about it",
        "NAME | list | edit NAME | outcome NAME | canvases | help",
    ),
    Command.ACTION: ("Action items: yours, a list, or a new one", "add | done A-101 | list overdue | A-101 | help"),
    Command.DECISION: ("Decisions: what waits for you, one, or a new one", "add | D-1 | record D-1 | log | help"),
    Command.ISSUE: ("Issues: yours, one, or a new one", "add | I-1 | escalate I-1 to GROUP | resolve I-1 | help"),
    Command.FUNDING: (
        "Funding: secured, needed, sources, reports due",
        "NAME | list | add | update NAME | allocate NAME | help",
    ),
    Command.COALITION: (
        "The coalition: state, people, the week ahead",
        "setup | edit | members | organizations | groups | northstar | import | audit | week | pause | help",
    ),
}


def command_name(command: Command, prefix: str = "") -> str:
    """The command as Slack knows it: a prefix such as "lb-" keeps it apart from another app's: "/lb-checkin"."""
    return f"/{prefix}{command.removeprefix('/')}"


def checked_prefix(prefix: str) -> str:
    """The prefix, where Slack takes every command's name with it. Raises UserError."""
    longest = max(len(command_name(command)) for command in Command)
    if not re.fullmatch("[a-z0-9_-]*", prefix):
        raise UserError("A prefix has small letters, digits, hyphens and underscores only, such as --prefix lb-.")
    if len(prefix) > MOST_OF_A_COMMAND - longest:
        raise UserError(f"A prefix has at most {MOST_OF_A_COMMAND - longest} characters, such as --prefix lb-.")
    return prefix


def checked_url(url: str) -> str:
    """The address without a slash at its end, where Slack can reach it as it is. Raises UserError."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"} or re.search(r"[\s<>\"]", url.strip()):
        raise UserError(f"“{url}” is not an address. Write it as https://bot.example.org.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise UserError("Leave out what stands before @, after ? and after #: https://bot.example.org is enough.")
    if parts.scheme != "https" and not is_loopback(host):
        raise UserError(f"Slack sends requests over HTTPS only. Write https:// before {host}.")
    return url.strip().rstrip("/").removesuffix(EVENTS_PATH)


def manifest(prefix: str = "", url: str | None = None) -> dict[str, Any]:
    """The manifest to paste into Slack, or to start the sandbox with. `prefix` goes before every command's name.

    `url` is where Slack reaches the bot over HTTP; without it, it is reached by Socket Mode.
    """
    found = _manifest(prefix)
    if url is not None:
        requests = f"{url}{EVENTS_PATH}"
        settings = found["settings"]
        settings["socket_mode_enabled"] = False
        settings["event_subscriptions"] = {
            "request_url": requests,
            "bot_events": sorted({*EVENTS, *UNINSTALL_EVENTS}),
        }
        settings["interactivity"] = {"is_enabled": True, "request_url": requests, "message_menu_options_url": requests}
        found["oauth_config"]["redirect_urls"] = [f"{url}{REDIRECT_PATH}"]
        for command in found["features"]["slash_commands"]:
            command["url"] = requests
    return found


def _manifest(prefix: str) -> dict[str, Any]:
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Backbeat",
            "description": "Keeps the rhythm of a coalition: check-ins, and a weekly digest for each priority.",
            "background_color": "#1f4e5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Backbeat", "always_online": True},
            "shortcuts": [
                {"name": name, "type": kind, "callback_id": shortcut, "description": description}
                for shortcut, (kind, name, description) in _SHORTCUTS.items()
            ],
            "slash_commands": [
                {
                    "command": command_name(command, prefix),
                    "description": description,
                    "usage_hint": hint,
                    "should_escape": False,
                }
                for command, (description, hint) in _COMMANDS.items()
            ],
        },
        # Slack wants what is optional listed among the others too.
        "oauth_config": {
            "scopes": {"bot": [*SCOPES, *OPTIONAL_SCOPES], "bot_optional": list(OPTIONAL_SCOPES)},
        },
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }
