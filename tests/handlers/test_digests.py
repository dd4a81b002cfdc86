"""Digests through the sandbox: what somebody gets, previews by right, past ones, copies, and sending one by hand."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.sandbox.workspace import Message
from bot.services.access import operator
from bot.slack.identifiers import Action
from bot.slack.metadata import encode_question as question
from tests.examples import is_whole
from tests.handlers.stage import Stage, at, only_updates_and_digests, words


async def said(person: Any, text: str, command: str = "/digest") -> str:
    """Types a command; returns what only this person reads next, as a modal or a message.

    Slack gives connected people no commands: they type the same words to the bot.
    """
    if person.user.is_connected:
        heard = len(await person.hears(0))
        await person.says(f"{command.removeprefix('/')} {text}")
        return words((await person.hears(heard + 1))[-1])
    before, seen = len(person.ephemerals), words(person.modal)
    await person.command(command, text)
    await person.until(
        lambda: (
            len(person.ephemerals) > before
            or (person.modal is not None and "Opening" not in words(person.modal) and words(person.modal) != seen)
        )
    )
    return words(person.ephemerals[-1] if len(person.ephemerals) > before else person.modal)


def posts(live: Stage, channel: str = "lb-steering") -> list[Message]:
    """The digests that stand in a channel, without their replies."""
    seen = live.person("marcus" if channel == "lb-steering" else "omar").sees(channel)
    return [one for one in seen if one.from_bot]


ROWS = [
    # who, what is typed, what it says, what it doesn't say
    ("omar", "preview", "Weekly digest: Limestone Bend Good Jobs Compact|A preview: nothing is sent by it", "[Answer]"),
    ("omar", "preview talent", "Talent pathways: week of Nov 23|Read by #lb-talent", "$"),
    ("omar", "preview lb-access", "Child care and commute access: week of Nov 23", "$"),
    ("omar", "preview Next Rung", "Next Rung outcomes grant, $1,500,000", "$900,000."),
    ("omar", "preview funders", "No other funder's amounts are in it.", ""),
    ("omar", "preview suplier", "Did you mean *Supplier and small-firm growth*?", ""),
    ("omar", "previwe talent", "Did you mean *digest preview talent*?", ""),
    ("omar", "talent", "Talent pathways: week of Nov 23", "$"),
    ("ben", "preview", "*Your grant:* Next Rung outcomes grant, $1,500,000", "Halvorsen"),
    (
        "ben",
        "preview talent",
        "is read by its working group, steering and the coordinators. Yolanda Briggs or Dana",
        "",
    ),
    ("ben", "preview roll-up", "The roll-up is read by steering", ""),
    ("ben", "", "The funder edition by direct message", "Send now"),
    ("ben", "help", "`digest preview [PRIORITY]`|`digest subscribe", "digest send"),
    ("yolanda", "preview", "$5,750,000 secured of $5,600,000", ""),
    ("tom", "", "The roll-up in #lb-steering|Your part, Job quality|*Latest:* none yet", "Send now"),
    ("omar", "send weekly", "Send this week's digest now?|isn't posted again then", ""),
    ("omar", "send monthly", "I don't know the digest “monthly”. There is Friday leadership digest.", ""),
    ("yolanda", "subscribe talent", "Talent pathways comes to you from the next digest on.", ""),
    ("yolanda", "unsubscribe talent", "Talent pathways isn't sent to you anymore.", ""),
    ("yolanda", "subscribe qualty", "Did you mean *Job quality*?", ""),
    ("ben", "subscribe roll-up", "The roll-up is read by steering", ""),
    ("tom", "subscribe", "Roll-up* · not sent to you", "Funder"),
]


async def test_each_word_of_the_command_and_its_likeliest_mistakes(live: Stage) -> None:
    wrong = []
    for who, text, expected, absent in ROWS:
        person = live.person(who)
        read = await said(person, text)
        missing = [one for one in expected.split("|") if one not in read]
        if missing or (absent and absent in read):
            wrong.append(f"{who}: /digest {text}\n{read}\nmissing: {missing}")
        if person.modal is not None:
            await person.close(is_cleared=True)
    assert not wrong, "\n\n".join(wrong)


async def test_the_same_words_work_in_a_direct_message(live: Stage) -> None:
    omar = live.person("omar")
    heard = len(await omar.hears(0))
    await omar.says("digest preview talent")
    read = (await omar.hears(heard + 1))[-1]
    assert "Talent pathways: week of Nov 23" in words(read)
    await omar.says("digest preview")
    read = (await omar.hears(heard + 2))[-1]
    assert "Weekly digest: Limestone Bend" in words(read)
    assert "Reply 5 of 5" in words(read)


async def test_another_edition_is_shown_in_its_place(live: Stage) -> None:
    omar = live.person("omar")
    await said(omar, "preview")
    assert omar.modal is not None
    await omar.choose(omar.modal, Action.DIGEST_EDITION, "Job quality")
    await omar.until(lambda: "Job quality: week of Nov 23" in words(omar.modal))


@pytest.mark.at_once
@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_a_digest_sent_early_goes_out_once_and_the_regular_one_does_not_come_again(live: Stage) -> None:
    omar, dana = live.person("omar"), live.person("dana")
    for person in (omar, omar, dana):
        await said(person, "send")
    (stale, first), second = omar.ephemerals[-2:], dana.ephemerals[-1]
    assert "It goes out by itself" in words(first)
    assert "4 updates can be given until the round closes" in words(first)
    assert not posts(live), "asking sends nothing"
    await asyncio.gather(omar.press(first, "Send now"), dana.press(second, "Send now"))
    await omar.until(lambda: "Send this week" not in words(omar.ephemerals[-1]))
    await dana.until(lambda: "Send this week" not in words(dana.ephemerals[-1]))
    answers = [words(omar.ephemerals[-1]), words(dana.ephemerals[-1])]
    assert (
        sum("Sent. It's on its way to #lb-steering, the priorities' channels and 1 person" in one for one in answers)
        == 1
    )
    assert sum("had it sent" in one and "It is sent once." in one for one in answers) == 1
    await live.settle()
    (post,) = posts(live)
    assert "Week of Nov 23, on Monday instead of Friday" in words(post)
    assert "*Your grant:* Next Rung" in words((await live.person("ben").hears())[-1])
    await omar.press(stale, "Send now")
    await omar.until(lambda: "It is sent once." in words(omar.ephemerals[-2]))
    await live.go("11-25 07:30")
    assert len(posts(live)) == 1, "the regular one is this one"
    read = await said(omar, "")
    assert "Fri Dec 4" in read or "Dec 4" in read
    # Once more is asked about, and done once.
    for _ in range(2):
        assert "Post it again with what is known now?" in await said(omar, "send")
    stale, question = omar.ephemerals[-2:]
    await omar.press(question, "Post again")
    await omar.until(lambda: "Sent. It's on its way" in words(omar.ephemerals[-1]))
    await live.settle()
    assert len(posts(live)) == 2
    await omar.press(stale, "Post again")
    await omar.until(lambda: "You had it sent" in words(omar.ephemerals[-2]))
    await live.settle()
    assert len(posts(live)) == 2
    listed = await said(omar, "history")
    assert "2 digests so far" in listed
    assert "sent by Omar Castellanos" in listed


@pytest.mark.lived(only_updates_and_digests, "11-25 07:30")
async def test_a_digest_moves_with_its_round_and_with_what_is_planned_of_it(live: Stage) -> None:
    """Its form offers the round that feeds it; half an hour before its time its posts still move along."""
    omar = live.person("omar")
    shown = await said(omar, "move")
    assert "Fri Dec 4, 7:30 AM" in str(omar.modal.body if omar.modal else "")
    assert "*Friday leadership digest*: only the digest that you choose moves." in shown
    await omar.fill({question("slot"): "2026-12-04T07:30:00", question("date"): "2026-11-20"})
    assert await omar.submit() == {question("date"): "That moment has passed. Choose a later one."}
    await omar.fill({question("date"): "2026-12-02"})
    assert await omar.submit() is None
    moved = words(omar.modal)
    assert "goes out Wed Dec 2, 7:30 AM" in moved
    assert "opens Tue Dec 1, 9:00 AM" in moved
    assert "after the digest goes out." in moved
    await omar.press(omar.modal, "Move its round")  # type: ignore[arg-type]
    await omar.until(lambda: "only the round that you choose moves" in words(omar.modal))
    await omar.fill({question("date"): "2026-11-30", question("closes"): "30"})
    assert await omar.submit() is None
    assert "opens" in words(omar.modal)
    record = await live.services.coalitions.record(operator(live.bot.coalition_id))
    moved_to = {(one.id, str(move.original)): str(move.to) for one in record.cadences for move in one.moves}
    assert moved_to["weekly-checkin", "2026-12-01 09:00:00"] == "2026-11-30 09:00:00"
    assert moved_to["weekly-digest", "2026-12-04 07:30:00"] == "2026-12-02 07:30:00"

    await omar.close(is_cleared=True)
    await live.go("12-02 07:10")
    await said(omar, "move")
    await omar.fill(
        {question("slot"): "2026-12-04T07:30:00", question("date"): "2026-12-02", question("time"): "09:00"}
    )
    assert await omar.submit() is None
    before = len(posts(live))
    await live.go("12-02 08:00")
    assert len(posts(live)) == before
    await live.go("12-02 09:00")
    [digest] = posts(live)[before:]
    assert "Week of Nov 30, on Wednesday instead of Friday" in words(digest)
    await omar.close(is_cleared=True)
    await said(omar, "move")
    assert "Dec 4, 7:30 AM" not in str(omar.modal.body if omar.modal else "")


@pytest.mark.lived("11-25 07:30")
async def test_past_digests_open_as_they_were_published(live: Stage) -> None:
    (post,) = posts(live)
    tom = live.person("tom")
    await tom.press(post, "Past digests")
    await tom.until(lambda: "1 digest so far" in words(tom.modal))
    # What happens after does not change what was published.
    yolanda = live.person("yolanda")
    await said(yolanda, "done A-102", "/action")
    before = words(post)
    await tom.press(await tom.sees_modal("Past digests"), "Open")
    await tom.until(lambda: "As it was published" in words(tom.modal))
    shown = words(tom.modal)
    for line in (one for one in before.splitlines()[2:8] if one != "Answer"):
        assert line in shown
    read = await said(live.person("ben"), "history")
    assert "1 digest so far" in read
    ben = live.person("ben")
    await ben.press(ben.dm()[-1], "Open")
    await ben.until(lambda: "*Your grant:* Next Rung" in words(ben.modal))
    assert "Talent pathways" in words(ben.modal)
    assert "applied for" not in words(ben.modal)
    overview = await said(tom, "")
    assert "See it in Slack" in overview
    assert "*Latest:*" in await said(ben, "")
    assert "See it in Slack" not in words(ben.dm()[-1]), "where it stands is closed to him"


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_copies_come_by_direct_message_with_the_amounts_of_their_reader(live: Stage) -> None:
    for who, text in (("renata", "subscribe job"), ("luis", "subscribe access"), ("grant", "subscribe roll-up")):
        assert "comes to you from the next digest on." in await said(live.person(who), text)
    assert "isn't sent to you" in await said(live.person("ben"), "unsubscribe funder")
    await live.go("11-25 07:30")
    grant = [words(one) for one in live.person("grant").dm()]
    assert any("Weekly digest: Limestone Bend" in one for one in grant)
    luis = [words(one) for one in live.person("luis").dm()]
    assert any("Child care and commute access: week of Nov 23" in one and "$" not in one for one in luis)
    assert not any("Your grant" in words(one) for one in live.person("ben").dm())


def preview_of(person: Any) -> str:
    """What the newest owner's preview in somebody's direct message says."""
    found = [words(one) for one in person.dm() if "Also named" in words(one) or "part of" in words(one)]
    return found[-1] if found else ""


async def test_owners_see_their_part_before_the_digest_and_it_follows_what_changes(live: Stage) -> None:
    yolanda, tom, omar = live.person("yolanda"), live.person("tom"), live.person("omar")
    await live.go("11-24 14:59")
    assert not preview_of(yolanda)
    await live.go("11-24 15:00")
    first = preview_of(yolanda)
    assert "Yolanda, this is your part of tomorrow's digest." in first
    assert "$5,750,000 secured of $5,600,000" in first
    assert "*Also named:* Send the shared intake form to legal at all three partners (A-102), overdue since" in first
    assert "Read by the Steering Committee and the coordinators; without amounts by #lb-talent (public)." in first
    assert "this is your part of tomorrow's digest" in preview_of(tom)
    assert not preview_of(omar)
    assert not any("Changed" in words(one) for one in yolanda.dm())
    message = next(one for one in yolanda.dm() if "part of tomorrow's digest" in words(one))
    # What the form brings stands in the preview, and in nobody else's.
    await yolanda.press(message, "Add context")
    await yolanda.sees_modal("Add context")
    await yolanda.until(lambda: "What should readers know?" in words(yolanda.modal))
    await yolanda.fill({"What should readers know?": "The college signs on Monday."})
    live.calendar.set(at("11-24 15:20"))
    assert await yolanda.submit() is None
    await yolanda.until(lambda: "Saved: “The college signs on Monday.”" in words(yolanda.modal))
    await live.settle()
    assert "*Context:* The college signs on Monday." in preview_of(yolanda)
    assert "Changed" in preview_of(yolanda)
    assert "Changed" not in preview_of(tom)
    await yolanda.close()
    # An action closed in the preview is shown as such, and the preview itself stays.
    await yolanda.press(message, "Done")
    await yolanda.until(lambda: yolanda.ephemerals)
    assert "done" in words(yolanda.ephemerals[-1])
    await live.settle()
    assert "(A-102), done" in preview_of(yolanda)
    assert "Add a reason" not in preview_of(yolanda)
    await live.go("11-25 07:30")
    published = next(words(one) for one in yolanda.dm() if one.ts == message.ts)
    assert "Published" in published
    assert "*Context:* The college signs on Monday." in published
    assert "Change context" not in published
    (post,) = posts(live)
    replies = [words(one) for one in live.person("marcus").thread(post)]
    assert sum("*Context:* The college signs on Monday." in one for one in replies) == 1
    stale = next(one for one in yolanda.dm() if one.ts == message.ts)
    await yolanda.press(stale, "Open the digest")
    await yolanda.until(lambda: "As it was published" in words(yolanda.modal))
    assert "*Context:* The college signs on Monday." in words(yolanda.modal)


def told_of(person: Any) -> list[str]:
    """What previews in somebody's direct message say where only actions of theirs are named."""
    return [words(one) for one in person.dm() if "named in tomorrow's digest" in words(one)]


