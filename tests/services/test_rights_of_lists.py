"""What each list and screen shows to people of different rights: what is theirs to see, and nothing of the rest."""

from __future__ import annotations

import json

import pytest

from bot.clock import FixedCalendar
from bot.domain.actions import ActionList
from bot.domain.digests import Query
from bot.domain.funding import MoneyCard, SourceCard, allocation_plan, target_field
from bot.domain.issues import IssueList
from bot.domain.meetings import MeetingRef
from bot.domain.typed import marks_of
from bot.errors import Refused
from bot.services import Services
from bot.slack.blocks import issues
from bot.slack.blocks.actions import items as action_items
from bot.slack.blocks.checkins import rounds as checkin_rounds
from bot.slack.blocks.coalition import north_star
from bot.slack.blocks.decisions import decisions
from bot.slack.blocks.digests import reading as digest_reading
from bot.slack.blocks.funding import funding
from bot.slack.blocks.histories import history as history_blocks
from bot.slack.blocks.home import page as home
from bot.slack.blocks.organizations import groups, organizations
from bot.slack.blocks.people import members
from bot.slack.blocks.priorities import priorities
from bot.slack.identifiers import Action
from bot.slack.message import Message, View
from tests.sample import sample_record
from tests.services.edits import local
from tests.services.rights_stage import OWN, own_action, set_published_scene, with_cast
from tests.services.stage import Stage


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """The scene of the tests of rights, with a digest that is out."""
    opened = (await set_published_scene(services, calendar, with_cast(sample_record()))).stage
    opened.at("2026-11-23T09:10")
    return opened


def text(shown: Message | View) -> str:
    """Everything that stands on a screen, buttons included."""
    return json.dumps([dict(block) for block in shown.blocks], ensure_ascii=False)


async def actions_of(stage: Stage, who: str, wanted: str) -> list[str]:
    found = await stage.services.action_items.find(await stage.actor(who), wanted)
    return sorted(one.id for one in found.cards)  # type: ignore[union-attr]


async def test_actions(stage: Stage) -> None:
    assert await actions_of(stage, "otto", "overdue") == []
    assert await actions_of(stage, "seth", "overdue") == ["A-301", "A-302"]
    assert await actions_of(stage, "sage", "overdue") == ["A-102", "A-103", "A-202", "A-301", "A-302"]
    assert await actions_of(stage, "seth", "harrow-county") == ["A-301"], "not what Harrow County does elsewhere"
    assert await actions_of(stage, "sage", "harrow-county") == ["A-201", "A-301", own_action("lorna")]
    assert await actions_of(stage, "ben", "@marcus") == []
    assert await actions_of(stage, "ben", "mine") == [own_action("ben")]
    found = await stage.services.action_items.find(await stage.actor("seth"), "@imani")
    assert {one.id: one.may_change for one in found.cards} == {"A-304": False, "A-913": False}  # type: ignore[union-attr]


async def test_a_list_of_a_part_never_says_that_there_is_nothing(stage: Stage) -> None:
    """Actions, issues and decisions: what of them one sees is said, to those who see all of them nothing more."""

    async def listed(who: str, typed: str) -> str:
        found = await stage.services.action_items.find(await stage.actor(who), typed)
        assert isinstance(found, ActionList)
        return action_items.list_message(found).text

    ottos = await listed("otto", "overdue")
    assert "No action is overdue" not in ottos
    assert "No overdue action that you can see." in ottos
    assert "You see your own actions; the coordinators see all." in ottos
    assert "No open actions that you can see: Helen Sato." in await listed("otto", "@helen")
    seths = await listed("seth", "overdue")
    assert "2 overdue actions that you can see, in 2 organizations" in seths
    assert "You see your own actions and those of Child care and commute access; the coordinators see all." in seths
    assert "elsewhere" not in seths, "the roll-up is not theirs to read"
    imanis = await listed("imani", "overdue")
    assert "Overdue elsewhere, as in the digest: Talent pathways 3, Supplier and small-firm growth 1." in imanis
    assert "that you can see" not in await listed("imani", "mine")
    for who in ("sage", "dana"):
        said = await listed(who, "overdue")
        assert "6 overdue actions in 5 organizations" in said
        assert "see" not in said
    # A stand-in sees what is their principal's, and is told so.
    assert "A-304" in await actions_of(stage, "delia", "all")
    assert (
        "You see your own actions and those of Imani Rhodes (you stand in); the coordinators see all."
        in await listed("delia", "all")
    )
    found = await stage.services.issues.find(await stage.actor("otto"), "list")
    assert isinstance(found, IssueList)
    said = issues.list_message(found).text
    assert "No open issue that you can see." in said
    assert "You see your own issues; the coordinators see all." in said


