"""An attack on `backbeat run --http`, a process of its own on this machine: requests that Slack never sends, by the
thousand, among those that it does send.

    python -m tests.attacks --requests 100000

Nothing may come of it: no answer of 500 or above, no change in the database, no growth of memory; and Slack's own
requests are answered meanwhile. How long those take is printed beside how long they take without.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import signal
import socket
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import psutil

from bot.addresses import LOOPBACK
from bot.clock import FixedCalendar, SystemElapsedTime
from bot.demo import user_id_of, workspace_of
from bot.domain.record import Record
from bot.files import load_coalition_file, sample_text
from bot.sandbox import Sandbox, SandboxClock
from bot.services import Services
from bot.slack.manifest import EVENTS_PATH, manifest
from bot.store import schema
from bot.store.database import Database, database_url
from tests.http.slack import COMMAND, EVENT, FORM, FORM_TYPE, JSON_TYPE, PRESS, Request, signed
from tests.live_sample import unset
from tests.processes import Child, Nursery

# Elapsed seconds that the attacked program waits for a request.
PATIENCE: Final = 1.0
AT_ONCE: Final = 16
SLOW_AT_ONCE: Final = 40
# Slack's own requests, a second.
GOOD_RATE: Final = 20.0


@dataclass
class Outcome:
    """What came of an attack. Latencies are elapsed seconds of Slack's own requests."""

    sent: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)  # by status; 0: cut off without one
    failures: list[str] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    among: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    is_unchanged: bool = False
    memory: tuple[int, int] = (0, 0)  # bytes, before and after
    seconds: float = 0.0  # of the attack itself
    ended: int | None = None
    said: str = ""

    @property
    def grown(self) -> float:
        """Megabytes."""
        return (self.memory[1] - self.memory[0]) / 2**20

    def lines(self) -> list[str]:
        """The figures, for a person to read."""
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in self.sent.most_common())
        statuses = ", ".join(f"{count:,} × {status or 'cut off'}" for status, count in sorted(self.answers.items()))
        reasons = ", ".join(f"{count:,} {why}" for why, count in sorted(self.refused.items()) if count)
        return [
            f"{sum(self.sent.values()):,} requests in {self.seconds:.0f} s: {kinds}",
            f"answers: {statuses}; 500 and above: {len(self.failures)}",
            f"turned away, by the program's own count: {reasons}",
            f"database: {'unchanged' if self.is_unchanged else 'CHANGED'}; "
            f"memory: {self.memory[0] / 2**20:.1f} → {self.memory[1] / 2**20:.1f} MB ({self.grown:+.1f})",
            f"Slack's own requests alone:      {_latencies(self.alone)}",
            f"Slack's own requests among them: {_latencies(self.among)}",
        ]


