"""Which pictures a workspace already has, so that each is uploaded only once. Drawing and uploading are elsewhere."""

from __future__ import annotations

from bot.services.access import Service
from bot.store.outbox import PictureRow


class Pictures(Service):
    """Remembers uploaded pictures by what they show."""

    async def find(self, team_id: str, key: str) -> str | None:
        """The file of a picture; None where it was not uploaded to this workspace."""
        async with self.database.read() as session:
            row = await session.get(PictureRow, (team_id, key))
            return row.file_id if row is not None else None

    async def keep(self, team_id: str, key: str, file_id: str) -> None:
        """A picture is uploaded; of two at the same time the later one stands."""
        async with self.database.write() as session:
            await session.merge(PictureRow(team_id=team_id, key=key, file_id=file_id, kept_at=self.calendar.now()))

    async def forget(self, team_id: str, key: str) -> None:
        """Slack doesn't show the file any more: the next time it is uploaded anew."""
        async with self.database.write() as session:
            row = await session.get(PictureRow, (team_id, key))
            if row is not None:
                await session.delete(row)
