"""Settings: `.env.example` lists them all with their defaults, and whatever can't be used is named in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from bot.addresses import Address
from bot.errors import ConfigurationError
from bot.settings import Settings, read_settings
from bot.store.database import database_url
from tests.tables import on_each

EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"
LINE = re.compile(r"^([A-Z_]+)=(.*)$")
SANDBOX = "http://127.0.0.1:8765/api/"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither this machine's environment nor a .env file near the tests says anything."""
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def variables() -> dict[str, str]:
    """Environment variable → field of the settings."""
    found = {}
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        found[
            str(alias.choices[0]) if alias is not None and hasattr(alias, "choices") else f"BACKBEAT_{name.upper()}"
        ] = name
    return found


def example_lines() -> Iterator[tuple[int, str]]:
    yield from enumerate(EXAMPLE.read_text(encoding="utf-8").splitlines())


def test_the_example_names_every_setting_and_no_other() -> None:
    named = [match[1] for _number, line in example_lines() if (match := LINE.match(line))]
    assert named == list(variables())


def test_the_example_as_it_is_means_the_defaults(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    settings = read_settings()
    for name, field in Settings.model_fields.items():
        assert field.default is not PydanticUndefined, name
        assert getattr(settings, name) == field.default, name


def test_every_default_is_written_out() -> None:
    fields = variables()
    for _number, line in example_lines():
        if match := LINE.match(line):
            default = Settings.model_fields[fields[match[1]]].default
            assert (match[2] == "") == (default is None), f"{match[1]} shows its default"


def test_every_setting_has_a_comment_above_it() -> None:
    lines = [line for _number, line in example_lines()]
    for number, line in example_lines():
        if LINE.match(line):
            assert re.match(r"# [A-Z].{15,}", lines[number - 1]), f"{line} says what it is for"


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=sqlite:///file.db\nBACKBEAT_LOG_FORMAT=json\n")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///environment.db")
    settings = read_settings()
    assert (settings.database_url, settings.log_format) == ("sqlite:///environment.db", "json")


def test_an_empty_variable_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("BACKBEAT_TICK_PLAN", "")
    assert read_settings().database_url == "sqlite:///backbeat.db"


def test_tokens_are_not_shown() -> None:
    shown = repr(read_settings(slack_bot_token="xoxb-1-hush", slack_app_token="xapp-1-hush"))
    assert "hush" not in shown


WRONG = {
    "BACKBEAT_KEEP_DELIVERIES_DAYS": ("30", "must be 180 or more: .* Try 180, or leave it out"),
    "BACKBEAT_TICK_PLAN": ("soon", "^BACKBEAT_TICK_PLAN can't be used. Try 15."),
    "BACKBEAT_LEASE_SECONDS": ("-1", "BACKBEAT_LEASE_SECONDS is “-1”, which can't be used. Try 30."),
    "BACKBEAT_LOOK_AFTER_SECONDS": (
        "[]",
        r"BACKBEAT_LOOK_AFTER_SECONDS needs at least one number, such as 5, 20, 60",
    ),
    "BACKBEAT_POSTS_AT_ONCE": ("0", "BACKBEAT_POSTS_AT_ONCE is “0”, .* Try 4."),
    "BACKBEAT_POST_TIMEOUT_SECONDS": ("15", "less than half of BACKBEAT_LEASE_SECONDS"),
    "BACKBEAT_CLOCK_FILE": ("clock.json", "work only with a Slack on this machine"),
    "BACKBEAT_CLOCK_START": ("2026-11-23T07:00:00-06:00", "work only with a Slack on this machine"),
    "BACKBEAT_CLOCK_RATE": ("fast", "BACKBEAT_CLOCK_RATE can't be used. Try 1."),
    "BACKBEAT_LOG_LEVEL": ("LOUD", "BACKBEAT_LOG_LEVEL can't be used. Try INFO."),
    "BACKBEAT_LOG_FORMAT": ("xml", "BACKBEAT_LOG_FORMAT can't be used. Try text."),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    value, sentence = WRONG[name]
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=sentence) as caught:
        read_settings()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["5, 20, 60", "[5,20,60]", "5,20,60,", " 5 , 20 , 60 "])
