"""Column types, naming, mixins, references and file ids that every table shares. For all tables; no noun is here."""

from __future__ import annotations

from bot.store.base.base import (
    HAS_MAIL,
    SOMETHING_TO_SEND,
    Audited,
    Base,
    InCoalition,
    Json,
    LocalDateTime,
    OfCoalition,
    from_json,
    to_json,
)
from bot.store.base.kept import is_prepared, parameter, prepared
from bot.store.base.keys import id_of, ids_of, keys_of
from bot.store.base.references import keyed, refers, target