@pytest.mark.lived("11-24 15:00")
async def test_whoever_is_named_only_once_an_older_action_is_done_hears_of_it_before_the_digest(live: Stage) -> None:
    await live.go("11-24 15:30")
    luis, helen = live.person("luis"), live.person("helen")
    assert "(A-301)" in told_of(live.person("marcus"))[0]
    assert told_of(luis) == told_of(helen) == []
    await live.services.action_items.complete(await live.actor("marcus"), "A-301")
    await live.go("11-24 16:00")
    assert "*Named:* Sign up two more evening providers (A-302), overdue since" in told_of(luis)[0]
    assert told_of(helen) == []
    # Each comes once, whatever else changes.
    await live.services.action_items.complete(await live.actor("yolanda"), "A-102")
    await live.go("11-24 16:30")
    assert "(A-103), overdue since" in told_of(helen)[0]
    assert [len(told_of(one)) for one in (luis, helen, live.person("marcus"))] == [1, 1, 1]
    await live.go("11-25 07:30")
    (post,) = posts(live)
    replies = " ".join(words(one) for one in live.person("marcus").thread(post))
    assert "Sign up two more evening providers" in replies
    assert "Return privacy wording" in replies


@pytest.mark.lived("11-24 15:00")
async def test_a_form_that_is_sent_after_the_digest_says_so(live: Stage) -> None:
    grant = live.person("grant")
    message = next(one for one in grant.dm() if "part of tomorrow's digest" in words(one))
    await grant.press(message, "Add context")
    await grant.until(lambda: "What should readers know?" in words(grant.modal))
    await grant.fill({"What should readers know?": "Too late for this one."})
    await live.go("11-25 07:30")
    errors = await grant.submit()
    assert errors is not None
    assert "That week's digest is out" in " ".join(errors.values())


