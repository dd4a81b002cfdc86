"""Figures in their stewards' messages: what is due with the week's list of actions, and the refresh round.

A reader, and steps for other services in their transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select

from bot.domain.metrics import (
    NOT_OFTENER,
    FigureAsk,
    answering,
    asked_figure,
    figure_about,
    is_wanted,
    is_withheld,
    read_figure_about,
    standing,
)
from bot.domain.outbox import Item, State
from bot.domain.people import is_away
from bot.domain.record import Member, Metric, Record
from bot.services.access import Addressee, OnRecord, Transaction
from bot.services.metrics.views import places_of
from bot.services.outbox import Offer, offer_all, queue_updates_where
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items

# Longer than the window of a refresh round, and than a week's list lasts.
SHOWN_ANEW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Steward:
    """Whom to ask, and when: on their own clock."""

    member: Member
    member_id: int
    due_at: datetime


async def read_figure_ask(tx: OnRecord, to: Addressee, about: str) -> FigureAsk | None:
    """The figure as it is now; nothing where somebody else is its steward, or it is gone."""
    asked = read_figure_about(about)
    metric = next((one.metric for one in places_of(tx.record) if one.metric.id == asked.metric), None)
    if metric is None or metric.steward != to.key:
        return None
    today = tx.today
    found = standing(metric, today)
    answer = answering(metric, asked, today)
    shown = answer or found.latest
    is_over = asked.closes_at is not None and asked.closes_at <= tx.now
    return FigureAsk(
        metric=metric,
        state="recorded" if answer is not None else "closed" if is_over else "open",
        today=today,
        last=shown,
        value_withheld=shown is not None and is_withheld(metric, shown),
        first_due=found.first_due,
        closes_at=asked.closes_at,
    )


def wanted_figures(record: Record, member: str, day: date, *, in_round: bool) -> list[Metric]:
    """The figures for which this steward would be asked on this day; none of a priority that rests."""
    return [
        one.metric
        for one in places_of(record)
        if one.metric.steward == member
        and (one.priority is None or not one.priority.rests)
        and is_wanted(one.metric, day, in_round=in_round)
    ]


async def offer_figures(
    tx: OnRecord, stewards: Sequence[Steward], *, day: date, until: datetime | None, closes_at: datetime | None = None
) -> None:
    """Puts what is due into these stewards' messages; with `closes_at`, in a round, all whose period is over.

    A figure for which somebody was asked less than a week ago, or whose question still waits to be sent, is left out.
    """
    wanted = [
        (steward, metric)
        for steward in stewards
        if not is_away(steward.member, day)
        for metric in wanted_figures(tx.record, steward.member.id, day, in_round=closes_at is not None)
    ]
    if not wanted:
        return
    earliest = min(steward.due_at for steward, _metric in wanted)
    recent = await tx.session.execute(
        select_items(DeliveryItemRow.about, DeliveryRow.member_id).where(
            tx.owns(DeliveryItemRow),
            DeliveryItemRow.kind == Item.FIGURE,
            or_(DeliveryRow.state == State.PLANNED, DeliveryItemRow.due_at > earliest - NOT_OFTENER),
        )
    )
    asked = {(read_figure_about(about).metric, member_id) for about, member_id in recent}
    offers = [
        Offer(
            member_id=steward.member_id,
            item=Item.FIGURE,
            about=figure_about(asked_figure(metric, day, closes_at)),
            due_at=steward.due_at,
            until=until,
            not_before=tx.now,
        )
        for steward, metric in wanted
        if (metric.id, steward.member_id) not in asked
    ]
    await offer_all(tx, offers)


async def refresh_figure(tx: Transaction, metric: str) -> None:
    """Messages that ask for this figure, or tell of a value that its series has, are shown anew."""
    wanted = select(DeliveryItemRow.delivery_id).where(
        tx.owns(DeliveryItemRow),
        DeliveryItemRow.kind.in_((Item.FIGURE, Item.SERIES_PROPOSED, Item.SERIES_RECORDED)),
        DeliveryItemRow.about.startswith(f"{metric} ", autoescape=True),
        DeliveryItemRow.left_out.is_(None),
    )
    recent = or_(DeliveryRow.sent_at.is_(None), DeliveryRow.sent_at > tx.now - SHOWN_ANEW)
    await queue_updates_where(tx, and_(DeliveryRow.id.in_(wanted), recent))