async def test_decisions(stage: Stage) -> None:
    """Titles may hold amounts: another group's are for those who may see them. A recommendation is for deciders."""

    async def log(who: str) -> str:
        found = await stage.services.decisions.find(await stage.actor(who), "log")
        assert not isinstance(found, str)
        return text(decisions.list_message(found))

    assert "No decisions that you can see" in await log("otto")
    seths = await log("seth")
    assert "Open on Sundays for $9,000" in seths
    assert "D-1" in seths
    assert all(words not in seths for words in ("fire inspector", "150,000", "18,000", "D-2", "D-3", "D-4"))
    assert "Propose" not in seths
    stellas = await log("stella")
    assert all(key in stellas for key in ("D-1", "D-6"))
    assert all(words not in stellas for words in ("9,000", "fire inspector"))
    assert "Open on Sundays for $9,000" in await log("delia"), "she stands in for one who decides"
    sages = await log("sage")
    assert all(words in sages for words in ("fire inspector", "150,000", "9,000"))
    for who, recommended in (("sage", "Ask Halvorsen for a bridge"), ("imani", None), ("dana", None)):
        card = await stage.services.decisions.show(await stage.actor(who), "D-1")
        assert (card.recommended, card.recommended_to_deciders) == (None, recommended), who
    await stage.services.decisions.record(await stage.actor("dana"), "D-1", "Wait", note="from a call about $9,000")
    for who, sees in (("sage", True), ("stella", False)):
        history = await stage.services.histories.decision(await stage.actor(who), "D-1")
        lines = [line for entry in history.entries for line in entry.lines]
        assert "Status: needed → decided" in lines
        assert ("Outcome: none → Wait" in lines, "9,000" in str(lines), "inspector" in history.name) == (sees,) * 3, who


async def test_issues(stage: Stage) -> None:
    async def all_of(who: str) -> IssueList:
        found = await stage.services.issues.find(await stage.actor(who), "all")
        assert not isinstance(found, str)
        return found

    for who, seen, may_raise in (
        ("otto", [], True),
        ("ben", [], False),
        ("renata", [], True),
        ("seth", ["I-1", "I-4"], True),
        ("luis", ["I-1", "I-4"], True),
        ("sage", ["I-1", "I-2", "I-4"], True),
    ):
        found = await all_of(who)
        assert (sorted(one.id for one in found.cards), found.may_add) == (seen, may_raise), who
    assert {one.id: one.may_change for one in (await all_of("sage")).cards} == {"I-1": True, "I-2": False, "I-4": False}
    assert {one.id: one.may_change for one in (await all_of("luis")).cards} == {"I-1": True, "I-4": True}


