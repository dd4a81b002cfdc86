"""The sandbox by itself, as a process; its workspace file; what its package imports."""

from __future__ import annotations

import ast
import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

import bot.sandbox
from bot.sandbox import ManifestError, Workspace
from bot.sandbox.__main__ import main
from bot.sandbox.manifest import read_manifest
from tests.sandbox.conftest import manifest

PEOPLE = {
    "team": {"name": "Somewhere", "domain": "somewhere", "id": "T1"},
    "users": [{"id": "U1", "name": "ana", "tz": "Europe/Berlin"}],
    "channels": [{"id": "C1", "name": "general", "members": ["U1", "U0SANDBOT"]}],
}


async def test_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(manifest()))
    (tmp_path / "people.json").write_text(json.dumps(PEOPLE))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.sandbox", "--manifest", str(tmp_path / "manifest.json")),
        *("--workspace", str(tmp_path / "people.json"), "--env", str(tmp_path / "env")),
        *("--clock-start", "2026-03-01T09:00:00+00:00", "--clock-file", str(tmp_path / "clock.json")),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    lines = [(await asyncio.wait_for(process.stdout.readline(), 10)).decode().strip() for _ in range(2)]
    assert lines[1].startswith("SLACK_API_URL=http://127.0.0.1:")
    written = (tmp_path / "env").read_text()
    settings = dict(line.split("=", 1) for line in written.splitlines())
    client = AsyncWebClient(token=settings["SLACK_BOT_TOKEN"], base_url=settings["SLACK_API_URL"])
    assert (await client.auth_test())["team"] == "Somewhere"
    posted = await client.chat_postMessage(channel="C1", text="x")
    assert posted["ts"].startswith("17723")
    assert json.loads((tmp_path / "clock.json").read_text())["running"] is True
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0


def test_it_says_why_it_cannot_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.json").write_text("{}")
    assert main(["--manifest", str(tmp_path / "m.json"), "--workspace", str(tmp_path / "none.json")]) == 2
    assert "cannot start" in capsys.readouterr().err


def test_a_workspace_refuses_what_makes_no_sense() -> None:
    workspace = Workspace.from_dict(PEOPLE)
    assert workspace.channels["C1"].members == ["U1", "U0SANDBOT"]
    with pytest.raises(ValueError, match="already a user"):
        workspace.add_user("ana", id="U1")
    with pytest.raises(ValueError, match="already a channel"):
        workspace.add_channel("general", id="C1")
    with pytest.raises(ValueError, match="no kind of user"):
        workspace.add_user("x", kind="boss")


def test_a_manifest_says_all_its_problems_at_once() -> None:
    bad = manifest(commands=[{"command": "Shout", "description": "x"}])
    bad["display_information"]["name"] = "x" * 36
    bad["features"]["shortcuts"][0]["type"] = "everywhere"
    with pytest.raises(ManifestError) as caught:
        read_manifest(bad)
    assert str(caught.value).count(";") == 2


def test_it_imports_nothing_of_the_bot_and_no_slack_library() -> None:
    folder = Path(bot.sandbox.__file__).parent
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names.append(node.module or "")
            for name in names:
                top = name.split(".")[0]
                ours = name == "bot.sandbox" or name.startswith("bot.sandbox.")
                assert ours or top == "aiohttp" or top in sys.stdlib_module_names, (file.name, name)
