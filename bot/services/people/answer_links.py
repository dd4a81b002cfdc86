"""Links by which somebody who isn't in Slack opens what was sent to them as a page: made, opened, called back.

What a link says is sealed: it can't be guessed, read or changed, and it is good for one delivery of one member.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import and_, func, or_, select

from bot.clock import Calendar
from bot.domain.outbox import Kind, Path, delivery_key
from bot.domain.people import SignIn
from bot.domain.record import Record
from bot.domain.rights import Right, can_help, standing_of
from bot.domain.wording import near_day, write_in
from bot.errors import Refused, UserError
from bot.sealing import Broken, Seal
from bot.services.access import Actor, Service, Transaction, locked_row, person
from bot.services.outbox import path_of
from bot.store.database import Database
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow, members_with_accounts, team_of

PATH = "/answer/"
# How long a link is good, on the calendar.
LASTS = timedelta(days=60)
# Whoever asks for their own page gets one that opens once within this time, and no other one for a while.
SIGN_IN = "me"
# What a link stops is a kind of message where it begins so, else an edition of the digest.
ABOUT = "about:"
SIGN_IN_LASTS = timedelta(minutes=30)
APART = timedelta(minutes=5)
# What stands before a link that stops copies of a digest.
STOP = "stop-"
# What comes to somebody: their page of it, and what stands before a link to it.
CHOICES = "choices"
CHOICES_LINK = f"{CHOICES}-"
_ABOUT, _SIGN_IN, _STOP, _CHOICES = "answer link", "sign-in link", "stop link", "choices link"

BROKEN = "This link can't be read. Open it as it stands in the e-mail, or ask a coordinator for a new one."
EXPIRED = "This link is no good any more. Open a newer e-mail, or ask a coordinator."
USED = "This link opens once, within half an hour. Ask for a new one on the page “my week”."
CALLED_BACK = "The links sent until then were called back. Open a newer e-mail, or ask a coordinator."


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLink:
    """Who acts by a link, and on which message; on none where it is a page of their own: `page` says which."""

    actor: Actor
    delivery_id: int | None
    kind: Kind | None
    name: str
    organization: str
    coalition: str
    team_id: str | None  # of the workspace in which the coalition lives
    called_back_at: float  # what was made until then is good no more, in epoch seconds of the calendar
    page: str = SIGN_IN  # or CHOICES


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

    def stop_address(self, coalition_id: int, member_id: int, what: str) -> str | None:
        """The link by which a reader stops their copies of an edition, or a kind of message; None where there are
        none."""
        if self._seal is None or self._address is None:
            return None
        made = self.calendar.now().timestamp()
        words = json.dumps([coalition_id, member_id, made, what])
        return f"{self._address}{PATH}{STOP}{self._seal.close(_STOP, words, at=made)}"

    def choices_address(self, coalition_id: int, member_id: int) -> str | None:
        """The link to what comes to a reader, and what of it they may stop; None where there are none."""
        if self._seal is None or self._address is None:
            return None
        made = self.calendar.now().timestamp()
        words = json.dumps([coalition_id, member_id, made])
        return f"{self._address}{PATH}{CHOICES_LINK}{self._seal.close(_CHOICES, words, at=made)}"

    async def open_choices(self, token: str) -> OpenedLink:
        """Whose choices a link leads to. Raises UserError."""
        if self._seal is None:
            raise UserError(BROKEN)
        try:
            coalition_id, member_id, made = json.loads(self._seal.open(_CHOICES, token.removeprefix(CHOICES_LINK)))
        except Broken:
            raise UserError(BROKEN) from None
        if made + LASTS.total_seconds() < self.calendar.now().timestamp():
            raise UserError(EXPIRED)
        return replace(await self._opened(coalition_id, member_id, made, None), page=CHOICES)

    async def open_stop(self, token: str) -> tuple[OpenedLink, str]:
        """Whose copies a link stops, and of which edition. Raises UserError."""
        if self._seal is None:
            raise UserError(BROKEN)
        try:
            coalition_id, member_id, made, edition = json.loads(self._seal.open(_STOP, token.removeprefix(STOP)))
        except Broken:
            raise UserError(BROKEN) from None
        if made + LASTS.total_seconds() < self.calendar.now().timestamp():
            raise UserError(EXPIRED)
        return await self._opened(coalition_id, member_id, made, None), str(edition)

    def sign_in_address(self, coalition_id: int, member_id: int) -> str | None:
        """The link by which somebody opens their own page, once and soon; None where there are none."""
        if self._seal is None or self._address is None:
            return None
        made = self.calendar.now().timestamp()
        words = json.dumps([coalition_id, member_id, made, secrets.token_urlsafe(12)])
        return f"{self._address}{PATH}{SIGN_IN}?once={self._seal.close(_SIGN_IN, words, at=made)}"

    async def ask_to_sign_in(self, address: str) -> None:
        """Has a link to their own page sent to whoever reads by mail and has this address, in each coalition. Whoever
        asks hears nothing of what was found."""
        wanted = address.strip().casefold()
        if not wanted or not self.are_made or not self.database.has_mail:
            return
        now = self.calendar.now()
        async with self.database.write() as session:
            found = await members_with_accounts(
                session,
                and_(
                    func.lower(MemberRow.email) == wanted,
                    or_(MemberRow.ended.is_(None), MemberRow.ended >= now.date()),
                ),
            )
            for member, account in found:
                if path_of(Transaction(session, member.coalition_id, now), member, account) is not Path.MAIL:
                    continue
                # One is enough for some minutes, however often it is asked for.
                key = delivery_key(
                    member.coalition_id, Kind.SIGN_IN, member.id, int(now.timestamp() // APART.total_seconds())
                )
                if await session.scalar(select(DeliveryRow.id).where(DeliveryRow.key == key)) is None:
                    session.add(
                        DeliveryRow(
                            coalition_id=member.coalition_id,
                            key=key,
                            kind=Kind.SIGN_IN,
                            about=str(member.id),
                            member_id=member.id,
                            planned_at=now,
                            due_at=now,
                            expires_at=now + SIGN_IN_LASTS,
                        )
                    )

    async def open_sign_in(self, once: str) -> tuple[OpenedLink, str]:
        """Whose page such a link opens, and by what it is known that it was used. Raises UserError."""
        if self._seal is None:
            raise UserError(BROKEN)
        try:
            coalition_id, member_id, made, token = json.loads(self._seal.open(_SIGN_IN, once))
        except Broken:
            raise UserError(BROKEN) from None
        if made + SIGN_IN_LASTS.total_seconds() < self.calendar.now().timestamp():
            raise UserError(USED)
        return await self._opened(coalition_id, member_id, made, None), f"sign-in:{token}"

    async def open(self, token: str) -> OpenedLink:
        """Who acts by a link. Raises UserError for one that is no link, too old, called back, or somebody's who has
        left."""
        if self._seal is None:
            raise UserError(BROKEN)
        try:
            coalition_id, delivery_id, member_id, made = json.loads(self._seal.open(_ABOUT, token))
        except Broken:
            raise UserError(BROKEN) from None
        if made + LASTS.total_seconds() < self.calendar.now().timestamp():
            raise UserError(EXPIRED)
        return await self._opened(coalition_id, member_id, made, delivery_id)

    async def mine(self, coalition_id: int, member_id: int, since: float) -> OpenedLink:
        """The own page of somebody who is known to a browser since then, in epoch seconds of the calendar. Raises
        UserError."""
        return await self._opened(coalition_id, member_id, since, None)

    async def _opened(self, coalition_id: int, member_id: int, made: float, delivery_id: int | None) -> OpenedLink:
        now = self.calendar.now()
        async with self.database.read(coalition_id) as session:
            row = await session.get(DeliveryRow, delivery_id) if delivery_id is not None else None
            member = await session.get(MemberRow, member_id)
            if member is None or (delivery_id is not None and (row is None or row.member_id != member_id)):
                raise UserError(EXPIRED)
            called_back_at = member.links_from.timestamp() if member.links_from is not None else 0.0
            if made <= called_back_at:
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
                kind=Kind(row.kind) if row is not None else None,
                name=own.name,
                organization=_organization(record, own.organization),
                coalition=record.coalition.short_name or record.coalition.name,
                team_id=await team_of(session, coalition_id),
                called_back_at=called_back_at,
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


async def read_sign_in(tx: Transaction, row: DeliveryRow) -> SignIn | None:
    """What goes along with a link to somebody's own page."""
    on = await tx.read()
    if row.expires_at is None:
        return None
    record = on.record
    zone = (await tx.session.get_one(MemberRow, row.member_id)).timezone or record.coalition.timezone
    return SignIn(coalition_name=record.coalition.name, zone=zone, now=tx.now, until=row.expires_at)
