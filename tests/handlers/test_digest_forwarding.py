"""Passing a digest on by hand through the sandbox: each reader's own text and files, and that it was done, once."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.domain.outbox import State
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from tests.handlers.stage import Stage, only_updates_and_digests, words
from tests.handlers.test_digests import said

# Its digest is out, and no mail is sent.
pytestmark = pytest.mark.lived(only_updates_and_digests, "11-25 07:30")

CHARLOTTE = "Charlotte Halvorsen"


async def listed(live: Stage, who: str = "omar") -> str:
    """What the list says to them, opened anew."""
    person = live.person(who)
    if person.modal is not None:
        await person.close(is_cleared=True)
    return await said(person, "forward")


async def pressed(live: Stage, button: str, name: str = CHARLOTTE, who: str = "omar") -> str:
    """What stands there after a button of somebody's was pressed."""
    person = live.person(who)
    before = words(person.modal)
    assert person.modal is not None
    await person.press(person.modal, f"{button}: {name}")
    await person.until(lambda: words(person.modal) not in {before, ""} and "Opening" not in words(person.modal))
    return words(person.modal)


def copied(live: Stage) -> str:
    """What stands in the modal to be copied."""
    modal = live.person("omar").modal
    return str([block for block in (modal.blocks or () if modal is not None else ()) if block["type"] == "rich_text"])


async def planned(live: Stage) -> tuple[str, str | None]:
    """What is so with the copy that was planned."""
    async with live.services.database.read() as session:
        row = (await session.scalars(select(DeliveryRow).filter_by(key="planned"))).one()
        return row.state, row.reason


async def test_a_text_is_copied_with_the_amounts_of_its_reader(live: Stage) -> None:
    await listed(live)
    await pressed(live, "Copy text")
    text = copied(live)
    assert "Weekly digest: Limestone Bend Good Jobs Compact" in text
    assert "applied for" not in text
    assert "$5,750,000 secured" in text
    await live.person("omar").close()
    await pressed(live, "Copy text", "Lorna Pruitt")
    assert "$1,600,000 applied for" in copied(live)


async def test_files_hold_the_whole(live: Stage) -> None:
    omar = live.person("omar")
    await listed(live)
    assert "Text and HTML for Charlotte Halvorsen are in your messages" in await pressed(live, "Get HTML")
    names = [file.name for message in omar.dm() for file in message.files]
    assert sorted(names)[-2:] == ["digest-charlotte.html", "digest-charlotte.txt"]
    await pressed(live, "Copy text")
    assert "The text for Charlotte Halvorsen is in your messages" in await pressed(live, "Get it as a file")
    files = [file for message in omar.dm() for file in message.files]
    assert len(files) == 3
    assert "applied for" not in "".join((file.content or b"").decode() for file in files)


async def test_whoever_forwarded_it_is_named_everywhere_and_can_take_it_back(live: Stage) -> None:
    await listed(live)
    assert "Omar Castellanos forwarded it on Wed Nov 25." in await pressed(live, "I forwarded it")
    assert "Omar Castellanos forwarded it on Wed Nov 25." in await listed(live, "dana")
    history = "Passed on by hand: Charlotte Halvorsen (Omar Castellanos, Wed Nov 25)"
    assert history in await said(live.person("dana"), "history")
    assert history not in await said(live.person("tom"), "history"), "coordinators only read it"
    card = await said(live.person("dana"), "members @charlotte", "/coalition")
    assert "*Digest of Wed Nov 25:* Omar Castellanos forwarded it on Wed Nov 25" in card
    assert "Forwarded digest of Charlotte Halvorsen: added" in await said(live.person("dana"), "audit", "/coalition")
    dana = live.person("dana")
    await dana.open_home()
    waits = "The digest of Wed Nov 25 was passed on to Charlotte Halvorsen; Lorna Pruitt still waits for it."
    await dana.until(lambda: waits in words(dana.home()))
    await listed(live, "dana")
    assert "forwarded it" not in (await pressed(live, "Take it back", who="dana")).replace("I forwarded it", "")
    assert "Passed on" not in await said(live.person("omar"), "history")


async def test_two_who_press_at_once_are_told_who_was_first(live: Stage) -> None:
    omar, dana = live.person("omar"), live.person("dana")
    await listed(live)
    await listed(live, "dana")
    await asyncio.gather(pressed(live, "I forwarded it"), pressed(live, "I forwarded it", who="dana"))
    told = {words(person.modal) for person in (omar, dana)}
    first = {name for name in ("Omar Castellanos", "Dana Whitlock") if any(name in one for one in told)}
    assert len(first) == 1
    assert all(f"{name} forwarded it on Wed Nov 25." in one for name in first for one in told)
    done = await live.services.digests.past(await live.actor("omar"))
    assert len(done.digests[0].passed_on) == 1
    # What was noted before a later digest stays with its own.
    await live.go("12-04 07:30")
    assert "forwarded it on" not in await listed(live)


async def test_what_was_planned_for_a_reader_goes_no_more_once_somebody_forwarded_it(live: Stage) -> None:
    """Mail was set up when the digest was planned, and isn't any more."""
    page = await live.services.digests.to_forward(await live.actor("omar"))
    charlotte = next(one for one in page.readers if one.member == "charlotte")
    async with live.services.database.write() as session:
        session.add(
            DeliveryRow(
                coalition_id=live.bot.coalition_id,
                key="planned",
                kind="digest_copy",
                member_id=await session.scalar(select(MemberRow.id).filter_by(key="charlotte")),
                digest_id=page.digest,
                subject={"edition": charlotte.edition.key},
                waiting=True,
                planned_at=live.calendar.now(),
                due_at=live.calendar.now(),
            )
        )
    await listed(live)
    await pressed(live, "I forwarded it")
    assert await planned(live) == (State.DROPPED, "somebody passed it on by hand")
    await pressed(live, "Take it back")
    assert await planned(live) == (State.PLANNED, None)
