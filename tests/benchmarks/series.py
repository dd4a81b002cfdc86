"""Latencies of one kind of request, and how one kind stands to another. Nothing is measured here."""

from __future__ import annotations

from dataclasses import dataclass, field

HEADING = f"{'':<60} {'p50':>8} {'p99':>8} {'cpu each':>9} {'a second':>9}"


@dataclass
class Series:
    """Latencies in seconds, the processor's time they took, and how long the whole took where several ran at once."""

    name: str
    values: list[float] = field(default_factory=list)
    cpu: float = 0.0
    took: float = 0.0

    def at(self, share: float) -> float:
        """The latency that this share of the requests kept to, in milliseconds."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.values) / self.took if self.took else 0.0

    @property
    def cpu_each(self) -> float:
        """The processor's time of a request in milliseconds: what a busy machine changes least."""
        return self.cpu * 1000 / max(1, len(self.values))

    def line(self) -> str:
        rate = f"{self.rate:9.0f}" if self.took else ""
        cpu = f"{self.cpu_each:9.1f}" if self.cpu else ""
        return f"  {self.name:<58} {self.at(0.5):8.1f} {self.at(0.99):8.1f} {cpu:>9} {rate}".rstrip()


@dataclass(frozen=True)
class Ratio:
    """One figure beside another, and what it is to be, where it is to be something."""

    name: str
    value: float
    goal: float | None = None
    at_least: bool = False

    def line(self) -> str:
        said = ""
        if self.goal is not None:
            is_met = self.value >= self.goal if self.at_least else self.value <= self.goal
            said = f"   {'at least' if self.at_least else 'at most'} {self.goal}: {'yes' if is_met else 'no'}"
        return f"  {self.name:<68} {self.value:8.2f}{said}"
