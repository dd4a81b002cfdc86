"""What is typed in a form and not sent comes back when the form is opened again; in every form, as
`test_double_submits.py` sees."""

from __future__ import annotations

import pytest

from bot.sandbox import Person
from bot.slack.kept_words import AGAIN, NOTICE
from tests.handlers.stage import BLOCKER, SAID, Stage, only_updates_and_digests, words

UPDATE = "Weekly priority update"
NEED = "What do you need from another partner or from leadership?"
CHANGED = "What changed since last week?"


async def settled(stage: Stage) -> None:
    """What goes along with a press is through."""
    await stage.edge.drain()


async def form(person: Person) -> str:
    await person.press(person.dm()[-1], "Answer")
    return str((await person.sees_modal(UPDATE)).blocks)


async def test_a_checkins_words_survive_closing_it_after_enter(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await form(yolanda)
    await yolanda.fill({CHANGED: "Half a sentence"})  # ended by Enter
    await settled(live)
    await yolanda.close()
    again = await form(yolanda)
    assert "Half a sentence" in again
    assert "is filled in. It isn't sent yet." in again
    await yolanda.fill({**SAID, BLOCKER: "Pay."})
    assert await yolanda.submit() is None
    await settled(live)
    await live.settle()
    await yolanda.press(yolanda.dm()[0], "Edit")
    edited = str((await yolanda.sees_modal(UPDATE)).blocks)
    assert "It isn't sent yet." not in edited


async def test_what_was_emptied_in_a_checkin_stays_empty(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await form(yolanda)
    await yolanda.fill({CHANGED: "Half a sentence"})
    await yolanda.fill({CHANGED: None})
    await settled(live)
    await yolanda.close()
    assert "Half a sentence" not in await form(yolanda)
    await yolanda.fill({**SAID, BLOCKER: "Pay.", NEED: "A room."})
    assert await yolanda.submit() is None
    await live.settle()
    await yolanda.press(yolanda.dm()[0], "Edit")
    await yolanda.sees_modal(UPDATE)
    await yolanda.fill({NEED: None})
    await settled(live)
    await yolanda.close()
    await yolanda.press(yolanda.dm()[0], "Edit")
    again = str((await yolanda.sees_modal(UPDATE)).blocks)
    assert "A room." not in again
    assert "Pay." in again


async def test_whom_an_ask_goes_to_keeps_all_that_is_typed_above(live: Stage) -> None:
    """A choice whose press has another purpose carries the whole form too."""
    yolanda = live.person("yolanda")
    await form(yolanda)
    view = yolanda.modal
    assert view is not None
    # Typed without Enter: nothing is reported.
    block, element = yolanda._input(view, CHANGED)
    typed = {"type": "plain_text_input", "value": "Typed and left."}
    view.drafts.setdefault(block["block_id"], {})[element["action_id"]] = typed
    (steering,) = await yolanda.options(view, "find_provider", "steer")
    await yolanda.fill({"Who could provide it?": steering})
    await settled(live)
    await yolanda.close()
    again = await form(yolanda)
    assert "Typed and left." in again
    assert "Steering Committee" in again


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_late_words_stand_in_the_next_form_and_message_also_after_no_change(live: Stage) -> None:
    tom, yolanda = live.person("tom"), live.person("yolanda")
    for person in (tom, yolanda):
        await form(person)
        await person.fill({**SAID, BLOCKER: "Nobody reads it."})
    await live.go("11-24 15:00")
    for person in (tom, yolanda):
        assert await person.submit() is None
        assert "Your words are kept for Tue Dec 1." in words(person.modal)
        await person.close()
    await live.go("12-01 09:00")
    assert "The second offer is out." in await form(yolanda)
    asked = words(tom.dm()[-1])
    assert "it isn't sent" in asked
    assert "“Nobody reads it.”" in asked
    await tom.press(tom.dm()[-1], "No change since Nov 17")
    await live.settle()
    assert "“Nobody reads it.”" in words(tom.dm()[-1])
    await tom.press(tom.dm()[-1], "Edit")
    assert "Nobody reads it." in str((await tom.sees_modal(UPDATE)).blocks)


@pytest.mark.parametrize("who", ["grant"])
async def test_words_to_the_coordinators_survive_until_they_are_sent(live: Stage, who: str) -> None:
    person = live.person(who)

    async def opened() -> str:
        assert (await person.command("/coalition", "ask")).ok
        await person.until(lambda: person.modal is not None and "Opening" not in words(person.modal))
        return str(person.modal.blocks) if person.modal is not None else ""

    assert NOTICE in await opened()
    await person.fill({"What should they know, or help with?": "Can we meet"})
    await settled(live)
    await person.close()
    again = await opened()
    assert "Can we meet" in again
    assert AGAIN in again
    await person.submit()
    await settled(live)
    await person.close(is_cleared=True)
    assert "Can we meet" not in await opened()


async def test_a_checkins_form_is_kept_until_it_is_saved(live: Stage) -> None:
    """Looking at what it would do saves nothing yet."""
    omar = live.person("omar")

    async def opened() -> str:
        await omar.command("/checkin", "add")
        await omar.until(lambda: omar.modal is not None and "What is asked" in words(omar.modal))
        await settled(live)
        return str(omar.modal.blocks) if omar.modal is not None else ""

    assert "Harvest look" not in await opened()
    await omar.fill({"Name": "Harvest look"})
    assert await omar.submit() is None
    await omar.until(lambda: "Nothing is saved yet." in words(omar.modal))
    await settled(live)
    await omar.close()
    assert "Harvest look" in await opened()
    assert AGAIN in words(omar.modal)
    assert await omar.submit() is None
    await omar.until(lambda: "Nothing is saved yet." in words(omar.modal))
    assert omar.modal is not None
    await omar.press(omar.modal, "Save")
    await omar.until(lambda: "Nothing is saved yet." not in words(omar.modal))
    await settled(live)
    await omar.close()
    assert "Harvest look" not in await opened()


async def test_a_letter_keeps_its_words_for_its_receiver_only(live: Stage) -> None:
    omar = live.person("omar")
    (await live.actor("omar")).require("letters.form")

    async def opened(to: str) -> str:
        await live.bot.client.chat_postMessage(
            channel=omar.im.id,
            text="Write",
            blocks=[
                {
                    "type": "actions",
                    "elements": [
                        {
                            "type": "button",
                            "action_id": "write_to",
                            "value": to,
                            "text": {"type": "plain_text", "text": f"Write to {to}"},
                        }
                    ],
                }
            ],
        )
        await omar.press(omar.dm()[-1], f"Write to {to}")
        await omar.until(lambda: omar.modal is not None and "Opening" not in words(omar.modal))
        return str(omar.modal.blocks) if omar.modal is not None else ""

    await opened("grant")
    await omar.fill({"What do you want to say?": "Dear Grant, about"})
    await settled(live)
    await omar.close()
    assert "Dear Grant" not in await opened("tom")
    await omar.close()
    assert "Dear Grant" in await opened("grant")
