"""Whom Slack doesn't reach: mail in its place, else a note in a channel, else the list of those to answer for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.demo import user_id_of
from bot.domain.outbox import NO_DIRECT_MESSAGES, NOT_LINKED, State, Transport
from bot.store.audit import Author
from bot.store.people import MemberRow, SlackAccountRow
from tests.mailbox import Mailbox, mailbox, words_of
from tests.schedules.conftest import Opener
from tests.schedules.stage import Stage

MONDAY = "11-23 09:30"


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as opened:
        yield opened


@pytest.fixture
async def with_mail(open_stage: Opener, box: Mailbox) -> AsyncIterator[Stage]:
    async with open_stage(mailer=box.mailer()) as live:
        yield live


def refuse(stage: Stage, member: str, *, refused: bool = True) -> None:
    """Lets an administrator allow apps to write to this person in channels only."""
    stage.sandbox.workspace.users[user_id_of(member)].no_direct_messages = refused


async def unlink(stage: Stage, member: str) -> None:
    """As before somebody said which account is theirs."""
    author = Author(at=stage.calendar.now(), path="command_line")
    async with stage.services.database.write(author) as session:
        member_id = await session.scalar(select(MemberRow.id).where(MemberRow.key == member))
        for account in await session.scalars(select(SlackAccountRow).where(SlackAccountRow.member_id == member_id)):
            await session.delete(account)


async def address_of(stage: Stage, member: str) -> str:
    found = next(one for one in (await stage.record()).members if one.id == member)
    assert found.email is not None
    return found.email


def notes_to(stage: Stage, member: str) -> list[str]:
    """What only this person sees in channels."""
    return [
        str(call["request"]["text"])
        for call in stage.calls("chat.postEphemeral")
        if call["request"]["user"] == user_id_of(member)
    ]


async def test_whom_slack_takes_nothing_to_reads_by_mail_once(with_mail: Stage, box: Mailbox) -> None:
    stage = with_mail
    refuse(stage, "grant")
    await stage.go(MONDAY)
    (ask,) = [row for row in await stage.rows("prompts", to="grant") if row.state == State.SENT]
    assert ask.transport == Transport.MAIL
    assert len(box.to(await address_of(stage, "grant"))) == 1
    assert not stage.dm("grant")
    assert not notes_to(stage, "grant"), "mail stays, a note doesn't"
    assert len(stage.calls("conversations.open")) > 0
    found = {one.member: one for one in await stage.services.people.outside_slack(stage.operator)}
    assert found["grant"].reads_mail
    assert found["grant"].trouble == NO_DIRECT_MESSAGES["restricted_action"]


async def test_once_slack_takes_them_again_they_go_there(with_mail: Stage, box: Mailbox) -> None:
    stage = with_mail
    refuse(stage, "grant")
    await stage.go(MONDAY)
    refuse(stage, "grant", refused=False)
    await stage.go("11-24 12:00")
    assert len(stage.dm("grant")) == 1, "the reminder"
    assert len(box.to(await address_of(stage, "grant"))) == 1
    assert "grant" not in {one.member for one in await stage.services.people.outside_slack(stage.operator)}


async def test_somebody_without_an_account_reads_by_mail_until_they_are_linked(with_mail: Stage, box: Mailbox) -> None:
    stage = with_mail
    await unlink(stage, "grant")
    await stage.go(MONDAY)
    mails = box.to(await address_of(stage, "grant"))
    assert len(mails) == 1
    assert "Supplier" in words_of(mails[0])
    found = {one.member: one for one in await stage.services.people.outside_slack(stage.operator)}
    assert (found["grant"].reads_mail, found["grant"].trouble) == (True, NOT_LINKED)
    await stage.link("grant")
    await stage.go("11-24 12:00")
    assert len(stage.dm("grant")) == 1
    assert len(box.to(await address_of(stage, "grant"))) == 1


async def test_a_guest_whose_account_is_gone_reads_by_mail_and_a_full_member_waits(
    with_mail: Stage, box: Mailbox
) -> None:
    stage = with_mail
    access = {one.id: one.access for one in (await stage.record()).members}
    guest = next(one for one in ("yolanda", "grant", "imani", "marcus") if access[one] not in {"member", "email_only"})
    member = next(one for one in ("grant", "imani", "marcus", "dana") if access[one] == "member")
    for one in (guest, member):
        stage.sandbox.change_user(user_id_of(one), deleted=True)
    await stage.refresh()
    await stage.go_to_rest(MONDAY)
    assert {row.transport for row in await stage.rows("prompts", to=guest) if row.state == State.SENT} == {
        Transport.MAIL
    }
    waiting = [row for row in await stage.rows("prompts", to=member) if row.state == State.PLANNED and row.waiting]
    found = {one.member: one for one in await stage.services.people.outside_slack(stage.operator)}
    assert not found[member].reads_mail
    assert "let them take part by e-mail" in found[member].trouble.mend
    assert all("deactivated" in (row.reason or "") for row in waiting)


async def test_without_mail_a_note_in_a_channel_tells_them_once_and_it_goes_on_waiting(stage: Stage) -> None:
    refuse(stage, "grant")
    await stage.go_to_rest(MONDAY)
    await stage.hurry()
    await stage.go_to_rest("11-23 10:10")
    (note,) = notes_to(stage, "grant")
    assert "I can't write to you directly here" in note
    assert "Supplier" in note
    (ask,) = [row for row in await stage.rows("prompts", to="grant") if row.due_at <= stage.calendar.now()]
    assert (ask.state, ask.waiting, ask.reason) == (
        State.PLANNED,
        True,
        "the workspace lets me send them no direct message: ask a workspace admin to allow it",
    )
    found = {one.member: one for one in await stage.services.people.outside_slack(stage.operator)}
    assert (found["grant"].reads_mail, found["grant"].open_checkins) == (False, 1)
    undelivered = await stage.services.undeliveries.page(await stage.actor("omar"))
    assert "Grant Okafor" in undelivered.names
    # Once the setting is mended, what waits goes, once.
    refuse(stage, "grant", refused=False)
    await stage.hurry()
    await stage.go("11-23 12:00")
    assert len(stage.dm("grant")) == 1
    assert len(notes_to(stage, "grant")) == 1


async def test_a_request_to_stand_in_is_never_told_of_in_a_channel(stage: Stage) -> None:
    record = await stage.record()
    delegate = next(one.delegate for one in record.members if one.id == "grant")
    assert delegate is not None
    refuse(stage, delegate)
    await stage.go_to_rest("11-24 10:30")
    waiting = [row for row in await stage.rows("prompts", to=delegate) if row.waiting]
    assert waiting
    assert not [note for note in notes_to(stage, delegate) if "stand" in note.lower() or "Supplier" in note]
