"""Figures in a table where Slack takes one, and in words at once where it refuses it: once each, either way."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.outbox import State, delivery_key
from bot.sandbox import Settings as SandboxSettings
from bot.sandbox.workspace import Message
from bot.store.outbox import DeliveryRow
from tests.handlers.stage import words
from tests.schedules.conftest import DIGEST, NEVER, Opener
from tests.schedules.stage import Stage

DAY = 24 * 3600.0


def replies(stage: Stage) -> list[Message]:
    """What stands under the newest digest, without the closing part."""
    channel = stage.sandbox.workspace.channel_called("lb-steering")
    assert channel is not None
    return list(channel.replies(list(channel.top_level())[-1].ts))[:-1]


def editions(stage: Stage, name: str = "lb-access") -> list[Message]:
    channel = stage.sandbox.workspace.channel_called(name)
    assert channel is not None
    return [one for one in channel.top_level() if one.from_bot]


def tables(message: Message) -> list[dict[str, Any]]:
    return [block for block in message.blocks or [] if block["type"] == "data_table"]


def refused(stage: Stage, method: str = "chat.postMessage") -> int:
    """How many calls Slack refused for their blocks."""
    return sum((call["response"] or {}).get("error") == "invalid_blocks" for call in stage.calls(method))


async def rest(stage: Stage, *channels: str) -> None:
    """The editions of these channels wait for a while."""
    async with stage.services.database.write() as session:
        await session.execute(
            update(DeliveryRow).where(DeliveryRow.channel.in_(channels)).values(next_attempt_at=NEVER)
        )


async def ask_anew(stage: Stage) -> None:
    """Every reply of the digest is to be shown anew."""
    async with stage.services.database.write() as session:
        for row in await stage.rows("digest_reply"):
            if row.state == State.SENT:
                session.add(
                    DeliveryRow(
                        coalition_id=row.coalition_id,
                        key=delivery_key(row.key, "update"),
                        kind=row.kind,
                        operation="update",
                        channel=row.channel,
                        parent_id=row.id,
                        about=row.about,
                        digest_id=row.digest_id,
                        subject=row.subject,
                        planned_at=row.due_at,
                        due_at=row.due_at,
                        version=1,
                    )
                )


async def test_the_figures_stand_in_a_table(stage: Stage) -> None:
    await stage.go(DIGEST)
    assert [len(tables(one)) for one in replies(stage)] == [1] * 4
    [edition] = editions(stage)
    [table] = tables(edition)
    assert table["caption"] == "Figures of Child care and commute access"
    name, baseline, latest = (cell["text"] for cell in table["rows"][1][:3])
    assert (name, baseline) == ("Extended-hours child care seats open", "60 (Jun 30, 2025)")
    assert latest.startswith("134 (Sep 30")
    assert "60 (Jun 30, 2025) → 134" in edition.text
    assert refused(stage) == 0
    assert not stage.doubled


async def test_where_tables_are_refused_the_words_go_at_once_and_it_costs_one_call(
    monday: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = monday
    stage.sandbox.settings.unknown_blocks = frozenset({"data_table"})
    stage.set(DIGEST)
    await stage.services.rhythm.plan()
    await rest(stage, "lb-access", "lb-talent")
    await stage.main.round()
    assert refused(stage) == 1
    assert not stage.doubled
    assert not any(tables(one) for one in (*replies(stage), *editions(stage, "lb-suppliers")))
    assert [("→" in words(one)) for one in (*replies(stage), *editions(stage, "lb-suppliers"))] == [True] * 5
    await stage.hurry()
    await rest(stage, "lb-talent")
    await stage.main.round()
    [edition] = editions(stage)
    assert not tables(edition)
    assert refused(stage) == 1, "it isn't asked again"
    # A day later it is.
    elapsed = stage.services.deliveries.elapsed
    monkeypatch.setattr(elapsed, "monotonic", lambda: time.monotonic() + DAY)
    stage.sandbox.settings.unknown_blocks = frozenset()
    await stage.hurry()
    await stage.settle()
    [edition] = editions(stage, "lb-talent")
    assert len(tables(edition)) == 1
    assert refused(stage) == 1
    assert not stage.doubled
    rows = await stage.rows("digest_reply", "digest_channel")
    assert {(row.state, row.attempts) for row in rows} == {(State.SENT, 1)}


async def test_a_reply_that_is_shown_anew_has_its_table(posted: Stage) -> None:
    await ask_anew(posted)
    await posted.settle()
    assert len(posted.calls("chat.update")) == 5
    assert [len(tables(one)) for one in replies(posted)] == [1] * 4
    assert refused(posted, "chat.update") == 0


async def test_a_reply_is_shown_anew_in_words_where_its_table_is_refused_now(posted: Stage) -> None:
    posted.main.gateway.at_once = 1
    posted.sandbox.settings.unknown_blocks = frozenset({"data_table"})
    posted.main.workspaces.only.tables = type(posted.main.workspaces.only.tables)()
    await ask_anew(posted)
    await posted.settle()
    assert refused(posted, "chat.update") == 1
    assert [len(tables(one)) for one in replies(posted)] == [0] * 4
    assert [("→" in words(one)) for one in replies(posted)] == [True] * 4
    assert {row.state for row in await posted.rows("digest_reply", operation="update")} == {State.SENT}


async def test_a_message_that_is_refused_in_words_too_is_told_and_says_nothing_of_tables(open_stage: Opener) -> None:
    settings = SandboxSettings(unknown_blocks=frozenset({"data_table", "section"}))
    async with open_stage(settings=settings) as stage:
        await stage.go(DIGEST)
        [edition, *_] = await stage.rows("digest_channel", to="lb-access")
        assert edition.state == State.FAILED
        assert edition.reason == "Slack doesn't take the layout of this message"
        async with stage.main.workspaces.only.tables.believed(time.monotonic()) as may_show:
            assert may_show
