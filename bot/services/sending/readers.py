"""What each kind of message, and each kind of item in a bundle, says: one reader each, and nothing else.

Nouns don't import this module; it imports them. How a value looks is decided by `bot/slack/rendering.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.checkins import BundleItem, PromptItem, Prompts
from bot.domain.outbox import Item, Kind, Told, Whereabouts, rank, thing_of
from bot.domain.people import Letter, zone_of_member
from bot.domain.sending import KIND_WORDS, Alarm, BackAgain, Recovery
from bot.domain.vocabularies import Access
from bot.services import decisions as decision_news
from bot.services import issues as issue_news
from bot.services.access import Addressee, ForChannel, OnRecord, Transaction, addressee
from bot.services.actions import (
    read_action_answer,
    read_action_due,
    read_action_list,
    read_action_moved,
    read_action_request,
)
from bot.services.alarms import (
    CANVASES,
    CHANNELS,
    CLOCKS,
    CLOCKS_SET,
    DELIVERIES,
    POSTS,
    RECOVERIES,
    recovery_of,
    told_of,
)
from bot.services.asks import read_ask_news, read_help_wanted
from bot.services.briefs import read_brief
from bot.services.canvases import read_lines
from bot.services.checkins import first_contact_of, read_checkin, read_summary, read_summary_post
from bot.services.decisions import read_outcome, read_waiting
from bot.services.digests import digest_post, owner_preview
from bot.services.endings import read_coalition_end, read_handed_over
from bot.services.funding import read_money_end, read_report_due
from bot.services.meetings import read_agenda_post, read_invitation, read_meeting_item, read_notes_post
from bot.services.metrics import read_figure_ask
from bot.services.outbox import where_is
from bot.services.packs import read_pack_post
from bot.services.people import (
    cut_off_channels,
    read_account_gone,
    read_account_moved,
    read_letters,
    read_link_request,
    read_roles,
    read_sign_in,
    read_stands_in,
)
from bot.services.series import read_series_proposed, read_series_recorded, read_series_trouble
from bot.services.targets import read_target_passed
from bot.services.undelivered import held_notices
from bot.store.outbox import DeliveryItemRow, DeliveryRow, RecoveryRow
from bot.store.people import MemberRow
from bot.store.record import read_rows

# Whom it goes to, what it is about; None where there is nothing to say of it any more.
ItemReader = Callable[[OnRecord, Addressee, str], Awaitable[Told | None]]
# The delivery; None where there is nothing to say any more.
ContentReader = Callable[[Transaction, DeliveryRow], Awaitable[Any]]
# Those that are read together, by id.
TogetherReader = Callable[[Transaction, Sequence[DeliveryRow]], Awaitable[Mapping[int, Any]]]
# With the items that are in it.
BundleReader = Callable[[Transaction, DeliveryRow, Sequence[DeliveryItemRow]], Awaitable[Any]]


async def _checkin(kind: Item, tx: OnRecord, _to: Addressee, about: str) -> PromptItem | None:
    return await read_checkin(tx, kind, about)


async def read_content(session: AsyncSession, row: DeliveryRow, items: Sequence[DeliveryItemRow], now: datetime) -> Any:
    """What a delivery says; `items` are those of its bundle. None where there is nothing to say any more."""
    tx = Transaction(session, row.coalition_id, now)
    if row.member_id is None:
        tx = ForChannel(session, row.coalition_id, now, row.channel)
    bundle = BUNDLE_READERS.get(Kind(row.kind))
    if bundle is not None:
        return await bundle(tx, row, items)
    return await CONTENT_READERS[Kind(row.kind)](tx, row)


async def _bundle(tx: Transaction, row: DeliveryRow, rows: Sequence[DeliveryItemRow]) -> Prompts | None:
    """A person's message. What is settled is left out before it is sent, and shown as settled afterwards."""
    post = row if row.operation == "post" else await tx.session.get_one(DeliveryRow, row.parent_id)
    tx = await tx.read()
    receiver = (await read_rows(tx.session, row.coalition_id, "members"))[row.member_id or 0]
    if row.operation == "post" and receiver["ended"] is not None and receiver["ended"] < tx.today:
        return None  # they have left meanwhile
    if row.operation == "post" and tx.record.coalition.is_over(tx.today):
        rows = [one for one in rows if one.kind == Item.COALITION_ENDS]
    to = addressee(row.coalition_id, tx.record, receiver["key"], receiver["id"])
    theirs = tx.by(to.actor)  # they hear of nothing that they may not see
    items: list[BundleItem] = []
    for one in sorted(rows, key=lambda one: (rank(Item(one.kind)), one.due_at or post.due_at, one.position)):
        item = Item(one.kind)
        if any((thing_of(told.item), told.about) == (thing_of(item), one.about) for told in items):
            continue  # a reminder beside what it reminds of
        value = await ITEM_READERS[item](theirs, to, one.about)
        if value is not None and (row.operation == "update" or not value.is_settled):
            items.append(BundleItem(item, one.about, value))
    if not items:
        return None
    first_contact = None
    if receiver["first_contact_at"] is None or bool(post.subject.get("first_contact")):
        asked = next((one.value for one in items if isinstance(one.value, PromptItem)), None)
        confirmed = bool(post.subject.get("confirmed"))
        first_contact = await first_contact_of(tx, to, asked, confirmed=confirmed)
    return Prompts(
        receiver=to.key,
        receiver_name=receiver["name"],
        zone=receiver["timezone"] or tx.record.coalition.timezone,
        now=tx.now,
        items=tuple(items),
        first_contact=first_contact,
        by_mail=receiver["access"] == Access.EMAIL_ONLY,
    )


