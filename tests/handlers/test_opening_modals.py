"""Every way to open a modal: one call of Slack, acknowledged before it, with next to nothing read before it.

Slack forgets a trigger after three seconds. So the view leaves first, and what it shows is read while it says
"Opening …"; how much is read does not grow with the lists of the coalition.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.domain.checkins import NextKey, PersonalSettings
from bot.domain.digests import ForwardKey, Query
from bot.domain.record import Record
from bot.domain.series import ProposalState
from bot.sandbox import Person
from bot.sandbox.forms import elements
from bot.sandbox.workspace import Message
from bot.services.access import Actor, operator
from bot.slack.blocks import kit
from bot.slack.identifiers import Action, Shortcut
from bot.slack.metadata import OutcomeKey, encode
from bot.store.asks import AskRow
from bot.store.checkins import PrivateNoteRow, ResponseRow, RoundSubjectRow
from bot.store.metrics import MetricRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow
from bot.store.series import SeriesProposalRow
from tests.examples import is_whole, one_in, part
from tests.growth import grow
from tests.handlers.stage import Stage, words
from tests.handlers.ways import BUTTON, LINE, SHORTCUT, WITH_MORE, Way, ways_to_open
from tests.services.sample_pulse import TOLD, tell_pulse

# What may be read before a view leaves: who asks (the transaction's beginning, the account and its rights).
MOST_BEFORE = 3
# A typed line is read first, since it may leave nothing open that a form would have to ask: the whole record, once.
MOST_FOR_A_LINE = 45
LINES_READ_FIRST = {
    Way(WITH_MORE, name) for name in ("action", "action add", "action move", "decision add", "metric update")
}
# What rehearses the week ahead reads all rows of a coalition first, and of four times as much that takes seconds.
REHEARSING = {
    Way(BUTTON, Action.WEEK),
    Way(BUTTON, Action.ASK_PAUSE),
    Way(LINE, "coalition week"),
    Way(LINE, "coalition pause"),
}
# Of how many one is opened, and of those how many once more in the grown coalition; of how many one opens on top.
OPENED_ONE_IN, GROWN_ONE_IN, ON_TOP_ONE_IN = 7, 2, 12
TIMES = part(2, 4)  # how much there is of everything in the grown coalition
# The week ahead is rehearsed before it is shown, which takes long beside other work: elapsed seconds.
UNTIL_FILLED = 60.0
# What answers by a message where it is a command, and what fills a modal that something else opened.
ANSWERED_BY_MESSAGE = {
    Way(LINE, "digest history"),
    Way(LINE, "metric list"),
    Way(WITH_MORE, "issue add"),
    Way(WITH_MORE, "metric"),
    Way(BUTTON, Action.FIGURE_CARD),
    Way(BUTTON, Action.FIGURES_ALL),
    Way(BUTTON, Action.PRIORITY_CARD),
    Way(BUTTON, Action.PLAN),
    Way(LINE, "priority plan"),
}
# Buttons that say words stand for lines; where they open a modal they are pressed in Home.
IN_HOME_ONLY = {Way(BUTTON, action) for action in Action if action.startswith("go_")} | {Way(BUTTON, Action.SAY)}
# What changes something, or shows Home anew; a modal only tells what became of it.
CHANGE_IN_HOME = {
    Action.REFRESH,
    Action.TURN_PAGE,
    Action.CHECK_CHANNELS,
    Action.PAUSE,
    Action.PICK_ACCOUNT,
    Action.IT_ARRIVED,
    Action.SEND_AGAIN,
    Action.SEND_ASK,
    Action.SEE_NOTE,
    Action.TALK_FIRST,
    Action.NO_CHANGE,
    Action.ACTION_DONE,
    Action.ACTION_START,
}
# What more is typed behind a line.
MORE = {
    "checkin reopen": "weekly-checkin",
    "checkin move": "weekly-checkin",
    "checkin skip": "weekly-checkin",
    "checkin edit": "weekly-checkin",
    "checkin questions": "edit weekly-priority",
    "action add": "Call the college",
    "action": "A-202 to Dec 7",
    "action move": "A-202",
    "metric update": "tp-placed",
    "metric edit": "tp-enrol",
    "metric retarget": "tp-enrol",
    "metric series": "tp-enrol",
    "meeting add": "Data team",
    "meeting edit": "wg-talent-monthly",
    "meeting notes": "wg-talent-monthly",
    "meeting skip": "wg-talent-monthly",
    "meeting move": "wg-talent-monthly",
    "digest": "talent-pathways",
    "digest preview": "talent-pathways",
    "digest move": "friday",
    "priority edit": "talent-pathways",
    "priority outcome": "talent-pathways",
    "decision add": "Move the money",
    "decision": "D-1 new date",
    "decision move": "D-1",
    "decision answer": "D-1",
    "decision record": "D-1",
    "decision defer": "D-1",
    "issue escalate": "I-2",
    "issue resolve": "I-2",
    "issue park": "I-2",
    "funding update": "F-1",
    "funding allocate": "F-1",
    "coalition members": "add",
    "coalition roles": "yolanda",
    "coalition leave": "yolanda",
    "coalition end": "priority job",
    "coalition stand-in": "yolanda",
    "coalition organizations": "edit lbp",
    "coalition groups": "edit steering",
}


@dataclass(frozen=True)
class Given:
    """What stands on this stage beside the sample, as buttons carry it."""

    subject: str = ""
    asked: str = ""
    waiting: str = ""
    draft: str = ""
    figure: str = ""
    decision: str = ""
    issue: str = ""
    delivery: str = ""
    note: str = ""
    typed_note: str = ""
    series: str = ""


def buttons(given: Given) -> Mapping[Action, tuple[str, str]]:
    """Who presses what, and what the button carries."""
    meeting, occurrence = "wg-talent-monthly", "wg-talent-monthly|2026-12-09T14:00"
    held = "wg-talent-monthly|2026-11-11T14:00"
    ahead = encode(NextKey("weekly-checkin", "talent-pathways", datetime.fromisoformat("2026-12-01T09:00")))
    outcome = encode(OutcomeKey("talent-pathways", "tp-io1"))
    return {
        Action.REOPEN_ROUND: ("omar", "weekly-checkin"),
        Action.ADD_CHECKIN: ("omar", ""),
        Action.START_STOCKTAKE: ("omar", ""),
        Action.SAY_DONE: ("omar", TOLD),
        Action.EDIT_CHECKIN: ("omar", "weekly-checkin"),
        Action.ADD_QUESTIONS: ("omar", ""),
        Action.EDIT_QUESTIONS: ("omar", "weekly-priority"),
        Action.COPY_QUESTIONS: ("omar", "weekly-priority"),
        Action.PREVIEW_QUESTIONS: ("omar", "weekly-priority"),
        Action.ADD_QUESTION: ("omar", ""),
        Action.EDIT_QUESTION: ("omar", "moved"),
        Action.TRY_QUESTIONS: ("omar", ""),
        Action.MOVE_ROUND: ("omar", "weekly-checkin"),
        Action.SKIP_ROUND: ("omar", "weekly-checkin"),
        Action.ANSWER: ("yolanda", given.subject),
        Action.ANSWER_OPEN: ("yolanda", ""),
        Action.ANSWER_AHEAD: ("yolanda", ahead),
        Action.AWAY: ("yolanda", ""),
        Action.NEW_ACTION: ("omar", ""),
        Action.CHANGE_DRAFT: ("omar", given.draft),
        Action.OPEN_ACTION: ("omar", "A-102"),
        Action.FIGURES_OF: ("omar", "talent-pathways"),
        Action.ACTION_MOVE: ("omar", "A-102"),
        Action.ACTION_BLOCK: ("omar", "A-102"),
        Action.OFFER_DATE: ("omar", "A-102"),
        Action.ALL_ACTIONS: ("yolanda", ""),
        Action.FIGURE_UPDATE: ("omar", "tp-enrol"),
        Action.FIGURE_CHANGE: ("omar", given.figure),
        Action.METRIC_ADD: ("omar", ""),
        Action.METRIC_EDIT: ("omar", "tp-enrol"),
        Action.METRIC_SERIES: ("omar", "tp-enrol"),
        Action.SERIES_CHANGE: ("omar", given.series),
        Action.METRIC_RETARGET: ("omar", "tp-enrol"),
        Action.METRIC_MEANING: ("omar", "tp-enrol"),
        Action.METRIC_HISTORY: ("omar", "tp-enrol"),
        Action.OPEN_MEETING: ("omar", meeting),
        Action.NEW_MEETING: ("omar", ""),
        Action.EDIT_MEETING: ("omar", meeting),
        Action.MEETING_SEND: ("omar", occurrence),
        Action.MEETING_AGENDA: ("omar", occurrence),
        Action.ADD_POINT: ("omar", occurrence),
        Action.MOVE_MEETING: ("omar", occurrence),
        Action.SKIP_MEETING: ("omar", occurrence),
        Action.WRITE_NOTES: ("omar", held),
        Action.ASK_PAUSE: ("omar", ""),
        Action.ASK_RESUME: ("omar", ""),
        Action.DIGEST_PREVIEW: ("omar", ""),
        Action.DIGEST_OPEN: ("omar", encode(Query())),
        Action.DIGEST_PAST: ("omar", ""),
        Action.MOVE_DIGEST: ("omar", ""),
        Action.DIGEST_FORWARD: ("omar", ""),
        Action.DIGEST_FORWARD_TEXT: ("omar", encode(ForwardKey(0, "lorna", ""))),
        Action.LEAVE_OUT_DIGEST: ("omar", '{"cadence":"weekly-digest","slot":"2026-11-20T07:30:00"}'),
        Action.ACTION_HISTORY: ("omar", "A-102"),
        Action.ISSUE_HISTORY: ("omar", "I-2"),
        Action.DECISION_HISTORY: ("omar", "D-2"),
        Action.DIGEST_CONTEXT: ("yolanda", "2026-11-23|talent-pathways"),
        Action.EDIT_ASK: ("omar", given.waiting),
        Action.ASK_ANOTHER: ("marcus", given.asked),
        Action.ASK_ACTION: ("omar", given.asked),
        Action.OPEN_ASK: ("marcus", given.asked),
        Action.PRIORITY_ASKS: ("omar", "talent-pathways"),
        Action.WRITE_TO: ("omar", "yolanda"),
        Action.REPLY_TO_NOTE: ("omar", given.note),
        Action.SEE_OVERDUE: ("omar", ""),
        Action.DELIVERIES: ("omar", ""),
        Action.CANVASES: ("omar", ""),
        Action.ANSWER_FOR: ("omar", given.subject),
        Action.PRIORITY_HISTORY: ("omar", "talent-pathways"),
        Action.PRIORITY_EDIT: ("omar", "talent-pathways"),
        Action.PRIORITY_OUTCOMES: ("omar", "talent-pathways"),
        Action.OUTCOME_ADD: ("omar", "talent-pathways"),
        Action.OUTCOME_EDIT: ("omar", outcome),
        Action.NEW_DECISION: ("omar", ""),
        Action.CHANGE_DECISION_DRAFT: ("omar", given.decision),
        Action.OPEN_DECISION: ("omar", "D-1"),
        Action.DECISION_ANSWER: ("yolanda", "D-1"),
        Action.DECISION_OBJECT: ("yolanda", "D-1"),
        Action.RECORD_DECISION: ("omar", "D-1"),
        Action.SET_DECISION_ASIDE: ("omar", "D-1"),
        Action.REOPEN_DECISION: ("omar", "D-3"),
        Action.DECISION_NEW_DATE: ("omar", "D-1"),
        Action.ISSUE_DECISION: ("omar", "I-2"),
        Action.NEW_ISSUE: ("omar", ""),
        Action.CHANGE_ISSUE_DRAFT: ("omar", given.issue),
        Action.OPEN_ISSUE: ("omar", "I-2"),
        Action.VISIBILITY: ("omar", "I-2"),
        Action.ESCALATE_ISSUE: ("omar", "I-2"),
        Action.RESOLVE_ISSUE: ("omar", "I-2"),
        Action.PARK_ISSUE: ("omar", "I-2"),
        Action.FUNDING_ADD: ("omar", ""),
        Action.FUNDING_UPDATE: ("omar", "F-1"),
        Action.FUNDING_ALLOCATE: ("omar", "F-1"),
        Action.FUNDING_REPORT: ("omar", "F-1"),
        Action.FUNDING_HISTORY: ("omar", "F-1"),
        Action.WEEK: ("omar", ""),
        Action.OPEN_MEMBER: ("omar", "yolanda"),
        Action.ADD_MEMBER: ("omar", ""),
        Action.EDIT_MEMBER: ("omar", "yolanda"),
        Action.GIVE_ROLES: ("omar", "yolanda"),
        Action.CHANGE_STAND_IN: ("omar", "yolanda"),
        Action.MEMBER_LEAVES: ("omar", "yolanda"),
        Action.END_THING: ("omar", "priority:job-quality"),
        Action.END_COALITION: ("omar", ""),
        Action.OPEN_ORGANIZATION: ("omar", "lbp"),
        Action.ADD_ORGANIZATION: ("omar", ""),
        Action.EDIT_ORGANIZATION: ("omar", "lbp"),
        Action.OPEN_GROUP: ("omar", "steering"),
        Action.ADD_GROUP: ("omar", ""),
        Action.EDIT_GROUP: ("omar", "steering"),
        Action.EDIT_NORTH_STAR: ("omar", ""),
        Action.EDIT_COALITION: ("omar", ""),
        Action.CHECK_FILE: ("omar", "F0GONE"),
        Action.CHECK_FIGURES: ("omar", "F0GONE"),
        Action.LINK_PEOPLE: ("omar", ""),
        Action.MY_SETTINGS: ("yolanda", ""),
        Action.WHAT_COMES: ("yolanda", ""),
        Action.WRITE_TO_COORDINATORS: ("yolanda", ""),
        Action.CHANGE_NOTE: ("omar", given.typed_note),
        Action.WHO_SEES_WHAT: ("yolanda", ""),
        Action.CALENDAR_FEED: ("yolanda", ""),
    }


def test_every_way_to_open_a_modal_is_tried() -> None:
    tried = {Way(BUTTON, action) for action in buttons(Given())} | {Way(SHORTCUT, name) for name in Shortcut}
    tried |= {Way(WITH_MORE, text) for text in MORE}
    # Lines alone need nothing more, so all of them are tried.
    found = {way for way in ways_to_open() if way.what != LINE} - ANSWERED_BY_MESSAGE - IN_HOME_ONLY
    assert found - tried == set(), "ways to open a modal that nothing tries"
    assert tried - found == set(), "tried, and open nothing"


@dataclass
class Seen:
    """What one press or command did: statements before its first call of Slack, and in all; its calls; the modal."""

    before: int
    total: int
    calls: tuple[str, ...]
    shown: str


Act = Callable[[], Awaitable[Any]]


@dataclass
class Watch:
    """Counts the statements of a stage, and holds back Slack's first answer to see what has happened by then."""

    stage: Stage
    statements: list[str]

    async def see(self, person: Person, act: Act, *, clears: bool = True) -> Seen:
        sandbox = self.stage.sandbox
        began = max((entry["n"] for entry in sandbox.wire.after()), default=0)
        await self.stage.edge.drain(UNTIL_FILLED)
        fault = sandbox.faults.add("*", "withhold", seconds=20)
        self.statements.clear()
        # This returns with the acknowledgement, although Slack has answered no call yet.
        outcome = await act()
        assert outcome.error is None, outcome.error
        await person.until(lambda: fault.hit and person.modal)
        before = len(self.statements)
        sandbox.faults.release()
        await self.stage.edge.drain(UNTIL_FILLED)
        calls = tuple(str(entry["name"]) for entry in sandbox.wire.after(began) if entry["kind"] == "web_api")
        total = len(self.statements)
        shown = words(person.modal)
        await person.close(is_cleared=clears)
        return Seen(before, total, calls, shown)


