"""Question sets through the sandbox: made and edited question by question, tried, copied, and asked."""

from __future__ import annotations

from typing import Any

from bot.domain.record import QuestionSet
from bot.sandbox.views import View
from bot.services.access import operator
from tests.handlers.stage import Stage, words

LABELS = {
    "label": "Question",
    "options": "Choices",
    "least": "Least",
    "greatest": "Greatest",
    "longest": "Longest answer (characters)",
    "required": "Does it need an answer?",
    "conditions": "Only if",
}


async def opened(stage: Stage, text: str, who: str = "dana") -> View:
    """The form of a set, by what is typed."""
    person = stage.person(who)
    assert (await person.command("/checkin", text)).ok
    await filled(stage, "Questions", who)
    assert person.modal is not None
    return person.modal


async def filled(stage: Stage, title: str, who: str = "dana") -> None:
    """Waits until a modal of this title is there with what it holds."""
    person = stage.person(who)
    await person.sees_modal(title)
    await person.until(lambda: "Opening" not in words(person.modal))


async def add_question(stage: Stage, kind: str, **fields: Any) -> list[str]:
    """Adds a question to the set in hand; what has to be mended, and then the form is closed."""
    dana = stage.person("dana")
    assert dana.modal is not None
    await dana.press(dana.modal, "Add a question")
    await filled(stage, "One question")
    return await enter(stage, kind, **fields)


async def enter(stage: Stage, kind: str | None = None, **fields: Any) -> list[str]:
    dana = stage.person("dana")
    assert dana.modal is not None
    if kind is not None and kind != "text":
        before = dana.modal.hash
        await dana.choose(dana.modal, "question_kind", kind)
        await dana.until(lambda: dana.modal is not None and dana.modal.hash != before)
    await dana.fill({LABELS[name]: value for name, value in fields.items()})
    errors = await dana.submit()
    if errors is None:
        await filled(stage, "Questions")
        await dana.until(lambda: fields.get("label", "") in words(dana.modal))
    return list((errors or {}).values())


async def menu(stage: Stage, number: int, choice: str) -> None:
    """Chooses from the menu of one of the questions of the set in hand."""
    dana = stage.person("dana")
    assert dana.modal is not None
    blocks = [block for block in dana.modal.blocks if (block.get("accessory") or {}).get("type") == "overflow"]
    await dana.choose(dana.modal, blocks[number - 1]["block_id"], choice)


async def live_set(stage: Stage, title: str) -> QuestionSet:
    record = await stage.services.coalitions.record(operator(stage.bot.coalition_id))
    return next(one for one in record.question_sets if one.title == title)


async def test_a_set_is_made_question_by_question(live: Stage) -> None:
    dana = live.person("dana")
    await opened(live, "questions add")
    assert "It asks nothing yet." in words(dana.modal)
    await dana.fill({"Title": "Site visit", "Minutes that it takes": "3"})
    assert list((await dana.submit() or {}).values()) == ["Add a question first: it asks nothing yet."]
    assert await add_question(live, "choice", label="Which site?", options="East", required="always") == [
        "Write at least two choices, one a line."
    ]
    assert await enter(live, options="East\nWest side\n\nEast") == []
    assert await add_question(live, "scale", label="How ready is it?", least="1", greatest="4") == []
    assert (
        await add_question(
            live, "text", label="What is missing?", required="only_if", conditions=["which-site == East"]
        )
        == []
    )
    for kind in ("choices", "yes_no", "number", "date", "item_picker:members", "item_picker:actions"):
        more = {"options": "A\nB"} if kind == "choices" else {}
        assert await add_question(live, kind, label=f"Of {kind}?", **more) == []
    shown = words(dana.modal)
    assert "1. *Which site?*\nOne of several choices · East, West side · always needed" in shown
    assert "2. *How ready is it?*\nA step on a scale · 1 to 4 · may stay empty" in shown
    assert "3. *What is missing?*\nWords · needed if “Which site?” is “East”" in shown
    assert "9. *Of item_picker:actions?*\nAn action · may stay empty" in shown
    # What an answer is needed for stays above it.
    await menu(live, 3, "Move up")
    await dana.until(lambda: "2. *What is missing?*" in words(dana.modal))
    await menu(live, 2, "Move up")
    await dana.until(lambda: "stays below it" in words(dana.modal))
    await menu(live, 1, "Take out")
    await dana.until(lambda: "Change that one first" in words(dana.modal))
    await menu(live, 9, "Take out")
    await dana.until(lambda: "Of item_picker:actions?" not in words(dana.modal))
    assert await live.services.question_sets.page(await live.actor("dana")) != ()
    assert "Site visit" not in [one.title for one in await live.services.question_sets.page(await live.actor("dana"))]
    await dana.fill({"Also": ["note", "no_change"], "Who reads the answers": "group"})
    assert await dana.submit() is None
    card = words(dana.modal)
    assert "Site visit is added." in card
    assert "3 minutes · read by the group and the coordinators · “no change” may be answered" in card
    saved = await live_set(live, "Site visit")
    assert [one.id for one in saved.questions][:3] == ["which-site", "what-is-missing", "how-ready-is-it"]
    assert saved.questions[1].required_if == "which-site == East"
    assert saved.questions[-1].id == "for_coordinator"
    assert (saved.readers, saved.version, len(saved.questions)) == ("group", 1, 9)


