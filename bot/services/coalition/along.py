"""What an export takes along beside the record, and writing it where a coalition is made from one. Steps for
`coalitions` and `imports`.

Rows have other numbers in another database, so what a message is about is told by ids of the file wherever it is a
row's number here: a round's subject, an ask, a round of a brief, a digest's cadence.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from bot.domain.outbox import ALREADY_ANSWERED, CHECKINS, ENDED, SHORTEST, Item, Kind, State, delivery_key
from bot.domain.record import (
    AgendaPoint,
    Along,
    Attendance,
    DigestForward,
    DigestNote,
    DigestSending,
    DigestSubscription,
    FirstContact,
    FromIssue,
    KeptAsk,
    KeptDigest,
    MeetingNotes,
    Message,
    MessageItem,
    NoteSeen,
    PlannedThrough,
    Record,
    RoundStep,
    open_actions,
    step_name,
)
from bot.domain.vocabularies import AskState
from bot.services.access import Transaction
from bot.services.outbox import WORKSPACE
from bot.store.base import from_json, ids_of, to_json
from bot.store.checkins import MemberAnswerRow, NoteReadingRow, PrivateNoteRow, ResponseRow, RoundRow, RoundSubjectRow
from bot.store.digests import DigestRow
from bot.store.meetings import MeetingNotesRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow, SlackAccountRow, WorkspaceRow
from bot.store.priorities import PriorityRow
from bot.store.record import Writer, read_beside, read_beside_by_row
from bot.store.rhythm import CadenceRow

# What somebody wrote to somebody else is in no file, and word about accounts and held messages is about this
# database's own.
LEFT_OUT: Final = (Kind.LETTER, Kind.HELD_NOTICE, Kind.ACCOUNT_MOVED, Kind.SIGN_IN, Kind.INVITATION)
LEFT_OUT_ITEMS: Final = (Item.LINK_REQUEST, Item.ACCOUNT_GONE)
# Posts by which it is known, however old they are, that something was told in a channel.
FOR_GOOD: Final = (
    *(Kind.ROLL_UP, Kind.AGENDA, Kind.PACK, Kind.NOTES),
    *(Kind.DECISION, Kind.DECISION_OUTCOME, Kind.ISSUE, Kind.ROUND_SUMMARY),
)
_OF_ASKS: Final = (Item.HELP_WANTED, Item.ASK_NEWS)
_OF_DECISIONS: Final = (Item.DECISION, Item.DECISION_DUE, Item.DECISION_READY, Item.DECISION_PASSED)
# May have arrived: in another database nobody can look for it, so a person decides.
_UNSURE: Final = (State.CLAIMED, State.AMBIGUOUS)
_MAY_HAVE_ARRIVED: Final = "it may have arrived before this coalition was exported"
_Name = Callable[[str], str | None]


async def read_along(tx: Transaction, record: Record) -> Along:
    """Everything that goes along with a coalition's record."""
    session, of = tx.session, tx.coalition_id
    steps = await read_beside_by_row(session, of, RoundStep)
    # In the order of the rounds, in which they are written again.
    places = {step_name(one.cadence, one.day, one.priority, one.member): n for n, one in enumerate(record.rounds)}
    known = sorted((item for item in steps.items() if item[1].name in places), key=lambda item: places[item[1].name])
    steps = dict(known)
    asks = await read_beside_by_row(session, of, KeptAsk)
    digests = await read_beside(session, of, KeptDigest)
    there = {(one.cadence, one.slot) for one in digests}
    return Along(
        asks=tuple(asks.values()),
        meeting_notes=await read_beside(session, of, MeetingNotes),
        agenda=await read_beside(session, of, AgendaPoint),
        coming=await read_beside(session, of, Attendance),
        issue_decisions=await read_beside(session, of, FromIssue),
        digest_notes=await read_beside(session, of, DigestNote),
        subscriptions=await read_beside(session, of, DigestSubscription),
        notes_seen=await _notes_seen(tx),
        first_contacts=await read_beside(session, of, FirstContact, MemberRow.first_contact_at.is_not(None)),
        planned=await read_beside(session, of, PlannedThrough),
        round_steps=tuple(steps.values()),
        digests=tuple(replace(one, content=_plain(one.content)) for one in digests),
        sendings=tuple(
            one for one in await read_beside(session, of, DigestSending) if (one.cadence, one.slot) in there
        ),
        forwards=tuple(
            one for one in await read_beside(session, of, DigestForward) if (one.cadence, one.slot) in there
        ),
        messages=await _read_messages(tx, record, steps, asks),
    )


