"""Health, readiness and numbers of the running bot, at an address of their own; and what anybody may ask beside
Slack's requests."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.connection.traffic import Traffic
from bot.domain.record import Record
from bot.errors import Unavailable
from bot.monitoring.checks import checks_of
from bot.monitoring.health import Check, Health
from bot.monitoring.meters import Meters
from bot.monitoring.monitor import Monitor
from bot.services.access import operator
from bot.services.sending import Queue
from bot.store.database import Database
from schedules.watchdog import Watchdog
from tests.connection.stage import ANYWHERE, Connected, Way, connected
from tests.processes import ROOT
from tests.services.stage import Stage


async def ask(slack: Connected, path: str, method: str = "GET") -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{slack.bot.watched_at}{path}") as reply,
    ):
        return reply.status, await reply.text()


async def numbers(slack: Connected) -> dict[str, float]:
    status, text = await ask(slack, "/metrics")
    assert status == 200
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
async def slack(sqlite_sample_url: str, sample: Record, calendar: FixedCalendar) -> AsyncIterator[Connected]:
    async with connected("http", sqlite_sample_url, sample, calendar, metrics_address=ANYWHERE) as opened:
        yield opened


@pytest.fixture(params=["socket", "http"])
async def either_way(
    request: pytest.FixtureRequest, any_sample_url: str, sample: Record, calendar: FixedCalendar
) -> AsyncIterator[Connected]:
    way: Way = request.param
    async with connected(way, any_sample_url, sample, calendar, metrics_address=ANYWHERE) as opened:
        yield opened


async def test_it_lives_is_ready_and_counts(either_way: Connected) -> None:
    slack = either_way
    assert await ask(slack, "/healthz") == (200, "ok")
    status, said = await ask(slack, "/readyz")
    assert (status, json.loads(said)) == (200, {"program": "ok", "database": "ok", "schema": "ok", "token": "ok"})
    assert (await ask(slack, "/nothing"))[0] == 404
    assert (await ask(slack, "/metrics", "POST"))[0] == 405
    marcus = slack.person("marcus")
    for _ in range(2):
        assert (await marcus.command("/action", "A-101")).ok
    await marcus.says("hello")
    await marcus.hears()
    found = await numbers(slack)
    assert found["backbeat_ack_seconds_count[command]"] == 2
    assert found["backbeat_ack_seconds_count[event]"] >= 1
    assert found["backbeat_requests_refused_total[path]"] == 1
    assert found["backbeat_requests_refused_total[method]"] == 1
    assert found["backbeat_requests_throttled_total"] == 0
    assert found["backbeat_record_reads_total[hit]"] > 0
    assert found["backbeat_record_reads_total[miss]"] > 0
    assert found["backbeat_deliveries_due"] == found["backbeat_deliveries_late"] == 0
    assert found["backbeat_deliveries[held]"] == 0
    assert {"plan", "dispatch", "reconcile"} <= {
        name.removeprefix("backbeat_beat_age_seconds[").rstrip("]") for name in found if "beat_age" in name
    }
    assert found["process_resident_memory_bytes"] > 0


async def test_beside_slacks_requests_anybody_may_ask_whether_it_works_and_nothing_else(
    sqlite_sample_url: str, sample: Record, calendar: FixedCalendar
) -> None:
    async with connected("http", sqlite_sample_url, sample, calendar) as slack:
        assert slack.bot.watched_at is not None
        assert slack.bot.requests_at == f"{slack.bot.watched_at}/slack/events"
        assert await ask(slack, "/healthz") == await ask(slack, "/readyz") == (200, "ok")
        assert (await ask(slack, "/metrics"))[0] == 404
        assert (await ask(slack, "/readyz", "POST"))[0] == 405


async def test_nobody_there_hears_what_is_wrong() -> None:
    monitor = Monitor(Traffic(), SystemElapsedTime())

    async def broken() -> str | None:
        return "away"

    monitor.health.watch({"database": Check(broken, "away", 0)}, lambda: "dispatch")
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    for path, words in (("/healthz", b"silent"), ("/readyz", b"not ready")):
        said.clear()
        await monitor.routes_for_anybody[path]({"method": "GET"}, receive, send)
        assert (said[0]["status"], said[1]["body"]) == (503, words)


async def test_what_the_readme_names_is_there(slack: Connected) -> None:
    _, text = await ask(slack, "/metrics")
    named = set(re.findall(r"backbeat_\w+", (ROOT / "README.md").read_text(encoding="utf-8")))
    told = set(re.findall(r"# HELP (backbeat_\w+)", text))
    assert told == named


async def test_names_follow_conventions_and_nobody_is_named(slack: Connected) -> None:
    for member in ("marcus", "omar"):
        assert (await slack.person(member).command("/action", "list")).ok
    _, text = await ask(slack, "/metrics")
    for family in text_string_to_metric_families(text):
        assert re.fullmatch(r"(backbeat|process)_[a-z_]+", family.name)
        assert family.documentation
        if family.name.startswith("backbeat"):
            assert not re.search(r"ms$|minutes|millis", family.name), "seconds"
            labels = {value for sample in family.samples for value in sample.labels.values()}
            assert all(re.fullmatch(r"[a-z_]+|[0-9.]+|\+Inf", value) for value in labels), labels
    for name in ("Marcus", "Teal", "U0MARCUS", "T0DEMO", slack.sandbox.bot_token):
        assert name not in text


async def test_a_token_that_slack_refuses_is_not_ready(slack: Connected) -> None:
    checks = checks_of(slack.bot.services, slack.bot.client)
    slack.sandbox.faults.add("auth.test", "error_500", times=1)
    assert await checks["token"].said(SystemElapsedTime()) is None, "Slack is away, which says nothing of a token"
    slack.bot.client.token = "xoxb-another"
    assert await checks_of(slack.bot.services, slack.bot.client)["token"].said(SystemElapsedTime()) == "refused"


async def test_what_is_due_and_late_is_counted(any_sample: Stage, calendar: FixedCalendar) -> None:
    services = any_sample.services
    queue = Queue(services.database, calendar)
    await services.coalitions.go_live(operator(any_sample.coalition_id))
    await services.rhythm.plan()
    before = await queue.numbers()
    assert (before.due, before.late, before.oldest_due) == (0, 0, 0.0)
    waiting = sum(before.by_state.values())
    moment = await services.rhythm.next_due(calendar.now(), calendar.now().replace(year=2027))
    assert moment is not None
    calendar.set(moment)
    await services.rhythm.plan()
    at_once = await queue.numbers()
    assert at_once.due > 0
    assert at_once.late == 0
    calendar.set(moment.replace(minute=moment.minute + 2))
    late = await queue.numbers()
    assert late.late == at_once.due
    assert late.oldest_due == 120.0
    assert sum(late.by_state.values()) >= waiting


async def test_several_who_ask_cost_the_database_one_query(slack: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    before = Database.ask

    async def noted(self: Database, query: object, about: object) -> object:
        # A tick asks too.
        asked.extend([query] if "late" in about else [])  # type: ignore[operator]
        return await before(self, query, about)  # type: ignore[arg-type]

    await asyncio.sleep(0)
    monkeypatch.setattr(Database, "ask", noted)
    await asyncio.gather(*(ask(slack, "/metrics") for _ in range(20)))
    assert len(asked) == 1


async def test_without_the_database_the_rest_is_still_told(slack: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(self: Queue) -> object:
        raise Unavailable("The database is away.")

    monkeypatch.setattr(Queue, "numbers", away)
    status, said = await ask(slack, "/readyz")
    assert (status, json.loads(said)["database"]) == (503, "away")
    found = await numbers(slack)
    assert "backbeat_deliveries_due" not in found
    assert "backbeat_record_reads_total[hit]" in found
    assert (await ask(slack, "/healthz"))[0] == 200, "a restart would mend nothing"


class Passing(SystemElapsedTime):
    now = 0.0

    def monotonic(self) -> float:
        return self.now


async def test_a_part_that_is_silent_is_named() -> None:
    elapsed = Passing()
    health, watchdog = Health(elapsed), Watchdog(elapsed, limit=30.0)
    health.watch({}, watchdog.silent)
    watchdog.beat("plan")
    assert health.alive() == (True, "ok")
    elapsed.now = 31.0
    assert health.alive() == (False, "silent: plan")
    assert watchdog.ages() == {"plan": 31.0}


async def test_it_is_not_ready_before_it_has_started_nor_while_it_ends() -> None:
    health = Health(Passing())
    assert await health.ready() == {"program": "starting"}
    health.is_up()
    assert await health.ready() == {"program": "ok"}
    health.drain()
    assert await health.ready() == {"program": "draining"}


async def test_a_check_is_asked_for_once_in_its_time_and_does_not_hang() -> None:
    elapsed, asked = Passing(), []

    async def ask_once() -> str | None:
        asked.append(elapsed.now)
        if len(asked) == 2:
            raise Unavailable("away")
        return None

    check = Check(ask_once, "away", every=5.0)
    assert [await check.said(elapsed) for _ in range(3)] == [None] * 3
    elapsed.now = 5.0
    assert [await check.said(elapsed) for _ in range(3)] == ["away"] * 3
    elapsed.now = 10.0
    assert await check.said(elapsed) is None
    assert asked == [0.0, 5.0, 10.0]


async def test_before_anything_is_watched_the_traffic_is_told() -> None:
    page = await Meters(Traffic(throttled=3), SystemElapsedTime()).page()
    assert "backbeat_requests_throttled_total 3.0" in page
