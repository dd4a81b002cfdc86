"""How action items are read for one person: who may see and change what, cards, names, and what happened to each. Steps
for services, in their transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actions import (
    TAKEN_BACK,
    ActionCard,
    describe,
    is_asked,
    link_in,
    moves_words,
    read_id,
    wants_reason,
)
from bot.domain.known import in_coalition_time
from bot.domain.outbox import Item
from bot.domain.record import (
    ActionItem,
    Member,
    Priority,
    Record,
    by_name,
    find_action,
    find_actions,
    goes_on,
    open_actions,
)
from bot.domain.rhythm import next_occurrence
from bot.domain.rights import (
    Right,
    Standing,
    can_help,
    coordinators,
    may_read_priority,
    may_take_part,
    readers_of_items,
    sight_words,
)
from bot.domain.vocabularies import CadenceKind
from bot.domain.wording import near_day, one_line
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, Transaction, UseCase
from bot.services.numbered import Noun, NumberedView
from bot.services.outbox import where_items_are
from bot.store.actions import ActionItemRow
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.base import id_of
from bot.store.people import MemberRow

TABLE = ActionItemRow.__tablename__


ACTION: Noun[ActionItem] = Noun(
    name="action",
    read_id=read_id,
    things=lambda record: record.actions,
    find=find_action,
    is_open=attrgetter("is_open"),
    see_all="Type “my actions” to see yours.",
    read_by="Actions of {about} are read by its working group, steering and the coordinators.",
    own="your own actions",
)
known_action = ACTION.known


class ActionsView(NumberedView[ActionItem]):
    """One record's actions as one person may see them. `askers` says who asked for what waits for a yes."""

    NOUN = ACTION
    _actor: Actor

    def __init__(self, actor: Actor, record: Record, now: datetime, askers: Mapping[str, str]) -> None:
        super().__init__(actor, record, now)
        self._askers = askers

    def reads_otherwise(self, action: ActionItem) -> bool:
        """The owner, the owner's stand-in, whoever asked, and those who may read the priority's items."""
        key = self._actor.key
        if key is not None and key in {action.owner, self._stand_in(action), self._askers.get(action.id)}:
            return True
        return may_read_priority(self._actor.standing, action.priority)

    def may_change(self, action: ActionItem) -> bool:
        """The action's owner, its priority's owner, and coordinators."""
        return self._is_owner(action) or self._actor.standing.may(Right.CHANGE_ACTION, action.priority)

    def may_answer(self, action: ActionItem) -> bool:
        """Whether it waits for this person's yes: the owner's, or that of the owner's stand-in."""
        is_theirs = self._is_owner(action) or (
            self._actor.key is not None and self._actor.key == self._stand_in(action)
        )
        return action.is_open and not action.accepted and is_theirs

    def asker_of(self, action: ActionItem) -> str | None:
        """Who asked for an action that waits for a yes."""
        return self._askers.get(action.id)

    def back_to(self, action: ActionItem) -> Member | None:
        """Who has an action that is declined: whoever asked, else, where nobody here did, a coordinator."""
        asker = member_of(self.record, self._askers.get(action.id))
        if asker is not None and goes_on(asker, self.today):
            return asker
        return next(iter(coordinators(self.record)), None)

    def card(self, action: ActionItem) -> ActionCard:
        names = self.directory
        asker = self._askers.get(action.id) if action.is_open and not action.accepted else None
        return ActionCard(
            priority_name=names.priority_name(action.priority),
            accepted=action.accepted or not action.is_open,
            asked_by_name=names.name(asker) if asker else None,
            asked_by_organization=names.name(names.organization_of(asker)) if asker else None,
            may_change=self.may_change(action),
            may_answer=self.may_answer(action),
            today=self.today,
            link=link_in(action.source),
            moves=len(action.moves),
            moved=moves_words(action.moves, self.today),
            is_asked=is_asked(action) and self.may_change(action),
            wants_reason=wants_reason(self.record, action),
            readers=readers_of_items(
                self.record, self.directory.priorities.get(action.priority or ""), action.visibility
            ),
            deliverable=action.deliverable,
            completed=action.completed,
            note=action.note,
            kept_to=self.kept_to(action),
            **by_name(describe(action, self.today, names)),
        )

    def own_open(self) -> tuple[ActionCard, ...]:
        """This person's open actions: what waits for a yes first, then by date."""
        mine = [action for action in open_actions(self.record) if self._is_owner(action)]
        return tuple(self.card(action) for action in sorted(mine, key=_by_need))

    def require_change(self, action: ActionItem) -> None:
        """Raises Refused, with who can help, for somebody who may not close or move this action."""
        if self.may_change(action):
            return
        owner = self.directory.priorities.get(action.priority or "")
        helpers = [action.owner, *([owner.owner] if owner is not None else [])]
        names = [self.directory.name(one) for one in helpers]
        closed_by = "its owner, the priority's owner or a coordinator" if owner else "its owner or a coordinator"
        raise Refused(f"{action.id} is closed or moved by {closed_by}. {self._can_help(*names)}")

    def unread(self, priority: str | None) -> Refused:
        """Who reads these actions, and who can help: a priority's owner first."""
        found = self.directory.priorities.get(priority or "")
        if found is None:
            words = "The coalition's own actions are read by steering and the coordinators."
            return Refused(f"{words} {self._can_help()}")
        owner = self.directory.members.get(found.owner)
        names = [owner.name] if owner is not None else []
        return Refused(f"{self.NOUN.read_by.format(about=found.name)} {self._can_help(*names)}")

    def sight(self) -> str | None:
        """What of them this person sees: also what the stand-in of an owner sees, and who asked."""
        actor = self._actor
        others = [one for one in open_actions(self.record) if one.owner != actor.key]
        readable = {one.id for one in others if may_read_priority(actor.standing, one.priority)}
        own = [one for one in others if one.id not in readable and self.may_read(one)]
        principals = {member.id: member.name for member in self.record.members if member.delegate == actor.key}
        also = [
            f"those of {one_line(name)} (you stand in)"
            for key, name in principals.items()
            if any(one.owner == key for one in own)
        ]
        if any(one.owner not in principals for one in own):
            also.append("those that you asked for")
        return sight_words(self.record, actor.standing, self.NOUN.own, *also)

    def _is_owner(self, action: ActionItem) -> bool:
        return self._actor.key is not None and self._actor.key == action.owner

    def _stand_in(self, action: ActionItem) -> str | None:
        owner = self.directory.members.get(action.owner)
        return owner.delegate if owner is not None else None


