"""Adding and changing a check-in: its form, a look at what it would do, and saving it after that."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.domain.checkins import (
    KEEP,
    PICKED,
    CheckinChange,
    CheckinDraft,
    CheckinDraftForm,
    CheckinPreview,
    askable_sets,
    asks_for_stocktakes,
    cadence_of,
    draft_of,
    followed,
    following_checkins,
    mistakes,
    preview_of,
    stocktake_draft,
    subjects_asked_by,
)
from bot.domain.packing import unpack
from bot.domain.people import subject_of, zone_of_member
from bot.domain.record import Cadence, QuestionSet, Record, lasting
from bot.domain.rhythm import RuleError, describe, occurrences, to_local
from bot.domain.typed import CHANGED_MEANWHILE, Known, new_key
from bot.domain.vocabularies import Audience, CadenceKind, TimeBasis
from bot.domain.wording import one_line, zone_name
from bot.errors import UserError
from bot.services.access import Actor, Service, UseCase
from bot.services.checkins.lookup import find_checkin
from bot.services.checkins.rounds import next_opening
from bot.services.drafts import Drafts
from bot.services.following import follow_meetings
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.rhythm import CadenceRow

_DRAFTS = Drafts("check-in", "I don't have this draft anymore. Open the form again with “checkin add”.")


@dataclass(frozen=True, slots=True)
class Mended:
    """What has to be mended in the form: field → sentence. Nothing is kept."""

    errors: Mapping[str, str] = field(default_factory=dict)


class CheckinDrafts(Service):
    """Use cases around a check-in that is not saved yet."""

    async def form(self, actor: Actor, typed: str | None = None, *, token: str | None = None) -> CheckinDraftForm:
        """The form of a new check-in, of one that is named, or of a draft that was looked at."""
        async with self.reading(actor, "checkindrafts.form", to_change=True) as tx:
            if token is not None:
                values = await _DRAFTS.values(tx, token)
                draft = unpack(CheckinDraft, values)
                if values.get("saved_as") is not None:
                    # It was saved and is looked at again: what is entered now changes the check-in that it became.
                    saved = find_checkin(tx.record, str(values["saved_as"]))
                    draft = replace(draft, id=saved.id, seen=draft_of(saved).seen)
            elif typed is not None:
                draft = draft_of(find_checkin(tx.record, typed))
            else:
                draft = _new(tx.record, tx.now)
            before = _before(tx.record, draft)
            earliest = await _earliest(tx, before, draft.at)
            return _form(tx.record, draft, before, earliest, token, tx.now)

    async def check(self, actor: Actor, draft: CheckinDraft) -> CheckinPreview | Mended:
        """What the check-in would do; it is kept for [Save]. What has to be mended comes back by field."""
        async with self.keeping(actor, "checkindrafts.check") as tx:
            before = _before(tx.record, draft)
            if _is_changed(draft, before):
                return Mended({"name": CHANGED_MEANWHILE})
            cadence = await _cadence(tx, draft, before)
            if isinstance(cadence, Mended):
                return cadence
            token = secrets.token_hex(8)
            await _DRAFTS.keep(tx, token, draft)
            others = tuple(one for one in tx.record.cadences if one.id != cadence.id)
            sets = (*tx.record.question_sets, *_new_sets(tx.record, cadence))
            after = replace(tx.record, cadences=(*others, cadence), question_sets=sets)
            if cadence.id in {one.id for one in following_checkins(after)}:
                # As it will be: along with a meeting that is moved already.
                cadence = followed(after, cadence, tx.now)
            shown = preview_of(after, cadence, tx.now, zone_of_member(tx.record, actor.key))
            return replace(shown, id=draft.id, token=token, may_run=True, may_configure=True)

    async def stocktake(self, actor: Actor) -> CheckinPreview:
        """What the usual monthly stocktake would do; it is kept for [Save]. Raises UserError where there is one."""
        record = await self.read_record(actor, "checkindrafts.stocktake")
        if asks_for_stocktakes(record):
            raise UserError("Owners are asked for a stocktake already. Type “checkin” to see it.")
        today = to_local(self.calendar.now(), record.coalition.timezone).date()
        shown = await self.check(actor, stocktake_draft(record, today))
        if isinstance(shown, Mended):
            raise UserError(f"{next(iter(shown.errors.values()))} Type “checkin add” to choose otherwise.")
        return shown

    async def save(self, actor: Actor, token: str) -> CheckinChange:
        """Saves what was looked at. The same draft twice is one check-in."""
        async with self.writing(actor, "checkindrafts.save") as tx:
            # One at a time: the same press may arrive twice at the same moment.
            await tx.session.scalar(
                select(CoalitionRow.id).where(CoalitionRow.id == actor.coalition_id).with_for_update()
            )
            tx = await tx.read()
            kept = await _DRAFTS.row(tx, token)
            saved_as = kept.values.get("saved_as")
            if saved_as is not None:
                cadence = find_checkin(tx.record, str(saved_as))
                return _saved(tx.record, cadence, actor, tx.now, already=True)
            draft = unpack(CheckinDraft, kept.values)
            before = _before(tx.record, draft)
            if _is_changed(draft, before):
                raise UserError(CHANGED_MEANWHILE)
            found = await _cadence(tx, draft, before)
            if isinstance(found, Mended):
                raise UserError(f"{next(iter(found.errors.values()))} Press Back to change it.")
            writer = tx.writer()
            for asked in _new_sets(tx.record, found):
                await writer.put(asked)
            await writer.put(found)
            kept.values = {**kept.values, "saved_as": found.id}
            await tx.session.flush()
            tx = await tx.read()
            if await follow_meetings(tx):
                tx = await tx.read()
            found = next(one for one in tx.record.cadences if one.id == found.id)
            return _saved(tx.record, found, actor, tx.now, is_new=draft.id is None)


def _new(record: Record, now: datetime) -> CheckinDraft:
    """The default week: Tuesdays at nine on each owner's clock, closing on Thursday at noon."""
    asked = askable_sets(record)
    digest = next((one for one in record.cadences if one.kind == CadenceKind.DIGEST), None)
    return CheckinDraft(
        id=None,
        name="",
        question_set=asked[0].id if asked else "",
        often="weekly",
        weekday="TU",
        at=time(9),
        starts_on=to_local(now, record.coalition.timezone).date() + timedelta(days=1),
        basis=TimeBasis.MEMBER_LOCAL.value,
        closes_after_hours=51,
        reminder_after_hours=24,
        delegate_after_hours=29,
        feeds=digest.id if digest is not None else None,
    )


