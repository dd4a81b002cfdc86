"""Keeps the book of workspaces as the installations say: those that were installed, by whichever process, are served
without a restart, and what was removed is not spoken to any more. Pages and handlers are not here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import ElapsedTime
from bot.domain.installations import Ended, Installation
from bot.errors import ConfigurationError, Unavailable
from bot.services import Services
from bot.slack.oauth import AppCredentials, NotGranted, renew
from bot.slack.workspaces import ServedWorkspace, Workspaces

log = structlog.get_logger(__name__)

# Elapsed seconds in which the table is not asked again for a workspace that it doesn't hold.
NOT_AGAIN_FOR = 5.0
MOST_UNKNOWN = 1000


class Serving:
    """`connect` makes what speaks to a workspace; `begin` is called once for each that is served from then on."""

    def __init__(
        self,
        services: Services,
        workspaces: Workspaces,
        client: AsyncWebClient,
        app: AppCredentials,
        elapsed: ElapsedTime,
        connect: Callable[[Installation], ServedWorkspace],
        begin: Callable[[ServedWorkspace], Awaitable[None]],
    ) -> None:
        self._services, self._workspaces, self._client, self._app = services, workspaces, client, app
        self._elapsed, self._connect, self._begin = elapsed, connect, begin
        self._lock = asyncio.Lock()
        self._versions: dict[str, int] = {}
        self._unknown: dict[str, float] = {}

    async def look(self) -> None:
        """Takes over what was installed, removed or changed, here or by other processes. Asks for newer tokens where
        they end soon."""
        await self._renew()
        versions = await self._services.installations.versions()
        async with self._lock:
            for team_id in self._versions.keys() - versions.keys():
                self._forget(team_id)
            if dict(versions) != self._versions:
                for installation in await self._services.installations.every():
                    await self._serve(installation)

    async def find(self, enterprise_id: str | None, team_id: str | None) -> ServedWorkspace | None:
        """The workspace that a payload is about. One that isn't in the book may have been installed by another
        process a moment ago."""
        found = self._workspaces.of_workspace(enterprise_id, team_id)
        now = self._elapsed.monotonic()
        if found is not None or not team_id or now - self._unknown.get(team_id, float("-inf")) < NOT_AGAIN_FOR:
            return found
        if len(self._unknown) >= MOST_UNKNOWN:
            self._unknown.clear()
        self._unknown[team_id] = now
        installation = await self._services.installations.of_team(team_id)
        if installation is not None:
            await self.serve(installation)
        return self._workspaces.of_workspace(enterprise_id, team_id)

    async def serve(self, installation: Installation) -> None:
        """From now on this workspace is served, with these tokens."""
        async with self._lock:
            await self._serve(await self._services.installations.of_team(installation.team_id) or installation)

    async def end(self, team_id: str, enterprise_id: str | None, why: Ended, at: float | None) -> None:
        """The app was removed, or its token taken back, as Slack told at this moment in epoch seconds: nothing is sent
        there any more, and what is due waits with the reason."""
        if not await self._services.installations.end(team_id, enterprise_id, why, at):
            return
        async with self._lock:
            self._forget(team_id)
        log.warning("installation_ended", team=team_id, why=why.value)
        await self._services.deliveries.rest_where_not_installed()

    async def _serve(self, installation: Installation) -> None:
        team_id = installation.team_id
        if self._versions.get(team_id) == installation.version:
            return
        known = self._workspaces.of_workspace(None, team_id)
        if known is not None:
            # Its pace goes on; only what it proves itself by is another one.
            known.client.token = installation.tokens.bot
            self._versions[team_id] = installation.version
            return
        workspace = self._connect(installation)
        self._workspaces.add(workspace)
        self._versions[team_id] = installation.version
        self._unknown.pop(team_id, None)
        try:
            await self._begin(workspace)
        except ConfigurationError as error:
            # It is served all the same; housekeeping looks at its people and channels in a while.
            log.warning("workspace_not_read", team=team_id, why=str(error))

    def _forget(self, team_id: str) -> None:
        self._workspaces.drop(team_id)
        self._versions.pop(team_id, None)
        self._services.deliveries.coalitions = self._workspaces.coalitions

    async def _renew(self) -> None:
        """Changes tokens that end soon for newer ones, each by one process alone."""
        while (installation := await self._services.installations.take_refresh()) is not None:
            refresh = installation.tokens.refresh or ""
            try:
                tokens = await renew(self._client, self._app, refresh, self._elapsed.epoch())
            except Unavailable as error:
                log.warning("token_not_renewed", team=installation.team_id, why=str(error))
                continue
            except NotGranted as error:
                log.error("token_not_renewed", team=installation.team_id, code=error.code)
                workspace = installation.workspace
                await self.end(workspace.team_id, workspace.enterprise_id, Ended.EXPIRED, None)
                continue
            await self._services.installations.refreshed(installation, tokens)
            log.info("token_renewed", team=installation.team_id)