def percentile(times: list[float], share: float) -> float:
    """The time that this share of them does not exceed; 0.0 of none."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] if times else 0.0


def _latencies(times: list[float]) -> str:
    return (
        f"{len(times)} answered, p50 {percentile(times, 0.5) * 1000:.0f} ms, "
        f"p99 {percentile(times, 0.99) * 1000:.0f} ms, longest {max(times, default=0.0) * 1000:.0f} ms"
    )


def _now() -> float:
    return SystemElapsedTime().epoch()


class Weapons:
    """Requests that Slack never sends, as the bytes that go over the wire; `secret` is the right one."""

    def __init__(self, secret: str, seed: int) -> None:
        self._secret = secret
        self._random = random.Random(seed)
        self._captured: bytes | None = None

    def good(self, number: int) -> bytes:
        """A request as Slack sends it: a command."""
        said = {"user_id": user_id_of("marcus"), "text": "A-101", "trigger_id": f"1.{number}"}
        body = urlencode({**COMMAND, **said})
        return self._http(self._signed(body, FORM_TYPE))

    def capture(self, request: bytes) -> None:
        """From now on replays send this again."""
        self._captured = request

    def whole(self) -> tuple[str, bytes]:
        """A kind, and a request that is all there."""
        kinds: list[tuple[str, int, Callable[[], bytes]]] = [
            ("malformed", 30, self._malformed),
            ("of a wrong shape", 20, self._misshapen),
            ("wrongly signed", 15, self._wrongly_signed),
            ("replayed", 10, self._replayed),
            ("deep", 8, self._deep),
            ("elsewhere", 5, self._elsewhere),
            ("no HTTP", 5, self._no_http),
            ("old", 4, self._old),
            ("oversized", 1, self._oversized),
        ]
        [(kind, _, make)] = self._random.choices(kinds, [weight for _, weight, _ in kinds])
        return kind, make()

    def broken_off(self) -> bytes:
        """The beginning of a request."""
        _, request = self.whole()
        return request[: self._random.randrange(1, max(2, min(len(request), 4000)))]

    def _signed(self, body: str | bytes, kind: str) -> Request:
        return signed(body, kind, secret=self._secret, at=_now())

    def _http(self, request: Request, *, method: str = "POST", path: str = EVENTS_PATH) -> bytes:
        head = [f"{method} {path} HTTP/1.1", "host: bot", "connection: close", f"content-length: {len(request.body)}"]
        head += [f"{name}: {value}" for name, value in request.all_headers.items() if value]
        return "\r\n".join([*head, "", ""]).encode("utf-8", "surrogateescape") + request.body

    def _body(self) -> tuple[str, str]:
        """A body of Slack's, with its type."""
        payload = self._random.choice([EVENT, PRESS, FORM])
        if payload is EVENT:
            return json.dumps(payload), JSON_TYPE
        if self._random.random() < 0.3:
            return urlencode(COMMAND), FORM_TYPE
        return urlencode({"payload": json.dumps(payload)}), FORM_TYPE

    def _malformed(self) -> bytes:
        """Rightly signed, and not to be read, or with a head that is wrong."""
        body, kind = self._body()
        cut = self._random.randrange(len(body))
        match self._random.randrange(8):
            case 0:
                return self._http(self._signed('{"type": ' + body[:cut], JSON_TYPE))
            case 1:
                return self._http(self._signed(self._random.randbytes(cut + 1), kind))
            case 2:
                return self._http(self._signed(f"payload={body[:cut]}", FORM_TYPE))
            case 3:
                return self._http(self._signed('{"type": NaN, "a": ' + "9" * 5000 + "}", JSON_TYPE))
            case 4:
                return self._http(Request(body.encode(), "text/plain", self._signed(body, kind).headers))
            case 5:
                return self._http(self._signed(body, kind), method=self._random.choice(["PUT", "DELETE", "PATCH"]))
            case 6:
                request = self._signed(body, kind)
                stamp = self._random.choice(["now", "-1", "1e9", "9" * 400, "0x10", "1.5", "²"])
                return self._http(Request(request.body, kind, {**request.headers, "x-slack-request-timestamp": stamp}))
            case _:
                request = self._signed(body, kind)
                return self._http(request).replace(b"\r\nhost: bot", b"\r\nhost: bot\r\ncontent-encoding: gzip")

    def _misshapen(self) -> bytes:
        """Rightly signed, and readable; something in it is of another kind, or isn't there."""
        payload: Any = json.loads(json.dumps(self._random.choice([EVENT, PRESS, FORM])))
        junk: list[Any] = [None, 5, [], {}, [[]], "", "\0", "\ud800", {"id": 7}, [None]]
        for key in {"event_callback": ["event", "event_id"], "block_actions": ["actions", "user"]}.get(
            payload["type"], ["view", "user"]
        ):
            payload[key] = self._random.choice([one for one in junk if one != "" and not isinstance(one, str)])
        if self._random.random() < 0.3:
            payload = self._random.choice([junk, "words", 5, {"type": "other"}, {"command": 5}, {}])
        if isinstance(payload, dict) and payload.get("type") == "event_callback":
            return self._http(self._signed(json.dumps(payload), JSON_TYPE))
        return self._http(self._signed(urlencode({"payload": json.dumps(payload)}), FORM_TYPE))

    def _wrongly_signed(self) -> bytes:
        body, kind = self._body()
        request = self._signed(body, kind)
        wrong = [
            {},
            {**request.headers, "x-slack-signature": "v0=" + f"{self._random.getrandbits(256):064x}"},
            {**request.headers, "x-slack-signature": "v1=" + "é" * 10},
            {**request.headers, "x-slack-signature": ""},
            signed(body, kind, secret="another", at=_now()).headers,
            self._signed(body + " ", kind).headers,
        ]
        return self._http(Request(request.body, kind, self._random.choice(wrong)))

    def _replayed(self) -> bytes:
        return self._captured or self._wrongly_signed()

    def _deep(self) -> bytes:
        levels = self._random.choice([70, 500, 5_000, 50_000])
        opening, closing = self._random.choice([("[", "]"), ('{"a":', "}")])
        text = '{"type": "event_callback", "event_id": "E", "event": ' + opening * levels + "1" + closing * levels + "}"
        return self._http(self._signed(text, JSON_TYPE))

    def _elsewhere(self) -> bytes:
        body, kind = self._body()
        path = self._random.choice(
            [
                "/",
                "/slack/events/",
                "/slack/%2e%2e/etc",
                "/" + "a" * 3000,
                "/metrics",
                "/slack/events?x=1&ssl_check=2",
                "/%ff",
            ]
        )
        return self._http(signed(body, kind, secret="another", at=_now()), path=path)

    def _no_http(self) -> bytes:
        return self._random.choice(
            [
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + self._random.randbytes(100) + b"\r\n\r\n",
                b"POST\r\n\r\n",
                b"POST /slack/events HTTP/9.9\r\n\r\n",
                b"POST /slack/events HTTP/1.1\r\nhost: a\r\ncontent-length: -5\r\n\r\n",
                b"POST /slack/events HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
                b"POST /slack/events HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
                b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 80_000 + b"\r\n\r\n",
            ]
        )

    def _old(self) -> bytes:
        body, kind = self._body()
        return self._http(signed(body, kind, secret=self._secret, at=_now() + self._random.choice([-301, -9e8, 400])))

    def _oversized(self) -> bytes:
        huge = self._signed("x", JSON_TYPE)
        head = self._http(huge)
        if self._random.random() < 0.5:
            return head.replace(b"content-length: 1\r\n", b"content-length: 99000000\r\n") + b"x" * 200_000
        chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
        return head.replace(b"content-length: 1\r\n", b"transfer-encoding: chunked\r\n")[:-1] + chunk * 20