async def test_no_preview_comes_after_a_digest_that_was_sent_early(live: Stage) -> None:
    omar = live.person("omar")
    await said(omar, "send")
    await omar.press(omar.ephemerals[-1], "Send now")
    await omar.until(lambda: "Sent." in words(omar.ephemerals[-1]))
    await live.settle()
    await live.go("11-24 15:00")
    await live.go("11-24 18:00")
    for who in ("yolanda", "tom", "grant"):
        assert not preview_of(live.person(who))


@pytest.mark.lived("11-25 07:30")
async def test_decisions_are_answered_from_the_digest_and_the_button_says_when_one_is_made(live: Stage) -> None:
    (post,) = posts(live)
    before = words(post)
    marcus, omar = live.person("marcus"), live.person("omar")
    await marcus.press(post, "Answer: D-1")
    await marcus.until(lambda: "Opening" not in words(marcus.modal) and "D-1" in words(marcus.modal))
    actor = await live.services.people.actor_of(live.bot.token.team_id, omar.user.id)
    assert actor is not None
    await live.services.decisions.record(actor, "D-1", "Pay for it", note="Said at the meeting")
    await live.go("11-25 08:30")
    post = next(one for one in posts(live) if one.ts == post.ts)
    assert "Decided" in words(post)
    assert words(post).replace("Decided", "Answer", 1) == before
    assert "instead of" not in words(post).replace("Wednesday instead of Friday", "")


