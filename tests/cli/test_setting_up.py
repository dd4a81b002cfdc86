"""The manifest, and what the doctor finds."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.cli.results import Backbeat, done, refused
from tests.tables import on_each


def test_the_manifest_is_json(backbeat: Backbeat) -> None:
    names = [one["command"] for one in json.loads(done(backbeat("manifest")))["features"]["slash_commands"]]
    prefixed = json.loads(done(backbeat("manifest", "--prefix", "lb-")))["features"]["slash_commands"]
    assert [one["command"] for one in prefixed] == [f"/lb-{name[1:]}" for name in names]


def test_the_manifest_for_http(backbeat: Backbeat) -> None:
    settings = json.loads(done(backbeat("manifest", "--http", "https://bot.example.org")))["settings"]
    assert settings["socket_mode_enabled"] is False
    assert refused(backbeat("manifest", "--http", "http://bot.example.org")).startswith("Slack sends requests over")


@on_each("prefix", ["LB-", "lb ", "/lb-", "lb.", "é", "x" * 23, "lb\n"])
def test_a_prefix_that_slack_does_not_take(backbeat: Backbeat, prefix: str) -> None:
    assert refused(backbeat("manifest", "--prefix", prefix)).startswith("A prefix has ")


def test_the_doctor_names_the_mend_of_everything(imported: Backbeat, folder: Path) -> None:
    def findings() -> list[str]:
        result = imported("doctor")
        assert (result.exit_code, result.stderr) == (1, "")
        assert all(line.startswith(("ok   ", "mend ")) for line in result.stdout.splitlines())
        return result.stdout.splitlines()

    before = findings()
    assert before[0].startswith("mend SLACK_BOT_TOKEN is not set.")
    assert "ok   The database can be used and is up to date." in before
    assert any("is a draft: nothing is sent yet. Start with `backbeat go-live`." in line for line in before)
    assert any(line.startswith("mend The bot has not looked at Slack yet.") for line in before)
    connection = sqlite3.connect(folder / "backbeat.db")
    connection.execute("INSERT INTO workspaces (coalition_id, team_id) SELECT id, 'T1' FROM coalitions")
    connection.commit()
    connection.close()
    after = findings()
    assert any("Imani Rhodes" in line and "`backbeat link imani TEAM:USER`" in line for line in after)
    assert any("Lorna Pruitt" in line and "e-mail isn't set up" in line for line in after)
    assert sum("/invite @Backbeat" in line for line in after) == 7
