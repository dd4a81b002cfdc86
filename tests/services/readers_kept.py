"""Whether what a form's first line promises comes true: somebody says something, and each named reader sees the words.

Every check speaks on the sample's Monday, once it has begun, and looks at screens and messages only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, time

from sqlalchemy import select

from bot.domain.actions import NewAction
from bot.domain.decisions import DecisionCard, NewDecision
from bot.domain.issues import NewIssue
from bot.domain.meetings import MeetingPlan, MeetingRef, NotesInput
from bot.domain.metrics import TableLine
from bot.domain.outbox import Kind
from bot.domain.people import MemberEdit
from bot.errors import UserError
from bot.slack.blocks import issues
from bot.slack.blocks.actions import items as action_items
from bot.slack.blocks.asks import ask_message
from bot.slack.blocks.checkins import rounds as checkin_rounds
from bot.slack.blocks.coalition import coalition_message, north_star
from bot.slack.blocks.decisions import decisions
from bot.slack.blocks.decisions import forms as decision_forms
from bot.slack.blocks.home import page as home
from bot.slack.blocks.meetings import agendas, meetings
from bot.slack.blocks.metrics import metrics
from bot.slack.blocks.organizations import groups, organizations
from bot.slack.blocks.people import letters, members
from bot.slack.blocks.priorities import priorities
from bot.store.asks import AskRow
from tests.services.reading import messages, read
from tests.services.stage import Stage

Check = Callable[[Stage], Awaitable[None]]
WORDS = "The hundredth sparrow of Talbot Street."
COORDINATORS = ("dana", "omar", "priya")
STEERING = ("marcus", "lorna")
TALENT = ("helen", "tom")  # of the working group, beside its chair
WEEK = ("2026-11-24T16:05", "2026-11-25T07:32")


async def begin(stage: Stage) -> None:
    """The sample on Monday at nine: everybody is asked."""
    await stage.link()
    await stage.join_channels()
    await stage.go_live(meetings=True)
    await live(stage, "2026-11-23T09:00")


async def live(stage: Stage, *moments: str) -> None:
    for moment in moments:
        stage.at(moment)
        await stage.settle()


async def require(stage: Stage, who: tuple[str, ...], screen: Callable[[str], Awaitable[str]]) -> None:
    """Each of them reads the words on this screen."""
    for one in who:
        text = await screen(one)
        assert WORDS in text, f"{one} does not read it: {text[-2000:]}"


async def posted(stage: Stage, *kinds: Kind) -> str:
    return "\n".join(await messages(stage, None, *kinds))


async def an_update(stage: Stage) -> None:
    """The priority's channel and the Steering Committee with the digest, the coordinators from now."""
    await stage.answer("yolanda", "talent-pathways", moved=WORDS)

    async def card(who: str) -> str:
        return read(priorities.card_message(await stage.services.priorities.card(await stage.actor(who), "talent")))

    await require(stage, COORDINATORS, card)
    await live(stage, *WEEK)
    assert WORDS in await posted(stage, Kind.ROLL_UP, Kind.REPLY)
    assert WORDS in await posted(stage, Kind.CHANNEL_EDITION)
    assert WORDS in "\n".join(await messages(stage, "yolanda", Kind.OWNER_PREVIEW))


async def a_note(stage: Stage) -> None:
    """Each coordinator, in Home."""
    await stage.answer("yolanda", "talent-pathways", for_coordinator=WORDS)

    async def shown(who: str) -> str:
        return read(home.home_view(await stage.services.home.page(await stage.actor(who), whole=True)))

    await require(stage, COORDINATORS, shown)


async def an_answer_on_behalf(stage: Stage) -> None:
    """Whom it was given for."""
    await stage.answer("omar", "supplier-growth", moved=WORDS)
    await live(stage, "2026-11-23T09:05")
    text = "\n".join(await messages(stage, "grant"))
    assert WORDS in text
    assert "Omar Castellanos answered for you" in text


