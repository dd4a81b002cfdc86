"""Reads the mailbox to which mail goes back, now and then, and has what it says taken down."""

from __future__ import annotations

import structlog

from bot.errors import ConfigurationError
from bot.mail import Bounces
from bot.services import Services
from bot.services.sending import CameBack

log = structlog.get_logger(__name__)


class BounceReader:
    """One look after another, by one of several processes at a time."""

    def __init__(self, services: Services, bounces: Bounces) -> None:
        self._services = services
        self._bounces = bounces
        self._trouble: ConfigurationError | None = None  # what the last look met

    async def run(self) -> None:
        """Looks once, if it is this process's turn. Raises ConfigurationError where the mailbox can't be read, also
        while another process has its turn: nothing tells that it can by now."""
        if not await self._services.bounces.is_its_turn():
            if self._trouble is not None:
                raise self._trouble
            return
        try:
            await self._look()
        except ConfigurationError as error:
            self._trouble = error
            raise
        self._trouble = None

    async def _look(self) -> None:
        async with self._bounces.open() as box:
            for found in await box.unread():
                try:
                    for one in found.report.failures:
                        await self._services.bounces.note(
                            CameBack(
                                message_ids=one.message_ids,
                                recipients=one.recipients,
                                is_final=one.is_final,
                                status=one.status,
                            )
                        )
                except ConfigurationError:
                    raise
                except Exception:
                    # It stays unread, and holds up none of the others.
                    log.exception("bounce_not_noted")
                    continue
                await box.done_with(found)
