"""Action items through the sandbox: commands, words, buttons and forms, and what people read in answer."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Person
from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, words
from tests.tables import on_each

SUPPLIER = "Supplier and small-firm growth"
TITLE, OWNER, DUE = (encode_question(name) for name in ("title", "owner", "due"))
REASON, PRIORITY = encode_question("reason"), encode_question("priority")


async def typed(person: Person, text: str, command: str = "/action", channel: str | None = None) -> str:
    """What the person reads in answer to a command."""
    before = len(person.ephemerals)
    assert (await person.command(command, text, channel=channel)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return words(person.ephemerals[-1])


async def answered(person: Person, said: str) -> None:
    """Waits until the newest thing that only this person sees says this."""
    await person.until(lambda: person.ephemerals and said in words(person.ephemerals[-1]))


async def read(stage: Stage, person: Person, text: str) -> Any:
    """The bot's answer to a direct message."""
    before = len(person.dm())
    await person.says(text)
    await person.until(lambda: len(person.dm()) > before + 1)
    return person.dm()[-1]


async def test_backbeat_understands_the_noun_too(live: Stage) -> None:
    grant = live.person("grant")
    assert "(A-202)" in await typed(grant, "action A-202", "/backbeat")
    assert "done Mon Nov 23" in await typed(grant, "done a-202", "/backbeat")


async def test_a_line_is_read_back_added_and_taken_back(live: Stage) -> None:
    omar = live.person("omar")
    said = await typed(omar, "add Send four buyers the forecast form @grant by Dec 4 in supplier")
    assert said.split("\n") == [
        "*Send four buyers the forecast form*",
        f"Grant Okafor (Bend Area Chamber) · Fri Dec 4 · {SUPPLIER}",
        "Not added yet. Grant is asked first; it counts as Bend Area Chamber's once accepted.",
        "Add",
        "Change",
    ]
    await omar.press(omar.ephemerals[-1], "Add")
    await answered(omar, "Added as A-504. Grant will be asked.")
    message = omar.ephemerals[-1]
    await omar.press(message, "Open")
    await omar.until(lambda: "waiting for a yes" in words(omar.modal))
    await omar.press(message, "Undo")
    await answered(omar, "Undone. A-504 is off every list; its history is kept.")


async def test_add_pressed_twice_adds_once(live: Stage) -> None:
    grant = live.person("grant")
    back = await read(live, grant, "add Call the bank by Fri in supplier")
    assert "Not added yet. I filled in you as the owner." in words(back)
    await grant.press(back, "Add")
    await grant.until(lambda: "Added as A-504." in words(grant.dm()[-1]))
    actor = await live.services.people.actor_of(live.sandbox.workspace.team_id, grant.id)
    assert actor is not None
    assert [card.title for card in await live.services.action_items.mine(actor)].count("Call the bank") == 1


@on_each(
    ("line", "problem"),
    [
        ("Call the bank @grant by Nov 31", "November has 30 days. Try “Nov 30” or “Mon”."),
        ("Call the bank @nobody by Fri", "I don't know “@nobody”. Choose somebody from the list."),
        ("Call the bank by Fri", "What will be done?"),
    ],
)
async def test_what_is_missing_or_unclear_opens_the_form_filled_in(live: Stage, line: str, problem: str) -> None:
    omar = live.person("omar")
    await omar.command("/action", f"add {line}")
    await omar.until(lambda: problem in words(omar.modal))
    form = await omar.sees_modal("New action")
    block = next(one for one in form.blocks if one["block_id"] == TITLE)
    assert block["element"]["initial_value"].startswith("Call the bank")
    await omar.close()


async def test_a_problem_in_the_direct_message_is_mended_in_the_form(live: Stage) -> None:
    grant = live.person("grant")
    back = await read(live, grant, "add Call the bank by Nov 31")
    assert "November has 30 days. Try “Nov 30” or “Mon”. Not added yet." in words(back)
    assert "\nAdd\n" not in words(back)
    await grant.press(back, "Change")
    await grant.until(lambda: "What will be done?" in words(grant.modal))
    assert await grant.submit() is None
    await grant.until(lambda: "Added as A-504." in words(grant.modal))


