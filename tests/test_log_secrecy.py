"""Random words and secrets through every way on which they could come into the log: none stands there afterwards."""

from __future__ import annotations

import asyncio
import logging
import secrets

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import IntegrityError

from bot.log import configure_logging
from bot.settings import read_settings
from tests.examples import examples, one_in

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LIBRARIES = (
    "slack_bolt", "slack_sdk.web", "aiohttp.client", "sqlalchemy.engine", "uvicorn.error", "asyncio", "aiosqlite",
    "apscheduler.executors", "alembic", "psycopg",
)  # fmt: skip
# What people write: letters of several languages, quotes, braces, line ends.
WORDS = st.text(alphabet="abcßñ漢 '\"\\{}%\n", min_size=6, max_size=30).map(lambda said: f"Quiet {said} words")


def secrets_of_one_run() -> dict[str, str]:
    """Everything secret that a deployment has or gets, made anew."""
    made = secrets.token_hex(16)
    return {
        "bot": f"xoxb-1234-5678-{made}",
        "app": f"xapp-1-A012-345-{made}",
        "rotating": f"xoxe.xoxb-1-{made}",
        "refresh": f"xoxe-1-{made}",
        "signing": secrets.token_hex(16),
        "client": secrets.token_hex(16),
        "key": secrets.token_urlsafe(32) + "=",
        "password": f"pw-{secrets.token_urlsafe(12)}",
        "code": secrets.token_urlsafe(18),
        "hook": f"T012/{secrets.token_urlsafe(12)}/{secrets.token_urlsafe(12)}",
    }


def lines_about(found: dict[str, str]) -> list[str]:
    """Each secret where it would stand."""
    return [
        f"invalid_auth for {found['bot']} and {found['app']}",
        f"refreshing {found['rotating']} by {found['refresh']}",
        f"signing_secret {found['signing']}, {{'client_secret': '{found['client']}'}}",
        f"can't open with {found['key']}",
        f"connecting to postgresql://backbeat:{found['password']}@db.example.org/backbeat",
        f"GET /slack/oauth_redirect?code={found['code']}&state={found['code']}",
        f"POST https://hooks.slack.com/commands/{found['hook']} failed",
    ]


def errors_with(words: str) -> list[BaseException]:
    """What libraries and checks of ours raise, with what people wrote in it."""
    body = {"text": words, "view": {"state": {"values": {"b": {"a": {"value": words}}}}}}
    return [
        ValueError(f"can't read {body!r}"),
        KeyError(words),
        SlackApiError(f"The request failed: {words}", {"ok": False, "error": "invalid_blocks", "message": body}),  # type: ignore[no-untyped-call]
        IntegrityError("INSERT INTO actions", {"title": words}, Exception(f"DETAIL: Failing row contains ({words})")),
        RuntimeError(words),
        ExceptionGroup(words, [ValueError(words)]),
    ]


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        try:
            if cause is not None:
                raise cause
        except BaseException as inner:
            raise error from inner
        raise error
    except BaseException as caught:
        return caught


def write_all(words: str, found: dict[str, str], body: object) -> None:
    """Hands all of it to everything that writes."""
    log = structlog.get_logger("bot")
    for line in lines_about(found):
        log.error("something", why=line, nested={"tried": [line, (line,)]}, body=body, text=words)
        for name in LIBRARIES:
            logging.getLogger(name).error("%s", line)
    for error in errors_with(words):
        for one in (raised(error), raised(RuntimeError(words), error)):
            log.error("job_failed", error=one)
            log.error("job_failed", exc_info=one)
            for name in LIBRARIES:
                library = logging.getLogger(name)
                library.error("Failed to run a listener (error: %s)", one)
                library.error(f"Failed to run a listener (error: {one})", exc_info=one)
                library.error("Exception in ASGI application\n", exc_info=one)


# In the suite each level and each style, in a whole run every level in both.
WRITTEN = tuple(
    (level, style) for number, level in enumerate(LEVELS) for style in (("text", "json"), ("json", "text"))[number % 2]
)


@pytest.mark.in_part
@pytest.mark.usefixtures("restored_logging")
@pytest.mark.parametrize(("level", "style"), one_in(2, WRITTEN))
def test_nothing_that_people_wrote_and_no_secret_is_in_the_log(
    capsys: pytest.CaptureFixture[str], level: str, style: str
) -> None:
    @settings(max_examples=examples(3), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(words=WORDS)
    def tried(words: str) -> None:
        found = secrets_of_one_run()
        read = read_settings(
            _env_file=None,
            slack_bot_token=SecretStr(found["bot"]),
            slack_signing_secret=SecretStr(found["signing"]),
            slack_client_secret=SecretStr(found["client"]),
            token_keys=SecretStr(found["key"]),
            database_url=f"postgresql://backbeat:{found['password']}@db.example.org/backbeat",
            log_level=level,
            log_format=style,
        )
        configure_logging(read.log_level, read.log_format, read.secrets)
        write_all(words, found, {"text": words})
        written = capsys.readouterr().err
        assert written.count("job_failed") == 24
        assert "Traceback" in written
        assert "raised" in written, "where it happened"
        for name, secret in found.items():
            assert secret not in written, name
        assert "Quiet" not in written

    tried()


@pytest.mark.usefixtures("restored_logging")
@pytest.mark.parametrize("level", LEVELS)
async def test_nor_is_what_nobody_waited_for(capsys: pytest.CaptureFixture[str], level: str) -> None:
    configure_logging(level)
    loop = asyncio.get_running_loop()

    words = "Quiet words\n(of somebody) that end" + 20 * " Quiet"  # the line that raises stands in a traceback

    async def broken() -> None:
        raise ValueError(words) from KeyError(words)

    task = asyncio.create_task(broken())
    await asyncio.wait({task})
    about = {"message": "Task exception was never retrieved", "future": task}
    loop.call_exception_handler(about | {"exception": task.exception()})
    loop.call_exception_handler(about)
    written = capsys.readouterr().err
    assert written.count("never retrieved") == 2
    assert "ValueError" in written
    assert "Quiet" not in written


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (OSError(111, "Connection refused"), "ConnectionRefusedError: Connection refused"),
        (TimeoutError(), "TimeoutError"),
    ],
)
@pytest.mark.usefixtures("restored_logging")
def test_what_the_machine_says_of_itself_stays(capsys: pytest.CaptureFixture[str], given: Exception, kept: str) -> None:
    configure_logging("INFO")
    logging.getLogger("asyncio").error("it failed", exc_info=given)
    structlog.get_logger("bot").error("it_failed", exc_info=given)
    assert capsys.readouterr().err.count(kept) == 2
