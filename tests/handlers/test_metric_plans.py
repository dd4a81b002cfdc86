"""Setting figures up through the sandbox: a new one, its definition, a new target at once and proposed, its history."""

from __future__ import annotations

from typing import Any

from bot.sandbox import Person
from bot.services.decisions.proposals import IN_FAVOR
from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, words

NEW: dict[str, Any] = {
    "Name": "Adults in evening classes",
    "Unit": "adults",
    "Priority": "talent-pathways",
    "Who looks after it?": {"value": "yolanda", "text": {"type": "plain_text", "text": "Yolanda Briggs"}},
    "Target": "200",
    "Target, by": "2027-06-30",
}
MORE: dict[str, Any] = {
    "What exactly is counted?": "Everybody who came at least twice.",
    "Which way is better?": "increase",
    "Level": "contributing",
    "When does it move?": "short",
    "What does each figure cover?": "point_in_time",
    "How often is there a new figure?": "quarterly",
    "Baseline": "100",
    "Baseline, as of": "2026-06-30",
}


async def command(stage: Stage, who: str, text: str) -> str:
    """What a command answers at once, without a form."""
    person = stage.person(who)
    before = len(person.ephemerals)
    assert (await person.command("/metric", text)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return words(person.ephemerals[-1])


async def form(person: Person, text: str, expected: str) -> None:
    assert (await person.command("/metric", text)).ok
    await person.until(lambda: person.modal is not None and expected in words(person.modal))


async def test_a_new_figure_is_refused_until_it_is_sound_and_added_once(live: Stage) -> None:
    omar = live.person("omar")
    await form(omar, "add", "Target, by")
    await omar.fill(NEW)
    assert omar.modal is not None
    await omar.press(omar.modal, "More")
    await omar.until(lambda: "What exactly is counted?" in words(omar.modal))
    await omar.fill(MORE)
    for mistake, field, said in (
        ({"Target": "100"}, "target_value", "The target equals the baseline."),
        ({"Target": "90"}, "target_value", "To increase, the target has to be above the baseline of 100."),
        ({"Target": "200", "Target, by": "2026-06-30"}, "target_on", "Choose a day after the baseline's, Jun 30."),
        ({"Target, by": "2027-06-30", "Milestones": "150 by Jul 1, 2027"}, "milestones", "before the target"),
        ({"Milestones": "150 by Dec 31, 2026\n160 by Dec 31, 2026"}, "milestones", "Two milestones are of Dec 31."),
        ({"Milestones": "soon"}, "milestones", "Line 1: I don't understand “soon”."),
        ({"Milestones": "150 by Dec 31, 2026", "Which way is better?": "maintain"}, "tolerance", "Give a tolerance"),
    ):
        await omar.fill(mistake)
        assert said in (await omar.submit() or {})[encode_question(field)], said
    await omar.fill({"Which way is better?": "increase"})
    assert await omar.submit() is None
    assert "Adults in evening classes*\nAdded." in words(omar.modal)
    card = await command(live, "omar", "adults")
    assert "No figure yet. The first was due Sep 30." in card
    assert "Steward: Yolanda Briggs" in card
    await form(live.person("omar"), "add", "Target, by")
    assert "To increase" not in words(omar.modal)


async def test_a_new_figure_asks_six_things_and_takes_the_rest_as_usual(live: Stage) -> None:
    omar = live.person("omar")
    await form(omar, "add", "Target, by")
    assert omar.modal is not None
    assert sum(block["type"] == "input" for block in omar.modal.blocks) == 6
    await omar.fill(NEW)
    assert await omar.submit() is None
    assert "Added. It says “no figure yet” until its baseline is set." in words(omar.modal)
    await omar.close(is_cleared=True)
    await form(omar, "edit adults", "Which way is better?")
    assert omar.modal is not None
    chosen = [
        block["element"]["initial_option"]["text"]["text"]
        for block in omar.modal.blocks
        if block.get("element", {}).get("type") == "static_select"
    ]
    assert chosen == [
        "More",
        "Core, read by leadership",
        "In two to four years",
        "A day: how it stands then",
        "Quarterly",
    ]


async def test_who_may_set_figures_up(live: Stage) -> None:
    grant = live.person("grant")
    await form(grant, "add", "Figures are set up by coordinators. Dana Whitlock can help.")
    await form(grant, "edit seats", "Targets and definitions are changed by coordinators")
    await form(grant, "retarget seats", "Dana Whitlock can help.")
    ben = live.person("ben")
    await ben.says("metric history seats")
    assert "are read by those who work on it" in words((await ben.hears())[-1])
    await form(live.person("omar"), "edit setas", "I don't know the figure “setas”.")
    await ben.says("help")
    assert "metric retarget" not in words((await ben.hears(2))[-1])


async def test_a_definition_is_changed_and_two_people_do_not_overwrite_each_other(live: Stage) -> None:
    omar, dana = live.person("omar"), live.person("dana")
    await form(omar, "edit seats", "What exactly is counted?")
    await form(dana, "edit seats", "What exactly is counted?")
    await omar.fill({"Source": "Monthly provider call"})
    assert await omar.submit() is None
    assert "Source: Provider call round → Monthly provider call" in words(omar.modal).replace("quarterly p", "P")
    await dana.fill({"Unit": "places"})
    assert await dana.submit() is None
    assert "Unit: seats → places" in words(dana.modal)
    assert "Source" not in words(dana.modal)
    await form(omar, "edit seats", "What exactly is counted?")
    await form(dana, "edit seats", "What exactly is counted?")
    await omar.fill({"Source": "Weekly provider call"})
    assert await omar.submit() is None
    await dana.fill({"Source": "Yearly census"})
    clash = (await dana.submit() or {})[encode_question("source")]
    assert "Somebody changed this meanwhile: it is Weekly provider call now." in clash
    await form(omar, "edit seats", "What exactly is counted?")
    assert await omar.submit() is None
    assert "Nothing is different" in words(omar.modal)


async def test_a_coordinators_target_counts_at_once_with_its_reason(live: Stage) -> None:
    omar = live.person("omar")
    await form(omar, "retarget seats", "Now 220 by Dec 31. Baseline 60 as of Jun 30, 2025.")
    await omar.fill({"Target": "40", "Why does it change?": "Two providers left the county."})
    assert "has to be above the baseline" in (await omar.submit() or {})[encode_question("target_value")]
    await omar.fill({"Target": "200", "By": "2027-06-30"})
    assert await omar.submit() is None
    assert "Target: 220 by Dec 31 → 200 by Jun 30, 2027" in words(omar.modal)
    assert "target 200 by Jun 30, 2027" in await command(live, "luis", "seats")
    history = await command(live, "luis", "history seats")
    assert "Omar Castellanos, in Slack" in history
    assert "• Target: 220 → 200" in history
    assert "• Why: “Two providers left the county.”" in history


async def test_an_owners_target_is_proposed_to_steering(live: Stage) -> None:
    imani = live.person("imani")
    await form(imani, "retarget seats", "What you change becomes a decision for steering")
    await imani.fill({"Target": "200", "By": "2027-06-30", "Why does it change?": "Two providers left the county."})
    assert await imani.submit() is None
    told = words(imani.modal)
    assert "It counts once the Steering Committee has decided for it." in told
    assert "target 220 by Dec 31" in await command(live, "luis", "seats")
    decision = told.partition("Proposed as ")[2].partition(".")[0]
    dana = await live.services.people.actor_of(live.bot.token.team_id, live.person("dana").user.id)
    assert dana is not None
    await live.services.decisions.record(dana, decision, IN_FAVOR, note="At the meeting of Nov 23")
    assert "target 200 by Jun 30, 2027" in await command(live, "luis", "seats")
    history = await command(live, "luis", "history seats")
    assert "Dana Whitlock, in Slack" in history
    assert "• Why: “Two providers left the county.”" in history


async def test_history_and_meaning_open_from_the_card(live: Stage) -> None:
    luis = live.person("luis")
    await luis.says("seats")
    await luis.until(lambda: "60 → *134 seats*" in words(luis.dm()[-1]))
    card = luis.dm()[-1]
    await luis.press(card, "What it means")
    await luis.until(lambda: luis.modal is not None and "Steward: Luis Ferrer" in words(luis.modal))
    assert "Baseline 60 seats on Jun 30, 2025" in words(luis.modal)
    await luis.close()
    await luis.press(card, "History")
    await luis.until(lambda: luis.modal is not None and "Set up" in words(luis.modal))
    shown = words(luis.modal)
    assert "Figure for Jun 30 restated: 104 seats → 110 seats, final." in shown
    assert "By import" in shown


async def test_history_withholds_what_is_withheld(live: Stage) -> None:
    priya = live.person("priya")
    await command(live, "priya", "update jq-turnover 40.7 as of Jun 30 from 3 note New count")
    await priya.press(priya.ephemerals[-1], "Restate")
    await priya.until(lambda: "Recorded: not shown" in words(priya.ephemerals[-1]))
    shown = await command(live, "priya", "history turnover")
    assert "Figure for Jun 30 restated: 45.1% → not shown, final. “New count”" in shown
    assert "40.7" not in shown
