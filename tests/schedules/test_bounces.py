"""Mail that came back: told with its mend, and nothing more goes to an address that doesn't exist until somebody sees
to it. Whatever else is written to that mailbox changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import delete, select

from bot.domain.outbox import State
from bot.errors import Unavailable
from bot.services.sending.bounces import ALONE
from bot.store.audit import Author
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow, SettingRow, SlackAccountRow
from schedules.bounces import BounceReader
from schedules.scheduler import Ticks
from tests.examples import one_in, part
from tests.imap_box import ImapBox, imap_box, sample
from tests.mailbox import Mailbox
from tests.schedules.conftest import Opener
from tests.schedules.stage import Stage
from tests.schedules.test_heartbeat import beating
from tests.schedules.test_mail import CHARLOTTE, LORNA

REFUSED = "this address doesn't exist: correct it with /coalition members, or say that it works"


@pytest.fixture
async def back() -> AsyncIterator[ImapBox]:
    async with imap_box() as opened:
        yield opened


@pytest.fixture
def stage(mailed: Stage) -> Stage:
    """The digest has been mailed to the two who read by e-mail."""
    return mailed


async def copy_to(stage: Stage, name: str) -> DeliveryRow:
    (row,) = await stage.rows("digest_copy", to=name)
    return row


async def comes_back(stage: Stage, back: ImapBox, *mails: bytes) -> None:
    """These come to the mailbox, and it is read."""
    await back.put(*mails)
    await look(stage, back)
    await stage.settle()


async def give_turn(stage: Stage) -> None:
    """No process has begun to read lately."""
    async with stage.services.database.write() as session:
        await session.execute(delete(SettingRow).where(SettingRow.name == "bounces"))


async def look(stage: Stage, back: ImapBox) -> None:
    await give_turn(stage)
    await BounceReader(stage.services, back.bounces()).run()


async def refused(stage: Stage, name: str) -> bool:
    """Whether nothing more goes to their address."""
    async with stage.services.database.read() as session:
        row = (await session.scalars(select(MemberRow).filter_by(key=name))).one()
        return row.mail_refused is not None


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("name", "why", "is_address"),
    one_in(
        2,
        [
            ("postfix", REFUSED, True),
            ("exim", "the mailbox of this address is full: write to them another way", False),
            (
                "exchange",
                REFUSED.replace(
                    "this address doesn't exist", "the mail server of this address takes no mail from here"
                ),
                True,
            ),
        ],
    ),
)
async def test_a_mail_that_came_back_is_refused_with_its_reason(
    stage: Stage, back: ImapBox, name: str, why: str, is_address: bool
) -> None:
    copy = await copy_to(stage, "lorna")
    await comes_back(stage, back, sample(name, copy.key, LORNA))
    copy = await copy_to(stage, "lorna")
    assert (copy.state, copy.reason) == (State.FAILED, why)
    assert await refused(stage, "lorna") is is_address
    assert (await copy_to(stage, "charlotte")).state == State.SENT
    told = str([message.blocks for message in stage.dm("omar")])
    assert "Lorna Pruitt" in told
    assert why.partition(":")[0] in told
    # Said once more it is as once.
    before = len(stage.dm("omar"))
    await comes_back(stage, back, sample(name, copy.key, LORNA))
    assert len(stage.dm("omar")) == before


async def test_nothing_more_goes_to_an_address_that_does_not_exist_until_it_is_corrected(
    stage: Stage, box: Mailbox, back: ImapBox
) -> None:
    await comes_back(stage, back, sample("postfix", (await copy_to(stage, "lorna")).key, LORNA))
    await stage.services.letters.send(await stage.actor("dana"), "a letter", ["lorna"], "The offer is out.")
    await stage.main.round()
    assert len(box.to(LORNA)) == 1
    (waiting,) = [row for row in await stage.rows("letter", to="lorna") if row.state == State.PLANNED and row.reason]
    assert waiting.reason == "mail to this address comes back: correct it with /coalition members, or say that it works"
    page = await stage.services.undeliveries.page(await stage.actor("omar"))
    assert "Lorna Pruitt" in page.names
    record = await stage.record()
    members = tuple(replace(one, email="lorna@new.example") if one.id == "lorna" else one for one in record.members)
    await stage.change(replace(record, members=members))
    await stage.services.deliveries.wake_waiting(stage.coalition_id)
    await stage.settle()
    assert len(box.to("lorna@new.example")) == 1


async def test_whoever_reads_by_mail_while_slack_doesn_t_reach_them_is_listed_too(
    open_stage: Opener, box: Mailbox, back: ImapBox
) -> None:
    async with open_stage(mailer=box.mailer()) as stage:
        await unlink(stage, "grant")
        await stage.go("11-23 09:30")
        mail = box.to("grant.okafor@bendchamber.example")[-1]
        key = str(mail["Message-ID"]).partition("@")[0].strip("<")
        await comes_back(stage, back, sample("postfix", key, "grant.okafor@bendchamber.example"))
        assert await refused(stage, "grant")
        await stage.go_to_rest("11-24 12:00")
        assert len(box.taken) == 1
        assert "Grant Okafor" in (await stage.services.undeliveries.page(await stage.actor("omar"))).names


async def unlink(stage: Stage, name: str) -> None:
    """Takes their account away."""
    async with stage.services.database.write(Author(at=stage.calendar.now(), path="command_line")) as session:
        member = await session.scalar(select(MemberRow.id).filter_by(key=name))
        row = (await session.scalars(select(SlackAccountRow).filter_by(member_id=member))).one()
        row.member_id = None


async def test_a_coordinator_says_that_it_works_again(stage: Stage, box: Mailbox, back: ImapBox) -> None:
    await comes_back(stage, back, sample("postfix", (await copy_to(stage, "lorna")).key, LORNA))
    omar = await stage.actor("omar")
    assert (await stage.services.members.card(omar, "lorna")).mail_comes_back
    card = await stage.services.members.mail_works(omar, "lorna")
    assert not card.mail_comes_back
    await stage.services.letters.send(omar, "a letter", ["lorna"], "The offer is out.")
    await stage.settle()
    assert len(box.to(LORNA)) == 2
    assert (await copy_to(stage, "lorna")).state == State.FAILED, "what came back is not sent again by itself"


async def test_what_takes_its_time_is_only_noted(stage: Stage, box: Mailbox, back: ImapBox) -> None:
    copy = await copy_to(stage, "lorna")
    await comes_back(stage, back, sample("gmail", copy.key, LORNA))
    copy = await copy_to(stage, "lorna")
    assert (copy.state, copy.reason) == (State.SENT, "its mail server takes it later")
    assert not await refused(stage, "lorna")
    await comes_back(stage, back, sample("postfix", copy.key, LORNA))
    assert (await copy_to(stage, "lorna")).state == State.FAILED, "and then it gave up"


async def test_a_held_mail_that_came_back_waits_for_nobody(copies_due: Stage, box: Mailbox, back: ImapBox) -> None:
    box.drops = lambda mail: LORNA in str(mail["To"])
    await copies_due.settle()
    copy = await copy_to(copies_due, "lorna")
    assert copy.state == State.HELD
    await comes_back(copies_due, back, sample("postfix", copy.key, LORNA))
    assert (await copy_to(copies_due, "lorna")).state == State.FAILED


@pytest.mark.in_part
async def test_what_is_no_report_of_this_mail_to_this_address_changes_nothing(stage: Stage, back: ImapBox) -> None:
    lorna, charlotte = await copy_to(stage, "lorna"), await copy_to(stage, "charlotte")
    (roll_up,) = await stage.rows("digest_roll_up")
    told = {
        "unknown": sample("postfix", "f" * 32, LORNA),
        "another's": sample("postfix", charlotte.key, LORNA),
        "no address": sample("postfix", lorna.key, ""),
        "by Slack": sample("postfix", roll_up.key, LORNA),
        "out-of-office": sample("out-of-office", lorna.key, LORNA),
        "complaint": sample("complaint", lorna.key, LORNA),
        "old": sample("postfix", lorna.key, LORNA),
    }
    together, one_by_one = [[*told][:-1], ["old"]], [[name] for name in told]
    number = 0
    for names in part(together, one_by_one):
        if names == ["old"]:
            stage.calendar.set(stage.calendar.now() + timedelta(days=15))
        await back.put(*(told[name] for name in names))
        await look(stage, back)
        for name in ("lorna", "charlotte"):
            assert ((await copy_to(stage, name)).state, await refused(stage, name)) == (State.SENT, False), names
        number += len(names)
        assert [is_read for _subject, is_read in await back.flags()] == [True] * number, names


async def test_an_address_that_was_corrected_meanwhile_is_not_to_blame(stage: Stage, back: ImapBox) -> None:
    copy = await copy_to(stage, "charlotte")
    record = await stage.record()
    members = tuple(
        replace(one, email="new@halvorsen.example") if one.id == "charlotte" else one for one in record.members
    )
    await stage.change(replace(record, members=members))
    await comes_back(stage, back, sample("postfix", copy.key, CHARLOTTE))
    assert (await copy_to(stage, "charlotte")).state == State.SENT
    assert not await refused(stage, "charlotte")


async def test_one_of_several_processes_reads_at_a_time(stage: Stage, back: ImapBox) -> None:
    assert await stage.services.bounces.is_its_turn()
    assert not await stage.services.bounces.is_its_turn()
    assert ALONE < 300


async def test_one_that_can_t_be_noted_holds_up_no_other_and_comes_again(
    stage: Stage, back: ImapBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    lorna, charlotte = await copy_to(stage, "lorna"), await copy_to(stage, "charlotte")
    note = stage.services.bounces.note

    async def broken(told: object) -> bool:
        if LORNA in told.recipients:  # type: ignore[attr-defined]
            raise LookupError
        return await note(told)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(stage.services.bounces, "note", broken)
        await comes_back(stage, back, sample("postfix", lorna.key, LORNA), sample("postfix", charlotte.key, CHARLOTTE))
    assert (await copy_to(stage, "charlotte")).state == State.FAILED
    assert (await copy_to(stage, "lorna")).state == State.SENT
    await look(stage, back)
    assert (await copy_to(stage, "lorna")).state == State.FAILED


async def test_a_mailbox_that_is_away_is_said_once_and_holds_up_nothing(
    stage: Stage, box: Mailbox, back: ImapBox
) -> None:
    await back.put(sample("postfix", (await copy_to(stage, "lorna")).key, LORNA))
    reader = BounceReader(stage.services, back.bounces(port=1))
    ticks = Ticks(plan=0.05, dispatch=0.02, reconcile=0.05, housekeeping=0.05)
    with structlog.testing.capture_logs() as logs:
        async with beating(stage, bounces=reader, ticks=ticks):
            await until(lambda: any(line["event"] == "outage" for line in logs))
            await stage.services.letters.send(await stage.actor("dana"), "a letter", ["lorna"], "The offer is out.")
            await until(lambda: len(box.to(LORNA)) == 2)
            reader._bounces = back.bounces()
            await give_turn(stage)
            await until(lambda: any(line["event"] == "outage_is_over" for line in logs))
            await until_refused(stage, "lorna")
    told = [(line["event"], line.get("why")) for line in logs if line["event"].startswith("outage")]
    assert told == [("outage", "the mailbox for bounces can't be reached now"), ("outage_is_over", None)]


async def until_refused(stage: Stage, name: str) -> None:
    async with asyncio.timeout(10):
        while not await refused(stage, name):
            await asyncio.sleep(0.02)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.02)


async def test_a_mailbox_that_is_away_is_said_without_what_stands_in_it(stage: Stage, back: ImapBox) -> None:
    await back.put(sample("postfix", (await copy_to(stage, "lorna")).key, LORNA))
    with structlog.testing.capture_logs() as logs:
        with pytest.raises(Unavailable, match="the mailbox for bounces can't be reached now"):
            await BounceReader(stage.services, back.bounces(port=1)).run()
        await look(stage, back)
    assert "mail_came_back" in str(logs)
    for secret in (LORNA, "Lorna", "User unknown", "bounces@", "s3cret"):
        assert secret not in str(logs)