async def a_status(stage: Stage) -> None:
    """Coordinators read who has answered, and nobody else can."""
    await stage.answer("yolanda", "talent-pathways")
    rounds = stage.services.checkin_rounds
    for who in COORDINATORS:
        assert "Yolanda Briggs" in read(checkin_rounds.status_message(await rounds.status(await stage.actor(who), "")))
    for who in (*STEERING, "grant"):
        try:
            await rounds.status(await stage.actor(who), "")
        except UserError:
            continue
        raise AssertionError(f"{who} reads who has answered")


async def words_to_the_coordinators(stage: Stage) -> None:
    """Each coordinator, by a letter."""
    await stage.services.letters.send(await stage.actor("grant"), "ask", [], WORDS)
    await live(stage, "2026-11-23T09:05")
    for who in COORDINATORS:
        assert WORDS in "\n".join(await messages(stage, who, Kind.LETTER)), who


async def a_letter(stage: Stage) -> None:
    """Its receiver."""
    form = await stage.services.letters.form(await stage.actor("omar"), "grant")
    assert "Read by Grant Okafor (Bend Area Chamber) only" in read(letters.LETTER_FORM.view(form))
    await stage.services.letters.send(await stage.actor("omar"), "letter", ["grant"], WORDS)
    await live(stage, "2026-11-23T09:05")
    assert WORDS in "\n".join(await messages(stage, "grant", Kind.LETTER))


async def an_action(stage: Stage) -> None:
    """The priority's group, the coordinators and steering."""
    new = NewAction(title=WORDS, owner="yolanda", due=date(2026, 12, 4), priority="talent-pathways")
    added = await stage.services.action_items.add(await stage.actor("yolanda"), "new", new)

    async def card(who: str) -> str:
        shown = await stage.services.action_items.show(await stage.actor(who), added.card.id)
        return read(action_items.card_message(shown))

    await require(stage, (*COORDINATORS, *STEERING, *TALENT), card)


async def a_reason(stage: Stage) -> None:
    """The action's group, and the digest where it is overdue."""
    await stage.services.action_items.block(await stage.actor("yolanda"), "A-102", WORDS)

    async def card(who: str) -> str:
        return read(action_items.card_message(await stage.services.action_items.show(await stage.actor(who), "A-102")))

    await require(stage, TALENT, card)
    await live(stage, *WEEK)
    assert WORDS in await posted(stage, Kind.REPLY, Kind.CHANNEL_EDITION)


async def an_issue(stage: Stage) -> None:
    """The priority's group, the coordinators and steering; also how it ended."""
    yolanda = await stage.actor("yolanda")
    raised = await stage.services.issues.add(yolanda, "new", NewIssue(title=WORDS, priority="talent-pathways"))

    async def card(who: str) -> str:
        return read(issues.card_message(await stage.services.issues.show(await stage.actor(who), raised.card.id)))

    await require(stage, (*COORDINATORS, *STEERING, *TALENT), card)


async def how_an_issue_ended(stage: Stage) -> None:
    """Everyone who reads the issue."""
    await stage.services.issues.resolve(await stage.actor("yolanda"), "I-2", WORDS)

    async def card(who: str) -> str:
        return read(issues.card_message(await stage.services.issues.show(await stage.actor(who), "I-2")))

    await require(stage, (*COORDINATORS, *STEERING, *TALENT), card)


async def a_decision(stage: Stage) -> None:
    """The group that decides, in its channel, and the coordinators."""
    new = NewDecision(
        title=WORDS, decider="steering", priority="talent-pathways", needed_by=date(2026, 12, 11), options=("Yes", "No")
    )
    proposed = await stage.services.decisions.propose(await stage.actor("yolanda"), "new", new)
    await live(stage, "2026-11-23T09:05")
    assert WORDS in await posted(stage, Kind.DECISION)

    async def card(who: str) -> str:
        return read(
            decisions.card_message(await stage.services.decisions.show(await stage.actor(who), proposed.card.id))
        )

    await require(stage, (*COORDINATORS, *STEERING), card)