@contextmanager
def watching(stage: Stage) -> Iterator[Watch]:
    watch = Watch(stage, [])

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        # Events of what the bot itself wrote come in between.
        if "inbox" not in statement:
            watch.statements.append(statement)

    engines = {stage.services.database.writer, stage.services.database.reader}
    for engine in engines:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield watch
    for engine in engines:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def prepare(stage: Stage) -> Given:
    """A Monday on which there is something behind every button."""
    services, team = stage.services, stage.bot.token.team_id
    now = services.calendar.now()
    omar = await services.people.actor_of(team, stage.person("omar").id)
    assert omar is not None
    await tell_pulse(services, stage.bot.coalition_id)
    async with services.database.write(operator(stage.bot.coalition_id).author(now)) as session:
        for cadence in await session.scalars(select(CadenceRow)):
            cadence.paused_at = None
        # A second update of Yolanda's: with one alone the form opens, with several their list.
        priority = (await session.scalars(select(PriorityRow).where(PriorityRow.key == "job-quality"))).one()
        priority.owner_id = (await session.scalars(select(MemberRow.id).where(MemberRow.key == "yolanda"))).one()
        subject = await session.scalar(
            select(RoundSubjectRow.id)
            .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
            .where(PriorityRow.key == "talent-pathways")
        )
        asks: list[AskRow] = []
        for response in await session.scalars(select(ResponseRow).where(ResponseRow.ask.is_not(None))):
            ask = AskRow(
                coalition_id=response.coalition_id,
                response_id=response.id,
                text=response.ask or "",
                asked="harrow-county",
                state="sent" if not asks else "waiting",
                made_at=now,
                receiver_id=await session.scalar(select(MemberRow.id).where(MemberRow.key == "marcus")),
            )
            session.add(ask)
            asks.append(ask)
        note = PrivateNoteRow(
            coalition_id=omar.coalition_id,
            response_id=asks[0].response_id,
            author_id=await session.scalar(select(MemberRow.id).where(MemberRow.key == "yolanda")),
            text="Between us.",
            written_at=now,
        )
        session.add(note)
        delivery = await session.scalar(select(DeliveryRow).order_by(DeliveryRow.id).limit(1))
        assert delivery is not None
        delivery.state, delivery.reason = "held", "Slack took it without a clear answer."
        await session.flush()
        asked, waiting = str(asks[0].id), str(asks[1].id)
        seats = await session.scalar(select(MetricRow.id).where(MetricRow.key == "fa-seats"))
        session.add(
            SeriesProposalRow(
                coalition_id=omar.coalition_id,
                metric_id=seats,
                period_end=date(2026, 10, 31),
                value=Decimal(140),
                quality="final",
                series="FRED SEATS",
                seen_on=date(2026, 11, 23),
                state=ProposalState.OPEN,
            )
        )
    return Given(
        series="fa-seats 2026-10-31 140",
        subject=str(subject),
        asked=asked,
        waiting=waiting,
        draft=(await services.action_items.read_back(omar, "Call the college @omar by Fri in talent")).token,
        figure=(await services.metrics.draft(omar, "tp-placed 48.5 as of Jun 30")).token,
        decision=(await services.decisions.read_back(omar, "Move the money by Dec 11 in talent")).token,
        issue=(await services.issues.read_back(omar, "Nobody answers in talent")).token,
        delivery=str(delivery.id),
        note=str(note.id),
        typed_note=(await services.letters.read_back(omar, "Can we meet?")).token,
    )


