"""Settings: read once from the environment and an optional .env file, then passed on as values."""

from __future__ import annotations

import re
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.addresses import Address, is_loopback
from bot.errors import ConfigurationError


def _in_capitals(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _listed(value: object) -> object:
    """Numbers as people list them, `5, 20, 60`, with or without brackets around."""
    if not isinstance(value, str):
        return value
    return [item.strip() for item in value.strip().strip("[]").split(",") if item.strip()]


def _address(value: object) -> object:
    return Address.read(value) if isinstance(value, str) else value


def _proxies(value: object) -> object:
    """The proxies as uvicorn reads them: addresses and networks, or `*` for whoever connects."""
    if not isinstance(value, str):
        return value
    listed = [one.strip() for one in value.split(",") if one.strip()]
    for one in listed:
        if one != "*":
            ip_network(one)
    return ",".join(listed)


# What the rules look back at, and some more: `SHORTEST` of the outbox, which settings don't know.
_FEWEST_DAYS = 180
_A_NUMBER = r"-?[0-9]{1,6}(\.[0-9]{1,6})?"

LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_in_capitals)]
At = Annotated[Address, NoDecode, BeforeValidator(_address)]
# Not `At | None`: a port alone would be read as JSON there.
MaybeAt = Annotated[Address | None, NoDecode, BeforeValidator(_address)]
Proxies = Annotated[str, BeforeValidator(_proxies)]
Seconds = Annotated[tuple[Annotated[float, Field(ge=0)], ...], NoDecode, BeforeValidator(_listed)]
MaybeHosts = Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Every setting has a default but the tokens; `.env.example` lists them all."""

    model_config = SettingsConfigDict(
        env_file=".env", env_prefix="BACKBEAT_", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    slack_bot_token: SecretStr | None = Field(None, validation_alias=AliasChoices("SLACK_BOT_TOKEN"))
    slack_app_token: SecretStr | None = Field(None, validation_alias=AliasChoices("SLACK_APP_TOKEN"))
    slack_signing_secret: SecretStr | None = Field(None, validation_alias=AliasChoices("SLACK_SIGNING_SECRET"))
    slack_client_id: str | None = Field(None, validation_alias=AliasChoices("SLACK_CLIENT_ID"))
    slack_client_secret: SecretStr | None = Field(None, validation_alias=AliasChoices("SLACK_CLIENT_SECRET"))
    slack_api_url: str = Field("https://slack.com/api/", validation_alias=AliasChoices("SLACK_API_URL"))
    database_url: str = Field("sqlite:///backbeat.db", validation_alias=AliasChoices("DATABASE_URL"))

    keep_deliveries_days: int | None = None

    public_url: str | None = None
    token_keys: SecretStr | None = None

    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    bounces_url: SecretStr | None = None
    bounces_to: str | None = None

    series: bool = False
    series_hosts: MaybeHosts = None
    fred_key: SecretStr | None = None
    bls_key: SecretStr | None = None
    census_key: SecretStr | None = None

    http_address: At = Address("127.0.0.1", 3000)
    http_trusted_proxies: Proxies | None = None
    http_patience_seconds: float = Field(5.0, gt=0)

    metrics_address: MaybeAt = None

    log_level: LogLevel = "INFO"
    log_format: Literal["text", "json"] = "text"

    clock_start: datetime | None = None
    clock_rate: float = 1.0
    clock_anchor: datetime | None = None
    clock_file: Path | None = None

    tick_plan: float = Field(15.0, gt=0)
    tick_dispatch: float = Field(1.0, gt=0)
    tick_reconcile: float = Field(5.0, gt=0)
    tick_housekeeping: float = Field(300.0, gt=0)
    lease_seconds: float = Field(30.0, gt=0)
    post_timeout_seconds: float = Field(10.0, gt=0)
    look_after_seconds: Seconds = (5.0, 20.0, 60.0)
    post_spacing_seconds: float = Field(1.0, ge=0)
    posts_at_once: int = Field(4, ge=1)
    silence_seconds: float = Field(300.0, gt=0)

    presses_per_minute: int = Field(120, ge=0)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must stand in no log: tokens, secrets, each key, and the passwords of database, mail
        server and mailbox as they are written."""
        given = [value.get_secret_value() for _, value in self if isinstance(value, SecretStr)]
        keys = self.token_keys.get_secret_value().split(",") if self.token_keys is not None else []
        mail = [one.get_secret_value() for one in (self.smtp_url, self.bounces_url) if one is not None]
        written = (self.database_url, *mail)
        passwords = [urlsplit(one).password or "" for one in written if "@" in one]
        return tuple(one.strip() for one in (*given, *keys, *passwords) if one.strip())

    @property
    def is_loopback(self) -> bool:
        """Whether SLACK_API_URL points at this machine."""
        return is_loopback(urlsplit(self.slack_api_url).hostname or "")


