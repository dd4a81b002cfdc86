"""What a seed decides: each thing from a stream of its own, so that one more question here changes nothing there."""

from __future__ import annotations

import random


class Chances:
    """The seeded decisions of one universe."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def about(self, what: str) -> random.Random:
        """The decisions about one thing. A text as a seed gives the same everywhere, whatever Python hashes by."""
        return random.Random(f"{self.seed} {what}")
