"""Question sets as leads make and edit them: lists, cards, what is in hand before it is saved, and a look at the form.

What somebody has in hand is kept as their draft, one for each set, until it is saved or given up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.checkins import (
    CheckinForm,
    QuestionEntry,
    QuestionForm,
    SetAbout,
    SetCard,
    SetDraft,
    SetEntry,
    SetForm,
    SetLine,
    SetPreview,
    StandingRoles,
    asked_by,
    check_values,
    copy_of_set,
    draft_of_set,
    find_question,
    find_set,
    kind_of,
    mark_of_set,
    moved_question,
    set_mistakes,
    set_of,
    shown_question,
    with_entry,
    with_question,
    without_question,
)
from bot.domain.packing import unpack
from bot.domain.people import OF_PEOPLE, subject_of, zone_of_member
from bot.domain.record import QuestionSet, Record
from bot.domain.rights import coordinators, readers_of_notes, readers_of_own_answers, readers_of_update, readers_on_card
from bot.domain.typed import CHANGED_MEANWHILE, Known, Mistakes, match_known, new_key
from bot.domain.vocabularies import AnswerReaders, QuestionType
from bot.domain.wording import one_line
from bot.errors import UserError
from bot.services.access import Actor, ByActor, Service, UseCase
from bot.services.checkins.versions import new_version
from bot.services.drafts import KEPT, Drafts, keep_sent, sent_before

_DRAFTS = Drafts("questions", "I don't have these questions in hand anymore. Open them again with “checkin questions”.")
Change = Callable[[SetDraft], SetDraft]
_GONE = "These questions aren't there anymore. “checkin questions” lists what there is."


class QuestionSets(Service):
    """Use cases around question sets."""

    async def page(self, actor: Actor) -> tuple[SetLine, ...]:
        """All of them, in file order."""
        record = await self.read_record(actor, "questionsets.page")
        return tuple(
            SetLine(
                id=one.id,
                title=one.title,
                minutes=one.minutes,
                questions=len(one.questions),
                anonymous=one.anonymous,
                asked_by=asked_by(record, one.id),
            )
            for one in record.question_sets
        )

    async def show(self, actor: Actor, typed: str) -> SetCard:
        """One of them by its id, title or the beginning of it. Raises UserError where it isn't clear which one."""
        record = await self.read_record(actor, "questionsets.show")
        return _card(record, _named(record, typed))

    async def form(self, actor: Actor, typed: str | None = None, *, copied: bool = False) -> SetForm:
        """A set in hand: the one that is named, a copy of it, or a new one; with what this person did not save."""
        async with self.reading(actor, "questionsets.form", to_change=True) as tx:
            base = _named(tx.record, typed) if typed is not None else None
            seen = mark_of_set(base) if base is not None and not copied else ""
            return await _form(tx, SetAbout(base.id if base is not None else None, copied, seen))

    async def start_over(self, actor: Actor, about: SetAbout) -> SetForm:
        """Gives up what this person has in hand of it."""
        async with self.keeping(actor, "questionsets.start_over") as tx:
            await _give_up(tx, about)
            base = find_set(tx.record, about.key)
            seen = mark_of_set(base) if base is not None and not about.copied else ""
            return await _form(tx, replace(about, seen=seen))

    async def keep(self, actor: Actor, about: SetAbout, entry: SetEntry) -> SetForm:
        """Keeps what stands in the form."""
        async with self.keeping(actor, "questionsets.keep") as tx:
            await _keep(tx, about, with_entry(await _in_hand(tx, about), entry))
            return await _form(tx, about)

    async def question(self, actor: Actor, about: SetAbout, entry: SetEntry, key: str | None = None) -> QuestionForm:
        """The form of one of its questions, or with None of a new one. What stands in the set's own form is kept."""
        async with self.keeping(actor, "questionsets.question") as tx:
            draft = with_entry(await _in_hand(tx, about), entry)
            await _keep(tx, about, draft)
            return _question_form(about, draft, key)

    async def question_as(self, actor: Actor, about: SetAbout, key: str | None, kind: str) -> QuestionForm:
        """The same, with something else chosen to be asked for."""
        async with self.reading(actor, "questionsets.question_as") as tx:
            return _question_form(about, await _in_hand(tx, about), key).asking_for(kind)

    async def put_question(
        self, actor: Actor, form: str, about: SetAbout, key: str | None, entry: QuestionEntry
    ) -> SetForm:
        """Keeps a question as it was entered. `form` identifies its form: sent again, it changes what it added.

        Raises Mistakes by field.
        """
        async with self.keeping(actor, "questionsets.put_question") as tx:
            draft = await _in_hand(tx, about)
            sent = await sent_before(tx, f"question:{form}") if key is None else None
            if sent is not None and any(one.id == sent.reply["question"] for one in draft.questions):
                key = str(sent.reply["question"])
            changed = with_question(draft, key, entry)
            if key is None:
                await keep_sent(tx, f"question:{form}", {"question": changed.questions[-1].id}, {})
            await _keep(tx, about, changed)
            return await _form(tx, about)

    async def move_question(self, actor: Actor, about: SetAbout, entry: SetEntry, key: str, step: int) -> SetForm:
        """Puts a question one place up (-1) or down (1)."""
        async with self.keeping(actor, "questionsets.move_question") as tx:
            return await _changed(tx, about, entry, lambda draft: moved_question(draft, key, step))

    async def take_out(self, actor: Actor, about: SetAbout, entry: SetEntry, key: str) -> SetForm:
        """Takes a question out; twice is once."""
        async with self.keeping(actor, "questionsets.take_out") as tx:
            return await _changed(tx, about, entry, lambda draft: _without(draft, key))

    async def preview(self, actor: Actor, about: SetAbout, entry: SetEntry | None = None) -> SetPreview:
        """The form as people will get it; nothing is sent. What stands in the set's own form is kept."""
        async with self.keeping(actor, "questionsets.preview") as tx:
            draft = await _in_hand(tx, about)
            if entry is not None:
                draft = with_entry(draft, entry)
                await _keep(tx, about, draft)
            return SetPreview(about=about, form=_preview(tx, draft))

    async def try_out(self, actor: Actor, about: SetAbout, values: Mapping[str, str | None]) -> dict[str, str]:
        """What people would be asked to mend, had they entered this: question id → sentence. Nothing is kept."""
        async with self.reading(actor, "questionsets.try_out") as tx:
            draft = await _in_hand(tx, about)
            return check_values(set_of(draft, find_set(tx.record, draft.id), ""), values, lambda *_: True)

    async def save(self, actor: Actor, form: str, about: SetAbout, entry: SetEntry) -> SetCard:
        """Saves what is in hand. `form` identifies the form: sent again it is answered as before, and with corrections
        it changes what it saved. Raises Mistakes by field."""
        async with self.changing(actor, "questionsets.save", alone=True) as tx:
            sent = await sent_before(tx, f"questions:{form}")
            if sent is not None:
                saved = find_set(tx.record, str(sent.reply["set"]))
                if saved is None:
                    raise UserError(_GONE)
                draft = with_entry(draft_of_set(saved), entry)
            else:
                draft = with_entry(await _in_hand(tx, about), entry)
            after, is_new = await _store(tx, draft)
            await keep_sent(tx, f"questions:{form}", {"set": after.id}, {})
            await _give_up(tx, about)
            said = f"{one_line(after.title)} is added. Choose it where a check-in asks: “checkin add”."
            was_new = is_new or (sent is not None and (about.key is None or about.copied))
            return _card((await tx.read()).record, after, said if was_new else "Saved.")


