"""The form of all of somebody's open actions: opened once, turned page by page, saved as a whole.

What was entered on other pages, and what each action was like when it was shown, waits in a draft of its owner's:
nothing that people write travels through Slack and back.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

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
    field_of,
    is_touched,
    mistakes_in,
    page_of,
    questions_about_actions,
)
from bot.domain.people import is_listed, zone_of_member
from bot.domain.record import ActionItem, Record
from bot.domain.typed import Mistakes
from bot.errors import UserError
from bot.services.access import Actor, Service
from bot.services.actions import changes
from bot.services.actions.bundles import ask_about_moves, refresh_actions
from bot.services.actions.changes import Changes
from bot.services.actions.views import TABLE, ActionsView, read_view
from bot.store.actions import ActionItemRow
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.checkins import DraftRow
from bot.store.people import MemberRow
from bot.store.record import read_record

_SUBJECT = "action-form:"
_KEPT = timedelta(days=7)
# Where the rules of single presses put their words, and where the form has that field.
_FIELDS = {"due": NEW_DUE}
_Last = Mapping[str, tuple[int, datetime, str | None]]  # action → its newest entry, when, and whose


class ActionForms(Service):
    """Use cases around all of somebody's open actions in one form."""

    async def open(self, actor: Actor) -> ActionsForm:
        """The form of this person's open actions, the earliest due first."""
        actor.require("actionforms.open")
        now = self.calendar.now()
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
            mine = [one for one in record.actions if actor.key is not None and is_listed(one, actor.key)]
            keys = [one.id for one in sorted(mine, key=lambda one: one.due)][:MOST_IN_FORM]
            await session.execute(
                delete(DraftRow).where(
                    DraftRow.member_id == actor.member_id,
                    DraftRow.subject.startswith(_SUBJECT),
                    DraftRow.saved_at < now - _KEPT,
                )
            )
            last = await _last_entries(session, actor, keys)
            draft = DraftRow(
                coalition_id=actor.coalition_id,
                member_id=actor.member_id,
                subject=f"{_SUBJECT}{secrets.token_hex(8)}",
                values={
                    "keys": keys,
                    "seen": {key: last[key][0] for key in keys},
                    "shown": {one.id: asdict(as_shown(one)) for one in mine if one.id in keys},
                    "entered": {},
                },
                saved_at=now,
            )
            session.add(draft)
            view = await read_view(session, actor, record, now)
            return _page(actor, record, view, draft, 0, now)

    async def turn(self, actor: Actor, token: str, wanted: int, values: Mapping[str, str | None]) -> ActionsForm:
        """Another page of the form; what stands in this one is kept."""
        actor.require("actionforms.turn")
        now = self.calendar.now()
        async with self.database.write(coalition_id=actor.coalition_id) as session:
            draft = await _kept(session, actor, token)
            _enter(draft, values)
            record = await read_record(session, actor.coalition_id)
            view = await read_view(session, actor, record, now)
            return _page(actor, record, view, draft, wanted, now)

    async def save(self, actor: Actor, token: str, values: Mapping[str, str | None]) -> SavedForm | ActionsForm:
        """Stores everything at once, by the rules of single presses, or nothing. The same form saved again is one.

        Returns the page on which something has to be looked at first: an action that was changed after it was shown,
        or a mistake on a page that was turned away from. Raises Mistakes for those on the page that was sent.
        """
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            draft = await _kept(session, actor, token)
            here = list(by_action(values))
            _enter(draft, values)
            kept = draft.values
            fingerprint = _hash(kept["entered"])
            if kept.get("saved") is not None and kept["saved"]["hash"] == fingerprint:
                record = await read_record(session, actor.coalition_id)
                view = await read_view(session, actor, record, now)
                return _saved(record, view, kept["saved"]["keys"])
            rows = await _locked_rows(session, actor, kept["keys"])
            record = await read_record(session, actor.coalition_id)
            view = await read_view(session, actor, record, now)
            touched = _touched(record, kept)
            last = await _last_entries(session, actor, kept["keys"])
            wanted, errors = _wanted(record, view, kept, touched, rows)
            moved_on = [
                action.id
                for action in touched
                if not view.may_change(action)
                or (last[action.id][0] != kept["seen"][action.id] and (wanted.get(action.id) or action.id in errors))
            ]
            if moved_on:
                return await _look_again(session, actor, record, view, draft, moved_on, last, now)
            on_this_page = {field_of(name, key): words for key in here for name, words in errors.get(key, {}).items()}
            if on_this_page:
                raise Mistakes(on_this_page)
            if errors:
                return _page(actor, record, view, draft, page_of(kept["keys"], errors), now, errors=errors)
            changed = [key for key, columns in wanted.items() if columns]
            for key in changed:
                for column, value in wanted[key].items():
                    setattr(rows[key], column, value)
            await session.flush()
            if changed:
                moved = {key: actor.key for key in changed if "due" in wanted[key]}
                await ask_about_moves(session, actor.coalition_id, record, moved, now)
                await refresh_actions(session, actor.coalition_id, changed, now)
            record = await read_record(session, actor.coalition_id)
            newest = await _last_entries(session, actor, kept["keys"])
            draft.values = {
                **kept,
                "seen": {key: newest[key][0] for key in kept["keys"]},
                "shown": {one.id: asdict(as_shown(one)) for one in record.actions if one.id in kept["keys"]},
                "saved": {"hash": fingerprint, "keys": changed},
            }
            return _saved(record, await read_view(session, actor, record, now), changed)