async def _notes_seen(tx: Transaction) -> tuple[NoteSeen, ...]:
    rows = await tx.session.execute(
        select(NoteReadingRow.seen_at, NoteReadingRow.member_id, PrivateNoteRow.author_id, ResponseRow, MemberAnswerRow)
        .join(PrivateNoteRow, PrivateNoteRow.id == NoteReadingRow.note_id)
        .outerjoin(ResponseRow, ResponseRow.id == PrivateNoteRow.response_id)
        .outerjoin(MemberAnswerRow, MemberAnswerRow.id == PrivateNoteRow.member_answer_id)
        .where(tx.owns(NoteReadingRow))
        .order_by(NoteReadingRow.id)
    )
    people, cadences = await _keys(tx, MemberRow), await _keys(tx, CadenceRow)
    priorities = await _keys(tx, PriorityRow)
    return tuple(
        NoteSeen(
            cadence=cadences[answer.cadence_id],
            round=answer.round,
            priority=priorities[answer.priority_id] if isinstance(answer, ResponseRow) else None,
            member=people[answer.member_id] if isinstance(answer, MemberAnswerRow) else None,
            author=people[author_id],
            reader=people[reader_id],
            seen_at=seen_at,
        )
        for seen_at, reader_id, author_id, response, own in rows
        for answer in (response or own,)
    )


async def _keys(tx: Transaction, table: Any) -> dict[int, str]:
    return {row_id: key for key, row_id in (await ids_of(tx.session, table, tx.coalition_id)).items()}


async def _write_notes_seen(tx: Transaction, seen: Sequence[NoteSeen]) -> None:
    """Beside each answer one note came with the file: whoever gave the answer counts as its author."""
    if not seen:
        return
    rows = await tx.session.execute(
        select(PrivateNoteRow.id, ResponseRow, MemberAnswerRow)
        .outerjoin(ResponseRow, ResponseRow.id == PrivateNoteRow.response_id)
        .outerjoin(MemberAnswerRow, MemberAnswerRow.id == PrivateNoteRow.member_answer_id)
        .where(tx.owns(PrivateNoteRow))
    )
    people, cadences = await _keys(tx, MemberRow), await _keys(tx, CadenceRow)
    priorities = await _keys(tx, PriorityRow)
    notes = {}
    for note_id, response, own in rows:
        about = (priorities[response.priority_id], None) if response is not None else (None, people[own.member_id])
        answer = response or own
        notes[step_name(cadences[answer.cadence_id], answer.round, *about)] = note_id
    readers = await ids_of(tx.session, MemberRow, tx.coalition_id)
    for (beside, reader), one in {(notes.get(one.answer), one.reader): one for one in seen}.items():
        if beside is not None:
            of = {"coalition_id": tx.coalition_id, "note_id": beside}
            tx.session.add(NoteReadingRow(**of, member_id=readers[reader], seen_at=one.seen_at))
            await tx.session.flush()


def _plain(content: Any) -> Any:
    """Content as the store writes it: exact numbers and days in tags of their own."""
    return None if content is None else to_json(content)


def _revived(content: Mapping[str, Any] | None) -> Any:
    return None if content is None else from_json(json.dumps(content))