def _form(
    record: Record, draft: CheckinDraft, before: Cadence | None, earliest: date, token: str | None, now: datetime
) -> CheckinDraftForm:
    zone = before.timezone if before is not None else record.coalition.timezone
    kept = before if before is not None and draft_of(before).often == KEEP else None
    return CheckinDraftForm(
        draft=replace(draft, starts_on=_first_on(draft, before, earliest)),
        question_sets=tuple(
            (one.id, one.title, next(iter(subjects)) if len(subjects) == 1 else None)
            for one in askable_sets(record, before)
            if (subjects := subjects_asked_by(one))
        ),
        audiences=_audiences(record),
        people=tuple(Known(one.id, one.name) for one in record.present if one.id in draft.people),
        subject=subject_of(record, before) if before is not None else None,
        digests=tuple((one.id, one.name) for one in record.cadences if one.kind == CadenceKind.DIGEST),
        kept_rhythm=describe(kept) if kept is not None else None,
        zone_name=zone_name(now.astimezone(ZoneInfo(zone))),
        token=token or "",
    )


def _audiences(record: Record) -> tuple[tuple[str, str], ...]:
    """Whom a check-in may ask, by what it is kept as and in words."""
    by_role = (
        (Audience.PRIORITY_OWNERS, "Priority owners, on their priorities"),
        (Audience.METRIC_STEWARDS, "Metric stewards"),
        (Audience.ACTION_OWNERS, "Everybody with open actions"),
        (Audience.STEERING, "Those who steer"),
        (Audience.ALL_MEMBERS, "Everybody"),
    )
    steers = any(group.steers for group in record.groups)
    return (
        *((one.value, words) for one, words in by_role if steers or one is not Audience.STEERING),
        *((group.id, one_line(group.name)) for group in lasting(record.groups) if group.id not in tuple(Audience)),
        (PICKED, "People whom I pick"),
    )