async def test_funding(stage: Stage) -> None:
    async def sources(who: str) -> str:
        return text(funding.list_message(await stage.services.funding.sources(await stage.actor(who))))

    for who in ("otto", "seth", "stella", "delia"):
        with pytest.raises(Refused):
            await sources(who)
        with pytest.raises(Refused):
            await stage.services.funding.overview(await stage.actor(who))
    everything = await sources("sage")
    assert all(words in everything for words in ("$4,800,000", "$1,600,000", "$2,000,000", "$1,500,000", "$80,000"))
    charlottes = await sources("charlotte")
    assert "Halvorsen core support" in charlottes
    assert "$4,800,000" in charlottes, "what others give is hers to see as one who steers"
    assert all(words not in charlottes for words in ("State child care", "$1,600,000", "Bank equipment", "$2,000,000"))
    for who, pipeline in (("charlotte", False), ("sage", True)):
        actor = await stage.actor(who)
        shown = text(funding.overview_message(await stage.services.funding.overview(actor)))
        shown += text(priorities.card_message(await stage.services.priorities.card(actor, OWN)))
        assert "$600,000" in shown
        assert ("$1,600,000" in shown) == pipeline, who
    imanis = await sources("imani")
    assert all(words in imanis for words in ("$350,000", "$1,600,000", "$250,000"))
    assert all(words not in imanis for words in ("$900,000", "$450,000", "$4,800,000", "Next Rung", "Add"))
    bens = await sources("ben")
    assert "$1,500,000" in bens
    assert all(words not in bens for words in ("Halvorsen", "Federal", "$350,000", "Add"))
    money = await stage.services.funding.card(await stage.actor("seth"), "priority", OWN)
    assert isinstance(money, MoneyCard)
    shown = text(funding.card_message(money))
    assert "$" not in shown
    assert "2 of 3 sources secured" in shown
    source = await stage.services.funding.card(await stage.actor("imani"), "source", "F-7")
    assert isinstance(source, SourceCard)
    assert (source.row.amount, source.received, source.unallocated) == (None, None, None)
    assert [name for name, _amount in source.row.allocated] == ["Child care and commute access"]


async def test_figures(stage: Stage) -> None:
    async def all_of(who: str) -> set[str]:
        found = await stage.services.metrics.mine(await stage.actor(who), everything=True)
        return {row.metric.id for row in found.rows}

    own = {"fa-seats", "fa-wait", "fa-quality", "fa-commute"}
    assert await all_of("otto") == await all_of("ben") == await all_of("delia") == {"ns-good-jobs"}
    assert await all_of("seth") == await all_of("stella") == own | {"ns-good-jobs"}
    assert await all_of("luis") == own | {"ns-good-jobs", "tp-enrol", "sg-firms", "jq-pledge"}, "headlines elsewhere"
    assert len(await all_of("sage")) == 14
    found = await stage.services.metrics.mine(await stage.actor("stella"), everything=True)
    assert {row.metric.id for row in found.rows if row.may_record} == {"fa-quality"}
    form = await stage.services.metrics.form(await stage.actor("stella"))
    assert [row.metric.id for row in form.rows] == ["fa-quality"]


async def test_priorities(stage: Stage) -> None:
    async def all_of(who: str) -> list[str]:
        found = await stage.services.priorities.mine(await stage.actor(who), everything=True)
        return [part.id for part in found.parts]

    assert await all_of("otto") == await all_of("ben") == await all_of("delia") == []
    assert await all_of("seth") == await all_of("stella") == [OWN]
    assert len(await all_of("sage")) == len(await all_of("imani")) == len(await all_of("renata")) == 4
    there = text(priorities.card_message(await stage.services.priorities.card(await stage.actor("renata"), OWN)))
    assert all(one in there for one in ("off track", "134 (Sep 30)", "In the way", "2 overdue")), "as in the roll-up"
    assert all(one not in there for one in ("One provider is ready to sign", "Ask", "Owner:", "$", "Open on Sundays"))
    for who, sees_amounts, may_propose in (("seth", False, False), ("imani", True, True), ("sage", True, False)):
        shown = text(priorities.card_message(await stage.services.priorities.card(await stage.actor(who), OWN)))
        assert ("$" in shown) == sees_amounts, who
        assert "One provider is ready to sign" in shown, "what its owner said"
        assert (Action.PRIORITY_EDIT in shown) == may_propose, who


