"""What a person sets for themselves: clock, the hour at which they are asked, who stands in, and what waits in Home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from sqlalchemy import select

from bot.domain.checkins import PersonalSettings, plan_of
from bot.domain.outbox import Item, Path
from bot.domain.people import OwnPlan, path_of, sends_checkins, topics_of, with_settings, zone_of_member
from bot.domain.record import Member, Record
from bot.domain.rhythm import describe, to_local
from bot.domain.typed import Marks, edit_of, require_no_clash
from bot.domain.vocabularies import MessageKind
from bot.domain.wording import Zone, find_zones
from bot.errors import UserError
from bot.services.access import Actor, ByActor, Service, locked_row
from bot.services.away import spans_of
from bot.services.outbox import held_of, offer
from bot.store.coalition import CoalitionRow
from bot.store.people import MemberRow, SlackAccountRow

NOT_LINKED = "Settings belong to members, and this account isn't linked to one. A coordinator can link it."


class OwnSettings(Service):
    """Use cases around one's own settings."""

    async def page(self, actor: Actor) -> PersonalSettings:
        """What is set now."""
        async with self.looking(actor, "ownsettings.page") as tx:
            return await _page(tx)

    async def search_zones(self, actor: Actor, typed: str) -> tuple[Zone, ...]:
        """Time zones by the beginning of a city or of a zone's name."""
        actor.require("ownsettings.search_zones")
        return find_zones(typed, self.calendar.now())

    async def save(
        self,
        actor: Actor,
        opened: Marks,
        *,
        zone: str | None,
        ask_at: time | None,
        stand_in: str | None,
        no_messages_about: Sequence[str] = (),
    ) -> PersonalSettings:
        """Stores what was touched of clock, hour, stand-in and unwanted kinds of messages.

        `opened` are the marks that the form was opened with. Raises UserError with the field that needs another look,
        Mistakes for what somebody else changed meanwhile.
        """
        async with self.writing(actor, "ownsettings.save") as tx:
            row = await locked_row(tx, MemberRow, actor.key or "", NOT_LINKED)
            tx = await tx.read()
            me = next(one for one in tx.record.members if one.id == row.key)
            before = plan_of(await _page(tx))
            # Without a choice the clock stays what Slack or the coalition says.
            typed: OwnPlan = {
                "zone": zone if zone is not None else before["zone"],
                "ask_at": ask_at,
                "stand_in": stand_in,
                "no_messages_about": tuple(kind.value for kind in MessageKind if kind in no_messages_about),
            }
            found = edit_of(opened, before, typed)
            require_no_clash(found.clashes)
            after = with_settings(me, found.changes, tx.record.present)
            await tx.writer().put(after, me, row=row)
            if row.delegate_id is not None and after.delegate != me.delegate:
                # Whoever stands in from now on hears of it.
                await offer(tx, row.delegate_id, Item.STANDS_IN, row.key)
            return await _page(tx)

    async def want(self, actor: Actor, kind: str, *, wanted: bool) -> PersonalSettings:
        """Whether messages of one kind come to this person. Pressed twice is as once."""
        if kind not in set(MessageKind):
            raise UserError("This kind of message is from another version. Open the list again.")
        async with self.writing(actor, "ownsettings.want") as tx:
            row = await locked_row(tx, MemberRow, actor.key or "", NOT_LINKED)
            tx = await tx.read()
            me = next(one for one in tx.record.members if one.id == row.key)
            unwanted = {*me.no_messages_about} - {kind} if wanted else {*me.no_messages_about, kind}
            about = tuple(one.value for one in MessageKind if one in unwanted)
            await tx.writer().put(replace(me, no_messages_about=about), me, row=row)
            return await _page(tx)


async def _page(tx: ByActor) -> PersonalSettings:
    tx = await tx.read()
    coalition = await tx.session.get_one(CoalitionRow, tx.coalition_id)
    me = next((member for member in tx.record.members if member.id == tx.actor.key), None)
    if me is None or tx.actor.member_id is None:
        raise UserError(NOT_LINKED)
    account = await tx.session.scalar(
        select(SlackAccountRow).filter_by(coalition_id=tx.coalition_id, member_id=tx.actor.member_id)
    )
    zone = zone_of_member(tx.record, me.id)
    stand_in = next((one for one in tx.record.members if one.id == me.delegate), None)
    return PersonalSettings(
        name=me.name,
        zone=zone,
        zone_known=me.timezone is not None or (account is not None and account.timezone is not None),
        ask_at=me.ask_at,
        no_messages_about=me.no_messages_about,
        stand_in=stand_in.id if stand_in is not None else None,
        stand_in_name=stand_in.name if stand_in is not None else None,
        away=await spans_of(tx.session, tx.actor.member_id, to_local(tx.now, zone).date()),
        opens=_opens(tx.record, me),
        quiet_from=time.fromisoformat(coalition.quiet_from),
        quiet_to=time.fromisoformat(coalition.quiet_to),
        by_mail=path_of(tx.record, me, held_of(account) if account is not None else None) is Path.MAIL,
        now=tx.now,
    )


def _opens(record: Record, me: Member) -> tuple[tuple[str, str], ...]:
    """Names and rhythms of the check-ins that this person is asked for."""
    return tuple(
        (one.name, describe(one))
        for one in record.cadences
        if sends_checkins(record, one) and any(topic.owner == me.id for topic in topics_of(record, one))
    )