async def read_view(tx: UseCase, about: Collection[str] | None = None) -> ActionsView:
    """The actions of a record that was read in this session; `about` which of them cards are wanted (None: all)."""
    waits = about is None or any(not one.accepted for one in find_actions(tx.record, about))
    return ActionsView(tx.actor, tx.unrestricted, tx.now, await askers(tx) if waits else {})


async def with_request(tx: Transaction, card: ActionCard) -> ActionCard:
    """The card with where the message is that asks for a yes, while it waits for one."""
    if card.accepted:
        return card
    wheres = await where_items_are(tx, Item.ACTION_REQUEST, [card.id])
    owner_id = await id_of(tx.session, MemberRow, tx.coalition_id, card.owner)
    return replace(card, delivery=wheres.get((card.id, owner_id)))


def may_create(standing: Standing) -> bool:
    """Whether somebody may add actions."""
    return may_take_part(standing, Right.CREATE_ACTION)


def refusal_to_create(record: Record) -> str:
    """Who adds actions, and who can help."""
    return f"Actions are added by members and coordinators, not by funders and observers. {can_help(record)}"


def next_meeting_on(record: Record, priority: Priority | None, now: datetime) -> date | None:
    """The day of the next meeting of a priority's group, in the coalition's time."""
    if priority is None:
        return None
    groups = {group.id for group in record.groups if group.priority == priority.id} | {priority.working_group}
    moments = [
        following[1]
        for cadence in record.cadences
        if cadence.kind == CadenceKind.MEETING and cadence.group is not None and cadence.group in groups
        if (following := next_occurrence(cadence, now)) is not None
    ]
    return in_coalition_time(record, min(moments)).date() if moments else None


