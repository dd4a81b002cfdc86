"""Numbers in Prometheus' format, in a registry of their own. Names and fixed words only: nobody's name, id or text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import structlog
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.clock import ElapsedTime
from bot.connection.traffic import Refusal, Traffic
from bot.monitoring.health import PATIENCE
from bot.services import Services
from bot.services.sending import QueueNumbers
from schedules.watchdog import Watchdog

log = structlog.get_logger(__name__)

# Elapsed seconds for which the database's numbers are good: several may ask, and none of them costs it more than one.
FRESH = 5.0
# Slack waits for three seconds.
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)


class Meters(Collector):
    """What `/metrics` says."""

    def __init__(self, traffic: Traffic, elapsed: ElapsedTime) -> None:
        self._traffic = traffic
        self._elapsed = elapsed
        self._services: Services | None = None
        self._watchdog: Watchdog | None = None
        self._queue: QueueNumbers | None = None
        self._asked_at: float | None = None
        self._asking = asyncio.Lock()
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._acks = Histogram(
            "backbeat_ack_seconds",
            "How long Slack waited for an acknowledgement, by what it sent.",
            ["kind"],
            registry=self._registry,
            buckets=SECONDS,
        )
        traffic.on_ack = self._note_ack
        self._registry.register(self)

    def watch(self, services: Services, watchdog: Watchdog) -> None:
        """From now on their numbers are shown too."""
        self._services = services
        self._watchdog = watchdog

    async def page(self) -> str:
        """Everything, as Prometheus reads it. Where the database can't be asked, its numbers are left out."""
        async with self._asking:
            if self._asked_at is None or self._elapsed.monotonic() - self._asked_at >= FRESH:
                self._queue = await self._ask()
                self._asked_at = self._elapsed.monotonic()
        return generate_latest(self._registry).decode()

    def describe(self) -> Iterator[Metric]:
        """Nothing: what there is depends on what is watched."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """What the registry asks for at each page."""
        refused = CounterMetricFamily(
            "backbeat_requests_refused_total", "Requests and payloads that were turned away, by why.", labels=["reason"]
        )
        for why in Refusal:
            refused.add_metric([str(why)], self._traffic.refused[why])
        yield refused
        yield CounterMetricFamily(
            "backbeat_requests_throttled_total",
            "Presses and commands of somebody who sent too many.",
            value=self._traffic.throttled,
        )
        if self._services is not None:
            yield from _of_services(self._services)
        if self._watchdog is not None:
            ages = GaugeMetricFamily(
                "backbeat_beat_age_seconds",
                "How long ago each part of the program gave a sign of life.",
                labels=["part"],
            )
            for part, age in self._watchdog.ages().items():
                ages.add_metric([part], age)
            yield ages
        if self._queue is not None:
            yield from _of_queue(self._queue)

    def _note_ack(self, kind: str, seconds: float) -> None:
        self._acks.labels(kind).observe(seconds)

    async def _ask(self) -> QueueNumbers | None:
        if self._services is None:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._services.queue.numbers()
        except Exception as error:
            log.warning("numbers_not_there", error=type(error).__name__)
            return None


def _of_services(services: Services) -> Iterator[Metric]:
    yield CounterMetricFamily(
        "backbeat_messages_sent_total",
        "Messages and changes of messages that Slack took.",
        value=services.deliveries.arrived,
    )
    reads = CounterMetricFamily(
        "backbeat_record_reads_total",
        "Readings of the record: from memory (hit), or all of it (miss).",
        labels=["result"],
    )
    reads.add_metric(["hit"], services.database.snapshots.hits)
    reads.add_metric(["miss"], services.database.snapshots.misses)
    yield reads


def _of_queue(queue: QueueNumbers) -> Iterator[Metric]:
    states = GaugeMetricFamily(
        "backbeat_deliveries", "Deliveries that have not come to their end, by state.", labels=["state"]
    )
    for state, count in queue.by_state.items():
        states.add_metric([str(state)], count)
    yield states
    single: tuple[tuple[str, str, Callable[[QueueNumbers], float]], ...] = (
        ("backbeat_deliveries_due", "Deliveries that are due and may go.", lambda of: of.due),
        ("backbeat_deliveries_late", "Those of them that were due more than a minute ago.", lambda of: of.late),
        ("backbeat_deliveries_oldest_due_seconds", "For how long the oldest has been due.", lambda of: of.oldest_due),
    )
    for name, what, read in single:
        yield GaugeMetricFamily(name, what, value=read(queue))
