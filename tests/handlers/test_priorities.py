"""Priorities through the sandbox: mine, cards and lists by right, edits at once and proposed, outcomes, history."""

from __future__ import annotations

import pytest

from bot.domain.record import Role
from bot.sandbox import Person
from bot.services.access import operator
from bot.services.decisions.proposals import IN_FAVOR
from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, at, words

OUTCOME = "fa-io1"


async def command(stage: Stage, who: str, text: str) -> str:
    person = stage.person(who)
    before = len(person.ephemerals)
    assert (await person.command("/priority", text)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return words(person.ephemerals[-1])


async def form(person: Person, text: str, expected: str) -> None:
    assert (await person.command("/priority", text)).ok
    await person.until(lambda: person.modal is not None and expected in words(person.modal))


async def test_what_is_shown_by_name_and_by_right(live: Stage) -> None:
    for who, text, said in (
        ("imani", "", "*Your priority*"),
        ("imani", "", "🔴 *Child care and commute access* · *Said for the owner* off track"),
        ("imani", "child care", "*Extended-hours child care seats open:*"),
        ("imani", "family", "*Outcomes:* Three providers are licensed"),
        ("imani", "family", "*Funding:* $600,000 secured of $1,100,000 through Dec 31, 2027"),
        ("imani", "family", "Owner: Imani Rhodes"),
        ("dana", "suplier", "I don't know the priority “suplier”. Did you mean Supplier and small-firm growth?"),
    ):
        assert said in await command(live, who, text), said
    ben = live.person("ben")
    await ben.says("priority talent")
    assert "is read by its working group, steering and the coordinators." in words((await ben.hears())[-1])
    await ben.says("priority list")
    assert "There are no priorities for you to read." in words((await ben.hears(2))[-1])
    yolanda = live.person("yolanda")
    await yolanda.says("Talent pathways")
    assert "Owner: Yolanda Briggs" in words((await yolanda.hears(2))[-1])


async def test_unknown_priority_has_a_way_on(live: Stage) -> None:
    dana = live.person("dana")
    await command(live, "dana", "suplier")
    await dana.press(dana.ephemerals[-1], "Yes")
    await dana.until(lambda: "Owner: Grant Okafor" in words(dana.ephemerals[-1]))
    await dana.press(dana.ephemerals[-1], "History")
    await dana.until(lambda: dana.modal is not None and "By import" in words(dana.modal))
    assert "Outcome added: Four anchor buyers publish a local sourcing forecast" in words(dana.modal)


async def test_a_coordinators_edit_counts_at_once_and_is_in_the_history(live: Stage) -> None:
    omar, dana = live.person("omar"), live.person("dana")
    await form(omar, "edit job", "Who owns it?")
    await form(dana, "edit job", "Who owns it?")
    await omar.fill({"Channel": "#lb quality!"})
    assert "such as “#lb-talent”" in (await omar.submit() or {})[encode_question("channel")]
    await omar.fill({"Channel": "#lb-quality", "How does it stand?": "paused"})
    renata = {"value": "renata", "text": {"type": "plain_text", "text": "Renata Fuchs"}}
    await omar.fill({"Who owns it?": renata})
    assert await omar.submit() is None
    told = words(omar.modal)
    assert "Owner: Tom Delacroix → Renata Fuchs" in told
    assert "State: as its owner says → paused" in told
    await dana.fill({"Channel": "#lb-jobs"})
    clash = (await dana.submit() or {})[encode_question("channel")]
    assert clash == "Somebody changed this meanwhile: it is #lb-quality now. Open the form again to change it."
    card = await command(live, "dana", "job")
    assert "Owner: Renata Fuchs" in card
    assert "*Stands* paused, set Nov 23" in card
    history = await command(live, "dana", "history job")
    assert "Omar Castellanos, in Slack" in history
    assert "• Owner: Tom Delacroix → Renata Fuchs" in history
    assert "• Assessment: on track → paused" in history or "• Assessment: not started → paused" in history


async def test_an_owners_edit_is_proposed(live: Stage) -> None:
    imani = live.person("imani")
    await form(imani, "edit family", "What you change becomes a decision for steering")
    await imani.fill({"Goal": "Two hundred seats by summer."})
    assert encode_question("reason") in (await imani.submit() or {})
    await imani.fill({"Why does it change?": "The county's count is in."})
    assert await imani.submit() is None
    assert "It counts once the Steering Committee has decided for it." in words(imani.modal)
    assert "Two hundred seats" not in await command(live, "imani", "family")
    decision = words(imani.modal).partition("Proposed as ")[2].partition(".")[0]
    dana = await live.services.people.actor_of(live.bot.token.team_id, live.person("dana").user.id)
    assert dana is not None
    await live.services.decisions.record(dana, decision, IN_FAVOR, note="At the meeting of Nov 23")
    assert "*Goal:* Two hundred seats by summer." in await command(live, "imani", "family")
    grant = live.person("grant")
    await form(grant, "edit family", "Priorities are changed by coordinators and proposed by their owners.")


async def test_outcomes_are_added_moved_and_reached(live: Stage) -> None:
    omar = live.person("omar")
    await form(omar, "outcome family", "Three providers are licensed")
    assert omar.modal is not None
    await omar.press(omar.modal, OUTCOME)
    await omar.until(lambda: omar.modal is not None and "What will be true?" in words(omar.modal))
    await omar.fill({"By": "2027-01-31"})
    assert "why the date moves" in (await omar.submit() or {})[encode_question("reason")]
    await omar.fill({"Why does the date move?": "No inspector until January."})
    assert await omar.submit() is None
    assert "Due: Sep 30 → Jan 31, 2027" in words(omar.modal)
    history = await command(live, "omar", "history family")
    assert "Three providers are licensed for evening and weekend care, due: Sep 30 → Jan 31, 2027" in history
    assert "• Why: “No inspector until January.”" in history
    await omar.close()
    await form(omar, "outcome family", "Due Jan 31, 2027")
    assert omar.modal is not None
    await omar.press(omar.modal, OUTCOME)
    await omar.until(lambda: omar.modal is not None and "Reached on" in words(omar.modal))
    for mistake, field, said in (
        ({"Reached on": "2026-12-24"}, "completed", "still ahead"),
        ({"Reached on": "2026-11-20"}, "evidence", "Say what shows that it is reached."),
    ):
        await omar.fill(mistake)
        assert said in (await omar.submit() or {})[encode_question(field)]
    await omar.fill({"What shows that it is reached?": "Three licenses, signed Nov 20."})
    assert await omar.submit() is None
    assert "Reached. The next digest says so." in words(omar.modal)
    assert "reached Nov 20" in await command(live, "omar", "family")
    await omar.close()
    await form(omar, "outcome family", "Reached Nov 20: “Three licenses, signed Nov 20.”")
    assert omar.modal is not None
    await omar.press(omar.modal, "Add outcome")
    await omar.until(lambda: omar.modal is not None and "What will be true?" in words(omar.modal))
    await omar.fill({"What will be true?": "A bus runs to the west side", "By": "2027-06-30"})
    assert await omar.submit() is None
    assert "A bus runs to the west side*\nAdded." in words(omar.modal)


async def test_a_new_priority(live: Stage) -> None:
    omar = live.person("omar")
    await form(omar, "add", "Who owns it?")
    assert {encode_question("name"), encode_question("owner")} <= set(await omar.submit() or {})
    grant = {"value": "grant", "text": {"type": "plain_text", "text": "Grant Okafor"}}
    await omar.fill({"Priority": "Housing near work", "Who owns it?": grant, "Channel": "lb-housing"})
    assert await omar.submit() is None
    assert "Housing near work*\nAdded." in words(omar.modal)
    assert "Owner: Grant Okafor · #lb-housing" in await command(live, "omar", "housing")
    await form(live.person("grant"), "add", "Priorities are added by coordinators.")


@pytest.mark.lived("11-25 07:30")
async def test_edits_are_told_by_the_digest(live: Stage) -> None:
    omar = live.person("omar")
    await form(omar, "edit job", "Who owns it?")
    await omar.fill({"Who owns it?": {"value": "renata", "text": {"type": "plain_text", "text": "Renata Fuchs"}}})
    assert await omar.submit() is None
    await omar.close()
    await omar.command("/metric", "retarget seats")
    await omar.until(lambda: omar.modal is not None and "Why does it change?" in words(omar.modal))
    await omar.fill({"Target": "200", "By": "2027-06-30", "Why does it change?": "Fewer providers."})
    assert await omar.submit() is None
    record = await live.services.coalitions.record(operator(live.bot.coalition_id))
    owning = [one.id for one in record.members if Role(role="priority_owner", scope="job-quality") in one.roles]
    assert owning == ["renata"], "no right stays behind with a role"
    await live.go("12-01 09:00")
    for who, part in (("tom", "Steering"), ("renata", "owns Job quality")):
        assert [one for one in live.person(who).dm() if f"is now: {part}" in words(one)], who
    live.calendar.set(at("12-04 07:30"))
    digest = await live.services.digests.compose(operator(live.bot.coalition_id), live.calendar.now())
    assert {(one.kind, one.subject) for one in digest.changed} >= {("owner", "job-quality"), ("retargeted", "fa-seats")}


async def test_a_card_leads_to_its_figures_its_actions_and_its_decision(live: Stage) -> None:
    marcus = live.person("marcus")
    await marcus.open_home()
    await marcus.until(lambda: "Child care and commute access" in words(marcus.home()))
    for button, expected, elsewhere in (
        ("Figures: Child care and commute access", "4 figures of Child care", "Firms helped"),
        ("Actions: Child care and commute access", "Get a fire inspection date", "Draft the loan pool"),
        ("Decision D-1", "Pay for a contract fire inspector", "Move $150,000"),
    ):
        home = marcus.home()
        assert home is not None
        await marcus.press(home, "Open: Child care and commute access")
        await marcus.until(lambda: "Owner: Imani Rhodes" in words(marcus.modal))
        assert marcus.modal is not None
        await marcus.press(marcus.modal, button)
        await live.sandbox.settled()
        await live.edge.drain()
        await live.edge.drain()
        assert len(marcus.modals) == 2, button
        assert expected in words(marcus.modal), button
        assert elsewhere not in words(marcus.modal)
        await marcus.close(is_cleared=True)
