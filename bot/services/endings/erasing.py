"""A person is erased: one documented procedure, in one transaction, that records itself."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import or_, select, update

from bot.domain.endings import (
    FORMER_NAME,
    NAMES_A_PERSON,
    Erased,
    EraseForm,
    Person,
    Rewriter,
    member_questions,
    pseudonym_for,
)
from bot.domain.outbox import ALREADY_ANSWERED, ENDED, State
from bot.domain.record import Member, holdings_of
from bot.domain.vocabularies import Access
from bot.domain.wording import near_day
from bot.errors import UserError
from bot.services.access import Actor, Service, UseCase
from bot.services.people import find_member
from bot.store.audit import AuditEntryRow, record_act
from bot.store.base import id_of
from bot.store.checkins import (
    DraftRow,
    MemberAnswerRow,
    NoteReadingRow,
    PrivateNoteRow,
    ResponseRow,
    RoundSubjectRow,
)
from bot.store.digests import DigestSubscriptionRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import (
    AwayRow,
    ErasureRow,
    LetterRow,
    MemberRow,
    SlackAccountRow,
    forget_accounts,
    rewrite_rows,
    take_away_rows,
)
from bot.store.tables import METADATA

# Where an answer keeps what was for the coordinators alone.
_FOR_COORDINATORS = "for_coordinator"
# Where the ids of questions are fields.
_OF_ANSWERS = frozenset({"responses", "member_answers", "drafts", "submissions", "imported_files"})
_GONE = "whoever it was for takes no part anymore"


class Erasures(Service):
    """Use cases around erasing."""

    async def form(self, actor: Actor, key: str) -> EraseForm:
        """What erasing this member means, and what has to be done before."""
        async with self.reading(actor, "erasures.form") as tx:
            return _form(tx, await find_member(tx, key))

    async def erase(self, actor: Actor, key: str) -> Erased:
        """Puts a pseudonym in a member's place everywhere, and takes away what they wrote to one person or to the
        coordinators. Raises UserError for somebody who still takes part, or on whom something hangs.

        Slack's own messages, backups, and files that were exported are not reached.
        """
        async with self.changing(actor, "erasures.erase", alone=True, also_ended=True) as tx:
            form = _form(tx, key)
            if not form.may_be_erased:
                raise UserError(_first(form))
            member = next(one for one in tx.record.members if one.id == key)
            member_id = await id_of(tx.session, MemberRow, tx.coalition_id, key)
            assert member_id is not None
            return await _erase(tx, member, member_id)


def _form(tx: UseCase, key: str) -> EraseForm:
    member = next((one for one in tx.record.members if one.id == key), None)
    if member is None:
        raise UserError("I can't find this member anymore. Type /coalition former for those who left.")
    return EraseForm(
        id=member.id,
        name=member.name,
        last_day=member.ended,
        today=tx.today,
        holdings=holdings_of(tx.record, member.id),
    )


def _first(form: EraseForm) -> str:
    """What has to be done before somebody can be erased."""
    if form.last_day is None or form.holdings:
        return f"{form.name} still takes part. First hand over what is theirs: “coalition leave {form.id}”."
    day = near_day(form.last_day, form.today)
    return f"{form.name} takes part until {day}. Erase them after that, or enter an earlier last day."


async def _erase(tx: UseCase, member: Member, member_id: int) -> Erased:
    accounts = await tx.values(
        select(SlackAccountRow).where(tx.owns(SlackAccountRow), SlackAccountRow.member_id == member_id)
    )
    person = Person(
        id=member.id,
        name=member.name,
        email=member.email,
        accounts=tuple(one for row in accounts for one in (row.user_id, row.dm_channel_id) if one),
        is_namesake=any(one.name == member.name and one.id != member.id for one in tx.record.members),
    )
    pseudonym = pseudonym_for({one.id for one in tx.record.members}, secrets.token_hex(3))
    rewriter = Rewriter(person, pseudonym)
    of_answers = Rewriter(person, pseudonym, member_questions(tx.record.question_sets))
    erasure = ErasureRow(coalition_id=tx.coalition_id, member_id=member_id, began_at=tx.now)
    tx.session.add(erasure)
    await tx.session.flush()
    # Past the session: what is changed here leaves no entry in the trail, which is the very thing that is rewritten.
    connection = await tx.session.connection()
    await tx.session.run_sync(record_act, tx.coalition_id, "erasures", erasure.id, {"member_id": member_id})
    places = dict(await _take_away_words(tx, member_id))
    users = [row.user_id for row in accounts]
    places["slack_accounts"] = await take_away_rows(
        tx.session, METADATA.tables["slack_accounts"], tx.owns(SlackAccountRow), SlackAccountRow.member_id == member_id
    )
    await forget_accounts(tx.session, METADATA, users, pseudonym)
    await connection.execute(
        update(METADATA.tables["members"])
        .where(MemberRow.id == member_id)
        .values(
            key=pseudonym,
            name=FORMER_NAME,
            email=None,
            mail_refused=None,
            title=None,
            access=Access.MEMBER.value,
            ask_at=None,
            no_messages_about=None,
            extra={},
        )
    )
    await connection.execute(update(METADATA.tables["away"]).where(AwayRow.member_id == member_id).values(extra={}))
    of_person = [tx.owns(DeliveryRow), DeliveryRow.member_id == member_id]
    deliveries = METADATA.tables["deliveries"]
    await connection.execute(
        update(deliveries)
        .where(*of_person, DeliveryRow.state == State.PLANNED)
        .values(state=State.DROPPED.value, reason=_GONE, next_attempt_at=None, waiting=False)
    )
    await connection.execute(update(deliveries).where(*of_person).values(channel_id=None))

    def rewrite(table: str, column: str, row: Mapping[str, Any]) -> Any:
        value = row[column]
        if table == "audit_entries" and column in {"old", "new"}:
            return _trail(of_answers, person, pseudonym, row, value, member_id)
        if column == "about" and (row.get("kind") in NAMES_A_PERSON):
            return rewriter.about(value)
        fitting = of_answers if table in _OF_ANSWERS else rewriter
        return fitting.text(value) if isinstance(value, str) else fitting.data(value, column)

    found = await rewrite_rows(tx.session, METADATA, tx.coalition_id, [person.id, *rewriter.needles], rewrite)
    for table, count in found.items():
        places[table] = places.get(table, 0) + count
    erasures = METADATA.tables["erasures"]
    await connection.execute(update(erasures).where(erasures.c.id == erasure.id).values(ended_at=tx.now))
    return Erased(pseudonym=pseudonym, places={table: count for table, count in places.items() if count})


def _trail(
    rewriter: Rewriter, person: Person, pseudonym: str, row: Mapping[str, Any], value: Any, member_id: int
) -> Any:
    """An entry of the trail: of the member's own row also the id."""
    new = rewriter.data(value)
    own = row["table_name"] == "members" and row["row_id"] == member_id
    if own and isinstance(new, dict) and new.get("key") == person.id:
        new["key"] = pseudonym
    if own and isinstance(new, dict) and "extra" in new:
        new["extra"] = {}
    return new


