"""Links by which somebody who isn't in Slack opens what was sent to them as a page: made, opened, called back.

What a link says is sealed: it can't be guessed, read or changed, and it is good for one delivery of one member.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.clock import Calendar
from bot.domain.outbox import Kind
from bot.domain.record import Record
from bot.domain.rights import Right, can_help, standing_of
from bot.domain.wording import near_day, write_in
from bot.errors import Refused, UserError
from bot.sealing import Broken, Seal
from bot.services.access import Actor, Service, Transaction, locked_row, person
from bot.store.database import Database
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow, team_of

PATH = "/answer/"
# How long a link is good, on the calendar.
LASTS = timedelta(days=60)
_ABOUT = "answer link"

BROKEN = "This link can't be read. Open it as it stands in the e-mail, or ask a coordinator for a new one."
EXPIRED = "This link is no good any more. Open a newer e-mail, or ask a coordinator."
CALLED_BACK = "The links sent until then were called back. Open a newer e-mail, or ask a coordinator."


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLink:
    """Who acts by a link, and on which message."""

    actor: Actor
    delivery_id: int
    kind: Kind
    name: str
    organization: str
    coalition: str
    team_id: str | None  # of the workspace in which the coalition lives


class AnswerLinks(Service):
    """Use cases around links. `address` is where people reach the program; without it, or without a seal, there are
    none."""

    def __init__(self, database: Database, calendar: Calendar, seal: Seal | None, address: str | None) -> None:
        super().__init__(database, calendar)
        self._seal = seal
        self._address = address.rstrip("/") if address else None

    @property
    def are_made(self) -> bool:
        """Whether mails hold links."""
        return self._seal is not None and self._address is not None

    def address_of(self, coalition_id: int, delivery_id: int, member_id: int) -> str | None:
        """The link to a delivery for its receiver; None where there are none."""
        if self._seal is None or self._address is None:
            return None
        made = self.calendar.now().timestamp()
        sealed = self._seal.close(_ABOUT, json.dumps([coalition_id, delivery_id, member_id, made]), at=made)
        return f"{self._address}{PATH}{sealed}"

    async def open(self, token: str) -> OpenedLink:
        """Who acts by a link. Raises UserError for one that is no link, too old, called back, or somebody's who has
        left."""
        if self._seal is None:
            raise UserError(BROKEN)
        now = self.calendar.now()
        try:
            coalition_id, delivery_id, member_id, made = json.loads(self._seal.open(_ABOUT, token))
        except Broken:
            raise UserError(BROKEN) from None
        if made + LASTS.total_seconds() < now.timestamp():
            raise UserError(EXPIRED)
        async with self.database.read(coalition_id) as session:
            row = await session.get(DeliveryRow, delivery_id)
            member = await session.get(MemberRow, member_id)
            if row is None or member is None or row.member_id != member_id:
                raise UserError(EXPIRED)
            if member.links_from is not None and made <= member.links_from.timestamp():
                raise UserError(CALLED_BACK)
            tx = await Transaction(session, coalition_id, now).read()
            record = tx.record
            write_in(record.coalition.locale)
            own = next(one for one in record.members if one.id == member.key)
            if own.ended is not None and own.ended < tx.today:
                until = near_day(own.ended, tx.today)
                raise UserError(f"You took part in {record.coalition.name} until {until}. {can_help(record)}")
            actor = person(coalition_id, standing_of(record, own), own.id, member_id)
            return OpenedLink(
                actor=replace(actor, path="link"),
                delivery_id=delivery_id,
                kind=Kind(row.kind),
                name=own.name,
                organization=_organization(record, own.organization),
                coalition=record.coalition.short_name or record.coalition.name,
                team_id=await team_of(session, coalition_id),
            )

    async def call_back(self, actor: Actor, key: str) -> str:
        """Lets every link that was sent to a member until now be no good any more; returns their name. Raises Refused
        for somebody else's."""
        async with self.changing(actor, "answerlinks.call_back", also_ended=True) as tx:
            member = next((one for one in tx.record.members if one.id == key), None)
            if member is None:
                raise UserError("I can't find this person anymore.")
            if key != actor.key and not actor.standing.may(Right.MANAGE_MEMBERS):
                raise Refused(f"{member.name} or a coordinator calls these links back. {can_help(tx.record)}")
            row = await locked_row(tx, MemberRow, key, "I can't find this person anymore.")
            row.links_from = tx.now
            return member.name


def _organization(record: Record, key: str) -> str:
    return next(one.name for one in record.everything.organizations if one.id == key)
