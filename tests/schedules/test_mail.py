"""Who takes part by e-mail only gets mail in place of messages: each once, or held and told, and what it says as of
when it was sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.domain.outbox import State, Transport
from bot.domain.record import Record
from bot.domain.vocabularies import Access
from bot.domain.week import What
from bot.errors import Unavailable
from bot.mail import mailer
from bot.services.access import Actor
from bot.slack.blocks.charts import Chart
from bot.store.backups import back_up, restore
from bot.store.database import database_url
from bot.store.outbox import DeliveryRow
from tests.examples import one_in
from tests.mailbox import Mailbox, words_of
from tests.schedules.conftest import DIGEST, Opener
from tests.schedules.stage import START, Stage, at
from tests.schedules.test_crashes import Killed, kill_at
from tests.schedules.test_recovery import brought_back

LORNA, CHARLOTTE = "executive@harrow-county.example", "charlotte@halvorsen.example"


@pytest.fixture
async def stage(open_stage: Opener, box: Mailbox) -> AsyncIterator[Stage]:
    """Everybody in Slack is linked, the coalition is live, and mail is sent."""
    async with open_stage(mailer=box.mailer()) as live:
        yield live


async def copies(stage: Stage) -> list[DeliveryRow]:
    """The digest's copies for those who read by e-mail."""
    return [row for name in ("lorna", "charlotte") for row in await stage.rows("digest_copy", to=name)]


async def test_the_digest_comes_by_mail_to_whom_it_names_each_with_what_they_may_read(
    mailed: Stage, box: Mailbox
) -> None:
    assert sorted(str(mail["To"]).partition(" ")[0] for mail in box.taken) == ["Charlotte", "Lorna"]
    (lorna,), (charlotte,) = box.to(LORNA), box.to(CHARLOTTE)
    assert lorna["Subject"] == charlotte["Subject"] == "Weekly digest: Limestone Bend Good Jobs Compact"
    for amount in ("$1,600,000 applied for", "$2,000,000 in talks"):
        assert amount in words_of(lorna)
        assert amount not in words_of(charlotte)
    assert "in the thread" not in words_of(lorna)
    assert [part.get_content_type() for part in lorna.walk()].count("image/png") == 1
    assert [row.state for row in await copies(mailed)] == [State.SENT] * 2
    # It says all itself: nothing hangs below it, which would be told as not sent.
    mails = {row.id for row in await copies(mailed)}
    assert not [row for row in await mailed.rows("digest_reply") if row.parent_id in mails]
    assert not [block for message in mailed.dm("omar") for block in message.blocks or () if "isn't known" in str(block)]
    await mailed.go("11-25 12:00")
    assert len(box.taken) == 2


