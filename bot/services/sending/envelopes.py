"""To whom a mail goes, in whose name, and where an answer to it goes."""

from __future__ import annotations

from bot.domain.outbox import Kind
from bot.domain.rights import coordinators
from bot.domain.sending import Envelope, Person
from bot.services.access import Service, Transaction
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow


class Envelopes(Service):
    """What stands on mails beside their words."""

    async def of(self, delivery_id: int, address: str) -> Envelope:
        """The envelope of a delivery that goes to this address, as the claim has it."""
        async with self.database.read() as session:
            row = await session.get_one(DeliveryRow, delivery_id)
            tx = await Transaction(session, row.coalition_id, self.calendar.now()).read()
            member = await session.get_one(MemberRow, row.member_id)
            record = tx.record
            # An address that mail servers don't take would keep the whole mail from going.
            hearing = [
                (one.name, one.email)
                for one in coordinators(record)
                if one in record.present and one.email is not None and one.email.isascii()
            ]
            return Envelope(
                key=row.key,
                member_id=member.id,
                to=Person(name=member.name, address=address),
                coalition=record.coalition.short_name or record.coalition.name,
                sent_at=tx.now,
                edition=str(row.subject["edition"]) if row.kind == Kind.DIGEST_COPY else None,
                coordinators=tuple(Person(name=name, address=email) for name, email in hearing),
            )
