"""A coalition is set up from an empty database, in the sandbox: by whom, step by step, left, taken up, gone back to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.coalition import checklist
from bot.domain.coalition_file import check, to_file
from bot.domain.record import Record
from bot.errors import UserError
from bot.sandbox.views import View
from bot.services.access import operator
from bot.slack.blocks.coalition.setup import KEPT
from bot.slack.metadata import encode_question
from bot.store.coalition import CoalitionRow
from handlers.messages import LINES
from tests.handlers.stage import SAID, Stage, commanded, words
from tests.tables import on_each

STEP = "Set up, step {} of 5"
SEEN_BY = "Seen by you and the other coordinators. Nothing is sent until you press Start."


def q(name: str) -> str:
    return encode_question(name)


async def begin(stage: Stage, who: str = "dana", step: int = 1) -> View:
    person = stage.person(who)
    assert (await person.command("/coalition", "setup")).ok
    return await person.sees_modal(STEP.format(step))


async def name_it(stage: Stage, name: str = "River Forks Compact") -> None:
    person = stage.person("dana")
    await begin(stage)
    await person.fill({"Coalition name": name, "Your organization": "River Partnership", "Its sector": "nonprofit"})
    assert await person.submit() is None
    await person.sees_modal(STEP.format(2))


async def choose_priorities(stage: Stage, *, submit: bool = True) -> None:
    person = stage.person("dana")
    channel = stage.sandbox.workspace.channel_called
    await person.fill({q("priority_0"): "Child care", q("owner_0"): "U0IMANI", q("channel_0"): _id(stage, "lb-access")})
    assert person.modal is not None
    await person.press(person.modal, "Add another priority")
    await person.until(lambda: "Priority 2" in words(person.modal))
    assert channel("lb-talent") is not None
    await person.fill(
        {q("priority_1"): "Talent pathways", q("owner_1"): "U0YOLANDA", q("channel_1"): _id(stage, "lb-talent")}
    )
    if submit:
        assert await person.submit() is None
        await person.sees_modal(STEP.format(3))


async def name_organizations(stage: Stage, *, submit: bool = True) -> None:
    """Step 4: every organization that is asked for."""
    person = stage.person("dana")
    form = await person.sees_modal(STEP.format(4))
    for block in form.blocks:
        if block["type"] != "input":
            continue
        if "organization_" not in block["block_id"]:
            await person.fill({block["block_id"]: "public"})
        elif "Yolanda" in block["label"]["text"]:
            await person.fill({block["block_id"]: "Three Creeks Workforce Board"})
        elif not block["element"].get("initial_value"):
            await person.fill({block["block_id"]: f"Organization {block['block_id'][-1]}"})
    if submit:
        assert await person.submit() is None
        await person.sees_modal(STEP.format(5))


def _id(stage: Stage, name: str) -> str:
    found = stage.sandbox.workspace.channel_called(name)
    assert found is not None
    return found.id


async def count(stage: Stage, table: Any) -> int:
    async with stage.services.database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_what_is_typed_in_a_step_survives_closing_it(empty: Stage) -> None:
    dana = empty.person("dana")

    async def shown(step: int) -> dict[str, str]:
        form = await begin(empty, step=step)
        return {
            one["block_id"]: one["element"].get("initial_value", "")
            for one in form.blocks
            if (one.get("element") or {}).get("type") == "plain_text_input"
        }

    assert (await shown(1))[q("name")] == ""
    assert KEPT in words(dana.modal)
    await dana.fill({"Coalition name": "River Forks", "Your organization": None})  # each ended by Enter
    await empty.edge.drain()
    await dana.close()
    assert await shown(1) == {q("name"): "River Forks", q("organization"): ""}
    await dana.fill({"Its sector": "nonprofit"})
    await empty.edge.drain()
    await dana.close()
    assert (await shown(1))[q("name")] == "River Forks"
    await dana.fill({"Your organization": "River Partnership"})
    assert await dana.submit() is None, "the sector that was chosen is there"
    await dana.sees_modal(STEP.format(2))
    await dana.fill({q("priority_0"): "Child care"})
    await empty.edge.drain()
    await dana.close()
    assert await shown(2) == {q("priority_0"): "Child care"}


@on_each(
    ("who", "said"),
    [
        ("marcus", "A coalition is set up by an owner or admin of this Slack workspace"),  # a guest
        ("priya", "name you: `backbeat admin add EMAIL`"),
    ],
)
async def test_who_may_not_begin_is_told_who_can(empty: Stage, who: str, said: str) -> None:
    person = empty.person(who)
    await person.command("/coalition", "setup")
    await person.until(lambda: said in words(person.modal))
    assert await count(empty, CoalitionRow) == 0


async def test_whoever_was_named_at_the_command_line_may_begin_but_no_guest(empty: Stage) -> None:
    await empty.services.setup.name_admin("Priya.Raman@lbp.example")
    await empty.services.setup.name_admin("marcus.teal@harrow-county.example")
    await begin(empty, "priya")
    marcus = empty.person("marcus")
    await marcus.command("/coalition", "setup")
    await marcus.until(lambda: "A coalition is set up by" in words(marcus.modal))


async def test_before_it_everybody_is_told_what_to_do(empty: Stage) -> None:
    grant = empty.person("grant")
    for text in ("", "me", "pause"):
        await commanded(grant, "/coalition", text)
        assert "I'm not set up in this workspace yet." in words(grant.ephemerals[-1]), text
    await commanded(grant, "/checkin", "")
    assert "write /coalition setup" in words(grant.ephemerals[-1])
    await grant.says("hello")
    assert "I'm not set up in this workspace yet." in words((await grant.hears())[-1])
    await grant.open_home()
    await grant.until(lambda: "I'm not set up in this workspace yet." in words(grant.home()))
    dana = empty.person("dana")
    await dana.says("hello")
    answered = (await dana.hears())[-1]
    await dana.press(answered, "Set up")
    await dana.sees_modal(STEP.format(1))
    await dana.close()
    await name_it(empty)
    await dana.close()
    await dana.open_home()
    await dana.until(lambda: dana.home() is not None and "Go on with setup" in words(dana.home()))
    home = dana.home()
    assert home is not None
    await dana.press(home, "Go on with setup")
    await dana.sees_modal(STEP.format(2))


async def test_half_a_setup_is_not_started_by_mistake(empty: Stage) -> None:
    """What was entered becomes the coalition with the last step: started before, it would stay empty, and be lost."""
    dana = empty.person("dana")
    await name_it(empty)
    await dana.close()
    await dana.open_home()
    await dana.until(lambda: dana.home() is not None and "Go on with setup" in words(dana.home()))
    for offered in ("See week one", "When you're ready"):
        assert offered not in words(dana.home())
    await dana.command("/coalition", "week")
    await dana.until(lambda: "It can be started once the setup's last step is done." in words(dana.modal))
    assert "Go on with setup" in words(dana.modal)
    assert "Start\n" not in f"{words(dana.modal)}\n"
    [found] = await empty.services.coalitions.all()
    with pytest.raises(UserError, match=r"isn't set up to the end: step 2 of 5 is open\. Write /coalition setup"):
        await empty.services.coalitions.go_live(operator(found.id))
    assert [one.state for one in await empty.services.coalitions.all()] == ["draft"]
    assert dana.modal is not None
    await dana.press(dana.modal, "Go on with setup")
    await dana.sees_modal(STEP.format(2))


async def test_from_nothing_to_the_first_answer(empty: Stage) -> None:
    dana = empty.person("dana")
    first = await begin(empty)
    assert SEEN_BY in words(first)
    # Prefilled from the person and the workspace.
    assert "Chicago (Central)" in words(first)
    assert await dana.options(first, "find_zone", "new york") == [
        {"text": {"type": "plain_text", "text": "New York (Eastern), now 8:00 AM"}, "value": "America/New_York"}
    ]
    await dana.fill({"Coalition name": "River Forks Compact", "Its sector": "nonprofit"})
    assert await dana.submit() is None
    await dana.sees_modal(STEP.format(2))
    await choose_priorities(empty)
    third = words(dana.modal)
    assert SEEN_BY in third
    assert "8 people found in 2 channels." in third
    assert "Stand-in for Imani Rhodes" in third
    await dana.fill({q("stand_in_U0IMANI"): "U0LUIS"})
    assert await dana.submit() is None
    await name_organizations(empty)
    assert await dana.submit() is None
    await dana.until(lambda: "Week one, before anything is sent" in words(dana.modal), timeout=30)
    week = words(dana.modal)
    assert "*Tue Nov 24*" in week
    assert "9:00 AM their time: Weekly priority check-in: Imani Rhodes and Yolanda Briggs" in week
    assert "Not reachable yet" not in week, "whoever was picked is linked by it"
    assert not [message for message in empty.person("imani").dm() if message.from_bot]
    assert dana.modal is not None
    await dana.press(dana.modal, "Start")
    await dana.until(lambda: "People hear from me as shown." in words(dana.modal))
    await empty.go("11-24 09:00")
    imani = empty.person("imani")
    asked = (await imani.hears())[-1]
    assert "set me up for the River Forks Compact" in words(asked)
    assert "Luis Ferrer" in words(asked)
    await imani.press(asked, "Answer")
    await imani.sees_modal("Weekly priority update")
    await imani.fill({**SAID, "How does this priority stand today?": "on_track"})
    assert await imani.submit() is None
    await empty.settle()
    assert "Thank you." in words(imani.dm()[-1])


async def test_what_was_set_up_is_a_file_that_can_be_imported(empty: Stage) -> None:
    dana = empty.person("dana")
    await name_it(empty)
    await choose_priorities(empty)
    assert await dana.submit() is None
    await name_organizations(empty)
    await dana.fill({"Roll-up channel": _id(empty, "lb-steering"), "Ask on": "Monday", "Digest on": "Wednesday"})
    assert await dana.submit() is None
    await dana.until(lambda: "#lb-steering" in words(dana.modal))
    [found] = await empty.services.coalitions.all()
    record = await empty.services.coalitions.record(operator(found.id))
    # Which channels are public is Slack's word at the moment, and no part of a file.
    assert check(to_file(record)) == (replace(record, public_channels=frozenset()), [])
    assert record.public_channels == {"lb-talent"}
    assert [(member.id, member.organization) for member in record.members[:3]] == [
        ("dana", "river-partnership"),
        ("imani", "crossroads"),
        ("yolanda", "three-creeks-workforce-board"),
    ]
    assert {group.channel: len(group.members) for group in record.groups} == {"lb-access": 4, "lb-talent": 5}
    checkin = next(cadence for cadence in record.cadences if cadence.kind == "checkin")
    assert checkin.closes_after_hours == 27, "noon on the day before the digest"
    tasks = await empty.services.setup.checklist(operator(found.id))
    assert (sum(task.done for task in tasks), len(tasks)) == (3, 8)
    await commanded(dana, "/coalition", "")
    said = words(dana.ephemerals[-1])
    assert "*When you're ready, 3 of 8 done*\nNorth star\nAdd\nFigures and baselines\nAdd" in said
    await commanded(empty.person("imani"), "/coalition", "")
    assert "When you're ready" not in words(empty.person("imani").ephemerals[-1])


async def test_left_after_step_two_it_goes_on_at_step_three(empty: Stage) -> None:
    dana = empty.person("dana")
    await name_it(empty)
    await dana.close()
    await begin(empty, step=2)
    await choose_priorities(empty)
    await dana.close()
    third = await begin(empty, step=3)
    assert "8 people found in 2 channels." in words(third)
    await dana.press(third, "Back")
    await dana.sees_modal(STEP.format(2))
    assert "Talent pathways" in str(dana.modal.blocks if dana.modal else "")
    await dana.fill({q("priority_1"): "Talent"})
    assert await dana.submit() is None
    await dana.sees_modal(STEP.format(3))
    await dana.close()
    await dana.press(await begin(empty, step=3), "Back")
    await dana.sees_modal(STEP.format(2))
    assert "Talent pathways" not in str(dana.modal.blocks if dana.modal else "")


async def test_organizations_are_asked_for_and_not_made_up(empty: Stage) -> None:
    dana = empty.person("dana")
    await name_it(empty)
    await choose_priorities(empty)
    assert await dana.submit() is None
    form = await dana.sees_modal(STEP.format(4))
    fields = [block for block in form.blocks if block["type"] == "input"]
    assert "Yolanda Briggs" in str([block["label"]["text"] for block in fields])
    assert "Yolanda Briggs's organization" not in str(form.blocks)
    sectors = [block["element"] for block in fields if "sector_" in block["block_id"]]
    assert sectors
    assert not any("initial_option" in element for element in sectors), "no sector is chosen for anybody"
    await name_organizations(empty)


async def test_what_was_typed_stays_and_a_priority_is_taken_out_again(empty: Stage) -> None:
    dana = empty.person("dana")
    await name_it(empty)
    await choose_priorities(empty, submit=False)
    assert dana.modal is not None
    # A menu reports what is chosen at once, with what was typed beside it.
    await dana.choose(dana.modal, q("channel_1"), _id(empty, "lb-talent"))
    await dana.close()
    form = await begin(empty, step=2)
    assert "Talent pathways" in str(form.blocks), "closed before Next"
    await dana.press(form, "Take out: Child care")
    await dana.until(lambda: dana.modal is not None and "Child care" not in str(dana.modal.blocks))
    assert "Talent pathways" in str(dana.modal.blocks if dana.modal else "")
    assert await dana.submit() is None
    third = await dana.sees_modal(STEP.format(3))
    assert "found in 1 channel." in words(third)
    await dana.fill({q("stand_in_U0YOLANDA"): "U0HELEN"})
    await dana.press(third, "Back")
    await dana.sees_modal(STEP.format(2))
    assert await dana.submit() is None
    third = await dana.sees_modal(STEP.format(3))
    [stand_in] = [block["element"] for block in third.blocks if block.get("block_id") == q("stand_in_U0YOLANDA")]
    assert stand_in["initial_option"]["text"]["text"] == "Helen Sato"
    assert await dana.submit() is None
    await name_organizations(empty)
    assert await dana.submit() is None
    await dana.until(lambda: "Week one, before anything is sent" in words(dana.modal))
    [found] = await empty.services.coalitions.all()
    record = await empty.services.coalitions.record(operator(found.id))
    assert [one.name for one in record.priorities] == ["Talent pathways"]
    # Home shows it.
    await dana.open_home()
    await dana.until(
        lambda: (
            dana.home() is not None
            and "1 of 8 done" not in words(dana.home())
            and "Go on with setup" not in words(dana.home())
        )
    )
    assert "Talent pathways" in words(dana.home())


async def test_mistakes_are_told_under_the_field(empty: Stage) -> None:
    dana = empty.person("dana")
    await name_it(empty)
    lonely = empty.sandbox.workspace.add_channel("far-away", members=["U0DANA"])
    await dana.fill({q("priority_0"): "Child care", q("owner_0"): "U0IMANI", q("channel_0"): lonely.id})
    assert await dana.submit() is None
    await dana.until(lambda: "I'm not in the channel of “Child care” yet." in words(dana.modal))
    assert dana.modal is not None
    await dana.press(dana.modal, "Add another priority")
    await dana.until(lambda: "Priority 2" in words(dana.modal))
    access = _id(empty, "lb-access")
    await dana.fill({q("channel_0"): access, q("priority_1"): "child  care", q("owner_1"): "U0TOM"})
    await dana.fill({q("channel_1"): access})
    assert await dana.submit() == {q("priority_1"): "This name is already there. Give each priority its own."}
    await dana.fill({q("priority_1"): "Jobs"})
    assert await dana.submit() == {q("channel_1"): "This channel is another priority's. Choose another one."}
    await dana.fill({q("channel_1"): _id(empty, "lb-talent")})
    assert await dana.submit() is None
    await dana.sees_modal(STEP.format(3))
    await dana.fill({q("stand_in_U0IMANI"): "U0TOM"})
    assert await dana.submit() is None
    await name_organizations(empty)
    await dana.fill({"Ask on": "Thursday"})
    errors = await dana.submit() or {}
    assert "leaves no time for them. Choose a later day." in errors[q("digest_day")]


async def test_a_coalition_from_a_file_gets_the_rhythm_that_it_lacks(empty: Stage, sample: Record) -> None:
    """By the button that says so: all that is asked is what is not there, and the file stays the base of the next."""
    meetings = tuple(one for one in sample.cadences if one.kind in {"meeting", "stocktake"})[-2:]
    sets = tuple(one for one in sample.question_sets if one.id == "monthly-stocktake")
    file = replace(sample, cadences=meetings, responses=(), question_sets=sets, actions=(), decisions=(), issues=())
    imported = await empty.services.coalitions.import_record(file)
    assert imported.coalition_id is not None
    await empty.bot.refresh_directory()
    boss = operator(imported.coalition_id)
    await empty.services.coalitions.add_admin(boss, "priya.raman@lbp.example")
    dana, omar = empty.person("dana"), empty.person("omar")
    for person in (dana, omar):
        await commanded(person, "/coalition", "")
        await person.press(person.ephemerals[-1], "Add: The weekly rhythm")
        form = await person.sees_modal("Weekly rhythm")
        assert "once the coalition is started" in words(form)
        assert "Back" not in words(form), "there are no steps before it"
    await dana.fill({"Ask on": "Thursday", "Digest on": "Friday"})
    errors = await dana.submit() or {}
    assert "leaves no time for them" in errors[q("digest_day")]
    await dana.fill({"Ask on": "Monday", "Digest on": "Wednesday", "Roll-up channel": _id(empty, "lb-steering")})
    assert await dana.submit() is None
    await dana.until(lambda: "Week one, before anything is sent" in words(dana.modal), timeout=30)
    assert "#lb-steering" in words(dana.modal)
    await omar.submit()
    await omar.until(lambda: "The weekly rhythm is there already." in words(omar.modal))
    record = await empty.services.coalitions.record(boss)
    added = {one.id: one for one in record.cadences[len(meetings) :]}
    assert record.cadences[: len(meetings)] == meetings
    assert {key: (one.dtstart.weekday(), one.feeds) for key, one in added.items()} == {
        "weekly-checkin": (0, "weekly-digest"),
        "weekly-digest": (2, None),
    }
    await commanded(dana, "/coalition", "")
    assert "The weekly rhythm" not in words(dana.ephemerals[-1])
    again = await empty.services.coalitions.import_record(file)
    assert {(one.outcome, one.kind) for one in again.differences} == {
        ("missing", "cadence"),
        ("missing", "question set"),
        ("kept", "member"),
    }


async def test_two_who_begin_make_one_coalition(empty: Stage) -> None:
    dana, omar = empty.person("dana"), empty.person("omar")
    await begin(empty, "dana")
    await begin(empty, "omar")
    await dana.fill({"Coalition name": "Dana's", "Its sector": "nonprofit"})
    errors = await dana.submit()
    assert errors is None
    assert "Somebody else has begun meanwhile." in words(dana.modal)
    await omar.fill({"Coalition name": "Omar's", "Its sector": "nonprofit"})
    assert await omar.submit() is None
    await omar.sees_modal(STEP.format(2))
    assert await count(empty, CoalitionRow) == 1
    await dana.command("/coalition", "setup")
    await dana.until(lambda: "Omar Castellanos can help." in words(dana.modal))


def test_everything_that_is_missing_can_be_typed(sample: Record) -> None:
    known = {text for line in LINES for text in line.texts}
    for task in checklist(sample):
        assert task.how.removeprefix("/") in known, task.what