async def test_the_form_adds_and_says_under_the_field_what_is_wrong(live: Stage) -> None:
    omar = live.person("omar")
    await omar.command("/action", "add")
    await omar.until(lambda: "What will be done?" in words(omar.modal))
    form = await omar.sees_modal("New action")
    assert await omar.options(form, "find_member", "okaf") == [
        {"text": {"type": "plain_text", "text": "Grant Okafor (Bend Area Chamber)"}, "value": "grant"}
    ]
    assert [one["value"] for one in await omar.options(form, "find_organization", "kess")] == ["kessler"]
    chosen = {"text": {"type": "plain_text", "text": "Grant Okafor"}, "value": "grant"}
    await omar.fill({TITLE: "Call the bank", OWNER: chosen, DUE: "2026-11-01", PRIORITY: SUPPLIER})
    assert await omar.submit() == {DUE: "That day has passed. Choose today or a later day."}
    await omar.fill({DUE: "2026-12-04"})
    assert await omar.submit() is None
    await omar.until(lambda: "Added as A-504. Grant will be asked." in words(omar.modal))


async def test_in_a_priority_s_channel_it_is_the_default(live: Stage) -> None:
    grant = live.person("grant")
    said = await typed(grant, "add Call the bank @me by Dec 4", channel="lb-suppliers")
    assert f"Fri Dec 4 · {SUPPLIER}" in said


async def test_funders_are_told_who_can_help(live: Stage) -> None:
    ben = live.person("ben")
    menu = await read(live, ben, "menu")
    assert "Add action" not in words(menu)
    answer = await read(live, ben, "add Call the bank by Fri")
    assert "not by funders and observers. Dana Whitlock can help." in words(answer)


async def test_words_to_the_bot(live: Stage) -> None:
    yolanda = live.person("yolanda")
    menu = await read(live, yolanda, "hello")
    assert "My actions (1)" in words(menu)
    assert "“add Call the college by Fri”" in words(menu)
    assert "Your 1 open action" in words(await read(live, yolanda, "my actions"))
    assert "*Send the shared intake form" in words(await read(live, yolanda, "A-102"))
    asked = await read(live, yolanda, "doen A-102")
    assert "I don't know “doen A-102”. Did you mean *done A-102*?" in words(asked)
    await yolanda.press(asked, "Yes")
    await yolanda.until(lambda: "· done Mon Nov 23" in words(yolanda.dm()[-1]))
    assert "You have no open actions." in words(await read(live, yolanda, "my actions"))


async def test_after_a_mention_only_they_see_it(live: Stage) -> None:
    marcus = live.person("marcus")
    await marcus.says(f"<@{live.sandbox.bot_user_id}> my actions", "lb-steering")
    await answered(marcus, "Your 2 open actions")


async def test_menu_opens_the_list_and_the_form(live: Stage) -> None:
    grant = live.person("grant")
    menu = await read(live, grant, "menu")
    await grant.press(menu, "My actions (2)")
    await answered(grant, "Your 2 open actions")
    await grant.press(menu, "Add action")
    await grant.until(lambda: "What will be done?" in words(grant.modal))


async def test_list_turns_and_sorts_in_its_place(live: Stage) -> None:
    omar = live.person("omar")
    await typed(omar, "list overdue")
    await omar.press(omar.ephemerals[-1], "Next 1")
    await answered(omar, "6 of 6")
    await omar.press(omar.ephemerals[-1], "By organization")
    await answered(omar, "By date")
    assert len(omar.ephemerals) == 1