def _rows(given: Given, who: str) -> list[dict[str, Any]]:
    """Every button that this person presses."""
    made = [
        kit.button("Press", action, value=value or None)
        for action, (presser, value) in buttons(given).items()
        if presser == who
    ]
    return [kit.actions(*made[at : at + 25]) for at in range(0, len(made), 25)]


async def _board(stage: Stage, given: Given, who: str) -> Message:
    """A message with all of them."""
    person = stage.person(who)
    await stage.bot.client.chat_postMessage(channel=person.im.id, text="Everything", blocks=_rows(given, who))
    return person.dm()[-1]


async def _acts(stage: Stage, given: Given) -> dict[Way, tuple[Person, Act]]:
    """Each way to open a modal, by whom and how."""
    boards = {who: await _board(stage, given, who) for who in ("omar", "yolanda", "marcus")}
    omar = stage.person("omar")
    said = await omar.says("We should call the college.", "lb-talent")
    found: dict[Way, tuple[Person, Act]] = {}
    for action, (who, _value) in buttons(given).items():
        found[Way(BUTTON, action)] = (stage.person(who), partial(stage.person(who).press, boards[who], action))
    found[Way(SHORTCUT, Shortcut.NEW_ACTION)] = (omar, partial(omar.shortcut, Shortcut.NEW_ACTION))
    found[Way(SHORTCUT, Shortcut.MESSAGE_TO_ACTION)] = (omar, partial(omar.shortcut, Shortcut.MESSAGE_TO_ACTION, said))
    for way in ways_to_open():
        person = stage.person("marcus") if way.name == "decision answer" else omar
        if way.what == LINE and way not in ANSWERED_BY_MESSAGE:
            found[way] = (person, partial(person.command, "/backbeat", way.name))
        elif way.what == WITH_MORE and way not in ANSWERED_BY_MESSAGE:
            found[way] = (person, partial(person.command, "/backbeat", f"{way.name} {MORE[way.name]}"))
    return found


