"""The promises, looked up at the end of a universe: never twice, nothing lost, and a coordinator sees the rest."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict

from bot.domain.outbox import WAITS_IN_HOME, Kind, State
from tests.universes.coordinator import Stuck, decide, read_page, unsaid
from tests.universes.outlook import epoch_of
from tests.universes.process import Process
from tests.universes.slack import Slack
from tests.universes.world import World

# Virtual seconds until everything has to have ended once nothing goes wrong any more: thirty questions in vain of a
# minute each are the longest way.
PATIENCE = 3600.0
# How often coordinators may be asked about what is held: what is sent again may be held again.
DECISIONS = 3
# The reason of a message that arrived by a coordinator's word.
ARRIVED_BY_WORD = "marked as arrived"
PARENT_NOT_SENT = "the message it belongs to was not sent"
_OPEN = (State.PLANNED, State.CLAIMED, State.AMBIGUOUS)
# These a coordinator has to see in the list of what did not arrive.
_STUCK = (State.HELD, State.FAILED, State.MISSED)
_COLUMNS = "id, key, kind, operation, state, reason, due_at, channel, member_id, parent_id, part_no, lease_owner, ts"


def is_at_rest(world: World) -> bool:
    """Whether nothing is left to do that is due by now, by whatever clock."""
    found = world.peek.execute(
        "SELECT one.state, one.due_at, parent.state FROM deliveries one LEFT JOIN deliveries parent "
        "ON parent.id = one.parent_id WHERE one.state IN (?, ?, ?)",
        _OPEN,
    )
    return all(
        state == State.PLANNED and (above == State.HELD or epoch_of(due_at) > world.epoch() + 90)
        for state, due_at, above in found.fetchall()
    )


async def judge(world: World, slack: Slack, process: Process) -> list[str]:
    """What was promised and is not so. `process` asks for the coordinators' list, and hears what they say of what is
    held; `world` goes on meanwhile, until that has come to its end too."""
    faults, has_held = await _judge(world, slack, process, is_decided=False)
    for _ in range(DECISIONS):
        if not has_held or faults:
            break
        # Who looks while it is still on its way would have it sent again: the risk that is documented, as with a look.
        await asyncio.sleep(max(0.0, slack.all_there_at - world.loop.time()))
        keys = dict(world.peek.execute("SELECT id, key FROM deliveries").fetchall())
        decided = await decide(process, await read_page(process), slack.by_key(), keys)
        world.happened["decisions about what is held"] += decided
        await rest(world)
        faults, has_held = await _judge(world, slack, process, is_decided=True)
    return faults


async def rest(world: World, patience: float = PATIENCE) -> None:
    """Returns when everything has ended that is due, or after so many virtual seconds."""
    deadline = world.loop.time() + patience
    rests = 0
    while rests < 2 and world.loop.time() < deadline:
        await asyncio.sleep(5.0)
        # Twice, since what is done may be followed by something.
        rests = rests + 1 if is_at_rest(world) else 0


async def _judge(world: World, slack: Slack, process: Process, *, is_decided: bool) -> tuple[list[str], bool]:
    """What is not so, and whether anything is held."""
    faults: list[str] = []
    arrived = slack.by_key()
    faults += [f"{key} arrived {count} times" for key, count in sorted(arrived.items()) if count > 1]
    rows = world.peek.execute(f"SELECT {_COLUMNS} FROM deliveries ORDER BY id").fetchall()
    known = {row[1] for row in rows}
    sent = {row[0] for row in rows if row[4] == State.SENT}
    held = {row[0] for row in rows if row[4] == State.HELD}
    faults += [f"{key} arrived and was never planned" for key in sorted(set(arrived) - known)]
    names = dict(world.peek.execute("SELECT id, name FROM members").fetchall())
    stuck: list[Stuck] = []
    has_alarm = Counter[str]()
    for row in rows:
        _id, key, kind, operation, state, reason, due_at, channel, member_id, parent, _no, owner, ts = row
        name = f"{kind} {operation} {key[:8]} ({state}: {reason})"
        if not is_decided:
            world.happened[f"{operation}: {state}"] += 1
        if state in _OPEN:
            # What belongs to a held message waits for the same decision, for which a coordinator is asked: the parts of
            # a digest are no more lost than it is, and the list names the whole. That they end once somebody has
            # decided is looked for afterwards; then nothing is held any more.
            waits = state == State.PLANNED and (parent in held or epoch_of(due_at) > world.epoch() - 90)
            if not waits:
                faults.append(f"{name} never ended")
            if arrived[key] and operation == "post":
                faults.append(f"{name} arrived and would go again")
            continue
        if owner is not None:
            faults.append(f"{name} still has its lease")
        if reason == PARENT_NOT_SENT and parent in sent:
            faults.append(f"{name}, which was")
        if operation != "post":
            continue
        if state == State.SENT:
            if arrived[key] != 1:
                faults.append(f"{name} arrived {arrived[key]} times")
            elif reason == ARRIVED_BY_WORD:
                pass  # where it stands is not known then
            elif (channel_ts := ts) not in {one.ts for one in slack.accepted if one.key == key}:
                faults.append(f"{name} is kept under {channel_ts}, where it isn't")
            continue
        if not reason:
            faults.append(f"{name} ended without a reason")
        if arrived[key] and state != State.HELD:
            faults.append(f"{name} arrived all the same")
        if state in _STUCK and kind != Kind.HELD_NOTICE and not (reason or "").startswith(WAITS_IN_HOME):
            to = f"#{channel}" if member_id is None else names[member_id]
            stuck.append(Stuck(name, to, reason or "", state == State.HELD, _id))
            has_alarm[state] += 1
    if not is_decided:
        # What somebody lets go again comes when they say so.
        faults += _order(rows)
    if stuck:
        faults += unsaid(await read_page(process), stuck)
    if has_alarm[State.HELD] or has_alarm[State.FAILED]:
        notices = [row for row in rows if row[2] == Kind.HELD_NOTICE and row[3] == "post"]
        if not notices:
            faults.append("no coordinator was told of what is held or was refused")
    return faults, bool(held)


def _order(rows: list[tuple[object, ...]]) -> list[str]:
    """Parts of a thread stand in their order."""
    threads: dict[object, list[tuple[int, str, str]]] = defaultdict(list)
    for row in rows:
        if row[9] is not None and row[3] == "post" and row[4] == State.SENT:
            threads[row[9]].append((int(str(row[10])), str(row[12]), str(row[1])))
    return [
        f"the thread of delivery {parent} is out of order: {parts}"
        for parent, parts in threads.items()
        if [ts for _no, ts, _key in sorted(parts)] != sorted(ts for _no, ts, _key in parts)
    ]