async def what_is_recommended(stage: Stage) -> None:
    """Those who decide, where they answer; nobody else, and no card and no post says it."""
    new = NewDecision(title="Which lot?", decider="steering", needed_by=date(2026, 12, 11), options=("A lot", "No lot"))
    proposed = await stage.services.decisions.propose(
        await stage.actor("yolanda"), "new", replace(new, recommended="A lot")
    )
    await live(stage, "2026-11-23T09:05")
    said = "Recommended: A lot"

    async def card(who: str) -> DecisionCard:
        return await stage.services.decisions.show(await stage.actor(who), proposed.card.id)

    for one in STEERING:
        assert said in read(decision_forms.ballot_view(await card(one))), one
    assert said not in read(decision_forms.ballot_view(await card("dana")))
    for one in (*STEERING, *COORDINATORS):
        assert said not in read(decisions.card_message(await card(one))), one
    assert said not in await posted(stage, Kind.DECISION)


async def why_a_decision_was_set_aside(stage: Stage) -> None:
    """Everyone who reads the decision."""
    await stage.services.decisions.set_aside(await stage.actor("dana"), "D-2", "deferred", WORDS)

    async def card(who: str) -> str:
        return read(decisions.card_message(await stage.services.decisions.show(await stage.actor(who), "D-2")))

    await require(stage, (*COORDINATORS, *STEERING), card)


async def a_voice(stage: Stage) -> None:
    """The group that decides and the coordinators read what an objection says."""
    await stage.services.decisions.respond(await stage.actor("marcus"), "D-2", "object", reason=WORDS)

    async def card(who: str) -> str:
        return read(decisions.card_message(await stage.services.decisions.show(await stage.actor(who), "D-2")))

    await require(stage, (*COORDINATORS, *STEERING), card)


async def a_point(stage: Stage) -> None:
    """Everybody who reads the agenda: the group, in its channel."""
    ref = MeetingRef("wg-talent-monthly", datetime.fromisoformat("2026-12-09T14:00"))
    await stage.services.agendas.add_point(await stage.actor("helen"), ref, WORDS, "point")

    async def agenda(who: str) -> str:
        return read(agendas.agenda_message(await stage.services.agendas.show(await stage.actor(who), ref)))

    await require(stage, ("yolanda", "tom", "omar"), agenda)
    await live(stage, "2026-12-02T14:01")
    assert WORDS in await posted(stage, Kind.AGENDA)


async def meeting_notes(stage: Stage) -> None:
    """The group's channel."""
    ref = MeetingRef("wg-talent-monthly", datetime.fromisoformat("2026-11-11T14:00"))
    notes, yolanda = stage.services.meeting_notes, await stage.actor("yolanda")
    typed = NotesInput(present=("yolanda",), decided=WORDS, actions="", parked="")
    form = await notes.form(yolanda, ref)
    await notes.check(yolanda, form.token, ref, typed, form.version)
    await notes.post(yolanda, form.token)
    await live(stage, "2026-11-23T09:05")
    assert WORDS in await posted(stage, Kind.NOTES)


async def context_in_the_digest(stage: Stage) -> None:
    """The digest's readers."""
    await stage.services.digests.add_context(await stage.actor("yolanda"), "talent-pathways", date(2026, 11, 23), WORDS)
    await live(stage, *WEEK)
    assert WORDS in await posted(stage, Kind.ROLL_UP, Kind.REPLY)