@dataclass(frozen=True, slots=True)
class _Names:
    """How what messages are about is called on the other side, by what it is called on this one; None where there is
    nothing of this."""

    step: _Name
    ask: _Name
    round: _Name
    cadence: _Name
    message: Callable[[int], int | None]

    def about(self, kind: str, about: str) -> str | None:
        """What a message is about."""
        if kind == Kind.BRIEF:
            return self.round(about)
        if kind == Kind.OWNER_PREVIEW:
            cadence, _, slot = about.partition("|")
            named = self.cadence(cadence)
            return None if named is None else f"{named}|{slot}"
        return about

    def item(self, kind: str, about: str) -> str | None:
        """What a thing in a message is about."""
        if kind in CHECKINS:
            return self.step(about)
        return self.ask(about) if kind in _OF_ASKS else about

    def subject(self, kind: str, subject: Mapping[str, Any]) -> dict[str, Any]:
        """What else a message keeps in mind."""
        if kind != Kind.BRIEF or not subject:
            return dict(subject)
        return {
            **subject,
            "asks": _all(self.ask, subject.get("asks", ())),
            "silent": _all(self.step, subject.get("silent", ())),
            "held": [one for number in subject.get("held", ()) if (one := self.message(number)) is not None],
            # Who has seen which note is in no file.
            "notes": [],
        }


def _all(name: _Name, those: Sequence[object]) -> list[str]:
    return [one for each in those if (one := name(str(each))) is not None]


async def _read_messages(
    tx: Transaction, record: Record, steps: Mapping[int, RoundStep], asks: Mapping[int, KeptAsk]
) -> tuple[Message, ...]:
    found = await read_beside_by_row(
        tx.session, tx.coalition_id, Message, DeliveryRow.operation == "post", DeliveryRow.kind.not_in(LEFT_OUT)
    )
    items = await _items(tx)
    rounds = await tx.session.execute(
        select(RoundRow.id, RoundRow.day, CadenceRow.key)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .where(tx.owns(RoundRow))
    )
    here = {(one.cadence, one.day) for one in record.rounds}
    briefs = {str(row.id): f"{row.key}/{row.day.isoformat()}" for row in rounds if (row.key, row.day) in here}
    cadences = {str(row_id): key for row_id, key in (await _keys(tx, CadenceRow)).items()}
    numbers: dict[int, int] = {}
    names = _Names(
        step={str(row_id): one.name for row_id, one in steps.items()}.get,
        ask={str(row_id): one.name for row_id, one in asks.items()}.get,
        round=briefs.get,
        cadence=cadences.get,
        message=numbers.get,
    )
    needed = _Needed.of(record, asks.values(), tx.now)
    workspace = await _workspace_of(tx)
    parents = {
        row.id: row.parent_id
        for row in await tx.session.execute(
            select(DeliveryRow.id, DeliveryRow.parent_id).where(
                tx.owns(DeliveryRow), DeliveryRow.operation == "post", DeliveryRow.parent_id.is_not(None)
            )
        )
    }
    messages: list[Message] = []
    for row_id, one in found.items():
        named = names.about(one.kind, one.about)
        held = [
            replace(item, about=about)
            for item, is_silent in items.get(row_id, ())
            # Of an anonymous round nothing tells that somebody had taken part.
            if not (is_silent and one.reason == ALREADY_ANSWERED)
            and item.kind not in LEFT_OUT_ITEMS
            and (about := names.item(item.kind, item.about)) is not None
        ]
        parent = parents.get(row_id)
        is_hollow = one.kind == Kind.PROMPTS and bool(items.get(row_id)) and not held
        if named is None or is_hollow or (parent is not None and parent not in numbers) or not needed(one, held):
            continue
        messages.append(
            replace(
                _without_numbers(one, names),
                about=named,
                thread_of=numbers[parent] if parent is not None else None,
                workspace=((one.subject or {}).get(WORKSPACE) or workspace) if one.ts is not None else None,
                items=tuple(held),
            )
        )
        numbers[row_id] = len(messages)
    return tuple(messages)


def _without_numbers(one: Message, names: _Names) -> Message:
    """A message as another database can keep it."""
    subject = {key: value for key, value in names.subject(one.kind, one.subject or {}).items() if key != WORKSPACE}
    told = replace(one, subject=subject or None)
    if one.state in _UNSURE:
        told = replace(told, state=State.HELD.value, reason=_MAY_HAVE_ARRIVED, channel_id=None)
    return told if told.ts is not None else replace(told, channel_id=None)