class Attack:
    """One attack on a program at this address."""

    def __init__(self, outcome: Outcome, host: str, port: int, weapons: Weapons, seed: int) -> None:
        self._outcome = outcome
        self._where = host, port
        self._weapons = weapons
        self._random = random.Random(seed + 1)
        self._good_sent = 0

    async def good(self, seconds: float, into: list[float], until: asyncio.Event | None = None) -> None:
        """Slack's own requests, at their rate, for so long or until something ends."""
        began = time.monotonic()
        while time.monotonic() - began < seconds and not (until is not None and until.is_set()):
            self._good_sent += 1
            request = self._weapons.good(self._good_sent)
            at = time.monotonic()
            status, body = await self._exchange(request, limit=30.0)
            into.append(time.monotonic() - at)
            # On a busy machine the answer may follow its acknowledgement, through the response URL.
            if status != 200:
                self._outcome.failures.append(f"one of Slack's own requests: {status} {body[:200]!r}")
            self._weapons.capture(request)
            await asyncio.sleep(max(0.0, 1 / GOOD_RATE - (time.monotonic() - at)))

    async def bad(self, requests: int, seconds: float = float("inf")) -> None:
        """So many requests that are none of Slack's, several at once; as many of them as there is time for."""
        left = iter(range(requests))
        until = time.monotonic() + seconds
        slow = asyncio.Semaphore(SLOW_AT_ONCE)
        dripping: set[asyncio.Task[None]] = set()

        async def attack() -> None:
            for _ in left:
                if time.monotonic() > until:
                    return
                fate = self._random.random()
                if fate < 0.01 and not slow.locked():
                    await slow.acquire()
                    task = asyncio.create_task(self._drip())
                    dripping.add(task)
                    task.add_done_callback(dripping.discard)
                    task.add_done_callback(lambda _: slow.release())
                elif fate < 0.06:
                    await self._break_off()
                elif fate < 0.1:
                    await self._pipeline()
                else:
                    await self._send_whole()

        await asyncio.gather(*(attack() for _ in range(AT_ONCE)))
        while dripping:
            await asyncio.wait(set(dripping))

    async def _send_whole(self) -> None:
        kind, request = self._weapons.whole()
        self._outcome.sent[kind] += 1
        status, body = await self._exchange(request)
        self._note(kind, status, body, request)

    async def _pipeline(self) -> None:
        """Several in one piece; the answers come one after the other, until one of them ends it."""
        self._outcome.sent["pipelined"] += 1
        requests = b"".join(self._weapons.whole()[1] for _ in range(self._random.randrange(2, 6)))
        status, body = await self._exchange(requests)
        self._note("pipelined", status, body, requests)

    async def _break_off(self) -> None:
        self._outcome.sent["broken off"] += 1
        with_it = await self._connect()
        if with_it is None:
            return
        _, writer = with_it
        writer.write(self._weapons.broken_off())
        if self._random.random() < 0.5:
            await self._ignoring(writer.drain())
        writer.transport.abort()

    async def _drip(self) -> None:
        """A byte now and then, until the other side has had enough."""
        self._outcome.sent["slow"] += 1
        with_it = await self._connect()
        if with_it is None:
            return
        reader, writer = with_it
        request = self._weapons._http(self._weapons._signed("{" + " " * 200, JSON_TYPE))
        skip = self._random.choice([0, 20, len(request) - 150])
        writer.write(request[:skip])
        reading = asyncio.create_task(self._ignoring(reader.read()))
        at = time.monotonic()
        for byte in request[skip:-1]:
            if reading.done():
                break
            writer.write(bytes([byte]))
            await asyncio.wait({reading}, timeout=0.1)
        # Whatever was begun is waited for once more.
        await asyncio.wait({reading}, timeout=PATIENCE + 10)
        if not reading.done():
            self._outcome.failures.append(f"slow: still open after {time.monotonic() - at:.1f} s")
            reading.cancel()
        writer.transport.abort()

    def _note(self, kind: str, status: int, body: bytes, request: bytes) -> None:
        self._outcome.answers[status] += 1
        if status >= 500 or b"HTTP/1.1 5" in body:
            self._outcome.failures.append(f"{kind}: {status} {body[:100]!r} to {request[:300]!r}")
        elif 200 <= status < 300 and kind not in ("elsewhere", "pipelined"):
            self._outcome.failures.append(f"{kind}: taken, {status} {body[:100]!r} to {request[:300]!r}")

    async def _exchange(self, request: bytes, limit: float = 20.0) -> tuple[int, bytes]:
        """The status of the first answer, and all that came. (0, b"") where the connection was cut off."""
        with_it = await self._connect()
        if with_it is None:
            return 0, b""
        reader, writer = with_it
        try:
            async with asyncio.timeout(limit):
                writer.write(request)
                answer = await reader.read()
        except (ConnectionError, TimeoutError, OSError) as error:
            if isinstance(error, TimeoutError):
                self._outcome.failures.append(f"no answer in {limit:.0f} s to {request[:300]!r}")
            return 0, b""
        finally:
            writer.transport.abort()
        first, _, _ = answer.partition(b"\r\n")
        parts = first.split()
        return (int(parts[1]) if len(parts) > 1 else 0), answer

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        try:
            return await asyncio.open_connection(*self._where)
        except OSError:
            return None

    @staticmethod
    async def _ignoring(doing: Awaitable[object]) -> None:
        try:
            await doing
        except (ConnectionError, OSError):
            pass


