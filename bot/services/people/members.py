"""Members of a coalition: the list, one person's facts, roles, and who stands in for whom."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bot.domain.coalition_file import is_address, is_zone
from bot.domain.outbox import HeldAccount, Item, Path, mark_of_address
from bot.domain.people import (
    CO_CHAIR,
    PAGE,
    ROLES,
    DigestByHand,
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
    path_of,
    plan_of,
    put_member,
    read_member,
    role_words,
    roles_of,
    with_member_plan,
    with_roles,
    zone_of_member,
)
from bot.domain.record import Member, Record, in_common
from bot.domain.rhythm import to_local
from bot.domain.rights import Right, coordinators
from bot.domain.typed import Known, Marks, edit_of, known_members, likeliest, match_known, require_no_clash
from bot.domain.vocabularies import COALITION_SCOPE, Access
from bot.domain.wording import cut, one_line
from bot.errors import Mistyped, Refused, UserError
from bot.services.access import Actor, ByActor, OnRecord, Service, UseCase, locked_row
from bot.services.drafts import Sent, keep_sent, sent_before
from bot.services.outbox import offer
from bot.services.people.account_links import account_row, end_request, require_own_address
from bot.services.people.outside_slack import held_accounts
from bot.store.base import id_of
from bot.store.digests import DigestForwardRow, DigestRow
from bot.store.people import MemberRow, SlackAccountRow, member_of_account

_SHOWN = 60  # characters of what somebody typed


class Members(Service):
    """Use cases around members."""

    async def page(self, actor: Actor, page: int = 0) -> MemberList:
        """A page of all members, in file order; a page that is not there is the last."""
        async with self.reading(actor) as tx:
            actor.require("members.page", record=tx.record)
            accounts = await held_accounts(tx)
        total = len(tx.record.present)
        start = min(max(page, 0), max(0, (total - 1) // PAGE)) * PAGE
        names = {one.id: one.name for one in tx.record.everything.organizations}
        return MemberList(
            lines=tuple(
                MemberLine(
                    id=member.id,
                    name=member.name,
                    organization=names[member.organization],
                    roles=role_words(tx.record, member),
                    account=_account(member, accounts.get(member.id)),
                    reads_mail=path_of(tx.record, member, accounts.get(member.id)) is Path.MAIL,
                    no_messages_about=member.no_messages_about,
                )
                for member in tx.record.present[start : start + PAGE]
            ),
            start=start,
            total=total,
            organizations=len({member.organization for member in tx.record.present}),
            former=len(tx.record.members) - total,
            may_give_roles=actor.standing.may(Right.CONFIGURE),
        )

    async def card(self, actor: Actor, key: str | None = None) -> MemberCard:
        """One member; None is oneself. Raises Refused for somebody else's where that is not one's to see."""
        async with self.reading(actor, "members.card") as tx:
            return await _card(tx, key or actor.key or "")

    async def find(self, actor: Actor, typed: str) -> str:
        """The id of the member who was named, by name, id or Slack mention. Raises UserError where it is not clear."""
        async with self.reading(actor, "members.find") as tx:
            return await find_member(tx, typed)

    async def search(self, actor: Actor, typed: str) -> tuple[Known, ...]:
        """Members by the beginning of a word of their name; everybody where nothing was typed."""
        record = await self.read_record(actor, "members.search")
        known = known_members(record)
        return tuple(Known(id=one.id, name=one.name) for one in (match_known(typed, known) if typed.strip() else known))

    async def add(self, actor: Actor, form: str, edit: MemberEdit, account: SeenAccount | None = None) -> MemberCard:
        """A new member, with the Slack account that was chosen. One who is there already is shown as they are.

        `form` identifies the form: with corrections it changes the member whom it added.
        """
        async with self.changing(actor, "members.add", alone=True) as tx:
            sent = await sent_before(tx, f"member:{form}")
            if sent is not None:
                return await self._correct(tx, form, sent, edit, account)
            if account is not None:
                linked = await member_of_account(tx.session, actor.coalition_id, account.user_id, account.team_id)
                if linked is not None:
                    return await _card(tx, linked)
            same = by_address(tx.record, edit.email)
            if same is not None:
                return await _card(tx, same.id)
            record, plan = read_member(tx.record, edit)
            _require_known(plan)
            member = new_member(record, plan)
            record, key = put_member(record, member), member.id
            await _save(tx.on(record), member)
            if account is not None:
                await _link(tx, key, account)
            reply = {"id": key, "account": account.user_id if account is not None else None}
            await keep_sent(tx, f"member:{form}", reply, plan_of(member))
            return await _card(tx.on(record), key)

    async def _correct(
        self, tx: UseCase, form: str, sent: Sent, edit: MemberEdit, account: SeenAccount | None
    ) -> MemberCard:
        """The form that added a member, sent again with corrections."""
        member = _known_member(tx.record, str(sent.reply["id"]))
        if (account.user_id if account is not None else None) != sent.reply["account"]:
            raise UserError(
                f"{member.name} is a member now, with what was chosen here before. Close this; “coalition link” says "
                "which account is whose.",
                field="account",
            )
        record, typed = read_member(tx.record, edit)
        found = sent.edit(plan_of(member), typed)
        require_no_clash(found.clashes)
        record = await _store_changes(tx.on(record), member, found.changes)
        await keep_sent(tx, f"member:{form}", sent.reply, typed)
        return await _card(tx.on(record), member.id)

    async def edit(self, actor: Actor, key: str, opened: Marks, edit: MemberEdit) -> MemberCard:
        """Changes what somebody touched of a member's name, organization, address, access and zone.

        `opened` are the marks that the form was opened with. Raises Mistakes.
        """
        async with self.changing(actor, "members.edit", alone=True) as tx:
            member = _known_member(tx.record, key)
            record, typed = read_member(tx.record, edit)
            found = edit_of(opened, plan_of(member), typed)
            require_no_clash(found.clashes)
            record = await _store_changes(tx.on(record), member, found.changes)
            return await _card(tx.on(record), key)

    async def set_stand_in(self, actor: Actor, key: str, opened: Marks, stand_in: str | None) -> MemberCard:
        """Who stands in for a member: one's own for everybody, anybody's for coordinators. The stand-in is told.

        `opened` are the marks that the form was opened with. Raises Mistakes.
        """
        async with self.changing(actor, "members.set_stand_in", alone=True) as tx:
            member = _known_member(tx.record, key)
            if member.id != actor.key and not actor.standing.may(Right.MANAGE_MEMBERS):
                raise Refused(f"{member.name} chooses who stands in. {helper_name(tx.record)} can help.")
            if stand_in == member.id:
                raise UserError("Choose somebody else: nobody stands in for themselves.", field="stand_in")
            if stand_in is not None:
                _known_member(tx.record, stand_in)
            found = edit_of(opened, {"stand_in": member.delegate}, {"stand_in": stand_in})
            require_no_clash(found.clashes)
            if found.changes:
                changed = replace(member, delegate=stand_in)
                tx = tx.on(put_member(tx.record, changed))
                await _save(tx, changed, member)
                if stand_in is not None and stand_in != actor.key:
                    await _tell(tx, stand_in, Item.STANDS_IN, member.id)
            return await _card(tx, key)

    async def mail_works(self, actor: Actor, key: str) -> MemberCard:
        """A coordinator says that mail reaches somebody from whose address it came back: what waits goes."""
        async with self.changing(actor, "members.mail_works", also_ended=True) as tx:
            row = await locked_row(tx, MemberRow, key, "I can't find this person anymore.")
            row.mail_refused = None
            await tx.session.flush()
            return await _card(tx, key)

    async def set_roles(
        self, actor: Actor, key: str, opened: Marks, wanted: Collection[str], co_chairs: Collection[str]
    ) -> MemberCard:
        """Gives a member exactly these coalition-wide roles and co-chairs. The last who may configure stays.

        Whoever has other roles than before is told. `opened` are the marks that the form was opened with: what
        nobody touched in it stays as it is. Raises Mistakes.
        """
        async with self.changing(actor, "members.set_roles", alone=True, also_ended=True) as tx:
            member = _known_member(tx.record, key)
            unknown = set(wanted) - set(ROLES) or set(co_chairs) - {one.id for one in tx.record.priorities}
            if unknown:
                raise UserError("I can't find one of these anymore. Close this and open it again.")
            typed: HeldRoles = {"roles": tuple(sorted(wanted)), "co_chairs": tuple(sorted(co_chairs))}
            found = edit_of(opened, roles_of(member), typed)
            require_no_clash(found.clashes)
            changed = with_roles(tx.record, member, found.changes)
            tx = tx.on(put_member(tx.record, changed))
            if changed != member:
                await _save(tx, changed, member)
                if key != actor.key:
                    await _tell(tx, key, Item.ROLES, "")
            return await _card(tx, key)


def _account(member: Member, account: HeldAccount | None) -> str:
    if member.access == Access.EMAIL_ONLY:
        return "email_only"
    if account is None:
        return "unlinked"
    if account.is_gone:
        return "deactivated"
    return "refused" if account.refusal is not None else "linked"


async def _card(tx: UseCase, key: str) -> MemberCard:
    member = _known_member(tx.record, key)
    manages = tx.actor.standing.may(Right.MANAGE_MEMBERS)
    if key != tx.actor.key and not manages:
        raise Refused(f"People's details are for coordinators. {helper_name(tx.record)} can help.")
    names = {one.id: one.name for one in tx.record.members}
    organization = next(one for one in tx.record.everything.organizations if one.id == member.organization)
    account = (await held_accounts(tx)).get(member.id)
    return MemberCard(
        organization=Known(id=organization.id, name=organization.name),
        stand_in=Known(id=member.delegate, name=names[member.delegate]) if member.delegate else None,
        stands_in_for=tuple(one.name for one in tx.record.present if one.delegate == member.id),
        today=tx.today,
        roles=role_words(tx.record, member),
        held=tuple(role.role for role in member.roles if role.scope == COALITION_SCOPE and role.role in ROLES),
        co_chairs=tuple(role.scope for role in member.roles if role.role == CO_CHAIR),
        priorities=tuple(Known(id=one.id, name=one.name) for one in tx.record.priorities),
        account=_account(member, account),
        may_edit=manages,
        may_give_roles=tx.actor.standing.may(Right.CONFIGURE),
        is_self=member.id == tx.actor.key,
        digest=await _by_hand(tx, key) if manages and member.access == Access.EMAIL_ONLY else None,
        mail_comes_back=manages and await _comes_back(tx, key),
        reads_mail=path_of(tx.record, member, account) is Path.MAIL,
        **in_common(MemberCard, member, "organization", "roles"),
    )


async def _comes_back(tx: UseCase, key: str) -> bool:
    row = await tx.session.scalar(select(MemberRow).where(tx.owns(MemberRow), MemberRow.key == key))
    return row is not None and row.email is not None and row.mail_refused == mark_of_address(row.email)


async def _by_hand(tx: UseCase, key: str) -> DigestByHand | None:
    """The newest digest that somebody passed on to them."""
    reader, by = aliased(MemberRow), aliased(MemberRow)
    found = await tx.session.execute(
        select(DigestRow.published_at, by.name, DigestForwardRow.passed_on_at)
        .join(DigestForwardRow, DigestForwardRow.digest_id == DigestRow.id)
        .join(reader, reader.id == DigestForwardRow.member_id)
        .outerjoin(by, by.id == DigestForwardRow.passed_on_by_id)
        .where(tx.owns(DigestForwardRow), DigestRow.published_at.is_not(None), reader.key == key)
        .order_by(DigestRow.published_at.desc(), DigestForwardRow.id.desc())
        .limit(1)
    )
    row = found.first()
    if row is None:
        return None
    published_at, name, passed_on_at = row
    assert published_at is not None, "it was asked for"
    zone = zone_of_member(tx.record, tx.actor.key)
    return DigestByHand(of=to_local(published_at, zone).date(), by=name, on=to_local(passed_on_at, zone).date())


async def find_member(tx: OnRecord, typed: str) -> str:
    """The member who was named. A step in the caller's transaction."""
    words = one_line(typed).strip("“”\"'")
    if words.startswith("<@"):
        user = words.removeprefix("<@").partition("|")[0].rstrip(">")
        found = await member_of_account(tx.session, tx.coalition_id, user)
        if found is None:
            raise UserError("That account belongs to no member yet. Add the person with “coalition members add”.")
        return found
    words_of_name = words.removeprefix("@").replace(".", " ")
    # Somebody who left is meant where nobody else is called that.
    everybody = tuple(Known(member.id, member.name) for member in tx.record.members)
    matches = match_known(words_of_name, known_members(tx.record)) or match_known(words_of_name, everybody)
    if len(matches) == 1:
        return matches[0].id
    if matches:
        names = ", ".join(one.name for one in matches[:4])
        raise UserError(f"Several people fit “{words}”: {names}. Write more of the name.")
    raise unknown_member(words, tx.record)