async def _items(tx: Transaction) -> dict[int, list[tuple[MessageItem, bool]]]:
    """What messages hold, in its order, by row; with each whether it is about an anonymous round."""
    values = await read_beside_by_row(tx.session, tx.coalition_id, MessageItem)
    rows = await tx.session.execute(
        select(DeliveryItemRow.id, DeliveryItemRow.delivery_id, RoundSubjectRow.took_part.is_not(None))
        .outerjoin(RoundSubjectRow, RoundSubjectRow.id == DeliveryItemRow.round_subject_id)
        .where(tx.owns(DeliveryItemRow))
        .order_by(DeliveryItemRow.position, DeliveryItemRow.id)
    )
    found: dict[int, list[tuple[MessageItem, bool]]] = {}
    for row_id, delivery_id, is_silent in rows:
        found.setdefault(delivery_id, []).append((values[row_id], bool(is_silent)))
    return found


async def _workspace_of(tx: Transaction) -> str | None:
    """The workspace in which a coalition lives; before it moved into one, that of its only accounts."""
    found = await tx.session.scalar(select(WorkspaceRow.team_id).where(tx.owns(WorkspaceRow)))
    if found is not None:
        return str(found)
    teams = await tx.values(select(SlackAccountRow.team_id).where(tx.owns(SlackAccountRow)).distinct())
    return teams[0] if len(teams) == 1 else None


@dataclass(frozen=True, slots=True)
class _Needed:
    """Whether a message is still needed: it is owed, or by it a rule knows that something was said."""

    before: datetime  # what ended earlier than this is known by other things
    actions: Collection[str]
    asks: Collection[str]
    decisions: Collection[str]

    @classmethod
    def of(cls, record: Record, asks: Collection[KeptAsk], now: datetime) -> _Needed:
        return cls(
            before=now - timedelta(days=SHORTEST),
            actions={one.id for one in open_actions(record)},
            asks={one.name for one in asks if one.state in _OPEN},
            decisions={one.id for one in record.decisions if one.is_needed},
        )

    def __call__(self, one: Message, items: Collection[MessageItem]) -> bool:
        moments = [one.due_at, *(at for at in (one.sent_at, one.expires_at) if at is not None)]
        if one.state not in ENDED or max(moments) >= self.before or one.kind in FOR_GOOD:
            return True
        if (one.subject or {}).get("first_contact"):
            return True
        return any(
            (item.kind == Item.ACTION_REQUEST and item.about in self.actions)
            or (item.kind in _OF_ASKS and item.about in self.asks)
            or (item.kind in _OF_DECISIONS and item.about in self.decisions)
            for item in items
        )


_OPEN: Final = (AskState.SENT, AskState.ANSWERED, AskState.WAITING, AskState.HELD)


async def write_along(tx: Transaction, along: Along) -> None:
    """Writes what goes along into a coalition that has just been made; its rounds are there."""
    writer = Writer(tx.session, tx.coalition_id)
    for value in (*along.meeting_notes, *along.coming, *along.issue_decisions, *along.digest_notes):
        await writer.put_new(value)
    for value in (*along.subscriptions, *along.planned):
        await writer.put_new(value)
    await _write_agenda(tx, writer, along.agenda)
    asks = await _write_asks(tx, writer, along.asks)
    await _write_notes_seen(tx, along.notes_seen)
    for contact in along.first_contacts:
        row = await tx.session.scalar(select(MemberRow).where(tx.owns(MemberRow), MemberRow.key == contact.member))
        assert row is not None, "the file's checks have found this member"
        row.first_contact_at = contact.at
    for digest in along.digests:
        await writer.put_new(replace(digest, content=_revived(digest.content)))
    digests = await _by_slot(tx, DigestRow)
    for sending in along.sendings:
        await writer.put_new(sending, digest_id=digests[sending.cadence, sending.slot], token=secrets.token_hex(16))
    for forward in along.forwards:
        await writer.put_new(forward, digest_id=digests[forward.cadence, forward.slot])
    await _write_messages(tx, writer, along.messages, asks, digests)
    await tx.session.flush()


