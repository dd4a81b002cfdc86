"""Letters: a coordinator writes to a member, or a member to the coordinators, through the bot and by name."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import Kind, Whereabouts
from bot.domain.people import (
    MOST_A_DAY,
    Letter,
    LetterForm,
    NoteReadBack,
    checked_words,
    note_replied_to,
    zone_of_member,
)
from bot.domain.record import Member, Record
from bot.domain.rights import Right, coordinators
from bot.domain.typed import known_members, name_mentions
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, OnRecord, Service, UseCase, members_mentioned
from bot.services.drafts import Drafts
from bot.services.outbox import post, refresh_posts, troubles_of, where_posts_are
from bot.store.base import id_of, ids_of
from bot.store.checkins import PrivateNoteRow
from bot.store.database import parameter, prepared
from bot.store.people import LetterRow, MemberRow, SlackAccountRow
from bot.store.record import read_rows

NOTES = Drafts("note", "I don't have these words anymore. Type “ask” and them again.")
NOBODY = "There is nobody to write to: you coordinate this coalition alone."


class Letters(Service):
    """Use cases around letters."""

    async def form(self, actor: Actor, to: str) -> LetterForm:
        """The form to write to a member. Raises Refused unless one of the two is a coordinator."""
        async with self.reading(actor, "letters.form", to_change=True) as tx:
            receiver = _receiver(actor, tx.record, to)
            member_id = await id_of(tx.session, MemberRow, actor.coalition_id, receiver.id)
            troubles = await troubles_of(tx, [member_id] if member_id is not None else [])
        return replace(form_to(tx.record, actor, receiver), trouble=troubles.get(member_id or 0))

    async def where(self, actor: Actor, key: str) -> tuple[Whereabouts, ...]:
        """Where the words are that this person sent under a `key`, by receiver."""
        async with self.looking(actor, "letters.where") as tx:
            letters = await tx.session.scalars(
                select(LetterRow.id).where(LetterRow.submission_key == _full_key(actor, key)).order_by(LetterRow.id)
            )
            abouts = [str(one) for one in letters]
            wheres = await where_posts_are(tx, Kind.LETTER, abouts)
        return tuple(one for about in abouts for one in wheres[about])

    async def read_back(self, actor: Actor, text: str) -> NoteReadBack:
        """Words to the coordinators as they would go: kept, and not sent. Raises UserError for what can't be sent."""
        token = secrets.token_hex(8)
        async with self.keeping(actor, "letters.read_back") as tx:
            mentioned = await members_mentioned(tx, text)
            words = checked_words(name_mentions(text, known_members(tx.record), mentioned))
            receivers = [member.name for member in coordinators(tx.record) if member.id != actor.key]
            if not receivers:
                raise UserError(NOBODY)
            await NOTES.keep(tx, token, {"text": words})
        return NoteReadBack(token=token, receivers=tuple(receivers), text=words)

    async def kept(self, actor: Actor, token: str) -> str:
        """Words that were read back and are kept. Raises UserError where they aren't anymore."""
        async with self.looking(actor, "letters.kept") as tx:
            return str((await NOTES.values(tx, token))["text"])

    async def send(self, actor: Actor, key: str, to: Sequence[str], text: str) -> tuple[str, ...]:
        """Sends words to members, in the sender's name; returns the receivers' names. The same `key` sends once, and
        with other words changes what it sent.

        `to` are members' ids; none stands for the coordinators.
        """
        actor.require("letters.send")
        words = checked_words(text)
        async with self.changing(actor) as tx:
            wanted = to or [member.id for member in coordinators(tx.record) if member.id != actor.key]
            receivers = [_receiver(actor, tx.record, one) for one in wanted]
            if not receivers:
                raise UserError(NOBODY)
            if not actor.standing.may(Right.WRITE_TO):
                await _require_room(tx, key)
            await correct_letters(tx, key, words)
            await write_letters(tx, key, {one.id: words for one in receivers})
            return tuple(one.name for one in receivers)


def form_to(record: Record, actor: Actor, receiver: Member) -> LetterForm:
    """The form in which this person writes to a member."""
    sender = next(member for member in record.members if member.id == actor.key)
    return LetterForm(
        sender_name=sender.name,
        receiver=receiver.id,
        receiver_name=receiver.name,
        receiver_organization=_organization(record, receiver),
        reachable=record.reaches(receiver),
        may_mend=actor.standing.may(Right.MANAGE_MEMBERS),
    )