async def test_card_is_worked_on_from_home(live: Stage) -> None:
    grant = live.person("grant")
    await grant.open_home()
    await grant.until(lambda: "(A-202)" in words(grant.home()))
    home = grant.home()
    assert home is not None
    await grant.press(home, "open_action:A-202")
    await grant.until(lambda: "Two-page draft" in words(grant.modal))
    assert grant.modal is not None
    await grant.press(grant.modal, "New date")
    await grant.sees_modal("New date")
    await grant.fill({DUE: "2026-12-11", REASON: "The bank asked."})
    assert await grant.submit() is None
    await grant.until(lambda: "now due Fri Dec 11" in words(grant.modal))
    assert "*Moved:* from Nov 12: The bank asked." in words(grant.modal)
    await grant.until(lambda: "due Fri Dec 11" in words(grant.home()))
    assert grant.modal is not None
    await grant.press(grant.modal, "Undo")
    await grant.until(lambda: "Undone." in words(grant.modal))
    assert grant.modal is not None
    await grant.press(grant.modal, "Blocked")
    await grant.sees_modal("Blocked")
    await grant.fill({REASON: "The bank is silent."})
    assert await grant.submit() is None
    await grant.until(lambda: "blocked: The bank is silent." in words(grant.modal))
    for button, said in (
        ("In progress", "in progress"),
        ("Done", "done Mon Nov 23"),
        ("Reopen", "in progress"),
        ("Cancel action", "It's off every list"),
    ):
        assert grant.modal is not None
        await grant.press(grant.modal, button)
        await grant.until(lambda said=said: said in words(grant.modal))  # type: ignore[misc]
    await grant.until(lambda: "(A-202)" not in words(grant.home()))
    # Nine changes, on two pages.
    for button, said in (
        ("Reopen", "in progress"),
        ("History", "Grant Okafor, in Slack\n• Status: cancelled → in progress\nMon Nov 23"),
        ("Older", "By import\n• Added for Grant Okafor, due Nov 12\n9 of 9, newest first\nNewer"),
        ("Newer", "• Status: in progress → blocked\n• In the way: none → The bank is silent.\n"),
    ):
        assert grant.modal is not None
        await grant.press(grant.modal, button)
        await grant.until(lambda said=said: said in words(grant.modal))  # type: ignore[misc]
    told = words(grant.modal)
    assert "1–8 of 9, newest first\nOlder" in told
    for moved in (
        "• Moved for the first time: The bank asked.\n• Due: Nov 12 → Dec 11",
        "• Due: Dec 11 → Nov 12",
    ):
        assert moved in told


async def test_a_date_that_has_passed_is_said_under_the_field(live: Stage) -> None:
    grant = live.person("grant")
    await typed(grant, "A-203")
    await grant.press(grant.ephemerals[-1], "New date")
    await grant.sees_modal("New date")
    await grant.fill({DUE: "2026-11-01", REASON: "The bank asked."})
    assert await grant.submit() == {DUE: "That day has passed. Choose today or a later day."}
    await grant.fill({DUE: "2026-12-01"})
    assert await grant.submit() is None
    await grant.until(lambda: "now due Tue Dec 1" in words(grant.modal))


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ("I'll do it", "Yours, due Fri Dec 4. Omar knows."),
        ("Not mine", "Handed back. Omar knows."),
        ("Other date", "You offered Fri Dec 11. Omar knows."),
    ],
)
async def test_another_organization_is_asked(live: Stage, button: str, said: str) -> None:
    omar, grant = live.person("omar"), live.person("grant")
    await typed(omar, "add Send the form @grant by Dec 4 in supplier")
    await omar.press(omar.ephemerals[-1], "Add")
    await answered(omar, "Added as A-504.")
    await grant.open_home()
    await grant.until(lambda: "waiting for a yes" in words(grant.home()))
    asked = await typed(grant, "A-504")
    assert "Omar Castellanos (Limestone Bend Partnership) asks whether Bend Area Chamber can take this on." in asked
    await grant.press(grant.ephemerals[-1], button)
    if button == "Other date":
        await grant.sees_modal("Other date")
        await grant.fill({DUE: "2026-12-11"})
        assert await grant.submit() is None
        await grant.until(lambda: said in words(grant.modal))
    else:
        await answered(grant, said)
    await omar.press(omar.ephemerals[-1], "Undo")
    await answered(omar, "A-504 has changed since")


async def test_shortcuts(live: Stage) -> None:
    grant = live.person("grant")
    assert (await grant.shortcut("new_action_item")).ok
    await grant.until(lambda: "What will be done?" in words(grant.modal))
    await grant.close()
    message = await grant.says("Somebody should call the bank & ask", "lb-suppliers")
    assert (await grant.shortcut("message_to_action", message)).ok
    await grant.until(lambda: "What will be done?" in words(grant.modal))
    assert grant.modal is not None
    block = next(one for one in grant.modal.blocks if one["block_id"] == TITLE)
    assert block["element"]["initial_value"] == "Somebody should call the bank & ask"
    assert "#lb-suppliers" in words(grant.modal)
    assert await grant.submit() is None
    await grant.until(lambda: "Added as A-504." in words(grant.modal))
    link = f"archives/{message.channel}/p{message.ts.replace('.', '')}|a message in Slack>"
    await grant.close()
    assert link in await typed(grant, "A-504")


async def test_what_people_write_is_no_markup(live: Stage) -> None:
    grant = live.person("grant")
    said = await typed(grant, "add Call <!channel> & *the bank* @me by Dec 4")
    assert "&lt;!channel&gt; &amp; ∗the bank∗" in said
