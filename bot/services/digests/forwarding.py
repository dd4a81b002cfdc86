"""Digests passed on by hand, where no mail is sent. Whoever passes one on gets it as its reader may read it, never as
they may themselves, and notes that they did, so that nobody does it twice. Steps for the service of digests, in its
session."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bot.domain.digests import ByHand, DigestPost, Forwarding, ForwardKey, PassedOn, PastDigests, Query, ToForward
from bot.domain.outbox import PASSED_ON, Kind, State
from bot.domain.people import zone_of_member
from bot.domain.record import Record
from bot.domain.rights import standing_of
from bot.domain.vocabularies import Access
from bot.errors import UserError
from bot.services.access import OnRecord, Transaction, UseCase, person
from bot.services.digests.composed import newest_published
from bot.services.digests.planning import editions_to
from bot.services.digests.readings import reader_of, reading_of
from bot.store.base import id_of
from bot.store.digests import DigestForwardRow, DigestRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow

NONE_YET = "No digest has gone out yet. Come back when the first one has."
NOT_BY_HAND = "Nothing has to be passed on to this person anymore."


async def to_forward(tx: UseCase) -> ToForward:
    """Who waits for the digest that went out last, in file order."""
    member = reader_of(tx.record, tx.actor)
    return await waiting_to_forward(
        tx, zone_of_member(tx.record, member.id) if member is not None else tx.record.coalition.timezone
    )


async def waiting_to_forward(tx: OnRecord, zone: str) -> ToForward:
    """The same for whoever has this clock."""
    newest = await newest_published(tx)
    return ToForward(
        readers=await _by_hand(tx, tx.unrestricted, newest),
        published_at=newest.published_at if newest is not None else None,
        zone=zone,
        now=tx.now,
        digest=newest.id if newest is not None else 0,
    )


async def forwarding_to(tx: UseCase, key: ForwardKey) -> Forwarding:
    """A digest in the edition and with the amounts of this reader. Raises UserError where there is none."""
    record = tx.unrestricted
    digest = await _digest_of(tx, key)
    reader = await _reader_of(tx, key, digest)
    member = next(one for one in record.members if one.id == reader.member)
    member_id = await id_of(tx.session, MemberRow, tx.coalition_id, reader.member)
    as_reader = tx.by(person(tx.coalition_id, standing_of(record, member), reader.member, member_id or 0))
    reading = await reading_of(as_reader, Query(digest=digest.id, edition=reader.edition.key))
    me = reader_of(record, tx.actor)
    return Forwarding(
        key=ForwardKey(digest.id, reader.member, reader.edition.key),
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
        zone=zone_of_member(record, me.id) if me is not None else record.coalition.timezone,
        now=tx.now,
    )


async def note_passed_on(tx: UseCase, key: ForwardKey) -> None:
    """Whoever acts has passed this on; once somebody has, it stays theirs. What was to be mailed of it goes no more."""
    digest = await _digest_of(tx, key, lock=True)
    reader = await _reader_of(tx, key, digest)
    if await _noted(tx, digest.id, reader.member, reader.edition.key) is not None:
        return
    member_id = await id_of(tx.session, MemberRow, tx.coalition_id, reader.member)
    assert member_id is not None, "this reader is a member"
    tx.session.add(
        DigestForwardRow(
            coalition_id=tx.coalition_id,
            digest_id=digest.id,
            member_id=member_id,
            edition=reader.edition.key,
            passed_on_by_id=tx.actor.member_id,
            passed_on_at=tx.now,
        )
    )
    for copy in await _copies(tx, digest.id, member_id, reader.edition.key, State.PLANNED):
        copy.state, copy.reason, copy.waiting, copy.next_attempt_at = State.DROPPED, PASSED_ON, False, None
    await tx.session.flush()


async def take_passed_on_back(tx: UseCase, key: ForwardKey) -> None:
    """It wasn't passed on after all."""
    digest = await _digest_of(tx, key, lock=True)
    row = await _noted(tx, digest.id, key.member, key.edition)
    if row is None:
        return
    await tx.session.delete(row)
    for copy in await _copies(tx, digest.id, row.member_id, row.edition, State.DROPPED):
        if copy.reason == PASSED_ON:
            copy.state, copy.reason = State.PLANNED, None
    await tx.session.flush()


