"""The numbers of health are those of the deliveries and the digest."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.domain.health import Share
from bot.store.outbox import DeliveryRow
from tests.services.stage import Stage


async def test_what_went_out_and_what_did_not(played: Stage) -> None:
    found = await played.services.health_reports.page(await played.actor("omar"))
    week = [one for one in await played.deliveries() if "update" not in one.kind]
    assert found.sent.sent == len([one for one in week if one.state == "sent"])
    assert found.sent.held == len([one for one in week if one.state == "held"])
    assert {one.member for one in found.outside_slack} == {"lorna", "charlotte"}
    assert [one.name for one in found.stale] == [
        "Completers placed in a good job within 90 days",
        "Frontline workers earning the local living wage",
    ]
    assert [one.key for one in found.passed] == ["fa-io1"], "its day was Sep 30"
    assert found.figures == 13
    assert found.now_kept.answered == Share(2, 4), "Imani's, and Grant's on behalf"


async def test_what_came_late_and_what_was_missed_is_told_with_its_reason(played: Stage) -> None:
    async with played.services.database.write() as session:
        for row in await session.scalars(select(DeliveryRow)):
            row.sent_at = row.due_at if row.sent_at is not None else None
        sent = select(DeliveryRow).filter_by(operation="post", state="sent").order_by(DeliveryRow.id).limit(3)
        rows = (await session.scalars(sent)).all()
        rows[0].sent_at = rows[0].due_at + timedelta(hours=2)
        rows[0].state = "sent"
        for row in rows[1:]:
            row.state, row.reason = "missed", "the Slack account is deactivated: link another one"
    found = await played.services.health_reports.page(await played.actor("dana"))
    assert found.sent.late == 1
    assert ("the Slack account is deactivated", 2) in found.sent.missed
