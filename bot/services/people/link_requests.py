"""Somebody whom the bot doesn't know asks to be linked: the coordinators hear of it once, and see it in Home until the
account belongs to a member. Linking itself is in `people`."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from bot.domain.outbox import Item
from bot.domain.people import AccountId, LinkRequest, Unlinked
from bot.domain.rights import coordinators
from bot.errors import UserError
from bot.services.access import Addressee, OnRecord, Service, Transaction
from bot.services.outbox import offer
from bot.services.people.outside_slack import members_outside_slack
from bot.store.base import ids_of
from bot.store.coalition import CoalitionRow
from bot.store.outbox import DeliveryItemRow
from bot.store.people import MemberRow, coalition_of_team, linked_accounts, member_of_account

# Asked again within these days it is the same request.
LASTS = timedelta(days=7)
# So many accounts a day may ask, of all that the bot doesn't know.
MOST_A_DAY = 10


class LinkRequests(Service):
    """The one thing that somebody without a member can ask for."""

    async def ask(self, workspace_team: str, user_id: str, own_team: str | None = None) -> tuple[str, ...]:
        """Tells the coordinators; returns their names. Twice within a week is once.

        `own_team` is the person's own workspace, another one for connected people; None where Slack doesn't tell it.
        Raises UserError where the account is a member's already, or where there is nobody to ask.
        """
        now = self.calendar.now()
        account = AccountId(user_id, None if own_team == workspace_team else own_team)
        async with self.database.write() as session:
            coalition_id = await coalition_of_team(session, workspace_team)
            if coalition_id is None:
                raise UserError("I'm not set up in this workspace yet.")
            # Two presses at once are one request.
            await session.get_one(CoalitionRow, coalition_id, with_for_update=True)
            if await member_of_account(session, coalition_id, user_id, own_team) is not None:
                raise UserError("Your account is linked already. Write anything to me for the menu.")
            tx = await Transaction(session, coalition_id, now).read()
            asked = coordinators(tx.record)
            if not asked:
                raise UserError("Nobody coordinates this coalition yet. Ask whoever set me up.")
            if not await _has_asked(tx, str(account)):
                await _require_room(tx, asked[0].name)
                ids = await ids_of(session, MemberRow, coalition_id)
                for member in asked:
                    await offer(tx, ids[member.id], Item.LINK_REQUEST, str(account))
            return tuple(member.name for member in asked)


async def read_link_request(tx: OnRecord, to: Addressee, about: str) -> LinkRequest:
    """What a coordinator is told of an account, or whose it is by now."""
    account = AccountId.read(about)
    key = await member_of_account(tx.session, to.actor.coalition_id, account.user_id, account.team_id)
    return LinkRequest(
        account=account,
        unlinked=await _unlinked(tx),
        linked_to=next((one.name for one in tx.record.members if one.id == key), None),
    )


async def waiting_requests(tx: OnRecord) -> tuple[LinkRequest, ...]:
    """The accounts that asked and belong to nobody yet, oldest first."""
    rows = await tx.session.execute(
        select(DeliveryItemRow.about)
        .where(tx.owns(DeliveryItemRow), DeliveryItemRow.kind == Item.LINK_REQUEST)
        .group_by(DeliveryItemRow.about)
        .order_by(func.min(DeliveryItemRow.id))
    )
    accounts = [AccountId.read(row.about) for row in rows]
    if not accounts:
        return ()
    linked = {
        account
        for row in await linked_accounts(tx.session, tx.coalition_id)
        for account in (AccountId(row.user_id), AccountId(row.user_id, row.team_id))
    }
    unlinked = await _unlinked(tx)
    return tuple(LinkRequest(account=one, unlinked=unlinked) for one in accounts if one not in linked)


async def _unlinked(tx: OnRecord) -> tuple[Unlinked, ...]:
    return tuple(
        Unlinked(member=one.member, name=one.name, organization=one.organization)
        for one in await members_outside_slack(tx)
        if one.may_be_linked
    )


async def _has_asked(tx: Transaction, account: str) -> bool:
    found = await tx.session.scalar(
        select(DeliveryItemRow.id)
        .where(
            tx.owns(DeliveryItemRow),
            DeliveryItemRow.kind == Item.LINK_REQUEST,
            DeliveryItemRow.about == account,
            DeliveryItemRow.due_at > tx.now - LASTS,
        )
        .limit(1)
    )
    return found is not None


async def _require_room(tx: Transaction, helper: str) -> None:
    """Raises UserError where as many have asked within a day as the coordinators can be troubled with."""
    count = await tx.session.scalar(
        select(func.count(func.distinct(DeliveryItemRow.about))).where(
            tx.owns(DeliveryItemRow),
            DeliveryItemRow.kind == Item.LINK_REQUEST,
            DeliveryItemRow.due_at > tx.now - timedelta(days=1),
        )
    )
    if (count or 0) >= MOST_A_DAY:
        raise UserError(f"Many people have asked today. Write to {helper} directly, or ask here tomorrow.")