async def somebody_else_to_ask(stage: Stage) -> None:
    """Whoever asked reads what came of their ask."""
    await stage.answer(
        "imani", "family-access", assessment="at_risk", blocker="Rent.", ask=WORDS, ask_from="harrow-county"
    )
    await live(stage, "2026-11-24T15:05")
    async with stage.services.database.read() as session:
        ask = await session.scalar(select(AskRow).where(AskRow.text == WORDS))
    assert ask is not None
    if ask.state != "sent":
        await stage.services.asks.send(await stage.actor("omar"), ask.id)
    await live(stage, "2026-11-24T15:10")
    assert WORDS in "\n".join(await messages(stage, "marcus"))
    await stage.services.asks.answer(await stage.actor("marcus"), ask.id, "not_us", "three-creeks-wdb")
    for who in ("imani", *COORDINATORS):
        shown = read(ask_message(await stage.services.asks.show(await stage.actor(who), ask.id)))
        assert WORDS in shown
        assert "Three Creeks" in shown, who


async def a_figures_note(stage: Stage) -> None:
    """Everyone who reads the priority: on its canvas at once, and in the next digest."""
    figure = {"metric": "tp-placed", "value": "48.5", "period_end": "2026-06-30", "quality": "final", "note": WORDS}
    await stage.services.metrics.submit(await stage.actor("priya"), "new", figure)

    async def card(who: str) -> str:
        return read(metrics.card_message(await stage.services.metrics.card(await stage.actor(who), "tp-placed")))

    await require(stage, (*COORDINATORS, *STEERING, *TALENT), card)


async def a_figure_of_a_table(stage: Stage) -> None:
    """Everyone who reads the priority."""
    cells = {"metric": "tp-placed", "value": "48.5", "period_end": "2026-06-30", "note": WORDS}
    await stage.services.figure_tables.record(await stage.actor("priya"), [TableLine(2, cells)])

    async def card(who: str) -> str:
        return read(metrics.card_message(await stage.services.metrics.card(await stage.actor(who), "tp-placed")))

    await require(stage, (*COORDINATORS, *STEERING, *TALENT), card)


async def a_figures_plan(stage: Stage) -> None:
    """Everyone who reads the priority."""
    plan = {
        "name": WORDS,
        "unit": "rides",
        "direction": "increase",
        "aggregation": "point_in_time",
        "level": "contributing",
        "horizon": "short",
        "frequency": "quarterly",
        "steward": "priya",
        "priority": "talent-pathways",
    }
    await stage.services.metric_plans.add(await stage.actor("omar"), "new", plan)

    async def listed(who: str) -> str:
        return read(metrics.list_message(await stage.services.metrics.mine(await stage.actor(who), everything=True)))

    await require(stage, (*COORDINATORS, *STEERING, *TALENT), listed)


async def a_priority(stage: Stage) -> None:
    """Everyone who reads this priority."""
    changed = {"name": WORDS, "owner": "yolanda", "channel": "lb-talent", "reason": "Shorter."}
    await stage.services.priority_plans.edit(await stage.actor("omar"), "new", "talent-pathways", {}, changed)

    async def card(who: str) -> str:
        shown = await stage.services.priorities.card(await stage.actor(who), "talent-pathways", whole=True)
        return read(priorities.card_message(shown))

    await require(stage, (*COORDINATORS, *STEERING, *TALENT), card)


async def an_outcome(stage: Stage) -> None:
    """Everyone who reads this priority, and the digest."""
    outcome = {"name": WORDS, "due": "2026-12-01", "reason": "Residents asked."}
    await stage.services.priority_plans.save_outcome(
        await stage.actor("omar"), "new", "talent-pathways", None, {}, outcome
    )

    async def card(who: str) -> str:
        return read(priorities.card_message(await stage.services.priorities.card(await stage.actor(who), "talent")))

    await require(stage, (*COORDINATORS, *STEERING, *TALENT), card)
    await live(stage, *WEEK)
    assert WORDS in await posted(stage, Kind.REPLY, Kind.CHANNEL_EDITION)