async def _take_away_words(tx: UseCase, member_id: int) -> Mapping[str, int]:
    """What they wrote to one person or to the coordinators, what they typed and didn't send; how many, by table."""
    session, tables = tx.session, METADATA.tables
    noted = (
        await tx.session.execute(
            select(PrivateNoteRow.response_id, PrivateNoteRow.member_answer_id).where(
                tx.owns(PrivateNoteRow), PrivateNoteRow.author_id == member_id
            )
        )
    ).all()
    own = or_(MemberAnswerRow.by_id == member_id, MemberAnswerRow.member_id == member_id)
    answered = {
        *await tx.values(select(ResponseRow.id).where(tx.owns(ResponseRow), ResponseRow.by_id == member_id)),
        *(row.response_id for row in noted),
    }
    answered_themselves = {
        *await tx.values(select(MemberAnswerRow.id).where(tx.owns(MemberAnswerRow), own)),
        *(row.member_answer_id for row in noted),
    }
    notes = select(PrivateNoteRow.id).where(tx.owns(PrivateNoteRow), PrivateNoteRow.author_id == member_id)
    readings = or_(NoteReadingRow.note_id.in_(notes), NoteReadingRow.member_id == member_id)
    found = {"note_readings": await take_away_rows(session, tables["note_readings"], tx.owns(NoteReadingRow), readings)}
    found["private_notes"] = await take_away_rows(
        session, tables["private_notes"], tx.owns(PrivateNoteRow), PrivateNoteRow.author_id == member_id
    )
    letters = or_(LetterRow.sender_id == member_id, LetterRow.receiver_id == member_id)
    found["letters"] = await take_away_rows(session, tables["letters"], tx.owns(LetterRow), letters)
    found["drafts"] = await take_away_rows(
        session, tables["drafts"], tx.owns(DraftRow), DraftRow.member_id == member_id
    )
    found["digest_subscriptions"] = await take_away_rows(
        session,
        tables["digest_subscriptions"],
        tx.owns(DigestSubscriptionRow),
        DigestSubscriptionRow.member_id == member_id,
    )
    await _without_taking_part(tx, member_id)
    found["responses"] = await _without_notes(tx, "responses", "extra", answered)
    found["member_answers"] = await _without_notes(tx, "member_answers", "answers", answered_themselves)
    return found


