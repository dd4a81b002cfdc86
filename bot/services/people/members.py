"""Members of a coalition: the list, one person's facts, roles, and who stands in for whom."""

from __future__ import annotations

import difflib
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.coalition_file import is_address, is_zone
from bot.domain.outbox import Item
from bot.domain.people import (
    CO_CHAIR,
    PAGE,
    ROLES,
    HeldRoles,
    MemberCard,
    MemberEdit,
    MemberLine,
    MemberList,
    MemberPlan,
    SeenAccount,
    admins,
    by_address,
    new_member,
    plan_of,
    put_member,
    read_member,
    role_words,
    roles_of,
    with_member_plan,
    with_roles,
)
from bot.domain.record import Member, Record, in_common
from bot.domain.rights import Right, coordinators
from bot.domain.typed import Known, Marks, edit_of, match_known, require_no_clash
from bot.domain.vocabularies import COALITION_SCOPE, Access
from bot.domain.wording import cut, one_line
from bot.errors import Mistyped, Refused, UserError
from bot.services.access import Actor, Service
from bot.services.drafts import Sent, keep_sent, sent_before
from bot.services.outbox import offer
from bot.services.people.account_links import account_row, end_request, require_own_address
from bot.store.base import id_of
from bot.store.people import MemberRow, SlackAccountRow, deactivated_by_member, member_of_account
from bot.store.record import Writer

_SHOWN = 60  # characters of what somebody typed


