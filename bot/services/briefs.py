"""What a coordinator does from the brief beside what other nouns do: asking the stewards for figures."""

from __future__ import annotations

from bot.domain.briefs import missing
from bot.domain.digests import compose
from bot.domain.letters import FIGURES
from bot.domain.wording import day
from bot.errors import UserError
from bot.services.actors import Actor
from bot.services.base import Service
from bot.services.brief_rows import refresh_briefs
from bot.services.letters import write_letters
from bot.store.record_view import read_record


class Briefs(Service):
    """Use cases of the coordinators' brief."""

    async def ask_for_figures(self, actor: Actor, round_id: int) -> tuple[str, ...]:
        """Writes to the steward of each figure that isn't there, once a brief; returns their names."""
        actor.require("briefs.ask_for_figures")
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            record = await read_record(session, actor.coalition_id)
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
