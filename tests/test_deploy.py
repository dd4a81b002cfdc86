"""The container, compose and systemd files: what they say is so, and the program runs as they let it run.

No engine builds images where tests run, so the command starts under the same user, paths and refusals instead
(`tests/confined.py`).
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from dockerfile_parse import DockerfileParser

from bot.cli import main
from bot.demo import user_id_of, workspace_of
from bot.domain.record import Record
from bot.sandbox import Sandbox
from bot.sandbox.person import Person
from bot.settings import Settings
from bot.slack.manifest import manifest
from tests.examples import part

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
HOME = "/var/lib/backbeat"
UID = 10001
SYSTEMDS_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
# What systemd-analyze calls OK; a service of one's own without any of it has 9.6.
MOST_EXPOSURE = 2.0

can_confine = pytest.mark.skipif(
    os.geteuid() != 0
    or any(shutil.which(tool) is None for tool in ("unshare", "setpriv"))
    or subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode != 0,
    reason="only root may become another user on a machine made read-only",
)
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="units are judged by systemd-analyze, which isn't here"
)


def stages() -> list[list[dict[str, str]]]:
    """The instructions of each stage of the image."""
    parser = DockerfileParser(path=str(DEPLOY / "Dockerfile"), cache_content=True)
    found: list[list[dict[str, str]]] = []
    for one in parser.structure:
        if one["instruction"] == "FROM":
            found.append([])
        if one["instruction"] != "COMMENT":
            found[-1].append(one)
    return found


def said(stage: list[dict[str, str]], instruction: str) -> list[str]:
    return [one["value"] for one in stage if one["instruction"] == instruction]


def image_environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for value in said(stages()[-1], "ENV") for pair in shlex.split(value))


def unit() -> dict[str, list[str]]:
    """The values of each line of the systemd unit, by name."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "backbeat.service").read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    return found


def unit_environment() -> dict[str, str]:
    pairs = (pair for value in unit()["Environment"] for pair in shlex.split(value))
    # systemd itself sets these two; a dynamic user has no home of its own.
    return {"PATH": SYSTEMDS_PATH, "HOME": "/", **dict(pair.split("=", 1) for pair in pairs)}


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def test_the_image_runs_a_command_of_ours_as_nobody_in_particular() -> None:
    last = stages()[-1]
    assert said(last, "USER") == [f"{UID}:{UID}"]
    [entry], [command] = said(last, "ENTRYPOINT"), said(last, "CMD")
    assert json.loads(entry) == ["backbeat"]
    assert json.loads(command)[0] in main.commands
    assert said(last, "WORKDIR") == said(last, "VOLUME") == [HOME]
    assert not [name for name in image_environment() if "TOKEN" in name or "SECRET" in name]


def test_the_image_gets_what_the_package_is_made_of_and_nothing_else() -> None:
    copied = {source for value in said(stages()[0], "COPY") for source in value.split()[:-1]}
    sent = {
        line.removeprefix("!")
        for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    assert copied == sent
    assert all((ROOT / source).exists() for source in copied)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= copied


@pytest.mark.parametrize("name", ["backbeat", "migrate"])
def test_a_service_of_compose_can_write_nothing_and_gain_nothing(name: str) -> None:
    service = compose()["services"][name]
    assert service["command"][0] in main.commands
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    dockerfile = (DEPLOY / service["build"]["context"]).resolve() / service["build"]["dockerfile"]
    assert dockerfile == DEPLOY / "Dockerfile"


def test_compose_begins_with_the_schema_and_ends_when_posts_have_ended() -> None:
    services = compose()["services"]
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["backbeat"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    patience = int(services["backbeat"]["stop_grace_period"].removesuffix("s"))
    assert patience == int(unit()["TimeoutStopSec"][0])
    assert patience > Settings.model_fields["post_timeout_seconds"].default * 2


def test_what_they_set_are_settings() -> None:
    known = {
        *(str(field.validation_alias.choices[0]) for field in Settings.model_fields.values() if field.validation_alias),  # type: ignore[union-attr]
        *(f"BACKBEAT_{name.upper()}" for name in Settings.model_fields),
    }
    ours = {*image_environment(), *unit_environment(), *compose()["services"]["backbeat"]["environment"]}
    assert ours - known == {"PATH", "HOME", "PYTHONUNBUFFERED", "MPLCONFIGDIR"}


def test_a_unit_is_not_tried_again_where_somebody_has_to_mend_something() -> None:
    assert unit()["Restart"] == ["always"]
    assert unit()["RestartPreventExitStatus"] == ["2"]
    [command] = unit()["ExecStart"]
    assert command.split()[1] in main.commands


@needs_systemd
def test_systemd_takes_the_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    text = (DEPLOY / "backbeat.service").read_text()
    # The program has to stand where the unit says; here it is this environment's.
    copy = tmp_path / "backbeat.service"
    copy.write_text(text.replace("/opt/backbeat/bin/backbeat", str(Path(sys.executable).with_name("backbeat"))))
    done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(copy)], capture_output=True, text=True, check=False
    )
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert exposure is not None, done.stdout + done.stderr
    assert float(exposure[1]) <= MOST_EXPOSURE