async def _store(tx: UseCase, draft: SetDraft) -> tuple[QuestionSet, bool]:
    """Writes a set as it is in hand. Returns it, and whether it is new."""
    before = find_set(tx.record, draft.id)
    if draft.id is not None and before is None:
        raise UserError(_GONE)
    after = set_of(draft, before, new_key(draft.title, {one.id for one in tx.record.question_sets}, "questions"))
    if before is not None and draft.seen not in {"", mark_of_set(before)} and mark_of_set(after) != mark_of_set(before):
        raise Mistakes({"title": CHANGED_MEANWHILE})
    errors = set_mistakes(draft, tx.record)
    if errors:
        raise Mistakes(errors)
    if before is not None:
        after = await new_version(tx.session, tx.coalition_id, before, after, tx.now)
    if after != before:
        await tx.writer().put(after, before)
        await tx.session.flush()
    return after, before is None


def _named(record: Record, typed: str) -> QuestionSet:
    sets = record.question_sets
    whole = next((one for one in sets if one.id == typed), None)
    if whole is not None:
        return whole
    found = match_known(typed, [Known(one.id, one.title) for one in sets])
    found = found or [Known(one.id, one.title) for one in sets if typed.strip().casefold() in one.title.casefold()]
    if len(found) == 1:
        return next(one for one in sets if one.id == found[0].id)
    if not sets:
        raise UserError("There are no questions yet. “checkin questions add” makes some.")
    names = ", ".join(f"“{one_line(one.title)}”" for one in sets[:10])
    raise UserError(f"Which questions do you mean? There are {names}.")


