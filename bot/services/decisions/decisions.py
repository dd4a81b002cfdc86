"""Decisions as people work with them: proposing, one voice an organization, recording what was decided, and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import decisions
from bot.domain.decisions import (
    OPTION,
    DecisionCard,
    DecisionChange,
    DecisionForm,
    DecisionList,
    DecisionQuery,
    DecisionReadBack,
    NewDecision,
    ProposedChange,
    Seat,
    VoiceLine,
)
from bot.domain.outbox import Kind
from bot.domain.packing import unpack
from bot.domain.record import Decision, DecisionAnswer, FromIssue, Record
from bot.domain.vocabularies import GroupKind
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, Service, Transaction
from bot.services.actions import is_mine_alone, new_token
from bot.services.decisions import drafts
from bot.services.decisions.news import announce, refresh, tell_voice, with_post
from bot.services.decisions.proposals import apply_change
from bot.services.decisions.reminders import tell_recorders
from bot.services.decisions.views import (
    DECISIONS,
    DecisionsView,
    known_decision,
    list_page,
    locked_decision,
    may_propose,
    refusal_to_propose,
    view_now,
)
from bot.services.numbered import require_keeper
from bot.services.outbox import refresh_posts
from bot.store.decisions import DecisionResponseRow, DecisionRow
from bot.store.record import Pointer


class Decisions(Service):
    """Use cases around decisions."""

    async def show(self, actor: Actor, typed: str, *, to: str = "read") -> DecisionCard:
        """One decision, by its id or by words of its title.

        Raises UserError for one that is not known, Refused for one that is not theirs to see.

        `to` record, set_aside or chase refuses, while that is still open, somebody who may only read it.
        """
        async with self.looking(actor) as tx:
            view = await view_now(tx)
            decision = view.one(typed)
            if to != "read" and decision.is_undecided:
                may = {"record": view.require_record, "chase": view.require_chase}
                may.get(to, view.require_set_aside)(decision)
            return await with_post(tx, view.card(decision))

    async def ballot(self, actor: Actor, key: str) -> DecisionCard:
        """One decision for whoever answers it. Raises Refused, with who is asked, for somebody without a voice."""
        async with self.looking(actor, to_change=True) as tx:
            view = await view_now(tx)
            decision = known_decision(view.record, key)
            view.require_voice(decision)
            return view.card(decision)

    async def find(self, actor: Actor, wanted: str | DecisionQuery) -> DecisionList | str:
        """A page of a list: of a query, or of what was typed (mine, log, a status, a priority, a group).

        Returns what was probably meant, or "", where it is no list.
        """
        async with self.looking(actor) as tx:
            view = await view_now(tx)
            return DECISIONS.find(view.record, wanted, partial(list_page, view, actor))

    async def read_back(self, actor: Actor, text: str, channel_id: str | None = None) -> DecisionReadBack:
        """Reads a line and keeps it; nothing is proposed yet."""
        async with self.keeping(actor) as tx:
            _require_proposer(actor, tx.record)
            draft = await drafts.read_line(tx, text, channel_id)
            token = new_token()
            new = drafts.completed(await drafts.keep(tx, token, draft), tx.record)
            return drafts.read_back_of(token, draft, new, tx.record, tx.today)

    async def form(
        self, actor: Actor, token: str | None = None, *, issue: str | None = None, channel_id: str | None = None
    ) -> DecisionForm:
        """The form of a new decision: of a line that was kept, about an issue, or an empty one."""
        async with self.reading(actor, to_change=True) as tx:
            _require_proposer(actor, tx.record)
            problems: tuple[tuple[str, str], ...] = ()
            if token is not None:
                kept = await drafts.kept(tx, token)
                new, problems = drafts.completed(kept, tx.record), kept.problems
            else:
                line = await drafts.read_line(tx, "", channel_id)
                new = NewDecision(
                    title="", decider=line.decider or drafts.usual_decider(tx.record) or "", priority=line.priority
                )
            found = next((one for one in tx.record.issues if one.id == issue), None)
            if found is not None:
                decider = found.escalated_to or new.decider
                new = replace(new, decider=decider, priority=found.priority, why=found.title)
            words = tuple(problem[1] for problem in problems)
            form = drafts.form_of(tx, token or new_token(), new, words)
            return replace(form, issue=issue)

    async def propose(self, actor: Actor, token: str, new: NewDecision | None = None) -> DecisionChange:
        """Proposes a decision, or with none given the line that was kept under `token`. The same token proposes once.

        It is posted where its group talks. The same form with something corrected changes what it proposed, as long as
        nobody has answered or done anything about it.
        """
        submission = f"decision:{actor.coalition_id}:{token}"
        async with self.changing(actor, alone=True) as tx:
            _require_proposer(actor, tx.record)
            known = await decision_row(tx.session, submission)
            before = known_decision(tx.record, known.key) if known is not None else None
            if known is not None and before is not None:
                if new is None or not await _may_correct(tx, known, before):
                    return await self._outcome(tx, "proposed", known.key, already=True)
            elif new is None:
                new = drafts.completed(await drafts.kept(tx, token), tx.record)
            new = decisions.tidied(new)
            mistake = decisions.first_mistake(tx.record, new, tx.today)
            if mistake is not None:
                raise mistake
            made = decisions.propose(decisions.next_id(one.id for one in tx.unrestricted.decisions), new, actor.key)
            require_keeper(tx, made)
            writer = tx.writer()
            if before is not None:
                after = decisions.correct(before, made)
                await writer.put(after, before, row=known)
                is_same = after == before
                return await self._outcome(tx, "proposed", before.id, already=is_same, announced=not is_same)
            await writer.put_new(made, submission_key=submission)
            if new.issue is not None:
                await link_issue(tx, new.issue, made.id)
            return await self._outcome(tx, "proposed", made.id, announced=True)

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
        words = decisions.read_reason(choice, reason)
        async with self.writing(actor) as tx:
            row, view, decision = await locked_decision(tx, key)
            view.require_voice(decision)
            voices = view.own_voices(decision)
            if voice is None and not voices:
                raise view.no_voice(decision)
            known = (*voices, *view.other_voices(decision))
            mine = next((one for one in known if one.seat.voice == voice), voices[0] if voice is None else None)
            if mine is None:
                raise Refused(f"You have no voice for that organization in {decision.id} anymore. Open it again.")
            assert actor.key is not None
            said = DecisionAnswer(
                voice=mine.seat.voice,
                by=actor.key,
                choice=choice,
                answered_at=tx.now,
                on_behalf_of=mine.on_behalf_of,
                option=option if choice == OPTION else None,
                reason=words,
            )
            before = decisions.answer_of(decision, mine.seat.voice)
            is_same = decisions.answer(decision, said, mine.seat, view.directory, view.today) == decision
            if not is_same:
                await keep_answer(tx, row, mine.seat, before, said)
                await refresh(tx, row.key)
                after = await tx.read_present()
                await tell_recorders(tx.on(after), decision)
                if mine not in voices:
                    await tell_voice(tx.on(view.unrestricted), decision, mine.seat.voice)
            return await self._outcome(
                tx,
                "answered",
                row.key,
                already=is_same,
                voice=mine.seat.voice,
                before=view.line_of(before) if before is not None and before.by != actor.key else None,
            )

    async def record(
        self, actor: Actor, key: str, outcome: str, *, note: str = "", delegated: bool = False
    ) -> DecisionChange:
        """Records what was decided. Against the count, or in words of its own, only with where it comes from.

        What a proposal changes is applied where it is decided in favor.
        """
        words, where = decisions.read_outcome(outcome, note)

        def change(decision: Decision, view: DecisionsView) -> Decision:
            return decisions.record_outcome(
                decision,
                words,
                where,
                view.today,
                counted=view.count(decision).result,
                delegated=delegated and view.group(decision).kind == GroupKind.WORKING_GROUP,
            )

        said = {"outcome": words, "note": where}
        return await self._change(actor, key, "recorded", change, DecisionsView.require_record, said)

    async def set_aside(self, actor: Actor, key: str, status: str, reason: str) -> DecisionChange:
        """Puts a decision off (`deferred`) or takes it back (`withdrawn`), with the reason."""
        words = decisions.read_why(reason)
        rule = {"deferred": decisions.defer, "withdrawn": decisions.take_back}.get(status)
        if rule is None:
            raise UserError("A decision is put off or taken back. Open it to choose.")

        def change(decision: Decision, view: DecisionsView) -> Decision:
            return rule(decision, words, view.today)

        return await self._change(actor, key, status, change, DecisionsView.require_set_aside, {"note": words})

    async def reopen(self, actor: Actor, key: str, needed_by: date | None) -> DecisionChange:
        """Asks again for a decision that was put off; the answers that are there stay."""

        def change(decision: Decision, view: DecisionsView) -> Decision:
            return decisions.reopen(decision, needed_by, view.today)

        return await self._change(actor, key, "needed", change, DecisionsView.require_set_aside)

    async def _change(
        self,
        actor: Actor,
        key: str,
        what: str,
        change: Callable[[Decision, DecisionsView], Decision],
        require: Callable[[DecisionsView, Decision], None],
        said: Mapping[str, str | None] | None = None,
    ) -> DecisionChange:
        """One change of one decision; whoever comes second is told how it is, and whether that was `said` in other
        words. What a proposal changes is made first, where it is decided in favor."""
        async with self.writing(actor) as tx:
            row, view, decision = await locked_decision(tx, key)
            require(view, decision)
            after = change(decision, view)
            if after == decision:
                differs = any(getattr(decision, name) != words for name, words in (said or {}).items())
                return await self._outcome(tx, what, row.key, already=True, differs=differs)
            if row.applies is not None and decisions.is_in_favor(after):
                await apply_change(tx.on(view.unrestricted), unpack(ProposedChange, row.applies))
            await tx.writer().put(after, decision, row=row)
            return await self._outcome(tx, what, row.key, announced=True)

    async def _outcome(
        self,
        tx: ByActor,
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
        view = await view_now(tx)
        decision = known_decision(view.record, key)
        if announced:
            await announce(tx.on(view.unrestricted), decision)
        card = view.card(decision)
        said = next((one for one in (*card.own, *card.others) if one.voice == voice), None)
        card = await with_post(tx, card)
        return DecisionChange(
            what=what,
            card=card,
            voice=said,
            before=before,
            already=already,
            differs=differs,
        )


async def _may_correct(tx: ByActor, known: DecisionRow, decision: Decision) -> bool:
    """Whether what a form proposed can be changed by that form: nobody has answered, and nobody else wrote to it."""
    if not decision.is_needed or decision.answers:
        return False
    return await is_mine_alone(tx, known.id, DecisionRow.__tablename__)


def _require_proposer(actor: Actor, record: Record) -> None:
    if not may_propose(actor.standing):
        raise Refused(refusal_to_propose(record))


async def decision_row(session: AsyncSession, submission: str) -> DecisionRow | None:
    """What a form that was sent before has made."""
    found: DecisionRow | None = await session.scalar(
        select(DecisionRow).where(DecisionRow.submission_key == submission)
    )
    return found


async def link_issue(tx: Transaction, issue: str, decision: str) -> None:
    """Keeps which issue led to a decision, and lets the issue's posts say so. Unknown issues are left out."""
    try:
        await tx.writer().put_new(FromIssue(issue=issue, decision=decision))
    except KeyError:
        return
    await refresh_posts(tx, Kind.ISSUE, issue)


async def keep_answer(
    tx: ByActor, row: DecisionRow, seat: Seat, before: DecisionAnswer | None, said: DecisionAnswer
) -> None:
    """What a voice says, in place of what it said before."""
    writer = tx.writer()
    if before is None:
        is_person = seat.voice != seat.organization
        await writer.put_new(
            said,
            decision_id=row.id,
            voice=seat.voice,
            organization_id=Pointer("organizations", seat.organization),
            person_id=Pointer("members", seat.voice) if is_person else None,
        )
        return
    known = await tx.session.scalar(select(DecisionResponseRow).filter_by(decision_id=row.id, voice=seat.voice))
    await writer.put(said, before, row=known)
