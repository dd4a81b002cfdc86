"""Seeded universes keep every promise; a planted double send and a planted lost claim are found, with their seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from bot.services.sending import Deliveries, UnclearPosts
from tests.universes import Room, Verdict, a_room, live

UNIVERSES = 30
# A planted fault has to be found within so many.
SOON = 40
# Seeds that have broken a promise once.
BROKEN_ONCE: tuple[int, ...] = ()


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with a_room() as opened:
        yield opened


def test_whatever_happens_nothing_arrives_twice_and_nothing_is_lost_without_a_word(
    room: Room, record_property: Callable[[str, object], None]
) -> None:
    broken: list[Verdict] = []
    happened: Counter[str] = Counter()
    for seed in range(UNIVERSES):
        verdict = live(seed, room)
        happened += verdict.happened
        if verdict.faults:
            broken.append(verdict)
    assert not broken, "\n".join(line for verdict in broken for line in verdict.lines())
    # A simulation in which nothing happens proves nothing.
    for what in ("deaths at a statement", "deaths at a moment", "stops", "update: sent"):
        assert happened[what], what
    lost = sum(happened[f"Slack: chat_postMessage {what}"] for what in ("no answer", "slow", "late", "unclear"))
    assert lost > UNIVERSES / 5
    figures = f"{UNIVERSES} universes: {happened['posts']} posts, {happened['deaths']} deaths, {lost} answers lost"
    record_property("figures", figures)


@pytest.mark.parametrize("seed", [3, 11, *BROKEN_ONCE])
def test_a_seed_is_the_same_universe_again(room: Room, seed: int) -> None:
    first, again = live(seed, room), live(seed, room)
    assert first.log == again.log
    assert (first.fingerprint, first.faults) == (again.fingerprint, again.faults)
    assert first.fingerprint != live(seed + 1, room).fingerprint


def first_broken(room: Room) -> Verdict:
    """The first universe that breaks a promise."""
    for seed in range(SOON):
        verdict = live(seed, room)
        if verdict.faults:
            print(*verdict.lines(), sep="\n")
            return verdict
    raise AssertionError(f"nothing was found in {SOON} universes")


def test_a_planted_double_send_is_found_and_its_seed_is_told(
    room: Room, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def may_always(*_asked: object) -> bool:
        return True

    async def again(self: Deliveries, delivery_id: int, attempt: int, reason: str) -> None:
        await self.later(delivery_id, attempt, reason, self.timing.retry)

    # Whoever has no claim any more posts, and what is unclear is sent again without a look.
    monkeypatch.setattr(Deliveries, "may_post", may_always)
    monkeypatch.setattr(Deliveries, "unclear", again)
    found = first_broken(room)
    assert any(fault.endswith("arrived 2 times") for fault in found.faults), found.faults
    assert f"seed {found.seed}, log {found.fingerprint[:16]}" in capsys.readouterr().out
    assert live(found.seed, room).faults == found.faults


def test_a_planted_lost_claim_is_found_and_its_seed_is_told(
    room: Room, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def ends_none(_self: UnclearPosts, *, mine: bool = False) -> int:
        return 0

    monkeypatch.setattr(UnclearPosts, "expire_leases", ends_none)
    found = first_broken(room)
    assert any("(claimed: " in fault and fault.endswith("never ended") for fault in found.faults), found.faults
    assert f"seed {found.seed}, log {found.fingerprint[:16]}" in capsys.readouterr().out
    assert live(found.seed, room).faults == found.faults