@dataclass(frozen=True, slots=True)
class _Noted:
    """A note with what it is about."""

    digest: int
    member: str
    edition: str
    told: PassedOn


async def passed_on_of(tx: Transaction, digests: Collection[int]) -> tuple[_Noted, ...]:
    """What is noted of these digests, in the order in which it was done."""
    if not digests:
        return ()
    reader, by = aliased(MemberRow), aliased(MemberRow)
    rows = await tx.session.execute(
        select(DigestForwardRow, reader.key, reader.name, by.name)
        .join(reader, reader.id == DigestForwardRow.member_id)
        .outerjoin(by, by.id == DigestForwardRow.passed_on_by_id)
        .where(tx.owns(DigestForwardRow), DigestForwardRow.digest_id.in_(digests))
        .order_by(DigestForwardRow.passed_on_at, DigestForwardRow.id)
    )
    return tuple(
        _Noted(row.digest_id, key, row.edition, PassedOn(to=name, by=by_name, at=row.passed_on_at))
        for row, key, name, by_name in rows
    )


async def with_passed_on(tx: Transaction, page: PastDigests) -> PastDigests:
    """Past digests with who passed them on, for a coordinator."""
    noted = await passed_on_of(tx, [one.id for one in page.digests])
    told = {one.id: tuple(each.told for each in noted if each.digest == one.id) for one in page.digests}
    return replace(page, digests=tuple(replace(one, passed_on=told[one.id]) for one in page.digests))


async def _noted(tx: UseCase, digest_id: int, member: str, edition: str) -> DigestForwardRow | None:
    found: DigestForwardRow | None = await tx.session.scalar(
        select(DigestForwardRow)
        .join(MemberRow, MemberRow.id == DigestForwardRow.member_id)
        .where(
            tx.owns(DigestForwardRow),
            DigestForwardRow.digest_id == digest_id,
            DigestForwardRow.edition == edition,
            MemberRow.key == member,
        )
    )
    return found


async def _copies(tx: UseCase, digest_id: int, member_id: int, edition: str, state: State) -> list[DeliveryRow]:
    """What was planned for this reader as long as they could be reached."""
    rows = await tx.values(
        select(DeliveryRow)
        .where(
            tx.owns(DeliveryRow),
            DeliveryRow.kind == Kind.DIGEST_COPY,
            DeliveryRow.digest_id == digest_id,
            DeliveryRow.member_id == member_id,
            DeliveryRow.operation == "post",
            DeliveryRow.state == state,
        )
        .with_for_update()
    )
    return [row for row in rows if row.subject.get("edition") == edition]


async def _digest_of(tx: UseCase, key: ForwardKey, *, lock: bool = False) -> DigestRow:
    """The digest that went out which a button means. Two who press at once come one after the other with `lock`."""
    newest = await newest_published(tx) if not key.digest else None
    query = select(DigestRow).where(
        tx.owns(DigestRow), DigestRow.id == (newest.id if newest is not None else key.digest)
    )
    found = await tx.session.scalar(query.with_for_update() if lock else query)
    if found is None or found.published_at is None:
        raise UserError(NONE_YET)
    return found


async def _reader_of(tx: UseCase, key: ForwardKey, digest: DigestRow) -> ByHand:
    readers = await _by_hand(tx, tx.unrestricted, digest)
    found = next(
        (one for one in readers if one.member == key.member and key.edition in {"", one.edition.key}),
        None,
    )
    if found is None:
        raise UserError(NOT_BY_HAND)
    return found


async def _by_hand(tx: OnRecord, record: Record, digest: DigestRow | None) -> tuple[ByHand, ...]:
    out_of_reach = [one for one in record.present if one.access == Access.EMAIL_ONLY and not record.reaches(one)]
    if not out_of_reach:
        return ()
    noted = {(one.member, one.edition): one.told for one in await passed_on_of(tx, [digest.id] if digest else [])}
    return tuple(
        ByHand(
            member=member.id,
            name=member.name,
            address=member.email,
            edition=edition,
            passed_on=noted.get((member.id, edition.key)),
        )
        for member, edition in await editions_to(tx.on(record), out_of_reach)
    )
