"""What Home says of digests, by right."""

from __future__ import annotations

from bot.services.access import Transaction
from bot.services.digests.readings import overview_of
from tests.services.stage import Stage


async def test_everybody_is_told_of_the_next_digest_and_of_what_they_get(stage: Stage) -> None:
    await stage.go_live()
    told = {}
    for who in ("omar", "ben"):
        actor = await stage.actor(who)
        async with stage.services.database.read() as session:
            tx = await Transaction(session, actor.coalition_id, stage.calendar.now()).by(actor).read()
            told[who] = await overview_of(tx)
    omar, ben = told["omar"], told["ben"]
    assert (omar.may_send, ben.may_send) == (True, False)
    assert omar.next_at == ben.next_at == stage.at("2026-11-25T07:30")
    assert omar.latest is None
    assert [one.is_subscribed for one in ben.copies] == [True]
