"""Seeded universes keep every promise; planted faults are found in them, each with its seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.services.sending import Deliveries, UnclearPosts
from bot.slack.gateway import Gateway, NotFound
from tests.examples import part
from tests.universes import Room, Verdict, a_room, live

# So many are lived through here, and one in which a message is held; `python -m tests.universes` lives through more.
UNIVERSES, HELD = part(6, 20), 30
# A planted fault has to be found within so many.
SOON = 60
# Seeds that have broken a promise once.
BROKEN_ONCE: tuple[int, ...] = (55715290, 998590046)

# What there has to be of each, about half of what there is in a whole run, one in the suite: where nothing happens,
# nothing is proved.
LEAST = {
    "posts": 48,
    "posts to a person": 31,
    "posts to a channel": 8,
    "posts in a thread": 9,
    "updates": 2,
    "deaths at a statement": 24,
    "deaths at a moment": 14,
    "stops": 2,
    "people: letter": 4,
    "universes of clocks apart": 5,
    "universes of 1 places": 3,
    "universes of 2 places": 4,
    "universes of 3 places": 4,
    "post: held": 1,
    "post: dropped": 1,
    "answers lost": 5,
}
LOST = ("no answer", "slow", "late", "unclear")


@pytest.fixture(scope="module")
def room(sqlite_template: Path) -> Iterator[Room]:
    with a_room(sqlite_template) as opened:
        yield opened


@pytest.mark.in_part
def test_whatever_happens_nothing_arrives_twice_and_nothing_is_lost_without_a_word(
    room: Room, record_property: Callable[[str, object], None]
) -> None:
    broken: list[Verdict] = []
    happened: Counter[str] = Counter()
    for seed in (*range(UNIVERSES), HELD, *BROKEN_ONCE):
        verdict = live(seed, room)
        happened += verdict.happened
        if verdict.faults:
            broken.append(verdict)
    assert not broken, "\n".join(line for verdict in broken for line in verdict.lines())
    happened["answers lost"] = sum(happened[f"Slack: chat_postMessage {what}"] for what in LOST)
    too_few = {what: happened[what] for what, least in LEAST.items() if happened[what] < part(1, least)}
    assert not too_few
    shown = ("posts", "updates", "deaths", "answers lost", "post: held", "post: dropped")
    record_property("figures", f"{UNIVERSES + 2} universes: " + ", ".join(f"{happened[what]} {what}" for what in shown))


@pytest.mark.in_part
@pytest.mark.parametrize("seed", part([3], [3, *BROKEN_ONCE]))
def test_a_seed_is_the_same_universe_again(room: Room, seed: int) -> None:
    first, again = live(seed, room), live(seed, room)
    assert first.log == again.log
    assert (first.fingerprint, first.faults) == (again.fingerprint, again.faults)
    assert first.fingerprint != live(seed + 1, room).fingerprint


async def _may_always(*_asked: object, **_others: object) -> bool:
    return True


async def _sends_again(self: Deliveries, delivery_id: int, attempt: int, reason: str) -> None:
    await self.later(delivery_id, attempt, reason, self.timing.retry)


async def _takes_for_sent(self: Deliveries, delivery_id: int, attempt: int, _reason: str) -> None:
    await self.sent(delivery_id, attempt, "C1", "1.1", 1)


async def _finds_nothing(*_asked: object, **_how: object) -> NotFound:
    return NotFound()


async def _ends_none(_self: UnclearPosts, *, mine: bool = False) -> int:
    return 0


# What is broken, by whom and with what, how a fault that tells of it ends, and the seed from which it is looked for:
# one soon before a universe that showed it, so that the search is short.
PLANTED: dict[str, tuple[list[tuple[type, str, object]], str, int]] = {
    # Whoever has no claim any more posts, and what is unclear is sent again without a look.
    "a double send": (
        [(Deliveries, "may_post", _may_always), (Deliveries, "unclear", _sends_again)],
        "arrived 2 times",
        11,
    ),
    "a lost claim": ([(UnclearPosts, "expire_leases", _ends_none)], "never ended", 20),
    "a lost answer taken for yes": ([(Deliveries, "unclear", _takes_for_sent)], "arrived 0 times", 8),
    "a look that sees nothing": ([(Gateway, "find", _finds_nothing)], "arrived 2 times", 11),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_and_its_seed_is_told(
    room: Room, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    broken, told, begin = PLANTED[name]
    for owner, method, instead in broken:
        monkeypatch.setattr(owner, method, instead)
    found = _first_broken(room, told, begin)
    assert f"seed {found.seed}, log {found.fingerprint[:16]}" in capsys.readouterr().out
    assert live(found.seed, room).faults == found.faults


def _first_broken(room: Room, told: str, begin: int) -> Verdict:
    """The first universe that breaks a promise, and tells of it with these words at the end."""
    for seed in range(begin, begin + SOON):
        verdict = live(seed, room)
        if verdict.faults:
            print(*verdict.lines(), sep="\n")
            if any(fault.endswith(told) for fault in verdict.faults):
                return verdict
    raise AssertionError(f"nothing was found in {SOON} universes")
