"""What is typed in a form and not sent comes back when the form is opened again, in every form that keeps its words."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.sandbox import Person
from bot.sandbox.people import Refused
from bot.slack.blocks.checkins.forms import KEPT_ON_CLOSE, NOT_KEPT_ON_CLOSE
from bot.slack.identifiers import Submission
from bot.slack.kept_words import AGAIN, NOTICE, READ_BACK, SENT_BY
from bot.store.checkins import DraftRow
from tests.handlers.every_form import FORMS, SETUP, Form
from tests.handlers.forms import MONDAY, TUESDAY
from tests.handlers.stage import BLOCKER, SAID, Stage, words

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


async def test_late_words_stand_in_the_next_message_also_after_no_change(live: Stage) -> None:
    tom = live.person("tom")
    await form(tom)
    await tom.fill({**SAID, BLOCKER: "Nobody reads it."})
    await live.go("11-24 15:00")
    assert await tom.submit() is None
    assert "Your words are kept for Tue Dec 1." in words(tom.modal)
    await tom.close()
    await live.go("12-01 09:00")
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


# Check-ins keep their words by question, a setup in itself; of an anonymous one nothing is kept.
OTHERWISE = {Submission.CHECKIN, Submission.CHECKIN_AHEAD, Submission.PULSE, *SETUP}
TYPED = "Kept and not sent"


def fields(person: Person) -> dict[str, str]:
    """What stands in the fields for words of the form on top, by their names."""
    blocks: list[dict[str, Any]] = person.modal.blocks if person.modal is not None else []
    texts = [one for one in blocks if (one.get("element") or {}).get("type") == "plain_text_input"]
    return {one["block_id"]: one["element"].get("initial_value", "") for one in texts}


async def drafts(stage: Stage) -> list[str]:
    async with stage.services.database.read() as session:
        return list(await session.scalars(select(DraftRow.subject).where(DraftRow.subject.startswith("form:"))))


async def open_whole(stage: Stage, form: Form, person: Person) -> None:
    """The form, with what was kept of it: where Slack would not wait for that, it comes after the form."""
    await form.open(stage, person)
    await settled(stage)


async def problems_of(stage: Stage, form: Form) -> list[str]:
    """One form: closed and opened again, once with words in its fields and once with those emptied; then sent."""
    person, wrong = stage.person(form.who), []
    await open_whole(stage, form, person)
    before = fields(person)
    names = list(before)
    says = words(person.modal)
    if form.submission in {Submission.QUESTIONS_PREVIEW, Submission.PULSE}:
        if NOT_KEPT_ON_CLOSE not in says:
            wrong.append("doesn't say that nothing is kept")
        names = []
    elif form.submission in OTHERWISE:
        if names and KEPT_ON_CLOSE not in says:
            wrong.append("doesn't say what is kept")
        names = []
    elif names and NOTICE not in says:
        wrong.append("doesn't say what is kept")
    for put in (TYPED, None):
        if names:
            await person.fill(dict.fromkeys(names, put))
            await settled(stage)
            await person.close()
            await open_whole(stage, form, person)
            if put is not None and AGAIN not in words(person.modal):
                wrong.append("doesn't say that it isn't sent")
            wrong += [f"{name} shows {shown!r}" for name, shown in fields(person).items() if shown != (put or "")]
    await person.fill({name: before[name] or None for name in names} | form.values)
    await settled(stage)
    if errors := await person.submit():
        wrong.append(f"not taken: {errors}")
    await settled(stage)
    # What is read back first is kept until that is sent too.
    follows = person.modal is not None and person.modal.body.get("callback_id") in SENT_BY.values()
    waits = follows or form.submission in READ_BACK
    kept = await drafts(stage)
    if len(kept) != waits:
        wrong.append(f"kept after it was sent: {kept}")
    if form.submission in READ_BACK and person.modal is not None:
        await person.press(person.modal, "Save")
        await person.until(lambda: "Nothing is saved yet." not in words(person.modal))
        await settled(stage)
        if kept := await drafts(stage):
            wrong.append(f"kept after it was saved: {kept}")
    if person.modal is not None:
        await person.close(is_cleared=True)
    return wrong


async def test_every_form_gives_back_what_was_typed_and_forgets_what_was_sent(live: Stage) -> None:
    await live.resume_meetings()
    wrong: dict[str, list[str]] = {}
    for form in FORMS:
        if form.when == TUESDAY and live.when != TUESDAY:
            await live.go("11-24 15:00")
            await live.go(TUESDAY)
        try:
            found = await problems_of(live, form)
        except (Refused, LookupError, TimeoutError) as error:
            found = [repr(error)]
        if found:
            wrong[f"{form.submission} ({form.said})"] = found
        if form.when != MONDAY:
            await live.settle()
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())
