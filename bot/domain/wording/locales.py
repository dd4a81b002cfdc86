"""Locales: which there are, and in which one figures and dates are written right now.

The locale is the coalition's. It is a context variable and no argument, since some five hundred places word a figure or
a day, and each would hand it on without deciding anything. Whoever reads a coalition's record sets it (`write_in`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import NamedTuple

from babel import Locale
from babel.core import UnknownLocaleError
from babel.localedata import locale_identifiers

USUAL_LOCALE = "en-US"
# Offered first, where nothing was typed.
_USUAL = ("en-US", "en-CA", "fr-CA", "es-US", "es-MX", "en-GB", "de-DE", "fr-FR", "es-ES", "pt-BR", "nl-NL", "it-IT")
_MOST_LETTERS = 40
_current: ContextVar[str] = ContextVar("locale", default=USUAL_LOCALE)


class LocaleName(NamedTuple):
    """A locale with its name in English."""

    id: str
    name: str


def current_locale() -> str:
    """Return the locale in which figures and dates are written in this task."""
    return _current.get()


def write_in(locale: str) -> None:
    """From here on this task, and those that it begins, write figures and dates in this locale."""
    _current.set(locale)


def locale_mark() -> tuple[str, ...]:
    """Return what tells a thing that is kept with its figures written out from the same in the usual locale: nothing
    there, so that what was kept before there were others stays known."""
    return () if current_locale() == USUAL_LOCALE else (current_locale(),)


@contextmanager
def written_in(locale: str) -> Iterator[None]:
    """Write figures and dates in this locale until the block ends."""
    token = _current.set(locale)
    try:
        yield
    finally:
        _current.reset(token)


@lru_cache(maxsize=256)
def known_locale(name: str) -> str | None:
    """Return the language tag (BCP 47) of a locale that is named so: "de-DE" for "de_de"; None for one that the Unicode
    CLDR knows nothing of."""
    if len(name) > _MOST_LETTERS or not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
        return None
    try:
        return str(Locale.parse(name.replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError, TypeError):
        return None


def find_locales(typed: str) -> tuple[LocaleName, ...]:
    """Locales in whose name or id a word begins as typed; the usual ones, first, where nothing was typed."""
    wanted = typed.casefold().replace("_", "-").strip()
    if not wanted:
        return tuple(LocaleName(one, locale_title(one)) for one in _USUAL)
    return tuple(LocaleName(one, name) for one, name in _named() if _fits(one, name, wanted))


@lru_cache(maxsize=256)
def locale_title(locale: str) -> str:
    """Return a locale's name in English: "German (Germany)"."""
    return Locale.parse(locale, sep="-").get_display_name("en") or locale


def _fits(locale: str, name: str, wanted: str) -> bool:
    words = name.casefold().replace("(", " ").replace(",", " ").split()
    texts = [locale.casefold(), *(" ".join(words[at:]) for at in range(len(words)))]
    return any(text.startswith(wanted) for text in texts)


@lru_cache(maxsize=1)
def _named() -> tuple[tuple[str, str], ...]:
    """Every locale of a country, by its name. The usual ones come first, since a list shows its first hundred."""
    found = [one.replace("_", "-") for one in locale_identifiers() if Locale.parse(one).territory]
    named = sorted(((one, locale_title(one)) for one in found), key=lambda each: each[1])
    return tuple(sorted(named, key=lambda each: each[0] not in _USUAL))
