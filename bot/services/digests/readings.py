"""Digests as one person reads them: what they get and when, and one edition, as it reads now or as it was published.

Steps for the service of digests, in its session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from bot.domain.digests import (
    FUNDER,
    PAGE,
    PRIORITY,
    ROLL_UP,
    SOON_AFTER,
    Copy,
    Edition,
    Overview,
    PastDigests,
    Published,
    Query,
    Reading,
    TwoDigests,
    as_seen,
    compose,
    editions_of,
    opening_sentence,
    sight_of,
)
from bot.domain.home import LatestDigest
from bot.domain.outbox import LATE_AFTER, Kind, State, Whereabouts
from bot.domain.people import zone_of_member
from bot.domain.record import Cadence, Member, Record
from bot.domain.rhythm import next_occurrence, to_local
from bot.domain.rights import Part, Right, Standing, coordinators
from bot.domain.typed import Known, likeliest, match_known
from bot.domain.vocabularies import Access, CadenceKind
from bot.domain.wording import one_line
from bot.errors import Refused, UserError
from bot.services.access import Actor, OnRecord, Transaction, UseCase
from bot.services.digests.composed import composed_digest, newest_published
from bot.services.digests.notes import with_notes
from bot.services.digests.reach import with_reach
from bot.services.outbox import where_newest_are
from bot.store.coalition import CoalitionRow
from bot.store.digests import DigestRow, DigestSendingRow, DigestSubscriptionRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.rhythm import CadenceRow

# How long it is worth saying what became of somebody's newest preview or copy.
_OF_LATE = timedelta(days=7)

# How far back the slot of a moved digest that has yet to come may lie.
_EARLIER = timedelta(days=21)


def digest_cadences(record: Record) -> tuple[Cadence, ...]:
    """The coalition's digests, in file order."""
    return tuple(item for item in record.cadences if item.kind == CadenceKind.DIGEST)


def digest_typed(record: Record, typed: str) -> Cadence | None:
    """The digest that was named; without a name the first one. Raises UserError for a name that is not known."""
    known = digest_cadences(record)
    if not typed.strip():
        return next(iter(known), None)
    found = match_known(typed, tuple(Known(item.id, item.name) for item in known))
    if len(found) != 1:
        names = " or ".join(item.name for item in known) or "none yet"
        raise UserError(f"I don't know the digest “{typed.strip()[:60]}”. There is {names}.")
    return next(item for item in known if item.id == found[0].id)


def reader_of(record: Record, actor: Actor) -> Member | None:
    """The member who asks; None for the program's operator."""
    return next((item for item in record.members if item.id == actor.key), None)


def refusal_to_read(record: Record, edition: Edition | None) -> str:
    """Who reads an edition, and who can help."""
    names = [member.name for member in coordinators(record)[:1]]
    owner = None
    if edition is None:
        words = "Digests are read by steering, priority owners, the priorities' groups, funders and the coordinators."
    elif edition.kind == PRIORITY:
        words = f"The digest of {edition.name} is read by its working group, steering and the coordinators."
        owner = next((item.owner for item in record.priorities if item.id == edition.about), None)
    elif edition.kind == FUNDER:
        words = "A funder's edition is read by that funder and the coordinators."
    else:
        words = "The roll-up is read by steering, the priorities' owners and the coordinators."
    names = [*(member.name for member in record.members if member.id == owner), *names]
    helpers = " or ".join(dict.fromkeys(names)) or "A coordinator"
    return f"{words} {helpers} can help."


