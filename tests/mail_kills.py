"""Ends the bot with SIGKILL again and again while it sends mail, and counts what the mail server took by Message-ID.

`python -m tests.mail_kills --kills 40 --weeks 2` is the long form; the suite runs a short one. The calendar steps as in
`tests.kills`. A mailbox can't be searched: what may have gone is held, and then the server has it once at most.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select

from bot.domain.outbox import State, Transport
from bot.domain.record import Record
from bot.domain.vocabularies import Access
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from tests import kills
from tests.deaths import MONDAY, posts_due
from tests.kills import BY_RULE, SHORT
from tests.mailbox import SENDER, Mailbox, mailbox
from tests.processes import Nursery
from tests.sample import sample_record

# Where the bot is when it dies: what the server has by then, and what the database knows of it.
BEFORE, HANDED_OVER = "claimed, not handed over", "handed over, not taken"
WITHHELD, ANSWERED = "taken, answer withheld", "answered, not recorded"
# Each kill after the first window holds a mail for good, each before it costs nothing.
WINDOWS = (BEFORE, WITHHELD, ANSWERED, HANDED_OVER, BEFORE, WITHHELD, BEFORE, WITHHELD, ANSWERED)

IN_SLACK = frozenset({"dana", "omar", "priya"})


@dataclass
class Outcome(kills.Outcome):
    """What a run came to. `arrived` counts mails that the server took, by delivery key."""

    posts: Counter[str] = field(default_factory=Counter)  # what Slack took meanwhile, by delivery key
    unknown: list[str] = field(default_factory=list)  # mails that no delivery is known for

    @property
    def held(self) -> list[str]:
        return [key for key, state in self.states.items() if state == State.HELD]

    @property
    def lost(self) -> list[str]:
        return [key for key, state in self.states.items() if state == State.SENT and not self.arrived[key]]

    @property
    def unsettled(self) -> dict[str, str]:
        return {key: state for key, state in self.states.items() if state not in {State.SENT, State.HELD}}

    @property
    def posts_doubled(self) -> list[str]:
        return [key for key, count in self.posts.items() if count > 1]

    @property
    def is_right(self) -> bool:
        """Whether every mail went once or is held, and no message in Slack came twice."""
        return not (self.doubled or self.lost or self.unsettled or self.posts_doubled or self.unknown)

    def lines(self) -> list[str]:
        """The figures, for a person to read."""
        gone = sum(1 for key in self.held if self.arrived[key])
        return [
            self.killed() + (f"; {self.beside} more hit nothing" if self.beside else ""),
            f"{len(self.states)} mails planned, {sum(self.arrived.values())} taken: {len(self.doubled)} doubled, "
            f"{len(self.lost)} lost, {len(self.held)} held (of which {gone} were taken), "
            f"{len(self.unsettled)} neither sent nor held"
            + (f"; {self.by_rule} not sent by rule" if self.by_rule else ""),
            f"{sum(self.posts.values())} messages in Slack meanwhile, {len(self.posts_doubled)} doubled",
        ]


class Run(kills.Run):
    """One run: a Slack and a mail server in this process, the bot in another, and nearly everybody reads mail."""

    _outcome: Outcome

    def __init__(
        self, folder: Path, kills: int, until: datetime, nursery: Nursery, box: Mailbox, *, everything: bool
    ) -> None:
        super().__init__(folder, kills, until, nursery, everything=everything, each=None)
        self._outcome = Outcome()
        self._box = box
        self._has_hit = False

    @property
    def outcome(self) -> Outcome:
        """What it came to."""
        return self._outcome

    def _record(self) -> Record:
        record = sample_record()
        members = tuple(
            one
            if one.id in IN_SLACK
            else replace(one, access=Access.EMAIL_ONLY, email=one.email or f"{one.id}@mail.example")
            for one in record.members
        )
        return replace(record, members=members)

    def _mail(self) -> dict[str, str]:
        return {"smtp_url": f"smtp://127.0.0.1:{self._box.port}", "mail_from": SENDER.address}

    def _settings(self) -> dict[str, str]:
        return SHORT | {f"BACKBEAT_{name.upper()}": value for name, value in self._mail().items()}

    def _mend(self) -> None:
        super()._mend()
        self._has_hit = False
        self._box.before_rcpt = self._box.at_data = self._box.before_answer = None

    def _next_window(self) -> str:
        return WINDOWS[self._outcome.kills.total() % len(WINDOWS)]

    async def _kill_in(self, window: str) -> bool:
        taken = len(self._box.taken)
        self._mend()
        match window:
            case "claimed, not handed over":
                self._box.before_rcpt = self._linger
            case "handed over, not taken":
                self._box.at_data = self._linger_with
            case "taken, answer withheld":
                self._box.before_answer = self._withhold
            case _:
                self._box.at_data = self._pause
        try:
            if not await self._hit_or_settled(lambda: self._has_hit):
                return False
            if window == ANSWERED:
                with self._locked():
                    await self._until_true(self._more_than(taken), 5.0)
                    # The answer is on its way back; the bot now waits for the lock that is held here.
                    await asyncio.sleep(0.05)
                    await self._end(taken, window)
            else:
                await self._end(taken, window)
        finally:
            self._mend()
        return True

    # What the server does meanwhile: each says that it got so far.
    async def _linger(self) -> None:
        self._has_hit = True
        await asyncio.sleep(0.4)

    async def _linger_with(self, _mail: EmailMessage) -> None:
        if not self._has_hit:
            await self._linger()

    async def _pause(self, _mail: EmailMessage) -> None:
        self._has_hit = True
        await asyncio.sleep(0.12)

    async def _withhold(self, _mail: EmailMessage) -> None:
        if not self._has_hit:
            self._has_hit = True
            await asyncio.sleep(60)

    def _more_than(self, taken: int) -> Callable[[], Awaitable[bool]]:
        async def there() -> bool:
            return len(self._box.taken) > taken

        return there

    async def _end(self, taken: int, window: str) -> None:
        await self._process.kill()
        self._note(await self._where(taken, window))
        self._process.start()

    async def _where(self, taken: int, window: str) -> str | None:
        """In which window it really was; None outside of all."""
        async with self._services.database.read() as session:
            under_way = await session.scalars(
                select(DeliveryRow).where(
                    DeliveryRow.state.in_([State.CLAIMED, State.AMBIGUOUS]), DeliveryRow.transport == Transport.MAIL
                )
            )
            # Of what isn't handed over the server is certain to have nothing.
            handed_over = {row.key: row.attempted_at is not None for row in under_way}
        if not handed_over:
            return None
        if handed_over.keys() & {_key_of(mail) for mail in self._box.taken[taken:]}:
            return ANSWERED if window == ANSWERED else WITHHELD
        return HANDED_OVER if any(handed_over.values()) else BEFORE

    async def _count(self) -> None:
        outcome = self._outcome
        outcome.arrived = Counter(_key_of(mail) for mail in self._box.taken)
        outcome.posts = Counter(self._sandbox.record.by_key("key"))
        by_mail = {one.id for one in self._record().members if one.access == Access.EMAIL_ONLY}
        readers = {member_id for key, member_id in await self._members() if key in by_mail}
        for row in await posts_due(self._services, self._until):
            if row.transport != Transport.MAIL and row.member_id not in readers:
                continue
            if row.state in {State.MISSED, State.DROPPED} and row.reason in BY_RULE:
                outcome.by_rule += 1
                continue
            outcome.states[row.key] = row.state
            outcome.reasons[row.key] = f"{row.kind}, due {row.due_at:%b %d %H:%M}: {row.reason}"
        outcome.unknown = [key for key in outcome.arrived if key not in outcome.states]

    async def _members(self) -> list[tuple[str, int]]:
        async with self._services.database.read() as session:
            found = await session.execute(select(MemberRow.key, MemberRow.id))
            return [(key, member_id) for key, member_id in found]


def _key_of(mail: EmailMessage) -> str:
    """By which delivery it was sent."""
    return str(mail["Message-ID"]).strip("<>").partition("@")[0]


async def run_mail_kills(
    folder: Path, kills: int, until: datetime, nursery: Nursery, *, everything: bool = False
) -> Outcome:
    """Runs from Monday 7:00 AM of the sample's week until `until`; with `everything` also meetings and owners'
    previews."""
    async with mailbox() as box:
        run = Run(folder, kills, until, nursery, box, everything=everything)
        await run.run()
        return run.outcome


def main() -> None:
    """The long form, by command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--weeks", type=int, default=2)
    arguments = parser.parse_args()
    until = MONDAY + timedelta(weeks=arguments.weeks)
    with tempfile.TemporaryDirectory(prefix="backbeat-mail-kills-") as folder, closing(Nursery()) as nursery:
        outcome = asyncio.run(run_mail_kills(Path(folder), arguments.kills, until, nursery, everything=True))
    print("\n".join(outcome.lines()))
    for key in {*outcome.lost, *outcome.unsettled, *outcome.doubled}:
        print(f"{key}: taken {outcome.arrived[key]} times, {outcome.states.get(key)}, {outcome.reasons.get(key)}")
    enough = outcome.kills.total() >= arguments.kills
    sys.exit(0 if outcome.is_right and enough else 1)


if __name__ == "__main__":
    main()
