"""Figures through the sandbox: by command, in the direct message, after a mention, from Home and by the form."""

from __future__ import annotations

import pytest

from bot.sandbox.workspace import Message
from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, only_updates_and_digests, words

LINE = "placed 48.5 as of Jun 30 provisional"
FORM = "Update a figure"


async def shown(stage: Stage, who: str, command: str, text: str) -> Message:
    person = stage.person(who)
    before = len(person.ephemerals)
    assert (await person.command(command, text)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return person.ephemerals[-1]


async def test_backbeat_takes_the_noun_and_the_words(live: Stage) -> None:
    assert "60 → *134 seats*" in words(await shown(live, "luis", "/backbeat", "metric seats"))
    assert "*Your " in words(await shown(live, "luis", "/backbeat", "figures"))
    assert "→ *48.5%*" in words(await shown(live, "priya", "/backbeat", f"update {LINE}"))


async def test_a_name_alone_opens_its_form(live: Stage) -> None:
    priya = live.person("priya")
    assert (await priya.command("/metric", "update placed")).ok
    await priya.sees_modal("Update a figure")
    await priya.until(lambda: "Completers placed in a good job within 90 days" in words(priya.modal))
    # Where no form can be opened, what is missing is said.
    yolanda = live.person("yolanda")
    await yolanda.says("update placed")
    assert "Add the value, such as “tp-placed 48.5 as of Jun 30”." in words((await yolanda.hears(2))[-1])


async def test_recorded_then_undone_in_place(live: Stage) -> None:
    priya = live.person("priya")
    read_back = await shown(live, "priya", "/metric", f"update {LINE} note Wage match is late")
    assert "Note: “Wage match is late”" in words(read_back)
    await priya.press(read_back, "Record")
    await priya.until(lambda: "Recorded: 48.5% (Jan–Jun, provisional)." in words(priya.ephemerals[-1]))
    assert "It's in the digest of Wed Nov 25." in words(priya.ephemerals[-1])
    assert "Not recorded yet" not in "".join(words(one) for one in priya.ephemerals)
    saved = priya.ephemerals[-1]
    await priya.press(saved, "Undo")
    await priya.until(lambda: "Undone. There is no figure for Jun 30, as before." in words(priya.ephemerals[-1]))
    await priya.press(priya.ephemerals[-1], "Open card")
    await priya.until(lambda: "no new figure since Dec 31, 2025" in words(priya.ephemerals[-1]))


async def test_a_message_does_the_same_and_is_changed_in_place(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await yolanda.says(f"update {LINE}")
    read_back = (await yolanda.hears(2))[-1]
    await yolanda.press(read_back, "Record")
    await yolanda.until(lambda: "Recorded: 48.5%" in words(yolanda.dm()[-1]))
    await yolanda.press(yolanda.dm()[-1], "Open card")
    await yolanda.until(lambda: "*48.5%*" in words(yolanda.dm()[-1]))


async def test_a_name_alone_shows_its_card(live: Stage) -> None:
    luis = live.person("luis")
    await luis.says("Seats")
    assert "60 → *134 seats*" in words((await luis.hears(2))[-1])
    await luis.says("Median wait for an infant place")
    assert "*118 days*" in words((await luis.hears(3))[-1])
    await luis.says("wonderful")
    assert "What would you like to do?" in words((await luis.hears(4))[-1])


async def test_a_mention_is_answered_so_that_only_they_see_it(live: Stage) -> None:
    marcus = live.person("marcus")
    await marcus.says(f"<@{live.sandbox.bot_user_id}> firms", "lb-steering")
    await marcus.until(lambda: marcus.ephemerals)
    assert "*66 firms*" in words(marcus.ephemerals[-1])
    assert not [message for message in marcus.sees("lb-steering") if message.from_bot]


async def test_unknown_figure_has_a_way_on(live: Stage) -> None:
    luis = live.person("luis")
    asked = await shown(live, "luis", "/metric", "turnovr")
    await luis.press(asked, "Show all")
    await luis.until(lambda: "figures to read" in words(luis.ephemerals[-1]))


async def test_second_figure_needs_a_reason_and_is_restated(live: Stage) -> None:
    luis = live.person("luis")
    bare = await shown(live, "luis", "/metric", "update seats 140 as of Sep 30")
    assert "There is a figure for Sep 30: 134 seats" in words(bare)
    await luis.press(bare, "Add the reason")
    await luis.until(lambda: luis.modal is not None and "seats · last: 134" in words(luis.modal))
    assert list((await luis.submit() or {}).values()) == ["There is a figure for this day, 134. Say why it changes."]
    await luis.fill({encode_question("note"): "Two providers were left out."})
    assert await luis.submit() is None
    assert "the digest says “restated 134 → 140”" in words(luis.modal)
    assert await luis.submit() is None
    assert "Recorded: 140 seats" in words(luis.modal)
    await luis.press(luis.modal, "Open card")  # type: ignore[arg-type]
    await luis.until(lambda: "Sep 30 restated 134 → 140 on Nov 23: “Two providers were left out.”" in words(luis.modal))


async def test_form_marks_due_ones_and_records(live: Stage) -> None:
    priya = live.person("priya")
    await priya.command("/metric", "update")
    await priya.until(lambda: priya.modal is not None and "Latest value" in words(priya.modal))
    form = words(priya.modal)
    assert "Read by everyone who reads this priority: on its canvas at once, if it has one, and in the next" in form
    assert "Completers placed in a good job within 90 days · due" in form
    await priya.fill({"Figure": "tp-placed"})
    await priya.until(lambda: "percent · last: 44% (Dec 31, 2025)" in words(priya.modal))
    entered = {"Latest value": "48.5", "Last day the value covers": "2027-06-30", "Is it final?": "final"}
    await priya.fill(entered)
    errors = await priya.submit() or {}
    assert "still ahead" in errors[encode_question("period_end")]
    await priya.fill({"Last day the value covers": "2026-06-30"})
    assert await priya.submit() is None
    assert "Recorded: 48.5% (Jan–Jun)." in words(priya.modal)
    await priya.press(priya.modal, "Undo")  # type: ignore[arg-type]
    await priya.until(lambda: "Undone." in words(priya.modal))


async def test_unusual_figure_of_a_form_can_be_changed(live: Stage) -> None:
    priya = live.person("priya")
    await priya.command("/metric", "update")
    await priya.until(lambda: priya.modal is not None and "Latest value" in words(priya.modal))
    await priya.fill({"Figure": "tp-placed"})
    await priya.until(lambda: "percent · last" in words(priya.modal))
    await priya.fill({"Latest value": "485", "Last day the value covers": "2026-06-30", "Is it final?": "provisional"})
    assert await priya.submit() is None
    assert "That's outside what we've seen (41% to 44%)." in words(priya.modal)
    await priya.press(priya.modal, "Change")  # type: ignore[arg-type]
    await priya.until(lambda: "Latest value" in words(priya.modal))
    await priya.fill({"Latest value": "48.5"})
    assert await priya.submit() is None
    assert "Recorded: 48.5%" in words(priya.modal)


async def test_menu_and_home_lead_to_the_form(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await yolanda.says("menu")
    menu = (await yolanda.hears(2))[-1]
    assert "“update placed 48.5 as of Jun 30”" in words(menu)
    await yolanda.press(menu, "Update a figure")
    await yolanda.until(lambda: yolanda.modal is not None and "Latest value" in words(yolanda.modal))
    await yolanda.close()
    await yolanda.open_home()
    await yolanda.until(lambda: yolanda.home() is not None)
    home = yolanda.home()
    assert home is not None
    assert "Completers placed in a good job within 90 days: no new figure since Dec 31, 2025" in words(home)
    await yolanda.press(home, "Update")
    await yolanda.until(lambda: yolanda.modal is not None and "percent · last: 44%" in words(yolanda.modal))
    await yolanda.fill({"Latest value": "48.5", "Is it final?": "final"})
    assert await yolanda.submit() is None
    await yolanda.until(lambda: "no new figure" not in words(yolanda.home()))


async def test_confidential_figure_asks_how_many_and_shows_nothing(live: Stage) -> None:
    priya = live.person("priya")
    asked = await shown(live, "priya", "/metric", "update jq-turnover 40.7 as of Jun 30 note New count")
    assert "Say how many reported, such as “from 12”." in words(asked)
    read_back = await shown(live, "priya", "/metric", "update jq-turnover 40.7 as of Jun 30 from 3 note New count")
    assert "40.7" not in words(read_back)
    await priya.press(read_back, "Restate")
    await priya.until(lambda: "Recorded: not shown" in words(priya.ephemerals[-1]))
    assert "Shown from 5 reporting employers up." in words(await shown(live, "priya", "/metric", "turnover"))


async def test_old_button_says_what_to_do(live: Stage) -> None:
    priya = live.person("priya")
    read_back = await shown(live, "priya", "/metric", f"update {LINE}")
    for block in read_back.blocks or []:
        for element in block.get("elements", []):
            if element.get("action_id") == "figure_record":
                element["value"] = "gone"
    await priya.press(read_back, "Record")
    await priya.until(lambda: "I don't have this figure anymore." in words(priya.ephemerals[-1]))


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_the_digest_that_was_promised_tells_the_figure(live: Stage) -> None:
    """The first digest has nothing to compare with, and tells what people have recorded all the same."""
    priya = live.person("priya")
    await priya.press(await shown(live, "priya", "/metric", f"update {LINE}"), "Record")
    await priya.until(lambda: "It's in the digest of Wed Nov 25." in words(priya.ephemerals[-1]))
    await live.go("11-25 07:30")
    posted = [words(one) for one in live.person("marcus").sees("lb-steering") if one.from_bot]
    name = "Completers placed in a good job within 90 days"
    assert f"• New figure: {name}, 48.5 percent (as of Jun 30, provisional)" in posted[0].replace("%", " percent")


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_after_a_digest_that_was_sent_early_the_next_one_is_promised(live: Stage) -> None:
    omar, priya = live.person("omar"), live.person("priya")
    assert (await omar.command("/digest", "send")).ok
    await omar.until(lambda: bool(omar.ephemerals))
    await omar.press(omar.ephemerals[-1], "Send now")
    await omar.until(lambda: "Sent. It's on its way" in words(omar.ephemerals[-1]))
    await live.settle()
    await priya.press(await shown(live, "priya", "/metric", f"update {LINE}"), "Record")
    await priya.until(lambda: "It's in the digest of Fri Dec 4." in words(priya.ephemerals[-1]))
    await live.go("12-04 07:30")
    posted = [words(one) for one in live.person("marcus").sees("lb-steering") if one.from_bot]
    assert sum("New figure: Completers placed" in one or "48.5%" in one for one in posted) == 1
