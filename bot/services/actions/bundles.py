"""Action items in people's messages: the Monday list, the day one is due, a request for a yes, and its answer.

Readers, and steps for other services in their transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, or_, select

from bot.domain.actions import (
    MOST_LISTED,
    ActionAnswer,
    ActionRequest,
    ListedAction,
    OwnActions,
    ThirdMove,
    answer_about,
    answer_of,
    due_about,
    is_asked,
    list_about,
    read_answer_about,
    read_due_about,
    read_list_about,
    was_declined,
    was_offered,
)
from bot.domain.outbox import SATURDAY, Item, State
from bot.domain.people import is_away, is_listed, zone_of_member
from bot.domain.record import ActionItem, Member, Record, find_action, find_actions, open_actions
from bot.domain.rhythm import to_local, to_utc
from bot.services.access import Addressee, ByActor, OnRecord, Transaction
from bot.services.actions.views import TABLE, askers, read_view
from bot.services.outbox import (
    SHOWN,
    Offer,
    messages_where,
    offer,
    offer_all,
    queue_updates_found,
    queue_updates_where,
    spoken_of,
)
from bot.store.actions import ActionItemRow
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.base import ids_of
from bot.store.database import parameter, prepared
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import MemberRow

# On the day an action is due its owner hears of it at this hour of their own clock.
DUE_HOUR = time(9)
# So far ahead days are looked at, so that a week in which nothing else happens brings its reminders too.
DUE_AHEAD = timedelta(days=8)
# A list that was sent longer ago has been replaced by a newer one.
LIST_LASTS = timedelta(days=15)


async def read_action_list(tx: OnRecord, to: Addressee, about: str) -> OwnActions | None:
    """The actions that a list named when it was made, as they are now."""
    day, keys = read_list_about(about)
    actor = to.actor
    view = await read_view(tx.by(actor), keys)
    cards = [view.card(one) for one in find_actions(tx.record, keys) if one.owner == to.key]
    if not cards:
        return None
    undo = await _own_last_changes(tx.by(actor), [card.id for card in cards if not card.is_open])
    is_over = await _has_newer_list(tx.by(actor), day)
    return OwnActions(
        actions=tuple(ListedAction(card=card, undo=undo.get(card.id)) for card in sorted(cards, key=lambda c: c.due)),
        total=len({card.id for card in cards} | {one.id for one in open_actions(tx.record) if is_listed(one, to.key)}),
        is_over=is_over,
        minutes=_minutes(tx.record) if any(card.is_open for card in cards) and not is_over else 0,
    )


async def read_action_due(tx: OnRecord, to: Addressee, about: str) -> OwnActions | None:
    """An action on the day it is due; nothing where it was moved, or where that day's list names it."""
    key, due = read_due_about(about)
    actor = to.actor
    view = await read_view(tx.by(actor))
    action = find_action(tx.record, key)
    if action is None or action.owner != to.key or (action.is_open and (action.due != due or not action.accepted)):
        return None
    # Of one that was due on the weekend its owner may hear on Monday, where that day's list names it too.
    days = {due, tx.today} if action.is_open else {due}
    listed = await tx.session.scalars(
        select_items(DeliveryItemRow.about).where(
            DeliveryRow.member_id == actor.member_id,
            DeliveryItemRow.kind == Item.ACTION_LIST,
            or_(*(DeliveryItemRow.about.startswith(day.isoformat()) for day in days)),
            DeliveryRow.state.in_([State.PLANNED, *SHOWN]),
        )
    )
    if any(key in read_list_about(one)[1] for one in listed):
        return None
    undo = await _own_last_changes(tx.by(actor), [] if action.is_open else [key])
    return OwnActions(actions=(ListedAction(card=view.card(action), undo=undo.get(key)),), total=1)


async def read_action_request(tx: OnRecord, to: Addressee, about: str) -> ActionRequest | None:
    """What another organization asks of this person, or what has become of it."""
    action = find_action(tx.record, about)
    if action is None:
        # Kept to few, whom they are no longer one of: their message may not go on asking.
        is_hidden = find_action(tx.unrestricted, about) is not None
        return ActionRequest(card=None, state="withdrawn", asker_name=None) if is_hidden else None
    actor = to.actor
    view = await read_view(tx.by(actor))
    asker = (await askers(tx.by(actor), about)).get(about)
    if action.owner != to.key:
        state = "declined" if was_declined(action) else "withdrawn"
    elif not action.is_open and not action.accepted:
        state = "withdrawn"
    elif not action.accepted:
        state = "asked"
    else:
        state = "offered" if was_offered(action) else "accepted"
    return ActionRequest(
        card=view.card(action),
        state=state,
        asker_name=view.directory.name(asker) if asker is not None else None,
    )


