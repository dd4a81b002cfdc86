"""Words about decisions to others: the post in the deciders' channel, and items for those whose voice is missing.

Steps for services, in their transaction; what is said is read when it is sent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.decisions import DecisionCard, FromIssue, group_of, voters
from bot.domain.outbox import Item, Kind
from bot.domain.record import Decision, Record
from bot.domain.rights import Right
from bot.services.access import Actor, Addressee
from bot.services.decisions.outcomes import is_told, tell_channels
from bot.services.decisions.views import DecisionsView, read_decisions
from bot.services.outbox import offer, post, refresh_briefs, refresh_items, refresh_posts, where_posts_are
from bot.store.base import ids_of
from bot.store.decisions import DecisionRow, IssueDecisionRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.record import read_beside, read_record


async def announce(session: AsyncSession, coalition_id: int, record: Record, decision: Decision, now: datetime) -> None:
    """Posts a decision where its group talks; a group without a channel hears of it one by one.

    Once it has ended, every channel that was told it waits is told how.
    """
    group = group_of(record, decision)
    if not decision.is_needed:
        await tell_channels(session, coalition_id, record, decision, now)
    await _refresh_issues(session, coalition_id, decision.id, now)
    if group.channel:
        await post(session, coalition_id, Kind.DECISION, decision.id, now, channel=group.channel)
    elif decision.is_needed:
        await ask_voices(session, coalition_id, record, decision, now)
    await refresh(session, coalition_id, decision.id, now)
    await refresh_briefs(session, coalition_id, now)


async def tell_imported(session: AsyncSession, coalition_id: int, before: Record, after: Record, now: datetime) -> None:
    """What a file changed of decisions, to those who had heard of them.

    A file may bring years of decisions that no channel has heard of; nothing is said of those.
    """
    known = {one.id: one for one in before.decisions}
    for decision in after.decisions:
        old = known.get(decision.id)
        if old is None or old == decision:
            continue
        if old.status != decision.status and await is_told(session, coalition_id, before, old):
            await announce(session, coalition_id, after, decision, now)
        else:
            await refresh(session, coalition_id, decision.id, now)


async def refresh(session: AsyncSession, coalition_id: int, key: str, now: datetime) -> None:
    """Asks for everything that was said of a decision to be shown anew."""
    await refresh_posts(session, coalition_id, Kind.DECISION, key, now)
    kinds = {Item.DECISION, Item.DECISION_DUE, Item.DECISION_READY, Item.DECISION_PASSED}
    await refresh_items(session, coalition_id, kinds, {key}, now)


async def _refresh_issues(session: AsyncSession, coalition_id: int, key: str, now: datetime) -> None:
    """The posts of an issue that led to a decision say how it stands."""
    decision = select(DecisionRow.id).where(DecisionRow.coalition_id == coalition_id, DecisionRow.key == key)
    for one in await read_beside(session, coalition_id, FromIssue, IssueDecisionRow.decision_id.in_(decision)):
        await refresh_posts(session, coalition_id, Kind.ISSUE, one.issue, now)


async def ask_voices(
    session: AsyncSession, coalition_id: int, record: Record, decision: Decision, now: datetime
) -> None:
    """Asks everybody whose voice counts in a decision, where no channel shows it to them."""
    ids = await ids_of(session, MemberRow, coalition_id)
    for member in voters(record, decision):
        await offer(session, coalition_id, ids[member.id], Item.DECISION, decision.id, now)


async def tell_voice(
    session: AsyncSession, coalition_id: int, record: Record, decision: Decision, voice: str, now: datetime
) -> None:
    """Says to those who share a voice what a coordinator wrote down for it, with the way to change it."""
    ids = await ids_of(session, MemberRow, coalition_id)
    for member in voters(record, decision, voice=voice):
        await offer(session, coalition_id, ids[member.id], Item.DECISION, decision.id, now)


async def read_item(
    session: AsyncSession, record: Record, to: Addressee, about: str, now: datetime
) -> DecisionCard | None:
    """A decision as one person's message shows it."""
    decision = next((one for one in record.decisions if one.id == about), None)
    if decision is None:
        return None
    return (await read_decisions(session, to.actor, to.actor.coalition_id, record, now)).card(decision)


async def read_post(session: AsyncSession, row: DeliveryRow, now: datetime) -> DecisionCard | None:
    """A decision as its group's channel sees it."""
    record = await read_record(session, row.coalition_id)
    decision = next((one for one in record.decisions if one.id == row.about), None)
    if decision is None:
        return None
    return (await read_decisions(session, None, row.coalition_id, record, now)).card(decision)


async def with_post(session: AsyncSession, actor: Actor, card: DecisionCard, now: datetime) -> DecisionCard:
    """A card that knows where its group's post is."""
    posts = await where_posts_are(session, actor.coalition_id, Kind.DECISION, [card.id], now)
    newest = next(reversed(posts[card.id]), None)
    return replace(card, post=newest, may_mend=actor.standing.may(Right.MANAGE_MEMBERS))


def waiting_cards(view: DecisionsView) -> tuple[DecisionCard, ...]:
    """What waits for this person's voice, the earliest first."""
    waiting = [one for one in view.record.decisions if view.waits_for_me(one)]
    return tuple(view.card(one) for one in sorted(waiting, key=lambda one: one.needed_by or date.max))
