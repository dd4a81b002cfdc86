"""A signed request that somebody sends once more, within five minutes, to another process on the same database: each
process remembers only the signatures that it took itself. Nothing is changed or said twice."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.app import running_bot
from bot.clock import FixedCalendar
from bot.domain.record import Record
from bot.sandbox.core import VERIFICATION_TOKEN
from bot.settings import read_settings
from bot.slack.metadata import encode_question
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from tests.connection.stage import ANYWHERE, Connected, connected
from tests.handlers.stage import words

TITLE, OWNER, DUE = (encode_question(name) for name in ("title", "owner", "due"))
PRIORITY = encode_question("priority")
KINDS = {"view_submission": "interactions", "block_actions": "interactions", "message": "events"}


async def changed(slack: Connected) -> tuple[int, ...]:
    async with slack.bot.services.database.read() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(row))
            for row in (ChangeRow, AuditEntryRow, DeliveryRow, DeliveryItemRow)
        ]
    return tuple(count or 0 for count in counts)


@pytest.mark.postgres
async def test_a_request_that_another_process_took_changes_nothing_once_more(
    postgres_sample_url: str, sample: Record, calendar: FixedCalendar
) -> None:
    async with connected("http", postgres_sample_url, sample, calendar) as slack:
        sandbox = slack.sandbox
        second = read_settings(
            _env_file=None,
            slack_bot_token=SecretStr(sandbox.bot_token),
            slack_signing_secret=SecretStr(sandbox.signing_secret),
            slack_api_url=sandbox.api_url,
            database_url=postgres_sample_url,
        )
        async with running_bot(second, calendar=calendar, http=ANYWHERE) as other:
            omar, grant = slack.person("omar"), slack.person("grant")
            assert (await omar.command("/action", "add")).ok
            await omar.until(lambda: "What will be done?" in words(omar.modal))
            form = await omar.sees_modal("New action")
            (chosen,) = await omar.options(form, "find_member", "okaf")
            about = {TITLE: "Call the bank", OWNER: chosen, DUE: "2026-12-04"}
            await omar.fill({**about, PRIORITY: "Supplier and small-firm growth"})
            assert await omar.submit() is None
            await omar.until(lambda: "A-504" in words(omar.modal))
            assert (await grant.command("/action", "A-202")).ok
            await grant.until(lambda: grant.ephemerals)
            assert (await grant.press(grant.ephemerals[-1], "Done")).ok
            await grant.until(lambda: "done Mon Nov 23" in words(grant.ephemerals[-1]))
            assert (await omar.command("/action", "done A-101")).ok
            shown = len(omar.ephemerals)
            assert (await omar.command("/action", "add Call the college @marcus by Fri in supplier")).ok
            await omar.until(lambda: len(omar.ephemerals) > shown)
            assert (await omar.press(omar.ephemerals[-1], "Add")).ok
            assert (await omar.command("/metric", "update placed 48.5 as of Jun 30 provisional")).ok
            await omar.says("A-103 done")
            await omar.hears()
            await sandbox.settled()
            await slack.bot.settle()
            before, said = await changed(slack), len(sandbox.record.posts)
            assert other.requests_at is not None
            sent = [one for one in sandbox.wire.after() if one["kind"] == "http" and one["name"] in _replayed()]
            assert {one["name"] for one in sent} == _replayed()
            for one in sent:
                await _replay(slack, other.requests_at, one)
            # What it began after its acknowledgements is over.
            owed: Any = other.heartbeat.answer_owed
            await owed.__self__._edge.drain(limit=60)
            await slack.bot.settle()
            assert await changed(slack) == before
            assert len(sandbox.record.posts) == said


def _replayed() -> set[str]:
    return {*KINDS, "/action", "/metric"}


async def _replay(slack: Connected, at: str, entry: dict[str, Any]) -> None:
    """Sends it to the other process, which takes it: it hasn't seen this signature."""
    urls = slack.sandbox.settings.request_urls
    assert urls is not None
    payload = {**entry["request"]["payload"], "token": VERIFICATION_TOKEN}
    slack.sandbox.settings.request_urls = type(urls)(at)
    try:
        answer = await slack.sandbox._delivery.http.send(KINDS.get(entry["name"], "commands"), payload, timeout=30.0)
    finally:
        slack.sandbox.settings.request_urls = urls
    assert answer.status == 200
