"""What a change says to people: written with it, on its way afterwards. Tables and rows."""

from __future__ import annotations

from bot.store.outbox.deliveries import DeliveryItemRow, DeliveryRow
from bot.store.outbox.pictures import PictureRow