@pytest.fixture
async def sandbox(sample: Record) -> AsyncIterator[Sandbox]:
    async with await Sandbox.start(manifest(), workspace_of(sample)) as started:
        yield started


async def confined(folder: Path, environment: Mapping[str, str], command: list[str]) -> asyncio.subprocess.Process:
    """Starts a command as another user on a read-only machine, with `folder` as its home."""
    asked = {
        "uid": UID,
        "prefix": "/opt/backbeat",
        "folder": str(folder),
        "home": HOME,
        "see": [sys.base_prefix, sys.prefix, str(ROOT)],
        "environment": {**environment, "PYTHONPATH": str(ROOT)},
        "command": command,
    }
    return await asyncio.create_subprocess_exec(
        *("unshare", "--mount", sys.executable, "-m", "tests.confined", json.dumps(asked)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def sees_a_picture(person: Person) -> None:
    await person.says("seats")
    await person.until(
        lambda: any(block["type"] == "image" for one in person.dm() for block in one.blocks or []), timeout=60
    )


@can_confine
@pytest.mark.in_part
@pytest.mark.parametrize("under", part(["container"], ["container", "systemd"]))
async def test_it_runs_where_only_its_own_folder_can_be_written(
    under: str, tmp_path: Path, sandbox: Sandbox, sqlite_sample_template: Path
) -> None:
    if under == "container":
        last = stages()[-1]
        environment = image_environment()
        command = [*json.loads(said(last, "ENTRYPOINT")[0]), *json.loads(said(last, "CMD")[0])]
    else:
        environment, command = unit_environment(), unit()["ExecStart"][0].split()
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    database = folder / "backbeat.db"
    shutil.copy(sqlite_sample_template, database)
    for path in (folder, database):
        os.chown(path, UID, UID)
    tokens = {"SLACK_BOT_TOKEN": sandbox.bot_token, "SLACK_APP_TOKEN": sandbox.app_token}
    values = {**environment, **tokens, "SLACK_API_URL": sandbox.api_url}
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    if under == "container":
        values["BACKBEAT_METRICS_ADDRESS"] = address
    child = await confined(folder, values, command)
    assert child.stdout is not None
    try:
        line = (await asyncio.wait_for(child.stdout.readline(), 90)).decode()
        if not line:
            _out, errors = await child.communicate()
            pytest.fail(errors.decode())
        assert line.startswith("Backbeat runs in ")
        if under == "container":
            check = json.loads(said(last, "HEALTHCHECK")[0].partition("CMD ")[2])
            # The image has this port to itself; a machine that runs tests may not.
            asked = [part.replace(environment["BACKBEAT_METRICS_ADDRESS"], address) for part in check[1:]]
            assert address in asked[-1]
            assert await (await asyncio.create_subprocess_exec(sys.executable, *asked)).wait() == 0
        # Drawing loads the library that wants a folder of its own, and one that makes fonts known.
        await sees_a_picture(sandbox.person(user_id_of("luis")))
        began = time.monotonic()
        child.send_signal(signal.SIGTERM)
        _out, errors = await asyncio.wait_for(child.communicate(), 30)
    finally:
        if child.returncode is None:
            child.kill()
            await child.communicate()
    log = errors.decode()
    assert child.returncode == 0, log
    assert time.monotonic() - began < int(unit()["TimeoutStopSec"][0])
    assert not [word for word in ("Traceback", "Read-only", "Permission", "not a writable") if word in log], log
    made = [path for path in folder.iterdir() if path.stat().st_uid != UID or path.stat().st_mode & 0o077]
    assert not [path for path in made if path != database], "private to its user"
    assert stat.S_ISREG(database.stat().st_mode)
