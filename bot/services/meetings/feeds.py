"""Addresses of calendars that programs read again and again: secret, one a person, and one for each of their groups."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from bot.clock import Calendar
from bot.domain.meetings import CalendarFile, FeedAddress, Feeds
from bot.domain.vocabularies import Access
from bot.errors import UserError
from bot.sealing import Broken, Seal
from bot.services.access import Actor, Service, locked_row
from bot.services.meetings.calendars import MONTHS, file_of, of_group, own_meetings
from bot.services.meetings.views import read_view
from bot.store.database import Database
from bot.store.people import MemberRow

PATH = "/calendar/"
_ABOUT = "calendar feed"
NO_FEEDS = "Calendars can't be subscribed to here: whoever runs me sets BACKBEAT_PUBLIC_URL and BACKBEAT_TOKEN_KEYS."
UNREADABLE = "This calendar address can't be read. For a new one type “meetings” to Backbeat, then press Subscribe."


@dataclass(frozen=True, slots=True)
class FeedKey:
    """Whose calendar an address is: a member's own, or that of a group as this member may see it."""

    coalition_id: int
    member_id: int
    group: str | None
    made: float  # epoch seconds of the calendar


class CalendarFeeds(Service):
    """Use cases around calendars that are subscribed to. Without `seal` or `address` there are none."""

    def __init__(self, database: Database, calendar: Calendar, seal: Seal | None, address: str | None) -> None:
        super().__init__(database, calendar)
        self._seal = seal
        self._address = address.rstrip("/") if address else None

    @property
    def are_made(self) -> bool:
        return self._seal is not None and self._address is not None

    async def addresses(self, actor: Actor) -> Feeds:
        """The addresses of this person: of their own meetings, and of each of their groups'. Raises UserError where
        there are none."""
        if not self.are_made:
            raise UserError(NO_FEEDS)
        async with self.reading(actor, "calendarfeeds.addresses") as tx:
            groups = [one for one in tx.record.groups if actor.key in (*one.members, one.chair, one.cochair)]
            me = next((one for one in tx.record.members if one.id == actor.key), None)
            can_be = tx.record.has_mail and me is not None and me.email and me.access != Access.EMAIL_ONLY
        return Feeds(
            are_changes_mailed=me.invitations if me is not None and can_be else None,
            own=self._address_of(actor, None),
            groups=tuple(FeedAddress(name=one.name, address=self._address_of(actor, one.id)) for one in groups),
        )

    async def mail_changes(self, actor: Actor, wanted: bool) -> None:
        """Has moved and skipped meetings mailed to this person's calendar from now on, or no more."""
        async with self.writing(actor, "calendarfeeds.mail_changes") as tx:
            row = await locked_row(tx, MemberRow, actor.key or "", NO_FEEDS)
            tx = await tx.read()
            me = next(one for one in tx.record.members if one.id == row.key)
            await tx.writer().put(replace(me, invitations=wanted), me, row=row)

    def read(self, token: str) -> FeedKey:
        """What an address stands for. Raises UserError."""
        if self._seal is None:
            raise UserError(UNREADABLE)
        try:
            return FeedKey(*json.loads(self._seal.open(_ABOUT, token)))
        except Broken:
            raise UserError(UNREADABLE) from None

    async def file(self, actor: Actor, group: str | None) -> CalendarFile:
        """The meetings behind an address. Raises UserError for a group that this person is in no more."""
        async with self.reading(actor, "calendarfeeds.file") as tx:
            view = await read_view(tx)
            if group is None:
                return await file_of(tx, own_meetings(view, actor), MONTHS)
            known = next((one for one in tx.record.groups if one.id == group), None)
            if known is None or actor.key not in (*known.members, known.chair, known.cochair):
                raise UserError("You are not in this group anymore.")
            return await file_of(tx, of_group(tx.record, group), MONTHS, name=known.name)

    def _address_of(self, actor: Actor, group: str | None) -> str:
        assert self._seal is not None
        made = self.calendar.now().timestamp()
        sealed = self._seal.close(_ABOUT, json.dumps([actor.coalition_id, actor.member_id, group, made]), at=made)
        return f"{self._address}{PATH}{sealed}.ics"