async def _database(folder: Path, record: Record) -> Path:
    path = folder / "attacked.db"
    await asyncio.to_thread(schema.migrate, database_url(f"sqlite:///{path}"))
    database = Database(database_url(f"sqlite:///{path}"))
    try:
        calendar = FixedCalendar(SandboxClock().now())
        await Services(database, calendar, SystemElapsedTime()).coalitions.import_record(record)
    finally:
        await database.close()
    return path


def contents(path: Path) -> str:
    """Everything that stands in the database, as one hash."""
    found = hashlib.sha256()
    with sqlite3.connect(path, timeout=30) as connection:
        for line in connection.iterdump():
            found.update(line.encode("utf-8", "surrogatepass"))
    return found.hexdigest()


async def run_attack(
    folder: Path,
    requests: int,
    *,
    seed: int = 1,
    seconds: float = float("inf"),
    seconds_alone: float = 10.0,
    database: Path | None = None,
    nursery: Nursery | None = None,
) -> Outcome:
    """One attack of so many requests, or as many as there are seconds for. `database`: a SQLite file with the sample to
    work on; else one is made."""
    outcome = Outcome()
    record = load_coalition_file(sample_text()).record
    assert record is not None
    path = database or await _database(folder, record)
    raised = nursery or Nursery()
    async with await Sandbox.start(manifest(url="http://127.0.0.1"), workspace_of(record)) as sandbox:
        numbers = _free_port()
        child = raised.start("run", "--http", "0", environment=_environment(sandbox, path, numbers))
        # Whatever it says is read as it comes: a full pipe would stop it.
        reading = asyncio.create_task(asyncio.to_thread(child.errors.read))
        try:
            await _attacked(outcome, child, sandbox, path, requests, seconds, seed, seconds_alone, numbers)
            child.send_signal(signal.SIGTERM)
            outcome.ended = await child.ended()
        finally:
            child.kill()
            outcome.said = (await reading).decode()
            child.close()
            if nursery is None:
                raised.close()
    return outcome