async def _by_slot(tx: Transaction, table: Any) -> dict[tuple[str, datetime], int]:
    rows = await tx.session.execute(
        select(CadenceRow.key, table.slot, table.id)
        .join(CadenceRow, CadenceRow.id == table.cadence_id)
        .where(tx.owns(table))
    )
    return {(key, slot): row_id for key, slot, row_id in rows}


async def _write_agenda(tx: Transaction, writer: Writer, points: Sequence[AgendaPoint]) -> None:
    notes = await _by_slot(tx, MeetingNotesRow)
    for point in points:
        parked_by = notes[point.cadence, point.parked_at] if point.parked_at is not None else None
        await writer.put_new(point, notes_id=parked_by)


async def _write_asks(tx: Transaction, writer: Writer, asks: Sequence[KeptAsk]) -> dict[str, int]:
    """Asks, and their rows by their names."""
    if not asks:
        return {}
    cadences, priorities = await _keys(tx, CadenceRow), await _keys(tx, PriorityRow)
    responses = {
        (cadences[row.cadence_id], row.round, priorities[row.priority_id]): row.id
        for row in await tx.session.execute(
            select(ResponseRow.id, ResponseRow.cadence_id, ResponseRow.round, ResponseRow.priority_id).where(
                tx.owns(ResponseRow)
            )
        )
    }
    rows = {}
    for ask in asks:
        rows[ask.name] = await writer.put_new(ask, response_id=responses[ask.cadence, ask.round, ask.priority])
    return {name: row.id for name, row in rows.items()}


async def _write_messages(
    tx: Transaction,
    writer: Writer,
    messages: Sequence[Message],
    asks: Mapping[str, int],
    digests: Mapping[tuple[str, datetime], int],
) -> None:
    if not messages:
        return
    steps = {
        one.name: row_id for row_id, one in (await read_beside_by_row(tx.session, tx.coalition_id, RoundStep)).items()
    }
    rounds = await tx.session.execute(
        select(RoundRow.id, RoundRow.day, CadenceRow.key)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .where(tx.owns(RoundRow))
    )
    cadences = await ids_of(tx.session, CadenceRow, tx.coalition_id)
    written: list[int] = []
    names = _Names(
        step=_texts(steps),
        ask=_texts(asks),
        round=_texts({f"{row.key}/{row.day.isoformat()}": row.id for row in rounds}),
        cadence=_texts(cadences),
        message=lambda number: written[number - 1] if 0 < number <= len(written) else None,
    )
    for number, one in enumerate(messages, start=1):
        subject = names.subject(one.kind, one.subject or {})
        if one.kind == Kind.BRIEF:
            subject |= {name: [int(each) for each in subject[name]] for name in ("asks", "silent") if name in subject}
        row = await writer.put_new(
            replace(
                one,
                about=names.about(one.kind, one.about) or "",
                # An update, or a word below it, goes to where it stands: see `forget_elsewhere`.
                subject=subject | ({WORKSPACE: one.workspace} if one.workspace is not None else {}),
            ),
            # Keys are made of rows' numbers here and there, so that one of another database could mean another message.
            key=delivery_key(tx.coalition_id, "from a file", number),
            operation="post",
            parent_id=written[one.thread_of - 1] if one.thread_of is not None else None,
            digest_id=digests[one.digest, one.slot] if one.digest is not None and one.slot is not None else None,
        )
        written.append(row.id)
        for position, item in enumerate(one.items):
            about = names.item(item.kind, item.about) or ""
            await writer.put_new(
                replace(item, about=about),
                delivery_id=row.id,
                round_subject_id=int(about) if item.kind in CHECKINS else None,
                position=position,
            )


def _texts(ids: Mapping[str, int]) -> _Name:
    return {name: str(row_id) for name, row_id in ids.items()}.get
