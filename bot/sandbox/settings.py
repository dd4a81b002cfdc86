"""What can be set about one sandbox: durations, strictness, transport. No state and no defaults of a bot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class RequestUrls:
    """Where signed HTTP requests go, by kind; what is left out falls back to `events`."""

    events: str
    interactions: str | None = None
    commands: str | None = None
    options: str | None = None

    def of(self, kind: str) -> str:
        """The address for `events`, `interactions`, `commands` or `options`."""
        chosen = {"interactions": self.interactions, "commands": self.commands, "options": self.options}
        return chosen.get(kind) or self.events


@dataclass
class Settings:
    """Seconds are real, elapsed seconds, never the sandbox clock's: a leap must not expire a trigger."""

    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    response_url_uses: int = 5

    request_urls: RequestUrls | None = None
    """With it, events and interactions travel as signed HTTP; without it, over Socket Mode."""

    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    retry_scale: float = 1.0
    """Multiplies every wait before a redelivery, so that a demo or test need not wait five minutes."""
    delayed_events: bool = False
    event_max_age_seconds: float = 7200.0
    events_per_hour: int = 30_000
    events_min_success: float = 0.05
    events_min_success_from: int = 1000
    """Subscriptions are switched off below that success rate, once this many were sent within an hour."""
    redirects_max: int = 2

    socket_connections_max: int = 10
    socket_warning_seconds: float = 10.0
    socket_close_seconds: float = 1.0
    """How long a connection asked to refresh stays open for answers that are still under way."""

    history_lag_seconds: float = 0.0
    file_ready_seconds: float = 0.0
    """A completed upload can be shown by a `slack_file` block only this much later."""

    real_rate_limits: bool = False
    message_per_second_per_channel: bool = False
    rate_window_seconds: float = 60.0
    messages_per_window: int = 300
    nonmarketplace_history: bool = False

    is_free_plan: bool = False
    """One canvas a channel, as a tab, and none that stands alone."""
    has_canvases: bool = True
    """Whether the workspace lets anybody make canvases."""
    may_make_canvases: bool = True
    """Whether the app may, where the workspace has them."""
    canvas_edit_max: int = 4000
    """Characters of one edit. Slack documents a mebibyte; people found that edits of more than some four thousand fail
    with `canvas_editing_failed` now and then. Creating takes the documented length."""
    canvas_tab_lag_seconds: float = 0.0
    """How much later conversations.info shows a new tab."""

    unknown_blocks: frozenset[str] = frozenset()
    """Types of blocks that this workspace's messages don't take: Slack brings new ones to some before others. A message
    with one is refused with `invalid_blocks`."""

    metadata_bytes_max: int = 8000
    """Slack gives no figure for message metadata; this one only keeps a bot modest."""

    wire_entries_max: int = 5000
    zone: str = "UTC"
    """The zone in which the page shows the sandbox's time."""
    guide: tuple[str, ...] = ()
    """What the page says first, a line each: where to begin."""
