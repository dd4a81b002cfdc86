"""The form of all of somebody's open actions: opened once, turned page by page, saved as a whole.

What was entered on other pages, and what each action was like when it was shown, waits in a draft of its owner's:
nothing that people write travels through Slack and back.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from bot.domain.actions import (
    MOST_IN_FORM,
    NEW_DUE,
    PER_PAGE,
    STATUS,
    ActionsForm,
    Entered,
    FormAction,
    SavedForm,
    as_shown,
    by_action,
    enter,
    field_of,
    is_touched,
    mistakes_in,
    page_of,
    questions_about_actions,
    wants_reason,
)
from bot.domain.endings import require_open_again
from bot.domain.packing import pack, unpack
from bot.domain.people import is_listed, zone_of_member
from bot.domain.record import ActionItem, Record, find_actions, open_actions
from bot.domain.typed import Mistakes
from bot.errors import UserError
from bot.services.access import Actor, ByActor, Service, UseCase
from bot.services.actions.bundles import ask_about_moves, refresh_actions
from bot.services.actions.views import TABLE, ActionsView, read_view
from bot.store.actions import ActionItemRow
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.checkins import DraftRow
from bot.store.people import MemberRow

FORM_DRAFTS = "action-form:"
_KEPT = timedelta(days=7)
# Where the rules of single presses put their words, and where the form has that field.
_FIELDS = {"due": NEW_DUE}
_Last = Mapping[str, tuple[int, datetime, str | None]]  # action → its newest entry, when, and whose
_Change = tuple[datetime, str | None]  # when, and by whom


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was saved the last time: of which entries, and the actions that it changed."""

    hash: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A form as it was opened. By action: its newest entry then, what stood in its fields, and what was entered."""

    token: str
    keys: tuple[str, ...]
    seen: Mapping[str, int]
    shown: Mapping[str, Entered]
    entered: Mapping[str, Entered] = field(default_factory=dict)
    saved: Saved | None = None

    @classmethod
    def read(cls, token: str, row: DraftRow) -> Kept:
        """The form of a draft."""
        kept = row.values
        saved = kept.get("saved")
        return cls(
            token=token,
            keys=tuple(kept["keys"]),
            seen=kept["seen"],
            shown={key: Entered(**one) for key, one in kept["shown"].items()},
            entered={key: Entered(**one) for key, one in kept["entered"].items()},
            saved=unpack(Saved, saved) if saved is not None else None,
        )

    def packed(self) -> object:
        return pack(self)

    @property
    def fingerprint(self) -> str:
        """What was entered, as one mark."""
        return hashlib.sha256(json.dumps(pack(self.entered), sort_keys=True).encode()).hexdigest()

    def with_page(self, values: Mapping[str, str | None]) -> Kept:
        """With what stands in the fields of a page, of this form's own actions."""
        entered = {key: one for key, one in by_action(values).items() if key in self.keys}
        return replace(self, entered={**self.entered, **entered})

    def on_page(self, page: int) -> tuple[str, ...]:
        return self.keys[page * PER_PAGE : (page + 1) * PER_PAGE]

    def is_touched(self, key: str) -> bool:
        """Whether something was entered about an action."""
        return key in self.entered and is_touched(self.entered[key], self.shown[key])


