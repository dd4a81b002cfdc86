"""Words about decisions to others: the post in the deciders' channel, and items for those whose voice is missing.

Steps for services, in their transaction; what is said is read when it is sent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from bot.domain.decisions import DecisionCard, group_of, voters
from bot.domain.outbox import Item, Kind
from bot.domain.record import Decision, FromIssue, Record
from bot.domain.rights import Right, may_be_told_in
from bot.services.access import Addressee, ByActor, OnRecord, Transaction
from bot.services.decisions.outcomes import is_told, tell_channels
from bot.services.decisions.views import DecisionsView, read_decisions
from bot.services.outbox import offer, post, refresh_briefs, refresh_items, refresh_posts, where_posts_are
from bot.store.base import ids_of
from bot.store.decisions import DecisionRow, IssueDecisionRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.record import read_beside


async def announce(tx: OnRecord, decision: Decision) -> None:
    """Posts a decision where its group talks; a group without a channel hears of it one by one.

    Once it has ended, every channel that was told it waits is told how.
    """
    group = group_of(tx.record, decision)
    if not decision.is_needed:
        await tell_channels(tx, decision)
    await _refresh_issues(tx, decision.id)
    if group.channel and may_be_told_in(tx.record, decision, group.channel):
        await post(tx, Kind.DECISION, decision.id, channel=group.channel)
    elif decision.is_needed:
        await ask_voices(tx, decision)
    await refresh(tx, decision.id)
    await refresh_briefs(tx)


async def tell_imported(tx: Transaction, before: Record, after: Record) -> None:
    """What a file changed of decisions, to those who had heard of them.

    A file may bring years of decisions that no channel has heard of; nothing is said of those.
    """
    known = {one.id: one for one in before.decisions}
    for decision in after.decisions:
        old = known.get(decision.id)
        if old is None or old == decision:
            continue
        if old.status != decision.status and await is_told(tx.on(before), old):
            await announce(tx.on(after), decision)
        else:
            await refresh(tx, decision.id)


async def refresh(tx: Transaction, key: str) -> None:
    """Asks for everything that was said of a decision to be shown anew."""
    await refresh_posts(tx, Kind.DECISION, key)
    kinds = {Item.DECISION, Item.DECISION_DUE, Item.DECISION_READY, Item.DECISION_PASSED}
    await refresh_items(tx, kinds, {key})


async def _refresh_issues(tx: Transaction, key: str) -> None:
    """The posts of an issue that led to a decision say how it stands."""
    decision = select(DecisionRow.id).where(tx.owns(DecisionRow), DecisionRow.key == key)
    for one in await read_beside(tx.session, tx.coalition_id, FromIssue, IssueDecisionRow.decision_id.in_(decision)):
        await refresh_posts(tx, Kind.ISSUE, one.issue)


async def ask_voices(tx: OnRecord, decision: Decision) -> None:
    """Asks everybody whose voice counts in a decision, where no channel shows it to them."""
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    for member in voters(tx.record, decision):
        await offer(tx, ids[member.id], Item.DECISION, decision.id)


async def tell_voice(tx: OnRecord, decision: Decision, voice: str) -> None:
    """Says to those who share a voice what a coordinator wrote down for it, with the way to change it."""
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id)
    for member in voters(tx.record, decision, voice=voice):
        await offer(tx, ids[member.id], Item.DECISION, decision.id)


async def read_item(tx: OnRecord, to: Addressee, about: str) -> DecisionCard | None:
    """A decision as one person's message shows it."""
    decision = next((one for one in tx.record.decisions if one.id == about), None)
    if decision is None:
        return None
    return (await read_decisions(tx, to.actor)).card(decision)


async def read_post(tx: Transaction, row: DeliveryRow) -> DecisionCard | None:
    """A decision as its group's channel sees it."""
    tx = await tx.read()
    decision = next((one for one in tx.record.decisions if one.id == row.about), None)
    if decision is None:
        return None
    return (await read_decisions(tx, None)).card(decision)


async def with_post(tx: ByActor, card: DecisionCard) -> DecisionCard:
    """A card that knows where its group's post is."""
    posts = await where_posts_are(tx, Kind.DECISION, [card.id])
    newest = next(reversed(posts[card.id]), None)
    return replace(card, post=newest, may_mend=tx.actor.standing.may(Right.MANAGE_MEMBERS))


def waiting_cards(view: DecisionsView) -> tuple[DecisionCard, ...]:
    """What waits for this person's voice, the earliest first."""
    waiting = [one for one in view.record.decisions if view.waits_for_me(one)]
    return tuple(view.card(one) for one in sorted(waiting, key=lambda one: one.needed_by or date.max))
