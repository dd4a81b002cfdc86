"""Logs: no token and nothing that people wrote gets into a line, whoever writes it."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from bot.log import TEXT_KEYS, configure_logging, without_secrets
from tests.tables import on_each

TOKENS = [
    "xoxb-1234-5678-abcDEF",
    "xoxp-1-2-3-deadbeef",
    "xapp-1-A012-345-0fedcba",
    "xoxe.xoxb-1-Mi0yLTE",
    "xwfp-1-secret",
]


@pytest.mark.parametrize("token", TOKENS)
def test_tokens_are_masked_wherever_they_stand(token: str) -> None:
    line = without_secrets(
        None,
        "info",
        {
            "event": f"invalid_auth for {token}!",
            "headers": {"Authorization": f"Bearer {token}"},
            "tried": [token, ("x", {"token": token})],
            "error": ValueError(f"bad token {token}"),
            "count": 3,
        },
    )
    assert token not in repr(line)
    assert token.split("-", 1)[1] not in repr(line)
    assert line["count"] == 3


@on_each("key", sorted(TEXT_KEYS))
def test_what_people_wrote_is_left_out(key: str) -> None:
    assert without_secrets(None, "info", {"event": "answered", key: "Evening pay is low."}) == {"event": "answered"}


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.usefixtures("restored_logging")
def test_no_token_is_in_what_is_written(capsys: pytest.CaptureFixture[str], style: str) -> None:
    configure_logging("INFO", style)
    log = structlog.get_logger("test")
    for token in TOKENS:
        log.info("started", token=token, text="Evening pay is low.", nested={"a": [token]})
        logging.getLogger("aiohttp").warning("refused %s", token)
        logging.getLogger("slack_sdk").warning("refused %s", {"token": token})
        try:
            raise ValueError(f"bad token {token}")
        except ValueError:
            log.exception("job_failed")
            logging.getLogger("asyncio").exception("Task exception was never retrieved")
    written = capsys.readouterr().err
    assert written.count("started") == written.count("job_failed") == len(TOKENS)
    assert "Traceback" in written
    assert written.count("refused") == 2 * len(TOKENS)
    for secret in (*TOKENS, "Evening pay"):
        assert secret not in written
    assert "***" in written


@pytest.mark.usefixtures("restored_logging")
def test_json_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    structlog.get_logger("test").info("ready", coalition=3)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["coalition"], line["level"]) == ("ready", 3, "info")


@pytest.mark.usefixtures("restored_logging")
def test_the_level_is_kept_to(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("WARNING", "text")
    structlog.get_logger("test").info("quiet")
    structlog.get_logger("test").warning("loud")
    logging.getLogger("slack_bolt").warning("a request body")
    logging.getLogger("apscheduler.scheduler").info("a run of a job")
    written = capsys.readouterr().err
    assert "loud" in written
    assert "quiet" not in written
    assert "request body" not in written
    assert "run of a job" not in written
