"""What check-ins, digests and notices say, as frozen values of the moment. How it looks is not here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.alarms import KIND_WORDS
from bot.domain.asking import sends_check_ins, zone_of_member
from bot.domain.cadence import next_occurrence, to_utc
from bot.domain.cadence_wording import describe
from bot.domain.deliveries import Item, Kind, State
from bot.domain.known import in_coalition_time
from bot.domain.prompts import Answer, FirstContact, HeldNotice, PromptItem
from bot.domain.record import Cadence, Member, QuestionSet, Record, Response
from bot.domain.rights import coordinators
from bot.domain.said import PRIVATE_NOTE, Names, said, said_in
from bot.domain.standing_roles import StandingRoles
from bot.domain.who_reads import readers_of_actions, readers_of_notes, readers_of_update, readers_on_card
from bot.services.asking import stand_ins_asked
from bot.services.checkin_words import KeptWords, words_of
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.cadences import CadenceRow
from bot.store.checkins import ResponseRow, RoundRow, RoundSubjectRow
from bot.store.coalitions import CoalitionRow
from bot.store.deliveries import DeliveryRow
from bot.store.digests import DigestRow
from bot.store.members import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.slack_accounts import SlackAccountRow


async def held_notices(
    session: AsyncSession, held: Sequence[DeliveryRow], zone: str, now: datetime
) -> tuple[HeldNotice, ...]:
    """What a coordinator is told about held deliveries, in their order. A step in the caller's transaction."""
    people = {one for row in held for one in (row.member_id, row.resolved_by_id) if one is not None}
    names = await _names_of(session, people)
    return tuple(_held_notice(row, names, zone, now) for row in held)


async def _names_of(session: AsyncSession, people: Collection[int]) -> dict[int, str]:
    """Members' names by row; asks nothing where there is nobody."""
    if not people:
        return {}
    rows = await session.execute(select(MemberRow.id, MemberRow.name).where(MemberRow.id.in_(people)))
    return {row.id: row.name for row in rows}


def _held_notice(held: DeliveryRow, names: Mapping[int, str], zone: str, now: datetime) -> HeldNotice:
    what = KIND_WORDS.get(Kind(held.kind), "a message")
    resolver = names[held.resolved_by_id] if held.resolved_by_id is not None else None
    return HeldNotice(
        delivery_id=held.id,
        what=what,
        to=names[held.member_id] if held.member_id is not None else f"#{held.channel}",
        due_at=held.due_at,
        reason=held.reason or "",
        state=held.state,
        resolved_by=resolver,
        resolved_at=now if resolver is not None else None,
        zone=zone,
        may_send_again=held.state == State.HELD and (held.expires_at is None or held.expires_at > now),
    )


async def read_check_in(
    session: AsyncSession, record: Record, kind: Item, about: str, now: datetime
) -> PromptItem | None:
    """What a bundle says of a round's subject."""
    found = (
        await session.execute(
            select(RoundSubjectRow, RoundRow, PriorityRow.key)
            .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
            .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
            .where(RoundSubjectRow.id == int(about))
        )
    ).one_or_none()
    return await prompt_item(session, record, kind, *found, now) if found is not None else None


class Asked(NamedTuple):
    """One priority in one round, as somebody is asked about it."""

    kind: str  # an Item
    subject: RoundSubjectRow
    round: RoundRow
    priority: str


@dataclass(frozen=True, slots=True)
class _Around:
    """What the database knows around some rounds' subjects beside the record."""

    cadences: Mapping[int, str]  # ids by row
    edited: Mapping[tuple[int, date, int], datetime | None]  # when each response was edited; no entry without one
    published: frozenset[tuple[str, datetime, datetime]]  # digests: cadence, slot and the moment it was due
    names: Mapping[int, str]  # of those who had somebody asked again
    kept: Mapping[tuple[str, str, str], KeptWords]  # unsent words by cadence, priority and member
    stand_ins_asked: Mapping[int, datetime]  # since when a message asks the stand-in, by subject


async def prompt_item(
    session: AsyncSession,
    record: Record,
    kind: str,
    subject: RoundSubjectRow,
    round_row: RoundRow,
    priority_key: str,
    now: datetime,
) -> PromptItem:
    """One priority's check-in as somebody is asked about it. A step in the caller's transaction."""
    (item,) = await prompt_items(session, record, [Asked(kind, subject, round_row, priority_key)], now)
    return item


async def prompt_items(
    session: AsyncSession, record: Record, asked: Sequence[Asked], now: datetime
) -> tuple[PromptItem, ...]:
    """The same of many, in their order, by as few statements as for one."""
    if not asked:
        return ()
    around = await _read_around(session, asked, now)
    return tuple(_prompt_item(record, around, one, now) for one in asked)


