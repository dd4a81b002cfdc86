"""What every command shares: how it runs and fails, the settings, and the coalition that is meant."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from bot.errors import ConfigurationError, UserError

if TYPE_CHECKING:
    from bot.services import Services
    from bot.services.access import Actor
    from bot.services.coalition import CoalitionSummary
    from bot.settings import Settings

P = ParamSpec("P")

COALITION = click.option("--coalition", metavar="ID", help="Which coalition; needed only where there are several.")


def asynchronous(body: Callable[P, Coroutine[Any, Any, int | None]]) -> Callable[P, None]:
    """Runs an asynchronous command and turns what went wrong into one sentence and an exit code."""

    @wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = asyncio.run(body(*args, **kwargs))
        except ConfigurationError as error:
            click.echo(str(error), err=True)
            sys.exit(2)
        except UserError as error:
            click.echo(error.message, err=True)
            sys.exit(1)
        except KeyboardInterrupt:
            sys.exit(130)
        sys.exit(code or 0)

    return run


def given_settings() -> Settings:
    """The settings of this environment, with the log set up as they say. Raises ConfigurationError."""
    from bot.log import configure_logging
    from bot.settings import read_settings

    settings = read_settings()
    configure_logging(settings.log_level, settings.log_format, settings.secrets)
    return settings


@asynccontextmanager
async def open_coalition(
    settings: Settings, named: str | None
) -> AsyncIterator[tuple[Services, CoalitionSummary, Actor]]:
    """The use cases, the coalition with this id (else the only one), and who acts on it from a command line."""
    from bot.opening import open_services
    from bot.services.access import operator

    async with open_services(settings) as services:
        found = await services.coalitions.find(named)
        yield services, found, operator(found.id)
