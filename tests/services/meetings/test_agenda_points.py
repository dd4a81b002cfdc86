"""Points for a meeting's agenda: added once, on the right meeting, and taken along when a meeting is skipped."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.meetings import find_meetings, next_sittings
from bot.errors import UserError
from bot.services.access import Transaction
from bot.services.meetings import add_point_for_group
from bot.services.meetings.agenda_points import add_point, carry_points, points_of
from bot.store.base import id_of
from bot.store.rhythm import CadenceRow
from tests.services.stage import Stage


async def test_a_point_stands_once_on_the_groups_next_agenda_and_goes_along(stage: Stage) -> None:
    now = stage.at("2026-11-23T09:00")
    omar = await stage.actor("omar")
    async with stage.services.database.write(omar.author(now)) as session:
        tx = await Transaction(session, stage.coalition_id, now).by(omar).read()
        placed = await add_point_for_group(tx, "steering", "Evening pay", about="I-2")
        again = await add_point_for_group(tx, "steering", "Evening pay", about="I-2")
        assert (placed, again) == (False, True)
        [steering] = find_meetings(tx.record, "steering-quarterly")
        [following] = next_sittings(steering, now, 1)
        assert following.ref.key == "steering-quarterly|2027-02-03T09:00"
        cadence_id = await id_of(session, CadenceRow, stage.coalition_id, steering.id)
        assert cadence_id is not None
        [point] = await points_of(tx, cadence_id, following.ref.slot)
        assert point.text == "Evening pay"
        [talent] = find_meetings(tx.record, "wg-talent-monthly")
        first, second = next_sittings(talent, now, 2)
        submitted = [await add_point(tx, first, "Parking  at\nthe evening site", submission="one") for _ in range(2)]
        assert submitted == [False, True]
        with pytest.raises(UserError, match="Write the point"):
            await add_point(tx, first, " ")
        with pytest.raises(UserError, match="300 fit"):
            await add_point(tx, first, "a" * 301)
        cadence_id = await session.scalar(select(CadenceRow.id).where(CadenceRow.key == talent.id))
        assert cadence_id is not None
        assert await carry_points(tx, first.ref, second.ref) == 1
        assert await points_of(tx, cadence_id, first.ref.slot) == []
        [moved] = await points_of(tx, cadence_id, second.ref.slot)
        assert moved.text == "Parking at the evening site"
        with pytest.raises(UserError, match="has no meeting ahead"):
            await add_point_for_group(tx, "nobody", "Anything")
