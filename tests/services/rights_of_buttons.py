"""What pressing a button asks of the services first, by the button's id and the value that it carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.checkins import SetAbout
from bot.domain.digests import ForwardKey, Query
from bot.domain.meetings import MeetingRef
from bot.domain.vocabularies import AskState
from bot.services.access import Actor
from bot.slack.identifiers import Action
from bot.slack.metadata import MoneyKey, OptionKey, OutcomeKey, PackKey, decode
from tests.services.rights_stage import Scene
from tests.services.rights_table import SOON

Press = Callable[[Scene, Actor, str], Awaitable[Any]]


def ref(value: str) -> MeetingRef:
    found = MeetingRef.read(value)
    assert found is not None, value
    return found


async def nothing(_scene: Scene, _actor: Actor, _value: str) -> None:
    """Pages of a list that is shown already, and what opens a form that asks nothing before."""


async def _answer_decision(scene: Scene, actor: Actor, value: str) -> object:
    return await scene.services.decisions.ballot(actor, value)


def _choice(kind: str) -> Press:
    return lambda s, a, value: s.services.decisions.respond(a, value, kind, reason="So.")


async def _option(scene: Scene, actor: Actor, value: str) -> object:
    about = decode(OptionKey, value)
    card = await scene.services.decisions.show(actor, about.decision)
    chosen = card.options[about.option]
    return await scene.services.decisions.respond(actor, card.id, "option", option=chosen)


async def _see_digest(scene: Scene, actor: Actor, value: str) -> object:
    return await scene.services.digests.read(actor, decode(Query, value))


async def _card_of_money(scene: Scene, actor: Actor, value: str) -> object:
    about = decode(MoneyKey, value)
    return await scene.services.funding.card(actor, about.kind, about.key)


async def _edit_outcome(scene: Scene, actor: Actor, value: str) -> object:
    about = decode(OutcomeKey, value)
    return await scene.services.priority_plans.outcome_form(actor, about.priority, about.outcome)


async def _pause(scene: Scene, actor: Actor, _value: str) -> object:
    return await scene.services.coalitions.sending(actor)


async def _may(actor: Actor, method: str) -> None:
    actor.require(method)


BUTTONS: dict[str, Press] = {
    # check-ins and figures that are set up
    Action.ADD_CHECKIN: lambda s, a, v: s.services.checkin_drafts.form(a),
    Action.METRIC_ADD: lambda s, a, v: s.services.metric_plans.form(a, None),
    # actions
    Action.NEW_ACTION: lambda s, a, v: s.services.action_items.form(a),
    Action.ALL_ACTIONS: lambda s, a, v: s.services.own_actions.open(a),
    Action.MY_ACTIONS: lambda s, a, v: s.services.action_items.mine(a),
    Action.MY_DECISIONS: lambda s, a, v: s.services.decisions.find(a, "mine"),
    Action.OPEN_ACTION: lambda s, a, v: s.services.action_items.show(a, v),
    Action.ACTION_DONE: lambda s, a, v: s.services.action_items.complete(a, v),
    Action.ACTION_START: lambda s, a, v: s.services.action_items.start(a, v),
    Action.ACTION_MOVE: lambda s, a, v: s.services.action_items.move(a, v, SOON, "Snow."),
    Action.ACTION_BLOCK: lambda s, a, v: s.services.action_items.block(a, v, "Vacant."),
    Action.ACTION_CANCEL: lambda s, a, v: s.services.action_items.cancel(a, v),
    Action.ACTION_RENEW: lambda s, a, v: s.services.action_items.renew(a, v),
    Action.ACTION_HELP: lambda s, a, v: s.services.action_items.get_help(a, v),
    Action.ACCEPT_ACTION: lambda s, a, v: s.services.action_items.accept(a, v),
    Action.OFFER_DATE: lambda s, a, v: s.services.action_items.offer(a, v, SOON),
    Action.DECLINE_ACTION: lambda s, a, v: s.services.action_items.decline(a, v),
    # decisions
    Action.NEW_DECISION: lambda s, a, v: s.services.decisions.form(a),
    Action.OPEN_DECISION: lambda s, a, v: s.services.decisions.show(a, v),
    Action.DECISION_ANSWER: _answer_decision,
    Action.DECISION_OPTION_1: _option,
    Action.DECISION_OPTION_2: _option,
    Action.DECISION_OPTION_3: _option,
    Action.DECISION_ABSTAIN: _choice("abstain"),
    Action.DECISION_OBJECT: _choice("object"),
    Action.DECISION_TALK: _choice("talk"),
    Action.RECORD_DECISION: lambda s, a, v: s.services.decisions.show(a, v, to="record"),
    Action.SET_DECISION_ASIDE: lambda s, a, v: s.services.decisions.show(a, v, to="set_aside"),
    Action.ASK_VOICES_AGAIN: lambda s, a, v: s.services.decision_chases.ask_again(a, v),
    Action.DECISION_NEW_DATE: lambda s, a, v: s.services.decisions.show(a, v, to="chase"),
    Action.DECISION_TO_MEETING: lambda s, a, v: s.services.decision_chases.take_to_meeting(a, v),
    # issues and asks
    Action.NEW_ISSUE: lambda s, a, v: s.services.issues.form(a),
    Action.VISIBILITY: lambda s, a, v: s.services.visibilities.form(a, v),
    Action.OPEN_ISSUE: lambda s, a, v: s.services.issues.show(a, v),
    Action.ESCALATE_ISSUE: lambda s, a, v: s.services.issues.escalation(a, v),
    Action.RESOLVE_ISSUE: lambda s, a, v: s.services.issues.resolve(a, v, "Mended."),
    Action.PARK_ISSUE: lambda s, a, v: s.services.issues.park(a, v, "Till spring."),
    Action.ISSUE_DECISION: lambda s, a, v: s.services.decisions.form(a, issue=v),
    Action.ISSUE_AGENDA: lambda s, a, v: s.services.issues.put_on_agenda(a, v),
    Action.OPEN_ASK: lambda s, a, v: s.services.asks.show(a, int(v)),
    Action.SEND_ASK: lambda s, a, v: s.services.asks.send(a, int(v)),
    Action.SEE_NOTE: lambda s, a, v: s.services.private_notes.see(a, int(v)),
    Action.REPLY_TO_NOTE: lambda s, a, v: s.services.private_notes.reply_form(a, int(v)),
    Action.EDIT_ASK: lambda s, a, v: s.services.asks.edit(a, int(v), "A bridge loan.", "halvorsen"),
    Action.TALK_FIRST: lambda s, a, v: s.services.asks.talk_first(a, int(v)),
    Action.ASK_HELP: lambda s, a, v: s.services.asks.answer(a, int(v), "can_help"),
    Action.ASK_ANOTHER: lambda s, a, v: s.services.asks.answer(a, int(v), "not_us"),
    Action.ASK_TALK: lambda s, a, v: s.services.asks.answer(a, int(v), "talk"),
    Action.ASK_CAME_THROUGH: lambda s, a, v: s.services.asks.end(a, int(v), AskState.CAME_THROUGH),
    Action.ASK_FELL_THROUGH: lambda s, a, v: s.services.asks.end(a, int(v), AskState.FELL_THROUGH),
    Action.WITHDRAW_ASK: lambda s, a, v: s.services.asks.withdraw(a, int(v)),
    Action.PRIORITY_ASKS: lambda s, a, v: s.services.asks.of_priority(a, v),
    # check-ins
    Action.ANSWER: lambda s, a, v: s.services.checkins.form(a, int(v)),
    Action.ANSWER_OPEN: lambda s, a, v: s.services.checkins.mine(a),
    Action.NO_CHANGE: lambda s, a, v: s.services.checkins.repeat_last(a, "new", int(v)),
    Action.CHECKIN_STATUS: lambda s, a, v: s.services.checkin_rounds.status(a, v),
    Action.CHECKIN_PREVIEW: lambda s, a, v: s.services.checkin_cadences.preview(a, v),
    Action.CHECKIN_ANSWERS: lambda s, a, v: s.services.checkin_answers.page(a, v),
    Action.SAY_DONE: lambda s, a, v: s.services.pulses.done_form(a, v),
    Action.CHECKIN_TABLE: lambda s, a, v: s.services.checkin_answers.table(a, v),
    Action.CHECKIN_PICTURES: lambda s, a, v: s.services.checkin_answers.pictures(a, v),
    Action.ASK_AGAIN: lambda s, a, v: s.services.checkin_rounds.ask_again(a, v),
    Action.CLOSE_ROUND: lambda s, a, v: s.services.checkin_rounds.close(a, v),
    Action.ADD_CHECKIN: lambda s, a, v: s.services.checkin_drafts.form(a),
    Action.START_STOCKTAKE: lambda s, a, v: s.services.checkin_drafts.stocktake(a),
    Action.SAY: lambda s, a, v: s.services.checkin_cadences.show(a, v.removeprefix("checkin ")),
    Action.QUESTION_SETS: lambda s, a, v: s.services.question_sets.page(a),
    Action.OPEN_QUESTIONS: lambda s, a, v: s.services.question_sets.show(a, v),
    Action.ADD_QUESTIONS: lambda s, a, v: s.services.question_sets.form(a),
    Action.EDIT_QUESTIONS: lambda s, a, v: s.services.question_sets.form(a, v),
    Action.COPY_QUESTIONS: lambda s, a, v: s.services.question_sets.form(a, v, copied=True),
    Action.PREVIEW_QUESTIONS: lambda s, a, v: s.services.question_sets.preview(a, SetAbout(v)),
    Action.EDIT_CHECKIN: lambda s, a, v: s.services.checkin_drafts.form(a, v),
    Action.ASK_PAUSE_CHECKIN: lambda s, a, v: s.services.checkin_cadences.pausing(a, v),
    Action.PAUSE_CHECKIN: lambda s, a, v: s.services.checkin_cadences.pause(a, v),
    # figures and priorities
    Action.FIGURE_UPDATE: lambda s, a, v: s.services.metrics.form(a, metric=v or None),
    Action.FIGURE_CARD: lambda s, a, v: s.services.metrics.card(a, v),
    Action.FIGURES_ALL: lambda s, a, v: s.services.metrics.mine(a, everything=True),
    Action.METRIC_EDIT: lambda s, a, v: s.services.metric_plans.form(a, v),
    Action.METRIC_SERIES: lambda s, a, v: s.services.series_plans.form(a, v),
    Action.METRIC_RETARGET: lambda s, a, v: s.services.metric_plans.target_form(a, v),
    Action.METRIC_MEANING: lambda s, a, v: s.services.metrics.card(a, v),
    Action.METRIC_PARTS: lambda s, a, v: s.services.metrics.card(a, v),
    Action.METRIC_HISTORY: lambda s, a, v: s.services.metric_plans.history(a, v),
    Action.PRIORITY_CARD: lambda s, a, v: s.services.priorities.card(a, v),
    Action.PLAN: lambda s, a, v: s.services.plans.page(a),
    Action.PLAN_BACK: lambda s, a, v: s.services.plans.page(a),
    Action.PLAN_TURN: lambda s, a, v: s.services.plans.page(a),
    Action.PRIORITIES_ALL: lambda s, a, v: s.services.priorities.mine(a, everything=True),
    Action.PRIORITY_HISTORY: lambda s, a, v: s.services.priorities.history(a, v),
    Action.PRIORITY_EDIT: lambda s, a, v: s.services.priority_plans.form(a, v or None),
    Action.PRIORITY_OUTCOMES: lambda s, a, v: s.services.priority_plans.outcomes(a, v),
    Action.OUTCOME_ADD: lambda s, a, v: s.services.priority_plans.outcome_form(a, v),
    Action.OUTCOME_EDIT: _edit_outcome,
    # funding
    Action.FUNDING_LIST: lambda s, a, v: s.services.funding.sources(a),
    Action.FUNDING_CARD: _card_of_money,
    Action.FUNDING_HISTORY: lambda s, a, v: s.services.funding.history(a, v),
    Action.FUNDING_ADD: lambda s, a, v: s.services.funding_changes.form(a),
    Action.FUNDING_UPDATE: lambda s, a, v: s.services.funding_changes.update_form(a, v),
    Action.FUNDING_ALLOCATE: lambda s, a, v: s.services.funding_changes.allocation_form(a, v),
    Action.FUNDING_REPORT: lambda s, a, v: s.services.funding_changes.report_form(a, v),
    # meetings
    Action.MEETINGS_MINE: lambda s, a, v: s.services.meetings.mine(a),
    Action.OPEN_MEETING: lambda s, a, v: s.services.meetings.show(a, v),
    Action.NEW_MEETING: lambda s, a, v: s.services.meeting_plans.form(a),
    Action.EDIT_MEETING: lambda s, a, v: s.services.meeting_plans.form(a, key=v),
    Action.MOVE_MEETING: lambda s, a, v: s.services.meetings.change_form(a, ref(v).cadence, "move"),
    Action.SKIP_MEETING: lambda s, a, v: s.services.meetings.change_form(a, ref(v).cadence, "skip"),
    Action.MEETING_COMING: lambda s, a, v: s.services.meetings.answer(a, ref(v), "coming"),
    Action.MEETING_NOT_COMING: lambda s, a, v: s.services.meetings.answer(a, ref(v), "not_coming"),
    Action.MEETING_SEND: lambda s, a, v: s.services.meetings.send_substitute(a, ref(v), "otto"),
    Action.MEETING_AGENDA: lambda s, a, v: s.services.agendas.show(a, ref(v)),
    Action.READ_PACK: lambda s, a, v: s.services.packs.show(a, ref(v)),
    Action.PACK_TURN: lambda s, a, v: s.services.packs.show(a, decode(PackKey, v).ref),
    Action.PACK_BACK: lambda s, a, v: s.services.packs.show(a, decode(PackKey, v).ref),
    Action.ADD_POINT: lambda s, a, v: s.services.agendas.point_form(a, ref(v)),
    Action.WRITE_NOTES: lambda s, a, v: s.services.meeting_notes.form(a, ref(v)),
    Action.CALENDAR_FILE: lambda s, a, v: s.services.calendars.mine(a, v),
    Action.CALENDAR_FEED: lambda s, a, v: s.services.calendars.mine(a, v),
    Action.MAIL_CHANGES: lambda s, a, v: s.services.calendar_feeds.mail_changes(a, True),
    Action.MAIL_NO_CHANGES: lambda s, a, v: s.services.calendar_feeds.mail_changes(a, False),
    Action.NEW_FEEDS: lambda s, a, v: s.services.answer_links.call_back(a, str(a.key)),
    # digests
    Action.DIGEST_OPEN: _see_digest,
    Action.DIGEST_PREVIEW: lambda s, a, v: s.services.digests.read(a, Query()),
    Action.DIGEST_FORWARD: lambda s, a, v: s.services.digests.to_forward(a),
    Action.DIGEST_FORWARD_FILES: lambda s, a, v: s.services.digests.forward(a, decode(ForwardKey, v)),
    Action.DIGEST_FORWARD_TEXT: lambda s, a, v: s.services.digests.forward(a, decode(ForwardKey, v)),
    Action.DIGEST_FORWARD_TEXT_FILE: lambda s, a, v: s.services.digests.forward(a, decode(ForwardKey, v)),
    Action.DIGEST_PASSED_ON: lambda s, a, v: s.services.digests.note_passed_on(a, decode(ForwardKey, v)),
    Action.DIGEST_NOT_PASSED_ON: lambda s, a, v: s.services.digests.take_passed_on_back(a, decode(ForwardKey, v)),
    Action.DIGEST_PAST: lambda s, a, v: s.services.digests.past(a),
    Action.DIGEST_COPIES: lambda s, a, v: s.services.digests.overview(a),
    Action.DIGEST_ASK: lambda s, a, v: s.services.digests.ask_to_send(a),
    Action.ACTION_HISTORY: lambda s, a, v: s.services.histories.action(a, v),
    Action.ISSUE_HISTORY: lambda s, a, v: s.services.histories.issue(a, v),
    Action.DECISION_HISTORY: lambda s, a, v: s.services.histories.decision(a, v),
    Action.MOVE_DIGEST: lambda s, a, v: s.services.digest_moves.upcoming(a),
    Action.LEAVE_OUT_DIGEST: lambda s, a, v: s.services.digest_moves.upcoming(a),
    # people and the coalition
    Action.ADD_MEMBER: lambda s, a, v: s.services.members.page(a),
    Action.OPEN_MEMBER: lambda s, a, v: s.services.members.card(a, v),
    Action.EDIT_MEMBER: lambda s, a, v: s.services.members.card(a, v),
    Action.GIVE_ROLES: lambda s, a, v: s.services.members.set_roles(a, v, {}, ["backbone_lead"], []),
    Action.CHANGE_STAND_IN: lambda s, a, v: s.services.members.set_stand_in(a, v, {}, "grant"),
    Action.MAIL_WORKS: lambda s, a, v: s.services.members.mail_works(a, v),
    Action.CALL_BACK_LINKS: lambda s, a, v: s.services.answer_links.call_back(a, v),
    Action.MEMBER_LEAVES: lambda s, a, v: s.services.leavings.form(a, v),
    Action.TAKE_PART_AGAIN: lambda s, a, v: s.services.leavings.take_part_again(a, v),
    Action.ERASE_MEMBER: lambda s, a, v: _may(a, "erasures.erase"),
    Action.FORMER_MEMBERS: lambda s, a, v: s.services.leavings.former(a),
    Action.END_THING: lambda s, a, v: s.services.ends.form(a, v),
    Action.REOPEN_THING: lambda s, a, v: s.services.ends.reopen(a, v),
    Action.END_COALITION: lambda s, a, v: s.services.coalition_ends.form(a),
    Action.REOPEN_COALITION: lambda s, a, v: s.services.coalition_ends.reopen(a),
    Action.ENDED_THINGS: lambda s, a, v: s.services.ends.ended(a),
    Action.TURN_RHYTHM: lambda s, a, v: s.services.ends.recurring(a),
    Action.LINK_PEOPLE: lambda s, a, v: s.services.people.outside_slack(a),
    Action.OPEN_ORGANIZATION: lambda s, a, v: s.services.organizations.card(a, v),
    Action.ADD_ORGANIZATION: lambda s, a, v: s.services.organizations.form(a),
    Action.EDIT_ORGANIZATION: lambda s, a, v: s.services.organizations.form(a, v),
    Action.OPEN_GROUP: lambda s, a, v: s.services.groups.card(a, v),
    Action.ADD_GROUP: lambda s, a, v: s.services.groups.form(a),
    Action.EDIT_GROUP: lambda s, a, v: s.services.groups.form(a, v),
    Action.EDIT_NORTH_STAR: lambda s, a, v: s.services.north_stars.form(a),
    Action.EDIT_COALITION: lambda s, a, v: s.services.coalition_particulars.form(a),
    Action.DELIVERIES: lambda s, a, v: s.services.undeliveries.page(a),
    Action.TURN_DELIVERIES: lambda s, a, v: s.services.undeliveries.page(a),
    Action.CANVASES: lambda s, a, v: s.services.canvases.page(a),
    Action.CANVASES_ASK: lambda s, a, v: s.services.canvases.ask_again(a),
    Action.CANVAS_MAKE: lambda s, a, v: s.services.canvases.make_again(a, v),
    Action.CANVAS_MAKE_TOLD: lambda s, a, v: s.services.canvases.make_again(a, v),
    Action.IT_ARRIVED: lambda s, a, v: s.services.unclear_posts.resolve_held(a, int(v), arrived=True),
    Action.SEND_AGAIN: lambda s, a, v: s.services.unclear_posts.resolve_held(a, int(v), arrived=False),
    Action.ASK_PAUSE: _pause,
    Action.PAUSE: _pause,
    Action.WEEK: lambda s, a, v: s.services.week.preview(a),
    Action.AWAY: lambda s, a, v: s.services.absences.page(a),
    Action.WRITE_TO_COORDINATORS: lambda s, a, v: s.services.home.me(a),
    Action.REFRESH: lambda s, a, v: s.services.home.page(a, whole=True),
    # shortcuts of Home to what can be typed too
    Action.GO_ACTIONS: lambda s, a, v: s.services.action_items.find(a, v.removeprefix("action").strip() or "mine"),
    Action.GO_CHECKINS: lambda s, a, v: s.services.checkins.mine(a),
    Action.GO_COALITION: lambda s, a, v: s.services.home.page(a, whole=True),
    Action.GO_DECISIONS: lambda s, a, v: s.services.decisions.find(a, "log"),
    Action.FIGURES_OF: lambda s, a, v: s.services.metrics.mine(a, everything=True, priority=v),
    Action.GO_WAITING: lambda s, a, v: s.services.decisions.find(a, v.removeprefix("decision log").strip()),
    Action.SEE_OVERDUE: lambda s, a, v: s.services.action_items.find(a, "overdue"),
    Action.GO_DIGEST: lambda s, a, v: s.services.digests.overview(a),
    Action.GO_FIGURES: lambda s, a, v: s.services.metrics.mine(a, everything=True),
    Action.GO_FUNDING: lambda s, a, v: s.services.funding.overview(a),
    Action.GO_HELP: nothing,
    Action.GO_ISSUES: lambda s, a, v: s.services.issues.find(a, "all"),
    Action.GO_MEETINGS: lambda s, a, v: s.services.meetings.every(a),
    Action.GO_PRIORITIES: lambda s, a, v: s.services.priorities.mine(a, everything=True),
    Action.GO_MEMBERS: lambda s, a, v: s.services.members.page(a),
    Action.GO_ORGANIZATIONS: lambda s, a, v: s.services.organizations.page(a),
    Action.GO_GROUPS: lambda s, a, v: s.services.groups.page(a),
    Action.GO_NORTH_STAR: lambda s, a, v: s.services.north_stars.card(a),
    Action.GO_IMPORT: lambda s, a, v: _may(a, "coalitions.import_file"),
    Action.GO_EXPORT: lambda s, a, v: s.services.coalitions.export(a),
    Action.GO_DELIVERIES: lambda s, a, v: s.services.undeliveries.page(a),
    Action.GO_RHYTHM: lambda s, a, v: s.services.ends.recurring(a),
    Action.GO_HEALTH: lambda s, a, v: s.services.health_reports.page(a),
    Action.GO_CHANGES: lambda s, a, v: s.services.audit.page(a, ""),
    Action.WHAT_COMES: lambda s, a, v: s.services.own_settings.page(a),
    Action.GO_SETTINGS: lambda s, a, v: s.services.own_settings.page(a),
    Action.GO_STATUS: lambda s, a, v: s.services.checkin_rounds.status(a, "weekly"),
    **dict.fromkeys(
        (
            Action.SORT_ACTIONS,
            Action.TURN_ACTIONS,
            Action.TURN_DECISIONS,
            Action.TURN_ISSUES,
            Action.TURN_MEETINGS,
            Action.TURN_MEMBERS,
            Action.TURN_ORGANIZATIONS,
        ),
        nothing,
    ),
}