async def _read_around(session: AsyncSession, asked: Sequence[Asked], now: datetime) -> _Around:
    rounds = {one.round.cadence_id for one in asked}
    found = await session.execute(select(CadenceRow.id, CadenceRow.key).where(CadenceRow.id.in_(rounds)))
    cadences = {row.id: row.key for row in found}
    responses = await session.execute(
        select(ResponseRow.cadence_id, ResponseRow.round, ResponseRow.priority_id, ResponseRow.edited_at).where(
            ResponseRow.cadence_id.in_(rounds),
            ResponseRow.round.in_({one.round.day for one in asked}),
            ResponseRow.priority_id.in_({one.subject.priority_id for one in asked}),
        )
    )
    digests = await session.execute(
        select(CadenceRow.key, DigestRow.slot, DigestRow.due_at)
        .join(CadenceRow, CadenceRow.id == DigestRow.cadence_id)
        .where(
            DigestRow.coalition_id.in_({one.subject.coalition_id for one in asked}),
            DigestRow.published_at.is_not(None),
            # A round is in a digest that is due after its close.
            DigestRow.due_at >= min(one.subject.closes_at for one in asked),
        )
    )
    again = {one.subject.asked_again_by_id for one in asked if one.kind == Item.AGAIN} - {None}
    return _Around(
        cadences=cadences,
        edited={(row.cadence_id, row.round, row.priority_id): row.edited_at for row in responses},
        published=frozenset((row.key, row.slot, row.due_at) for row in digests),
        names=await _names_of(session, {one for one in again if one is not None}),
        kept=await words_of(
            session,
            {one.subject.coalition_id for one in asked},
            {(cadences[one.round.cadence_id], one.priority) for one in asked},
        ),
        stand_ins_asked=await stand_ins_asked(session, {one.subject.id for one in asked}, now),
    )


def _prompt_item(record: Record, around: _Around, asked: Asked, now: datetime) -> PromptItem:
    kind, subject, round_row, priority_key = asked
    priority = next(item for item in record.priorities if item.id == priority_key)
    cadence = next(item for item in record.cadences if item.id == around.cadences[round_row.cadence_id])
    owner = _member(record, priority.owner)
    delegate = _member(record, owner.delegate) if owner.delegate else None
    roles = StandingRoles(record)
    earlier = roles.earlier(record.responses, cadence.id, priority.id, round_row.day)
    sets_standing = roles.of_cadence(cadence.id) if round_row.sets_standing is None else round_row.sets_standing
    last = earlier[-1] if earlier else None
    zone = zone_of_member(record, priority.owner)
    # Of a round that is long over: the next one that is still to come.
    following = next_occurrence(cadence, max(subject.opens_at, now), zone)
    digest_at, published = _fed_digest(record, around, cadence, subject.closes_at)
    state = "closed" if subject.closed_at is not None or subject.closes_at <= now else "open"
    questions = _questions_of(record, cadence)
    answer = None
    key = (round_row.cadence_id, round_row.day, subject.priority_id)
    if key in around.edited:
        given = next(
            one
            for one in record.responses
            if (one.cadence, one.round, one.priority) == (cadence.id, round_row.day, priority.id)
        )
        answer = _answer(record, given, last, around.edited[key], questions, in_coalition_time(record, now).date())
        state = "closed" if state == "closed" else "answered"
    asked_one = delegate if kind == Item.DELEGATE else owner
    kept = around.kept.get((cadence.id, priority.id, asked_one.id)) if asked_one is not None else None
    if kept is not None and kept.saved_at >= subject.opens_at:
        # What is typed in this round's own form is shown there.
        kept = None
    again_by = subject.asked_again_by_id if kind == Item.AGAIN else None
    return PromptItem(
        kind=kind,
        subject_id=subject.id,
        priority=priority.id,
        priority_name=priority.name,
        opens_at=subject.opens_at,
        closes_at=subject.closes_at,
        owner=owner.id,
        owner_name=owner.name,
        delegate_name=delegate.name if delegate is not None else None,
        readers=readers_of_update(record, priority) if sets_standing else readers_on_card(record, priority),
        digest_at=digest_at,
        state=state,
        answer=answer,
        last_on=last.round if last is not None else None,
        last_assessment=last.assessment if last is not None else None,
        last_confidence=last.confidence if last is not None else None,
        may_repeat=may_repeat(record, cadence, earlier),
        sets_standing=sets_standing,
        next_opens_at=following[1] if following is not None else None,
        fed_digest_published=published,
        minutes=questions.minutes if questions is not None else 0,
        kept=said(questions, kept.values, Names.of(record), in_coalition_time(record, now).date()) if kept else (),
        kept_at=kept.saved_at if kept is not None else None,
        title=questions.title if questions is not None else "",
        stand_in_asked_at=around.stand_ins_asked.get(subject.id),
        stand_in_declined=subject.stand_in_declined_at is not None,
        asked_again_by=around.names[again_by] if again_by is not None else None,
    )


def _questions_of(record: Record, cadence: Cadence) -> QuestionSet | None:
    return next((item for item in record.question_sets if item.id == cadence.question_set), None)


def _member(record: Record, key: str) -> Member:
    return next(item for item in record.members if item.id == key)


