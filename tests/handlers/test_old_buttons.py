"""Every button of a message pressed after a restart, and once more weeks later when what it is about is over.

What is pressed is answered with what is so now: never with silence, never with an error, and nothing happens twice.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from datetime import date, datetime

import pytest
from sqlalchemy import select

from bot.domain.actions import NewAction
from bot.domain.digests import ForwardKey
from bot.sandbox.forms import elements
from bot.sandbox.workspace import Message
from bot.slack.blocks import kit
from bot.slack.gateway import METADATA_TYPE
from bot.slack.identifiers import Action
from bot.slack.metadata import encode
from bot.store.checkins import RoundSubjectRow
from bot.store.priorities import PriorityRow
from handlers import ACTIONS
from tests.examples import is_whole, one_in
from tests.handlers.stage import Stage, answer_words, at, restarted, words
from tests.handlers.test_opening_modals import REHEARSING, Given, buttons, prepare
from tests.handlers.ways import BUTTON, Way

pytestmark = pytest.mark.at_once

# These stand in forms, in modals or in Home only, which show what is so now whenever they are opened.
IN_FORMS = {
    Action.NEW_FEEDS,
    Action.MAIL_CHANGES,
    Action.MAIL_NO_CHANGES,
    Action.ADD_QUESTION,
    Action.EDIT_QUESTION,
    Action.QUESTION_DOWN,
    Action.QUESTION_KIND,
    Action.QUESTION_UP,
    Action.START_QUESTIONS_OVER,
    Action.TAKE_QUESTION_OUT,
    Action.TRY_QUESTIONS,
    Action.ACTION_FORM_BACK,
    Action.ACTION_FORM_NEXT,
    Action.ASK_NAMED,
    Action.BACK_TO_CHECKIN,
    Action.CHANGE_NOTES,
    Action.CHANGE_PLAN,
    Action.FIGURE_CHOSEN,
    Action.KEEP_WORDS,
    Action.METRIC_MORE,
    Action.SAVE_CHECKIN,
    Action.SETUP_ADD_PRIORITY,
    Action.SETUP_BACK,
    Action.SETUP_DROP_PRIORITY,
    Action.SETUP_KEEP,
    Action.START,
    Action.TURN_PEOPLE,
}
IN_HOME = {one for one in Action if one.startswith("go_")} | {
    Action.CHECK_CHANNELS,
    Action.LINK_ACCOUNT,
    Action.PICK_ACCOUNT,
    Action.REFRESH,
    Action.TURN_PAGE,
}
DONE = "Done: Draft the loan pool term sheet"
MEETING = "wg-supplier-monthly|2026-12-10T15:00"
STEERINGS = "steering-quarterly|2027-02-03T09:00"
SKIPPED = datetime.fromisoformat("2026-12-08T09:00:00")


def more_buttons(given: Given, update: str) -> Mapping[Action, tuple[str, str]]:
    """Who presses what else, and what the button carries: those that open no modal."""
    options = [getattr(Action, f"DECISION_OPTION_{number}") for number in range(1, 6)]
    weekly = [
        Action.CHECKIN_STATUS,
        Action.CHECKIN_PREVIEW,
        Action.CHECKIN_ANSWERS,
        Action.CHECKIN_TABLE,
        Action.CHECKIN_PICTURES,
        Action.ASK_AGAIN,
        Action.ASK_ONCE_MORE,
        Action.ASK_PAUSE_CHECKIN,
        Action.PAUSE_CHECKIN,
        Action.RESUME_CHECKIN,
        Action.CLOSE_ROUND,
    ]
    plain = [
        Action.DIGEST_ASK,
        Action.DIGEST_COPIES,
        Action.DIGEST_OVERVIEW,
        Action.FIGURES_ALL,
        Action.FUNDING_LIST,
        Action.FUNDING_OVERVIEW,
        Action.ASK_TO_BE_LINKED,
        Action.MORE,
        Action.PRIORITIES_ALL,
        Action.PLAN,
        Action.SHOW_MENU,
    ]
    return {
        Action.PLAN_TURN: ("omar", "5"),
        Action.READ_PACK: ("omar", STEERINGS),
        **dict.fromkeys((Action.PACK_TURN, Action.PACK_BACK), ("omar", f'{{"v":1,"ref":"{STEERINGS}","page":1}}')),
        Action.PLAN_BACK: ("omar", "0"),
        Action.NO_CHANGE: ("imani", update),
        Action.METRIC_PARTS: ("omar", "fa-seats"),
        Action.ASK_STAND_IN: ("imani", update),
        Action.DECLINE_STAND_IN: ("luis", update),
        **dict.fromkeys(weekly, ("omar", "weekly-checkin")),
        Action.QUESTION_SETS: ("omar", ""),
        Action.OPEN_QUESTIONS: ("omar", "weekly-priority"),
        Action.RESTORE_ROUND: ("omar", f'{{"cadence":"weekly-checkin","slot":"{SKIPPED.isoformat()}"}}'),
        Action.COME_BACK: ("grant", ""),
        Action.CANCEL_AWAY: ("grant", "1"),
        Action.SOUNDS_RIGHT: ("grant", ""),
        Action.SEND_ASK: ("omar", given.waiting),
        Action.SEE_NOTE: ("omar", given.note),
        Action.TALK_FIRST: ("omar", given.waiting),
        Action.ASK_HELP: ("marcus", given.asked),
        Action.ASK_TALK: ("marcus", given.asked),
        Action.ASK_CAME_THROUGH: ("omar", given.asked),
        Action.ASK_FELL_THROUGH: ("omar", given.asked),
        Action.WITHDRAW_ASK: ("omar", given.asked),
        Action.ASK_FOR_FIGURES: ("omar", "1"),
        Action.ADD_DRAFT: ("omar", given.draft),
        Action.SEND_NOTE: ("omar", given.typed_note),
        Action.PROPOSE_DRAFT: ("omar", given.decision),
        Action.RAISE_DRAFT: ("omar", given.issue),
        Action.MY_ACTIONS: ("grant", ""),
        Action.TURN_ACTIONS: ("omar", '{"list":"overdue","id":"","page":1}'),
        Action.SORT_ACTIONS: ("omar", '{"list":"organized","id":"","page":0}'),
        Action.ACTION_DONE: ("grant", "A-202"),
        Action.ACTION_START: ("grant", "A-203"),
        Action.ACTION_CANCEL: ("grant", "A-203"),
        Action.ACTION_RENEW: ("grant", "A-203"),
        Action.ACTION_HELP: ("grant", "A-203"),
        Action.ACTION_UNDO: ("grant", '{"action":"A-202","change":1}'),
        Action.ACCEPT_ACTION: ("grant", "A-504"),
        Action.DECLINE_ACTION: ("grant", "A-504"),
        Action.MY_DECISIONS: ("marcus", ""),
        Action.TURN_DECISIONS: ("omar", '{"list":"log","id":"","page":0}'),
        **{action: ("grant", f'{{"decision":"D-1","option":{number}}}') for number, action in enumerate(options)},
        Action.ASK_VOICES_AGAIN: ("omar", "D-1"),
        Action.DECISION_TO_MEETING: ("omar", "D-2"),
        Action.DECISION_ABSTAIN: ("grant", "D-1"),
        Action.DECISION_TALK: ("grant", "D-1"),
        Action.MY_ISSUES: ("marcus", ""),
        Action.TURN_ISSUES: ("omar", '{"list":"all","id":"","page":0}'),
        Action.REOPEN_ISSUE: ("omar", "I-3"),
        Action.ESCALATE_NOW: ("omar", '{"issue":"I-2","group":"steering"}'),
        Action.ISSUE_AGENDA: ("omar", "I-1"),
        Action.FIGURE_RECORD: ("omar", given.figure),
        Action.FIGURE_UNDO: ("omar", given.figure),
        Action.FIGURE_CARD: ("omar", "fa-seats"),
        Action.SERIES_RECORD: ("omar", given.series),
        Action.SERIES_DECLINE: ("omar", given.series),
        **dict.fromkeys(plain, ("omar", "")),
        Action.DIGEST_TURN: ("omar", "now|1|"),
        Action.DIGEST_PAST_TURN: ("omar", "0"),
        Action.DIGEST_EDITION: ("omar", "now|0|"),
        Action.DIGEST_SUBSCRIBE: ("omar", "yes|roll_up:"),
        Action.COPY_WANTED: ("omar", "yes|roll_up:"),
        Action.KIND_WANTED: ("omar", '{"kind":"actions","wanted":false}'),
        Action.DIGEST_FORWARD_FILES: ("omar", "lorna"),
        Action.DIGEST_FORWARD_TEXT_FILE: ("omar", encode(ForwardKey(1, "lorna", "roll_up:"))),
        Action.DIGEST_PASSED_ON: ("omar", encode(ForwardKey(1, "lorna", "roll_up:"))),
        Action.DIGEST_NOT_PASSED_ON: ("omar", encode(ForwardKey(1, "lorna", "roll_up:"))),
        Action.DIGEST_SEND: ("omar", "weekly-digest:gone"),
        Action.MEETINGS_MINE: ("grant", '{"list":"mine","page":0}'),
        Action.TURN_MEETINGS: ("grant", '{"list":"all","page":0}'),
        Action.MEETING_COMING: ("grant", MEETING),
        Action.MEETING_NOT_COMING: ("grant", MEETING),
        Action.CALENDAR_FILE: ("grant", "wg-supplier-monthly"),
        Action.CALENDAR_FEED: ("grant", ""),
        Action.PRIORITY_CARD: ("omar", "job-quality"),
        Action.FUNDING_CARD: ("omar", "source:F-1"),
        Action.TURN_MEMBERS: ("omar", "1"),
        Action.FORMER_MEMBERS: ("omar", ""),
        Action.TAKE_PART_AGAIN: ("omar", "helen"),
        Action.ERASE_MEMBER: ("omar", "helen"),
        Action.CALL_BACK_LINKS: ("omar", "imani"),
        Action.MAIL_WORKS: ("omar", "imani"),
        Action.REOPEN_THING: ("omar", "priority:job-quality"),
        Action.REOPEN_COALITION: ("omar", ""),
        Action.ENDED_THINGS: ("omar", ""),
        Action.TURN_RHYTHM: ("omar", "0"),
        Action.TURN_ORGANIZATIONS: ("omar", "0"),
        Action.TURN_GROUPS: ("omar", "0"),
        Action.TURN_AUDIT: ("omar", ""),
        Action.PAUSE: ("omar", ""),
        Action.RESUME: ("omar", ""),
        Action.RESUME_WITHOUT_DIGEST: ("omar", ""),
        Action.ASK_RESUME: ("omar", ""),
        Action.ASK_PAUSE: ("omar", ""),
        Action.TURN_DELIVERIES: ("omar", "1"),
        Action.IT_ARRIVED: ("omar", given.delivery),
        Action.SEND_AGAIN: ("omar", given.delivery),
        Action.SAY: ("omar", "my actions"),
        Action.CANVASES_ASK: ("omar", ""),
        Action.CANVAS_MAKE: ("omar", "supplier-growth"),
        Action.CANVAS_MAKE_TOLD: ("omar", "supplier-growth"),
    }


# What is read right after the restart, of what a press changes.
AT_ONCE = {
    Action.NO_CHANGE: "*Stands* 🔴 off track",
    Action.ASK_STAND_IN: "The update on Child care and commute access is already in.",
    Action.DECLINE_STAND_IN: "The update on Child care and commute access is already in. Nothing to do.",
    Action.ASK_AGAIN: "Ask Yolanda Briggs and Grant Okafor once more about *Weekly priority check-in*?",
    Action.CLOSE_ROUND: "is closed. 1 of 4 answered.",
    Action.SEND_ASK: "*Talent pathways* asks Harrow County Executive Office:",
    Action.TALK_FIRST: "Sent to Marcus Teal by Omar Castellanos",
    Action.ASK_HELP: "Harrow County Executive Office can help, Nov 23.",
    Action.ASK_TALK: "You said you can help, Nov 23.",
    Action.ADD_DRAFT: "Added as A-505.",
    Action.SEND_NOTE: "Sent to Dana and Priya as a message from you.",
    Action.PROPOSE_DRAFT: "Proposed as D-6.",
    Action.RAISE_DRAFT: "Raised as I-4.",
    Action.ACTION_DONE: "*Draft the loan pool term sheet* · done Mon Nov 23",
    Action.ACCEPT_ACTION: "Yours, due Fri Dec 4. Omar knows.",
    Action.DECLINE_ACTION: "Nothing to answer: A-504 isn't waiting for a yes.",
    Action.DECISION_OPTION_1: "Recorded for Bend Area Chamber: Use county reserve, by Grant Okafor.",
    Action.DECISION_OPTION_4: "D-1 has other options now. Open it again to see them.",
    Action.FIGURE_RECORD: "Recorded: 48.5% (Jan–Jun).",
    Action.SERIES_RECORD: "Recorded: 140 seats",
    Action.SERIES_DECLINE: "140 seats (Oct 31) from FRED SEATS is recorded. Thank you.",
    Action.FIGURE_UNDO: "Undone. There is no figure for Jun 30, as before.",
    Action.MEETING_COMING: "you said that you'll be there",
    Action.SEND_AGAIN: "Somebody has already decided about this message.",
}
# What is pressed at once in any case, since other buttons say afterwards what came of it.
SETTLING = (
    Action.ASK_CAME_THROUGH,
    Action.CANCEL_AWAY,
    Action.IT_ARRIVED,
    Action.REOPEN_ISSUE,
    Action.RESUME_CHECKIN,
    Action.SOUNDS_RIGHT,
)
GRANTS = "*Draft the loan pool term sheet*"
DECIDED = "*D-1 decided on Nov 23: Wait*"
WAS_DECIDED = "D-1 was decided on Nov 23: Wait."
SEEN = "Resolved Nov 23: It is solved."
SENT = "*Send the shared intake form to legal at all three partners* (A-102)"
# What is read weeks later: the round, the actions, the decision, the issues, the meeting and the digest are over.
WEEKS_LATER = {
    Action.ANSWER: "Your next update opens Tue Dec 22, 9:00 AM",
    Action.NO_CHANGE: "Your next update opens Tue Dec 22, 9:00 AM",
    Action.ANSWER_OPEN: "opens Tue Dec 22, 9:00 AM",
    Action.ANSWER_AHEAD: "The round opens Tue Dec 22, 9:00 AM",
    Action.ANSWER_FOR: "The digest of this round is out. An update given now belongs to the next round.",
    Action.ASK_STAND_IN: "This round is closed, so there is nothing to hand over.",
    Action.DECLINE_STAND_IN: "The round is closed. Nothing to do.",
    Action.ASK_AGAIN: "Weekly priority check-in: the round closed Thu Dec 17, 12:00 PM.",
    Action.ASK_ONCE_MORE: "Weekly priority check-in: the round closed Thu Dec 17, 12:00 PM.",
    Action.CLOSE_ROUND: "the round has already closed",
    Action.RESTORE_ROUND: "The round of Dec 8, 9:00 AM is already open or over.",
    Action.COME_BACK: "No days away are noted for today, so nothing was changed.",
    Action.CANCEL_AWAY: "That was already taken back.",
    Action.SOUNDS_RIGHT: "Thanks, that's already noted.",
    Action.SEND_ASK: "Sent to Marcus Teal by Omar Castellanos",
    Action.TALK_FIRST: "Sent to Marcus Teal by Omar Castellanos",
    Action.ASK_HELP: "You said you can help, Nov 23.",
    Action.ASK_TALK: "You said you can help, Nov 23.",
    Action.ASK_ANOTHER: "You said you can help, Nov 23.",
    Action.OPEN_ASK: "You said you can help, Nov 23.",
    Action.ASK_CAME_THROUGH: "Omar Castellanos said it came through, Nov 23.",
    Action.ASK_FELL_THROUGH: "Omar Castellanos said it came through, Nov 23.",
    Action.WITHDRAW_ASK: "Omar Castellanos said it came through, Nov 23.",
    Action.ADD_DRAFT: "Already added as A-505.",
    Action.PROPOSE_DRAFT: "Already proposed as D-6.",
    Action.RAISE_DRAFT: "Already raised as I-4.",
    Action.OPEN_ACTION: SENT,
    Action.ACTION_MOVE: SENT,
    Action.ACTION_BLOCK: SENT,
    Action.OFFER_DATE: SENT,
    Action.ALL_ACTIONS: "You have no open actions.",
    Action.MY_ACTIONS: "You have no open actions.",
    Action.ACTION_DONE: f"{GRANTS} · already done Nov 23",
    Action.ACTION_UNDO: "Only your own last change can be taken back here.",
    Action.ACCEPT_ACTION: "Nothing to answer: A-504 isn't waiting for a yes.",
    Action.DECLINE_ACTION: "Nothing to answer: A-504 isn't waiting for a yes.",
    Action.OPEN_DECISION: DECIDED,
    Action.DECISION_ANSWER: DECIDED,
    Action.DECISION_OBJECT: DECIDED,
    Action.RECORD_DECISION: DECIDED,
    Action.SET_DECISION_ASIDE: DECIDED,
    Action.DECISION_NEW_DATE: DECIDED,
    Action.ASK_VOICES_AGAIN: WAS_DECIDED,
    Action.DECISION_OPTION_1: WAS_DECIDED,
    Action.DECISION_OPTION_2: WAS_DECIDED,
    Action.DECISION_OPTION_3: WAS_DECIDED,
    Action.DECISION_OPTION_4: WAS_DECIDED,
    Action.DECISION_OPTION_5: WAS_DECIDED,
    Action.DECISION_ABSTAIN: WAS_DECIDED,
    Action.DECISION_TALK: WAS_DECIDED,
    Action.OPEN_ISSUE: SEEN,
    Action.VISIBILITY: "(I-2)",
    Action.RESOLVE_ISSUE: SEEN,
    Action.PARK_ISSUE: SEEN,
    Action.ISSUE_DECISION: SEEN,
    Action.ESCALATE_NOW: "I-2 is resolved Nov 23. Open it and press Reopen first.",
    Action.ESCALATE_ISSUE: "I-2 is resolved Nov 23. Open it and press Reopen first.",
    Action.ISSUE_AGENDA: "I-1 is resolved Nov 23. Open it and press Reopen first.",
    Action.REOPEN_ISSUE: "(I-3) · already open",
    Action.FIGURE_RECORD: "This figure was undone.",
    Action.FIGURE_UNDO: "Undone. There is no figure for Jun 30, as before.",
    Action.MEETING_COMING: "Supplier growth working group is over",
    Action.MEETING_NOT_COMING: "Supplier growth working group is over",
    Action.MEETING_SEND: "That meeting is over, or it isn't held anymore.",
    Action.ADD_POINT: "Talent working group is over. Add the point to the next one",
    Action.MOVE_MEETING: "Jan 13, 2027, 2:00 PM",
    Action.SKIP_MEETING: "Jan 13, 2027, 2:00 PM",
    Action.DIGEST_CONTEXT: "That week's digest is out, so nothing can be added to it.",
    Action.DIGEST_SEND: "*Send this week's digest now?*",
    Action.LEAVE_OUT_DIGEST: "This digest is already out or on its way.",
    Action.DIGEST_PAST: "digests so far*",
    Action.TURN_AUDIT: "This button is from an older message. Write anything to me for the menu.",
    Action.CHECK_FIGURES: "Slack didn't hand that file over. Upload it again.",
    Action.CHECK_FILE: "Slack didn't hand that file over. Upload it again.",
    Action.IT_ARRIVED: "Somebody has already decided about this message.",
    Action.SEND_AGAIN: "Somebody has already decided about this message.",
}


async def _things(stage: Stage) -> Mapping[Action, tuple[str, str]]:
    """Something behind every button, and who presses it."""
    given = await prepare(stage)
    asked = NewAction(title="Call the college", owner="grant", due=date(2026, 12, 4), priority="supplier-growth")
    await stage.services.action_items.add(await stage.actor("omar"), "asked", asked)
    query = select(RoundSubjectRow.id).join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
    async with stage.services.database.read() as session:
        update = await session.scalar(query.where(PriorityRow.key == "family-access"))
    return {**buttons(given), **more_buttons(given, str(update))}


async def _board(stage: Stage, who: str, carried: Mapping[Action, str]) -> Message:
    """A message that was delivered to somebody, with these buttons."""
    made = [
        kit.static_select(action, [kit.option("One", value)], placeholder="Choose one")
        if action == Action.DIGEST_EDITION
        else kit.button("Press", action, value=value or None)
        for action, value in carried.items()
    ]
    rows = [kit.actions(*made[at : at + 25]) for at in range(0, len(made), 25)]
    person = stage.person(who)
    key = {"event_type": METADATA_TYPE, "event_payload": {"key": f"board of {who}"}}
    await stage.bot.client.chat_postMessage(channel=person.im.id, text="Everything", blocks=rows, metadata=key)
    return person.dm()[-1]


async def _pressed(stage: Stage, who: str, board: Message, action: Action) -> str:
    """What somebody gets to read after a press: at once, else in what is sent because of it."""
    person = stage.person(who)
    said: list[str] = []
    for settled in (False, True):
        began = max((entry["n"] for entry in stage.sandbox.wire.after()), default=0)
        if settled:
            await stage.settle()
        elif action == Action.DIGEST_EDITION:
            assert (await person.choose(board, action, "One")).error is None
        else:
            assert (await person.press(board, action)).error is None, action
        await stage.edge.drain()
        for call in stage.sandbox.wire.after(began):
            if call["direction"] == "in" and call["kind"] != "ack" and call["name"] != "auth.test":
                said.append(f"{call['name']}\n{answer_words({'view': call['request']})}")
        shown = words(person.modal)
        if person.modal is not None:
            await person.close(is_cleared=True)
        if shown or any(name.partition("\n")[0] != "views.publish" for name in said):
            return shown or "\n".join(said)
    # Home is shown anew after whatever was decided there or in a message.
    return "\n".join(said)


async def _all_pressed(
    stage: Stage,
    things: Mapping[Action, tuple[str, str]],
    boards: Mapping[str, Message],
    said: Mapping[Action, str],
    pressed: Collection[Action],
) -> dict[str, str]:
    """Everything that is not answered as it should be."""
    wrong = {}
    for action, (who, _value) in things.items():
        # What rehearses the week ahead takes a second.
        if action not in pressed or (Way(BUTTON, action) in REHEARSING and not is_whole()):
            continue
        read = await _pressed(stage, who, boards[who], action)
        if not read or "went wrong" in read or said.get(action, "") not in read:
            wrong[str(action)] = read
    return wrong


async def _weeks_go_by(stage: Stage) -> None:
    """Everything comes to its end, and nobody presses anything for four weeks."""
    dana, services = await stage.actor("dana"), stage.services
    await services.coalitions.resume(dana)
    for action in ("A-102", "A-202", "A-203", "A-504"):
        await services.action_items.complete(dana, action)
    await services.decisions.record(dana, "D-1", "Wait", note="at the meeting")
    for issue in ("I-1", "I-2"):
        await services.issues.resolve(dana, issue, "It is solved.")
    await stage.go("11-25 07:30")
    # Nothing ran meanwhile, so that nobody has to live through every day of it.
    stage.calendar.set(at("12-21 09:00"))
    await stage.settle()


@pytest.mark.in_part
async def test_every_button_of_a_message_says_what_is_so_now(live: Stage) -> None:
    things = await _things(live)
    assert set(things) | IN_FORMS | IN_HOME == set(ACTIONS), "a button that nothing presses"
    people = sorted({who for who, _value in things.values()})
    boards = {
        who: await _board(live, who, {one: value for one, (presser, value) in things.items() if presser == who})
        for who in people
    }
    async with restarted(live) as after:
        # Where Home was opened, it shows what came of a press that says nothing else.
        await after.person("omar").open_home()
        await after.edge.drain()
        pressed = {*SETTLING, *AT_ONCE, *one_in(24, list(things))}
        wrong = await _all_pressed(after, things, boards, AT_ONCE, pressed)
        assert not wrong, "\n".join(f"{action}: {read}" for action, read in wrong.items())
    async with restarted(live) as after:
        await _weeks_go_by(after)
        wrong = await _all_pressed(after, things, boards, WEEKS_LATER, one_in(9, list(things)))
        assert not wrong, "\n".join(f"{action}: {read}" for action, read in wrong.items())


async def test_buttons_of_home_and_of_a_bundle_work_after_a_restart(live: Stage) -> None:
    omar, grant = live.person("omar"), live.person("grant")
    await omar.open_home()
    await omar.until(omar.home)
    bundle = copy.deepcopy(next(one for one in grant.dm() if "*Update:" in words(one)))
    async with restarted(live) as after:
        omar, grant = after.person("omar"), after.person("grant")
        home = omar.home()
        assert home is not None
        there = {element["action_id"] for _block, element in elements(home.blocks)}
        for action in sorted(one for one in Action if one.startswith("go_") and one in there):
            assert (await omar.press(home, action)).error is None
            await after.edge.drain()
            assert omar.modal is not None, action
            assert "went wrong" not in words(omar.modal), action
            await omar.close(is_cleared=True)
        await after.press_old("grant", bundle, DONE)
        await after.settle()
        assert "*Draft the loan pool term sheet* · done Mon Nov 23" in words(grant.dm()[0])
        # Their Slack shows the message as it was: what is so now is said, and nothing happens twice.
        before = await after.stored()
        await after.press_old("grant", bundle, DONE)
        await grant.until(lambda: grant.ephemerals)
        assert "*Draft the loan pool term sheet* · already done Mon Nov 23" in words(grant.ephemerals[-1])
        assert await after.stored() == before