def member_of(record: Record, key: str | None) -> Member | None:
    return next((member for member in record.members if member.id == key), None)


def _by_need(action: ActionItem) -> tuple[bool, date]:
    return (action.accepted, action.due)


async def askers(tx: Transaction, key: str | None = None) -> dict[str, str]:
    """Who asks for a yes, by member id: whoever added the action, or handed it on to somebody of another organization.

    Of each open action that waits for one; with `key` of this action, whatever became of it. Nobody did where an
    account that was deactivated left it behind.
    """
    # Named by their rows, so that what happened to all others is not looked through.
    which = ActionItemRow.accepted.is_(False) if key is None else ActionItemRow.key == key
    rows = await tx.session.execute(
        select(ActionItemRow.key, AuditEntryRow.operation, AuditEntryRow.new, MemberRow.key)
        .join(AuditEntryRow, AuditEntryRow.row_id == ActionItemRow.id)
        .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
        .outerjoin(MemberRow, MemberRow.id == ChangeRow.actor_id)
        .where(
            tx.owns(ActionItemRow),
            which,
            tx.owns(AuditEntryRow),
            AuditEntryRow.table_name == TABLE,
            AuditEntryRow.row_id.in_(select(ActionItemRow.id).where(tx.owns(ActionItemRow), which)),
        )
        .order_by(AuditEntryRow.id)
    )
    found: dict[str, str | None] = {}
    for action, operation, new, asker in rows:
        if operation == "insert" or new.get("accepted") is False:
            found[action] = asker
    return {action: asker for action, asker in found.items() if asker is not None}


async def entries_of(session: AsyncSession, row: ActionItemRow) -> list[tuple[AuditEntryRow, ChangeRow]]:
    """What happened to an action, oldest first."""
    found = await session.execute(
        select(AuditEntryRow, ChangeRow)
        .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
        .where(
            AuditEntryRow.coalition_id == row.coalition_id,
            AuditEntryRow.table_name == TABLE,
            AuditEntryRow.row_id == row.id,
        )
        .order_by(AuditEntryRow.id)
    )
    return [(entry, change) for entry, change in found.all()]


async def changed_meanwhile(tx: ByActor, row: ActionItemRow, card: ActionCard, field: str | None) -> UserError:
    """Who changed an action while a form about it was open, and what it is now."""
    by_id = (await entries_of(tx.session, row))[-1][1].actor_id
    name = "You"
    if by_id != tx.actor.member_id:
        name = await tx.session.scalar(select(MemberRow.name).where(MemberRow.id == by_id)) or "Somebody"
    state = card.status.replace("_", " ") + (f" ({card.reason})" if card.reason else "")
    return UserError(
        f"{name} changed {card.id} meanwhile: it is due {near_day(card.due, card.today)} now, {state}. "
        "Close this and open it again to change it.",
        field=field,
    )


def is_taken_back(change: AuditEntryRow, later: AuditEntryRow) -> bool:
    if change.operation == "insert":
        return bool(later.new.get("note") == TAKEN_BACK)
    return bool(later.new == change.old)


async def is_mine_alone(tx: ByActor, row_id: int, table: str) -> bool:
    """Whether nobody but this person has written to a row: what somebody else did about it is not corrected away."""
    others = await tx.session.scalar(
        select(ChangeRow.id)
        .join(AuditEntryRow, AuditEntryRow.change_id == ChangeRow.id)
        .where(
            tx.owns(ChangeRow),
            AuditEntryRow.table_name == table,
            AuditEntryRow.row_id == row_id,
            or_(ChangeRow.actor_id.is_(None), ChangeRow.actor_id != tx.actor.member_id),
        )
        .limit(1)
    )
    return others is None
