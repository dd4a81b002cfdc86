"""What the runs share in which the bot is killed again and again: when they begin, how they tell that all has come to
its end, and what they count by delivery key."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from bot.domain.outbox import State
from bot.sandbox import Sandbox
from bot.services import Services
from bot.store.outbox import DeliveryRow
from bot.store.rhythm import ScheduleRow

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00-06:00")


@dataclass
class Outcome:
    """What a run came to. `kills` counts by where the bot was; `arrived` counts accepted posts by delivery key;
    `states` and `reasons` are by key too."""

    kills: Counter[str] = field(default_factory=Counter)
    arrived: Counter[str] = field(default_factory=Counter)
    states: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def doubled(self) -> list[str]:
        return [key for key, count in self.arrived.items() if count > 1]

    def killed(self) -> str:
        """How often it died and where, for a person to read."""
        windows = ", ".join(f"{count} {window}" for window, count in self.kills.most_common())
        return f"{self.kills.total()} kills in {self.seconds:.0f} s: {windows}"

    def arrive(self, sandbox: Sandbox) -> None:
        """Counts what Slack has taken."""
        self.arrived = Counter(sandbox.record.by_key("key"))


async def is_planned(services: Services) -> bool:
    """Whether the bot has worked out when anything is due at all."""
    async with services.database.read() as session:
        return await session.scalar(select(ScheduleRow.id).limit(1)) is not None


async def is_settled(services: Services) -> bool:
    """Whether everything that is due has come to its end."""
    return await services.rhythm.is_settled() and await services.deliveries.is_settled()


async def unsettled(services: Services) -> list[tuple[str, str, str | None]]:
    """The kind, state and reason of all that is not sent."""
    async with services.database.read() as session:
        rows = await session.scalars(select(DeliveryRow).where(DeliveryRow.state != State.SENT))
        return [(row.kind, row.state, row.reason) for row in rows]


async def posts_due(services: Services, until: datetime) -> list[DeliveryRow]:
    """Every message that was to go out until then."""
    async with services.database.read() as session:
        due = select(DeliveryRow).where(DeliveryRow.operation == "post", DeliveryRow.due_at <= until)
        return list(await session.scalars(due))
