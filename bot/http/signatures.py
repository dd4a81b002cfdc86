"""Whether a request is Slack's: its signature over the bytes that came, its age, and whether it came before."""

from __future__ import annotations

import re
from collections import OrderedDict

from slack_sdk.signature import Clock, SignatureVerifier

from bot.clock import ElapsedTime
from bot.connection.traffic import Refusal

# Seconds that a signature may be old, by Slack's rule; a clock that is behind sees it as far ahead.
OLDEST = 300
# Signatures remembered at most. Only Slack makes them, some thousands in five minutes at the very most.
MOST = 100_000

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class _Now(Clock):
    def __init__(self, elapsed: ElapsedTime) -> None:
        self._elapsed = elapsed

    def now(self) -> float:
        return self._elapsed.epoch()


class Signatures:
    """Tells Slack's requests from others by the signing secret."""

    def __init__(self, secret: str, elapsed: ElapsedTime) -> None:
        self._verifier = SignatureVerifier(secret, _Now(elapsed))
        self._elapsed = elapsed
        self._seen: OrderedDict[str, float] = OrderedDict()  # until when each of them is not too old anyway

    def doubt(self, timestamp: str | None, signature: str | None) -> Refusal | None:
        """What is wrong with the headers alone, before a body is read."""
        if timestamp is None or signature is None:
            return Refusal.UNSIGNED
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return Refusal.SIGNATURE
        return Refusal.STALE if abs(self._elapsed.epoch() - int(timestamp)) > OLDEST else None

    def fits(self, body: bytes, timestamp: str, signature: str) -> bool:
        """Whether the signature is that of these bytes. Raises UnicodeDecodeError where they are no text."""
        return self._verifier.is_valid(body, timestamp, signature)

    def take(self, timestamp: str, signature: str) -> bool:
        """Takes a signature that fits; False where it was taken before."""
        now = self._elapsed.epoch()
        while self._seen and (next(iter(self._seen.values())) < now or len(self._seen) >= MOST):
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        self._seen[signature] = int(timestamp) + OLDEST
        return True

    def give_back(self, signature: str) -> None:
        """Forgets one whose request came to nothing, which Slack may send again within the same second."""
        self._seen.pop(signature, None)