def _read_differently(acts: Mapping[Way, tuple[Person, Act]]) -> list[Way]:
    """One way for each function that reads: words, buttons and shortcuts for one thing mostly share theirs."""
    functions = ways_to_open()
    return list({functions[way]: way for way in acts}.values())


@pytest.mark.in_part
async def test_every_modal_opens_by_one_call_and_reads_the_same_however_much_there_is(
    live: Stage, sample: Record
) -> None:
    given = await prepare(live)
    every = {way: act for way, act in (await _acts(live, given)).items() if way not in REHEARSING or is_whole()}
    acts = {way: every[way] for way in one_in(OPENED_ONE_IN, tuple(every))}
    with watching(live) as watch:
        small = {way: await watch.see(*act) for way, act in acts.items()}
        await grow(live.services, live.bot.coalition_id, sample, TIMES)
        # So much new is read as a whole once, by whoever comes first.
        await watch.see(*next(iter(acts.values())))
        large = {way: await watch.see(*acts[way]) for way in one_in(GROWN_ONE_IN, _read_differently(acts))}
    assert {way: one.calls for way, one in small.items() if one.calls[0] != "views.open"} == {}
    assert {way: one.before for way, one in small.items() if one.before > _most_before(way)} == {}
    growing = {way: (small[way].total, one.total) for way, one in large.items() if one.total > small[way].total}
    assert growing == {}, "statements that grow with the coalition"
    assert {way: one for way, one in large.items() if one.before > small[way].before} == {}
    assert {way: one.shown for way, one in small.items() if "wrong" in one.shown} == {}