async def _without_taking_part(tx: UseCase, member_id: int) -> None:
    """Nothing says any more that they took part in an anonymous round: what keeps somebody from being asked again is of
    no use to who has left, nor is that they were not reminded, or that their message said so. What was said stays,
    which is nobody's. What a process holds of it is never written down."""
    theirs = [tx.owns(RoundSubjectRow), RoundSubjectRow.member_id == member_id, RoundSubjectRow.took_part.is_not(None)]
    connection, deliveries = await tx.session.connection(), METADATA.tables["deliveries"]
    await connection.execute(update(METADATA.tables["round_subjects"]).where(*theirs).values(took_part=False))
    asking = select_items(DeliveryItemRow.delivery_id).where(
        tx.owns(DeliveryItemRow),
        DeliveryItemRow.round_subject_id.in_(select(RoundSubjectRow.id).where(*theirs)),
    )
    of_person = [tx.owns(DeliveryRow), DeliveryRow.member_id == member_id]
    await connection.execute(
        update(deliveries)
        .where(*of_person, DeliveryRow.id.in_(asking), DeliveryRow.reason == ALREADY_ANSWERED)
        .values(reason=_GONE)
    )
    await take_away_rows(
        tx.session,
        deliveries,
        *of_person,
        DeliveryRow.operation == "update",
        DeliveryRow.state.in_(ENDED),
        DeliveryRow.parent_id.in_(asking),
    )


async def _without_notes(tx: UseCase, table: str, column: str, ids: Collection[int | None]) -> int:
    """Answers without the words that were for the coordinators alone, which stand in this column, here and in the
    trail."""
    connection = await tx.session.connection()
    answers, entries, count = METADATA.tables[table], METADATA.tables["audit_entries"], 0
    wanted = [one for one in ids if one is not None]
    for row_id, kept in await tx.rows(select(answers.c.id, answers.c[column]).where(answers.c.id.in_(wanted))):
        if _FOR_COORDINATORS in kept:
            await connection.execute(update(answers).where(answers.c.id == row_id).values({column: _without(kept)}))
            count += 1
    of_answers = select(entries.c.id, entries.c.old, entries.c.new).where(
        tx.owns(AuditEntryRow), AuditEntryRow.table_name == table, AuditEntryRow.row_id.in_(wanted)
    )
    for entry in await tx.rows(of_answers):
        old, new = (_without_words(value, column) for value in (entry.old, entry.new))
        if (old, new) != (entry.old, entry.new):
            await connection.execute(update(entries).where(entries.c.id == entry.id).values(old=old, new=new))
    return count


def _without_words(values: Mapping[str, Any], column: str) -> Mapping[str, Any]:
    return {name: _without(value) if name == column else value for name, value in values.items()}


def _without(extra: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in extra.items() if name != _FOR_COORDINATORS}
