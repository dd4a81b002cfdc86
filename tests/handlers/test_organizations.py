"""Organizations, groups and the north star through the sandbox: lists, cards, adding and changing, and who may."""

from __future__ import annotations

from bot.sandbox.views import View
from bot.services.access import operator
from bot.slack.blocks import kit
from tests.handlers.stage import Stage, words
from tests.handlers.test_members import shown

LINES = [
    ("omar", "organizations", "1–8 of 9"),
    ("omar", "organization Harrow County", "*Asks go to:*"),
    ("omar", "organizations Harow", "I don't know an organization called “Harow”. Did you mean"),
    ("omar", "organizations bend", "Several organizations fit “bend”:"),
    ("marcus", "organizations Harrow County", "*Contacts:*"),
    ("omar", "groups", "Steering Committee"),
    ("omar", "group steerin", "*Members:*"),
    ("marcus", "groups", "chair "),
    ("marcus", "north-star", "*Its figure:*"),
    ("omar", "help", "`/coalition groups [NAME | add | edit NAME]`"),
]
REFUSED = [
    ("marcus", "organizations add", "Organizations are set up by coordinators. Dana Whitlock can help."),
    ("marcus", "organizations edit chamber", "Organizations are set up by coordinators. Dana Whitlock can help."),
    ("marcus", "groups add", "Groups and their chairs give rights, so admins set them up. Dana Whitlock can help."),
]


async def form(stage: Stage, who: str, text: str, title: str) -> View:
    """Opens a form by what is typed, and waits until it is filled."""
    person = stage.person(who)
    assert (await person.command("/coalition", text)).ok
    await person.sees_modal(title)
    await person.until(lambda: "Opening" not in words(person.modal))
    assert person.modal is not None
    return person.modal


TOM = kit.option("Tom Delacroix", "tom")
GRANT = kit.option("Grant Okafor", "grant")
OMAR = kit.option("Omar Castellanos", "omar")


async def test_what_can_be_read_and_who_may_change_it(live: Stage) -> None:
    for who, text, said in LINES:
        assert said in words(await shown(live, who, text)), (who, text)
    for hidden in ("*Asks go to:*", "*Closed:*"):
        assert hidden not in words(await shown(live, "marcus", "organizations Harrow County"))
    for who, text, said in REFUSED:
        person = live.person(who)
        assert (await person.command("/coalition", text)).ok
        await person.until(lambda person=person, said=said: said in words(person.modal))  # type: ignore[misc]
        await person.close()
    omar = live.person("omar")
    await omar.press(await shown(live, "omar", "organizations"), "Next")
    await omar.until(lambda: "9 of 9" in words(omar.ephemerals[-1]))


async def test_an_organization_is_added_once_and_changed(live: Stage) -> None:
    omar, dana = live.person("omar"), live.person("dana")
    await form(live, "omar", "organizations add", "New organization")
    await omar.fill({"Name": "kessler drive systems", "Sector": "nonprofit", "Closed days": "someday"})
    assert list((await omar.submit() or {}).values()) == [
        "Kessler Drive Systems is already there. Write another name.",
        "“someday” is not a day. Write one a line, such as “Nov 26” or “Dec 24 to Dec 31”.",
    ]
    await omar.fill(
        {
            "Name": "Riverside <Housing>",
            "Contacts": [TOM, GRANT],
            "Where do asks go?": "coordinator",
            "Closed days": "Nov 26\nDec 24 to Dec 26",
        }
    )
    assert await omar.submit() is None
    card = words(omar.modal)
    assert "Riverside &lt;Housing&gt; is added." in card
    assert "*Contacts:* Tom Delacroix and Grant Okafor" in card
    assert "*Asks go to:* the coordinators, who look at them first" in card
    assert "*Closed:* Nov 26, Dec 24, Dec 25 and Dec 26" in card
    await omar.close()
    # The same form once more is the same organization.
    actor = operator(live.bot.coalition_id)
    answers = {"name": "Twice", "sector": "public"}
    for _ in range(2):
        assert (await live.services.organizations.add(actor, "one-form", answers, [])).line.name == "Twice"
    assert (await live.services.organizations.page(actor)).total == 11

    # Two at once: each keeps what they touched, and what both touched is said.
    await form(live, "omar", "organizations edit riverside", "Edit organization")
    await form(live, "dana", "organizations edit riverside", "Edit organization")
    await omar.fill({"Closed days": "Nov 27", "Sector": "public"})
    assert await omar.submit() is None
    await dana.fill({"Sector": "philanthropic"})
    clash = "Somebody changed this meanwhile. Copy what you wrote, close this and open it again."
    assert list((await dana.submit() or {}).values()) == [clash]
    await dana.fill({"Sector": "nonprofit", "Name": "Riverside Homes"})
    assert await dana.submit() is None
    assert "*Riverside Homes* · Public" in words(dana.modal)
    assert "*Closed:* Nov 27" in words(dana.modal)


async def test_a_group_is_added_and_gives_its_chair_rights(live: Stage) -> None:
    dana = live.person("dana")
    await form(live, "dana", "groups add", "New group")
    await dana.fill({"Name": "Data circle", "What is it for?": "working_group", "How does it decide?": "chair"})
    errors = list((await dana.submit() or {}).values())
    assert errors == ["Choose the chair, who decides here, or choose another way to decide."]
    await dana.fill({"Chair": TOM, "Members": [OMAR], "Quorum": "5"})
    assert list((await dana.submit() or {}).values()) == [
        "Choose one of the people above, or add this person there.",
        "The members come from 1 organization. Enter at most that.",
    ]
    await dana.fill({"Members": [OMAR, TOM], "Quorum": "2", "Channel": "#LB-Data", "Who has a voice?": "person"})
    assert await dana.submit() is None
    card = words(dana.modal)
    assert "Data circle is added." in card
    assert "*Decides by:* The chair decides · quorum 2\n*Voices:* One for each person\n*Channel:* #lb-data" in card
    assert "• Omar Castellanos, Limestone Bend Partnership\n• Tom Delacroix," in card
    await dana.close()
    await form(live, "dana", "groups edit data circle", "Edit group")
    await dana.fill({"Which priority does it work on?": "job-quality"})
    assert await dana.submit() is None
    assert "*Works on:* Job quality" in words(dana.modal)
    await dana.close()
    assert "Data circle" in words(await shown(live, "dana", "audit"))


async def test_the_north_star_is_changed(live: Stage) -> None:
    dana, marcus = live.person("dana"), live.person("marcus")
    card = await shown(live, "dana", "northstar")
    assert "Edit" not in words(await shown(live, "marcus", "northstar"))
    await dana.press(card, "Edit")
    await dana.sees_modal("North star")
    await dana.until(lambda: "What do you want to come true?" in words(dana.modal))
    await dana.fill({"What do you want to come true?": " "})
    assert list((await dana.submit() or {}).values()) == ["Write in a sentence what the coalition wants to come true."]
    await dana.fill({"What do you want to come true?": "A good job for everyone who wants one."})
    assert await dana.submit() is None
    assert "*North star:* A good job for everyone who wants one." in words(dana.modal)
    assert "A good job for everyone" in words(await shown(live, "marcus", "northstar"))
    assert marcus.modal is None
