"""Digests: composing for a question, what somebody gets and may read, copies, past ones, and sending one by hand."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from bot.domain.digests import (
    ContextForm,
    Digest,
    Edition,
    Forwarding,
    ForwardKey,
    Overview,
    PastDigests,
    Query,
    Reading,
    SendOutcome,
    SendQuestion,
    ToForward,
    compose,
    editions_of,
)
from bot.domain.known import in_coalition_time
from bot.domain.people import zone_of_member
from bot.domain.record import present_on
from bot.domain.rights import Right
from bot.domain.typed import Known, Marks
from bot.errors import Refused, UserError
from bot.services.access import Actor, Service, Transaction
from bot.services.digests.forwarding import (
    forwarding_to,
    note_passed_on,
    take_passed_on_back,
    to_forward,
    with_passed_on,
)
from bot.services.digests.notes import context_form_of, keep_note, require_unchanged
from bot.services.digests.readings import (
    digest_cadences,
    digest_typed,
    edition_typed,
    is_offered,
    overview_of,
    past_digests,
    reader_of,
    reading_of,
    refusal_to_read,
)
from bot.services.digests.sending import question_of, send, sent_before
from bot.store.coalition import CoalitionRow
from bot.store.digests import DigestSubscriptionRow
from bot.store.record import read_record


class Digests(Service):
    """Use cases around digests."""

    async def compose(self, actor: Actor, moment: datetime | None = None) -> Digest:
        """The leadership edition as of a moment (None: now): what was known then."""
        actor.require("digests.compose")
        at = moment or self.calendar.now()
        async with self.looking(actor) as tx:
            record = await read_record(tx.session, actor.coalition_id, at)
        return compose(record, at)

    async def overview(self, actor: Actor) -> Overview:
        """What this person gets, when the next one goes out, and the latest one."""
        async with self.reading(actor, "digests.overview") as tx:
            return await overview_of(tx)

    async def find_edition(self, actor: Actor, typed: str) -> Edition | Known:
        """The edition that was typed, or the nearest known priority. Raises Refused for one that is not theirs."""
        record = await self.read_record(actor, "digests.find_edition")
        return edition_typed(record, actor.standing, reader_of(record, actor), typed)

    async def read(self, actor: Actor, query: Query) -> Reading:
        """One edition, as it would read now or as it was published. Raises Refused for one that is not theirs."""
        async with self.looking(actor, "digests.read") as tx:
            record = await read_record(tx.session, actor.coalition_id, tx.now)
            today = in_coalition_time(record, tx.now).date()
            return await reading_of(tx.on(present_on(record, today)), query)

    async def past(self, actor: Actor, page: int = 0) -> PastDigests:
        """A page of the digests that went out, newest first."""
        async with self.reading(actor, "digests.past") as tx:
            member = reader_of(tx.record, actor)
            if not editions_of(tx.record, actor.standing, member):
                raise Refused(refusal_to_read(tx.record, None))
            zone = zone_of_member(tx.record, member.id) if member is not None else tx.record.coalition.timezone
            found = await past_digests(tx, page=page, zone=zone)
            return await with_passed_on(tx, found) if actor.standing.may(Right.SEND_DIGEST) else found

    async def subscribe(self, actor: Actor, edition: str, active: bool) -> Overview:
        """Whether this person gets an edition by direct message from the next digest on."""
        async with self.writing(actor, "digests.subscribe") as tx:
            await _locked(tx)
            tx = await tx.read()
            member = reader_of(tx.record, actor)
            if member is None or actor.member_id is None:
                raise UserError("Copies go to members. The command line is none.")
            may = editions_of(tx.record, actor.standing, member)
            wanted = next((one for one in may if one.key == edition and is_offered(one, member)), None)
            if wanted is None and active:
                kind, _, about = edition.partition(":")
                raise Refused(refusal_to_read(tx.record, Edition(kind, about, about)))
            row = await tx.session.scalar(
                select(DigestSubscriptionRow).filter_by(
                    coalition_id=actor.coalition_id, member_id=actor.member_id, edition=edition
                )
            )
            if row is None:
                tx.session.add(
                    DigestSubscriptionRow(
                        coalition_id=actor.coalition_id, member_id=actor.member_id, edition=edition, active=active
                    )
                )
            elif row.active != active:
                row.active = active
            await tx.session.flush()
            return await overview_of(tx)

    async def context_form(self, actor: Actor, priority: str, week: date) -> ContextForm:
        """The form for what is added to a priority's part of a week's digest. Raises UserError once that is out."""
        async with self.reading(actor, to_change=True) as tx:
            actor.require("digests.context_form", scope=priority, record=tx.record)
            return await context_form_of(tx, priority, week)

    async def add_context(
        self, actor: Actor, priority: str, week: date, text: str, opened: Marks | None = None
    ) -> ContextForm:
        """Adds a text to a priority's part of a week's digest; an empty one takes it out. The newest one stands.

        `opened`: the marks of the form that it comes from; what somebody else wrote meanwhile is told instead.
        """
        async with self.writing(actor) as tx:
            await _locked(tx)
            tx = await tx.read()
            actor.require("digests.add_context", scope=priority, record=tx.record)
            there = await context_form_of(tx, priority, week)
            require_unchanged(there, text, opened)
            await keep_note(tx, priority, week, text)
            return await context_form_of(tx, priority, week)

    async def to_forward(self, actor: Actor) -> ToForward:
        """Who waits for somebody to pass the newest digest on, since no mail is sent."""
        async with self.reading(actor) as tx:
            actor.require("digests.to_forward", record=tx.record)
            return await to_forward(tx)

    async def forward(self, actor: Actor, key: ForwardKey) -> Forwarding:
        """A digest for one of these, as they may read it."""
        async with self.reading(actor) as tx:
            actor.require("digests.forward", record=tx.record)
            return await forwarding_to(tx, key)

    async def note_passed_on(self, actor: Actor, key: ForwardKey) -> ToForward:
        """That somebody has passed it on, with the list as it is then. Done once, whoever presses after that; the last
        digest of a coalition is passed on after its end."""
        async with self.changing(actor, also_ended=True) as tx:
            actor.require("digests.note_passed_on", record=tx.record)
            await note_passed_on(tx, key)
            return await to_forward(tx)

    async def take_passed_on_back(self, actor: Actor, key: ForwardKey) -> ToForward:
        """That it wasn't passed on after all."""
        async with self.changing(actor, also_ended=True) as tx:
            actor.require("digests.take_passed_on_back", record=tx.record)
            await take_passed_on_back(tx, key)
            return await to_forward(tx)

    async def ask_to_send(self, actor: Actor, typed: str = "") -> SendQuestion:
        """What sending a digest now would mean. Nothing is sent by asking."""
        async with self.reading(actor, to_change=True) as tx:
            actor.require("digests.ask_to_send", record=tx.record)
            coalition = await tx.session.get_one(CoalitionRow, actor.coalition_id)
            return await question_of(tx, coalition, digest_typed(tx.record, typed))

    async def send(self, actor: Actor, token: str) -> SendOutcome | SendQuestion:
        """Sends what a question allowed, once. Where it is different by now, the question of now comes back."""
        async with self.writing(actor) as tx:
            coalition = await _locked(tx)
            tx = await tx.read()
            actor.require("digests.send", record=tx.record)
            cadence = next((item for item in digest_cadences(tx.record) if token.startswith(f"{item.id}:")), None)
            asked = await question_of(tx, coalition, cadence)
            before = await sent_before(tx, token, asked)
            if before is not None:
                return before
            if cadence is None or asked.token != token or asked.what not in {"early", "again", "extra"}:
                return asked
            return await send(tx, coalition, cadence, asked)


async def _locked(tx: Transaction) -> CoalitionRow:
    row = await tx.session.scalar(select(CoalitionRow).where(CoalitionRow.id == tx.coalition_id).with_for_update())
    if row is None:
        raise LookupError(f"coalition {tx.coalition_id}")
    return row
