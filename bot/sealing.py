"""Seals what must not stand readable in the database, such as workspaces' tokens, and what a browser brings back.

With `cryptography`'s Fernet (AES and an HMAC, with the time of sealing). The first key seals, each of them opens, so
that keys can be changed one after the other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import ConfigurationError

KEYS = "BACKBEAT_TOKEN_KEYS"
MEND = f"Put the key that it was sealed with behind the others in {KEYS}, or install the app there again."


def new_key() -> str:
    """A key made at random, as BACKBEAT_TOKEN_KEYS takes it."""
    return Fernet.generate_key().decode()


class Broken(ConfigurationError):
    """What was sealed can't be opened: by none of the keys, for something else, or too late."""


class Seal:
    """Seals words about something, and opens them only as words about the same thing."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises ConfigurationError where one of them is no key."""
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            why = f"{KEYS} takes keys as `backbeat keys new` makes them, the newest first, with commas in between."
            raise ConfigurationError(why) from error

    def close(self, about: str, words: str, *, at: float) -> str:
        """Seals words, at this moment in epoch seconds."""
        packed = json.dumps([about, words]).encode()
        return self._fernet.encrypt_at_time(packed, int(at)).decode()

    def open(self, about: str, sealed: str, *, at: float | None = None, within: int | None = None) -> str:
        """The words again. `within`: no later than so many seconds after they were sealed, asked at `at`.

        Raises Broken.
        """
        try:
            if at is not None and within is not None:
                packed = self._fernet.decrypt_at_time(sealed, within, int(at))
            else:
                packed = self._fernet.decrypt(sealed)
        except (InvalidToken, ValueError) as error:
            raise Broken(f"A token can't be read with {KEYS}. {MEND}") from error
        found_about, words = json.loads(packed)
        if found_about != about:
            raise Broken(f"A token of another workspace stands where this one's should. {MEND}")
        return str(words)

    def renew(self, sealed: str) -> str:
        """The same, sealed with the first key; the time of sealing stays. Raises Broken."""
        try:
            return self._fernet.rotate(sealed).decode()
        except (InvalidToken, ValueError) as error:
            raise Broken(f"A token can't be read with {KEYS}. {MEND}") from error
