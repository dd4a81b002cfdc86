"""Members through the sandbox: the list and cards, adding and changing somebody, roles, and stand-ins."""

from __future__ import annotations

import pytest

from bot.sandbox.views import View
from bot.sandbox.workspace import Message
from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, answer_to, words


async def shown(stage: Stage, who: str, text: str) -> Message:
    person = stage.person(who)
    before = len(person.ephemerals)
    assert (await person.command("/coalition", text)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return person.ephemerals[-1]


async def form(stage: Stage, who: str, name: str, button: str, title: str) -> View:
    """Opens somebody's form from their card."""
    person = stage.person(who)
    card = await shown(stage, who, f"members {name}")
    await person.press(card, button)
    view = await person.sees_modal(title)
    await person.until(lambda: person.modal is not None and "Opening" not in words(person.modal))
    return person.modal or view


LINES = [
    ("omar", "members", "Limestone Bend Partnership · Lead · Admin · Slack account linked"),
    ("omar", "members", "1–8 of 14"),
    ("omar", "members <@U0GRANT>", "*Part:* Steering; owns Supplier and small-firm growth"),
    ("omar", "members Lorna", "*Takes part:* E-mail only · by e-mail"),
    ("omar", "members <@U0OUTSIDER>", "That account belongs to no member yet."),
    ("marcus", "members", "*Stands in for:* Lorna Pruitt and Grant Okafor"),
    ("marcus", "members tom", "People's details are for coordinators. Dana Whitlock can help."),
    ("marcus", "roles tom", "People's details are for coordinators. Dana Whitlock can help."),
    ("priya", "roles tom", "*Part:* Steering; owns Job quality"),
    ("omar", "help", "`/coalition members [NAME | add]`"),
]


async def test_what_can_be_typed(live: Stage) -> None:
    for who, text, said in LINES:
        assert said in words(await answer_to(live.person(who), "/coalition", text)), (who, text)
    marcus = words(await shown(live, "marcus", "help"))
    assert "/coalition members" not in marcus
    assert "`/coalition stand-in`" in marcus


async def test_pages_turn_in_place(live: Stage) -> None:
    omar = live.person("omar")
    first = await shown(live, "omar", "members")
    await omar.press(first, "Next")
    await omar.until(lambda: "9–14 of 14" in words(omar.ephemerals[-1]))
    assert "Ben Adeyemi" in words(omar.ephemerals[-1])


async def test_a_member_is_added_by_account_and_by_address(live: Stage) -> None:
    omar = live.person("omar")
    assert (await omar.command("/coalition", "members add")).ok
    await omar.sees_modal("Add member")
    await omar.fill({"Slack account": "U0OUTSIDER"})
    missing = {encode_question("organization"): "Choose an organization, or write the name of a new one below."}
    assert await omar.submit() == missing
    await omar.fill({"Or a new organization": "Riverside Housing"})
    assert await omar.submit() is None
    await omar.until(lambda: "Otis Outsider is a member now." in words(omar.modal))
    assert "*Otis Outsider* · Riverside Housing" in words(omar.modal)
    assert "Slack account linked" in words(omar.modal)
    await omar.close()
    assert "*Otis Outsider*" in words(await shown(live, "omar", "members <@U0OUTSIDER>"))
    otis = live.person("outsider")
    assert "*Otis Outsider* · Riverside Housing" in words(await shown(live, "outsider", "members"))
    assert otis.dm() == [], "nothing is sent by adding somebody"

    await omar.press(await shown(live, "omar", "members"), "Add member")
    await omar.sees_modal("Add member")
    await omar.fill({"Name": "Nora Vance", "E-mail": "nora at riverside", "Or a new organization": "Riverside housing"})
    assert list((await omar.submit() or {}).values()) == [
        "That is not an e-mail address. Write one such as name@partner.example."
    ]
    await omar.fill({"E-mail": "nora@riverside.example"})
    assert await omar.submit() is None
    assert "*Nora Vance* · Riverside Housing" in words(omar.modal)
    # The same form once more is the same person.
    assert len((await live.services.members.page(await actor(live, "omar"))).lines) == 8
    assert (await live.services.members.page(await actor(live, "omar"))).total == 16


def told_of(stage: Stage, who: str, said: str) -> list[str]:
    """The messages to somebody that say so."""
    return [text for message in stage.person(who).dm() if said in (text := words(message))]


async def actor(stage: Stage, member: str):  # type: ignore[no-untyped-def]
    user = stage.person(member).user
    return await stage.services.people.actor_of(stage.bot.token.team_id, user.id)


async def test_a_member_is_changed_on_the_card(live: Stage) -> None:
    omar = live.person("omar")
    await form(live, "omar", "Grant", "Edit", "Edit member")
    await omar.fill({"E-mail": "tom.delacroix@kessler.example"})
    assert list((await omar.submit() or {}).values()) == [
        "This is Tom Delacroix's address. Give each person their own."
    ]
    await omar.fill({"E-mail": "grant@chamber.example", "How this person takes part": "member"})
    assert await omar.submit() is None
    await omar.until(lambda: "Full member of the workspace" in words(omar.modal))
    assert "*E-mail:* grant@chamber.example" in words(omar.modal)


async def test_roles_are_given_and_the_last_admin_stays(live: Stage) -> None:
    dana = live.person("dana")
    await form(live, "dana", "Omar", "Roles", "Roles")
    await dana.fill({"Roles in the whole coalition": ["backbone_staff"]})
    assert await dana.submit() is None
    await dana.until(lambda: "*Part:* Staff" in words(dana.modal))
    # It travels in the next message: one unprompted message a day, and today's is out.
    assert told_of(live, "omar", "Your part in") == []
    await live.go("11-24 09:00")
    assert told_of(live, "omar", "Your part in *Limestone Bend Good Jobs Compact* is now: Staff.") != []
    # He may look after people, and no longer give roles.
    card = words(await answer_to(live.person("omar"), "/coalition", "roles tom"))
    assert "*Tom Delacroix*" in card
    await dana.close()
    await form(live, "dana", "Dana", "Roles", "Roles")
    await dana.fill({"Roles in the whole coalition": []})
    errors = await dana.submit() or {}
    assert list(errors.values()) == [
        "Dana Whitlock is the only one who may configure the coalition. Make somebody else an admin first."
    ]
    await dana.fill({"Roles in the whole coalition": ["admin"], "Co-chair of the working group on": ["job-quality"]})
    assert await dana.submit() is None
    await dana.until(lambda: "*Part:* Admin; co-chair of Job quality" in words(dana.modal))


async def test_everybody_names_their_own_stand_in_who_is_told_once(live: Stage) -> None:
    tom = live.person("tom")
    await tom.says("members")
    card = (await tom.hears(2))[-1]
    await tom.press(card, "Change stand-in")
    await tom.sees_modal("Stand-in")
    await tom.until(lambda: "Who stands in for you?" in words(tom.modal))
    assert tom.modal is not None
    [omar_option] = [one for one in await tom.options(tom.modal, "find_member", "omar") if one["value"] == "omar"]
    await tom.fill({"Who stands in for you?": omar_option})
    assert await tom.submit() is None
    assert "*Stand-in:* Omar Castellanos" in words(tom.modal)
    await live.go("11-24 09:00")
    told = told_of(live, "omar", "You now stand in for")
    assert len(told) == 1
    assert "You now stand in for *Tom Delacroix* on Job quality: I ask you when" in told[0]


async def test_a_coordinator_names_somebodys_stand_in_by_command(live: Stage) -> None:
    omar = live.person("omar")
    assert (await omar.command("/coalition", "stand-in tom")).ok
    await omar.sees_modal("Stand-in")
    await omar.until(lambda: "Who stands in for Tom Delacroix?" in words(omar.modal))
    # Whoever may choose only their own stand-in gets the form of their own, whatever name they type.
    assert "Who stands in for you?" in words(await answer_to(live.person("marcus"), "/coalition", "stand-in tom"))


async def test_an_account_that_is_gone_hands_its_actions_over(live: Stage) -> None:
    live.sandbox.workspace.users["U0GRANT"].deleted = True
    await live.bot.refresh_directory()
    await live.settle()
    record = await live.services.coalitions.record(await actor(live, "omar"))
    owners = {action.id: (action.owner, action.accepted) for action in record.actions}
    # His stand-in works for the county, so the county is asked first.
    assert owners["A-202"] == ("marcus", False)
    assert owners["A-204"][0] == "helen", "what is done stays as it is"
    await live.go("11-24 09:00")
    [told] = told_of(live, "dana", "the Slack account was deactivated")
    assert "*Grant Okafor* (Bend Area Chamber): the Slack account was deactivated." in told
    assert "2 open actions are with Marcus Teal now." in told
    assert "Choose a new owner for Supplier and small-firm growth" in told


@pytest.mark.parametrize("button", ["Edit", "Roles"])
async def test_a_card_that_is_out_of_date_says_so(live: Stage, button: str) -> None:
    """Two at once: what a press shows is read anew."""
    omar, dana = live.person("omar"), live.person("dana")
    card = await shown(live, "omar", "members Grant")
    await form(live, "dana", "Omar", "Roles", "Roles")
    await dana.fill({"Roles in the whole coalition": []})
    assert await dana.submit() is None
    await omar.press(card, button)
    await omar.until(lambda: "People's details are for coordinators." in words(omar.modal))