def _most_before(way: Way) -> int:
    return MOST_FOR_A_LINE if way in LINES_READ_FIRST else MOST_BEFORE


@pytest.mark.in_part
async def test_buttons_in_a_modal_put_another_on_top_by_one_call(live: Stage) -> None:
    given, omar = await prepare(live), live.person("omar")
    # The one that changes the form it stands in comes last.
    others = [one for one, (who, _value) in buttons(given).items() if who == "omar" and one != Action.FIGURE_CHANGE]
    pressed = [*one_in(ON_TOP_ONE_IN, others), Action.FIGURE_CHANGE]
    await omar.command("/coalition", "import")
    below = await omar.sees_modal()
    view = {"type": "modal", "title": kit.plain("Everything", 24), "blocks": _rows(given, "omar")}
    await live.bot.client.views_update(view_id=below.id, view=view)
    seen = {}
    with watching(live) as watch:
        for action in pressed:
            assert omar.modal is not None
            seen[action] = await watch.see(omar, partial(omar.press, omar.modal, action), clears=False)
    assert {seen.pop(Action.FIGURE_CHANGE).calls} == {("views.update",)}
    assert {action: one.calls for action, one in seen.items() if one.calls[0] != "views.push"} == {}
    assert {action: one.before for action, one in seen.items() if one.before > MOST_BEFORE} == {}


