"""The demo without a browser: its workspace, a kept database, its smoke run and its end."""

from __future__ import annotations

import shutil
import signal
import socket
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest

from bot.demo import RunningDemo, user_id_of, workspace_of
from bot.domain.record import Record
from tests.processes import Nursery

NINE_THIRTY = datetime.fromisoformat("2026-11-23T09:30:00-06:00")


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> Path:
    """Where a demo is kept. Its tables are there: a demo as a process of its own makes them."""
    path = tmp_path / "demo.db"
    shutil.copy(sqlite_template, path)
    return path


def test_the_workspace_has_the_samples_people_and_channels(sample: Record) -> None:
    workspace = workspace_of(sample)
    channels = {channel.name: channel for channel in workspace.channels.values()}
    assert set(channels) == {group.channel for group in sample.groups}
    assert [name for name, channel in channels.items() if channel.kind == "public"] == ["lb-talent"]
    assert user_id_of("lorna") not in workspace.users
    assert workspace.users[user_id_of("yolanda")].is_connected
    assert workspace.users[user_id_of("yolanda")].email is None
    assert user_id_of("imani") in channels["lb-access"].members
    assert user_id_of("imani") not in channels["lb-talent"].members


async def test_a_kept_demo_goes_on_where_it_was(database: Path) -> None:
    async with RunningDemo(database=database) as demo:
        await demo.sandbox.clock.jump(NINE_THIRTY)
        asked = [post.channel for post in demo.sandbox.record.posts]
    async with RunningDemo(database=database) as demo:
        assert demo.sandbox.clock.now() > NINE_THIRTY
        # The conversations of the workspace before are gone; they are opened anew.
        await demo.sandbox.clock.jump(datetime.fromisoformat("2026-11-24T07:30:00-06:00"))
        reminded = [post.channel for post in demo.sandbox.record.posts]
    assert {"D0GRANT", "D0IMANI"} < set(asked), "they and those with open actions"
    assert sorted(reminded) == ["D0GRANT", "D0IMANI"]


async def test_the_page_says_first_what_to_do_with_people_and_channels_that_are_there(
    database: Path, sample: Record
) -> None:
    names = {member.name for member in sample.members} | {f"#{group.channel}" for group in sample.groups}
    async with (
        RunningDemo(database=database) as demo,
        aiohttp.ClientSession() as session,
        session.get(f"{demo.url}/page/state") as reply,
    ):
        guide = (await reply.json())["guide"]
    assert len(guide) == 5
    for told in ("Omar Castellanos", "Yolanda Briggs", "Marcus Teal", "#lb-steering"):
        assert told in names
        assert told in " ".join(guide)


async def test_an_empty_one_waits_for_somebody_to_set_a_coalition_up(database: Path) -> None:
    async with RunningDemo(database=database, empty=True) as demo:
        dana = demo.sandbox.person(user_id_of("dana"))
        await dana.open_home()
        await dana.until(lambda: dana.home() is not None and "Set up" in str(dana.home()))
        await demo.sandbox.clock.jump(NINE_THIRTY)
        assert not demo.sandbox.record.posts, "nobody hears from it"
        assert len(demo.sandbox._core.settings.guide) == 5


async def test_check_and_empty_are_two_things(nursery: Nursery) -> None:
    code, _, errors = await nursery.start("demo", "--check", "--empty").read()
    assert code == 2
    assert errors.startswith("--check tries the sample's first hours")


async def test_ctrl_c_ends_it_cleanly(nursery: Nursery) -> None:
    child = nursery.start("demo", "--port", "0")
    assert (await child.line()).startswith("Open http://127.0.0.1:")
    await child.line()
    await child.line()
    child.send_signal(signal.SIGINT)
    code, output, errors = await child.read()
    assert (code, output) == (0, "Ended.\n")
    assert "Traceback" not in errors


async def test_a_taken_port_is_one_sentence(nursery: Nursery) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, errors = await nursery.start("demo", "--port", port).read()
    assert code == 2
    assert errors == f"Port {port} is taken. Choose another one with --port, or --port 0 for any.\n"


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path, nursery: Nursery) -> None:
    child = nursery.start("demo", "--check", "--database", str(tmp_path / "nowhere" / "demo.db"))
    code, output, errors = await child.read()
    assert (code, output) == (2, "")
    assert errors.endswith("nowhere. Make it, or name another file with --database.\n")


async def test_over_http_the_unchanged_bot_is_reached_by_signed_requests(database: Path) -> None:
    async with (
        RunningDemo(database=database, http=True) as demo,
        aiohttp.ClientSession() as session,
        session.get(f"{demo.url}/page/state") as reply,
    ):
        assert (await reply.json())["app"]["connections"] == 1
        assert demo.sandbox.connections == 0
        marcus = demo.sandbox.person(user_id_of("marcus"))
        assert (await marcus.command("/action", "A-101")).ok
        await marcus.until(lambda: marcus.ephemerals)
        assert {one["kind"] for one in demo.sandbox.wire.after() if one["direction"] == "out"} == {"http"}