async def the_north_star(stage: Stage) -> None:
    """Everyone."""
    await stage.services.north_stars.edit(await stage.actor("dana"), {}, {"statement": WORDS})

    async def card(who: str) -> str:
        return read(north_star.north_star_message(await stage.services.north_stars.card(await stage.actor(who))))

    await require(stage, (*COORDINATORS, *STEERING, *TALENT, "ben", "luis"), card)


async def the_coalitions_name(stage: Stage) -> None:
    """Everyone."""
    await stage.services.coalition_particulars.edit(await stage.actor("dana"), {}, {"name": WORDS})

    async def card(who: str) -> str:
        return read(coalition_message(await stage.services.home.page(await stage.actor(who))))

    await require(stage, EVERYBODY, card)


EVERYBODY = (*COORDINATORS, *STEERING, *TALENT, "ben", "luis")


async def a_group(stage: Stage) -> None:
    """Everyone."""
    new = {"name": WORDS, "kind": "working_group", "decision_rule": "consensus", "voices": "organization"}
    await stage.services.groups.add(await stage.actor("dana"), "new", new, ["luis"])

    async def card(who: str) -> str:
        return read(groups.group_message(await stage.services.groups.card(await stage.actor(who), WORDS)))

    await require(stage, EVERYBODY, card)


async def an_organization(stage: Stage) -> None:
    """Everyone."""
    await stage.services.organizations.add(await stage.actor("omar"), "new", {"name": WORDS, "sector": "nonprofit"}, [])

    async def card(who: str) -> str:
        shown = await stage.services.organizations.card(await stage.actor(who), WORDS)
        return read(organizations.organization_message(shown))

    await require(stage, EVERYBODY, card)


async def a_meeting(stage: Stage) -> None:
    """Its group."""
    yolanda = await stage.actor("yolanda")
    plan = MeetingPlan(
        cadence=None,
        name=WORDS,
        audience="wg-talent",
        first=date(2026, 12, 11),
        at=time(10),
        repeats="monthly",
        zone="America/Chicago",
        minutes=60,
    )
    await stage.services.meeting_plans.preview(yolanda, "new", plan)
    await stage.services.meeting_plans.save(yolanda, "new")

    async def listed(who: str) -> str:
        return read(meetings.list_message(await stage.services.meetings.mine(await stage.actor(who))))

    await require(stage, (*TALENT, "omar"), listed)


async def a_members_entry(stage: Stage) -> None:
    """Whoever changed it and the other coordinators."""
    person = MemberEdit(
        name=WORDS, organization="bend-chamber", email=None, access="member", timezone="America/Chicago"
    )
    await stage.services.members.edit(await stage.actor("omar"), "grant", {}, person)

    async def card(who: str) -> str:
        return read(members.member_message(await stage.services.members.card(await stage.actor(who), "grant")))

    await require(stage, COORDINATORS, card)


async def a_stand_in(stage: Stage) -> None:
    """Oneself, the stand-in and the coordinators."""
    await stage.services.members.set_stand_in(await stage.actor("grant"), "grant", {}, "helen")
    await live(stage, "2026-11-23T09:05", "2026-11-24T09:05", "2026-11-25T09:05", "2026-11-30T08:35")
    for who in COORDINATORS:
        card = read(members.member_message(await stage.services.members.card(await stage.actor(who), "grant")))
        assert "Helen Sato" in card, who
    own = read(members.member_message(await stage.services.members.card(await stage.actor("grant"))))
    assert "Helen Sato" in own
    assert "Grant Okafor" in "\n".join(await messages(stage, "helen"))


async def own_settings(stage: Stage) -> None:
    """Oneself and the coordinators."""
    await stage.services.own_settings.save(await stage.actor("grant"), {}, zone=None, ask_at=time(11), stand_in="helen")
    for who in COORDINATORS:
        card = read(members.member_message(await stage.services.members.card(await stage.actor(who), "grant")))
        assert "Helen Sato" in card, who
