"""Check-ins as people meet them: what is open for me, its form, and giving an answer."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from bot.domain.asking import zone_of_member
from bot.domain.deliveries import Item
from bot.domain.prompts import CheckInForm, PromptItem
from bot.domain.rights import coordinators
from bot.services.actors import Actor
from bot.services.base import Service
from bot.services.checkin_answers import (
    COLUMNS,
    PRIVATE_NOTE,
    NotYet,
    Reply,
    Stored,
    closed_reply,
    hash_of,
    keep_draft,
    known_submission,
    remember,
    reply_from,
    store_answer,
    text_of,
)
from bot.services.checkin_forms import check_values, form_questions, headline_of
from bot.services.checkin_subjects import (
    find_subject,
    given_answer,
    is_closed,
    last_to_repeat,
    refuse_stand_in_over_owner,
    require_answerer,
)
from bot.services.content import earlier_responses, private_readers_of, prompt_item, readers_of
from bot.services.updates import queue_updates
from bot.store.checkins import DraftRow, RoundRow, RoundSubjectRow
from bot.store.priorities import PriorityRow
from bot.store.record_view import read_record


class CheckIns(Service):
    """Use cases around check-ins on priorities."""

    async def open_for(self, actor: Actor) -> tuple[PromptItem, ...]:
        """What this person may answer now: as owner, or as stand-in where the owner is asked too."""
        actor.require("checkins.open_for")
        now = self.calendar.now()
        async with self.database.read() as session:
            record = await read_record(session, actor.coalition_id)
            rows = (
                await session.execute(
                    select(RoundSubjectRow, RoundRow, PriorityRow.key)
                    .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
                    .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
                    .where(
                        RoundSubjectRow.coalition_id == actor.coalition_id,
                        RoundSubjectRow.closed_at.is_(None),
                        RoundSubjectRow.opens_at <= now,
                        RoundSubjectRow.closes_at > now,
                    )
                    .order_by(RoundSubjectRow.opens_at, RoundSubjectRow.id)
                )
            ).all()
            found = []
            for subject, round_row, priority_key in rows:
                priority = next(item for item in record.priorities if item.id == priority_key)
                owner = next(item for item in record.members if item.id == priority.owner)
                if actor.key not in {owner.id, owner.delegate}:
                    continue
                kind = Item.ASK if actor.key == owner.id else Item.DELEGATE
                found.append(await prompt_item(session, record, kind, subject, round_row, priority_key, now))
            return tuple(found)

    async def form(self, actor: Actor, subject_id: int) -> CheckInForm:
        """The form for one priority, filled with the answer or draft that is there.

        Raises Refused for somebody who may not answer, UserError for a subject that is not known.
        """
        now = self.calendar.now()
        async with self.database.read() as session:
            subject = await find_subject(session, actor, subject_id)
            await require_answerer(session, actor, subject, "checkins.form")
            record = await read_record(session, actor.coalition_id)
            priority = next(item for item in record.priorities if item.id == subject.priority)
            item = await prompt_item(session, record, Item.ASK, subject.row, subject.round, subject.priority, now)
            given = await given_answer(session, subject)
            draft = await session.scalar(
                select(DraftRow.values).where(
                    DraftRow.member_id == actor.member_id, DraftRow.subject == subject.priority
                )
            )
            earlier = earlier_responses(record, subject.cadence, subject.priority, subject.round)
            last = earlier[-1] if earlier else None
            initial = {name: text_of(getattr(given, name)) for name in COLUMNS} if given is not None else draft or {}
            if given is not None:
                initial |= {name: text_of(value) for name, value in given.extra.items()}
                if given.by_id != actor.member_id:
                    # A note to the coordinators is theirs and its writer's, also where somebody else edits the answer.
                    initial.pop(PRIVATE_NOTE, None)
            helper = next(iter(coordinators(record)), None)
            return CheckInForm(
                subject_id=subject.row.id,
                title=subject.questions.title,
                state=item.state,
                priority_name=subject.priority_name,
                zone=zone_of_member(record, actor.key or subject.owner),
                now=now,
                closes_at=subject.row.closes_at,
                next_opens_at=item.next_opens_at,
                readers=readers_of(record, priority),
                digest_at=item.digest_at,
                headline=headline_of(record, priority, now),
                promise=last.next if last is not None else None,
                came_true=initial.get("came_true"),
                private_readers=private_readers_of(record),
                for_name=subject.owner_name if actor.key != subject.owner else None,
                coordinator=helper.name if helper is not None else None,
                questions=tuple(form_questions(record, priority, subject.questions, last, initial)),
            )

    async def submit(self, actor: Actor, key: str, subject_id: int, values: Mapping[str, str | None]) -> Reply:
        """Stores an answer. The same form sent again gets the first reply; with other values it changes the answer.

        `key` identifies the form as it was opened; `values` holds the typed text by question id.
        """
        now = self.calendar.now()
        digest = hash_of(values)
        async with self.database.write(actor.author(now)) as session:
            before = await known_submission(session, key)
            if before is not None and before.values_hash == digest:
                return reply_from(before.reply)
            subject = await find_subject(session, actor, subject_id, lock=True)
            await require_answerer(session, actor, subject, "checkins.submit")
            # The same form that came at the same time waited for the subject's lock, and has its first reply by now.
            before = await known_submission(session, key)
            if before is not None and before.values_hash == digest:
                return reply_from(before.reply)
            if is_closed(subject.row, now):
                await keep_draft(session, actor, subject, values, now)
                return await closed_reply(session, actor, subject, now)
            given = await given_answer(session, subject)
            refuse_stand_in_over_owner(actor, subject, given)
            errors = check_values(subject.questions, values)
            if errors:
                return NotYet(errors)
            edited = await store_answer(session, actor, subject, given, values, now, no_change=False)
            reply = Stored(
                subject.priority_name,
                subject.owner_name if actor.key != subject.owner else None,
                subject.row.closes_at,
                edited,
            )
            await remember(session, actor, before, key, digest, reply, now)
            await queue_updates(session, [subject.row.id], now)
            return reply

    async def repeat_last(self, actor: Actor, key: str, subject_id: int) -> Reply:
        """ "No change": re-affirms the last answer, shown as such, at most twice running."""
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            before = await known_submission(session, key)
            if before is not None:
                return reply_from(before.reply)
            subject = await find_subject(session, actor, subject_id, lock=True)
            await require_answerer(session, actor, subject, "checkins.repeat_last")
            before = await known_submission(session, key)
            if before is not None:
                return reply_from(before.reply)
            if is_closed(subject.row, now):
                return await closed_reply(session, actor, subject, now)
            given = await given_answer(session, subject)
            refuse_stand_in_over_owner(actor, subject, given)
            if given is None:
                last = await last_to_repeat(session, subject)
                values = {
                    "assessment": last.assessment,
                    "confidence": text_of(last.confidence),
                    "blocker": last.blocker,
                    "next": last.next,
                }
                await store_answer(session, actor, subject, None, values, now, no_change=True)
            reply = Stored(
                subject.priority_name,
                subject.owner_name if actor.key != subject.owner else None,
                subject.row.closes_at,
                given is not None,
            )
            await remember(session, actor, None, key, "", reply, now)
            await queue_updates(session, [subject.row.id], now)
            return reply
