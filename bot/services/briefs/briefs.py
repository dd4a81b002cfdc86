"""What a coordinator does from the brief that no other noun does: asking for figures, opening a round once more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.domain.briefs import missing
from bot.domain.digests import compose
from bot.domain.people import FIGURES
from bot.domain.wording import day
from bot.errors import UserError
from bot.services.access import Actor, Service
from bot.services.outbox import fed_digest_at, queue_updates, refresh_briefs
from bot.services.people import write_letters
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.record import read_record
from bot.store.rhythm import CadenceRow

# So long a priority without an update is open once more.
OPEN_AGAIN = timedelta(hours=1)


class Briefs(Service):
    """Use cases of the coordinators' brief."""

    async def ask_for_figures(self, actor: Actor, round_id: int) -> tuple[str, ...]:
        """Writes to the steward of each figure that isn't there, once a brief; returns their names."""
        async with self.changing(actor, "briefs.ask_for_figures") as (session, record, now):
            digest = compose(record, now)
            words: dict[str, list[str]] = {}
            for one in missing(digest):
                if one.steward != actor.key:
                    since = f"none since {day(one.since, digest.today)}" if one.since is not None else "none yet"
                    words.setdefault(one.steward, []).append(f"{one.metric_name} ({since})")
            if not words:
                raise UserError("There is nobody to ask: no figure is missing but your own.")
            question = "Could you give the latest figure?"
            letters = {steward: f"{question} {'; '.join(figures)}." for steward, figures in words.items()}
            await write_letters(session, actor, f"figures:{round_id}", letters, now, about=FIGURES)
            await refresh_briefs(session, actor.coalition_id, now)
            names = {member.id: member.name for member in record.members}
            return tuple(names[steward] for steward in words)

    async def open_again(self, actor: Actor, subject_id: int) -> None:
        """Opens one priority's check-in once more, for an hour and no longer than until the digest, so that an update
        given now, by a coordinator for its owner, is in it. One that is open or answered stays as it is."""
        async with self.writing(actor, "briefs.open_again") as (session, now):
            found = (
                await session.execute(
                    select(RoundSubjectRow, CadenceRow.key)
                    .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
                    .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
                    .where(RoundSubjectRow.id == subject_id, RoundSubjectRow.coalition_id == actor.coalition_id)
                    .with_for_update(of=RoundSubjectRow)
                )
            ).one_or_none()
            if found is None:
                raise UserError("I can't find this check-in anymore.")
            subject, cadence = found.RoundSubjectRow, found.key
            if subject.closed_at is None and subject.closes_at > now:
                return
            digest_at = fed_digest_at(await read_record(session, actor.coalition_id), cadence, subject.closes_at)
            if digest_at is None or digest_at <= now:
                raise UserError("The digest of this round is out. An update given now belongs to the next round.")
            subject.closed_at = None
            subject.closes_at = min(now + OPEN_AGAIN, digest_at)
            await queue_updates(session, [subject.id], now)
