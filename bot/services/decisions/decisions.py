"""Decisions as people work with them: proposing, one voice an organization, recording what was decided, and lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.decisions import (
    CHOICES,
    MOST_NOTE,
    MOST_OUTCOME,
    MOST_REASON,
    OBJECT,
    OPTION,
    TALK,
    DecisionCard,
    DecisionChange,
    DecisionForm,
    DecisionList,
    DecisionQuery,
    DecisionReadBack,
    NewDecision,
    VoiceLine,
)
from bot.domain.known import in_coalition_time
from bot.domain.record import Decision, Record
from bot.domain.wording import one_line
from bot.errors import Refused, UserError
from bot.services.access import Actor, Service
from bot.services.actions import is_mine_alone, new_token
from bot.services.decisions import drafts
from bot.services.decisions.lists import list_page, typed_query
from bot.services.decisions.news import announce, refresh, tell_voice, with_post
from bot.services.decisions.proposals import apply_change, new_decision
from bot.services.decisions.reminders import tell_recorders
from bot.services.decisions.rows import decision_row, fill_row, has_answers, link_issue, locked_decision, set_answer
from bot.services.decisions.views import (
    DecisionsView,
    known_decision,
    may_propose,
    present_state,
    read_decisions,
    refusal_to_propose,
)
from bot.services.numbered import page_or_others
from bot.store.decisions import DecisionRow
from bot.store.record import read_record

Changes = Mapping[str, Any]  # column → value


class Decisions(Service):
    """Use cases around decisions."""

    async def show(self, actor: Actor, typed: str, *, to: str = "read") -> DecisionCard:
        """One decision, by its id or by words of its title.

        Raises UserError for one that is not known, Refused for one that is not theirs to see.

        `to` record, set_aside or chase refuses, while that is still open, somebody who may only read it.
        """
        now = self.calendar.now()
        async with self.database.read(actor.coalition_id) as session:
            view = await self._view(session, actor)
            decision = view.one(typed)
            if to != "read" and decision.status in {"needed", "deferred"}:
                may = {"record": view.require_record, "chase": view.require_chase}
                may.get(to, view.require_set_aside)(decision)
            return await with_post(session, actor, view.card(decision), now)

    async def ballot(self, actor: Actor, key: str) -> DecisionCard:
        """One decision for whoever answers it. Raises Refused, with who is asked, for somebody without a voice."""
        async with self.database.read(actor.coalition_id) as session:
            view = await self._view(session, actor)
            decision = known_decision(view.record, key)
            view.require_voice(decision)
            return view.card(decision)

    async def find(self, actor: Actor, wanted: str | DecisionQuery) -> DecisionList | str:
        """A page of a list: of a query, or of what was typed (mine, log, a status, a priority, a group).

        Returns what was probably meant, or "", where it is no list.
        """
        async with self.database.read(actor.coalition_id) as session:
            view = await self._view(session, actor)
            query = wanted if isinstance(wanted, DecisionQuery) else typed_query(view.record, wanted)
            if not isinstance(query, DecisionQuery):
                return query
            return page_or_others(partial(list_page, view, actor), query, "log")

    async def read_back(self, actor: Actor, text: str, channel_id: str | None = None) -> DecisionReadBack:
        """Reads a line and keeps it; nothing is proposed yet."""
        now = self.calendar.now()
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
            _require_proposer(actor, record)
            draft = await drafts.read_line(session, actor, record, now, text, channel_id)
            token = new_token()
            await drafts.keep(session, actor, token, draft, now)
            values = {
                "title": draft.title,
                "decider": draft.decider,
                "needed_by": draft.needed_by,
                "priority": draft.priority,
                "options": draft.options,
            }
            new = drafts.completed(values, record)
            return drafts.read_back_of(token, draft, new, record, _today(record, now))

    async def form(
        self, actor: Actor, token: str | None = None, *, issue: str | None = None, channel_id: str | None = None
    ) -> DecisionForm:
        """The form of a new decision: of a line that was kept, about an issue, or an empty one."""
        now = self.calendar.now()
        async with self.database.read(actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
            _require_proposer(actor, record)
            problems: list[list[str]] = []
            if token is not None:
                values = await drafts.kept(session, actor, token)
                new, problems = drafts.completed(values, record), values["problems"]
            else:
                line = await drafts.read_line(session, actor, record, now, "", channel_id)
                new = NewDecision(
                    title="", decider=line.decider or drafts.usual_decider(record) or "", priority=line.priority
                )
            found = next((one for one in record.issues if one.id == issue), None)
            if found is not None:
                decider = found.escalated_to or new.decider
                new = replace(new, decider=decider, priority=found.priority, why=found.title)
            words = tuple(problem[1] for problem in problems)
            return drafts.form_of(token or new_token(), new, words, record, now, _today(record, now))

    async def propose(self, actor: Actor, token: str, new: NewDecision | None = None) -> DecisionChange:
        """Proposes a decision, or with none given the line that was kept under `token`. The same token proposes once.

        It is posted where its group talks. The same form with something corrected changes what it proposed, as long as
        nobody has answered or done anything about it.
        """
        now = self.calendar.now()
        submission = f"decision:{actor.coalition_id}:{token}"
        async with self.database.write(actor.author(now)) as session:
            row = await new_decision(session, actor.coalition_id)
            record = await read_record(session, actor.coalition_id)
            _require_proposer(actor, record)
            known = await decision_row(session, submission)
            if known is not None and (new is None or not await _may_correct(session, actor, known)):
                return await self._outcome(session, actor, "proposed", known.key, already=True)
            if new is None:
                new = drafts.completed(await drafts.kept(session, actor, token), record)
            new = _tidied(new)
            mistake = drafts.first_mistake(record, new, _today(record, now))
            if mistake is not None:
                raise mistake
            if known is not None:
                await fill_row(session, actor, known, new)
                is_same = not session.is_modified(known)
                await session.flush()
                return await self._outcome(
                    session, actor, "proposed", known.key, already=is_same, announced=not is_same
                )
            await fill_row(session, actor, row, new)
            row.submission_key = submission
            session.add(row)
            await session.flush()
            if new.issue is not None:
                await link_issue(session, actor.coalition_id, new.issue, row, now)
            return await self._outcome(session, actor, "proposed", row.key, announced=True)

    async def respond(
        self,
        actor: Actor,
        key: str,
        choice: str,
        *,
        option: str | None = None,
        reason: str = "",
        voice: str | None = None,
    ) -> DecisionChange:
        """Answers for a voice of this person's own (`voice`: which, else the first). It may be changed until recorded.

        `choice` is option, abstain, object (with one sentence) or talk. A coordinator may answer for any voice, which
        they name. Neither they nor a stand-in replace what a member of the group said themselves.
        """
        now = self.calendar.now()
        words = _reason(choice, reason)
        async with self.database.write(actor.author(now)) as session:
            row = await locked_decision(session, actor, key)
            view = await self._view(session, actor)
            decision = known_decision(view.record, row.key)
            view.require_voice(decision)
            voices = view.own_voices(decision)
            if voice is None and not voices:
                raise view.no_voice(decision)
            known = (*voices, *view.other_voices(decision))
            mine = next((one for one in known if one.seat.voice == voice), voices[0] if voice is None else None)
            if mine is None:
                raise Refused(f"You have no voice for that organization in {decision.id} anymore. Open it again.")
            _require_needed(decision, view)
            if choice not in CHOICES or (choice == OPTION and option not in decision.options):
                raise UserError(f"{decision.id} has other options now. Open it again to see them.")
            before = next((one for one in decision.answers if one.voice == mine.seat.voice), None)
            if before is not None and actor.key not in mine.seat.members and before.on_behalf_of is None:
                said = view.line_of(before)
                raise Refused(f"{said.by_name} answered for {said.voice_name}. Their own answer goes before yours.")
            said_before = view.line_of(before) if before is not None else None
            behalf = mine.on_behalf_of
            is_same = before is not None and (before.choice, before.option, before.reason) == (
                choice,
                option if choice == OPTION else None,
                words,
            )
            if not is_same:
                await set_answer(
                    session,
                    actor,
                    row,
                    mine.seat,
                    on_behalf_of=behalf,
                    choice=choice,
                    option=option if choice == OPTION else None,
                    reason=words,
                    now=now,
                )
                await refresh(session, actor.coalition_id, row.key, now)
                after = await read_record(session, actor.coalition_id)
                await tell_recorders(session, actor, decision, after, now)
                if mine not in voices:
                    await tell_voice(session, actor.coalition_id, view.record, decision, mine.seat.voice, now)
            return await self._outcome(
                session,
                actor,
                "answered",
                row.key,
                already=is_same,
                voice=mine.seat.voice,
                before=said_before if said_before is not None and before and before.by != actor.key else None,
            )

    async def record(
        self, actor: Actor, key: str, outcome: str, *, note: str = "", delegated: bool = False
    ) -> DecisionChange:
        """Records what was decided. Against the count, or in words of its own, only with where it comes from.

        What a proposal changes is applied where it is decided in favor.
        """
        now = self.calendar.now()
        outcome, words = one_line(outcome), one_line(note)
        _require_fits(outcome, MOST_OUTCOME, "outcome_words")
        _require_fits(words, MOST_NOTE, "note")

        async def change(session: AsyncSession, decision: Decision, view: DecisionsView, applies: Any) -> Changes:
            if not outcome:
                raise UserError("Choose what was decided, or write it in a few words.", field="outcome")
            if outcome != view.count(decision).result and not words:
                raise UserError(
                    "The answers don't come to this. Write where it was decided, such as “at the meeting of Dec 9”.",
                    field="note",
                )
            if applies is not None and decision.options and outcome == decision.options[0]:
                await apply_change(session, view.record, actor, applies, now)
            return {
                "status": "decided",
                "decided_on": view.today,
                "outcome": outcome,
                "note": words or None,
                "delegated": delegated and view.group(decision).kind == "working_group",
            }

        return await self._close(actor, key, "recorded", change, {"outcome": outcome, "note": words or None})

    async def set_aside(self, actor: Actor, key: str, status: str, reason: str) -> DecisionChange:
        """Puts a decision off (`deferred`) or takes it back (`withdrawn`), with the reason."""
        words = one_line(reason)
        _require_fits(words, MOST_NOTE, "reason")
        if status not in {"deferred", "withdrawn"}:
            raise UserError("A decision is put off or taken back. Open it to choose.")

        async def change(_session: AsyncSession, _decision: Decision, _view: DecisionsView, _applies: Any) -> Changes:
            if not words:
                raise UserError("Add one sentence, so that the group knows why.", field="reason")
            return {"status": status, "note": words}

        return await self._close(actor, key, status, change, {"note": words or None}, is_setting_aside=True)

    async def reopen(self, actor: Actor, key: str, needed_by: date | None) -> DecisionChange:
        """Asks again for a decision that was put off; the answers that are there stay."""
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            row = await locked_decision(session, actor, key)
            view = await self._view(session, actor)
            decision = known_decision(view.record, row.key)
            view.require_set_aside(decision)
            if decision.status == "needed":
                return await self._outcome(session, actor, "needed", row.key, already=True)
            if decision.status != "deferred":
                raise UserError(present_state(decision, view))
            if needed_by is not None and needed_by < view.today:
                raise UserError("That day has passed. Choose today or a later day.", field="needed_by")
            row.status, row.note, row.needed_by = "needed", None, needed_by
            await session.flush()
            return await self._outcome(session, actor, "needed", row.key, announced=True)

    async def _close(
        self,
        actor: Actor,
        key: str,
        what: str,
        change: Any,
        said: Mapping[str, str | None],
        *,
        is_setting_aside: bool = False,
    ) -> DecisionChange:
        """Ends a decision; whoever comes second is told how it ended, and whether that was `said` in other words."""
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            row = await locked_decision(session, actor, key)
            view = await self._view(session, actor)
            decision = known_decision(view.record, row.key)
            (view.require_set_aside if is_setting_aside else view.require_record)(decision)
            if decision.status == {"recorded": "decided"}.get(what, what):
                differs = any(getattr(decision, name) != words for name, words in said.items())
                return await self._outcome(session, actor, what, row.key, already=True, differs=differs)
            # What was put off can be decided all the same, and taken back.
            if decision.status not in {"needed", "deferred"}:
                raise UserError(present_state(decision, view))
            for column, value in (await change(session, decision, view, row.applies)).items():
                setattr(row, column, value)
            await session.flush()
            return await self._outcome(session, actor, what, row.key, announced=True)

    async def _view(self, session: AsyncSession, actor: Actor) -> DecisionsView:
        record = await read_record(session, actor.coalition_id)
        return await read_decisions(session, actor, actor.coalition_id, record, self.calendar.now())

    async def _outcome(
        self,
        session: AsyncSession,
        actor: Actor,
        what: str,
        key: str,
        *,
        already: bool = False,
        differs: bool = False,
        announced: bool = False,
        voice: str | None = None,
        before: VoiceLine | None = None,
    ) -> DecisionChange:
        """The decision as it is now; `announced`: its group is told."""
        view = await self._view(session, actor)
        decision = known_decision(view.record, key)
        if announced:
            await announce(session, actor.coalition_id, view.record, decision, self.calendar.now())
        card = view.card(decision)
        said = next((one for one in (*card.own, *card.others) if one.voice == voice), None)
        card = await with_post(session, actor, card, self.calendar.now())
        return DecisionChange(
            what=what,
            card=card,
            voice=said,
            before=before,
            already=already,
            differs=differs,
        )


async def _may_correct(session: AsyncSession, actor: Actor, known: DecisionRow) -> bool:
    """Whether what a form proposed can be changed by that form: nobody has answered, and nobody else wrote to it."""
    if known.status != "needed" or await has_answers(session, known):
        return False
    return await is_mine_alone(session, actor, known.id, DecisionRow.__tablename__)


def _require_proposer(actor: Actor, record: Record) -> None:
    if not may_propose(actor.standing):
        raise Refused(refusal_to_propose(record))


def _require_needed(decision: Decision, view: DecisionsView) -> None:
    if decision.status != "needed":
        raise UserError(present_state(decision, view))


def _require_fits(words: str, most: int, field: str) -> None:
    if len(words) > most:
        raise UserError(f"This has {len(words)} characters. {most} fit.", field=field)


def _reason(choice: str, reason: str) -> str | None:
    words = one_line(reason)
    _require_fits(words, MOST_REASON, "reason")
    if choice == OBJECT and not words:
        raise UserError("Add one sentence: what stands against it?", field="reason")
    return words if choice in {OBJECT, TALK} and words else None


def _tidied(new: NewDecision) -> NewDecision:
    return replace(
        new,
        title=one_line(new.title),
        options=tuple(words for one in new.options if (words := one_line(one))),
        recommended=one_line(new.recommended or "") or None,
        why=one_line(new.why or "") or None,
    )


def _today(record: Record, now: datetime) -> date:
    return in_coalition_time(record, now).date()
