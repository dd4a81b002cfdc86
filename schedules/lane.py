"""Sends what is due in one workspace: claim, render, post once, record. Content and renderer are chosen by kind.

What goes by mail is sent beside it (`schedules/mailing.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

import structlog

from bot.domain.outbox import DEACTIVATED
from bot.domain.sending import Ambiguous, Later, Mailed, NotTried, Outcome, Rejected, Sent
from bot.errors import Unavailable
from bot.services import Services
from bot.services.sending import Claimed
from bot.slack.blocks.charts import with_picture
from bot.slack.gateway import APP_CODES, REFUSED, refusal_of
from bot.slack.message import Message
from bot.slack.rendering import picture_of, render, render_note
from bot.slack.workspaces import ServedWorkspace
from schedules.mailing import Mailing

log = structlog.get_logger(__name__)

# Slack took an update for a message that is gone or can't be changed any more: there is nothing left to do about it.
UPDATE_IS_MOOT = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
# The message that a reply belongs to was deleted.
THREAD_IS_GONE = frozenset({"thread_not_found", "message_not_found"})
BLOCKS_REFUSED = "invalid_blocks"
# So many are claimed for each post that may be under way at once, when so many at most are left: what claiming costs is
# shared by many, and while some are claimed those before them are read, and those before these are sent.
CLAIMS_FOR_EACH_POST = 4
# How often in a row it is asked whether a post may go where the answer takes too long to be trusted.
ASKED_AT_MOST = 3
# While some are written to: elapsed seconds after which it is looked again what else is due.
LOOK_AGAIN = 1.0
# Elapsed seconds for which is taken for true what Slack said of all accounts at once. It is asked twice as often, and
# tells of changes; of each receiver by itself it may be asked a third as often as it takes messages.
ACCOUNTS_KNOWN = 600.0


class Claim(Protocol):
    """Takes what is due and may be sent now: so many at most, of this coalition, and `again` where some is likely."""

    async def __call__(self, limit: int, *, of: int | None, again: bool) -> tuple[Claimed, ...]: ...


class Lane:
    """What goes to one workspace. `of`: its coalition, where there are several."""

    def __init__(
        self,
        services: Services,
        workspace: ServedWorkspace,
        of: int | None,
        *,
        claim: Claim,
        is_draining: Callable[[], bool],
        beat: Callable[[], None],
        mailing: Mailing | None = None,
    ) -> None:
        self._services = services
        self._claim = claim
        self._mailing = mailing
        self._is_draining = is_draining
        self._beat = beat
        self._workspace = workspace
        self._gateway = workspace.gateway
        self._pictures = workspace.pictures
        self._of = of
        self._away: Unavailable | None = None
        # A post, or what goes one after the other, or the reading of what was claimed; with how many it begins (a mail
        # counts for none).
        self._under_way: dict[asyncio.Task[None], int] = {}
        self._waiting: dict[int, Claimed] = {}  # claimed, and not yet asked whether it may go
        self._kept_at = 0.0  # when their leases began that end first
        self._one_ended = asyncio.Event()
        self._broken_by: BaseException | None = None  # what no task catches, as at the end of the program

    @property
    def _has_ended(self) -> bool:
        return self._is_draining() or self._workspace.has_ended

    async def run(self) -> int:
        """Sends everything that is due now; returns how many deliveries were claimed."""
        try:
            total = await self._claim_and_begin()
            await self._until_all_ended()
        except Exception:
            # What was begun comes to its end, so that its outcome is known, also where nothing more can be claimed.
            await self._until_all_ended()
            raise
        except BaseException:
            for one in self._under_way:
                one.cancel()
            raise
        if self._away is not None:
            # Said once, by whoever runs this: what was claimed and did not go ends with its lease.
            raise self._away
        return total

    async def _claim_and_begin(self) -> int:
        """More is claimed while the last of what was claimed before is sent, so that one slow post holds up few."""
        # Whoever has several has just looked which of them has something due.
        total, again = 0, self._of is not None
        while not self._has_ended and self._away is None:
            claimed = await self._claim(self._limit, of=self._of, again=again)
            total += len(claimed)
            if claimed:
                self._start(self._read_and_begin(claimed), "reading", len(claimed))
            again = len(claimed) >= self._limit
            await self._until_left(self._limit if again else 0, look_again=not again)
            if self._under_way:
                continue
            if self._of is None:
                if not self._services.deliveries.is_more_due:
                    break
                again = True
            elif not claimed:
                break
        return total

    async def _read_and_begin(self, claimed: Sequence[Claimed]) -> None:
        try:
            contents = await self._read(claimed)
        except Unavailable as error:
            self._away = error
            return
        if not self._waiting:
            self._kept_at = claimed[0].claimed_at
        self._waiting.update((one.id, one) for one in claimed)
        for some in _in_turn(claimed):
            # A mail server may take its time, in which Slack has to wait for nothing.
            self._start(self._send_in_turn(some, contents), "sending", 0 if some[0].address is not None else 1)

    def _start(self, work: Coroutine[Any, Any, None], name: str, count: int) -> None:
        task = asyncio.create_task(work, name=name)
        self._under_way[task] = count
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        if not task.cancelled():
            self._broken_by = self._broken_by or task.exception()
        self._one_ended.set()

    async def _until_left(self, most: int, *, look_again: bool = False) -> None:
        """Returns when no more than so many are under way; with `look_again` also after a while, if there is room."""
        now = asyncio.get_running_loop().time
        until = now() + LOOK_AGAIN
        while True:
            if self._broken_by is not None:
                raise self._broken_by
            count = sum(self._under_way.values())
            has_room = look_again and count <= self._gateway.at_once
            is_waiting = look_again and bool(self._under_way)
            if (count <= most and not is_waiting) or (has_room and now() >= until):
                return
            self._one_ended.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(until if has_room else None):
                    await self._one_ended.wait()

    async def _until_all_ended(self) -> None:
        while self._under_way:
            if self._broken_by is not None:
                raise self._broken_by
            self._one_ended.clear()
            await self._one_ended.wait()
        if self._broken_by is not None:
            raise self._broken_by

    @property
    def _limit(self) -> int:
        return self._gateway.at_once * CLAIMS_FOR_EACH_POST

    async def _read(self, claimed: Sequence[Claimed]) -> Mapping[int, Any]:
        """What all of them say; where reading goes wrong, it does so for the one that it goes wrong with."""
        contents = self._services.contents
        try:
            return await contents.read([one.id for one in claimed])
        except Unavailable:
            raise  # it is the same for each of them
        except Exception as error:
            log.warning("contents_failed_together", error=repr(error))
        found: dict[int, Any] = {}
        for one in claimed:
            try:
                found |= await contents.read([one.id])
            except Unavailable:
                raise
            except Exception as error:
                found[one.id] = error
        return found

    async def _send_in_turn(self, claimed: Sequence[Claimed], contents: Mapping[int, Any]) -> None:
        """Sends one after the other; what can't go any more, since one before it didn't, is given back."""
        is_up = False
        for one in claimed:
            if is_up:
                await self._guarded(one, self._services.deliveries.give_back(one.id, one.attempt))
            else:
                is_up = not await self._guarded(one, self._send(one, contents.get(one.id)))
            self._waiting.pop(one.id, None)
            self._beat()

    async def _guarded(self, claimed: Claimed, step: Awaitable[object]) -> bool:
        """One delivery's failure never stops the others. Says whether a later one may go."""
        try:
            return bool(await step)
        except Unavailable as error:
            self._away = error
            return False
        except Exception:
            # Its outcome could not be written down: its lease runs out, and a look decides.
            log.exception("delivery_not_recorded", delivery=claimed.id, kind=claimed.kind)
            return False

    async def _send(self, claimed: Claimed, content: Any) -> bool:
        """Whether it came to its end, so that what stands after it may go."""
        try:
            outcome = await self._post(claimed, content)
        except Unavailable:
            await self._services.deliveries.give_back(claimed.id, claimed.attempt)
            raise
        except Exception as error:
            # The gateway turns whatever happens once the post is under way into an outcome: this came before.
            log.exception("delivery_failed_unexpectedly", delivery=claimed.id, kind=claimed.kind)
            await self._services.deliveries.stumbled(claimed.id, claimed.attempt, error)
            return False
        return outcome is None or await self._record(claimed, outcome)

    async def _post(self, claimed: Claimed, content: Any) -> Outcome | NotTried | None:
        """What Slack said; None where this was settled without a post."""
        if isinstance(content, Exception):
            raise content
        deliveries = self._services.deliveries
        channel_id = claimed.channel_id
        if claimed.user_id is not None and claimed.address is None and not claimed.notes_in:
            opened = await self._reach(claimed)
            if not isinstance(opened, str):
                return opened
            channel_id = opened
        if content is None:
            await deliveries.dropped(claimed.id, claimed.attempt, "nothing left to say")
            return None
        if claimed.address is not None:
            return await self._mail(claimed, content)
        if claimed.notes_in:
            await self._leave_note(claimed, content)
            return None
        message: Message = render(claimed.kind, content)
        if channel_id is None:
            await deliveries.failed(claimed.id, claimed.attempt, "no conversation is known for it")
            return None
        chart = picture_of(claimed.kind, content) if self._pictures is not None else None
        file_id = await self._pictures.file_of(chart) if self._pictures is not None and chart is not None else None
        if chart is None or file_id is None:
            return await self._say_tabled(claimed, channel_id, message)
        outcome = await self._say_tabled(claimed, channel_id, with_picture(message, chart, file_id))
        if _are_blocks_refused(outcome) and self._pictures is not None:
            # Slack doesn't show this file any more, and certainly has nothing yet: the words go without it.
            await self._pictures.forget(chart)
            outcome = await self._say(claimed, channel_id, message)
        return outcome

    async def _say_tabled(self, claimed: Claimed, channel_id: str, message: Message) -> Outcome | NotTried:
        """Says it with its figures in a table where the workspace takes one, else in words."""
        if not message.tabled:
            return await self._say(claimed, channel_id, message)
        elapsed, tables = self._services.deliveries.elapsed, self._workspace.tables
        async with tables.believed(elapsed.monotonic()) as may_show:
            if may_show:
                outcome = await self._say(claimed, channel_id, message.with_table())
                if isinstance(outcome, Sent):
                    tables.taken()
                if not _are_blocks_refused(outcome):
                    return outcome
                # Slack certainly has nothing yet: the words go at once.
                outcome = await self._say(claimed, channel_id, message)
                if isinstance(outcome, Sent):
                    # What was refused was the table, and no other block.
                    log.info("tables_not_taken", kind=claimed.kind)
                    tables.refused(elapsed.monotonic())
                return outcome
        return await self._say(claimed, channel_id, message)

    async def _leave_note(self, claimed: Claimed, content: Any) -> None:
        """Tells somebody in a channel, where only they see it, that something waits. It goes on waiting, since nobody
        knows whether they saw it."""
        note = render_note(claimed.kind, content)
        if note is not None:
            await self._gateway.leave_note(claimed.notes_in, claimed.user_id or "", note)
        reason = claimed.trouble.words if claimed.trouble is not None else REFUSED
        await self._services.deliveries.wait(claimed.id, claimed.attempt, reason)

    async def _mail(self, claimed: Claimed, content: Any) -> Outcome | NotTried:
        """Sends the letter; the caller holds the claim."""
        if self._mailing is None:
            return NotTried()  # it was claimed for a program that sends mail

        async def may_post() -> bool:
            self._waiting.pop(claimed.id, None)
            return not self._has_ended and await self._services.deliveries.may_post(claimed.id, claimed.attempt)

        return await self._mailing.send(claimed, content, may_post=may_post)

    async def _say(self, claimed: Claimed, channel_id: str, message: Message) -> Outcome | NotTried:
        """Posts or changes the message; the caller holds the claim."""
        deliveries = self._services.deliveries

        async def may_post() -> bool:
            self._waiting.pop(claimed.id, None)
            if self._has_ended:
                return False
            since = deliveries.elapsed.epoch() - claimed.claimed_at
            if claimed.operation == "update" and 0 <= since < deliveries.timing.fresh:
                # Nobody else can have it yet, doing it twice does no harm, and nobody hears of it.
                return True
            for _ in range(ASKED_AT_MOST):
                asked = deliveries.elapsed.epoch()
                along = self._kept_along(asked)
                claimed_at = claimed.claimed_at if claimed.has_turn else None
                if not await deliveries.may_post(
                    claimed.id, claimed.attempt, claimed_at=claimed_at, ahead=self._next(), along=along
                ):
                    return False
                # A process that stood still reads the answer when the lease that it speaks of may be over.
                if 0 <= deliveries.elapsed.epoch() - asked < deliveries.timing.lease / 3:
                    return True
            return False

        within = deliveries.timing.post_timeout
        if claimed.operation == "update":
            return await self._gateway.update(
                channel_id, claimed.ts or "", message, key=claimed.key, may_post=may_post, within=within
            )
        outcome = await self._gateway.post(
            channel_id, message, key=claimed.key, thread_ts=claimed.thread_ts, may_post=may_post, within=within
        )
        if isinstance(outcome, Rejected) and outcome.code == "channel_not_found" and claimed.user_id is not None:
            # A conversation that was known from before is gone, and with certainty nothing arrived in it.
            opened = await self._open(claimed)
            if isinstance(opened, str):
                outcome = await self._gateway.post(opened, message, key=claimed.key, may_post=may_post, within=within)
        return outcome

    def _next(self) -> list[tuple[int, int]]:
        """Those that have their turn soon: parts of a thread only when those before them have gone."""
        return [(one.id, one.attempt) for one in self._waiting.values() if one.has_turn and one.operation == "post"]

    def _kept_along(self, now: float) -> Collection[int]:
        """Later parts of threads, when their leases have to be renewed too, however long Slack takes."""
        if 0 <= now - self._kept_at <= self._services.deliveries.timing.lease / 3:
            return ()
        self._kept_at = now
        return [one.id for one in self._waiting.values() if not one.has_turn]

    async def _reach(self, claimed: Claimed) -> str | Later | Rejected:
        """The person's conversation, stored before the first post into it, or why it can't be had now."""
        now = self._services.deliveries.elapsed.monotonic()
        if now - self._workspace.accounts_read_at > ACCOUNTS_KNOWN:
            active = await self._gateway.is_active(claimed.user_id or "")
            if isinstance(active, Later):
                return active
            if not active:
                return Rejected("user_disabled", DEACTIVATED.words, mendable=True)
        return claimed.channel_id if claimed.channel_id is not None else await self._open(claimed)

    async def _open(self, claimed: Claimed) -> str | Later | Rejected:
        """Opens the conversation and stores it before anything is posted into it."""
        user_id = claimed.user_id or ""
        opened = await self._gateway.open_dm(user_id)
        if not isinstance(opened, Sent):
            return opened
        team_id = claimed.team_id or self._workspace.team_id
        await self._services.deliveries.keep_dm(team_id, user_id, claimed.id, opened.channel_id)
        return opened.channel_id

    async def _record(self, claimed: Claimed, outcome: Outcome | NotTried) -> bool:
        """Writes down what came of it; whether that is its end."""
        deliveries = self._services.deliveries
        is_update = claimed.operation == "update"
        match outcome:
            case Sent(channel_id=channel_id, ts=ts):
                await deliveries.sent(
                    claimed.id,
                    claimed.attempt,
                    channel_id,
                    ts,
                    claimed.version,
                    kind=claimed.kind,
                    is_update=is_update,
                )
                return True
            case Mailed():
                await deliveries.sent(claimed.id, claimed.attempt, None, None, claimed.version, kind=claimed.kind)
                return True
            case NotTried():
                # The program is ending, the app was uninstalled, the coalition was paused, or this process slept
                # through its lease.
                log.info("delivery_given_back", delivery=claimed.id, kind=claimed.kind)
                await deliveries.give_back(claimed.id, claimed.attempt)
            case Ambiguous(reason=reason) if is_update:
                # An update may be done again, so nobody has to look.
                await deliveries.later(claimed.id, claimed.attempt, reason, deliveries.timing.retry)
            case Ambiguous(reason=reason):
                log.warning("delivery_unclear", delivery=claimed.id, kind=claimed.kind, reason=reason)
                await deliveries.unclear(claimed.id, claimed.attempt, reason)
            case Later(seconds=seconds, reason=reason):
                await deliveries.later(claimed.id, claimed.attempt, reason, seconds)
            case Rejected(code=code) if is_update and code in UPDATE_IS_MOOT:
                await deliveries.dropped(claimed.id, claimed.attempt, "the message is gone")
                return True
            case Rejected(code=code) if claimed.thread_ts is not None and code in THREAD_IS_GONE:
                await deliveries.dropped(claimed.id, claimed.attempt, "the message it belongs to is gone")
                return True
            case Rejected(code=code) if claimed.user_id is not None and not is_update and refusal_of(code):
                log.warning("direct_message_not_taken", delivery=claimed.id, kind=claimed.kind, code=code)
                await deliveries.not_taken(claimed, refusal_of(code) or code)
            case Rejected(code=code, reason=reason, mendable=True) if not is_update or code in APP_CODES:
                log.warning("delivery_waits", delivery=claimed.id, kind=claimed.kind, code=code)
                await deliveries.wait(claimed.id, claimed.attempt, reason)
            case Rejected(code=code, reason=reason):
                log.warning("delivery_refused", delivery=claimed.id, kind=claimed.kind, code=code)
                await deliveries.failed(claimed.id, claimed.attempt, reason)
                return True
        return False


def _are_blocks_refused(outcome: Outcome | NotTried) -> bool:
    return isinstance(outcome, Rejected) and outcome.code == BLOCKS_REFUSED


def _in_turn(claimed: Sequence[Claimed]) -> list[list[Claimed]]:
    """What was claimed by what has to wait for each other: the parts of a thread in their order, all else alone."""
    found: dict[object, list[Claimed]] = {}
    for one in claimed:
        thread = (one.channel_id, one.thread_ts) if one.thread_ts is not None else one.id
        found.setdefault(thread, []).append(one)
    return list(found.values())