async def test_what_was_in_hand_comes_back_and_can_be_given_up(live: Stage) -> None:
    """Closed before it was saved, also by somebody who only typed: nothing is in use meanwhile, and nothing is lost."""
    dana = live.person("dana")
    await opened(live, "questions edit stocktake")
    await dana.fill({"Title": "Quarterly stocktake"})
    await menu(live, 1, "Take out")
    await dana.until(lambda: "1. *Where will it be" in words(dana.modal))
    await dana.close()
    assert len((await live_set(live, "Monthly stocktake")).questions) == 6
    await opened(live, "questions edit stocktake")
    assert "What you wrote before is filled in. It isn't sent yet." in words(dana.modal)
    assert "1. *Where will it be" in words(dana.modal)
    assert dana.modal is not None
    await dana.press(dana.modal, "Start over")
    await dana.until(lambda: "1. *Is the headline measure bending" in words(dana.modal))
    assert "What you wrote before" not in words(dana.modal)
    await dana.close()


async def test_a_set_that_is_asked_is_edited_for_the_next_round(live: Stage) -> None:
    dana, imani = live.person("dana"), live.person("imani")
    await opened(live, "questions edit weekly priority")
    assert "Asked by Weekly priority check-in. A round that is open finishes as it began." in words(dana.modal)
    # How priorities stand is in the digest: fewer can't read it, and it can't be left out.
    await dana.fill({"Who reads the answers": "coordinators"})
    assert list((await dana.submit() or {}).values()) == [
        "“Weekly priority check-in” says how priorities stand, which the digest tells. "
        "Choose its readers, or everybody."
    ]
    await dana.fill({"Who reads the answers": "everybody"})
    # What the digest reads keeps what it asks for; its words change.
    await menu(live, 3, "Edit")
    await filled(live, "One question")
    assert "What is asked for" not in words(dana.modal)
    assert "so what it asks for stays" in words(dana.modal)
    assert await enter(live, label="What is new?") == []
    assert await dana.submit() is None
    assert "Version 2: earlier rounds keep the questions that they asked." in words(dana.modal)
    saved = await live_set(live, "Weekly priority update")
    assert (saved.questions[2].id, saved.questions[2].label, saved.questions[2].max_length) == (
        "moved",
        "What is new?",
        400,
    )
    await dana.close(is_cleared=True)
    message = next(one for one in reversed(imani.dm()) if "*Update:" in words(one))
    await imani.press(message, "Answer")
    await filled(live, "Weekly priority update", "imani")
    assert "What changed since last week?" in words(imani.modal)
    assert "What is new?" not in words(imani.modal)


async def test_questions_for_each_action_change_in_their_words_only(live: Stage) -> None:
    dana = live.person("dana")
    await opened(live, "questions edit open actions")
    assert "so only words can change" in words(dana.modal)
    assert "Add a question" not in words(dana.modal)
    await menu(live, 1, "Edit")
    await filled(live, "One question")
    assert await enter(live, label="How far is it?") == []
    assert await dana.submit() is None
    saved = await live_set(live, "Your open actions")
    assert (saved.questions[0].id, saved.questions[0].label) == ("status", "How far is it?")
    assert saved.questions[1:] == (await live_set(live, "Your open actions")).questions[1:]


async def test_a_preview_is_the_form_and_keeps_nothing(live: Stage) -> None:
    dana = live.person("dana")
    await opened(live, "questions edit weekly priority")
    assert dana.modal is not None
    await dana.press(dana.modal, "Preview")
    await filled(live, "Weekly priority update")
    assert "nothing is sent and nothing is kept" in words(dana.modal)
    await dana.fill({"How does this priority stand today?": "at_risk", "What changed since last week?": "Nothing."})
    await dana.fill({"How likely are we to reach our goal? (0 to 10)": "5", "What will be true by next week?": "All."})
    before = await live.stored()
    assert list((await dana.submit() or {}).values()) == ["Add one sentence, or choose On track."]
    await dana.fill({"What is in the way?": "Pay."})
    assert await dana.submit() is None
    assert "nothing was sent, and nothing is kept" in words(dana.modal)
    assert await live.stored() == before


async def test_only_leads_get_there(live: Stage) -> None:
    grant = live.person("grant")
    for text in ("questions add", "questions edit stocktake"):
        assert (await grant.command("/checkin", text)).ok
        await grant.until(lambda: "Setting up, pausing and roles are for the leads and admins." in words(grant.modal))
        await grant.close()