class Members(Service):
    """Use cases around members."""

    async def page(self, actor: Actor, page: int = 0) -> MemberList:
        """A page of all members, in file order; a page that is not there is the last."""
        async with self.reading(actor) as (session, record, _now):
            actor.require("members.page", record=record)
            accounts = await deactivated_by_member(session, actor.coalition_id)
        total = len(record.members)
        start = min(max(page, 0), max(0, (total - 1) // PAGE)) * PAGE
        names = {one.id: one.name for one in record.organizations}
        return MemberList(
            lines=tuple(
                MemberLine(
                    id=member.id,
                    name=member.name,
                    organization=names[member.organization],
                    roles=role_words(record, member),
                    account=_account(member, accounts),
                    no_messages_about=member.no_messages_about,
                )
                for member in record.members[start : start + PAGE]
            ),
            start=start,
            total=total,
            organizations=len({member.organization for member in record.members}),
            may_give_roles=actor.standing.may(Right.CONFIGURE),
        )

    async def card(self, actor: Actor, key: str | None = None) -> MemberCard:
        """One member; None is oneself. Raises Refused for somebody else's where that is not one's to see."""
        async with self.reading(actor, "members.card") as (session, record, _now):
            return await _card(session, actor, record, key or actor.key or "")

    async def find(self, actor: Actor, typed: str) -> str:
        """The id of the member who was named, by name, id or Slack mention. Raises UserError where it is not clear."""
        async with self.reading(actor, "members.find") as (session, record, _now):
            return await find_member(session, record, actor.coalition_id, typed)

    async def search(self, actor: Actor, typed: str) -> tuple[Known, ...]:
        """Members by the beginning of a word of their name; everybody where nothing was typed."""
        record = await self.read_record(actor, "members.search")
        known = tuple(Known(member.id, member.name) for member in record.members)
        return tuple(Known(id=one.id, name=one.name) for one in (match_known(typed, known) if typed.strip() else known))

    async def add(self, actor: Actor, form: str, edit: MemberEdit, account: SeenAccount | None = None) -> MemberCard:
        """A new member, with the Slack account that was chosen. One who is there already is shown as they are.

        `form` identifies the form: with corrections it changes the member whom it added.
        """
        async with self.changing(actor, "members.add", alone=True) as (session, record, now):
            sent = await sent_before(session, actor, f"member:{form}")
            if sent is not None:
                return await self._correct(session, actor, record, form, sent, edit, account, now)
            if account is not None:
                linked = await member_of_account(session, actor.coalition_id, account.user_id)
                if linked is not None:
                    return await _card(session, actor, record, linked)
            same = by_address(record, edit.email)
            if same is not None:
                return await _card(session, actor, record, same.id)
            record, plan = read_member(record, edit)
            _require_known(plan)
            member = new_member(record, plan)
            record, key = put_member(record, member), member.id
            await _save(session, actor, record, member)
            if account is not None:
                await _link(session, actor, key, account, now)
            reply = {"id": key, "account": account.user_id if account is not None else None}
            await keep_sent(session, actor, f"member:{form}", reply, plan_of(member), now)
            return await _card(session, actor, record, key)

    async def _correct(
        self,
        session: AsyncSession,
        actor: Actor,
        record: Record,
        form: str,
        sent: Sent,
        edit: MemberEdit,
        account: SeenAccount | None,
        now: datetime,
    ) -> MemberCard:
        """The form that added a member, sent again with corrections."""
        member = _known_member(record, str(sent.reply["id"]))
        if (account.user_id if account is not None else None) != sent.reply["account"]:
            raise UserError(
                f"{member.name} is a member now, with what was chosen here before. Close this; “coalition link” says "
                "which account is whose.",
                field="account",
            )
        record, typed = read_member(record, edit)
        found = sent.edit(plan_of(member), typed)
        require_no_clash(found.clashes)
        record = await _store_changes(session, actor, record, member, found.changes)
        await keep_sent(session, actor, f"member:{form}", sent.reply, typed, now)
        return await _card(session, actor, record, member.id)

    async def edit(self, actor: Actor, key: str, opened: Marks, edit: MemberEdit) -> MemberCard:
        """Changes what somebody touched of a member's name, organization, address, access and zone.

        `opened` are the marks that the form was opened with. Raises Mistakes.
        """
        async with self.changing(actor, "members.edit", alone=True) as (session, record, _now):
            member = _known_member(record, key)
            record, typed = read_member(record, edit)
            found = edit_of(opened, plan_of(member), typed)
            require_no_clash(found.clashes)
            record = await _store_changes(session, actor, record, member, found.changes)
            return await _card(session, actor, record, key)

    async def set_stand_in(self, actor: Actor, key: str, opened: Marks, stand_in: str | None) -> MemberCard:
        """Who stands in for a member: one's own for everybody, anybody's for coordinators. The stand-in is told.

        `opened` are the marks that the form was opened with. Raises Mistakes.
        """
        async with self.changing(actor, "members.set_stand_in", alone=True) as (session, record, now):
            member = _known_member(record, key)
            if member.id != actor.key and not actor.standing.may(Right.MANAGE_MEMBERS):
                raise Refused(f"{member.name} chooses who stands in. {helper_name(record)} can help.")
            if stand_in == member.id:
                raise UserError("Choose somebody else: nobody stands in for themselves.", field="stand_in")
            if stand_in is not None:
                _known_member(record, stand_in)
            found = edit_of(opened, {"stand_in": member.delegate}, {"stand_in": stand_in})
            require_no_clash(found.clashes)
            if found.changes:
                changed = replace(member, delegate=stand_in)
                record = put_member(record, changed)
                await _save(session, actor, record, changed, member)
                if stand_in is not None and stand_in != actor.key:
                    await _tell(session, actor, stand_in, Item.STANDS_IN, member.id, now)
            return await _card(session, actor, record, key)

    async def set_roles(
        self, actor: Actor, key: str, opened: Marks, wanted: Collection[str], co_chairs: Collection[str]
    ) -> MemberCard:
        """Gives a member exactly these coalition-wide roles and co-chairs. The last who may configure stays.

        Whoever has other roles than before is told. `opened` are the marks that the form was opened with: what
        nobody touched in it stays as it is. Raises Mistakes.
        """
        async with self.changing(actor, "members.set_roles", alone=True) as (session, record, now):
            member = _known_member(record, key)
            unknown = set(wanted) - set(ROLES) or set(co_chairs) - {one.id for one in record.priorities}
            if unknown:
                raise UserError("I can't find one of these anymore. Close this and open it again.")
            typed: HeldRoles = {"roles": tuple(sorted(wanted)), "co_chairs": tuple(sorted(co_chairs))}
            found = edit_of(opened, roles_of(member), typed)
            require_no_clash(found.clashes)
            changed = with_roles(record, member, found.changes)
            record = put_member(record, changed)
            if changed != member:
                await _save(session, actor, record, changed, member)
                if key != actor.key:
                    await _tell(session, actor, key, Item.ROLES, "", now)
            return await _card(session, actor, record, key)


def _account(member: Member, accounts: dict[str, bool]) -> str:
    if member.access == Access.EMAIL_ONLY:
        return "email_only"
    if member.id not in accounts:
        return "unlinked"
    return "deactivated" if accounts[member.id] else "linked"


async def _card(session: AsyncSession, actor: Actor, record: Record, key: str) -> MemberCard:
    member = _known_member(record, key)
    manages = actor.standing.may(Right.MANAGE_MEMBERS)
    if key != actor.key and not manages:
        raise Refused(f"People's details are for coordinators. {helper_name(record)} can help.")
    names = {one.id: one.name for one in record.members}
    organization = next(one for one in record.organizations if one.id == member.organization)
    return MemberCard(
        organization=Known(id=organization.id, name=organization.name),
        stand_in=Known(id=member.delegate, name=names[member.delegate]) if member.delegate else None,
        stands_in_for=tuple(one.name for one in record.members if one.delegate == member.id),
        roles=role_words(record, member),
        held=tuple(role.role for role in member.roles if role.scope == COALITION_SCOPE and role.role in ROLES),
        co_chairs=tuple(role.scope for role in member.roles if role.role == CO_CHAIR),
        priorities=tuple(Known(id=one.id, name=one.name) for one in record.priorities),
        account=_account(member, await deactivated_by_member(session, actor.coalition_id)),
        may_edit=manages,
        may_give_roles=actor.standing.may(Right.CONFIGURE),
        is_self=member.id == actor.key,
        **in_common(MemberCard, member, "organization", "roles"),
    )


async def find_member(session: AsyncSession, record: Record, coalition_id: int, typed: str) -> str:
    """The member who was named. A step in the caller's transaction."""
    words = one_line(typed).strip("“”\"'")
    if words.startswith("<@"):
        user = words.removeprefix("<@").partition("|")[0].rstrip(">")
        found = await member_of_account(session, coalition_id, user)
        if found is None:
            raise UserError("That account belongs to no member yet. Add the person with “coalition members add”.")
        return found
    known = tuple(Known(member.id, member.name) for member in record.members)
    matches = match_known(words.removeprefix("@").replace(".", " "), known)
    if len(matches) == 1:
        return matches[0].id
    if matches:
        names = ", ".join(one.name for one in matches[:4])
        raise UserError(f"Several people fit “{words}”: {names}. Write more of the name.")
    raise unknown_member(words, record)


def unknown_member(words: str, record: Record) -> Mistyped:
    """Nobody is called that; with the one who was probably meant."""
    by_word = {word.casefold(): one for one in record.members for word in (*one.name.split(), one.name, one.id)}
    near = difflib.get_close_matches(words.casefold().lstrip("@"), list(by_word), n=1, cutoff=0.6)
    meant = by_word[near[0]] if near else None
    return Mistyped(
        f"I don't know anybody called “{cut(words, _SHOWN)}”.",
        words,
        meant.id if meant is not None else None,
        meant.name if meant is not None else None,
        "Try a last name or an @mention.",
    )


def _known_member(record: Record, key: str) -> Member:
    found = next((one for one in record.members if one.id == key), None)
    if found is None:
        raise UserError("I can't find this member anymore. Type /coalition members for the list.")
    return found


def helper_name(record: Record) -> str:
    """A coordinator, to be named where one is needed."""
    found = next(iter(coordinators(record)), None)
    return found.name if found is not None else "A coordinator"


def admin_name(record: Record) -> str:
    """Who may configure the coalition, to be named where that is needed."""
    first = next(iter(admins(record)), None)
    return next((one.name for one in record.members if one.id == first), "An admin")


async def _store_changes(
    session: AsyncSession, actor: Actor, record: Record, member: Member, changes: MemberPlan
) -> Record:
    """Stores what a form changed of a member, and gives the record with it. Raises Mistakes."""
    if not changes:
        return record
    if "email" in changes:
        await require_own_address(session, actor, record, member)
    _require_known(changes)
    changed = with_member_plan(record, member, changes)
    record = put_member(record, changed)
    await _save(session, actor, record, changed, member)
    return record


def _require_known(plan: MemberPlan) -> None:
    """Raises UserError for an address or a time zone that a coalition file could not hold."""
    email, zone = plan.get("email"), plan.get("timezone")
    if email is not None and not is_address(email):
        raise UserError("That is not an e-mail address. Write one such as name@partner.example.", field="email")
    if zone is not None and not is_zone(zone):
        raise UserError("Choose a time zone: type a city, such as Chicago.", field="timezone")


async def _save(
    session: AsyncSession, actor: Actor, record: Record, member: Member, before: Member | None = None
) -> None:
    writer = Writer(session, actor.coalition_id)
    if before is None or before.organization != member.organization:
        # It may have been named in the same form for the first time.
        await writer.put(next(one for one in record.organizations if one.id == member.organization))
    await writer.put(member, before)


async def _link(session: AsyncSession, actor: Actor, key: str, account: SeenAccount, now: datetime) -> None:
    member_id = await id_of(session, MemberRow, actor.coalition_id, key)
    seen = await account_row(session, actor.coalition_id, account.user_id)
    row = seen or SlackAccountRow(
        coalition_id=actor.coalition_id, team_id=account.team_id, user_id=account.user_id, deactivated=False
    )
    row.member_id, row.timezone, row.linked_by, row.linked_at = member_id, account.timezone, "coordinator", now
    session.add(row)
    await session.flush()
    await end_request(session, actor, row, now)


async def _tell(session: AsyncSession, actor: Actor, key: str, item: Item, about: str, now: datetime) -> None:
    """Says it in the person's next message."""
    member_id = await id_of(session, MemberRow, actor.coalition_id, key)
    if member_id is not None:
        await offer(session, actor.coalition_id, member_id, item, about or secrets.token_hex(4), now)
