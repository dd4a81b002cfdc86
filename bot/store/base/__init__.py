"""Column types, naming, mixins and references that every table shares. Tables and rows."""

from __future__ import annotations

from bot.store.base.base import SOMETHING_TO_SEND, Audited, Base, InCoalition, Json, LocalDateTime
from bot.store.base.references import keyed, refers, target