async def _attacked(
    outcome: Outcome,
    child: Child,
    sandbox: Sandbox,
    path: Path,
    requests: int,
    seconds: float,
    seed: int,
    seconds_alone: float,
    numbers: int,
) -> None:
    await child.line()
    where = urlsplit((await child.line()).strip().removeprefix("It takes Slack's requests at ").removesuffix("."))
    weapons = Weapons(sandbox.signing_secret, seed)
    attack = Attack(outcome, where.hostname or "", where.port or 0, weapons, seed)
    process = psutil.Process(child.pid)
    # What is made once, at the first request of a kind, is no growth.
    await attack.good(seconds_alone / 4, [])
    warming = Attack(Outcome(), where.hostname or "", where.port or 0, weapons, seed + 100)
    await warming.bad(min(1000, max(50, requests // 20)))
    await attack.good(seconds_alone, outcome.alone)
    before, outcome.memory = await asyncio.to_thread(contents, path), (process.memory_info().rss, 0)
    is_over, began = asyncio.Event(), time.monotonic()
    beside = asyncio.create_task(attack.good(float("inf"), outcome.among, is_over))
    await attack.bad(requests, seconds)
    outcome.seconds = time.monotonic() - began
    is_over.set()
    await beside
    outcome.memory = outcome.memory[0], process.memory_info().rss
    outcome.is_unchanged = await asyncio.to_thread(contents, path) == before
    outcome.refused = await _refused(LOOPBACK, numbers)


async def _refused(host: str, port: int) -> dict[str, int]:
    """What the program itself counted, by reason."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET /metrics HTTP/1.1\r\nhost: bot\r\nconnection: close\r\n\r\n")
    text = (await reader.read()).decode()
    writer.close()
    counted = {}
    for line in text.splitlines():
        if line.startswith("backbeat_requests_refused_total{"):
            counted[line.split('"')[1]] = int(float(line.rsplit(" ", 1)[1]))
    return counted


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port: int = free.getsockname()[1]
        return port


def _environment(sandbox: Sandbox, path: Path, numbers: int) -> dict[str, str]:
    return {
        **unset(),
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{path}",
        "BACKBEAT_HTTP_PATIENCE_SECONDS": str(PATIENCE),
        "BACKBEAT_PRESSES_PER_MINUTE": "0",
        "BACKBEAT_LOG_LEVEL": "WARNING",
        "BACKBEAT_METRICS_ADDRESS": str(numbers),
        # What changes of itself, beside the attack, is kept away.
        "BACKBEAT_TICK_HOUSEKEEPING": "100000",
    }


def main() -> None:
    """The long form, by command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="end after these, however many were sent")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backbeat-attack-") as folder:
        outcome = asyncio.run(
            run_attack(Path(folder), arguments.requests, seed=arguments.seed, seconds=arguments.seconds)
        )
    print("\n".join(outcome.lines()))
    print("\n".join(outcome.failures[:20]))
    print(outcome.said[-2000:])
    sys.exit(1 if outcome.failures or not outcome.is_unchanged or outcome.ended else 0)


if __name__ == "__main__":
    main()