async def test_readers_of_the_same_digest_have_one_picture(
    copies_due: Stage, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = copies_due.draw

    async def counted(chart: Chart) -> bytes:
        drawn.append(chart.key)
        return await draw(chart)

    monkeypatch.setattr(copies_due, "draw", counted)
    copies_due.processes.insert(0, copies_due.process("one that draws"))
    await copies_due.settle()
    pictures = [
        part.get_payload() for mail in box.taken for part in mail.walk() if part.get_content_type() == "image/png"
    ]
    assert len(pictures) == 2
    assert pictures[0] == pictures[1]
    assert len(drawn) == 1


async def test_what_was_to_hang_below_a_message_in_slack_stands_in_the_mail(mailed: Stage, box: Mailbox) -> None:
    """Somebody reads by e-mail from when their copy and its thread were planned."""
    (copy,) = await mailed.rows("digest_copy", to="lorna")
    async with mailed.services.database.write() as session:
        session.add(
            DeliveryRow(
                **{
                    name: getattr(copy, name)
                    for name in ("coalition_id", "member_id", "digest_id", "planned_at", "due_at")
                },
                key="below",
                kind="digest_reply",
                parent_id=copy.id,
                part_no=1,
                subject={"priority": None},
            )
        )
    await mailed.settle()
    (below,) = await mailed.rows("digest_reply", to="lorna")
    assert (below.state, below.reason) == (State.DROPPED, "it stands in the e-mail")
    assert len(box.to(LORNA)) == 1


async def test_the_week_ahead_names_what_goes_by_mail(stage: Stage) -> None:
    preview = await stage.services.week.preview(await stage.actor("dana"))
    assert preview.outside_slack == ()
    named = {name for entry in preview.entries if entry.what is What.COPY for name in entry.people}
    assert {"Lorna Pruitt", "Charlotte Halvorsen"} <= named


async def test_what_asks_somebody_says_how_to_answer_and_is_not_changed_by_what_happens_later(
    mailed: Stage, box: Mailbox
) -> None:
    await mailed.go("12-02 10:00")
    mail = next(one for one in box.to(LORNA) if "Decision D-1" in str(one["Subject"]))
    assert mail["Subject"] == "Limestone Bend: Decision D-1: Pay for a contract fire inspector through January"
    words = " ".join(words_of(mail).split())
    assert "To answer, reply to this e-mail in your own words: it goes to Dana Whitlock" in words
    assert "Type anything here" not in words
    assert "dana.whitlock@lbp.example" in str(mail["Reply-To"])
    sent = len(box.taken)
    chair: Actor = await mailed.actor("dana")
    await mailed.services.decisions.set_aside(chair, "D-1", "withdrawn", "The county found an inspector.")
    await mailed.settle()
    sent_ids = {row.id for row in await mailed.rows() if row.transport == Transport.MAIL}
    assert sent_ids
    assert not [row for row in await mailed.rows(operation="update") if row.parent_id in sent_ids]
    assert len(box.taken) == sent


async def test_a_coordinator_s_address_that_mail_can_t_carry_keeps_no_mail_from_going(
    mailed: Stage, box: Mailbox
) -> None:
    record = await mailed.record()
    members = tuple(replace(one, email="dänä@lbp.example") if one.id == "dana" else one for one in record.members)
    await mailed.change(replace(record, members=members))
    await mailed.go("12-02 10:00")
    mail = next(one for one in box.to(LORNA) if "Decision D-1" in str(one["Subject"]))
    assert "Omar Castellanos" in str(mail["Reply-To"])
    assert "Dana Whitlock" not in str(mail["Reply-To"])


async def test_without_a_server_nothing_is_lost_and_once_there_is_one_it_goes(
    open_stage_at: Opener, planned_url: str, box: Mailbox
) -> None:
    async with open_stage_at(planned_url) as stage:
        await by_mail(stage, "grant")
        await stage.go_to_rest("11-23 09:30")
        (waiting,) = [row for row in await stage.rows("prompts", to="grant") if row.due_at <= at("11-23 09:30")]
        assert waiting.reason == "reads e-mail only, and e-mail isn't set up: pass it on yourself"
    async with open_stage_at(planned_url, mailer=box.mailer()) as stage:
        stage.set("11-23 09:40")
        await stage.services.deliveries.wake_waiting(stage.coalition_id)
        await stage.settle()
    assert len(box.to("grant@mail.example")) == 1


async def by_mail(stage: Stage, *members: str) -> Record:
    """Lets these take part by e-mail only."""
    record = await stage.record()
    changed = tuple(
        replace(one, access=Access.EMAIL_ONLY, email=f"{one.id}@mail.example") if one.id in members else one
        for one in record.members
    )
    await stage.change(replace(record, members=changed))
    return await stage.record()


async def test_a_check_in_is_asked_for_and_reminded_of_by_mail(stage: Stage, box: Mailbox) -> None:
    await by_mail(stage, "grant")
    await stage.go("11-23 09:30")
    await stage.go("11-24 12:00")
    subjects = [str(mail["Subject"]) for mail in box.to("grant@mail.example")]
    assert len(subjects) == 2, subjects
    assert all("Supplier" in one for one in subjects), subjects


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("part", "name", "after"),
    one_in(
        2,
        [
            # After what only reads nothing is different.
            ("deliveries", "claim", False),
            ("deliveries", "claim", True),
            ("contents", "read", False),
            ("envelopes", "of", False),
            ("deliveries", "may_post", False),
            ("deliveries", "may_post", True),
            ("deliveries", "sent", False),
            ("deliveries", "sent", True),
        ],
    ),
)
async def test_a_kill_at_any_step_doubles_nothing_and_what_is_unclear_is_held(
    copies_due: Stage, box: Mailbox, part: str, name: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_died = kill_at(getattr(copies_due.services, part), name, after=after, monkeypatch=monkeypatch)
    try:
        await copies_due.settle()
    except Killed:
        copies_due.processes.insert(0, copies_due.process("after the kill"))
        await copies_due.expire()
        await copies_due.hurry()
        await copies_due.settle()
    assert has_died(), "the step was never taken"
    assert box.doubled == []
    for row in await copies(copies_due):
        taken = [mail for mail in box.taken if row.key in str(mail["Message-ID"])]
        assert (row.state == State.SENT and len(taken) == 1) or row.state == State.HELD, (row.state, len(taken))


async def test_what_may_have_gone_is_held_and_sent_again_only_on_a_coordinator_s_word(
    copies_due: Stage, box: Mailbox
) -> None:
    box.drops = lambda mail: LORNA in str(mail["To"])
    await copies_due.settle()
    (held,) = [row for row in await copies(copies_due) if row.state == State.HELD]
    assert held.reason == "the mail server didn't say whether it took it"
    assert len(box.to(LORNA)) == 1
    told = [block for message in copies_due.dm("omar") for block in message.blocks or ()]
    assert "Lorna Pruitt" in str(told)
    box.drops = lambda _mail: False
    await copies_due.services.unclear_posts.resolve_held(await copies_due.actor("omar"), held.id, arrived=False)
    await copies_due.settle()
    assert len(box.to(LORNA)) == 2
    assert len({str(mail["Message-ID"]) for mail in box.to(LORNA)}) == 1


async def test_an_address_that_is_refused_waits_with_the_mend_and_goes_once_it_is_corrected(
    copies_due: Stage, box: Mailbox
) -> None:
    box.at_rcpt = lambda address: "550 no such user" if address == LORNA else None
    await copies_due.go_to_rest(DIGEST)
    (waiting,) = [row for row in await copies(copies_due) if row.state == State.PLANNED]
    assert waiting.reason == mailer.NO_SUCH_ADDRESS
    record = await copies_due.record()
    members = tuple(replace(one, email="lorna@new.example") if one.id == "lorna" else one for one in record.members)
    await copies_due.change(replace(record, members=members))
    await copies_due.services.deliveries.wake_waiting(copies_due.coalition_id)
    await copies_due.settle()
    assert len(box.to("lorna@new.example")) == 1


async def test_a_server_that_is_away_is_waited_for(copies_due: Stage, box: Mailbox) -> None:
    port, box.port = box.port, 1
    copies_due.mailer = box.mailer()
    copies_due.processes.insert(0, copies_due.process("beside a server that is away"))
    await copies_due.go_to_rest(DIGEST)
    rows = await copies(copies_due)
    assert {(row.state, row.reason) for row in rows} == {(State.PLANNED, mailer.AWAY)}
    box.port = port
    copies_due.mailer = box.mailer()
    copies_due.processes.insert(0, copies_due.process("after it came back"))
    await copies_due.hurry()
    await copies_due.settle()
    assert len(box.taken) == 2


@pytest.mark.at_once
async def test_a_server_that_takes_its_time_holds_up_nothing_in_slack(stage: Stage, box: Mailbox) -> None:
    go_on = asyncio.Event()

    async def wait(_mail: EmailMessage) -> None:
        await go_on.wait()

    box.at_data = wait
    stage.set(DIGEST)
    await stage.services.rhythm.plan()
    running = asyncio.create_task(stage.main.dispatcher.run())
    try:
        async with asyncio.timeout(10):
            while not any(row.state == State.SENT for row in await stage.rows("digest_roll_up")):
                await asyncio.sleep(0.01)
            # What comes due meanwhile goes too.
            stage.set("11-25 09:00")
            await stage.services.rhythm.plan()
            posts = len(stage.posts)
            while len(stage.posts) == posts:
                await asyncio.sleep(0.01)
        assert box.taken == []
    finally:
        go_on.set()
        await running
    assert len(box.taken) == 2


async def test_more_mails_than_may_go_at_once_all_go(stage: Stage, box: Mailbox) -> None:
    everybody = [one.id for one in (await stage.record()).members if one.id not in {"dana", "omar", "priya"}]
    await by_mail(stage, *everybody)
    await stage.go("11-23 10:00")
    asked = [row for row in await stage.rows("prompts") if row.due_at <= at("11-23 10:00")]
    assert len(asked) > 3
    while any(row.state == State.PLANNED for row in await stage.rows("prompts") if row.due_at <= at("11-23 10:00")):
        await stage.hurry()
        await stage.main.round()
    assert box.doubled == []
    sent = [row for row in await stage.rows("prompts") if row.transport == Transport.MAIL]
    assert {row.state for row in sent} == {State.SENT}
    assert len(box.taken) == len(sent)


async def test_after_a_restore_what_may_have_gone_by_mail_is_held(
    mailed: Stage, box: Mailbox, planned_template: Path, tmp_path: Path
) -> None:
    back_up(database_url(f"sqlite:///{planned_template}"), tmp_path / "monday", START)
    assert len(box.taken) == 2
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    mailed.set("11-25 08:00")
    restore(database_url(elsewhere), tmp_path / "monday", mailed.calendar.now())
    async with brought_back(mailed, elsewhere) as other:
        await other.heartbeat().settle()
        copies = [row for row in await other.rows("digest_copy") if row.state == State.HELD]
        assert [row.reason for row in copies] == [
            "it may have gone out before this database was brought back, and a mailbox can't be searched"
        ] * 2
    assert len(box.taken) == 2


async def test_a_database_that_is_away_is_no_mail_server_that_is(
    copies_due: Stage, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries = copies_due.services.deliveries
    ask, may_post = [1], deliveries.may_post

    async def may(delivery_id: int, attempt: int, **how: object) -> bool:
        if ask and delivery_id in mails:
            ask.pop()
            raise Unavailable("The database is away.")
        return await may_post(delivery_id, attempt, **how)  # type: ignore[arg-type]

    mails = {row.id for row in await copies(copies_due)}
    monkeypatch.setattr(deliveries, "may_post", may)
    with pytest.raises(Unavailable):
        await copies_due.main.dispatcher.run()
    assert not ask
    assert {row.reason for row in await copies(copies_due)} == {None}
    await copies_due.settle()
    assert [row.state for row in await copies(copies_due)] == [State.SENT] * 2
    assert len(box.taken) == 2
