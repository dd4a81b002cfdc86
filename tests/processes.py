"""The program as processes of its own, forked from one that has imported everything: real ones that start at once.

Importing what `backbeat run` needs takes seconds of processor time; the suite starts it dozens of times. How long a
start takes for a user is measured by the benchmarks, and the wheel's test starts everything from nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

ROOT: Final = Path(__file__).resolve().parent.parent

# Forks a child for each message {arguments, module, environment, folder} with the ends of its two pipes, and tells of
# the end of each.
_NURSERY: Final = """
import gc, json, os, runpy, signal, socket, sys, time
from bot.cli import ProgramEnd
end = ProgramEnd()
import bot.app, bot.cli, bot.connection.socket_mode
imported = sorted(sys.modules)
import bot.charts.metric_chart, bot.demo, bot.doctor, bot.http, bot.monitoring
import bot.store.schema, sqlalchemy.orm
bot.store.schema.head()
sqlalchemy.orm.configure_mappers()
if sys.argv[2:]:
    from tests.warmed import warm_up
    warm_up(sys.argv[2])
gc.freeze()
line = socket.socket(fileno=int(sys.argv[1]))
def tell(**what):
    line.sendall(json.dumps(what).encode() + b"\\n")
tell(imported=imported)
alive = set()
def reap(*_):
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        alive.discard(pid)
        tell(ended=pid, code=os.waitstatus_to_exitcode(status))
signal.signal(signal.SIGCHLD, reap)
while True:
    try:
        said, pipes, _, _ = socket.recv_fds(line, 65_536, 2)
    except ConnectionResetError:
        # Whoever asks has gone, and did not read of the last one's end.
        break
    if not said:
        break
    while not said.endswith(b"\\n"):
        said += line.recv(65_536)
    asked = json.loads(said)
    # The end of a child that ends at once is told after its beginning.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        line.close()
        os.dup2(pipes[0], 1)
        os.dup2(pipes[1], 2)
        os.closerange(3, 64)
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        sys.argv[1:] = asked["arguments"]
        # A machine whose clock is off by so many seconds.
        off, exactly = float(os.environ.pop("BACKBEAT_TEST_CLOCK_OFF", "0")), time.time
        if off:
            time.time = lambda: exactly() + off
        def program():
            if asked["module"] is None:
                bot.cli.main()
            else:
                runpy.run_module(asked["module"], run_name="__main__")
            sys.exit()
        end.run(program)
    for pipe in pipes:
        os.close(pipe)
    alive.add(pid)
    tell(started=pid)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
signal.signal(signal.SIGCHLD, signal.SIG_DFL)
for pid in alive:
    os.kill(pid, signal.SIGKILL)
end.run(sys.exit)
"""


class Child:
    """A command that runs. `output` and `errors` are the reading ends of its two streams."""

    def __init__(self, nursery: Nursery, pid: int, output: BinaryIO, errors: BinaryIO) -> None:
        self._nursery = nursery
        self.pid = pid
        self.output = output
        self.errors = errors

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._nursery.code_of(self.pid)

    def send_signal(self, number: signal.Signals) -> None:
        """Sends a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    async def line(self, limit: float = 60.0) -> str:
        """The next line of what it prints."""
        return (await asyncio.wait_for(asyncio.to_thread(self.output.readline), limit)).decode()

    async def ended(self, limit: float = 60.0) -> int:
        """Waits for its end. Raises TimeoutError after `limit` seconds; returns the exit code."""
        deadline = time.monotonic() + limit
        while (code := self.returncode) is None:
            if time.monotonic() > deadline:
                raise TimeoutError
            await asyncio.sleep(0.005)
        return code

    async def read(self, limit: float = 60.0) -> tuple[int, str, str]:
        """Its exit code and what it printed to both streams. Little enough for a pipe: nobody reads before the end."""
        try:
            code = await self.ended(limit)
        finally:
            self.kill()
        said = self.output.read().decode(), self.errors.read().decode()
        self.close()
        return code, *said

    def close(self) -> None:
        """Closes the reading ends."""
        self.output.close()
        self.errors.close()

    def kill(self) -> None:
        """Ends it with SIGKILL, unless it has ended."""
        self.send_signal(signal.SIGKILL)


@dataclass
class Replica:
    """One process of the bot, with a clock of its own."""

    number: int
    child: Child
    said: deque[bytes] = field(default_factory=lambda: deque(maxlen=40))

    def __post_init__(self) -> None:
        # What nobody reads fills the pipe, and then the process stands still.
        for stream in (self.child.output, self.child.errors):
            threading.Thread(target=self._listen, args=(stream,), daemon=True).start()

    def _listen(self, stream: BinaryIO) -> None:
        with suppress(ValueError, OSError):
            self.said.extend(stream)


class Nursery:
    """Imports everything once, in a process of its own, and forks from it.

    `sample_file`: a SQLite database with the sample. With it, what a bot asks of SQLite is worded before as well;
    whoever measures processes leaves that to them.
    """

    def __init__(self, sample_file: Path | None = None) -> None:
        self._warmth = [] if sample_file is None else [str(sample_file)]
        self._process: subprocess.Popen[bytes] | None = None
        self._codes: dict[int, int] = {}
        self._imported: frozenset[str] | None = None
        self._rest = b""

    def start(
        self,
        *arguments: str,
        module: str | None = None,
        environment: dict[str, str] | None = None,
        folder: Path | None = None,
    ) -> Child:
        """Starts `backbeat`, or a module as `python -m` does, with these arguments, in this environment (else this
        process's) and folder (else the checkout)."""
        self._begin()
        asked = {
            "arguments": arguments,
            "module": module,
            "environment": dict(os.environ) if environment is None else environment,
            "folder": str(folder or ROOT),
        }
        (output, their_output), (errors, their_errors) = os.pipe(), os.pipe()
        socket.send_fds(self._line, [json.dumps(asked).encode() + b"\n"], [their_output, their_errors])
        os.close(their_output)
        os.close(their_errors)
        self._line.settimeout(120)
        while (pid := self._hear()) is None:
            pass
        return Child(self, pid, os.fdopen(output, "rb"), os.fdopen(errors, "rb"))

    @property
    def imported(self) -> frozenset[str]:
        """The modules that the bot with its commands brings in, before anything else was imported."""
        self._begin()
        self._line.settimeout(120)
        while self._imported is None:
            self._hear()
        return self._imported

    def _begin(self) -> None:
        if self._process is None:
            self._line, theirs = socket.socketpair()
            self._process = subprocess.Popen(
                [sys.executable, "-c", _NURSERY, str(theirs.fileno()), *self._warmth],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
            )
            theirs.close()

    def code_of(self, pid: int) -> int | None:
        """The exit code of a child that has ended; None while it runs."""
        self._line.settimeout(0)
        try:
            while pid not in self._codes:
                self._hear()
        except BlockingIOError:
            return None
        return self._codes[pid]

    def _hear(self) -> int | None:
        """Takes one message; the number of a child that was started."""
        while b"\n" not in self._rest:
            said = self._line.recv(65_536)
            assert said, "the nursery ended"
            self._rest += said
        line, _, self._rest = self._rest.partition(b"\n")
        told = json.loads(line)
        if "ended" in told:
            self._codes[told["ended"]] = told["code"]
        if "imported" in told:
            self._imported = frozenset(told["imported"])
        started: int | None = told.get("started")
        return started

    def close(self) -> None:
        """Ends the nursery, and every child that still runs: a test that fails leaves none behind."""
        if self._process is not None:
            self._line.close()
            self._process.wait()