@pytest.mark.in_part
async def test_buttons_in_home_open_their_answer_by_one_call(live: Stage) -> None:
    await prepare(live)
    seen: dict[str, Seen] = {}
    with watching(live) as watch:
        for who in ("omar", "yolanda", "marcus"):
            person = live.person(who)
            await person.open_home()
            await person.until(person.home)
            home = person.home()
            assert home is not None
            for block, element in elements(home.blocks):
                action = element["action_id"]
                takes_long = Way(BUTTON, action) in REHEARSING and not is_whole()
                if action not in seen and action not in CHANGE_IN_HOME and not takes_long:
                    part = replace(home, body=home.body | {"blocks": [block]})
                    seen[action] = await watch.see(person, partial(person.press, part, action))
    assert set(seen) >= {Action.GO_ACTIONS, Action.GO_STATUS, Action.PRIORITY_CARD, Action.DECISION_ANSWER}
    assert {action: one.calls for action, one in seen.items() if one.calls[0] != "views.open"} == {}
    assert {action: one.before for action, one in seen.items() if one.before > MOST_BEFORE} == {}
    assert {action: one.shown for action, one in seen.items() if "wrong" in one.shown or "Opening" in one.shown} == {}


@pytest.mark.at_once
async def test_closing_a_modal_while_it_is_filled_is_no_error(
    live: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever closed it wants no answer any more: nothing is logged, and nothing else opens."""
    omar = live.person("omar")
    may_go_on, page = asyncio.Event(), live.services.own_settings.page

    async def page_later(actor: Actor) -> PersonalSettings:
        await may_go_on.wait()
        return await page(actor)

    monkeypatch.setattr(live.services.own_settings, "page", page_later)
    before = len(live.calls("views.update"))
    assert (await omar.command("/coalition", "settings")).ok
    await omar.until(lambda: omar.modal is not None)
    await omar.close(is_cleared=True)
    may_go_on.set()
    await omar.until(lambda: len(live.calls("views.update")) > before, timeout=UNTIL_FILLED)
    await asyncio.sleep(0.3)
    assert omar.modal is None
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
    assert len(live.calls("views.update")) == before + 1
