"""Digests: composed once for their readers, told page by page. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.digests.composed import compose_once, composed_digest, content_of, newest_published
from bot.services.digests.digests import Digests
from bot.services.digests.forwarding import waiting_to_forward
from bot.services.digests.moves import DigestMoves
from bot.services.digests.owner_previews import (
    about_of,
    first_preview_at,
    owner_preview,
    plan_previews,
    prepare_claim,
    refresh_previews,
)
from bot.services.digests.planning import add_digest, plan_occurrence
from bot.services.digests.posts import digest_post, refresh_buttons
from bot.services.digests.readings import close_digests, latest_digest, next_digest_at