async def test_organizations_and_groups(stage: Stage) -> None:
    for who, may_edit in (("otto", (False, False)), ("priya", (True, False)), ("dana", (True, True))):
        actor = await stage.actor(who)
        organization = await stage.services.organizations.card(actor, "harrow-county")
        group = await stage.services.groups.card(actor, "wg-access")
        shown = text(organizations.organization_message(organization)) + text(groups.group_message(group))
        assert all(words in shown for words in ("Harrow County Executive Office", "Imani Rhodes"))
        assert ".example" not in shown, "addresses are the coordinators'"
        assert (Action.EDIT_ORGANIZATION in shown, Action.EDIT_GROUP in shown) == may_edit, who
        listed = text(organizations.organization_list_message(await stage.services.organizations.page(actor)))
        listed += text(groups.group_list_message(await stage.services.groups.page(actor)))
        assert (Action.ADD_ORGANIZATION in listed, Action.ADD_GROUP in listed) == may_edit, who


async def test_members(stage: Stage) -> None:
    otto, priya = await stage.actor("otto"), await stage.actor("priya")
    assert {(one.id, one.name) for one in await stage.services.members.search(otto, "grant")} == {
        ("grant", "Grant Okafor")
    }
    with pytest.raises(Refused, match="People's details are for coordinators"):
        await stage.services.members.card(otto, "grant")
    with pytest.raises(Refused):
        await stage.services.members.page(otto)
    own = await stage.services.members.card(await stage.actor("imani"))
    assert (own.email, own.may_edit) == ("imani.rhodes@crossroads.example", False)
    shown = text(members.member_message(own))
    assert Action.CHANGE_STAND_IN in shown
    assert Action.EDIT_MEMBER not in shown
    page = text(members.member_list_message(await stage.services.members.page(priya)))
    assert "Dana Whitlock" in page
    assert Action.GIVE_ROLES not in text(members.member_message(await stage.services.members.card(priya, "grant")))


async def test_digests(stage: Stage) -> None:
    past = (await stage.services.digests.past(await stage.actor("dana"))).digests[0].id

    async def read(who: str, edition: str, *, digest: int | None = None) -> str:
        """All pages of an edition."""
        actor, found = await stage.actor(who), ""
        for page in range(6):
            query = Query(digest=digest, edition=edition, page=page)
            shown = text(digest_reading.reading_message(await stage.services.digests.read(actor, query)))
            if shown in found:
                break  # after the last page it stays there
            found += shown
        return found

    for digest in (None, past):
        whole = await read("sage", "roll_up:", digest=digest)
        assert all(words in whole for words in ("$600,000 secured", "$1,600,000 applied for", "$750,000 secured"))
        charlottes = await read("charlotte", "roll_up:", digest=digest)
        assert "$600,000 secured" in charlottes
        assert all(words not in charlottes for words in ("$1,600,000", "$2,000,000"))
        renatas = await read("renata", "roll_up:", digest=digest)
        assert "$750,000 secured" in renatas, "her own priority's"
        assert all(words not in renatas for words in ("$600,000", "$1,600,000", "$5,750,000", "$1,100,000"))
        for who in ("seth", "stella"):
            own = await read(who, f"priority:{OWN}", digest=digest)
            assert "One provider is ready to sign" in own
            assert all(words not in own for words in ("$600,000", "$1,600,000", "Ask Halvorsen", "fire inspector thr"))
        bens = await read("ben", "funder:next-rung", digest=digest)
        assert all(words in bens for words in ("Residents holding a good job", "$1,500,000"))
        assert all(words not in bens for words in ("$600,000", "$900,000 ", "Needed from you", "inspector", "Rent."))
    for who, keys in (
        ("seth", [f"priority:{OWN}"]),
        ("stella", [f"priority:{OWN}"]),
        ("ben", ["funder:next-rung"]),
        ("luis", ["roll_up:", f"priority:{OWN}"]),
    ):
        reading = await stage.services.digests.read(await stage.actor(who), Query())
        assert [one.key for one in reading.editions] == keys, who
    overview = text(digest_reading.overview_message(await stage.services.digests.overview(await stage.actor("sage"))))
    assert Action.DIGEST_ASK not in overview
    overview = text(digest_reading.overview_message(await stage.services.digests.overview(await stage.actor("priya"))))
    assert Action.DIGEST_ASK in overview


