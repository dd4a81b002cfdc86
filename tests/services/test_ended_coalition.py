"""In a coalition that has ended every use case that changes its record says so, and what reads goes on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.clock import FixedCalendar
from bot.domain.record import Record
from bot.errors import UserError
from bot.services import Services
from bot.store.audit import ChangeRow
from bot.store.coalition import CoalitionRow
from bot.store.database import Database
from tests.conftest import MONDAY_SEVEN
from tests.examples import one_in, part
from tests.services.rights_stage import rehearsing, set_scene, with_cast
from tests.services.test_rights_by_role import TABLE

# What is changed in one that has ended: to bring it back, people's accounts, roles and leaving, and what was sent.
GOES_ON = {
    "answer_links.call_back",
    "coalition_ends.reopen",
    "coalitions.add_admin",
    "digests.note_passed_on",
    "erasures.erase",
    "first_contacts.confirm",
    "leavings.leave",
    "leavings.take_part_again",
    "members.set_roles",
    "people.link",
    "private_notes.see",
    "unclear_posts.resolve_held",
}
# Here the act itself sets a stage first, as those of a setup do, which is of a draft.
STAGED = {"pulses.done_form", "pulses.say_done"}
# What somebody fills in, chooses from or reads back before anything is saved: nobody begins what can't be.
BEGINS = re.compile(r"form|read_back|\.draft|check$|ballot|escalation|pausing|upcoming|ask_to_send|\.open$")
# Forms of what goes on, and what is read there: an answer that was given, a step of a form that is open.
READS = {"checkins.form", "erasures.form", "leavings.form", "leavings.former", "form_words.keep", "form_words.kept",
         "form_words.drop"}  # fmt: skip
MOST = {"action_items.complete", "metrics.record", "asks.answer", "coalitions.pause"}
SAYS = "so nothing new is recorded. A lead or an admin can bring it back: “coalition reopen coalition”."


async def _changes(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.max(ChangeRow.id))) or 0


@pytest.mark.in_part
async def test_changes_are_refused_and_reading_goes_on(
    services: Services, calendar: FixedCalendar, sample: Record
) -> None:
    calendar.set(MONDAY_SEVEN)
    scene = await set_scene(services, calendar, with_cast(sample))
    database = services.database
    async with database.write(scene.actors["dana"].author(calendar.now())) as session:
        row = await session.get_one(CoalitionRow, scene.actors["dana"].coalition_id)
        row.ended = MONDAY_SEVEN.date() - timedelta(days=4)  # no day of a digest
    await services.rhythm.plan()
    refused: set[str] = set()
    changed: set[str] = set()
    begins = {method for method in TABLE if BEGINS.search(method) and not method.startswith("setup.")}
    # In the suite every third method, besides those that are looked for below.
    tried = {*one_in(3, [*TABLE]), *begins, *MOST}
    async with rehearsing(database) as rehearsal:
        async with rehearsal.call():
            before = await _changes(database)
        for method, acts in TABLE.items():
            if method not in tried or method in STAGED or method.startswith("setup."):
                continue
            for one in part(acts[:1], acts):
                async with rehearsal.call():
                    try:
                        await one.call(scene, scene.actors["dana"])
                    except UserError as error:
                        if SAYS in error.message:
                            refused.add(method)
                    if await _changes(database) > before:
                        changed.add(method)
    assert sorted(changed - GOES_ON) == [], "these change what has ended"
    assert sorted(refused & GOES_ON) == []
    # What they refuse is most of what people do.
    assert refused >= MOST
    assert len(refused) > part(70, 100)
    assert {"action_items.read_back", "letters.read_back", "metrics.draft"} <= begins
    assert sorted(begins - refused - STAGED - READS) == [], "these let one begin what can't be saved"
