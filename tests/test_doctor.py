"""What the doctor says of settings, of this machine's clock beside Slack's, and of a database file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doctor import clock_finding, diagnose
from bot.sealing import new_key
from bot.settings import read_settings
from tests.imap_box import PASSWORD, USER, imap_box
from tests.mailbox import mailbox
from tests.tables import on_each


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


async def test_it_asks_for_the_mailbox_to_which_mail_goes_back(sqlite_sample_url: str) -> None:
    async def findings(**settings: object) -> list[str]:
        chosen = read_settings(_env_file=None, database_url=sqlite_sample_url, **settings)
        return [one.text for one in await diagnose(chosen, None)]

    async with mailbox() as box, imap_box() as back:
        mail = {"smtp_url": f"smtp://127.0.0.1:{box.port}", "mail_from": "backbeat@partner.example"}
        where = f"127.0.0.1:{back.port}"
        right = await findings(bounces_url=f"imap://{USER}:{PASSWORD}@{where}", **mail)
        assert "The mailbox for bounces can be read." in right
        wrong = await findings(bounces_url=f"imap://{USER}:wrong@{where}", **mail)
        assert any("doesn't know this user or password: set BACKBEAT_BOUNCES_URL right" in one for one in wrong)
        assert any("BACKBEAT_SMTP_URL isn't" in one for one in await findings(bounces_url=f"imap://{USER}:x@{where}"))
        assert any("BACKBEAT_BOUNCES_TO is not" in one for one in await findings(bounces_to="nobody", **mail))
    assert not any("bounces" in one for one in await findings())


async def test_it_asks_the_mail_server_and_says_whether_mails_lead_anywhere(sqlite_sample_url: str) -> None:
    async def findings(**settings: object) -> list[str]:
        chosen = read_settings(_env_file=None, database_url=sqlite_sample_url, **settings)
        return [one.text for one in await diagnose(chosen, None)]

    sender = {"mail_from": "backbeat@partner.example"}
    async with mailbox() as box:
        url = f"smtp://127.0.0.1:{box.port}"
        links = {"public_url": "https://bot.example.org", "token_keys": new_key()}
        assert "The mail server takes mail." in await findings(smtp_url=url, **sender, **links)
        alone = await findings(smtp_url=url, **sender)
        assert any("set BACKBEAT_PUBLIC_URL and BACKBEAT_TOKEN_KEYS for answer pages" in one for one in alone)
    assert "The mail server can't be reached now." in await findings(smtp_url=url, **sender)
    assert any(one.startswith("BACKBEAT_MAIL_FROM is not set") for one in await findings(smtp_url=url))
    assert any("is not the address of a mail server" in one for one in await findings(smtp_url="mail", **sender))
    assert not any("mail server" in one for one in await findings())


ONE = {"slack_bot_token": "xoxb-1"}
SEVERAL = {
    "slack_client_id": "1.2",
    "slack_client_secret": "c" * 32,
    "slack_signing_secret": "5" * 32,
    "token_keys": new_key(),
    "public_url": "https://bot.example.org",
}


@on_each(
    ("settings", "wrong"),
    [
        (ONE | {"slack_app_token": "xapp-1"}, None),
        (ONE | {"slack_signing_secret": "5" * 32}, None),
        (ONE, "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set."),
        (ONE | {"slack_signing_secret": "xapp-1"}, "SLACK_SIGNING_SECRET is a token."),
        (ONE | {"slack_app_token": "xoxb-1"}, "SLACK_APP_TOKEN should begin with xapp-."),
        ({"slack_signing_secret": "5" * 32}, "SLACK_BOT_TOKEN is not set."),
        (SEVERAL, None),
        (SEVERAL | {"public_url": "http://127.0.0.1:3000"}, None),
        (SEVERAL | {"public_url": "http://bot.example.org"}, "BACKBEAT_PUBLIC_URL should begin with https://"),
        (SEVERAL | {"public_url": None}, "BACKBEAT_PUBLIC_URL is not set."),
        (SEVERAL | {"token_keys": "no key at all"}, "BACKBEAT_TOKEN_KEYS"),
        (SEVERAL | {"token_keys": None}, "`backbeat keys new` makes a key."),
        (SEVERAL | {"slack_client_secret": None}, "SLACK_CLIENT_SECRET is not set."),
        (SEVERAL | {"slack_signing_secret": None}, "SLACK_SIGNING_SECRET is not set."),
        (SEVERAL | ONE, "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set"),
    ],
)
async def test_each_way_in_needs_its_own_settings_and_no_others(
    sqlite_sample_url: str, settings: dict[str, str | None], wrong: str | None
) -> None:
    """Over HTTP no app-level token is asked for, by Socket Mode no signing secret."""
    read = read_settings(
        _env_file=None, database_url=sqlite_sample_url, slack_api_url="http://127.0.0.1:9/", **settings
    )
    found = [one.text for one in await diagnose(read, None) if not one.fine and _is_of_settings(one.text)]
    assert len(found) == (wrong is not None), found
    assert wrong is None or wrong in found[0]
    assert not any(str(value) in text for value in settings.values() for text in found if value and "://" not in value)


def _is_of_settings(text: str) -> bool:
    # No Slack is there to be asked with a token.
    return ("SLACK_" in text or "BACKBEAT_" in text) and "can't be reached" not in text


async def test_it_says_whether_series_are_on_and_never_what_a_key_is(sqlite_sample_url: str) -> None:
    async def finding(**settings: object) -> str:
        chosen = read_settings(_env_file=None, database_url=sqlite_sample_url, **settings)
        [found] = [one.text for one in await diagnose(chosen, None) if "eries" in one.text or "SERIES" in one.text]
        return found

    assert await finding() == "Series are off: no figure is fetched. BACKBEAT_SERIES=true turns them on."
    none = "Series are on. CSV files may come from: none. Asked are FRED not at all (BACKBEAT_FRED_KEY isn't set), "
    assert await finding(series=True) == f"{none}BLS without a key, Census without a key."
    some = await finding(
        series=True, series_hosts="data.example.org, localhost:8080", fred_key="f" * 32, bls_key="b" * 32
    )
    hosts = "Series are on. CSV files may come from: data.example.org, localhost:8080."
    assert some == f"{hosts} Asked are FRED with its key, BLS with its key, Census without a key."
    assert "ffff" not in some
    wrong = await finding(series=True, series_hosts="https://data.example.org")
    assert wrong.startswith("BACKBEAT_SERIES_HOSTS holds “https://data.example.org”, which is no host.")
