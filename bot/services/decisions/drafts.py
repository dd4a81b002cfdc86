"""Decisions that are not proposed yet: the line that was typed, kept until somebody says so. Steps for services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.decisions import (
    MOST_TITLE,
    DecisionDraft,
    DecisionForm,
    DecisionReadBack,
    NewDecision,
    first_mistake,
    parse_decision_line,
)
from bot.domain.record import Record, lasting
from bot.domain.typed import Known, known_priorities, name_mentions
from bot.domain.wording import one_line
from bot.services.access import ByActor, UseCase, channel_name
from bot.services.actions import read_context, readers_today
from bot.services.decisions.views import next_meeting_of
from bot.services.drafts import Drafts
from bot.services.numbered import keepers

USUAL_OPTIONS = ("Agree", "Keep things as they are")
_AHEAD = timedelta(days=14)
DRAFTS = Drafts("decision", "I keep such a line for a week only. Type it again, or type “decision add” for the form.")


async def read_line(tx: UseCase, text: str, channel_id: str | None) -> DecisionDraft:
    """What a line says; in a group's channel that group and its priority are the default."""
    names = {group.id: group.channel for group in tx.record.groups if group.channel}
    known = await read_context(tx, text)
    said = name_mentions(text, known.members, known.accounts)
    today = readers_today(tx.actor, tx.record, tx.now)
    draft = parse_decision_line(said, known_groups(tx.record), known.priorities, today, names, known.members)
    channel = await channel_name(tx, channel_id)
    here = next((group for group in tx.record.groups if channel is not None and group.channel == channel), None)
    if here is None:
        return draft
    default = None if draft.is_whole_coalition else here.priority
    return replace(draft, decider=draft.decider or here.id, priority=draft.priority or default)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """What a line said, and what has to be looked at: field and sentence."""

    title: str
    decider: str | None
    needed_by: date | None
    priority: str | None
    options: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


async def keep(tx: ByActor, token: str, draft: DecisionDraft) -> KeptLine:
    """Keeps a draft for some days; what nobody proposed meanwhile goes."""
    line = KeptLine(
        title=draft.title,
        decider=draft.decider,
        needed_by=draft.needed_by,
        priority=draft.priority,
        options=tuple(draft.options),
        problems=tuple((problem.field, problem.words) for problem in (*draft.problems, *draft.doubts)),
    )
    await DRAFTS.keep(tx, token, line)
    return line


async def kept(tx: ByActor, token: str) -> KeptLine:
    """A draft of this person. Raises UserError where it isn't kept anymore."""
    return await DRAFTS.kept(tx, token, KeptLine)


def completed(line: KeptLine, record: Record) -> NewDecision:
    """A draft with what it leaves open filled in: steering decides, between doing it and leaving it."""
    return NewDecision(
        title=one_line(line.title),
        decider=line.decider or usual_decider(record) or "",
        priority=line.priority,
        needed_by=line.needed_by,
        options=line.options or USUAL_OPTIONS,
    )


def read_back_of(token: str, draft: DecisionDraft, new: NewDecision, record: Record, today: date) -> DecisionReadBack:
    group = next((one for one in record.groups if one.id == new.decider), None)
    mistake = first_mistake(record, new, today)
    problems = [problem.words for problem in draft.problems] or ([mistake.message] if mistake is not None else [])
    return DecisionReadBack(
        token=token,
        title=new.title,
        decider_name=group.name if group is not None else "",
        channel=group.channel if group is not None else None,
        priority_name=next((one.name for one in record.everything.priorities if one.id == new.priority), None),
        needed_by=new.needed_by,
        options=new.options,
        problems=tuple(problems),
        doubts=tuple(doubt.words for doubt in draft.doubts),
        is_complete=not problems and new.needed_by is not None,
        today=today,
    )


def form_of(tx: UseCase, token: str, new: NewDecision, problems: tuple[str, ...]) -> DecisionForm:
    record, today = tx.record, tx.today
    meeting = next_meeting_of(record, new.decider, tx.now) if new.decider else None
    ahead = today + _AHEAD
    return DecisionForm(
        token=token,
        title=new.title[:MOST_TITLE],
        decider=new.decider,
        deciders=known_groups(record),
        next_meeting=meeting,
        needed_by=new.needed_by or (meeting if meeting is not None and meeting <= ahead else ahead),
        priority=new.priority,
        priorities=known_priorities(record),
        options=new.options,
        why=new.why or "",
        problems=problems,
        today=today,
        keepers=keepers(tx),
        visibility=new.visibility,
    )


def known_groups(record: Record) -> tuple[Known, ...]:
    """The groups that can decide, as they can be named."""
    return tuple(Known(group.id, group.name) for group in lasting(record.groups))


def usual_decider(record: Record) -> str | None:
    """The steering group's id, where there is one."""
    return record.steering.id if record.steering is not None else None