def may_repeat(record: Record, cadence: Cadence, earlier: list[Response]) -> bool:
    """Whether "no change" is offered: the set allows it, there is something to repeat, and not twice running."""
    questions = _questions_of(record, cadence)
    if questions is None or not questions.allow_no_change or not earlier:
        return False
    return not (len(earlier) >= 2 and earlier[-1].no_change and earlier[-2].no_change)


def _fed_digest(record: Record, around: _Around, cadence: Cadence, closes_at: datetime) -> tuple[datetime | None, bool]:
    """When the digest that this round feeds goes out, and whether it has."""
    fed = next((item for item in record.cadences if item.id == cadence.feeds), None)
    following = next_occurrence(fed, closes_at) if fed is not None else None
    if fed is None or following is None:
        return (None, False)
    occurrence, moment = following
    return (moment, (fed.id, occurrence.slot, to_utc(occurrence.local, fed.timezone)) in around.published)


def name_of_asked(record: Record, key: str) -> str | None:
    """The name of the organization or group that an ask goes to."""
    names = {item.id: item.name for item in record.organizations} | {item.id: item.name for item in record.groups}
    return names.get(key)


def _answer(
    record: Record,
    given: Response,
    last: Response | None,
    edited_at: datetime | None,
    questions: QuestionSet | None,
    today: date,
) -> Answer:
    asked = None
    if given.ask_from is not None:
        asked = name_of_asked(record, given.ask_from)
    return Answer(
        assessment=given.assessment,
        confidence=given.confidence,
        confidence_before=last.confidence if last is not None else None,
        moved=given.moved,
        blocker=given.blocker,
        ask=given.ask,
        ask_from_name=asked,
        next=given.next,
        by=given.by,
        by_name=_member(record, given.by).name,
        on_behalf_of_name=_member(record, given.on_behalf_of).name if given.on_behalf_of else None,
        answered_at=given.answered_at,
        edited_at=edited_at,
        no_change=given.no_change,
        has_private_note=bool(given.extra.get(PRIVATE_NOTE)),
        came_true=given.came_true,
        more=said_in(questions, StandingRoles(record).resolved(given), Names.of(record), today),
    )


async def first_contact_of(
    session: AsyncSession, record: Record, receiver: MemberRow, item: PromptItem | None, *, confirmed: bool
) -> FirstContact | None:
    """Who set this up, for somebody's first message. `item` is the check-in that it asks for, if any: an owner reads
    what will be asked of them also where something else comes first."""
    roles = StandingRoles(record)
    sending = [one for one in record.cadences if sends_check_ins(record, one)]
    asked = next((one for one in sending if roles.of_cadence(one.id)), next(iter(sending), None))
    cadence = asked or next((one for one in record.cadences if one.kind == "checkin"), None)
    owned = [one for one in record.priorities if one.owner == receiver.key] if asked is not None else []
    coalition = await session.get_one(CoalitionRow, receiver.coalition_id)
    introducer = await _introducer(session, record, receiver.coalition_id)
    if introducer is None:
        return None
    organization = next(one for one in record.organizations if one.id == introducer.organization)
    own = _member(record, receiver.key)
    account_zone = await session.scalar(
        select(SlackAccountRow.timezone).where(SlackAccountRow.member_id == receiver.id)
    )
    questions = _questions_of(record, asked) if asked is not None and owned else None
    minutes = questions.minutes if questions is not None else 0
    stand_in = _member(record, own.delegate).name if owned and own.delegate is not None else None
    if item is not None:
        minutes, stand_in = item.minutes, item.delegate_name if item.owner == receiver.key else None
    return FirstContact(
        set_up_by=introducer.name if introducer.id != receiver.key else None,
        set_up_by_organization=organization.name,
        coalition_name=record.coalition.name,
        private_readers=readers_of_notes(record),
        minutes=minutes,
        stand_in=stand_in,
        zone_known=own.timezone is not None or account_zone is not None,
        rhythm=describe(cadence) if cadence is not None else "",
        quiet_from=time.fromisoformat(coalition.quiet_from),
        quiet_to=time.fromisoformat(coalition.quiet_to),
        confirmed=confirmed,
        owned=tuple(one.name for one in owned),
        readers=tuple(dict.fromkeys(reader for one in owned for reader in readers_of_update(record, one))),
        action_readers=readers_of_actions(record, receiver.key),
    )


async def _introducer(session: AsyncSession, record: Record, coalition_id: int) -> Member | None:
    """Who set it up: the coordinator who started it, else the first who runs operations, else any coordinator."""
    actor_id = await session.scalar(
        select(ChangeRow.actor_id)
        .join(AuditEntryRow, AuditEntryRow.change_id == ChangeRow.id)
        .where(
            ChangeRow.coalition_id == coalition_id,
            ChangeRow.actor_id.is_not(None),
            AuditEntryRow.table_name == CoalitionRow.__tablename__,
        )
        .order_by(ChangeRow.id)
        .limit(1)
    )
    people = coordinators(record)
    if actor_id is not None:
        key = (await session.get_one(MemberRow, actor_id)).key
        return _member(record, key)
    staff = [person for person in people if any(role.role == "backbone_staff" for role in person.roles)]
    return next(iter((*staff, *people)), None)