async def read_action_answer(tx: OnRecord, _to: Addressee, about: str) -> ActionAnswer | None:
    """The answer to what this person asked for, and whether it still holds."""
    key, what, who, due = read_answer_about(about)
    action = find_action(tx.record, key)
    answerer = next((one for one in tx.record.members if one.id == who), None)
    if action is None or answerer is None:
        return None
    return ActionAnswer(
        id=key,
        title=action.title,
        what=what,
        who_name=answerer.name,
        due=due,
        today=tx.today,
        holds=action.owner != who if what == "declined" else action.owner == who and action.accepted,
    )


async def ask_for_yes(tx: Transaction, row: ActionItemRow) -> None:
    """Somebody of another organization is asked whether they take an action on."""
    await offer(tx, row.owner_id, Item.ACTION_REQUEST, row.key)


async def tell_asker(tx: Transaction, row: ActionItemRow, what: str, who: str, asker: str | None) -> None:
    """Whoever asked hears what the answer is."""
    if asker is None:
        return
    ids = await ids_of(tx.session, MemberRow, row.coalition_id, [asker])
    await offer(tx, ids[asker], Item.ACTION_ANSWER, answer_about(row.key, what, who, row.due))


async def ask_about_moves(tx: OnRecord, moved: Mapping[ActionItem, str | None]) -> None:
    """Of actions that moved for the third time, whoever is to say what becomes of them is asked in their next
    morning's message, unless they answer before. `record` is for the person's clock."""
    asked = {action: member for action, member in moved.items() if member is not None and is_asked(action)}
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id, set(asked.values())) if asked else {}
    for action, member in asked.items():
        zone = zone_of_member(tx.record, member)
        tomorrow = to_local(tx.now, zone).date() + timedelta(days=1)
        await offer(
            tx,
            ids[member],
            Item.ACTION_MOVED,
            due_about(action.id, action.due),
            due_at=to_utc(datetime.combine(tomorrow, DUE_HOUR), zone),
        )


async def read_action_moved(tx: OnRecord, to: Addressee, about: str) -> ThirdMove | None:
    """An action whose third move asks what to do; nothing where it has another date by now."""
    key, due = read_due_about(about)
    action = find_action(tx.record, key)
    if action is None or action.due != due:
        return None
    view = await read_view(tx.by(to.actor))
    return ThirdMove(card=view.card(action), answer=answer_of(action.moves))


async def refresh_action(tx: Transaction, key: str) -> None:
    """Messages that name this action are shown anew: requests and answers always, lists while they last."""
    await refresh_actions(tx, [key])


async def refresh_actions(tx: Transaction, keys: Collection[str]) -> None:
    """The same for several at once."""
    names_one = [and_(DeliveryItemRow.kind == Item.ACTION_REQUEST, DeliveryItemRow.about.in_(keys))]
    for key in keys:
        names_one += [
            and_(
                DeliveryItemRow.kind.in_([Item.ACTION_ANSWER, Item.ACTION_DUE, Item.ACTION_MOVED]),
                DeliveryItemRow.about.startswith(f"{key} ", autoescape=True),
            ),
            and_(DeliveryItemRow.kind == Item.ACTION_LIST, DeliveryItemRow.about.contains(f" {key} ", autoescape=True)),
        ]
    wanted = select(DeliveryItemRow.delivery_id).where(
        tx.owns(DeliveryItemRow), DeliveryItemRow.left_out.is_(None), or_(*names_one)
    )
    recent = or_(DeliveryRow.sent_at.is_(None), DeliveryRow.sent_at > tx.now - LIST_LASTS)
    await queue_updates_where(tx, and_(DeliveryRow.id.in_(wanted), recent))


