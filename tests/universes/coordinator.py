"""What a coordinator sees by `/coalition deliveries`, as words, and what they then say about messages that are held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from bot.clock import FixedCalendar
from bot.domain.outbox import read_trouble
from bot.domain.sending import PAGE, Undelivered
from bot.slack.blocks.sending import undelivered_message
from bot.slack.mrkdwn import own
from tests.services.stage import Stage
from tests.universes.process import Process

WHO = "lou"


@dataclass(frozen=True)
class Stuck:
    """A message that did not arrive, as its row has it: to whom, by the name on screens, and why."""

    name: str
    to: str
    reason: str
    is_held: bool
    row_id: int


async def read_page(process: Process) -> Undelivered:
    """The list as the service gives it to that coordinator."""
    return cast(Undelivered, await process.do(_read(process)))


async def _read(process: Process) -> Undelivered:
    return await process.services.undeliveries.page(await _stage(process).actor(WHO))


async def decide(process: Process, page: Undelivered, arrived: Mapping[str, int], keys: Mapping[int, str]) -> int:
    """Says of each message that asks for it whether it arrived, as a look into Slack tells them. Returns how many."""
    for notice in page.notices:
        has_arrived = bool(arrived.get(keys[notice.delivery_id]))
        await process.do(_resolve(process, notice.delivery_id, arrived=has_arrived))
    return len(page.notices)


async def _resolve(process: Process, delivery_id: int, *, arrived: bool) -> None:
    actor = await _stage(process).actor(WHO)
    await process.services.unclear_posts.resolve_held(actor, delivery_id, arrived=arrived)


def unsaid(page: Undelivered, stuck: Sequence[Stuck]) -> list[str]:
    """What the words of the list don't say of these messages."""
    pages = range((len(page.receivers) + PAGE - 1) // PAGE)
    whole = "\n".join(_words(undelivered_message(page, number).content()["blocks"]) for number in pages)
    faults = []
    for name in dict.fromkeys(one.to for one in stuck):
        mine = [one for one in stuck if one.to == name]
        receiver = next((one for one in page.receivers if one.name == name), None)
        if receiver is None or own(name) not in whole:
            faults.append(f"the coordinators' list doesn't name {name}, whom {len(mine)} messages did not reach")
            continue
        words = _words(undelivered_message(replace(page, receivers=(receiver,))).content()["blocks"])
        if len(receiver.lines) < len(mine):
            faults.append(f"of {len(mine)} messages that did not reach {name} the coordinators see {receiver.lines}")
        # What keeps everything from somebody is said once for all of it.
        whole_trouble = receiver.trouble or (receiver.cut_off.trouble if receiver.cut_off is not None else None)
        if whole_trouble is not None and own(whole_trouble.why) not in words:
            faults.append(f"the list doesn't say why nothing reaches {name}: {words}")
        for one in mine:
            why = read_trouble(one.reason)
            is_said = why is not None and own(why.why) in words
            if not is_said and (one.is_held or whole_trouble is None):
                faults.append(f"the list doesn't say of {one.name} to {name}: {one.reason}. It says: {words}")
    asked = {notice.delivery_id for notice in page.notices}
    faults += [
        f"nobody is asked whether {one.name} arrived" for one in stuck if one.is_held and one.row_id not in asked
    ]
    return faults


def _stage(process: Process) -> Stage:
    return Stage(process.services, cast(FixedCalendar, process.calendar), 1)


def _words(blocks: Any) -> str:
    return "\n".join(_texts(blocks))


def _texts(part: Any) -> Iterator[str]:
    """Every text that stands in blocks, in their order."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for one in part:
            yield from _texts(one)
