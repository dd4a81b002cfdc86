"""The outbox: what a change has to tell people, stored in the change's own transaction and sent later. Use cases, and
steps for other services."""

from __future__ import annotations

from bot.services.outbox.brief_rows import fed_digest_at, plan_briefs, refresh_briefs
from bot.services.outbox.bundles import in_round, offer, offer_all
from bot.services.outbox.elsewhere import WORKSPACE, forget_elsewhere
from bot.services.outbox.pictures import Pictures
from bot.services.outbox.placing import NO_HOUR_LEFT, NO_OPEN_HOUR, NO_OPEN_HOUR_IN_ROUND, Offer, later
from bot.services.outbox.posts import post
from bot.services.outbox.receivers import (
    comes_back,
    held_of,
    path_of,
    receivers_in,
    receivers_of,
    sends_mail,
    trouble_of,
    troubles_of,
    with_hours,
)
from bot.services.outbox.sendings import where_digest_is, where_is, where_items_are, where_newest_are, where_posts_are
from bot.services.outbox.updates import (
    SHOWN,
    messages_where,
    queue_updates,
    queue_updates_found,
    queue_updates_of,
    queue_updates_where,
    refresh_items,
    refresh_posts,
    spoken_of,
)
