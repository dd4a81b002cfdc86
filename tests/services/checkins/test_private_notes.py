"""Notes to the coordinators only: each of them reads them on four screens, replies and says seen; nobody else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.clock import FixedCalendar
from bot.domain.outbox import Kind
from bot.domain.record import record as values
from bot.errors import Refused, UserError
from bot.files.coalition_file import load_coalition_file
from bot.services import Services
from bot.slack.blocks.checkins import status_message
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.home import home_view
from bot.slack.blocks.priorities import card_message
from bot.slack.identifiers import Action
from tests.builders import group, member, response
from tests.services.coalition.test_exports import exported
from tests.services.lived import once
from tests.services.own_set import WEEKLY, live, say
from tests.services.reading import messages, read
from tests.services.small import small
from tests.services.stage import Stage

NOTE = "The chair wants out <soon>."


@pytest.fixture
@once
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """Tuesday at nine: Ana has answered, with a note. Lou and Max coordinate, Sue sits in steering."""
    record = small(
        members=(
            *small().members,
            member("max", roles=(values.Role(role="backbone_staff", scope="coalition"),)),
            member("sue", roles=(values.Role(role="steering_member", scope="coalition"),)),
        ),
        groups=(group(channel="leaders", members=("sue",)),),
    )
    found = await Stage.with_record(services, calendar, record)
    await found.link()
    await found.join_channels()
    await found.go_live()
    await live(found, "2026-11-24T09:00")
    await say(found, "weekly", **WEEKLY, for_coordinator=NOTE)
    return found


async def home(stage: Stage, who: str) -> str:
    return read(home_view(await stage.services.home.page(await stage.actor(who), whole=True)))


async def status(stage: Stage, who: str) -> str:
    return read(status_message(await stage.services.checkin_rounds.status(await stage.actor(who), "weekly")))


async def card(stage: Stage, who: str) -> str:
    return read(card_message(await stage.services.priorities.card(await stage.actor(who), "p1")))


async def note_of(stage: Stage, who: str) -> int:
    page = await stage.services.home.page(await stage.actor(who), whole=True)
    assert page.coordination is not None
    return page.coordination.notes[0].id


async def test_each_coordinator_reads_it_on_every_screen_with_reply_and_seen(stage: Stage) -> None:
    for who in ("lou", "max"):
        for text in (await home(stage, who), await status(stage, who), await card(stage, who)):
            assert "To the coordinators only, from Ana on Priority p1" in text, who
            assert f"“{NOTE}”" in text, who
            assert "Reply\nSeen" in text, who
    await live(stage, "2026-11-26T12:05", "2026-11-26T13:05")
    for who in ("lou", "max"):
        [brief] = await messages(stage, who, Kind.BRIEF)
        assert f"“{NOTE}”" in brief, who
        assert "Reply\nSeen" in brief, who
        assert "1 note to you" in brief, who


async def test_nobody_else_reads_it_and_no_post_holds_it(stage: Stage) -> None:
    await live(stage, "2026-11-26T12:05", "2026-11-26T15:00", "2026-11-27T07:30")
    lou = await stage.actor("lou")
    await stage.services.private_notes.reply(lou, "form", await note_of(stage, "lou"), "Let's talk on Friday.")
    await live(stage, "2026-11-27T08:05")
    for who in ("ben", "cal", "sue", "out", None):
        assert NOTE not in "\n".join(await messages(stage, who)), who
    for who in ("ana", "ben", "cal", "sue", "out"):
        assert NOTE not in await home(stage, who)
    for who in ("ana", "sue"):
        assert NOTE not in await card(stage, who)
    for who in ("ana", "lou"):
        history = await stage.services.priorities.history(await stage.actor(who), "p1")
        assert NOTE not in read(history_message(history, Action.PRIORITY_HISTORY))
    note = await note_of(stage, "max")
    for who in ("ana", "sue", "ben"):
        actor = await stage.actor(who)
        for press in (
            stage.services.private_notes.show(actor, note),
            stage.services.private_notes.see(actor, note),
            stage.services.private_notes.reply_form(actor, note),
            stage.services.private_notes.reply(actor, "x", note, "Hm."),
        ):
            with pytest.raises(Refused, match="Notes to the coordinators are read by them only"):
                await press


async def test_seen_is_each_ones_own_and_stays_known(stage: Stage) -> None:
    stage.at("2026-11-24T10:30")
    lou, note = await stage.actor("lou"), await note_of(stage, "lou")
    await stage.services.private_notes.see(lou, note)
    stage.at("2026-11-24T11:00")
    assert (await stage.services.private_notes.see(lou, note)).seen[0].at.hour == 16, "twice is once"
    assert NOTE not in await home(stage, "lou")
    for text in (await card(stage, "lou"), await status(stage, "max"), await home(stage, "max")):
        assert NOTE in text
        assert "Seen by Lou" in text
    assert "Reply\nSeen" not in await card(stage, "lou")
    await live(stage, "2026-11-26T12:05", "2026-11-26T13:05")
    assert NOTE not in (await messages(stage, "lou", Kind.BRIEF))[0]
    [brief] = await messages(stage, "max", Kind.BRIEF)
    assert "1 note to you" in brief
    await stage.services.private_notes.see(await stage.actor("max"), note)
    [brief] = await messages(stage, "max", Kind.BRIEF)
    assert "Seen by Lou" in brief
    assert "1 note to you" not in brief


async def test_a_reply_reaches_its_author_beside_their_own_words(stage: Stage) -> None:
    lou, note = await stage.actor("lou"), await note_of(stage, "lou")
    form = await stage.services.private_notes.reply_form(lou, note)
    assert (form.receiver, form.quoted) == ("ana", NOTE)
    for _twice in range(2):
        assert await stage.services.private_notes.reply(lou, "form", note, "Let's talk.") == ("Ana",)
    await live(stage, "2026-11-24T09:05")
    letters = await messages(stage, "ana", Kind.LETTER)
    assert len(letters) == 1
    assert "Lou writes:\n>Let's talk." in letters[0]
    assert f"On your words to the coordinators: “{NOTE}”" in letters[0]
    assert NOTE not in await home(stage, "lou"), "a reply is seen"


async def test_a_note_worded_anew_is_unseen_again_and_one_taken_back_is_gone(stage: Stage) -> None:
    lou, note = await stage.actor("lou"), await note_of(stage, "lou")
    await stage.services.private_notes.see(lou, note)
    stage.at("2026-11-24T10:00")
    await say(stage, "weekly", **(WEEKLY | {"moved": "Two offers."}), for_coordinator=NOTE)
    assert NOTE not in await home(stage, "lou"), "the note itself did not change"
    stage.at("2026-11-24T11:00")
    await say(stage, "weekly", **WEEKLY, for_coordinator="She stays.")
    assert "“She stays.”" in await home(stage, "lou")
    stage.at("2026-11-24T12:00")
    await say(stage, "weekly", **WEEKLY, for_coordinator="")
    assert "She stays." not in await home(stage, "lou")
    with pytest.raises(UserError, match="taken it back"):
        await stage.services.private_notes.see(lou, note)


async def test_whoever_edits_the_answer_leaves_the_authors_note_and_may_write_one(stage: Stage) -> None:
    stage.at("2026-11-24T10:00")
    await say(stage, "weekly", "max", **(WEEKLY | {"moved": "Two offers."}), for_coordinator="From me too.")
    text = await home(stage, "lou")
    assert f"“{NOTE}”" in text
    assert "from Max for Ana on Priority p1" in text
    assert "“From me too.”" in text
    assert "From me too." not in await home(stage, "max"), "one's own note doesn't wait for oneself"
    subject = await stage.subject("p1")
    form = await stage.services.checkins.form(await stage.actor("ana"), subject.id)
    assert next(one.initial for one in form.questions if one.id == "for_coordinator") == NOTE


async def test_a_note_of_an_early_answer_is_read_from_the_rounds_opening(stage: Stage) -> None:
    await live(stage, "2026-11-26T12:05")
    ana = await stage.actor("ana")
    [ahead] = (await stage.services.checkins.mine(ana)).ahead
    form = await stage.services.checkins.form_ahead(ana, ahead.cadence, ahead.priority)
    assert form.ahead is not None
    await stage.services.checkins.submit_ahead(ana, "early", form.ahead, WEEKLY | {"for_coordinator": "Early words."})
    assert "Early words." not in await home(stage, "lou")
    await live(stage, "2026-12-01T09:00")
    assert "“Early words.”" in await home(stage, "lou")


async def test_a_file_takes_notes_along_and_what_is_older_than_it_waits_for_nobody(stage: Stage) -> None:
    """Another coalition made of the export: what was written in Slack waits there too, what a file told does not."""
    loaded = load_coalition_file(await exported(stage)).record
    assert loaded is not None
    old = response("2026-11-10", cadence="weekly", extra={"for_coordinator": "Long ago."})
    copy = replace(loaded, coalition=replace(loaded.coalition, id="copy"), responses=(*loaded.responses, old))
    other = await Stage.with_record(stage.services, stage.calendar, copy)
    for words in (NOTE, "Long ago."):
        assert f"“{words}”" in await card(other, "lou")
        assert words not in await card(other, "ana")
    assert NOTE in await home(other, "lou")
    assert "Long ago." not in await home(other, "lou")


async def test_a_note_that_a_file_words_anew_is_read_in_its_new_words_and_is_unseen_again(stage: Stage) -> None:
    await stage.services.private_notes.see(await stage.actor("lou"), await note_of(stage, "lou"))
    assert NOTE not in await home(stage, "lou")
    file = load_coalition_file(await exported(stage)).record
    assert file is not None
    await stage.services.coalitions.import_record(file)
    assert NOTE not in await home(stage, "lou"), "the same words stay seen"

    def saying(words: str | None) -> values.Record:
        extra = {"for_coordinator": words} if words else {}
        return replace(file, responses=tuple(replace(one, extra=extra) for one in file.responses))

    for _twice in range(2):
        await stage.services.coalitions.import_record(saying("The chair stays."))
    for who in ("lou", "max"):
        for text in (await home(stage, who), await status(stage, who), await card(stage, who)):
            assert "“The chair stays.”" in text
            assert "To the coordinators only, from Ana on Priority p1" in text
            assert NOTE not in text
    assert "Seen by" not in await card(stage, "max")
    await stage.services.coalitions.import_record(saying(None))
    assert "To the coordinators only" not in await card(stage, "max")
