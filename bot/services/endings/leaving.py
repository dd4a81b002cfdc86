"""A member leaves: what is theirs is listed and handed over, and whoever has it now is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from bot.domain.endings import (
    FormerMember,
    FormerMembers,
    HandedOver,
    Leaving,
    LeavingForm,
    Left,
    decode_handed_over,
    encode_handed_over,
    leave,
    lowered,
    suggest_successor,
    take_part_again,
)
from bot.domain.outbox import Item
from bot.domain.record import Held, Holdings, Member, Record, holdings_of
from bot.domain.rights import Right
from bot.domain.typed import Known, Marks, edit_of, require_no_clash
from bot.errors import Refused, UserError
from bot.services.access import Actor, Addressee, OnRecord, Service, UseCase
from bot.services.endings.writing import write_difference
from bot.services.outbox import offer
from bot.services.people import helper_name, may_configure
from bot.store.base import ids_of
from bot.store.people import MemberRow


class Leavings(Service):
    """Use cases around members who leave."""

    async def form(self, actor: Actor, key: str) -> LeavingForm:
        """What is theirs, and who would come first for it. Raises Refused where only an admin may say so."""
        async with self.reading(actor, "leavings.form") as tx:
            member = _member(tx.record, key)
            _require(tx, member)
            first = suggest_successor(tx.record, member)
            return LeavingForm(
                id=member.id,
                name=member.name,
                organization=_organization(tx.record, member),
                today=tx.today,
                last_day=member.ended,
                # What has an end may end after they leave.
                holdings=holdings_of(tx.record, member.id, tx.today - timedelta(days=1)),
                suggested=Known(first.id, first.name) if first is not None else None,
            )

    async def leave(self, actor: Actor, key: str, opened: Marks, plan: Leaving) -> Left:
        """Keeps the last day and hands over what hangs on them; each who gets something is told once.

        `opened` are the marks that the form was opened with. The same sent twice changes nothing. Raises UserError by
        the field to mend, Refused where only an admin may say so.
        """
        async with self.changing(actor, "leavings.leave", alone=True, also_ended=True) as tx:
            member = _member(tx.record, key)
            _require(tx, member)
            was, typed = {"last_day": member.ended}, {"last_day": plan.last_day}
            require_no_clash(edit_of(opened, was, typed).clashes)
            held = holdings_of(tx.record, key, plan.last_day)
            after = leave(tx.record, key, plan, tx.today)
            await write_difference(tx, tx.record, after)
            taken = _taken(held, after, plan)
            await _tell(tx, key, held, taken)
            return Left(
                id=key,
                name=member.name,
                last_day=plan.last_day,
                today=tx.today,
                taken=tuple((name, tuple(one.name for one in things)) for name, things in _named(after, taken)),
                quorums=lowered(tx.record, after, plan.last_day),
            )

    async def take_part_again(self, actor: Actor, key: str) -> str:
        """Somebody who left, or was about to, takes part again; their name. Twice is once."""
        async with self.changing(actor, "leavings.take_part_again", alone=True, also_ended=True) as tx:
            member = _member(tx.record, key)
            if member.ended is not None:
                home = next(one for one in tx.record.everything.organizations if one.id == member.organization)
                if home.ended is not None:
                    raise UserError(f"Their organization, {home.name}, has an end too. Reopen it first.")
                await tx.writer().put(take_part_again(member), member)
            return member.name

    async def former(self, actor: Actor) -> FormerMembers:
        """Those who left or are about to, the latest first."""
        async with self.reading(actor, "leavings.former") as tx:
            record, today = tx.record, tx.today
        found = (
            FormerMember(id=one.id, name=one.name, organization=_organization(record, one), last_day=one.ended)
            for one in record.members
            if one.ended is not None
        )
        return FormerMembers(lines=tuple(sorted(found, key=lambda one: one.last_day, reverse=True)), today=today)


async def read_handed_over(tx: OnRecord, to: Addressee, about: str) -> HandedOver | None:
    """What of it is still with whoever was told; None where nothing is."""
    key, ids = decode_handed_over(about)
    member = next((one for one in tx.record.members if one.id == key), None)
    if member is None:
        return None
    mine = holdings_of(tx.record, to.key)
    return HandedOver(
        name=member.name,
        organization=_organization(tx.record, member),
        last_day=member.ended,
        **{
            kind: tuple(one.name for one in getattr(mine, kind) if one.id in ids.get(kind, ()))
            for kind in ("priorities", "chairs", "figures", "work", "principals")
        },
    )


def _require(tx: UseCase, member: Member) -> None:
    if tx.actor.standing.may(Right.CONFIGURE) or not may_configure(tx.record, member.id):
        return
    raise Refused(f"{member.name} may change everything here. {helper_name(tx.record)} can help.")


def _member(record: Record, key: str) -> Member:
    found = next((one for one in record.members if one.id == key), None)
    if found is None:
        raise UserError("I can't find this member anymore. Type /coalition members for the list.")
    return found


def _organization(record: Record, member: Member) -> str:
    return next(one.name for one in record.everything.organizations if one.id == member.organization)


def _taken(held: Holdings, after: Record, plan: Leaving) -> Mapping[str, Mapping[str, tuple[Held, ...]]]:
    """What each new holder (a member's id) has of it, by kind."""
    found: dict[str, dict[str, tuple[Held, ...]]] = {}
    for kind, chosen in (
        ("priorities", plan.priorities),
        ("chairs", plan.chairs),
        ("figures", plan.figures),
        ("work", plan.work),
        ("principals", plan.stand_in),
    ):
        things: tuple[Held, ...] = getattr(held, kind)
        if kind == "principals":
            things = tuple(one for one in things if _stands_in(after, one.id) == chosen)
        if chosen is not None and things:
            found.setdefault(chosen, {})[kind] = things
    return found


def _stands_in(record: Record, member: str) -> str | None:
    return next(one.delegate for one in record.members if one.id == member)


def _named(
    record: Record, taken: Mapping[str, Mapping[str, tuple[Held, ...]]]
) -> Iterable[tuple[str, tuple[Held, ...]]]:
    names = {one.id: one.name for one in record.members}
    for key, kinds in taken.items():
        yield names[key], tuple(one for things in kinds.values() for one in things)


async def tell_takers(tx: UseCase, after: Record, key: str, plan: Leaving) -> None:
    """Tells each who has something now of a member who leaves with their organization."""
    held = holdings_of(tx.record, key, plan.last_day)
    await _tell(tx, key, held, _taken(held, after, plan))


async def _tell(tx: UseCase, key: str, held: Holdings, taken: Mapping[str, Mapping[str, tuple[Held, ...]]]) -> None:
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id, set(taken)) if taken else {}
    for taker, kinds in taken.items():
        if taker != tx.actor.key:
            about = encode_handed_over(key, {kind: tuple(one.id for one in things) for kind, things in kinds.items()})
            await offer(tx, ids[taker], Item.HANDED_OVER, about)
