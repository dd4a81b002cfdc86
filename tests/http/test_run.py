"""`backbeat run --http` as a process of its own: what it needs, what it says, and how it ends."""

from __future__ import annotations

import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import user_id_of, workspace_of
from bot.domain.record import Record
from bot.sandbox import RequestUrls, Sandbox
from bot.slack.manifest import manifest
from tests.live_sample import unset
from tests.processes import Nursery


@pytest.fixture
async def sandbox(sample: Record) -> AsyncIterator[Sandbox]:
    async with await Sandbox.start(manifest(url="http://127.0.0.1"), workspace_of(sample)) as started:
        yield started


def environment(sandbox: Sandbox, database: Path, **values: str) -> dict[str, str]:
    return {
        **unset(),
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{database}",
        **values,
    }


async def test_it_runs_without_an_app_token_and_ends_when_it_is_told_to(
    tmp_path: Path, sandbox: Sandbox, nursery: Nursery, sqlite_sample_template: Path
) -> None:
    database = tmp_path / "run.db"
    shutil.copy(sqlite_sample_template, database)
    child = nursery.start("run", "--http", "0", environment=environment(sandbox, database))
    try:
        assert (await child.line()).startswith("Backbeat runs in ")
        where = (await child.line()).strip().removeprefix("It takes Slack's requests at ").removesuffix(".")
        sandbox.settings.request_urls = RequestUrls(where)
        assert await sandbox.verify_request_url()
        marcus = sandbox.person(user_id_of("marcus"))
        assert (await marcus.command("/action", "A-101")).ok
        await marcus.until(lambda: marcus.ephemerals)
        child.send_signal(signal.SIGTERM)
        code, _, errors = await child.read()
    finally:
        child.kill()
    assert code == 0
    assert "Traceback" not in errors
    assert "ERROR" not in errors


@pytest.mark.parametrize(
    ("values", "arguments", "said"),
    [
        ({"SLACK_SIGNING_SECRET": ""}, ["--http"], "SLACK_SIGNING_SECRET is not set. Put it into .env; `backbeat"),
        ({"BACKBEAT_HTTP_ADDRESS": "here"}, ["--http"], "BACKBEAT_HTTP_ADDRESS can't be used. Try 127.0.0.1:3000."),
        ({"BACKBEAT_HTTP_TRUSTED_PROXIES": "proxy"}, ["--http"], "BACKBEAT_HTTP_TRUSTED_PROXIES can't be used."),
        ({}, ["--http", "192.0.2.1:0"], "This machine has no address 192.0.2.1."),
        ({}, ["--http", "here"], "“here” is not an address. Write it as HOST:PORT, such as 127.0.0.1:3000."),
        ({}, [], "SLACK_APP_TOKEN is not set."),
    ],
)
async def test_what_is_missing_is_one_sentence(
    tmp_path: Path, sandbox: Sandbox, nursery: Nursery, values: dict[str, str], arguments: list[str], said: str
) -> None:
    child = nursery.start("run", *arguments, environment=environment(sandbox, tmp_path / "new.db", **values))
    code, output, errors = await child.read()
    assert code in (1, 2)
    assert said in output + errors
    assert len((output + errors).strip().splitlines()) == 1
    assert not (tmp_path / "new.db").exists(), "nothing was begun"


def test_socket_mode_imports_nothing_of_it(nursery: Nursery) -> None:
    assert {"bot.app", "bot.connection.socket_mode", "slack_bolt"} <= nursery.imported
    assert {name for name in nursery.imported if name.split(".")[0] in {"uvicorn", "h11", "prometheus_client"}} == set()
    assert "bot.http" not in nursery.imported
