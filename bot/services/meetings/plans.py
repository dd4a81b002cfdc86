"""A meeting that is to be: its form, what it would mean before it is saved, and saving it once."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import time, timedelta

from bot.domain.meetings import (
    EVERYBODY,
    MOST_NAME,
    USUAL_MINUTES,
    MeetingCard,
    MeetingDraft,
    MeetingPlan,
    PlanForm,
    PlanPreview,
    agenda_days,
    attendees,
    group_of,
    has_pack,
    key_of,
    mark_of_plan,
    may_manage_group,
    next_sittings,
    parse_meeting_line,
    plan_as_it_is,
    require_sound,
    with_plan,
)
from bot.domain.packing import unpack
from bot.domain.record import Cadence, Record, lasting
from bot.domain.rhythm import describe, to_local
from bot.domain.typed import CHANGED_MEANWHILE, Known, known_members, name_mentions
from bot.domain.wording import near_day, one_line
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, Service, members_mentioned, one_at_a_time
from bot.services.drafts import Drafts, Sent, keep_sent, sent_before
from bot.services.meetings.planning import plan_ahead, refresh_ahead
from bot.services.meetings.views import MeetingsView, known_cadence, locked_cadence, meetings_now

_DRAFTS = Drafts("meeting", "I keep such a form for a week only. Open it again with “meeting add”.")


class MeetingPlans(Service):
    """Use cases around scheduling and editing meetings."""

    async def form(self, actor: Actor, *, line: str = "", key: str | None = None, token: str | None = None) -> PlanForm:
        """The form: of a new meeting as a line says it, of the one with this id, or as was filled in under `token`."""
        async with self.looking(actor, to_change=True) as tx:
            view = await meetings_now(tx)
            draft = MeetingDraft(name="")
            if token is not None:
                plan = await _DRAFTS.kept(tx, token, MeetingPlan)
            elif key is not None:
                cadence = known_cadence(view.record, key)
                view.require_manage(cadence)
                plan = plan_as_it_is(view.record, cadence, view.now)
            else:
                mentioned = await members_mentioned(tx, line)
                draft = _read_line(view, name_mentions(line, known_members(view.record), mentioned))
                plan = _new_plan(view, actor, draft)
            audiences = _audiences(view, actor, plan)
            known = _cadence_of(view.record, plan)
            return PlanForm(
                token=token or secrets.token_hex(8),
                plan=plan,
                audiences=audiences,
                rhythm=describe(known) if known is not None else None,
                zones=_zones(view.record, plan.zone),
                readers=_readers(view.record, plan.audience if plan.cadence is not None else ""),
                notes=draft.notes,
                is_complete=bool(draft.name and draft.first and draft.at and not draft.notes),
            )

    async def preview(self, actor: Actor, token: str, plan: MeetingPlan) -> PlanPreview:
        """What the meeting would mean: its next dates and who would receive what. It is kept, not saved."""
        async with self.noting(actor) as tx:
            view = await meetings_now(tx)
            plan = replace(plan, name=one_line(plan.name))
            await _DRAFTS.keep(tx, token, plan)
            plan = _of_saved(plan, await _sent(tx, token))
            made = _checked(view, actor, plan)
            known = _cadence_of(view.record, plan)
            group = group_of(view.record, made)
            return PlanPreview(
                token=token,
                plan=plan,
                rhythm=describe(made),
                upcoming=tuple(view.line(one) for one in next_sittings(made, tx.now, 5)),
                group_name=group.name if group is not None else None,
                channel=group.channel if group is not None else None,
                agenda_days=agenda_days(made),
                has_pack=has_pack(view.record, made),
                attendees=tuple(view.directory.name(key) for key in attendees(view.record, made)),
                clashes=view.clashes(made, next_sittings(made, tx.now, 5)),
                dropped=_dropped(view, known, made) if known is not None else (),
                reader_zone=view.zone,
                now=tx.now,
            )

    async def save(self, actor: Actor, token: str) -> MeetingCard:
        """Saves what was kept under `token`, once, and gives the meeting's card; corrected since, it is changed."""
        async with self.writing(actor) as tx:
            # One at a time: the id is made of the name and of those that are in use.
            await one_at_a_time(tx)
            view = await meetings_now(tx)
            sent, draft = await _sent(tx, token), await _DRAFTS.find(tx, token)
            entered = unpack(MeetingPlan, draft.values) if draft is not None else None
            if sent is not None and (entered is None or sent.is_same({"plan": entered})):
                return view.card(known_cadence(view.record, sent.reply["cadence"]))
            if entered is None:
                raise UserError(_DRAFTS.gone)
            plan = _of_saved(entered, sent)
            made = _checked(view, actor, plan)
            writer = tx.writer()
            if plan.cadence is None:
                made = replace(made, id=key_of(made.name, frozenset(one.id for one in view.record.everything.cadences)))
                await writer.put_new(made)
            else:
                row = await locked_cadence(tx, made.id)
                await writer.put(made, known_cadence(view.record, made.id), row=row)
            await keep_sent(tx, _key_of(actor, token), {"cadence": made.id}, {"plan": entered})
            await tx.session.flush()
            view = await meetings_now(tx)
            await plan_ahead(tx.on(view.unrestricted), known_cadence(view.record, made.id))
            if plan.cadence is not None:
                await refresh_ahead(tx, made.id)
            return view.card(known_cadence(view.record, made.id))


def _key_of(actor: Actor, token: str) -> str:
    return _DRAFTS.subject(f"{actor.coalition_id}:{token}")


