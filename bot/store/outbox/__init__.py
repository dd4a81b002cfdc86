"""What a change says to people: written with it, on its way afterwards. Tables, rows, and which of them are meant."""

from __future__ import annotations

from bot.store.outbox.deliveries import DeliveryItemRow, DeliveryRow
from bot.store.outbox.pictures import PictureRow
from bot.store.outbox.queries import A_DAY, bundles_to, planned_to, planned_within_a_day, posts_of, select_items
