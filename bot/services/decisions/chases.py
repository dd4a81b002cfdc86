"""Going on with a decision that waits: asking again, another day, the next meeting. Recording it is in `decisions`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain import decisions
from bot.domain.decisions import DecisionChange, voices_for
from bot.domain.known import in_coalition_time
from bot.domain.meetings import next_of_group
from bot.domain.record import Decision, Directory
from bot.domain.typed import read_day
from bot.domain.wording import cut
from bot.errors import UserError
from bot.services.access import Actor, ByActor, Service
from bot.services.decisions.news import refresh, with_post
from bot.services.decisions.reminders import ask_again, was_asked_today, where_asked
from bot.services.decisions.views import DecisionsView, known_decision, locked_decision, view_now
from bot.services.meetings import refresh_agenda
from bot.services.outbox import refresh_briefs
from bot.store.decisions import DecisionRow


class DecisionChases(Service):
    """Use cases of whoever brings a decision to its end."""

    async def ask_again(self, actor: Actor, key: str) -> DecisionChange:
        """Asks those again whose voice is missing, once a day; the change names the voices."""
        async with self.writing(actor) as tx:
            _row, view, decision = await self._waiting(tx, key)
            card = await with_post(tx, view.card(decision))
            if await was_asked_today(tx.on(view.unrestricted), decision.id):
                return DecisionChange(what="asked", card=card, already=True)
            given = {one.voice for one in decision.answers if one.choice != "talk"}
            names = Directory.of(view.record)
            seats = view.seats(view.group(decision))
            missing = [seat.voice for seat in seats if seat.voice not in given]
            asked = await ask_again(tx.on(view.unrestricted), decision)
            wheres = await where_asked(tx, decision.id, asked)
            reached = {
                one.seat.voice
                for member in asked
                if member.id in wheres and wheres[member.id].goes_at_once
                for one in voices_for(seats, member, view.record.members)
            }
            return DecisionChange(
                what="asked",
                card=card,
                asked=tuple(names.name(voice) for voice in missing if voice in reached),
                elsewhere=tuple(one for one in wheres.values() if not one.goes_at_once),
            )

    async def move(
        self, actor: Actor, key: str, needed_by: date | str | None, seen: date | None = None
    ) -> DecisionChange:
        """Gives a decision another day; its reminders go by it. Raises UserError for a day that has passed.

        The day may be words, as they were typed. `seen` is the day that it had when its form was opened: one that
        somebody else chose meanwhile stays.
        """
        async with self.writing(actor) as tx:
            row, view, decision = await self._waiting(tx, key)
            if isinstance(needed_by, str):
                needed_by = _read(needed_by, view.today)
            if needed_by is None:
                raise UserError("Choose a day.", field="needed_by")
            after = decisions.move(decision, needed_by, view.today)
            if after != decision and seen is not None and decision.needed_by != seen:
                return DecisionChange(what="moved", card=view.card(decision), already=True, differs=True)
            await self._put(tx, row, after, decision)
            return await self._change(tx, key, "moved", already=after == decision)

    async def take_to_meeting(self, actor: Actor, key: str) -> DecisionChange:
        """Leaves a decision to its group's next meeting, by whose day it is needed then and on whose agenda it is.

        Raises UserError where the group has no meeting ahead.
        """
        async with self.writing(actor) as tx:
            row, view, decision = await self._waiting(tx, key)
            group = view.group(decision)
            found = next_of_group(view.record, group.id, tx.now)
            if found is None:
                raise UserError(f"{group.name} has no meeting ahead. Schedule one first, or choose another day.")
            day = in_coalition_time(view.record, found.starts_at).date()
            after = decisions.move(decision, day, view.today)
            await self._put(tx, row, after, decision)
            if after != decision:
                # An agenda lists what its group has to decide.
                await refresh_agenda(tx, found.ref)
            return await self._change(tx, key, "agenda", already=after == decision)

    async def _waiting(self, tx: ByActor, key: str) -> tuple[DecisionRow, DecisionsView, Decision]:
        """A decision that is needed, for whoever may go on with it. Raises Refused, UserError for one that ended."""
        row, view, decision = await locked_decision(tx, key)
        view.require_chase(decision)
        decisions.require_needed(decision, view.today)
        return row, view, decision

    async def _put(self, tx: ByActor, row: DecisionRow, after: Decision, before: Decision) -> None:
        if after != before:
            await tx.writer().put(after, before, row=row)
            await refresh(tx, after.id)
            await refresh_briefs(tx)

    async def _change(self, tx: ByActor, key: str, what: str, *, already: bool) -> DecisionChange:
        view = await view_now(tx)
        card = await with_post(tx, view.card(known_decision(view.record, key)))
        return replace(DecisionChange(what=what, card=card), already=already)


def _read(words: str, today: date) -> date:
    found = read_day(words, today)
    if found is None:
        raise UserError(f"I can't read “{cut(words, 60)}” as a day. Try “Dec 11” or “next Fri”.")
    return found