def _touched(record: Record, kept: Mapping[str, Any]) -> list[ActionItem]:
    """The actions about which something was entered."""
    return [
        one
        for one in record.actions
        if one.id in kept["entered"]
        and is_touched(Entered(**kept["entered"][one.id]), Entered(**kept["shown"][one.id]))
    ]


def _wanted(
    record: Record,
    view: ActionsView,
    kept: Mapping[str, Any],
    touched: Sequence[ActionItem],
    rows: Mapping[str, ActionItemRow],
) -> tuple[dict[str, Changes], dict[str, dict[str, str]]]:
    """What each touched action would become, and what has to be mended before."""
    questions = questions_about_actions(record)
    wanted: dict[str, Changes] = {}
    errors: dict[str, dict[str, str]] = {}
    for action in touched:
        entered = Entered(**kept["entered"][action.id])
        found = mistakes_in(questions, entered, Entered(**kept["shown"][action.id]))
        if not found:
            try:
                row = rows[action.id]
                columns = _columns(action, view, entered)
                wanted[action.id] = {name: value for name, value in columns.items() if getattr(row, name) != value}
            except UserError as error:
                found = {_FIELDS.get(error.field or STATUS, error.field or STATUS): error.message}
        if found:
            errors[action.id] = found
    return wanted, errors


def _columns(action: ActionItem, view: ActionsView, entered: Entered) -> Changes:
    """What was entered about one action, as single presses would have it."""
    reason = changes.reason_of(entered.reason or "")
    due = date.fromisoformat(entered.new_due) if entered.new_due else None
    if entered.status == "done":
        return changes.done(view) if action.status != "done" else {}
    if entered.status == "blocked":
        return changes.blocked(action, view, reason, due)
    moved = changes.moved(action, view, due, reason) if due is not None and due != action.due else {}
    if entered.status is None or entered.status == action.status:
        return moved
    return {**changes.under_way(entered.status), **moved}


async def _look_again(
    session: AsyncSession,
    actor: Actor,
    record: Record,
    view: ActionsView,
    draft: DraftRow,
    moved_on: Sequence[str],
    last: _Last,
    now: datetime,
) -> ActionsForm:
    """The page with what was changed meanwhile, with what was entered kept. Saved again, it counts."""
    kept = draft.values
    page = page_of(kept["keys"], moved_on)
    told = [key for key in moved_on if key in kept["keys"][page * PER_PAGE : (page + 1) * PER_PAGE]]
    lost = {one.id for one in record.actions if one.id in told and not view.may_change(one)}
    draft.values = {
        **kept,
        "seen": {**kept["seen"], **{key: last[key][0] for key in told}},
        "shown": {**kept["shown"], **{one.id: asdict(as_shown(one)) for one in record.actions if one.id in told}},
        "entered": {key: one for key, one in kept["entered"].items() if key not in lost},
    }
    names = {member.id: member.name for member in record.members}
    changed = {key: (last[key][1], names.get(last[key][2] or "")) for key in told}
    return _page(actor, record, view, draft, page, now, changed=changed)


