"""Structured logs. Tokens and what people wrote never get in: known secrets are masked, text fields are dropped."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

SECRET = re.compile(r"x(?:ox[a-z]|app|wfp)-[A-Za-z0-9-]+")
# Keys under which a library might hand over what people wrote or a whole payload.
TEXT_KEYS = frozenset({"text", "blocks", "body", "payload", "message_text", "values", "view", "request", "response"})


def masked(value: Any) -> Any:
    """The value with tokens masked at any depth, and without what people wrote."""
    if isinstance(value, str):
        return SECRET.sub("***", value)
    if isinstance(value, Mapping):
        return {key: masked(item) for key, item in value.items() if key not in TEXT_KEYS}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item) for item in value]
    if isinstance(value, BaseException):
        return masked(repr(value))
    return value


def without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops text and masks tokens in every field of a log line."""
    # The exception itself is needed until it is written out; the finished line is masked once more.
    return {key: value if key == "exc_info" else masked(value) for key, value in event.items() if key not in TEXT_KEYS}


def _finished(_logger: Any, _method: str, line: Any) -> str:
    return SECRET.sub("***", line)


class _Masking(logging.Formatter):
    """Masks the whole line, with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub("***", super().format(record))


class _WithoutItsTraceback(logging.Filter):
    """What Slack's socket client says of a network that is away takes one line: it says so with each try."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "socket_mode" in record.pathname:
            record.exc_info = record.exc_text = None
        return True


def configure_logging(level: str = "INFO", style: str = "text") -> None:
    """Sets up logging for a process; `style` is text or json. Libraries are kept at WARNING."""
    number = logging.getLevelName(level.upper())
    renderer: Any = (
        structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_secrets,
            structlog.processors.format_exc_info,
            renderer,
            _finished,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number if isinstance(number, int) else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Masking("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(_WithoutItsTraceback())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # Bolt logs whole request bodies at INFO when a signature is wrong, and APScheduler every run of a job.
    for name in ("slack_sdk", "aiosqlite", "sqlalchemy", "asyncio", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # A tick that finds the one before still at work is no news.
    # Nor is a request that is no HTTP; it is counted.
    for name in ("slack_bolt", "apscheduler", "uvicorn"):
        logging.getLogger(name).setLevel(logging.ERROR)
