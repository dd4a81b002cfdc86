"""Which entries of slack-limits.yaml are tested in test_limits_in_time, and which are no concern of a sandbox."""

from __future__ import annotations

IN_TIME = frozenset(
    {
        "ack.deadline",
        "trigger_id.ttl",
        "trigger_id.uses",
        "response_url.ttl",
        "response_url.uses",
        "view_submission.response_deadline",
        "modal.view_stack.max",
        "slash_command.in_thread",
        "request_signature.max_age",
        "events.retry.max",
        "events.retry.schedule",
        "events.delayed_events.extra",
        "events.rate.per_workspace_app",
        "events.min_success_rate",
        "events.redirects.max",
        "socket_mode.connections.max",
        "socket_mode.disconnect_warning",
        "rate.tier1",
        "rate.tier2",
        "rate.tier3",
        "rate.tier4",
        "rate.chat.postMessage.per_channel",
        "rate.chat.postMessage.per_workspace",
        "rate.incoming_webhook",
        "rate.retry_after.unit",
        "rate.conversations.history.nonmarketplace_distributed",
        "rate.conversations.history.internal_or_marketplace",
        "rate.conversations.replies.nonmarketplace_distributed",
        "conversations.history.limit.nonmarketplace_distributed",
        "conversations.history.limit.max",
    }
)
"""Entries about time, rates and counts of exchanges."""

SCHEDULED = "chat.scheduleMessage is not offered here: a scheduled message with metadata is never posted."
LIBRARY = "A default of a library inside the bot; nothing that Slack does."
PROFILE = "users.profile.set is not offered here; the bot changes nobody's profile."
ROTATION = "Token rotation is not imitated; tokens live as long as the sandbox."

NOT_OURS: dict[str, str] = {
    "events.dedupe_ttl.recommended_min": "How long the bot remembers an event_id is the bot's affair.",
    "socket_mode.sdk.ping_interval": LIBRARY,
    "rate.design_target": "Advice for the design of an app, not something that Slack enforces.",
    "rate.users.profile.set.per_token": PROFILE,
    "rate.users.profile.set.per_user": PROFILE,
    "chat.scheduleMessage.horizon": SCHEDULED,
    "chat.scheduleMessage.per_channel_window": SCHEDULED,
    "chat.scheduleMessage.metadata_supported": SCHEDULED,
    "token_rotation.access_token_ttl": ROTATION,
    "token_rotation.sdk_refresh_before_expiry": ROTATION,
    "slack_connect.orgs_per_channel.max": "A workspace here has one connected team at most; nobody can add 250.",
    "bolt.sync.listener_threads": LIBRARY,
    "bolt.ack_timeout": LIBRARY,
    "slack_sdk.default_retry_on_connection_error": LIBRARY,
    "slack_sdk.web_client.timeout": LIBRARY,
    "apscheduler.misfire_grace_time.default": LIBRARY,
    "apscheduler.coalesce.default": LIBRARY,
    "apscheduler.max_instances.default": LIBRARY,
}
