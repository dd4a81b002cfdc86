"""Part 7 as calls, of what people do from week to week: actions, decisions, issues, asks, check-ins and digests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta

from bot.domain.actions import NewAction
from bot.domain.checkins import CheckinDraft, QuestionEntry, SetAbout, SetEntry
from bot.domain.decisions import NewDecision
from bot.domain.digests import ForwardKey, Query
from bot.domain.issues import NewIssue
from bot.domain.vocabularies import AskState
from bot.services.access import Actor
from tests.services.edits import local
from tests.services.rights_stage import OWN, Scene, have_published, own_action
from tests.services.rights_table import (
    AHEAD,
    ANSWER,
    ANSWERS_CHECKIN,
    CHAIR,
    COORDINATORS,
    ENDS_ACTION,
    EVERYBODY,
    FUNDERS,
    LEAD,
    MAY_WORK,
    NEXT_SLOT,
    OTHER_OWNER,
    OWNERS,
    PROPOSES_DECISION,
    READS_ANOTHER,
    READS_PRIORITY,
    READS_ROLL_UP,
    RECORDS_DECISION,
    ROLELESS,
    SEAT,
    SOON,
    STAFF,
    STAND_IN,
    STEERING,
    Acts,
    act,
    coordinators,
    drafting,
    everybody,
    lead,
    leads,
    those,
)
from tests.services.sample_pulse import open_pulse, tell_pulse

LINE = "Call the county by Dec 11"
# The voices of the priority's own group, whoever stands in for one, and coordinators for somebody who told them.
HAS_A_VOICE = STAFF | OWNERS | SEAT | STAND_IN
ANSWERS_DECISION = COORDINATORS | HAS_A_VOICE
ENDS_ISSUE = COORDINATORS | OWNERS
DRAFT = CheckinDraft(
    id=None,
    name="Another check-in",
    question_set="weekly-priority",
    often="weekly",
    weekday="MO",
    at=time(9),
    starts_on=date(2026, 12, 7),
    basis="member_local",
    closes_after_hours=51,
    reminder_after_hours=24,
    delegate_after_hours=29,
    feeds="weekly-digest",
)


async def _action_draft(scene: Scene, actor: Actor) -> str:
    return (await scene.services.action_items.read_back(drafting(actor), LINE)).token


async def _undo_own(scene: Scene, actor: Actor) -> object:
    done = await scene.services.action_items.complete(actor, own_action(str(actor.key)))
    assert done.undo is not None
    return await scene.services.action_items.undo(actor, done.card.id, done.undo)


async def _undo_the_leads(scene: Scene, actor: Actor) -> object:
    done = await scene.services.action_items.complete(lead(scene), "A-301")
    assert done.undo is not None
    return await scene.services.action_items.undo(actor, "A-301", done.undo)


ACTIONS: Acts = {
    "action_items.mine": everybody(lambda s, a: s.services.action_items.mine(a)),
    "action_items.show": (
        act(READS_PRIORITY, lambda s, a: s.services.action_items.show(a, "A-301")),
        act(READS_ANOTHER, lambda s, a: s.services.action_items.show(a, "A-101"), "another priority's"),
        act(EVERYBODY, lambda s, a: s.services.action_items.show(a, own_action(str(a.key))), "one's own"),
        # Who is asked sees what they are asked; so does who stands in.
        act(READS_PRIORITY | STAND_IN, lambda s, a: s.services.action_items.show(a, s.asked), "asked of the owner"),
    ),
    "action_items.find": (
        act(EVERYBODY, lambda s, a: s.services.action_items.find(a, "overdue")),
        act(READS_PRIORITY, lambda s, a: s.services.action_items.find(a, OWN), "a priority's"),
    ),
    "action_items.read_back": (act(MAY_WORK, lambda s, a: s.services.action_items.read_back(a, LINE)),),
    "action_items.form": (act(MAY_WORK, lambda s, a: s.services.action_items.form(a, priority=OWN)),),
    "action_items.add": (
        act(
            MAY_WORK,
            lambda s, a: s.services.action_items.add(
                a, "new", NewAction(title="Call the county", owner=str(a.key), due=SOON, priority=OWN)
            ),
        ),
        act(MAY_WORK, lambda s, a: _add_drafted(s, a), "of a line"),
    ),
    "action_items.search_members": everybody(lambda s, a: s.services.action_items.search_members(a, "mar")),
    "action_items.search_organizations": everybody(lambda s, a: s.services.action_items.search_organizations(a, "")),
    "action_items.complete": (
        act(ENDS_ACTION, lambda s, a: s.services.action_items.complete(a, "A-301")),
        act(COORDINATORS, lambda s, a: s.services.action_items.complete(a, "A-101"), "another priority's"),
        act(COORDINATORS, lambda s, a: s.services.action_items.complete(a, "A-501"), "the coalition's"),
        act(EVERYBODY, lambda s, a: s.services.action_items.complete(a, own_action(str(a.key))), "one's own"),
    ),
    "action_items.start": (act(ENDS_ACTION, lambda s, a: s.services.action_items.start(a, "A-301")),),
    "action_items.block": (act(ENDS_ACTION, lambda s, a: s.services.action_items.block(a, "A-301", "Vacant.")),),
    "action_items.move": (
        act(ENDS_ACTION, lambda s, a: s.services.action_items.move(a, "A-301", SOON, "Snow.")),
        act(
            EVERYBODY, lambda s, a: s.services.action_items.move(a, own_action(str(a.key)), SOON, "Snow."), "one's own"
        ),
    ),
    "action_items.renew": (act(ENDS_ACTION, lambda s, a: _moved_often(s, a, s.services.action_items.renew)),),
    "action_items.get_help": (act(ENDS_ACTION, lambda s, a: _moved_often(s, a, s.services.action_items.get_help)),),
    "action_items.cancel": (act(ENDS_ACTION, lambda s, a: s.services.action_items.cancel(a, "A-301")),),
    "action_items.accept": (
        act(_asked := frozenset({"imani", "delia"}), lambda s, a: s.services.action_items.accept(a, s.asked)),
    ),
    "action_items.offer": (act(_asked, lambda s, a: s.services.action_items.offer(a, s.asked, SOON)),),
    "action_items.decline": (act(_asked, lambda s, a: s.services.action_items.decline(a, s.asked)),),
    "action_items.undo": (act(EVERYBODY, _undo_own), act(LEAD, _undo_the_leads, "somebody else's")),
    "own_actions.open": everybody(lambda s, a: s.services.own_actions.open(a)),
    "own_actions.turn": everybody(lambda s, a: _turn_own(s, a)),
    "own_actions.save": everybody(lambda s, a: _save_own(s, a)),
}


async def _moved_often(scene: Scene, actor: Actor, answer: Callable[[Actor, str], Awaitable[object]]) -> object:
    """Answers what the third move of an action asks."""
    for days in range(1, 4):
        await scene.services.action_items.move(lead(scene), "A-301", SOON + timedelta(days=days), "Snow.")
    return await answer(actor, "A-301")


async def _add_drafted(scene: Scene, actor: Actor) -> object:
    return await scene.services.action_items.add(actor, await _action_draft(scene, actor))


async def _turn_own(scene: Scene, actor: Actor) -> object:
    return await scene.services.own_actions.turn(actor, (await scene.services.own_actions.open(actor)).token, 0, {})


async def _save_own(scene: Scene, actor: Actor) -> object:
    return await scene.services.own_actions.save(actor, (await scene.services.own_actions.open(actor)).token, {})


async def _propose_drafted(scene: Scene, actor: Actor) -> object:
    decisions = scene.services.decisions
    drafted = await decisions.read_back(
        drafting(actor), "Open on Sundays by Dec 11 in access for steering: Open / Wait"
    )
    return await decisions.propose(actor, drafted.token)


async def _kept_note(scene: Scene, actor: Actor) -> object:
    back = await scene.services.letters.read_back(actor, "Hello.")
    return await scene.services.letters.kept(actor, back.token)


async def _reopen(scene: Scene, actor: Actor) -> object:
    await scene.services.decisions.set_aside(lead(scene), "D-6", "deferred", "Later.")
    return await scene.services.decisions.reopen(actor, "D-6", SOON)


def _new(issue: str | None = None) -> NewDecision:
    return NewDecision(
        title="Lease a van", decider="steering", priority=OWN, needed_by=SOON, options=("Yes", "No"), issue=issue
    )


READS_A_PRIORITY = READS_PRIORITY | OTHER_OWNER  # and of the answers on priorities what is on that one
READS_ROOM = COORDINATORS | STEERING | OWNERS | SEAT
DECISIONS: Acts = {
    "decisions.show": (
        act(READS_PRIORITY | STAND_IN, lambda s, a: s.services.decisions.show(a, "D-6")),
        act(READS_PRIORITY, lambda s, a: s.services.decisions.show(a, "D-1"), "steering's about the priority"),
        act(READS_ANOTHER, lambda s, a: s.services.decisions.show(a, "D-2"), "steering's about another one"),
        act(RECORDS_DECISION, lambda s, a: s.services.decisions.show(a, "D-6", to="record"), "to record it"),
        act(RECORDS_DECISION, lambda s, a: s.services.decisions.show(a, "D-6", to="set_aside"), "to put it off"),
    ),
    "decisions.find": everybody(lambda s, a: s.services.decisions.find(a, "log")),
    "decisions.ballot": (
        act(ANSWERS_DECISION, lambda s, a: s.services.decisions.ballot(a, "D-6")),
        act(COORDINATORS | STEERING, lambda s, a: s.services.decisions.ballot(a, "D-1"), "steering's"),
    ),
    # A voice is its group's: without one, and without a name of whose it is, there is nothing to answer with.
    "decisions.respond": (
        act(HAS_A_VOICE, lambda s, a: s.services.decisions.respond(a, "D-6", "option", option="Wait")),
        act(STEERING, lambda s, a: s.services.decisions.respond(a, "D-1", "abstain"), "steering's"),
        act(
            COORDINATORS | OWNERS | STAND_IN,
            lambda s, a: s.services.decisions.respond(a, "D-6", "abstain", voice="crossroads"),
            "for an organization",
        ),
    ),
    "decisions.read_back": (act(PROPOSES_DECISION, lambda s, a: s.services.decisions.read_back(a, "Lease a van")),),
    "decisions.form": (act(PROPOSES_DECISION, lambda s, a: s.services.decisions.form(a, issue="I-4")),),
    "decisions.propose": (
        act(PROPOSES_DECISION, lambda s, a: s.services.decisions.propose(a, "new", _new())),
        act(PROPOSES_DECISION, _propose_drafted, "of a line"),
    ),
    "decisions.record": (
        act(RECORDS_DECISION, lambda s, a: s.services.decisions.record(a, "D-6", "Wait", note="At the meeting.")),
        act(
            COORDINATORS | CHAIR,
            lambda s, a: s.services.decisions.record(a, "D-1", "Wait", note="By phone."),
            "steering's",
        ),
        act(
            COORDINATORS | CHAIR,
            lambda s, a: s.services.decisions.record(a, "D-2", "Move it", note="By phone."),
            "about another priority",
        ),
    ),
    "decisions.set_aside": (
        act(RECORDS_DECISION, lambda s, a: s.services.decisions.set_aside(a, "D-6", "withdrawn", "No need.")),
    ),
    "decisions.reopen": (act(RECORDS_DECISION, _reopen),),
    # Whoever may set it aside, whoever proposed it, and the chair of its group or who hears in the chair's place.
    "decision_chases.ask_again": (
        act(RECORDS_DECISION, lambda s, a: s.services.decision_chases.ask_again(a, "D-6")),
        act(RECORDS_DECISION, lambda s, a: s.services.decision_chases.ask_again(a, "D-1"), "steering's"),
    ),
    "decision_chases.move": (act(RECORDS_DECISION, lambda s, a: s.services.decision_chases.move(a, "D-6", SOON)),),
    "decision_chases.take_to_meeting": (
        act(RECORDS_DECISION, lambda s, a: s.services.decision_chases.take_to_meeting(a, "D-6")),
    ),
}


async def _add_issue_drafted(scene: Scene, actor: Actor) -> object:
    drafted = await scene.services.issues.read_back(drafting(actor), "No vans in January in access")
    return await scene.services.issues.add(actor, drafted.token)


async def _reopen_issue(scene: Scene, actor: Actor) -> object:
    await scene.services.issues.resolve(lead(scene), "I-4", "Mended.")
    return await scene.services.issues.reopen(actor, "I-4")


ISSUES: Acts = {
    "issues.show": (
        act(READS_PRIORITY, lambda s, a: s.services.issues.show(a, "I-4")),
        act(READS_ANOTHER, lambda s, a: s.services.issues.show(a, "I-2"), "another priority's"),
        act(ENDS_ISSUE, lambda s, a: s.services.issues.show(a, "I-4", to_change=True), "to change it"),
    ),
    "issues.find": everybody(lambda s, a: s.services.issues.find(a, "all")),
    "issues.read_back": (act(MAY_WORK, lambda s, a: s.services.issues.read_back(a, "No vans in January")),),
    "issues.form": (act(MAY_WORK, lambda s, a: s.services.issues.form(a)),),
    "issues.add": (
        act(MAY_WORK, lambda s, a: s.services.issues.add(a, "new", NewIssue(title="No vans", priority=OWN))),
        act(MAY_WORK, _add_issue_drafted, "of a line"),
    ),
    # An owner may, wherever something stands in the way.
    "issues.escalation": (act(PROPOSES_DECISION, lambda s, a: s.services.issues.escalation(a, "I-4")),),
    "issues.escalate": (
        act(PROPOSES_DECISION, lambda s, a: s.services.issues.escalate(a, "I-4", "steering")),
        act(PROPOSES_DECISION, lambda s, a: s.services.issues.escalate(a, "I-2", "steering"), "another priority's"),
    ),
    "issues.put_on_agenda": (act(READS_PRIORITY, lambda s, a: s.services.issues.put_on_agenda(a, "I-4")),),
    # Part 7 has no row: like an action, and whoever it was taken to may end it too.
    "issues.resolve": (
        act(ENDS_ISSUE, lambda s, a: s.services.issues.resolve(a, "I-4", "Mended.")),
        act(ENDS_ISSUE | STEERING, lambda s, a: s.services.issues.resolve(a, "I-1", "Hired."), "with steering"),
        act(COORDINATORS, lambda s, a: s.services.issues.resolve(a, "I-2", "Paid."), "another priority's"),
    ),
    "issues.park": (
        act(ENDS_ISSUE, lambda s, a: s.services.issues.park(a, "I-4", "Till spring.")),
        act(ENDS_ISSUE | STEERING, lambda s, a: s.services.issues.park(a, "I-1", "Till spring."), "with steering"),
    ),
    "issues.reopen": (act(ENDS_ISSUE, _reopen_issue),),
}
# Whoever may change one, and for a decision whoever may take it back.
VISIBILITIES: Acts = {
    "visibilities.form": (
        act(ENDS_ACTION, lambda s, a: s.services.visibilities.form(a, "A-301"), "of an action"),
        act(EVERYBODY, lambda s, a: s.services.visibilities.form(a, own_action(str(a.key))), "of one's own action"),
        act(ENDS_ISSUE, lambda s, a: s.services.visibilities.form(a, "I-4"), "of an issue"),
        act(RECORDS_DECISION, lambda s, a: s.services.visibilities.form(a, "D-6"), "of a decision"),
    ),
    "visibilities.keep_to": (
        act(ENDS_ACTION, lambda s, a: s.services.visibilities.keep_to(a, "A-301", "everybody"), "an action"),
        act(
            EVERYBODY,
            lambda s, a: s.services.visibilities.keep_to(a, own_action(str(a.key)), "coordinators"),
            "one's own action",
        ),
        act(ENDS_ISSUE, lambda s, a: s.services.visibilities.keep_to(a, "I-4", "everybody"), "an issue"),
        act(RECORDS_DECISION, lambda s, a: s.services.visibilities.keep_to(a, "D-6", "everybody"), "a decision"),
    ),
}

ASKS: Acts = {
    "asks.show": (
        act(READS_ANOTHER, lambda s, a: s.services.asks.show(a, s.ask), "not sent, of another priority"),
        act(READS_ROLL_UP, lambda s, a: s.services.asks.show(a, s.sent_ask), "sent: the roll-up tells it"),
    ),
    "asks.first_look": everybody(lambda s, a: s.services.asks.first_look(a, "halvorsen")),
    "asks.send": coordinators(lambda s, a: s.services.asks.send(a, s.ask)),
    "asks.edit": coordinators(lambda s, a: s.services.asks.edit(a, s.ask, "A bridge loan.", "halvorsen")),
    "asks.talk_first": coordinators(lambda s, a: s.services.asks.talk_first(a, s.ask)),
    # It names Harrow County, of which Lorna is.
    "asks.answer": (act(COORDINATORS | CHAIR, lambda s, a: s.services.asks.answer(a, s.sent_ask, "can_help")),),
    # Whoever asked says what came of it: here somebody who is none of the cast.
    "asks.end": coordinators(lambda s, a: s.services.asks.end(a, s.sent_ask, AskState.CAME_THROUGH)),
    "asks.withdraw": coordinators(lambda s, a: s.services.asks.withdraw(a, s.sent_ask)),
    "asks.of_priority": (act(READS_PRIORITY, lambda s, a: s.services.asks.of_priority(a, OWN)),),
    "form_words.keep": everybody(lambda s, a: s.services.form_words.keep(a, "note:", {})),
    "form_words.kept": everybody(lambda s, a: s.services.form_words.kept(a, "note:")),
    "form_words.drop": everybody(lambda s, a: s.services.form_words.drop(a, "note:")),
    "private_notes.show": coordinators(lambda s, a: s.services.private_notes.show(a, s.note)),
    "private_notes.see": coordinators(lambda s, a: s.services.private_notes.see(a, s.note)),
    "private_notes.reply_form": coordinators(lambda s, a: s.services.private_notes.reply_form(a, s.note)),
    "private_notes.reply": coordinators(lambda s, a: s.services.private_notes.reply(a, "new", s.note, "Hello.")),
    "letters.form": (
        act(EVERYBODY, lambda s, a: s.services.letters.form(a, "omar")),
        act(COORDINATORS, lambda s, a: s.services.letters.form(a, "grant"), "to no coordinator"),
    ),
    "letters.read_back": (act(EVERYBODY, lambda s, a: s.services.letters.read_back(a, "Hello.")),),
    "letters.kept": (act(EVERYBODY, _kept_note),),
    # Only one's own are found.
    "letters.where": everybody(lambda s, a: s.services.letters.where(a, "new")),
    "letters.send": (
        act(EVERYBODY, lambda s, a: s.services.letters.send(a, "new", ["omar"], "Hello.")),
        act(COORDINATORS, lambda s, a: s.services.letters.send(a, "new", ["grant"], "Hello."), "to no coordinator"),
    ),
    "briefs.ask_for_figures": coordinators(lambda s, a: s.services.briefs.ask_for_figures(a, 1)),
    "briefs.open_again": coordinators(lambda s, a: s.services.briefs.open_again(a, s.subject)),
}


async def _open_done(scene: Scene, actor: Actor) -> object:
    about = await tell_pulse(scene.services, scene.stage.coalition_id)
    return await scene.services.pulses.done_form(actor, about)


async def _say_done(scene: Scene, actor: Actor) -> object:
    about = await tell_pulse(scene.services, scene.stage.coalition_id)
    return await scene.services.pulses.say_done(actor, about, "Meetings are shorter.", {})


async def _take_part(scene: Scene, actor: Actor) -> object:
    subject = await open_pulse(scene.services, scene.stage.coalition_id, "imani")
    return await scene.services.pulses.submit(actor, subject, {"worth": "4", "voice": "4"})


async def _save_checkin(scene: Scene, actor: Actor) -> object:
    drafted = await scene.services.checkin_drafts.check(drafting(actor), DRAFT)
    return await scene.services.checkin_drafts.save(actor, str(getattr(drafted, "token", "")))


async def _reopen_form(scene: Scene, actor: Actor) -> object:
    await scene.services.checkin_rounds.close(lead(scene), "weekly-checkin")
    return await scene.services.checkin_rounds.reopen_form(actor, "weekly-checkin")


async def _reopen_round(scene: Scene, actor: Actor) -> object:
    await scene.services.checkin_rounds.close(lead(scene), "weekly-checkin")
    return await scene.services.checkin_rounds.reopen(actor, "weekly-checkin", local("2026-11-24T12:00"))


WEEKLY_SET = SetAbout("weekly-priority")
SET_ENTRY = SetEntry(title="Weekly look", minutes=3)
CHECKINS: Acts = {
    "checkins.mine": everybody(lambda s, a: s.services.checkins.mine(a)),
    "checkins.search": everybody(lambda s, a: s.services.checkins.search(a, "", "actions")),
    "question_sets.page": leads(lambda s, a: s.services.question_sets.page(a)),
    "question_sets.show": leads(lambda s, a: s.services.question_sets.show(a, "weekly-priority")),
    "question_sets.form": leads(lambda s, a: s.services.question_sets.form(a, "weekly-priority")),
    "question_sets.start_over": leads(lambda s, a: s.services.question_sets.start_over(a, WEEKLY_SET)),
    "question_sets.keep": leads(lambda s, a: s.services.question_sets.keep(a, WEEKLY_SET, SET_ENTRY)),
    "question_sets.question": leads(lambda s, a: s.services.question_sets.question(a, WEEKLY_SET, SET_ENTRY)),
    "question_sets.question_as": leads(lambda s, a: s.services.question_sets.question_as(a, WEEKLY_SET, None, "date")),
    "question_sets.put_question": leads(
        lambda s, a: s.services.question_sets.put_question(
            a, "form", WEEKLY_SET, None, QuestionEntry(label="By when?", kind="date")
        )
    ),
    "question_sets.move_question": leads(
        lambda s, a: s.services.question_sets.move_question(a, WEEKLY_SET, SET_ENTRY, "next", -1)
    ),
    "question_sets.take_out": leads(lambda s, a: s.services.question_sets.take_out(a, WEEKLY_SET, SET_ENTRY, "next")),
    "question_sets.preview": leads(lambda s, a: s.services.question_sets.preview(a, WEEKLY_SET)),
    "question_sets.try_out": leads(lambda s, a: s.services.question_sets.try_out(a, WEEKLY_SET, {})),
    "question_sets.save": leads(lambda s, a: s.services.question_sets.save(a, "form", WEEKLY_SET, SET_ENTRY)),
    "checkins.of_member": coordinators(lambda s, a: s.services.checkins.of_member(a, "grant")),
    "checkins.form": (act(ANSWERS_CHECKIN, lambda s, a: s.services.checkins.form(a, s.subject)),),
    "checkins.form_ahead": (
        act(ANSWERS_CHECKIN, lambda s, a: s.services.checkins.form_ahead(a, "weekly-checkin", OWN)),
    ),
    "checkins.submit": (act(ANSWERS_CHECKIN, lambda s, a: s.services.checkins.submit(a, "new", s.subject, ANSWER)),),
    "checkins.submit_ahead": (
        act(ANSWERS_CHECKIN, lambda s, a: s.services.checkins.submit_ahead(a, "new", AHEAD, ANSWER)),
    ),
    "checkins.keep_words_ahead": (
        act(ANSWERS_CHECKIN, lambda s, a: s.services.checkins.keep_words_ahead(a, AHEAD, ANSWER)),
    ),
    "checkins.keep_words": (act(ANSWERS_CHECKIN, lambda s, a: s.services.checkins.keep_words(a, s.subject, ANSWER)),),
    "checkins.repeat_last": (act(ANSWERS_CHECKIN, lambda s, a: s.services.checkins.repeat_last(a, "new", s.subject)),),
    "checkin_rounds.hand_over": (act(ANSWERS_CHECKIN, lambda s, a: s.services.checkin_rounds.hand_over(a, s.subject)),),
    "checkin_rounds.decline": (act(STAND_IN, lambda s, a: s.services.checkin_rounds.decline(a, s.subject)),),
    # Part 7 has no row for running a round: the coordinators do (product.md, part 1).
    "checkin_rounds.status": coordinators(lambda s, a: s.services.checkin_rounds.status(a, "weekly")),
    "checkin_rounds.ask_again": coordinators(lambda s, a: s.services.checkin_rounds.ask_again(a, "weekly")),
    "checkin_rounds.close": coordinators(lambda s, a: s.services.checkin_rounds.close(a, "weekly")),
    "checkin_rounds.reopen_form": coordinators(_reopen_form),
    "checkin_rounds.reopen": coordinators(_reopen_round),
    "checkin_cadences.show": everybody(lambda s, a: s.services.checkin_cadences.show(a, "weekly")),
    "checkin_cadences.preview": coordinators(lambda s, a: s.services.checkin_cadences.preview(a, "weekly")),
    "checkin_cadences.upcoming": coordinators(lambda s, a: s.services.checkin_cadences.upcoming(a, "weekly")),
    "checkin_cadences.skip": coordinators(lambda s, a: s.services.checkin_cadences.skip(a, "weekly", NEXT_SLOT)),
    "checkin_cadences.move": coordinators(
        lambda s, a: s.services.checkin_cadences.move(a, "weekly", NEXT_SLOT, local("2026-12-09T09:00"))
    ),
    "checkin_cadences.restore": coordinators(lambda s, a: s.services.checkin_cadences.restore(a, "weekly", NEXT_SLOT)),
    # What a group answers for itself is read by it, by those who steer, and by the coordinators, unless it says else.
    # Anonymously by each for themselves, what all said by everybody.
    "pulses.submit": (act(those("imani"), _take_part),),
    "pulses.done_form": coordinators(_open_done),
    "pulses.say_done": coordinators(_say_done),
    "checkin_answers.page": (
        act(READS_ROOM, lambda s, a: s.services.checkin_answers.page(a, "room")),
        act(READS_A_PRIORITY, lambda s, a: s.services.checkin_answers.page(a, "weekly"), "on priorities"),
    ),
    "checkin_answers.pictures": (act(READS_ROOM, lambda s, a: s.services.checkin_answers.pictures(a, "room")),),
    "checkin_answers.table": (
        act(READS_ROOM, lambda s, a: s.services.checkin_answers.table(a, "room")),
        act(READS_A_PRIORITY, lambda s, a: s.services.checkin_answers.table(a, "weekly"), "on priorities"),
    ),
    # What is asked at all, and whether, is configured.
    "checkin_cadences.pausing": leads(lambda s, a: s.services.checkin_cadences.pausing(a, "weekly")),
    "checkin_cadences.pause": leads(lambda s, a: s.services.checkin_cadences.pause(a, "weekly")),
    "checkin_cadences.resume": leads(lambda s, a: s.services.checkin_cadences.resume(a, "weekly")),
    "checkin_drafts.form": leads(lambda s, a: s.services.checkin_drafts.form(a)),
    "checkin_drafts.check": leads(lambda s, a: s.services.checkin_drafts.check(a, DRAFT)),
    "checkin_drafts.save": leads(_save_checkin),
    "checkin_drafts.stocktake": leads(lambda s, a: s.services.checkin_drafts.stocktake(a)),
}


async def _read_past(scene: Scene, actor: Actor) -> object:
    return await scene.services.digests.read(actor, Query(digest=await have_published(scene), edition="roll_up:"))


async def _send_again(scene: Scene, actor: Actor) -> object:
    asked = await scene.services.digests.ask_to_send(drafting(actor))
    return await scene.services.digests.send(actor, asked.token)


async def _lorna_s(scene: Scene) -> ForwardKey:
    return ForwardKey(await have_published(scene), "lorna", "roll_up:")


async def _forward(scene: Scene, actor: Actor) -> object:
    return await scene.services.digests.forward(actor, await _lorna_s(scene))


async def _note_passed_on(scene: Scene, actor: Actor) -> object:
    return await scene.services.digests.note_passed_on(actor, await _lorna_s(scene))


async def _take_passed_on_back(scene: Scene, actor: Actor) -> object:
    return await scene.services.digests.take_passed_on_back(actor, await _lorna_s(scene))


NEXT_WEEK = date(2026, 11, 30)
HAS_AN_EDITION = EVERYBODY - ROLELESS - STAND_IN

DIGESTS: Acts = {
    # Whole, with every amount: to be taken along.
    "digests.compose": coordinators(lambda s, a: s.services.digests.compose(a)),
    "digests.overview": (act(HAS_AN_EDITION, lambda s, a: s.services.digests.overview(a)),),
    "digests.find_edition": (
        act(READS_ROLL_UP, lambda s, a: s.services.digests.find_edition(a, "roll-up"), "the roll-up"),
        act(READS_PRIORITY, lambda s, a: s.services.digests.find_edition(a, OWN), "the priority's"),
        act(COORDINATORS | FUNDERS, lambda s, a: s.services.digests.find_edition(a, "funder"), "a funder's"),
    ),
    "digests.read": (
        act(HAS_AN_EDITION, lambda s, a: s.services.digests.read(a, Query()), "one's widest"),
        act(READS_ROLL_UP, _read_past, "the roll-up that went out"),
        act(READS_PRIORITY, lambda s, a: s.services.digests.read(a, Query(edition=f"priority:{OWN}")), "priority"),
        act(
            COORDINATORS | frozenset({"ben"}),
            lambda s, a: s.services.digests.read(a, Query(edition="funder:next-rung")),
            "a funder's",
        ),
    ),
    "digests.to_forward": coordinators(lambda s, a: s.services.digests.to_forward(a)),
    "digests.forward": coordinators(_forward),
    "digests.note_passed_on": coordinators(_note_passed_on),
    "digests.take_passed_on_back": coordinators(_take_passed_on_back),
    "digests.past": (act(HAS_AN_EDITION, lambda s, a: s.services.digests.past(a)),),
    "digests.subscribe": (
        act(READS_ROLL_UP, lambda s, a: s.services.digests.subscribe(a, "roll_up:", True), "the roll-up"),
        act(READS_PRIORITY, lambda s, a: s.services.digests.subscribe(a, f"priority:{OWN}", True), "priority"),
    ),
    "digests.context_form": (
        act(COORDINATORS | OWNERS, lambda s, a: s.services.digests.context_form(a, OWN, NEXT_WEEK)),
        act(COORDINATORS | OTHER_OWNER, lambda s, a: s.services.digests.context_form(a, "job-quality", NEXT_WEEK)),
    ),
    "digests.add_context": (
        act(COORDINATORS | OWNERS, lambda s, a: s.services.digests.add_context(a, OWN, NEXT_WEEK, "Two vans came.")),
    ),
    "digests.ask_to_send": coordinators(lambda s, a: s.services.digests.ask_to_send(a)),
    "digests.send": coordinators(_send_again),
    "digest_moves.upcoming": coordinators(lambda s, a: s.services.digest_moves.upcoming(a)),
    "digest_moves.move": coordinators(
        lambda s, a: s.services.digest_moves.move(
            a, "weekly-digest", local("2026-12-11T07:30"), local("2026-12-10T07:30")
        )
    ),
    "digest_moves.leave_out": coordinators(
        lambda s, a: s.services.digest_moves.leave_out(a, "weekly-digest", local("2026-12-18T07:30"))
    ),
    "week.preview": coordinators(lambda s, a: s.services.week.preview(a)),
    "health_reports.page": coordinators(lambda s, a: s.services.health_reports.page(a)),
    "canvases.page": coordinators(lambda s, a: s.services.canvases.page(a)),
    "canvases.make_again": coordinators(lambda s, a: s.services.canvases.make_again(a, OWN)),
    "canvases.ask_again": coordinators(lambda s, a: s.services.canvases.ask_again(a)),
    "undeliveries.page": coordinators(lambda s, a: s.services.undeliveries.page(a)),
    "unclear_posts.resolve_held": coordinators(
        lambda s, a: s.services.unclear_posts.resolve_held(a, s.held, arrived=True)
    ),
}

WORK: Acts = {**ACTIONS, **DECISIONS, **ISSUES, **VISIBILITIES, **ASKS, **CHECKINS, **DIGESTS}
