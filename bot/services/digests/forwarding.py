"""Digests passed on by hand, where no mail is sent. Whoever passes one on gets it as its reader may read it, never as
they may themselves. Steps for the service of digests, in its session."""

from __future__ import annotations

from bot.domain.digests import ByHand, DigestPost, Forwarding, Query, ToForward
from bot.domain.people import zone_of_member
from bot.domain.record import Record
from bot.domain.rights import standing_of
from bot.domain.vocabularies import Access
from bot.errors import UserError
from bot.services.access import UseCase, person
from bot.services.digests.composed import newest_published
from bot.services.digests.planning import editions_to
from bot.services.digests.readings import reader_of, reading_of
from bot.store.base import id_of
from bot.store.people import MemberRow

NONE_YET = "No digest has gone out yet. Come back when the first one has."
NOT_BY_HAND = "Nothing has to be passed on to this person anymore."


async def to_forward(tx: UseCase) -> ToForward:
    """Who waits for the digest that went out last, in file order."""
    newest = await newest_published(tx)
    member = reader_of(tx.record, tx.actor)
    return ToForward(
        readers=await _by_hand(tx, tx.unrestricted),
        published_at=newest.published_at if newest is not None else None,
        zone=zone_of_member(tx.record, member.id) if member is not None else tx.record.coalition.timezone,
        now=tx.now,
    )


async def forwarding_to(tx: UseCase, key: str) -> Forwarding:
    """The newest digest in the edition and with the amounts of this reader. Raises UserError where there is none."""
    record = tx.unrestricted
    reader = next((one for one in await _by_hand(tx, record) if one.member == key), None)
    member = next((one for one in record.members if one.id == key), None)
    if reader is None or member is None:
        raise UserError(NOT_BY_HAND)
    newest = await newest_published(tx)
    if newest is None:
        raise UserError(NONE_YET)
    member_id = await id_of(tx.session, MemberRow, tx.coalition_id, key)
    as_reader = tx.by(person(tx.coalition_id, standing_of(record, member), key, member_id or 0))
    reading = await reading_of(as_reader, Query(digest=newest.id, edition=reader.edition.key))
    me = reader_of(record, tx.actor)
    return Forwarding(
        reader=reader,
        post=DigestPost(
            digest=reading.digest,
            sight=reading.sight,
            posted_at=reading.published_at or reading.now,
            late_since=reading.late_since,
            moved_from=reading.moved_from,
            copy=reading.edition,
        ),
        coalition=record.coalition.short_name or record.coalition.name,
        by=me.name if me is not None else "a coordinator",
        by_address=me.email if me is not None else None,
    )


async def _by_hand(tx: UseCase, record: Record) -> tuple[ByHand, ...]:
    out_of_reach = [one for one in record.present if one.access == Access.EMAIL_ONLY and not record.reaches(one)]
    return tuple(
        ByHand(member=member.id, name=member.name, address=member.email, edition=edition)
        for member, edition in await editions_to(tx.on(record), out_of_reach)
    )