def _page(
    actor: Actor,
    record: Record,
    view: ActionsView,
    draft: DraftRow,
    wanted: int,
    now: datetime,
    *,
    errors: Mapping[str, Mapping[str, str]] | None = None,
    changed: Mapping[str, tuple[datetime, str | None]] | None = None,
) -> ActionsForm:
    """A page as it stands: what was entered, where something was, else the action's own."""
    kept = draft.values
    page = wanted if 0 <= wanted * PER_PAGE < len(kept["keys"]) else 0
    actions = {one.id: one for one in record.actions}
    shown = []
    for key in kept["keys"][page * PER_PAGE : (page + 1) * PER_PAGE]:
        action = actions.get(key)
        if action is None:
            continue
        at, by = (changed or {}).get(key, (None, None))
        shown.append(
            FormAction(
                card=view.card(action),
                entered=Entered(**kept["entered"].get(key, kept["shown"][key])),
                may_change=view.may_change(action),
                changed_at=at,
                changed_by_name=by,
                problems=tuple((errors or {}).get(key, {}).values()),
            )
        )
    return ActionsForm(
        token=draft.subject.removeprefix(_SUBJECT),
        questions=questions_about_actions(record),
        actions=tuple(shown),
        page=page,
        total=len(kept["keys"]),
        zone=zone_of_member(record, actor.key) if actor.key is not None else record.coalition.timezone,
        now=now,
    )


def _saved(record: Record, view: ActionsView, keys: Sequence[str]) -> SavedForm:
    return SavedForm(tuple(view.card(one) for one in record.actions if one.id in keys))


def _enter(draft: DraftRow, values: Mapping[str, str | None]) -> None:
    """Keeps what stands in the fields of a page, of this form's own actions."""
    entered = {key: asdict(one) for key, one in by_action(values).items() if key in draft.values["keys"]}
    draft.values = {**draft.values, "entered": {**draft.values["entered"], **entered}}


async def _kept(session: AsyncSession, actor: Actor, token: str) -> DraftRow:
    """The form as it was opened, held until the end of the transaction: twice sent, the second waits for the first."""
    row: DraftRow | None = await session.scalar(
        select(DraftRow)
        .where(
            DraftRow.coalition_id == actor.coalition_id,
            DraftRow.member_id == actor.member_id,
            DraftRow.subject == f"{_SUBJECT}{token}",
        )
        .with_for_update()
    )
    if row is None:
        raise UserError("I keep such a form for a week only. Copy what you wrote, close it and open it again.")
    return row


async def _locked_rows(session: AsyncSession, actor: Actor, keys: Sequence[str]) -> dict[str, ActionItemRow]:
    rows = await session.scalars(
        select(ActionItemRow)
        .where(ActionItemRow.coalition_id == actor.coalition_id, ActionItemRow.key.in_(keys))
        .order_by(ActionItemRow.id)
        .with_for_update()
    )
    return {row.key: row for row in rows}


async def _last_entries(session: AsyncSession, actor: Actor, keys: Sequence[str]) -> _Last:
    """The newest thing that happened to each of these actions, when, and whose doing it was."""
    newest = (
        select(func.max(AuditEntryRow.id))
        .join(ActionItemRow, ActionItemRow.id == AuditEntryRow.row_id)
        .where(
            AuditEntryRow.coalition_id == actor.coalition_id,
            AuditEntryRow.table_name == TABLE,
            ActionItemRow.coalition_id == actor.coalition_id,
            ActionItemRow.key.in_(keys),
        )
        .group_by(AuditEntryRow.row_id)
    )
    rows = await session.execute(
        select(ActionItemRow.key, AuditEntryRow.id, ChangeRow.at, MemberRow.key)
        .join(AuditEntryRow, AuditEntryRow.row_id == ActionItemRow.id)
        .join(ChangeRow, ChangeRow.id == AuditEntryRow.change_id)
        .outerjoin(MemberRow, MemberRow.id == ChangeRow.actor_id)
        .where(AuditEntryRow.id.in_(newest))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows.all()}


def _hash(entered: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(entered, sort_keys=True).encode()).hexdigest()