async def test_histories(stage: Stage) -> None:
    """Who sees an item sees what happened to it, without the amounts that are not theirs."""
    services, dana = stage.services, await stage.actor("dana")
    form = await services.priority_plans.form(dana, OWN)
    await services.priority_plans.edit(
        dana,
        "new",
        OWN,
        marks_of(form.plan),
        {
            "name": "Care and commute",
            "goal": form.plan["goal"],
            "owner": "imani",
            "channel": "lb-access",
            "need_amount": "1250000",
            "need_through": "2027-12-31",
        },
    )
    record = await stage.record()
    source = next(one for one in record.funding_sources if one.id == "F-7")
    given = {OWN: "240000", "job-quality": "210000", "backbone": "450000"}
    await services.funding_changes.allocate(
        dana,
        "new",
        "F-7",
        marks_of(allocation_plan(source)),
        {target_field(key): amount for key, amount in given.items()},
    )

    async def priority(who: str) -> str:
        found = await services.priorities.history(await stage.actor(who), OWN)
        return text(history_blocks.history_message(found, Action.PRIORITY_HISTORY))

    async def money(who: str) -> str:
        found = await services.funding.history(await stage.actor(who), "F-7")
        return text(history_blocks.history_message(found, Action.FUNDING_HISTORY))

    for who, sees_amounts in (("seth", False), ("stella", False), ("imani", True), ("sage", True)):
        shown = await priority(who)
        assert "Care and commute" in shown
        assert ("1,250,000" in shown) == sees_amounts, who
    whole = await money("sage")
    assert all(words in whole for words in ("$240,000", "$210,000", "$900,000"))
    imanis = await money("imani")
    assert "$240,000" in imanis
    assert all(words not in imanis for words in ("$210,000", "$200,000", "$900,000", "$450,000", "Job quality"))
    assert "$210,000" in await money("charlotte")
    with pytest.raises(Refused):
        await money("seth")
    with pytest.raises(Refused):
        await services.audit.page(await stage.actor("sage"), "")
    assert (await services.audit.page(await stage.actor("priya"), "")).total > 0


async def test_home(stage: Stage) -> None:
    async def shown(who: str) -> str:
        return text(home.home_view(await stage.services.home.page(await stage.actor(who), whole=True)))

    run = ("Run the week", "Needs a hand", "This week")
    ottos = await shown("otto")
    assert own_action("otto") in ottos
    assert all(words not in ottos for words in (*run, "Waits for me", "Latest digest", "My priority"))
    assert all(one not in ottos for one in (Action.FIGURE_UPDATE, Action.NEW_DECISION))
    assert all(one in ottos for one in (Action.NEW_ACTION, Action.NEW_ISSUE, Action.AWAY))
    bens = await shown("ben")
    assert all(one not in bens for one in (Action.NEW_ACTION, Action.NEW_ISSUE, Action.NEW_DECISION, "Latest digest"))
    seths = await shown("seth")
    assert "Open on Sundays" in seths, "his voice is missing"
    assert all(words not in seths for words in (*run, "D-1", "Latest digest", Action.FIGURE_UPDATE))
    sages = await shown("sage")
    assert all(words in sages for words in ("D-1, by Fri Dec 4", "D-2, by Fri Dec 11", "Latest digest"))
    assert all(words not in sages for words in (*run, "D-6"))
    lornas = await shown("lorna")
    assert "Ask from Job quality" in lornas
    charlottes = await shown("charlotte")
    assert "A bridge." not in charlottes, "an ask to her that no coordinator has let go out"
    imanis = await shown("imani")
    assert all(words in imanis for words in ("My priority", "Latest digest", "Ask two landlords"))
    for who, may_pause in (("priya", False), ("dana", True)):
        found = await shown(who)
        assert all(words in found for words in (*run, "A bridge."))
        assert (f'"{Action.ASK_PAUSE}"' in found) == may_pause, who