async def _sent(tx: ByActor, token: str) -> Sent | None:
    return await sent_before(tx, _key_of(tx.actor, token))


def _of_saved(plan: MeetingPlan, sent: Sent | None) -> MeetingPlan:
    """The plan of a form that was saved before changes the meeting that it made."""
    return plan if sent is None else replace(plan, cadence=str(sent.reply["cadence"]), seen="")


def _read_line(view: MeetingsView, line: str) -> MeetingDraft:
    groups = tuple(Known(group.id, group.name) for group in lasting(view.record.groups))
    names = {group.id: group.channel for group in view.record.groups if group.channel}
    called = {one.id: one.name for one in view.record.everything.priorities}
    areas = {group.id: called[group.priority] for group in view.record.groups if group.priority in called}
    today = to_local(view.now, view.record.coalition.timezone).date()
    return parse_meeting_line(line, groups, names, today, areas, known_members(view.record))


def _new_plan(view: MeetingsView, actor: Actor, draft: MeetingDraft) -> MeetingPlan:
    if not view.may_add():
        raise Refused(
            "Meetings are scheduled by a group's chair, its priority's owner or a coordinator. A coordinator can help."
        )
    first = to_local(view.now, view.record.coalition.timezone).date() + timedelta(days=7)
    groups = [group for group in lasting(view.record.groups) if may_manage_group(actor.standing, view.record, group)]
    own = [group for group in groups if actor.key in group.members]
    chosen = next(iter(own or groups), None)
    return MeetingPlan(
        cadence=None,
        name=one_line(draft.name)[:MOST_NAME],
        audience=draft.audience or (chosen.id if chosen is not None else EVERYBODY),
        first=draft.first or first,
        at=draft.at or time(10, 0),
        # One day that was named is one meeting.
        repeats=draft.repeats or ("once" if draft.first is not None else "monthly"),
        zone=view.record.coalition.timezone,
        minutes=draft.minutes or USUAL_MINUTES,
    )


def _audiences(view: MeetingsView, actor: Actor, plan: MeetingPlan) -> tuple[Known, ...]:
    """Who can be called together by this person; of a meeting that is there, also whoever it is for."""
    found = [
        Known(group.id, group.name)
        for group in view.record.groups
        if (group.ended is None and may_manage_group(actor.standing, view.record, group)) or group.id == plan.audience
    ]
    if may_manage_group(actor.standing, view.record, None) or plan.audience == EVERYBODY:
        found.append(Known(EVERYBODY, "All members"))
    if all(one.id != plan.audience for one in found):
        found.append(Known(plan.audience, plan.audience.replace("_", " ").capitalize()))
    return tuple(found)


def _zones(record: Record, own: str) -> tuple[str, ...]:
    """The zones that people of this coalition live by, the meeting's own among them."""
    zones = [own, record.coalition.timezone, *(member.timezone for member in record.members if member.timezone)]
    return tuple(dict.fromkeys(zones))


def _readers(record: Record, audience: str) -> tuple[str, ...]:
    """Who will read of it; without an audience, of whichever group is chosen."""
    group = next((group for group in record.groups if group.id == audience), None)
    channel = [f"#{group.channel}"] if group is not None and group.channel else []
    if not audience:
        channel = ["the group's channel"]
    return (*channel, "those who are invited", "the coordinators")


def _cadence_of(record: Record, plan: MeetingPlan) -> Cadence | None:
    return known_cadence(record, plan.cadence) if plan.cadence is not None else None


def _checked(view: MeetingsView, actor: Actor, plan: MeetingPlan) -> Cadence:
    """The meeting that a plan makes. Raises UserError, with its field, for the first thing to mend."""
    record = view.record
    known = _cadence_of(record, plan)
    if known is not None:
        view.require_manage(known)
        if plan.seen and plan.seen != mark_of_plan(known):
            raise UserError(CHANGED_MEANWHILE, field="name")
    require_sound(plan)
    group = next((group for group in record.groups if group.id == plan.audience), None)
    is_as_before = known is not None and plan.audience == plan_as_it_is(record, known, view.now).audience
    if not is_as_before and not may_manage_group(actor.standing, record, group):
        chair = view.directory.name(group.chair) if group is not None and group.chair is not None else None
        helper = f"{chair} or a coordinator" if chair is not None else "A coordinator"
        raise Refused(
            f"This group's meetings are planned by its chair, its priority's owner or a coordinator. {helper} can help."
        )
    if group is None and plan.audience != EVERYBODY and not is_as_before:
        raise UserError("I can't find this group anymore. Choose another one.", field="audience")
    made = with_plan(known, plan, view.now)
    if is_as_before:
        return made
    audience = None if group is not None else EVERYBODY
    return replace(made, group=group.id if group is not None else None, audience=audience, attendees=())


def _dropped(view: MeetingsView, known: Cadence, made: Cadence) -> tuple[str, ...]:
    """What a new rule takes away of what is still ahead, in words."""
    local, today = to_local(view.now, known.timezone), to_local(view.now, view.zone).date()
    moves = [move for move in known.moves if move not in made.moves and move.to >= local]
    skips = [slot for slot in known.exdates if slot not in made.exdates and slot >= local]
    words = [
        f"the move from {near_day(move.original.date(), today)} to {near_day(move.to.date(), today)}" for move in moves
    ]
    return (*words, *(f"the skip of {near_day(slot.date(), today)}" for slot in skips))