@pytest.mark.lived("11-25 07:30")
async def test_a_line_of_the_digest_leads_to_what_it_is_about(live: Stage) -> None:
    marcus = live.person("marcus")
    digest = posts(live)[-1]
    menus = {
        (element["options"][0]["text"]["text"], str(block["text"]["text"]).split("*")[1]): (block, element)
        for block in digest.blocks or []
        if (element := block.get("accessory") or {}).get("type") == "overflow"
    }
    assert len([1 for first, _ in menus if first == "Open priority"]) == 4, "each priority's line"
    block, element = menus["Open priority", "Supplier and small-firm growth"]
    for option, expected in (
        ("Open priority", "Owner: Grant Okafor"),
        ("Actions", "Draft the loan pool term sheet"),
        ("Figures", "3 figures of Supplier"),
        ("Decisions", "ecision"),
    ):
        chosen = next(one for one in element["options"] if one["text"]["text"] == option)
        await live.sandbox.interactions.message_action(
            marcus.id, digest.channel, digest.ts, block["block_id"], "more", {"selected_option": chosen}
        )
        await live.edge.drain()
        shown = words(marcus.modal) if marcus.modal is not None else words(marcus.ephemerals[-1])
        assert expected in shown, option
        if marcus.modal is not None:
            await marcus.close(is_cleared=True)


