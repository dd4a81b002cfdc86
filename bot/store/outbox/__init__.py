"""The outbox: what a change has to tell people, stored in the change's own transaction and sent later. Tables, rows,
and queries for them."""

from __future__ import annotations

from bot.store.outbox.deliveries import DeliveryItemRow, DeliveryRow
from bot.store.outbox.pictures import PictureRow
from bot.store.outbox.queries import (
    A_DAY,
    bundles_to,
    is_planned_bundle,
    planned_between,
    planned_to,
    posts_of,
    select_items,
)
from bot.store.outbox.recoveries import RecoveryRow, in_doubt