def _problem(name: str, variable: str, given: object) -> str:
    """What is wrong with one variable, with a value that would work.

    Of what was given nothing but a number is repeated: whatever else stands in the wrong line may be a token.
    """
    field = next((key for key in Settings.model_fields if key.upper() == name.upper()), name.removeprefix("BACKBEAT_"))
    default = Settings.model_fields[field].default if field in Settings.model_fields else None
    said = f" is “{given}”, which" if re.fullmatch(_A_NUMBER, str(given)) else ""
    if isinstance(default, tuple):
        example = ", ".join(f"{number:g}" for number in default)
    elif isinstance(default, float):
        example = f"{default:g}"
    else:
        example = str(default) if default is not None else ""
    mend = f" Try {example}." if example else " Leave it out, or see .env.example."
    return f"{variable}{said} can't be used.{mend}"


def _check_address(address: str) -> None:
    """Raises ConfigurationError where SLACK_API_URL is none, or holds a user or password, which no call can use."""
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_one = False
    if not is_one:
        raise ConfigurationError("SLACK_API_URL is not an address. Try https://slack.com/api/.")
    if "@" in parts.netloc:
        raise ConfigurationError(
            "SLACK_API_URL must not hold a user or password: Slack is asked with the token. "
            "Try https://slack.com/api/, or the address without them."
        )


def read_settings(**values: object) -> Settings:
    """The settings of this process. Raises ConfigurationError naming every setting that can't be used."""
    try:
        settings = Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = []
        for item in error.errors():
            name = str(item["loc"][0]) if item["loc"] else "?"
            variable = name if name.isupper() else f"BACKBEAT_{name.upper()}"
            problems.append(_problem(name, variable, item["input"]))
        raise ConfigurationError(" ".join(dict.fromkeys(problems))) from error
    _check_address(settings.slack_api_url)
    if settings.post_timeout_seconds * 2 >= settings.lease_seconds:
        raise ConfigurationError(
            "BACKBEAT_POST_TIMEOUT_SECONDS must be less than half of BACKBEAT_LEASE_SECONDS, "
            "or a post could still be under way when its lease ends."
        )
    if settings.keep_deliveries_days is not None and settings.keep_deliveries_days < _FEWEST_DAYS:
        raise ConfigurationError(
            f"BACKBEAT_KEEP_DELIVERIES_DAYS must be {_FEWEST_DAYS} or more: what was sent decides what is sent. "
            f"Try {_FEWEST_DAYS}, or leave it out: then all are kept."
        )
    if not settings.look_after_seconds:
        raise ConfigurationError("BACKBEAT_LOOK_AFTER_SECONDS needs at least one number, such as 5, 20, 60.")
    uses_other_clock = settings.clock_start is not None or settings.clock_file is not None
    if uses_other_clock and not settings.is_loopback:
        raise ConfigurationError(
            "BACKBEAT_CLOCK_START and BACKBEAT_CLOCK_FILE work only with a Slack on this machine. "
            "Unset them, or point SLACK_API_URL at the sandbox."
        )
    if settings.clock_start is not None and settings.clock_anchor is None:
        raise ConfigurationError("BACKBEAT_CLOCK_START needs BACKBEAT_CLOCK_ANCHOR, so that a restart never goes back.")
    return settings