async def offer_lists(
    tx: OnRecord, members: Sequence[tuple[Member, int]], *, day: date, due_at: datetime, until: datetime | None
) -> None:
    """Puts the list of their open actions into the messages of these members, each with the key of their row.

    What an earlier list said loses its buttons.
    """
    offers = []
    for member, member_id in members:
        own = sorted((one for one in open_actions(tx.record) if is_listed(one, member.id)), key=lambda one: one.due)
        if own and not is_away(member, day):
            one = Offer(
                member_id=member_id,
                item=Item.ACTION_LIST,
                about=list_about(day, [one.id for one in own[:MOST_LISTED]]),
                due_at=due_at,
                until=until,
                not_before=tx.now,
                may_wait=all(one.due != day for one in own),
            )
            offers.append(one)
    await offer_all(tx, offers)
    if not offers:
        return
    about = {"of": tx.coalition_id, "day": day.isoformat(), "members": [one.member_id for one in offers]}
    earlier = await tx.session.scalars(_EARLIER_LISTS, about | {"since": tx.now - LIST_LASTS})
    await queue_updates_found(tx, earlier.all())


async def offer_due_reminders(tx: OnRecord) -> None:
    """Puts each action that is due within the next days into its owner's message of that day, once for each day."""
    today = tx.today
    near = [one for one in open_actions(tx.record) if one.accepted and today <= one.due < today + DUE_AHEAD]
    if not near:
        return
    about = {"of": tx.coalition_id, "abouts": [due_about(one.id, one.due) for one in near]}
    known = set(await tx.session.scalars(_KNOWN_DAYS, about))
    wanted = [one for one in near if due_about(one.id, one.due) not in known]
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id, {one.owner for one in wanted})
    offers = []
    for action in wanted:
        zone = zone_of_member(tx.record, action.owner)
        moment = to_utc(datetime.combine(action.due, DUE_HOUR), zone)
        # Of one that is due on a weekend its owner hears on Friday, else on Monday.
        last = next(day for n in range(3) if (day := action.due + timedelta(days=n)).weekday() < SATURDAY)
        midnight = to_utc(datetime.combine(last + timedelta(days=1), time()), zone)
        # One that became due in the course of today was just given that day: its owner knows.
        if moment >= tx.now:
            one = Offer(
                member_id=ids[action.owner],
                item=Item.ACTION_DUE,
                about=due_about(action.id, action.due),
                due_at=moment,
                until=midnight,
                not_before=tx.now,
            )
            offers.append(one)
    await offer_all(tx, offers)


def _minutes(record: Record) -> int:
    """What going through one's actions takes, by the question set about them."""
    return next((one.minutes for one in record.question_sets if one.per_item == "action"), 0)


async def _own_last_changes(tx: ByActor, keys: Collection[str]) -> dict[str, int]:
    """The last change of each of these actions, where this person made it."""
    if not keys:
        return {}
    rows = await tx.session.execute(
        select(ActionItemRow.key, AuditEntryRow.id, AuditEntryRow.operation, ChangeRow.actor_id)
        .join(AuditEntryRow, AuditEntryRow.row_id == ActionItemRow.id)
        .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
        .where(
            tx.owns(ActionItemRow),
            ActionItemRow.key.in_(keys),
            tx.owns(AuditEntryRow),
            AuditEntryRow.table_name == TABLE,
        )
        .order_by(AuditEntryRow.id)
    )
    last = {row.key: row for row in rows}
    return {
        key: row.id for key, row in last.items() if row.actor_id == tx.actor.member_id and row.operation == "update"
    }


async def _has_newer_list(tx: ByActor, day: date) -> bool:
    about = {"to": tx.actor.member_id, "before": (day + timedelta(days=1)).isoformat()}
    return await tx.session.scalar(_NEWER_LIST, about) is not None


# Built once: each list that is sent or shown anew asks the one, each refresh of the rhythm the other.
_KNOWN_DAYS = prepared(
    select(DeliveryItemRow.about).where(
        DeliveryItemRow.coalition_id == parameter("of"),
        DeliveryItemRow.kind == Item.ACTION_DUE,
        DeliveryItemRow.about.in_(parameter("abouts", expanding=True)),
    )
)
_EARLIER_LISTS = prepared(
    messages_where(
        and_(
            DeliveryRow.id.in_(
                spoken_of(
                    DeliveryItemRow.coalition_id == parameter("of"),
                    DeliveryItemRow.kind == Item.ACTION_LIST,
                    DeliveryItemRow.about < parameter("day"),
                )
            ),
            DeliveryRow.member_id.in_(parameter("members", expanding=True)),
            DeliveryRow.state == State.SENT,
            DeliveryRow.sent_at > parameter("since"),
        )
    )
)
_NEWER_LIST = prepared(
    select_items(DeliveryItemRow.id)
    .where(
        DeliveryRow.member_id == parameter("to"),
        DeliveryItemRow.kind == Item.ACTION_LIST,
        DeliveryItemRow.about > parameter("before"),
    )
    .limit(1)
)