class OwnActionsForm(Service):
    """Use cases around all of somebody's open actions in one form."""

    async def open(self, actor: Actor) -> ActionsForm:
        """The form of this person's open actions, the earliest due first."""
        async with self.keeping(actor, "ownactionsform.open") as tx:
            mine = [one for one in open_actions(tx.record) if actor.key is not None and is_listed(one, actor.key)]
            keys = [one.id for one in sorted(mine, key=lambda one: one.due)][:MOST_IN_FORM]
            await tx.session.execute(
                delete(DraftRow).where(
                    DraftRow.member_id == actor.member_id,
                    DraftRow.subject.startswith(FORM_DRAFTS),
                    DraftRow.saved_at < tx.now - _KEPT,
                )
            )
            last = await _last_entries(tx, keys)
            kept = Kept(
                token=secrets.token_hex(8),
                keys=tuple(keys),
                seen={key: last[key][0] for key in keys},
                shown={one.id: as_shown(one) for one in mine if one.id in keys},
            )
            tx.session.add(
                DraftRow(
                    coalition_id=actor.coalition_id,
                    member_id=actor.member_id,
                    subject=f"{FORM_DRAFTS}{kept.token}",
                    values=kept.packed(),
                    saved_at=tx.now,
                )
            )
            return _page(tx, await read_view(tx), kept, 0)

    async def turn(self, actor: Actor, token: str, wanted: int, values: Mapping[str, str | None]) -> ActionsForm:
        """Another page of the form; what stands in this one is kept."""
        async with self.noting(actor, "ownactionsform.turn") as tx:
            draft = await _locked_draft(tx, token)
            kept = Kept.read(token, draft).with_page(values)
            draft.values = kept.packed()
            tx = await tx.read()
            return _page(tx, await read_view(tx), kept, wanted)

    async def save(self, actor: Actor, token: str, values: Mapping[str, str | None]) -> SavedForm | ActionsForm:
        """Stores everything at once, by the rules of single presses, or nothing. The same form saved again is one.

        Returns the page on which something has to be looked at first: an action that was changed after it was shown,
        or a mistake on a page that was turned away from. Raises Mistakes for those on the page that was sent.
        """
        async with self.writing(actor) as tx:
            draft = await _locked_draft(tx, token)
            here = list(by_action(values))
            kept = Kept.read(token, draft).with_page(values)
            draft.values = kept.packed()
            if kept.saved is not None and kept.saved.hash == kept.fingerprint:
                tx = await tx.read()
                return _saved(await read_view(tx), kept.saved.keys)
            rows = await _locked_rows(tx, kept.keys)
            tx = await tx.read()
            view = await read_view(tx)
            last = await _last_entries(tx, kept.keys)
            touched = [one for one in find_actions(tx.record, kept.keys) if kept.is_touched(one.id)]
            changes, errors = _wanted(view, kept, touched)
            moved_on = [
                action.id
                for action in touched
                if not view.may_change(action)
                or (last[action.id][0] != kept.seen[action.id] and (action in changes or action.id in errors))
            ]
            if moved_on:
                kept, page = _looked_at_again(view, kept, moved_on, last)
                draft.values = kept.packed()
                return _page(tx, view, kept, page, changed=_told(tx.record, kept, moved_on, last, page))
            on_this_page = {field_of(name, key): words for key in here for name, words in errors.get(key, {}).items()}
            if on_this_page:
                raise Mistakes(on_this_page)
            if errors:
                return _page(tx, view, kept, page_of(kept.keys, errors), errors=errors)
            writer = tx.writer()
            for before, after in changes.items():
                await writer.put(after, before, row=rows[before.id])
            changed = tuple(after.id for after in changes.values())
            if changed:
                moved = {after: actor.key for before, after in changes.items() if after.due != before.due}
                await ask_about_moves(tx, moved)
                await refresh_actions(tx, changed)
            tx = await tx.read()
            newest = await _last_entries(tx, kept.keys)
            draft.values = replace(
                kept,
                seen={key: newest[key][0] for key in kept.keys},
                shown={one.id: as_shown(one) for one in find_actions(tx.record, kept.keys)},
                saved=Saved(hash=kept.fingerprint, keys=changed),
            ).packed()
            return _saved(await read_view(tx), changed)


def _wanted(
    view: ActionsView, kept: Kept, touched: Sequence[ActionItem]
) -> tuple[dict[ActionItem, ActionItem], dict[str, dict[str, str]]]:
    """What touched actions become (before → after), and what has to be mended before."""
    questions = questions_about_actions(view.record)
    changes: dict[ActionItem, ActionItem] = {}
    errors: dict[str, dict[str, str]] = {}
    for action in touched:
        entered = kept.entered[action.id]
        found = mistakes_in(questions, entered, kept.shown[action.id])
        if not found:
            try:
                after = enter(action, entered, view.today, wants_reason=wants_reason(view.record, action))
                if after.is_open and not action.is_open:
                    require_open_again(view.record, "actions", after)
                changes |= {action: after} if after != action else {}
            except UserError as error:
                found = {_FIELDS.get(error.field or STATUS, error.field or STATUS): error.message}
        if found:
            errors[action.id] = found
    return changes, errors