def edition_typed(record: Record, standing: Standing, member: Member | None, typed: str) -> Edition | Known:
    """The edition that was named. A priority or funder that only looks like it comes back as `Known`.

    Raises Refused for one that this person may not read, UserError for a word that is like nothing.
    """
    said = one_line(typed).strip("“”\"'").lstrip("#")
    may = editions_of(record, standing, member)
    if said.casefold().replace("-", " ") in {"roll up", "rollup", "leadership", "all", "whole"}:
        return _allowed(record, may, Edition(ROLL_UP))
    if said.casefold() in {"funder", "funders", "funder edition"}:
        own = next((one for one in may if one.kind == FUNDER), None)
        if own is None:
            raise Refused(refusal_to_read(record, Edition(FUNDER)))
        return own
    channels = [Edition(PRIORITY, one.id, one.name) for one in record.priorities if said and one.channel == said]
    if channels:
        return _allowed(record, may, channels[0])
    priorities = tuple(Known(item.id, item.name) for item in record.priorities)
    found = match_known(said, priorities)
    if len(found) == 1:
        return _allowed(record, may, Edition(PRIORITY, found[0].id, found[0].name))
    funders = tuple(Known(one.about, one.name) for one in may if one.kind == FUNDER)
    named = match_known(said, funders)
    if not found and len(named) == 1:
        return _allowed(record, may, Edition(FUNDER, named[0].id, named[0].name))
    if len(found) > 1:
        names = " or ".join(one.name for one in found[:4])
        raise UserError(f"“{said}” could be {names}. Write more of its name.")
    return _nearest(said, [*priorities, *funders])


def _nearest(said: str, known: Sequence[Known]) -> Known:
    by_word = {word: one for one in reversed(known) for word in (one.name.casefold(), one.name.casefold().split()[0])}
    by_word |= {one.id: one for one in known}
    meant = likeliest(said, by_word)
    if meant is not None:
        return meant
    names = ", ".join(one.name for one in known[:6])
    raise UserError(f"I don't know “{said[:60]}”. There are digests of {names or 'no priority yet'}.")


def _allowed(record: Record, may: Sequence[Edition], wanted: Edition) -> Edition:
    found = next((one for one in may if one.key == wanted.key), None)
    if found is None:
        raise Refused(refusal_to_read(record, wanted))
    return found


async def reading_of(tx: UseCase, query: Query) -> Reading:
    """One edition by this person's right: of a published digest what was stored, else what it would say now."""
    member = reader_of(tx.record, tx.actor)
    may = editions_of(tx.record, tx.actor.standing, member)
    if not may:
        raise Refused(refusal_to_read(tx.record, None))
    wanted = next((one for one in may if one.key == query.edition), None)
    if wanted is None and query.edition:
        raise Refused(refusal_to_read(tx.record, _edition_of_key(tx.record, query.edition)))
    edition = wanted or may[0]
    sight = sight_of(tx.record, tx.actor.standing, member)
    published_at = late_since = moved_from = None
    next_at = None
    cadence = next(iter(digest_cadences(tx.record)), None)
    if query.digest is None:
        digest = await with_notes(tx, compose(tx.record, tx.now))
        digest = await with_reach(tx, digest)
        next_at = await next_digest_at(tx)
    else:
        row = await _published_row(tx, query.digest)
        digest = composed_digest(row)
        published_at = row.published_at
        if published_at is not None and published_at - row.due_at > LATE_AFTER:
            late_since = row.due_at
        cadence = await _cadence_of(tx, row) or cadence
        if cadence is not None and to_local(row.due_at, cadence.timezone).date() != row.slot.date():
            moved_from = row.slot
        if edition.kind == PRIORITY and all(part.id != edition.about for part in digest.priorities):
            raise UserError(f"{edition.name} was not in this digest yet.")
    return Reading(
        query=replace(query, edition=edition.key),
        edition=edition,
        editions=may,
        digest=as_seen(digest, sight),
        sight=sight,
        zone=zone_of_member(tx.record, member.id) if member is not None else tx.record.coalition.timezone,
        now=tx.now,
        next_at=next_at,
        published_at=published_at,
        late_since=late_since,
        moved_from=moved_from,
        channels=cadence.channels if cadence is not None else (),
    )


def _edition_of_key(record: Record, key: str) -> Edition:
    kind, _, about = key.partition(":")
    names = {item.id: item.name for item in record.everything.priorities}
    names |= {item.id: item.name for item in record.everything.organizations}
    return Edition(kind, about, names.get(about, about))


async def _published_row(tx: Transaction, digest_id: int) -> DigestRow:
    row: DigestRow | None = await tx.session.scalar(
        select(DigestRow).where(tx.owns(DigestRow), DigestRow.id == digest_id, DigestRow.published_at.is_not(None))
    )
    if row is None:
        raise UserError("That digest is not there anymore. Type “digest history” to see those that went out.")
    return row