async def _letters(tx: Transaction, rows: Sequence[DeliveryRow]) -> Mapping[int, Letter | None]:
    letters = await read_letters(await tx.read(), {row.about for row in rows})
    return {row.id: letters.get(row.about) for row in rows}


async def read_alarm(tx: Transaction, row: DeliveryRow) -> Alarm | None:
    """Everything that it was told of, as it is now; None where nothing of it is known any more."""
    post = row if row.operation == "post" else await tx.session.get_one(DeliveryRow, row.parent_id)
    tx = await tx.read()
    zone = zone_of_member(tx.record, (await tx.session.get_one(MemberRow, post.member_id)).key)
    rows = {
        one.id: one
        for one in await tx.session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.id.in_([*told_of(post, DELIVERIES), *told_of(post, POSTS)]))
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
        )
    }
    held = [one for one in rows.values() if one.id in told_of(post, DELIVERIES)]
    posts: dict[str | None, list[DeliveryRow]] = defaultdict(list)
    for one in rows.values():
        if one.id in told_of(post, POSTS):
            posts[one.channel].append(one)
    # A channel has the name that its posts have now.
    names = dict.fromkeys([*(name for name in posts if name is not None), *map(str, told_of(post, CHANNELS))])
    cut_off = await cut_off_channels(tx, names)
    missing = {one.channel for one in cut_off}
    clocks = tuple(map(str, told_of(post, CLOCKS)))
    alarm = Alarm(
        held=await held_notices(tx, held, zone),
        cut_off=cut_off,
        back=tuple(
            BackAgain(channel=name, posts=tuple(_outcome(one, tx.now) for one in posts[name]))
            for name in names
            if name not in missing
        ),
        zone=zone,
        now=tx.now,
        clocks=clocks,
        recoveries=await _recoveries(tx, post),
        canvases=await read_lines(tx, [int(str(one)) for one in told_of(post, CANVASES)]),
        # Trouble that was mended before anybody could read of it is not worth a word.
        clocks_set=tuple(str(one) for one in told_of(post, CLOCKS_SET) if one not in clocks) if row is not post else (),
    )
    things = (alarm.held, alarm.cut_off, alarm.back, alarm.clocks, alarm.clocks_set, alarm.recoveries, alarm.canvases)
    return alarm if any(things) else None


async def _recoveries(tx: Transaction, post: DeliveryRow) -> tuple[Recovery, ...]:
    ids = told_of(post, RECOVERIES)
    if not ids:
        return ()
    rows = await tx.values(select(RecoveryRow).where(RecoveryRow.id.in_(ids)).order_by(RecoveryRow.id))
    return tuple(map(recovery_of, rows))


def _outcome(row: DeliveryRow, now: datetime) -> tuple[str, Whereabouts]:
    where = where_is(row, f"#{row.channel}", is_live=True, now=now)
    return KIND_WORDS.get(Kind(row.kind), "a post"), where


ITEM_READERS: dict[Item, ItemReader] = {
    Item.ASK: partial(_checkin, Item.ASK),
    Item.REMINDER: partial(_checkin, Item.REMINDER),
    Item.DELEGATE: partial(_checkin, Item.DELEGATE),
    Item.HELP_WANTED: read_help_wanted,
    Item.ASK_NEWS: read_ask_news,
    Item.ACTION_REQUEST: read_action_request,
    Item.ACTION_ANSWER: read_action_answer,
    Item.ACTION_LIST: read_action_list,
    Item.ACTION_DUE: read_action_due,
    Item.ACTION_MOVED: read_action_moved,
    Item.REPORT_DUE: read_report_due,
    Item.MONEY_ENDS: read_money_end,
    Item.TARGET_PASSED: read_target_passed,
    Item.COALITION_ENDS: read_coalition_end,
    Item.FIGURE: read_figure_ask,
    Item.SERIES_PROPOSED: read_series_proposed,
    Item.SERIES_RECORDED: read_series_recorded,
    Item.SERIES_TROUBLE: read_series_trouble,
    Item.STANDS_IN: read_stands_in,
    Item.ROLES: read_roles,
    Item.ACCOUNT_GONE: read_account_gone,
    Item.HANDED_OVER: read_handed_over,
    Item.LINK_REQUEST: read_link_request,
    Item.DECISION: decision_news.read_item,
    Item.DECISION_DUE: decision_news.read_item,
    Item.DECISION_READY: read_waiting,
    Item.DECISION_PASSED: read_waiting,
    Item.AGAIN: partial(_checkin, Item.AGAIN),
    Item.MEETING: read_meeting_item,
    Item.MEETING_NEWS: read_meeting_item,
    Item.ROUND_SUMMARY: read_summary,
}

TOGETHER_READERS: dict[Kind, TogetherReader] = {Kind.LETTER: _letters}
BUNDLE_READERS: dict[Kind, BundleReader] = {Kind.PROMPTS: _bundle}
CONTENT_READERS: dict[Kind, ContentReader] = {
    Kind.ROLL_UP: digest_post,
    Kind.REPLY: digest_post,
    Kind.CHANNEL_EDITION: digest_post,
    Kind.DIGEST_COPY: digest_post,
    Kind.OWNER_PREVIEW: owner_preview,
    Kind.AGENDA: read_agenda_post,
    Kind.PACK: read_pack_post,
    Kind.NOTES: read_notes_post,
    Kind.HELD_NOTICE: read_alarm,
    Kind.BRIEF: read_brief,
    Kind.ACCOUNT_MOVED: read_account_moved,
    Kind.SIGN_IN: read_sign_in,
    Kind.INVITATION: read_invitation,
    Kind.DECISION: decision_news.read_post,
    Kind.DECISION_OUTCOME: read_outcome,
    Kind.ISSUE: issue_news.read_post,
    Kind.ROUND_SUMMARY: read_summary_post,
}
