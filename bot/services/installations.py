"""Where the app is installed: tokens kept sealed, changed for newer ones before they end, dropped when they are worth
nothing. Slack itself is asked by whoever calls this."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Calendar, ElapsedTime
from bot.domain.installations import Ended, Installation, InstallationState, Tokens
from bot.domain.outbox import State
from bot.domain.people import Workspace
from bot.errors import ConfigurationError
from bot.sealing import KEYS, Broken, Seal
from bot.services.access import Service
from bot.store.coalition import CoalitionRow
from bot.store.database import Database
from bot.store.installations import InstallationRow
from bot.store.outbox import DeliveryRow
from bot.store.people import WorkspaceRow

log = structlog.get_logger(__name__)

# Slack's tokens live for twelve hours where they rotate: so many seconds before their end newer ones are asked for.
REFRESH_BEFORE = 2 * 3600.0
# How long one process may ask for newer tokens while the others leave it to it. Slack is waited for much shorter.
REFRESHING = 60.0
NO_KEYS = f"{KEYS} is not set, so no workspace's token can be kept or read. `backbeat keys new` makes a key."


class Installations(Service):
    """Use cases of installing and of the tokens that come of it."""

    def __init__(self, database: Database, calendar: Calendar, elapsed: ElapsedTime, seal: Seal | None = None) -> None:
        super().__init__(database, calendar)
        self._elapsed = elapsed
        self._sealed_with = seal

    @property
    def _seal(self) -> Seal:
        if self._sealed_with is None:
            raise ConfigurationError(NO_KEYS)
        return self._sealed_with

    async def keep(self, installation: Installation) -> None:
        """Keeps what installing brought; installed again, the newer tokens count, and nothing else is changed."""
        workspace, team_id = installation.workspace, installation.team_id
        values = {
            "enterprise_id": workspace.enterprise_id,
            "name": workspace.name,
            "app_id": installation.app_id,
            "bot_user_id": workspace.bot_user_id,
            "scopes": ",".join(sorted(installation.scopes)),
            "installed_by": installation.installed_by,
            "installed_at": self.calendar.now(),
            "ended": None,
            "ended_at": None,
            **self._sealed(team_id, installation.tokens),
        }
        insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        async with self.database.write() as session:
            await session.execute(
                insert(InstallationRow)
                .values(team_id=team_id, version=1, **values)
                .on_conflict_do_update(
                    index_elements=["team_id"], set_={**values, "version": InstallationRow.version + 1}
                )
            )

    async def every(self) -> tuple[Installation, ...]:
        """All that stand. One whose token can't be opened with the keys is left out, and the log says so."""
        async with self.database.read() as session:
            rows = await session.scalars(
                select(InstallationRow).where(InstallationRow.token.is_not(None)).order_by(InstallationRow.id)
            )
            return tuple(one for row in rows if (one := self._opened(row)) is not None)

    async def of_team(self, team_id: str) -> Installation | None:
        """One workspace's, where it stands and its token can be opened."""
        async with self.database.read() as session:
            row = await session.scalar(select(InstallationRow).filter_by(team_id=team_id))
            return self._opened(row) if row is not None and row.token is not None else None

    async def versions(self) -> Mapping[str, int]:
        """The version of each that stands, by workspace: what a process compares with what it has."""
        rows = await self.database.ask(_VERSIONS, {})
        return {row.team_id: row.version for row in rows}

    async def end(self, team_id: str, enterprise_id: str | None, why: Ended, at: float | None = None) -> bool:
        """Drops the tokens at once; whatever else is kept of the workspace stays. Returns whether there were any.

        `at`: when it came about, in epoch seconds. What was installed again since then stands.
        """
        async with self.database.write() as session:
            row = await session.scalar(select(InstallationRow).filter_by(team_id=team_id).with_for_update())
            if row is None or not _is_same_organization(row.enterprise_id, enterprise_id):
                return False
            if at is not None and at < int(row.installed_at.timestamp()):
                return False
            if row.token is None and (row.ended, why) != (Ended.REVOKED, Ended.UNINSTALLED):
                # Removing the app takes its token back too, and Slack tells both, in either order.
                return False
            row.token = row.refresh_token = row.expires_at = row.refreshing_until = None
            row.ended, row.ended_at = why, self.calendar.now()
            row.version += 1
            return True

    async def take_refresh(self) -> Installation | None:
        """One whose tokens end soon, for this process alone to ask Slack for newer ones. None where there is none."""
        epoch = self._elapsed.epoch()
        taken = await self.database.change(
            _TAKING_REFRESH, {"soon": epoch + REFRESH_BEFORE, "epoch": epoch, "until": epoch + REFRESHING}
        )
        for row in taken:
            return await self.of_team(row.team_id)
        return None

    async def refreshed(self, installation: Installation, tokens: Tokens) -> None:
        """Keeps the newer tokens, unless the app was removed or installed again meanwhile."""
        sealed = self._sealed(installation.team_id, tokens)
        await self.database.change(
            _KEEPING_REFRESHED,
            {
                "team": installation.team_id,
                "was": installation.version,
                **{f"new_{key}": it for key, it in sealed.items()},
            },
        )

    async def reseal(self) -> tuple[int, tuple[str, ...]]:
        """Seals every token with the first key. Returns how many, and the workspaces whose tokens no key opens."""
        done, broken = 0, []
        async with self.database.write() as session:
            rows = await session.scalars(
                select(InstallationRow)
                .where(InstallationRow.token.is_not(None))
                .order_by(InstallationRow.id)
                .with_for_update()
            )
            for row in rows:
                try:
                    row.token = self._seal.renew(row.token or "")
                    row.refresh_token = self._seal.renew(row.refresh_token) if row.refresh_token is not None else None
                    done += 1
                except Broken:
                    broken.append(row.name or row.team_id)
        return done, tuple(broken)

    async def states(self) -> tuple[InstallationState, ...]:
        """All that there ever were, in their order, with what waits where one has ended."""
        now = self.calendar.now()
        waits = (
            select(func.count(DeliveryRow.id))
            .where(
                DeliveryRow.coalition_id == WorkspaceRow.coalition_id,
                DeliveryRow.state == State.PLANNED,
                DeliveryRow.operation == "post",
                DeliveryRow.due_at <= now,
            )
            .correlate(WorkspaceRow)
            .scalar_subquery()
        )
        async with self.database.read() as session:
            found = await session.execute(
                select(InstallationRow, CoalitionRow.key, waits)
                .outerjoin(WorkspaceRow, WorkspaceRow.team_id == InstallationRow.team_id)
                .outerjoin(CoalitionRow, CoalitionRow.id == WorkspaceRow.coalition_id)
                .order_by(InstallationRow.id)
            )
            return tuple(self._state(row, coalition, waiting or 0) for row, coalition, waiting in found)

    def _state(self, row: InstallationRow, coalition: str | None, waiting: int) -> InstallationState:
        return InstallationState(
            team_id=row.team_id,
            name=row.name or row.team_id,
            coalition=coalition,
            installed_at=row.installed_at,
            ended=Ended(row.ended) if row.ended is not None else None,
            ended_at=row.ended_at,
            is_readable=row.token is None or self._opened(row) is not None,
            waiting=waiting,
        )

    def _sealed(self, team_id: str, tokens: Tokens) -> dict[str, object]:
        at = self._elapsed.epoch()
        refresh = None if tokens.refresh is None else self._seal.close(f"refresh:{team_id}", tokens.refresh, at=at)
        return {
            "token": self._seal.close(f"bot:{team_id}", tokens.bot, at=at),
            "refresh_token": refresh,
            "expires_at": tokens.expires_at,
            "refreshing_until": None,
        }

    def _opened(self, row: InstallationRow) -> Installation | None:
        """What stands in the row, in clear words; what was sealed for another workspace is not taken for this one's."""
        try:
            refresh = row.refresh_token
            tokens = Tokens(
                bot=self._seal.open(f"bot:{row.team_id}", row.token or ""),
                refresh=None if refresh is None else self._seal.open(f"refresh:{row.team_id}", refresh),
                expires_at=row.expires_at,
            )
        except Broken as error:
            log.error("token_not_readable", team=row.team_id, why=str(error))
            return None
        return Installation(
            workspace=Workspace(
                team_id=row.team_id, name=row.name, enterprise_id=row.enterprise_id, bot_user_id=row.bot_user_id
            ),
            app_id=row.app_id,
            scopes=frozenset(filter(None, row.scopes.split(","))),
            tokens=tokens,
            installed_by=row.installed_by,
            version=row.version,
        )