def test_a_list_of_numbers_is_written_as_people_do(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("BACKBEAT_LOOK_AFTER_SECONDS", text)
    assert read_settings().look_after_seconds == (5.0, 20.0, 60.0)


@pytest.mark.parametrize("text", ["5; 20", "soon", "5, -20", "{}"])
def test_a_list_that_is_no_list_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("BACKBEAT_LOOK_AFTER_SECONDS", text)
    with pytest.raises(ConfigurationError, match=r"BACKBEAT_LOOK_AFTER_SECONDS .*can't be used. Try 5, 20, 60"):
        read_settings()


def test_the_level_of_the_log_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKBEAT_LOG_LEVEL", "debug")
    assert read_settings().log_level == "DEBUG"


def test_every_mistake_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKBEAT_TICK_PLAN", "soon")
    monkeypatch.setenv("BACKBEAT_POSTS_AT_ONCE", "many")
    with pytest.raises(ConfigurationError, match=r"BACKBEAT_TICK_PLAN.*BACKBEAT_POSTS_AT_ONCE"):
        read_settings()


def test_a_calendar_of_its_own_needs_an_anchor() -> None:
    with pytest.raises(ConfigurationError, match="BACKBEAT_CLOCK_START needs BACKBEAT_CLOCK_ANCHOR"):
        read_settings(slack_api_url=SANDBOX, clock_start="2026-11-23T07:00:00-06:00")
    settings = read_settings(
        slack_api_url=SANDBOX, clock_start="2026-11-23T07:00:00-06:00", clock_anchor="2026-11-23T13:00:00Z"
    )
    assert settings.clock_rate == 1.0


@on_each(
    ("address", "is_loopback"),
    [
        (SANDBOX, True),
        ("http://localhost:1/", True),
        ("http://[::1]:1/", True),
        ("https://slack.com/api/", False),
        ("http://10.0.0.1/", False),
        ("http://localhost.example.com/", False),
        ("http://127.0.0.1.example.com/", False),
    ],
)
def test_which_slack_is_on_this_machine(address: str, is_loopback: bool) -> None:
    assert read_settings(slack_api_url=address).is_loopback is is_loopback


SECRETS = [
    "xoxb-12345-hush",
    "hush",
    "0123456789abcdef0123456789abcdef",
    "12345678901234567890",
    "p@ss w0rd",
    "1e9hush",
]


@on_each("secret", SECRETS)
@on_each("name", variables())
def test_what_was_pasted_into_the_wrong_line_is_not_repeated(name: str, secret: str) -> None:
    said = name
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(name, secret)
        try:
            database_url(read_settings().database_url)
        except ConfigurationError as error:
            said = str(error)
    assert name in said
    assert secret not in said


@pytest.mark.parametrize(
    "address",
    [
        "https://user:hush@slack.com/api/",
        "https://xoxb-hush@slack.com/api/",
        "http://127.0.0.1@example.com/",
        "slack.com/api",
        "ftp://slack.com/api/",
        "https://",
        "http://[::1",
        "http://slack.com:port/api/",
    ],
)
def test_an_address_that_slack_cannot_have(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SLACK_API_URL", address)
    with pytest.raises(ConfigurationError, match=r"^SLACK_API_URL .*Try https://slack\.com/api/") as caught:
        read_settings()
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "read"),
    [("9464", Address("127.0.0.1", 9464)), ("0.0.0.0:9464", Address("0.0.0.0", 9464)), ("", None)],
)
def test_numbers_are_served_where_the_readme_says(
    monkeypatch: pytest.MonkeyPatch, written: str, read: Address | None
) -> None:
    monkeypatch.setenv("BACKBEAT_METRICS_ADDRESS", written)
    assert read_settings(_env_file=None).metrics_address == read
