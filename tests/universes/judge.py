"""The promises, looked up at the end of a universe: never twice, nothing lost, and a coordinator sees the rest."""

from __future__ import annotations

from collections import Counter, defaultdict

from bot.domain.outbox import WAITS_IN_HOME, Kind, State
from bot.domain.sending import Undelivered
from bot.services.access import operator
from tests.universes.outlook import epoch_of
from tests.universes.process import Process
from tests.universes.slack import Slack
from tests.universes.world import World

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
    """What was promised and is not so. `process` asks for the coordinators' page."""
    faults: list[str] = []
    arrived = slack.by_key()
    faults += [f"{key} arrived {count} times" for key, count in sorted(arrived.items()) if count > 1]
    rows = world.peek.execute(f"SELECT {_COLUMNS} FROM deliveries ORDER BY id").fetchall()
    known = {row[1] for row in rows}
    held = {row[0] for row in rows if row[4] == State.HELD}
    faults += [f"{key} arrived and was never planned" for key in sorted(set(arrived) - known)]
    unseen: Counter[tuple[str | None, int | None]] = Counter()
    has_alarm = Counter[str]()
    for row in rows:
        _id, key, kind, operation, state, reason, due_at, channel, member_id, parent, _no, owner, ts = row
        name = f"{kind} {operation} {key[:8]} ({state}: {reason})"
        world.happened[f"{operation}: {state}"] += 1
        if state in _OPEN:
            # What belongs to a held message waits for the same decision.
            waits = state == State.PLANNED and (parent in held or epoch_of(due_at) > world.epoch() - 90)
            if not waits:
                faults.append(f"{name} never ended")
            if arrived[key] and operation == "post":
                faults.append(f"{name} arrived and would go again")
            continue
        if owner is not None:
            faults.append(f"{name} still has its lease")
        if operation != "post":
            continue
        if state == State.SENT:
            if arrived[key] != 1:
                faults.append(f"{name} arrived {arrived[key]} times")
            elif (channel_ts := ts) not in {one.ts for one in slack.accepted if one.key == key}:
                faults.append(f"{name} is kept under {channel_ts}, where it isn't")
            continue
        if not reason:
            faults.append(f"{name} ended without a reason")
        if arrived[key] and state != State.HELD:
            faults.append(f"{name} arrived all the same")
        if state in _STUCK and kind != Kind.HELD_NOTICE and not (reason or "").startswith(WAITS_IN_HOME):
            unseen[channel, member_id] += 1
            has_alarm[state] += 1
    faults += _order(rows, slack)
    faults += await _page(world, process, unseen)
    if has_alarm[State.HELD] or has_alarm[State.FAILED]:
        notices = [row for row in rows if row[2] == Kind.HELD_NOTICE and row[3] == "post"]
        if not notices:
            faults.append("no coordinator was told of what is held or was refused")
    return faults


def _order(rows: list[tuple[object, ...]], slack: Slack) -> list[str]:
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


async def _page(world: World, process: Process, unseen: Counter[tuple[str | None, int | None]]) -> list[str]:
    """Whether the coordinators' page has a line with a reason for each that didn't arrive."""
    if not unseen:
        return []
    page: Undelivered = await process.do(process.services.undeliveries.page(operator(1)))
    members = dict(world.peek.execute("SELECT id, key FROM members").fetchall())
    shown: Counter[str] = Counter()
    faults = []
    for receiver in page.receivers:
        for line in receiver.lines:
            shown[receiver.name if receiver.member is None else receiver.member] += 1
            if line.whereabouts.trouble is None and line.notice is None:
                faults.append(f"{line.what} to {receiver.name} is listed without a reason")
    for (channel, member_id), count in unseen.items():
        name = f"#{channel}" if member_id is None else members[member_id]
        if shown[name] < count:
            faults.append(f"of {count} that did not reach {name} the coordinators see {shown[name]}")
    return faults
