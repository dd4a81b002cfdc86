"""Digests: composed once for their readers, told page by page. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.digests.digests import (
    channel_post,
    chart_of_copy,
    chart_of_post,
    chart_of_roll_up,
    copy_post,
    edition_messages,
    marked_up,
    page_message,
    page_messages,
    reply_post,
    roll_up_post,
)
from bot.slack.blocks.digests.forwarding import FORWARD_TITLE, TEXT_TITLE, forward_view, text_view
from bot.slack.blocks.digests.moves import (
    MOVE_DIGEST_FORM,
    close_digests_block,
    left_out_message,
    move_digest_view,
    moved_view,
)
from bot.slack.blocks.digests.owner_previews import CONTEXT_FORM, context_saved_view, owner_preview_message
from bot.slack.blocks.digests.reading import (
    PAST_TITLE,
    TITLE,
    copies_message,
    edition_name,
    outcome_message,
    overview_message,
    past_message,
    question_message,
    reading_message,
    reading_view,
)
