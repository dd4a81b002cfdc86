"""Structured logs. Tokens and what people wrote never get in: known secrets are masked, text fields are dropped."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET = re.compile(r"x(?:ox[a-z]|app|wfp)-[A-Za-z0-9-]+")
# Keys under which a library might hand over what people wrote or a whole payload.
TEXT_KEYS = frozenset({"text", "blocks", "body", "payload", "message_text", "values", "view", "request", "response"})


def without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops text and masks tokens in every field of a log line."""
    for key in list(event):
        if key in TEXT_KEYS:
            del event[key]
        elif isinstance(event[key], str):
            event[key] = SECRET.sub("***", event[key])
    return event


class _Masking(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = SECRET.sub("***", str(record.getMessage()))
        record.args = ()
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
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number if isinstance(number, int) else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(_Masking())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # Bolt logs whole request bodies at INFO when a signature is wrong, and APScheduler every run of a job.
    for name in ("slack_sdk", "aiosqlite", "sqlalchemy", "asyncio", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # A tick that finds the one before still at work is no news.
    for name in ("slack_bolt", "apscheduler"):
        logging.getLogger(name).setLevel(logging.ERROR)