async def _in_hand(tx: ByActor, about: SetAbout) -> SetDraft:
    """What this person has in hand of it, else how it is."""
    row = await _DRAFTS.find(tx, _token(about))
    if row is not None and row.saved_at >= tx.now - KEPT:
        return unpack(SetDraft, row.values)
    return _as_it_is((await tx.read()).record, about)


def _as_it_is(record: Record, about: SetAbout) -> SetDraft:
    if about.key is None:
        return SetDraft()
    base = find_set(record, about.key)
    if base is None:
        raise UserError(_GONE)
    return copy_of_set(base) if about.copied else replace(draft_of_set(base), seen=about.seen or mark_of_set(base))


def _token(about: SetAbout) -> str:
    return f"{'copy' if about.copied else 'set'}:{about.key or ''}"


async def _keep(tx: ByActor, about: SetAbout, draft: SetDraft) -> None:
    await _DRAFTS.keep(tx, _token(about), draft)


async def _give_up(tx: ByActor, about: SetAbout) -> None:
    row = await _DRAFTS.find(tx, _token(about))
    if row is not None:
        await tx.session.delete(row)
        await tx.session.flush()


async def _form(tx: UseCase, about: SetAbout) -> SetForm:
    draft, as_it_is = await _in_hand(tx, about), _as_it_is(tx.record, about)
    base = find_set(tx.record, draft.id)
    return SetForm(
        about=about,
        draft=draft,
        asked_by=asked_by(tx.record, draft.id),
        is_kept=replace(draft, seen="") != replace(as_it_is, seen=""),
        is_stale=base is not None and draft.seen != mark_of_set(base),
    )


def _question_form(about: SetAbout, draft: SetDraft, key: str | None) -> QuestionForm:
    question = find_question(draft, key) if key is not None else None
    kind = kind_of(question) if question is not None else QuestionType.TEXT.value
    return QuestionForm(about=about, draft=draft, question=question, kind=kind)


async def _changed(tx: UseCase, about: SetAbout, entry: SetEntry, change: Change) -> SetForm:
    draft = with_entry(await _in_hand(tx, about), entry)
    try:
        changed, notice = change(draft), ""
    except UserError as error:
        changed, notice = draft, str(error)
    await _keep(tx, about, changed)
    return replace(await _form(tx, about), notice=notice)


def _without(draft: SetDraft, key: str) -> SetDraft:
    return without_question(draft, key) if any(one.id == key for one in draft.questions) else draft


def _card(record: Record, questions: QuestionSet, said: str = "") -> SetCard:
    return SetCard(
        id=questions.id,
        draft=draft_of_set(questions),
        asked_by=asked_by(record, questions.id),
        version=questions.version,
        said=said,
    )


def _preview(tx: UseCase, draft: SetDraft) -> CheckinForm:
    """The form as those get it whom a check-in asks, before anything was ever answered: about themselves, or about the
    first priority."""
    asked = set_of(draft, find_set(tx.record, draft.id), "")
    asking = next((one for one in tx.record.cadences if draft.id is not None and one.question_set == draft.id), None)
    is_own = asking is not None and subject_of(tx.record, asking) in OF_PEOPLE
    is_own = is_own or draft.anonymous
    about = next((one for one in tx.record.priorities if not one.rests), None) if not is_own else None
    sets_standing = asking is not None and StandingRoles(tx.record).of_cadence(asking.id)
    readers: tuple[str, ...] = ()
    if asking is not None and is_own:
        readers = readers_of_own_answers(tx.record, asking, draft.readers)
    elif about is not None and sets_standing and draft.readers != AnswerReaders.EVERYBODY:
        readers = readers_of_update(tx.record, about)
    elif about is not None:
        readers = readers_on_card(tx.record, about, draft.readers)
    helper = next(iter(coordinators(tx.record)), None)
    return CheckinForm(
        subject_id=0,
        title=draft.title or "Questions",
        state="preview",
        priority_name=about.name if about is not None else tx.record.coalition.name,
        closes_at=tx.now,
        next_opens_at=None,
        readers=readers,
        digest_at=None,
        headline=None,
        earlier=None,
        private_readers=readers_of_notes(tx.record),
        for_name=None,
        coordinator=helper.name if helper is not None else None,
        questions=tuple(shown_question(one) for one in asked.questions),
        is_anonymous=draft.anonymous,
        is_own=is_own,
        sets_standing=sets_standing,
        zone=zone_of_member(tx.record, tx.actor.key),
        now=tx.now,
    )
