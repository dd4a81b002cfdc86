"""Issues that are not raised yet: the line that was typed, kept until somebody presses Raise. Steps for services."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.decisions import IssueDraft, parse_issue_line
from bot.domain.issues import NewIssue
from bot.domain.record import by_name
from bot.domain.typed import name_mentions
from bot.services.access import ByActor, UseCase, channel_name
from bot.services.actions import priority_channels, read_context, readers_today
from bot.services.drafts import Drafts

DRAFTS = Drafts("issue", "I don't have this line anymore. Type it again, or type “issue add” for the form.")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine(NewIssue):
    """What a line said, and what has to be looked at, as sentences."""

    problems: tuple[str, ...] = ()


async def read_line(tx: UseCase, text: str, channel_id: str | None) -> IssueDraft:
    """What a line says; in a priority's channel that priority is the default."""
    known = await read_context(tx, text)
    draft = parse_issue_line(text, known, readers_today(tx.actor, tx.record, tx.now))
    draft = replace(draft, title=name_mentions(draft.title, known.members, known.accounts))
    channel = await channel_name(tx, channel_id)
    if draft.priority is not None or draft.is_whole_coalition or channel is None:
        return draft
    return replace(draft, priority=priority_channels(tx.record).get(channel))


async def keep(tx: ByActor, token: str, draft: IssueDraft) -> None:
    """Keeps a draft for some days; what nobody raised meanwhile goes."""
    # What can't be taken as written, and what may be meant otherwise.
    said = tuple(one.words for one in (*draft.problems, *draft.doubts))
    await DRAFTS.keep(tx, token, KeptLine(**by_name(new_of(draft)), problems=said))


async def kept(tx: ByActor, token: str) -> tuple[NewIssue, tuple[str, ...]]:
    """A draft of this person, and what was said of it. Raises UserError where it isn't kept anymore."""
    line = await DRAFTS.kept(tx, token, KeptLine)
    return NewIssue(**by_name(line, "problems")), line.problems


def new_of(draft: IssueDraft) -> NewIssue:
    """What a line raises."""
    return NewIssue(title=draft.title, priority=draft.priority, impact=draft.impact, owner=draft.owner)
