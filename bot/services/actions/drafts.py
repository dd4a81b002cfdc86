"""Actions that are not added yet: the line that was typed, kept until somebody presses Add. Steps for services."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.actions import (
    MOST_TITLE,
    ActionDraft,
    ActionForm,
    ActionLineContext,
    NewAction,
    ReadBack,
    first_mistake,
    parse_action_line,
)
from bot.domain.people import zone_of_member
from bot.domain.record import Priority, Record
from bot.domain.rights import readers_of_items
from bot.domain.typed import Known, known_members, known_priorities
from bot.domain.wording import one_line
from bot.services.access import Actor, ByActor, UseCase, channel_name, members_mentioned
from bot.services.actions.views import member_of, next_meeting_on
from bot.services.drafts import Drafts
from bot.services.numbered import keepers

DRAFTS = Drafts("action", "I keep such a line for a week only. Type it again, or press Add action in the menu.")
_DEFAULT_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """What a line said, and what has to be looked at: field and sentence."""

    title: str
    owner: str | None = None
    due: date | None = None
    priority: str | None = None
    problems: tuple[tuple[str, str], ...] = ()


def new_token() -> str:
    """Identifies one action before it has an id, so that adding it twice adds it once."""
    return secrets.token_hex(8)


async def read_line(tx: UseCase, text: str, channel_id: str | None) -> ActionDraft:
    """What a line says; in a priority's channel that priority is the default."""
    known = await read_context(tx, text)
    draft = parse_action_line(text, known, readers_today(tx.actor, tx.record, tx.now))
    if draft.priority is not None or draft.is_whole_coalition:
        return draft
    channel = await channel_name(tx, channel_id)
    return replace(draft, priority=priority_channels(tx.record).get(channel or ""))


async def read_context(tx: UseCase, text: str) -> ActionLineContext:
    """Who and what this line of a person can name. A step for other services too."""
    return ActionLineContext(
        members=known_members(tx.record),
        priorities=known_priorities(tx.record),
        accounts=await members_mentioned(tx, text),
        me=tx.actor.key,
        channels=priority_channels(tx.record),
    )


async def keep(tx: ByActor, token: str, draft: ActionDraft) -> KeptLine:
    """Keeps a draft for some days; what nobody added meanwhile goes."""
    said = tuple((problem.field, problem.words) for problem in (*draft.problems, *draft.doubts))
    line = KeptLine(title=draft.title, owner=draft.owner, due=draft.due, priority=draft.priority, problems=said)
    await DRAFTS.keep(tx, token, line)
    return line


async def kept(tx: ByActor, token: str) -> KeptLine:
    """A draft of this person. Raises UserError where it isn't kept anymore."""
    return await DRAFTS.kept(tx, token, KeptLine)


def completed(line: KeptLine, actor: Actor, record: Record, now: datetime) -> NewAction:
    """A draft with what it leaves open filled in: oneself, and the group's next meeting, else a week ahead."""
    priority = _priority(record, line.priority)
    due = line.due or next_meeting_on(record, priority, now) or readers_today(actor, record, now) + _DEFAULT_AHEAD
    return NewAction(
        title=one_line(line.title),
        owner=line.owner or actor.key or "",
        due=due,
        priority=priority.id if priority is not None else None,
    )


def read_back_of(token: str, draft: ActionDraft, new: NewAction, actor: Actor, record: Record, today: date) -> ReadBack:
    owner, me = member_of(record, new.owner), member_of(record, actor.key)
    priority = _priority(record, new.priority)
    problems = [problem.words for problem in draft.problems] or mistakes(record, new, today)
    assumed = [name for name, value in (("owner", draft.owner), ("due", draft.due)) if value is None]
    return ReadBack(
        token=token,
        title=new.title,
        owner_name=owner.name if owner is not None else "",
        organization_name=_organization_name(record, owner.organization) if owner is not None else "",
        due=new.due,
        priority_name=priority.name if priority is not None else None,
        is_asked=owner is not None and me is not None and owner.organization != me.organization,
        assumed=tuple(assumed),
        problems=tuple(problems),
        doubts=tuple(doubt.words for doubt in draft.doubts),
        is_complete=not assumed and not problems,
        today=today,
    )


def form_of(tx: UseCase, token: str, new: NewAction, problems: tuple[str, ...]) -> ActionForm:
    record = tx.record
    owner, priority = member_of(record, new.owner), _priority(record, new.priority)
    return ActionForm(
        token=token,
        title=new.title[:MOST_TITLE],
        owner=Known(owner.id, owner.name) if owner is not None else None,
        due=new.due,
        next_meeting=next_meeting_on(record, priority, tx.now),
        priority=new.priority,
        priorities=known_priorities(record),
        readers=readers_of_items(record, priority),
        problems=problems,
        today=tx.today,
        keepers=keepers(tx),
        visibility=new.visibility,
    )


def mistakes(record: Record, new: NewAction, today: date) -> list[str]:
    """What is wrong with an action, as sentences."""
    found = first_mistake(record, new, today)
    return [found.message] if found is not None else []


def earliest_due(actor: Actor, record: Record, now: datetime, today: date) -> date:
    """Today, by the coalition's clock or the reader's, whichever is earlier."""
    return min(today, readers_today(actor, record, now))


def readers_today(actor: Actor, record: Record, now: datetime) -> date:
    """Today on the clock of whoever writes, by which typed days are read."""
    zone = zone_of_member(record, actor.key)
    return now.astimezone(ZoneInfo(zone)).date()


def _priority(record: Record, key: str | None) -> Priority | None:
    return next((priority for priority in record.priorities if priority.id == key), None)


def _organization_name(record: Record, key: str) -> str:
    return next((item.name for item in record.everything.organizations if item.id == key), key)


def priority_channels(record: Record) -> dict[str, str]:
    """Which priority a channel is about: a priority's own, else that of its group; the first where several share it."""
    groups = {one.channel: one.priority for one in reversed(record.groups) if one.channel and one.priority is not None}
    return groups | {one.channel: one.id for one in reversed(record.priorities) if one.channel}