@pytest.mark.in_part
@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_after_weeks_off_one_of_two_close_digests_is_left_out_from_home(live: Stage) -> None:
    """The program begins again on the eve of the regular digest: the late one goes at once, the next is a choice."""
    live.calendar.set(at("12-10 09:00"))
    await live.settle()
    assert len(posts(live)) == 1, "the late one, once"
    omar = live.person("omar")
    await omar.open_home()
    await omar.until(lambda: "went out late" in words(omar.home()))
    home = omar.home()
    assert home is not None
    assert "The digest of Fri Dec 4 " in words(home)
    await omar.press(home, "Leave out the next")
    await omar.until(lambda: "is left out" in words(omar.modal))
    await omar.until(lambda: "went out late" not in words(omar.home()))
    live.calendar.set(at("12-11 07:30"))
    await live.settle()
    assert len(posts(live)) == 1
    if is_whole():
        live.calendar.set(at("12-18 07:30"))
        await live.settle()
        assert len(posts(live)) == 2


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_without_mail_a_coordinator_passes_each_reader_s_own_edition_on(live: Stage) -> None:
    omar = live.person("omar")
    await omar.open_home()
    await omar.until(lambda: "Lorna Pruitt and Charlotte Halvorsen: by e-mail only" in words(omar.home()))
    home = omar.home()
    assert home is not None
    await omar.press(home, "Pass it on")
    await omar.until(lambda: "No digest has gone out yet." in words(omar.modal))
    await live.go("11-25 07:30")
    await omar.press(home, "Pass it on")
    await omar.until(lambda: "*Lorna Pruitt*: Roll-up" in words(omar.modal))
    assert "*Charlotte Halvorsen*: Roll-up · charlotte@halvorsen.example" in words(omar.modal)
    await passes_on(omar, "lorna", "Lorna Pruitt")
    await passes_on(omar, "charlotte", "Charlotte Halvorsen")
    files = {one.name: (one.content or b"").decode() for one in given(omar)}
    assert sorted(files) == [f"digest-{name}.{kind}" for name in ("charlotte", "lorna") for kind in ("html", "txt")]
    # What each file holds is what its reader may read, not what the coordinator may.
    for kind in ("txt", "html"):
        assert "$1,600,000 applied for" in files[f"digest-lorna.{kind}"]
        assert "$1,600,000 applied for" not in files[f"digest-charlotte.{kind}"]
        assert "$2,000,000 in talks" not in files[f"digest-charlotte.{kind}"]
        assert "it goes to Omar" in " ".join(files[f"digest-charlotte.{kind}"].split())
    assert files["digest-lorna.html"].startswith("<!DOCTYPE html>")


def given(person: Any) -> list[Any]:
    """The files in somebody's direct message."""
    return [file for message in person.dm() for file in message.files]


async def passes_on(person: Any, key: str, name: str) -> None:
    await person.press(await person.sees_modal("Pass on the digest"), f"Get HTML: {name}")
    await person.until(lambda: f"digest-{key}.html" in [one.name for one in given(person)])
    await person.until(lambda: f"Text and HTML for {name} are in your messages" in words(person.modal))