def _first_on(draft: CheckinDraft, before: Cadence | None, earliest: date) -> date:
    """The next date of the present rhythm, so that a rhythm that isn't changed keeps its weeks."""
    if before is None or draft.starts_on >= earliest:
        return max(draft.starts_on, earliest)
    start = datetime.combine(earliest, time.min)
    return next((one.slot.date() for one in occurrences(before, start, start + timedelta(days=400))), earliest)


def _before(record: Record, draft: CheckinDraft) -> Cadence | None:
    """The check-in that a draft changes. Raises UserError for one that is gone."""
    return None if draft.id is None else find_checkin(record, draft.id)


def _is_changed(draft: CheckinDraft, before: Cadence | None) -> bool:
    """Whether somebody changed the check-in after the form was opened."""
    return bool(before is not None and draft.seen and draft.seen != draft_of(before).seen)


async def _earliest(tx: UseCase, before: Cadence | None, at: time) -> date:
    """From when on a new rhythm may begin: not on a day that has its round or has gone by, nor while one is open."""
    today = to_local(tx.now, tx.record.coalition.timezone).date()
    if before is None:
        return today
    rounds = select(RoundRow).join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
    rounds = rounds.where(tx.owns(RoundRow), CadenceRow.key == before.id)
    last: date | None = await tx.session.scalar(rounds.with_only_columns(func.max(RoundRow.day)))
    earliest = (max(today, last) if last is not None else today) + timedelta(days=1)
    opened = rounds.join(RoundSubjectRow, RoundSubjectRow.round_id == RoundRow.id).where(
        RoundSubjectRow.closed_at.is_(None), RoundSubjectRow.opens_at <= tx.now
    )
    columns = (RoundRow.day, RoundRow.slot, RoundSubjectRow.opens_at, RoundSubjectRow.closes_at)
    for day, slot, opens_at, closes_at in await tx.session.execute(opened.with_only_columns(*columns)):
        # On the clock of whoever is asked, for whom the new one begins at `at`.
        end = datetime.combine(day, slot.time()) + (closes_at - opens_at)
        earliest = max(earliest, end.date() + timedelta(days=end.time() > at))
    return earliest


async def _cadence(tx: UseCase, draft: CheckinDraft, before: Cadence | None) -> Cadence | Mended:
    earliest = await _earliest(tx, before, draft.at)
    errors = mistakes(draft, tx.record, before, earliest)
    if errors:
        return Mended(errors)
    try:
        return cadence_of(
            draft, tx.record, before, new_key(draft.name, {one.id for one in tx.record.everything.cadences}, "check-in")
        )
    except RuleError as error:
        return Mended({"often": str(error)})


def _new_sets(record: Record, cadence: Cadence) -> list[QuestionSet]:
    """The usual questions that a check-in asks, where the coalition has none of its own."""
    known = {one.id for one in record.question_sets}
    return [one for one in askable_sets(record) if one.id == cadence.question_set and one.id not in known]


def _saved(
    record: Record, cadence: Cadence, actor: Actor, now: datetime, *, already: bool = False, is_new: bool = False
) -> CheckinChange:
    return CheckinChange(
        what="added" if is_new else "changed",
        id=cadence.id,
        name=cadence.name,
        already=already,
        next_at=next_opening(record, cadence, now),
        zone=zone_of_member(record, actor.key),
        now=now,
    )
