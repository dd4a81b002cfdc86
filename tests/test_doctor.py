"""What the doctor says of this machine's clock beside Slack's, and of a database file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doctor import clock_finding, diagnose
from bot.settings import read_settings


@pytest.mark.parametrize(
    ("ahead", "fine", "words"),
    [
        (0.0, True, "agrees with Slack's"),
        (-15.0, True, "agrees with Slack's"),
        (25.0, False, "25 seconds ahead of Slack's"),
        (-65.0, False, "1 minute behind Slack's"),
        (3600.0, False, "60 minutes ahead of Slack's"),
    ],
)
def test_a_clock_that_is_off_is_named_with_by_how_much_and_the_mend(ahead: float, fine: bool, words: str) -> None:
    finding = clock_finding(ahead)
    assert finding.fine is fine
    assert words in finding.text
    assert ("timedatectl set-ntp true" in finding.text) is not fine


@pytest.mark.parametrize("page", [3, 12, 40, 90])
async def test_a_damaged_page_is_found_though_the_file_opens(sqlite_sample_url: str, page: int) -> None:
    file = Path(sqlite_sample_url.removeprefix("sqlite:///"))
    content = bytearray(file.read_bytes())
    assert len(content) > (page + 1) * 4096
    content[page * 4096 : page * 4096 + 2000] = b"\x55" * 2000
    file.write_bytes(content)
    findings = await diagnose(read_settings(_env_file=None, database_url=sqlite_sample_url), None)
    assert any(
        "database file is damaged" in one.text and "backbeat restore FILE --replace" in one.text for one in findings
    )


async def test_a_sound_database_is_up_to_date(sqlite_sample_url: str) -> None:
    findings = await diagnose(read_settings(_env_file=None, database_url=sqlite_sample_url), None)
    assert "The database can be used and is up to date." in [one.text for one in findings if one.fine]


async def test_it_says_for_how_long_messages_are_kept_where_that_is_not_for_ever(sqlite_sample_url: str) -> None:
    settings = read_settings(_env_file=None, database_url=sqlite_sample_url, keep_deliveries_days=400)
    findings = [one.text for one in await diagnose(settings, None) if one.fine]
    assert "Messages that ended are kept for 400 days, all else for ever." in findings
