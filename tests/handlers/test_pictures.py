"""Pictures through the sandbox: after a card's words, in the digest's replies, once each, and never in the way."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from bot.charts.drawing import Drawing
from bot.domain.metrics import FigureDraft
from bot.sandbox.workspace import Message
from bot.services.outbox import Pictures
from bot.slack.blocks.charts import Chart
from bot.store.outbox import DeliveryRow
from tests.handlers.stage import Stage, at, only_updates_and_digests, words

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def one_edition_is_left(stage: Stage) -> None:
    """On Wednesday all of the digest has gone but the edition in one channel, which goes a minute later."""
    await only_updates_and_digests(stage)
    stage.calendar.set(at("11-25 07:30"))
    await stage.services.rhythm.plan()
    async with stage.services.database.write() as session:
        edition = DeliveryRow.channel == "lb-access", DeliveryRow.kind == "digest_channel"
        await session.execute(update(DeliveryRow).where(*edition).values(due_at=at("11-25 07:31")))


async def it_goes(stage: Stage) -> list[Message]:
    """What goes out in that channel."""
    assert not [one for one in stage.person("imani").sees("lb-access") if one.from_bot]
    await stage.go("11-25 07:31")
    return [one for one in stage.person("imani").sees("lb-access") if one.from_bot]


AN_EDITION_LEFT = pytest.mark.lived.with_args(one_edition_is_left)


async def drawn(chart: Chart) -> bytes:
    """A stand-in where the lines of the picture don't matter."""
    return PNG + chart.key.encode()


def pictures(message: Message) -> list[dict[str, Any]]:
    return [block for block in message.blocks or [] if block["type"] == "image"]


async def test_a_cards_picture_follows_its_words_and_is_uploaded_once(live: Stage) -> None:
    drawing = Drawing()
    live.show_pictures(drawing.draw)
    luis = live.person("luis")
    await luis.command("/metric", "seats")
    await luis.until(lambda: len(luis.ephemerals) >= 2, timeout=20)
    words_first, picture = luis.ephemerals[-2:]
    assert "60 → *134 seats*" in words(words_first)
    assert not pictures(words_first)
    [block] = pictures(picture)
    assert block["title"]["text"] == "Extended-hours child care seats open, by quarter"
    assert str(block["alt_text"]).startswith("Line chart of extended-hours child care seats open. Baseline 60 on Jun")
    assert picture.text == block["alt_text"]
    file = live.sandbox.workspace.files[block["slack_file"]["id"]]
    assert file.content is not None
    assert file.content.startswith(PNG[:8])
    assert not file.channels
    await luis.says("seats")
    await luis.until(lambda: any(pictures(one) for one in luis.dm()))
    assert len(live.calls("files.getUploadURLExternal")) == 1
    await luis.command("/metric", "jq-wage")
    await luis.until(lambda: "No figure yet" in words(luis.ephemerals[-1]) or len(luis.ephemerals) >= 3)
    assert len(live.calls("files.getUploadURLExternal")) == 1
    drawing.close()


async def test_the_picture_of_a_figures_parts_follows_its_words(live: Stage) -> None:
    drawing = Drawing()
    live.show_pictures(drawing.draw)
    luis = live.person("luis")
    actor, metrics = await live.actor("luis"), live.services.metrics
    answers = {"metric": "fa-seats", "value": "142", "period_end": "2026-11-20", "quality": "final"}
    drafted = await metrics.submit(actor, "t", answers | {"breakdown": "County: Harrow 90\nCounty: Bend 52"})
    if isinstance(drafted, FigureDraft):
        await metrics.record(actor, drafted.token)
    await luis.says("seats")
    await luis.until(lambda: any("Picture of parts" in words(one) for one in luis.dm()))
    card = next(one for one in luis.dm() if "Picture of parts" in words(one))
    await luis.press(card, "Picture of parts: Extended-hours child care seats open")

    def bars() -> list[dict[str, Any]]:
        return [block for one in luis.dm() for block in pictures(one) if "Bars of" in str(block["alt_text"])]

    await luis.until(lambda: bool(bars()), timeout=20)
    [block] = bars()
    assert block["alt_text"] == (
        "Bars of Extended-hours child care seats open by county, as of Nov 20: Harrow 90; Bend 52."
    )
    drawing.close()


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_the_digest_has_pictures_in_its_replies_and_editions(live: Stage) -> None:
    live.show_pictures(drawn)
    await live.go("11-25 07:30")
    marcus = live.person("marcus")
    main = next(one for one in marcus.sees("lb-steering") if one.from_bot)
    [whole] = pictures(main)
    assert whole["title"]["text"] == "How far the main figures are from baseline to target"
    assert str(whole["alt_text"]).startswith("A row for each priority. Child care and commute access: Extended-hours")
    channel = live.sandbox.workspace.channel_called("lb-steering")
    assert channel is not None
    replies = [one for one in channel.messages.values() if one.thread_ts == main.ts and one.ts != main.ts]
    assert [len(pictures(one)) for one in replies] == [1, 1, 1, 1, 0]
    assert all(one.metadata for one in replies)
    edition = next(one for one in live.person("imani").sees("lb-access") if one.from_bot)
    kinds = [block["type"] for block in edition.blocks or []]
    assert kinds[:4] == ["header", "section", "data_table", "image"]
    assert str(pictures(edition)[0]["alt_text"]).startswith("Line chart of extended-hours child care seats")


@AN_EDITION_LEFT
async def test_a_picture_stays_where_slack_refuses_the_table_beside_it(live: Stage) -> None:
    live.sandbox.settings.unknown_blocks = frozenset({"data_table"})
    live.show_pictures(drawn)
    [edition] = await it_goes(live)
    kinds = [block["type"] for block in edition.blocks or []]
    assert kinds[:3] == ["header", "section", "image"]
    assert "60 (Jun 30, 2025) → 134" in words(edition)


@AN_EDITION_LEFT
async def test_a_digest_goes_out_without_a_picture_that_cant_be_had(live: Stage) -> None:
    async def fails(chart: Chart) -> bytes:
        raise RuntimeError("nothing to draw with")

    live.show_pictures(fails)
    [edition] = await it_goes(live)
    assert not pictures(edition)
    assert "Child care and commute access" in words(edition)


@AN_EDITION_LEFT
async def test_a_file_that_slack_doesnt_show_any_more_is_left_out_and_forgotten(
    live: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.show_pictures(drawn)
    forgotten = []

    async def find(self: Pictures, team_id: str, key: str) -> str | None:
        return "F999999999"

    async def forget(self: Pictures, team_id: str, key: str) -> None:
        forgotten.append(key)

    monkeypatch.setattr(Pictures, "find", find)
    monkeypatch.setattr(Pictures, "forget", forget)
    editions = await it_goes(live)
    assert [pictures(one) for one in editions] == [[]]
    assert forgotten
