"""Funding through the sandbox: who sees what, sources added, updated and allocated, reports sent; all on one stage."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Person
from bot.services.access import operator
from bot.slack.metadata import encode_question
from tests.handlers.stage import CONNECTED, Stage, at, only_updates_and_digests, words
from tests.handlers.test_home import home_of


async def command(stage: Stage, who: str, text: str) -> str:
    """What somebody reads who types this: people who are connected from elsewhere have no commands, so they write."""
    person = stage.person(who)
    if who in CONNECTED:
        heard = len(await person.hears(0))
        await person.says(f"funding {text}".strip())
        return words((await person.hears(heard + 1))[-1])
    before = len(person.ephemerals)
    assert (await person.command("/funding", text)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return words(person.ephemerals[-1])


async def form(person: Person, text: str, expected: str) -> None:
    assert (await person.command("/funding", text)).ok
    await person.until(lambda: person.modal is not None and expected in words(person.modal))


def picked(key: str, name: str) -> dict[str, Any]:
    return {"value": key, "text": {"type": "plain_text", "text": name}}


async def test_each_sees_what_they_may(live: Stage) -> None:
    for who, text, said, unsaid in (
        ("omar", "", "$600,000 secured of $1,100,000 through Dec 31, 2027; gap $500,000; $1,600,000 applied for", None),
        ("omar", "", "*The coalition's own*\n$1,230,000 secured, need not set", None),
        ("omar", "", "Federal regional workforce award, due Jan 30, 2027, by Omar Castellanos", None),
        ("marcus", "", "All 9 sources", "Add source"),
        ("omar", "F-1", "$4,800,000, active, Oct 1, 2025 to Sep 30, 2028", None),
        ("omar", "federal", "Match: $710,000 of $960,000", None),
        (
            "omar",
            "federal",
            "Federal economic development agency · public, braided, restricted, semiannual reports",
            None,
        ),
        ("omar", "supplier", "Secured by capital type: public $1,100,000", None),
        ("omar", "job", "$750,000 secured, need not set", "100%"),
        ("omar", "coalition", "*Partner dues pool*", None),
        # Owners of one priority: its money, and of a source only what it gives to that priority.
        ("luis", "", "*Child care and commute access*\n$600,000 secured", "Talent"),
        ("luis", "list", "*Halvorsen core support*\nactive · Child care and commute access $250,000", "900,000"),
        ("luis", "F-7", "Allocated: Child care and commute access $250,000", "450,000"),
        ("luis", "F-1", "This funding is read by the coordinators and steering", "Federal"),
        ("luis", "talent", "This funding is read by", "5,750,000"),
        # A funder reads its own grants.
        ("ben", "", "*Next Rung outcomes grant*\nawarded · $1,500,000", "Halvorsen"),
        ("ben", "talent", "This funding is read by", "$"),
        # Words that are not understood.
        ("omar", "suplier", "Did you mean Supplier and small-firm growth?", None),
        ("omar", "state", "Several fit “state”: State workforce formula share; State child care", None),
        ("luis", "help", "`/funding list`", "allocate"),
        ("ben", "help", "`funding update NAME`", "allocate"),
        ("omar", "history F-1", "By import", None),
    ):
        heard = await command(live, who, text)
        assert said in heard, (who, text, heard)
        assert unsaid is None or unsaid not in heard, (who, text, heard)
    omar = live.person("omar")
    await command(live, "omar", "suplier")
    await omar.press(omar.ephemerals[-1], "Yes")
    await omar.until(lambda: "gap $2,300,000" in words(omar.ephemerals[-1]))
    # The same from the priority's card.
    await omar.command("/priority", "talent")
    await omar.until(lambda: "Owner: Yolanda Briggs" in words(omar.ephemerals[-1]))
    await omar.press(omar.ephemerals[-1], "Funding")
    await omar.until(lambda: "$5,750,000 secured of $5,600,000" in words(omar.ephemerals[-1]))


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_a_source_is_added_updated_and_allocated(live: Stage) -> None:
    omar, dana = live.person("omar"), live.person("dana")
    await form(omar, "add", "Braided or blended?")
    mended = await omar.submit() or {}
    assert {encode_question(name) for name in ("name", "capital_type", "status", "amount")} <= set(mended)
    entered = {
        "Source": "Transit pilot",
        "Which member organization gives it?": picked("harrow-county", "Harrow County Executive Office"),
        "Capital type": "public",
        "Braided or blended?": "braided",
        "How far is it?": "applied",
        "Whole amount, in USD": "300000",
        "Starts": "2027-01-01",
        "Ends": "2026-12-31",
        "To Child care and commute access": "250000",
        "To Backbone Team": "60000",
    }
    await omar.fill(entered)
    mended = await omar.submit() or {}
    assert mended[encode_question("period_end")] == "The end comes before the start. Choose a later day."
    said = "Up to here $310,000 is allocated, and the source has $300,000. Take off $10,000."
    assert mended[encode_question("to:backbone")] == said
    await omar.fill({"Ends": "2027-12-31", "To Backbone Team": "50000"})
    assert await omar.submit() is None
    assert "Transit pilot*\nAdded.\n• $300,000\n• applied\n• Child care and commute access: $250,000" in words(
        omar.modal
    )
    assert "$1,850,000 applied for" in await command(live, "omar", "family")
    assert "Harrow County" in await command(live, "omar", "transit")
    await omar.close()

    # Two people at once: what the second one touched is so now, and is told.
    await form(omar, "update transit", "Received to date")
    await form(dana, "update transit", "Received to date")
    await omar.fill({"How far is it?": "awarded", "Whole amount, in USD": "280000"})
    assert "is already allocated. Lower an allocation first" in (await omar.submit() or {})[encode_question("amount")]
    await omar.fill({"Whole amount, in USD": "320000", "Received to date, in USD": "400000"})
    assert "The source has $320,000." in (await omar.submit() or {})[encode_question("received")]
    await omar.fill({"Received to date, in USD": "40000", "Next report due": "2026-12-07"})
    assert await omar.submit() is None
    for line in ("Status: applied → awarded", "Amount: $300,000 → $320,000", "Received to date: none → $40,000"):
        assert line in words(omar.modal), line
    await dana.fill({"How far is it?": "declined"})
    clash = (await dana.submit() or {})[encode_question("status")]
    assert clash == "Somebody changed this meanwhile: it is awarded now. Open the form again to change it."
    await dana.close()
    await omar.close()
    assert "$850,000 secured of $1,100,000" in await command(live, "omar", "family")

    await form(omar, "allocate transit", "$320,000 in all.")
    await omar.fill({"To Child care and commute access": "320001", "To Backbone Team": ""})
    said = "Up to here $320,001 is allocated, and the source has $320,000. Take off $1."
    assert (await omar.submit() or {})[encode_question("to:family-access")] == said
    await omar.fill({"To Child care and commute access": "300000"})
    assert await omar.submit() is None
    told = words(omar.modal)
    assert "Child care and commute access: $250,000 → $300,000" in told
    assert "Backbone Team: $50,000 → $0" in told
    card = await command(live, "omar", "transit")
    assert "Not allocated: $20,000, counted nowhere" in card
    history = await command(live, "omar", "history transit")
    for line in ("• Status: applied → awarded", "• Child care and commute access: $250,000 → $300,000"):
        assert line in history, line
    assert "• Received to date: none → $40,000" in history
    await omar.close()

    # The digest reads the same record, with each amount as of its day.
    live.calendar.set(at("11-25 07:30"))
    compose = live.services.digests.compose
    now = await compose(operator(live.bot.coalition_id), live.calendar.now())
    then = await compose(operator(live.bot.coalition_id), at("11-23 08:00"))
    secured = [
        next(one.funding.secured for one in digest.priorities if one.id == "family-access") for digest in (now, then)
    ]
    assert [int(one) for one in secured] == [900000, 600000]

    for who, text, said in (
        ("luis", "add", "Funding is added, updated and allocated by the coordinators."),
        ("marcus", "update F-2", "Funding is added, updated and allocated by the coordinators."),
        ("luis", "allocate F-8", "Funding is added, updated and allocated by the coordinators."),
        ("omar", "update talent", "I don't know the source or priority “talent”."),
        ("omar", "allocate sttate", "I don't know the source or priority “sttate”."),
    ):
        await form(live.person(who), text, said)


@pytest.mark.lived(only_updates_and_digests, "11-25 07:30")
async def test_reports_are_told_in_time_and_kept(live: Stage) -> None:
    omar, ben, yolanda = live.person("omar"), live.person("ben"), live.person("yolanda")
    for source, owner in (("F-1", None), ("F-2", None), ("F-8", ("omar", "Omar Castellanos"))):
        await form(omar, f"update {source}", "Report due")
        owners = {"Who writes the report?": picked(*owner)} if owner else {}
        await omar.fill({"Next report due": "2026-12-08", **owners})
        assert await omar.submit() is None
        await omar.close()
    # A week before, at nine on the reader's clock: to whoever writes it, who records it, whatever their role.
    await live.go("11-30 09:30")
    await live.go("12-01 09:00")
    heard = words((await omar.hears())[-1])
    assert "Federal regional workforce award" in heard, heard
    assert "The report to the funder is due Tue Dec 8." in heard
    heard = "\n".join(words(one) for one in await yolanda.hears())
    assert "State workforce formula share" in heard
    assert "The report to the funder is due Tue Dec 8.\nReport sent" in heard
    # It waits in Home too, also where the message was held back.
    for person in (omar, yolanda):
        home = words(await home_of(person, "The report to the funder is due Tue Dec 8."))
        assert "The report to the funder is due Tue Dec 8.\nReport sent" in home
    await live.go("12-01 09:30")
    message = next(one for one in reversed(await omar.hears()) if "Federal regional" in words(one))
    await omar.press(message, "Report sent: Federal regional workforce award")
    await omar.until(lambda: omar.modal is not None and "Sent on" in words(omar.modal))
    await omar.fill({"Sent on": "2026-12-24"})
    assert "still ahead" in (await omar.submit() or {})[encode_question("report_sent")]
    await omar.fill({"Sent on": "2026-12-01"})
    assert await omar.submit() is None
    assert "Kept, thank you.\n• Report sent Dec 1\n• Next report: Dec 8 → Jun 8, 2027" in words(omar.modal)
    await omar.close()
    await live.settle()
    await omar.open_home()
    await omar.until(lambda: "Federal regional workforce award" not in words(omar.home()))
    shown = "\n".join(words(one) for one in await omar.hears())
    assert "The report due Dec 8 was sent Dec 1." in shown
    assert "Last report sent Dec 1" in await command(live, "omar", "F-1")
    # A funder sets the day of its own grant's report, and nothing else.
    await command(live, "ben", "F-8")
    await ben.press((await ben.hears())[-1], "Report date: Next Rung outcomes grant")
    await ben.until(lambda: ben.modal is not None and "Next report due" in words(ben.modal))
    assert "Sent on" not in words(ben.modal)
    await ben.fill({"Next report due": "2026-12-15"})
    assert await ben.submit() is None
    assert "Next report: Dec 8 → Dec 15" in words(ben.modal)
    # Past ones stay due until somebody says that they are sent.
    live.calendar.set(at("12-11 09:00"))
    assert "State workforce formula share, due Dec 8, 3 days overdue, by Yolanda Briggs" in await command(
        live, "dana", ""
    )


@pytest.mark.lived(only_updates_and_digests, "11-25 07:30")
async def test_whoever_writes_a_report_marks_it_sent(live: Stage) -> None:
    """Grant has no part in the source's money: he sees its name, and nothing of the amounts."""
    omar, grant = live.person("omar"), live.person("grant")
    await form(omar, "update F-1", "Report due")
    await omar.fill({"Next report due": "2026-12-08", "Who writes the report?": picked("grant", "Grant Okafor")})
    assert await omar.submit() is None
    await omar.close()
    await live.go("11-30 09:30")
    await live.go("12-01 09:00")
    message = next(one for one in reversed(await grant.hears()) if "The report to the funder is due" in words(one))
    await grant.press(message, "Report sent: Federal regional workforce award")
    await grant.until(lambda: grant.modal is not None and "Sent on" in words(grant.modal))
    assert "$" not in words(grant.modal)
    await grant.fill({"Sent on": "2026-12-01"})
    assert await grant.submit() is None
    assert "Kept, thank you.\n• Report sent Dec 1" in words(grant.modal)