def unknown_member(words: str, record: Record) -> Mistyped:
    """Nobody is called that; with the one who was probably meant."""
    by_word = {word.casefold(): one for one in record.members for word in (*one.name.split(), one.name, one.id)}
    message = f"I don't know anybody called “{cut(words, _SHOWN)}”."
    return Mistyped(message, words, likeliest(words.lstrip("@"), by_word), "Try a last name or an @mention.")


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


async def _store_changes(tx: UseCase, member: Member, changes: MemberPlan) -> Record:
    """Stores what a form changed of a member, and gives the record with it. Raises Mistakes."""
    if not changes:
        return tx.record
    if "email" in changes:
        await require_own_address(tx, member)
    _require_known(changes)
    changed = with_member_plan(tx.record, member, changes)
    record = put_member(tx.record, changed)
    await _save(tx.on(record), changed, member)
    return record


def _require_known(plan: MemberPlan) -> None:
    """Raises UserError for an address or a time zone that a coalition file could not hold."""
    email, zone = plan.get("email"), plan.get("timezone")
    if email is not None and not is_address(email):
        raise UserError("That is not an e-mail address. Write one such as name@partner.example.", field="email")
    if zone is not None and not is_zone(zone):
        raise UserError("Choose a time zone: type a city, such as Chicago.", field="timezone")


async def _save(tx: UseCase, member: Member, before: Member | None = None) -> None:
    writer = tx.writer()
    if before is None or before.organization != member.organization:
        # It may have been named in the same form for the first time.
        await writer.put(next(one for one in tx.record.everything.organizations if one.id == member.organization))
    await writer.put(member, before)


async def _link(tx: ByActor, key: str, account: SeenAccount) -> None:
    member_id = await id_of(tx.session, MemberRow, tx.coalition_id, key)
    seen = await account_row(tx, account.team_id, account.user_id)
    row = seen or SlackAccountRow(
        coalition_id=tx.coalition_id, team_id=account.team_id, user_id=account.user_id, deactivated=False
    )
    row.member_id, row.timezone, row.linked_by, row.linked_at = member_id, account.timezone, "coordinator", tx.now
    tx.session.add(row)
    await tx.session.flush()
    await end_request(tx, row)


async def _tell(tx: ByActor, key: str, item: Item, about: str) -> None:
    """Says it in the person's next message."""
    member_id = await id_of(tx.session, MemberRow, tx.coalition_id, key)
    if member_id is not None:
        await offer(tx, member_id, item, about or secrets.token_hex(4))