async def _cadence_of(tx: OnRecord, row: DigestRow) -> Cadence | None:
    key = await tx.session.scalar(select(CadenceRow.key).where(CadenceRow.id == row.cadence_id))
    return next((item for item in tx.record.cadences if item.id == key), None)


async def next_digest_at(tx: OnRecord) -> datetime | None:
    """When the next digest goes out by itself: one that was sent early does not come again."""
    rows = await tx.session.execute(
        select(CadenceRow.key, DigestRow.slot, DigestRow.published_at)
        .join(CadenceRow, CadenceRow.id == DigestRow.cadence_id)
        .where(tx.owns(DigestRow), DigestRow.slot >= to_local(tx.now - _EARLIER, "UTC"))
    )
    done = {(key, slot) for key, slot, published_at in rows if published_at is not None}
    moments = []
    for cadence in digest_cadences(tx.record):
        following = next_occurrence(cadence, tx.now)
        while following is not None and (cadence.id, following[0].slot) in done:
            following = next_occurrence(cadence, following[1])
        if following is not None:
            moments.append(following[1])
    return min(moments, default=None)


async def close_digests(tx: OnRecord) -> TwoDigests | None:
    """The digest that went out last, where it was late and the next one follows it closely; None anywhere else."""
    found = await tx.session.execute(
        select(DigestRow.due_at, DigestRow.published_at, CadenceRow.key)
        .join(CadenceRow, CadenceRow.id == DigestRow.cadence_id)
        .where(tx.owns(DigestRow), DigestRow.published_at.is_not(None))
        .order_by(DigestRow.published_at.desc())
        .limit(1)
    )
    last = found.one_or_none()
    if last is None or last.published_at is None or last.published_at - last.due_at <= LATE_AFTER:
        return None
    cadence = next((one for one in digest_cadences(tx.record) if one.id == last.key), None)
    following = next_occurrence(cadence, tx.now) if cadence is not None else None
    if cadence is None or following is None or following[1] - last.published_at > SOON_AFTER:
        return None
    return TwoDigests(
        cadence=cadence.id,
        slot=following[0].slot,
        due_at=last.due_at,
        published_at=last.published_at,
        next_at=following[1],
    )


