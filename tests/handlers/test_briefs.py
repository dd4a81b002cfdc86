"""The coordinators' brief through the sandbox: what it lists, its buttons, and writing to somebody by name."""

from __future__ import annotations

import pytest

from tests.examples import is_whole
from tests.handlers.stage import BLOCKER, SAID, Stage, words

ROUND_CLOSED = pytest.mark.lived("11-24 15:00")


@pytest.mark.in_part
@ROUND_CLOSED
async def test_a_brief_comes_an_hour_after_the_close_to_coordinators_only(live: Stage) -> None:
    omar, dana, yolanda, grant = (live.person(name) for name in ("omar", "dana", "yolanda", "grant"))
    before = {person.id: len(person.dm()) for person in (omar, dana, yolanda)}
    await live.go("11-24 16:00")
    assert len(yolanda.dm()) == before[yolanda.id]
    assert len(omar.dm()) == before[omar.id] + 1
    brief = omar.dm()[-1]
    said = words(brief)
    assert "*Supplier and small-firm growth*: no update since Nov 3. Grant Okafor was asked." in said
    assert "Tom Delacroix says on track, numbers say off track: 22 employers (as of Sep 30), 32 expected." in said
    assert "*2 of 13 figures:* Completers placed in a good job within 90 days (Yolanda Briggs)" in said
    assert "*6 overdue actions* in 5 organizations" in said
    assert "4 priorities without an update, 8 messages not arrived, 1 difference, 2 figures, 6 overdue" in brief.text

    # The list opens on top; the brief stays.
    await omar.press(brief, "See list")
    await omar.until(lambda: "6 overdue actions in 5 organizations" in words(omar.modal))
    await omar.close()

    # Figures are asked for once, in the name of whoever pressed; the other coordinator sees it.
    await omar.press(brief, "Ask for them")
    await omar.until(lambda: omar.ephemerals)
    assert words(omar.ephemerals[-1]) == "Yolanda Briggs and Priya Raman will be asked in your name."
    await dana.press(dana.dm()[-1], "Write to Grant")
    await dana.sees_modal("Write to Grant")
    await dana.fill({"What do you want to say?": "  "})
    assert "Write a few words first." in str(await dana.submit())
    await dana.fill({"What do you want to say?": "Is there anything new\nfrom the <banks>?"})
    await dana.submit()
    assert words(dana.modal) == "Your words are on their way to Grant Okafor."
    await live.go("11-24 16:20")
    assert "Asked for by Omar Castellanos" in words(dana.dm()[-1])
    letter = words(yolanda.dm()[-1])
    assert "*Omar Castellanos writes:*" in letter
    assert "Completers placed in a good job within 90 days (none since Dec 31, 2025)." in letter
    assert "Update a figure" in letter

    # Grant gets what Dana writes, by name, and can write back.
    letter = words(grant.dm()[-1])
    assert "*Dana Whitlock writes:*\n>Is there anything new\n>from the &lt;banks&gt;?" in letter
    assert "Your answer goes to <@U0DANA>." in letter
    await grant.press(grant.dm()[-1], "Write to Dana")
    await grant.sees_modal("Write to Dana")
    await grant.fill({"What do you want to say?": "Not yet."})
    await grant.submit()

    # An update that a coordinator gives for the owner is in the digest, and both see it.
    await omar.press(brief, "Answer for Grant")
    await omar.sees_modal("Weekly priority update")
    assert "for Grant Okafor" in words(omar.modal)
    await omar.fill({**SAID, BLOCKER: "The banks ask for a guarantee."})
    assert await omar.submit() is None
    await live.go("11-24 16:40")
    assert ">Not yet." in words(dana.dm()[-1])
    assert "*Supplier and small-firm growth*: updated by Omar Castellanos." in words(dana.dm()[-2])
    assert "Before tomorrow's digest: 7 things" in words(dana.dm()[-2])

    if is_whole():
        # Pausing from the brief leaves it as it is. What would not go out is rehearsed first, which takes a second.
        await omar.press(omar.dm()[-1], "Pause sending")
        await omar.until(lambda: "digest to #lb-steering" in words(omar.modal))
        assert omar.modal is not None
        await omar.press(omar.modal, "Pause sending")
        await omar.until(lambda: ": nothing goes out until somebody resumes." in words(omar.modal))
        assert words(omar.dm()[-1]).startswith("Before tomorrow's digest: 7 things")


@ROUND_CLOSED
async def test_a_brief_that_is_late_comes_until_the_digest_is_out(live: Stage) -> None:
    omar = live.person("omar")
    count = len(omar.dm())
    # The program slept over the brief's hour; quiet hours hold it until the morning.
    await live.go("11-25 07:05")
    assert words(omar.dm()[-1]).startswith("Before today's digest: ")
    assert len(omar.dm()) == count + 1


@ROUND_CLOSED
async def test_a_brief_whose_digest_is_out_comes_no_more(live: Stage) -> None:
    dana = live.person("dana")
    count = len(dana.dm())
    await live.go("11-25 07:31")
    assert "Before today's digest" not in "".join(words(one) for one in dana.dm()[count:])