def _is_same_organization(known: str | None, said: str | None) -> bool:
    """A workspace may have joined an organization since it was installed, but has not come from another one."""
    return None in (known, said) or known == said


_VERSIONS = select(InstallationRow.team_id, InstallationRow.version).where(InstallationRow.token.is_not(None))
_TAKING_REFRESH = (
    update(InstallationRow)
    .where(
        InstallationRow.id
        == select(InstallationRow.id)
        .where(
            InstallationRow.refresh_token.is_not(None),
            InstallationRow.expires_at <= bindparam("soon"),
            or_(InstallationRow.refreshing_until.is_(None), InstallationRow.refreshing_until <= bindparam("epoch")),
        )
        .order_by(InstallationRow.expires_at)
        .limit(1)
        .scalar_subquery(),
        # Asked again of the row itself: another process may have taken it since.
        or_(InstallationRow.refreshing_until.is_(None), InstallationRow.refreshing_until <= bindparam("epoch")),
    )
    .values(refreshing_until=bindparam("until"))
    .returning(InstallationRow.team_id)
    .execution_options(synchronize_session=False)
)
_KEEPING_REFRESHED = (
    update(InstallationRow)
    .where(InstallationRow.team_id == bindparam("team"), InstallationRow.version == bindparam("was"))
    .values(
        token=bindparam("new_token"),
        refresh_token=bindparam("new_refresh_token"),
        expires_at=bindparam("new_expires_at"),
        refreshing_until=bindparam("new_refreshing_until"),
        version=InstallationRow.version + 1,
    )
    .returning(InstallationRow.id)
    .execution_options(synchronize_session=False)
)
