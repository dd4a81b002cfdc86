"""People and their Slack accounts, the workspace and its channels: who is who, and who cannot be reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.known import in_coalition_time
from bot.domain.outbox import DISABLED
from bot.domain.people import OutsideSlack, SeenAccount, SeenChannel, Workspace
from bot.domain.rights import can_help, narrowing, standing_of
from bot.domain.sending import CutOff
from bot.domain.vocabularies import Access, CadenceKind
from bot.domain.wording import near_day, write_in
from bot.errors import ConfigurationError, Former, NoCoalitionYet, UserError
from bot.services.access import Actor, Service, Transaction, clock, one_at_a_time, person
from bot.services.outbox import forget_elsewhere
from bot.services.people.account_links import end_request, link_account
from bot.services.people.channels import cut_off_channels, missing_channels, take_over_channels
from bot.services.people.news import hand_over
from bot.services.people.outside_slack import members_outside_slack
from bot.store.coalition import CoalitionRow
from bot.store.people import (
    MemberRow,
    SlackAccountRow,
    SlackChannelRow,
    WorkspaceRow,
    coalition_of_team,
)
from bot.store.standings import own_part, part_of_account


class People(Service):
    """Use cases about who is who."""

    async def bind_workspace(self, workspace: Workspace, coalition_id: int | None) -> int:
        """Which coalition lives in this workspace; the only one there is moves in by itself. Returns its id.

        Raises ConfigurationError where it is not clear.
        """
        async with self.database.write() as session:
            of_team = select(WorkspaceRow).where(WorkspaceRow.team_id == workspace.team_id)
            row = await session.scalar(of_team)
            if row is None:
                # Processes that start together move in one after the other; the later ones find it done.
                await session.execute(select(CoalitionRow.id).order_by(CoalitionRow.id).with_for_update(key_share=True))
                row = await session.scalar(of_team)
            if row is not None:
                if coalition_id is not None and row.coalition_id != coalition_id:
                    raise ConfigurationError(
                        "This Slack workspace belongs to another coalition of this database. "
                        "Use that coalition's id, or a token of another workspace."
                    )
                row.bot_user_id, row.name = workspace.bot_user_id, workspace.name
                return row.coalition_id
            elsewhere = await session.scalar(
                select(WorkspaceRow).where(WorkspaceRow.coalition_id == coalition_id).limit(1)
            )
            if elsewhere is not None:
                raise ConfigurationError(
                    f"This coalition already lives in the Slack workspace {elsewhere.name or elsewhere.team_id}, and a "
                    "coalition has one workspace. Use that workspace's token, or another coalition's id."
                )
            taken = select(WorkspaceRow.coalition_id)
            free = (await session.scalars(select(CoalitionRow.id).where(CoalitionRow.id.not_in(taken)))).all()
            chosen = coalition_id if coalition_id is not None else (free[0] if len(free) == 1 else None)
            if chosen is None and not free:
                raise NoCoalitionYet(
                    "There is no coalition for this Slack workspace yet. Write /coalition setup in it."
                )
            if chosen is None:
                raise ConfigurationError(
                    "Several coalitions have no workspace yet. Say which one lives here with --coalition ID."
                )
            session.add(
                WorkspaceRow(
                    coalition_id=chosen,
                    team_id=workspace.team_id,
                    enterprise_id=workspace.enterprise_id,
                    name=workspace.name,
                    bot_user_id=workspace.bot_user_id,
                )
            )
            await forget_elsewhere(Transaction(session, chosen, self.calendar.now()), workspace.team_id)
            return chosen

    async def known_workspace(self, workspace: Workspace) -> int | None:
        """The coalition that lives in this workspace; none moves in by itself where anybody may install the app."""
        async with self.database.write() as session:
            row = await session.scalar(select(WorkspaceRow).where(WorkspaceRow.team_id == workspace.team_id))
            if row is None:
                return None
            row.bot_user_id, row.name = workspace.bot_user_id, workspace.name
            row.enterprise_id = workspace.enterprise_id or row.enterprise_id
            return row.coalition_id

    async def sync_accounts(self, actor: Actor, seen: Sequence[SeenAccount]) -> tuple[str, ...]:
        """Takes over what Slack says about people; links by e-mail where Slack gives one. Returns who was linked."""
        actor.require("people.sync_accounts")
        linked: list[str] = []
        found: list[SlackAccountRow] = []
        gone: list[int] = []
        async with self.writing(actor, also_ended=True) as tx:
            # Another process that looks at Slack at the same moment, or somebody who links, would make the same rows.
            await one_at_a_time(tx)
            known = {
                (row.team_id, row.user_id): row
                for row in await tx.session.scalars(select(SlackAccountRow).where(tx.owns(SlackAccountRow)))
            }
            members = {
                member.email.lower(): member
                for member in await tx.session.scalars(
                    select(MemberRow).where(tx.owns(MemberRow), MemberRow.email.is_not(None))
                )
                if member.email is not None and member.access != Access.EMAIL_ONLY and member.ended is None
            }
            taken = {row.member_id for row in known.values() if row.member_id is not None}
            for account in seen:
                row = known.get((account.team_id, account.user_id))
                member = members.get((account.email or "").lower())
                if row is None or row.member_id is None:
                    if member is None or member.id in taken or account.deactivated:
                        continue
                    if row is None:
                        row = SlackAccountRow(
                            coalition_id=actor.coalition_id, team_id=account.team_id, user_id=account.user_id
                        )
                        tx.session.add(row)
                    row.member_id, row.timezone, row.deactivated = member.id, account.timezone, False
                    row.linked_by, row.linked_at = "email", tx.now
                    if member.timezone is None:
                        member.timezone = account.timezone
                    taken.add(member.id)
                    found.append(row)
                    linked.append(member.key)
                    continue
                await _follow_clock(tx.session, row, account.timezone)
                if row.dm_refusal == DISABLED and not account.deactivated:
                    # Somebody turned the account on again before there was anything to send.
                    row.dm_refusal = row.dm_refused_at = None
                if row.deactivated != account.deactivated:
                    row.deactivated = account.deactivated
                    if account.deactivated and row.member_id is not None:
                        gone.append(row.member_id)
            for member_id in gone:
                await hand_over(tx, member_id)
            await tx.session.flush()
            for row in found:
                await end_request(tx, row)
        return tuple(linked)

    async def sync_channels(self, actor: Actor, seen: Sequence[SeenChannel]) -> None:
        """Takes over which channels the bot is in; a channel that it left is known as such, and one that has another
        name gets it wherever the coalition names it. The coordinators hear of one that takes no posts any more."""
        async with self.writing(actor, "people.sync_channels", also_ended=True) as tx:
            await one_at_a_time(tx)
            await take_over_channels(tx, seen)

    async def lost_channels(self, actor: Actor, seen: Sequence[str]) -> tuple[str, ...]:
        """Ids of channels that the bot was in and that are not among those that it sees now."""
        async with self.looking(actor, "people.lost_channels") as tx:
            found = await tx.session.scalars(
                select(SlackChannelRow.channel_id).where(
                    tx.owns(SlackChannelRow),
                    SlackChannelRow.channel_id.is_not(None),
                    SlackChannelRow.channel_id.not_in(seen),
                )
            )
            return tuple(one for one in found if one is not None)

    async def link(self, actor: Actor, member_key: str, team_id: str, user_id: str, *, by: str) -> str:
        """Says which Slack account is this member's; returns the member's name. `by`: coordinator | command."""
        async with self.writing(actor, "people.link", also_ended=True) as tx:
            member = await tx.session.scalar(
                select(MemberRow).filter_by(coalition_id=actor.coalition_id, key=member_key)
            )
            if member is None:
                raise UserError(
                    f"There is no member “{member_key}” in this coalition. `backbeat export` shows the ids."
                )
            if member.access == Access.EMAIL_ONLY:
                raise UserError(
                    f"{member.name} takes part by e-mail only. Change how they take part first: /coalition members."
                )
            await link_account(tx, member, team_id, user_id, by)
            return member.name

    async def outside_slack(self, actor: Actor) -> tuple[OutsideSlack, ...]:
        """Whom Slack doesn't reach, in file order."""
        async with self.reading(actor, "people.outside_slack") as tx:
            return await members_outside_slack(tx)

    async def missing_channels(self, actor: Actor) -> tuple[str, ...]:
        """Channels that the coalition names and that take no posts, in file order."""
        async with self.reading(actor, "people.missing_channels") as tx:
            return await missing_channels(tx)

    async def cut_off_channels(self, actor: Actor) -> tuple[CutOff, ...]:
        """The same with why, what waits for each, and what comes there next."""
        async with self.reading(actor, "people.cut_off_channels") as tx:
            return await cut_off_channels(tx)

    async def actor_of(self, workspace_team: str, user_id: str, own_team: str | None = None) -> Actor | None:
        """The member behind a Slack account in the coalition of this workspace; None for somebody not linked.

        `own_team` is the person's own workspace, another one for connected people; None where Slack doesn't tell it.
        Raises Former for somebody whose last day has passed.
        """
        about = {"team": workspace_team, "user": user_id, "own": own_team or ""}
        own = own_part(await self.database.ask(part_of_account(), about))
        if own is None:
            return None
        write_in(own.record.coalition.locale)
        today, last_day = in_coalition_time(own.record, self.calendar.now()).date(), own.member.ended
        if last_day is not None and last_day < today:
            raise await self._former(own.coalition_id, last_day)
        return person(own.coalition_id, standing_of(*own.on(today)), own.member.id, own.member_id)

    async def _former(self, coalition_id: int, last_day: date) -> Former:
        async with self.reading(clock(coalition_id)) as tx:
            words = f"You took part in {tx.record.coalition.name} until {near_day(last_day, tx.today)}."
            return Former(f"{words} {can_help(tx.record)}")

    async def coalition_of(self, workspace_team: str) -> int | None:
        """The coalition that lives in this workspace."""
        async with self.database.read() as session:
            return await coalition_of_team(session, workspace_team)

    async def has_workspace(self, actor: Actor) -> bool:
        """Whether the bot has ever run for this coalition, and so has looked at Slack."""
        async with self.looking(actor, "people.has_workspace") as tx:
            found = await tx.session.scalar(select(WorkspaceRow.id).where(tx.owns(WorkspaceRow)).limit(1))
            return found is not None

    async def narrowing(self, actor: Actor) -> tuple[tuple[str, str], ...]:
        """(channel, name) of those in a leadership channel because of whom the digest shows no amounts there."""
        record = await self.read_record(actor, "people.narrowing")
        channels = dict.fromkeys(
            name for cadence in record.cadences if cadence.kind == CadenceKind.DIGEST for name in cadence.channels
        )
        return tuple((channel, name) for channel in channels for name in narrowing(record, channel))


async def _follow_clock(session: AsyncSession, row: SlackAccountRow, zone: str | None) -> None:
    """People whose clock is Slack's keep it when they move; one that the file or somebody else gave stays."""
    if zone is None:
        return
    if row.member_id is not None:
        member = await session.get_one(MemberRow, row.member_id)
        if member.timezone is None or (member.timezone == row.timezone and zone != row.timezone):
            member.timezone = zone
    if row.timezone != zone:
        row.timezone = zone