async def test_checkins(stage: Stage) -> None:
    """Whether somebody has answered is between them, their stand-in and the coordinators."""
    for who, counts, answers in (
        ("otto", False, False),
        ("sage", False, False),
        ("imani", False, True),
        ("priya", True, False),
    ):
        card = await stage.services.checkin_cadences.show(await stage.actor(who), "weekly")
        shown = text(checkin_rounds.checkin_card(card))
        assert ("2 of 4 answered" in shown) == counts, who
        assert (f'"{Action.ANSWER}"' in shown) == answers, who
        assert (Action.CHECKIN_STATUS in shown) == counts, who
    with pytest.raises(Refused):
        await stage.services.checkin_rounds.status(await stage.actor("imani"), "weekly")
    status = await stage.services.checkin_rounds.status(await stage.actor("priya"), "weekly")
    assert "Grant Okafor" in text(checkin_rounds.status_message(status))


async def test_the_north_star(stage: Stage) -> None:
    for who, may_edit in (("otto", False), ("ben", False), ("priya", False), ("dana", True)):
        card = await stage.services.north_stars.card(await stage.actor(who))
        shown = text(north_star.north_star_message(card))
        assert "twelve thousand more Limestone Bend residents" in shown
        assert (Action.EDIT_NORTH_STAR in shown) == may_edit, who


async def test_meetings_and_agendas(stage: Stage) -> None:
    async def every(who: str) -> set[str]:
        actor = await stage.actor(who)
        pages = [await stage.services.meetings.every(actor, page) for page in range(3)]
        return {line.ref.cadence for page in pages for line in page.lines}

    assert await every("otto") == {"convening"}
    assert await every("ben") == {"convening", "funders-quarterly"}
    assert await every("seth") == {"convening", "wg-access-monthly"}
    assert len(await every("sage")) == 10
    calendar = await stage.services.calendars.mine(await stage.actor("seth"))
    assert {event.name for event in calendar.events} == {"Family access working group", "All-partner convening"}
    steerings = MeetingRef("steering-quarterly", local("2027-02-03T09:00"))
    ours = MeetingRef("wg-access-monthly", local("2026-12-15T11:00"))
    agenda = await stage.services.agendas.show(await stage.actor("sage"), steerings)
    assert {line.id for line in agenda.decisions} >= {"D-1", "D-2"}
    with pytest.raises(Refused):
        await stage.services.agendas.show(await stage.actor("seth"), steerings)
    agenda = await stage.services.agendas.show(await stage.actor("seth"), ours)
    assert {line.title for line in agenda.overdue} == {
        "Get a fire inspection date for the east side provider",
        "Sign up two more evening providers",
    }
    # The stocktake is about everything; an owner who comes reads of its agenda what is theirs.
    stocktake = MeetingRef("stocktake", local("2026-11-26T13:00"))
    for who, overdue, decided in (("imani", 2, {"D-1", "D-6"}), ("dana", 6, {"D-1", "D-2", "D-6"})):
        agenda = await stage.services.agendas.show(await stage.actor(who), stocktake)
        assert len(agenda.overdue) == overdue, who
        assert {line.id for line in agenda.decisions} == decided, who


async def test_decisions_that_changed_something_name_no_amounts(stage: Stage) -> None:
    """A change that is proposed says what changes: amounts are for those who may see them."""
    services, imani = stage.services, await stage.actor("imani")
    form = await services.priority_plans.form(imani, OWN)
    saved = await services.priority_plans.edit(
        imani,
        "new",
        OWN,
        marks_of(form.plan),
        {
            "name": form.plan["name"],
            "goal": form.plan["goal"],
            "owner": "imani",
            "channel": "lb-access",
            "need_amount": "1250000",
            "need_through": "2027-12-31",
            "reason": "More vans.",
        },
    )
    assert saved.decision is not None
    for who, sees_amounts in (("stella", False), ("seth", False), ("luis", True), ("sage", True)):
        card = await services.decisions.show(await stage.actor(who), saved.decision)
        assert ("1,250,000" in text(decisions.card_message(card))) == sees_amounts, who
