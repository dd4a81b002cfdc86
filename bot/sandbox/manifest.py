"""The app as its manifest declares it: commands, shortcuts, scopes, events. Lengths are checked, URLs are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

APP_ID = "A0SANDBOX"

TEXT_MAX: dict[str, int] = {
    "display_information.name": 35,
    "display_information.description": 140,
    "features.bot_user.display_name": 80,
}
LONG_DESCRIPTION = (175, 4000)
ITEMS_MAX: dict[str, int] = {
    "features.slash_commands": 50,
    "features.shortcuts": 10,
    "oauth_config.scopes.bot": 255,
    "oauth_config.redirect_urls": 1000,
    "settings.event_subscriptions.bot_events": 100,
    "settings.event_subscriptions.metadata_subscriptions": 20,
}
COMMAND = (2, 32)
COMMAND_TEXT_MAX = {"description": 2000, "usage_hint": 1000}
SHORTCUT_TEXT_MAX = {"name": 24, "description": 150, "callback_id": 255}


class ManifestError(ValueError):
    """The manifest says something that Slack would refuse."""


@dataclass(frozen=True)
class App:
    """One installed app."""

    name: str
    app_id: str
    bot_name: str
    scopes: frozenset[str]
    optional: frozenset[str]  # of them, those that whoever installs the app may leave out
    events: frozenset[str]
    commands: dict[str, dict[str, Any]]
    shortcuts: dict[str, dict[str, Any]]
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool
    interactive: bool

    @property
    def provided(self) -> str:
        """The granted scopes as Slack lists them."""
        return ",".join(sorted(self.scopes))


def read_manifest(manifest: dict[str, Any]) -> App:
    """The app of a manifest. Raises ManifestError with every problem in it."""
    problems = _problems(manifest)
    if problems:
        raise ManifestError("; ".join(problems))
    features: dict[str, Any] = manifest.get("features", {})
    home: dict[str, Any] = features.get("app_home", {})
    settings: dict[str, Any] = manifest.get("settings", {})
    name = manifest.get("display_information", {}).get("name", "App")
    return App(
        name=name,
        app_id=APP_ID,
        bot_name=features.get("bot_user", {}).get("display_name") or name,
        scopes=frozenset(_at(manifest, "oauth_config.scopes.bot") or []),
        optional=frozenset(_at(manifest, "oauth_config.scopes.bot_optional") or []),
        events=frozenset(_at(manifest, "settings.event_subscriptions.bot_events") or []),
        commands={command["command"]: command for command in features.get("slash_commands", [])},
        shortcuts={shortcut["callback_id"]: shortcut for shortcut in features.get("shortcuts", [])},
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
        interactive=bool(settings.get("interactivity", {}).get("is_enabled", False)),
    )


def _at(manifest: dict[str, Any], path: str) -> Any:
    value: Any = manifest
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _problems(manifest: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for path, most in TEXT_MAX.items():
        if len(_at(manifest, path) or "") > most:
            found.append(f"{path} is longer than {most} characters")
    long_description = _at(manifest, "display_information.long_description")
    if long_description and not LONG_DESCRIPTION[0] <= len(long_description) <= LONG_DESCRIPTION[1]:
        found.append("display_information.long_description has {} to {} characters".format(*LONG_DESCRIPTION))
    for path, most in ITEMS_MAX.items():
        if len(_at(manifest, path) or []) > most:
            found.append(f"{path} has more than {most} items")
    alone = set(_at(manifest, "oauth_config.scopes.bot_optional") or []) - set(
        _at(manifest, "oauth_config.scopes.bot") or []
    )
    if alone:
        found.append(f"optional scopes must be listed in oauth_config.scopes.bot too: {', '.join(sorted(alone))}")
    for command in _at(manifest, "features.slash_commands") or []:
        name = command.get("command", "")
        if not name.startswith("/") or not COMMAND[0] <= len(name) <= COMMAND[1] or name != name.lower():
            found.append(f"{name!r} is no command: a slash and lower-case letters, at most {COMMAND[1]} in all")
        for field, most in COMMAND_TEXT_MAX.items():
            if len(command.get(field, "")) > most:
                found.append(f"{name}: {field} is longer than {most} characters")
    for shortcut in _at(manifest, "features.shortcuts") or []:
        if shortcut.get("type") not in ("global", "message"):
            found.append(f"{shortcut.get('name')}: a shortcut is global or message")
        for field, most in SHORTCUT_TEXT_MAX.items():
            if not 1 <= len(shortcut.get(field, "")) <= most:
                found.append(f"{shortcut.get('name')}: {field} has 1 to {most} characters")
    return found