def _looked_at_again(view: ActionsView, kept: Kept, moved_on: Sequence[str], last: _Last) -> tuple[Kept, int]:
    """The page with what was changed meanwhile, with what was entered kept. Saved again, it counts."""
    page = page_of(kept.keys, moved_on)
    told = [key for key in moved_on if key in kept.on_page(page)]
    there = find_actions(view.record, told)
    lost = {one.id for one in there if not view.may_change(one)}
    again = replace(
        kept,
        seen={**kept.seen, **{key: last[key][0] for key in told}},
        shown={**kept.shown, **{one.id: as_shown(one) for one in there}},
        entered={key: one for key, one in kept.entered.items() if key not in lost},
    )
    return again, page


def _told(record: Record, kept: Kept, moved_on: Sequence[str], last: _Last, page: int) -> dict[str, _Change]:
    """When what stands on a page was changed meanwhile, and by whom."""
    names = {member.id: member.name for member in record.members}
    return {key: (last[key][1], names.get(last[key][2] or "")) for key in moved_on if key in kept.on_page(page)}


def _page(
    tx: UseCase,
    view: ActionsView,
    kept: Kept,
    wanted: int,
    *,
    errors: Mapping[str, Mapping[str, str]] | None = None,
    changed: Mapping[str, _Change] | None = None,
) -> ActionsForm:
    """A page as it stands: what was entered, where something was, else the action's own."""
    page = wanted if 0 <= wanted * PER_PAGE < len(kept.keys) else 0
    actions = {one.id: one for one in find_actions(tx.record, kept.keys)}
    shown = []
    for key in kept.on_page(page):
        action = actions.get(key)
        if action is None:
            continue
        at, by = (changed or {}).get(key, (None, None))
        shown.append(
            FormAction(
                card=view.card(action),
                entered=kept.entered.get(key, kept.shown[key]),
                may_change=view.may_change(action),
                changed_at=at,
                changed_by_name=by,
                problems=tuple((errors or {}).get(key, {}).values()),
            )
        )
    return ActionsForm(
        token=kept.token,
        questions=questions_about_actions(tx.record),
        actions=tuple(shown),
        page=page,
        total=len(kept.keys),
        zone=zone_of_member(tx.record, tx.actor.key),
        now=tx.now,
    )


def _saved(view: ActionsView, keys: Sequence[str]) -> SavedForm:
    return SavedForm(tuple(view.card(one) for one in find_actions(view.record, keys)))


async def _locked_draft(tx: ByActor, token: str) -> DraftRow:
    """The form as it was opened, held until the end of the transaction: twice sent, the second waits for the first."""
    row: DraftRow | None = await tx.session.scalar(
        select(DraftRow)
        .filter_by(coalition_id=tx.coalition_id, member_id=tx.actor.member_id, subject=f"{FORM_DRAFTS}{token}")
        .with_for_update()
    )
    if row is None:
        raise UserError("I keep such a form for a week only. Copy what you wrote, close it and open it again.")
    return row


async def _locked_rows(tx: ByActor, keys: Sequence[str]) -> dict[str, ActionItemRow]:
    rows = await tx.session.scalars(
        select(ActionItemRow)
        .where(tx.owns(ActionItemRow), ActionItemRow.key.in_(keys))
        .order_by(ActionItemRow.id)
        .with_for_update()
    )
    return {row.key: row for row in rows}


async def _last_entries(tx: ByActor, keys: Sequence[str]) -> _Last:
    """The newest thing that happened to each of these actions, when, and whose doing it was."""
    newest = (
        select(func.max(AuditEntryRow.id))
        .join(ActionItemRow, ActionItemRow.id == AuditEntryRow.row_id)
        .where(
            tx.owns(AuditEntryRow),
            AuditEntryRow.table_name == TABLE,
            tx.owns(ActionItemRow),
            ActionItemRow.key.in_(keys),
        )
        .group_by(AuditEntryRow.row_id)
    )
    rows = await tx.session.execute(
        select(ActionItemRow.key, AuditEntryRow.id, ChangeRow.at, MemberRow.key)
        .join(AuditEntryRow, AuditEntryRow.row_id == ActionItemRow.id)
        .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
        .outerjoin(MemberRow, MemberRow.id == ChangeRow.actor_id)
        .where(AuditEntryRow.id.in_(newest))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows.all()}