async def write_letters(tx: ByActor, key: str, words: Mapping[str, str], *, about: str = "") -> None:
    """Writes to each member (by id) what is for them; what this `key` wrote before stays as it is."""
    ids = await ids_of(tx.session, MemberRow, tx.coalition_id, words)
    full_key = _full_key(tx.actor, key)
    there = set(await tx.session.scalars(select(LetterRow.receiver_id).where(LetterRow.submission_key == full_key)))
    for member, text in words.items():
        if ids[member] in there:
            continue
        letter = LetterRow(
            coalition_id=tx.coalition_id,
            submission_key=full_key,
            sender_id=tx.actor.member_id,
            receiver_id=ids[member],
            text=text,
            about=about,
            written_at=tx.now,
        )
        tx.session.add(letter)
        await tx.session.flush()
        await post(tx, Kind.LETTER, str(letter.id), member_id=ids[member])


async def correct_letters(tx: ByActor, key: str, words: str) -> None:
    """The same form sent again with other words: what it wrote says these, also where it has arrived."""
    letters = await tx.session.scalars(select(LetterRow).where(LetterRow.submission_key == _full_key(tx.actor, key)))
    for letter in letters.all():
        if letter.text != words:
            letter.text = words
            await tx.session.flush()
            await refresh_posts(tx, Kind.LETTER, str(letter.id))


def _full_key(actor: Actor, key: str) -> str:
    return f"{actor.coalition_id}:{key}"


async def _require_room(tx: UseCase, key: str) -> None:
    """Raises UserError where somebody has written to the coordinators as often today as a day allows."""
    zone = ZoneInfo(zone_of_member(tx.record, tx.actor.key or ""))
    today = datetime.combine(tx.now.astimezone(zone).date(), time(), zone)
    mine = (tx.owns(LetterRow), LetterRow.sender_id == tx.actor.member_id)
    keys = set(await tx.session.scalars(select(LetterRow.submission_key).where(*mine, LetterRow.written_at >= today)))
    if len(keys) < MOST_A_DAY or _full_key(tx.actor, key) in keys:
        return
    names = [one.name for one in coordinators(tx.record)] or ["one of them"]
    raise UserError(
        f"You have written to the coordinators {len(keys)} times today, and they have all of it. From tomorrow you can "
        f"write again; what can't wait goes quickest as a direct message to {names[0]}.",
        field="text",
    )


_WITH_SENDER = prepared(
    select(
        LetterRow,
        select(SlackAccountRow.user_id)
        .where(SlackAccountRow.member_id == LetterRow.sender_id, SlackAccountRow.deactivated.is_(False))
        .order_by(SlackAccountRow.id)
        .limit(1)
        .scalar_subquery(),
    ).where(LetterRow.id.in_(bindparam("ids", expanding=True)), LetterRow.coalition_id == parameter("coalition"))
)


async def read_letters(tx: OnRecord, abouts: Collection[str]) -> dict[str, Letter]:
    """What letters say, by what their deliveries are about; those that aren't there are left out."""
    rows = await tx.session.execute(_WITH_SENDER, {"ids": sorted(map(int, abouts)), "coalition": tx.coalition_id})
    people = await read_rows(tx.session, tx.coalition_id, "members")
    members = {member.id: member for member in tx.record.members}
    staff = {member.id for member in coordinators(tx.record)}
    found = {}
    for letter, user_id in rows:
        sender, receiver = members[people[letter.sender_id]["key"]], members[people[letter.receiver_id]["key"]]
        found[str(letter.id)] = Letter(
            sender=sender.id,
            sender_name=sender.name,
            sender_organization=_organization(tx.record, sender),
            sender_account=user_id,
            receiver_name=receiver.name,
            text=letter.text,
            about=letter.about,
            quoted=await _quoted(tx.session, letter),
            written_at=letter.written_at,
            may_answer=sender.id in staff or receiver.id in staff,
            zone=zone_of_member(tx.record, receiver.id),
        )
    return found


async def _quoted(session: AsyncSession, letter: LetterRow) -> str | None:
    """The note that a letter replies to, in its author's words; None once that is taken back."""
    note_id = note_replied_to(letter.about)
    if note_id is None:
        return None
    text: str | None = await session.scalar(
        select(PrivateNoteRow.text).filter_by(
            coalition_id=letter.coalition_id, id=note_id, author_id=letter.receiver_id
        )
    )
    return text


def _receiver(actor: Actor, record: Record, to: str) -> Member:
    found = next((member for member in record.members if member.id == to), None)
    if found is None:
        raise UserError("I can't find this person anymore.")
    staff: Collection[str] = {member.id for member in coordinators(record)}
    if not actor.standing.may(Right.WRITE_TO) and to not in staff:
        helper = next(iter(coordinators(record)), None)
        who = f"{helper.name} can" if helper is not None else "A coordinator can"
        raise Refused(f"I pass on words to and from the coordinators. {who} write to {found.name} for you.")
    return found


def _organization(record: Record, member: Member) -> str:
    return next(
        (item.name for item in record.everything.organizations if item.id == member.organization), member.organization
    )
