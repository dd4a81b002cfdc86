"""Structured logs. Tokens and what people wrote never get in: secrets are masked, text fields are dropped, and of an
exception stands what it is and where, not what it says."""

from __future__ import annotations

import copy
import logging
import re
import sys
import traceback
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

import structlog

SECRET = re.compile(
    r"x(?:ox[a-z]|app|wfp)-[A-Za-z0-9-]+"
    r"|(?<=://)[^/@\s]+(?=@)"  # whose password in an address
    r"|(?<=hooks\.slack\.com/)[^\s'\"<>]+"
    r"|(?<=[?&])(?:code|state|client_secret|refresh_token)=[^&\s'\"<>]+"
)
# Secrets of this process that look like nothing else; short ones would hide words of their own.
_KNOWN: set[str] = set()
_SHORTEST = 8
# How the loop words what nobody waited for: with the whole exception.
_IN_FUTURE = re.compile(r"exception=([\w.]+)\(.*", re.DOTALL)
# Keys under which a library might hand over what people wrote or a whole payload.
TEXT_KEYS = frozenset({"text", "blocks", "body", "payload", "message_text", "values", "view", "request", "response"})


def without_tokens(words: str) -> str:
    """The words with every secret masked that can be told by its looks, or that this process knows."""
    for secret in _KNOWN:
        words = words.replace(secret, "***")
    return SECRET.sub("***", words)


def masked(value: Any) -> Any:
    """The value with tokens masked at any depth, and without what people wrote."""
    if isinstance(value, str):
        return without_tokens(value)
    if isinstance(value, Mapping):
        return {key: masked(item) for key, item in value.items() if key not in TEXT_KEYS}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item) for item in value]
    if isinstance(value, BaseException):
        return type(value).__name__
    return value


def told(error: BaseException | None) -> str:
    """Where it happened, the first cause first, as a traceback without the exceptions' own words.

    A database, or a check of ours, puts what people wrote into them. What the machine says of itself stays.
    """
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        inside = [told(one) for one in error.exceptions] if isinstance(error, BaseExceptionGroup) else []
        words = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
        frames = "".join(traceback.format_tb(error.__traceback__))
        lines.insert(0, "\n".join([f"Traceback:\n{frames}{type(error).__qualname__}{words}", *inside]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops text and masks tokens in every field of a log line."""
    # The exception itself is needed until it is written out; the finished line is masked once more.
    return {key: value if key == "exc_info" else masked(value) for key, value in event.items() if key not in TEXT_KEYS}


def _told(exc_info: Any) -> str:
    return told(exc_info[1])


def _finished(_logger: Any, _method: str, line: Any) -> str:
    return without_tokens(line)


class _Masking(logging.Formatter):
    """Masks the whole line, and leaves out what exceptions say in their own words."""

    def format(self, record: logging.LogRecord) -> str:
        return without_tokens(super().format(_without_words(record)))

    def formatException(self, ei: Any) -> str:
        return told(ei[1])


def _without_words(record: logging.LogRecord) -> logging.LogRecord:
    """The record as libraries would write it that know what exceptions may hold."""
    given = record.args if isinstance(record.args, tuple) else ()
    raised = [
        one for one in (*given, record.exc_info[1] if record.exc_info else None) if isinstance(one, BaseException)
    ]
    message = record.getMessage()
    for error in raised:
        for words in (repr(error), str(error)):
            if words:
                message = message.replace(words, type(error).__name__)
    if record.name == "asyncio":
        message = _IN_FUTURE.sub(r"exception=\1", message)
    changed = copy.copy(record)
    changed.msg, changed.args, changed.exc_text = message, None, None
    return changed


class _WithoutItsTraceback(logging.Filter):
    """What Slack's socket client says of a network that is away takes one line: it says so with each try."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "socket_mode" in record.pathname:
            record.exc_info = record.exc_text = None
        return True


def configure_logging(level: str = "INFO", style: str = "text", secrets: Iterable[str] = ()) -> None:
    """Sets up logging for a process; `style` is text or json. Libraries are kept at WARNING.

    `secrets` are masked wherever they stand, whatever they look like.
    """
    _KNOWN.clear()
    _KNOWN.update(one for one in secrets if len(one) >= _SHORTEST)
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
            structlog.processors.ExceptionRenderer(_told),
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
