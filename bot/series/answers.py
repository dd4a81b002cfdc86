"""What FRED, BLS and Census have in common: JSON that may be anything, and values that are written as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.domain.series import NO_VALUES, SeriesTrouble
from bot.domain.typed import read_value
from bot.domain.wording import USUAL_LOCALE, written_in
from bot.errors import UserError
from bot.series.fetching import AGAIN, Fetched

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 529})


def require_answer(fetched: Fetched, whom: str) -> None:
    """Raises SeriesTrouble for a status that is no answer."""
    if fetched.status in _BUSY:
        raise SeriesTrouble(f"{whom} is busy or out of order (HTTP {fetched.status}). {AGAIN}", passes=True)
    if fetched.status in {401, 403}:
        raise SeriesTrouble(f"{whom} doesn't let me read this (HTTP {fetched.status}).")
    if fetched.status in {404, 410}:
        raise SeriesTrouble(f"{whom} has nothing at this address (HTTP {fetched.status}). Check the address.")
    if fetched.status != 200:
        raise SeriesTrouble(f"{whom} answered with HTTP {fetched.status}, which is no file. {AGAIN}", passes=True)


def json_of(fetched: Fetched, whom: str) -> Any:
    """What the answer holds. Raises SeriesTrouble where it is no JSON."""
    try:
        return json.loads(fetched.content, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise SeriesTrouble(f"{whom} answered with something else than data. {AGAIN}", passes=True) from None


def strange(whom: str) -> SeriesTrouble:
    """An answer that isn't formed as documented."""
    return SeriesTrouble(f"{whom} answered in a form that I don't know. {AGAIN}", passes=True)


def mapping(found: Any, whom: str) -> Mapping[str, Any]:
    """Raises SeriesTrouble for anything else."""
    if not isinstance(found, Mapping):
        raise strange(whom)
    return found


def entries(found: Any, whom: str) -> list[Any]:
    """Raises SeriesTrouble for anything else than a list."""
    if not isinstance(found, list):
        raise strange(whom)
    return found


def value_in(written: object, unit: str, whom: str) -> Decimal | None:
    """An exact value; None for one that is missing. Raises SeriesTrouble for what can't be read."""
    if written is None:
        return None
    if isinstance(written, bool) or not isinstance(written, str | int | Decimal):
        raise strange(whom)
    text = str(written).strip()
    if text.casefold() in NO_VALUES:
        return None
    try:
        # They write numbers as in the United States, wherever it is that they are read.
        with written_in(USUAL_LOCALE):
            return read_value(text, unit)
    except UserError as error:
        raise SeriesTrouble(f"{whom}: {error.message}") from None