async def past_digests(tx: Transaction, *, page: int, zone: str) -> PastDigests:
    """A page of what went out, newest first."""
    is_out = and_(tx.owns(DigestRow), DigestRow.published_at.is_not(None))
    total = await tx.session.scalar(select(func.count(DigestRow.id)).where(is_out)) or 0
    number = min(max(page, 0), max(0, (total - 1) // PAGE))
    rows = await tx.session.execute(
        select(DigestRow.id, DigestRow.published_at, MemberRow.name, DeliveryRow.channel_id, DeliveryRow.ts)
        .outerjoin(DigestSendingRow, DigestSendingRow.digest_id == DigestRow.id)
        .outerjoin(MemberRow, MemberRow.id == DigestSendingRow.member_id)
        .outerjoin(
            DeliveryRow,
            DeliveryRow.id
            == select(func.min(DeliveryRow.id))
            .where(
                DeliveryRow.digest_id == DigestRow.id,
                DeliveryRow.kind == Kind.ROLL_UP,
                DeliveryRow.operation == "post",
                DeliveryRow.state == State.SENT,
            )
            .correlate(DigestRow)
            .scalar_subquery(),
        )
        .where(is_out)
        .order_by(DigestRow.published_at.desc(), DigestRow.id.desc())
        .offset(number * PAGE)
        .limit(PAGE)
    )
    return PastDigests(
        digests=tuple(
            Published(
                id=row_id,
                published_at=published_at,
                sent_by_name=name,
                place=(channel_id, ts) if channel_id and ts else None,
            )
            for row_id, published_at, name, channel_id, ts in rows
            if published_at is not None
        ),
        page=number,
        start=number * PAGE,
        total=total,
        zone=zone,
        now=tx.now,
    )


async def latest_digest(tx: Transaction) -> LatestDigest | None:
    """What was published last, in one sentence as it said it then."""
    row = await newest_published(tx)
    if row is None or row.published_at is None or row.content is None:
        return None
    return LatestDigest(id=row.id, published_at=row.published_at, sentence=opening_sentence(composed_digest(row)))


async def overview_of(tx: UseCase) -> Overview:
    """What this person gets, and when."""
    member = reader_of(tx.record, tx.actor)
    may = editions_of(tx.record, tx.actor.standing, member)
    if not may:
        raise Refused(refusal_to_read(tx.record, None))
    state = await tx.session.scalar(select(CoalitionRow.state).where(CoalitionRow.id == tx.coalition_id))
    zone = zone_of_member(tx.record, member.id) if member is not None else tx.record.coalition.timezone
    past = await past_digests(tx, page=0, zone=zone)
    active = await subscriptions_of(tx, tx.actor.member_id)
    previews: Mapping[str, Whereabouts] = {}
    copies: Mapping[str, Whereabouts] = {}
    if tx.actor.member_id is not None:
        since = tx.now - _OF_LATE
        previews = await where_newest_are(tx, Kind.OWNER_PREVIEW, tx.actor.member_id, since=since)
        copies = await where_newest_are(tx, Kind.DIGEST_COPY, tx.actor.member_id, since=since)
    cadences = digest_cadences(tx.record)
    channels = _channels(tx.record, cadences, may, member)
    latest = next(iter(past.digests), None)
    if latest is not None and all(one.kind != ROLL_UP for one, _channel in channels):
        # Whoever isn't in the roll-up's channel would be led to a place that is closed to them.
        latest = replace(latest, place=None)
    usual = sent_unless_refused(tx.record, tx.actor.standing, member)
    return Overview(
        state=str(state),
        zone=zone,
        now=tx.now,
        channels=channels,
        copies=tuple(
            Copy(
                edition=one,
                is_subscribed=active.get(one.key, one.key in usual),
                delivery=copies.get(one.key),
            )
            for one in may
            if is_offered(one, member)
        ),
        previews=tuple(item.name for item in tx.record.priorities if item.owner == tx.actor.key)
        if any(item.owner_preview_at for item in cadences)
        else (),
        next_at=await next_digest_at(tx),
        latest=latest,
        may_send=tx.actor.standing.may(Right.SEND_DIGEST),
        close=await close_digests(tx) if tx.actor.standing.may(Right.SEND_DIGEST) and state == "live" else None,
        may_mend=tx.actor.standing.may(Right.MANAGE_MEMBERS),
        preview=previews.get(""),
    )


def _channels(
    record: Record, cadences: Sequence[Cadence], may: Sequence[Edition], member: Member | None
) -> tuple[tuple[Edition, str], ...]:
    """What is posted in the channels of this person's groups."""
    seated = {group.channel for group in record.groups if member is not None and member.id in group.members}
    posted = {item.id: item.channel for item in record.priorities}
    found = []
    for one in may:
        if one.kind == ROLL_UP:
            found += [(one, name) for cadence in cadences for name in cadence.channels if name in seated]
        elif one.kind == PRIORITY and posted.get(one.about) in seated:
            found.append((one, str(posted[one.about])))
    return tuple(dict.fromkeys(found))


def is_offered(edition: Edition, member: Member | None) -> bool:
    """Whether an edition may come by direct message: a funder's only to its own people."""
    return member is not None and (edition.kind != FUNDER or edition.about == member.organization)


def sent_unless_refused(record: Record, standing: Standing, member: Member | None) -> frozenset[str]:
    """The editions (keys) that somebody gets without having asked for them: a funder theirs; whoever reads by e-mail,
    as a digest says, the widest that they may read."""
    if member is None:
        return frozenset()
    offered = [one for one in editions_of(record, standing, member) if is_offered(one, member)]
    if member.access == Access.EMAIL_ONLY and any(member.id in one.email for one in record.cadences):
        return frozenset(one.key for one in offered[:1])
    return frozenset(one.key for one in offered if one.kind == FUNDER and Part.FUNDER in standing.everywhere)


async def subscriptions_of(tx: Transaction, member_id: int | None) -> dict[str, bool]:
    """What somebody chose, by edition."""
    rows = await tx.session.execute(
        select(DigestSubscriptionRow.edition, DigestSubscriptionRow.active).where(
            tx.owns(DigestSubscriptionRow), DigestSubscriptionRow.member_id == member_id
        )
    )
    return {row.edition: row.active for row in rows}
